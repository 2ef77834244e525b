//go:build cgo

package sqlite_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/store"
	"tesela/store/sqlite"
)

func now(t *testing.T, w store.Workspace) *store.Moment {
	t.Helper()
	m, err := store.Now(t.Context(), w)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// batchOf makes one import of what do puts into it.
func batchOf(ctx context.Context, w store.Workspace, do func(b store.Batch) error) error {
	b, err := w.Import(ctx)
	if err != nil {
		return err
	}
	defer b.Rollback()
	if err := do(b); err != nil {
		return err
	}
	return b.Commit(ctx)
}

// Whatever is written through one handle is what the other gives next, and
// what is no part of a moment leaves it the very same.
func TestNowIsAnewWhereSomethingChanged(t *testing.T) {
	path := filepath.Join(t.TempDir(), "shop.db")
	one, err := sqlite.Create(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer one.Close()
	if err := fill(t.Context(), one, 10, 0); err != nil {
		t.Fatal(err)
	}
	two, err := sqlite.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer two.Close()
	ctx := t.Context()
	word := func(m *store.Moment) string { return fmt.Sprint(m.Source.Schema().Words) }
	for _, c := range []struct {
		name string
		do   func() error
		says func(m *store.Moment) string
		want string
	}{
		{"rows", func() error { return fill(ctx, one, 20, 1000) }, func(m *store.Moment) string {
			e, _ := m.Source.Schema().Event("e")
			return fmt.Sprint(e.Rows)
		}, "30"},
		{"a word", func() error { return one.SetWord(ctx, "GGR", "sum(e.noise)") }, word, "[{GGR sum(e.noise)}]"},
		{"a word anew", func() error { return one.SetWord(ctx, "GGR", "avg(e.noise)") }, word, "[{GGR avg(e.noise)}]"},
		{"no word", func() error { return one.SetWord(ctx, "GGR", "") }, word, "[]"},
		{"a role", func() error { return one.SetRole(ctx, "purchase", "e") }, func(m *store.Moment) string { return m.Source.Schema().Roles["purchase"] }, "e"},
		{"no role", func() error { return one.SetRole(ctx, "purchase", "") }, func(m *store.Moment) string { return m.Source.Schema().Roles["purchase"] }, ""},
		{"a segment", func() error { return one.SaveSegment(ctx, store.Segment{Name: "s", Formula: "count(e) >= 2"}) }, func(m *store.Moment) string {
			f, _ := m.Source.Saved("s")
			return m.Segments[0].Formula + " is " + f.String()
		}, "count(e) >= 2 is count(e) >= 2"},
		{"a segment anew", func() error { return one.SaveSegment(ctx, store.Segment{Name: "s", Formula: "count(e) >= 3"}) }, func(m *store.Moment) string {
			f, _ := m.Source.Saved("s")
			return f.String()
		}, "count(e) >= 3"},
		{"no segment", func() error { return one.DeleteSegment(ctx, "s") }, func(m *store.Moment) string { return fmt.Sprint(len(m.Segments)) }, "0"},
		{"a role of an import", func() error {
			return batchOf(ctx, one, func(b store.Batch) error { return b.SetRole("amount", "e.noise") })
		}, func(m *store.Moment) string { return m.Source.Schema().Roles["amount"] }, "e.noise"},
		{"a field of an import", func() error {
			return batchOf(ctx, one, func(b store.Batch) error {
				return b.Declare(segment.FieldRef{Name: "country"}, column.Text)
			})
		}, func(m *store.Moment) string { return fmt.Sprint(len(m.Source.Schema().Traits)) }, "1"},
	} {
		before := now(t, two)
		if again := now(t, two); again != before {
			t.Errorf("before %s: another moment though nothing changed", c.name)
		}
		if err := c.do(); err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		for _, w := range []store.Workspace{two, one} {
			if m := now(t, w); m == before || c.says(m) != c.want {
				t.Errorf("%s: %q, want %q", c.name, c.says(m), c.want)
			}
		}
	}
	before := now(t, two)
	for name, do := range map[string]func() error{
		"a turn": func() error {
			return one.AppendTurn(ctx, store.Turn{ID: "a", Asked: time.Unix(0, 0), Answer: []byte("{}")})
		},
		"a record": func() error { return one.PutRecord(ctx, store.Record{Kind: "k", Key: "a", Body: []byte("1")}) },
		"a batch that is taken back": func() error {
			b, err := one.Import(ctx)
			if err != nil {
				return err
			}
			return b.Rollback()
		},
	} {
		if err := do(); err != nil {
			t.Fatal(err)
		}
		if now(t, two) != before {
			t.Errorf("%s makes another moment", name)
		}
	}
}

// TestImportElsewhere is the other program of the test below.
func TestImportElsewhere(t *testing.T) {
	path := os.Getenv("TESELA_TEST_CHANGE_ELSEWHERE")
	if path == "" {
		t.Skip("only run by another test")
	}
	w, err := sqlite.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	if err := fill(t.Context(), w, 7, 5000); err != nil {
		t.Fatal(err)
	}
	if err := w.SetWord(t.Context(), "elsewhere", "count(e) >= 1"); err != nil {
		t.Fatal(err)
	}
}

func TestNowSeesAnotherProgram(t *testing.T) {
	path := filepath.Join(t.TempDir(), "shop.db")
	w, err := sqlite.Create(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	if err := fill(t.Context(), w, 10, 0); err != nil {
		t.Fatal(err)
	}
	before := now(t, w)
	other := exec.Command(os.Args[0], "-test.run", "^TestImportElsewhere$", "-test.v")
	other.Env = append(os.Environ(), "TESELA_TEST_CHANGE_ELSEWHERE="+path)
	if out, err := other.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	m := now(t, w)
	if e, _ := m.Source.Schema().Event("e"); e.Rows != 17 || len(m.Source.Schema().Words) != 1 || m.Fingerprint == before.Fingerprint || m.Imported == before.Imported {
		t.Errorf("%d rows, words %v", e.Rows, m.Source.Schema().Words)
	}
	if e, _ := before.Source.Schema().Event("e"); e.Rows != 10 {
		t.Errorf("the moment before has %d rows now", e.Rows)
	}
}

// A moment is never of two states, however often somebody writes: each import
// here puts its number of rows into a role too.
func TestNowIsOfOneState(t *testing.T) {
	path := filepath.Join(t.TempDir(), "shop.db")
	one, err := sqlite.Create(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer one.Close()
	two, err := sqlite.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer two.Close()
	add := func(at int) error {
		return batchOf(t.Context(), one, func(b store.Batch) error {
			who := b.Customers().Code([]byte("ada")) - 1
			rows := &column.Rows{Customers: []uint32{who}, Times: []int64{int64(at)}, Props: map[string]*column.Column{}}
			if _, err := b.AddRows(t.Context(), "e", rows); err != nil {
				return err
			}
			return b.SetRole("purchase", fmt.Sprint(at))
		})
	}
	const imports = 20
	var readers sync.WaitGroup
	done := make(chan struct{})
	prints := make([]map[string]string, 8)
	for i := range prints {
		prints[i] = map[string]string{}
		w := []store.Workspace{one, two}[i%2]
		readers.Go(func() {
			last := 0
			for going := true; going; {
				select {
				case <-done:
					going = false
				default:
				}
				m, err := store.Now(t.Context(), w)
				if err != nil {
					t.Error(err)
					return
				}
				s := m.Source.Schema()
				e, _ := s.Event("e")
				if said := s.Roles["purchase"]; e.Rows > 0 && said != fmt.Sprint(e.Rows) {
					t.Errorf("%d rows beside a role of %s", e.Rows, said)
					return
				}
				if e.Rows < last {
					t.Errorf("%d rows after %d", e.Rows, last)
				}
				last = e.Rows
				prints[i][fmt.Sprint(e.Rows)] = m.Fingerprint
			}
			if last != imports {
				t.Errorf("a reader saw %d imports in the end", last)
			}
		})
	}
	for i := range imports {
		if err := add(i + 1); err != nil {
			t.Error(err)
		}
	}
	close(done)
	readers.Wait()
	// Both handles give a state the same print.
	for _, p := range prints[1:] {
		for rows, print := range p {
			if other, ok := prints[0][rows]; ok && other != print {
				t.Errorf("two prints of %s rows", rows)
			}
		}
	}
}

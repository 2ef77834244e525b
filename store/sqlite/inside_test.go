//go:build cgo

package sqlite

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"sort"
	"testing"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/store"
)

func TestOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, c := range []struct{ rows, customers, times int }{
		{0, 0, 1}, {1, 1, 1}, {1000, 10, 5}, {1000, 10, 1e6}, {1000, 100_000, 3}, {50, 1, 10}, {500, 500, 1},
	} {
		who, times := make([]uint32, c.rows), make([]int64, c.rows)
		for i := range who {
			who[i], times[i] = r.Uint32N(uint32(c.customers)), r.Int64N(int64(c.times))
		}
		want := make([]uint32, c.rows)
		for i := range want {
			want[i] = uint32(i)
		}
		sort.SliceStable(want, func(i, k int) bool {
			a, b := want[i], want[k]
			return who[a] < who[b] || who[a] == who[b] && times[a] < times[b]
		})
		got, err := order(t.Context(), who, times, c.customers)
		if err != nil || !slices.Equal(got, want) {
			t.Fatalf("%+v: %v, want %v", c, got, want)
		}
	}
}

// inMoney imports rows with two properties that take eight bytes each.
func inMoney(t *testing.T, w *Workspace, event string, n int) error {
	t.Helper()
	b, err := w.Import(t.Context())
	if err != nil {
		return err
	}
	defer b.Rollback()
	b.Customers().Code([]byte("c"))
	r := rand.New(rand.NewPCG(1, 2))
	one, two := &column.Column{Kind: column.Money}, &column.Column{Kind: column.Money}
	rows := &column.Rows{Customers: make([]uint32, n), Times: make([]int64, n), Props: map[string]*column.Column{"one": one, "two": two}}
	for i := range n {
		rows.Times[i] = int64(i)
		one.Ints, two.Ints = append(one.Ints, r.Int64()), append(two.Ints, r.Int64())
	}
	if _, err := b.AddRows(t.Context(), event, rows); err != nil {
		return err
	}
	return b.Commit(t.Context())
}

func TestNoRoomForMorePages(t *testing.T) {
	w, err := Create(t.Context(), filepath.Join(t.TempDir(), "shop.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	if err := inMoney(t, w, "e", 100); err != nil {
		t.Fatal(err)
	}
	before, err := w.Fingerprint(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, pages := range []int{30, 40, 50, 60, 70} { // full at one step or another
		if _, err := w.writer.Exec(fmt.Sprintf("PRAGMA max_page_count=%d", pages)); err != nil {
			t.Fatal(err)
		}
		if err := inMoney(t, w, "f", 100_000); !errors.Is(err, store.ErrDiskFull) {
			t.Fatalf("%d pages: %v", pages, err)
		}
		if after, err := w.Fingerprint(t.Context()); err != nil || after != before {
			t.Fatalf("%s became %s, %v", before, after, err)
		}
	}
	if _, err := w.writer.Exec("PRAGMA max_page_count=100000"); err != nil {
		t.Fatal(err)
	}
	if err := inMoney(t, w, "f", 100_000); err != nil {
		t.Fatal(err)
	}
}

func TestCacheIsBounded(t *testing.T) {
	const limit = 300_000
	w, err := Create(t.Context(), filepath.Join(t.TempDir(), "shop.db"), WithCache(limit))
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	for i := range 6 {
		if err := inMoney(t, w, fmt.Sprint("e", i), 10_000); err != nil {
			t.Fatal(err)
		}
	}
	src, err := w.Source(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	load := func(event, prop string) *column.Column {
		t.Helper()
		world, err := src.Load(t.Context(), segment.Need{Events: map[string][]string{event: {prop}}})
		if err != nil {
			t.Fatal(err)
		}
		var sum int64
		for _, e := range w.cache.held {
			sum += e.bytes
		}
		if sum != w.cache.bytes || sum > limit {
			t.Fatalf("%d bytes are held, %d counted, %d allowed", sum, w.cache.bytes, limit)
		}
		return world.Tables[event].Props[prop]
	}
	r := rand.New(rand.NewPCG(3, 4))
	for range 60 {
		load(fmt.Sprint("e", r.IntN(6)), []string{"one", "two"}[r.IntN(2)])
	}
	// What was asked for last is there without being decoded again.
	first := load("e0", "one")
	if again := load("e0", "one"); again != first {
		t.Error("a column was decoded twice in a row")
	}
}

//go:build cgo

package sqlite_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tesela/segment/column"
	"tesela/store"
	"tesela/store/sqlite"
)

// raw opens the file as any SQLite program would.
func raw(t *testing.T, path string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite3", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func run(t *testing.T, db *sql.DB, statements ...string) {
	t.Helper()
	for _, s := range statements {
		if _, err := db.Exec(s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}

// fill imports n rows of one event, all different, of a few customers; which
// imports differ by at.
func fill(ctx context.Context, w store.Workspace, n int, at int64) error {
	b, err := w.Import(ctx)
	if err != nil {
		return err
	}
	defer b.Rollback()
	rows := &column.Rows{Props: map[string]*column.Column{"noise": {Kind: column.Money}}}
	for _, c := range "abcdefg" {
		b.Customers().Code([]byte(string(c)))
	}
	for i := range n {
		rows.Customers = append(rows.Customers, uint32(i%7))
		rows.Times = append(rows.Times, at+int64(i))
		rows.Props["noise"].Ints = append(rows.Props["noise"].Ints, int64(uint64(i+1)*0x9e3779b97f4a7c15))
	}
	if _, err := b.AddRows(ctx, "e", rows); err != nil {
		return err
	}
	return b.Commit(ctx)
}

func rowsOf(t *testing.T, w store.Workspace) int {
	t.Helper()
	src, err := w.Source(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	e, _ := src.Schema().Event("e")
	return e.Rows
}

func TestWhatIsNoWorkspaceIsSaidAndLeftAlone(t *testing.T) {
	dir := t.TempDir()
	write := func(name, content string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	other := filepath.Join(dir, "other.db")
	db := raw(t, other)
	run(t, db, "CREATE TABLE t(x)", "INSERT INTO t VALUES(1)")
	db.Close()
	for path, says := range map[string]string{
		filepath.Join(dir, "none.db"):     "tesela demo",
		dir:                               "is a folder",
		write("empty.db", ""):             "is empty",
		write("notes.txt", "hello, this"): "is not a Tesela workspace",
		write("long.txt", strings.Repeat("customer,time\n", 1000)): "is not a Tesela workspace",
		other: "another program",
	} {
		before, _ := os.ReadFile(path)
		w, err := sqlite.Open(t.Context(), path)
		if err == nil {
			w.Close()
			t.Fatalf("opened %s", path)
		}
		if !errors.Is(err, store.ErrNoWorkspace) || !strings.Contains(err.Error(), says) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v", path, err)
		}
		if after, _ := os.ReadFile(path); !bytes.Equal(before, after) {
			t.Errorf("%s was changed", path)
		}
		if filepath.Base(path) == "none.db" {
			if !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("%v", err)
			}
			continue
		}
		if filepath.Base(path) == "empty.db" {
			continue // Create makes a workspace of it
		}
		if w, err := sqlite.Create(t.Context(), path); err == nil {
			w.Close()
			t.Errorf("made a workspace over %s", path)
		} else if !errors.Is(err, store.ErrNoWorkspace) {
			t.Errorf("%s: %v", path, err)
		}
		if after, _ := os.ReadFile(path); !bytes.Equal(before, after) {
			t.Errorf("%s was changed", path)
		}
	}
	if names, _ := filepath.Glob(filepath.Join(dir, "*-journal")); len(names) > 0 {
		t.Errorf("left %v", names)
	}
}

func TestCreate(t *testing.T) {
	dir := t.TempDir()
	empty := filepath.Join(dir, "empty.db")
	if err := os.WriteFile(empty, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{empty, filepath.Join(dir, "deep", "er", "shop.db"), filepath.Join(dir, "what? a#name %41.db")} {
		for range 2 { // the second time it is there
			w, err := sqlite.Create(t.Context(), path)
			if err != nil {
				t.Fatal(err)
			}
			if err := w.SetWord(t.Context(), "w", "everyone"); err != nil {
				t.Fatal(err)
			}
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
		}
		// Nothing but the file is left.
		if names, _ := os.ReadDir(filepath.Dir(path)); len(names) != 1 && filepath.Dir(path) != dir {
			t.Errorf("%v", names)
		}
		if _, err := os.Stat(path); err != nil {
			t.Error(err)
		}
	}
}

// TestCreateOverTheLogOfADeletedWorkspace must not bring its data back, nor be
// spoilt by it.
func TestCreateOverTheLogOfADeletedWorkspace(t *testing.T) {
	path := filepath.Join(t.TempDir(), "shop.db")
	w, err := sqlite.Create(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if err := fill(t.Context(), w, 1000, 0); err != nil {
		t.Fatal(err)
	}
	var left []byte
	if left, err = os.ReadFile(path + "-wal"); err != nil || len(left) == 0 {
		t.Fatalf("no log: %v", err)
	}
	w.Close()
	if err := errors.Join(os.Remove(path), os.WriteFile(path+"-wal", left, 0o644)); err != nil {
		t.Fatal(err)
	}
	if w, err = sqlite.Create(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	if n := rowsOf(t, w); n != 0 {
		t.Fatalf("%d rows", n)
	}
	if err := fill(t.Context(), w, 10, 0); err != nil || rowsOf(t, w) != 10 {
		t.Fatalf("%v", err)
	}
}

func TestManyCreateAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "shop.db")
	errs := make(chan error)
	for i := range 8 {
		go func() {
			w, err := sqlite.Create(t.Context(), path)
			if err == nil {
				err = errors.Join(w.SetRole(t.Context(), string(rune('a'+i)), "x"), w.Close())
			}
			errs <- err
		}()
	}
	for range 8 {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	w, err := sqlite.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	src, err := w.Source(t.Context())
	if err != nil || len(src.Schema().Roles) != 8 {
		t.Fatalf("%v, %v", src.Schema().Roles, err)
	}
}

// TestHalfMade opens what is left where making a workspace was killed.
func TestHalfMade(t *testing.T) {
	path := filepath.Join(t.TempDir(), "shop.db")
	db := raw(t, path)
	run(t, db, "PRAGMA application_id=0x5445534c")
	db.Close()
	for range 2 {
		w, err := sqlite.Create(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		if err := fill(t.Context(), w, 10, 0); err != nil || rowsOf(t, w) != 10 {
			t.Fatal(err)
		}
		w.Close()
	}
	// The same mark over tables that are not ours is no reason to add some.
	path = filepath.Join(t.TempDir(), "odd.db")
	db = raw(t, path)
	run(t, db, "PRAGMA application_id=0x5445534c", "CREATE TABLE t(x)")
	db.Close()
	if _, err := sqlite.Open(t.Context(), path); !errors.Is(err, store.ErrNoWorkspace) {
		t.Fatalf("%v", err)
	}
}

func TestNewer(t *testing.T) {
	path := filepath.Join(t.TempDir(), "shop.db")
	w, err := sqlite.Create(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	w.Close()
	db := raw(t, path)
	run(t, db, "PRAGMA user_version=999")
	db.Close()
	if _, err := sqlite.Open(t.Context(), path); !errors.Is(err, store.ErrNewer) {
		t.Fatalf("%v", err)
	}
	if _, err := sqlite.Create(t.Context(), path); !errors.Is(err, store.ErrNewer) {
		t.Fatalf("%v", err)
	}
}

func TestLocked(t *testing.T) {
	path := filepath.Join(t.TempDir(), "shop.db")
	const busy = 150 * time.Millisecond
	one, err := sqlite.Create(t.Context(), path, sqlite.WithBusyTimeout(busy))
	if err != nil {
		t.Fatal(err)
	}
	defer one.Close()
	two, err := sqlite.Open(t.Context(), path, sqlite.WithBusyTimeout(busy))
	if err != nil {
		t.Fatal(err)
	}
	defer two.Close()
	if err := fill(t.Context(), one, 100, 0); err != nil {
		t.Fatal(err)
	}
	b, err := one.Import(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for name, w := range map[string]*sqlite.Workspace{"the same program": one, "another": two} {
		start := time.Now()
		err := w.AppendTurn(t.Context(), store.Turn{ID: name})
		if !errors.Is(err, store.ErrLocked) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v", name, err)
		}
		if d := time.Since(start); d < busy || d > busy+time.Second {
			t.Errorf("%s waited %v", name, d)
		}
		if n := rowsOf(t, w); n != 100 { // readers wait for nobody
			t.Errorf("%s reads %d rows", name, n)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
		start = time.Now()
		if err := w.AppendTurn(ctx, store.Turn{ID: name}); !errors.Is(err, context.DeadlineExceeded) || time.Since(start) > 20*time.Millisecond+50*time.Millisecond {
			t.Errorf("%s: %v after %v", name, err, time.Since(start))
		}
		cancel()
	}
	// Another may open the workspace meanwhile, and write once the first is done.
	three, err := sqlite.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer three.Close()
	done := make(chan error)
	go func() { done <- three.AppendTurn(t.Context(), store.Turn{ID: "late"}) }()
	time.Sleep(20 * time.Millisecond)
	b.Rollback()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestClosed(t *testing.T) {
	w := create(t)
	if err := fill(t.Context(), w, 10, 0); err != nil {
		t.Fatal(err)
	}
	src, err := w.Source(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	w.Close()
	if _, err := src.CustomerIDs(t.Context()); err == nil {
		t.Error("read from a closed workspace")
	}
	if _, err := w.Source(t.Context()); err == nil {
		t.Error("read from a closed workspace")
	}
	if err := w.SetRole(t.Context(), "a", "b"); err == nil {
		t.Error("wrote to a closed workspace")
	}
	if err := w.Close(); err != nil {
		t.Error(err)
	}
}

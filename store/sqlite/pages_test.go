//go:build cgo

package sqlite

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"tesela/store/sqlite/page"
)

// blobFile makes a file of rows like the chunks', of blobs of all sizes, some
// of them in the room of ones that are gone.
func blobFile(t *testing.T, r *rand.Rand, size int) (path string, root uint32, want map[int64][]byte, keys map[int64][3]int64) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "blobs")
	db, err := sql.Open("sqlite3", dsn(path, "_synchronous=OFF&_journal_mode=MEMORY"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	exec := func(query string, args ...any) {
		t.Helper()
		if _, err := db.Exec(query, args...); err != nil {
			t.Fatal(err)
		}
	}
	exec(fmt.Sprintf("PRAGMA page_size=%d", size))
	exec("CREATE TABLE other(a)")
	exec("CREATE TABLE chunk(part INTEGER NOT NULL, field INTEGER NOT NULL, n INTEGER NOT NULL, data BLOB NOT NULL)")
	want, keys = map[int64][]byte{}, map[int64][3]int64{}
	ints := []int64{0, 1, -1, 127, -128, 1 << 15, -1 << 23, 1 << 31, -1 << 40, 1 << 62}
	for i := range 300 {
		n := r.IntN(50)
		switch i % 5 {
		case 1:
			n = size - 60 + r.IntN(70) // about what fits with the row
		case 2:
			n = size*2/3 + r.IntN(4*size)
		case 3:
			n = r.IntN(40 * size)
		}
		data := make([]byte, n)
		for k := range data {
			data[k] = byte(r.Uint32())
		}
		key := [3]int64{ints[r.IntN(len(ints))], ints[r.IntN(len(ints))], int64(i)}
		done, err := db.Exec("INSERT INTO chunk VALUES(?,?,?,?)", key[0], key[1], key[2], data)
		if err != nil {
			t.Fatal(err)
		}
		rowid, _ := done.LastInsertId()
		want[rowid], keys[rowid] = data, key
		if i%7 == 6 {
			for gone := range want {
				exec("DELETE FROM chunk WHERE rowid = ?", gone)
				delete(want, gone)
				break
			}
			exec("INSERT INTO other VALUES(?)", make([]byte, r.IntN(3*size)))
		}
	}
	if err := db.QueryRow("SELECT rootpage FROM sqlite_schema WHERE name = 'chunk'").Scan(&root); err != nil {
		t.Fatal(err)
	}
	return path, root, want, keys
}

// TestPagesGiveWhatSQLiteGives reads blobs by pages, into room that is used
// again, and wants what was put in.
func TestPagesGiveWhatSQLiteGives(t *testing.T) {
	for _, size := range []int{512, 1024, 4096, 16384, 65536} {
		r := rand.New(rand.NewPCG(uint64(size), 7))
		path, root, want, keys := blobFile(t, r, size)
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		file, err := page.New(f)
		if err != nil {
			t.Fatal(err)
		}
		table, room := file.Table(root), []byte(nil)
		for rowid, data := range want {
			row, err := table.Row(rowid)
			if err != nil {
				t.Fatalf("page %d, row %d: %v", size, rowid, err)
			}
			if k := keys[rowid]; !slices.Equal(row.Ints, k[:]) || row.Blob.Len != len(data) {
				t.Fatalf("page %d: %v of %d bytes, want %v of %d", size, row.Ints, row.Blob.Len, k, len(data))
			}
			if room, err = file.Read(row.Blob, room[:0]); err != nil || !bytes.Equal(room, data) {
				t.Fatalf("page %d, row %d: %d bytes, %v", size, rowid, len(room), err)
			}
		}
		if _, err := table.Row(1 << 40); !errors.Is(err, page.ErrUnfit) {
			t.Fatalf("a row that is not there: %v", err)
		}
	}
}

// TestDamagedPagesAreHarmless overwrites bytes at random: rows come or an
// error, nothing hangs or falls over.
func TestDamagedPagesAreHarmless(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 1))
	path, root, want, _ := blobFile(t, r, 1024)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for range 300 {
		bad := slices.Clone(whole)
		for range 1 + r.IntN(2000) {
			bad[100+r.IntN(len(bad)-100)] = byte(r.Uint32())
		}
		bad = bad[:len(bad)-r.IntN(2)*r.IntN(len(bad)/2)]
		file, err := page.New(bytes.NewReader(bad))
		if err != nil {
			t.Fatal(err)
		}
		table := file.Table(root)
		for rowid := range want {
			row, err := table.Row(rowid)
			if err == nil {
				var data []byte
				if data, err = file.Read(row.Blob, nil); err == nil && len(data) != row.Blob.Len {
					t.Fatalf("%d bytes of %d", len(data), row.Blob.Len)
				}
			}
			if err != nil && !errors.Is(err, page.ErrUnfit) {
				t.Fatal(err)
			}
		}
	}
}

// TestPagesAreLeftWhereTheLogHasSome reads by pages once the log is empty.
func TestPagesAreLeftWhereTheLogHasSome(t *testing.T) {
	ctx := t.Context()
	path := filepath.Join(t.TempDir(), "shop.db")
	w, err := Create(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	byPages := func() (there bool) {
		t.Helper()
		if err := w.view(ctx, "look", func(tx querier) error {
			p, err := w.pagesOf(ctx, tx)
			there = p != nil
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return there
	}
	if err := w.SetWord(ctx, "a", "b"); err != nil {
		t.Fatal(err)
	}
	if byPages() {
		t.Error("by pages, though the log is not empty")
	}
	second, err := Open(ctx, path) // another of the same process
	if err != nil {
		t.Fatal(err)
	}
	if second.file != w.file {
		t.Error("two handles of one file")
	}
	w.Close()
	w.Close()
	w = second
	if _, err := w.file.ReadAt(make([]byte, 10), 0); err != nil {
		t.Errorf("the handle was closed with the first workspace: %v", err)
	}
	w.Close()
	if w, err = Open(ctx, path); err != nil {
		t.Fatal(err)
	}
	if !byPages() {
		t.Error("not by pages, though the log is empty")
	}
	file := w.file
	w.Close()
	if _, err := file.ReadAt(make([]byte, 10), 0); !errors.Is(err, os.ErrClosed) {
		t.Errorf("the handle is left open: %v", err)
	}
}

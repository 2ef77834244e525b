//go:build cgo

package sqlite_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tesela/segment"
	"tesela/store/sqlite"
)

// TestDamagedFile overwrites bytes of the data: what was hit gives an error
// that says so, never figures.
func TestDamagedFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "shop.db")
	w, err := sqlite.Create(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if err := fill(t.Context(), w, 200_000, 0); err != nil {
		t.Fatal(err)
	}
	w.Close()
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	info, _ := f.Stat()
	if _, err := f.WriteAt([]byte("damage"), info.Size()/2); err != nil {
		t.Fatal(err)
	}
	f.Close()
	if w, err = sqlite.Open(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	src, err := w.Source(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	_, err = src.Load(t.Context(), segment.Need{Events: map[string][]string{"e": {"noise"}}})
	if err == nil || !strings.Contains(err.Error(), "damaged") || !strings.Contains(err.Error(), path) {
		t.Fatalf("%v", err)
	}
}

const childPath = "TESELA_TEST_IMPORT_INTO"

// TestMain turns the test binary into an importer that gets killed.
func TestMain(m *testing.M) {
	if path := os.Getenv(childPath); path != "" {
		if err := importForever(path); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}

// importForever imports 5,000 rows a time and says before and after each.
func importForever(path string) error {
	ctx := context.Background()
	w, err := sqlite.Open(ctx, path)
	if err != nil {
		return err
	}
	for i := 1; ; i++ {
		src, err := w.Source(ctx)
		if err != nil {
			return err
		}
		e, _ := src.Schema().Event("e")
		if err := fill(ctx, w, 5000, int64(e.Rows)); err != nil {
			return err
		}
		fmt.Println("imported", i)
	}
}

// TestKilledImport kills an importing program at many points. The file holds
// whole imports each time, at least those that were reported done, and works.
func TestKilledImport(t *testing.T) {
	path := filepath.Join(t.TempDir(), "shop.db")
	w, err := sqlite.Create(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	w.Close()
	have := 0
	for i := range 12 {
		child := exec.Command(os.Args[0])
		child.Env = append(os.Environ(), childPath+"="+path)
		out, err := child.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		reported := 0
		for reported < 1+i%3 && lines.Scan() {
			reported++
		}
		time.Sleep(time.Duration(i) * 700 * time.Microsecond)
		child.Process.Kill()
		for lines.Scan() {
			reported++
		}
		if child.Wait() == nil {
			t.Fatal("the importer ended by itself")
		}
		w, err := sqlite.Open(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		rows := rowsOf(t, w)
		if rows%5000 != 0 || rows < have+5000*reported || rows > have+5000*(reported+1) {
			t.Fatalf("%d rows after %d reported imports on %d", rows, reported, have)
		}
		have = rows
		src, _ := w.Source(t.Context())
		world, err := src.Load(t.Context(), segment.Need{Events: map[string][]string{"e": {"noise"}}})
		if err != nil || world.Tables["e"].Len() != rows {
			t.Fatalf("%v", err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
	}
	db := raw(t, path)
	var verdict string
	if err := db.QueryRow("PRAGMA integrity_check").Scan(&verdict); err != nil || verdict != "ok" {
		t.Fatalf("%s, %v", verdict, err)
	}
	var strays int
	if err := db.QueryRow("SELECT count(*) FROM chunk WHERE part NOT IN (SELECT id FROM part)").Scan(&strays); err != nil || strays > 0 {
		t.Fatalf("%d chunks of no part, %v", strays, err)
	}
}

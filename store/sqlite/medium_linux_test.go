//go:build linux && cgo

package sqlite_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"tesela/segment"
	"tesela/store"
	"tesela/store/sqlite"
)

// TestDiskFull fills a tiny file system. What was there stays, and once there
// is room the same import goes through.
func TestDiskFull(t *testing.T) {
	dir := tmpfs(t, "size=4m")
	w, err := sqlite.Create(t.Context(), filepath.Join(dir, "shop.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	if err := fill(t.Context(), w, 1000, 0); err != nil {
		t.Fatal(err)
	}
	before, err := w.Fingerprint(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	err = fill(t.Context(), w, 600_000, 1e9)
	if !errors.Is(err, store.ErrDiskFull) || !strings.Contains(err.Error(), "shop.db") {
		t.Fatalf("%v", err)
	}
	if after, err := w.Fingerprint(t.Context()); err != nil || after != before || rowsOf(t, w) != 1000 {
		t.Fatalf("%s became %s, %v", before, after, err)
	}
	if err := fill(t.Context(), w, 1000, 1e9); err != nil {
		t.Fatalf("a smaller import after the disk was full: %v", err)
	}
	if err := syscall.Mount("tmpfs", dir, "tmpfs", syscall.MS_REMOUNT, "size=64m"); err != nil {
		t.Fatal(err)
	}
	if err := fill(t.Context(), w, 600_000, 1e9); err != nil || rowsOf(t, w) != 601_000 {
		t.Fatalf("%d rows, %v", rowsOf(t, w), err)
	}
	// A disk with no room at all for a new workspace.
	full := tmpfs(t, "size=16k")
	if _, err := sqlite.Create(t.Context(), filepath.Join(full, "shop.db")); !errors.Is(err, store.ErrDiskFull) {
		t.Fatalf("%v", err)
	}
	if _, err := sqlite.Open(t.Context(), filepath.Join(full, "shop.db")); !errors.Is(err, store.ErrNoWorkspace) {
		t.Errorf("half a workspace: %v", err)
	}
}

// tmpfs mounts a file system of its own for the test.
func tmpfs(t *testing.T, options string) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, options); err != nil {
		t.Skipf("cannot mount a file system for the test: %v", err)
	}
	t.Cleanup(func() { syscall.Unmount(dir, syscall.MNT_DETACH) })
	return dir
}

// TestReadOnlyMedium asks questions of a workspace nobody can write to, with
// and without the companions a program left beside it.
func TestReadOnlyMedium(t *testing.T) {
	for _, left := range []bool{false, true} {
		t.Run(fmt.Sprint("in use when it became read-only ", left), func(t *testing.T) {
			dir := tmpfs(t, "size=32m")
			path := filepath.Join(dir, "shop.db")
			w, err := sqlite.Create(t.Context(), path)
			if err != nil {
				t.Fatal(err)
			}
			if err := fill(t.Context(), w, 1000, 0); err != nil {
				t.Fatal(err)
			}
			if left {
				copyWhileOpen(t, dir, path)
			}
			w.Close()
			if left {
				for _, suffix := range []string{"", "-wal", "-shm"} {
					if err := os.Rename(filepath.Join(dir, "copy"+suffix), path+suffix); err != nil {
						t.Fatal(err)
					}
				}
			}
			if err := syscall.Mount("tmpfs", dir, "tmpfs", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
				t.Skipf("cannot make it read-only: %v", err)
			}
			if w, err = sqlite.Open(t.Context(), path); err != nil {
				t.Fatal(err)
			}
			defer w.Close()
			src, err := w.Source(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			world, err := src.Load(t.Context(), segment.Need{Events: map[string][]string{"e": {"noise"}}})
			if err != nil || world.Tables["e"].Len() != 1000 {
				t.Fatalf("%v", err)
			}
			for _, err := range []error{w.AppendTurn(t.Context(), store.Turn{ID: "1"}), fill(t.Context(), w, 1, 5)} {
				if !errors.Is(err, os.ErrPermission) || !strings.Contains(err.Error(), "cannot be written") {
					t.Errorf("%v", err)
				}
			}
			if _, err := sqlite.Create(t.Context(), filepath.Join(dir, "new.db")); err == nil {
				t.Error("made a workspace on a read-only medium")
			}
		})
	}
}

func copyWhileOpen(t *testing.T, dir, path string) {
	t.Helper()
	for _, suffix := range []string{"", "-wal", "-shm"} {
		data, err := os.ReadFile(path + suffix)
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, "copy"+suffix), data, 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

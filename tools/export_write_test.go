package tools

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// A file is made, or nothing is touched: one that came to be since the look
// stays, and so does what a link points to.
func TestWriteExportNeverOverwrites(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "new", "exports")
	if err := writeExport(t.Context(), folder, "a.csv", []byte("first")); err != nil {
		t.Fatal(err)
	}
	outside := filepath.Join(t.TempDir(), "outside")
	if err := os.Symlink(outside, filepath.Join(folder, "link.csv")); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{"a.csv", "link.csv", "../a.csv", "/tmp/a.csv"} {
		if err := writeExport(t.Context(), folder, file, []byte("second")); err == nil {
			t.Errorf("%s was written", file)
		}
	}
	stopped, stop := context.WithCancel(t.Context())
	stop()
	if err := writeExport(stopped, folder, "b.csv", []byte("second")); !errors.Is(err, context.Canceled) {
		t.Errorf("stopped: %v", err)
	}
	if text, err := os.ReadFile(filepath.Join(folder, "a.csv")); err != nil || string(text) != "first" {
		t.Errorf("a.csv holds %q, %v", text, err)
	}
	if list, err := os.ReadDir(folder); err != nil || len(list) != 2 {
		t.Errorf("%v, %v", list, err)
	}
	if _, err := os.Lstat(outside); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("what the link points to: %v", err)
	}
}

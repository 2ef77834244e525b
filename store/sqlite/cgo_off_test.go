//go:build !cgo

package sqlite_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tesela/store"
	"tesela/store/sqlite"
)

func TestWithoutCgo(t *testing.T) {
	path := filepath.Join(t.TempDir(), "shop.db")
	_, made := sqlite.Create(t.Context(), path)
	_, opened := sqlite.Open(t.Context(), path)
	for _, err := range []error{made, opened} {
		if !errors.Is(err, store.ErrNoCgo) || !strings.Contains(err.Error(), "CGO_ENABLED=1") {
			t.Errorf("%v", err)
		}
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("made a file all the same")
	}
}

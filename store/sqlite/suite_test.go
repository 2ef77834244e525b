//go:build cgo

package sqlite_test

import (
	"path/filepath"
	"testing"

	"tesela/store"
	"tesela/store/sqlite"
	"tesela/store/storetest"
)

func TestWorkspace(t *testing.T) {
	storetest.Run(t, func(t *testing.T) store.Workspace { return create(t) })
}

// TestWorkspaceWithoutCache has every question decode afresh.
func TestWorkspaceWithoutCache(t *testing.T) {
	storetest.Run(t, func(t *testing.T) store.Workspace { return create(t, sqlite.WithCache(0)) })
}

func create(t *testing.T, options ...sqlite.Option) *sqlite.Workspace {
	t.Helper()
	w, err := sqlite.Create(t.Context(), filepath.Join(t.TempDir(), "shop.db"), options...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.Close() })
	return w
}

package main

import (
	"context"
	"fmt"

	"tesela/store"
)

// openFile opens or makes a workspace file.
func openFile(_ context.Context, path string, _ bool) (store.Workspace, error) {
	return nil, fmt.Errorf("open %s: %w", path, store.ErrNoCgo)
}

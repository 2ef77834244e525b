package main

import (
	"context"

	"tesela/store"
	"tesela/store/sqlite"
)

// openFile opens a workspace file; with create, makes it where it is missing.
func openFile(ctx context.Context, path string, create bool) (store.Workspace, error) {
	open := sqlite.Open
	if create {
		open = sqlite.Create
	}
	ws, err := open(ctx, path)
	if err != nil {
		return nil, err
	}
	return ws, nil
}

package bench

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Paths are where the files of a world lie.
type Paths struct{ Workspace, Duck, CSV string }

// In gives the paths of a size's world in a folder.
func (s Size) In(dir string) Paths {
	return Paths{
		Workspace: filepath.Join(dir, s.Name+".tesela"),
		Duck:      filepath.Join(dir, s.Name+".duckdb"),
		CSV:       filepath.Join(dir, s.Name+"-orders.csv"),
	}
}

// CacheDir is where worlds lie unless told otherwise.
func CacheDir() (string, error) {
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("find cache folder: %w; name one with -dir", err)
	}
	return filepath.Join(dir, "tesela-bench"), nil
}

// Make writes the files of a world that are not there yet. Each is written
// under another name and then renamed, so that a killed run leaves none half
// done.
func Make(ctx context.Context, s Size, dir string, csv bool, tell func(format string, args ...any)) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("make world: %w", err)
	}
	p := s.In(dir)
	for _, f := range []struct {
		path  string
		write func(context.Context, Size, string) error
		want  bool
	}{{p.Workspace, makeWorkspace, true}, {p.Duck, makeDuck, true}, {p.CSV, makeCSV, csv}} {
		if _, err := os.Stat(f.path); err == nil || !f.want {
			continue
		}
		tell("making %s", f.path)
		part := f.path + ".part"
		if err := remove(part); err != nil {
			return fmt.Errorf("make world: %w", err)
		}
		if err := f.write(ctx, s, part); err != nil {
			return fmt.Errorf("make %s: %w", filepath.Base(f.path), err)
		}
		if err := os.Rename(part, f.path); err != nil {
			return fmt.Errorf("make world: %w", err)
		}
	}
	return nil
}

// remove deletes a database with the companions it may have.
func remove(path string) error {
	for _, end := range []string{"", "-wal", "-shm", ".wal"} {
		if err := os.Remove(path + end); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

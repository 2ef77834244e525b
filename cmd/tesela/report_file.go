package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"tesela/cmd/internal/report"
	"tesela/store"
)

// zoneOf is the workspace's time zone.
func zoneOf(ctx context.Context, ws store.Workspace) (*time.Location, error) {
	src, err := ws.Source(ctx)
	if err != nil {
		return nil, err
	}
	return src.Schema().Zone, nil
}

// mayWrite tells, before anything is computed, whether a report may go there: a
// file that is there must be a report, unless it is to be replaced at any rate.
func mayWrite(path string, force bool) error {
	if path == "-" {
		return nil
	}
	info, err := os.Stat(path)
	if errors.Is(err, os.ErrNotExist) {
		folder, err := os.Stat(filepath.Dir(path))
		if err != nil || !folder.IsDir() {
			return usageError("--out %s: there is no folder %s", path, filepath.Dir(path))
		}
		return nil
	}
	switch {
	case err != nil:
		return fmt.Errorf("look at %s: %w", path, err)
	case info.IsDir():
		return usageError("--out %s is a folder; name a file in it, such as %s", path, filepath.Join(path, "report.html"))
	case !info.Mode().IsRegular():
		return usageError("--out %s is no file; --out - writes to standard output", path)
	case force:
		return nil
	}
	ours, err := isReport(path)
	if err != nil {
		return fmt.Errorf("look at %s: %w", path, err)
	}
	if !ours {
		return usageError("%s is there and is no report; --force replaces it, another --out keeps it", path)
	}
	return nil
}

// isReport tells whether a file begins as our reports do; an empty one may be
// written over too.
func isReport(path string) (bool, error) {
	f, err := os.Open(path)
	if err != nil {
		return false, err
	}
	defer f.Close()
	head := make([]byte, len(report.Mark))
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return false, err
	}
	return n == 0 || string(head[:n]) == report.Mark, nil
}

// writeReport puts a page where it goes, whole or not at all. One that tells of
// single customers is for its owner's eyes.
func (a *app) writeReport(out string, page []byte, doc *report.Doc) error {
	if out == "-" {
		if _, err := a.out.Write(page); err != nil {
			return fmt.Errorf("write the report: %w", err)
		}
		return nil
	}
	mode := os.FileMode(0o644)
	if doc.Personal {
		mode = 0o600
	}
	if err := replaceFile(out, page, mode); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	if a.json {
		return a.printJSON(map[string]any{
			"file": out, "bytes": len(page), "kind": doc.Kind, "title": doc.Title, "language": doc.Language,
			"as_of": doc.AsOf.UTC(), "data": doc.Data, "personal": doc.Personal,
		})
	}
	_, err := fmt.Fprintf(a.out, "report written to %s\n", out)
	return err
}

// replaceFile writes a file beside where it goes and then moves it there, so
// that nobody finds half of it.
func replaceFile(path string, data []byte, mode os.FileMode) error {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".tesela-report-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(data)
	if err == nil {
		err = f.Chmod(mode)
	}
	if err == nil {
		err = f.Sync()
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

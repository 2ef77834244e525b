package sqlite

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"tesela/store"
)

// inspect reads the file's header without SQLite, which would write to a
// foreign database that has a journal lying about. It gives the file as opened.
func inspect(path string) (*handle, error) {
	const doing = "open workspace"
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, faultf([]error{store.ErrNoWorkspace, err}, "%s: there is no file %s; make one with `tesela import` or `tesela demo`, or name another with --db", doing, path)
	case err != nil:
		return nil, fmt.Errorf("%s: %w", doing, err)
	case info.IsDir():
		return nil, faultf([]error{store.ErrNoWorkspace}, "%s: %s is a folder; name a file in it", doing, path)
	}
	f, err := hold(path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", doing, err)
	}
	head := make([]byte, 100)
	if _, err := f.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		f.release()
		return nil, fmt.Errorf("%s: %w", doing, err)
	}
	what := ""
	switch {
	case info.Size() == 0:
		what = "is empty"
	case string(head[:16]) != "SQLite format 3\x00":
		what = "is not a Tesela workspace"
	case binary.BigEndian.Uint32(head[68:]) != applicationID:
		what = "is an SQLite database of another program, not a Tesela workspace"
	default:
		return f, nil
	}
	f.release()
	return nil, faultf([]error{store.ErrNoWorkspace}, "%s: %s %s; name another file, or make one with `tesela import` or `tesela demo`", doing, path, what)
}

// build puts the tables into an empty file, in one transaction of SQLite's: it
// knows best about others who do the same, and about logs left by a workspace
// that was deleted.
func (w *Workspace) build(ctx context.Context) error {
	db, err := sql.Open("sqlite3", dsn(w.path, "_busy_timeout=0"))
	if err != nil {
		return err
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	// The mark and the tables go into the file itself before it becomes a
	// write-ahead one, so that its header always tells what it is.
	if err := w.patiently(ctx, func() error {
		_, err := db.ExecContext(ctx, fmt.Sprintf("PRAGMA page_size=%d", pageSize))
		return err
	}); err != nil {
		return err
	}
	w.writer = db
	return w.write(ctx, "make workspace", func(tx querier) error {
		version, err := formatOf(ctx, tx, w.path)
		if err != nil {
			return err
		}
		var mark, tables int
		if err := tx.QueryRowContext(ctx, "PRAGMA application_id").Scan(&mark); err != nil {
			return err
		}
		if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_master").Scan(&tables); err != nil {
			return err
		}
		switch {
		case version > 0 && mark == applicationID:
			return nil // somebody was faster
		case mark != applicationID && mark != 0 || tables > 0:
			return faultf([]error{store.ErrNoWorkspace}, "make workspace: %s is an SQLite database of another program; name another file", w.path)
		}
		if _, err := tx.ExecContext(ctx, fmt.Sprintf("PRAGMA application_id=%d", applicationID)); err != nil {
			return err
		}
		return migrate(ctx, tx, w.path)
	})
}

package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"tesela/segment"
	"tesela/segment/syntax"
	"tesela/store"
)

// version tells states of the catalogue and the definitions apart: n counts
// the changes, and the print is that of the last import, so that an import by
// a program that does not count is seen too. Turns and records do not count.
type version struct {
	n     sql.NullString
	print sql.NullString
}

const versionQuery = "SELECT (SELECT value FROM meta WHERE key = 'version'), (SELECT print FROM import ORDER BY id DESC LIMIT 1)"

func readVersion(row *sql.Row) (v version, err error) {
	return v, row.Scan(&v.n, &v.print)
}

// countChange makes a new version, in the transaction of the change.
func countChange(ctx context.Context, tx querier) error {
	_, err := tx.ExecContext(ctx, "INSERT INTO meta VALUES('version', '1') ON CONFLICT(key) DO UPDATE SET value = CAST(value AS INTEGER) + 1")
	return err
}

// define runs change, which gives something another meaning, in one write
// transaction.
func (w *Workspace) define(ctx context.Context, doing string, change func(tx querier) error) error {
	return w.write(ctx, doing, func(tx querier) error {
		if err := change(tx); err != nil {
			return err
		}
		return countChange(ctx, tx)
	})
}

// held is what is known of one version.
type held struct {
	version
	*store.Moment
}

// Now gives the workspace as it is now. While nothing changes, in this process
// or another, it costs one statement and gives the same Moment.
func (w *Workspace) Now(ctx context.Context) (*store.Moment, error) {
	const doing = "read workspace"
	known := w.known.Load()
	if known != nil {
		v, err := readVersion(w.readers.QueryRowContext(ctx, versionQuery))
		if err != nil {
			return nil, explain(ctx, w.path, doing, err)
		}
		if v == known.version {
			return known.Moment, nil
		}
	}
	// One reads; who waits looks whether that was enough.
	select {
	case w.reading <- struct{}{}:
		defer func() { <-w.reading }()
	case <-ctx.Done():
		return nil, fmt.Errorf("%s: %w", doing, ctx.Err())
	}
	var fresh *held
	err := w.view(ctx, doing, func(tx querier) (err error) {
		v, err := readVersion(tx.QueryRowContext(ctx, versionQuery))
		if err != nil {
			return err
		}
		if known = w.known.Load(); known != nil && v == known.version {
			fresh = known
			return nil
		}
		fresh, err = w.readMoment(ctx, tx, v)
		return err
	})
	if err != nil {
		return nil, err
	}
	w.known.Store(fresh)
	return fresh.Moment, nil
}

// readMoment reads all of a version.
func (w *Workspace) readMoment(ctx context.Context, tx querier, v version) (*held, error) {
	s := &Source{w: w, saved: map[string]syntax.Formula{}}
	var err error
	if s.cat, err = readCatalogue(ctx, tx); err != nil {
		return nil, err
	}
	segments, err := readSegments(ctx, tx)
	if err != nil {
		return nil, err
	}
	for _, one := range segments {
		// What does not parse any more is as good as not there; the list of
		// segments still shows it.
		if f, err := syntax.Parse(one.Formula); err == nil {
			s.saved[one.Name] = f
		}
	}
	s.schema = s.cat.schema()
	return &held{v, &store.Moment{
		Workspace: w, Source: s, Fingerprint: fingerprintOf(s.cat), Imported: importedOf(s.cat), Segments: slices.Clip(segments),
	}}, nil
}

// Source gives the data as it is now. It costs a read of the catalogue where
// that changed, and never one of the data.
func (w *Workspace) Source(ctx context.Context) (segment.Source, error) {
	m, err := w.Now(ctx)
	if err != nil {
		return nil, err
	}
	return m.Source, nil
}

// Fingerprint is "sha256:…" over all imported data, fields, roles, words,
// currency and zone.
func (w *Workspace) Fingerprint(ctx context.Context) (string, error) {
	m, err := w.Now(ctx)
	if err != nil {
		return "", err
	}
	return m.Fingerprint, nil
}

// Imported is "sha256:…" over all imported data and fields, without what can
// be set anew.
func (w *Workspace) Imported(ctx context.Context) (string, error) {
	m, err := w.Now(ctx)
	if err != nil {
		return "", err
	}
	return m.Imported, nil
}

// Segments lists the saved definitions by name.
func (w *Workspace) Segments(ctx context.Context) ([]store.Segment, error) {
	m, err := w.Now(ctx)
	if err != nil {
		return nil, err
	}
	return slices.Clone(m.Segments), nil
}

package sqlite

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"time"

	"tesela/store"
)

// createRecords makes format 3.
func createRecords(ctx context.Context, tx querier) error {
	for _, statement := range []string{
		`CREATE TABLE record(kind TEXT NOT NULL, key TEXT NOT NULL, until INTEGER NOT NULL, body BLOB NOT NULL, PRIMARY KEY(kind, key)) WITHOUT ROWID`,
		`CREATE INDEX record_until ON record(kind, until)`,
	} {
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}

// ever is the end of a record that has none.
const ever = math.MaxInt64

// untilOf is a record's end in microseconds.
func untilOf(r store.Record) int64 {
	if r.Until.IsZero() {
		return ever
	}
	return r.Until.UnixMicro()
}

func checkRecord(r store.Record) error {
	switch {
	case r.Kind == "" || r.Key == "":
		return errors.New("keep record: it has no kind or no key")
	case !json.Valid(r.Body):
		return errors.New("keep record: its body is no JSON")
	}
	return nil
}

// ClaimRecord keeps a record unless one is there that still counts.
func (w *Workspace) ClaimRecord(ctx context.Context, r store.Record, now time.Time) (kept bool, err error) {
	if err := checkRecord(r); err != nil {
		return false, err
	}
	err = w.write(ctx, "keep record", func(tx querier) error {
		if _, err := tx.ExecContext(ctx, "DELETE FROM record WHERE kind = ? AND until <= ?", r.Kind, now.UnixMicro()); err != nil {
			return err
		}
		done, err := tx.ExecContext(ctx, "INSERT OR IGNORE INTO record(kind, key, until, body) VALUES(?,?,?,?)", r.Kind, r.Key, untilOf(r), []byte(r.Body))
		if err != nil {
			return err
		}
		n, err := done.RowsAffected()
		kept = n > 0
		return err
	})
	return kept && err == nil, err
}

// PutRecord keeps a record in place of an older one.
func (w *Workspace) PutRecord(ctx context.Context, r store.Record) error {
	if err := checkRecord(r); err != nil {
		return err
	}
	return w.write(ctx, "keep record", func(tx querier) error {
		_, err := tx.ExecContext(ctx, "INSERT OR REPLACE INTO record(kind, key, until, body) VALUES(?,?,?,?)", r.Kind, r.Key, untilOf(r), []byte(r.Body))
		return err
	})
}

// Records lists those of a kind that still count, by key.
func (w *Workspace) Records(ctx context.Context, kind string, now time.Time) (records []store.Record, err error) {
	err = w.view(ctx, "list records", func(tx querier) error {
		rows, err := tx.QueryContext(ctx, "SELECT key, until, body FROM record WHERE kind = ? AND until > ? ORDER BY key", kind, now.UnixMicro())
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			r := store.Record{Kind: kind}
			var until int64
			var body []byte
			if err := rows.Scan(&r.Key, &until, &body); err != nil {
				return err
			}
			if r.Body = body; until != ever {
				r.Until = time.UnixMicro(until).UTC()
			}
			records = append(records, r)
		}
		return rows.Err()
	})
	return records, err
}

// DropRecord forgets a record.
func (w *Workspace) DropRecord(ctx context.Context, kind, key string) error {
	return w.write(ctx, "drop record", func(tx querier) error {
		_, err := tx.ExecContext(ctx, "DELETE FROM record WHERE kind = ? AND key = ?", kind, key)
		return err
	})
}

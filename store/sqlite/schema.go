package sqlite

import (
	"context"
	"database/sql"
	"fmt"

	"tesela/store"
)

// applicationID marks the file as ours in SQLite's header: "TESL".
const applicationID = 0x5445534c

// pageSize is larger than SQLite's default because most bytes lie in blobs of
// up to two megabytes.
const pageSize = 16384

// migrations[n] takes a file from format n to n+1. What has shipped is never
// changed; a new format adds a function.
var migrations = []func(ctx context.Context, tx querier) error{
	createTables,
	createHeads,
	createRecords,
	createTraces,
}

// format is the newest format, kept in the file's user_version.
var format = len(migrations)

// querier is a connection, within a transaction.
type querier interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
	Raw(func(driverConn any) error) error
}

// createTables makes format 1; doc.go describes it.
func createTables(ctx context.Context, tx querier) error {
	for _, statement := range []string{
		`CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID`,
		`CREATE TABLE event(name TEXT PRIMARY KEY, rows INTEGER NOT NULL, tied INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL) WITHOUT ROWID`,
		`CREATE TABLE field(id INTEGER PRIMARY KEY, event TEXT NOT NULL, name TEXT NOT NULL, kind TEXT NOT NULL,
			held INTEGER NOT NULL, low INTEGER NOT NULL, high INTEGER NOT NULL, UNIQUE(event, name))`,
		`CREATE TABLE dictionary(event TEXT NOT NULL, name TEXT NOT NULL, first INTEGER NOT NULL, count INTEGER NOT NULL, data BLOB NOT NULL)`,
		`CREATE UNIQUE INDEX dictionary_of ON dictionary(event, name, first, count)`,
		`CREATE TABLE part(id INTEGER PRIMARY KEY, since INTEGER NOT NULL, event TEXT NOT NULL, trait TEXT NOT NULL,
			rows INTEGER NOT NULL, customers INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
			scattered INTEGER NOT NULL, columns TEXT NOT NULL)`,
		`CREATE INDEX part_of ON part(event, trait, id)`,
		`CREATE TABLE chunk(part INTEGER NOT NULL, field INTEGER NOT NULL, n INTEGER NOT NULL, data BLOB NOT NULL)`,
		`CREATE UNIQUE INDEX chunk_of ON chunk(part, field, n)`,
		`CREATE TABLE import(id INTEGER PRIMARY KEY, through INTEGER NOT NULL, print TEXT NOT NULL)`,
		`CREATE TABLE role(role TEXT PRIMARY KEY, target TEXT NOT NULL) WITHOUT ROWID`,
		`CREATE TABLE word(word TEXT PRIMARY KEY, text TEXT NOT NULL) WITHOUT ROWID`,
		`CREATE TABLE segment(name TEXT PRIMARY KEY, formula TEXT NOT NULL, text TEXT NOT NULL, created TEXT NOT NULL) WITHOUT ROWID`,
		`CREATE TABLE turn(n INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, session TEXT NOT NULL, asked TEXT NOT NULL,
			question TEXT NOT NULL, answer BLOB)`,
		`CREATE INDEX turn_of ON turn(session, n)`,
	} {
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}

// migrate brings the file to the newest format inside the caller's
// transaction.
func migrate(ctx context.Context, tx querier, path string) error {
	version, err := formatOf(ctx, tx, path)
	if err != nil {
		return err
	}
	for ; version < format; version++ {
		if err := migrations[version](ctx, tx); err != nil {
			return fmt.Errorf("bring workspace from format %d to %d: %w", version, version+1, err)
		}
	}
	_, err = tx.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version=%d", format))
	return err
}

// formatOf reads the file's format and refuses one that is too new.
func formatOf(ctx context.Context, tx querier, path string) (int, error) {
	var version int
	if err := tx.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
		return 0, err
	}
	if version > format {
		return 0, faultf([]error{store.ErrNewer}, "workspace %s was written by a newer version of Tesela (its format is %d, this program knows up to %d); use that version", path, version, format)
	}
	return version, nil
}

//go:build cgo

package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/mattn/go-sqlite3"

	"tesela/store"
)

// counted opens a connection whose statements are counted.
type counted struct {
	path string
	n    *atomic.Int64
}

func (c counted) Connect(context.Context) (driver.Conn, error) {
	conn, err := (&sqlite3.SQLiteDriver{}).Open(c.path)
	if err != nil {
		return nil, err
	}
	return &countedConn{conn.(*sqlite3.SQLiteConn), c.n}, nil
}

func (c counted) Driver() driver.Driver { return &sqlite3.SQLiteDriver{} }

type countedConn struct {
	*sqlite3.SQLiteConn
	n *atomic.Int64
}

func (c *countedConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	c.n.Add(1)
	return c.SQLiteConn.QueryContext(ctx, query, args)
}

func (c *countedConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	c.n.Add(1)
	return c.SQLiteConn.ExecContext(ctx, query, args)
}

// What does not change is read with one statement, whoever asks for whatever
// of it, and what a turn keeps of itself takes few.
func TestStatements(t *testing.T) {
	if !haveCgo {
		t.Skip("this build has no SQLite")
	}
	path := filepath.Join(t.TempDir(), "shop.db")
	w, err := Create(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	ctx := t.Context()
	for i := range 50 {
		if err := w.SaveSegment(ctx, store.Segment{Name: fmt.Sprint(i), Formula: "everyone"}); err != nil {
			t.Fatal(err)
		}
	}
	var n atomic.Int64
	w.readers.Close()
	w.readers = sql.OpenDB(counted{dsn(path, "mode=ro&_query_only=1"), &n})
	w.writer.Close()
	w.writer = sql.OpenDB(counted{dsn(path, "mode=rw&_txlock=immediate"), &n})
	if _, err := w.Now(ctx); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		most int64
		do   func() error
	}{
		{"now", 1, func() error { _, err := w.Now(ctx); return err }},
		{"the source", 1, func() error { _, err := w.Source(ctx); return err }},
		{"the fingerprint", 1, func() error { _, err := w.Fingerprint(ctx); return err }},
		{"what was imported", 1, func() error { _, err := w.Imported(ctx); return err }},
		{"the segments", 1, func() error { _, err := w.Segments(ctx); return err }},
		{"a session's turns", 3, func() error { _, err := w.Turns(ctx, "s", 32); return err }},
		{"a turn to be kept", 5, func() error {
			return w.AppendTurn(ctx, store.Turn{ID: "a", Session: "s", Asked: time.Unix(0, 0), Answer: []byte("{}")})
		}},
		{"now, after a turn", 1, func() error { _, err := w.Now(ctx); return err }},
	} {
		before := n.Load()
		if err := c.do(); err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		if took := n.Load() - before; took > c.most || took == 0 {
			t.Errorf("%s takes %d statements, not %d", c.name, took, c.most)
		}
	}
}

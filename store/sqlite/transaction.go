package sqlite

import (
	"context"
	"database/sql"
	"time"
)

// view runs read in one read transaction, that is on one state of the file.
func (w *Workspace) view(ctx context.Context, doing string, read func(tx querier) error) error {
	conn, err := w.readers.Conn(ctx)
	if err != nil {
		return explain(ctx, w.path, doing, err)
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, "BEGIN"); err != nil {
		return explain(ctx, w.path, doing, err)
	}
	defer conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK")
	return explain(ctx, w.path, doing, read(conn))
}

// write runs change in one write transaction.
func (w *Workspace) write(ctx context.Context, doing string, change func(tx querier) error) error {
	t, err := w.begin(ctx, doing)
	if err != nil {
		return err
	}
	defer t.end()
	if err := change(t.conn); err != nil {
		return explain(ctx, w.path, doing, err)
	}
	return explain(ctx, w.path, doing, t.commit(ctx))
}

// transaction is the one writing transaction of this process.
type transaction struct {
	w    *Workspace
	conn *sql.Conn
	done bool
}

// begin waits for its turn to write, at most the busy time-out, first in this
// process and then among all.
func (w *Workspace) begin(ctx context.Context, doing string) (*transaction, error) {
	if err := ctx.Err(); err != nil {
		return nil, explain(ctx, w.path, doing, err)
	}
	if w.writer == nil {
		return nil, faultf([]error{errReadOnly}, "%s: workspace %s cannot be written to; make the file and its folder writable, or work on a copy", doing, w.path)
	}
	deadline := time.NewTimer(w.busy)
	defer deadline.Stop()
	select {
	case w.writing <- struct{}{}:
	case <-deadline.C:
		return nil, locked(w.path, doing, nil)
	case <-ctx.Done():
		return nil, explain(ctx, w.path, doing, ctx.Err())
	}
	t := &transaction{w: w}
	err := w.patiently(ctx, func() (err error) {
		if t.conn == nil {
			if t.conn, err = w.writer.Conn(ctx); err != nil {
				t.conn = nil
				return err
			}
		}
		_, err = t.conn.ExecContext(ctx, "BEGIN IMMEDIATE")
		return err
	})
	if err != nil {
		t.end()
		return nil, explain(ctx, w.path, doing, err)
	}
	return t, nil
}

// patiently does what another program may be in the way of, again and again
// until the busy time-out. SQLite's own waiting is not used because it cannot
// be cancelled.
func (w *Workspace) patiently(ctx context.Context, do func() error) error {
	const pause = 5 * time.Millisecond
	deadline := time.NewTimer(w.busy)
	defer deadline.Stop()
	for {
		err := do()
		if causeOf(err) != causeLocked {
			return err
		}
		select {
		case <-time.After(pause):
		case <-deadline.C:
			return err
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (t *transaction) commit(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	// Once begun it is not cancelled, or nobody would know whether it was
	// done. A file that is just being made is no write-ahead one yet: there
	// a commit waits for readers.
	err := t.w.patiently(ctx, func() error {
		_, err := t.conn.ExecContext(context.WithoutCancel(ctx), "COMMIT")
		return err
	})
	t.done = err == nil
	return err
}

// end takes back what was not committed and lets the next one write.
func (t *transaction) end() {
	if t.conn != nil {
		if !t.done {
			// An error means that SQLite took it back already.
			t.conn.ExecContext(context.Background(), "ROLLBACK")
		}
		t.conn.Close()
		t.conn = nil
	}
	<-t.w.writing
}

package sqlite

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/klauspost/compress/zstd"

	"tesela/store"
)

// createTraces makes format 4. What lists show lies apart from the bodies, so
// that going through all traces does not go through these.
func createTraces(ctx context.Context, tx querier) error {
	for _, statement := range []string{
		`CREATE TABLE trace(n INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL, session TEXT NOT NULL, asked TEXT NOT NULL,
			at INTEGER NOT NULL, status TEXT NOT NULL, model TEXT NOT NULL, rounds INTEGER NOT NULL, calls INTEGER NOT NULL,
			input INTEGER NOT NULL, output INTEGER NOT NULL, cost REAL NOT NULL, elapsed REAL NOT NULL)`,
		`CREATE INDEX trace_of ON trace(id, n)`,
		`CREATE TABLE trace_body(n INTEGER PRIMARY KEY, body BLOB NOT NULL)`,
	} {
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}

// mostTrace bounds a trace's body unpacked, in bytes.
const mostTrace = 64 << 20

// tracePacker packs the bodies of traces, one after the other.
type tracePacker struct {
	mu   sync.Mutex
	zip  *zstd.Encoder
	open *zstd.Decoder
}

func (p *tracePacker) pack(body []byte) ([]byte, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.zip == nil {
		var err error
		if p.zip, err = zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(1<<20)); err != nil {
			return nil, err
		}
	}
	return p.zip.EncodeAll(body, nil), nil
}

func (p *tracePacker) unpack(body []byte) ([]byte, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.open == nil {
		var err error
		if p.open, err = zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(mostTrace)); err != nil {
			return nil, err
		}
	}
	return p.open.DecodeAll(body, nil)
}

// AppendTrace keeps a trace and lets go of those that are too many.
func (w *Workspace) AppendTrace(ctx context.Context, t store.Trace) error {
	switch {
	case t.ID == "":
		return errors.New("keep trace: it has no id")
	case len(t.Body) > mostTrace || !json.Valid(t.Body):
		return errors.New("keep trace: its body is no JSON, or too long")
	}
	body, err := w.packer.pack(t.Body)
	if err != nil {
		return fmt.Errorf("keep trace: %w", err)
	}
	return w.write(ctx, "keep trace", func(tx querier) error {
		done, err := tx.ExecContext(ctx, `INSERT INTO trace(id, session, asked, at, status, model, rounds, calls, input, output, cost, elapsed)
			VALUES(?,?,?,?,?,?,?,?,?,?,?,?)`, t.ID, t.Session, stamp(t.Asked), t.Asked.UnixMicro(), t.Status, t.Model, t.Rounds, t.Calls,
			t.InputTokens, t.OutputTokens, t.Cost, t.ElapsedMS)
		if err != nil {
			return err
		}
		n, err := done.LastInsertId()
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "INSERT INTO trace_body(n, body) VALUES(?,?)", n, body); err != nil {
			return err
		}
		for _, table := range []string{"trace", "trace_body"} {
			if _, err := tx.ExecContext(ctx, "DELETE FROM "+table+" WHERE n <= ?", n-store.KeptTraces); err != nil {
				return err
			}
		}
		return nil
	})
}

const traceColumns = "SELECT n, id, session, asked, status, model, rounds, calls, input, output, cost, elapsed FROM trace "

func scanTrace(row interface{ Scan(...any) error }) (n int64, h store.TraceHead, err error) {
	var asked string
	if err := row.Scan(&n, &h.ID, &h.Session, &asked, &h.Status, &h.Model, &h.Rounds, &h.Calls, &h.InputTokens, &h.OutputTokens, &h.Cost, &h.ElapsedMS); err != nil {
		return 0, store.TraceHead{}, err
	}
	h.Asked, err = unstamp(asked)
	return n, h, err
}

// Trace is the newest trace of an id; store.ErrNotFound where there is none.
func (w *Workspace) Trace(ctx context.Context, id string) (t store.Trace, err error) {
	var packed []byte
	err = w.view(ctx, "find trace", func(tx querier) error {
		var n int64
		n, t.TraceHead, err = scanTrace(tx.QueryRowContext(ctx, traceColumns+"WHERE id = ? ORDER BY n DESC LIMIT 1", id))
		if noRows(err) {
			return faultf([]error{store.ErrNotFound}, "find trace: there is no trace with the id %q", id)
		}
		if err != nil {
			return err
		}
		return tx.QueryRowContext(ctx, "SELECT body FROM trace_body WHERE n = ?", n).Scan(&packed)
	})
	if err != nil {
		return store.Trace{}, err
	}
	if t.Body, err = w.packer.unpack(packed); err != nil {
		return store.Trace{}, faultf([]error{err}, "find trace: workspace %s: the trace %q is damaged: %v", w.path, id, err)
	}
	return t, nil
}

// FindTraces lists the traces that fit, newest first.
func (w *Workspace) FindTraces(ctx context.Context, q store.TraceQuery) (heads []store.TraceHead, err error) {
	where, args := []string{"1"}, []any{}
	for _, c := range []struct{ column, is string }{{"session", q.Session}, {"status", q.Status}, {"model", q.Model}} {
		if c.is != "" {
			where, args = append(where, c.column+" = ?"), append(args, c.is)
		}
	}
	if !q.Since.IsZero() {
		where, args = append(where, "at >= ?"), append(args, q.Since.UnixMicro())
	}
	if args = append(args, q.Limit); q.Limit <= 0 {
		args[len(args)-1] = -1
	}
	err = w.view(ctx, "find traces", func(tx querier) error {
		rows, err := tx.QueryContext(ctx, traceColumns+"WHERE "+strings.Join(where, " AND ")+" ORDER BY n DESC LIMIT ?", args...)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			_, h, err := scanTrace(rows)
			if err != nil {
				return err
			}
			heads = append(heads, h)
		}
		return rows.Err()
	})
	return heads, err
}

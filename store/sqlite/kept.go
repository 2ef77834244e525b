package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"tesela/store"
)

func noRows(err error) bool { return errors.Is(err, sql.ErrNoRows) }

// SetRole maps a role onto an event, property or trait; "" forgets it.
func (w *Workspace) SetRole(ctx context.Context, role, target string) error {
	if role == "" {
		return errors.New("set role: it has no name")
	}
	return w.define(ctx, "set role", func(tx querier) error { return setRole(ctx, tx, role, target) })
}

func setRole(ctx context.Context, tx querier, role, target string) error {
	if target == "" {
		_, err := tx.ExecContext(ctx, "DELETE FROM role WHERE role = ?", role)
		return err
	}
	_, err := tx.ExecContext(ctx, "INSERT OR REPLACE INTO role VALUES(?,?)", role, target)
	return err
}

// SetWord keeps what a business word stands for; "" forgets it.
func (w *Workspace) SetWord(ctx context.Context, word, text string) error {
	if word == "" {
		return errors.New("set word: it is empty")
	}
	return w.define(ctx, "set word", func(tx querier) error {
		if text == "" {
			_, err := tx.ExecContext(ctx, "DELETE FROM word WHERE word = ?", word)
			return err
		}
		_, err := tx.ExecContext(ctx, "INSERT OR REPLACE INTO word VALUES(?,?)", word, text)
		return err
	})
}

// SaveSegment keeps a definition under its name, in place of an older one.
func (w *Workspace) SaveSegment(ctx context.Context, s store.Segment) error {
	if s.Name == "" {
		return errors.New("save segment: it has no name")
	}
	return w.define(ctx, "save segment", func(tx querier) error {
		_, err := tx.ExecContext(ctx, "INSERT OR REPLACE INTO segment VALUES(?,?,?,?)", s.Name, s.Formula, s.Text, stamp(s.Created))
		return err
	})
}

func readSegments(ctx context.Context, tx querier) ([]store.Segment, error) {
	rows, err := tx.QueryContext(ctx, "SELECT name, formula, text, created FROM segment ORDER BY name")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []store.Segment
	for rows.Next() {
		var s store.Segment
		var created string
		if err := rows.Scan(&s.Name, &s.Formula, &s.Text, &created); err != nil {
			return nil, err
		}
		if s.Created, err = unstamp(created); err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, rows.Err()
}

// DeleteSegment forgets a definition; store.ErrNotFound if there is none.
func (w *Workspace) DeleteSegment(ctx context.Context, name string) error {
	return w.define(ctx, "delete segment", func(tx querier) error {
		done, err := tx.ExecContext(ctx, "DELETE FROM segment WHERE name = ?", name)
		if err != nil {
			return err
		}
		if n, err := done.RowsAffected(); err != nil || n > 0 {
			return err
		}
		return faultf([]error{store.ErrNotFound}, "delete segment: there is none called %q", name)
	})
}

const turnColumns = "SELECT id, session, asked, question, answer FROM turn "

// Turn finds a turn by its id; store.ErrNotFound if there is none.
func (w *Workspace) Turn(ctx context.Context, id string) (t store.Turn, err error) {
	err = w.view(ctx, "find turn", func(tx querier) error {
		t, err = scanTurn(tx.QueryRowContext(ctx, turnColumns+"WHERE id = ?", id))
		if noRows(err) {
			return faultf([]error{store.ErrNotFound}, "find turn: there is no answer with the id %q", id)
		}
		return err
	})
	return t, err
}

// Turns lists a session's turns, oldest first; at most the last ones (0: all).
func (w *Workspace) Turns(ctx context.Context, session string, last int) (turns []store.Turn, err error) {
	err = w.view(ctx, "list turns", func(tx querier) error {
		if last <= 0 {
			last = -1
		}
		rows, err := tx.QueryContext(ctx, turnColumns+"WHERE session = ? ORDER BY n DESC LIMIT ?", session, last)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			t, err := scanTurn(rows)
			if err != nil {
				return err
			}
			turns = append(turns, t)
		}
		slices.Reverse(turns)
		return rows.Err()
	})
	return turns, err
}

func scanTurn(row interface{ Scan(...any) error }) (t store.Turn, err error) {
	var asked string
	var answer []byte
	if err := row.Scan(&t.ID, &t.Session, &asked, &t.Question, &answer); err != nil {
		return store.Turn{}, err
	}
	t.Answer = json.RawMessage(answer)
	t.Asked, err = unstamp(asked)
	return t, err
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

func unstamp(s string) (time.Time, error) {
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		return t, fmt.Errorf("a time in the workspace: %w", err)
	}
	return t, nil
}

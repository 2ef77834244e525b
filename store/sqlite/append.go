package sqlite

import (
	"context"
	"errors"
	"sync"
	"time"

	"tesela/store"
)

// appends are turns that wait to be kept. Whoever comes first writes down all
// that wait by then, in one transaction, so that a thousand who are answered at
// once do not wait for a thousand of them.
type appends struct {
	mu      sync.Mutex
	waiting []*appending
	// writing holds a token while somebody writes them down.
	writing chan struct{}
}

// appending is a turn that waits, and where it is told what came of it.
type appending struct {
	store.Turn
	done chan error
}

// AppendTurn keeps a question and its answer. An id is used once.
func (w *Workspace) AppendTurn(ctx context.Context, t store.Turn) error {
	const doing = "keep turn"
	if t.ID == "" {
		return errors.New("keep turn: it has no id")
	}
	if err := ctx.Err(); err != nil {
		return explain(ctx, w.path, doing, err)
	}
	a := &appending{t, make(chan error, 1)}
	w.appends.mu.Lock()
	w.appends.waiting = append(w.appends.waiting, a)
	w.appends.mu.Unlock()
	for {
		select {
		case err := <-a.done:
			return err
		case w.appends.writing <- struct{}{}:
			w.appends.write(ctx, w, a)
			<-w.appends.writing
		case <-ctx.Done():
			if w.appends.withdraw(a) {
				return explain(ctx, w.path, doing, ctx.Err())
			}
			return <-a.done // somebody has it in hand
		}
	}
}

// withdraw takes a turn back, if nobody has begun to write it down.
func (q *appends) withdraw(a *appending) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	for i, one := range q.waiting {
		if one == a {
			q.waiting = append(q.waiting[:i:i], q.waiting[i+1:]...)
			return true
		}
	}
	return false
}

// mostAppends is how many turns one transaction writes down.
const mostAppends = 256

// write writes down those that wait, or some of them where they are many. Who
// writes and is cancelled takes only a turn of its own with it.
func (q *appends) write(ctx context.Context, w *Workspace, own *appending) {
	const doing = "keep turn"
	q.mu.Lock()
	n := min(len(q.waiting), mostAppends)
	all := q.waiting[:n:n]
	q.waiting = q.waiting[n:]
	q.mu.Unlock()
	if len(all) == 0 {
		return // another was quicker
	}
	if len(all) > 1 || all[0] != own {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(context.WithoutCancel(ctx), w.busy+time.Second)
		defer cancel()
	}
	errs := make([]error, len(all))
	err := w.write(ctx, doing, func(tx querier) error {
		for i, a := range all {
			var there int
			if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM turn WHERE id = ?", a.ID).Scan(&there); err != nil {
				return err
			}
			if there > 0 {
				errs[i] = faultf(nil, "keep turn: there is one with the id %q already", a.ID)
				continue
			}
			if err := insertTurn(ctx, tx, a.Turn); err != nil {
				return err
			}
		}
		return nil
	})
	for i, a := range all {
		if err != nil {
			errs[i] = err
		}
		a.done <- errs[i]
	}
}

func insertTurn(ctx context.Context, tx querier, t store.Turn) error {
	done, err := tx.ExecContext(ctx, "INSERT INTO turn(id, session, asked, question, answer) VALUES(?,?,?,?,?)",
		t.ID, t.Session, stamp(t.Asked), t.Question, []byte(t.Answer))
	if err != nil {
		return err
	}
	n, err := done.LastInsertId()
	if err != nil {
		return err
	}
	return insertHead(ctx, tx, n, t)
}

package slackbot

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"tesela/agent"
	"tesela/cmd/internal/slackbot/wire"
)

// kindTurn keeps how far a turn is, for a restart to go on with.
const kindTurn = "slack.turn"

// Turns that were broken off may be gone on with for a day; that one is over is
// known for as long as it may be told of again.
const (
	turnLife = 24 * time.Hour
	overLife = 2 * time.Hour
)

// note is how far a turn is.
type note struct {
	Counted bool   `json:"counted,omitempty"` // against the budgets
	Answer  string `json:"answer,omitempty"`
	Files   int    `json:"files,omitempty"` // uploaded
	// Picked is the question back of which a reading was chosen, and PickedTS
	// the message it stands in.
	Picked   string `json:"picked,omitempty"`
	PickedTS string `json:"picked_ts,omitempty"`
	Over     bool   `json:"over,omitempty"`

	kept bool // in this run
}

// recall gives how far the turn was before the program stopped.
func (b *Bot) recall(ctx context.Context, d wire.Delivery) (n note) {
	if !d.Again {
		return n
	}
	kept, err := b.config.Memory.List(ctx, kindTurn)
	if err != nil {
		b.fault("read how far a turn was", d, err)
		return n
	}
	if body := kept[d.ID]; body != nil {
		if err := json.Unmarshal(body, &n); err != nil {
			b.fault("read how far a turn was", d, err)
		}
	}
	return n
}

// keepNote writes down how far a turn is.
func (b *Bot) keepNote(ctx context.Context, q *question) {
	life := turnLife
	if q.note.Over {
		life = overLife
	}
	first := !q.note.kept
	q.note.kept = true
	body, err := json.Marshal(q.note)
	if err != nil {
		b.fault("note how far a turn is", q.d, err)
		return
	}
	until, key := b.config.Clock().Add(life), q.d.ID
	b.later(ctx, q, "note how far a turn is", func(ctx context.Context) error {
		if first {
			// Claiming clears away what no longer counts.
			if own, err := b.config.Memory.Claim(ctx, kindTurn, key, body, until); own || err != nil {
				return err
			}
		}
		return b.config.Memory.Put(ctx, kindTurn, key, body, until)
	})
}

// over notes that nothing of a turn is left to do.
func (b *Bot) over(ctx context.Context, q *question) {
	q.note.Over = true
	b.keepNote(ctx, q)
}

// answered notes a thread's new answer.
func (b *Bot) answered(ctx context.Context, q *question, a *agent.Answer) {
	d := q.inThread()
	b.changeThread(ctx, d, func(t *thread) {
		t.Language, t.Last, t.LastTS = a.Language, a.ID, q.first
		if !slices.Contains(t.Answers, a.ID) {
			t.Answers = append(t.Answers, a.ID)
		}
	}, func(keep func(context.Context) error) { b.later(ctx, q, "keep the thread", keep) })
}

// writes are what a turn has to keep, one after the other, beside the turn: a
// workspace that is locked for long, as by an import, must hold up no answer.
type writes struct{ last chan struct{} }

// mostWrite is how long one of them may take.
const mostWrite = 3 * time.Second

func (b *Bot) later(ctx context.Context, q *question, what string, f func(ctx context.Context) error) {
	before, done := q.writes.last, make(chan struct{})
	q.writes.last = done
	ctx, d := context.WithoutCancel(ctx), q.d
	go func() {
		defer close(done)
		if before != nil {
			<-before
		}
		ctx, cancel := context.WithTimeout(ctx, mostWrite)
		defer cancel()
		if err := b.unbroken(d, func() error { return f(ctx) }); err != nil {
			b.fault(what, d, err)
		}
	}()
}

// wait waits until all of it is kept.
func (w *writes) wait() {
	if w.last != nil {
		<-w.last
	}
}

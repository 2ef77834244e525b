package trace

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"iter"
	"slices"
	"sync"
	"time"

	"tesela/agent/model"
	"tesela/tools"
)

// Sink takes the notes of turns that are over. It must not hold the turn up:
// what is costly, such as Notes.Trace, is done elsewhere.
type Sink interface {
	Keep(*Notes)
}

// Notes are taken of a turn as it goes. They are safe for concurrent use, also
// by what goes on after the turn was given up; that is not noted any more.
// Every method does nothing where there are no notes (nil).
type Notes struct {
	clock func() time.Time
	start time.Time

	mu     sync.Mutex
	closed bool
	trace  Trace
	rounds []*roundNotes
	ran    []*ranCall
}

type roundNotes struct {
	request model.Request
	span    Span
	first   float64
	deltas  []model.Delta
	err     error
	tries   []Attempt
	open    bool
}

// ranCall is a call that was handed to the tools.
type ranCall struct {
	round int // after which it was run
	Call
	used bool
}

// New begins the notes of a turn. Without a clock there are no times; begun is
// what is known of the turn at its start.
func New(clock func() time.Time, begun Trace) *Notes {
	n := &Notes{clock: clock, trace: begun}
	n.trace.Version = Version
	if clock != nil {
		n.start = clock()
		n.trace.Asked = n.start
	}
	return n
}

// now is the time since the turn's start in milliseconds.
func (n *Notes) now() float64 {
	if n.clock == nil {
		return 0
	}
	return float64(n.clock().Sub(n.start).Microseconds()) / 1000
}

// Check notes that a text of the model was looked at: what in it nothing bears
// out, and the verdict.
func (n *Notes) Check(text string, strange []string, verdict string) {
	if n == nil {
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if !n.closed {
		n.trace.Checks = append(n.trace.Checks, Check{AtMS: n.now(), Text: text, Strange: slices.Clone(strange), Verdict: verdict})
	}
}

// End notes what ended the turn other than its answer: the bound it came to, or
// what failed.
func (n *Notes) End(by string, err error) {
	if n == nil {
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.closed {
		return
	}
	n.trace.Ended = &Ended{By: by}
	if err != nil {
		n.trace.Ended.Error = err.Error()
	}
}

// Close ends the notes; finish puts in what is known at the end.
func (n *Notes) Close(finish func(*Trace)) {
	if n == nil {
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.closed {
		return
	}
	n.closed = true
	n.trace.EndMS = n.now()
	finish(&n.trace)
}

// Model is a model whose replies are noted.
func (n *Notes) Model(m model.Model) model.Model {
	if n == nil {
		return m
	}
	return &watchedModel{m, n}
}

type watchedModel struct {
	model.Model
	notes *Notes
}

// Generate streams the model's reply and notes what of it was read.
func (m *watchedModel) Generate(ctx context.Context, r model.Request) iter.Seq2[model.Delta, error] {
	return func(yield func(model.Delta, error) bool) {
		n := m.notes
		round := n.ask(r)
		defer n.replied(round)
		for d, err := range m.Model.Generate(model.Watch(ctx, func() func(model.Attempt) { return n.attempt(round) }), r) {
			n.delta(round, d, err)
			if !yield(d, err) || err != nil {
				return
			}
		}
	}
}

func (n *Notes) ask(r model.Request) *roundNotes {
	n.mu.Lock()
	defer n.mu.Unlock()
	at := n.now()
	round := &roundNotes{request: r, span: Span{StartMS: at, EndMS: at}, open: true}
	if n.closed {
		return round
	}
	if len(n.rounds) == 0 {
		n.trace.ReadyMS = at
	}
	n.rounds = append(n.rounds, round)
	return round
}

func (n *Notes) delta(round *roundNotes, d model.Delta, err error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	switch {
	case n.closed:
	case err != nil:
		round.err = err
	default:
		if len(round.deltas) == 0 {
			round.first = n.now()
		}
		round.deltas = append(round.deltas, d)
	}
}

func (n *Notes) replied(round *roundNotes) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if !n.closed {
		round.span.EndMS, round.open = n.now(), false
	}
}

// attempt notes a request of a provider.
func (n *Notes) attempt(round *roundNotes) func(model.Attempt) {
	n.mu.Lock()
	defer n.mu.Unlock()
	began := n.now()
	return func(a model.Attempt) {
		n.mu.Lock()
		defer n.mu.Unlock()
		if n.closed {
			return
		}
		made := Attempt{Span: Span{began, n.now()}, Status: a.Status}
		if a.Err != nil {
			made.Error = a.Err.Error()
		}
		round.tries = append(round.tries, made)
	}
}

// Tools are tools whose calls are noted.
func (n *Notes) Tools(r tools.Runner) tools.Runner {
	if n == nil {
		return r
	}
	return &watchedTools{r, n}
}

type watchedTools struct {
	tools.Runner
	notes *Notes
}

// Call runs a tool and notes what came of it.
func (w *watchedTools) Call(ctx context.Context, who tools.Caller, name string, args json.RawMessage) (*tools.Result, error) {
	ran := w.notes.run(name, args)
	r, err := w.Runner.Call(ctx, who, name, args)
	w.notes.came(ran, r, err)
	return r, err
}

func (n *Notes) run(name string, args json.RawMessage) *ranCall {
	n.mu.Lock()
	defer n.mu.Unlock()
	ran := &ranCall{round: len(n.rounds) - 1, Call: Call{Tool: name, Args: bytes.Clone(args), Outcome: Broke, Span: Span{StartMS: n.now()}}}
	ran.EndMS = ran.StartMS
	if !n.closed {
		n.ran = append(n.ran, ran)
	}
	return ran
}

func (n *Notes) came(ran *ranCall, r *tools.Result, err error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.closed {
		return
	}
	ran.EndMS = n.now()
	var fault *tools.ArgumentError
	switch {
	case errors.Is(err, tools.ErrPersonal):
		ran.Outcome = Personal
	case errors.As(err, &fault):
		ran.Outcome = Invalid
	case err == nil && r != nil && r.Approval != "":
		ran.Outcome = Waits
	case err == nil && r != nil:
		ran.Outcome = Gave
	}
	if err != nil {
		ran.Error = err.Error()
		return
	}
	if r == nil {
		ran.Error = "the tool gave no result"
		return
	}
	ran.Print, ran.Rows = r.Fingerprint, len(r.Rows)
	for _, c := range r.Columns {
		ran.Columns = append(ran.Columns, c.Name)
	}
}

package trace

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"sync"

	"tesela/agent/model"
	"tesela/agent/model/replay"
)

// ErrNotReplayable is wrapped by the reasons why a turn cannot be run anew from
// its trace.
var ErrNotReplayable = errors.New("the trace does not hold all that the model said")

// Recording is what the turn's model said, for package replay to say again.
func (t *Trace) Recording() (replay.Recording, error) {
	r := replay.Recording{Model: t.Model}
	no := func(why string, args ...any) (replay.Recording, error) {
		return replay.Recording{}, fmt.Errorf("%w: %s", ErrNotReplayable, fmt.Sprintf(why, args...))
	}
	switch {
	case t.Version != Version:
		return no("it is of version %d, this program writes %d", t.Version, Version)
	case t.Status == Cancelled:
		return no("the turn was cancelled and came to no answer")
	case t.Ended != nil && t.Ended.By == "time":
		return no("the turn ran out of time, which a replay does not")
	}
	for i, round := range t.Rounds {
		if round.Changed {
			why := "personal data was masked in it"
			if t.Withheld != "" {
				why = t.Withheld
			}
			return no("reply %d is not kept as it was, for %s", i+1, why)
		}
		reply := replay.Reply{Request: round.Print, Deltas: slices.Clone(round.Deltas), Error: round.Error}
		for at, f := range round.Faults {
			if at < len(reply.Deltas) && reply.Deltas[at].Decision != nil {
				decision := *reply.Deltas[at].Decision
				decision.Without = &model.Fault{Model: f.Model, Cause: f.Cause, Err: errors.New(f.Error)}
				reply.Deltas[at].Decision = &decision
			}
		}
		r.Replies = append(r.Replies, reply)
	}
	return r, nil
}

// Replayer says a turn's replies again whatever it is asked, and remembers where
// it was asked something else than then: where other tools are there, say, or
// earlier turns of the session. It is for one turn.
type Replayer struct {
	mu      sync.Mutex
	next    int
	made    replay.Recording
	differs []int
}

// NewReplayer makes a model of a recording.
func NewReplayer(r replay.Recording) *Replayer { return &Replayer{made: r} }

// Name is the recorded model's.
func (r *Replayer) Name() string { return r.made.Model }

// Differs lists the replies, counted from 1, whose requests are not those of
// then.
func (r *Replayer) Differs() []int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.differs)
}

// Asked tells how many replies were asked for, and how many there are.
func (r *Replayer) Asked() (asked, are int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.next, len(r.made.Replies)
}

// Generate gives the next recorded reply. One more than there are is an error
// that wraps replay.ErrDiffers.
func (r *Replayer) Generate(ctx context.Context, q model.Request) iter.Seq2[model.Delta, error] {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := r.next
	r.next++
	if n >= len(r.made.Replies) {
		return replay.New(replay.Recording{Model: r.made.Model}).Generate(ctx, q)
	}
	reply := r.made.Replies[n]
	if asked := replay.Print(q); asked != reply.Request {
		r.differs = append(r.differs, n+1)
		reply.Request = asked
	}
	return replay.New(replay.Recording{Model: r.made.Model, Replies: []replay.Reply{reply}}).Generate(ctx, q)
}

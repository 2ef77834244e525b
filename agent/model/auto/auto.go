// Package auto puts a model in front of another. The first answers where it is
// sure, and nobody else is asked. Where it does not understand, the second is
// asked, and what the first has to say stands where the second fails. Where the
// first has a reading with a doubt, the second reads the question too, without
// knowing what the first made of it: if both come to the same, that is the
// answer; if not, the person is asked which is meant.
//
// A question that the first finds to have several readings is asked back
// whatever the second would make of it: that one model prefers a reading does
// not tell which was meant, and a wrong figure is worse than a question.
//
// It knows neither of the two, computes nothing, and keeps nothing from one
// request to the next.
package auto

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"tesela/agent/model"
)

// Model asks one model and then another. It is safe for concurrent use if they
// are.
type Model struct {
	// First is asked always; it is quick and lies within this process.
	First model.Model
	// Then is asked where First is not sure, and where it is in doubt; it lies
	// outside.
	Then model.Model
	// Plans tells what their calls mean; nil: then the first's doubts count for
	// nothing.
	Plans Plans
	// Patience is how long Then may take for one reply; 0 is as long as it
	// likes. Where the turn has a time limit, a tenth of it is left for First.
	Patience time.Duration
}

var _ model.Model = (*Model)(nil)

// Name is the model's name where no decision says who made it.
func (m *Model) Name() string { return "auto" }

var (
	errPatience = errors.New("it takes too long")
	errNothing  = errors.New("its reply has neither a call nor a decision in it")
	errRepairs  = errors.New("it keeps calling with arguments that do not fit")
	errNoResult = errors.New("none of its calls came to a result")
	errEndless  = errors.New("its reply does not end")
)

// mostFaulty is how many rounds of a turn may have a call at fault.
const mostFaulty = 2

// Generate makes one reply. Who began a turn goes on with it; each decision
// says who made it.
func (m *Model) Generate(ctx context.Context, r model.Request) iter.Seq2[model.Delta, error] {
	return func(yield func(model.Delta, error) bool) {
		turn := turnOf(r)
		if turn.begun && turn.by != m.Then.Name() {
			for d, err := range m.First.Generate(ctx, r) {
				if !yield(d, err) || err != nil {
					return
				}
			}
			return
		}
		var own reply
		var err error
		weighs := false
		if !turn.begun || turn.doubted {
			own, err = gather(ctx, m.First, turn.question(r), nil)
			weighs = err == nil && m.inDoubt(own) && (turn.begun || !m.picked(r, turn))
			if !turn.begun && err == nil && sure(own) && !weighs {
				own.decision = signed(own.decision, m.First.Name())
				own.pass(yield)
				return
			}
			if own.decision != nil && !turn.begun {
				turn.language = own.decision.Language
			}
			if turn.begun && (!weighs || len(r.Tools) == 0) {
				m.withdrawn(ctx, r, turn, own, err).pass(yield)
				return
			}
		}
		r.Language = cmp.Or(r.Language, turn.language)
		var got reply
		var fault *model.Fault
		show := &showing{yield: yield}
		if ctx.Err() == nil {
			if !turn.results || turn.checked || weighs {
				show = nil // whether it is an answer is only known at its end
			}
			got, fault = m.second(ctx, r, turn, show)
		}
		if show.stopped() {
			return
		}
		if fault != nil && turn.begun && !weighs && ctx.Err() == nil {
			own, err = gather(ctx, m.First, turn.question(r), nil)
		}
		switch {
		case ctx.Err() != nil:
			yield(model.Delta{}, context.Cause(ctx))
		case weighs:
			m.weigh(ctx, r, turn, own, got, fault).pass(yield)
		case fault == nil:
			if got.decision != nil || !turn.begun {
				got.decision = signed(got.decision, m.Then.Name())
				got.decision.Outside = true
				if got.decision.Language == "" {
					got.decision.Language = r.Language
				}
			}
			got.pass(yield)
		case turn.checked:
			// A text is to be said better; the caller has better words itself.
			yield(model.Delta{}, fault)
		case err != nil:
			yield(model.Delta{}, fmt.Errorf("%w; and without it: %w", fault, err))
		default:
			// What the first says, now that it is all there is.
			m.stands(own, got, fault).pass(yield)
		}
	}
}

// stands is what the first model said, where the second has nothing to set
// against it; fault is what kept it, nil where it was only unsure. Nothing is
// computed in the midst of a turn that was the second's from the beginning.
func (m *Model) stands(own, got reply, fault *model.Fault) reply {
	own.decision = signed(own.decision, m.First.Name())
	own.decision.Without = fault
	own.used = got.used
	if !m.inDoubt(own) {
		own.calls = nil
	}
	return own
}

// second asks the second model, and tells what keeps its reply from use.
func (m *Model) second(ctx context.Context, r model.Request, turn turn, show *showing) (reply, *model.Fault) {
	broken := func(err error) *model.Fault {
		return &model.Fault{Model: m.Then.Name(), Cause: model.Broken, Err: err}
	}
	if turn.faulty >= mostFaulty {
		return reply{}, broken(errRepairs)
	}
	limited, cancel := m.limit(ctx)
	defer cancel()
	got, err := gather(limited, m.Then, r, show)
	var fault *model.Fault
	switch {
	case err == nil && len(got.calls) == 0 && got.decision == nil && !turn.begun:
		return got, broken(errNothing)
	case err == nil && len(got.calls) == 0 && got.decision == nil && !turn.results:
		return got, broken(errNoResult)
	case err == nil:
		return got, nil
	case errors.Is(context.Cause(limited), errPatience):
		return got, &model.Fault{Model: m.Then.Name(), Cause: model.Slow, Err: errPatience}
	case errors.As(err, &fault):
		return got, fault
	}
	return got, broken(err)
}

// limit bounds one reply of the second model.
func (m *Model) limit(ctx context.Context) (context.Context, context.CancelFunc) {
	patience := m.Patience
	if end, ok := ctx.Deadline(); ok {
		if left := time.Until(end) * 9 / 10; patience <= 0 || left < patience {
			patience = max(left, time.Nanosecond)
		}
	}
	if patience <= 0 {
		return context.WithCancel(ctx)
	}
	return context.WithTimeoutCause(ctx, patience, errPatience)
}

// sure tells whether a first reply is to stand. Readings that differ are asked
// about whoever reads them, and so is what the data's setup lacks; words that
// mean nothing may mean something to another.
func sure(r reply) bool {
	d := r.decision
	if len(r.calls) > 0 || d == nil {
		return len(r.calls) > 0
	}
	switch d.Reason {
	case model.UnknownWords, model.MissingField, model.OutOfScope:
		return false
	case "":
		return len(d.Unknown) == 0
	}
	return true
}

// signed is a decision with its maker's name.
func signed(d *model.Decision, by string) *model.Decision {
	if d == nil {
		return &model.Decision{Status: model.Answered, By: by}
	}
	copied := *d
	copied.By = by
	return &copied
}

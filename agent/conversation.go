package agent

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"strings"
	"time"

	"tesela/agent/model"
	"tesela/agent/trace"
	"tesela/store"
	"tesela/tools"
)

// Restater puts a call's arguments into words: one sentence, and what had to
// be assumed to read them so.
type Restater interface {
	Call(lang, tool string, args json.RawMessage, catalogue *model.Catalogue) (text string, assumptions []string)
}

// Config is what a conversation needs. Only Tools and Model must be there.
type Config struct {
	// Workspace keeps the turns and dates the data; without one nothing is
	// kept beyond the conversation itself.
	Workspace store.Workspace
	Tools     tools.Runner
	Model     model.Model
	// Session names the conversation whose earlier turns are followed up; with
	// "" each question stands alone.
	Session string
	// Language is "en", "es", "pt", or "" where the model is to tell.
	Language string
	// AsOf is T; the zero time means the data's own.
	AsOf time.Time
	// Catalogue is what the model may know of the data; nil: it is taken from
	// the workspace, as it is when a turn begins.
	Catalogue *model.Catalogue
	// Starter gives what turns start from, where several conversations over
	// the workspace share it; nil: one of this conversation's own.
	Starter *tools.Starter
	// Past keeps what earlier turns say, where several conversations over the
	// workspace share it; nil: one of this conversation's own.
	Past *Past
	// Restate words the calls where the model has not said what it understood;
	// nil: then nothing is said.
	Restate Restater
	// Person is set where personal traits may be listed because a person
	// asks and the model sees nothing of them leave this process.
	Person bool
	// Progress, if set, is told how far long calls are; see tools.Caller.
	Progress func(what string, done, total int)
	// Clock dates the turns and times the answers; nil leaves both out.
	Clock  func() time.Time
	Limits Limits
	// Program is the version of the program, kept with each answer.
	Program string
	// Hold is how long a call that waits for a person may be approved; the
	// zero time means a day. Without a Clock it may be for ever.
	Hold time.Duration
	// Price is what the model's tokens cost.
	Price model.Price
	// Traces takes down what each turn did; nil: nothing does.
	Traces trace.Sink
}

// Limits bound one turn. A zero field takes its default. At the bounds of
// rounds, tokens, cost and time the tools are withdrawn and the turn is answered
// with what there is by then: one reply without tools may come after them, no
// longer than what is left or about 1,000 tokens, and after that of time none.
type Limits struct {
	Rounds   int           // replies of the model that may call tools; UsualRounds
	Invalid  int           // rounds with invalid arguments that may be repaired; 2
	Repeats  int           // times the same call may give the same result; 3
	Calls    int           // calls in one round; 16
	Question int           // bytes of a question; 8,000
	Text     int           // bytes of a model's text; 64,000
	Tokens   int           // of a language model, to and fro; UsualTokens
	Cost     float64       // of them in dollars, where Config has their price; none
	Time     time.Duration // of the whole turn; none
}

// The bounds of a turn that sets none.
const (
	UsualRounds = 8
	UsualTokens = 250_000
)

func (l Limits) withDefaults() Limits {
	set := func(n *int, to int) {
		if *n <= 0 {
			*n = to
		}
	}
	set(&l.Rounds, UsualRounds)
	set(&l.Invalid, 2)
	set(&l.Repeats, 3)
	set(&l.Calls, 16)
	set(&l.Question, 8000)
	set(&l.Text, 64000)
	set(&l.Tokens, UsualTokens)
	return l
}

// Conversation asks questions one after the other. It is not safe for
// concurrent use; several conversations are.
type Conversation struct {
	Config
	// unkept are the turns that the workspace could not keep, so that they
	// can be followed up all the same.
	unkept []store.Turn
	noted  *trace.Notes // of the turn under way; nil where none are taken
}

// New makes a conversation; nothing is read before the first question.
func New(c Config) *Conversation {
	c.Limits = c.Limits.withDefaults()
	if c.Past == nil {
		c.Past = &Past{}
	}
	if c.Starter == nil && c.Workspace != nil {
		c.Starter = tools.NewStarter(c.Workspace)
	}
	return &Conversation{Config: c}
}

var (
	errStopped   = errors.New("the reader of the events stopped")
	errTimeLimit = errors.New("the time limit of the turn is over")
)

// Ask answers a question as a stream of events. The last event carries the
// answer, also where a model or a tool failed (its Status tells); the stream
// ends with an error instead only when ctx is cancelled or the workspace
// cannot be read, and then the turn leaves no trace. A reader that stops
// early cancels the turn.
func (c *Conversation) Ask(ctx context.Context, question string) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		going := true
		emit := func(e Event) error {
			if going = going && yield(e, nil); !going {
				return errStopped
			}
			return nil
		}
		t := &turn{c: c, question: strings.ToValidUTF8(question, "\ufffd"), emit: emit}
		noted := c.traced(t)
		err := t.run(ctx)
		noted()
		if err != nil && going {
			yield(Event{}, fmt.Errorf("answer the question: %w", err))
		}
	}
}

// within runs f elsewhere and waits for it no longer than ctx allows, so that
// a tool or model slow to notice a cancellation does not hold up its end.
func within[T any](ctx context.Context, f func(context.Context) (T, error)) (T, error) {
	type outcome struct {
		value T
		err   error
	}
	done := make(chan outcome, 1)
	go func() {
		var o outcome
		defer func() {
			if p := recover(); p != nil {
				o.err = fmt.Errorf("broke off: %v", p)
			}
			done <- o
		}()
		o.value, o.err = f(ctx)
	}()
	select {
	case o := <-done:
		return o.value, o.err
	case <-ctx.Done():
		var zero T
		return zero, context.Cause(ctx)
	}
}

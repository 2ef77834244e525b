package agent

import (
	"errors"
	"slices"
	"strings"

	"tesela/agent/model"
)

// lastReply is how many tokens a reply may have where a bound leaves fewer: so
// much it takes to answer with what there is.
const lastReply = 1000

// tokenBytes is how many bytes of text at least make a token where the model
// has not told yet how many there are.
const tokenBytes = 3

// mostCalls is how many times the calls of a round a reply may ask for before
// it is taken for one without end.
const mostCalls = 64

// errBound is a reply that a bound cut short.
var errBound = errors.New("it came to a bound")

// allowance is how much a reply may hold, and the bound that says so.
type allowance struct {
	bytes int
	by    BoundName
}

// left is what the turn's tokens and money leave for the next reply.
func (t *turn) left() allowance {
	l, used, cost := t.c.Limits, 0, 0.0
	if t.used != nil {
		used, cost = t.used.InputTokens+t.used.OutputTokens, t.used.Cost
	}
	tokens, by := l.Tokens-used, TokensBound
	if price := t.c.Price.Output; l.Cost > 0 && price > 0 {
		if n := (l.Cost - cost) / price * 1e6; n < float64(tokens) {
			tokens, by = int(n), CostBound
		}
	}
	return allowance{bytes: tokenBytes * max(tokens, min(lastReply, l.Tokens)), by: by}
}

// cut notes a reply that a bound ends in its midst, and what there was of it.
func (t *turn) cut(by BoundName, out *reply, r model.Request, size int) error {
	if len(out.used) == 0 && t.outside() {
		asked := 0
		for _, m := range r.Messages {
			asked += len(m.Text) + len(m.Result)
		}
		out.used = append(out.used, model.Usage{InputTokens: asked / tokenBytes, OutputTokens: size / tokenBytes, Estimated: true})
	}
	t.hit(by)
	return errBound
}

// spent tells that the turn has used up its tokens or money.
func (t *turn) spent() bool { return len(t.overdrawn()) > 0 }

func (t *turn) overdrawn() (bounds []BoundName) {
	l := t.c.Limits
	if t.used == nil {
		return nil
	}
	if t.used.InputTokens+t.used.OutputTokens >= l.Tokens {
		bounds = append(bounds, TokensBound)
	}
	if l.Cost > 0 && t.used.Cost >= l.Cost {
		bounds = append(bounds, CostBound)
	}
	return bounds
}

// bounded tells that the tools are to be withdrawn before the reply of a number,
// and notes why.
func (t *turn) bounded(n int) bool {
	by := t.overdrawn()
	if n > t.c.Limits.Rounds {
		by = append(by, RoundsBound)
	}
	t.hit(by...)
	return len(by) > 0
}

// hit notes that bounds end the turn.
func (t *turn) hit(by ...BoundName) {
	l := t.c.Limits
	for _, name := range by {
		limit := map[BoundName]float64{
			RoundsBound: float64(l.Rounds), TokensBound: float64(l.Tokens), CostBound: l.Cost, TimeBound: l.Time.Seconds(), TextBound: float64(l.Text),
		}[name]
		if b := (Bound{name, limit}); !slices.Contains(t.bounds, b) {
			t.bounds = append(t.bounds, b)
		}
	}
}

// silent takes back what bounded noted where a reply without tools has nothing
// to say: one that had come to its end, as the planner has.
func (t *turn) silent(said reply) {
	if t.used == nil && said.text == "" && len(said.calls) == 0 {
		t.bounds = nil
	}
}

// rests tells whether a turn that went wrong at a bound is answered with what
// it has, and why not.
func (t *turn) rests(err error) error {
	switch {
	case len(t.results()) > 0 && len(t.waiting) == 0 && !t.ends():
		t.text = ""
		return nil
	case errors.Is(err, errBound):
		return &fault{code: "bound", err: err}
	}
	return err
}

// boundNames are the bounds that ended the turn, as its words name them.
func (t *turn) boundNames() []string {
	names := make([]string, len(t.bounds))
	for i, b := range t.bounds {
		names[i] = string(b.Name)
	}
	return names
}

// bound says in the answer which bound ended the turn.
func (t *turn) bound(a *Answer) {
	a.Bounds = t.bounds
	if t.broke && a.Status == model.Answered {
		t.note(a, t.lang.Broke(a.Model))
	}
	if len(t.bounds) == 0 || a.Status != model.Answered {
		return
	}
	t.note(a, t.lang.Bounded(t.boundNames()))
}

// note puts something that a reader must know of the answer under its text.
func (t *turn) note(a *Answer, note string) {
	a.Notes = append(a.Notes, note)
	a.Text = strings.TrimSpace(a.Text + "\n\n" + note)
}

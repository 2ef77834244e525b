package agent

import (
	"context"
	"errors"
	"strings"

	"tesela/agent/model"
)

var errTooLong = errors.New("its reply does not end")

// reply is a model's whole reply of one round.
type reply struct {
	text     string
	calls    []model.Call
	decision *model.Decision
	used     []model.Usage
}

// generate streams one reply. Nothing of it is shown as it comes: text is
// checked against the results first, and calls are run once all are known.
func (t *turn) generate(ctx context.Context, r model.Request) (reply, error) {
	return within(ctx, func(ctx context.Context) (reply, error) {
		var out reply
		var text strings.Builder
		for d, err := range t.c.Model.Generate(ctx, r) {
			if err != nil {
				return reply{used: out.used}, err
			}
			if err := ctx.Err(); err != nil {
				return reply{}, context.Cause(ctx)
			}
			text.WriteString(d.Text)
			if d.Call != nil {
				out.calls = append(out.calls, *d.Call)
			}
			if d.Decision != nil {
				out.decision = d.Decision
			}
			if d.Usage != nil {
				out.used = append(out.used, *d.Usage)
			}
			if text.Len() > t.c.Limits.Text || len(out.calls) > 64*t.c.Limits.Calls {
				return reply{}, errTooLong
			}
		}
		out.text = strings.TrimSpace(text.String())
		return out, nil
	})
}

// spend adds a reply's use of a language model to the turn's.
func (t *turn) spend(used []model.Usage) {
	for _, u := range used {
		if t.used == nil {
			t.used = &Usage{}
		}
		t.used.Rounds++
		t.used.InputTokens += u.InputTokens
		t.used.OutputTokens += u.OutputTokens
		t.used.Estimated = t.used.Estimated || u.Estimated
		t.used.Cost = (float64(t.used.InputTokens)*t.c.Price.Input + float64(t.used.OutputTokens)*t.c.Price.Output) / 1e6
	}
}

// spent tells that the turn has used up its tokens or money.
func (t *turn) spent() bool {
	l := t.c.Limits
	return t.used != nil && (t.used.InputTokens+t.used.OutputTokens >= l.Tokens || l.Cost > 0 && t.used.Cost >= l.Cost)
}

// outside tells that a model outside this process gets to see the results.
func (t *turn) outside() bool { return t.decision != nil && t.decision.Outside }

// decide takes over what the model decided; what an earlier round of the turn
// said stands where this one is silent.
func (t *turn) decide(d *model.Decision) {
	if d == nil {
		return
	}
	next := *d
	if old := t.decision; old != nil {
		if next.Language == "" {
			next.Language = old.Language
		}
		if next.Understood == "" {
			next.Understood = old.Understood
		}
		if next.Status == "" {
			next.Status = old.Status
		}
		if len(next.Assumptions) == 0 {
			next.Assumptions = old.Assumptions
		}
		if next.By == "" {
			next.By = old.By
		}
		if next.Without == nil {
			next.Without = old.Without
		}
		next.Outside = next.Outside || old.Outside
	}
	t.decision = &next
}

// ends tells that the decision is an answer by itself, beside which nothing
// is computed.
func (t *turn) ends() bool {
	return t.decision != nil && (t.decision.Status == model.Clarify || t.decision.Status == model.Cannot)
}

package planner

import (
	"context"
	"encoding/json"
	"strings"

	"tesela/agent/model"
)

// offer is a reading to pick from: what a call says, with the call. Said is
// empty where the call cannot be put into words.
func (p *Planner) offer(lang, tool string, args json.RawMessage) model.Choice {
	said, _ := p.say.Call(lang, tool, args, p.ix.cat)
	return model.Choice{Label: said, Question: said, Call: &model.Call{Name: tool, Args: args}}
}

// foresee adds the calls to the choices of a question back that are words only,
// so that whoever shows them can tell what each comes to.
func (p *Planner) foresee(ctx context.Context, r model.Request, dec *model.Decision) error {
	if dec.Status != model.Clarify {
		return nil
	}
	for i, c := range dec.Choices {
		if c.Call != nil {
			continue
		}
		alone := r
		alone.Messages = []model.Message{{Role: model.User, Text: c.Question}}
		calls, _, err := p.readAll(ctx, alone, 0)
		if err != nil {
			return err
		}
		if len(calls) == 1 {
			dec.Choices[i].Call = &calls[0]
		}
	}
	return nil
}

// inTheseWords is the call of the one choice that is said word by word as the
// question is: who types what was offered has chosen it. Nil where none is.
func inTheseWords(question string, dec *model.Decision) *model.Call {
	if dec.Status != model.Clarify {
		return nil
	}
	var found *model.Call
	for _, c := range dec.Choices {
		if c.Call != nil && strings.EqualFold(strings.TrimRight(c.Question, ".?! "), strings.TrimRight(strings.TrimSpace(question), ".?! ")) {
			if found != nil {
				return nil
			}
			found = c.Call
		}
	}
	return found
}

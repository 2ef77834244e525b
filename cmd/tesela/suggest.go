package main

import (
	"context"

	"tesela/agent"
	"tesela/agent/model"
	"tesela/agent/model/auto"
	"tesela/agent/planner"
	"tesela/agent/suggest"
	"tesela/store"
)

// nextQuestions offers what can be asked next about a workspace, in the words
// that the planner reads.
type nextQuestions struct {
	*suggest.Suggester
}

// newNextQuestions makes it with the planner that is in a conversation's
// model; nil where there is none.
func newNextQuestions(m model.Model) (*nextQuestions, error) {
	p := plannerIn(m)
	if p == nil {
		return nil, nil //nolint:nilnil // nothing is offered then
	}
	meaning, err := newPlans()
	if err != nil {
		return nil, err
	}
	same := func(a, b []model.Call, c *model.Catalogue) bool {
		x, errX := meaning.Key(a, c)
		y, errY := meaning.Key(b, c)
		return errX == nil && errY == nil && x == y
	}
	s, err := suggest.New(meaning.say, readBy(p), same)
	return &nextQuestions{s}, err
}

// plannerIn is the planner that reads beside or within a model.
func plannerIn(m model.Model) *planner.Planner {
	switch m := m.(type) {
	case *planner.Planner:
		return m
	case *auto.Model:
		return plannerIn(m.First)
	case *auto.Heard:
		p, _ := m.Ear.(*planner.Planner)
		return p
	}
	return nil
}

// readBy reads questions that stand alone.
func readBy(p *planner.Planner) suggest.Reader {
	return func(ctx context.Context, c *model.Catalogue, language, question string) ([]model.Call, bool) {
		var calls []model.Call
		answered := false
		r := model.Request{Messages: []model.Message{{Role: model.User, Text: question}}, Language: language, Catalogue: c}
		for d, err := range p.Generate(ctx, r) {
			if err != nil {
				return nil, false
			}
			if d.Decision != nil {
				answered = d.Decision.Status == model.Answered && len(d.Decision.Doubt) == 0
			}
			if d.Call != nil {
				calls = append(calls, *d.Call)
			}
		}
		return calls, answered
	}
}

// after offers next questions after an answer, none after one that did not
// come to a result.
func (n *nextQuestions) after(ctx context.Context, c *model.Catalogue, a *agent.Answer, asked []*agent.Answer) []model.Choice {
	if n == nil || a == nil || a.Status != model.Answered {
		return nil
	}
	var before []model.Call
	for _, past := range append(asked, a) {
		for _, call := range past.Calls {
			before = append(before, model.Call{Name: call.Tool, Args: call.Args})
		}
	}
	return n.After(ctx, c, a.Language, stepsOf(a), before)
}

// offerNext puts next questions beside an answer where somebody sees them: a
// program, or a person at a terminal.
func (a *app) offerNext(ctx context.Context, c *agent.Conversation, answer *agent.Answer) error {
	if !a.json && !isTerminal(a.out) {
		return nil
	}
	next, err := newNextQuestions(c.Model)
	if err != nil {
		return err
	}
	of, err := catalogueOf(ctx, c)
	if err != nil {
		return err
	}
	answer.Suggestions = next.after(ctx, of, answer, nil)
	return nil
}

func stepsOf(a *agent.Answer) []suggest.Step {
	var steps []suggest.Step
	for _, call := range a.Calls {
		if call.Result != nil && call.Error == "" {
			steps = append(steps, suggest.Step{Call: model.Call{Name: call.Tool, Args: call.Args}, Result: call.Result})
		}
	}
	return steps
}

// complete gives what a text being typed may become.
func (n *nextQuestions) complete(ctx context.Context, c *model.Catalogue, language, typed string) []model.Choice {
	if n == nil {
		return nil
	}
	return n.Complete(ctx, c, language, typed)
}

// first offers questions to begin with: a demo's own, else those that the data
// can answer.
func (n *nextQuestions) first(ctx context.Context, ws store.Workspace, c func() *model.Catalogue) func(language string) []string {
	if own := demoExamples(ctx, ws); own != nil {
		return own
	}
	if n == nil {
		return nil
	}
	return func(language string) []string {
		var list []string
		for _, choice := range n.First(ctx, c(), language) {
			list = append(list, choice.Question)
		}
		return list
	}
}

package slackbot

import (
	"context"
	"slices"
	"strings"

	"tesela/agent"
	"tesela/agent/model"
	"tesela/agent/wording"
	"tesela/cmd/internal/slackbot/wire"
	"tesela/tools"
)

// place is where something is to be shown.
type place struct {
	direct bool // one person and the bot alone read along
	open   bool // that person may see personal data
}

// placeOf says what may be shown where a delivery came from.
func (b *Bot) placeOf(ctx context.Context, d wire.Delivery) place {
	p := place{direct: d.Direct}
	p.open = p.direct && b.among(ctx, d.User, b.config.MayPersonal)
	return p
}

// among tells whether a user is one of these users and groups. A group that
// cannot be looked up has nobody in it.
func (b *Bot) among(ctx context.Context, user string, allowed []string) bool {
	if slices.Contains(allowed, user) {
		return true
	}
	for _, id := range allowed {
		if !strings.HasPrefix(id, "S") {
			continue
		}
		in, err := b.config.Poster.InGroup(ctx, user, id)
		if err != nil {
			b.config.Log.Warn("look up a user group", "group", id, "error", discreet(err.Error()))
			continue
		}
		if in {
			return true
		}
	}
	return false
}

// shown is what a place gets to see of an answer.
type shown struct {
	answer   *agent.Answer // nil: only the sentence
	sentence string        // why nothing is shown, and how to get it
	bare     bool          // rows that tell of single customers are left out
}

// show gives what may be shown of an answer in a place. What cannot be checked
// is not shown.
func (b *Bot) show(ctx context.Context, a *agent.Answer, p place) shown {
	if p.open || b.config.Personal == nil {
		return shown{answer: a}
	}
	w := b.in(a.Language)
	about := w.PersonalChannel
	if p.direct {
		about = w.PersonalDirect
	}
	if a.Reason == model.Personal {
		return shown{sentence: about}
	}
	parts, err := b.config.Personal(ctx, told(a))
	if err != nil {
		b.config.Log.Error("look for personal data; the answer is not shown", "answer", a.ID, "error", discreet(err.Error()))
		return shown{sentence: w.Unchecked}
	}
	if !parts.Any() {
		return shown{answer: a}
	}
	if a.Status == model.Failed && !slices.ContainsFunc(a.Calls, func(c agent.CallRecord) bool { return c.Error != "" }) {
		about = w.Broke // what it broke over is not told; that a call found nobody of that name is not a breakage
	}
	if parts.Elsewhere != "" || b.config.Withhold == nil {
		return shown{sentence: about}
	}
	bare, err := b.config.Withhold(ctx, a)
	if err != nil {
		return shown{sentence: about}
	}
	again, err := bareText(bare, parts)
	if err != nil {
		return shown{sentence: w.Unchecked}
	}
	return shown{answer: again, bare: true}
}

// told is an answer whose question holds all that it says in words of its own,
// so that all of it is looked through.
func told(a *agent.Answer) *agent.Answer {
	all := []string{a.Question, a.Understood}
	all = append(all, a.Assumptions...)
	all = append(all, a.Unknown...)
	for _, c := range a.Choices {
		all = append(all, c.Label, c.Question)
	}
	if a.Status != model.Answered && a.Status != model.Approve {
		all = append(all, a.Text)
	}
	probe := *a
	probe.Question = strings.Join(all, "\n")
	return &probe
}

// bareText gives an answer without rows its text again, from what is left.
func bareText(a *agent.Answer, parts tools.PersonalParts) (*agent.Answer, error) {
	lang, err := wording.For(a.Language)
	if err != nil {
		return nil, err
	}
	bare := *a
	bare.Calls = slices.Clone(a.Calls)
	var calls, waiting []wording.Call
	for i := range bare.Calls {
		c := &bare.Calls[i]
		if c.Result == nil {
			continue
		}
		if i < len(parts.Rows) && parts.Rows[i] {
			left := *c.Result
			left.Columns, left.Rows, left.Chart = nil, nil, nil
			c.Result = &left
		}
		call := wording.Call{Tool: c.Tool, Args: c.Args, Result: c.Result}
		if c.Approval != "" {
			waiting = append(waiting, call)
		} else {
			calls = append(calls, call)
		}
	}
	switch {
	case a.Status == model.Approve:
		bare.Text = lang.Approval(waiting)
	case a.Decided != nil:
		bare.Text = lang.Done(calls)
	default:
		bare.Text = lang.Answer(calls)
	}
	return &bare, nil
}

package slackbot

import (
	"context"
	"slices"

	"tesela/agent"
	"tesela/agent/model"
	"tesela/cmd/internal/slackbot/blockkit"
)

// draft is what of an answer is written already. It is shown in direct messages
// only, at the pace of progress: in a channel a text that may still be taken
// back is nobody's business.
type draft struct {
	bot   *Bot
	q     *question
	p     *progress
	where place
	calls []agent.CallRecord // that ended
	text  string
}

// take follows a turn.
func (d *draft) take(ctx context.Context, e agent.Event) {
	switch {
	case e.Ended != nil:
		d.calls = append(d.calls, *e.Ended)
	case e.Withdrawn:
		d.text = ""
		d.p.say(d.p.waiting)
	case e.Draft != "":
		if d.text += e.Draft; !d.where.direct || d.q.alone {
			return
		}
		a := &agent.Answer{
			Status: model.Answered, Language: d.p.words().lang.Code, Question: d.q.text, Text: d.text, Calls: slices.Clone(d.calls),
		}
		d.p.say(func() blockkit.Message { return d.shown(ctx, a) })
	}
}

// shown is a draft as its place may see it: where anything would be left out of
// such an answer, there is none.
func (d *draft) shown(ctx context.Context, a *agent.Answer) (m blockkit.Message) {
	m = d.p.waiting()
	err := d.bot.unbroken(d.q.d, func() error {
		probe := *a
		probe.Question += "\n" + a.Text // so that it is looked through, too
		if s := d.bot.show(ctx, &probe, d.where); s.answer != &probe {
			return nil
		}
		written, ok, err := blockkit.Draft(a, d.bot.options(a, shown{answer: a}, d.where))
		if ok {
			m, d.q.drafted = written, true
		}
		return err
	})
	if err != nil {
		d.bot.fault("show what is written of an answer", d.q.d, err)
	}
	return m
}

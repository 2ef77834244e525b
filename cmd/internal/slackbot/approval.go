package slackbot

import (
	"context"
	"errors"
	"strings"
	"time"

	"tesela/agent"
	"tesela/agent/wording"
	"tesela/cmd/internal/slackbot/blockkit"
	"tesela/cmd/internal/slackbot/wire"
)

// decide approves or rejects the very call that a button was made for, where
// who pressed may.
func (b *Bot) decide(ctx context.Context, d wire.Delivery, yes bool) {
	id := d.Value
	of, _, _ := strings.Cut(id, ".")
	a := b.pressed(ctx, d, of)
	if a == nil {
		return
	}
	w := b.in(a.Language)
	where := b.placeOf(ctx, d)
	if s := b.show(ctx, a, where); s.answer == nil {
		b.whisper(ctx, d, s.sentence)
		return
	}
	if ok, why := b.mayDecide(ctx, d, w); !ok {
		b.aside(ctx, d, why)
		return
	}
	c, err := b.config.Converse(ctx, session(d.Team, d.Channel, d.Thread), a.Language, where.open)
	if err != nil {
		b.fault("decide", d, err)
		b.whisper(ctx, d, w.NotNow)
		return
	}
	c.Hold = b.config.Hold
	var done *agent.Answer
	err = b.unbroken(d, func() (err error) {
		who := b.who(ctx, d.User)
		if yes {
			done, err = c.Approve(ctx, id, who)
		} else {
			done, err = c.Reject(ctx, id, who)
		}
		return err
	})
	var no *agent.ApprovalError
	switch {
	case ctx.Err() != nil && done == nil:
		return
	case errors.As(err, &no):
		b.undecided(ctx, d, a, no)
		return
	case done == nil:
		if err != nil {
			b.fault("decide", d, err)
		}
		b.whisper(ctx, d, w.NotNow)
		return
	case err != nil: // done, but not written down
		b.fault("keep a decision", d, err)
	}
	b.decided(ctx, d, a, done)
}

// mayDecide tells whether who pressed may approve or reject here, and else who
// may.
func (b *Bot) mayDecide(ctx context.Context, d wire.Delivery, w *words) (bool, blockkit.Message) {
	if len(b.config.Approvers) == 0 {
		return d.Direct, notice(w.MayNone)
	}
	return b.among(ctx, d.User, b.config.Approvers), markup(fill(w.MayNot, "who", b.mentions(w)))
}

// decided shows all who decided, and what came of it.
func (b *Bot) decided(ctx context.Context, d wire.Delivery, asked, done *agent.Answer) {
	first := done
	if done.Decided.Again && b.config.Answer != nil {
		// What is shown is what came of it the first time.
		if kept, err := b.config.Answer(ctx, done.ID); err == nil {
			first = kept
		}
	}
	q := &question{d: d, to: wire.Target{Channel: d.Channel, Thread: d.Thread}}
	defer q.writes.wait()
	b.changeThread(ctx, d, func(t *thread) {
		t.Last = first.ID
		if t.Decided == nil {
			t.Decided = map[string]string{}
		}
		t.Decided[first.Decided.Approval] = first.ID
	}, func(keep func(context.Context) error) { b.later(ctx, q, "keep the thread", keep) })
	where := b.placeOf(ctx, d)
	if m, ok := b.settled(ctx, d, asked, first, where); ok {
		if err := b.config.Poster.Update(ctx, d.Channel, d.TS, m); err != nil && ctx.Err() == nil {
			b.fault("show who decided", d, err)
		}
	}
	if done.Decided.Again && !d.Again {
		b.whisper(ctx, d, done.Text)
		return
	}
	if !first.Decided.Approved || ctx.Err() != nil {
		return
	}
	messages, files, err := b.drawn(ctx, d, first, b.show(ctx, first, where), where)
	if err == nil {
		q.note = b.recall(ctx, d)
		err = b.deliver(ctx, q, messages, files)
	}
	if err != nil && ctx.Err() == nil {
		b.fault("tell what was done", d, err)
	}
}

// settled is the message that was pressed on, with all that was decided of it.
func (b *Bot) settled(ctx context.Context, d wire.Delivery, asked, first *agent.Answer, where place) (blockkit.Message, bool) {
	s := b.show(ctx, asked, where)
	m, ok := b.withButton(asked, s, where, d.Value)
	if !ok {
		return m, false
	}
	known, err := b.threads.find(ctx, d)
	if err != nil || known == nil {
		known = &thread{}
	}
	open := false
	for _, c := range asked.Calls {
		if c.Approval == "" {
			continue
		}
		one := first
		if c.Approval != first.Decided.Approval {
			id := known.Decided[c.Approval]
			if id == "" || b.config.Answer == nil {
				open = true
				continue
			}
			if one, err = b.config.Answer(ctx, id); err != nil {
				open = true
				continue
			}
		}
		if next, err := blockkit.Decided(m, one, b.options(asked, s, where)); err == nil {
			m = next
		}
	}
	if open {
		m = b.withHint(ctx, m, d, b.in(asked.Language), time.Time{})
	}
	return m, true
}

// undecided tells who pressed why nothing came of it, and all where nothing
// ever will.
func (b *Bot) undecided(ctx context.Context, d wire.Delivery, asked *agent.Answer, no *agent.ApprovalError) {
	if no.Err != nil {
		b.fault("decide", d, no.Err)
	}
	where := b.placeOf(ctx, d)
	if no.Reason == "expired" {
		if m, ok := b.withButton(asked, b.show(ctx, asked, where), where, d.Value); ok {
			m = withoutButtons(m)
			m.Blocks = append(m.Blocks, notice(b.in(asked.Language).Expired).Blocks...)
			if err := b.config.Poster.Update(ctx, d.Channel, d.TS, m); err != nil && ctx.Err() == nil {
				b.fault("show that it is too late", d, err)
			}
		}
	}
	b.whisper(ctx, d, wording.Capital(no.Message))
}

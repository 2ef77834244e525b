package slackbot

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"tesela/agent"
	"tesela/cmd/internal/slackbot/blockkit"
	"tesela/cmd/internal/slackbot/wire"
)

// question is one turn on its way.
type question struct {
	d    wire.Delivery
	text string
	// language it is asked in; "" where it tells itself.
	language string
	to       wire.Target
	// alone is set where only who asked sees the answer, as it cannot be
	// posted.
	alone bool
	// first is the ts of the message that becomes the answer's first one, ""
	// where there is none yet.
	first string
	// unsure is set where a first message may stand there or not.
	unsure bool
	// told is set once all words of the answer stand there: only files are left.
	told bool
	// drafted is set once what is written of the answer stands there, or is to.
	drafted bool
	// signed is set where who asked alone was told that it was heard.
	signed bool
	// seen is called with what may be shown, before it is.
	seen func(s shown)

	note   note
	writes writes
}

// inThread is the delivery as of the thread that its answer is in.
func (q *question) inThread() wire.Delivery {
	d := q.d
	d.Channel, d.Thread = q.to.Channel, q.to.Thread
	return d
}

// turn answers a question: a sign unless it is quick, what it is at, the answer,
// files.
func (b *Bot) turn(ctx context.Context, q *question) {
	// A person's settings may have to be asked for: only where they are needed.
	inWords := sync.OnceValue(func() *words { return b.speaks(ctx, q.d) })
	before := b.recall(ctx, q.d)
	if before.Over {
		return
	}
	if !q.note.Counted {
		q.note = before
	}
	defer q.writes.wait()
	if !q.note.Counted && !b.counted(ctx, q, inWords) {
		return
	}
	s := b.seat()
	defer s.leave()
	heard := func() blockkit.Message {
		if !s.taken.Load() {
			return notice(inWords().Queued)
		}
		return looking(inWords())
	}
	first := heard
	if q.d.Again || q.d.Pane || b.config.Quick < 0 {
		if !b.firstSign(ctx, q, heard()) {
			return
		}
		first = nil
	}
	p := b.startProgress(ctx, inWords, first, func(ctx context.Context, m blockkit.Message) error { return b.sign(ctx, q, m) })
	defer p.end()
	if q.d.Again && q.first != "" { // it may say that it was stopped
		p.say(heard)
	}
	if !s.taken.Load() {
		if !s.take(ctx) {
			p.end()
			b.stopped(ctx, q, inWords())
			return
		}
		p.say(heard)
	}
	a, err := b.answer(ctx, q, p)
	s.leave() // telling it takes as long as Slack does: others may be worked on
	p.end()
	switch {
	case ctx.Err() != nil:
		b.stopped(ctx, q, inWords())
	case errors.Is(err, errBroke):
		b.instead(ctx, q, notice(inWords().Broke))
	case err != nil:
		b.fault("answer a question", q.d, err)
		b.instead(ctx, q, notice(inWords().Unavailable))
	default:
		b.finish(ctx, q, a)
	}
}

// counted takes the turn from the budgets; false where there is none left,
// which is said.
func (b *Bot) counted(ctx context.Context, q *question, inWords func() *words) bool {
	return b.count(ctx, q, inWords, true)
}

// count takes a turn from the budgets, or only looks whether there is one.
func (b *Bot) count(ctx context.Context, q *question, inWords func() *words, take bool) bool {
	full, keep, err := b.budgets.look(ctx, q.d.Team, q.d.User, q.d.Channel, take)
	if err != nil {
		b.fault("count a turn", q.d, err)
	}
	if full == nil && take {
		// Noted first: a turn that is broken off here is not counted twice.
		q.note.Counted = true
		b.keepNote(ctx, q)
	}
	if keep != nil {
		b.later(ctx, q, "keep the budgets", keep)
	}
	if full != nil {
		b.overBudget(ctx, q.d, inWords(), full)
	}
	return full == nil
}

// overBudget says once that there are no turns left and when there are.
func (b *Bot) overBudget(ctx context.Context, d wire.Delivery, w *words, o *over) {
	if o.told {
		return
	}
	form := w.BudgetUser
	if o.team {
		form = w.BudgetTeam
	}
	free := o.free.Add(time.Minute - 1).Truncate(time.Minute) // as it is told to the minute
	b.aside(ctx, d, notice(fill(form, "n", w.lang.Count(int64(o.budget.Turns)), "per", w.per(o.budget.Per), "when", b.when(w, free))))
}

// errBroke is a panic on the way; the log has it.
var errBroke = errors.New("broke off")

// unbroken runs f and makes a panic an error.
func (b *Bot) unbroken(d wire.Delivery, f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			b.config.Log.Error("a turn broke", "delivery", d.ID, "panic", discreet(fmt.Sprint(p)), "stack", string(debug.Stack()))
			err = errBroke
		}
	}()
	return f()
}

// answer asks the question, or takes the answer that it had before a restart.
func (b *Bot) answer(ctx context.Context, q *question, p *progress) (a *agent.Answer, err error) {
	err = b.unbroken(q.d, func() error {
		if a = b.answeredBefore(ctx, q); a != nil {
			return nil
		}
		in := session(q.d.Team, q.to.Channel, q.to.Thread)
		where := b.placeOf(ctx, q.d)
		c, err := b.config.Converse(ctx, in, q.language, where.open)
		if err != nil {
			return err
		}
		if a, err = b.keptUnsaid(ctx, q, c); a != nil || err != nil {
			return err
		}
		c.Progress, c.Hold, c.Limits.Time = p.far, b.config.Hold, b.config.TimeLimit
		written := &draft{bot: b, q: q, p: p, where: where}
		for e, err := range c.Ask(ctx, q.text) {
			written.take(ctx, e)
			switch {
			case err != nil:
				return err
			case e.Started != nil:
				p.at(e.Started.Tool)
			case e.Notice != "":
				b.config.Log.Warn("a turn's notice", "delivery", q.d.ID, "notice", discreet(e.Notice))
			case e.Answer != nil:
				a = e.Answer
			}
		}
		if a == nil {
			return errors.New("the turn ended without an answer")
		}
		return nil
	})
	return a, err
}

// answeredBefore is the answer that was noted before the program stopped.
func (b *Bot) answeredBefore(ctx context.Context, q *question) *agent.Answer {
	if q.note.Answer == "" || b.config.Answer == nil {
		return nil
	}
	a, err := b.config.Answer(ctx, q.note.Answer)
	if err != nil {
		b.fault("read the answer again", q.d, err)
		return nil
	}
	return a
}

// keptUnsaid is an answer that the session holds but that no thread knows of:
// the program stopped between the two.
func (b *Bot) keptUnsaid(ctx context.Context, q *question, c *agent.Conversation) (*agent.Answer, error) {
	if !q.d.Again {
		return nil, nil
	}
	last, err := c.Last(ctx)
	if err != nil || last == nil || last.Question != q.text || last.Decided != nil {
		return nil, err
	}
	known, err := b.threads.find(ctx, q.inThread())
	if err != nil || known.has(last.ID) {
		return nil, err
	}
	return last, nil
}

// finish shows the answer.
func (b *Bot) finish(ctx context.Context, q *question, a *agent.Answer) {
	q.note.Answer = a.ID
	b.keepNote(ctx, q)
	known, _ := b.threads.find(ctx, q.inThread())
	began := known == nil // with this question
	if !q.alone {
		b.answered(ctx, q, a)
	}
	err := b.unbroken(q.d, func() error {
		where := b.placeOf(ctx, q.d)
		s := b.show(ctx, a, where)
		if q.seen != nil {
			q.seen(s)
		}
		messages, files, err := b.drawn(ctx, q.d, a, s, where)
		if err != nil {
			return err
		}
		if err := b.deliver(ctx, q, messages, files); err != nil {
			return err
		}
		if q.d.Pane && began && s.answer != nil {
			b.title(ctx, q)
		}
		if q.d.Pane && s.answer != nil {
			b.offerNext(ctx, q, s.answer)
		}
		return nil
	})
	w := b.in(a.Language)
	switch {
	case err == nil:
		b.over(ctx, q)
	case ctx.Err() != nil:
		b.stopped(ctx, q, w)
	case errors.Is(err, errBroke):
		b.instead(ctx, q, notice(w.Broke))
	default:
		b.fault("show an answer", q.d, err)
		if f, ok := refused(err); ok {
			b.elsewhere(ctx, q.d, f)
		}
		b.over(ctx, q)
	}
}

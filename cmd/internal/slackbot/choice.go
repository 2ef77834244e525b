package slackbot

import (
	"cmp"
	"context"
	"strconv"
	"strings"

	"tesela/agent"
	"tesela/agent/model"
	"tesela/cmd/internal/slackbot/blockkit"
	"tesela/cmd/internal/slackbot/wire"
)

// choose asks the reading that somebody pressed.
func (b *Bot) choose(ctx context.Context, d wire.Delivery) {
	id, n, ok := blockkit.ParseChoice(d.Value)
	if !ok {
		b.whisper(ctx, d, b.speaks(ctx, d).Gone)
		return
	}
	a := b.pressed(ctx, d, id)
	if a == nil {
		return
	}
	if !offers(a, n) {
		b.whisper(ctx, d, b.in(a.Language).Gone)
		return
	}
	b.take(ctx, d, a, n, d.TS)
}

// chosenByNumber asks the reading that a reply names by its number, where the
// thread's newest answer is a question back; false where the reply is another.
func (b *Bot) chosenByNumber(ctx context.Context, d wire.Delivery, known *thread) bool {
	n, err := strconv.Atoi(strings.Trim(d.Text, " \t\n#.()"))
	if err != nil || known == nil || b.config.Answer == nil {
		return false
	}
	last, ts := known.Last, known.LastTS
	if d.Again {
		// It may have been answered in part, and be the newest itself by now.
		if before := b.recall(ctx, d); before.Picked != "" {
			last, ts = before.Picked, before.PickedTS
		}
	}
	if last == "" {
		return false
	}
	a, err := b.config.Answer(ctx, last)
	if err != nil || !offers(a, n-1) {
		return false
	}
	b.take(ctx, d, a, n-1, ts)
	return true
}

// offers tells whether an answer asks back with so many readings, from 0.
func offers(a *agent.Answer, n int) bool {
	return (a.Status == model.Clarify || a.Status == model.Cannot) && n >= 0 && n < len(a.Choices)
}

// take asks one reading of a question back in the name of who chose it. Of all
// who choose just one counts. The question back stands at ts, "" where that is
// not known.
func (b *Bot) take(ctx context.Context, d wire.Delivery, a *agent.Answer, n int, ts string) {
	w, key := b.in(a.Language), "choice:"+a.ID
	own, err := b.claim(ctx, d, key)
	if err != nil {
		b.fault("take a choice", d, err)
		b.whisper(ctx, d, w.NotNow)
		return
	}
	if !own {
		b.whisper(ctx, d, w.ChosenAlready)
		return
	}
	q := &question{
		d: d, text: a.Choices[n].Question, language: a.Language, to: wire.Target{Channel: d.Channel, Thread: d.Thread},
	}
	defer q.writes.wait()
	q.note = b.recall(ctx, d)
	q.note.Picked, q.note.PickedTS = a.ID, ts
	if !q.note.Counted && !b.counted(ctx, q, func() *words { return w }) {
		b.release(ctx, key) // others may have turns left
		return
	}
	if ts != "" {
		b.showChoice(ctx, d, a, n, ts)
	}
	if ctx.Err() == nil {
		b.turn(ctx, q)
	}
}

// showChoice shows all who chose what, in place of the buttons.
func (b *Bot) showChoice(ctx context.Context, d wire.Delivery, a *agent.Answer, n int, ts string) {
	where := b.placeOf(ctx, d)
	m, ok := b.withButton(a, b.show(ctx, a, where), where, blockkit.ChoiceValue(a.ID, 0))
	if !ok {
		return
	}
	label := cmp.Or(a.Choices[n].Label, a.Choices[n].Question)
	name, _ := b.person(ctx, d.User)
	m, err := blockkit.Chosen(m, a.Language, label, name)
	if err == nil {
		err = b.config.Poster.Update(ctx, d.Channel, ts, m)
	}
	if err != nil && ctx.Err() == nil {
		b.fault("show what was chosen", d, err)
	}
}

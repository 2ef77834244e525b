package slackbot

import (
	"cmp"
	"context"

	"tesela/agent"
	"tesela/agent/model"
	"tesela/cmd/internal/slackbot/blockkit"
	"tesela/cmd/internal/slackbot/wire"
)

// choose asks the reading that somebody pressed, in their name. Of all presses
// on one question back just one counts.
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
	w := b.in(a.Language)
	if a.Status != model.Clarify && a.Status != model.Cannot || n >= len(a.Choices) {
		b.whisper(ctx, d, w.Gone)
		return
	}
	own, err := b.claim(ctx, d, "choice:"+id)
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
	if !q.note.Counted && !b.counted(ctx, q, w) {
		b.release(ctx, "choice:"+id) // others may have turns left
		return
	}
	b.showChoice(ctx, d, a, n)
	if ctx.Err() == nil {
		b.turn(ctx, q)
	}
}

// showChoice shows all who chose what, in place of the buttons.
func (b *Bot) showChoice(ctx context.Context, d wire.Delivery, a *agent.Answer, n int) {
	where := b.placeOf(ctx, d)
	m, ok := b.withButton(a, b.show(ctx, a, where), where, d.Value)
	if !ok {
		return
	}
	label := cmp.Or(a.Choices[n].Label, a.Choices[n].Question)
	name, _ := b.person(ctx, d.User)
	m, err := blockkit.Chosen(m, a.Language, label, name)
	if err == nil {
		err = b.config.Poster.Update(ctx, d.Channel, d.TS, m)
	}
	if err != nil && ctx.Err() == nil {
		b.fault("show what was chosen", d, err)
	}
}

package slackbot

import (
	"context"
	"strings"

	"tesela/cmd/internal/slackbot/wire"
)

// commanded answers a slash command: it shows the channel who asked what, and
// answers in a thread under that. What names a single customer is not shown,
// as the command itself was not.
func (b *Bot) commanded(ctx context.Context, d wire.Delivery) {
	if language, ok := b.asksHelp(d.Text); ok || strings.TrimSpace(d.Text) == "" {
		if !ok {
			_, locale := b.person(ctx, d.User)
			language = b.code(locale)
			if language == "" {
				language = b.config.Language
			}
		}
		b.help(ctx, d, language)
		return
	}
	w := b.hears(ctx, d.User)
	q := &question{d: d, text: d.Text, note: b.recall(ctx, d)}
	defer q.writes.wait()
	if !q.note.Counted && !b.count(ctx, q, func() *words { return w }, false) {
		return
	}
	name, _ := b.person(ctx, d.User)
	channel := wire.Target{Channel: d.Channel}
	// Whether the question is personal is known for sure only once it is
	// understood; until then it is not told.
	root, err := "", error(nil)
	if d.Again {
		root, err = b.config.Poster.Find(ctx, channel, d.ID, rootPart)
	}
	if root == "" && err == nil {
		root, err = b.config.Poster.Post(ctx, channel, notice(fill(w.AskedSomething, "who", name)), d.ID, rootPart)
	}
	if err != nil {
		if ctx.Err() != nil {
			return
		}
		b.fault("begin a thread", d, err)
		b.alone(ctx, q)
		return
	}
	d.Thread = root
	defer b.held.hold(session(d.Team, d.Channel, root))()
	if b.digests != nil && b.digests.hears(ctx, d) {
		return
	}
	q.d, q.to = d, wire.Target{Channel: d.Channel, Thread: root}
	q.seen = func(s shown) {
		text := fill(w.Asked, "who", name, "question", d.Text)
		if s.answer == nil {
			text = fill(w.AskedPersonal, "who", name)
		}
		if err := b.config.Poster.Update(ctx, d.Channel, root, notice(text)); err != nil && ctx.Err() == nil {
			b.fault("show what was asked", d, err)
		}
	}
	b.turn(ctx, q)
}

// rootPart marks the message that tells who asked what.
const rootPart = 1_000_000

// alone answers a command to its user alone, where the channel cannot be
// written in.
func (b *Bot) alone(ctx context.Context, q *question) {
	if b.digests != nil {
		if language, ok := b.digests.meant(q.d.Text); ok {
			b.aside(ctx, q.d, notice(b.in(language).AloneDigest))
			return
		}
	}
	q.d.Thread, q.alone = "command "+q.d.ID, true
	q.to = wire.Target{Channel: q.d.Channel, Thread: q.d.Thread}
	defer b.held.hold(session(q.d.Team, q.d.Channel, q.d.Thread))()
	b.turn(ctx, q)
}

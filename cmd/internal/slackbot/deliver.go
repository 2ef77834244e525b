package slackbot

import (
	"context"
	"errors"

	"tesela/cmd/internal/slackbot/blockkit"
	"tesela/cmd/internal/slackbot/wire"
)

// looking says that a question was heard.
func looking(w *words) blockkit.Message { return blockkit.Waiting(w.lang.Code, "", 0, 0) }

// deliver puts an answer's messages and files where they belong, going on where
// the program stopped before.
func (b *Bot) deliver(ctx context.Context, q *question, messages []blockkit.Message, drawn files) error {
	if q.alone {
		return b.deliverAlone(ctx, q, messages)
	}
	for i, m := range messages {
		if err := b.put(ctx, q, m, i); err != nil {
			return err
		}
	}
	q.told = true
	b.endStatus(ctx, q)
	files, err := drawn(ctx)
	if err != nil {
		return err
	}
	for i, f := range files {
		if i < q.note.Files || q.d.Again && b.uploaded(ctx, q.to, f, q.first) {
			continue
		}
		if err := b.config.Poster.Upload(ctx, q.to, f); err != nil {
			if ctx.Err() != nil {
				return err
			}
			b.fault("upload a file", q.d, err)
			text := fill(b.speaks(ctx, q.inThread()).UploadsFailed, "name", f.Name)
			if _, err := b.once(ctx, q.d, q.to, notice(text), len(messages)+i); err != nil {
				return err
			}
		}
		q.note.Files = i + 1
		b.keepNote(ctx, q)
	}
	return nil
}

// mostAlone is how many messages of an answer a command can be answered with:
// Slack takes five, and one says that the question was heard.
const mostAlone = 4

// deliverAlone answers a command to its user alone. Nothing can be pressed
// there, as the thread that it would go on in is not there.
func (b *Bot) deliverAlone(ctx context.Context, q *question, messages []blockkit.Message) error {
	for i, m := range messages[:min(len(messages), mostAlone)] {
		m = withoutButtons(m)
		if i == 0 {
			m.Blocks = append(m.Blocks, notice(b.speaks(ctx, q.d).Alone).Blocks...)
		}
		if err := b.config.Poster.Respond(ctx, q.d.Respond, m); err != nil {
			return err
		}
	}
	return nil
}

// put shows one message of an answer: the first in place of the sign.
func (b *Bot) put(ctx context.Context, q *question, m blockkit.Message, part int) error {
	err := b.set(ctx, q, m, part)
	var f *wire.Fault
	if err == nil || ctx.Err() != nil || !errors.As(err, &f) {
		return err
	}
	if _, gone := refused(err); gone {
		return err
	}
	switch f.Code {
	case "message_not_found", "cant_update_message", "edit_window_closed": // somebody removed the sign
		_, err = b.config.Poster.Post(ctx, q.to, m, q.d.ID, part)
		return err
	}
	// Slack will not have it as it is drawn: what it says can still be said.
	b.fault("draw a message; its text is shown alone", q.d, err)
	return b.set(ctx, q, blockkit.Message{Text: m.Text}, part)
}

func (b *Bot) set(ctx context.Context, q *question, m blockkit.Message, part int) error {
	switch {
	case q.alone:
		return b.config.Poster.Respond(ctx, q.d.Respond, m)
	case part == 0 && q.first != "":
		return b.config.Poster.Update(ctx, q.to.Channel, q.first, m)
	}
	d := q.d
	d.Again = d.Again || part == 0 && q.unsure
	ts, err := b.once(ctx, d, q.to, m, part)
	if part == 0 {
		q.first = ts
	}
	return err
}

// firstSign shows that the question was heard, or finds the sign given
// before a restart. It is false where nothing can be shown.
func (b *Bot) firstSign(ctx context.Context, q *question, m blockkit.Message) bool {
	var err error
	switch {
	case q.alone:
		err, q.signed = b.config.Poster.Respond(ctx, q.d.Respond, m), true
	case q.d.Again:
		q.first, err = b.config.Poster.Find(ctx, q.to, q.d.ID, 0)
		if err == nil && q.first == "" {
			err = b.newSign(ctx, q, m)
		}
	default:
		err = b.newSign(ctx, q, m)
	}
	if err == nil {
		return true
	}
	if ctx.Err() != nil {
		return false
	}
	b.fault("show that a question was heard", q.d, err)
	if f, ok := refused(err); ok {
		b.elsewhere(ctx, q.d, f)
	}
	b.over(ctx, q)
	return false
}

// newSign shows the first sign: in the assistant pane as its status.
func (b *Bot) newSign(ctx context.Context, q *question, m blockkit.Message) (err error) {
	if q.d.Pane && !q.drafted {
		if e := b.config.Poster.Status(ctx, q.to, m.Text); e != nil {
			b.fault("show a status", q.d, e)
		}
		return nil
	}
	q.first, err = b.config.Poster.Post(ctx, q.to, m, q.d.ID, 0)
	return err
}

// sign shows what the turn is at.
func (b *Bot) sign(ctx context.Context, q *question, m blockkit.Message) error {
	switch {
	case q.alone && q.signed: // a command can be answered a few times only
		return nil
	case q.alone:
		q.signed = true
		return b.config.Poster.Respond(ctx, q.d.Respond, m)
	case q.first != "":
		return b.config.Poster.Update(ctx, q.to.Channel, q.first, m)
	case q.d.Pane && !q.drafted:
		return b.config.Poster.Status(ctx, q.to, m.Text)
	}
	err := b.newSign(ctx, q, m)
	q.unsure = err != nil && !errors.Is(err, wire.ErrUnsent) && !errors.As(err, new(*wire.Fault))
	return err
}

func (b *Bot) endStatus(ctx context.Context, q *question) {
	if !q.d.Pane {
		return
	}
	if err := b.config.Poster.Status(ctx, q.to, ""); err != nil {
		b.fault("end the status", q.d, err)
	}
}

// instead shows something in place of an answer.
func (b *Bot) instead(ctx context.Context, q *question, m blockkit.Message) {
	if err := b.put(ctx, q, m, 0); err != nil {
		b.fault("say why there is no answer", q.d, err)
	}
	b.endStatus(ctx, q)
	b.over(ctx, q)
}

// stopped says that the turn was broken off. What was noted of it stays: where
// the delivery comes again, the turn goes on in the same message.
func (b *Bot) stopped(ctx context.Context, q *question, w *words) {
	ctx, cancel := lastly(ctx)
	defer cancel()
	if !q.told { // what was answered stays to be read
		if err := b.put(ctx, q, notice(w.Stopped), 0); err != nil {
			b.fault("say that a turn was stopped", q.d, err)
		}
	}
	b.endStatus(ctx, q)
}

// elsewhere tells who asked, in a direct message, that their place cannot be
// written in.
func (b *Bot) elsewhere(ctx context.Context, d wire.Delivery, f *wire.Fault) {
	if d.Direct {
		return
	}
	w := b.hears(ctx, d.User)
	form, ok := w.NoPost[f.Reason]
	if !ok {
		form = w.NoPost["other"]
	}
	channel, err := b.config.Poster.Direct(ctx, d.User)
	if err == nil {
		text := fill(form, "channel", "<#"+d.Channel+">", "cause", f.Code)
		_, err = b.once(ctx, d, wire.Target{Channel: channel}, markup(text), 0)
	}
	if err != nil {
		b.fault("tell somebody that a channel cannot be written in", d, err)
	}
}

// uploaded tells whether a file stands in the thread since its answer's first
// message, where the wire can tell.
func (b *Bot) uploaded(ctx context.Context, to wire.Target, f blockkit.File, after string) bool {
	looks, ok := b.config.Poster.(interface {
		Uploaded(ctx context.Context, to wire.Target, name, after string) (bool, error)
	})
	if !ok {
		return false
	}
	there, err := looks.Uploaded(ctx, to, f.Name, after)
	return err == nil && there
}

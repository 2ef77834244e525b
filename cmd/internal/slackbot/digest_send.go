package slackbot

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"tesela/agent"
	"tesela/agent/digest"
	"tesela/agent/model"
	"tesela/agent/wording"
	"tesela/cmd/internal/slackbot/blockkit"
	"tesela/cmd/internal/slackbot/wire"
)

// lateAfter is from when on a digest says that it is late.
const lateAfter = 10 * time.Minute

// begunLife is how long it is known that a sending was begun.
const begunLife = 7 * 24 * time.Hour

// send answers a digest's question in a new message of its channel, what
// changed since last time first. The order is changed for what came of it; it
// is for the caller to keep. A delivery that was begun before is gone on with.
func (g *Digests) send(ctx context.Context, o *order, delivery string, due time.Time) error {
	b := g.bot
	d := wire.Delivery{
		ID: delivery, Kind: wire.Said, Team: o.Team, Channel: o.Channel, User: o.User, Direct: o.Direct, Mentioned: !o.Direct, At: due,
	}
	if o.Failing {
		if still, err := g.stillFails(ctx, o, d); err != nil || still {
			return err
		}
	}
	w := g.inWords(o.Language)
	head := g.head(ctx, w, o, d, due)
	// Only where it was begun before can something of it stand there already.
	first, err := b.config.Memory.Claim(ctx, kindDigestBegun, d.ID, []byte("{}"), b.config.Clock().Add(begunLife))
	if err != nil {
		return fmt.Errorf("begin to send: %w", err)
	}
	root := ""
	if !first {
		root, err = b.config.Poster.Find(ctx, wire.Target{Channel: o.Channel}, d.ID, 0)
		d.Again = true
	}
	if err == nil && root == "" {
		root, err = b.config.Poster.Post(ctx, wire.Target{Channel: o.Channel}, joined(head, looking(b.in(o.Language))), d.ID, 0)
	}
	if err != nil {
		return g.unsent(ctx, w, o, d, err)
	}
	d.Thread, d.TS = root, root
	defer b.held.hold(session(d.Team, d.Channel, root))()
	q := &question{d: d, text: o.Question, language: o.Spoken, to: wire.Target{Channel: o.Channel, Thread: root}, first: root}
	defer q.writes.wait()
	q.note = b.recall(ctx, d)
	a, err := g.ask(ctx, q, o, head)
	if err != nil {
		return err
	}
	q.note.Answer = a.ID
	b.keepNote(ctx, q)
	b.answered(ctx, q, a)
	where := b.placeOf(ctx, d)
	s := b.show(ctx, a, where)
	messages, files, err := b.drawn(ctx, d, a, s, where)
	if err != nil {
		return err
	}
	lines := []string{g.since(ctx, w, o, a, s, where)}
	if a.Status != model.Answered {
		for i := range messages {
			messages[i] = withoutButtons(messages[i])
		}
	}
	head.text = strings.Join(append([]string{head.text}, lines...), "\n\n")
	if err := b.deliver(ctx, q, headed(head, w, o, messages), files); err != nil {
		return g.unsent(ctx, w, o, d, err)
	}
	b.over(ctx, q)
	if o.Failing = a.Status != model.Answered; !o.Failing {
		o.Answer, o.Answered = a.ID, b.config.Clock()
	}
	return nil
}

// ask answers the question of a digest in the session of its message.
func (g *Digests) ask(ctx context.Context, q *question, o *order, head message) (*agent.Answer, error) {
	b := g.bot
	s := b.seat()
	defer s.leave()
	if !s.take(ctx) {
		return nil, ctx.Err()
	}
	spoken := func() *words { return b.in(o.Language) }
	p := b.startProgress(ctx, spoken, nil, func(ctx context.Context, m blockkit.Message) error {
		return b.config.Poster.Update(ctx, q.to.Channel, q.first, joined(head, m))
	})
	defer p.end()
	return b.answer(ctx, q, p)
}

// stillFails tells, aside of any thread, whether a question that had no answer
// last time still has none: that was said already.
func (g *Digests) stillFails(ctx context.Context, o *order, d wire.Delivery) (bool, error) {
	b := g.bot
	d.Thread = "digest " + d.ID
	q := &question{d: d, text: o.Question, language: o.Spoken, to: wire.Target{Channel: o.Channel, Thread: d.Thread}}
	p := b.startProgress(ctx, func() *words { return b.in(o.Language) }, nil, func(context.Context, blockkit.Message) error { return nil })
	defer p.end()
	s := b.seat()
	defer s.leave()
	if !s.take(ctx) {
		return false, ctx.Err()
	}
	a, err := b.answer(ctx, q, p)
	if err != nil {
		return false, err
	}
	return a.Status != model.Answered, nil
}

// head says what a message is, and that it is late where it is.
func (g *Digests) head(ctx context.Context, w *digestWords, o *order, d wire.Delivery, due time.Time) message {
	form := w.Head
	if !g.bot.placeOf(ctx, d).open && g.namesCustomers(ctx, o.Question) {
		form = w.HeadBare
	}
	said := g.says(form, w, o)
	if g.bot.config.Clock().Sub(due) > lateAfter {
		said += "\n\n" + fill(w.Late, "when", wording.Escape(g.bot.when(&words{lang: w.lang}, due)))
	}
	return message{text: said}
}

// since says what changed since last time, of what may be shown here.
func (g *Digests) since(ctx context.Context, w *digestWords, o *order, a *agent.Answer, s shown, where place) string {
	if a.Status != model.Answered {
		return w.Failing
	}
	if s.answer == nil || o.Answer == "" || g.bot.config.Answer == nil {
		return ""
	}
	then, err := g.bot.config.Answer(ctx, o.Answer)
	if err != nil {
		if ctx.Err() == nil {
			g.bot.config.Log.Warn("read what a digest said last time", "digest", o.ID, "error", discreet(err.Error()))
		}
		return ""
	}
	before := g.bot.show(ctx, then, where)
	if before.answer == nil {
		return ""
	}
	return digest.CompareShown(w.lang.Code, before.answer, s.answer, before.bare || s.bare).Text(o.Answered.In(g.bot.config.Zone))
}

// unsent tells what it means that a message could not be sent: a place that
// cannot be written in sets the digest aside.
func (g *Digests) unsent(ctx context.Context, w *digestWords, o *order, d wire.Delivery, err error) error {
	var f *wire.Fault
	if !errors.As(err, &f) {
		return err
	}
	switch f.Reason {
	case wire.NotInChannel, wire.Archived, wire.Restricted:
	default:
		return err
	}
	o.Aside = cmp.Or(f.Code, f.Reason)
	cause, ok := w.GoneCause[f.Reason]
	if !ok {
		cause = f.Code
	}
	note := d
	note.ID, note.Again = d.ID+":gone", true
	channel, err := g.bot.config.Poster.Direct(ctx, o.User)
	if err == nil {
		said := g.says(w.Gone, w, o)
		m := message{fill(said, "channel", channelName(o.Channel), "cause", cause), w.controls(o)}.blocks()
		_, err = g.bot.once(ctx, note, wire.Target{Channel: channel}, m, 0)
	}
	if err != nil && ctx.Err() == nil {
		g.bot.fault("tell somebody that a digest is set aside", d, err)
	}
	return nil
}

// joined is one message of two.
func joined(head message, m blockkit.Message) blockkit.Message {
	first := head.blocks()
	return blockkit.Message{Text: first.Text + "\n" + m.Text, Blocks: append(first.Blocks, m.Blocks...)}
}

// What one message may hold, with room for the buttons: Slack has 50 blocks
// and, over all of them, some 13,000 characters.
const (
	mostHeadedBlocks = 47
	mostHeadedText   = 2900
)

// headed puts what a digest says first before an answer: in its first message,
// or in one of its own where that is too long for both.
func headed(head message, w *digestWords, o *order, messages []blockkit.Message) []blockkit.Message {
	top := blockkit.Markdown(head.text)
	stop := button(actionDigestStop+".sent", o.ID, w.StopButton)
	first := top[0]
	rest := append(top[1:], messages...)
	if len(top) == 1 && len(first.Blocks)+1+len(messages[0].Blocks) < mostHeadedBlocks && len([]rune(head.text)) < mostHeadedText {
		first.Blocks = append(first.Blocks, slack.NewDividerBlock())
		first.Blocks = append(first.Blocks, messages[0].Blocks...)
		first.Text = shorten(first.Text+"\n"+messages[0].Text, mostHeadedText)
		rest = rest[1:]
	}
	first.Blocks = append(first.Blocks, slack.NewActionBlock("", stop))
	return append([]blockkit.Message{first}, rest...)
}

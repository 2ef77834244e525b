package slackbot

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"tesela/agent"
	"tesela/agent/model"
	"tesela/cmd/internal/slackbot/blockkit"
	"tesela/cmd/internal/slackbot/wire"
)

// notice is a message of plain text.
func notice(text string) blockkit.Message { return blockkit.Notice(text) }

// markup is a message in Slack's own markup, for what names people, groups and
// channels by their ids.
func markup(text string) blockkit.Message {
	return blockkit.Message{Text: text, Blocks: []slack.Block{markupBlock(text)}}
}

func markupBlock(text string) slack.Block {
	return slack.NewSectionBlock(slack.NewTextBlockObject(slack.MarkdownType, text, false, false), nil, nil)
}

// options are what an answer is drawn with in a place.
func (b *Bot) options(a *agent.Answer, s shown, where place) blockkit.Options {
	return blockkit.Options{
		Language: a.Language, Zone: b.config.Zone, Personal: where.open, Withheld: s.bare, Direct: where.direct,
		Report: b.config.Report != nil && a.Decided == nil,
	}
}

// files gives those of an answer: its charts are drawn only once its words have
// been said.
type files func(ctx context.Context) ([]blockkit.File, error)

// drawn is what a place gets to see of an answer, as messages and files.
func (b *Bot) drawn(ctx context.Context, d wire.Delivery, a *agent.Answer, s shown, where place) ([]blockkit.Message, files, error) {
	if s.answer == nil {
		return []blockkit.Message{notice(s.sentence)}, func(context.Context) ([]blockkit.File, error) { return nil, nil }, nil
	}
	o := b.options(a, s, where)
	o.Later = true
	r, err := blockkit.Answer(s.answer, o)
	if err != nil {
		return nil, nil, err
	}
	if a.Status == model.Approve && r.Pressed >= 0 {
		until := b.config.Clock().Add(b.config.Hold)
		r.Messages[r.Pressed] = b.withHint(ctx, r.Messages[r.Pressed], d, b.in(a.Language), until)
	}
	return r.Messages, func(ctx context.Context) ([]blockkit.File, error) {
		room := b.seat()
		defer room.leave()
		if !room.take(ctx) {
			return nil, ctx.Err()
		}
		charts, err := blockkit.Charts(s.answer, o)
		return append(charts, r.Files...), err
	}, nil
}

// withHint says under what waits who may approve it until when.
func (b *Bot) withHint(ctx context.Context, m blockkit.Message, d wire.Delivery, w *words, until time.Time) blockkit.Message {
	var text string
	switch {
	case len(b.config.Approvers) > 0 && d.Direct && !b.among(ctx, d.User, b.config.Approvers):
		text = fill(w.MayApproveElsewhere, "who", b.mentions(w))
	case len(b.config.Approvers) > 0:
		text = fill(w.MayApprove, "who", b.mentions(w))
	case d.Direct:
		text = w.MayApproveYou
	default:
		text = w.MayApproveNone
	}
	if !until.IsZero() {
		text += " " + fill(w.Until, "when", b.when(w, until))
	}
	m.Blocks = append(slices.Clone(m.Blocks), markupBlock(text))
	return m
}

// mentions names those who may approve, as Slack shows people and groups.
func (b *Bot) mentions(w *words) string {
	var list []string
	for _, id := range b.config.Approvers {
		if strings.HasPrefix(id, "S") {
			list = append(list, "<!subteam^"+id+">")
		} else {
			list = append(list, "<@"+id+">")
		}
	}
	return strings.Join(list, w.Or)
}

// withButton draws an answer again and gives the message that has the button
// of a value.
func (b *Bot) withButton(a *agent.Answer, s shown, where place, value string) (blockkit.Message, bool) {
	if s.answer == nil {
		return blockkit.Message{}, false
	}
	r, err := blockkit.Answer(s.answer, b.options(a, s, where))
	if err != nil {
		return blockkit.Message{}, false
	}
	for _, m := range r.Messages {
		if slices.ContainsFunc(buttons(m), func(e *slack.ButtonBlockElement) bool { return e.Value == value }) {
			return m, true
		}
	}
	return blockkit.Message{}, false
}

// buttons are those of a message.
func buttons(m blockkit.Message) []*slack.ButtonBlockElement {
	var list []*slack.ButtonBlockElement
	for _, block := range m.Blocks {
		row, ok := block.(*slack.ActionBlock)
		if !ok || row.Elements == nil {
			continue
		}
		for _, e := range row.Elements.ElementSet {
			if e, ok := e.(*slack.ButtonBlockElement); ok {
				list = append(list, e)
			}
		}
	}
	return list
}

// withoutButtons is a message where nothing can be pressed.
func withoutButtons(m blockkit.Message) blockkit.Message {
	m.Blocks = slices.DeleteFunc(slices.Clone(m.Blocks), func(block slack.Block) bool {
		_, ok := block.(*slack.ActionBlock)
		return ok || strings.HasPrefix(block.ID(), "tesela.hint")
	})
	return m
}

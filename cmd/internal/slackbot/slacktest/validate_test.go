package slacktest

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/slack-go/slack"
)

func text(kind string, n int) *slack.TextBlockObject {
	return slack.NewTextBlockObject(kind, strings.Repeat("ñ", n), false, false)
}

func mrkdwn(n int) *slack.TextBlockObject { return text(slack.MarkdownType, n) }
func plain(n int) *slack.TextBlockObject  { return text(slack.PlainTextType, n) }

func section(n int) slack.Block { return slack.NewSectionBlock(mrkdwn(n), nil, nil) }

func fields(count, n int) slack.Block {
	list := make([]*slack.TextBlockObject, count)
	for i := range list {
		list[i] = mrkdwn(n)
	}
	return slack.NewSectionBlock(nil, list, nil)
}

func buttons(n int, change func(b *slack.ButtonBlockElement)) slack.Block {
	var elements []slack.BlockElement
	for i := range n {
		b := slack.NewButtonBlockElement(fmt.Sprintf("do%d", i), "v", plain(3))
		if change != nil {
			change(b)
		}
		elements = append(elements, b)
	}
	return slack.NewActionBlock("", elements...)
}

func button(change func(b *slack.ButtonBlockElement)) slack.Block { return buttons(1, change) }

func image(url string, alt, title int) slack.Block {
	b := slack.NewImageBlock(url, strings.Repeat("a", alt), "", nil)
	if title > 0 {
		b.Title = plain(title)
	}
	return b
}

func times(n int, b func() slack.Block) (list []slack.Block) {
	for range n {
		list = append(list, b())
	}
	return list
}

func table(rows, cells, n int) slack.Block {
	b := slack.NewTableBlock("")
	for range rows {
		var row []slack.TableCell
		for range cells {
			row = append(row, slack.NewTableRawTextCell(strings.Repeat("x", n)))
		}
		b.AddRow(row...)
	}
	return b
}

func confirm(title, body, yes, no int) slack.Block {
	return button(func(b *slack.ButtonBlockElement) {
		b.Confirm = slack.NewConfirmationBlockObject(plain(title), mrkdwn(body), plain(yes), plain(no))
	})
}

func small(n, chars int) slack.Block {
	var list []slack.MixedElement
	for range n {
		list = append(list, mrkdwn(chars))
	}
	return slack.NewContextBlock("", list...)
}

// TestLimits holds each limit at it and one over it.
func TestLimits(t *testing.T) {
	one := func(b slack.Block) []slack.Block { return []slack.Block{b} }
	divider := func() slack.Block { return slack.NewDividerBlock() }
	for name, c := range map[string]struct {
		at, over []slack.Block
		says     string
	}{
		"blocks":       {times(50, divider), times(51, divider), "no more than 50 items allowed [json-pointer:/blocks]"},
		"section":      {one(section(3000)), one(section(3001)), "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"},
		"empty":        {one(section(1)), one(section(0)), "must be more than 0 characters"},
		"field":        {one(fields(1, 2000)), one(fields(1, 2001)), "/blocks/0/fields/0/text"},
		"fields":       {one(fields(10, 1)), one(fields(11, 1)), "no more than 10 items"},
		"header":       {one(slack.NewHeaderBlock(plain(150))), one(slack.NewHeaderBlock(plain(151))), "less than 151"},
		"header kind":  {one(slack.NewHeaderBlock(plain(1))), one(slack.NewHeaderBlock(mrkdwn(1))), "must be plain_text"},
		"context":      {one(small(10, 1)), one(small(11, 1)), "no more than 10 items"},
		"context none": {one(small(1, 1)), one(small(0, 1)), "no fewer than 1"},
		"actions":      {one(buttons(25, nil)), one(buttons(26, nil)), "no more than 25 items"},
		"label": {
			one(button(func(b *slack.ButtonBlockElement) { b.Text = plain(75) })),
			one(button(func(b *slack.ButtonBlockElement) { b.Text = plain(76) })), "less than 76 characters",
		},
		"label kind": {
			one(button(nil)),
			one(button(func(b *slack.ButtonBlockElement) { b.Text = mrkdwn(3) })), "must be plain_text",
		},
		"value": {
			one(button(func(b *slack.ButtonBlockElement) { b.Value = strings.Repeat("v", 2000) })),
			one(button(func(b *slack.ButtonBlockElement) { b.Value = strings.Repeat("v", 2001) })), "/value",
		},
		"action_id": {
			one(button(func(b *slack.ButtonBlockElement) { b.ActionID = strings.Repeat("v", 255) })),
			one(button(func(b *slack.ButtonBlockElement) { b.ActionID = strings.Repeat("v", 256) })), "/action_id",
		},
		"one action_id": {
			one(buttons(2, nil)),
			one(buttons(2, func(b *slack.ButtonBlockElement) { b.ActionID = "same" })), "used twice",
		},
		"button url": {
			one(button(func(b *slack.ButtonBlockElement) { b.URL = "https://" + strings.Repeat("v", 2992) })),
			one(button(func(b *slack.ButtonBlockElement) { b.URL = "https://" + strings.Repeat("v", 2993) })), "/url",
		},
		"style": {
			one(button(func(b *slack.ButtonBlockElement) { b.Style = slack.StyleDanger })),
			one(button(func(b *slack.ButtonBlockElement) { b.Style = "loud" })), "primary or danger",
		},
		"block_id": {
			one(slack.NewContextBlock(strings.Repeat("b", 255), mrkdwn(1))),
			one(slack.NewContextBlock(strings.Repeat("b", 256), mrkdwn(1))), "/block_id",
		},
		"one block_id": {
			[]slack.Block{slack.NewContextBlock("a", mrkdwn(1)), slack.NewContextBlock("b", mrkdwn(1))},
			[]slack.Block{slack.NewContextBlock("a", mrkdwn(1)), slack.NewContextBlock("a", mrkdwn(1))},
			"used twice",
		},
		"alt":           {one(image("https://x/y.png", 2000, 0)), one(image("https://x/y.png", 2001, 0)), "/alt_text"},
		"no alt":        {one(image("https://x/y.png", 1, 0)), one(image("https://x/y.png", 0, 0)), "missing required field: alt_text"},
		"image title":   {one(image("https://x/y.png", 1, 2000)), one(image("https://x/y.png", 1, 2001)), "/title/text"},
		"image url":     {one(image("https://"+strings.Repeat("x", 2992), 1, 0)), one(image("https://"+strings.Repeat("x", 2993), 1, 0)), "/image_url"},
		"confirm title": {one(confirm(100, 1, 1, 1)), one(confirm(101, 1, 1, 1)), "/confirm/title"},
		"confirm text":  {one(confirm(1, 300, 1, 1)), one(confirm(1, 301, 1, 1)), "/confirm/text"},
		"confirm yes":   {one(confirm(1, 1, 30, 1)), one(confirm(1, 1, 31, 1)), "/confirm/confirm"},
		"confirm no":    {one(confirm(1, 1, 1, 30)), one(confirm(1, 1, 1, 31)), "/confirm/deny"},
		"markdown": {
			one(slack.NewMarkdownBlock("", strings.Repeat("m", 12000))),
			one(slack.NewMarkdownBlock("", strings.Repeat("m", 12001))), "less than 12001",
		},
		"markdown together": {
			times(2, func() slack.Block { return slack.NewMarkdownBlock("", strings.Repeat("m", 6000)) }),
			times(2, func() slack.Block { return slack.NewMarkdownBlock("", strings.Repeat("m", 6001)) }), "less than 12001",
		},
		"table rows":  {one(table(100, 1, 1)), one(table(101, 1, 1)), "no more than 100 items"},
		"table cells": {one(table(1, 20, 1)), one(table(1, 21, 1)), "no more than 20 items"},
		"table text":  {one(table(100, 10, 10)), one(table(91, 10, 11)), "less than 10001"},
		"tables":      {one(table(1, 1, 1)), []slack.Block{table(1, 1, 1), table(1, 1, 1)}, "only_one_table_allowed"},
		"all texts":   {times(4, func() slack.Block { return section(3000) }), times(5, func() slack.Block { return section(3000) }), "msg_blocks_too_long"},
	} {
		t.Run(name, func(t *testing.T) {
			if err := Validate(c.at); err != nil {
				t.Errorf("at the limit: %v", err)
			}
			err := Validate(c.over)
			var r *Refusal
			if !errors.As(err, &r) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("over the limit: %v, not %q", err, c.says)
			}
		})
	}
}

func TestMessageLimits(t *testing.T) {
	payload := func(n int) slack.SlackMetadata {
		return slack.SlackMetadata{EventType: "x", EventPayload: map[string]any{"v": strings.Repeat("v", n)}}
	}
	frame := len(`{"event_type":"x","event_payload":{"v":""}}`)
	for name, c := range map[string]struct {
		at, over slack.Msg
		code     string
	}{
		"text":        {slack.Msg{Text: strings.Repeat("ñ", 40000)}, slack.Msg{Text: strings.Repeat("ñ", 40001)}, "msg_too_long"},
		"nothing":     {slack.Msg{Text: "a"}, slack.Msg{}, "no_text"},
		"attachments": {slack.Msg{Attachments: make([]slack.Attachment, 100)}, slack.Msg{Attachments: make([]slack.Attachment, 101)}, "too_many_attachments"},
		"metadata":    {slack.Msg{Text: "a", Metadata: payload(8000 - frame)}, slack.Msg{Text: "a", Metadata: payload(8001 - frame)}, "metadata_too_large"},
		"no type": {
			slack.Msg{Text: "a"},
			slack.Msg{Text: "a", Metadata: slack.SlackMetadata{EventPayload: map[string]any{"a": 1}}},
			"invalid_metadata_schema",
		},
	} {
		t.Run(name, func(t *testing.T) {
			if err := ValidateMessage(c.at); err != nil {
				t.Errorf("at the limit: %v", err)
			}
			var r *Refusal
			if err := ValidateMessage(c.over); !errors.As(err, &r) || r.Code != c.code {
				t.Errorf("over the limit: %v, not %s", err, c.code)
			}
		})
	}
}

func TestViewsHoldMore(t *testing.T) {
	divider := func() slack.Block { return slack.NewDividerBlock() }
	if err := ValidateView(times(100, divider)); err != nil {
		t.Error(err)
	}
	if ValidateView(times(101, divider)) == nil {
		t.Error("101 blocks in a view")
	}
}

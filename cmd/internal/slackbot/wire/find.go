package wire

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/slack-go/slack"
)

// markType is the type of the metadata that marks our messages.
const markType = "tesela_answer"

// mark is the metadata of one message of an answer.
func mark(delivery string, part int) slack.SlackMetadata {
	return slack.SlackMetadata{EventType: markType, EventPayload: map[string]any{"delivery": delivery, "part": part}}
}

// marked tells whether a message bears a mark.
func marked(m slack.Message, delivery string, part int) bool {
	if m.Metadata.EventType != markType || m.Metadata.EventPayload["delivery"] != delivery {
		return false
	}
	switch n := m.Metadata.EventPayload["part"].(type) {
	case float64:
		return n == float64(part)
	case json.Number:
		return n.String() == strconv.Itoa(part)
	case string:
		return n == strconv.Itoa(part)
	}
	return false
}

// A search of a thread reads so many pages at most; outside threads only the
// newest messages can be meant.
const (
	page        = 200
	mostPages   = 50
	mostOutside = 2
)

func (o *outbox) Find(ctx context.Context, to Target, delivery string, part int) (string, error) {
	return o.look(ctx, to, func(m slack.Message) bool { return marked(m, delivery, part) })
}

// shared tells whether a file stands in a thread or channel.
func (o *outbox) shared(ctx context.Context, to Target, file string) bool {
	ts, err := o.look(ctx, to, func(m slack.Message) bool {
		return slices.ContainsFunc(m.Files, func(f slack.File) bool { return f.ID == file })
	})
	return err == nil && ts != ""
}

// page gives messages of a thread, or of a channel outside of its threads, and
// where the next ones begin.
func (o *outbox) page(ctx context.Context, to Target, cursor string) ([]slack.Message, string, error) {
	if to.Thread != "" {
		return o.replies(ctx, to, cursor)
	}
	return o.history(ctx, to.Channel, cursor)
}

// look gives the ts of the first message that is meant, "" for none.
func (o *outbox) look(ctx context.Context, to Target, meant func(slack.Message) bool) (string, error) {
	cursor, most := "", mostPages
	if to.Thread == "" {
		most = mostOutside
	}
	for range most {
		messages, next, err := o.page(ctx, to, cursor)
		var f *Fault
		if errors.As(err, &f) && f.Code == "thread_not_found" {
			return "", nil // deleted, with all that was in it
		}
		if err != nil {
			return "", err
		}
		if i := slices.IndexFunc(messages, meant); i >= 0 {
			return messages[i].Timestamp, nil
		}
		if next == "" {
			return "", nil
		}
		cursor = next
	}
	if to.Thread == "" {
		return "", nil
	}
	return "", fmt.Errorf("look for a message: the thread has more than %d", mostPages*page)
}

func (o *outbox) replies(ctx context.Context, to Target, cursor string) (messages []slack.Message, next string, err error) {
	err = o.w.try(ctx, attempt{method: "conversations.replies", do: func(ctx context.Context) (err error) {
		messages, _, next, err = o.w.api.GetConversationRepliesContext(ctx, &slack.GetConversationRepliesParameters{
			ChannelID: to.Channel, Timestamp: to.Thread, Cursor: cursor, Limit: page, IncludeAllMetadata: true,
		})
		return err
	}})
	return messages, next, err
}

func (o *outbox) history(ctx context.Context, channel, cursor string) (messages []slack.Message, next string, err error) {
	err = o.w.try(ctx, attempt{method: "conversations.history", do: func(ctx context.Context) error {
		r, err := o.w.api.GetConversationHistoryContext(ctx, &slack.GetConversationHistoryParameters{
			ChannelID: channel, Cursor: cursor, Limit: page, IncludeAllMetadata: true,
		})
		if err != nil {
			return err
		}
		messages, next = r.Messages, r.ResponseMetaData.NextCursor
		return nil
	}})
	return messages, next, err
}

package slacktest

import (
	"regexp"
	"strings"
)

// kept is what stays as it is in what people write: mentions, channels, links.
var kept = regexp.MustCompile(`<([@#!][^<>]+|https?://[^<>]+)>`)

// escape writes text as Slack sends it (messaging/formatting-message-text).
func escape(text string) string {
	plain := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
	var b strings.Builder
	from := 0
	for _, at := range kept.FindAllStringIndex(text, -1) {
		b.WriteString(plain.Replace(text[from:at[0]]))
		b.WriteString(text[at[0]:at[1]])
		from = at[1]
	}
	b.WriteString(plain.Replace(text[from:]))
	return b.String()
}

func handle(name string) string {
	return strings.ToLower(strings.ReplaceAll(name, " ", "."))
}

// messageEvent is what tells of a new message.
func (s *Slack) messageEvent(c *channel, m *message) map[string]any {
	e := s.asJSON(m, true)
	e["channel"], e["channel_type"], e["event_ts"] = c.ID, c.kind(), m.TS
	if root := c.byTS[m.Thread]; root != nil && root != m {
		e["parent_user_id"] = root.User
	}
	if m.Thread == m.TS {
		delete(e, "thread_ts")
	}
	if m.BotID == "" {
		e["client_msg_id"] = "client-" + m.TS
		if s.panes[c.ID+"/"+m.Thread] != nil {
			e["assistant_thread"] = map[string]any{"action_token": "token-" + m.TS}
		}
	}
	return e
}

// mentionEvent is what tells of a message that names the bot.
func (s *Slack) mentionEvent(c *channel, m *message) map[string]any {
	e := s.messageEvent(c, m)
	e["type"] = "app_mention"
	delete(e, "channel_type")
	return e
}

func (s *Slack) changedEvent(c *channel, m *message, before map[string]any) map[string]any {
	return map[string]any{
		"type": "message", "subtype": "message_changed", "channel": c.ID, "channel_type": c.kind(), "hidden": true,
		"message": s.asJSON(m, true), "previous_message": before, "ts": s.ts(), "event_ts": s.ts(),
	}
}

// richText is the form in which Slack sends what people wrote.
func richText(text string) string {
	return `[{"type":"rich_text","block_id":"b","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":` + quote(text) + `}]}]}]`
}

package slacktest

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/slack-go/slack"
)

// open finds a channel that the bot may write to; a user's ID stands for the
// direct messages with them.
func (s *Slack) open(id string) (*channel, string) {
	if u := s.users[id]; u != nil && !u.Bot {
		return s.dm(id), ""
	}
	c := s.channels[id]
	switch {
	case id == "":
		return nil, "invalid_arguments"
	case c == nil:
		return nil, "channel_not_found"
	case !c.has(Bot):
		return nil, "not_in_channel"
	}
	return c, ""
}

// underThread tells why nothing can be said under a thread.
func (c *channel) threadFault(thread string) string {
	if thread == "" {
		return ""
	}
	root := c.byTS[thread]
	switch {
	case root == nil || root.Deleted && root.replies == 0:
		return "thread_not_found"
	case root.Thread != "" && root.Thread != root.TS:
		return "cannot_reply_to_message"
	}
	return ""
}

func (s *Slack) postMessage(a args) answer {
	c, code := s.open(a["channel"])
	if code != "" {
		return refuse(code)
	}
	if r := refuseMessage(a); r != nil {
		return answer{refused: r}
	}
	if code := c.threadFault(a["thread_ts"]); code != "" {
		return refuse(code)
	}
	m := s.compose(a)
	s.say(c, m)
	return done(map[string]any{"channel": c.ID, "ts": m.TS, "message": s.asJSON(m, true)})
}

// compose is a message of the bot's from arguments that were found right.
func (s *Slack) compose(a args) *message {
	m := &message{Message: Message{TS: s.ts(), Thread: a["thread_ts"], User: Bot, BotID: BotID, Text: a["text"]}}
	m.set(a)
	if md := a["markdown_text"]; md != "" {
		m.Text = md
	}
	return m
}

// set takes over blocks, attachments and metadata where they are given.
func (m *message) set(a args) {
	if v, ok := a["blocks"]; ok {
		m.blocks = v
		var blocks slack.Blocks
		if !blank(v) {
			_ = json.Unmarshal([]byte(v), &blocks)
		}
		m.Blocks = blocks.BlockSet
	}
	if v, ok := a["attachments"]; ok {
		m.attachments = v
		m.Attachments = nil
		_ = json.Unmarshal([]byte(v), &m.Attachments)
	}
	if v, ok := a["metadata"]; ok {
		m.metadata = v
		m.Metadata = slack.SlackMetadata{}
		_ = json.Unmarshal([]byte(v), &m.Metadata)
	}
}

// say keeps a message of the bot's and tells the app of it, as Slack does.
func (s *Slack) say(c *channel, m *message) {
	s.keep(c, m)
	if !s.opt.Quiet {
		s.tell(nil, c, s.messageEvent(c, m))
	}
}

func (s *Slack) updateMessage(a args) answer {
	c, m, code := s.own(a, "cant_update_message")
	if code != "" {
		return refuse(code)
	}
	if r := refuseMessage(a); r != nil {
		return answer{refused: r}
	}
	s.change(c, m, a)
	return done(map[string]any{"channel": c.ID, "ts": m.TS, "text": m.Text, "message": s.asJSON(m, true)})
}

// own finds a message of the bot's.
func (s *Slack) own(a args, not string) (*channel, *message, string) {
	c, code := s.open(a["channel"])
	if code != "" {
		return nil, nil, code
	}
	m := c.byTS[a["ts"]]
	switch {
	case m == nil || m.Deleted:
		return nil, nil, "message_not_found"
	case m.BotID != BotID:
		return nil, nil, not
	}
	return c, m, ""
}

// change edits a message as chat.update does: with a text and no blocks the
// blocks go, without a text what was there stays; metadata stays where none is
// given.
func (s *Slack) change(c *channel, m *message, a args) {
	before := s.asJSON(m, false)
	m.Edits = append(m.Edits, Edit{Text: m.Text, Blocks: m.Blocks, At: time.Now()})
	if text, ok := a["text"]; ok && text != "" {
		m.Text = text
		if _, ok := a["blocks"]; !ok {
			m.blocks, m.Blocks = "", nil
		}
	}
	m.set(a)
	s.ring(c.ID, m.Thread)
	if !s.opt.Quiet {
		s.tell(nil, c, s.changedEvent(c, m, before))
	}
}

func (s *Slack) deleteMessage(a args) answer {
	c, m, code := s.own(a, "cant_delete_message")
	if code != "" {
		return refuse(code)
	}
	s.remove(c, m, s.opt.Quiet)
	return done(map[string]any{"channel": c.ID, "ts": m.TS})
}

func (s *Slack) remove(c *channel, m *message, quiet bool) *Act {
	before := s.asJSON(m, false)
	m.Deleted = true
	s.ring(c.ID, m.Thread)
	if quiet {
		return nil
	}
	return s.tell(nil, c, map[string]any{
		"type": "message", "subtype": "message_deleted", "channel": c.ID, "channel_type": c.kind(), "hidden": true,
		"deleted_ts": m.TS, "ts": s.ts(), "event_ts": s.ts(), "previous_message": before,
	})
}

func (s *Slack) postEphemeral(a args) answer {
	c, code := s.open(a["channel"])
	switch {
	case code != "":
		return refuse(code)
	case !c.has(a["user"]):
		return refuse("user_not_in_channel")
	}
	if r := refuseMessage(a); r != nil {
		return answer{refused: r}
	}
	m := s.whisper(c.ID, a["user"], a)
	return done(map[string]any{"message_ts": m.TS})
}

func (s *Slack) whisper(channel, user string, a args) Message {
	m := s.compose(a)
	m.Channel, m.To, m.At, m.Hook = channel, user, time.Now(), a["hook"]
	s.whispers = append(s.whispers, m.Message)
	s.ring(channel, m.Thread)
	return m.Message
}

func (s *Slack) permalink(a args) answer {
	c, code := s.open(a["channel"])
	if code != "" {
		return refuse(code)
	}
	if c.byTS[a["message_ts"]] == nil {
		return refuse("message_not_found")
	}
	return done(map[string]any{"channel": c.ID, "permalink": "https://fake.slack.com/archives/" + c.ID + "/p" + a["message_ts"]})
}

// asJSON is a message as Slack shows it.
func (s *Slack) asJSON(m *message, metadata bool) map[string]any {
	o := map[string]any{"type": "message", "user": m.User, "text": m.Text, "ts": m.TS, "team": Team}
	if m.BotID != "" {
		o["bot_id"], o["app_id"] = m.BotID, App
		o["bot_profile"] = map[string]any{"id": BotID, "app_id": App, "name": BotName, "team_id": Team}
	}
	if m.Thread != "" {
		o["thread_ts"] = m.Thread
	}
	if m.replies > 0 {
		o["reply_count"] = m.replies
	}
	if !blank(m.blocks) {
		o["blocks"] = json.RawMessage(m.blocks)
	}
	if !blank(m.attachments) {
		o["attachments"] = json.RawMessage(m.attachments)
	}
	if metadata && m.metadata != "" {
		o["metadata"] = json.RawMessage(m.metadata)
	}
	if m.edited != "" {
		o["edited"] = map[string]any{"user": m.User, "ts": m.edited}
	}
	if len(m.Files) > 0 {
		list := make([]map[string]any, len(m.Files))
		for i, f := range m.Files {
			list[i] = map[string]any{"id": f.ID, "name": f.Name, "title": f.Title, "size": len(f.Body)}
		}
		o["files"], o["subtype"] = list, "file_share"
	}
	return o
}

// after and before bound a page of messages by their timestamps.
func bounded(list []*message, a args) []*message {
	return slices.DeleteFunc(slices.Clone(list), func(m *message) bool {
		inside := a.yes("inclusive")
		if v := a["oldest"]; v != "" && v != "0" && (m.TS < v || m.TS == v && !inside) {
			return true
		}
		v := a["latest"]
		return v != "" && v != "0" && (m.TS > v || m.TS == v && !inside)
	})
}

package slacktest

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/slack-go/slack"
)

func quote(s string) string {
	raw, _ := json.Marshal(s) // of a string it cannot fail
	return string(raw)
}

// Mention is somebody naming the bot in a channel, outside any thread.
func (s *Slack) Mention(channel, user, text string) *Act {
	return s.Say(channel, "", user, "<@"+Bot+"> "+text)
}

// Direct is somebody writing to the bot alone, outside any thread.
func (s *Slack) Direct(user, text string) *Act {
	return s.Say(s.DM(user), "", user, text)
}

// Reply is somebody writing under a thread, without naming the bot.
func (s *Slack) Reply(channel, thread, user, text string) *Act {
	return s.Say(channel, thread, user, text)
}

// MentionUnder is somebody naming the bot under a thread.
func (s *Slack) MentionUnder(channel, thread, user, text string) *Act {
	return s.Say(channel, thread, user, "<@"+Bot+"> "+text)
}

// Say is somebody writing anything: text as typed, mentions as <@U…>. A channel
// or a person unknown is a fault of the test and panics.
func (s *Slack) Say(channel, thread, user, text string) *Act {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, u := s.known(channel, user)
	m := &message{Message: Message{TS: s.ts(), Thread: thread, User: user, Text: escape(text)}}
	m.set(args{"blocks": richText(text)})
	if u.Bot {
		m.BotID = "B" + user
	}
	s.keep(c, m)
	a := &Act{s: s, At: time.Now(), Channel: channel, TS: m.TS, Thread: thread}
	if thread == "" {
		a.Thread = m.TS
	}
	return s.heard(a, c, m)
}

// heard tells of what a person wrote: of a mention twice, as Slack does, but in
// direct messages once.
func (s *Slack) heard(a *Act, c *channel, m *message) *Act {
	if strings.Contains(m.Text, "<@"+Bot+">") && c.user == "" {
		s.tell(a, c, s.mentionEvent(c, m))
	}
	return s.tell(a, c, s.messageEvent(c, m))
}

func (s *Slack) known(place, user string) (*channel, *User) {
	c, u := s.channels[place], s.users[user]
	if c == nil || u == nil {
		panic(fmt.Sprintf("no channel %q or no user %q: add them first", place, user))
	}
	return c, u
}

// Edit is somebody changing what they wrote.
func (s *Slack) Edit(channel, ts, text string) *Act {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.channels[channel]
	m := c.byTS[ts]
	before := s.asJSON(m, false)
	m.Edits = append(m.Edits, Edit{Text: m.Text, Blocks: m.Blocks, At: time.Now()})
	m.Text, m.edited = escape(text), s.ts()
	m.set(args{"blocks": richText(text)})
	s.ring(c.ID, m.Thread)
	a := &Act{s: s, At: time.Now(), Channel: channel, TS: ts, Thread: m.Thread}
	if strings.Contains(m.Text, "<@"+Bot+">") && c.user == "" {
		s.tell(a, c, s.mentionEvent(c, m))
	}
	return s.tell(a, c, s.changedEvent(c, m, before))
}

// Delete is somebody deleting a message.
func (s *Slack) Delete(channel, ts string) *Act {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.channels[channel]
	return s.remove(c, c.byTS[ts], false)
}

// Join is somebody coming into a channel.
func (s *Slack) Join(channel, user string) *Act {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, _ := s.known(channel, user)
	if !c.has(user) {
		c.Members = append(c.Members, user)
	}
	m := &message{Message: Message{TS: s.ts(), User: user, Text: "<@" + user + "> has joined the channel"}}
	s.keep(c, m)
	e := s.messageEvent(c, m)
	e["subtype"] = "channel_join"
	return s.tell(&Act{s: s, At: time.Now(), Channel: channel, TS: m.TS}, c, e)
}

// OpenPane is somebody opening the assistant pane: a thread of its own in their
// direct messages.
func (s *Slack) OpenPane(user string) *Act {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.dm(user)
	root := &message{Message: Message{TS: s.ts(), User: Bot, BotID: BotID, Text: "New assistant thread"}}
	s.keep(c, root)
	s.panes[c.ID+"/"+root.TS] = &Pane{}
	a := &Act{s: s, At: time.Now(), Channel: c.ID, TS: root.TS, Thread: root.TS}
	return s.tell(a, nil, map[string]any{
		"type": "assistant_thread_started", "event_ts": s.ts(),
		"assistant_thread": map[string]any{
			"user_id": user, "channel_id": c.ID, "thread_ts": root.TS,
			"context": map[string]any{"channel_id": "", "team_id": Team, "enterprise_id": nil},
		},
	})
}

// Command is somebody using the app's slash command, /tesela.
func (s *Slack) Command(channel, user, text string) *Act {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, u := s.known(channel, user)
	a := &Act{s: s, At: time.Now(), Channel: channel, Trigger: s.newTrigger(), Respond: s.newHook(channel, user, nil)}
	name := c.Name
	if c.user != "" {
		name = "directmessage"
	}
	s.send(a, &delivery{kind: "slash_commands", accepts: true, payload: map[string]any{
		"token": "verification", "team_id": Team, "team_domain": "fake", "channel_id": c.ID, "channel_name": name,
		"user_id": u.ID, "user_name": handle(u.Name), "command": "/" + BotName, "text": escape(text), "api_app_id": App,
		"is_enterprise_install": "false", "response_url": a.Respond, "trigger_id": a.Trigger,
	}})
	return a
}

// Press is somebody pressing a button of a message or whisper, found by its
// action_id or its label. It may be one that the message has no longer: who
// pressed saw it before. A button that was never there panics.
func (s *Slack) Press(m Message, user, which string) *Act {
	s.mu.Lock()
	defer s.mu.Unlock()
	b, block, ok := Button(m, which)
	if !ok {
		panic(fmt.Sprintf("no button %q in the message: %q", which, m.All()))
	}
	c, u := s.known(m.Channel, user)
	stored := c.byTS[m.TS]
	a := &Act{s: s, At: time.Now(), Channel: m.Channel, TS: m.TS, Thread: m.Thread, Trigger: s.newTrigger(), Respond: s.newHook(m.Channel, user, stored)}
	if a.Thread == "" {
		a.Thread = m.TS
	}
	container := map[string]any{"type": "message", "message_ts": m.TS, "channel_id": m.Channel, "is_ephemeral": m.To != ""}
	if m.Thread != "" {
		container["thread_ts"] = m.Thread
	}
	at := s.ts()
	payload := map[string]any{
		"type": "block_actions", "token": "verification", "api_app_id": App, "trigger_id": a.Trigger, "response_url": a.Respond,
		"user": map[string]any{"id": u.ID, "username": handle(u.Name), "name": handle(u.Name), "team_id": Team},
		"team": map[string]any{"id": Team, "domain": "fake"}, "channel": map[string]any{"id": c.ID, "name": c.Name},
		"container": container, "state": map[string]any{"values": map[string]any{}}, "enterprise": nil, "is_enterprise_install": false,
		"actions": []any{map[string]any{
			"type": "button", "action_id": b.ActionID, "block_id": block, "value": b.Value, "text": b.Text, "action_ts": at,
		}},
	}
	if stored != nil && m.To == "" {
		payload["message"] = s.asJSON(stored, true)
	}
	s.send(a, &delivery{kind: "interactive", accepts: true, payload: payload})
	return a
}

// Button finds one in a message as it is or was, by its action_id or its label,
// and the block_id it stands in.
func Button(m Message, which string) (*slack.ButtonBlockElement, string, bool) {
	versions := [][]slack.Block{m.Blocks}
	for _, e := range m.Edits {
		versions = append(versions, e.Blocks)
	}
	for _, blocks := range versions {
		for i, b := range blocks {
			id := b.ID()
			if id == "" {
				id = fmt.Sprintf("block%d", i)
			}
			for _, e := range elements(b) {
				if e.ActionID == which || e.Text != nil && e.Text.Text == which {
					return e, id, true
				}
			}
		}
	}
	return nil, "", false
}

// Buttons are those that a message has now.
func Buttons(m Message) (list []*slack.ButtonBlockElement) {
	for _, b := range m.Blocks {
		list = append(list, elements(b)...)
	}
	return list
}

func elements(b slack.Block) (list []*slack.ButtonBlockElement) {
	switch b := b.(type) {
	case *slack.ActionBlock:
		if b.Elements != nil {
			for _, e := range b.Elements.ElementSet {
				if e, ok := e.(*slack.ButtonBlockElement); ok {
					list = append(list, e)
				}
			}
		}
	case *slack.SectionBlock:
		if b.Accessory != nil && b.Accessory.ButtonElement != nil {
			list = append(list, b.Accessory.ButtonElement)
		}
	}
	return list
}

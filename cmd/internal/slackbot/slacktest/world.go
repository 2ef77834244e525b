package slacktest

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"
)

// User is somebody of the workspace.
type User struct {
	ID     string
	Name   string // real name
	Locale string // es-ES
	TZ     string // Europe/Madrid
	Bot    bool
}

// Channel is a place to talk. The bot is a member where Members names it.
type Channel struct {
	ID      string
	Name    string
	Private bool
	Members []string
}

type channel struct {
	Channel
	user     string // whose direct messages with the bot these are
	messages []*message
	byTS     map[string]*message
}

func (c *channel) has(user string) bool { return slices.Contains(c.Members, user) }

// kind is Slack's channel_type.
func (c *channel) kind() string {
	switch {
	case c.user != "":
		return "im"
	case c.Private:
		return "group"
	}
	return "channel"
}

// AddUser adds somebody, or changes who has that ID.
func (s *Slack) AddUser(u User) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.users[u.ID] = &u
}

// AddGroup adds a user group (S…) or sets its members.
func (s *Slack) AddGroup(id string, members ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.groups[id] = members
}

// AddChannel adds one; without members, everybody so far is in it, the bot too.
func (s *Slack) AddChannel(c Channel) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c.Members == nil {
		c.Members = slices.Sorted(maps.Keys(s.users))
	}
	if c.Name == "" {
		c.Name = strings.ToLower(c.ID)
	}
	s.channels[c.ID] = &channel{Channel: c, byTS: map[string]*message{}}
}

// Kick takes somebody out of a channel.
func (s *Slack) Kick(channel, user string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c := s.channels[channel]; c != nil {
		c.Members = slices.DeleteFunc(c.Members, func(m string) bool { return m == user })
	}
}

// DM is the channel of direct messages between a user and the bot.
func (s *Slack) DM(user string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.dm(user).ID
}

func (s *Slack) dm(user string) *channel {
	id := "D" + strings.TrimPrefix(user, "U")
	c := s.channels[id]
	if c == nil {
		c = &channel{Channel: Channel{ID: id, Private: true, Members: []string{user, Bot}}, user: user, byTS: map[string]*message{}}
		s.channels[id] = c
	}
	return c
}

// Message is one as Slack keeps it, or a whisper.
type Message struct {
	Channel, TS string
	Thread      string // ts of the first message of its thread; its own where it began one, "" where there is none
	User        string
	BotID       string // set where an app posted it
	Text        string
	Blocks      []slack.Block
	Attachments []slack.Attachment
	Metadata    slack.SlackMetadata
	Files       []File
	At          time.Time // when it was posted, by the machine's clock
	Edits       []Edit    // what it said before, the oldest first
	Deleted     bool
	To          string // whom a whisper is shown to
	Hook        string // response_url that it came by
}

// Edit is what a message said until At.
type Edit struct {
	Text   string
	Blocks []slack.Block
	At     time.Time
}

// All is all that can be read in the message: the texts of its blocks, or where
// it has none its own text, one a line.
func (m Message) All() string {
	if len(m.Blocks) == 0 {
		return m.Text
	}
	return strings.Join(Texts(m.Blocks), "\n")
}

// message is the stored form; blocks and attachments also as they came.
type message struct {
	Message
	blocks, attachments, metadata string
	replies                       int
	edited                        string // ts of the last edit by a person
}

func (m *message) snapshot() Message {
	c := m.Message
	c.Edits = slices.Clone(c.Edits)
	c.Files = slices.Clone(c.Files)
	return c
}

// keep stores a message and rings for who waits.
func (s *Slack) keep(c *channel, m *message) {
	m.Channel = c.ID
	m.At = time.Now()
	if m.Thread != "" && m.Thread != m.TS {
		if root := c.byTS[m.Thread]; root != nil {
			root.replies++
			root.Thread = root.TS
		}
	}
	c.messages = append(c.messages, m)
	c.byTS[m.TS] = m
	if m.BotID != "" && m.Thread != "" {
		s.clearStatus(c.ID, m.Thread)
	}
	s.ring(c.ID, m.Thread)
}

// Forget drops a thread and the whispers of it, as a soak needs that keeps its
// own memory flat.
func (s *Slack) Forget(channel, thread string) {
	s.forget(channel, func(m Message) bool { return m.TS == thread || m.Thread == thread })
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.panes, channel+"/"+thread)
}

// Trim drops the replies of a thread and keeps what began it.
func (s *Slack) Trim(channel, thread string) {
	s.forget(channel, func(m Message) bool { return m.TS != thread && m.Thread == thread })
}

func (s *Slack) forget(channel string, which func(m Message) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.channels[channel]
	if c == nil {
		return
	}
	c.messages = slices.DeleteFunc(c.messages, func(m *message) bool {
		gone := which(m.Message)
		if gone {
			delete(c.byTS, m.TS)
		}
		return gone
	})
	for id, h := range s.hooks {
		if h.message != nil && h.channel == channel && which(h.message.Message) {
			delete(s.hooks, id)
		}
	}
	s.whispers = slices.DeleteFunc(s.whispers, func(m Message) bool { return m.Channel == channel && which(m) })
}

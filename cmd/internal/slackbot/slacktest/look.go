package slacktest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/slack-go/slack"
)

// Messages are the messages of a channel that begin no line under another, in
// their order; deleted ones are left out.
func (s *Slack) Messages(channel string) []Message {
	return s.collect(channel, func(m *message) bool { return m.Thread == "" || m.Thread == m.TS })
}

// Thread is the first message of a thread and the replies to it in their order,
// deleted ones left out.
func (s *Slack) Thread(channel, thread string) []Message {
	return s.collect(channel, func(m *message) bool { return m.TS == thread || m.Thread == thread })
}

// Replies are those of a thread that the bot wrote.
func (s *Slack) Replies(channel, thread string) []Message {
	return s.collect(channel, func(m *message) bool { return m.Thread == thread && m.BotID != "" })
}

func (s *Slack) collect(channel string, want func(m *message) bool) (list []Message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c := s.channels[channel]; c != nil {
		for _, m := range c.messages {
			if !m.Deleted && want(m) {
				list = append(list, m.snapshot())
			}
		}
	}
	return list
}

// Message is one message as it is now, deleted or not.
func (s *Slack) Message(channel, ts string) (Message, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c := s.channels[channel]; c != nil && c.byTS[ts] != nil {
		return c.byTS[ts].snapshot(), true
	}
	return Message{}, false
}

// Whispers are what was shown to one person alone, in their order; "" for all.
func (s *Slack) Whispers(user string) (list []Message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, w := range s.whispers {
		if user == "" || w.To == user {
			list = append(list, w)
		}
	}
	return list
}

// Files are those of a channel, in the order they were shared.
func (s *Slack) Files(channel string) (list []File) {
	for _, m := range s.collect(channel, func(m *message) bool { return len(m.Files) > 0 }) {
		list = append(list, m.Files...)
	}
	return list
}

// Pane is what was set on an assistant thread.
type Pane struct {
	Title    string
	Statuses []string // each that was set, "" where it was cleared
	Heading  string   // of the prompts
	Prompts  []slack.AssistantThreadsPrompt
}

// PaneOf gives what is set on an assistant thread.
func (s *Slack) PaneOf(channel, thread string) Pane {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.panes[channel+"/"+thread]
	if p == nil {
		return Pane{}
	}
	c := *p
	c.Statuses = slices.Clone(p.Statuses)
	return c
}

// Views are the modals that were opened.
func (s *Slack) Views() []View {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.views)
}

// Lost is how many deliveries the app never acknowledged, so that Slack gave
// them up.
func (s *Slack) Lost() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.lost
}

// ErrClosed is what waiting ends with where the fake was closed.
var ErrClosed = errors.New("the fake Slack was closed")

// WaitFor waits until a condition holds. It is asked now and whenever something
// changed: a message, a whisper, a status, an acknowledgement, a connection, a
// call.
func (s *Slack) WaitFor(ctx context.Context, holds func() bool) error {
	for {
		s.mu.Lock()
		if s.changed == nil {
			s.changed = make(chan struct{})
		}
		bell := s.changed
		s.mu.Unlock()
		if holds() {
			return nil
		}
		if err := s.wait(ctx, bell); err != nil {
			return err
		}
	}
}

// WaitThread waits until a condition holds of a thread and gives it. It wakes
// for that thread alone.
func (s *Slack) WaitThread(ctx context.Context, channel, thread string, holds func([]Message) bool) ([]Message, error) {
	key := channel + "/" + thread
	for {
		s.mu.Lock()
		bell := s.bells[key]
		if bell == nil {
			bell = make(chan struct{})
			s.bells[key] = bell
		}
		s.mu.Unlock()
		list := s.Thread(channel, thread)
		if holds(list) {
			return list, nil
		}
		if err := s.wait(ctx, bell); err != nil {
			return list, fmt.Errorf("thread %s of %d messages: %w", key, len(list), err)
		}
	}
}

func (s *Slack) wait(ctx context.Context, bell <-chan struct{}) error {
	select {
	case <-bell:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-s.closed:
		return ErrClosed
	}
}

// ring wakes who waits; the lock is held.
func (s *Slack) ring(channel, thread string) {
	if s.changed != nil {
		close(s.changed)
		s.changed = nil
	}
	key := channel + "/" + thread
	if bell := s.bells[key]; bell != nil {
		close(bell)
		delete(s.bells, key)
	}
}

// Call is one call of the Web API.
type Call struct {
	Method string
	Args   map[string]string // without the token
	At     time.Time
	Error  string // Slack's code; "" where it was done
}

// Calls is how often a method was called, refused calls included; "" for all.
func (s *Slack) Calls(method string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if method != "" {
		return s.calls[method]
	}
	all := 0
	for _, n := range s.calls {
		all += n
	}
	return all
}

// Log is the last calls, see Options.LogSize; of one method, or "" for all.
func (s *Slack) Log(method string) (list []Call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.log {
		if method == "" || c.Method == method {
			list = append(list, c)
		}
	}
	return list
}

// Texts are the texts of blocks in their order: of sections, fields, headers,
// contexts, tables, and the labels of buttons.
func Texts(blocks []slack.Block) (list []string) {
	raw, err := json.Marshal(blocks)
	if err != nil {
		return nil
	}
	var tree any
	if json.Unmarshal(raw, &tree) == nil {
		list = texts(tree, nil)
	}
	return list
}

// inOrder are the parts of blocks that hold texts, in the order that they are
// read.
var inOrder = []string{"title", "caption", "text", "alt_text", "fields", "elements", "rows", "accessory", "confirm"}

func texts(v any, list []string) []string {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			list = texts(e, list)
		}
	case map[string]any:
		for _, name := range inOrder {
			switch part := v[name].(type) {
			case string:
				list = append(list, part)
			case nil:
			default:
				list = texts(part, list)
			}
		}
	}
	return list
}

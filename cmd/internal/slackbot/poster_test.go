package slackbot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tesela/cmd/internal/slackbot/blockkit"
	"tesela/cmd/internal/slackbot/slacktest"
	"tesela/cmd/internal/slackbot/wire"
)

// posted is a message as people see it.
type posted struct {
	channel, thread, ts string
	m                   blockkit.Message
	delivery            string
	part                int
	edits               int
}

// poster is a Slack of messages alone, which notes all that it is told.
type poster struct {
	mu       sync.Mutex
	messages []*posted
	whispers map[string][]blockkit.Message // by user
	answers  []blockkit.Message            // to commands
	files    []blockkit.File
	statuses []string
	titles   []string
	prompts  []wire.Prompt
	names    map[string][2]string // name and locale by user
	groups   map[string][]string
	heard    map[string]*strings.Builder // all bytes, by channel
	calls    int
	// fails says what goes wrong at the nth call; after is set where it is done
	// all the same.
	fails func(n int, call, channel string) (err error, after bool)
}

func newPoster() *poster {
	return &poster{
		whispers: map[string][]blockkit.Message{}, heard: map[string]*strings.Builder{},
		names:  map[string][2]string{"U1": {"Ana", "en-US"}, "U2": {"Bea", "es-ES"}, "U3": {"Caio", "pt-BR"}},
		groups: map[string][]string{"S1": {"U2"}},
	}
}

var errStopped = errors.New("the program stops here")

// call counts a call that people see and does it.
func (p *poster) call(ctx context.Context, name, channel string, seen any, do func()) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.calls++
	var err error
	after := true
	if p.fails != nil {
		err, after = p.fails(p.calls, name, channel)
	}
	if err != nil && !after {
		return err
	}
	raw, _ := json.Marshal(seen)
	if p.heard[channel] == nil {
		p.heard[channel] = &strings.Builder{}
	}
	fmt.Fprintf(p.heard[channel], "%s %s\n", name, raw)
	do()
	return err
}

func (p *poster) Post(ctx context.Context, to wire.Target, m blockkit.Message, delivery string, part int) (ts string, err error) {
	err = p.call(ctx, "post", to.Channel, m, func() {
		ts = fmt.Sprintf("%d.%06d", 1000, len(p.messages)+1)
		p.messages = append(p.messages, &posted{channel: to.Channel, thread: to.Thread, ts: ts, m: m, delivery: delivery, part: part})
	})
	return ts, err
}

func (p *poster) Find(ctx context.Context, to wire.Target, delivery string, part int) (string, error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, m := range p.messages {
		if m.channel == to.Channel && m.thread == to.Thread && m.delivery == delivery && m.part == part {
			return m.ts, nil
		}
	}
	return "", nil
}

func (p *poster) Update(ctx context.Context, channel, ts string, m blockkit.Message) error {
	return p.call(ctx, "update", channel, m, func() {
		for _, old := range p.messages {
			if old.channel == channel && old.ts == ts {
				old.m = m
				old.edits++
			}
		}
	})
}

func (p *poster) Delete(ctx context.Context, channel, _ string) error {
	return p.call(ctx, "delete", channel, nil, func() {})
}

func (p *poster) Whisper(ctx context.Context, to wire.Target, user string, m blockkit.Message) error {
	return p.call(ctx, "whisper", to.Channel, m, func() { p.whispers[user] = append(p.whispers[user], m) })
}

func (p *poster) Respond(ctx context.Context, _ string, m blockkit.Message) error {
	return p.call(ctx, "respond", "response_url", m, func() { p.answers = append(p.answers, m) })
}

func (p *poster) Upload(ctx context.Context, to wire.Target, f blockkit.File) error {
	seen := map[string]string{"name": f.Name, "title": f.Title, "alt": f.Alt, "body": string(f.Body)}
	return p.call(ctx, "upload", to.Channel, seen, func() { p.files = append(p.files, f) })
}

// Uploaded tells whether a file of the name is there.
func (p *poster) Uploaded(_ context.Context, _ wire.Target, name, _ string) (bool, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.ContainsFunc(p.files, func(f blockkit.File) bool { return f.Name == name }), nil
}

func (p *poster) Status(ctx context.Context, to wire.Target, text string) error {
	return p.call(ctx, "status", to.Channel, text, func() { p.statuses = append(p.statuses, text) })
}

// Title names a thread.
func (p *poster) Title(ctx context.Context, to wire.Target, title string) error {
	return p.call(ctx, "title", to.Channel, title, func() { p.titles = append(p.titles, title) })
}

func (p *poster) Suggest(ctx context.Context, to wire.Target, _ string, prompts []wire.Prompt) error {
	return p.call(ctx, "suggest", to.Channel, prompts, func() { p.prompts = prompts })
}

func (p *poster) Direct(_ context.Context, user string) (string, error) { return "D" + user, nil }

func (p *poster) InGroup(_ context.Context, user, group string) (bool, error) {
	if p.groups[group] == nil {
		return false, errors.New("no such group")
	}
	return slices.Contains(p.groups[group], user), nil
}

func (p *poster) Person(_ context.Context, user string) (name, locale string, err error) {
	return p.names[user][0], p.names[user][1], nil
}

// all is what can be read in a message.
func all(m blockkit.Message) string {
	return slacktest.Message{Text: m.Text, Blocks: m.Blocks}.All()
}

// in are the messages of a thread, as they read now.
func (p *poster) in(channel, thread string) (texts []string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, m := range p.messages {
		if m.channel == channel && m.thread == thread {
			texts = append(texts, all(m.m))
		}
	}
	return texts
}

// newest is the last message of a channel's thread.
func (p *poster) newest(t testing.TB, channel, thread string) *posted {
	t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, m := range slices.Backward(p.messages) {
		if m.channel == channel && m.thread == thread {
			return m
		}
	}
	t.Fatalf("nothing in %s %s", channel, thread)
	return nil
}

// value is that of the first button of an action in a message.
func value(t testing.TB, m *posted, action string) (id, value string) {
	t.Helper()
	for _, e := range buttons(m.m) {
		if blockkit.Action(e.ActionID) == action {
			return e.ActionID, e.Value
		}
	}
	t.Fatalf("no button %s in %q", action, all(m.m))
	return "", ""
}

// memory is a Memory in this process, which outlives a bot as a file would.
type memory struct {
	mu   sync.Mutex
	kept map[string]map[string][]byte
	dead bool // the program has stopped: nothing is kept any more
	// shut, while it is there, is what writes wait for: the file is locked.
	shut chan struct{}
}

func newMemory() *memory { return &memory{kept: map[string]map[string][]byte{}} }

func (m *memory) do(f func()) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.dead {
		return errStopped
	}
	f()
	return nil
}

// write does what changes something once the file is free.
func (m *memory) write(ctx context.Context, f func()) error {
	m.mu.Lock()
	shut := m.shut
	m.mu.Unlock()
	if shut != nil {
		select {
		case <-shut:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return m.do(f)
}

func (m *memory) Claim(ctx context.Context, kind, key string, body []byte, _ time.Time) (own bool, err error) {
	err = m.write(ctx, func() {
		if _, there := m.kept[kind][key]; !there {
			own = true
			m.put(kind, key, body)
		}
	})
	return own, err
}

func (m *memory) put(kind, key string, body []byte) {
	if m.kept[kind] == nil {
		m.kept[kind] = map[string][]byte{}
	}
	m.kept[kind][key] = body
}

func (m *memory) Put(ctx context.Context, kind, key string, body []byte, _ time.Time) error {
	return m.write(ctx, func() { m.put(kind, key, body) })
}

func (m *memory) List(_ context.Context, kind string) (kept map[string][]byte, err error) {
	err = m.do(func() { kept = maps.Clone(m.kept[kind]) })
	return kept, err
}

func (m *memory) Drop(ctx context.Context, kind, key string) error {
	return m.write(ctx, func() { delete(m.kept[kind], key) })
}

// mention is somebody naming the bot in a channel, in a thread or to begin one.
func mention(id, user, channel, thread, text string) wire.Delivery {
	d := wire.Delivery{
		ID: id, Kind: wire.Said, Team: "T1", Channel: channel, User: user, Thread: thread, TS: id, Text: text, Mentioned: true,
	}
	if thread == "" {
		d.Thread = id
	}
	return d
}

// direct is somebody writing to the bot alone.
func direct(id, user, thread, text string) wire.Delivery {
	d := mention(id, user, "D"+user, thread, text)
	d.Direct, d.Mentioned = true, false
	return d
}

// press is somebody pressing a button of a message.
func press(t testing.TB, id, user string, m *posted, action string) wire.Delivery {
	t.Helper()
	a, v := value(t, m, action)
	thread := m.thread
	if thread == "" {
		thread = m.ts
	}
	return wire.Delivery{
		ID: id, Kind: wire.Click, Team: "T1", Channel: m.channel, User: user, Thread: thread, TS: m.ts, Action: a, Value: v,
		Direct: strings.HasPrefix(m.channel, "D"), Respond: "https://hooks.example/" + id,
	}
}

package slackbot

import (
	"container/list"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"tesela/cmd/internal/slackbot/wire"
)

// kindThread keeps what is known of a thread.
const kindThread = "slack.thread"

const (
	threadLife  = 90 * 24 * time.Hour // a thread that rests so long is forgotten
	mostThreads = 10_000              // known at once; the others are read again
	mostAnswers = 50                  // of a thread whose buttons still do something
)

// thread is what is known of a thread that the bot is part of.
type thread struct {
	By       string   `json:"by"` // whose question began it
	Language string   `json:"language,omitempty"`
	Last     string   `json:"last,omitempty"`    // the id of its newest answer
	LastTS   string   `json:"last_ts,omitempty"` // of that one's first message, "" where not known
	Answers  []string `json:"answers,omitempty"` // the ids of the newest ones
	// Decided are the answers that came of approvals, by the approval's id.
	Decided map[string]string `json:"decided,omitempty"`
}

// has tells whether an answer was given in the thread.
func (t *thread) has(answer string) bool { return t != nil && slices.Contains(t.Answers, answer) }

// session names the conversation of a thread.
func session(team, channel, thread string) string {
	return "slack:" + team + ":" + channel + ":" + thread
}

// addressed tells whether what was said is meant for the bot: said to it alone,
// with a mention, or in a thread by the person who began it with the bot and to
// nobody else.
func addressed(d wire.Delivery, known *thread) bool {
	switch {
	case d.Direct, d.Pane, d.Mentioned:
		return true
	case known == nil || known.By != d.User || len(d.Named) > 0:
		return false
	}
	return strings.TrimSpace(d.Text) != ""
}

// threads remembers threads: those used last at hand, all of them in Memory.
type threads struct {
	memory wire.Memory
	clock  func() time.Time

	mu     sync.Mutex
	loaded bool
	partly bool // Memory holds more than is at hand
	at     map[string]*list.Element
	recent *list.List // of *remembered, newest first
}

type remembered struct {
	key    string
	thread *thread
}

func newThreads(m wire.Memory, clock func() time.Time) *threads {
	return &threads{memory: m, clock: clock, at: map[string]*list.Element{}, recent: list.New()}
}

func threadKey(d wire.Delivery) string { return d.Team + ":" + d.Channel + ":" + d.Thread }

// find gives what is known of the thread of a delivery, nil for nothing.
func (t *threads) find(ctx context.Context, d wire.Delivery) (*thread, error) {
	if d.Thread == "" {
		return nil, nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	key := threadKey(d)
	if e := t.at[key]; e != nil {
		t.recent.MoveToFront(e)
		return e.Value.(*remembered).thread, nil
	}
	// A thread that begins with this very message cannot be known but from
	// before a restart.
	if t.loaded && (!t.partly || d.Thread == d.TS && !d.Again && d.Kind == wire.Said) {
		return nil, nil
	}
	kept, err := t.memory.List(ctx, kindThread)
	if err != nil {
		return nil, fmt.Errorf("read the threads: %w", err)
	}
	if !t.loaded {
		t.loaded = true
		for other, body := range kept {
			one := &thread{}
			if json.Unmarshal(body, one) == nil {
				t.remember(other, one)
			}
		}
	}
	body, ok := kept[key]
	one := &thread{}
	if !ok || json.Unmarshal(body, one) != nil {
		one = nil // noted too: people go on talking in threads of their own
	}
	t.remember(key, one)
	return one, nil
}

// remember takes a thread up as the one used last.
func (t *threads) remember(key string, one *thread) {
	if e := t.at[key]; e != nil {
		e.Value.(*remembered).thread = one
		t.recent.MoveToFront(e)
		return
	}
	t.at[key] = t.recent.PushFront(&remembered{key, one})
	for t.recent.Len() > mostThreads {
		oldest := t.recent.Back()
		if oldest.Value.(*remembered).thread != nil {
			t.partly = true
		}
		delete(t.at, oldest.Value.(*remembered).key)
		t.recent.Remove(oldest)
	}
}

// put takes up what is known of the thread of a delivery, and gives what keeps
// it.
func (t *threads) put(d wire.Delivery, one *thread) (keep func(ctx context.Context) error, err error) {
	if n := len(one.Answers) - mostAnswers; n > 0 {
		one.Answers = one.Answers[n:]
	}
	body, err := json.Marshal(one)
	if err != nil {
		return nil, err
	}
	key, until := threadKey(d), t.clock().Add(threadLife)
	t.mu.Lock()
	known := t.at[key] != nil
	t.remember(key, one)
	t.mu.Unlock()
	return func(ctx context.Context) error {
		if !known {
			// Claiming clears away what no longer counts.
			if own, err := t.memory.Claim(ctx, kindThread, key, body, until); own || err != nil {
				return err
			}
		}
		return t.memory.Put(ctx, kindThread, key, body, until)
	}, nil
}

// changeThread notes something of the thread of a delivery, which it begins
// where there is none. What keeps it is handed to later.
func (b *Bot) changeThread(ctx context.Context, d wire.Delivery, change func(t *thread), later func(keep func(context.Context) error)) {
	known, err := b.threads.find(ctx, d)
	if err != nil {
		b.fault("read the thread", d, err)
	}
	next := &thread{By: d.User}
	if known != nil {
		*next = *known
		next.Answers, next.Decided = slices.Clone(known.Answers), maps.Clone(known.Decided)
	}
	change(next)
	keep, err := b.threads.put(d, next)
	if err != nil {
		b.fault("keep the thread", d, err)
		return
	}
	later(keep)
}

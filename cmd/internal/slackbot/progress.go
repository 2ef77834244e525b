package slackbot

import (
	"context"
	"sync"
	"time"

	"tesela/cmd/internal/slackbot/blockkit"
)

// pace is the least time between two edits that tell of progress.
const pace = 1500 * time.Millisecond

// progress shows what a turn is at, edited in place. Telling it never waits for
// Slack: what is shown is the newest thing told.
type progress struct {
	words func() *words
	// sign is what is shown first, unless the turn is quick; nil where it was
	// shown before.
	sign  func() blockkit.Message
	quick time.Duration
	show  func(ctx context.Context, m blockkit.Message) error
	clock func() time.Time
	after func(time.Duration) <-chan time.Time

	mu     sync.Mutex
	tool   string
	next   func() blockkit.Message // nil: nothing new
	ended  bool
	told   chan struct{} // holds one: something is new
	cancel context.CancelFunc
	done   chan struct{}
}

// startProgress begins to show progress, with a first sign or, where sign is
// nil, one that was given at this moment.
func (b *Bot) startProgress(ctx context.Context, w func() *words, sign func() blockkit.Message, show func(ctx context.Context, m blockkit.Message) error) *progress {
	ctx, cancel := context.WithCancel(ctx)
	p := &progress{
		words: w, sign: sign, quick: b.config.Quick, show: show, clock: b.config.Clock, after: b.config.After,
		told: make(chan struct{}, 1), cancel: cancel, done: make(chan struct{}),
	}
	go p.run(ctx, p.clock())
	return p
}

// run shows what is told until ctx ends.
func (p *progress) run(ctx context.Context, last time.Time) {
	defer close(p.done)
	shown := ""
	if p.sign != nil {
		select {
		case <-ctx.Done():
			return
		case <-p.after(p.quick):
		}
		m := p.sign()
		_ = p.show(ctx, m)
		shown, last = m.Text, p.clock()
	}
	for {
		select {
		case <-ctx.Done():
			return
		case <-p.told:
		}
		if wait := pace - p.clock().Sub(last); wait > 0 {
			select {
			case <-ctx.Done():
				return
			case <-p.after(wait):
			}
		}
		p.mu.Lock()
		next := p.next
		p.next = nil
		p.mu.Unlock()
		if next == nil {
			continue
		}
		m := next()
		if m.Text == shown {
			continue
		}
		// One that cannot be shown is made up for by the next.
		_ = p.show(ctx, m)
		shown, last = m.Text, p.clock()
	}
}

// say notes what to show next.
func (p *progress) say(next func() blockkit.Message) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ended {
		return
	}
	p.next = next
	select {
	case p.told <- struct{}{}:
	default:
	}
}

// at tells which tool runs.
func (p *progress) at(tool string) {
	p.mu.Lock()
	p.tool = tool
	p.mu.Unlock()
	p.say(p.waiting)
}

// waiting says which tool runs, or ran last.
func (p *progress) waiting() blockkit.Message {
	p.mu.Lock()
	tool := p.tool
	p.mu.Unlock()
	return blockkit.Waiting(p.words().lang.Code, tool, 0, 0)
}

// far tells how far the tool is. What it is at is said in the bot's own words,
// which hold nothing of the data.
func (p *progress) far(_ string, done, total int) {
	if total <= 0 || done < 0 || done > total {
		return
	}
	p.mu.Lock()
	tool, due := p.tool, p.next == nil
	p.mu.Unlock()
	if !due && done < total {
		return // tools tell much more often than is shown
	}
	p.say(func() blockkit.Message { return blockkit.Waiting(p.words().lang.Code, tool, done, total) })
}

// end stops it and waits until nothing more is shown.
func (p *progress) end() {
	p.mu.Lock()
	p.ended = true
	p.mu.Unlock()
	p.cancel()
	<-p.done
}

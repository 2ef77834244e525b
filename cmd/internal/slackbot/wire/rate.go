package wire

import (
	"context"
	"sync"
	"time"
)

// rest waits for d or the end of ctx.
func rest(ctx context.Context, d time.Duration) error {
	if err := context.Cause(ctx); err != nil || d <= 0 {
		return err
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// pace spaces what is said in each channel: a burst at once, then one every so
// often, in the order asked.
type pace struct {
	clock func() time.Time
	every time.Duration
	burst int

	mu  sync.Mutex
	due map[string]time.Time // when a channel's burst would be whole again
}

// mostIdle is at how many keys those of no more use are thrown away.
const mostIdle = 1024

func newPace(clock func() time.Time, every time.Duration, burst int) *pace {
	return &pace{clock: clock, every: every, burst: max(1, burst), due: map[string]time.Time{}}
}

func (p *pace) wait(ctx context.Context, key string) error {
	p.mu.Lock()
	now := p.clock()
	if len(p.due) >= mostIdle {
		for k, t := range p.due {
			if t.Before(now) {
				delete(p.due, k)
			}
		}
	}
	due := p.due[key]
	if due.Before(now) {
		due = now
	}
	p.due[key] = due.Add(p.every)
	p.mu.Unlock()
	return rest(ctx, due.Add(-time.Duration(p.burst-1)*p.every).Sub(now))
}

// gates keep a method shut for as long as Slack asked. Then those who wait go
// through one by one: all at once would shut it again.
type gates struct {
	clock func() time.Time

	mu   sync.Mutex
	shut map[string]*gate
}

type gate struct {
	until time.Time // no call before
	next  time.Time // the next turn of those who wait
	gap   time.Duration
}

// The gap is between those who waited at a gate; it doubles each time that the
// gate shuts while some still wait.
const (
	leastGap = 20 * time.Millisecond
	mostGap  = 1200 * time.Millisecond // 50 a minute, Slack's third tier
)

func newGates(clock func() time.Time) *gates {
	return &gates{clock: clock, shut: map[string]*gate{}}
}

// block shuts a method.
func (g *gates) block(method string, d time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	t, now := g.shut[method], g.clock()
	if t == nil {
		t = &gate{gap: leastGap}
		g.shut[method] = t
	} else if !t.until.After(now) {
		t.gap = min(2*t.gap, mostGap)
	}
	if until := now.Add(d); until.After(t.until) {
		t.until = until
		if t.next.Before(until) {
			t.next = until
		}
	}
}

// open tells whether a call may go out now.
func (g *gates) open(method string) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	t := g.shut[method]
	return t == nil || !t.next.After(g.clock())
}

func (g *gates) wait(ctx context.Context, method string) error {
	for {
		g.mu.Lock()
		t, now := g.shut[method], g.clock()
		if t == nil {
			g.mu.Unlock()
			return context.Cause(ctx)
		}
		if !t.next.After(now) {
			delete(g.shut, method)
			g.mu.Unlock()
			return context.Cause(ctx)
		}
		turn := t.next
		t.next = turn.Add(t.gap)
		g.mu.Unlock()
		if err := rest(ctx, turn.Sub(now)); err != nil {
			return err
		}
		g.mu.Lock()
		t = g.shut[method]
		again := t != nil && t.until.After(g.clock())
		if t != nil && !again {
			t.gap -= t.gap / 16 // it goes well: else those who come after wait for ever
		}
		g.mu.Unlock()
		if !again {
			return nil
		}
	}
}

// queues let one at a time do what has the same key, in the order they came.
type queues struct {
	mu    sync.Mutex
	lines map[string][]chan struct{} // the first has its turn
}

func newQueues() *queues { return &queues{lines: map[string][]chan struct{}{}} }

// enter waits for the turn; leave must be called after it.
func (q *queues) enter(ctx context.Context, key string) (leave func(), err error) {
	turn := make(chan struct{})
	q.mu.Lock()
	q.lines[key] = append(q.lines[key], turn)
	if len(q.lines[key]) == 1 {
		close(turn)
	}
	q.mu.Unlock()
	leave = func() { q.leave(key, turn) }
	select {
	case <-turn:
		return leave, nil
	case <-ctx.Done():
		leave()
		return nil, context.Cause(ctx)
	}
}

func (q *queues) leave(key string, turn chan struct{}) {
	q.mu.Lock()
	defer q.mu.Unlock()
	line := q.lines[key]
	for i, t := range line {
		if t != turn {
			continue
		}
		line = append(line[:i:i], line[i+1:]...)
		if i == 0 && len(line) > 0 {
			close(line[0])
		}
		break
	}
	if len(line) == 0 {
		delete(q.lines, key)
		return
	}
	q.lines[key] = line
}

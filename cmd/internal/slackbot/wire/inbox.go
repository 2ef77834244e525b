package wire

import (
	"context"
	"runtime/debug"
	"strings"
	"sync"
	"time"
)

// heardFor is how long Slack may tell of the same again.
const heardFor = time.Hour

// inbox takes deliveries in, each once, and has them handled: of one thread
// one after the other, of several at once.
type inbox struct {
	w      *Wire
	ledger *ledger

	mu      sync.Mutex
	heard   map[string]time.Time // ids, and until when they count
	swept   time.Time
	loaded  bool                // the ledger's earlier entries are in heard
	left    map[string]Delivery // begun in an earlier run, and told of again before that was known
	lines   map[string]*line
	ready   []*line // with something to do and nobody at it
	waiting int     // jobs in lines
	running int     // goroutines
	closed  bool
	busy    int // refusals being said

	work   sync.WaitGroup
	ctx    context.Context // of handlers
	cancel context.CancelFunc
}

// line is what waits of one thread.
type line struct {
	key  string
	jobs []*job
}

type job struct {
	d       Delivery
	claimed chan bool     // told once: whether it is ours
	kept    chan struct{} // closed once the memory has it
	ended   chan bool     // told once: whether it was handled to its end
}

func newJob(d Delivery) *job {
	return &job{d: d, claimed: make(chan bool, 1), kept: make(chan struct{}), ended: make(chan bool, 1)}
}

func newInbox(w *Wire) *inbox {
	in := &inbox{w: w, heard: map[string]time.Time{}, left: map[string]Delivery{}, lines: map[string]*line{}}
	in.ctx, in.cancel = context.WithCancel(context.Background())
	in.ledger = newLedger(w)
	return in
}

// lineOf is what a delivery must keep its order in: its thread or, without
// one, its user.
func lineOf(d Delivery) string {
	if d.Thread != "" {
		return id(d.Team, d.Channel, d.Thread)
	}
	return id(d.Team, "user", d.User)
}

// take takes a delivery in. It never waits. What it gives is closed once the
// delivery would be gone on with though the program were killed; nil where
// there is nothing to wait for.
func (in *inbox) take(d Delivery) (kept <-chan struct{}) {
	in.mu.Lock()
	defer in.mu.Unlock()
	now := in.w.clock()
	in.sweep(now)
	if until, known := in.heard[d.ID]; known && now.Before(until) || in.closed {
		return nil
	}
	if in.waiting >= in.w.limits.Waiting {
		in.refuse(d)
		return nil
	}
	in.heard[d.ID] = now.Add(heardFor)
	j := newJob(d)
	in.enqueue(j)
	in.ledger.keep(j)
	return j.kept
}

// resume takes in what the ledger holds of earlier runs: ids of what is done,
// and what was begun, oldest first.
func (in *inbox) resume(done []string, open []Delivery) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.closed {
		return
	}
	in.loaded = true
	until := in.w.clock().Add(heardFor)
	for _, id := range done {
		if _, known := in.heard[id]; !known {
			in.heard[id] = until
		}
	}
	if len(open) > 0 {
		in.w.log.Info("going on with what was asked before the program stopped", "deliveries", len(open))
	}
	for _, d := range open {
		if d.Pane {
			in.w.out.panes.put(d.Channel+" "+d.Thread, struct{}{})
		}
		if _, known := in.heard[d.ID]; known {
			in.left[d.ID] = d // Slack told of it again already; see handle
			continue
		}
		in.heard[d.ID] = until
		in.again(d)
	}
}

// again takes in what was begun in an earlier run. The ledger has it already.
func (in *inbox) again(d Delivery) {
	j := newJob(d)
	j.claimed <- true
	in.enqueue(j)
	in.ledger.close(j)
}

// denied is told that a delivery was claimed in an earlier run: it is done, or
// it is to be gone on with.
func (in *inbox) denied(d Delivery) {
	in.mu.Lock()
	defer in.mu.Unlock()
	left, begun := in.left[d.ID]
	switch {
	case !in.loaded:
		delete(in.heard, d.ID) // resume looks after it
	case begun && !in.closed:
		delete(in.left, d.ID)
		in.again(left)
	}
}

// sweep forgets what no longer counts.
func (in *inbox) sweep(now time.Time) {
	if now.Sub(in.swept) < time.Minute {
		return
	}
	in.swept = now
	for key, until := range in.heard {
		if !now.Before(until) {
			delete(in.heard, key)
		}
	}
}

func (in *inbox) enqueue(j *job) {
	key := lineOf(j.d)
	l := in.lines[key]
	if l == nil {
		l = &line{key: key}
		in.lines[key] = l
		in.ready = append(in.ready, l)
	}
	l.jobs = append(l.jobs, j)
	in.waiting++
	if in.running < in.w.limits.AtOnce && len(in.ready) > 0 {
		in.running++
		in.work.Go(in.serve)
	}
}

// serve handles jobs, one of each line in turn, until none is ready.
func (in *inbox) serve() {
	for {
		in.mu.Lock()
		if len(in.ready) == 0 || in.closed {
			in.running--
			in.mu.Unlock()
			return
		}
		l := in.ready[0]
		in.ready = in.ready[1:]
		j := l.jobs[0]
		l.jobs = l.jobs[1:]
		in.waiting--
		in.mu.Unlock()

		in.handle(j)

		in.mu.Lock()
		if len(l.jobs) > 0 {
			in.ready = append(in.ready, l)
		} else {
			delete(in.lines, l.key)
		}
		in.mu.Unlock()
	}
}

// handle waits for a moment to hear that the delivery is ours: a ledger that
// is locked for long, as by an import, holds up no answer.
func (in *inbox) handle(j *job) {
	t := time.NewTimer(in.w.limits.Claim)
	defer t.Stop()
	select {
	case ours := <-j.claimed:
		if !ours {
			in.denied(j.d)
			return
		}
	case <-t.C:
		in.w.log.Warn("the workspace does not answer; going on without its memory", "delivery", j.d.ID)
	case <-in.ctx.Done():
		j.ended <- false
		return
	}
	in.call(in.w.config.Handler, in.whole(j.d))
	j.ended <- in.ctx.Err() == nil
}

// call keeps a handler's panic to its own delivery.
func (in *inbox) call(h Handler, d Delivery) {
	defer func() {
		if p := recover(); p != nil {
			in.w.log.Error("a handler failed", "delivery", d.ID, "panic", p, "stack", string(debug.Stack()))
		}
	}()
	h(in.ctx, d)
}

// nameWait bounds the look-up of the people whom a question names.
const nameWait = 300 * time.Millisecond

// whole completes a delivery with what had to be asked for: whether a command
// or a whispered button was used where only the person and the bot read along
// (two people's direct messages look the same), and the names of others.
func (in *inbox) whole(d Delivery) Delivery {
	if strings.HasPrefix(d.Channel, "D") && !d.Direct {
		ctx, cancel := context.WithTimeout(in.ctx, in.w.limits.Call)
		channel, err := in.w.out.Direct(ctx, d.User)
		cancel()
		d.Direct = err == nil && channel == d.Channel
	}
	if len(d.Named) > 0 {
		ctx, cancel := context.WithTimeout(in.ctx, nameWait)
		defer cancel()
		for _, user := range d.Named[:min(len(d.Named), 5)] {
			if !strings.Contains(d.Text, "@"+user) {
				continue
			}
			if name, _, err := in.w.out.Person(ctx, user); err == nil && name != "" {
				d.Text = strings.ReplaceAll(d.Text, "@"+user, "@"+name)
			}
		}
	}
	return d
}

// mostRefusals is how many may be told at once that there is no room.
const mostRefusals = 16

// refuse says that there is no room. Slack was told that the delivery came, so
// the person must ask again.
func (in *inbox) refuse(d Delivery) {
	in.w.log.Error("too much waits; a delivery is refused", "delivery", d.ID, "waiting", in.waiting)
	if in.busy >= mostRefusals || d.Kind == Opened {
		return
	}
	in.heard[d.ID] = in.w.clock().Add(heardFor)
	in.busy++
	in.work.Go(func() {
		h := in.w.config.Busy
		if h == nil {
			h = in.w.sorry
		}
		in.call(h, d)
		in.mu.Lock()
		in.busy--
		in.mu.Unlock()
	})
}

// close ends the inbox: what runs may finish for some time, what waits stays
// in the ledger for the next start.
func (in *inbox) close(grace time.Duration) {
	in.mu.Lock()
	in.closed = true
	var left []*job
	for _, l := range in.lines {
		left = append(left, l.jobs...)
		l.jobs = nil
	}
	in.ready, in.waiting = nil, 0
	in.mu.Unlock()
	for _, j := range left {
		j.ended <- false
	}
	if !waited(&in.work, grace) {
		in.w.log.Warn("handlers are still at work; stopping them")
		in.cancel()
		if !waited(&in.work, lastGrace) {
			in.w.log.Error("a handler does not stop")
		}
	}
	in.cancel()
	in.ledger.end(lastGrace)
}

// lastGrace is for what was told to stop.
const lastGrace = 5 * time.Second

// waited waits for a group for some time, and tells whether it ended.
func waited(g *sync.WaitGroup, d time.Duration) bool {
	done := make(chan struct{})
	go func() {
		g.Wait()
		close(done)
	}()
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-done:
		return true
	case <-t.C:
		return false
	}
}

package wire

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"slices"
	"sync"
	"time"
)

// heardKind is the kind of records of what was heard.
const heardKind = "slack.heard"

// mostStarts is how often the program may stop over a delivery before it is
// given up: it may be what stops it.
const mostStarts = 3

// entry is a record of a delivery: as it came until it is done, and nothing of
// what was said after that.
type entry struct {
	Done   bool `json:"done,omitempty"`
	Starts int  `json:"starts,omitempty"`
	// Run tells the entries of one run of the program from those of others.
	Run      string    `json:"run,omitempty"`
	Delivery *Delivery `json:"delivery,omitempty"`
}

// ledger keeps deliveries in the memory, from when they came until they are
// done. All of it goes on beside the handlers and waits for the memory as long
// as need be.
type ledger struct {
	w      *Wire
	run    string
	work   sync.WaitGroup
	ctx    context.Context
	cancel context.CancelFunc
}

func newLedger(w *Wire) *ledger {
	l := &ledger{w: w, run: rand.Text()}
	l.ctx, l.cancel = context.WithCancel(context.Background())
	return l
}

// keep claims a job's delivery, tells the job whether it is ours, and marks it
// done once it is.
func (l *ledger) keep(j *job) {
	if l.w.config.Memory == nil {
		j.claimed <- true
		close(j.kept)
		return
	}
	until := l.w.clock().Add(heardFor)
	l.work.Go(func() {
		body, err := json.Marshal(entry{Starts: 1, Run: l.run, Delivery: &j.d})
		if err != nil {
			l.w.log.Error("keep a delivery", "cause", err)
			j.claimed <- true
			return
		}
		ours := true
		l.insist(until, func() (err error) {
			if ours, err = l.w.config.Memory.Claim(l.ctx, heardKind, j.d.ID, body, until); err == nil {
				close(j.kept)
			}
			return err
		})
		j.claimed <- ours
		if ours {
			l.finish(j, until)
		}
	})
}

// close marks a job done once it is, which was claimed before.
func (l *ledger) close(j *job) {
	if l.w.config.Memory == nil {
		return
	}
	until := l.w.clock().Add(heardFor)
	l.work.Go(func() { l.finish(j, until) })
}

func (l *ledger) finish(j *job, until time.Time) {
	if done := <-j.ended; !done {
		return
	}
	l.put(j.d.ID, entry{Done: true, Run: l.run}, until)
}

func (l *ledger) put(id string, e entry, until time.Time) {
	body, err := json.Marshal(e)
	if err != nil {
		l.w.log.Error("keep a delivery", "cause", err)
		return
	}
	l.insist(until, func() error { return l.w.config.Memory.Put(l.ctx, heardKind, id, body, until) })
}

// insist calls f until it works, the record would no longer count, or the end.
func (l *ledger) insist(until time.Time, f func() error) {
	for n := 0; ; n++ {
		err := f()
		if err == nil || l.ctx.Err() != nil || l.w.clock().After(until) {
			return
		}
		l.w.log.Warn("the workspace's memory fails; trying again", "try", n+1, "cause", err)
		if rest(l.ctx, l.w.backoff(n)) != nil {
			return
		}
	}
}

// load gives what was heard before: ids that are done, and deliveries that the
// program stopped over, oldest first.
func (l *ledger) load(ctx context.Context) (done []string, open []Delivery, err error) {
	if l.w.config.Memory == nil {
		return nil, nil, nil
	}
	bodies, err := l.w.config.Memory.List(ctx, heardKind)
	if err != nil {
		return nil, nil, err
	}
	now := l.w.clock()
	for key, body := range bodies {
		var e entry
		err := json.Unmarshal(body, &e)
		if err == nil && e.Run == l.run {
			continue // it came while the memory was waited for
		}
		if err != nil || e.Done || e.Delivery == nil || now.Sub(e.Delivery.At) > heardFor {
			done = append(done, key)
			continue
		}
		d := *e.Delivery
		d.Again = true
		until := d.At.Add(heardFor)
		if e.Starts >= mostStarts {
			l.w.log.Error("given up: the program stopped over it each time", "delivery", d.ID, "starts", e.Starts)
			l.work.Go(func() { l.put(d.ID, entry{Done: true, Run: l.run}, until) })
			done = append(done, key)
			continue
		}
		// Counted before it is begun: what stops the program must be seen to.
		e.Starts++
		e.Run = l.run
		if body, err := json.Marshal(e); err == nil {
			if err := l.w.config.Memory.Put(ctx, heardKind, d.ID, body, until); err != nil {
				return nil, nil, err
			}
		}
		open = append(open, d)
	}
	slices.SortFunc(open, func(a, b Delivery) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.TS, b.TS), cmp.Compare(a.ID, b.ID))
	})
	return done, open, nil
}

// end waits for what is being written, for some time.
func (l *ledger) end(d time.Duration) {
	if !waited(&l.work, d) {
		l.w.log.Warn("the workspace's memory does not answer; what was answered may be looked at again at the next start")
		l.cancel()
		waited(&l.work, d)
	}
	l.cancel()
}

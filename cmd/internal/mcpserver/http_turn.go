package mcpserver

import (
	"context"
	"errors"
	"sync"
	"time"
)

// errPerson ends a call that asked a person who did not answer.
var errPerson = errors.New("nobody answered what the call asked")

// turn is one call's time, and its place among all that run.
type turn struct {
	cancel context.CancelCauseFunc
	limit  time.Duration // 0: none

	lock   sync.Mutex
	places chan struct{}
	held   bool // a place
	over   bool // the call is answered, though something of it may still run
	asked  int  // persons that are waited for
	clock  *time.Timer
	since  time.Time     // when the time began to pass
	left   time.Duration // of it then
}

type turnKey struct{}

// newTurn begins a call's time; when it is over the call is cancelled.
func newTurn(limit time.Duration, cancel context.CancelCauseFunc) *turn {
	t := &turn{cancel: cancel, limit: limit, left: limit}
	t.run()
	return t
}

// run lets the time that is left pass.
func (t *turn) run() {
	t.since = time.Now()
	if t.limit > 0 {
		t.clock = time.AfterFunc(max(t.left, 0), func() { t.cancel(errTime) })
	}
}

// halt stops the time.
func (t *turn) halt() {
	if t.clock != nil {
		t.clock.Stop()
		t.clock = nil
	}
}

// take waits for a place.
func (t *turn) take(ctx context.Context, places chan struct{}) error {
	t.lock.Lock()
	defer t.lock.Unlock()
	t.places = places
	return t.hold(ctx)
}

func (t *turn) hold(ctx context.Context) error {
	if t.over {
		return context.Canceled
	}
	select {
	case t.places <- struct{}{}:
		t.held = true
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// end stops the time and gives the place back.
func (t *turn) end() {
	t.lock.Lock()
	defer t.lock.Unlock()
	t.halt()
	t.over = true
	if t.held {
		<-t.places
		t.held = false
	}
}

// pause stops the call's time and gives its place up while a person is asked.
func (t *turn) pause(patience time.Duration) {
	t.lock.Lock()
	defer t.lock.Unlock()
	if t.asked++; t.asked > 1 {
		return
	}
	if t.held {
		<-t.places
		t.held = false
	}
	t.halt()
	t.left -= time.Since(t.since)
	t.clock = time.AfterFunc(patience, func() { t.cancel(errPerson) })
}

// resume goes on with the time that was left, when there is a place.
func (t *turn) resume(ctx context.Context) error {
	t.lock.Lock()
	defer t.lock.Unlock()
	if t.asked--; t.asked > 0 {
		return nil
	}
	t.halt()
	if !t.over {
		t.run()
	}
	return t.hold(ctx)
}

package mcpserver

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// Bounds are those of calls, over any transport.
type Bounds struct {
	Time    time.Duration // of one call, with its waiting for others; 0 sets no limit
	AtOnce  int           // calls of one session that run at once (default 8); more wait
	Waiting int           // calls of one session that wait (default 64); more are refused
	Whole   int           // calls of all sessions that run at once (default 32); more wait
	// Person is how long a call may wait for what it asks a person (default
	// 10 min). That time is no part of Time, and others may run meanwhile.
	Person time.Duration
}

// codeBusy answers a call beyond the bounds.
const codeBusy = -32000

var (
	errTime = errors.New("the call took longer than its time limit")
	errStop = errors.New("the server is stopping")
)

// bounded are the methods that compute; the rest are answered from what is at
// hand.
var bounded = map[string]bool{"tools/call": true, "resources/read": true, "prompts/get": true, "completion/complete": true}

// Calls keeps a server's calls within bounds.
type Calls struct {
	bounds Bounds
	whole  chan struct{}

	stopping context.Context
	stop     context.CancelCauseFunc

	lock     sync.Mutex
	closed   bool
	sessions map[mcp.Session]*sessionCalls
	running  sync.WaitGroup
}

// sessionCalls are one session's.
type sessionCalls struct {
	places chan struct{}
	calls  int // that run or wait
}

// Bound keeps the calls of a server within bounds from now on.
func Bound(server *mcp.Server, b Bounds) *Calls {
	b.AtOnce, b.Waiting, b.Whole = cmp.Or(b.AtOnce, 8), cmp.Or(b.Waiting, 64), cmp.Or(b.Whole, 32)
	b.Person = cmp.Or(b.Person, 10*time.Minute)
	c := &Calls{bounds: b, whole: make(chan struct{}, b.Whole), sessions: map[mcp.Session]*sessionCalls{}}
	c.stopping, c.stop = context.WithCancelCause(context.Background())
	server.AddReceivingMiddleware(c.around)
	server.AddSendingMiddleware(c.asking)
	return c
}

// around is the middleware.
func (c *Calls) around(next mcp.MethodHandler) mcp.MethodHandler {
	return func(ctx context.Context, method string, r mcp.Request) (mcp.Result, error) {
		if !bounded[method] {
			return next(ctx, method, r)
		}
		ctx, cancel := context.WithCancelCause(ctx)
		defer cancel(nil)
		defer context.AfterFunc(c.stopping, func() { cancel(errStop) })()
		t := newTurn(c.bounds.Time, cancel)
		defer t.end()
		out, err := c.enter(ctx, r.GetSession())
		if err != nil {
			return nil, c.explain(err)
		}
		defer out()
		if err := t.take(ctx, c.whole); err != nil {
			return nil, c.explain(err)
		}
		ctx = context.WithValue(ctx, turnKey{}, t)
		result, err := next(ctx, method, r)
		cause := context.Cause(ctx)
		if !errors.Is(cause, errTime) && !errors.Is(cause, errPerson) && !errors.Is(cause, errStop) {
			return result, err // it ended by itself, or its caller ended it
		}
		if called, ok := result.(*mcp.CallToolResult); err != nil || ok && called != nil && called.IsError {
			return nil, c.explain(cause)
		}
		return result, err
	}
}

// asking gives a call's place to others while the call waits for a person.
func (c *Calls) asking(next mcp.MethodHandler) mcp.MethodHandler {
	return func(ctx context.Context, method string, r mcp.Request) (mcp.Result, error) {
		t, ok := ctx.Value(turnKey{}).(*turn)
		if !ok || method != "elicitation/create" {
			return next(ctx, method, r)
		}
		t.pause(c.bounds.Person)
		result, err := next(ctx, method, r)
		if e := t.resume(ctx); e != nil {
			return nil, e
		}
		return result, err
	}
}

// enter takes a call's place among those of its session, waiting for one where
// it must.
func (c *Calls) enter(ctx context.Context, session mcp.Session) (leave func(), err error) {
	c.lock.Lock()
	if c.closed {
		c.lock.Unlock()
		return nil, errStop
	}
	s := c.sessions[session]
	if s == nil {
		s = &sessionCalls{places: make(chan struct{}, c.bounds.AtOnce)}
		c.sessions[session] = s
	}
	if s.calls >= c.bounds.AtOnce+c.bounds.Waiting {
		c.lock.Unlock()
		return nil, &jsonrpc.Error{Code: codeBusy, Message: fmt.Sprintf("too many calls of this session at once: %d run and %d wait; call again when some have ended", c.bounds.AtOnce, c.bounds.Waiting)}
	}
	s.calls++
	c.running.Add(1)
	c.lock.Unlock()

	out := func() {
		c.lock.Lock()
		if s.calls--; s.calls == 0 {
			delete(c.sessions, session)
		}
		c.lock.Unlock()
		c.running.Done()
	}
	select {
	case s.places <- struct{}{}:
		return func() {
			<-s.places
			out()
		}, nil
	case <-ctx.Done():
		out()
		return nil, context.Cause(ctx)
	}
}

// explain tells a caller why its call was not done.
func (c *Calls) explain(err error) error {
	switch {
	case errors.Is(err, errTime):
		return &jsonrpc.Error{Code: codeBusy, Message: fmt.Sprintf("stopped: a call may take %v; narrow it to fewer customers or a shorter time, or have the server run with a larger --time-limit", c.bounds.Time)}
	case errors.Is(err, errPerson):
		return &jsonrpc.Error{Code: codeBusy, Message: fmt.Sprintf("stopped: nobody answered what was asked within %v; nothing was changed", c.bounds.Person)}
	case errors.Is(err, errStop):
		return &jsonrpc.Error{Code: codeBusy, Message: "the server is stopping; call again when it runs"}
	}
	return err
}

// Running is how many calls run or wait.
func (c *Calls) Running() int {
	c.lock.Lock()
	defer c.lock.Unlock()
	n := 0
	for _, s := range c.sessions {
		n += s.calls
	}
	return n
}

// Stop lets no new call begin, gives those that run a grace, and ends what is
// left.
func (c *Calls) Stop(grace time.Duration) {
	c.lock.Lock()
	c.closed = true
	c.lock.Unlock()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		c.running.Wait()
	}()
	select {
	case <-ended:
		c.stop(errStop)
		return
	case <-time.After(grace):
	}
	c.stop(errStop)
}

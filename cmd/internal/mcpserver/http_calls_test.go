package mcpserver

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/modelcontextprotocol/go-sdk/mcp"
)

func TestCallsHaveATimeLimit(t *testing.T) {
	b := newBench(t)
	Bound(b.MCP(), Bounds{Time: 50 * time.Millisecond})
	s := connect(t, b.over(t, HTTPOptions{}))
	_, err := say(t.Context(), s, "wait", "for ever")
	if err == nil || !strings.Contains(err.Error(), "50ms") || !strings.Contains(err.Error(), "--time-limit") {
		t.Errorf("a call over its limit: %v", err)
	}
	if got, err := say(t.Context(), s, "echo", "after"); err != nil || got != "after" {
		t.Errorf("after it: %q, %v", got, err)
	}
}

// Of one session so many calls run at once, some more wait, and the rest are
// refused; other sessions and what computes nothing go on.
func TestCallsAtOnce(t *testing.T) {
	b := newBench(t)
	calls := Bound(b.MCP(), Bounds{AtOnce: 2, Waiting: 3, Whole: 100})
	url := b.over(t, HTTPOptions{Calls: calls})
	busy, other := connect(t, url), connect(t, url)
	answers := make(chan error, 5)
	for i := range 5 {
		go func() {
			said := fmt.Sprint("call ", i)
			got, err := say(t.Context(), busy, "wait", said)
			if err == nil && got != said {
				err = fmt.Errorf("%q was answered with %q", said, got)
			}
			answers <- err
		}()
	}
	<-b.begun
	<-b.begun
	eventually(t, "all five are there", func() bool { return calls.Running() == 5 })
	if len(b.begun) > 0 {
		t.Error("more than two run at once")
	}
	_, err := say(t.Context(), busy, "echo", "a sixth")
	if e := (*jsonrpc.Error)(nil); !errors.As(err, &e) || e.Code != codeBusy || !strings.Contains(e.Message, "too many calls") {
		t.Errorf("a sixth: %v", err)
	}
	if err := busy.Ping(t.Context(), nil); err != nil {
		t.Error(err)
	}
	if got, err := say(t.Context(), other, "echo", "hi"); err != nil || got != "hi" {
		t.Errorf("another session: %q, %v", got, err)
	}
	close(b.release)
	for range 5 {
		if err := <-answers; err != nil {
			t.Error(err)
		}
	}
	if calls.Running() != 0 || len(calls.sessions) != 0 || len(calls.whole) != 0 {
		t.Error("what was taken is not given back")
	}
}

// Over all sessions so many calls run at once; a call that is cancelled while
// it waits gives its place up.
func TestCallsAtOnceOfAll(t *testing.T) {
	b := newBench(t)
	calls := Bound(b.MCP(), Bounds{Whole: 1})
	url := b.over(t, HTTPOptions{Calls: calls})
	first, second := connect(t, url), connect(t, url)
	done := make(chan error, 1)
	go func() {
		_, err := say(t.Context(), first, "wait", "first")
		done <- err
	}()
	<-b.begun
	ctx, cancel := context.WithCancel(t.Context())
	waiting := make(chan error, 1)
	go func() {
		_, err := say(ctx, second, "echo", "second")
		waiting <- err
	}()
	eventually(t, "the second waits", func() bool { return calls.Running() == 2 })
	cancel()
	if err := <-waiting; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	eventually(t, "the second is gone", func() bool { return calls.Running() == 1 })
	close(b.release)
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// While a person is asked neither a call's time passes nor does it keep others
// waiting.
func TestCallsWaitForAPerson(t *testing.T) {
	b := newBench(t)
	b.MCP().AddTool(&mcp.Tool{Name: "person", InputSchema: json.RawMessage(`{"type":"object"}`)}, func(ctx context.Context, r *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		said, err := r.Session.Elicit(ctx, &mcp.ElicitParams{Message: "Well?", RequestedSchema: json.RawMessage(`{"type":"object","properties":{}}`)})
		if err != nil {
			return nil, err
		}
		return &mcp.CallToolResult{Content: []mcp.Content{&mcp.TextContent{Text: said.Action}}}, nil
	})
	calls := Bound(b.MCP(), Bounds{Whole: 1, Time: 200 * time.Millisecond, Person: 600 * time.Millisecond})
	url := b.over(t, HTTPOptions{Calls: calls})
	asked, answer, gone := make(chan bool), make(chan bool), make(chan bool)
	person := func(_ context.Context, _ *mcp.ElicitRequest) (*mcp.ElicitResult, error) {
		asked <- true
		select {
		case <-answer:
			return &mcp.ElicitResult{Action: "accept"}, nil
		case <-gone:
			return &mcp.ElicitResult{Action: "cancel"}, nil
		}
	}
	s, err := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, &mcp.ClientOptions{ElicitationHandler: person}).
		Connect(t.Context(), &mcp.StreamableClientTransport{Endpoint: url, MaxRetries: -1}, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	defer close(gone)
	other := connect(t, url)
	said, failed := "", error(nil)
	var call sync.WaitGroup
	ask := func() { call.Go(func() { said, failed = say(t.Context(), s, "person", "") }) }
	ask()
	<-asked
	time.Sleep(250 * time.Millisecond) // more than the call's own time
	if got, err := say(t.Context(), other, "echo", "meanwhile"); err != nil || got != "meanwhile" {
		t.Errorf("another call, meanwhile: %q, %v", got, err)
	}
	answer <- true
	call.Wait()
	if failed != nil || said != "accept" {
		t.Errorf("%q, %v", said, failed)
	}
	ask()
	<-asked
	call.Wait() // nobody answers
	if failed == nil || !strings.Contains(failed.Error(), "nobody answered") {
		t.Errorf("a person who does not answer: %v", failed)
	}
	if got, err := say(t.Context(), other, "echo", "after"); err != nil || got != "after" {
		t.Errorf("after it: %q, %v", got, err)
	}
	eventually(t, "all places are free", func() bool { return calls.Running() == 0 && len(calls.whole) == 0 })
}

func TestPanicEndsItsCallAlone(t *testing.T) {
	b := newBench(t)
	Bound(b.MCP(), Bounds{})
	url := b.over(t, HTTPOptions{})
	s, other := connect(t, url), connect(t, url)
	done := make(chan error, 1)
	go func() {
		_, err := say(t.Context(), s, "wait", "beside it")
		done <- err
	}()
	<-b.begun
	_, err := say(t.Context(), s, "break", "")
	if err == nil || strings.Contains(err.Error(), "on purpose") {
		t.Errorf("a call that panics: %v", err)
	}
	close(b.release)
	if err := <-done; err != nil {
		t.Errorf("the call beside it: %v", err)
	}
	for _, s := range []*mcp.ClientSession{s, other} {
		if got, err := say(t.Context(), s, "echo", "on"); err != nil || got != "on" {
			t.Errorf("after it: %q, %v", got, err)
		}
	}
}

// A request whose handling panics outside any call ends alone, too.
func TestPanicOfARequest(t *testing.T) {
	b := newBench(t)
	h, err := Handler(b.MCP(), HTTPOptions{})
	if err != nil {
		t.Fatal(err)
	}
	well := h.inner
	h.inner = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Break") != "" {
			panic("on purpose")
		}
		well.ServeHTTP(w, r)
	})
	l, err := ListenHTTP(t.Context(), "0", "")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- h.Serve(ctx, l) }()
	url := "http://" + l.Addr().String()
	r, text := post(t, url, "", hello, func(r *http.Request) { r.Header.Set("Break", "yes") })
	if r.StatusCode != http.StatusInternalServerError || strings.Contains(text, "on purpose") {
		t.Errorf("%s %s", r.Status, text)
	}
	if r, text := post(t, url, "", hello, nil); r.StatusCode != http.StatusOK {
		t.Errorf("%s %s", r.Status, text)
	}
	if open := h.sessions.open(); open != 1 {
		t.Errorf("%d places are taken by one session", open)
	}
	stop()
	if err := <-served; err != nil {
		t.Error(err)
	}
}

// When the server stops, running calls may end, the rest are told, streams and
// sessions are closed, and nothing is left behind.
func TestHTTPStops(t *testing.T) {
	b := newBench(t)
	calls := Bound(b.MCP(), Bounds{})
	h, err := Handler(b.MCP(), HTTPOptions{Calls: calls, Grace: 300 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	l, err := ListenHTTP(t.Context(), "0", "")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- h.Serve(ctx, l) }()
	url := "http://" + l.Addr().String()
	// Clients without a stream that hangs: one whose stream ends takes no more
	// answers. It hangs by itself.
	plain := func(url string) *mcp.ClientSession {
		s, err := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, nil).
			Connect(t.Context(), &mcp.StreamableClientTransport{Endpoint: url, MaxRetries: -1, DisableStandaloneSSE: true}, nil)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	quick, slow := plain(url), plain(url)
	hanging := make(chan string, 1)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept", "text/event-stream")
	r.Header.Set(sessionHeader, quick.ID())
	stream, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		defer stream.Body.Close()
		text, _ := io.ReadAll(stream.Body)
		hanging <- string(text)
	}()
	var quickErr, slowErr error
	var both sync.WaitGroup
	both.Go(func() { _, quickErr = say(t.Context(), quick, "wait", "ends in time") })
	<-b.begun
	stop()
	eventually(t, "no call is taken any more", func() bool {
		calls.lock.Lock()
		defer calls.lock.Unlock()
		return calls.closed
	})
	b.release <- struct{}{} // one call ends within the grace
	both.Wait()
	if quickErr != nil {
		t.Errorf("a call that ends within the grace: %v", quickErr)
	}
	if err := <-served; err != nil {
		t.Error(err)
	}
	if text := <-hanging; !strings.HasPrefix(text, ":") {
		t.Errorf("the stream said %q", text)
	}
	if _, err := say(t.Context(), slow, "echo", "late"); err == nil {
		t.Error("a call was answered after the end")
	}
	slow.Close()
	// Another, with a call that does not end by itself.
	b = newBench(t)
	calls = Bound(b.MCP(), Bounds{})
	if h, err = Handler(b.MCP(), HTTPOptions{Calls: calls, Grace: 50 * time.Millisecond}); err != nil {
		t.Fatal(err)
	}
	if l, err = ListenHTTP(t.Context(), "0", ""); err != nil {
		t.Fatal(err)
	}
	ctx, stop = context.WithCancel(t.Context())
	go func() { served <- h.Serve(ctx, l) }()
	slow = plain("http://" + l.Addr().String())
	both.Go(func() { _, slowErr = say(t.Context(), slow, "wait", "never ends") })
	<-b.begun
	stop()
	both.Wait()
	if slowErr == nil || !strings.Contains(slowErr.Error(), "stopping") {
		t.Errorf("a call that does not end: %v", slowErr)
	}
	if err := <-served; err != nil {
		t.Error(err)
	}
	slow.Close()
	quick.Close()
}

func TestHTTPLeavesNothingBehind(t *testing.T) {
	before := runtime.NumGoroutine()
	b := newBench(t)
	calls := Bound(b.MCP(), Bounds{})
	h, err := Handler(b.MCP(), HTTPOptions{Calls: calls, Grace: 20 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	l, err := ListenHTTP(t.Context(), "0", "")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- h.Serve(ctx, l) }()
	url := "http://" + l.Addr().String()
	var streams sync.WaitGroup
	for range 10 {
		r, text := post(t, url, "", hello, nil)
		if r.StatusCode != http.StatusOK {
			t.Fatalf("%s %s", r.Status, text)
		}
		id := r.Header.Get(sessionHeader)
		streams.Go(func() {
			post(t, url, id, `{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"wait","arguments":{}}}`, nil)
		})
	}
	for range 10 {
		<-b.begun
	}
	stop()
	if err := <-served; err != nil {
		t.Error(err)
	}
	streams.Wait()
	http.DefaultClient.CloseIdleConnections()
	eventually(t, "no goroutine is left behind", func() bool { return runtime.NumGoroutine() <= before })
	// A test before this one may have left goroutines that end meanwhile.
	eventually(t, "no call and no session is left", func() bool { return calls.Running() == 0 && h.sessions.open() == 0 })
}

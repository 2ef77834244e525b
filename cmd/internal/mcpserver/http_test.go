package mcpserver

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"tesela/agent"
	"tesela/tools"
)

// bench is a server with tools of its own, to see what the transport does with
// calls of any kind.
type bench struct {
	*Server
	begun   chan string   // a call of wait has begun
	release chan struct{} // ends the calls of wait
}

func newBench(t *testing.T) *bench {
	t.Helper()
	s, err := New(Config{
		Tools:    tools.NewBox(nil),
		Converse: func(context.Context, string, string) (*agent.Conversation, error) { return nil, context.Canceled },
	})
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{Server: s, begun: make(chan string, 1000), release: make(chan struct{})}
	add := func(name string, do func(ctx context.Context, said string) (string, error)) {
		s.MCP().AddTool(&mcp.Tool{Name: name, InputSchema: json.RawMessage(`{"type":"object"}`)}, func(ctx context.Context, r *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
			var args struct{ Say string }
			if err := json.Unmarshal(r.Params.Arguments, &args); err != nil {
				return nil, err
			}
			text, err := do(ctx, args.Say)
			if err != nil {
				return nil, err
			}
			return &mcp.CallToolResult{Content: []mcp.Content{&mcp.TextContent{Text: text}}}, nil
		})
	}
	add("echo", func(_ context.Context, said string) (string, error) { return said, nil })
	add("break", func(context.Context, string) (string, error) { panic("broken on purpose") })
	add("large", func(context.Context, string) (string, error) { return strings.Repeat("x", 16<<20), nil })
	add("wait", func(ctx context.Context, said string) (string, error) {
		b.begun <- said
		select {
		case <-b.release:
			return said, nil
		case <-ctx.Done():
			return "", ctx.Err()
		}
	})
	return b
}

// over is a server of HTTP on a free port.
func (b *bench) over(t *testing.T, o HTTPOptions) string {
	t.Helper()
	h, err := Handler(b.MCP(), o)
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(h)
	t.Cleanup(func() {
		h.stop()
		web.Close()
	})
	return web.URL
}

// bearing is a client's transport that shows a token.
type bearing struct{ token string }

func (b bearing) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Authorization", "Bearer "+b.token)
	return http.DefaultTransport.RoundTrip(r)
}

// connect opens a session with the SDK's own client.
func connect(t *testing.T, url string) *mcp.ClientSession {
	t.Helper()
	session, err := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, nil).
		Connect(t.Context(), &mcp.StreamableClientTransport{Endpoint: url, MaxRetries: -1}, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { session.Close() })
	return session
}

func say(ctx context.Context, s *mcp.ClientSession, tool, said string) (string, error) {
	r, err := s.CallTool(ctx, &mcp.CallToolParams{Name: tool, Arguments: map[string]any{"say": said}})
	if err != nil {
		return "", err
	}
	text := r.Content[0].(*mcp.TextContent).Text
	if r.IsError {
		return "", fmt.Errorf("the tool says: %s", text)
	}
	return text, nil
}

// eventually waits for something that is to come true.
func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !is(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("it does not come true: %s", what)
		}
	}
}

const hello = `{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"test","version":"1"}}}`

// post sends one message and gives the answer with what it says.
func post(t *testing.T, url, session, body string, change func(*http.Request)) (*http.Response, string) {
	t.Helper()
	return send(t, http.MethodPost, url, session, strings.NewReader(body), change)
}

func send(t *testing.T, method, url, session string, body io.Reader, change func(*http.Request)) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, body)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/json, text/event-stream")
	if session != "" {
		r.Header.Set(sessionHeader, session)
	}
	if change != nil {
		change(r)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer, string(text)
}

func TestHTTPConversation(t *testing.T) {
	b := newBench(t)
	url := b.over(t, HTTPOptions{})
	for _, path := range []string{"", "/", "/mcp"} {
		s := connect(t, url+path)
		if got, err := say(t.Context(), s, "echo", "hola"); err != nil || got != "hola" {
			t.Errorf("%q: %q, %v", path, got, err)
		}
		if err := s.Ping(t.Context(), nil); err != nil {
			t.Error(err)
		}
	}
	if r, _ := post(t, url+"/elsewhere", "", hello, nil); r.StatusCode != http.StatusNotFound {
		t.Errorf("elsewhere: %s", r.Status)
	}
	if r, _ := send(t, http.MethodPut, url+"/mcp", "", nil, nil); r.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("PUT: %s", r.Status)
	}
}

// Sessions end by DELETE, by themselves when idle, and unknown ones are told so.
func TestHTTPSessions(t *testing.T) {
	b := newBench(t)
	url := b.over(t, HTTPOptions{Sessions: 2})
	open := func() (*http.Response, string) {
		r, text := post(t, url, "", hello, nil)
		if r.StatusCode != http.StatusOK && r.StatusCode != http.StatusServiceUnavailable {
			t.Fatalf("%s: %s", r.Status, text)
		}
		return r, r.Header.Get(sessionHeader)
	}
	_, first := open()
	_, second := open()
	if first == "" || second == "" || first == second {
		t.Fatalf("sessions %q and %q", first, second)
	}
	r, _ := open()
	if r.StatusCode != http.StatusServiceUnavailable || r.Header.Get("Retry-After") == "" {
		t.Errorf("a third session of two: %s, Retry-After %q", r.Status, r.Header.Get("Retry-After"))
	}
	ping := `{"jsonrpc":"2.0","id":2,"method":"ping"}`
	if r, text := post(t, url, first, ping, nil); r.StatusCode != http.StatusOK {
		t.Errorf("those that are open go on: %s %s", r.Status, text)
	}
	if r, text := send(t, http.MethodDelete, url, first, nil, nil); r.StatusCode != http.StatusNoContent {
		t.Errorf("DELETE: %s %s", r.Status, text)
	}
	for _, gone := range []string{first, "no-such-session"} {
		if r, _ := post(t, url, gone, ping, nil); r.StatusCode != http.StatusNotFound {
			t.Errorf("a session %q that is not there: %s", gone, r.Status)
		}
		if r, _ := send(t, http.MethodDelete, url, gone, nil, nil); r.StatusCode != http.StatusNotFound {
			t.Errorf("DELETE of %q: %s", gone, r.Status)
		}
	}
	eventually(t, "the place of the session that ended is free", func() bool {
		r, _ := open()
		return r.StatusCode == http.StatusOK
	})
	// A request that opens no session takes no place.
	url = b.over(t, HTTPOptions{Sessions: 1})
	for range 5 {
		r, _ := post(t, url, "", ping, nil)
		if r.StatusCode == http.StatusServiceUnavailable {
			t.Fatal("a ping of no session took the place of one")
		}
		if r, text := post(t, url, "", `{"jsonrpc":"2.0","id":2,"method":"tools/list"}`, nil); strings.Contains(text, `"result"`) {
			t.Errorf("listed without a session: %s %s", r.Status, text)
		}
	}
	if r, text := post(t, url, "", hello, nil); r.StatusCode != http.StatusOK {
		t.Errorf("%s %s", r.Status, text)
	}
}

func TestHTTPIdleSessionsEnd(t *testing.T) {
	b := newBench(t)
	url := b.over(t, HTTPOptions{Sessions: 1, Idle: 150 * time.Millisecond})
	if r, text := post(t, url, "", hello, nil); r.StatusCode != http.StatusOK {
		t.Fatalf("%s %s", r.Status, text)
	}
	eventually(t, "an idle session makes room", func() bool {
		r, _ := post(t, url, "", hello, nil)
		return r.StatusCode == http.StatusOK
	})
	// A session that works is not idle, however long it takes.
	url = b.over(t, HTTPOptions{Idle: 100 * time.Millisecond, Patience: 100 * time.Millisecond})
	s := connect(t, url)
	done := make(chan error, 1)
	go func() {
		_, err := say(t.Context(), s, "wait", "long")
		done <- err
	}()
	<-b.begun
	time.Sleep(400 * time.Millisecond) // longer than any patience there is
	close(b.release)
	if err := <-done; err != nil {
		t.Errorf("a call that took longer than the idle time and the patience: %v", err)
	}
}

func TestHTTPBodies(t *testing.T) {
	b := newBench(t)
	url := b.over(t, HTTPOptions{Body: 1 << 16})
	fits := `{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"` + strings.Repeat("n", 60_000) + `","version":"1"}}}`
	if r, text := post(t, url, "", fits, nil); r.StatusCode != http.StatusOK {
		t.Errorf("%s %s", r.Status, text)
	}
	large := fits + strings.Repeat(" ", 10_000)
	if r, _ := post(t, url, "", large, nil); r.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("a large body: %s", r.Status)
	}
	// One that does not say beforehand how long it is.
	if r, _ := send(t, http.MethodPost, url, "", io.MultiReader(strings.NewReader(large)), nil); r.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("a large body in pieces: %s", r.Status)
	}
	for name, body := range map[string]string{"empty": "", "half": hello[:40], "not JSON": "hello", "a list of nothing": "[]"} {
		if r, text := post(t, url, "", body, nil); r.StatusCode != http.StatusBadRequest {
			t.Errorf("%s: %s %s", name, r.Status, text)
		}
	}
	if r, _ := post(t, url, "", hello, func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") }); r.StatusCode != http.StatusUnsupportedMediaType {
		t.Errorf("text: %s", r.Status)
	}
}

// Peers that neither send nor take things in are not waited for.
func TestHTTPSlowPeers(t *testing.T) {
	b := newBench(t)
	calls := Bound(b.MCP(), Bounds{})
	h, err := Handler(b.MCP(), HTTPOptions{Patience: 200 * time.Millisecond, Grace: 100 * time.Millisecond, Calls: calls})
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
	dial := func(text string) net.Conn {
		t.Helper()
		c, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
		if _, err := io.WriteString(c, text); err != nil {
			t.Fatal(err)
		}
		if err := c.SetReadDeadline(time.Now().Add(20 * time.Second)); err != nil {
			t.Fatal(err)
		}
		return c
	}
	for name, begin := range map[string]string{
		"half a header": "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-",
		"half a body":   "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{",
		"turned away":   "POST /mcp HTTP/1.1\r\nHost: elsewhere.example\r\nContent-Length: 1000\r\n\r\n{",
	} {
		// The connection is closed, not held: what is read comes to an end.
		if _, err := io.Copy(io.Discard, dial(begin)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	r, _ := post(t, "http://"+l.Addr().String(), "", hello, nil)
	large := `{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"large","arguments":{}}}`
	c := dial(fmt.Sprintf("POST /mcp HTTP/1.1\r\nHost: localhost\r\n%s: %s\r\nContent-Type: application/json\r\nAccept: application/json, text/event-stream\r\nContent-Length: %d\r\n\r\n%s",
		sessionHeader, r.Header.Get(sessionHeader), len(large), large))
	if _, err := bufio.NewReader(c).ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the call of a peer that takes nothing in is over", func() bool { return calls.Running() == 0 })
	stop()
	if err := <-served; err != nil {
		t.Error(err)
	}
}

package mcpserver

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"tesela/tools"
)

const handshake = `{"jsonrpc":"2.0","id":"i","method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"raw","version":"0"}}}
{"jsonrpc":"2.0","method":"notifications/initialized"}
`

// piped gives lines to a server and takes what it writes, as a shell does.
func piped(t *testing.T, s *Server, lines string) []map[string]any {
	t.Helper()
	var out strings.Builder
	if err := s.RunStdio(t.Context(), strings.NewReader(lines), &out); err != nil {
		t.Fatal(err)
	}
	var all []map[string]any
	scan := bufio.NewScanner(strings.NewReader(out.String()))
	scan.Buffer(nil, 8<<20)
	for scan.Scan() {
		m := map[string]any{}
		if err := json.Unmarshal(scan.Bytes(), &m); err != nil || m["jsonrpc"] != "2.0" {
			t.Errorf("no protocol on the output: %s", scan.Text())
		}
		all = append(all, m)
	}
	return all
}

// byID finds an answer.
func byID(all []map[string]any, id any) map[string]any {
	for _, m := range all {
		if m["id"] == id && m["method"] == nil {
			return m
		}
	}
	return nil
}

// Requests that are piped in are all answered, though the input is at its end
// before the first of them is.
func TestPipedRequestsAreAnswered(t *testing.T) {
	w := newWorld()
	w.tools.calls["count_segment"] = func(ctx context.Context, _ tools.Caller, _ json.RawMessage) (*tools.Result, error) {
		select {
		case <-time.After(50 * time.Millisecond): // longer than it takes to read the rest
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		return &tools.Result{Title: "counted", Fingerprint: "f"}, nil
	}
	all := piped(t, serve(t, w.config()), handshake+`{"jsonrpc":"2.0","id":1,"method":"tools/list"}
{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"count_segment","arguments":{}}}
{"jsonrpc":"2.0","id":3,"method":"no/such/method"}`)
	if result, ok := byID(all, "i")["result"].(map[string]any); !ok || result["protocolVersion"] != "2025-06-18" || !strings.Contains(result["instructions"].(string), "tesela://catalogue") {
		t.Errorf("the handshake gives %v", byID(all, "i"))
	}
	if result, ok := byID(all, 2.0)["result"].(map[string]any); !ok || result["structuredContent"].(map[string]any)["title"] != "counted" {
		t.Errorf("the call gives %v", byID(all, 2.0))
	}
	if byID(all, 1.0)["result"] == nil || byID(all, 3.0)["error"] == nil || len(all) != 4 {
		t.Errorf("it all came to %d lines", len(all))
	}
}

// A cancelled call is answered as such, at once, and the tool is told.
func TestCancelledOverLines(t *testing.T) {
	w := newWorld()
	began, told := make(chan struct{}), make(chan struct{})
	w.tools.calls["count_segment"] = func(ctx context.Context, _ tools.Caller, _ json.RawMessage) (*tools.Result, error) {
		close(began)
		<-ctx.Done()
		close(told)
		return nil, ctx.Err()
	}
	in, toServer := io.Pipe()
	fromServer, out := io.Pipe()
	ended := make(chan error, 1)
	s := serve(t, w.config())
	go func() { ended <- s.RunStdio(t.Context(), in, out) }()
	go func() {
		io.WriteString(toServer, handshake+`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"count_segment"}}`+"\n")
		<-began
		io.WriteString(toServer, `{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}`+"\n")
	}()
	lines := bufio.NewScanner(fromServer)
	lines.Buffer(nil, 1<<20)
	lines.Scan() // the handshake
	if !lines.Scan() || !strings.Contains(lines.Text(), `"code":-32800`) || !strings.Contains(lines.Text(), `"id":1`) {
		t.Errorf("it is answered %s", lines.Text())
	}
	<-told
	toServer.Close()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// A line that is no message is answered and the session goes on.
func TestBrokenLines(t *testing.T) {
	ping := `{"jsonrpc":"2.0","id":9,"method":"ping"}` + "\n"
	for _, bad := range []string{
		"nonsense", "{", `{"jsonrpc":"1.0","id":1,"method":"ping"}`, "[]", `[{"jsonrpc":"2.0","id":1,"method":"ping"}]`, "\xff\xfe", "null", "7", `{"jsonrpc":"2.0"}`,
		`{"jsonrpc":"2.0","id":{},"method":"ping"}`, strings.Repeat("x", mostLine+10), `{"jsonrpc":"2.0","id":1,"method":"ping","params":"` + strings.Repeat("x", mostLine) + `"}`,
	} {
		all := piped(t, serve(t, newWorld().config()), handshake+bad+"\r\n\n"+ping)
		if answer := byID(all, 9.0); answer == nil || answer["result"] == nil {
			t.Errorf("after %.40q the session is over: %v", bad, all)
		}
		faults := 0
		for _, m := range all {
			if m["error"] != nil {
				faults++
			}
		}
		if len(all) != 3 || faults != 1 {
			t.Errorf("%.40q gives %v", bad, all)
		}
	}
	for _, empty := range []string{"", "\n", "\n\n  \n"} {
		if all := piped(t, serve(t, newWorld().config()), empty); len(all) != 0 {
			t.Errorf("nothing gives %v", all)
		}
	}
}

// Old versions of the protocol send several messages in a line and want one
// line back.
func TestBatches(t *testing.T) {
	old := strings.Replace(handshake, "2025-06-18", "2025-03-26", 1)
	lines := func(text string) []string {
		s := serve(t, newWorld().config())
		in, toServer := io.Pipe()
		fromServer, out := io.Pipe()
		ended := make(chan error, 1)
		go func() {
			ended <- s.RunStdio(t.Context(), in, out)
			out.Close()
		}()
		answers := bufio.NewScanner(fromServer)
		answers.Buffer(nil, 1<<20)
		go io.WriteString(toServer, old)
		answers.Scan() // the handshake
		go func() {
			io.WriteString(toServer, text+"\n")
			toServer.Close()
		}()
		var got []string
		for answers.Scan() {
			got = append(got, answers.Text())
		}
		if err := <-ended; err != nil {
			t.Error(err)
		}
		return got
	}
	got := lines(`[{"jsonrpc":"2.0","id":1,"method":"ping"},{"jsonrpc":"2.0","method":"notifications/roots/list_changed"},{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"count_segment"}}]`)
	var answers []map[string]any
	if len(got) != 1 || json.Unmarshal([]byte(got[0]), &answers) != nil || len(answers) != 2 || byID(answers, 1.0)["result"] == nil || byID(answers, 2.0)["result"] == nil {
		t.Errorf("a batch gives %q", got)
	}
	for _, bad := range []string{
		"[]", "[1", "[7]", `[{"jsonrpc":"2.0","id":1,"method":"ping"},{"jsonrpc":"2.0","id":1,"method":"ping"}]`, `[{"jsonrpc":"2.0","id":1,"method":"initialize"}]`,
	} {
		if got := lines(bad); len(got) != 1 || !strings.Contains(got[0], `"error"`) || !strings.Contains(got[0], `"id":null`) {
			t.Errorf("%s gives %q", bad, got)
		}
	}
	if got := lines(`[{"jsonrpc":"2.0","method":"notifications/roots/list_changed"}]`); len(got) != 0 {
		t.Errorf("a batch without calls gives %q", got)
	}
}

// pipes joins a client to a server over the system's own pipes.
func pipes(t *testing.T, s *Server, o *mcp.ClientOptions) (c *mcp.ClientSession, ended chan error, stop func()) {
	t.Helper()
	in, toServer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	fromServer, out, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended = make(chan error, 1)
	go func() {
		err := s.RunStdio(ctx, in, out)
		out.Close()
		ended <- err
	}()
	c, err = mcp.NewClient(&mcp.Implementation{Name: "pipe", Version: "1"}, o).Connect(t.Context(), &mcp.IOTransport{Reader: fromServer, Writer: toServer}, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		c.Close()
		stop()
		in.Close()
	})
	return c, ended, stop
}

func TestOverPipes(t *testing.T) {
	w := newWorld()
	config := w.config()
	config.AllowWrites = true
	s := serve(t, config)
	p := &person{answer: says("accept", map[string]any{"approve": true})}
	c, ended, _ := pipes(t, s, p.options())
	if r := callTool(t, c, "ask", `{"question":"how many?"}`); r.IsError {
		t.Error(textOf(r))
	}
	if r := callTool(t, c, "save_segment", saving); r.IsError || len(w.tools.savedNames()) != 1 {
		t.Error(textOf(r))
	}
	for _, tool := range w.tools.List() {
		if r := callTool(t, c, tool.Name, saving); r.IsError {
			t.Errorf("%s: %s", tool.Name, textOf(r))
		}
	}
	for _, uri := range addressesOf(t, c) {
		readOf(t, c, uri)
	}
	for _, j := range jobs {
		if _, err := c.GetPrompt(t.Context(), &mcp.GetPromptParams{Name: j.name, Arguments: j.given()}); err != nil {
			t.Error(err)
		}
	}
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	select {
	case err := <-ended:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("the server outlives its client")
	}
}

// given are arguments for a job.
func (j job) given() map[string]string {
	all := map[string]string{}
	for _, a := range j.arguments {
		all[a.name] = given[a.name]
	}
	return all
}

// The server ends with its context, also while a call runs and while nobody
// writes to it.
func TestStdioStops(t *testing.T) {
	w := newWorld()
	began := make(chan struct{})
	w.tools.calls["count_segment"] = func(ctx context.Context, _ tools.Caller, _ json.RawMessage) (*tools.Result, error) {
		close(began)
		<-ctx.Done()
		return nil, ctx.Err()
	}
	c, ended, stop := pipes(t, serve(t, w.config()), nil)
	go c.CallTool(context.Background(), &mcp.CallToolParams{Name: "count_segment"})
	<-began
	stop()
	select {
	case err := <-ended:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("the server outlives its context")
	}
}

// A person who is asked when the input ends can answer no more: the call ends
// with the offer, and the server with it.
func TestInputEndsWhileAPersonIsAsked(t *testing.T) {
	w := newWorld()
	config := w.config()
	config.AllowWrites = true
	s := serve(t, config)
	lines := strings.Replace(handshake, `"capabilities":{}`, `"capabilities":{"elicitation":{}}`, 1) +
		`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"save_segment","arguments":` + saving + `}}` + "\n"
	all := piped(t, s, lines)
	asked := false
	for _, m := range all {
		asked = asked || m["method"] == "elicitation/create"
	}
	if result, ok := byID(all, 1.0)["result"].(map[string]any); !asked || !ok || len(w.tools.savedNames()) != 0 {
		t.Errorf("asked: %v; it came to %v", asked, all)
	} else if !strings.Contains(fmt.Sprint(result), "Nothing has changed yet") {
		t.Errorf("the call gives %v", result)
	}
}

// Output that nobody takes ends the server, not the program.
func TestBrokenOutput(t *testing.T) {
	s := serve(t, newWorld().config())
	in, toServer := io.Pipe()
	defer toServer.Close()
	ended := make(chan error, 1)
	go func() { ended <- s.RunStdio(t.Context(), in, broken{}) }()
	go io.WriteString(toServer, handshake)
	select {
	case err := <-ended:
		if err == nil || !strings.Contains(err.Error(), "nobody reads") {
			t.Errorf("it ended with %v", err)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("the server goes on")
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("nobody reads") }

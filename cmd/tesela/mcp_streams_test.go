package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"
)

const mcpHello = `{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"raw","version":"1"}}}
{"jsonrpc":"2.0","method":"notifications/initialized"}
`

// mcpMessage is a line of the protocol.
type mcpMessage struct {
	JSONRPC string `json:"jsonrpc"`
	ID      any    `json:"id"`
	Method  string `json:"method"`
	Result  *struct {
		Structured json.RawMessage `json:"structuredContent"`
		IsError    bool            `json:"isError"`
	} `json:"result"`
	Error *struct {
		Code    int    `json:"code"`
		Message string `json:"message"`
	} `json:"error"`
}

// mcpMessages reads what the program wrote: lines of the protocol and nothing
// else.
func mcpMessages(t *testing.T, out string) (all []mcpMessage) {
	t.Helper()
	for line := range strings.Lines(out) {
		var m mcpMessage
		if err := json.Unmarshal([]byte(line), &m); err != nil || m.JSONRPC != "2.0" || m.Result == nil && m.Error == nil && m.Method == "" {
			t.Fatalf("standard output holds what is no message: %q", line)
		}
		all = append(all, m)
	}
	return all
}

// Whatever comes in, nothing but the protocol goes out, and what is answered
// is byte for byte what `tesela run` prints.
func TestMCPStreams(t *testing.T) {
	t.Parallel()
	s, db := mcpShop(t, "300")
	calls := map[int][2]string{
		10: {"count_segment", `{"formula":"count(order) >= 3"}`},
		11: {"measure", `{"measures":["revenue","customers"],"group_by":["country"]}`},
		12: {"stage_lifecycle", `{}`},
		13: {"find_microsegments", `{}`},
	}
	var in strings.Builder
	in.WriteString(mcpHello)
	in.WriteString("hello\n\n{\n[]\n{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"no/such\"}\n\xff\xfe\n{\"jsonrpc\":\"2.0\",\"id\":6,\"method\":\"tools/call\",\"params\":{\"name\":\"no_such\"}}\n")
	for id, c := range calls {
		fmt.Fprintf(&in, `{"jsonrpc":"2.0","id":%d,"method":"tools/call","params":{"name":%q,"arguments":%s}}`+"\n", id, c[0], c[1])
	}
	r := s.runWith(strings.NewReader(in.String()), "mcp", "--db", db).exits(exitOK)
	if r.errs != "" {
		r.fail("a word on standard error")
	}
	answers := map[int]mcpMessage{}
	for _, m := range mcpMessages(t, r.out) {
		if id, ok := m.ID.(float64); ok {
			answers[int(id)] = m
		}
	}
	for _, id := range []int{5, 6} {
		if m, ok := answers[id]; !ok || m.Error == nil && (m.Result == nil || !m.Result.IsError) {
			t.Errorf("request %d: %+v", id, m)
		}
	}
	for id, c := range calls {
		m := answers[id]
		if m.Result == nil || m.Result.IsError {
			t.Errorf("%s: %+v", c[0], m)
			continue
		}
		// Only how long lines are and how <, > and & are written may differ.
		want := s.run("run", "--db", db, c[0], c[1]).exits(exitOK).out
		if got := plainJSON(t, m.Result.Structured); got != plainJSON(t, []byte(want)) {
			t.Errorf("%s: over MCP\n%s\n`tesela run`\n%s", c[0], got, plainJSON(t, []byte(want)))
		}
	}
}

// plainJSON writes JSON on one line, in its own order and with its own
// numbers.
func plainJSON(t *testing.T, body []byte) string {
	t.Helper()
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(true)
	if err := e.Encode(json.RawMessage(body)); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// What cannot begin says so on standard error alone.
func TestMCPRefusals(t *testing.T) {
	t.Parallel()
	s := newShell(t)
	refused := func(code int, word string, args ...string) {
		t.Helper()
		if r := s.run(append([]string{"mcp"}, args...)...); r.code != code || r.out != "" || !strings.Contains(r.errs, word) {
			r.fail(fmt.Sprintf("expected code %d, %q on standard error, and nothing on standard output", code, word))
		}
	}
	refused(exitError1, "there is no workspace at", "--db", "none.db")
	refused(exitError1, "there is no workspace at", "--db", "none.db", "--http", "0")
	refused(exitUsage, "--idle is for HTTP", "--idle", "5m")
	refused(exitUsage, "--lang", "--lang", "fr")
	refused(exitUsage, "--as-of", "--as-of", "yesterday")
	refused(exitUsage, "--time-limit", "--time-limit", "-1s")
	refused(exitUsage, "--model", "--model", "nobody:x")
	db := s.dir + "/shop.db"
	s.run("demo", "--db", db, "--customers", "50").exits(exitOK)
	refused(exitUsage, "TESELA_MCP_TOKEN", "--db", db, "--http", "0.0.0.0:0")
	refused(exitUsage, "expected HOST:PORT", "--db", db, "--http", "a:b:c")
	refused(exitUsage, "the origin", "--db", db, "--http", "0", "--allow-origin", "*")
	refused(exitUsage, "through a proxy", "--db", db, "--http", "0", "--allow-host", "tesela.example.com")
	s.env = append(s.env, envMCPToken+"=short")
	refused(exitUsage, "at least 16", "--db", db, "--http", "0")
}

// The end of the input, a signal, and a client that is gone end the program.
func TestMCPEnds(t *testing.T) {
	t.Parallel()
	s, db := mcpShop(t, "4000")
	for _, sign := range []os.Signal{syscall.SIGINT, syscall.SIGTERM} {
		_, c := s.stdio("--db", db)
		in, err := c.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		out, err := c.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		// In the middle of a call.
		fmt.Fprint(in, mcpHello+`{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"find_microsegments","arguments":{},"_meta":{"progressToken":"t"}}}`+"\n")
		lines := bufio.NewScanner(out)
		for lines.Scan() && !strings.Contains(lines.Text(), "notifications/progress") {
			mcpMessages(t, lines.Text())
		}
		begun := time.Now()
		if err := c.Process.Signal(sign); err != nil {
			t.Fatal(err)
		}
		for lines.Scan() {
			mcpMessages(t, lines.Text())
		}
		if err := c.Wait(); err != nil {
			t.Errorf("%v: %v", sign, err)
		}
		t.Logf("%v: over after %v", sign, time.Since(begun))
	}
	// A client that is killed takes both streams with it.
	_, c := s.stdio("--db", db, "--time-limit", "20s")
	in, out, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	c.Stdin = in
	heard, said, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	c.Stdout = said
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	in.Close()
	said.Close()
	fmt.Fprint(out, mcpHello+`{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"find_microsegments","arguments":{}}}`+"\n")
	if _, err := bufio.NewReader(heard).ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	out.Close()
	heard.Close()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = c.Wait() // by a broken pipe or by itself
	}()
	select {
	case <-ended:
	case <-time.After(patience):
		_ = c.Process.Kill()
		t.Error("it outlives its client")
	}
}

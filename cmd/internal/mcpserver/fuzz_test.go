package mcpserver

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
	"time"
)

const (
	stdioHello = hello + "\n" + `{"jsonrpc":"2.0","method":"notifications/initialized"}` + "\n"
	lastPing   = `{"jsonrpc":"2.0","id":"the last of all","method":"ping"}`
)

// seeds are requests that are wrong in ways that matter.
var seeds = []string{
	``, `{`, `[]`, `null`, `0`, `"text"`, `[[[[[]]]]]`, `{}`, `{"jsonrpc":"2.0"}`, "\xff\xfe\x00", "{\"jsonrpc\":\"2.0\",\"id\":\"\xff\",\"method\":\"ping\"}",
	`{"jsonrpc":"1.0","id":1,"method":"ping"}`, `{"jsonrpc":"2.0","id":null,"method":"ping"}`, `{"jsonrpc":"2.0","id":{},"method":"ping"}`,
	`{"jsonrpc":"2.0","id":1.5,"method":"ping"}`, `{"jsonrpc":"2.0","id":1e400,"method":"ping"}`, `{"jsonrpc":"2.0","id":9,"method":"tools/call"}`,
	`{"jsonrpc":"2.0","id":9,"method":"tools/call","params":null}`, `{"jsonrpc":"2.0","id":9,"method":"tools/call","params":[]}`,
	`{"jsonrpc":"2.0","id":9,"method":"tools/call","params":{"name":"ask","arguments":"no object"}}`,
	`{"jsonrpc":"2.0","id":9,"method":"tools/call","params":{"name":"ask","arguments":{"question":7}}}`,
	`{"jsonrpc":"2.0","id":9,"method":"tools/call","params":{"name":"ask","arguments":{"question":"which"},"_meta":{"progressToken":{}}}}`,
	`{"jsonrpc":"2.0","id":9,"method":"tools/call","params":{"name":"count_segment","_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}}`,
	`{"jsonrpc":"2.0","id":9,"method":"tools/list","params":{"cursor":"////"}}`, `{"jsonrpc":"2.0","id":9,"method":"tools/list","params":{"cursor":"AAAA"}}`,
	`{"jsonrpc":"2.0","id":9,"method":"resources/read","params":{"uri":"tesela://segments/%zz"}}`, `{"jsonrpc":"2.0","id":9,"method":"resources/read","params":{"uri":"tesela://reports/../../etc/passwd"}}`,
	`{"jsonrpc":"2.0","id":9,"method":"prompts/get","params":{"name":"plan_test","arguments":{"segment":1}}}`,
	`{"jsonrpc":"2.0","id":9,"method":"completion/complete","params":{"ref":{"type":"ref/none"},"argument":{}}}`,
	`{"jsonrpc":"2.0","id":9,"method":"completion/complete","params":{"ref":null,"argument":null}}`,
	`{"jsonrpc":"2.0","id":9,"method":"logging/setLevel","params":{"level":7}}`, `{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":{}}}`,
	`{"jsonrpc":"2.0","method":"notifications/cancelled","params":null}`, `{"jsonrpc":"2.0","method":"notifications/progress"}`, `{"jsonrpc":"2.0","method":"notifications/initialized"}`,
	`{"jsonrpc":"2.0","id":9,"result":{}}`, `{"jsonrpc":"2.0","id":9,"error":{"code":"x"}}`, `{"jsonrpc":"2.0","id":9,"method":"sampling/createMessage","params":{}}`,
	`{"jsonrpc":"2.0","id":9,"method":"initialize","params":{"protocolVersion":7}}`, `{"jsonrpc":"2.0","id":9,"method":"initialize"}`,
	`[{"jsonrpc":"2.0","id":1,"method":"ping"},{"jsonrpc":"2.0","id":1,"method":"ping"}]`, `[{"jsonrpc":"2.0","method":"notifications/initialized"},{"jsonrpc":"2.0","id":3,"method":"ping"}]`,
	`[{"jsonrpc":"2.0","id":3,"result":{}}]`, `[1,2,3]`, `{"jsonrpc":"2.0","id":9,"method":"ping","method":"tools/list"}`,
}

// fuzzed is a server that must not break, and tells whether it did.
func fuzzed(t testing.TB) (s *Server, sound func(what string)) {
	w := newWorld()
	s, err := New(w.config())
	if err != nil {
		t.Fatal(err)
	}
	return s, func(what string) {
		w.mu.Lock()
		defer w.mu.Unlock()
		if logged := w.logged.String(); strings.Contains(logged, "broke off") {
			t.Fatalf("a handler broke off over %.300q\n%s", what, logged)
		}
	}
}

// throughStdio writes lines, and holds the server to answering what comes
// after them.
func throughStdio(t testing.TB, s *Server, sound func(string), data []byte) {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	var out bytes.Buffer
	in := io.MultiReader(strings.NewReader(stdioHello), bytes.NewReader(data), strings.NewReader("\n"+lastPing+"\n"))
	if err := s.RunStdio(ctx, in, &out); err != nil {
		t.Fatalf("%.300q: %v", data, err)
	}
	if ctx.Err() != nil {
		t.Fatalf("it hangs over %.300q", data)
	}
	answered := false
	for line := range bytes.Lines(out.Bytes()) {
		var m struct {
			JSONRPC string          `json:"jsonrpc"`
			ID      any             `json:"id"`
			Result  json.RawMessage `json:"result"`
		}
		if err := json.Unmarshal(line, &m); err != nil || m.JSONRPC != "2.0" {
			t.Fatalf("it answers %.300q with what is no message: %.300q", data, line)
		}
		answered = answered || m.ID == "the last of all"
	}
	if !answered {
		t.Fatalf("after %.300q nothing is answered any more:\n%.2000s", data, out.Bytes())
	}
	sound(string(data))
}

func FuzzStdio(f *testing.F) {
	for _, seed := range seeds {
		f.Add([]byte(seed))
	}
	s, sound := fuzzed(f)
	f.Fuzz(func(t *testing.T, data []byte) { throughStdio(t, s, sound, data) })
}

// httpTarget takes what a fuzzer sends over HTTP.
type httpTarget struct {
	handler http.Handler
	session string
	sound   func(string)
}

func newHTTPTarget(t testing.TB) *httpTarget {
	s, sound := fuzzed(t)
	calls := Bound(s.MCP(), Bounds{})
	h, err := Handler(s.MCP(), HTTPOptions{Calls: calls, Sessions: 10_000})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(h.stop)
	target := &httpTarget{handler: h, sound: sound}
	target.open(t)
	return target
}

func (g *httpTarget) open(t testing.TB) {
	status, header, body := g.send(context.Background(), hello, nil)
	if g.session = header.Get(sessionHeader); status != http.StatusOK || g.session == "" {
		t.Fatalf("a session is not opened: %d %s", status, body)
	}
}

// kept keeps an answer that may still be written when its reader is gone.
type kept struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (k *kept) Header() http.Header { return k.header }
func (k *kept) WriteHeader(s int) {
	if k.status == 0 {
		k.status = s
	}
}

func (k *kept) Write(b []byte) (int, error) {
	k.WriteHeader(http.StatusOK)
	return k.body.Write(b)
}

func (g *httpTarget) send(ctx context.Context, body string, change func(*http.Request)) (int, http.Header, string) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://localhost/mcp", strings.NewReader(body))
	if err != nil {
		return 0, nil, err.Error()
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/json, text/event-stream")
	if g.session != "" {
		r.Header.Set(sessionHeader, g.session)
	}
	if change != nil {
		change(r)
	}
	k := &kept{header: http.Header{}}
	g.handler.ServeHTTP(k, r)
	return k.status, k.header, k.body.String()
}

// take sends one body, and holds the server to answering what comes after it.
func (g *httpTarget) take(t testing.TB, data, version string) {
	// A stream may stay open for as long as its session: it is left.
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	if strings.Contains(data, "subscriptions/listen") {
		ctx, cancel = context.WithTimeout(ctx, 20*time.Millisecond)
	}
	defer cancel()
	status, _, text := g.send(ctx, data, func(r *http.Request) {
		if version != "" {
			r.Header["Mcp-Protocol-Version"] = []string{version}
		}
	})
	if status >= 500 {
		t.Fatalf("%.300q is answered with %d %s", data, status, text)
	}
	g.sound(data)
	status, _, text = g.send(context.Background(), lastPing, nil)
	if status != http.StatusOK || !strings.Contains(text, `"result"`) {
		t.Fatalf("after %.300q a ping is answered with %d %s", data, status, text)
	}
}

func FuzzHTTP(f *testing.F) {
	for _, seed := range seeds {
		f.Add(seed, "")
		f.Add(seed, "2025-06-18")
		f.Add(seed, "2026-07-28")
	}
	g := newHTTPTarget(f)
	f.Fuzz(func(t *testing.T, data, version string) { g.take(t, data, version) })
}

var (
	fuzzMethods = []string{
		"initialize", "ping", "tools/list", "tools/call", "resources/list", "resources/read", "resources/templates/list", "resources/subscribe", "resources/unsubscribe",
		"prompts/list", "prompts/get", "completion/complete", "logging/setLevel", "server/discover", "subscriptions/listen", "roots/list", "elicitation/create",
		"notifications/initialized", "notifications/cancelled", "notifications/progress", "notifications/roots/list_changed", "no/such", "", "\x00", "tools/call ",
	}
	fuzzNames = []string{
		"name", "arguments", "cursor", "uri", "ref", "argument", "level", "_meta", "requestId", "progressToken", "question", "session", "language", "formula",
		"approval", "confirm", "requestState", "inputResponses", "protocolVersion", "capabilities", "clientInfo", "io.modelcontextprotocol/protocolVersion", "type", "value", "\u0000",
	}
	fuzzTexts = []string{
		"", "ask", "approve", "count_segment", "save_segment", "tesela://catalogue", "tesela://segments/Lapsed%20VIPs", "tesela://reports/%00", "2025-06-18", "2026-07-28", "1999-01-01",
		"\u202e\ufeff", "how many customers are there", strings.Repeat("é", 3000), "%", "{}", "null", "\x7f",
	}
)

// anything is a JSON value of any kind.
func anything(r *rand.Rand, depth int) any {
	switch n := r.IntN(12); {
	case depth > 4 || n < 3:
		return fuzzTexts[r.IntN(len(fuzzTexts))]
	case n == 3:
		return r.Float64() * 1e300
	case n == 4:
		return r.Int64() - 1<<62
	case n == 5:
		return r.IntN(2) == 0
	case n == 6:
		return nil
	case n == 7:
		list := make([]any, r.IntN(5))
		for i := range list {
			list[i] = anything(r, depth+1)
		}
		return list
	}
	object := map[string]any{}
	for range r.IntN(6) {
		object[fuzzNames[r.IntN(len(fuzzNames))]] = anything(r, depth+1)
	}
	return object
}

// strange is a request that is right in some of its parts.
func strange(r *rand.Rand) string {
	m := map[string]any{"jsonrpc": "2.0", "id": r.IntN(5), "method": fuzzMethods[r.IntN(len(fuzzMethods))], "params": anything(r, 0)}
	if r.IntN(3) > 0 {
		params := map[string]any{}
		for range r.IntN(5) {
			params[fuzzNames[r.IntN(len(fuzzNames))]] = anything(r, 1)
		}
		params["name"] = fuzzTexts[r.IntN(5)]
		m["params"] = params
	}
	switch r.IntN(12) {
	case 0:
		delete(m, "id")
	case 1:
		delete(m, "params")
	case 2:
		m["id"] = anything(r, 3)
	case 3:
		delete(m, "method")
		m["result"] = anything(r, 0)
	}
	body, _ := json.Marshal(m)
	text := string(body)
	switch r.IntN(20) {
	case 0:
		text = text[:r.IntN(len(text)+1)]
	case 1:
		at := r.IntN(len(text))
		text = text[:at] + string([]byte{byte(r.IntN(256))}) + text[at:]
	case 2:
		text = "[" + text + "," + text + "]"
	case 3:
		deep := 1 + r.IntN(20_000)
		text = strings.Repeat(`{"params":[`, deep) + text + strings.Repeat("]}", r.IntN(deep))
	case 4:
		text = fmt.Sprintf(`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"ask","arguments":{"question":%q}}}`, strings.Repeat("long ", r.IntN(20_000)))
	case 5:
		text = strings.Repeat("\xc3\x28", r.IntN(100)) + text
	}
	return strings.NewReplacer("\n", " ", "\r", " ").Replace(text)
}

// TestStrangeRequests sends many requests that are almost right.
func TestStrangeRequests(t *testing.T) {
	rounds := 20
	if testing.Short() {
		rounds = 5
	}
	s, sound := fuzzed(t)
	for seed := range rounds {
		r := rand.New(rand.NewPCG(uint64(seed), 8))
		var lines strings.Builder
		for range 40 {
			lines.WriteString(strange(r) + "\n")
		}
		throughStdio(t, s, sound, []byte(lines.String()))
	}
	g := newHTTPTarget(t)
	r := rand.New(rand.NewPCG(1, 9))
	for i := range rounds * 30 {
		if i%200 == 0 {
			g.session = ""
			g.open(t)
		}
		g.take(t, strange(r), []string{"", "", "2025-03-26", "2025-06-18", "2025-11-25", "2026-07-28", "x"}[r.IntN(7)])
	}
	if h := g.handler.(*HTTP); h.options.Calls.Running() != 0 {
		t.Errorf("%d calls still run", h.options.Calls.Running())
	}
}

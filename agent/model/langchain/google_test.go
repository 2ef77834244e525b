package langchain

import (
	"encoding/json"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"tesela/agent/model"
)

// sealed are the signatures of a request's calls, in order.
func sealed(body map[string]any) []string {
	var out []string
	contents, _ := body["contents"].([]any)
	for _, c := range contents {
		parts, _ := c.(map[string]any)["parts"].([]any)
		for _, p := range parts {
			if part := p.(map[string]any); part["functionCall"] != nil {
				s, _ := part["thoughtSignature"].(string)
				out = append(out, s)
			}
		}
	}
	return out
}

// Calls go back with the signatures they came with, though the conversation has
// no place for them and though two calls are alike.
func TestSignatures(t *testing.T) {
	signed := replies("googleai", "", call("sig/1==", "count_segment", `{"n":1}`), call("", "count_segment", `{"n":1}`))
	second := replies("googleai", "", call("sig/2==", "count_segment", `{"n":1}`))
	s := serve(t, document(200, signed), document(200, second), document(200, replies("googleai", "Five.")))
	m := made4(t, config("googleai", s.URL))
	messages := []model.Message{
		user("before"),
		{Role: model.Assistant, Calls: []model.Call{call("turn-1-1", "count_segment", `{"n":1}`)}},
		{Role: model.ToolRole, CallID: "turn-1-1", Result: json.RawMessage(`5`)},
		user("how many?"),
	}
	seen := map[string]bool{}
	for range 2 {
		g := ask(t, m, question(messages...))
		if g.err != nil {
			t.Fatal(g.err)
		}
		messages = append(messages, model.Message{Role: model.Assistant, Calls: g.calls})
		for _, c := range g.calls {
			if seen[c.ID] || !anthropicIDs.fits(c.ID) {
				t.Errorf("the id %q", c.ID)
			}
			seen[c.ID] = true
			messages = append(messages, model.Message{Role: model.ToolRole, CallID: c.ID, Result: json.RawMessage(`5`)})
		}
	}
	if g := ask(t, m, question(messages...)); g.err != nil || g.text != "Five." {
		t.Fatalf("%+v", g)
	}
	if got := fmt.Sprintf("%q", sealed(s.last(t).Body)); got != `["" "sig/1==" "" "sig/2=="]` {
		t.Error(got)
	}
}

// A model that wants signatures where there are none gets what Google names for
// that, on the first of the calls made together; asked for once.
func TestUnsigned(t *testing.T) {
	refused := document(400, `{"error":{"code":400,"message":"Function call is missing a thought_signature in functionCall parts.","status":"INVALID_ARGUMENT"}}`)
	s := serve(t, refused, document(200, replies("googleai", "Five.")))
	m := made4(t, config("googleai", s.URL))
	for range 2 {
		if g := ask(t, m, question(history()...)); g.err != nil || g.text != "Five." {
			t.Fatalf("%+v", g)
		}
	}
	want := fmt.Sprintf("%q", []string{unsigned, unsigned, ""})
	for i, a := range s.all() {
		if got := fmt.Sprintf("%q", sealed(a.Body)); i > 0 && got != want || i == 0 && got != `["" "" ""]` {
			t.Errorf("request %d: %s", i, got)
		}
	}
	if n := len(s.all()); n != 3 {
		t.Errorf("%d requests", n)
	}
}

// What is remembered of signatures is bounded, and the newest is.
func TestSignaturesBounded(t *testing.T) {
	var s signatures
	long := strings.Repeat("s", 100_000)
	for i := range 200 {
		s.keep(fmt.Sprint(i), long)
	}
	s.keep("huge", strings.Repeat("s", mostSignatures+1))
	s.keep("", long)
	if s.bytes > mostSignatures || len(s.byID) != len(s.order) || s.of("199") != long || s.of("0") != "" || s.of("huge") != "" {
		t.Errorf("%d bytes of %d", s.bytes, len(s.byID))
	}
}

// The library is kept from connecting by itself: a model that is not asked
// leaves nothing running, closed or not.
func TestNothingRunsUnasked(t *testing.T) {
	t.Setenv("HTTPS_PROXY", "")
	before := runtime.NumGoroutine()
	for range 20 {
		for _, vendor := range vendors {
			if _, err := New(config(vendor, "")); err != nil {
				t.Fatal(err)
			}
		}
	}
	for range 50 {
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	stacks := make([]byte, 1<<16)
	t.Errorf("%d goroutines, %d before\n%s", runtime.NumGoroutine(), before, stacks[:runtime.Stack(stacks, true)])
}

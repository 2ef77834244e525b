package langchain

import (
	"encoding/json"
	"testing"
	"unicode/utf8"

	"tesela/agent/model"
)

// Whatever a vendor sends comes to a reply that is well formed, or to a fault:
// the library never fails at what was read.
func FuzzReply(f *testing.F) {
	for _, vendor := range vendors {
		f.Add(replies(vendor, "Five.", call("a", "describe_data", `{"n":1}`), call("", "count_segment", `"{}"`)))
	}
	for _, s := range []string{
		`{"type":"message","content":[{"type":"text","text":"<think>a</think>b"},{"type":"tool_use","name":"x","input":[1]}],"stop_reason":null,"usage":{"input_tokens":-1,"output_tokens":1e300}}`,
		`[{"candidates":[{"content":{"parts":[{"thought":true},{"functionCall":{"name":"x"}},7]},"finishReason":1}]},{"error":{"message":"no"}}]`,
		`{"choices":[{"message":{"content":[{"type":"text","text":"a"},7],"tool_calls":[{"function":{"name":"x","arguments":{"a":null}}}]}}]}`,
		"{\"type\":\"message\",\"content\":\"\xff\"}", `{"message":"no"}`, `null`, `[]`, `"`, ``,
	} {
		f.Add(s)
	}
	models := map[string]*Model{}
	var body string
	for _, vendor := range vendors {
		c := config(vendor, "")
		c.Attempts = 1
		c.Proxied = current{&body}
		m, err := New(c)
		if err != nil {
			f.Fatal(err)
		}
		models[vendor] = m
	}
	f.Fuzz(func(t *testing.T, s string) {
		body = s
		for vendor, m := range models {
			g := ask(t, m, question(user("q")))
			if g.err != nil {
				if fault := faultOf(t, g.err); fault.Cause == model.Unreachable {
					t.Errorf("%s: %s", vendor, fault)
				}
				continue
			}
			if !utf8.ValidString(g.text) || len(g.usage) != 1 || g.usage[0].InputTokens < 0 || g.usage[0].OutputTokens < 0 {
				t.Errorf("%s: %+v", vendor, g)
			}
			for _, c := range g.calls {
				if c.Name == "" || !utf8.ValidString(c.Name+c.ID) || len(c.Args) == 0 {
					t.Errorf("%s: %+v", vendor, c)
				}
			}
			if _, err := json.Marshal(g.decision); err != nil {
				t.Errorf("%s: %v", vendor, err)
			}
		}
	})
}

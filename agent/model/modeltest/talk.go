package modeltest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"tesela/agent/model"
)

// conversations holds a provider to sending whatever a conversation may hold
// so that the vendor takes it, and so that the model is told all of it.
func conversations(t *testing.T, s Subject) {
	user := func(text string) model.Message { return model.Message{Role: model.User, Text: text} }
	calls := func(text string, ids ...string) model.Message {
		m := model.Message{Role: model.Assistant, Text: text}
		for i, id := range ids {
			m.Calls = append(m.Calls, model.Call{ID: id, Name: []string{"count_segment", "list_customers"}[i%2], Args: json.RawMessage(fmt.Sprintf(`{"formula":"sum(order) > %d"}`, i))})
		}
		return m
	}
	result := func(id, value string) model.Message {
		return model.Message{Role: model.ToolRole, CallID: id, Result: json.RawMessage(`{"values":{"size":"` + value + `"}}`)}
	}
	says := func(text string) model.Message { return model.Message{Role: model.Assistant, Text: text} }
	check := model.Message{Role: model.System, Text: "zcheck that again"}
	const besideOne, besideTwo = "zlet me see", "zmore" // said beside calls
	for _, c := range []struct {
		name     string
		messages []model.Message
		bare     bool     // no tools are left
		told     []string // in this order
	}{
		{"a question", []model.Message{user("zq1?")}, false, []string{"zq1?"}},
		{"one call", []model.Message{user("zq1?"), calls("", "a"), result("a", "zr1")}, false, []string{"zq1?", "zr1"}},
		{"text beside calls", []model.Message{user("zq1?"), calls(besideOne, "a", "b"), result("a", "zr1"), result("b", "zr2")}, false, []string{"zq1?", besideOne, "zr1", "zr2"}},
		{
			"many calls in one round",
			[]model.Message{user("zq1?"), calls("", "a", "b", "c", "d"), result("a", "zr1"), result("b", "zr2"), result("c", "zr3"), result("d", "zr4")},
			false,
			[]string{"zq1?", "zr1", "zr2", "zr3", "zr4"},
		},
		{"space beside calls", []model.Message{user("zq1?"), calls("\n\n", "a"), result("a", "zr1")}, false, []string{"zq1?", "zr1"}},
		{
			"rounds",
			[]model.Message{user("zq1?"), calls("", "a"), result("a", "zr1"), calls(besideTwo, "b"), result("b", "zr2")},
			false,
			[]string{"zq1?", "zr1", besideTwo, "zr2"},
		},
		{
			"turns with the same ids, as the planner numbers its calls",
			[]model.Message{user("zq1?"), calls("", "1", "2"), result("1", "zr1"), result("2", "zr2"), says("za1"), user("zq2?"), calls("", "1"), result("1", "zr3"), says("za2"), user("zq3?")},
			false,
			[]string{"zq1?", "zr1", "zr2", "za1", "zq2?", "zr3", "za2", "zq3?"},
		},
		{
			"turns without a text",
			[]model.Message{user("zq1?"), calls("", "1"), result("1", "zr1"), user("zq2?")},
			false,
			[]string{"zq1?", "zr1", "zq2?"},
		},
		{
			"a question back", []model.Message{
				user("zq1?"), {Role: model.Assistant, Reply: &model.Decision{Status: model.Clarify, Unknown: []string{"zword"}, Choices: []model.Choice{{Question: "zchoice?"}}}}, user("zq2?"),
			}, false, []string{"zq1?", "zword", "zchoice?", "zq2?"},
		},
		{"nothing said", []model.Message{user("zq1?"), says(""), user(""), says(" "), user("zq2?")}, false, []string{"zq1?", "zq2?"}},
		{"a repair", []model.Message{user("zq1?"), calls("", "a"), result("a", "zr1"), says("za1"), check}, false, []string{"zq1?", "zr1", "za1", "zcheck"}},
		{"a check after results", []model.Message{user("zq1?"), calls("", "a"), result("a", "zr1"), check}, false, []string{"zq1?", "zr1", "zcheck"}},
		{
			"odd ids",
			[]model.Message{user("zq1?"), calls("", "call:1/é", strings.Repeat("x", 70)), result("call:1/é", "zr1"), result(strings.Repeat("x", 70), "zr2")},
			false,
			[]string{"zq1?", "zr1", "zr2"},
		},
		{
			"arguments that are none", []model.Message{
				user("zq1?"),
				{Role: model.Assistant, Calls: []model.Call{{ID: "a", Name: "count_segment", Args: json.RawMessage(`["not an object"]`)}, {ID: "b", Name: "list_customers"}}},
				result("a", "zr1"), result("b", "zr2"),
			}, false, []string{"zq1?", "zr1", "zr2"},
		},
		{
			"a call of what is no tool", []model.Message{
				user("zq1?"), {Role: model.Assistant, Calls: []model.Call{{ID: "a", Name: "drop tables; <b>", Args: json.RawMessage(`{}`)}}}, result("a", "zr1"),
			}, false, []string{"zq1?", "zr1"},
		},
		{
			"tools withdrawn",
			[]model.Message{user("zq1?"), calls(besideOne, "a", "b"), result("a", "zr1"), result("b", "zr2"), calls("", "c"), result("c", "zr3")},
			true,
			[]string{"zq1?", besideOne, "zr1", "zr2", "zr3"},
		},
		{"tools withdrawn and checked", []model.Message{user("zq1?"), calls("", "a"), result("a", "zr1"), says("za1"), check}, true, []string{"zq1?", "zr1", "za1", "zcheck"}},
		{"no tool ever", []model.Message{user("zq1?"), says("za1"), user("zq2?")}, true, []string{"zq1?", "za1", "zq2?"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			server := serve(t, s, Sequence(Reply{Text: "Hello."}))
			r := Question("")
			r.Messages = c.messages
			if c.bare {
				r.Tools = nil
			}
			g := Ask(t.Context(), s.New(t, server.URL), r)
			if g.Err != nil || g.Text != "Hello." || server.Count() != 1+len(server.Refused()) {
				t.Fatalf("%d requests: %s", server.Count(), g)
			}
			a := server.Asked()[server.Count()-1]
			if (len(a.Tools) == 0) != c.bare {
				t.Errorf("the tools are %q", a.Tools)
			}
			// The system message may come in front of the first question.
			var all strings.Builder
			for _, m := range a.Messages {
				all.WriteString(m.Text + "\n")
			}
			// Some of Mistral's models take either words or calls.
			if _, ok := s.Format.(Mistral); ok {
				c.told = slices.DeleteFunc(c.told, func(w string) bool { return !c.bare && (w == besideOne || w == besideTwo) })
			}
			rest := all.String()
			for _, want := range c.told {
				_, after, ok := strings.Cut(rest, want)
				if !ok {
					t.Fatalf("%q is not told, or not in its place, in %q", want, a.Messages)
				}
				rest = after
			}
			for _, want := range c.told {
				if n := strings.Count(all.String(), want); n != 1 {
					t.Errorf("%q is told %d times", want, n)
				}
			}
			if !c.bare {
				calledAndAnswered(t, a, c.messages)
			}
		})
	}
	t.Run("tools of every shape", func(t *testing.T) {
		server := serve(t, s, Sequence(Reply{Text: "Hello."}))
		r := Question("how many?")
		for i, schema := range []string{
			`{"type":"object"}`, `{"type":"object","properties":{},"additionalProperties":false}`,
			`{"type":"object","properties":{"a":{"type":["string","null"]},"b":{"type":"array","items":{"type":"string","enum":["x","y"]},"maxItems":3},"c":{"type":"integer","minimum":1,"maximum":10},"d":{"anyOf":[{"type":"string"},{"type":"number"}]}},"required":["a"],"additionalProperties":false}`,
			`{"type":"object","properties":{"a":{"$ref":"#/$defs/t"}},"$defs":{"t":{"type":"object","properties":{"s":{"type":"string","default":"x","format":"date"}}}}}`,
		} {
			r.Tools = append(r.Tools, model.Tool{Name: fmt.Sprintf("tool_%d", i), Schema: json.RawMessage(schema)})
		}
		if g := Ask(t.Context(), s.New(t, server.URL), r); g.Err != nil || g.Text != "Hello." {
			t.Error(g)
		}
	})
	t.Run("round after round", func(t *testing.T) { rounds(t, s) })
}

// calledAndAnswered tells of calls whose answers do not follow, in the order
// of the calls.
func calledAndAnswered(t *testing.T, a Asked, messages []model.Message) {
	t.Helper()
	var names, got []string
	for _, m := range messages {
		for _, c := range m.Calls {
			names = append(names, c.Name)
		}
	}
	for i, m := range a.Messages {
		for j, c := range m.Calls {
			got = append(got, c.Name)
			if i+1+j >= len(a.Messages) || a.Messages[i+1+j].Role != "tool" {
				t.Errorf("the call of %s is not answered next", c.Name)
			}
		}
	}
	if !slices.Contains(names, "drop tables; <b>") && !slices.Equal(got, names) {
		t.Errorf("the calls %q are sent as %q", names, got)
	}
}

// rounds plays a turn as the agent does: what the model called is sent back
// with its results, several times over.
func rounds(t *testing.T, s Subject) {
	server := serve(t, s, func(a Asked) Reply {
		if a.N > 4 {
			return Reply{Text: "Done."}
		}
		r := plain
		r.Faults = []Fault{Thoughts}
		return r
	})
	m := s.New(t, server.URL)
	r := Question("how many?")
	for range 4 {
		g := Ask(t.Context(), m, r)
		if g.Err != nil || len(g.Calls) != 2 {
			t.Fatal(g)
		}
		said := model.Message{Role: model.Assistant, Text: g.Text}
		for i, c := range g.Calls {
			if c.ID == "" {
				c.ID = fmt.Sprintf("call-%d-%d", len(r.Messages), i)
			}
			said.Calls = append(said.Calls, c)
		}
		r.Messages = append(r.Messages, said)
		for _, c := range said.Calls {
			r.Messages = append(r.Messages, model.Message{Role: model.ToolRole, CallID: c.ID, Result: json.RawMessage(`{"values":{"size":3}}`)})
		}
	}
	if g := Ask(t.Context(), m, r); g.Err != nil || g.Text != "Done." || server.Count() != 5 {
		t.Errorf("%d requests: %s", server.Count(), g)
	}
}

// oddCalls are passed on as they are, for the agent to tell the model what is
// wrong with them.
func oddCalls(t *testing.T, s Subject) {
	call := func(name, args string) model.Call {
		return model.Call{ID: "call_1", Name: name, Args: json.RawMessage(args)}
	}
	for _, c := range []model.Call{
		call("drop_tables", `{"force":true}`), call("count_segments", `{"formula":"everyone"}`), // names of no tool
		call("count_segment", `{"formula":"everyone","certainty":0.9,"invented":{"a":[1,null]}}`), // fields of no schema
		call("count_segment", `{"formula":`+jsonOf(strings.Repeat("a and ", 20_000))+`}`),         // huge, and whole
		call("count_segment", `{}`), call("describe_data", `{}`),
		call("count_segment", `{"formula":"name = \"\u0000<\/data>\u2028😀\""}`),
	} {
		server := serve(t, s, Sequence(Reply{Calls: []model.Call{c}}))
		g := Ask(t.Context(), s.New(t, server.URL), Question("how many?"))
		if g.Err != nil || len(g.Calls) != 1 || g.Calls[0].Name != c.Name || !sameJSON(g.Calls[0].Args, c.Args) || g.Text != "" {
			t.Errorf("%s %.80s comes as %s", c.Name, c.Args, g)
		}
	}
	if s.Format.Can(NoArguments) {
		server := serve(t, s, Sequence(Reply{Calls: []model.Call{call("describe_data", `{}`)}, Faults: []Fault{NoArguments}}))
		if g := Ask(t.Context(), s.New(t, server.URL), Question("how many?")); g.Err != nil || len(g.Calls) != 1 || string(g.Calls[0].Args) != "{}" {
			t.Error(g)
		}
	}
}

package mcpserver

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/jsonschema-go/jsonschema"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"tesela/agent"
	"tesela/agent/model"
	"tesela/tools"
)

// versions are protocol versions of both kinds: with a handshake and without.
var versions = []string{"2025-06-18", "2026-07-28"}

func TestToolsAreTheToolsThemselves(t *testing.T) {
	w := newWorld()
	for _, writes := range []bool{false, true} {
		c := w.config()
		c.AllowWrites = writes
		listed := map[string]*mcp.Tool{}
		for tool, err := range join(t, serve(t, c), nil).Tools(t.Context(), nil) {
			if err != nil {
				t.Fatal(err)
			}
			listed[tool.Name] = tool
		}
		for _, want := range w.tools.List() {
			got := listed[want.Name]
			delete(listed, want.Name)
			if want.Writes && !writes {
				if got != nil {
					t.Errorf("%s is listed though nothing may be written", want.Name)
				}
				continue
			}
			if got == nil {
				t.Errorf("%s is not listed", want.Name)
				continue
			}
			if !same(t, got.InputSchema, want.Schema) {
				t.Errorf("%s has another schema than the tool: %v", want.Name, got.InputSchema)
			}
			if got.Description != want.Description || got.Title == "" || got.Annotations.Title != got.Title {
				t.Errorf("%s is told as %q, %q", want.Name, got.Title, got.Description)
			}
			if got.Annotations.ReadOnlyHint == want.Writes || *got.Annotations.OpenWorldHint {
				t.Errorf("%s has the hints %+v", want.Name, got.Annotations)
			}
			if destroys := want.Name == "save_segment" || want.Name == "delete_segment" || want.Name == "set_word"; *got.Annotations.DestructiveHint != destroys {
				t.Errorf("%s: destructive is %v", want.Name, !destroys)
			}
		}
		if listed["ask"] == nil || (listed["approve"] != nil) != writes {
			t.Errorf("with writes %v, ask is %v and approve %v", writes, listed["ask"], listed["approve"])
		}
	}
}

// same compares JSON by what it says.
func same(t *testing.T, a any, b json.RawMessage) bool {
	t.Helper()
	text, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	var x, y any
	if json.Unmarshal(text, &x) != nil || json.Unmarshal(b, &y) != nil {
		t.Fatal("no JSON")
	}
	p, _ := json.Marshal(x)
	q, _ := json.Marshal(y)
	return string(p) == string(q)
}

// conforms checks a result against the output schema that its tool told.
func conforms(t *testing.T, c *mcp.ClientSession, name string, r *mcp.CallToolResult) {
	t.Helper()
	for tool, err := range c.Tools(t.Context(), nil) {
		if err != nil {
			t.Fatal(err)
		}
		if tool.Name != name {
			continue
		}
		text, err := json.Marshal(tool.OutputSchema)
		if err != nil {
			t.Fatal(err)
		}
		var schema jsonschema.Schema
		if err := json.Unmarshal(text, &schema); err != nil {
			t.Fatal(err)
		}
		resolved, err := schema.Resolve(nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := resolved.Validate(structured[any](t, r)); err != nil {
			t.Errorf("%s: the structured content is not what the tool told: %v", name, err)
		}
	}
}

func TestEveryToolCanBeCalled(t *testing.T) {
	for _, version := range versions {
		t.Run(version, func(t *testing.T) {
			w := newWorld()
			c := join(t, serve(t, w.config()), nil, version)
			for _, tool := range w.tools.List() {
				if tool.Writes {
					continue
				}
				r := callTool(t, c, tool.Name, `{}`)
				if r.IsError || structured[tools.Result](t, r).Title != "Result of "+tool.Name {
					t.Errorf("%s gave %+v", tool.Name, r)
				}
				if !strings.Contains(textOf(r), "12") {
					t.Errorf("%s says %q, without its figure", tool.Name, textOf(r))
				}
				conforms(t, c, tool.Name, r)
			}
		})
	}
}

func TestResultsAreWholeAndReadable(t *testing.T) {
	w := newWorld()
	share := 0.25
	want := &tools.Result{
		Title: "Revenue\x1b[31m by <country>", Values: map[string]any{"revenue": "1234.50"}, Units: map[string]string{"revenue": "GBP"},
		Columns:  []tools.Column{{Name: "country", Kind: "text"}, {Name: "revenue", Kind: "money", Unit: "GBP"}},
		Rows:     [][]any{{"Germany | `x`", "1000.00"}, {nil, "234.50"}},
		Segments: []tools.Segment{{Name: "A", Formula: "everyone", Text: "all", Size: 3, Share: 1, Growth: &share, Overlaps: []tools.Overlap{{Name: "B", Both: 1}}}},
		Chart:    &tools.Chart{Type: "bar", X: "country", Y: "revenue"}, Notes: []string{"Money is net of refunds."}, Fingerprint: "sha256:1",
	}
	w.tools.calls["measure"] = func(context.Context, tools.Caller, json.RawMessage) (*tools.Result, error) { return want, nil }
	c := join(t, serve(t, w.config()), nil)
	r := callTool(t, c, "measure", `{"measures":["revenue"]}`)
	conforms(t, c, "measure", r)
	body, _ := json.Marshal(want)
	if !same(t, r.StructuredContent, body) {
		t.Errorf("the structured content is %v", r.StructuredContent)
	}
	text := textOf(r)
	for _, part := range []string{"Germany", "1,000", "Money is net of refunds.", `\|`} {
		if !strings.Contains(text, part) {
			t.Errorf("the text lacks %q:\n%s", part, text)
		}
	}
	if strings.ContainsRune(text, 0x1b) {
		t.Errorf("a control character came through: %q", text)
	}
}

func TestFaultsCanBeRepaired(t *testing.T) {
	w := newWorld()
	w.tools.calls["count_segment"] = func(context.Context, tools.Caller, json.RawMessage) (*tools.Result, error) {
		return nil, &tools.ArgumentError{Tool: "count_segment", Field: "formula", Message: "there is no trait contry", Nearest: []string{"country"}}
	}
	w.tools.calls["measure"] = func(context.Context, tools.Caller, json.RawMessage) (*tools.Result, error) {
		return nil, &tools.CannotError{Tool: "measure", Reason: model.NoRole, Params: map[string]string{"role": "order"}, Message: "this data has no orders"}
	}
	c := join(t, serve(t, w.config()), nil)
	type failure struct{ Error tools.Fault }
	r := callTool(t, c, "count_segment", `{"formula":"contry = \"Spain\""}`)
	f := structured[failure](t, r).Error
	if !r.IsError || f.Kind != "arguments" || f.Field != "formula" || len(f.Nearest) != 1 || !strings.Contains(textOf(r), "nearest: country") {
		t.Errorf("a fault of the arguments came as %+v: %s", f, textOf(r))
	}
	conforms(t, c, "count_segment", r)
	r = callTool(t, c, "measure", `{}`)
	if f := structured[failure](t, r).Error; !r.IsError || f.Kind != "cannot" || f.Reason != model.NoRole {
		t.Errorf("what the data cannot answer came as %+v", f)
	}
	conforms(t, c, "measure", r)
	if _, err := c.CallTool(t.Context(), &mcp.CallToolParams{Name: "no_such_tool"}); err == nil || !strings.Contains(err.Error(), "unknown tool") {
		t.Errorf("an unknown tool gave %v", err)
	}
	if _, err := c.CallTool(t.Context(), &mcp.CallToolParams{Name: "save_segment"}); err == nil {
		t.Error("a tool that writes can be called without leave")
	}
}

func TestLongResultsAreCutAndSaySo(t *testing.T) {
	w := newWorld()
	long := &tools.Result{Title: "Customers", Columns: []tools.Column{{Name: "id", Kind: "text"}}, Fingerprint: "sha256:1", Notes: []string{"First."}}
	for range 30000 {
		long.Rows = append(long.Rows, []any{strings.Repeat("x", 60)})
	}
	w.tools.calls["list_customers"] = func(context.Context, tools.Caller, json.RawMessage) (*tools.Result, error) { return long, nil }
	w.tools.calls["count_segment"] = w.tools.calls["list_customers"]
	c := join(t, serve(t, w.config()), nil)
	r := callTool(t, c, "list_customers", `{}`)
	conforms(t, c, "list_customers", r)
	got := structured[cutResult](t, r)
	body, _ := json.Marshal(r.StructuredContent)
	if len(body) > mostStructured || len(body) < mostStructured/2 || got.RowsTotal != 30000 || len(got.Rows) == 0 || len(got.Notes) != 2 {
		t.Errorf("%d bytes with %d rows of %d, notes %q", len(body), len(got.Rows), got.RowsTotal, got.Notes)
	}
	if text := textOf(r); len(text) > 4000 || !strings.Contains(text, "29,980") {
		t.Errorf("the text has %d bytes and does not say how many rows more there are: %.300s", len(text), text)
	}
	if len(long.Rows) != 30000 || len(long.Notes) != 1 {
		t.Error("the tool's own result was changed")
	}
	r = callTool(t, c, "ask", `{"question":"list everybody"}`)
	conforms(t, c, "ask", r)
	body, _ = json.Marshal(r.StructuredContent)
	if a := structured[agent.Answer](t, r); len(body) > mostStructured+4000 || len(a.Calls) != 1 || len(a.Calls[0].Result.Rows) == 0 {
		t.Errorf("an answer of %d bytes", len(body))
	}
}

func TestAsk(t *testing.T) {
	for _, version := range versions {
		t.Run(version, func(t *testing.T) {
			w := newWorld()
			c := join(t, serve(t, w.config()), nil, version)
			r := callTool(t, c, "ask", `{"question":"how many customers are there?"}`)
			conforms(t, c, "ask", r)
			a := structured[agent.Answer](t, r)
			if r.IsError || a.Status != model.Answered || a.Understood != "All customers." || len(a.Calls) != 1 {
				t.Errorf("answered %+v", a)
			}
			if text := textOf(r); !strings.HasPrefix(text, "*All customers.*") || !strings.Contains(text, "12") {
				t.Errorf("said %q", text)
			}
			r = callTool(t, c, "ask", `{"question":"which are the top customers?","session":"one"}`)
			conforms(t, c, "ask", r)
			a = structured[agent.Answer](t, r)
			if r.IsError || a.Status != model.Clarify || len(a.Choices) != 2 || !strings.Contains(textOf(r), "1. top customers by revenue") {
				t.Errorf("asked back %+v: %s", a, textOf(r))
			}
			for number, question := range map[string]string{"2": "top customers by orders", " 1. ": "top customers by revenue", "3": "3", "0": "0"} {
				callTool(t, c, "ask", `{"question":"which are the top customers?","session":"one"}`)
				if a := structured[agent.Answer](t, callTool(t, c, "ask", `{"question":"`+number+`","session":"one"}`)); a.Question != question {
					t.Errorf("%q picks %q", number, a.Question)
				}
				if a := structured[agent.Answer](t, callTool(t, c, "ask", `{"question":"`+number+`","session":"one"}`)); a.Question != number {
					t.Errorf("%q picks %q of choices that are gone", number, a.Question)
				}
			}
			r = callTool(t, c, "ask", `{"question":"what is the weather?","language":"es"}`)
			conforms(t, c, "ask", r)
			if a = structured[agent.Answer](t, r); r.IsError || a.Status != model.Cannot || a.Language != "es" {
				t.Errorf("refused as %+v", a)
			}
			for _, bad := range []string{`{}`, `{"question":" "}`, `{"question":7}`, `{"question":"x","language":"fr"}`, `{"question":"x","sesion":"y"}`, `{"question":"x","session":"a\u0000b"}`} {
				if r := callTool(t, c, "ask", bad); !r.IsError {
					t.Errorf("ask %s is taken", bad)
				} else {
					conforms(t, c, "ask", r)
				}
			}
		})
	}
}

// Nobody else's conversation can be gone into by its name.
func TestSessionsAreApart(t *testing.T) {
	w := newWorld()
	s := serve(t, w.config())
	one, two := join(t, s, nil), join(t, s, nil)
	callTool(t, one, "ask", `{"question":"how many?"}`)
	callTool(t, one, "ask", `{"question":"and in Spain?"}`)
	callTool(t, two, "ask", `{"question":"how many?"}`)
	callTool(t, two, "ask", `{"question":"how many?","session":"slack:T1:C1:9"}`)
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.talks) != 3 {
		t.Errorf("there are the sessions %v, expected one a connection and a named one", w.talks)
	}
	for name := range w.talks {
		if !strings.HasPrefix(name, "mcp:") {
			t.Errorf("the session %q is not this front end's own", name)
		}
	}
}

func TestThreeLanguages(t *testing.T) {
	w := newWorld()
	for language, title := range map[string]string{"en": "Count a segment", "es": "Contar un segmento", "pt": "Contar um segmento"} {
		c := w.config()
		c.Language = language
		var who string
		w.tools.calls["count_segment"] = func(_ context.Context, caller tools.Caller, _ json.RawMessage) (*tools.Result, error) {
			who = caller.Language
			return &tools.Result{Title: "t", Fingerprint: "f"}, nil
		}
		client := join(t, serve(t, c), nil)
		callTool(t, client, "count_segment", `{}`)
		if who != language {
			t.Errorf("in %s the tool is asked in %q", language, who)
		}
		for tool, err := range client.Tools(t.Context(), nil) {
			if err != nil {
				t.Fatal(err)
			}
			if tool.Name == "count_segment" && tool.Title != title {
				t.Errorf("in %s count_segment is %q", language, tool.Title)
			}
		}
	}
	c := w.config()
	c.Language = "fr"
	if _, err := New(c); err == nil {
		t.Error("a server in a language there is not")
	}
}

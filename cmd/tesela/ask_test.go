package main

import (
	"bytes"
	"context"
	"encoding/json"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"tesela/agent"
	"tesela/agent/model"
	"tesela/segment"
	"tesela/store"
	"tesela/tools"
)

// askedWorkspace keeps turns in memory; nothing else of it is used.
type askedWorkspace struct {
	store.Workspace
	data  string
	turns []store.Turn
}

func (w *askedWorkspace) Fingerprint(context.Context) (string, error) { return w.data, nil }
func (w *askedWorkspace) Imported(context.Context) (string, error)    { return w.data, nil }
func (w *askedWorkspace) Close() error                                { return nil }
func (w *askedWorkspace) Segments(context.Context) ([]store.Segment, error) {
	return nil, nil
}

func (w *askedWorkspace) Source(context.Context) (segment.Source, error) {
	return askedSource{}, nil
}

func (w *askedWorkspace) AppendTurn(_ context.Context, t store.Turn) error {
	w.turns = append(w.turns, t)
	return nil
}

func (w *askedWorkspace) Turn(_ context.Context, id string) (store.Turn, error) {
	for _, t := range w.turns {
		if t.ID == id {
			return t, nil
		}
	}
	return store.Turn{}, store.ErrNotFound
}

func (w *askedWorkspace) Turns(_ context.Context, session string, _ int) ([]store.Turn, error) {
	var own []store.Turn
	for _, t := range w.turns {
		if t.Session == session {
			own = append(own, t)
		}
	}
	return own, nil
}

type askedSource struct{ segment.Source }

func (askedSource) Schema() *segment.Schema {
	zone := time.FixedZone("two hours east", 2*60*60)
	return &segment.Schema{Zone: zone, Events: []segment.Event{{Name: "order", Rows: 1, Last: time.Date(2011, 12, 9, 12, 50, 0, 0, zone)}}}
}

// askedModel answers by the first word of the question; "and" follows up.
type askedModel struct{}

func (askedModel) Name() string { return "scripted" }

func (askedModel) Generate(_ context.Context, r model.Request) iter.Seq2[model.Delta, error] {
	return func(yield func(model.Delta, error) bool) {
		last := r.Messages[len(r.Messages)-1]
		if last.Role == model.ToolRole {
			return
		}
		word, _, _ := strings.Cut(last.Text, " ")
		decision := map[string]*model.Decision{
			"flurb":  {Status: model.Clarify, Unknown: []string{"flurb"}, Choices: []model.Choice{{Label: "orders", Question: "count orders"}}},
			"gender": {Status: model.Cannot, Reason: model.MissingField, Unknown: []string{"gender"}},
			"cuenta": {Status: model.Answered, Language: "es", Understood: "clientes con 5 pedidos o más"},
			"count":  {Status: model.Answered, Understood: "customers with 5 orders or more", Assumptions: []string{"all time"}},
		}[word]
		if decision != nil && !yield(model.Delta{Decision: decision}, nil) {
			return
		}
		tool := map[string]string{"count": "count_segment", "cuenta": "count_segment", "save": "save_segment", "break": "break"}[word]
		if word == "and" && len(r.Messages) > 1 {
			tool = "count_segment"
		}
		if tool != "" {
			yield(model.Delta{Call: &model.Call{Name: tool, Args: json.RawMessage(`{"formula":"count(order) >= 5"}`)}}, nil)
		}
	}
}

type askedTools struct{ size int }

func (askedTools) List() []model.Tool {
	return []model.Tool{{Name: "count_segment"}, {Name: "save_segment", Writes: true}}
}

func (t askedTools) Call(_ context.Context, who tools.Caller, name string, _ json.RawMessage) (*tools.Result, error) {
	switch {
	case name == "save_segment" && who.Approved == "":
		return &tools.Result{Title: "Save it", Fingerprint: "sha256:2", Approval: "sha256:3"}, nil
	case name != "count_segment":
		return nil, os.ErrClosed
	}
	return &tools.Result{
		Title: who.AsOf.Format(time.RFC3339), Values: map[string]any{"size": t.size, "base": 4372, "share": float64(t.size) / 4372},
		Units: map[string]string{"size": "customers"}, Fingerprint: "sha256:1",
	}, nil
}

// askOn runs one command line over a workspace.
func askOn(t *testing.T, ws *askedWorkspace, stdin string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	a := newApp(strings.NewReader(stdin), &out, &errs)
	a.openFile = func(context.Context, string, bool) (store.Workspace, error) { return ws, nil }
	file := filepath.Join(t.TempDir(), "shop.db")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	now := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	root := newRoot(a)
	for _, c := range root.Commands() {
		if c.Name() == "ask" || c.Name() == "replay" {
			root.RemoveCommand(c)
		}
	}
	ask := newAskWith(a, asker{
		clock: func() time.Time { now = now.Add(1500 * time.Microsecond); return now },
		converse: func(_ context.Context, ws store.Workspace, talk talk) (*agent.Conversation, error) {
			return agent.New(agent.Config{
				Workspace: ws, Tools: askedTools{size: 1115}, Model: askedModel{},
				Session: talk.session, Language: talk.lang, AsOf: talk.asOf, Clock: talk.clock,
			}), nil
		},
	})
	replay := newReplayWith(a, func(ws store.Workspace) tools.Runner {
		size := 1115
		if ws.(*askedWorkspace).data != "sha256:data" {
			size = 1120
		}
		return askedTools{size: size}
	})
	a.prepare(ask)
	a.prepare(replay)
	root.AddCommand(ask, replay)
	root.SetArgs(append(args, "--db", file))
	c, err := root.ExecuteContextC(t.Context())
	if err != nil {
		if !a.started {
			err = usageError("%v\n`%s --help` shows how it is called", err, c.CommandPath())
		}
		code = a.fail(t.Context(), err)
	}
	return code, out.String(), errs.String()
}

func TestAskText(t *testing.T) {
	t.Setenv("NO_COLOR", "1")
	ws := &askedWorkspace{data: "sha256:data"}
	code, out, errs := askOn(t, ws, "", "ask", "count", "those")
	want := "customers with 5 orders or more\n· all time\n\n1,115 customers (25.5% of 4,372).\n\nFormula: count(order) >= 5\n"
	if code != exitOK || out != want || errs != "" {
		t.Errorf("code %d, stdout %q, want %q, stderr %q", code, out, want, errs)
	}
	code, out, _ = askOn(t, ws, "cuenta los\n", "ask", "-")
	if code != exitOK || !strings.Contains(out, "1.115 clientes (25,5\u00a0% de 4.372).") {
		t.Errorf("from standard input: code %d, stdout %q", code, out)
	}
	if len(ws.turns) != 2 || ws.turns[1].Question != "cuenta los" {
		t.Errorf("kept %+v", ws.turns)
	}
}

func TestAskExitCodes(t *testing.T) {
	for _, c := range []struct {
		question, status string
		code             int
		stdout, stderr   string
	}{
		{"flurb", "clarify", exitClarify, "“flurb”", ""},
		{"gender", "cannot", exitCannot, "“gender”", ""},
		{"save it", "approve", exitApproval, "save_segment", "nothing is changed yet\n`tesela approve "},
		{"break it", "error", exitError1, "", "file already closed"},
		{"", "clarify", exitClarify, "Nothing was asked", ""},
	} {
		ws := &askedWorkspace{data: "sha256:data"}
		code, out, errs := askOn(t, ws, "", "ask", c.question)
		if code != c.code || !strings.Contains(out, c.stdout) || !strings.Contains(errs, c.stderr) || (c.stdout == "") != (out == "") || (c.stderr == "") != (errs == "") {
			t.Errorf("%q: code %d, stdout %q, stderr %q", c.question, code, out, errs)
		}
		code, out, errs = askOn(t, ws, "", "ask", "--json", c.question)
		var a map[string]any
		if err := json.Unmarshal([]byte(out), &a); err != nil || code != c.code || a["status"] != c.status || (errs != "") != (c.status == "approve" || c.status == "error") {
			t.Errorf("%q as JSON: code %d, stdout %q, stderr %q, %v", c.question, code, out, errs, err)
		}
	}
}

func TestAskJSON(t *testing.T) {
	ws := &askedWorkspace{data: "sha256:data"}
	code, out, errs := askOn(t, ws, "", "ask", "--json", "--lang", "pt", "--as-of", "2011-06-01", "count", "those")
	var a struct {
		ID, Question, Language, Status, Understood, Text, Data, Model string
		AsOf                                                          string  `json:"as_of"`
		Elapsed                                                       float64 `json:"elapsed_ms"`
		Assumptions                                                   []string
		Calls                                                         []struct {
			Tool   string
			Args   map[string]any
			Result *tools.Result
		}
	}
	if err := json.Unmarshal([]byte(out), &a); err != nil || code != exitOK || errs != "" {
		t.Fatalf("code %d, stdout %q, stderr %q, %v", code, out, errs, err)
	}
	// Midnight of the data's zone, two hours east of Greenwich.
	if a.AsOf != "2011-05-31T22:00:00Z" || a.Elapsed != 1.5 || a.Language != "pt" || a.Question != "count those" || a.Data != "sha256:data" || a.Model != "scripted" {
		t.Errorf("%+v", a)
	}
	if len(a.Calls) != 1 || a.Calls[0].Args["formula"] != "count(order) >= 5" || a.Calls[0].Result.Values["size"] != 1115.0 || strings.Contains(out, `\u003e`) {
		t.Errorf("calls %+v in %s", a.Calls, out)
	}
	var keys []string
	d := json.NewDecoder(strings.NewReader(out))
	var m map[string]json.RawMessage
	if err := d.Decode(&m); err != nil {
		t.Fatal(err)
	}
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	if got := strings.Join(keys, " "); got != "as_of assumptions basis calls data digest elapsed_ms id language model question status text understood" {
		t.Errorf("keys %s", got)
	}
	_, again, _ := askOn(t, ws, "", "ask", "--json", "--lang", "pt", "--as-of", "2011-06-01", "count", "those")
	if again != out {
		t.Errorf("asked again: %s, before %s", again, out)
	}
}

func TestAskFollowsUpInASession(t *testing.T) {
	ws := &askedWorkspace{data: "sha256:data"}
	if code, _, _ := askOn(t, ws, "", "ask", "--session", "s", "count", "those"); code != exitOK {
		t.Fatalf("code %d", code)
	}
	if code, out, errs := askOn(t, ws, "", "ask", "--session", "s", "and", "again"); code != exitOK {
		t.Errorf("the follow-up: code %d, %s%s", code, out, errs)
	}
	if code, _, _ := askOn(t, ws, "", "ask", "and", "again"); code == exitOK {
		t.Error("a question on its own followed up on a session")
	}
}

func TestAskUsage(t *testing.T) {
	for _, c := range []struct{ args, says string }{
		{"ask", "--help"},
		{"ask x --lang de", "en, es, pt"},
		{"ask x --as-of yesterday", "2011-12-01"},
		{"ask x --as-of 2011-02-30", "2011-12-01"},
		{"ask x --model gpt", "offline"},
		{"ask x --model openai", "openai:NAME"},
		{"ask x --model openai:gpt-x", "offline"},
		{"ask x --session=", "needs a name"},
		{"ask x --nonsense", "--help"},
		{"replay", "--help"},
	} {
		code, out, errs := askOn(t, &askedWorkspace{}, "", strings.Fields(c.args)...)
		if code != exitUsage || out != "" || !strings.Contains(errs, c.says) {
			t.Errorf("%q: code %d, stdout %q, stderr %q", c.args, code, out, errs)
		}
	}
}

func TestReplayAnAnswer(t *testing.T) {
	ws := &askedWorkspace{data: "sha256:data"}
	_, answer, _ := askOn(t, ws, "", "ask", "--json", "count", "those")
	id := ws.turns[0].ID
	file := filepath.Join(t.TempDir(), "answer.json")
	if err := os.WriteFile(file, []byte(answer), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{id, file, "-"} {
		code, out, errs := askOn(t, ws, answer, "replay", name)
		if code != exitOK || !strings.Contains(out, "The same, byte for byte.") || errs != "" {
			t.Errorf("%s: code %d, stdout %q, stderr %q", name, code, out, errs)
		}
	}
	ws.data = "sha256:other"
	code, out, _ := askOn(t, ws, "", "replay", id)
	if code != exitError1 || !strings.Contains(out, "values.size: 1115 → 1120") || !strings.Contains(out, "the data is not what it was") {
		t.Errorf("with other data: code %d, stdout %q", code, out)
	}
	code, out, _ = askOn(t, ws, "", "replay", "--json", id)
	var r agent.Replayed
	if err := json.Unmarshal([]byte(out), &r); err != nil || code != exitError1 || r.Same || r.Changed[0] != "data" {
		t.Errorf("as JSON: code %d, %+v, %v", code, r, err)
	}
	code, out, errs := askOn(t, ws, "", "replay", "nosuch")
	if code != exitError1 || out != "" || !strings.Contains(errs, "no answer nosuch") {
		t.Errorf("unknown: code %d, stdout %q, stderr %q", code, out, errs)
	}
}

// A terminal gets the same figures, the choices, and the id.
func TestDrawnAnswer(t *testing.T) {
	answer := &agent.Answer{
		ID: "47f2b5b729cb", Language: "es", Status: model.Clarify, Text: "**1.115** clientes\n\n1. a\n2. b",
		Understood: "clientes", Choices: []model.Choice{{Label: "a"}, {Label: "b"}},
	}
	for _, width := range []int{20, 80, 200} {
		text, err := drawnAnswer(answer, width, false)
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"clientes", "1.115", "a\n", "b\n", "47f2b5b729cb"} {
			if !strings.Contains(ansi.Strip(text), want) {
				t.Errorf("%d columns: no %q in\n%s", width, want, text)
			}
		}
		for line := range strings.Lines(text) {
			if w := ansi.StringWidth(strings.TrimSuffix(line, "\n")); w > width {
				t.Errorf("%d columns: a line of %d: %q", width, w, line)
			}
		}
	}
}

func TestPlainText(t *testing.T) {
	in := "**Most**: a\\_b  \nFormula: `x = \"a|b*\"` and `` a`b ``\n\n| Name | Orders |\n| --- | ---: |\n| a \\| b | 1,400 |\n| `c \\| d` | 7 |\n\n- note"
	want := "Most: a_b\nFormula: x = \"a|b*\" and a`b\n\nName   Orders\n─────  ──────\na | b   1,400\nc | d       7\n\n- note"
	if got := plainText(in); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := plainText("a\x1b[31mb\x07\u009bc"); got != "a[31mbc" {
		t.Errorf("steers a terminal: %q", got)
	}
	for _, s := range []string{"", "`", "**", "\\", "|", "|\n|", "`` x", "| a |\n| --- |\n| b | c |"} {
		plainText(s) // must not panic
	}
}

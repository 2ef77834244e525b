package main

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"tesela/agent"
	"tesela/agent/model"
	"tesela/agent/model/modeltest"
)

// doubting opens a desk over the small shop, where auto asks a scripted model.
func doubting(t *testing.T, script modeltest.Script) (*desk, *modeltest.Server) {
	t.Helper()
	server := modeltest.Serve(t, modeltest.OpenAI{}, script)
	for name, value := range map[string]string{envBaseURL: server.URL + "/v1", envKey: modeltest.Key, envModel: "openai:test", envTimeout: "2s", envPrice: "2/10", envAzure: ""} {
		t.Setenv(name, value)
	}
	d, _ := deskAsking(t, "auto")
	return d, server
}

func calling(args string) modeltest.Script {
	return modeltest.Sequence(modeltest.Reply{
		Calls: []model.Call{{ID: "call_1", Name: "count_segment", Args: json.RawMessage(args)}}, Usage: &model.Usage{InputTokens: 900, OutputTokens: 20},
	})
}

// The planner mends a word and is in doubt: what it read it answers, once the
// model read the same.
func TestDoubtIsSettled(t *testing.T) {
	d, server := doubting(t, calling(`{"formula":"count(order) > 0"}`))
	a := put(t, d, "s", "how many custmers with at least one order are there?")
	if a.Status != model.Answered || a.Model != "offline+openai:test" || len(a.Notes) != 0 || a.Usage == nil || a.Usage.Rounds != 1 || a.Usage.Cost == 0 || server.Count() != 1 {
		t.Fatalf("%s by %s, %+v, asked %d times: %s", a.Status, a.Model, a.Usage, server.Count(), a.Text)
	}
	if string(a.Calls[0].Args) != `{"formula":"count(order) >= 1"}` || slices.ContainsFunc(a.Assumptions, func(s string) bool { return strings.Contains(s, "custmers") }) {
		t.Errorf("%s, %q", a.Calls[0].Args, a.Assumptions)
	}
	for _, body := range server.Asked() {
		if strings.Contains(string(body.Body), "is read as") {
			t.Error("the model was told what the planner made of it")
		}
	}
	if a = put(t, d, "s", "how many customers are there?"); a.Model != "offline" || a.Usage != nil || server.Count() != 1 {
		t.Errorf("without a doubt: %s, %+v", a.Model, a.Usage)
	}
}

// Both are sure and differ: the readings are the choices, and each can be asked.
func TestDoubtBecomesAQuestion(t *testing.T) {
	d, server := doubting(t, calling(`{"formula":"count(order) >= 2"}`))
	const asked = "how many custmers with at least one order are there?"
	a := put(t, d, "s", asked)
	if a.Status != model.Clarify || a.Reason != model.Ambiguous || len(a.Choices) != 2 || len(a.Calls) != 0 || a.Model != "offline+openai:test" || a.Usage == nil {
		t.Fatalf("%s by %s, %+v: %s", a.Status, a.Model, a.Choices, a.Text)
	}
	for i, formula := range []string{`count(order) >= 1`, `count(order) >= 2`} {
		if c := a.Choices[i]; !strings.Contains(a.Text, c.Label) {
			t.Errorf("the text does not offer %q: %s", c.Label, a.Text)
		}
		for _, session := range []string{"s", ""} {
			got := put(t, d, session, a.Choices[i].Question)
			var args struct{ Formula string }
			if got.Status != model.Answered || json.Unmarshal(got.Calls[0].Args, &args) != nil || args.Formula != formula || got.Model != "offline" {
				t.Errorf("%q comes to %s %s by %s", a.Choices[i].Question, got.Status, got.Text, got.Model)
			}
		}
	}
	if server.Count() != 1 {
		t.Errorf("asked %d times", server.Count())
	}
}

// Whatever is wrong with the model, the answer is the planner's own but for the
// note: its figures, its words, its doubts.
func TestDoubtWithoutTheModel(t *testing.T) {
	const asked = "how many custmers with at least one order are there?"
	good := calling(`{"formula":"count(order) >= 1"}`)
	script := good
	d, server := doubting(t, func(a modeltest.Asked) modeltest.Reply { return script(a) })
	offline, err := newDesk(t.Context(), d.app, d.ws, talk{model: "offline"})
	if err != nil {
		t.Fatal(err)
	}
	want := put(t, offline, "", asked)
	if want.Status != model.Answered || len(want.Assumptions) == 0 || !strings.Contains(strings.Join(want.Assumptions, " "), "custmers") {
		t.Fatalf("the planner's own: %s %q", want.Text, want.Assumptions)
	}
	for _, fault := range []modeltest.Fault{
		modeltest.TooMany, modeltest.Down, modeltest.WrongKey, modeltest.Garbage, modeltest.Reset, modeltest.Broken, modeltest.Filtered, modeltest.Empty, modeltest.NoModel, modeltest.Hangs,
	} {
		script = func(a modeltest.Asked) modeltest.Reply {
			r := good(a)
			r.Faults, r.RetryAfter = []modeltest.Fault{fault}, "600"
			return r
		}
		before := server.Count()
		began := time.Now()
		got := put(t, d, "", asked)
		if server.Count() == before || len(got.Notes) != 1 || got.Model != "offline" {
			t.Errorf("%s: asked %d times, %q by %s", fault, server.Count()-before, got.Notes, got.Model)
			continue
		}
		if plainly(t, got) != plainly(t, want) {
			t.Errorf("%s: not the planner's answer:\n  %s\n  %s", fault, plainly(t, got), plainly(t, want))
		}
		if took := time.Since(began); took > 10*time.Second {
			t.Errorf("%s: it took %v", fault, took)
		}
	}
	for name, s := range map[string]modeltest.Script{
		"rubbish":      modeltest.Sequence(modeltest.Reply{Text: "About 7."}),
		"odd calls":    calling(`{"formula":"flurbs = 1"}`),
		"no such tool": modeltest.Sequence(modeltest.Reply{Calls: []model.Call{{ID: "c", Name: "count_segment", Args: json.RawMessage(`{"formula":"("}`)}}}),
	} {
		script = s
		if got := put(t, d, "", asked); len(got.Notes) != 1 || plainly(t, got) != plainly(t, want) {
			t.Errorf("%s: %s", name, got.Text)
		}
	}
	script = modeltest.Sequence(modeltest.Reply{Calls: []model.Call{{ID: "c", Name: "decline", Args: json.RawMessage(`{"reason":"out_of_scope","text":"","language":"en"}`)}}})
	if got := put(t, d, "", asked); len(got.Notes) != 0 || plainly(t, got) != plainly(t, want) {
		t.Errorf("a model that declines: %s", got.Text)
	}
}

// plainly is an answer without what differs from one asking to the next, and
// without the note.
func plainly(t *testing.T, a *agent.Answer) string {
	t.Helper()
	b := *a
	b.ID, b.Digest, b.ElapsedMS, b.Usage = "", "", 0, nil
	for _, n := range b.Notes {
		b.Text = strings.TrimSpace(strings.TrimSuffix(b.Text, n))
	}
	b.Notes = nil
	text, err := json.Marshal(&b)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

package agent

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"tesela/agent/model"
	"tesela/tools"
)

func used(in, out int) model.Delta {
	return model.Delta{Usage: &model.Usage{InputTokens: in, OutputTokens: out}}
}

func TestUsage(t *testing.T) {
	m := &script{replies: []func(func(model.Delta, error) bool){says(count, used(1000, 20)), says(used(1200, 30))}}
	a, _ := ask(t, New(Config{Tools: &box{}, Model: m, Price: model.Price{Input: 2, Output: 10}}), "how many")
	// 2,200 tokens at 2 dollars a million and 50 at 10: 0.0044 + 0.0005.
	if a.Usage == nil || *a.Usage != (Usage{InputTokens: 2200, OutputTokens: 50, Rounds: 2, Cost: 0.0049}) {
		t.Errorf("used %+v", a.Usage)
	}
	b, err := json.Marshal(a)
	if err != nil || !strings.Contains(string(b), `"usage":{"input_tokens":2200,"output_tokens":50,"rounds":2,"cost":0.0049}`) {
		t.Errorf("%s, %v", b, err)
	}
	m = &script{replies: []func(func(model.Delta, error) bool){says(count), says()}}
	if a, _ := ask(t, New(Config{Tools: &box{}, Model: m}), "how many"); a.Usage != nil {
		t.Errorf("without a language model: used %+v", a.Usage)
	}
}

// What a failing reply cost is counted too.
// What a language model words anew is another answer, with an id of its own;
// the same words are the same one, kept once.
func TestWordsOfAModelTellAnswersApart(t *testing.T) {
	ws := &workspace{}
	ids := map[string]string{}
	for _, text := range []string{"1,115 customers.", "1,115 of 4,372 customers.", "1,115 customers."} {
		m := &script{replies: []func(func(model.Delta, error) bool){says(count, used(1, 1)), says(model.Delta{Text: text}, used(1, 1))}}
		a, _ := ask(t, New(Config{Workspace: ws, Tools: &box{}, Model: m}), "how many")
		if a.Text != text || ids[text] != "" && ids[text] != a.ID {
			t.Errorf("%q has the id %s, before %s", a.Text, a.ID, ids[text])
		}
		ids[text] = a.ID
	}
	if ids["1,115 customers."] == ids["1,115 of 4,372 customers."] || len(ws.turns) != 2 {
		t.Errorf("ids %v, %d turns are kept", ids, len(ws.turns))
	}
}

func TestUsageOfAFailure(t *testing.T) {
	m := &script{replies: []func(func(model.Delta, error) bool){breaks(errors.New("it broke off"), used(7, 1))}}
	if a, _ := ask(t, New(Config{Tools: &box{}, Model: m}), "how many"); a.Usage == nil || a.Usage.InputTokens != 7 {
		t.Errorf("used %+v", a.Usage)
	}
}

// With its tokens or money spent a turn withdraws the tools, and the model
// answers with what there is.
func TestSpent(t *testing.T) {
	for name, c := range map[string]Config{
		"tokens": {Limits: Limits{Tokens: 1500}},
		"money":  {Limits: Limits{Cost: 0.004}, Price: model.Price{Input: 2, Output: 10}},
	} {
		n := 0
		m := &script{replies: []func(func(model.Delta, error) bool){
			says(count, used(1000, 0)), says(calls("count_segment", `{"formula":"count(order) >= 6"}`), used(1000, 0)), says(model.Delta{Text: "1,115 did."}),
		}}
		b := &box{run: func(context.Context, tools.Caller, string, json.RawMessage) (*tools.Result, error) {
			n++
			return counted(), nil
		}}
		c.Tools, c.Model = b, m
		a, _ := ask(t, New(c), "how many")
		if n != 2 || len(m.requests) != 3 || m.requests[1].Tools == nil || m.requests[2].Tools != nil || !strings.HasPrefix(a.Text, "1,115 did.\n\n") || len(a.Notes) != 1 || !strings.HasSuffix(a.Text, a.Notes[0]) {
			t.Errorf("%s: %d calls, %d requests, %q", name, n, len(m.requests), a.Text)
		}
	}
}

// Where a model outside reads the question nothing personal is shown, even
// though a person asks.
func TestOutside(t *testing.T) {
	for _, outside := range []bool{false, true} {
		m := &script{replies: []func(func(model.Delta, error) bool){
			says(decides(model.Decision{Status: model.Answered, By: "far", Outside: outside}), count), says(),
		}}
		var heard tools.Caller
		b := &box{run: func(_ context.Context, who tools.Caller, _ string, _ json.RawMessage) (*tools.Result, error) {
			heard = who
			return counted(), nil
		}}
		a, _ := ask(t, New(Config{Tools: b, Model: m, Person: true}), "how many")
		if heard.Person == outside || a.Model != "far" {
			t.Errorf("outside %v: person %v, answered by %q", outside, heard.Person, a.Model)
		}
	}
}

// A model that was asked first and failed is named, in the answer's language.
func TestWithout(t *testing.T) {
	m := &script{replies: []func(func(model.Delta, error) bool){says(decides(model.Decision{
		Status: model.Clarify, Language: "pt", Unknown: []string{"flurb"}, By: "offline",
		Without: &model.Fault{Model: "openai:x", Cause: model.Slow, Err: errors.New("30 s")},
	}))}}
	a, seen := ask(t, New(Config{Tools: &box{}, Model: m}), "flurb")
	if seen != "notice" {
		t.Errorf("events %s", seen)
	}
	if a.Model != "offline" || len(a.Notes) != 1 || !strings.Contains(a.Notes[0], "`openai:x` não respondeu a tempo") || !strings.HasSuffix(a.Text, a.Notes[0]) {
		t.Errorf("by %q, notes %q, text %q", a.Model, a.Notes, a.Text)
	}
}

// What was called on the way to a question back is no plan to follow up on.
func TestHistoryOfAQuestionBack(t *testing.T) {
	ws := &workspace{}
	m := &script{replies: []func(func(model.Delta, error) bool){
		says(count), says(decides(model.Decision{Status: model.Clarify, Unknown: []string{"those"}})), says(),
	}}
	c := New(Config{Workspace: ws, Tools: &box{}, Model: m, Session: "s"})
	if a, _ := ask(t, c, "those"); a.Status != model.Clarify || len(a.Calls) != 1 {
		t.Fatalf("%+v", a)
	}
	ask(t, c, "and others")
	past := m.requests[2].Messages
	if len(past) != 3 || past[1].Reply.Status != model.Clarify || len(past[1].Calls) != 0 || past[2].Text != "and others" {
		t.Errorf("%+v", past)
	}
}

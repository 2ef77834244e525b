package agent

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tesela/agent/model"
	"tesela/agent/trace"
	"tesela/tools"
)

// notebook keeps the notes of turns.
type notebook struct {
	mu    sync.Mutex
	notes []*trace.Notes
}

func (s *notebook) Keep(n *trace.Notes) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.notes = append(s.notes, n)
}

func (s *notebook) last(t *testing.T) *trace.Trace {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.notes) == 0 {
		t.Fatal("no notes were taken")
	}
	return s.notes[len(s.notes)-1].Trace()
}

// ticking is a clock that goes on by a millisecond each time it is looked at.
func ticking() func() time.Time {
	now := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	var mu sync.Mutex
	return func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		now = now.Add(time.Millisecond)
		return now
	}
}

func TestTraceOfATurn(t *testing.T) {
	outside := decides(model.Decision{Status: model.Answered, Language: "en", By: "x:y", Outside: true})
	m := &script{replies: []func(func(model.Delta, error) bool){
		says(outside, calls("count_segment", `{"formula": "flurb = 1"}`), calls("count_segment", `[1]`), used(100, 10)),
		says(model.Delta{Text: "let "}, model.Delta{Text: "me see"}, count, used(200, 20)),
		says(model.Delta{Text: "There are 9,999."}, used(300, 30)),
		says(model.Delta{Text: "There are 1,115."}, used(400, 40)),
	}}
	b := &box{run: func(_ context.Context, _ tools.Caller, _ string, args json.RawMessage) (*tools.Result, error) {
		if strings.Contains(string(args), "flurb") {
			return nil, &tools.ArgumentError{Tool: "count_segment", Message: "there is no flurb"}
		}
		return counted(), nil
	}}
	kept := &notebook{}
	c := New(Config{Workspace: &workspace{}, Tools: b, Model: m, Clock: ticking(), Session: "s", Traces: kept, Program: "v1", Price: model.Price{Input: 1, Output: 10}})
	a, _ := ask(t, c, "how many ordered five times?")
	if a.Text != "There are 1,115." {
		t.Fatalf("%+v", a)
	}
	got := kept.last(t)
	if got.ID != a.ID || got.Status != "answered" || got.Model != "script" || got.By != "x:y" || !got.Outside || got.Text != a.Text || got.Session != "s" || got.Program != "v1" ||
		got.Question != a.Question || got.Data != a.Data || !got.AsOf.Equal(a.AsOf) || got.Ended != nil || len(got.Rounds) != 4 {
		t.Fatalf("%+v", got)
	}
	if got.Usage != (trace.Usage{InputTokens: 1000, OutputTokens: 100, Cost: 0.002}) || got.Rounds[1].Usage != (trace.Usage{InputTokens: 200, OutputTokens: 20, Cost: 0.0004}) {
		t.Errorf("usage %+v, %+v", got.Usage, got.Rounds[1].Usage)
	}
	var kinds, outcomes []string
	at := got.ReadyMS
	for i, r := range got.Rounds {
		kinds = append(kinds, r.Kind)
		if r.StartMS < at || r.EndMS <= r.StartMS || r.Sent > len(got.Messages) || i > 0 && r.Sent <= got.Rounds[i-1].Sent {
			t.Errorf("round %d: %+v after %v, sent %d", i+1, r.Span, at, r.Sent)
		}
		at = r.EndMS
		for _, call := range r.Calls {
			outcomes = append(outcomes, call.Outcome+" "+call.Error)
			if call.StartMS < r.EndMS || call.EndMS < call.StartMS || call.EndMS > got.EndMS {
				t.Errorf("call %+v of a round %+v", call.Span, r.Span)
			}
		}
	}
	if !slices.Equal(kinds, []string{"ask", "ask", "ask", "repair"}) {
		t.Errorf("%q", kinds)
	}
	if len(outcomes) != 3 || outcomes[0] != "arguments count_segment: there is no flurb" && !strings.Contains(outcomes[0], "no flurb") || !strings.Contains(outcomes[1], "no JSON object") || outcomes[2] != "result " {
		t.Errorf("%q", outcomes)
	}
	one := got.Rounds[1]
	if len(one.Deltas) != 3 || one.Deltas[0].Text != "let me see" || one.Calls[0].Print != "sha256:1115" || one.Calls[0].Rows != 1 || !slices.Equal(one.Calls[0].Columns, []string{"condition", "alone"}) {
		t.Errorf("%+v", one)
	}
	if len(got.Checks) != 2 || got.Checks[0].Verdict != trace.Repair || !slices.Equal(got.Checks[0].Strange, []string{"9,999"}) || got.Checks[1].Verdict != trace.Grounded || got.Checks[1].Text != a.Text {
		t.Errorf("%+v", got.Checks)
	}
	if n := len(got.Rounds[3].Tools); n != 0 || len(one.Tools) != 2 {
		t.Errorf("%d tools in the repair, %q", n, one.Tools)
	}

	// The turn run anew from its trace comes to the same answer.
	recording, err := got.Recording()
	if err != nil {
		t.Fatal(err)
	}
	again := trace.NewReplayer(recording)
	anew, _ := ask(t, New(Config{Workspace: &workspace{}, Tools: b, Model: again, Session: "s", AsOf: got.AsOf, Price: got.Limits.Price}), got.Question)
	if asked, are := again.Asked(); anew.Text != a.Text || anew.ID != a.ID || anew.Model != a.Model || asked != are || len(again.Differs()) != 0 {
		t.Errorf("%+v; %d of %d asked, differing %v", anew, asked, are, again.Differs())
	}
	// Asked something else it says the same, and tells.
	other := trace.NewReplayer(recording)
	if anew, _ := ask(t, New(Config{Tools: b, Model: other, AsOf: got.AsOf.Add(time.Hour)}), got.Question); anew.Text != a.Text || len(other.Differs()) != 4 {
		t.Errorf("%q, differing %v", anew.Text, other.Differs())
	}
}

// What ended a turn without an answer is in its trace, also where it was
// cancelled.
func TestTraceOfFaults(t *testing.T) {
	kept := &notebook{}
	fault := &model.Fault{Model: "x:y", Cause: model.Busy, Err: errors.New("too many requests")}
	m := &script{replies: []func(func(model.Delta, error) bool){breaks(fault, used(5, 6))}}
	a, _ := ask(t, New(Config{Tools: &box{}, Model: m, Traces: kept}), "how many?")
	got := kept.last(t)
	if a.Status != model.Failed || got.Status != "error" || got.Rounds[0].Error != fault.Error() || got.Ended == nil || *got.Ended != (trace.Ended{By: "model", Error: fault.Error()}) || got.Usage.InputTokens != 5 || got.EndMS != 0 {
		t.Errorf("%+v", got)
	}

	a, _ = ask(t, New(Config{Tools: &box{}, Model: &script{replies: []func(func(model.Delta, error) bool){says(count)}}, Traces: kept}), "how many?")
	got = kept.last(t)
	if a.Status != model.Answered || got.Ended == nil || got.Ended.By != "repeats" || len(got.Rounds) != 3 || got.Rounds[2].Calls[0].Outcome != trace.Again {
		t.Errorf("%+v", got)
	}
	m = &script{replies: []func(func(model.Delta, error) bool){says(used(900, 0), count), says(model.Delta{Text: "nothing to say"})}}
	ask(t, New(Config{Tools: &box{}, Model: m, Traces: kept, Limits: Limits{Tokens: 100}}), "how many?")
	if got = kept.last(t); got.Ended == nil || got.Ended.By != "tokens" {
		t.Errorf("%+v", got.Ended)
	}

	without := decides(model.Decision{Status: model.Clarify, Reason: model.UnknownWords, Unknown: []string{"flurb"}, By: "offline", Without: fault})
	m = &script{replies: []func(func(model.Delta, error) bool){says(without)}}
	a, _ = ask(t, New(Config{Tools: &box{}, Model: m, Traces: kept}), "how many flurbs?")
	got = kept.last(t)
	if got.Without == nil || *got.Without != (trace.Failure{Model: "x:y", Cause: model.Busy, Error: "too many requests"}) || got.By != "offline" {
		t.Errorf("%+v", got)
	}
	recording, err := got.Recording()
	if err != nil {
		t.Fatal(err)
	}
	if anew, _ := ask(t, New(Config{Tools: &box{}, Model: trace.NewReplayer(recording)}), got.Question); anew.Text != a.Text || !slices.Equal(anew.Notes, a.Notes) || len(a.Notes) == 0 {
		t.Errorf("replayed %q, not %q", anew.Text, a.Text)
	}

	ctx, cancel := context.WithCancel(t.Context())
	b := &box{run: func(ctx context.Context, _ tools.Caller, _ string, _ json.RawMessage) (*tools.Result, error) {
		cancel()
		<-ctx.Done()
		return nil, context.Cause(ctx)
	}}
	for range New(Config{Tools: b, Model: &script{replies: []func(func(model.Delta, error) bool){says(count)}}, Traces: kept, Clock: ticking()}).Ask(ctx, "how many?") {
	}
	got = kept.last(t)
	if got.Status != trace.Cancelled || got.ID == "" || len(got.Rounds) != 1 || len(got.Rounds[0].Calls) != 1 || got.Rounds[0].Calls[0].Outcome != trace.Broke {
		t.Errorf("%+v", got)
	}
	if _, err := got.Recording(); !errors.Is(err, trace.ErrNotReplayable) {
		t.Errorf("%v", err)
	}
}

// A reader that stops at the answer has a trace of the answer.
func TestTraceOfAStoppedReader(t *testing.T) {
	kept := &notebook{}
	m := &script{replies: []func(func(model.Delta, error) bool){says(count), says()}}
	for e := range New(Config{Tools: &box{}, Model: m, Traces: kept}).Ask(t.Context(), "how many?") {
		if e.Answer != nil {
			break
		}
	}
	if got := kept.last(t); got.Status != "answered" {
		t.Errorf("%+v", got)
	}
}

// Noting costs a turn little.
func BenchmarkTraced(b *testing.B) {
	for _, sink := range []trace.Sink{nil, forgetful{}} {
		b.Run(map[bool]string{true: "off", false: "on"}[sink == nil], func(b *testing.B) {
			for b.Loop() {
				m := &script{replies: []func(func(model.Delta, error) bool){says(count), says()}}
				for range New(Config{Tools: &box{}, Model: m, Clock: time.Now, Traces: sink}).Ask(b.Context(), "how many?") {
				}
			}
		})
	}
}

type forgetful struct{}

func (forgetful) Keep(*trace.Notes) {}

package modeltest

import (
	"context"
	"encoding/json"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"tesela/agent/model"
)

// soon is how long a cancellation may take to be noticed.
const soon = 100 * time.Millisecond

func decisions(t *testing.T, s Subject) {
	call := func(name, args string) Reply {
		return Reply{Calls: []model.Call{{ID: "call_1", Name: name, Args: json.RawMessage(args)}}}
	}
	for _, c := range []struct {
		name  string
		reply Reply
		want  model.Decision
	}{
		{
			"asks back", call("ask_back", `{"word":"VIPs","choices":[{"label":"top tenth","question":"how many in the top 10% by revenue?"},{"label":"champions","question":"how many Champions?"}],"language":"en"}`),
			model.Decision{Status: model.Clarify, Language: "en", Reason: model.Ambiguous, Unknown: []string{"VIPs"}, Choices: []model.Choice{
				{Label: "top tenth", Question: "how many in the top 10% by revenue?"}, {Label: "champions", Question: "how many Champions?"},
			}},
		},
		{
			"without readings", call("ask_back", `{"word":"\"vips\""}`),
			model.Decision{Status: model.Clarify, Reason: model.UnknownWords, Unknown: []string{"vips"}},
		},
		{
			"about a word nobody said", call("ask_back", `{"word":"https://elsewhere.example","choices":7,"language":"xx"}`),
			model.Decision{Status: model.Clarify},
		},
		{
			"declines", call("decline", `{"reason":"missing_field","text":"VIPs","language":"pt"}`),
			model.Decision{Status: model.Cannot, Language: "pt", Reason: model.MissingField, Unknown: []string{"VIPs"}},
		},
		{
			"out of scope", call("decline", `{"reason":"out_of_scope","text":"whatever it likes"}`),
			model.Decision{Status: model.Cannot, Reason: model.OutOfScope},
		},
		{"nonsense", call("decline", `[1]`), model.Decision{Status: model.Cannot, Reason: model.OutOfScope}},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := Ask(t.Context(), s.New(t, serve(t, s, Sequence(c.reply)).URL), Question("how many VIPs are there?"))
			if g.Err != nil || len(g.Calls) != 0 || g.Decision == nil || !reflect.DeepEqual(*g.Decision, c.want) {
				t.Error(g)
			}
		})
	}
}

func cancelled(t *testing.T, s Subject) {
	for _, r := range []Reply{
		{Faults: []Fault{Silent}},
		{Text: "one two three four five six seven eight nine ten", Faults: []Fault{Hangs}},
		{Faults: []Fault{TooMany}, RetryAfter: "0.05"},
	} {
		m := s.New(t, serve(t, s, Sequence(r)).URL)
		var took []time.Duration
		for range 3 {
			ctx, cancel := context.WithCancel(t.Context())
			var began time.Time
			timer := time.AfterFunc(30*time.Millisecond, func() {
				began = time.Now()
				cancel()
			})
			g := Ask(ctx, m, Question("how many?"))
			if timer.Stop() || g.Err == nil {
				t.Fatalf("%v: not cancelled, and yet %s", r.Faults, g)
			}
			<-ctx.Done()
			took = append(took, time.Since(began))
		}
		// The best of three, as the machine may have other things to do.
		if best := slices.Min(took); best > soon {
			t.Errorf("%v: noticed after %s", r.Faults, best)
		}
	}
}

// readerStops holds a provider to ending with its reader.
func readerStops(t *testing.T, s Subject) {
	server := serve(t, s, Sequence(Reply{Text: "one two three four five six seven eight nine ten", Faults: []Fault{Hangs}}))
	m := s.New(t, server.URL)
	started, n := time.Now(), 0
	for range m.Generate(t.Context(), Question("how many?")) {
		n++
		break
	}
	if took := time.Since(started); n != 1 || took > 2*time.Second { // one is the time-out of whole replies
		t.Errorf("%d deltas, %s", n, took)
	}
}

// Laws hold for every model, outside or in: what it says is well formed, it
// stops when told to, and many may ask it at once. The request's last message
// is a question.
func Laws(t *testing.T, m model.Model, r model.Request) {
	t.Helper()
	if m.Name() == "" {
		t.Error("the model has no name")
	}
	first := Ask(t.Context(), m, r)
	if first.Err != nil {
		t.Fatalf("ask: %v", first.Err)
	}
	wellFormed(t, first)
	if len(first.Calls) == 0 && first.Decision == nil && first.Text == "" {
		t.Error("it says nothing")
	}
	for range m.Generate(t.Context(), r) {
		break // must not be called again
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	var took []time.Duration // the best counts, as the machine may have other things to do
	for range 3 {
		started := time.Now()
		Ask(gone, m, r)
		took = append(took, time.Since(started))
	}
	if best := slices.Min(took); best > soon {
		t.Errorf("cancelled before it began, it took %s", best)
	}
	var wait sync.WaitGroup
	for range 8 {
		wait.Add(1)
		go func() {
			defer wait.Done()
			again := Ask(t.Context(), m, r)
			wellFormed(t, again)
			if !sameCalls(again.Calls, first.Calls) || !reflect.DeepEqual(again.Decision, first.Decision) {
				t.Errorf("asked again it says %s, not %s", again, first)
			}
		}()
	}
	wait.Wait()
	// With the results there, or without a question, it still ends.
	after := r
	after.Messages = append(append([]model.Message(nil), r.Messages...), model.Message{Role: model.Assistant, Calls: first.Calls})
	for _, c := range first.Calls {
		after.Messages = append(after.Messages, model.Message{Role: model.ToolRole, CallID: c.ID, Result: json.RawMessage(`{"values":{"size":3}}`)})
	}
	if len(first.Calls) > 0 {
		wellFormed(t, Ask(t.Context(), m, after))
	}
}

// sameCalls tells whether calls are the same but for their ids, which vendors
// never use twice.
func sameCalls(a, b []model.Call) bool {
	return slices.EqualFunc(a, b, func(x, y model.Call) bool { return x.Name == y.Name && string(x.Args) == string(y.Args) })
}

func wellFormed(t *testing.T, g Got) {
	t.Helper()
	if g.Err != nil {
		t.Errorf("an error: %v", g.Err)
	}
	for _, c := range g.Calls {
		var object map[string]any
		if c.Name == "" || json.Unmarshal(c.Args, &object) != nil {
			t.Errorf("call %q with arguments %s", c.Name, c.Args)
		}
	}
	if d := g.Decision; d != nil {
		switch d.Status {
		case model.Answered, model.Clarify, model.Cannot, "":
		default:
			t.Errorf("a decision of status %q", d.Status)
		}
		for _, c := range d.Choices {
			if c.Question == "" {
				t.Error("a choice that cannot be asked")
			}
		}
		if (d.Status == model.Clarify || d.Status == model.Cannot) && len(g.Calls) > 0 {
			t.Error("calls beside a decision not to answer")
		}
	}
}

package agent

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"tesela/agent/model"
	"tesela/agent/wording"
	"tesela/tools"
)

// rounds is a language model whose replies are made from their number.
type rounds struct {
	script
	reply func(n int, r model.Request) []model.Delta
}

func endless(reply func(n int, r model.Request) []model.Delta) *rounds {
	return &rounds{reply: reply}
}

// six is a call whose result differs from round to round.
func six(n int) model.Delta { return calls("count_segment", fmt.Sprintf(`{"n":%d}`, n)) }

func (m *rounds) ask(t *testing.T, c Config) *Answer {
	t.Helper()
	n := 0
	m.replies = []func(func(model.Delta, error) bool){func(yield func(model.Delta, error) bool) {
		n++
		for _, d := range m.reply(n, m.requests[n-1]) {
			if !yield(d, nil) {
				return
			}
		}
	}}
	if c.Tools == nil {
		c.Tools = &box{run: func(_ context.Context, _ tools.Caller, _ string, args json.RawMessage) (*tools.Result, error) {
			r := counted()
			r.Fingerprint = string(args)
			return r, nil
		}}
	}
	c.Model, c.Language = m, "es"
	a, _ := ask(t, New(c), "¿cuántos?")
	return a
}

// A model that calls for ever comes to each of the bounds; at it the tools are
// withdrawn, and the answer says which bound it was, in its language.
func TestBounds(t *testing.T) {
	lang, err := wording.For("es")
	if err != nil {
		t.Fatal(err)
	}
	price := model.Price{Input: 2, Output: 10}
	for _, c := range []struct {
		by     BoundName
		limits Limits
		asked  int // replies in all, the last without tools
		limit  float64
	}{
		{RoundsBound, Limits{Rounds: 3}, 4, 3},
		{RoundsBound, Limits{}, 9, 8},
		{TokensBound, Limits{Tokens: 5000}, 6, 5000},
		{CostBound, Limits{Cost: 0.01}, 5, 0.01}, // 1,000 tokens of 0.0028 dollars a reply
	} {
		m := endless(func(n int, r model.Request) []model.Delta {
			use := used(900, 100)
			if r.Tools == nil {
				return []model.Delta{{Text: "Son 1.115 clientes."}, use}
			}
			return []model.Delta{six(n), use}
		})
		a := m.ask(t, Config{Limits: c.limits, Price: price})
		if len(m.requests) != c.asked || m.requests[c.asked-1].Tools != nil || m.requests[c.asked-2].Tools == nil {
			t.Errorf("%s: %d requests", c.by, len(m.requests))
		}
		if len(a.Bounds) != 1 || a.Bounds[0] != (Bound{c.by, c.limit}) || a.Status != model.Answered {
			t.Errorf("%s: %s at %+v", c.by, a.Status, a.Bounds)
		}
		if want := "Son 1.115 clientes.\n\n" + a.Notes[0]; a.Text != want || !strings.Contains(a.Notes[0], lang.Bounds[string(c.by)]) || len(a.Notes) != 1 {
			t.Errorf("%s: %q", c.by, a.Text)
		}
		body, err := json.Marshal(a)
		if want := fmt.Sprintf(`"bounds":[{"name":"%s","limit":%v}]`, c.by, c.limit); err != nil || !strings.Contains(string(body), want) {
			t.Errorf("%s: %s", c.by, body)
		}
	}
}

// Text without end is cut off long before its end, at the tokens that are left
// or at the longest a reply may be, and what was computed is the answer.
func TestBoundOfText(t *testing.T) {
	for _, c := range []struct {
		by     BoundName
		limits Limits
		price  model.Price
		most   int // bytes that are read
	}{
		{TextBound, Limits{}, model.Price{}, 64_000},
		{TokensBound, Limits{Tokens: 3000}, model.Price{}, 6000},
		{CostBound, Limits{Cost: 0.02}, model.Price{Input: 1, Output: 10}, 5700},
	} {
		var sent atomic.Int64
		m := &script{replies: []func(func(model.Delta, error) bool){
			says(decides(model.Decision{Status: model.Answered, Language: "es", Outside: true}), six(1), used(1000, 0)),
			func(yield func(model.Delta, error) bool) {
				for sent.Load() < 10_000_000 && yield(model.Delta{Text: "la la la la "}, nil) {
					sent.Add(12)
				}
			},
		}}
		a, _ := ask(t, New(Config{Tools: &box{}, Model: m, Limits: c.limits, Price: c.price}), "¿cuántos?")
		if a.Status != model.Answered || len(a.Bounds) != 1 || a.Bounds[0].Name != c.by || !strings.HasPrefix(a.Text, "**1.115** clientes") || !strings.HasSuffix(a.Text, a.Notes[0]) {
			t.Errorf("%s: %s at %+v: %.80q", c.by, a.Status, a.Bounds, a.Text)
		}
		read := int(sent.Load())
		if read < c.most || read > c.most+1000 { // what stands in the channel between
			t.Errorf("%s: %d bytes read", c.by, read)
		}
		// What was not told is estimated and counted all the same.
		if a.Usage.Rounds != 2 || !a.Usage.Estimated || a.Usage.OutputTokens < c.most/3 {
			t.Errorf("%s: used %+v", c.by, a.Usage)
		}
	}
	// Where nothing was computed there is no answer, and why is said.
	m := &script{replies: []func(func(model.Delta, error) bool){func(yield func(model.Delta, error) bool) {
		for yield(model.Delta{Text: "la la la la "}, nil) {
		}
	}}}
	a, _ := ask(t, New(Config{Tools: &box{}, Model: m, Limits: Limits{Tokens: 500}, Language: "pt"}), "quantos?")
	if a.Status != model.Failed || !strings.Contains(a.Text, "limite de tokens") || len(a.Bounds) != 1 {
		t.Errorf("%s: %q", a.Status, a.Text)
	}
}

// A first reply that alone is over the bound has been paid for: its calls are
// run, and answered with; nothing is asked to be said better.
func TestBoundOfOneReply(t *testing.T) {
	m := endless(func(n int, _ model.Request) []model.Delta {
		if n == 1 {
			return []model.Delta{six(n), used(9000, 1000)}
		}
		return []model.Delta{{Text: "Son 999 clientes."}, used(9000, 10)}
	})
	a := m.ask(t, Config{Limits: Limits{Tokens: 5000}})
	if len(m.requests) != 2 || m.requests[1].Tools != nil || !strings.HasPrefix(a.Text, "**1.115** clientes") || a.Bounds[0].Name != TokensBound {
		t.Errorf("%d requests, %+v: %q", len(m.requests), a.Bounds, a.Text)
	}
}

// Of a thousand calls at once sixteen are run; the others are refused once.
func TestThousandCalls(t *testing.T) {
	m := endless(func(n int, r model.Request) []model.Delta {
		if n > 1 {
			return []model.Delta{{Text: "Son 1.115 clientes."}}
		}
		var all []model.Delta
		for i := range 1000 {
			all = append(all, six(i))
		}
		return all
	})
	a := m.ask(t, Config{AsOf: time.Date(2011, 12, 10, 0, 0, 0, 0, time.UTC)})
	if a.Status != model.Answered || len(a.Calls) != 17 || a.Calls[15].Result == nil || !strings.Contains(a.Calls[16].Error, "at most 16 calls") || !a.Calls[16].Unrun {
		t.Errorf("%s, %d calls", a.Status, len(a.Calls))
	}
	if told := m.requests[1].Messages; len(told) != 1002 { // the question, the reply, and a result for each call
		t.Errorf("the model was told %d messages", len(told))
	}
	// Replayed, only what was run is run again.
	body, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	again := &box{run: func(_ context.Context, _ tools.Caller, _ string, args json.RawMessage) (*tools.Result, error) {
		r := counted()
		r.Fingerprint = string(args)
		return r, nil
	}}
	if r, err := Replay(t.Context(), again, body, a.Data, false); err != nil || !r.Same || again.calls.Load() != 16 {
		t.Errorf("replayed %+v, %v, with %d calls", r, err, again.calls.Load())
	}
	// More than any reply needs is none that ends.
	m = endless(func(int, model.Request) []model.Delta {
		all := make([]model.Delta, 5000)
		for i := range all {
			all[i] = six(i)
		}
		return all
	})
	if a := m.ask(t, Config{}); a.Status != model.Failed || len(a.Calls) != 0 || len(a.Bounds) != 1 {
		t.Errorf("%s, %d calls, %+v", a.Status, len(a.Calls), a.Bounds)
	}
}

// When the time is over, what there is is the answer: also of calls together of
// which one does not end.
func TestBoundOfTime(t *testing.T) {
	deaf := make(chan struct{})
	defer close(deaf)
	for name, m := range map[string]*script{
		"in the model": {replies: []func(func(model.Delta, error) bool){says(count), func(func(model.Delta, error) bool) { <-deaf }}},
		"in a tool":    {replies: []func(func(model.Delta, error) bool){says(count, calls("count_segment", `{"formula":"slow"}`))}},
	} {
		b := &box{run: func(_ context.Context, _ tools.Caller, _ string, args json.RawMessage) (*tools.Result, error) {
			if strings.Contains(string(args), "slow") {
				<-deaf
			}
			return counted(), nil
		}}
		began := time.Now()
		a, _ := ask(t, New(Config{Tools: b, Model: m, Limits: Limits{Time: 50 * time.Millisecond}, Language: "en"}), "how many")
		if a.Status != model.Answered || len(a.Calls) != 1 || !strings.HasPrefix(a.Text, "**1,115** customers") || !strings.Contains(a.Notes[0], "time limit") || a.Bounds[0] != (Bound{TimeBound, 0.05}) {
			t.Errorf("%s: %s at %+v: %q", name, a.Status, a.Bounds, a.Text)
		}
		if d := time.Since(began); d > 500*time.Millisecond {
			t.Errorf("%s: it took %v", name, d)
		}
	}
}

// A planner comes to no bound by asking for one round of calls.
func TestPlannerComesToNoBound(t *testing.T) {
	m := &script{replies: []func(func(model.Delta, error) bool){says(count), says()}}
	a, _ := ask(t, New(Config{Tools: &box{}, Model: m, Limits: Limits{Rounds: 1}}), "how many")
	if a.Status != model.Answered || len(a.Bounds)+len(a.Notes) != 0 {
		t.Errorf("%+v, %q", a.Bounds, a.Notes)
	}
}

// A model that fails once its tools are withdrawn is not needed any more.
func TestFailureAtABound(t *testing.T) {
	m := &script{replies: []func(func(model.Delta, error) bool){says(count, used(10, 10)), breaks(fmt.Errorf("it broke off"), used(5, 0))}}
	a, seen := ask(t, New(Config{Tools: &box{}, Model: m, Limits: Limits{Rounds: 1}}), "how many")
	if a.Status != model.Answered || !strings.HasPrefix(a.Text, "**1,115** customers") || len(a.Notes) != 1 || !strings.HasSuffix(seen, "notice") || a.Usage.Rounds != 2 {
		t.Errorf("%s, %s: %q", a.Status, seen, a.Text)
	}
}

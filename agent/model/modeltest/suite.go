package modeltest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"tesela/agent/model"
)

// Subject is a provider that is held to the suite.
type Subject struct {
	Format Format
	// New makes the model that asks the endpoint at url, with these bounds: 3
	// attempts a few milliseconds apart, a wait of at most 50 ms asked for by
	// the endpoint, 1 s without a byte, 5 s for a reply; Key is the key.
	New func(t *testing.T, url string) model.Model
}

// Got is a whole reply.
type Got struct {
	Text     string
	Calls    []model.Call
	Decision *model.Decision
	Usage    []model.Usage
	Err      error
}

// String is the reply in short.
func (g Got) String() string {
	text := g.Text
	if len(text) > 200 {
		text = fmt.Sprintf("%s… (%d bytes)", text[:200], len(text))
	}
	var calls []string
	for _, c := range g.Calls {
		calls = append(calls, c.ID+" "+c.Name+" "+string(c.Args))
	}
	return fmt.Sprintf("text %q, calls %q, decision %+v, used %v, error %v", text, calls, g.Decision, g.Usage, g.Err)
}

// Ask gathers one reply.
func Ask(ctx context.Context, m model.Model, r model.Request) Got {
	var g Got
	var text strings.Builder
	for d, err := range m.Generate(ctx, r) {
		if err != nil {
			g.Err = err
			break
		}
		text.WriteString(d.Text)
		if d.Call != nil {
			g.Calls = append(g.Calls, *d.Call)
		}
		if d.Decision != nil {
			g.Decision = d.Decision
		}
		if d.Usage != nil {
			g.Usage = append(g.Usage, *d.Usage)
		}
	}
	g.Text = text.String()
	return g
}

// Question is a request with one question and the tools that the scripts use.
func Question(text string) model.Request {
	schema := json.RawMessage(`{"type":"object","properties":{"formula":{"type":"string"},"limit":{"type":"integer"}},"required":["formula"],"additionalProperties":false}`)
	return model.Request{
		Messages: []model.Message{{Role: model.User, Text: text}},
		Tools: []model.Tool{
			{Name: "count_segment", Description: "Counts.", Schema: schema},
			{Name: "list_customers", Description: "Lists.", Schema: schema},
		},
		Catalogue: &model.Catalogue{Customers: 10, Zone: "UTC", Currency: "GBP"},
		AsOf:      time.Date(2011, 12, 10, 0, 0, 0, 0, time.UTC),
	}
}

// The reply that faults are planted into.
var (
	formulas = []string{`{"formula":"country = \"São Tomé\" and count(order) >= 5"}`, `{"formula":"everyone"}`}
	plain    = Reply{Text: "Let me count — não é difícil.", Usage: &model.Usage{InputTokens: 120, OutputTokens: 34}, Calls: []model.Call{
		{ID: "call_a", Name: "count_segment", Args: json.RawMessage(formulas[0])},
		{ID: "call_b", Name: "list_customers", Args: json.RawMessage(formulas[1])},
	}}
)

// Suite holds a provider to what every provider has to withstand.
func Suite(t *testing.T, s Subject) {
	t.Run("faults that are made good", func(t *testing.T) { madeGood(t, s) })
	t.Run("faults that are told", func(t *testing.T) { told(t, s) })
	t.Run("faults that pass", func(t *testing.T) { passing(t, s) })
	t.Run("nothing is asked again once it was passed on", func(t *testing.T) { passedOn(t, s) })
	t.Run("decisions", func(t *testing.T) { decisions(t, s) })
	t.Run("cancelled", func(t *testing.T) { cancelled(t, s) })
	t.Run("conversations", func(t *testing.T) { conversations(t, s) })
	t.Run("odd calls", func(t *testing.T) { oddCalls(t, s) })
	t.Run("reader stops", func(t *testing.T) { readerStops(t, s) })
}

// serve starts an endpoint that fails the test where it was sent what the
// vendor would not take.
func serve(t *testing.T, s Subject, script Script) *Server {
	server := Serve(t, s.Format, script)
	t.Cleanup(func() {
		for _, why := range server.Refused() {
			if strings.Contains(why, "thought_signature") && server.Count() > 1 {
				continue // of calls of other models, which have none: given up once
			}
			t.Errorf("a request that the vendor refuses: %s", why)
		}
	})
	return server
}

func madeGood(t *testing.T, s Subject) {
	for _, faults := range [][]Fault{
		{},
		{Split},
		{Merged},
		{NoIndex},
		{SameIndex},
		{NullName},
		{RepeatedName},
		{NoIndex, NoID},
		{NoIndex, NoID, Split},
		{NoIndex, RepeatedName, Split},
		{NoIndex, NullName, Split},
		{SameIndex, NullName, Split},
		{NoID, Merged},
		{DoubleEncoded, Split},
		{AsObject},
		{Fenced},
		{Nulls},
		{ArgsTwice},
		{NoChoices},
		{Comments},
		{NoFinish},
		{NoDone},
		{Slow},
		{NotStreamed},
		{Thoughts},
		{Thoughts, Split},
		{PickyOptions},
		{OtherBlocks},
		{OtherBlocks, Thoughts},
	} {
		if slices.ContainsFunc(faults, func(f Fault) bool { return !s.Format.Can(f) }) {
			continue
		}
		t.Run(fmt.Sprint(faults), func(t *testing.T) {
			r := plain
			r.Faults = faults
			server := serve(t, s, Sequence(r))
			g := Ask(t.Context(), s.New(t, server.URL), Question("how many from São Tomé?"))
			if g.Err != nil || g.Decision != nil || len(g.Calls) != 2 {
				t.Fatalf("%s", g)
			}
			if g.Text != plain.Text {
				t.Errorf("text %q", g.Text)
			}
			seen := map[string]bool{}
			for i, c := range g.Calls {
				if c.Name != plain.Calls[i].Name || !sameJSON(c.Args, []byte(formulas[i])) {
					t.Errorf("call %d: %s %s", i, c.Name, c.Args)
				}
				if c.ID != "" && seen[c.ID] {
					t.Errorf("two calls of id %s", c.ID)
				}
				seen[c.ID] = true
			}
			if len(g.Usage) != 1 || g.Usage[0] != *plain.Usage {
				t.Errorf("used %+v", g.Usage)
			}
		})
	}
	t.Run("usage not told", func(t *testing.T) {
		r := plain
		r.Usage = nil
		g := Ask(t.Context(), s.New(t, serve(t, s, Sequence(r)).URL), Question("how many?"))
		if g.Err != nil || len(g.Usage) != 1 || !g.Usage[0].Estimated || g.Usage[0].InputTokens < 100 || g.Usage[0].OutputTokens < 10 {
			t.Errorf("%s", g)
		}
	})
	t.Run(string(NotUTF8), func(t *testing.T) {
		g := Ask(t.Context(), s.New(t, serve(t, s, Sequence(Reply{Text: "Ãbc", Faults: []Fault{NotUTF8}})).URL), Question("how many?"))
		if g.Err != nil || g.Text != "\ufffdbc" {
			t.Errorf("%s", g)
		}
	})
}

func sameJSON(a, b []byte) bool {
	var x, y any
	return json.Unmarshal(a, &x) == nil && json.Unmarshal(b, &y) == nil && reflect.DeepEqual(x, y)
}

func told(t *testing.T, s Subject) {
	for _, c := range []struct {
		fault Fault
		cause model.Cause
		tries int
	}{
		{NotYours, model.Denied, 1},
		{Invalid, model.Broken, 1},
		{BadCall, model.Broken, 0},
		{Overloaded, model.Unreachable, 3},
		{ModelSlow, model.Slow, 0},
		{ModelFailed, model.Broken, 0},
		{TooMany, model.Busy, 3},
		{Quota, model.Busy, 1},
		{Down, model.Unreachable, 3},
		{Overload, model.Unreachable, 3},
		{Reset, model.Unreachable, 3},
		{WrongKey, model.Denied, 1},
		{NoModel, model.Denied, 1},
		{Moved, model.Unreachable, 1},
		{Silent, model.Slow, 1},
		{Hangs, model.Slow, 1},
		{Garbage, model.Broken, 0},
		{Broken, model.Broken, 3},
		{Huge, model.Broken, 1},
		{Cut, model.Broken, 1},
		{Filtered, model.Refused, 1},
		{FilteredAsked, model.Refused, 1},
		{ErrorInStream, model.Broken, 3},
	} {
		if !s.Format.Can(c.fault) {
			continue
		}
		t.Run(string(c.fault), func(t *testing.T) {
			r := plain
			r.Text, r.Usage, r.Faults = "", nil, []Fault{c.fault}
			server := serve(t, s, Sequence(r))
			started := time.Now()
			g := Ask(t.Context(), s.New(t, server.URL), Question("how many?"))
			var fault *model.Fault
			if !errors.As(g.Err, &fault) || fault.Cause != c.cause {
				t.Fatalf("%s", g)
			}
			if len(g.Calls) > 0 || g.Decision != nil {
				t.Errorf("a failed reply came to %s", g)
			}
			if n := server.Count(); c.tries > 0 && n != c.tries {
				t.Errorf("asked %d times, not %d", n, c.tries)
			}
			if d := time.Since(started); d > 6*time.Second {
				t.Errorf("took %s", d)
			}
			Decent(t, g.Err)
		})
	}
	// Some models say nothing where they have nothing to add: that is no reply
	// to wait for, and nothing comes of it.
	if s.Format.Can(Empty) {
		t.Run(string(Empty), func(t *testing.T) {
			server := serve(t, s, Sequence(Reply{Faults: []Fault{Empty}}))
			g := Ask(t.Context(), s.New(t, server.URL), Question("how many?"))
			var fault *model.Fault
			if g.Text != "" || len(g.Calls) > 0 || g.Decision != nil || g.Err != nil && (!errors.As(g.Err, &fault) || fault.Cause != model.Broken) {
				t.Error(g)
			}
		})
	}
	t.Run("refusal", func(t *testing.T) {
		server := serve(t, s, Sequence(Reply{Refusal: "I cannot help with that."}))
		g := Ask(t.Context(), s.New(t, server.URL), Question("how many?"))
		var fault *model.Fault
		if !errors.As(g.Err, &fault) || fault.Cause != model.Refused || server.Count() != 1 {
			t.Errorf("%s", g)
		}
	})
	t.Run("nobody there", func(t *testing.T) {
		server := serve(t, s, Sequence(plain))
		m := s.New(t, "http://127.0.0.1:1")
		g := Ask(t.Context(), m, Question("how many?"))
		var fault *model.Fault
		if !errors.As(g.Err, &fault) || fault.Cause != model.Unreachable || server.Count() != 0 {
			t.Errorf("%s", g)
		}
		Decent(t, g.Err)
	})
}

// Decent tells of an error that is no good for a person: with a key, with
// more than one line, or long.
func Decent(t *testing.T, err error) {
	t.Helper()
	text := err.Error()
	if strings.Contains(text, Key) || strings.Contains(text, Key[3:]) || strings.ContainsAny(text, "\n\r") || len(text) > 500 {
		t.Errorf("the error is %q", text)
	}
}

// passing faults are over at the next attempt.
func passing(t *testing.T, s Subject) {
	for _, f := range []Fault{TooMany, Down, Overload, Reset, Broken, Aborted, ErrorInStream} {
		if !s.Format.Can(f) {
			continue
		}
		t.Run(string(f), func(t *testing.T) {
			bad := plain
			bad.Text, bad.Faults = "", []Fault{f}
			server := serve(t, s, Sequence(bad, bad, plain))
			g := Ask(t.Context(), s.New(t, server.URL), Question("how many?"))
			if g.Err != nil || len(g.Calls) != 2 || g.Text != plain.Text || server.Count() != 3 {
				t.Errorf("%d attempts: %s", server.Count(), g)
			}
		})
	}
	t.Run("an endpoint asks to wait", func(t *testing.T) {
		server := serve(t, s, Sequence(Reply{Faults: []Fault{TooMany}, RetryAfter: "0.04"}, plain))
		started := time.Now()
		if g := Ask(t.Context(), s.New(t, server.URL), Question("how many?")); g.Err != nil || time.Since(started) < 40*time.Millisecond {
			t.Errorf("after %s: %s", time.Since(started), g)
		}
	})
	t.Run("an endpoint asks to wait too long", func(t *testing.T) {
		server := serve(t, s, Sequence(Reply{Faults: []Fault{TooMany}, RetryAfter: "3600"}, plain))
		g := Ask(t.Context(), s.New(t, server.URL), Question("how many?"))
		var fault *model.Fault
		if !errors.As(g.Err, &fault) || fault.Cause != model.Busy || server.Count() != 1 {
			t.Errorf("%d attempts: %s", server.Count(), g)
		}
	})
}

func passedOn(t *testing.T, s Subject) {
	for _, f := range []Fault{Broken, Aborted, ErrorInStream} {
		if !s.Format.Can(f) {
			continue
		}
		r := Reply{Text: strings.Repeat("so far so good ", 20), Faults: []Fault{f}}
		server := serve(t, s, Sequence(r))
		g := Ask(t.Context(), s.New(t, server.URL), Question("how many?"))
		if g.Err == nil || g.Text != "" && server.Count() != 1 {
			t.Errorf("%s: %d attempts, %s", f, server.Count(), g)
		}
	}
}

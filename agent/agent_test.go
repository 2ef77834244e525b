package agent

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tesela/agent/model"
	"tesela/segment"
	"tesela/store"
	"tesela/tools"
)

// script is a model that plays one reply after the other, the last for ever,
// and notes what it was asked.
type script struct {
	replies  []func(yield func(model.Delta, error) bool)
	mu       sync.Mutex
	requests []model.Request
}

func (s *script) Name() string { return "script" }

func (s *script) Generate(_ context.Context, r model.Request) iter.Seq2[model.Delta, error] {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = append(s.requests, r)
	return s.replies[min(len(s.requests), len(s.replies))-1]
}

// says is a reply of these deltas.
func says(deltas ...model.Delta) func(yield func(model.Delta, error) bool) {
	return func(yield func(model.Delta, error) bool) {
		for _, d := range deltas {
			if !yield(d, nil) {
				return
			}
		}
	}
}

func breaks(err error, deltas ...model.Delta) func(yield func(model.Delta, error) bool) {
	return func(yield func(model.Delta, error) bool) {
		for _, d := range deltas {
			if !yield(d, nil) {
				return
			}
		}
		yield(model.Delta{}, err)
	}
}

func calls(name, args string) model.Delta {
	return model.Delta{Call: &model.Call{Name: name, Args: json.RawMessage(args)}}
}

func decides(d model.Decision) model.Delta { return model.Delta{Decision: &d} }

// box is a set of tools: count answers 1,115 of 4,372, save writes.
type box struct {
	run   func(ctx context.Context, who tools.Caller, name string, args json.RawMessage) (*tools.Result, error)
	calls atomic.Int32
}

func (b *box) List() []model.Tool {
	return []model.Tool{{Name: "count_segment"}, {Name: "save_segment", Writes: true}}
}

func (b *box) Call(ctx context.Context, who tools.Caller, name string, args json.RawMessage) (*tools.Result, error) {
	b.calls.Add(1)
	if b.run != nil {
		return b.run(ctx, who, name, args)
	}
	return counted(), nil
}

func counted() *tools.Result {
	return &tools.Result{
		Title:       "Customers",
		Values:      map[string]any{"size": 1115, "base": 4372, "share": 1115.0 / 4372},
		Units:       map[string]string{"size": "customers"},
		Columns:     []tools.Column{{Name: "condition", Kind: "text"}, {Name: "alone", Kind: "count"}},
		Rows:        [][]any{{"count(order) >= 5", 1115}},
		Fingerprint: "sha256:1115",
	}
}

// workspace keeps turns in memory; nothing else of it is used.
type workspace struct {
	store.Workspace
	turns  []store.Turn
	read   int // the most turns of a session at once
	broken error
}

func (w *workspace) Fingerprint(context.Context) (string, error) { return "sha256:data", nil }

func (w *workspace) Imported(context.Context) (string, error) { return "sha256:imported", nil }

func (w *workspace) Segments(context.Context) ([]store.Segment, error) { return nil, nil }

func (w *workspace) Source(context.Context) (segment.Source, error) { return source{}, nil }

func (w *workspace) AppendTurn(_ context.Context, t store.Turn) error {
	if w.broken != nil {
		return w.broken
	}
	w.turns = append(w.turns, t)
	return nil
}

func (w *workspace) Turn(_ context.Context, id string) (store.Turn, error) {
	for _, t := range w.turns {
		if t.ID == id {
			return t, nil
		}
	}
	return store.Turn{}, store.ErrNotFound
}

func (w *workspace) Turns(_ context.Context, session string, last int) ([]store.Turn, error) {
	var own []store.Turn
	for _, t := range w.turns {
		if t.Session == session {
			own = append(own, t)
		}
	}
	if last > 0 && len(own) > last {
		own = own[len(own)-last:]
	}
	w.read = max(w.read, len(own))
	return own, nil
}

type source struct{ segment.Source }

func (source) Schema() *segment.Schema {
	return &segment.Schema{Zone: time.UTC, Events: []segment.Event{{Name: "order", Rows: 1, Last: time.Date(2011, 12, 9, 12, 50, 0, 0, time.UTC)}}}
}

// ask puts one question and gives the answer and the other events, as text.
func ask(t *testing.T, c *Conversation, question string) (*Answer, string) {
	t.Helper()
	var answer *Answer
	var seen []string
	var text strings.Builder
	for e, err := range c.Ask(t.Context(), question) {
		if err != nil {
			t.Fatalf("ask %q: %v", question, err)
		}
		if answer != nil {
			t.Errorf("an event after the answer: %+v", e)
		}
		switch {
		case e.Started != nil:
			seen = append(seen, "start "+e.Started.Tool)
		case e.Ended != nil && e.Ended.Error != "":
			seen = append(seen, "fault "+e.Ended.Tool)
		case e.Ended != nil:
			seen = append(seen, "end "+e.Ended.Tool)
		case e.Notice != "":
			seen = append(seen, "notice")
		case e.Text != "":
			text.WriteString(e.Text)
		}
		answer = e.Answer
	}
	if answer == nil {
		t.Fatalf("ask %q: no answer", question)
	}
	if text.String() != answer.Text {
		t.Errorf("streamed %q, answered %q", text.String(), answer.Text)
	}
	return answer, strings.Join(seen, ", ")
}

var count = calls("count_segment", `{"formula":"count(order) >= 5"}`)

type restate struct{}

func (restate) Call(lang, tool string, _ json.RawMessage, _ *model.Catalogue) (string, []string) {
	return lang + " " + tool, []string{"never-doers count"}
}

func TestAnswered(t *testing.T) {
	m := &script{replies: []func(func(model.Delta, error) bool){
		says(decides(model.Decision{Status: model.Answered, Language: "es"}), count), says(),
	}}
	now := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	clock := func() time.Time { now = now.Add(5 * time.Millisecond); return now }
	ws := &workspace{}
	var heard tools.Caller
	b := &box{run: func(_ context.Context, who tools.Caller, _ string, _ json.RawMessage) (*tools.Result, error) {
		heard = who
		return counted(), nil
	}}
	c := New(Config{Workspace: ws, Tools: b, Model: m, Restate: restate{}, Clock: clock})
	a, seen := ask(t, c, "¿quién pidió al menos cinco veces?")
	if a.Status != model.Answered || a.Language != "es" || seen != "start count_segment, end count_segment" {
		t.Errorf("status %s, language %s, events %s", a.Status, a.Language, seen)
	}
	if !strings.HasPrefix(a.Text, "**1.115** clientes (25,5\u00a0% de 4.372).") {
		t.Errorf("text %q", a.Text)
	}
	if a.Understood != "es count_segment" || !slices.Equal(a.Assumptions, []string{"never-doers count"}) {
		t.Errorf("understood %q, assumed %q", a.Understood, a.Assumptions)
	}
	if a.ElapsedMS != 5 || a.Data != "sha256:data" || a.Model != "script" || a.AsOf.Format(time.RFC3339) != "2011-12-10T00:00:00Z" {
		t.Errorf("%v ms, data %s, model %s, as of %s", a.ElapsedMS, a.Data, a.Model, a.AsOf)
	}
	if heard.Language != "es" || !heard.AsOf.Equal(a.AsOf) || heard.Person {
		t.Errorf("the tool was called by %+v", heard)
	}
	if len(ws.turns) != 1 || ws.turns[0].ID != a.ID || ws.turns[0].Question != a.Question {
		t.Errorf("kept %+v", ws.turns)
	}
	// The same question again is the same answer, kept once.
	again, _ := ask(t, New(Config{Workspace: ws, Tools: b, Model: &script{replies: m.replies}, Restate: restate{}}), a.Question)
	if again.ID != a.ID || len(ws.turns) != 1 {
		t.Errorf("ids %s and %s, %d turns", a.ID, again.ID, len(ws.turns))
	}
}

func TestAnswerJSON(t *testing.T) {
	keys := func(a Answer) map[string]json.RawMessage {
		b, err := json.Marshal(a)
		if err != nil {
			t.Fatal(err)
		}
		var m map[string]json.RawMessage
		if err := json.Unmarshal(b, &m); err != nil {
			t.Fatal(err)
		}
		return m
	}
	m := keys(Answer{Status: model.Answered})
	for _, k := range []string{"id", "question", "language", "status", "understood", "assumptions", "text", "calls", "as_of", "data", "model", "elapsed_ms"} {
		if v, ok := m[k]; !ok || string(v) == "null" {
			t.Errorf("%s is %s", k, v)
		}
	}
	if string(m["assumptions"]) != "[]" || string(m["calls"]) != "[]" || m["choices"] != nil || m["unknown"] != nil {
		t.Errorf("answered: %s", m)
	}
	for _, status := range []model.Status{model.Clarify, model.Cannot} {
		if m := keys(Answer{Status: status}); string(m["choices"]) != "[]" || string(m["unknown"]) != "[]" {
			t.Errorf("%s: choices %s, unknown %s", status, m["choices"], m["unknown"])
		}
	}
	full := Answer{Status: model.Clarify, Text: "a < b", Unknown: []string{"x"}, Choices: []model.Choice{{Label: "l", Question: "q"}}, Calls: []CallRecord{{Tool: "t", Args: json.RawMessage(`{"a":1}`), Result: counted()}}}
	b, err := json.Marshal(full)
	if err != nil {
		t.Fatal(err)
	}
	var back Answer
	if err := json.Unmarshal(b, &back); err != nil || back.Unknown[0] != "x" || back.Choices[0].Question != "q" || back.Calls[0].Result.Title != "Customers" {
		t.Errorf("read back %+v: %v", back, err)
	}
}

func TestDecisionsEndTheTurn(t *testing.T) {
	for _, d := range []model.Decision{
		{Status: model.Clarify, Unknown: []string{"flurb"}, Choices: []model.Choice{{Label: "orders", Question: "how many orders"}}},
		{Status: model.Cannot, Reason: model.MissingField, Unknown: []string{"gender"}},
	} {
		b := &box{}
		m := &script{replies: []func(func(model.Delta, error) bool){says(decides(d), count)}}
		a, seen := ask(t, New(Config{Tools: b, Model: m}), "customers by gender")
		if a.Status != d.Status || !slices.Equal(a.Unknown, d.Unknown) || !slices.Equal(a.Choices, d.Choices) {
			t.Errorf("%+v", a)
		}
		if !strings.Contains(a.Text, d.Unknown[0]) || seen != "" || b.calls.Load() != 0 || len(a.Calls) != 0 {
			t.Errorf("text %q, events %q, %d calls", a.Text, seen, b.calls.Load())
		}
	}
	a, _ := ask(t, New(Config{Tools: &box{}, Model: &script{}, Language: "pt"}), " \n")
	if a.Status != model.Clarify || !strings.HasPrefix(a.Text, "Nada foi perguntado.") {
		t.Errorf("an empty question: %+v", a)
	}
}

func TestWritesWaitForAPerson(t *testing.T) {
	b := &box{}
	m := &script{replies: []func(func(model.Delta, error) bool){says(count, calls("save_segment", `{"name":"VIP"}`))}}
	a, seen := ask(t, New(Config{Tools: b, Model: m}), "save it as VIP")
	if a.Status != model.Approve || b.calls.Load() != 2 || seen != "start count_segment, end count_segment" {
		t.Errorf("status %s, %d calls, events %s", a.Status, b.calls.Load(), seen)
	}
	if len(a.Calls) != 2 || a.Calls[1].Tool != "save_segment" || a.Calls[1].Result == nil || !strings.Contains(a.Text, `save_segment {"name":"VIP"}`) {
		t.Errorf("calls %+v, text %q", a.Calls, a.Text)
	}
}

func TestInvalidArgumentsAreRepairedTwice(t *testing.T) {
	b := &box{run: func(_ context.Context, _ tools.Caller, name string, args json.RawMessage) (*tools.Result, error) {
		if strings.Contains(string(args), "ordr") {
			return nil, &tools.ArgumentError{Tool: name, Field: "formula", Message: "unknown event ordr", Nearest: []string{"order"}}
		}
		return counted(), nil
	}}
	wrong := func(n int) func(func(model.Delta, error) bool) {
		return says(calls("count_segment", fmt.Sprintf(`{"formula":"count(ordr) >= %d"}`, n)))
	}
	m := &script{replies: []func(func(model.Delta, error) bool){wrong(1), says(calls("count_segment", `{"formula"`)), says(count), says()}}
	a, _ := ask(t, New(Config{Tools: b, Model: m}), "who ordered five times")
	if a.Status != model.Answered || len(a.Calls) != 3 || a.Calls[0].Error == "" || a.Calls[2].Result == nil {
		t.Errorf("%s: %+v", a.Status, a.Calls)
	}
	told := m.requests[1].Messages
	if last := told[len(told)-1]; last.Role != model.ToolRole || !strings.Contains(string(last.Result), "unknown event ordr") || !strings.Contains(string(last.Result), `"nearest":["order"]`) {
		t.Errorf("the model was told %s", last.Result)
	}
	m = &script{replies: []func(func(model.Delta, error) bool){wrong(1), wrong(2), wrong(3), says(count)}}
	a, _ = ask(t, New(Config{Tools: b, Model: m}), "who ordered five times")
	if a.Status != model.Failed || len(m.requests) != 3 || !strings.Contains(a.Text, "unknown event ordr") {
		t.Errorf("%s after %d rounds: %q", a.Status, len(m.requests), a.Text)
	}
	// A model that gives up after a fault has not answered.
	m = &script{replies: []func(func(model.Delta, error) bool){wrong(1), says(model.Delta{Text: "There are 12."})}}
	if a, _ = ask(t, New(Config{Tools: b, Model: m}), "x"); a.Status != model.Failed || strings.Contains(a.Text, "12") {
		t.Errorf("%s: %q", a.Status, a.Text)
	}
}

// What is refused for the personal data it would show is told as that, in the
// asker's words and not the tool's.
func TestPersonalDataIsRefusedAsThat(t *testing.T) {
	b := &box{run: func(_ context.Context, _ tools.Caller, name string, _ json.RawMessage) (*tools.Result, error) {
		return nil, &tools.ArgumentError{Tool: name, Field: "by", Message: "email is personal data (tesela segment members)", Err: tools.ErrPersonal}
	}}
	for language, says1 := range map[string]string{"en": "personal data", "es": "datos personales", "pt": "dados pessoais"} {
		m := &script{replies: []func(func(model.Delta, error) bool){says(model.Delta{Decision: &model.Decision{Language: language}}, count), says()}}
		a, _ := ask(t, New(Config{Tools: b, Model: m}), "customers by email")
		if a.Status != model.Failed || a.Reason != model.Personal || !strings.Contains(a.Text, says1) || strings.Contains(a.Text, "tesela") {
			t.Errorf("%s, %s: %q", a.Status, a.Reason, a.Text)
		}
	}
}

// What a tool says that the data cannot answer is a refusal in its words, not
// a failure.
func TestToolsMayRefuse(t *testing.T) {
	b := &box{run: func(_ context.Context, _ tools.Caller, name string, _ json.RawMessage) (*tools.Result, error) {
		return nil, fmt.Errorf("run: %w", &tools.CannotError{Tool: name, Reason: model.NoRole, Params: map[string]string{"role": "send"}, Message: "no campaigns are known here"})
	}}
	m := &script{replies: []func(func(model.Delta, error) bool){says(count, model.Delta{Decision: &model.Decision{Language: "en", Understood: "What came of campaigns"}}), says()}}
	a, _ := ask(t, New(Config{Tools: b, Model: m}), "did campaigns work")
	if a.Status != model.Cannot || a.Reason != model.NoRole || a.Text != "No campaigns are known here" || a.Understood != "What came of campaigns" || len(m.requests) != 1 {
		t.Errorf("%s, %s, %q, understood %q after %d rounds", a.Status, a.Reason, a.Text, a.Understood, len(m.requests))
	}
}

func TestRepetitionEndsTheLoop(t *testing.T) {
	m := &script{replies: []func(func(model.Delta, error) bool){says(count)}}
	a, _ := ask(t, New(Config{Tools: &box{}, Model: m}), "who ordered five times")
	if a.Status != model.Answered || len(m.requests) != 3 || len(a.Calls) != 1 || !strings.HasPrefix(a.Text, "**1,115** customers") {
		t.Errorf("%s after %d rounds with %d calls: %q", a.Status, len(m.requests), len(a.Calls), a.Text)
	}
}

func TestRoundsAreBounded(t *testing.T) {
	n := 0
	m := &script{replies: []func(func(model.Delta, error) bool){func(yield func(model.Delta, error) bool) {
		n++
		yield(calls("count_segment", fmt.Sprintf(`{"formula":"count(order) >= %d"}`, n)), nil)
	}}}
	a, _ := ask(t, New(Config{Tools: &box{}, Model: m, Limits: Limits{Rounds: 4}}), "go on")
	if a.Status != model.Answered || len(m.requests) != 5 || len(a.Calls) != 4 {
		t.Errorf("%s after %d rounds with %d calls", a.Status, len(m.requests), len(a.Calls))
	}
	for i, r := range m.requests {
		if (r.Tools == nil) != (i == 4) {
			t.Errorf("round %d has %d tools", i+1, len(r.Tools))
		}
	}
}

func TestModelFaults(t *testing.T) {
	for name, reply := range map[string]func(func(model.Delta, error) bool){
		"error at once":   breaks(errors.New("quota is used up")),
		"error in stream": breaks(errors.New("connection reset"), model.Delta{Text: "There are 99"}, count),
		"panic":           func(func(model.Delta, error) bool) { panic("index out of range") },
		"nothing":         says(),
		"endless text": func(yield func(model.Delta, error) bool) {
			for yield(model.Delta{Text: strings.Repeat("la ", 100)}, nil) {
			}
		},
		"endless calls": func(yield func(model.Delta, error) bool) {
			for yield(count, nil) {
			}
		},
		"a figure from nowhere": says(model.Delta{Text: "There are 99 customers."}),
	} {
		b, ws := &box{}, &workspace{}
		c := New(Config{Workspace: ws, Session: "s", Tools: b, Model: &script{replies: []func(func(model.Delta, error) bool){reply}}})
		a, _ := ask(t, c, "how many")
		if a.Status != model.Failed || strings.Contains(a.Text, "99") || b.calls.Load() != 0 {
			t.Errorf("%s: %s, %q, %d calls", name, a.Status, a.Text, b.calls.Load())
		}
		if got := new(Past).history(ws.turns); len(ws.turns) != 1 || len(got) != 0 {
			t.Errorf("%s: %d turns kept, history %v", name, len(ws.turns), got)
		}
	}
	a, _ := ask(t, New(Config{Tools: &box{}, Model: &script{}}), strings.Repeat("x", 8001))
	if a.Status != model.Failed {
		t.Errorf("a question too long: %s", a.Status)
	}
}

func TestToolFaults(t *testing.T) {
	for name, run := range map[string]func(context.Context, tools.Caller, string, json.RawMessage) (*tools.Result, error){
		"error": func(context.Context, tools.Caller, string, json.RawMessage) (*tools.Result, error) {
			return nil, errors.New("disk gone")
		},
		"panic":     func(context.Context, tools.Caller, string, json.RawMessage) (*tools.Result, error) { panic("nil map") },
		"no result": func(context.Context, tools.Caller, string, json.RawMessage) (*tools.Result, error) { return nil, nil },
	} {
		m := &script{replies: []func(func(model.Delta, error) bool){says(count)}}
		a, seen := ask(t, New(Config{Tools: &box{run: run}, Model: m}), "how many")
		if a.Status != model.Failed || seen != "start count_segment, fault count_segment" || len(a.Calls) != 1 || a.Calls[0].Error == "" {
			t.Errorf("%s: %s, %s, %+v", name, a.Status, seen, a.Calls)
		}
	}
}

func TestCallsRunTogether(t *testing.T) {
	const n = 5
	b := &box{run: func(_ context.Context, _ tools.Caller, _ string, args json.RawMessage) (*tools.Result, error) {
		r := counted()
		r.Title, r.Fingerprint = string(args), string(args)
		return r, nil
	}}
	var deltas []model.Delta
	for i := range n {
		deltas = append(deltas, calls("count_segment", fmt.Sprintf(`{"n":%d}`, i)))
	}
	m := &script{replies: []func(func(model.Delta, error) bool){says(deltas...), says()}}
	a, seen := ask(t, New(Config{Tools: b, Model: m}), "all five")
	if want := strings.Repeat("start count_segment, ", n) + strings.TrimSuffix(strings.Repeat("end count_segment, ", n), ", "); seen != want {
		t.Errorf("events %s", seen)
	}
	for i, c := range a.Calls {
		if want := fmt.Sprintf(`{"n":%d}`, i); c.Result.Title != want {
			t.Errorf("call %d has the result of %s", i, c.Result.Title)
		}
	}
	told := m.requests[1].Messages
	for i, msg := range told[len(told)-n:] {
		if msg.CallID == "" || msg.CallID != told[len(told)-n-1].Calls[i].ID {
			t.Errorf("result %d answers call %q", i, msg.CallID)
		}
	}
	m = &script{replies: []func(func(model.Delta, error) bool){says(deltas...), says()}}
	a, _ = ask(t, New(Config{Tools: b, Model: m, Limits: Limits{Calls: 3}}), "all five")
	if a.Status != model.Answered || a.Calls[2].Result == nil || !strings.Contains(a.Calls[3].Error, "at most 3 calls") {
		t.Errorf("%s: %+v", a.Status, a.Calls)
	}
}

func TestCancelEndsSoon(t *testing.T) {
	deaf := make(chan struct{})
	defer close(deaf)
	for name, c := range map[string]Config{
		"in the model": {Tools: &box{}, Model: &script{replies: []func(func(model.Delta, error) bool){func(func(model.Delta, error) bool) { <-deaf }}}},
		"in a tool": {Model: &script{replies: []func(func(model.Delta, error) bool){says(count)}}, Tools: &box{run: func(context.Context, tools.Caller, string, json.RawMessage) (*tools.Result, error) {
			<-deaf
			return nil, nil
		}}},
	} {
		ws := &workspace{}
		c.Workspace, c.Session = ws, "s"
		ctx, cancel := context.WithCancel(t.Context())
		var cancelled time.Time
		time.AfterFunc(20*time.Millisecond, func() { cancelled = time.Now(); cancel() })
		var last error
		for e, err := range New(c).Ask(ctx, "how many") {
			if e.Answer != nil {
				t.Errorf("%s: answered %+v", name, e.Answer)
			}
			last = err
		}
		if d := time.Since(cancelled); !errors.Is(last, context.Canceled) || d > 100*time.Millisecond {
			t.Errorf("%s: %v after %v", name, last, d)
		}
		if len(ws.turns) != 0 {
			t.Errorf("%s: a turn was kept: %+v", name, ws.turns)
		}
	}
}

func TestTimeLimit(t *testing.T) {
	deaf := make(chan struct{})
	defer close(deaf)
	m := &script{replies: []func(func(model.Delta, error) bool){func(func(model.Delta, error) bool) { <-deaf }}}
	a, _ := ask(t, New(Config{Tools: &box{}, Model: m, Limits: Limits{Time: 20 * time.Millisecond}, Language: "es"}), "¿cuántos?")
	if a.Status != model.Failed || !strings.Contains(a.Text, "se acabó el tiempo") {
		t.Errorf("%s: %q", a.Status, a.Text)
	}
}

func TestReaderMayStop(t *testing.T) {
	m := &script{replies: []func(func(model.Delta, error) bool){says(count), says()}}
	ws := &workspace{}
	for range New(Config{Workspace: ws, Tools: &box{}, Model: m}).Ask(t.Context(), "how many") {
		break
	}
	if len(ws.turns) != 0 {
		t.Errorf("a turn was kept: %+v", ws.turns)
	}
}

func TestFollowUpsSeeThePlan(t *testing.T) {
	ws := &workspace{}
	config := Config{Workspace: ws, Session: "s", Tools: &box{}}
	config.Model = &script{replies: []func(func(model.Delta, error) bool){says(decides(model.Decision{Status: model.Answered, Language: "pt", Understood: "u"}), count), says()}}
	first, _ := ask(t, New(config), "quem pediu cinco vezes?")
	config.Model = &script{replies: []func(func(model.Delta, error) bool){says(decides(model.Decision{Status: model.Clarify, Unknown: []string{"flurb"}}))}}
	second, _ := ask(t, New(config), "só flurb")
	if second.Language != "pt" {
		t.Errorf("a follow-up speaks %s", second.Language)
	}
	m := &script{replies: []func(func(model.Delta, error) bool){says(count), says()}}
	config.Model = m
	third, _ := ask(t, New(config), "e na Alemanha?")
	if first.ID == second.ID || second.ID == third.ID {
		t.Errorf("ids %s, %s, %s", first.ID, second.ID, third.ID)
	}
	var roles []string
	for _, msg := range m.requests[0].Messages {
		roles = append(roles, string(msg.Role))
	}
	if got := strings.Join(roles, " "); got != "user assistant tool user assistant user" {
		t.Fatalf("history %s", got)
	}
	said := m.requests[0].Messages
	if said[1].Text != "" || said[1].Reply.Status != model.Answered || said[1].Reply.Language != "pt" || string(said[1].Calls[0].Args) != `{"formula":"count(order) >= 5"}` || said[1].Calls[0].ID != said[2].CallID {
		t.Errorf("the plan is %+v", said[1])
	}
	if result := string(said[2].Result); !strings.Contains(result, `"size":1115`) || strings.Contains(result, `"rows":`) || !strings.Contains(result, `"rows_total":1`) {
		t.Errorf("the result is %s", result)
	}
	if said[4].Reply.Status != model.Clarify || said[4].Reply.Unknown[0] != "flurb" {
		t.Errorf("the question back is %+v", said[4].Reply)
	}
	// Without a session each question stands alone.
	config.Session, config.Model = "", m
	m.requests = nil
	ask(t, New(config), "e na Alemanha?")
	if len(m.requests[0].Messages) != 1 {
		t.Errorf("a question alone has a history: %+v", m.requests[0].Messages)
	}
}

func TestAnswerSurvivesAStoreThatFails(t *testing.T) {
	ws := &workspace{broken: errors.New("read-only file system")}
	m := &script{replies: []func(func(model.Delta, error) bool){says(count), says()}}
	c := New(Config{Workspace: ws, Session: "s", Tools: &box{}, Model: m})
	a, seen := ask(t, c, "how many")
	if a.Status != model.Answered || !strings.HasSuffix(seen, "notice") {
		t.Errorf("%s, events %s", a.Status, seen)
	}
	m.requests = nil
	ask(t, c, "and in Germany")
	if n := len(m.requests[0].Messages); n != 4 {
		t.Errorf("the follow-up saw %d messages", n)
	}
}

// Conversations share tools and model without sharing anything else, and
// leave no goroutine behind.
func TestConversationsAtOnce(t *testing.T) {
	before := runtime.NumGoroutine()
	b := &box{run: func(_ context.Context, _ tools.Caller, _ string, args json.RawMessage) (*tools.Result, error) {
		r := counted()
		r.Title, r.Fingerprint = string(args), string(args)
		return r, nil
	}}
	var wait sync.WaitGroup
	for i := range 200 {
		wait.Add(1)
		go func() {
			defer wait.Done()
			args := fmt.Sprintf(`{"n":%d}`, i)
			m := &script{replies: []func(func(model.Delta, error) bool){says(calls("count_segment", args), count), says()}}
			for e, err := range New(Config{Workspace: &workspace{}, Session: "s", Tools: b, Model: m}).Ask(t.Context(), args) {
				if err != nil || e.Answer != nil && (e.Answer.Question != args || e.Answer.Calls[0].Result.Title != args) {
					t.Errorf("conversation %d: %+v, %v", i, e.Answer, err)
				}
			}
		}()
	}
	wait.Wait()
	for range 50 {
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("%d goroutines before, %d after", before, runtime.NumGoroutine())
}

package slackbot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tesela/agent"
	"tesela/agent/model"
	"tesela/agent/wording"
	"tesela/segment"
	"tesela/store"
	"tesela/tools"
)

// What single customers of the desk's data are called; none of it may come
// where it must not.
var secrets = []string{"CUST-90417", "CUST-90418", "rosa.lima@example.org", "+34 655 010 203", "Rosa Lima Quintana", "ben@example.net", "+55 11 91234-5678", "Benício Prado"}

// desk is a business of two customers whose conversations a scripted model
// leads, kept in memory as a workspace keeps them.
type desk struct {
	kept  *keptTurns
	clock *clock
	asked atomic.Int32 // turns that reached the model
	saved atomic.Int32
	// hold, where set, is closed to let tools go on; ticks are told by tools.
	hold     chan struct{}
	entered  chan string
	personal func(a *agent.Answer) (tools.PersonalParts, error) // nil: as it is
	broken   atomic.Bool                                        // Converse fails
	persons  sync.Map                                           // sessions where personal traits may be listed
}

// clock is one that tests move.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) time() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func newDesk() *desk {
	return &desk{
		kept: &keptTurns{}, clock: &clock{now: time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)}, entered: make(chan string, 100),
	}
}

// keptTurns is a workspace of turns alone.
type keptTurns struct {
	store.Workspace
	mu    sync.Mutex
	turns []store.Turn
}

func (*keptTurns) Fingerprint(context.Context) (string, error)       { return "sha256:data", nil }
func (*keptTurns) Imported(context.Context) (string, error)          { return "sha256:imported", nil }
func (*keptTurns) Segments(context.Context) ([]store.Segment, error) { return nil, nil }
func (*keptTurns) Source(context.Context) (segment.Source, error)    { return bareSource{}, nil }

type bareSource struct{ segment.Source }

func (bareSource) Schema() *segment.Schema { return &segment.Schema{Zone: time.UTC} }

func (k *keptTurns) AppendTurn(_ context.Context, t store.Turn) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if slices.ContainsFunc(k.turns, func(o store.Turn) bool { return o.ID == t.ID }) {
		return errors.New("kept already")
	}
	k.turns = append(k.turns, t)
	return nil
}

func (k *keptTurns) Turn(_ context.Context, id string) (store.Turn, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, t := range k.turns {
		if t.ID == id {
			return t, nil
		}
	}
	return store.Turn{}, store.ErrNotFound
}

func (k *keptTurns) Turns(_ context.Context, session string, last int) ([]store.Turn, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	var own []store.Turn
	for _, t := range k.turns {
		if t.Session == session {
			own = append(own, t)
		}
	}
	if last > 0 && len(own) > last {
		own = own[len(own)-last:]
	}
	return own, nil
}

// questions are those of the turns, by session.
func (k *keptTurns) questions(session string) (list []string) {
	turns, _ := k.Turns(context.Background(), session, 0)
	for _, t := range turns {
		list = append(list, t.Question)
	}
	return list
}

func (d *desk) converse(_ context.Context, session, language string, person bool) (*agent.Conversation, error) {
	if d.broken.Load() {
		return nil, errors.New("open /srv/data of rosa.lima@example.org: no such file")
	}
	d.persons.Store(session, person)
	return agent.New(agent.Config{
		Workspace: d.kept, Tools: d, Model: d, Session: session, Language: language, Person: person,
		Catalogue: &model.Catalogue{Customers: 2}, Clock: d.clock.time, AsOf: d.clock.time(),
	}), nil
}

func (d *desk) answer(ctx context.Context, id string) (*agent.Answer, error) {
	t, err := d.kept.Turn(ctx, id)
	if err != nil {
		return nil, err
	}
	a := &agent.Answer{}
	return a, json.Unmarshal(t.Answer, a)
}

func (d *desk) personalIn(_ context.Context, a *agent.Answer) (tools.PersonalParts, error) {
	if d.personal != nil {
		return d.personal(a)
	}
	parts := tools.PersonalParts{Rows: make([]bool, len(a.Calls))}
	holds := func(text string) bool {
		return slices.ContainsFunc(secrets, func(s string) bool { return strings.Contains(text, s) })
	}
	if holds(a.Question) {
		parts.Elsewhere = "the question"
	}
	for i, c := range a.Calls {
		if holds(string(c.Args)) {
			parts.Elsewhere = "the arguments of a call"
		}
		if c.Result != nil {
			rows, _ := json.Marshal(c.Result.Rows)
			parts.Rows[i] = holds(string(rows))
		}
	}
	return parts, nil
}

func (d *desk) withhold(ctx context.Context, a *agent.Answer) (*agent.Answer, error) {
	parts, err := d.personalIn(ctx, a)
	if err != nil {
		return nil, err
	}
	body, err := a.MarshalJSON()
	if err != nil {
		return nil, err
	}
	if body, err = agent.Withhold(body, parts); err != nil {
		return nil, err
	}
	bare := &agent.Answer{}
	return bare, json.Unmarshal(body, bare)
}

func (d *desk) report(_ context.Context, name, language string, personal bool) ([]byte, error) {
	page := "<html lang=" + language + "><p>report of " + name
	if personal {
		page += " " + strings.Join(secrets, " ")
	}
	return []byte(page), nil
}

// Name and Generate make the desk its own model: the first word of a question
// says what happens.
func (*desk) Name() string { return "script" }

func (d *desk) Generate(_ context.Context, r model.Request) iter.Seq2[model.Delta, error] {
	return func(yield func(model.Delta, error) bool) {
		last := r.Messages[len(r.Messages)-1]
		if last.Role != model.User {
			yield(model.Delta{Decision: &model.Decision{Status: model.Answered}}, nil)
			return
		}
		d.asked.Add(1)
		text := last.Text
		language := "en"
		switch {
		case strings.HasPrefix(text, "¿"):
			language, text = "es", strings.TrimPrefix(text, "¿")
		case strings.HasPrefix(text, "quantos"):
			language = "pt"
		}
		verb, rest, _ := strings.Cut(strings.Trim(text, "?"), " ")
		say := func(status model.Status, tool string, args any) {
			raw, _ := json.Marshal(args)
			if yield(model.Delta{Decision: &model.Decision{Status: status, Language: language}}, nil) {
				yield(model.Delta{Call: &model.Call{ID: "1", Name: tool, Args: raw}}, nil)
			}
		}
		switch verb {
		case "list":
			say(model.Answered, "list_customers", map[string]any{"formula": "count(order) >= 1"})
		case "emails":
			say(model.Answered, "measure", map[string]any{"group_by": "email"})
		case "who":
			say(model.Answered, "explain_customer", map[string]any{"id": rest})
		case "save", "guarda":
			say(model.Answered, "save_segment", map[string]any{"name": rest, "formula": "count(order) >= 5"})
		case "best":
			yield(model.Delta{Decision: &model.Decision{Status: model.Clarify, Language: language, Reason: model.Ambiguous, Choices: []model.Choice{
				{Label: "most orders", Question: "count by orders"}, {Label: "most revenue", Question: "count by revenue"},
			}}}, nil)
		case "what":
			yield(model.Delta{Decision: &model.Decision{Status: model.Clarify, Language: language, Reason: model.UnknownWords, Unknown: []string{rest}}}, nil)
		case "panic":
			panic("a slip over rosa.lima@example.org")
		default:
			say(model.Answered, "count_segment", map[string]any{"formula": "count(order) >= 5", "of": rest})
		}
	}
}

// List and Call make the desk its own tools.
func (*desk) List() []model.Tool {
	return []model.Tool{
		{Name: "count_segment"}, {Name: "list_customers"}, {Name: "explain_customer"}, {Name: "measure"}, {Name: "save_segment", Writes: true},
	}
}

func (d *desk) Call(ctx context.Context, who tools.Caller, name string, args json.RawMessage) (*tools.Result, error) {
	if who.Progress != nil {
		for i := range 100 {
			who.Progress("at rosa.lima@example.org", i+1, 100)
		}
	}
	select {
	case d.entered <- name:
	default:
	}
	if d.hold != nil && name != "save_segment" {
		select {
		case <-d.hold:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	print := fmt.Sprintf("sha256:%x", string(args))
	switch name {
	case "measure":
		return nil, &tools.ArgumentError{Tool: name, Field: "group_by", Message: "email is personal data (tesela segment members)", Err: tools.ErrPersonal}
	case "list_customers":
		var rows [][]any
		for i := 0; i < 30; i++ {
			rows = append(rows, []any{secrets[i%2], secrets[2+3*(i%2)], secrets[3+3*(i%2)], secrets[4+3*(i%2)]})
		}
		return &tools.Result{
			Title: "Customers", Values: map[string]any{"size": 30}, Units: map[string]string{"size": "customers"}, Rows: rows, Fingerprint: print,
			Columns: []tools.Column{{Name: "id", Kind: "text"}, {Name: "email", Kind: "text"}, {Name: "phone", Kind: "text"}, {Name: "name", Kind: "text"}},
		}, nil
	case "explain_customer":
		if strings.Contains(string(args), "unknown") {
			return nil, &tools.ArgumentError{Tool: name, Field: "id", Message: "no customer has the id " + string(args)}
		}
		return &tools.Result{
			Title: "Customer " + secrets[0], Values: map[string]any{"name": secrets[4]}, Fingerprint: print,
			Columns: []tools.Column{{Name: "field", Kind: "text"}, {Name: "value", Kind: "text"}}, Rows: [][]any{{"email", secrets[2]}},
		}, nil
	case "save_segment":
		r := &tools.Result{Title: "Save", Values: map[string]any{"size": 10}, Fingerprint: print, Approval: "yes " + print}
		if who.Approved == "" {
			return r, nil
		}
		if who.Approved != r.Approval {
			return nil, errors.New("another approval")
		}
		d.saved.Add(1)
		return &tools.Result{Title: "Saved", Values: map[string]any{"size": 10}, Fingerprint: print}, nil
	}
	return &tools.Result{
		Title: "Customers", Values: map[string]any{"size": 1115, "base": 4372, "share": 0.25503}, Units: map[string]string{"size": "customers"},
		Columns: []tools.Column{{Name: "country", Kind: "text"}, {Name: "customers", Kind: "count"}},
		Rows:    [][]any{{"Spain", 615}, {"Portugal", 500}}, Fingerprint: print,
	}, nil
}

// bot makes a bot over the desk, as it would be after a restart.
func (d *desk) bot(t testing.TB, p *poster, m *memory, change func(c *Config)) *Bot {
	t.Helper()
	c := Config{
		Quick:  -1, // the first sign is part of what is told
		Poster: p, Memory: m, Converse: d.converse, Answer: d.answer, Personal: d.personalIn, Withhold: d.withhold, Report: d.report,
		Examples: func(language string) []string {
			return []string{"how many customers (" + language + ")?", "orders by month?"}
		},
		AtOnce: 8, Clock: d.clock.time, After: func(time.Duration) <-chan time.Time { return make(chan time.Time) },
	}
	if change != nil {
		change(&c)
	}
	b, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// locked is a log that several goroutines write to.
type locked struct {
	mu *sync.Mutex
	w  interface{ Write([]byte) (int, error) }
}

func (l *locked) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(p)
}

func panicking(context.Context, *agent.Answer) (*agent.Answer, error) {
	panic("withholding rosa.lima@example.org")
}

func unreadable(*agent.Answer) (tools.PersonalParts, error) {
	return tools.PersonalParts{}, errUnreadable
}

func nilConverse(context.Context, string, string, bool) (*agent.Conversation, error) {
	panic("no conversation for +34 655 010 203")
}

func languageOf(code string) *wording.Language {
	lang, _ := wording.For(code)
	return lang
}

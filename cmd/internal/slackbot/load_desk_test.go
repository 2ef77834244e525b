package slackbot_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"strings"
	"sync"
	"time"

	"tesela/agent"
	"tesela/agent/model"
	"tesela/segment"
	"tesela/store"
	"tesela/tools"
)

// loadDesk answers questions such as "count q7x3" with a figure of that name
// after some time, and asks back for "which q7x3", in conversations of the real
// agent. It keeps the newest turns of each session.
type loadDesk struct {
	store.Workspace
	clock func() time.Time
	takes time.Duration // a tool's own time, but for the names of slower

	mu    sync.Mutex
	turns map[string][]store.Turn  // by session
	byID  map[string]store.Turn    // of those
	spent map[string]time.Duration // in tools, by the name asked for
	runs  map[string]int
}

// slower are the endings of names whose figure takes longer: beyond what a bot
// stays silent for, and beyond what it says just once.
var slower = map[string]time.Duration{"l": 500 * time.Millisecond, "v": 2 * time.Second}

// mostTurns is how many turns of a session are kept.
const mostTurns = 8

func newLoadDesk(takes time.Duration, clock func() time.Time) *loadDesk {
	return &loadDesk{
		clock: clock, takes: takes, turns: map[string][]store.Turn{}, byID: map[string]store.Turn{}, spent: map[string]time.Duration{}, runs: map[string]int{},
	}
}

func (*loadDesk) Fingerprint(context.Context) (string, error)       { return "sha256:data", nil }
func (*loadDesk) Imported(context.Context) (string, error)          { return "sha256:imported", nil }
func (*loadDesk) Segments(context.Context) ([]store.Segment, error) { return nil, nil }
func (*loadDesk) Source(context.Context) (segment.Source, error)    { return noRows{}, nil }

type noRows struct{ segment.Source }

func (noRows) Schema() *segment.Schema { return &segment.Schema{Zone: time.UTC} }

func (d *loadDesk) AppendTurn(_ context.Context, t store.Turn) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if _, ok := d.byID[t.ID]; ok {
		return errors.New("kept already")
	}
	list := append(d.turns[t.Session], t)
	if len(list) > mostTurns {
		delete(d.byID, list[0].ID)
		list = append([]store.Turn(nil), list[1:]...)
	}
	d.turns[t.Session], d.byID[t.ID] = list, t
	return nil
}

func (d *loadDesk) Turn(_ context.Context, id string) (store.Turn, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	t, ok := d.byID[id]
	if !ok {
		return t, store.ErrNotFound
	}
	return t, nil
}

func (d *loadDesk) Turns(_ context.Context, session string, last int) ([]store.Turn, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	list := d.turns[session]
	if last > 0 && len(list) > last {
		list = list[len(list)-last:]
	}
	return append([]store.Turn(nil), list...), nil
}

func (d *loadDesk) converse(_ context.Context, session, language string, person bool) (*agent.Conversation, error) {
	return agent.New(agent.Config{
		Workspace: d, Tools: d, Model: d, Session: session, Language: language, Person: person,
		Catalogue: &model.Catalogue{Customers: 1000}, Clock: d.clock, AsOf: d.clock(),
	}), nil
}

func (d *loadDesk) answer(ctx context.Context, id string) (*agent.Answer, error) {
	t, err := d.Turn(ctx, id)
	if err != nil {
		return nil, err
	}
	a := &agent.Answer{}
	return a, json.Unmarshal(t.Answer, a)
}

func (*loadDesk) Name() string { return "load" }

// Generate calls the tool for what is asked, once a turn.
func (*loadDesk) Generate(_ context.Context, r model.Request) iter.Seq2[model.Delta, error] {
	return func(yield func(model.Delta, error) bool) {
		last := r.Messages[len(r.Messages)-1]
		if last.Role != model.User {
			return
		}
		verb, name, _ := strings.Cut(strings.TrimSpace(last.Text), " ")
		if verb == "which" {
			yield(model.Delta{Decision: &model.Decision{
				Status: model.Clarify, Language: "en", Reason: model.Ambiguous,
				Choices: []model.Choice{{Label: "the first " + name, Question: "count " + name + "a"}, {Label: "the second " + name, Question: "count " + name + "b"}},
			}}, nil)
			return
		}
		args, err := json.Marshal(map[string]string{"name": name})
		if err != nil {
			yield(model.Delta{}, err)
			return
		}
		if yield(model.Delta{Decision: &model.Decision{Status: model.Answered, Language: "en", Understood: "the figure " + name + "."}}, nil) {
			yield(model.Delta{Call: &model.Call{ID: "1", Name: "count_segment", Args: args}}, nil)
		}
	}
}

func (*loadDesk) List() []model.Tool { return []model.Tool{{Name: "count_segment"}} }

// Call takes its time and gives a figure, for some names with a chart.
func (d *loadDesk) Call(ctx context.Context, who tools.Caller, _ string, args json.RawMessage) (*tools.Result, error) {
	began := time.Now()
	var a struct{ Name string }
	if err := json.Unmarshal(args, &a); err != nil {
		return nil, err
	}
	takes := d.takes
	for end, more := range slower {
		if takes > 0 && strings.HasSuffix(a.Name, end) {
			takes = more
		}
	}
	const steps = 4
	for i := range steps {
		if who.Progress != nil {
			who.Progress("customers", i, steps)
		}
		if takes == 0 {
			continue
		}
		t := time.NewTimer(takes / steps)
		select {
		case <-t.C:
		case <-ctx.Done():
			t.Stop()
			return nil, ctx.Err()
		}
	}
	r := &tools.Result{
		Title: "Figure " + a.Name, Values: map[string]any{"size": 123, "base": 1000, "share": 0.123}, Units: map[string]string{"size": "customers"},
		Fingerprint: "sha256:" + a.Name,
	}
	if strings.HasSuffix(a.Name, "c") {
		r.Columns = []tools.Column{{Name: "stage", Kind: "text"}, {Name: "customers", Kind: "count"}}
		for i := range 5 {
			r.Rows = append(r.Rows, []any{fmt.Sprintf("stage %d", i), 10 * (i + 1)})
		}
		r.Chart = &tools.Chart{Type: "bar", X: "stage", Y: "customers"}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.spent[a.Name] += time.Since(began)
	d.runs[a.Name]++
	return r, nil
}

// took is the tools' own time for a name.
func (d *loadDesk) took(name string) time.Duration {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.spent[name]
}

// end drops the turns of a session.
func (d *loadDesk) end(session string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, t := range d.turns[session] {
		delete(d.byID, t.ID)
	}
	delete(d.turns, session)
}

// forget drops what is known of a name.
func (d *loadDesk) forget(name string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.spent, name)
	delete(d.runs, name)
}

// ran is how often the tool ran for each name that it ran for more than once.
func (d *loadDesk) ranTwice() (names []string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for name, n := range d.runs {
		if n > 1 {
			names = append(names, name)
		}
	}
	return names
}

// loadMemory keeps records in this process until their time is over.
type loadMemory struct {
	clock func() time.Time

	mu    sync.Mutex
	kinds map[string]map[string]record
	swept time.Time
}

type record struct {
	body  []byte
	until time.Time
}

func (m *loadMemory) sweep() {
	now := m.clock()
	if now.Sub(m.swept) < time.Minute {
		return
	}
	m.swept = now
	for _, records := range m.kinds {
		for key, r := range records {
			if !r.until.IsZero() && now.After(r.until) {
				delete(records, key)
			}
		}
	}
}

func (m *loadMemory) put(kind, key string, body []byte, until time.Time) {
	if m.kinds[kind] == nil {
		m.kinds[kind] = map[string]record{}
	}
	m.kinds[kind][key] = record{body, until}
}

func (m *loadMemory) Claim(_ context.Context, kind, key string, body []byte, until time.Time) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.sweep()
	if r, ok := m.kinds[kind][key]; ok && (r.until.IsZero() || m.clock().Before(r.until)) {
		return false, nil
	}
	m.put(kind, key, body, until)
	return true, nil
}

func (m *loadMemory) Put(_ context.Context, kind, key string, body []byte, until time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.put(kind, key, body, until)
	return nil
}

func (m *loadMemory) List(_ context.Context, kind string) (map[string][]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	list := map[string][]byte{}
	for key, r := range m.kinds[kind] {
		list[key] = r.body
	}
	return list, nil
}

func (m *loadMemory) Drop(_ context.Context, kind, key string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.kinds[kind], key)
	return nil
}

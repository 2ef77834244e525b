package chat

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"tesela/agent"
	"tesela/agent/model"
	"tesela/tools"
)

// driver plays the terminal: it hands messages to the model and runs its
// commands elsewhere, as Bubble Tea does.
type driver struct {
	t    *testing.T
	m    *Model
	msgs chan tea.Msg
	quit bool
}

func drive(t *testing.T, c Config, width, height int) *driver {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	m, err := New(ctx, c)
	if err != nil {
		t.Fatal(err)
	}
	d := &driver{t: t, m: m, msgs: make(chan tea.Msg, 256)}
	t.Cleanup(cancel)
	d.send(tea.WindowSizeMsg{Width: width, Height: height})
	return d
}

// send hands a message over and starts the commands that come of it.
func (d *driver) send(msg tea.Msg) {
	_, cmd := d.m.Update(msg)
	d.start(cmd)
}

func (d *driver) start(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	go func() { d.msgs <- cmd() }()
}

// until plays on until the condition holds.
func (d *driver) until(what string, holds func() bool) {
	d.t.Helper()
	late := time.After(10 * time.Second)
	for !holds() {
		select {
		case msg := <-d.msgs:
			switch msg := msg.(type) {
			case nil:
			case tea.BatchMsg:
				for _, cmd := range msg {
					d.start(cmd)
				}
			case tea.QuitMsg:
				d.quit = true
			default:
				d.send(msg)
			}
		case <-late:
			d.t.Fatalf("waited in vain for %s; the window shows\n%s", what, d.text())
		}
	}
}

var keyCodes = map[string]tea.KeyPressMsg{
	"enter": {Code: tea.KeyEnter}, "esc": {Code: tea.KeyEscape}, "up": {Code: tea.KeyUp}, "down": {Code: tea.KeyDown},
	"pgup": {Code: tea.KeyPgUp}, "pgdown": {Code: tea.KeyPgDown}, "f2": {Code: tea.KeyF2},
	"ctrl+c": {Code: 'c', Mod: tea.ModCtrl}, "ctrl+d": {Code: 'd', Mod: tea.ModCtrl}, "ctrl+y": {Code: 'y', Mod: tea.ModCtrl},
	"ctrl+up": {Code: tea.KeyUp, Mod: tea.ModCtrl},
}

// keys presses keys by name; other texts are typed.
func (d *driver) keys(names ...string) {
	for _, name := range names {
		if key, ok := keyCodes[name]; ok {
			d.send(key)
			continue
		}
		for _, r := range name {
			d.send(tea.KeyPressMsg{Code: r, Text: string(r)})
		}
	}
}

// ask types a question and waits for its end.
func (d *driver) ask(question string) {
	d.t.Helper()
	d.keys(question, "enter")
	d.until("the answer", func() bool { return !d.m.talking() })
}

// view is the window with its styles, text without.
func (d *driver) view() string { return d.m.View().Content }
func (d *driver) text() string { return stripped(d.view()) }

// stripped takes the styles out of a drawing, which must hold no other
// sequences.
func stripped(s string) string {
	var b strings.Builder
	for {
		before, after, found := strings.Cut(s, "\x1b[")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		end := strings.IndexFunc(after, func(r rune) bool { return r >= '@' && r <= '~' })
		if end < 0 || after[end] != 'm' {
			b.WriteString("<SEQUENCE>")
			end = max(end, 0)
		}
		s = after[end+1:]
	}
}

// shop answers from results kept here, through a real conversation.
type shop struct {
	block chan struct{} // a tool named wait blocks on it, or its context
	said  []string      // languages questions were asked in
}

var asOf = time.Date(2011, 12, 10, 0, 0, 0, 0, time.UTC)

func (s *shop) config() Config {
	conversation := agent.New(agent.Config{
		Tools: s, Model: s, Session: "s", AsOf: asOf, Catalogue: &model.Catalogue{},
	})
	return Config{
		Ask: func(ctx context.Context, language, question string) iter.Seq2[agent.Event, error] {
			return func(yield func(agent.Event, error) bool) {
				s.said = append(s.said, language)
				conversation.Language = language
				if strings.HasPrefix(question, "locked") {
					yield(agent.Event{}, fmt.Errorf("read the workspace: %w", errLocked))
					return
				}
				for e, err := range conversation.Ask(ctx, question) {
					if e.Answer != nil {
						e.Answer.ID, e.Answer.ElapsedMS = "3f9a21c04d77", 12.3
					}
					if !yield(e, err) {
						return
					}
				}
			}
		},
		Describe: func(context.Context, string) (*tools.Result, error) { return described, nil },
		Examples: func(string) []string {
			return []string{"How many customers are there?", "How many customers ordered at least twice?", "Revenue by country", "Orders per month"}
		},
		Catalogue: &model.Catalogue{
			Customers: 4372, From: time.Date(2010, 12, 1, 8, 26, 0, 0, time.UTC), To: time.Date(2011, 12, 9, 12, 50, 0, 0, time.UTC),
			Roles:  map[string]string{"purchase": "order", "amount": "order.amount"},
			Traits: []model.Field{{Name: "country", Kind: "text", Values: list{"France", "Germany"}}},
		},
		Session: "spring", Resume: "tesela chat --session spring", Speak: "en",
	}
}

type list []string

func (l list) Len() int        { return len(l) }
func (l list) At(i int) string { return l[i] }

var errLocked = fmt.Errorf("the workspace is in use by another program")

func (*shop) Name() string { return "scripted" }

// Generate reads the first word of a question.
func (s *shop) Generate(_ context.Context, r model.Request) iter.Seq2[model.Delta, error] {
	return func(yield func(model.Delta, error) bool) {
		last := r.Messages[len(r.Messages)-1]
		if last.Role == model.ToolRole {
			return
		}
		word, _, _ := strings.Cut(last.Text, " ")
		d := map[string]*model.Decision{
			"revenue":  {Status: model.Answered, Language: "en", Understood: "Net revenue by country", Assumptions: []string{"revenue is purchases less refunds"}},
			"orders":   {Status: model.Answered, Language: "en", Understood: "Orders per month"},
			"ingresos": {Status: model.Answered, Language: "es", Understood: "Ingresos netos por país"},
			"evil":     {Status: model.Answered, Language: "en", Understood: "Revenue by product\x1b]0;owned\x07"},
			"wait":     {Status: model.Answered, Language: "en"},
			"flurb":    {Status: model.Clarify, Language: "en", Unknown: []string{"flurb"}},
			"best": {Status: model.Clarify, Language: "en", Reason: model.Ambiguous, Choices: []model.Choice{
				{Label: "by revenue", Question: "revenue by country"}, {Label: "by orders", Question: "orders per month"},
			}},
		}[word]
		if d == nil {
			d = &model.Decision{Status: model.Cannot, Language: "en", Reason: model.OutOfScope}
		}
		if yield(model.Delta{Decision: d}, nil) && d.Status == model.Answered {
			args, _ := json.Marshal(map[string]any{"measures": []string{word}})
			yield(model.Delta{Call: &model.Call{ID: "1", Name: "measure", Args: args}}, nil)
		}
	}
}

func (*shop) List() []model.Tool { return []model.Tool{{Name: "measure"}} }

func (s *shop) Call(ctx context.Context, _ tools.Caller, _ string, args json.RawMessage) (*tools.Result, error) {
	switch {
	case strings.Contains(string(args), "wait"):
		select {
		case <-s.block:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		return byCountry, nil
	case strings.Contains(string(args), "orders"):
		return perMonth, nil
	case strings.Contains(string(args), "evil"):
		return hostile, nil
	}
	return byCountry, nil
}

var byCountry = &tools.Result{
	Title: "Revenue by country", Values: map[string]any{"revenue": "8300065.81"}, Units: map[string]string{"revenue": "GBP"},
	Columns: []tools.Column{{Name: "country", Kind: "text"}, {Name: "revenue", Kind: "money", Unit: "GBP"}},
	Rows:    [][]any{{"United Kingdom", "6767873.39"}, {"Netherlands", "284661.54"}, {"EIRE", "250285.22"}},
	Chart:   &tools.Chart{Type: "bar", X: "country", Y: "revenue"}, Fingerprint: "sha256:1",
}

var perMonth = &tools.Result{
	Title: "Orders per month", Values: map[string]any{"orders": 7387}, Units: map[string]string{"orders": "orders"},
	Columns: []tools.Column{{Name: "month", Kind: "text"}, {Name: "orders", Kind: "count", Unit: "orders"}},
	Rows:    [][]any{{"2011-08", 1280}, {"2011-09", 1755}, {"2011-10", 1694}, {"2011-11", 2658}},
	Chart:   &tools.Chart{Type: "line", X: "month", Y: "orders"}, Fingerprint: "sha256:2",
}

var hostile = &tools.Result{
	Title: "Revenue", Values: map[string]any{"revenue": "3.00"}, Units: map[string]string{"revenue": "GBP"},
	Columns: []tools.Column{{Name: "product", Kind: "text"}, {Name: "revenue", Kind: "money", Unit: "GBP"}},
	Rows: [][]any{
		{"\x1b[2J\x1b]52;c;ZXZpbA==\x07wipe", "1.00"}, {"\u009b31mred \u202egnp.exe", "1.00"}, {"日本の寿司 🍣 e\u0301\r\nnew line", "1.00"},
	},
	Chart: &tools.Chart{Type: "bar", X: "product", Y: "revenue"}, Fingerprint: "sha256:3",
}

var described = &tools.Result{
	Title: "Data", Values: map[string]any{"customers": 4372, "events": 406829, "from": "2010-12-01", "to": "2011-12-09"},
	Columns: []tools.Column{{Name: "what", Kind: "text"}, {Name: "name", Kind: "text"}, {Name: "count", Kind: "count"}},
	Rows:    [][]any{{"event", "order", 397924}, {"trait", "country", 4372}},
}

package suggest_test

import (
	"context"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"tesela/agent/model"
	"tesela/agent/planner"
	"tesela/agent/suggest"
	"tesela/tools"
	"tesela/tools/restate"
)

type texts []string

func (t texts) Len() int        { return len(t) }
func (t texts) At(i int) string { return t[i] }

// gym is a business with roles of its own and a personal trait, whose values
// no catalogue holds.
func gym() *model.Catalogue {
	return &model.Catalogue{
		Customers: 900, Zone: "Europe/Lisbon", Currency: "EUR",
		Events: []model.Event{
			{Name: "payment", Rows: 4000, Props: []model.Field{
				{Name: "amount", Kind: "money", Low: "5", High: "90"},
				{Name: "method", Kind: "text", Values: texts{"card", "cash", "transfer"}},
			}},
			{Name: "check_in", Rows: 20000, Props: []model.Field{{Name: "class", Kind: "text", Values: texts{"Yoga", "Spinning", "Pilates"}}}},
		},
		Traits: []model.Field{
			{Name: "name", Kind: "text"},
			{Name: "city", Kind: "text", Values: texts{"Lisboa", "Lisse", "Évora", "Porto", "Faro"}},
			{Name: "plan", Kind: "text", Values: texts{"basic", "premium"}},
		},
		Roles:    map[string]string{"purchase": "payment", "amount": "payment.amount"},
		Segments: []string{"Lively ones"},
	}
}

func suggester(t *testing.T, c *model.Catalogue) *suggest.Suggester {
	t.Helper()
	p, err := planner.New(c)
	if err != nil {
		t.Fatal(err)
	}
	read := func(ctx context.Context, c *model.Catalogue, language, question string) (calls []model.Call, answered bool) {
		for d, err := range p.Generate(ctx, model.Request{Messages: []model.Message{{Role: model.User, Text: question}}, Language: language, Catalogue: c}) {
			switch {
			case err != nil:
				t.Fatal(err)
			case d.Decision != nil:
				answered = d.Decision.Status == model.Answered
			case d.Call != nil:
				calls = append(calls, *d.Call)
			}
		}
		return calls, answered
	}
	say, err := restate.New()
	if err != nil {
		t.Fatal(err)
	}
	s, err := suggest.New(say, read, func(a, b []model.Call, _ *model.Catalogue) bool {
		return len(a) == 1 && len(b) == 1 && a[0].Name == b[0].Name && reflect.DeepEqual(tree(t, a[0].Args), tree(t, b[0].Args))
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func tree(t *testing.T, args json.RawMessage) (v map[string]any) {
	t.Helper()
	if err := json.Unmarshal(args, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func step(tool, args string, r tools.Result) suggest.Step {
	return suggest.Step{Call: model.Call{Name: tool, Args: json.RawMessage(args)}, Result: &r}
}

func size(n int) tools.Result { return tools.Result{Values: map[string]any{"size": n}} }

// What is offered depends on what was asked and on what came of it.
func TestAfter(t *testing.T) {
	c := gym()
	s := suggester(t, c)
	group := `{"formula":"count(payment, last 90d) >= 2 and city = \"Lisboa\""}`
	const who = "Who are they?"
	for name, test := range map[string]struct {
		step  suggest.Step
		asked []model.Call
		want  []string // labels that must be offered
		never []string
	}{
		"a group":       {step: step("count_segment", group, size(40)), want: []string{who, "What sets them apart?", "By plan"}, never: []string{"By city", "By name"}},
		"nobody":        {step: step("count_segment", group, size(0)), want: []string{"Who is nearly in?"}, never: []string{who, "What sets them apart?"}},
		"everybody":     {step: step("count_segment", `{"formula":"everyone"}`, size(900)), never: []string{who, "What sets them apart?", "Who is nearly in?"}},
		"asked already": {step: step("count_segment", group, size(40)), asked: []model.Call{{Name: "explain_segment", Args: json.RawMessage(group)}}, want: []string{who}, never: []string{"What sets them apart?"}},
		"one figure":    {step: step("measure", `{"measures":["revenue"],"window":"last 90d"}`, tools.Result{}), want: []string{"Over time", "By city"}},
		"a table": {
			step: step("measure", `{"measures":["revenue"],"window":"2025","group_by":["city"]}`, tools.Result{
				Columns: []tools.Column{{Name: "city"}, {Name: "revenue"}}, Rows: [][]any{{nil, "90.00"}, {"Porto", "70.00"}, {"Faro", "20.00"}},
			}), want: []string{"Porto over time", "By plan"}, never: []string{"By city"},
		},
		"a course":      {step: step("measure", `{"measures":["revenue"],"window":"2025","per":"month"}`, tools.Result{}), want: []string{"By city", "The same a period earlier"}, never: []string{"Over time"}},
		"unknown tools": {step: step("describe_data", `{}`, tools.Result{}), never: []string{who, "What sets them apart?"}},
	} {
		got := s.After(t.Context(), c, "en", []suggest.Step{test.step}, test.asked)
		var labels []string
		for _, g := range got {
			labels = append(labels, g.Label)
		}
		for _, want := range test.want {
			if !slices.Contains(labels, want) {
				t.Errorf("%s: %q is not offered: %v", name, want, got)
			}
		}
		for _, never := range test.never {
			if slices.Contains(labels, never) {
				t.Errorf("%s: %q is offered", name, never)
			}
		}
		if len(labels) == 0 || len(labels) > 3 {
			t.Errorf("%s: %d questions", name, len(labels))
		}
	}
}

// The window before one is as long and ends where it begins, or is the year
// before.
func TestEarlierWindow(t *testing.T) {
	c := gym()
	s := suggester(t, c)
	for window, want := range map[string]string{
		"2025": "2024", "2025-03": "2024-03", "this month": "last month",
	} {
		list := s.After(t.Context(), c, "es", []suggest.Step{step("measure", `{"measures":["revenue"],"group_by":["city","plan"],"per":"month","window":"`+window+`"}`, tools.Result{})}, nil)
		found := false
		for _, g := range list {
			found = found || g.Label == "Lo mismo un periodo antes"
			if found && strings.Contains(g.Question, want) {
				break
			}
		}
		if !found {
			t.Errorf("%s: %v", window, list)
		}
	}
}

// Without roles nothing is said of purchases; an unknown language or no data
// offers nothing.
func TestFirst(t *testing.T) {
	c := gym()
	s := suggester(t, c)
	for _, language := range []string{"en", "es", "pt"} {
		list := s.First(t.Context(), c, language)
		if len(list) != 4 {
			t.Errorf("%s: %v", language, list)
		}
	}
	bare := gym()
	bare.Roles = nil
	for _, q := range suggester(t, bare).First(t.Context(), bare, "en") {
		if strings.Contains(q.Question, "payments in the last 90 days") || strings.Contains(q.Question, "evenue") {
			t.Errorf("without roles: %q", q.Question)
		}
	}
	if list := s.First(t.Context(), c, "de"); list != nil {
		t.Errorf("in German: %v", list)
	}
	if list := s.First(t.Context(), &model.Catalogue{}, "en"); list != nil {
		t.Errorf("without customers: %v", list)
	}
}

func TestComplete(t *testing.T) {
	c := gym()
	s := suggester(t, c)
	for typed, want := range map[string][]string{
		"customers in lis":       {"customers in Lisse", "customers in Lisboa"},
		"customers in LISB":      {"customers in Lisboa"},
		"clientes de evo":        {"clientes de Évora"},
		"customers in Lisboa":    nil, // it is whole
		"customers in lis ":      nil, // the word is ended
		"li":                     nil, // too short
		"who does “spin":         {"who does “Spinning"},
		"lively on":              {"Lively ones"},
		"all of the lively on":   {"all of the Lively ones"},
		"payments by met":        {"payments by method"},
		"":                       nil,
		"   ":                    nil,
		"“”":                     nil,
		"nothing begins so xyzz": nil,
	} {
		var got []string
		for _, x := range s.Complete(t.Context(), c, "en", typed) {
			got = append(got, x.Question)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q completes to %q, want %q", typed, got, want)
		}
	}
	if list := s.Complete(t.Context(), c, "en", "yog"); len(list) != 1 || list[0].Label != "Yoga (class)" {
		t.Errorf("%v", list)
	}
}

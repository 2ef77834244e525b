package evals

import (
	"testing"

	"tesela/tools"
)

func table(values map[string]any, columns []tools.Column, rows ...[]any) *tools.Result {
	return &tools.Result{Values: values, Columns: columns, Rows: rows}
}

var (
	byCountry = []tools.Column{{Name: "country", Kind: "text"}, {Name: "revenue", Kind: "money"}}
	withShare = append(append([]tools.Column{}, byCountry...), tools.Column{Name: "share", Kind: "rate"})
	ranked    = []tools.Column{{Name: "id", Kind: "text"}, {Name: "value", Kind: "money"}}
)

func TestDiffers(t *testing.T) {
	size := func(n int) *tools.Result {
		return table(map[string]any{"size": n, "base": 200, "share": float64(n) / 200}, nil)
	}
	total := func(name string, v any) *tools.Result { return table(map[string]any{name: v}, nil) }
	countries := table(map[string]any{"revenue": "30.00"}, byCountry, []any{"Spain", "20.00"}, []any{"Malta", "10.00"})
	group := Gold{Measure: map[string]any{"group_by": []string{"country"}}}
	first := Gold{Measure: group.Measure, First: true}
	best := Gold{List: map[string]any{"by": "sum(order.amount)", "limit": 2}}
	people := table(nil, ranked, []any{"a", "9.00"}, []any{"b", "7.00"})

	for name, c := range map[string]struct {
		gold      Gold
		want, got *tools.Result
		tool      string
		same      bool
	}{
		"a size":                      {Gold{Count: "f"}, size(12), size(12), "count_segment", true},
		"another size":                {Gold{Count: "f"}, size(12), size(13), "count_segment", false},
		"a size measured":             {Gold{Count: "f"}, size(12), total("customers", 12), "measure", true},
		"a size from a list":          {Gold{Count: "f"}, size(12), size(12), "list_customers", false},
		"who, from a list":            {Gold{Who: "f"}, size(12), size(12), "list_customers", true},
		"a share":                     {Gold{Share: "f"}, size(50), total("x", 0.25), "measure", true},
		"a size is no share":          {Gold{Share: "f"}, size(50), total("x", 50), "measure", false},
		"money as text":               {Gold{Measure: map[string]any{}}, total("revenue", "10.50"), total("gross", "10.5"), "measure", true},
		"rows in another order":       {group, countries, table(nil, byCountry, []any{"Malta", "10.00"}, []any{"Spain", "20.00"}), "measure", true},
		"rows of one name":            {group, table(nil, byCountry, []any{"Spain", "20.00"}, []any{"Spain", "10.00"}), table(nil, byCountry, []any{"Spain", "10.00"}, []any{"Spain", "20.00"}), "measure", true},
		"rows of one name, one twice": {group, table(nil, byCountry, []any{"Spain", "20.00"}, []any{"Spain", "10.00"}), table(nil, byCountry, []any{"Spain", "20.00"}, []any{"Spain", "20.00"}), "measure", false},
		"a row that lacks":            {group, countries, table(nil, byCountry, []any{"Spain", "20.00"}), "measure", false},
		"a row too many":              {group, countries, table(nil, byCountry, []any{"Spain", "20.00"}, []any{"Malta", "10.00"}, []any{"Peru", "1.00"}), "measure", false},
		"another figure":              {group, countries, table(nil, byCountry, []any{"Spain", "20.00"}, []any{"Malta", "10.01"}), "measure", false},
		"shares beside":               {group, countries, table(nil, withShare, []any{"Spain", "20.00", 0.66}, []any{"Malta", "10.00", 0.33}), "measure", true},
		"a total for a table":         {group, countries, total("revenue", "30.00"), "measure", false},
		"the best of a longer table":  {first, table(nil, byCountry, []any{"Spain", "20.00"}), countries, "measure", true},
		"not the best":                {first, table(nil, byCountry, []any{"Malta", "10.00"}), countries, "measure", false},
		"a list":                      {best, people, people, "list_customers", true},
		"a list in another order":     {best, people, table(nil, ranked, []any{"b", "7.00"}, []any{"a", "9.00"}), "list_customers", false},
		"a tie at the end of a list":  {best, people, table(nil, ranked, []any{"a", "9.00"}, []any{"c", "7.00"}), "list_customers", true},
		"a list of another length":    {best, people, table(nil, ranked, []any{"a", "9.00"}), "list_customers", false},
		"nothing came":                {Gold{Count: "f"}, size(12), nil, "count_segment", false},
		"a tool, whatever it answers": {Gold{Tool: "describe_data"}, size(1), size(2), "describe_data", true},
	} {
		if got := Differs(want{Gold: c.gold, result: c.want}, c.tool, nil, c.got); (got == "") != c.same {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestTrivial(t *testing.T) {
	of := func(n int) *tools.Result { return table(map[string]any{"size": n, "base": 9}, nil) }
	for name, c := range map[string]struct {
		gold    Gold
		result  *tools.Result
		trivial bool
	}{
		"nobody":               {Gold{Count: "f"}, of(0), true},
		"all":                  {Gold{Count: "f"}, of(9), true},
		"all, on purpose":      {Gold{Count: "everyone"}, of(9), false},
		"some":                 {Gold{Who: "f"}, of(3), false},
		"a total of nothing":   {Gold{Measure: map[string]any{}}, table(map[string]any{"orders": 0}, nil), true},
		"groups without a row": {Gold{Measure: map[string]any{"per": "month"}}, table(map[string]any{"orders": 4}, nil), true},
	} {
		if got := trivial(want{Gold: c.gold, result: c.result}); (got != "") != c.trivial {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestParse(t *testing.T) {
	const good = `data: demo
cases:
  - {id: a, lang: en, q: how many, family: size, count: everyone, or: [{measure: {measures: [customers]}}]}
  - {id: b, lang: es, turns: [uno, dos], family: followup, who: 'count(order) = 1'}
  - {id: c, lang: pt, q: sim, family: vague, clarify: true, word: sim, choices: [{count: everyone}]}
`
	s, err := Parse([]byte(good))
	if err != nil {
		t.Fatal(err)
	}
	if n := len(s.Cases[0].Expected()); n != 2 || len(s.Cases[1].Turns) != 2 || s.Cases[2].Turns[0] != "sim" {
		t.Errorf("%d golds; %+v", n, s.Cases)
	}
	for name, text := range map[string]string{
		"no id":               `{lang: en, q: x, family: f, count: everyone}`,
		"an unknown language": `{id: a, lang: fr, q: x, family: f, count: everyone}`,
		"no question":         `{id: a, lang: en, family: f, count: everyone}`,
		"nothing expected":    `{id: a, lang: en, q: x, family: f}`,
		"an unknown field":    `{id: a, lang: en, q: x, family: f, cuont: everyone}`,
	} {
		if _, err := Parse([]byte("data: demo\ncases:\n  - " + text + "\n")); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
}

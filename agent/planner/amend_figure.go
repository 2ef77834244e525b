package planner

import (
	"encoding/json"
	"slices"
	"strings"

	"tesela/agent/model"
	"tesela/segment/syntax"
	"tesela/tools"
)

// figure is the last figure in the mean or in total. A sum has two means, of
// what is summed and of those who did it: which one is asked back.
func (a *amending) figure() ([]model.Call, *model.Decision) {
	var m tools.MeasureArgs
	if a.last.Name != "measure" || json.Unmarshal(a.last.Args, &m) != nil || len(m.Measures) != 1 {
		return nil, nil
	}
	others := meansOf(m.Measures[0])
	if a.said.kind == "total" {
		others = totalsOf(m.Measures[0])
		if len(others) == 0 && (len(m.GroupBy) > 0 || m.Per != "") { // a total already: of all rows
			m.GroupBy, m.Per, m.Top, m.Order, m.Shares = nil, "", 0, "", false
			return a.one("measure", m)
		}
	}
	var calls []model.Call
	for _, other := range others {
		again := m
		again.Measures = []string{other}
		calls = append(calls, model.Call{ID: "1", Name: "measure", Args: marshal(again)})
	}
	return a.either(calls)
}

// worth is the last number of things as the money of them: "en importe".
func (a *amending) worth() ([]model.Call, *model.Decision) {
	var m tools.MeasureArgs
	if a.last.Name != "measure" || json.Unmarshal(a.last.Args, &m) != nil || len(m.Measures) != 1 {
		return nil, nil
	}
	sum := (&parse{ix: a.p.ix}).worthOf(m.Measures[0])
	if sum == "" || sum == m.Measures[0] {
		return nil, nil
	}
	m.Measures = []string{sum}
	return a.one("measure", m)
}

// namedTotals are the measures that are sums, with the means of each: of one
// event, and of one customer.
var namedTotals = map[string][]string{
	"revenue":       {"aov", "revenue_per_buyer"},
	"gross_revenue": {"aov", "revenue_per_buyer"},
	"orders":        {"orders_per_buyer"},
}

func meansOf(measure string) []string {
	if list := namedTotals[measure]; list != nil {
		return list
	}
	call := callIn(measure)
	switch {
	case call == nil:
		return nil
	case call.Fn == syntax.Sum:
		mean := *call
		mean.Fn = syntax.Avg
		return []string{mean.String(), call.String() + " / doers(" + syntax.Quote(call.Event) + ")"}
	}
	return nil
}

func totalsOf(measure string) []string {
	switch measure {
	case "aov", "revenue_per_buyer":
		return []string{"revenue"}
	case "orders_per_buyer":
		return []string{"orders"}
	}
	if call := callIn(strings.SplitN(measure, " / ", 2)[0]); call != nil && call.Property != "" && (call.Fn == syntax.Avg || call.Fn == syntax.Sum && strings.Contains(measure, " / ")) {
		total := *call
		total.Fn = syntax.Sum
		return []string{total.String()}
	}
	return nil
}

// callIn is the function that a measure is, nil where it is something else.
func callIn(measure string) *syntax.Call {
	v, err := syntax.ParseMeasure(measure)
	if err != nil {
		return nil
	}
	call, _ := v.(*syntax.Call)
	return call
}

// either carries out the one call that a change may be, or asks which.
func (a *amending) either(calls []model.Call) ([]model.Call, *model.Decision) {
	switch len(calls) {
	case 0:
		return nil, nil
	case 1:
		return calls, a.answers("", nil)
	}
	d := a.asks(model.Ambiguous)
	for _, c := range calls {
		d.Choices = append(d.Choices, a.p.offer(a.lang, c.Name, c.Args))
	}
	return nil, d
}

// reverse turns an order round, or who did one thing and not another into who
// did the other and not the one.
func (a *amending) reverse() ([]model.Call, *model.Decision) {
	switch a.last.Name {
	case "measure":
		var m tools.MeasureArgs
		if json.Unmarshal(a.last.Args, &m) != nil || len(m.GroupBy) == 0 {
			return nil, nil
		}
		if m.Order == "asc" {
			m.Order = ""
		} else {
			m.Order = "asc"
		}
		return a.one("measure", m)
	case "list_customers":
		var l tools.ListCustomersArgs
		if json.Unmarshal(a.last.Args, &l) == nil && l.By != "" {
			l.Ascending = !l.Ascending
			return a.one("list_customers", l)
		}
	}
	if a.last.Name != "list_customers" && a.last.Name != "count_segment" {
		return nil, nil
	}
	if f := swapped(parseOr(groupOf(a.last))); f != nil {
		return a.one("count_segment", tools.CountSegmentArgs{Formula: clean(f)})
	}
	return nil, nil
}

// swapped is the formula with what was done and what was not in each other's
// place; nil where there is not one of each.
func swapped(f syntax.Formula) syntax.Formula {
	parts := slices.Clone(factors(f))
	did, not := -1, -1
	for i, x := range parts {
		switch {
		case saysNever(x) != nil:
			if not >= 0 {
				return nil
			}
			not = i
		case saysDid(x) != nil:
			if did >= 0 {
				return nil
			}
			did = i
		}
	}
	if did < 0 || not < 0 {
		return nil
	}
	atLeast := func(c *syntax.Call, op syntax.Op, n string) syntax.Formula {
		return &syntax.Compare{Left: c, Op: op, Right: literal(n)}
	}
	was, never := saysDid(parts[did]), saysNever(parts[not])
	parts[did], parts[not] = atLeast(never, syntax.Ge, "1"), atLeast(was, syntax.Eq, "0")
	return syntax.All(parts...)
}

package planner

import (
	"encoding/json"
	"strings"

	"tesela/agent/model"
	"tesela/segment/syntax"
	"tesela/tools"
)

const (
	mostKinds  = 24 // values of a field that a figure is set out by
	mostCauses = 3  // breakdowns that are offered
)

// moved answers why a figure is what it is, or went up or down: no data say why,
// but they say where it comes from, so that is offered.
func (a *amending) moved() ([]model.Call, *model.Decision) {
	var m tools.MeasureArgs
	switch a.last.Name {
	case "measure":
		if json.Unmarshal(a.last.Args, &m) != nil || len(m.Measures) == 0 {
			return nil, nil
		}
	case "count_segment":
		m = tools.MeasureArgs{Measures: []string{"customers"}, Formula: groupOf(a.last)}
	default:
		return nil, nil
	}
	event := ""
	if ps := a.chart(a.question); ps != nil {
		event = ps.measuredEvent(m.Measures)
	}
	d := a.asks(model.NoCause)
	for _, group := range a.kinds(m, event) {
		again := m
		again.GroupBy, again.Per, again.Top, again.Order, again.Shares = []string{group}, "", 0, "", false
		if d.Choices = append(d.Choices, a.p.offer(a.lang, "measure", marshal(again))); len(d.Choices) == mostCauses {
			break
		}
	}
	if len(d.Choices) == 0 {
		return nil, nil
	}
	return nil, d
}

// kinds are the fields of few values that a measure may be set out by, what is
// measured first; those that it is held to or set out by already are not among
// them.
func (a *amending) kinds(m tools.MeasureArgs, event string) []string {
	var rows, people []string
	for _, f := range a.p.ix.fields {
		if f.kind != "text" || f.values == nil || f.values.Len() < 2 || f.values.Len() > mostKinds {
			continue
		}
		id := syntax.Quote(f.name)
		held := m.Formula
		if f.event != "" {
			id, held = syntax.Quote(f.event)+"."+id, m.Where
		}
		if strings.Contains(held, syntax.Quote(f.name)) || strings.Join(m.GroupBy, " ") == id {
			continue
		}
		switch f.event {
		case "":
			people = append(people, id)
		case event:
			rows = append(rows, id)
		}
	}
	if len(rows) > 0 && len(people) > 0 {
		return append([]string{rows[0]}, people...)
	}
	return append(rows, people...)
}

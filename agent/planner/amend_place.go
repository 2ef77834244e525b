package planner

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"tesela/agent/model"
	"tesela/segment/syntax"
	"tesela/tools"
)

// place takes one row of what was just shown: a group of a breakdown, a
// customer of a list.
func (a *amending) place() ([]model.Call, *model.Decision) {
	rows := a.toList()
	n := -1
	for name := range a.said.spans {
		if k, ok := strings.CutPrefix(name, "#"); ok { // see placeSpan
			n, _ = strconv.Atoi(k)
		}
	}
	switch {
	case len(rows) == 0:
		return nil, nil
	case n < 0 && len(rows) == 1: // "why that one?"
		n = 1
	case n < 0:
		return nil, nil
	case n == 0:
		n = len(rows)
	}
	if n > len(rows) {
		d := a.asks(model.NoSuchChoice)
		d.Params = map[string]string{"n": strconv.Itoa(len(rows))}
		return nil, d
	}
	row := rows[n-1]
	switch a.last.Name {
	case "list_customers":
		var l tools.ListCustomersArgs
		if json.Unmarshal(a.last.Args, &l) != nil || len(row) != 1 {
			return nil, nil
		}
		args := tools.ExplainCustomerArgs{Customer: row[0]}
		if a.said.kind == "why_place" {
			args.Formula = groupOf(a.last)
		}
		return a.one("explain_customer", args)
	case "measure":
		var m tools.MeasureArgs
		if a.said.kind == "why_place" || json.Unmarshal(a.last.Args, &m) != nil || m.Per != "" || len(m.GroupBy) == 0 || len(row) != len(m.GroupBy) {
			return nil, nil
		}
		for i, g := range m.GroupBy {
			if !a.only(&m, g, row[i]) {
				return nil, nil
			}
		}
		m.GroupBy, m.Top, m.Order, m.Shares = nil, 0, "", false
		return a.one("measure", m)
	}
	return nil, nil
}

// placeSpan is the part of a form that names the n-th row; 0 is the last.
func placeSpan(n int) string { return "#" + strconv.Itoa(n) }

// only holds a measure to one value of what it was broken down by.
func (a *amending) only(m *tools.MeasureArgs, field, value string) bool {
	if value == "" {
		return false // those without one
	}
	event, name, of := strings.Cut(field, ".")
	if !of {
		event, name = "", field
	}
	kind := ""
	for _, f := range a.p.ix.fields {
		if f.event == event && f.name == name {
			kind = f.kind
		}
	}
	if event == "" && kind == "" && !isLayerName(field) {
		return false
	}
	var v syntax.Value
	switch kind {
	case "text", "":
		v = &syntax.Text{Value: value}
	case "number":
		v = literal(value)
	case "bool":
		v = &syntax.Bool{Value: value == "true"}
	default:
		return false
	}
	c := &syntax.Compare{Left: &syntax.Name{Name: name}, Op: syntax.Eq, Right: v}
	if event == "" {
		m.Formula = replaceTrait(parseOr(m.Formula), c).String()
		return true
	}
	if m.Where == "" {
		m.Where = c.String()
		return true
	}
	w, err := syntax.ParseFilter(m.Where)
	if err != nil {
		return false
	}
	m.Where = replaceTrait(w, c).String()
	return true
}

func isLayerName(name string) bool {
	for _, l := range layerNames {
		if l == name {
			return true
		}
	}
	return false
}

// toList goes back to the last answer that showed rows, where those since told
// of one customer only, and gives what its rows were of, in their order.
func (a *amending) toList() [][]string {
	for _, t := range slices.Backward(a.turns) {
		calls := t.calls()
		if len(calls) == 0 {
			return nil
		}
		last := calls[len(calls)-1]
		if last.Name == "explain_customer" {
			continue
		}
		a.last = last
		for _, m := range slices.Backward(t.messages) {
			if m.Role == model.ToolRole && len(m.Shown) > 0 {
				return m.Shown
			}
		}
		return nil
	}
	return nil
}

// listWith lists the group just told of with some of what is known of each.
func (a *amending) listWith() ([]model.Call, *model.Decision) {
	formula := groupOf(a.last)
	if formula == "" {
		return nil, nil
	}
	var names []string
	ok := false
	text := a.said.slot("who")
	for _, text := range []string{text, strings.ReplaceAll(text, "-", "")} { // "e-mails" are "emails"
		toks := tokenize(text)
		o := &ordering{
			p: a.p, ctx: a.ctx, r: a.r, q: a.q, question: text, toks: toks, lang: a.said.lang,
			found: found{form: orderForm{parts: []string{"fields"}}, spans: map[string][2]int{"fields": {0, len(toks)}}},
		}
		if names, ok = o.fields(); ok || o.err != nil {
			a.err = o.err
			break
		}
	}
	if _, theirs := a.said.spans["their"]; !ok && theirs && a.err == nil {
		return nil, unknownText(a.lang, text) // what is theirs is no condition
	}
	if !ok || a.err != nil {
		return nil, nil
	}
	l := tools.ListCustomersArgs{Formula: formula}
	if a.last.Name == "list_customers" && json.Unmarshal(a.last.Args, &l) != nil {
		return nil, nil
	}
	for _, name := range names {
		if !slices.Contains(l.With, name) {
			l.With = append(l.With, name)
		}
	}
	return a.one("list_customers", l)
}

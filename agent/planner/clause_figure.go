package planner

import (
	"fmt"
	"slices"
	"strings"

	"tesela/segment/syntax"
)

// figureOf is the one figure that each event of a kind has: its money, else
// its only number; -1 where there is none or no telling which.
func (p *parse) figureOf(event string) int {
	if sum := p.spendOf(event); sum != nil {
		return p.ix.find(event, sum.prop)
	}
	found := -1
	for i, f := range p.ix.fields {
		if f.event != event || f.kind != "number" && f.kind != "money" {
			continue
		}
		if found >= 0 {
			return -1
		}
		found = i
	}
	return found
}

// figureOfEvent is "the biggest order", "the average rating": a statistic of
// the one figure that each such event has. Several ("the biggest orders") are a
// list, and of events there is none.
func (p *parse) figureOfEvent(stat, b *node, fn string) []*node {
	c := b.clause
	if fn != "avg" && (p.manyOf(b) || stat.from > b.from) || p.tied(c.event) {
		return nil
	}
	fi := p.figureOf(c.event)
	if fi < 0 {
		return nil
	}
	f := p.ix.fields[fi]
	return one(&node{cat: cMeas, cost: 0.1, meas: &meas{
		event: c.event, where: c.where, win: c.win, ever: c.ever, figured: comparesFigure(c.where),
		exprs: []string{p.statOf(fn, f)},
	}})
}

// statOrAll is what a statistic of an event says: of people, a total over a
// figure tells which of them.
func (p *parse) statOrAll(stat, b *node) []*node {
	if all := p.inAll(stat, b); all != nil {
		return all
	}
	return p.statClause(stat, b)
}

// inAll is "players whose total bets are over 2,000": what each of them did
// comes to that, and no row need.
func (p *parse) inAll(stat, b *node) []*node {
	c := b.clause
	people := b
	if stat.from < b.from {
		people = stat
	}
	if stat.attr != "sum" || c.fn != "" || c.neg || c.qty != nil || len(c.where) == 0 || !p.people && !p.peopleBefore(people) {
		return nil
	}
	last := len(c.where) - 1
	than, is := c.where[last].(*syntax.Compare)
	sum := p.spendOf(c.event)
	if !is || sum == nil {
		return nil
	}
	name, named := than.Left.(*syntax.Name)
	n, plain := than.Right.(*syntax.Number)
	if !named || !plain || name.Name != sum.prop {
		return nil
	}
	x := c.with(func(d *clause) {
		d.fn, d.prop, d.where = syntax.Sum, sum.prop, c.where[:last:last]
		d.qty = &qty{op: than.Op, lo: n.String(), unit: "money"}
	})
	return one(&node{cat: cClause, clause: x, cost: -0.25})
}

// sumOfEach is "players whose total amount of bets is over 2,000": the measure's
// figure of each of them.
func (p *parse) sumOfEach(a, b *node) []*node {
	m, q := a.meas, b.qty
	if len(m.exprs) != 1 || m.event == "" || len(m.base) > 0 || m.of != nil || m.mean || m.figured || q.op == "" && !q.isHi ||
		q.unit != "" && q.unit != "money" || !p.people && !p.peopleBefore(a) {
		return nil
	}
	sum := p.spendOf(m.event)
	if sum == nil || m.exprs[0] != p.sumMeasure(m.event, sum.prop) {
		return nil
	}
	each := &clause{event: m.event, fn: syntax.Sum, prop: sum.prop, where: m.where, win: m.win, ever: m.ever, qty: q}
	return one(&node{cat: cClause, clause: each, cost: -0.1})
}

// manyOf tells whether the last word that names an event is a plural.
func (p *parse) manyOf(n *node) bool {
	w := p.toks[n.to-1].folded
	return len(w) > 3 && w[len(w)-1] == 's'
}

// statOf is a statistic of a property as a measure, by its name where it has
// one: the average amount of purchases is that of an order.
func (p *parse) statOf(fn string, f field) string {
	if fn == "avg" && p.sumMeasure(f.event, f.name) == "gross_revenue" {
		return "aov"
	}
	return fmt.Sprintf("%s(%s.%s)", fn, syntax.Quote(f.event), syntax.Quote(f.name))
}

// statField is "average age", "median order amount".
func (p *parse) statField(a, b *node) []*node {
	fi := p.preferred(b.fields)
	f := p.ix.fields[fi]
	counted := func(i int) bool { return p.toks[i].kind == tokNumber || p.numberAt(i) }
	if !f.isNumber() || slices.ContainsFunc(indices(min(a.from, b.from), max(a.to, b.to)), counted) {
		return nil // "a minimum of two kids" is no statistic
	}
	if a.attr == meanCount {
		a = &node{attr: "mean"}
	}
	name := syntax.Quote(f.name)
	if f.event == "" {
		return one(&node{cat: cMeas, meas: &meas{exprs: []string{fmt.Sprintf("per_customer(%s, %s)", name, a.attr)}}})
	}
	fn := map[string]string{"mean": "avg", "sum": "sum", "min": "min", "max": "max"}[a.attr]
	if a.attr == "median" { // of what: "per customer" says
		out := p.ofEachStat(&node{meas: &meas{event: f.event, exprs: []string{fmt.Sprintf("sum(%s.%s)", syntax.Quote(f.event), name)}}}, a.attr)
		for _, n := range out {
			n.meas.mean = true
		}
		return out
	}
	if fn == "" {
		return nil
	}
	// The money of an order of several rows is that of a row, not the order's.
	if f.kind == "money" && p.tied(f.event) && fn != "sum" {
		if fn != "avg" {
			return nil
		}
		mean := fmt.Sprintf("sum(%s.%s) / count(%s)", syntax.Quote(f.event), name, syntax.Quote(f.event)) // "average discount"
		if p.statOf(fn, f) == "aov" {
			mean = "aov"
		}
		return one(&node{cat: cMeas, meas: &meas{event: f.event, exprs: []string{mean}}})
	}
	if fn == "sum" {
		return one(&node{cat: cMeas, meas: &meas{event: f.event, exprs: []string{p.sumMeasure(f.event, f.name)}}})
	}
	return one(&node{cat: cMeas, meas: &meas{event: f.event, exprs: []string{p.statOf(fn, f)}}})
}

// cStatOf is a statistic of a figure that several events have: of which of them
// is still to be told.
const cStatOf cat = "stat of"

// statAlone is "average value", of what is named behind it.
func (p *parse) statAlone(stat, field *node) []*node {
	if len(field.fields) < 2 || stat.attr == "sum" {
		return nil
	}
	return one(&node{cat: cStatOf, fields: field.fields, attr: stat.attr, cost: 0.02})
}

// statOfEvent is "el valor medio de los presupuestos perdidos": of what is named
// behind the average, which need not be a purchase.
func (p *parse) statOfEvent(a, b *node) []*node {
	c := b.clause
	if !plainThing(c) {
		return nil
	}
	bare := *b
	bare.clause = &clause{event: c.event}
	var out []*node
	for _, f := range p.fieldOf(&bare, &node{cat: cField, fields: a.fields, from: a.from, to: a.to}) {
		for _, n := range p.statField(&node{attr: a.attr}, f) {
			m := *n.meas
			m.where, m.win, m.ever, m.figured = c.where, c.win, c.ever, comparesFigure(c.where)
			out = append(out, &node{cat: cMeas, meas: &m, cost: 0.03})
		}
	}
	return out
}

// worthOf is the money of the things that a measure counts, or the measure
// itself where it is money already; "" for another.
func (p *parse) worthOf(measure string) string {
	switch measure {
	case "revenue", "gross_revenue", "refunds":
		return measure
	case "orders":
		return "revenue"
	}
	inside, counted := strings.CutPrefix(measure, "events(")
	event := strings.Trim(strings.TrimSuffix(inside, ")"), "`")
	sum := p.spendOf(event)
	if !counted || sum == nil {
		return ""
	}
	return p.sumMeasure(event, sum.prop)
}

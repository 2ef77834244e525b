package planner

import (
	"fmt"
	"strings"

	"tesela/segment/syntax"
)

// The categories of figures that are asked for beside others, while they are
// read.
const (
	cCountDoers cat = "count doers" // "how many opened it"
	cDoersOf    cat = "doers of"    // "per invoiced …"
	cCounted    cat = "count customers"
	cPerPerson  cat = "per_customer"
)

// figureRules read two figures in one question ("how many orders, and how many
// customers placed them"), and what is told apart by how many people did it.
func figureRules() map[pair]rule {
	return map[pair]rule{
		{"distinct", cCust}:    func(_ *parse, _, b *node) []*node { return again(b, 0.02) }, // customers are
		{cCounted, cClause}:    func(_ *parse, _, b *node) []*node { return countDoers(b) },
		{"ask_count", cClause}: func(_ *parse, _, b *node) []*node { return countDoers(b) },
		{cPart, cCounted}:      func(p *parse, a, _ *node) []*node { return p.alsoDoers(a, "") },
		{cPart, cCountDoers}:   func(p *parse, a, b *node) []*node { return p.alsoDoers(a, b.clause.event) },
		{cPart, cByPeople}: func(p *parse, a, b *node) []*node { // "… and by how many members"
			if b.clause != nil {
				return nil
			}
			return p.alsoDoers(a, "")
		},
		{"among", cRank}: func(_ *parse, _, b *node) []*node { return again(b, 0.02) }, // "among the 20 with most …"
		{cNum, "most_common"}: func(_ *parse, a, b *node) []*node {
			if !ranks(a.num) {
				return nil
			}
			return one(&node{cat: b.cat, attr: b.attr, num: a.num})
		},
		{cNum, "best_selling"}: func(_ *parse, a, b *node) []*node {
			if !ranks(a.num) {
				return nil
			}
			return one(&node{cat: b.cat, attr: b.attr, num: a.num})
		},
		{"ties_with", "ordinals"}:  func(_ *parse, _, _ *node) []*node { return one(&node{cat: "ties"}) },
		{"ties", "included_after"}: func(_ *parse, _, _ *node) []*node { return one(&node{cat: "ties"}) },

		{"so_much", cClause}: func(p *parse, _, b *node) []*node { return p.allOf(b.clause) },
		{cField, cWin}: func(p *parse, a, b *node) []*node { // "amount deposited in May"
			f := p.ix.fields[p.preferred(a.fields)]
			if f.event == "" || f.kind != "money" || a.num != nil {
				return nil
			}
			return measureWindow(&node{meas: &meas{event: f.event, exprs: []string{p.sumMeasure(f.event, f.name)}}}, b, 0.1)
		},

		{"by", cClause}: func(p *parse, _, b *node) []*node { // "per invoiced account"
			if !isDoing(b.clause) || p.thingToo(b) {
				return nil
			}
			return one(&node{cat: cDoersOf, clause: b.clause})
		},
		{cDoersOf, cCust}: func(p *parse, a, b *node) []*node {
			if p.core(b) > a.to {
				return nil // "per order the customers spend" is for each order
			}
			return one(&node{cat: cPerPerson, clause: a.clause, cost: 0.02})
		},
		{cPerPerson, cClause}: func(p *parse, a, b *node) []*node { // "per account that was invoiced"
			if a.clause != nil || !isDoing(b.clause) || !p.inRelative(b) && !p.participle(p.core(b)) {
				return nil // "how much does each player bet" is no kind of player
			}
			return one(&node{cat: cPerPerson, clause: b.clause, cost: 0.02})
		},
	}
}

// again is a node once more, in a longer span.
func again(n *node, cost float64) []*node {
	x := *n
	x.cost = cost
	return one(&x)
}

// isDoing tells whether a clause says only that something was done, maybe in a
// time.
func isDoing(c *clause) bool {
	return c.verb && !c.neg && c.qty == nil && len(c.where) == 0 && (c.fn == "" || c.fn == syntax.Sum) && !c.person && !c.it && !c.same
}

// countDoers is "how many opened it" beside another figure: once or more.
func countDoers(b *node) []*node {
	c := b.clause
	if q := c.qty; q != nil && q.op == syntax.Ge && q.lo == "1" {
		c = c.with(func(d *clause) { d.qty = nil })
	}
	if !isDoing(c) {
		return nil
	}
	return one(&node{cat: cCountDoers, clause: c})
}

// alsoDoers is a number of events, and of how many people they are.
func (p *parse) alsoDoers(a *node, event string) []*node {
	m := a.left.meas
	if c := a.left.clause; a.left.cat == cClause && !c.verb && !c.neg && c.qty == nil && c.fn == "" {
		m = p.eventMeasure(c)
	}
	if m == nil || a.joiner == "or" || a.joiner == "versus" || m.event == "" || m.of != nil || event != "" && event != m.event {
		return nil
	}
	x := *m
	x.exprs = append(m.exprs[:len(m.exprs):len(m.exprs)], doersOf(m.event))
	return one(&node{cat: cMeas, meas: &x})
}

// allOf is "lo depositado": all the money of what was done.
func (p *parse) allOf(c *clause) []*node {
	if !isDoing(c) {
		return nil
	}
	expr := p.moneyMeasure(c.event)
	if c.fn == syntax.Sum {
		expr = p.sumMeasure(c.event, c.prop)
	}
	if expr == "" {
		return nil
	}
	return one(&node{cat: cMeas, meas: &meas{event: c.event, win: c.win, ever: c.ever, exprs: []string{expr}}, cost: 0.03})
}

// callOf is what a measure of all adds up of each customer; nil for measures
// that are no sum or number of something.
func (p *parse) callOf(expr string) *syntax.Call {
	purchase := p.ix.role("purchase")
	switch expr {
	case "revenue", "gross_revenue", "revenue_per_buyer":
		c, _ := p.spendValue().(*syntax.Call)
		return c
	case "orders", "orders_per_buyer":
		if purchase == "" {
			return nil
		}
		return &syntax.Call{Fn: syntax.Count, Event: purchase}
	case "refunds":
		return p.moneyOf(&clause{event: p.ix.role("refund")})
	case "items":
		if fi := p.ix.quantity(); fi >= 0 {
			return &syntax.Call{Fn: syntax.Sum, Event: p.ix.fields[fi].event, Property: p.ix.fields[fi].name}
		}
	}
	v, err := syntax.ParseMeasure(expr)
	if err != nil {
		return nil
	}
	c, ok := v.(*syntax.Call)
	if ok && (c.Fn == syntax.Sum || c.Fn == syntax.Count || c.Fn == syntax.Distinct) {
		return c
	}
	if event, found := strings.CutPrefix(expr, "events("); found {
		return &syntax.Call{Fn: syntax.Count, Event: strings.Trim(strings.TrimSuffix(event, ")"), "`")}
	}
	return nil
}

// ofEachStat is a statistic over customers of what a measure comes to for each
// of them who did it at all.
func (p *parse) ofEachStat(b *node, stat string) []*node {
	m := b.meas
	if len(m.exprs) != 1 || m.of != nil || m.figured {
		return nil
	}
	call := p.callOf(m.exprs[0])
	if call == nil {
		return nil
	}
	if len(m.where) > 0 {
		call.Where = syntax.All(m.where...)
	}
	call.Window = m.win
	base := &syntax.Compare{Left: &syntax.Call{Fn: syntax.Count, Event: call.Event, Where: call.Where, Window: m.win}, Op: syntax.Ge, Right: number(1)}
	return one(&node{
		cat: cMeas, cost: 0.03, assume: []assumption{{"only_doers", map[string]string{"event": call.Event}}},
		meas: &meas{
			base: append([]syntax.Formula{base}, m.base...), of: call, stat: stat, win: m.win, ever: m.ever,
			exprs: []string{fmt.Sprintf("per_customer(%s, %s)", call, stat)},
		},
	})
}

// spentOn is "spent over 500 on extras": the money of what it was spent on,
// where that has money of its own; nil for other pairs.
func (p *parse) spentOn(x, y *clause) *node {
	if x.fn != syntax.Sum || !x.verb || x.event == y.event || y.verb || y.neg || y.qty != nil || y.fn != "" || y.person || len(x.where) > 0 || x.win != nil && y.win != nil {
		return nil
	}
	if x.event == p.ix.role("refund") { // "returned over 50 euros in products"
		if !p.isPurchase(y.event) || len(y.where) > 0 || y.win != nil {
			return nil
		}
		return &node{cat: cClause, clause: x, cost: 0.05}
	}
	sum := p.spendOf(y.event)
	if sum == nil || y.event == p.ix.role("refund") {
		return nil
	}
	c := x.with(func(d *clause) {
		d.event, d.prop, d.where = y.event, sum.prop, append(d.where, y.where...)
		if d.win == nil {
			d.win, d.ever = y.win, d.ever || y.ever
		}
	})
	return &node{cat: cClause, clause: c, cost: 0.05}
}

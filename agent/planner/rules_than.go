package planner

import (
	"slices"

	"tesela/segment/syntax"
)

// The categories of a comparison of two things that a customer did, while it is
// read: "withdrew more … than … deposited".
const (
	cMoreThings cat = "more things"      // "more bets", "spent more": the left side and how it compares
	cThingsThan cat = "more things than" // the right side is to come
)

// thanRules compare two values of one customer: "more visits than orders",
// "refunded at least twice what they paid". One thing in two times stands in
// moreRules.
func thanRules() map[pair]rule {
	m := map[pair]rule{
		{cClause, "factor"}: func(_ *parse, a, b *node) []*node { // "withdrew twice what …"
			return moreThan(a, ">=", b.attr)
		},
		{cThingsThan, "factor"}: func(_ *parse, a, b *node) []*node { // "withdrew more than twice what …"
			if a.text != "" {
				return nil
			}
			x := *a
			x.cost, x.text = 0, b.attr
			return one(&x)
		},
		{cClause, "as_much"}: func(_ *parse, a, b *node) []*node { return moreThan(a, b.attr, "") },
		{cClause, "compare"}: func(_ *parse, a, b *node) []*node { // "withdrew more than they …"
			if b.attr == "=" {
				return nil
			}
			return moreThan(a, b.attr, "")
		},
		{cMoreThings, cWin}: func(_ *parse, a, b *node) []*node {
			if a.clause.win != nil || a.clause.ever || b.win == nil {
				return nil
			}
			x := *a
			x.cost, x.clause = 0, a.clause.with(func(c *clause) { c.win = b.win })
			return one(&x)
		},
		{cMoreThings, "than"}: func(_ *parse, a, _ *node) []*node {
			x := *a
			x.cat, x.cost = cThingsThan, 0
			return one(&x)
		},
		{cThingsThan, "than"}: func(_ *parse, a, _ *node) []*node { // "twice" "what"
			x := *a
			x.cost = 0
			return one(&x)
		},
		{cThingsThan, cClause}: func(p *parse, a, b *node) []*node {
			if p.opensWithFigure(b) {
				return nil // "paid more than 500 euros in invoices" compares with a figure
			}
			return p.thanClause(a, b.clause)
		},
		{cCond, "compare_after"}: func(_ *parse, a, b *node) []*node { // "as much as they paid, or more"
			if a.attr != "as much" || b.attr != ">=" {
				return nil
			}
			x := *a
			x.cost = 0
			return one(&x)
		},
	}
	for word, op := range map[cat]string{"ask_most": ">", "ask_least": "<", "more": "", "more_often": ""} {
		m[pair{cClause, word}] = func(p *parse, a, b *node) []*node { return p.moreDone(a, b, op) }
		m[pair{word, cClause}] = func(_ *parse, a, b *node) []*node { return moreThings(b, a, op) }
	}
	return m
}

// opensWithFigure tells whether a node begins with a number or money.
func (p *parse) opensWithFigure(n *node) bool {
	at := p.core(n)
	for j := at + 1; j <= n.to; j++ {
		if slices.ContainsFunc(p.cells[at][j], func(x *node) bool {
			return x.cat == cMoney || x.cat == cNum && x.cost < costFuzzy && p.toks[at].kind == tokNumber
		}) {
			return true
		}
	}
	return false
}

// moreDone opens "withdrew more than they deposited", of what is done.
func (p *parse) moreDone(a, b *node, op string) []*node {
	c := a.clause
	for _, n := range p.cells[p.core(b)][b.to] {
		if n.cat == "more_often" && b.cat != n.cat {
			return nil // that says more
		}
	}
	if c.qty != nil || c.neg || !c.verb || c.person {
		return nil
	}
	if op == "" {
		op = b.attr
	}
	n := &node{cat: cMoreThings, clause: c, attr: op, form: "done"}
	if b.cat == "more_often" {
		n.form = "things"
	}
	return one(n)
}

// moreThings opens "more visits than orders", of things.
func moreThings(a, b *node, op string) []*node {
	c := a.clause
	if c.qty != nil || c.neg || c.verb && !c.weak || c.fn != "" || b.cat == "more_often" {
		return nil
	}
	if op == "" {
		op = b.attr
	}
	return one(&node{cat: cMoreThings, clause: c, attr: op, form: "things"})
}

// moreThan is the left side of a comparison whose words hold the "than".
func moreThan(a *node, op, factor string) []*node {
	c := a.clause
	if c.qty != nil || c.neg || !c.verb || c.person {
		return nil
	}
	return one(&node{cat: cThingsThan, clause: c, attr: op, text: factor, form: "done", cost: 0.02})
}

// thanClause compares with another thing done: money with money where both are
// said to be done, else how often. A time said once, at the end, is of both.
func (p *parse) thanClause(a *node, y *clause) []*node {
	x := a.clause
	if y.qty != nil || y.neg || y.person || y.it || y.same || x.win != nil && y.win == nil || x.ever != y.ever && x.win != nil {
		return nil
	}
	if a.form == "things" && y.verb && !y.weak && y.fn == "" && y.event == x.event {
		return nil
	}
	if x.win == nil && y.win != nil {
		x = x.with(func(c *clause) { c.win = y.win })
	}
	left, right := windowCall(x, x.win), windowCall(y, y.win)
	if a.form == "done" && (y.verb || y.fn == syntax.Sum) {
		if l, r := p.moneyOf(x), p.moneyOf(y); l != nil && r != nil {
			left, right = l, r
		}
	}
	if left.Fn != right.Fn || syntax.Equal(left, right) {
		return nil // money is not compared with times
	}
	return one(p.thanCond(a, left, right))
}

// thanCond is the comparison; who did the one as much as the other did it.
func (p *parse) thanCond(a *node, left, right *syntax.Call) *node {
	var other syntax.Value = right
	if a.text != "" {
		other = &syntax.Arith{Op: '*', Left: literal(a.text), Right: right}
	}
	var f syntax.Formula = &syntax.Compare{Left: left, Op: syntax.Op(a.attr), Right: other}
	n := condNode(f)
	if a.attr == ">=" { // nobody says so of those who did neither
		did := &syntax.Call{Fn: syntax.Count, Event: left.Event, Where: left.Where, Window: left.Window}
		n.cond = syntax.All(&syntax.Compare{Left: did, Op: syntax.Ge, Right: number(1)}, f)
		n.attr, n.simple = "as much", false
	}
	return n
}

// moneyOf is the money of what is done, in its time; nil where it has none.
func (p *parse) moneyOf(c *clause) *syntax.Call {
	sum := p.spendOf(c.event)
	if sum == nil || c.fn != "" && c.fn != syntax.Sum {
		return nil
	}
	prop := sum.prop
	if c.fn == syntax.Sum {
		prop = c.prop
	}
	return &syntax.Call{Fn: syntax.Sum, Event: c.event, Property: prop, Where: whereOf(c), Window: c.win}
}

package planner

import (
	"tesela/segment/syntax"
)

// clauseQty puts a figure to a clause. After a verb a figure counts times or,
// for money, adds up; before a noun it counts.
func (p *parse) clauseQty(a *node, q *qty, after bool) []*node {
	if list := p.scored(a, q); after && list != nil {
		return list
	}
	c := a.clause
	who := p.doneByWho(p.core(a))
	weak := c.weak && !who
	if q == nil || c.qty != nil || q.unit == "percent" || !c.verb && who || after && c.verb && c.fn == "" && p.maybeYear(q) ||
		c.person && q.unit != "times" && q.unit != "money" { // "depositors over 40" did not do so 40 times
		return nil
	}
	if q.op == syntax.Eq && q.lo == "1" && comparesFigure(c.where) {
		return nil // "a single deposit of 300": one of that size, or one in all
	}
	if sum := p.spendOf(c.event); after && sum != nil && c.fn == "" && c.event == p.ix.role("purchase") && (q.unit == "money" || q.unit == "" && q.op != "" && sizable(q)) && p.ourDeed(a) {
		// "whom we invoiced over 5,000": them all
		return one(&node{cat: cClause, cost: 0.1, clause: c.with(func(d *clause) { d.fn, d.prop, d.qty, d.verb = syntax.Sum, sum.prop, q, true })})
	}
	cost := 0.0
	switch {
	case c.fn == syntax.Sum:
		if q.unit == "times" {
			return nil
		}
		if q.op == "" && q.unit != "money" && !q.isHi {
			return nil
		}
		if !after {
			cost = 0.05
		}
	case q.unit == "money":
		// "orders over 50 euros" speaks of each order, "bought for over 50
		// euros" of them all.
		if !c.verb || after && p.saysThing(a) {
			return p.rowAmount(a, q)
		}
		sum := p.spendOf(c.event)
		if sum == nil || c.fn != "" || weak || !after {
			return nil
		}
		x := c.with(func(d *clause) { d.fn, d.prop, d.qty = syntax.Sum, sum.prop, q })
		return one(&node{cat: cClause, clause: x, cost: 0.1})
	case after && !c.verb && (q.op == "" || q.isHi):
		return nil // "orders of 3 to 15 March" counts no orders
	case after && (!c.verb || weak || q.op != "" && p.spendOf(c.event) != nil && p.saysThing(a)) && q.unit == "":
		return p.rowAmount(a, q) // "orders above 1000" speaks of each
	case !after && c.verb && q.unit != "times":
		return nil // "over 40 who have bet" is no number of bets
	}
	x := c.with(func(d *clause) { d.qty = q })
	if sum := p.spendOf(c.event); sum != nil && after && c.verb && c.fn == "" && q.unit == "" && (q.op != "" || q.isHi) && (!p.numbered(c.event) || hugeCount(q)) {
		money := one(&node{cat: cClause, cost: cost, clause: c.with(func(d *clause) { d.fn, d.prop, d.qty = syntax.Sum, sum.prop, q })})
		switch {
		case p.saysMoney(a) && !p.numbered(c.event): // "deposited over 100"
			return money
		case sizable(q):
			return append(money, &node{cat: cClause, clause: x, cost: cost})
		}
	}
	return one(&node{cat: cClause, clause: x, cost: cost})
}

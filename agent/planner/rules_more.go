package planner

import "tesela/segment/syntax"

// The categories of a comparison of two times.
const (
	cMoreClause cat = "more clause"
	cMoreThan   cat = "more clause than"
)

// moreRules read what people did more of in one time than in another: "spent
// more in 2025 than in 2024", "logged in less often this month than last".
func moreRules() map[pair]rule {
	open := func(op string) rule { return func(p *parse, a, _ *node) []*node { return p.moreClause(a, op, false) } }
	return map[pair]rule{
		{cClause, "ask_most"}:   open(">"),
		{cClause, "ask_least"}:  open("<"),
		{cClause, "more"}:       func(p *parse, a, b *node) []*node { return p.moreClause(a, b.attr, false) },
		{cClause, "more_often"}: func(p *parse, a, b *node) []*node { return p.moreClause(a, b.attr, true) },
		{"more", cClause}: func(p *parse, a, b *node) []*node { // "placed more orders"
			if b.clause.verb || b.from < p.core(b) && p.says(p.core(b)-1, "inside") {
				return nil // "spent more in bookings" is no number of them
			}
			x := *b
			x.clause = b.clause.with(func(c *clause) { c.verb = true })
			out := p.moreClause(&x, a.attr, true)
			for _, n := range out {
				n.form = "things"
			}
			return out
		},
		{cClause, cMoreClause}: func(_ *parse, a, b *node) []*node { // "placed" before "more orders"
			if !a.clause.verb || a.clause.event != b.clause.event || a.clause.qualified || b.win != nil {
				return nil
			}
			return one(&node{cat: cMoreClause, clause: b.clause, attr: b.attr, cost: 0.05})
		},
		{cMoreClause, cClause}: func(p *parse, a, b *node) []*node { // "spent more on bookings in May"
			if a.clause.fn == "" || !plainThing(b.clause) || a.win != nil && b.clause.win != nil {
				return nil
			}
			on, win := a.clause, a.win
			if b.clause.win != nil {
				win = b.clause.win
			}
			if b.clause.event != on.event {
				n := p.spentOn(on, b.clause.with(func(c *clause) { c.win = nil }))
				if n == nil {
					return nil
				}
				on = n.clause
			}
			return one(&node{cat: cMoreClause, clause: on, attr: a.attr, form: a.form, win: win, cost: 0.05})
		},
		{cMoreClause, cWin}: func(_ *parse, a, b *node) []*node {
			if a.win != nil || b.win == nil {
				return nil
			}
			return one(&node{cat: cMoreClause, clause: a.clause, attr: a.attr, form: a.form, win: b.win})
		},
		{cMoreClause, "than"}: func(_ *parse, a, _ *node) []*node {
			if a.win == nil {
				return nil
			}
			return one(&node{cat: cMoreThan, clause: a.clause, attr: a.attr, form: a.form, win: a.win})
		},
		{cMoreThan, cWin}: func(p *parse, a, b *node) []*node {
			if b.win == nil {
				return nil
			}
			n := condNode(&syntax.Compare{Left: windowCall(a.clause, a.win), Op: syntax.Op(a.attr), Right: windowCall(a.clause, beforeThat(a.win, b.win))})
			if a.form == "things" && !p.people && !p.peopleBefore(a) {
				n.cost += 0.6 // "did we get more orders in May than in June" is of nobody in particular
			}
			return one(n)
		},
	}
}

// moreClause opens "spent more in 2025 than in 2024". Who paid more did so more
// often, or more money, where times are not spoken of.
func (p *parse) moreClause(a *node, op string, times bool) []*node {
	c := a.clause
	if c.qty != nil || c.neg || !c.verb || times && c.fn != "" {
		return nil
	}
	win := c.win
	if win != nil { // "spent this year more than last"
		c = c.with(func(d *clause) { d.win = nil })
	}
	out := one(&node{cat: cMoreClause, clause: c, attr: op, win: win})
	if sum := p.spendOf(c.event); sum != nil && !times && c.fn == "" && c.event == p.ix.role("purchase") && !p.tied(c.event) {
		out = append(out, &node{cat: cMoreClause, attr: op, win: win, clause: c.with(func(d *clause) { d.fn, d.prop = syntax.Sum, sum.prop })})
	}
	return out
}

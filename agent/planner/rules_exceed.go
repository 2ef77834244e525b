package planner

import (
	"slices"

	"tesela/segment/syntax"
)

// cTheirs is the left side of a comparison of two figures that each customer has:
// "whose withdrawals exceed …", with the word that compares.
const cTheirs cat = "their figure than"

// How the left side was said: as a figure by its name ("total withdrawals", "number
// of bets"), or as things, of which money is meant where they have any.
const (
	figureForm = "figure"
	thingsForm = "things"
)

// exceedRules compare two figures of one customer where nouns say them, "players
// whose winnings exceed their stakes", or one of two times, "whose spend this year
// is higher than last year's"; and money with money, "deposited more money this
// year than last".
func exceedRules() map[pair]rule {
	m := map[pair]rule{
		{cTheirs, "than"}: func(_ *parse, a, _ *node) []*node { return again(a, 0) },
		{cTheirs, cClause}: func(p *parse, a, b *node) []*node {
			if c := b.clause; c.neg || c.person || c.qty != nil || c.it || c.same || p.opensWithFigure(b) {
				return nil
			}
			return p.exceed(a, b.clause, thingsForm)
		},
		{cTheirs, cMeas}: func(p *parse, a, b *node) []*node {
			c := p.ofEachOne(b)
			if c == nil || p.opensWithFigure(b) || p.saysTotal(b) && c.fn == "" {
				return nil
			}
			return p.exceed(a, c, figureForm)
		},
		{cTheirs, cWin}: func(_ *parse, a, b *node) []*node {
			if a.clause.win == nil || b.win == nil {
				return nil
			}
			return otherTime(a, beforeThat(a.clause.win, b.win))
		},
		{cTheirs, "year_earlier"}: func(p *parse, a, _ *node) []*node { return otherTime(a, p.yearEarlier(a.clause.win)) },
		{cTheirs, cTimeBefore}: func(_ *parse, a, b *node) []*node {
			if a.clause.win == nil {
				return nil
			}
			return otherTime(a, preceding(a.clause.win, b.dur))
		},
		{cClause, "more_money"}: func(p *parse, a, b *node) []*node { return p.moreMoney(a, b.attr) },
		{"more_money", cClause}: func(p *parse, a, b *node) []*node { return p.moreMoney(b, a.attr) },
		{"more", "currencies"}: func(_ *parse, a, _ *node) []*node { // "more euros than last year"
			return one(&node{cat: "more_money", attr: a.attr})
		},
	}
	m[pair{cTheirs, cField}] = func(p *parse, a, b *node) []*node {
		c := p.fieldAddedUp(b)
		if c == nil {
			return nil
		}
		return p.exceed(a, c, figureForm)
	}
	for _, word := range []cat{"compare", "exceeds"} {
		m[pair{cField, word}] = func(p *parse, a, b *node) []*node { // "whose winnings exceed …"
			c := p.fieldAddedUp(a)
			if c == nil || !p.ofWhom(a) {
				return nil
			}
			out := theirFigure(c, b.attr, figureForm)
			for _, n := range out {
				n.cost += 0.25 // things that are done come first
			}
			return out
		}
		m[pair{cMeas, word}] = func(p *parse, a, b *node) []*node {
			c := p.ofEachOne(a)
			if c == nil || !p.ofWhom(a) || p.saysTotal(a) && c.fn == "" {
				return nil // "total deposits" are money first
			}
			return theirFigure(c, b.attr, figureForm)
		}
		m[pair{cClause, word}] = func(p *parse, a, b *node) []*node {
			if c := a.clause; c.verb && !c.weak || c.fn != "" || c.neg || c.qty != nil || c.person || !p.ofWhom(a) || !p.manyOf(a) {
				return nil
			}
			return theirFigure(a.clause, b.attr, thingsForm)
		}
	}
	for _, word := range []cat{"calendar_last", "calendar_last_after", "prior"} {
		m[pair{cTheirs, word}] = func(p *parse, a, _ *node) []*node { return otherTime(a, p.prior(a.clause.win)) }
	}
	return m
}

func theirFigure(c *clause, op, form string) []*node {
	if op == string(syntax.Eq) {
		return nil
	}
	return one(&node{cat: cTheirs, clause: c, attr: op, form: form})
}

// ofWhom tells whether a figure is said to be that of people: "whose deposits",
// "with total deposits".
func (p *parse) ofWhom(n *node) bool {
	for k := max(0, n.from-1); k <= p.core(n) && k < n.to; k++ {
		if p.holdsOneOf(k, "relatives", "having", "is_set") {
			return true
		}
	}
	return false
}

// fieldAddedUp is a figure that rows of one event bear as what it comes to for each
// customer; nil for others.
func (p *parse) fieldAddedUp(n *node) *clause {
	if n.num != nil || !p.manyOf(n) {
		return nil
	}
	f := p.ix.fields[p.preferred(n.fields)]
	if f.event == "" || !f.isNumber() {
		return nil
	}
	return &clause{event: f.event, fn: syntax.Sum, prop: f.name}
}

// saysTotal tells whether what is done is said to be added up, where it has money.
func (p *parse) saysTotal(n *node) bool {
	return p.spendOf(n.meas.event) != nil && slices.ContainsFunc(indices(n.from, n.to), func(k int) bool {
		return slices.ContainsFunc(p.cells[k][k+1], func(x *node) bool {
			return (x.cat == "stats" || x.cat == "stats_after") && x.attr == "sum"
		})
	})
}

// ofEachOne is a measure that adds up as what each customer did; nil for others.
func (p *parse) ofEachOne(n *node) *clause {
	m := n.meas
	if len(m.exprs) != 1 || len(m.base) > 0 || m.of != nil || m.mean || m.figured || m.versus != nil || m.ever {
		return nil
	}
	call := p.callOf(m.exprs[0])
	if call == nil || call.Window != nil || call.Fn == syntax.Distinct {
		return nil
	}
	c := &clause{event: call.Event, where: m.where, win: m.win}
	if call.Fn == syntax.Sum {
		c.fn, c.prop = syntax.Sum, call.Property
	}
	if call.Where != nil {
		c.where = append(c.where[:len(c.where):len(c.where)], call.Where)
	}
	return c
}

// exceed compares the left side with another: sums with sums and numbers with
// numbers. Things that were not said to be numbers are money where both have any.
// A time said once, at the end, is of both.
func (p *parse) exceed(a *node, y *clause, form string) []*node {
	x := a.clause
	if x.win != nil && y.win == nil {
		return nil
	}
	if x.win == nil && y.win != nil {
		x = x.with(func(c *clause) { c.win = y.win })
	}
	left, right := windowCall(x, x.win), windowCall(y, y.win)
	money := func(call *syntax.Call, c *clause, form string) *syntax.Call {
		if form == figureForm || c.fn != "" {
			return call
		}
		return p.moneyOf(c)
	}
	if l, r := money(left, x, a.form), money(right, y, form); l != nil && r != nil && l.Fn == r.Fn {
		left, right = l, r
	}
	if left.Fn != right.Fn || syntax.Equal(left, right) {
		return nil
	}
	return one(condNode(&syntax.Compare{Left: left, Op: syntax.Op(a.attr), Right: right}))
}

// otherTime compares a figure of one time with itself in another.
func otherTime(a *node, w *syntax.Window) []*node {
	x := a.clause
	if x.win == nil || w == nil {
		return nil
	}
	return one(condNode(&syntax.Compare{Left: windowCall(x, x.win), Op: syntax.Op(a.attr), Right: windowCall(x, w)}))
}

// moreMoney opens "deposited more money than they withdrew", and "… this year than
// last".
func (p *parse) moreMoney(a *node, op string) []*node {
	c := a.clause
	if c.qty != nil || c.neg || !c.verb || c.person {
		return nil
	}
	call := p.moneyOf(c)
	if call == nil {
		return nil
	}
	sum := c.with(func(d *clause) { d.fn, d.prop = syntax.Sum, call.Property })
	still := sum.with(func(d *clause) { d.win = nil })
	return []*node{
		{cat: cMoreThings, clause: sum, attr: op, form: "done", cost: -0.1},
		{cat: cMoreClause, clause: still, attr: op, win: c.win, cost: -0.1},
	}
}

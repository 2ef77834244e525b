package planner

import (
	"slices"

	"tesela/segment/syntax"
)

// smallRules read small words that say what a thing is about, and one of
// something that is compared behind it: "called about a renewal", "un pedido
// como mucho".
func smallRules() map[pair]rule {
	return map[pair]rule{
		{cClause, "in_one_go"}: func(p *parse, a, _ *node) []*node { return p.atOnce(a.clause) },
		{"in_one_go", cClause}: func(p *parse, _, b *node) []*node {
			if b.clause.verb && !b.clause.weak {
				return nil
			}
			return p.atOnce(b.clause)
		},
		{"topic", cVal}: func(_ *parse, _, b *node) []*node {
			x := *b
			x.cost = 0.02
			return one(&x)
		},
		{cClause, "compare_after"}: func(p *parse, a, b *node) []*node {
			c := a.clause
			if c.qty != nil || c.neg || c.verb && !c.weak || c.fn != "" || b.attr == "=" || !p.articleBefore(a) {
				return nil
			}
			return one(&node{cat: cClause, cost: -0.05, clause: c.with(func(d *clause) { d.qty = &qty{op: syntax.Op(b.attr), lo: "1"} })})
		},
	}
}

// articleBefore tells whether "a" or "one" stands right before what a node
// names.
func (p *parse) articleBefore(n *node) bool {
	k := p.core(n) - 1
	return k >= n.from && p.says(k, "articles")
}

// deniedPurpose tells whether something that was done stands right behind what
// was not, with nothing between them but small words: it is then what the
// first was for, and is denied with it.
func (p *parse) deniedPurpose(a, b *node) bool {
	if a.cat != cClause || b.cat != cClause || b.from != a.to || !a.clause.neg || b.clause.neg {
		return false
	}
	return a.clause.verb && (b.clause.verb || p.core(b) == b.from) && !b.clause.person && !p.had(b) && !p.relative(a.to, b) && !p.breaks(a.to, b)
}

// anotherRow tells whether one side of a "but" denies of a row what the other
// side says of one: "a car policy but not a home policy" denies the policy.
func anotherRow(last, c *clause) bool {
	if last == nil || c == nil || last.event != c.event || len(last.where) != 1 || len(c.where) != 1 || c.neg {
		return false
	}
	x, ok := last.where[0].(*syntax.Compare)
	y, is := c.where[0].(*syntax.Compare)
	return ok && is && x.Op == syntax.Eq && y.Op == syntax.Ne && syntax.Equal(x.Left, y.Left)
}

// atOnce is "spent over 100 in one go": one event of that size. Where an event
// has several rows its total is no property of a row.
func (p *parse) atOnce(c *clause) []*node {
	if sum := p.spendOf(c.event); c.fn == "" && c.qty == nil && !c.neg && sum != nil && slices.ContainsFunc(c.where, func(f syntax.Formula) bool { return traitOf(f) == sum.prop }) {
		return one(&node{cat: cClause, cost: -0.1, clause: c}) // "made a deposit over 300 in one go"
	}
	if c.fn != syntax.Sum || c.qty == nil || c.neg || p.tied(c.event) {
		return nil
	}
	f := c.qty.condition(&syntax.Name{Name: c.prop})
	return one(&node{cat: cClause, clause: c.with(func(d *clause) {
		d.fn, d.prop, d.qty, d.where = "", "", nil, append(d.where, f)
	})})
}

package planner

import "tesela/segment/syntax"

// againRules read what was done once more, or was not: "volvieron a apostar",
// "deposited again this year", "bought in May and not again".
func againRules() map[pair]rule {
	return map[pair]rule{
		{"again_before", cClause}: func(p *parse, _, b *node) []*node { return p.again(asDone(b)) },
		{"never_again", cClause}: func(p *parse, _, b *node) []*node { // "nunca más compraron"
			if b.clause.repeat {
				return negate(b)
			}
			var out []*node
			for _, n := range p.again(b) {
				if n.cat == cClause {
					out = append(out, negate(n)...)
				}
			}
			return out
		},
		{cClause, "again_after"}: func(p *parse, a, _ *node) []*node { return p.again(a) },
	}
}

// asDone is a statement of what only names a thing by itself: who "voltaram a
// reservar" did so, though "reservar" is a word of the reservations.
func asDone(n *node) *node {
	if n.clause.verb || !plainThing(n.clause) {
		return n
	}
	x := *n
	x.clause = n.clause.with(func(c *clause) { c.verb = true })
	return &x
}

// again is something done at least twice; in a time that is told, once before
// it and once in it. What is denied so was done once.
func (p *parse) again(n *node) []*node {
	c := n.clause
	if !c.verb || c.person || c.qty != nil || c.fn != "" || c.repeat || c.stopped || c.ever {
		return nil
	}
	if c.win == nil {
		return one(&node{cat: cClause, clause: c.with(func(d *clause) {
			d.repeat = true
			if !c.neg {
				d.qty = &qty{op: syntax.Ge, lo: "2"}
			}
		})})
	}
	before := p.upTo(c.win)
	if before == nil {
		return nil
	}
	was := c.with(func(d *clause) { d.neg, d.win = false, before })
	x := condNode(syntax.All(was.formula(), c.formula()))
	x.simple, x.last = false, c
	return one(x)
}

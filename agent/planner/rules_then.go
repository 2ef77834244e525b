package planner

import "tesela/segment/syntax"

// cValueSoon is what else was had, and how soon: "then bags within 30 days".
const cValueSoon cat = "value soon"

// thenRules read what was done next without its verb: "bought shoes and then
// bags", "compraron zapatos y luego bolsos en 30 días".
func thenRules() map[pair]rule {
	return map[pair]rule{
		{cThen, cVal}: func(p *parse, a, b *node) []*node {
			c := p.alikeOf(a.clause, b)
			if c == nil {
				return nil
			}
			out := one(condNode(cameAfter(a.clause, c)))
			out[0].cost, out[0].simple = plainGain, false
			return out
		},
		{cVal, cWithinDur}: func(_ *parse, a, b *node) []*node {
			if a.neg {
				return nil
			}
			return one(&node{cat: cValueSoon, vals: a.vals, text: a.text, dur: b.dur})
		},
		{cThen, cValueSoon}: func(p *parse, a, b *node) []*node { return follows(a.clause, p.alikeOf(a.clause, b), b.dur) },
	}
}

// alikeOf is the same done with another value of what it is of; nil where a value
// tells nothing of it, or the first was of nothing.
func (p *parse) alikeOf(c *clause, value *node) *clause {
	if c == nil || len(c.where) == 0 || value.neg {
		return nil
	}
	is := p.valueFilter(value, c.event)
	if is == nil {
		return nil
	}
	return c.with(func(d *clause) { d.where = []syntax.Formula{is} })
}

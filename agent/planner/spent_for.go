package planner

import "tesela/segment/syntax"

// spentFor is "spent over 30 on freight", of an event that has the money of it
// apart: that money, not the event's.
func (p *parse) spentFor(a, b *node) []*node {
	c := a.clause
	if !c.verb || c.person || b.num != nil || p.core(b) == b.from && b.from == a.to || p.breaks(a.to, b) || b.cost > costTranslate+costGlue {
		return nil // "on" has to say so
	}
	for _, fi := range b.fields {
		f := p.ix.fields[fi]
		if f.event != c.event || f.kind != "money" || f.name == c.prop || overlaps([]int{fi}, p.ix.concepts["amount"]) {
			continue
		}
		return one(&node{cat: cClause, cost: 0.02, clause: c.with(func(d *clause) { d.fn, d.prop = syntax.Sum, f.name })})
	}
	return nil
}

package planner

import "tesela/segment/syntax"

// againRules read what was done once more, or was not: "volvieron a apostar",
// "deposited again this year", "bought in May and not again".
func againRules() map[pair]rule {
	return map[pair]rule{
		{"again_before", cClause}: func(p *parse, _, b *node) []*node { return p.again(b) },
		{"never_again", cClause}: func(p *parse, _, b *node) []*node { // "nunca más compraron"
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
	x.simple = false
	return one(x)
}

// notAgain completes "and not again" with what stands before it: none since the
// time that was told of the first. Ok is false where that may mean several
// things.
func (p *parse) notAgain(last *clause, b *node) (*node, bool) {
	c := b.clause
	if b.cat != cClause || !c.repeat || !c.neg || c.win != nil || last == nil || last.event != c.event {
		return b, true
	}
	if last.win == nil || last.neg {
		return nil, false
	}
	_, end, ok := p.daysOfWindow(last.win)
	if !ok || !end.Before(p.asOf) {
		return nil, false
	}
	x := *b
	x.clause = c.with(func(d *clause) { d.win, d.repeat = p.sinceWindow(end).win, false })
	return &x, true
}

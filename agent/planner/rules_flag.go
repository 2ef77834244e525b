package planner

import (
	"slices"

	"tesela/segment/syntax"
)

// flagRules read what rows say yes or no to, where it is denied: "booked a
// class but did not attend" is of one booking; "did not attend" alone may be
// of some, or never.
func flagRules() map[pair]rule {
	return map[pair]rule{
		{"not", "row filter"}: func(p *parse, a, b *node) []*node {
			f := flipped(b.cond)
			if f == nil {
				return nil
			}
			none := &clause{event: b.text, verb: true, qualified: true, neg: true, where: []syntax.Formula{b.cond}}
			out := one(&node{cat: cClause, clause: none, cost: 0.05})
			if p.holdsPhrase(a, "not_ever") {
				return out
			}
			some := &clause{event: b.text, verb: true, qualified: true, where: []syntax.Formula{f}}
			return append(out, &node{cat: cClause, clause: some, cost: 0.05}, &node{cat: "row filter", text: b.text, cond: f, neg: true})
		},
		{"row filter", cVal}: func(p *parse, a, b *node) []*node { return p.flagOf(a, b) },
		{"row filter", cClause}: func(_ *parse, a, b *node) []*node { // "attended a dental appointment"
			c := b.clause
			if !saysYes(a) || c.event != a.text || c.verb || c.neg || len(c.where) == 0 {
				return nil
			}
			return one(&node{cat: cClause, cost: 0.05, clause: c.with(func(d *clause) { d.where, d.verb = append(d.where, a.cond), true })})
		},
		{cPart, "row filter"}: func(_ *parse, a, b *node) []*node {
			l := a.left
			if l.cat != cClause || a.joiner == "or" || l.clause.event != b.text || l.clause.neg || l.clause.qty != nil || l.clause.fn != "" || flipped(b.cond) == nil {
				return nil
			}
			return one(&node{cat: cClause, cost: -0.3, clause: l.clause.with(func(c *clause) { c.where, c.verb = append(c.where, b.cond), true })})
		},
	}
}

// flipped is the other answer to what is either so or not; nil for what is not
// of that kind.
func flipped(f syntax.Formula) syntax.Formula {
	c, ok := f.(*syntax.Compare)
	if !ok || c.Op != syntax.Eq {
		return nil
	}
	v, ok := c.Right.(*syntax.Bool)
	if !ok {
		return nil
	}
	return &syntax.Compare{Left: c.Left, Op: syntax.Eq, Right: &syntax.Bool{Value: !v.Value}}
}

// notSo is, of a clause that is denied with what its rows say yes to, that some
// row says no: "did not come to their appointment".
func notSo(c *clause) []*node {
	if c.fn != "" || c.neg || c.ever {
		return nil
	}
	for i, w := range c.where {
		f := flipped(w)
		if f == nil {
			continue
		}
		return one(&node{cat: cClause, clause: c.with(func(d *clause) { d.where[i], d.verb = f, true })})
	}
	return nil
}

// numbered tells whether an event's rows bear a figure that is no money: what
// was done "more than 500" may be that.
func (p *parse) numbered(event string) bool {
	for i, f := range p.ix.fields {
		if f.event == event && f.kind == "number" && !overlaps([]int{i}, p.ix.concepts["score"]) {
			return true
		}
	}
	return false
}

// moreBefore tells whether a word for more or less stands before a token, with
// something else between.
func (p *parse) moreBefore(i int) bool {
	for k := range max(0, i-1) {
		for _, e := range p.lex.exact[p.toks[k].folded] {
			if e.cat == "ask_most" || e.cat == "ask_least" || e.cat == "more" {
				return true
			}
		}
	}
	return false
}

// glueWithin tells whether a word without weight stands between two tokens.
func (p *parse) glueWithin(from, to int) bool {
	for k := from; k < to; k++ {
		if p.isGlue(k) {
			return true
		}
	}
	return false
}

// flagOf is "attended Pottery": what was so of a row, and of which rows. Both are
// said of one and the same.
func (p *parse) flagOf(a, b *node) []*node {
	if !saysYes(a) {
		return nil
	}
	f := p.valueFilter(b, a.text)
	if f == nil {
		return nil
	}
	return one(&node{cat: cClause, cost: 0.05, clause: &clause{event: a.text, where: []syntax.Formula{a.cond, f}, verb: true, qualified: true}})
}

// saysYes tells whether a filter of rows is that something was so of them.
func saysYes(n *node) bool {
	flag, ok := n.cond.(*syntax.Compare)
	if !ok || n.attr == "figure" || n.neg {
		return false
	}
	v, ok := flag.Right.(*syntax.Bool)
	return ok && v.Value
}

// rowsSay is what the words of a node say of an event's rows by a field of yes
// and no: "sales in promotion" say so themselves, whoever a promotion brought.
func (p *parse) rowsSay(n *node, event string) syntax.Formula {
	if event == "" || n.from >= n.to {
		return nil
	}
	for _, x := range p.cells[n.from][n.to] {
		if x.cat == "row filter" && x.text == event && x.attr != "figure" {
			return x.cond
		}
	}
	return nil
}

// deniesRows tells whether rows are told by what does not hold of them.
func deniesRows(where []syntax.Formula) bool {
	return slices.ContainsFunc(where, func(f syntax.Formula) bool {
		c, ok := f.(*syntax.Compare)
		if !ok {
			return false
		}
		b, ok := c.Right.(*syntax.Bool)
		return ok && !b.Value
	})
}

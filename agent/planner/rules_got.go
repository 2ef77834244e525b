package planner

import (
	"slices"

	"tesela/segment/syntax"
)

// gotRules read what was bought where another event than the purchase tells of
// it: "bought a perfume", where appointments are the purchases and the shop's
// sales have perfumes. The verb says no more than that there was one of those.
func gotRules() map[pair]rule {
	return map[pair]rule{
		{cClause, cVal}: func(p *parse, a, b *node) []*node {
			if len(b.vals) == 0 || b.neg || b.text != "" {
				return nil
			}
			event := p.ix.fields[b.vals[0].field].event
			if !p.gotElsewhere(a, b, event) || p.isValueOf(b, a.clause.event) || p.isTraitValue(b) {
				return nil
			}
			f := p.valueFilter(b, event)
			if f == nil {
				return nil
			}
			return p.gotOf(a, event, []syntax.Formula{f})
		},
		{cClause, cField}: func(p *parse, a, b *node) []*node {
			if b.num != nil || p.opensGroup(a.to, b) {
				return nil
			}
			for _, fi := range b.fields {
				if f := p.ix.fields[fi]; f.event == a.clause.event || f.event == "" || !f.isText() {
					return nil // of the verb's own event, or of people
				}
			}
			f := p.ix.fields[b.fields[0]]
			if !p.gotElsewhere(a, b, f.event) {
				return nil
			}
			return p.gotOf(a, f.event, p.haveIt(f))
		},
		{cClause, cClause}: func(p *parse, a, b *node) []*node {
			c := b.clause
			if c.verb || c.neg || c.person || c.fn != "" || c.event == a.clause.event || a.clause.win != nil && c.win != nil || a.clause.qty != nil && c.qty != nil {
				return nil
			}
			if !p.gotElsewhere(a, b, c.event) {
				return nil
			}
			return one(&node{cat: cClause, cost: 0.05, clause: c.with(func(d *clause) {
				d.verb, d.neg = true, a.clause.neg
				if d.win == nil {
					d.win, d.ever = a.clause.win, a.clause.ever || d.ever
				}
				if d.qty == nil {
					d.qty = a.clause.qty
				}
			})})
		},
	}
}

func (p *parse) gotOf(a *node, event string, where []syntax.Formula) []*node {
	return one(&node{cat: cClause, cost: 0.05, clause: a.clause.with(func(d *clause) { d.event, d.where = event, where })})
}

// gotElsewhere tells whether a statement is a purchase by a word for any, and
// what stands right behind it is what another event is of.
func (p *parse) gotElsewhere(a, b *node, event string) bool {
	c := a.clause
	if !c.verb || c.weak && !p.holds(a, "perfect") || c.person || c.fn != "" || len(c.where) > 0 || event == "" || event == c.event || event == p.ix.role("refund") || c.event != p.ix.events["purchase"] {
		return false
	}
	for k := a.to; k < p.core(b); k++ {
		if p.holdsOneOf(k, "inside", "is_set", "light") || p.toks[k].kind == tokBreak {
			return false // "bought in Lisbon" tells where
		}
	}
	k := p.core(a)
	if p.spendOf(event) == nil || p.namesValue(&node{from: k, to: b.to}) {
		return false // it bears no money; "paid search" is one thing
	}
	if p.core(b) > 0 && p.holdsOneOf(p.core(b)-1, "articles", "none") {
		return true // "booked an extra"
	}
	for to := k + 1; to <= a.to; to++ {
		folded, _, ok := p.phrase(k, to)
		if !ok {
			break
		}
		own, _ := ownName(p.ix.names[folded])
		if !own && slices.ContainsFunc(p.meanings(folded), func(e entry) bool { return e.cat == "concepts" && e.attr == "purchase" && e.form == "verb" }) {
			return true
		}
	}
	return false
}

// isTraitValue tells whether the words of a node are also what people are.
func (p *parse) isTraitValue(n *node) bool {
	return slices.ContainsFunc(p.cells[n.from][n.to], func(x *node) bool { return x.cat == cVal && p.valueFilter(x, "") != nil })
}

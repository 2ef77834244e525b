package planner

import (
	"slices"
	"strings"
)

// What the business itself paid is nothing that its customers did: "we paid
// them" is no purchase of theirs.

// wePaid takes the readings as purchases away from what the business says of its
// own paying; where nothing says what it was paid for, it is not understood.
func (p *parse) wePaid() {
	for i := range p.toks {
		for j := len(p.toks); j > i; j-- {
			folded, _, ok := p.phrase(i, j)
			if !ok || !has(p.lex.exact[folded], entry{cat: "we_paid"}) || i > 0 && p.says(i-1, "copula") {
				continue // "were we paid" says who did
			}
			for a := i; a < j; a++ {
				for b := a + 1; b <= min(len(p.toks), j+1); b++ {
					p.retain(a, b, func(n *node) bool { return !p.saysBought(n) })
				}
			}
			says := func(n *node) bool { return n.cat == cClause || n.cat == cField || n.cat == cCond }
			if slices.ContainsFunc(p.cells[j-1][j], says) {
				break
			}
			for a := i; a < j; a++ {
				p.retain(a, a+1, func(*node) bool { return false })
			}
			if p.namesOutlay() {
				p.add(&node{cat: cGlue, from: i, to: j, cost: costGlue})
			} else {
				p.add(&node{cat: cUnknown, from: i, to: j, word: p.typed(i, j), cost: costUnknown})
			}
			break
		}
	}
}

// retain drops the other nodes of a cell.
func (p *parse) retain(i, j int, keep func(*node) bool) {
	p.cells[i][j] = slices.DeleteFunc(p.cells[i][j], func(n *node) bool { return !keep(n) })
	p.seen[i*(len(p.toks)+1)+j] = nil
}

// saysBought tells whether a leaf says that customers bought or paid.
func (p *parse) saysBought(n *node) bool {
	return n.cat == cClause && p.isPurchase(n.clause.event) || n.cat == cMeas && p.isPurchase(n.meas.event)
}

// namesOutlay tells whether the question names money that is not what customers
// paid: "how much did we pay in prizes".
func (p *parse) namesOutlay() bool {
	for i := range p.toks {
		for j := i + 1; j <= min(len(p.toks), i+3); j++ {
			if slices.ContainsFunc(p.cells[i][j], func(n *node) bool {
				return n.cat == cField && n.cost < costFuzzy && !slices.ContainsFunc(n.fields, func(fi int) bool {
					f := p.ix.fields[fi]
					return f.kind != "money" || f.event == "" || p.isPurchase(f.event)
				})
			}) {
				return true
			}
		}
	}
	return false
}

// ourDeed tells whether something is said to have been done by us: "we invoiced",
// "facturamos".
func (p *parse) ourDeed(n *node) bool {
	at := p.core(n)
	if at > 0 && p.says(at-1, "our_words") {
		return true
	}
	w := p.toks[n.to-1].folded
	return slices.ContainsFunc(p.lex.ours, func(end string) bool { return len(w) > len(end)+3 && strings.HasSuffix(w, end) })
}

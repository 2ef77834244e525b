package planner

import (
	"slices"
	"strings"

	"tesela/segment/syntax"
)

// besideRules read what says no more than stands there already, and participles
// that stand for an amount: "features (api)", "orders that came in", "lo
// depositado".
func besideRules() map[pair]rule {
	m := map[pair]rule{
		{cVal, cVal}:     func(p *parse, a, b *node) []*node { return p.sameInBrackets(a, b) },
		{cField, cField}: func(p *parse, a, b *node) []*node { return p.sameInBrackets(a, b) },
		{cClause, cClause}: func(p *parse, a, b *node) []*node {
			x, y := a.clause, b.clause
			if !p.bracketed(a, b) || x.event != y.event || y.verb && !y.weak || len(y.where) > 0 || y.win != nil || y.qty != nil || y.neg || y.fn != "" {
				return nil
			}
			return one(beside(a))
		},
		{cCond, cCond}: func(p *parse, a, b *node) []*node { // "no kids (filhos 0)"
			if !p.bracketed(a, b) || !syntax.Equal(a.cond, b.cond) {
				return nil
			}
			return one(beside(a))
		},
		{cClause, "arrive"}: func(p *parse, a, _ *node) []*node { // "how many orders came in"
			c := a.clause
			if c.verb && !c.weak || c.person || c.neg || c.event == p.ix.events["visit"] || p.peopleBefore(a) {
				return nil
			}
			return one(beside(a))
		},
		{cMeas, "arrive"}:    func(_ *parse, a, _ *node) []*node { return one(beside(a)) },
		{"ties", "ordinals"}: func(_ *parse, a, _ *node) []*node { return one(beside(a)) }, // "all who tie with the fifth"
		{cMeas, "gross_of"}: func(_ *parse, a, _ *node) []*node { // "sales, refunds not taken off"
			if len(a.meas.exprs) != 1 || a.meas.exprs[0] != "revenue" && a.meas.exprs[0] != "gross_revenue" {
				return nil
			}
			x := *a.meas
			x.exprs = []string{"gross_revenue"}
			return one(&node{cat: cMeas, meas: &x})
		},
		{"field_of", cField}: func(_ *parse, _, b *node) []*node { // "the field phone"
			return one(beside(b))
		},
		{cField, "date_after"}: func(p *parse, a, _ *node) []*node { // "renewal date"
			if !p.ix.fields[a.fields[0]].isTime() {
				return nil
			}
			return one(beside(a))
		},
		{"neuter", cClause}: func(p *parse, _, b *node) []*node { return p.doneAmount(b) },
	}
	return m
}

// beside is a node with what adds nothing to it.
func beside(a *node) *node {
	x := *a
	x.cost, x.assume = 0, nil
	return &x
}

// bracketed tells whether a bracket opens right between two nodes.
func (p *parse) bracketed(a, b *node) bool {
	return b.from == a.to && p.toks[b.from].kind == tokBreak && p.toks[b.from].folded == "("
}

// sameInBrackets is a value or a field with its name in the data behind it:
// "básico (plano_basico)". What both may be is meant.
func (p *parse) sameInBrackets(a, b *node) []*node {
	if !p.bracketed(a, b) || b.neg || a.neg && len(a.vals) == 0 {
		return nil
	}
	if b.cat == cField && !p.fillsBrackets(b) {
		return nil
	}
	x := beside(a)
	x.cost, x.vals, x.fields = -0.1, nil, nil
	for _, v := range a.vals {
		if slices.Contains(b.vals, v) {
			x.vals = append(x.vals, v)
		}
	}
	for _, f := range a.fields {
		if slices.Contains(b.fields, f) {
			x.fields = append(x.fields, f)
		}
	}
	if len(x.vals)+len(x.fields) == 0 {
		return nil
	}
	return one(x)
}

// fillsBrackets tells whether nothing more stands in the brackets that a node
// opens: "no kids (filhos 0)" tells in them what is said of the field.
func (p *parse) fillsBrackets(n *node) bool {
	return n.to == len(p.toks) || p.toks[n.to].text == ")"
}

// peopleBefore tells whether people are named before a node: it may then be
// they who came in.
func (p *parse) peopleBefore(n *node) bool {
	for i := range n.from {
		for j := i + 1; j <= min(n.from, i+2); j++ {
			for _, x := range p.cells[i][j] {
				if x.cat == cCust && x.cost < costFuzzy {
					return true
				}
			}
		}
	}
	return false
}

// doneAmount is the money of what was done, by the participle: "lo apostado en
// mayo".
func (p *parse) doneAmount(b *node) []*node {
	c := b.clause
	if !c.verb || c.person || c.neg || c.qty != nil || c.fn != "" && c.fn != syntax.Sum || b.from != p.core(b) || !p.participle(b.from) {
		return nil
	}
	measure := p.moneyMeasure(c.event)
	if c.fn == syntax.Sum {
		measure = p.sumMeasure(c.event, c.prop)
	}
	if measure == "" {
		return nil
	}
	return one(&node{cat: cMeas, cost: -0.4, meas: &meas{event: c.event, exprs: []string{measure}, where: c.where, win: c.win, ever: c.ever}})
}

// participle tells whether a word ends as a participle that stands for a thing
// does.
func (p *parse) participle(i int) bool { return p.endsDone(p.toks[i].folded) }

func (p *parse) endsDone(word string) bool {
	return slices.ContainsFunc(p.lex.participles, func(end string) bool { return strings.HasSuffix(word, end) })
}

// participles tells whether a word ends as the plural of one.
func (p *parse) participles(i int) bool {
	return slices.ContainsFunc(p.lex.participles, func(end string) bool { return strings.HasSuffix(p.toks[i].folded, end+"s") })
}

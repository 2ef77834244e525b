package planner

import (
	"strings"
)

// averagePersonRules read the average customer as each of them on average: "how
// much does the average player bet", "el cliente medio".
func averagePersonRules() map[pair]rule {
	return map[pair]rule{
		{"stats", cCust}: func(p *parse, a, b *node) []*node { // "the average customer"
			if a.attr != "mean" || b.num != nil || p.inPlural(b) || p.core(b) != a.to {
				return nil
			}
			return p.perKind(b)
		},
		{"stats", cClause}: func(p *parse, a, b *node) []*node { // "the average donor"
			if c := b.clause; a.attr != "mean" || !c.person || c.neg || c.qty != nil || p.inPlural(b) || p.core(b) != a.to {
				return nil
			}
			return one(&node{cat: cPerPerson, clause: b.clause, cost: 0.02})
		},
		{cCust, "stats_after"}: func(p *parse, a, b *node) []*node { // "el cliente medio"
			if b.attr != "mean" || b.from != a.to || b.to > b.from+1 || a.num != nil || p.inPlural(a) {
				return nil
			}
			return p.perKind(a)
		},
		{"ask_most", cClause}:  func(p *parse, a, b *node) []*node { return p.mostIn(a, b) },
		{"ask_least", cClause}: func(p *parse, a, b *node) []*node { return p.mostIn(a, b) },
		{cVal, "portfolio"}: func(p *parse, a, b *node) []*node { // "Dana's book"
			if b.from != a.to || p.valueFilter(a, "") == nil {
				return nil
			}
			return again(a, -0.1)
		},
		{cQty, "in_money"}:       func(_ *parse, a, _ *node) []*node { return amountOf(a) },
		{"neuter_mean", cClause}: func(p *parse, _, b *node) []*node { return p.meanAmount(b) },
		// "how many players", "player count"
		{cCust, "count_noun"}: func(p *parse, a, b *node) []*node {
			if b.from != a.to || a.num != nil {
				return nil
			}
			return one(&node{cat: "count customers", cost: 0.02})
		},
		{cClause, "count_noun"}: func(p *parse, a, b *node) []*node { // "deposit count"
			if c := a.clause; b.from != a.to || c.verb && !c.weak || c.neg || c.person || c.qty != nil || c.fn != "" {
				return nil
			}
			return one(&node{cat: cMeas, meas: p.eventMeasure(a.clause)})
		},
	}
}

// meanAmount is the mean money of what was done, by the participle: "importe medio
// apostado", of each time, or of each person where that follows.
func (p *parse) meanAmount(b *node) []*node {
	c := b.clause
	w := p.toks[b.from].folded
	made := p.participle(b.from) || strings.HasSuffix(w, "a") && p.endsDone(w[:len(w)-1]+"o")
	sum := p.spendOf(c.event)
	if !c.verb || c.person || c.neg || c.qty != nil || c.fn != "" || b.from != p.core(b) || !made || sum == nil {
		return nil
	}
	all := meas{event: c.event, exprs: []string{p.sumMeasure(c.event, sum.prop)}, where: c.where, win: c.win, ever: c.ever, mean: true}
	each := all
	each.mean, each.exprs = false, []string{p.statOf("avg", field{event: c.event, name: sum.prop})}
	return []*node{{cat: cMeas, cost: -0.4, meas: &all}, {cat: cMeas, cost: -0.25, meas: &each}}
}

package planner

import (
	"fmt"
	"slices"
	"strings"

	"tesela/segment/syntax"
)

// objectRules read what an event's verb or noun is of: "points redeemed",
// "entered the app", "nothing else".
func objectRules() map[pair]rule {
	return map[pair]rule{
		{cField, cClause}:         func(p *parse, a, b *node) []*node { return p.amountDone(b, a) },
		{cClause, cField}:         func(p *parse, a, b *node) []*node { return p.amountDone(a, b) },
		{cClause, cVal}:           func(p *parse, a, b *node) []*node { return p.nameOf(a, b) },
		{cClause, cUnknown}:       func(p *parse, a, b *node) []*node { return p.nameOf(a, b) },
		{cClause, "nothing_else"}: func(p *parse, a, _ *node) []*node { return p.onlyClause(a.clause) },
		{cMeas, cField}:           func(p *parse, a, b *node) []*node { return p.restOfName(a, b) },
	}
}

// amountDone is the sum of a figure that an event's rows bear: "points
// redeemed", "nights booked". A score or the price of one adds up to nothing.
func (p *parse) amountDone(a, b *node) []*node {
	c := a.clause
	if !c.verb || c.weak && b.from < a.from || c.person || c.neg || c.qty != nil || c.fn != "" || b.num != nil {
		return nil
	}
	for _, fi := range b.fields {
		f := p.ix.fields[fi]
		if f.event != c.event || f.kind != "number" || overlaps([]int{fi}, p.ix.concepts["score"]) || overlaps([]int{fi}, p.ix.concepts["price"]) {
			continue
		}
		expr := fmt.Sprintf("sum(%s.%s)", syntax.Quote(f.event), syntax.Quote(f.name))
		return one(&node{cat: cMeas, cost: 0.1, meas: &meas{event: f.event, exprs: []string{expr}, where: c.where, win: c.win, ever: c.ever}})
	}
	return nil
}

// nameOf is a word of the event's own name behind its verb: "entered the app",
// of an event app_visit. It says no more than the verb.
func (p *parse) nameOf(a, b *node) []*node {
	c := a.clause
	if !c.verb || b.neg || b.to-p.core(b) != 1 || p.opensGroup(b.from, b) {
		return nil
	}
	words := strings.Fields(fold(c.event))
	if len(words) < 2 || !slices.Contains(words, p.toks[b.to-1].folded) {
		return nil
	}
	for _, v := range b.vals {
		if p.ix.fields[v.field].event == c.event {
			return nil
		}
	}
	x := *a
	x.cost = -b.cost
	return one(&x)
}

// restOfName is what follows of a field's name behind a word that came between:
// "saldo medio de millas", of a field saldo_millas.
func (p *parse) restOfName(a, b *node) []*node {
	if len(a.meas.exprs) != 1 || !p.of(a.to, b) || b.num != nil {
		return nil
	}
	for _, fi := range b.fields {
		f := p.ix.fields[fi]
		words := strings.Fields(fold(f.name))
		if len(words) < 2 || !strings.Contains(a.meas.exprs[0], syntax.Quote(f.name)) || f.event != a.meas.event {
			continue
		}
		if slices.Contains(words, p.toks[b.to-1].folded) && b.to-p.core(b) == 1 {
			x := *a
			x.cost = -b.cost
			return one(&x)
		}
	}
	return nil
}

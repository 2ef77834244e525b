package planner

import (
	"fmt"
	"slices"

	"tesela/segment/syntax"
	"tesela/tools"
)

// cBiggest is "the largest order": one event by its own money.
const cBiggest cat = "biggest of"

// biggestRules read one event that is the largest or the cheapest of all. That
// is no ranking of people by how many they made.
func biggestRules() map[pair]rule {
	return map[pair]rule{
		{"biggest", cClause}: func(p *parse, a, b *node) []*node { return p.largest(a, b) },
		{cClause, "biggest"}: func(p *parse, a, b *node) []*node { return p.largest(b, a) },
		{cBiggest, cWin}: func(_ *parse, a, b *node) []*node {
			if a.clause.win != nil || b.win == nil {
				return nil
			}
			return one(&node{cat: cBiggest, attr: a.attr, clause: a.clause.with(func(c *clause) { c.win = b.win })})
		},
		{cField, cBiggest}: func(p *parse, a, b *node) []*node { // "the value of the largest order"
			sum := p.spendOf(b.clause.event)
			if sum == nil || p.core(b) == a.to || !slices.ContainsFunc(a.fields, func(f int) bool { return p.ix.fields[f].name == sum.prop }) {
				return nil
			}
			return one(&node{cat: cBiggest, attr: b.attr, clause: b.clause})
		},
		{"individual", cClause}: oneByItself,
		{cClause, "individual"}: oneByItself,
		{cBiggest, cVal}: func(p *parse, a, b *node) []*node {
			f := p.valueFilter(b, a.clause.event)
			if f == nil || sameSubject(a.clause.where, f) {
				return nil
			}
			return one(&node{cat: cBiggest, attr: a.attr, clause: a.clause.with(func(c *clause) { c.where = append(c.where, f) })})
		},
	}
}

// oneByItself is "individual deposit": no more than the thing by itself.
func oneByItself(p *parse, a, b *node) []*node {
	thing := a
	if thing.cat != cClause {
		thing = b
	}
	if c := thing.clause; c.verb && !c.weak || c.person || c.neg || c.fn != "" {
		return nil
	}
	return again(thing, 0)
}

// largest is a size word beside the noun of an event that has money.
func (p *parse) largest(size, thing *node) []*node {
	c := thing.clause
	last := p.toks[thing.to-1].folded
	if c.verb && !c.weak || c.person || c.neg || c.qty != nil || c.fn != "" || last[len(last)-1] == 's' || p.spendOf(c.event) == nil {
		return nil
	}
	// The word is first of all one of most and least: as a size it says more.
	return one(&node{cat: cBiggest, attr: size.attr, clause: c, cost: -0.15 - thing.cost})
}

// ofSize tells whether what says the most speaks of how large something is.
func (p *parse) ofSize(most *node) bool {
	if most == nil {
		return false
	}
	for _, n := range p.cells[most.from][most.to] {
		if n.cat == "biggest" {
			return true
		}
	}
	return false
}

// biggestOf is the money of the largest event as a value of each customer; nil
// where an order of several rows has no money of its own.
func (s *parts) biggestOf() syntax.Value {
	c := s.biggest.clause
	sum := s.p.spendOf(c.event)
	if sum == nil || s.p.tied(c.event) {
		return nil
	}
	call := &syntax.Call{Fn: syntax.Max, Event: c.event, Property: sum.prop, Where: whereOf(c), Window: c.win}
	if s.biggest.attr == "least" {
		call.Fn = syntax.Min
	}
	return call
}

// single is who made the largest order, or how much it came to.
func (s *parts) single() bool {
	delete(s.asks, "ask_most")
	delete(s.asks, "ask_least")
	by, ok := s.biggestOf().(*syntax.Call)
	if !ok || len(s.byValue)+len(s.fields)+len(s.groups)+len(s.meas)+len(s.ranks)+len(s.filters)+len(s.stats) > 0 || s.limit > 0 || len(s.wins) > 1 {
		return false
	}
	// "the largest bet of the players from Malta" is a bet.
	if s.cust && s.custAt < s.biggest.from || s.p.people || s.asks["ask_list"] || s.p.holdsOneOf(0, "relatives") { // "whose deposit was the largest"
		s.cust, s.one = true, true
		if s.biggest.attr == "least" {
			s.order = "asc"
		}
		return s.ranking()
	}
	if by.Window == nil && len(s.wins) == 1 {
		by.Window, s.wins = s.wins[0].win, nil
	}
	if len(s.wins) > 0 || s.asks["ask_count"] || s.asks["ask_list"] || s.asks["ask_share"] {
		return false
	}
	f, ok := s.base()
	if !ok {
		return false
	}
	args := tools.MeasureArgs{Measures: []string{fmt.Sprintf("%s(%s.%s)", by.Fn, syntax.Quote(by.Event), syntax.Quote(by.Property))}}
	if f != nil {
		args.Formula = f.String()
	}
	if by.Where != nil {
		args.Where = by.Where.String()
	}
	if by.Window != nil {
		args.Window = by.Window.String()
	}
	s.plan.tool, s.plan.args = "measure", args
	return true
}

// ofThatUnit tells whether a unit of time stands behind a word of something else
// and its "of": the order of the year, the day of the week.
func (p *parse) ofThatUnit(n *node) bool {
	k := p.core(n) - 1
	if k < 1 || !p.says(k, "of") {
		return false
	}
	return !p.isGlue(k-1) && !p.holdsOneOf(k-1, "ask_most", "ask_least", "ask_what", "biggest", "quality", "ordinals", "rolling")
}

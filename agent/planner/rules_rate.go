package planner

import (
	"fmt"
	"slices"

	"tesela/segment/syntax"
)

// rateRules read "the cancellation rate" and "tasa de cancelación": the share
// of rows that have a value, of those that have any of its field, or how often
// something comes for each purchase. As a measure it is broken down, filtered
// and bound in time like any other.
func rateRules() map[pair]rule {
	m := map[pair]rule{}
	of := map[cat]func(*parse, *node) []*node{cVal: (*parse).rateOfValue, cClause: (*parse).rateOfEvent, cField: (*parse).rateOfFlag}
	for c, make := range of {
		m[pair{"rate_of", c}] = func(p *parse, _, b *node) []*node { return make(p, b) }
		m[pair{c, "rate_after"}] = func(p *parse, a, _ *node) []*node { return make(p, a) }
	}
	return m
}

// rateOfValue is the share of an event's rows that have a value; where several
// events know the value, that of each.
func (p *parse) rateOfValue(n *node) []*node {
	if n.neg || n.text != "" {
		return nil
	}
	var out []*node
	var done []string
	for _, v := range n.vals {
		event := p.ix.fields[v.field].event
		if event == "" || slices.Contains(done, event) {
			continue
		}
		done = append(done, event)
		if f := p.valueFilter(n, event); f != nil {
			out = append(out, p.rateWhere(event, f))
		}
	}
	return out
}

// rateOfFlag is the share of an event's rows that are marked so.
func (p *parse) rateOfFlag(n *node) []*node {
	f := p.ix.fields[p.preferred(n.fields)]
	if f.event == "" || f.kind != "bool" || n.num != nil {
		return nil
	}
	return one(p.rateWhere(f.event, &syntax.Compare{Left: &syntax.Name{Name: f.name}, Op: syntax.Eq, Right: &syntax.Bool{Value: true}}))
}

func (p *parse) rateWhere(event string, f syntax.Formula) *node {
	part, all := &syntax.Call{Fn: syntax.Count, Event: event, Where: f}, &syntax.Call{Fn: syntax.Count, Event: event}
	return &node{cat: cMeas, meas: &meas{event: event, exprs: []string{fmt.Sprintf("%s / %s", part, all)}, each: true}, cost: -0.1}
}

// rateOfEvent is how many of a thing come upon each purchase, or the share of
// buyers who have one: the word means either, so that it is asked which.
func (p *parse) rateOfEvent(n *node) []*node {
	c, bought := n.clause, p.ix.events["purchase"]
	if !plainThing(c) || len(c.where) > 0 || c.win != nil || c.ever || bought == "" || c.event == bought || p.isMessageEvent(c.event) {
		return nil
	}
	each := fmt.Sprintf("%s / %s", &syntax.Call{Fn: syntax.Count, Event: c.event}, &syntax.Call{Fn: syntax.Count, Event: bought})
	return []*node{
		{cat: cMeas, meas: &meas{event: c.event, exprs: []string{each}, against: bought, each: true}},
		{cat: cMeas, meas: &meas{event: c.event, exprs: []string{doersOf(c.event) + " / buyers"}, against: bought, each: true}},
	}
}

package planner

import (
	"fmt"

	"tesela/segment/syntax"
)

// cAsShare is "web bookings as a share of", of what is still to be said.
const cAsShare cat = "as a share"

// asShareRules read a part that is named before the whole: "web bookings as a share
// of all bookings", "cancelaciones sobre reservas, en porcentaje", and the rate of
// something with what it is the rate of behind it, "tasa de cancelación de reservas".
func asShareRules() map[pair]rule {
	whole := func(p *parse, b *node) *meas {
		switch {
		case b.cat == cMeas && len(b.meas.exprs) == 1 && b.meas.of == nil && !b.meas.mean && b.meas.versus == nil:
			return b.meas
		case b.cat == cClause && plainThing(b.clause):
			return p.eventMeasure(b.clause)
		}
		return nil
	}
	open := func(p *parse, a, _ *node) []*node {
		m := whole(p, a)
		if m == nil || p.countCall(m) == nil {
			return nil
		}
		return one(&node{cat: cAsShare, meas: m})
	}
	of := func(p *parse, a, b *node) []*node {
		m := whole(p, b)
		if m == nil {
			return nil
		}
		return p.partOfWhole(a.meas, m)
	}
	total := func(p *parse, a, _ *node) []*node {
		m := *a.meas
		m.where = nil
		return p.partOfWhole(a.meas, &m)
	}
	rate := func(p *parse, a, b *node) []*node {
		c, m := b.clause, a.meas
		if !m.each || m.against == "" || c.event != m.against || !plainThing(c) || len(c.where) > 0 || m.win != nil && c.win != nil {
			return nil
		}
		x := *m
		x.exprs = []string{fmt.Sprintf("%s / %s", &syntax.Call{Fn: syntax.Count, Event: m.event}, &syntax.Call{Fn: syntax.Count, Event: c.event})}
		if x.win == nil {
			x.win, x.ever = c.win, c.ever
		}
		return one(&node{cat: cMeas, meas: &x, cost: -0.2})
	}
	return map[pair]rule{
		{cClause, "as_share"}: open,
		{cMeas, "as_share"}:   open,
		{cAsShare, cClause}:   of,
		{cAsShare, cMeas}:     of,
		{cClause, "as_share_total"}: func(p *parse, a, b *node) []*node {
			return chain(open(p, a, b), func(n *node) []*node { return total(p, n, b) })
		},
		{cMeas, "as_share_total"}: func(p *parse, a, b *node) []*node {
			return chain(open(p, a, b), func(n *node) []*node { return total(p, n, b) })
		},
		{cMeas, cClause}: rate,
		{cClause, cMeas}: func(p *parse, a, b *node) []*node { return rate(p, b, a) },
	}
}

// chain applies a rule to each node of a list.
func chain(list []*node, next func(*node) []*node) []*node {
	var out []*node
	for _, n := range list {
		out = append(out, next(n)...)
	}
	return out
}

// countCall is what a measure counts or adds up, with what it says of the rows; nil
// for others.
func (p *parse) countCall(m *meas) *syntax.Call {
	call := p.callOf(m.exprs[0])
	if call == nil || call.Window != nil || call.Fn == syntax.Distinct || len(m.base) > 0 {
		return nil
	}
	x := *call
	where := m.where
	if x.Where != nil {
		where = append(where[:len(where):len(where)], x.Where)
	}
	if x.Where = nil; len(where) > 0 {
		x.Where = syntax.All(where...)
	}
	return &x
}

// partOfWhole divides a part by the whole: the same figure with nothing said of it,
// or the number of something else that it comes upon.
func (p *parse) partOfWhole(part, all *meas) []*node {
	x, y := p.countCall(part), p.countCall(all)
	if x == nil || y == nil || syntax.Equal(x, y) || x.Fn != y.Fn || y.Where != nil || part.win != nil && all.win != nil {
		return nil
	}
	if x.Event == y.Event && (x.Where == nil || x.Property != y.Property) {
		return nil
	}
	m := &meas{event: part.event, win: part.win, ever: part.ever || all.ever, exprs: []string{fmt.Sprintf("%s / %s", x, y)}}
	if x.Event != y.Event {
		m.against = y.Event
	}
	if m.win == nil {
		m.win = all.win
	}
	return one(&node{cat: cMeas, meas: m, cost: -0.3})
}

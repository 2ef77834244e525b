package planner

import "tesela/segment/syntax"

// The categories of two times that are set against each other apart from what
// is measured: "sales by region this year vs last year".
const (
	cTimeVersus cat = "time versus"
	cTimes      cat = "two times"
)

// versusRules read two times set against each other that what is measured does
// not stand right before; rules_detail.go has those that it does.
func versusRules() map[pair]rule {
	m := map[pair]rule{
		{cWin, "versus"}: func(_ *parse, a, _ *node) []*node { return timeVersus(a, 0) },
		{cWin, "versus_time"}: func(p *parse, a, _ *node) []*node {
			if !p.comparing() {
				return nil
			}
			return timeVersus(a, 0)
		},
		{cWin, "and"}: func(p *parse, a, b *node) []*node {
			if !p.comparing() || b.attr == "," {
				return nil
			}
			return timeVersus(a, 0.05)
		},
		{cTimeVersus, cWin}: func(_ *parse, a, b *node) []*node {
			if b.win == nil || b.ever {
				return nil
			}
			return twoTimes(a, beforeThat(a.win, b.win))
		},
		{cTimeVersus, "unit_before"}: func(p *parse, a, b *node) []*node { return twoTimes(a, p.beforeIt(a.win, b.attr)) },
	}
	m[pair{"measure versus", cMeas}] = func(_ *parse, a, b *node) []*node { return saidTwice(a.meas, b.meas) }
	m[pair{"measure versus", cClause}] = func(p *parse, a, b *node) []*node {
		if !plainThing(b.clause) {
			return nil
		}
		return saidTwice(a.meas, p.eventMeasure(b.clause))
	}
	m[pair{"measure with", cMeas}] = func(p *parse, a, b *node) []*node {
		if !p.comparing() {
			return nil
		}
		return saidTwice(a.meas, b.meas)
	}
	for _, word := range []cat{"calendar_last", "calendar_last_after", "prior"} {
		m[pair{cTimeVersus, word}] = func(p *parse, a, _ *node) []*node { return twoTimes(a, p.prior(a.win)) }
	}
	return m
}

// saidTwice is one measure said of two times: "revenue in 2024 with revenue in
// 2025".
func saidTwice(a, b *meas) []*node {
	if a.win == nil || b.win == nil || b.versus != nil || a.win.String() == b.win.String() {
		return nil
	}
	x, y := *a, *b
	x.win, y.win = nil, nil
	if (&node{cat: cMeas, meas: &x}).key() != (&node{cat: cMeas, meas: &y}).key() {
		return nil
	}
	x.win, x.versus = a.win, b.win
	return one(&node{cat: cMeas, meas: &x, cost: -0.1})
}

func timeVersus(a *node, cost float64) []*node {
	if a.win == nil || a.ever {
		return nil
	}
	return one(&node{cat: cTimeVersus, win: a.win, cost: cost})
}

func twoTimes(a *node, b *syntax.Window) []*node {
	if b == nil || a.win.String() == b.String() {
		return nil
	}
	return one(&node{cat: cTimes, win: a.win, beside: []*syntax.Window{a.win, b}})
}

// overTimes gives what is measured the two times; false where it is no single
// measure, or has a time of its own.
func (s *parts) overTimes() bool {
	if len(s.meas) == 0 && len(s.conds) == 1 && !s.cust && s.conds[0].cat == cClause && plainThing(s.conds[0].clause) {
		c := s.conds[0]
		s.meas, s.conds = []*node{{cat: cMeas, from: c.from, to: c.to, meas: s.p.eventMeasure(c.clause)}}, nil
	}
	if len(s.meas) != 1 || len(s.wins)+len(s.units)+len(s.ranks) > 0 {
		return false
	}
	x := *s.meas[0]
	m := *x.meas
	if m.win != nil || m.ever || m.versus != nil || len(m.beside) > 0 {
		return false
	}
	m.win, m.versus = s.times.beside[0], s.times.beside[1]
	x.meas = &m
	s.meas = []*node{&x}
	return true
}

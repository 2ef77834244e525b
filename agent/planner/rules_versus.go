package planner

import (
	"tesela/segment/syntax"
	"tesela/tools"
)

// The categories of two times that are set against each other apart from what
// is measured: "sales by region this year vs last year".
const (
	cTimeVersus cat = "time versus"
	cTimes      cat = "two times"
	cMoreIn     cat = "more in" // "more in September", which another time follows
)

// How two times are told of beside "versus": more in one than in the other, or
// only the one than the other, where "more" stands before the people.
const (
	moreForm     = "more"
	thanTimeForm = "than time"
	eitherForm   = "either" // "in May or June", of which one is asked for
)

// versusRules read two times set against each other that what is measured does
// not stand right before; rules_detail.go has those that it does.
func versusRules() map[pair]rule {
	m := map[pair]rule{
		{"between", cVal}: func(p *parse, _, b *node) []*node { // "compare revenue between Spain and Portugal"
			if len(b.vals) < 2 || !p.comparing() {
				return nil
			}
			return again(b, 0.02)
		},
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
		{cWin, "than"}:               func(_ *parse, a, _ *node) []*node { return formed(timeVersus(a, 0.02), thanTimeForm) },
		{cWin, "or"}:                 func(_ *parse, a, _ *node) []*node { return formed(timeVersus(a, 0), eitherForm) },
		{cTimeVersus, "unit_before"}: func(p *parse, a, b *node) []*node { return twoTimes(a, p.beforeIt(a.win, b.attr)) },
	}
	// "how many orders in May, and how many in June"
	m[pair{cWin, "and_how_many"}] = func(_ *parse, a, _ *node) []*node { return timeVersus(a, 0) }
	m[pair{cMeas, "and_how_many"}] = func(_ *parse, a, _ *node) []*node {
		if a.meas.win == nil {
			return nil
		}
		return one(&node{cat: "measure versus", meas: a.meas})
	}
	m[pair{cWin, "times"}] = func(p *parse, a, b *node) []*node { // "2024 x 2025"
		if b.to != b.from+1 || len(p.toks[b.from].folded) != 1 {
			return nil
		}
		return timeVersus(a, 0)
	}
	m[pair{cMeas, "times"}] = func(p *parse, a, b *node) []*node {
		if b.to != b.from+1 || len(p.toks[b.from].folded) != 1 || a.meas.win == nil {
			return nil
		}
		return one(&node{cat: "measure versus", meas: a.meas})
	}
	m[pair{cVal, "and_how_many"}] = func(_ *parse, a, _ *node) []*node {
		if a.neg {
			return nil
		}
		return one(&node{cat: cPart, left: a, joiner: "versus"})
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
	for _, word := range []cat{"than", "or"} { // "more in May than in June", "more in May or in June"
		m[pair{cMoreIn, word}] = func(_ *parse, a, _ *node) []*node { return formed(timeVersus(a, 0), moreForm) }
	}
	m[pair{"more", cWin}] = func(_ *parse, _, b *node) []*node {
		if b.win == nil || b.ever {
			return nil
		}
		return one(&node{cat: cMoreIn, win: b.win})
	}
	m[pair{"more", cCust}] = func(_ *parse, _, b *node) []*node { // "did more customers buy this year than last"
		if b.num != nil || b.form != "" {
			return nil
		}
		return formed(one(&node{cat: cCust, attr: b.attr}), moreForm)
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

// formed tells of nodes how their times were set against each other.
func formed(list []*node, form string) []*node {
	for _, n := range list {
		n.form = form
	}
	return list
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
	return one(&node{cat: cTimes, form: a.form, win: a.win, beside: []*syntax.Window{a.win, b}})
}

// overTimes gives what is measured, or whom it counts, the two times; false
// where it is no single measure, or has a time of its own.
func (s *parts) overTimes() bool {
	switch form := s.times.form; {
	case form == eitherForm && !s.morePeople && !s.whichTime():
		return false // who bought in May or June did so in either
	case form != eitherForm && s.morePeople != (form == thanTimeForm):
		return false // "more" is said of nothing, or of people in no other time
	}
	if len(s.meas) == 0 && len(s.conds) == 1 && !s.cust && s.conds[0].cat == cClause && plainThing(s.conds[0].clause) {
		c := s.conds[0]
		s.meas, s.conds = []*node{{cat: cMeas, from: c.from, to: c.to, meas: s.p.eventMeasure(c.clause)}}, nil
	}
	if len(s.meas) == 0 && !s.cust {
		s.spendMeasure() // "did we sell more in May than in June"
	}
	if s.times.form != moreForm && (s.times.form != eitherForm || s.morePeople) && len(s.meas) == 0 && len(s.conds) > 0 {
		s.counted = s.counted || s.morePeople
		if !s.cust && s.p.saysOurs() {
			return false // "we sold more VIP passes in May than in April" counts no people
		}
		return len(s.wins)+len(s.units)+len(s.ranks) == 0 // people, each time by itself
	}
	if s.morePeople || s.times.form == moreForm && (s.cust || s.p.people) || len(s.meas) != 1 || len(s.wins)+len(s.units)+len(s.ranks) > 0 {
		return false
	}
	x := *s.meas[0]
	m := *x.meas
	if m.win != nil || m.ever || m.versus != nil || len(m.beside) > 0 {
		return false
	}
	m.win, m.versus = s.times.beside[0], s.times.beside[1]
	x.meas = &m
	s.meas, s.times = []*node{&x}, nil
	return true
}

// whichTime takes what asks for the one of two times that has the most: both are
// shown.
func (s *parts) whichTime() bool {
	if !s.asks["ask_most"] && !s.asks["ask_least"] || len(s.units) > 1 || len(s.ranks) > 0 {
		return false
	}
	delete(s.asks, "ask_most")
	delete(s.asks, "ask_least")
	s.units, s.most = nil, nil
	return true
}

// ofTwoTimes takes the unit that two times are of: "which month had more, May or
// June?".
func (s *parts) ofTwoTimes() bool {
	if len(s.meas) != 1 || s.meas[0].meas.versus == nil || len(s.units) > 1 {
		return false
	}
	s.units = nil
	return true
}

// countedTwice counts the people of a plan in each of two times, where all that
// is said of them holds of one thing done: "how many bought this year vs last".
func (s *parts) countedTwice() bool {
	a, ok := s.plan.args.(tools.CountSegmentArgs)
	if !ok || s.plan.beside != nil || len(s.more) > 0 {
		return false
	}
	f := parseOr(a.Formula)
	if onlyWindow(f) != nil {
		return false
	}
	first, n := rewindow(f, s.times.beside[0])
	second, _ := rewindow(f, s.times.beside[1])
	if n != 1 {
		return false
	}
	s.plan.args, s.plan.beside = tools.CountSegmentArgs{Formula: first.String()}, tools.CountSegmentArgs{Formula: second.String()}
	return true
}

package planner

import (
	"strings"
	"time"

	"tesela/segment/syntax"
)

// priorRules read a time that is but "the last one" behind another that it is
// set against: "spent more this year than last", "ventas de este mes frente al
// anterior".
func priorRules() map[pair]rule {
	m := map[pair]rule{
		{cClause, "versus"}: func(p *parse, a, _ *node) []*node { // "bookings of this month vs the last"
			if c := a.clause; c.verb && !c.weak || c.neg || c.qty != nil || c.win == nil || c.fn != "" {
				return nil
			}
			return one(&node{cat: "measure versus", meas: p.eventMeasure(a.clause)})
		},
	}
	m[pair{"spent_time", cWin}] = func(p *parse, a, b *node) []*node { // "went all of 2025 without a visit"
		if k := p.core(b); b.win == nil || b.ever || k > a.to && p.says(k-1, "inside") || !p.deniedBehind(b.to) {
			return nil
		}
		return again(b, -0.2)
	}
	for _, word := range []cat{"calendar_last", "calendar_last_after", "prior"} {
		m[pair{cMoreThan, word}] = func(p *parse, a, _ *node) []*node {
			w := p.prior(a.win)
			if w == nil {
				return nil
			}
			return one(condNode(&syntax.Compare{Left: windowCall(a.clause, a.win), Op: syntax.Op(a.attr), Right: windowCall(a.clause, w)}))
		}
		m[pair{"measure versus", word}] = func(p *parse, a, _ *node) []*node { return p.versusPrior(a) }
		m[pair{"measure with", word}] = func(p *parse, a, _ *node) []*node {
			if !p.comparing() {
				return nil
			}
			return p.versusPrior(a)
		}
	}
	// "in the last 30 days than in the 30 before that"
	m[pair{cMoreThan, cTimeBefore}] = func(_ *parse, a, b *node) []*node {
		w := preceding(a.win, b.dur)
		if w == nil {
			return nil
		}
		return one(condNode(&syntax.Compare{Left: windowCall(a.clause, a.win), Op: syntax.Op(a.attr), Right: windowCall(a.clause, w)}))
	}
	m[pair{cTimeVersus, cTimeBefore}] = func(_ *parse, a, b *node) []*node { return twoTimes(a, preceding(a.win, b.dur)) }
	m[pair{"measure versus", cTimeBefore}] = func(_ *parse, a, b *node) []*node { return against(a, preceding(a.meas.win, b.dur)) }
	m[pair{"measure with", cTimeBefore}] = func(p *parse, a, b *node) []*node {
		if !p.comparing() {
			return nil
		}
		return against(a, preceding(a.meas.win, b.dur))
	}
	return m
}

func (p *parse) versusPrior(a *node) []*node {
	return against(a, p.prior(a.meas.win))
}

// against sets the time of a measure against another.
func against(a *node, w *syntax.Window) []*node {
	if w == nil {
		return nil
	}
	x := *a.meas
	x.versus = w
	return one(&node{cat: cMeas, meas: &x})
}

// prior is the period before one of the calendar's; nil for other times.
func (p *parse) prior(w *syntax.Window) *syntax.Window {
	if w == nil || w.Kind != syntax.WindowPeriod {
		return nil
	}
	if unit, ok := strings.CutPrefix(w.Period, "this "); ok {
		return &syntax.Window{Kind: syntax.WindowPeriod, Period: "last " + unit}
	}
	for layout, step := range map[string][2]int{"2006": {-1, 0}, "2006-01": {0, -1}} {
		if t, err := time.ParseInLocation(layout, w.Period, p.zone); err == nil {
			return &syntax.Window{Kind: syntax.WindowPeriod, Period: t.AddDate(step[0], step[1], 0).Format(layout)}
		}
	}
	return nil
}

// apartByThan tells whether a word such as "than" stands among the small words
// before a node: "este año que el pasado" is no "año pasado".
func (p *parse) apartByThan(from int, b *node) bool {
	for k := from; k < p.core(b); k++ {
		if p.says(k, "than") {
			return true
		}
	}
	return false
}

// deniedBehind tells whether what follows a token denies: "without".
func (p *parse) deniedBehind(k int) bool {
	for k < len(p.toks) && p.isGlue(k) && !p.holdsOneOf(k, "not", "none", "lacking") {
		k++
	}
	return k < len(p.toks) && (p.holdsOneOf(k, "not", "none", "lacking") || p.startsPhrase(k, "not") || p.startsPhrase(k, "none"))
}

package planner

import (
	"strings"

	"tesela/segment/syntax"
)

// yearEarlierRules read a time that is but "the same a year before" behind the
// one that it is set against: "revenue in April against the same month last
// year".
func yearEarlierRules() map[pair]rule {
	against := func(p *parse, a *node) []*node {
		w := p.yearEarlier(a.meas.win)
		if w == nil {
			return nil
		}
		x := *a.meas
		x.versus = w
		return one(&node{cat: cMeas, meas: &x, cost: -0.1})
	}
	return map[pair]rule{
		{"measure versus", "year_earlier"}: func(p *parse, a, _ *node) []*node { return against(p, a) },
		{"measure with", "year_earlier"}: func(p *parse, a, _ *node) []*node {
			if !p.comparing() {
				return nil
			}
			return against(p, a)
		},
		{cGrewTo, "year_earlier"}: func(p *parse, a, _ *node) []*node { // "how much did it grow in April over …"
			w := p.yearEarlier(a.meas.versus)
			if w == nil || a.attr != "than" {
				return nil
			}
			x := *a.meas
			x.win, x.versus = x.versus, w
			return one(&node{cat: cMeas, meas: &x, cost: -0.1})
		},
		{cMoreThan, "year_earlier"}: func(p *parse, a, _ *node) []*node { // "spent more this quarter than …"
			w := p.yearEarlier(a.win)
			if w == nil {
				return nil
			}
			return one(condNode(&syntax.Compare{Left: windowCall(a.clause, a.win), Op: syntax.Op(a.attr), Right: windowCall(a.clause, w)}))
		},
	}
}

// yearEarlier is a period a year before: as much of it as is over of one that is
// still running. Nil for a time without both ends.
func (p *parse) yearEarlier(w *syntax.Window) *syntax.Window {
	if w == nil {
		return nil
	}
	start, end, ok := p.daysOfWindow(w)
	if !ok {
		return nil
	}
	if end.After(p.asOf) {
		end = p.asOf.In(p.zone)
	}
	whole := ""
	from, to := start.AddDate(-1, 0, 0), end.AddDate(-1, 0, 0)
	switch {
	case w.Kind == syntax.WindowPeriod && strings.HasSuffix(w.Period, " week"):
		return nil // no week is the same a year before
	case to.Equal(from.AddDate(1, 0, 0)) && from.YearDay() == 1:
		whole = from.Format("2006")
	case to.Equal(from.AddDate(0, 1, 0)) && from.Day() == 1:
		whole = from.Format("2006-01")
	}
	return p.span(from, to, whole)[1].win
}

package planner

import (
	"slices"

	"tesela/tools"
)

// inMoney turns a number of things into what they come to where money is said
// of them, "deposit money by method"; false where the plan has a number of
// people in its place, or nothing to sum up.
func (s *parts) inMoney() bool {
	said := slices.ContainsFunc(s.p.toks, func(t token) bool {
		return t.kind == tokWord && has(s.p.lex.exact[t.folded], entry{cat: "money_of"}) && len(s.p.ix.value(t.folded)) == 0
	})
	m, ok := s.plan.args.(tools.MeasureArgs)
	if !s.asks["in_money"] && (!said || !ok || s.cust || len(m.Measures) != 1) {
		return !s.sharesMoney(said)
	}
	worth := ""
	if ok && len(m.Measures) == 1 {
		worth = s.p.worthOf(m.Measures[0])
	}
	switch {
	case worth != "":
		m.Measures = []string{worth}
		s.plan.args = m
	case s.asks["in_money"], s.asks["ask_share"] && len(s.meas) == 0:
		return false
	}
	return true
}

// sharesMoney tells whether a share of money is asked for that the plan takes
// for one of people, whom nothing names.
func (s *parts) sharesMoney(said bool) bool {
	_, people := s.plan.args.(tools.CountSegmentArgs)
	return said && people && !s.cust && s.asks["ask_share"]
}

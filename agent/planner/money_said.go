package planner

import (
	"slices"

	"tesela/tools"
)

// inMoney turns a number of things into what they come to where money is said
// of them, "deposit money by method"; false where the plan has a number of
// people in its place, or nothing to sum up.
func (s *parts) inMoney() bool {
	said := s.saidMoney()
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

// saidMoney tells whether money is spoken of that is no value here.
func (s *parts) saidMoney() bool {
	return slices.ContainsFunc(s.p.toks, func(t token) bool {
		return t.kind == tokWord && has(s.p.lex.exact[t.folded], entry{cat: "money_of"}) && len(s.p.ix.value(t.folded)) == 0
	})
}

// sharesMoney tells whether a share of money is asked for that the plan takes
// for one of people, whom nothing names.
func (s *parts) sharesMoney(said bool) bool {
	_, people := s.plan.args.(tools.CountSegmentArgs)
	return said && people && !s.cust && s.asks["ask_share"]
}

// mostIn is "the most in bets", "lo que más en depósitos": the most money of what is
// done.
func (p *parse) mostIn(most, b *node) []*node {
	c, at := b.clause, p.core(b)
	expr := p.moneyMeasure(c.event)
	if c.verb && !c.weak || c.neg || c.person || c.qty != nil || c.fn != "" || at == most.to || !p.says(at-1, "inside") || !p.manyAt(at) || expr == "" {
		return nil
	}
	return one(&node{cat: cMeas, attr: string(most.cat), cost: 0.02, meas: &meas{event: c.event, exprs: []string{expr}, where: c.where, win: c.win, ever: c.ever}})
}

// takeMeasure notes a measure, and that most or least of it is asked for.
func (s *parts) takeMeasure(x *node) {
	s.meas = append(s.meas, x)
	if x.attr == "ask_most" || x.attr == "ask_least" {
		s.asks[x.attr], s.most = true, x
	}
}

// meanWorth is "how much is a quote worth on average": the mean money of the one
// thing that is named.
func (s *parts) meanWorth() bool {
	if !s.asks["ask_amount"] || s.cust || s.perCust || len(s.conds) != 1 || len(s.stats) != 1 || s.stats[0].attr != "mean" || len(s.fields)+len(s.filters) > 0 {
		return false
	}
	c := s.conds[0].clause
	if s.conds[0].cat != cClause || !plainThing(c) {
		return false
	}
	sum := s.p.spendOf(c.event)
	if sum == nil || s.p.tied(c.event) {
		return false
	}
	expr := s.p.statOf("avg", field{event: c.event, name: sum.prop})
	s.meas, s.conds, s.stats = []*node{{cat: cMeas, meas: &meas{event: c.event, exprs: []string{expr}, where: c.where, win: c.win, ever: c.ever}}}, nil, nil
	return true
}

// moneyOfOthers takes revenue for that of what a value is of, where it has money of
// its own: "spa revenue" is what the extras came to, and none of the bookings'.
func (s *parts) moneyOfOthers() {
	if len(s.meas) != 1 || s.meas[0].cat != cMeas {
		return
	}
	m := s.meas[0].meas
	if len(m.exprs) != 1 || m.exprs[0] != "revenue" && m.exprs[0] != "gross_revenue" {
		return
	}
	for _, c := range s.conds {
		if c.cat != cVal || c.neg || c.text != "" || len(c.vals) == 0 {
			continue
		}
		event := s.p.ix.fields[c.vals[0].field].event
		other := slices.ContainsFunc(c.vals, func(v valueRef) bool { return s.p.ix.fields[v.field].event != event })
		if event == "" || other || event == s.p.ix.role("purchase") || event == s.p.ix.role("refund") {
			continue
		}
		if expr := s.p.moneyMeasure(event); expr != "" {
			x := *s.meas[0]
			x.meas = &meas{event: event, exprs: []string{expr}, where: m.where, win: m.win, ever: m.ever}
			s.meas = []*node{&x}
			return
		}
	}
}

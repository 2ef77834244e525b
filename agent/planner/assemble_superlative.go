package planner

import (
	"slices"

	"tesela/segment/syntax"
	"tesela/tools"
)

// superlative is "which country has the most customers", "top products",
// "the best-selling category".
func (s *parts) superlative() bool {
	if len(s.fields) != 1 || len(s.groups) > 0 || s.cust && s.p.ix.fields[s.fields[0].fields[0]].isNumber() && s.p.after(s.fields[0], "by") {
		return false // "los mejores por puntos" are ranked by them
	}
	if !s.cust && len(s.conds) == 1 && s.saysWhatTheyAre(s.conds[0]) && !s.asks["best_selling"] && !s.asks["most_common"] {
		s.cust = true // "the plan with most cancelled": of people that are so
		s.plan.cost += 0.3
	}
	event := ""
	m := &meas{exprs: []string{"customers"}}
	switch {
	case s.byMoney && !s.hasClause() && s.p.ix.role("amount") != "":
		event = s.p.ix.role("purchase")
		m = &meas{event: event, exprs: []string{"revenue"}}
		if other := s.ofOneEvent(); other != "" && other != event { // "which extra earns most"
			if event = other; s.p.moneyMeasure(event) == "" {
				return false
			}
			m = &meas{event: event, exprs: []string{s.p.moneyMeasure(event)}}
		}
	case s.cust && s.mostOfThem(): // "the channel that brings the best customers": best by what?
		s.plan.vague = append(s.plan.vague, s.p.typed(s.most.to-1, s.most.to))
	case s.cust && s.leadsToMost() && s.ofOneEvent() != "": // "which method do customers use most"
		event = s.ofOneEvent()
		m = s.p.eventMeasure(&clause{event: event})
	case s.cust && !s.asks["best_selling"] && !s.doing() && !s.mostOfWhatTheyDo():
		if of := s.doersApart(); of != nil && s.most != nil && s.most.from < s.custAt { // "… with the most members checking in"
			event, m, s.conds = of.event, of, nil
		}
	case len(s.conds) > 0 && s.conds[0].cat == cClause && !s.conds[0].clause.neg && s.conds[0].clause.qty == nil:
		c := s.conds[0].clause
		s.conds = s.conds[1:]
		m = s.p.eventMeasure(c)
		if c.person { // "the game with most players"
			if m.exprs = []string{doersOf(c.event)}; c.event == s.p.ix.role("purchase") {
				m.exprs = []string{"buyers"}
			}
		}
		if c.fn == syntax.Sum {
			m.exprs = []string{s.p.sumMeasure(c.event, c.prop)}
		}
		if s.byMoney {
			money := s.p.moneyMeasure(c.event)
			if money == "" {
				return false
			}
			m.exprs = []string{money}
		}
		event = c.event
	case s.asks["most_common"] || s.asks["best_selling"] && s.ofOthers(s.fields[0]): // "most popular service"
		f := s.p.ix.fields[s.p.preferred(s.fields[0].fields)]
		if f.event != "" {
			event = f.event
			m = s.p.eventMeasure(&clause{event: event})
		}
	case s.asks["best_selling"] || s.p.ix.fields[s.p.preferred(s.fields[0].fields)].event == s.p.ix.events["purchase"]:
		ev := s.p.ix.events["purchase"]
		if ev == "" {
			return false
		}
		event = ev
		m = s.p.eventMeasure(&clause{event: ev})
		if len(s.p.ix.concepts["quantity"]) > 0 {
			m.exprs = []string{s.p.ix.items()}
		}
		s.plan.assume = append(s.plan.assume, assumption{"best_by", map[string]string{"measure": m.exprs[0]}})
		if !s.asks["best_selling"] {
			s.plan.cost += 0.3
		}
	default:
		return false
	}
	if event == "" {
		f, ok := s.base()
		if !ok || len(s.wins) > 0 {
			return false
		}
		args := tools.MeasureArgs{Measures: m.exprs}
		if f != nil {
			args.Formula = f.String()
		}
		s.conds = nil
		return s.finishMeasure(args, "")
	}
	s.meas = append(s.meas, &node{cat: cMeas, meas: m})
	return s.measure()
}

// saysWhatTheyAre tells whether a condition is a value of people or a yes of
// theirs.
func (s *parts) saysWhatTheyAre(c *node) bool {
	if c.cat == cVal {
		return !c.neg && s.p.valueFilter(c, "") != nil
	}
	is, ok := c.cond.(*syntax.Compare)
	return c.cat == cCond && ok && traitOf(is) != "" && flipped(is) != nil
}

// mostOfThem tells whether people are said to be the best, not the most: by
// what only the asker knows.
func (s *parts) mostOfThem() bool {
	return s.most != nil && s.most.to == s.custAt && s.p.ofQuality(s.most)
}

// ofQuality tells whether what says the most says of what it is no more than
// "best" does.
func (p *parse) ofQuality(most *node) bool {
	folded, _, _ := p.phrase(most.to-1, most.to) // words without weight may stand before
	return slices.Contains(p.lex.exact[folded], entry{cat: "quality"})
}

// leadsToMost tells whether it is people who do something most, of which no
// more is said than "use".
func (s *parts) leadsToMost() bool {
	return s.most != nil && s.custAt >= 0 && s.custAt < s.most.from && len(s.conds) == 0 && !s.counted
}

// ofOneEvent is the event that the one field is of; "" where it is a trait or of
// several.
func (s *parts) ofOneEvent() string {
	event := ""
	for _, fi := range s.fields[0].fields {
		f := s.p.ix.fields[fi]
		if f.event == "" || event != "" && f.event != event {
			return ""
		}
		event = f.event
	}
	return event
}

// ofOthers tells whether a field is one of what is done besides buying.
func (s *parts) ofOthers(field *node) bool {
	event := s.p.ix.fields[s.p.preferred(field.fields)].event
	return event != "" && event != s.p.ix.events["purchase"]
}

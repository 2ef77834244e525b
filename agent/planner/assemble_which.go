package planner

import (
	"slices"

	"tesela/segment/syntax"
)

// whichOf is the list of values that a question chooses between, "who spends
// more, men or women?": no customers are named that could be ranked, but
// groups. Nil where there is none.
func (s *parts) whichOf() *node {
	if len(s.byValue) > 0 || len(s.ranks) > 0 || s.limit > 0 {
		return nil
	}
	for _, c := range s.conds {
		apart := s.setApart(c)
		if c.cat != cVal || len(c.vals) < 2 || c.neg || s.asks["ask_list"] && !apart {
			continue
		}
		if c.text != "or" && c.text != "versus" && !(apart && c.text == "and" && s.p.opensIt(c)) {
			continue // "between men and women, who spends more?" chooses too
		}
		if s.p.relative(c.to, &node{from: c.to, to: min(c.to+2, len(s.p.toks))}) {
			return nil // "women or men who bought most" are people
		}
		if f := s.p.ix.fields[c.vals[0].field]; f.event != "" || s.named && s.custAt < c.from && !s.setApart(c) {
			continue
		}
		return c
	}
	return nil
}

// whoseMore measures each of the groups: all that they did, and what one of
// them did. Which is meant only the asker knows.
func (s *parts) whoseMore(which *node, by syntax.Value) bool {
	call, ok := by.(*syntax.Call)
	if !ok || len(s.wins) > 0 && call.Window != nil {
		return false
	}
	m := s.p.asMeasure(&node{cat: "by value", rank: &rank{by: by}})
	if m == nil {
		return false
	}
	s.asks["ask_compare"] = true
	delete(s.asks, "ask_most")
	delete(s.asks, "ask_least")
	s.cust, s.named, s.counted = false, false, false
	each := *s
	each.conds, each.assume = slices.Clone(s.conds), slices.Clone(s.assume)
	each.plan.bare, each.plan.assume = nil, nil
	s.meas = []*node{{cat: cMeas, meas: m}}
	if !s.measure() {
		return false
	}
	other := s.p.eventMeasure(&clause{event: call.Event, where: m.where, win: m.win})
	if list := s.p.perCustomer(&node{meas: m}); list != nil {
		other = list[0].meas
	}
	each.meas = []*node{{cat: cMeas, meas: other}}
	if each.measure() {
		s.more = append(s.more, &each.plan)
	}
	return true
}

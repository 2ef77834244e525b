package planner

import (
	"strings"

	"tesela/segment/syntax"
)

// thingsUndergo counts what happened to things where nobody is named who could
// have done it: "bookings cancelled in May" are cancellations of May, and no
// bookings of those who cancelled. False where the two cannot be said in one.
func (s *parts) thingsUndergo() bool {
	if s.cust || s.p.people || len(s.meas) != 1 || len(s.meas[0].meas.exprs) != 1 || s.meas[0].to == 0 {
		return true
	}
	m := s.meas[0].meas
	if m.exprs[0] != "orders" && m.exprs[0] != (&syntax.Call{Fn: "events", Event: m.event}).String() {
		return true
	}
	for i, c := range s.conds {
		if c.cat != cClause || !c.clause.verb || c.clause.person || c.clause.event == m.event {
			continue
		}
		if !s.rightBehind(s.meas[0], c) && !s.rightBehind(c, s.meas[0]) || !s.p.undergone(c) {
			continue
		}
		if !plainlyDone(c.clause) || c.clause.fn == "" && len(c.clause.where)+len(m.where) > 0 || m.win != nil && c.clause.win != nil {
			return false
		}
		x := *c.clause
		x.fn = ""
		if x.win == nil {
			x.win, x.ever = m.win, m.ever
		}
		s.meas[0] = &node{cat: cMeas, from: s.meas[0].from, to: s.meas[0].to, meas: s.p.eventMeasure(&x)}
		s.conds = append(s.conds[:i:i], s.conds[i+1:]...)
		return true
	}
	return true
}

// undergone tells whether a statement is said of what it was done to: by a
// participle ("cancelled", "canceladas") or a word such as "se".
func (p *parse) undergone(n *node) bool {
	for k := max(0, n.from-1); k < min(n.to+1, len(p.toks)); k++ {
		if p.holdsOneOf(k, "undergo") {
			return true
		}
		if k < n.from || k >= n.to {
			continue
		}
		w := strings.TrimSuffix(p.toks[k].folded, "s")
		for _, end := range p.lex.participles {
			if strings.HasSuffix(w, end) || strings.HasSuffix(end, "o") && strings.HasSuffix(w, strings.TrimSuffix(end, "o")+"a") {
				return true
			}
		}
	}
	return false
}

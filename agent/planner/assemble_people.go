package planner

import (
	"slices"

	"tesela/segment/syntax"
	"tesela/tools"
)

// people is a set of customers: counted, or listed where a list was asked for.
func (s *parts) people() bool {
	if s.asks["ask_amount"] || s.asks["ask_compare"] || len(s.wins) > 0 && !s.openWindow() {
		return false
	}
	for _, f := range s.filters { // "who gave a score of 9"
		if slices.ContainsFunc(s.conds, func(c *node) bool { return c.cat == cClause && c.clause.event == f.text && !c.clause.neg }) {
			return false // of one row, or of two
		}
		if f.neg || s.objectOf(f) {
			return false // who never used a coupon, not who bought without one once
		}
		if s.p.had(f) && f.attr == "figure" {
			return false // who has 500 points did not cash in as many at once
		}
		s.conds = append(s.conds, &node{cat: cClause, clause: &clause{event: f.text, where: []syntax.Formula{f.cond}, verb: true, qualified: true}})
	}
	s.filters = nil
	if !s.cust && len(s.conds)+len(s.distinct) == 0 && !(s.asks["ask_count"] && len(s.plan.unknown) > 0) {
		return false
	}
	if s.countsThings() {
		return false
	}
	if done, ok := s.chooseEvent(); done {
		return ok
	}
	f, ok := s.base()
	if !ok {
		return false
	}
	if f == nil {
		if word := s.p.saysByItself(); word != "" && len(s.plan.unknown) == 0 {
			s.plan.unknown = append(s.plan.unknown, word)
		}
		f = &syntax.Everyone{}
	}
	s.plan.headless = !s.named && len(s.asks) == 0
	if s.limit > 0 && (!s.asks["ask_list"] || s.asks["ask_count"]) {
		return false
	}
	if s.asks["ask_list"] && !s.asks["ask_count"] {
		s.plan.tool, s.plan.args = "list_customers", tools.ListCustomersArgs{Formula: f.String(), Limit: s.limit}
		return true
	}
	// A bare statement about things, not people, is no question about people.
	if !s.cust && !s.asks["ask_count"] && len(s.conds) == 1 && s.conds[0].cat == cVal && s.conds[0].text != "nor" {
		return false
	}
	s.plan.tool, s.plan.args = "count_segment", tools.CountSegmentArgs{Formula: f.String()}
	s.elsewhere()
	s.orEveryone()
	return true
}

// headCount tells whether it is people that the question asks the number of,
// before it comes to a measure: "how many customers …".
func (s *parts) headCount(m *node) bool {
	return s.asks["ask_count"] && s.cust && !s.perCust && s.custAt >= 0 && s.custAt < s.p.core(m)
}

// howManyDid tells whether "how many" stands right before a word that can only
// say what they did: "cuántos canjearon puntos" asks for people, not for points.
func (p *parse) howManyDid() bool {
	for k, t := range p.toks {
		if k == 0 || !p.lex.states(t.folded) {
			continue
		}
		for i := max(0, k-3); i < k; i++ {
			if slices.ContainsFunc(p.cells[i][k], func(n *node) bool { return n.cat == "ask_count" && n.cost < costFuzzy }) {
				return true
			}
		}
	}
	return false
}

// sums tells whether a measure adds a figure of rows up.
func (p *parse) sums(n *node) bool {
	if len(n.meas.exprs) != 1 {
		return false
	}
	call := p.callOf(n.meas.exprs[0])
	return call != nil && call.Fn == syntax.Sum
}

// whoGoesBack makes people of what the question is about where "who" is said,
// which is nobody by itself.
func (s *parts) whoGoesBack() {
	p := s.p
	if !p.people || len(s.conds)+len(s.byValue)+len(s.ranks) == 0 || len(s.fields) == 1 && p.whoIs(s.fields[0]) {
		return
	}
	s.cust = true
	if s.custAt < 0 && p.women > 0 && len(s.ranks)+len(s.byValue) == 0 { // "deposits of women players" counts deposits
		s.custAt = p.women - 1
	}
	if s.custAt < 0 {
		s.custAt = s.tracedBack()
	}
}

// tracedBack is where people are named whom "who" goes back to and that a value
// of theirs stands for: "orders by brand of women who opened an email"; -1 where
// there are none.
func (s *parts) tracedBack() int {
	for i := 1; i < len(s.conds); i++ {
		if c, of := s.conds[i], s.conds[i-1]; c.cat == cClause && of.cat == cVal && c.from <= of.to+1 && s.p.inRelative(c) && s.p.valueFilter(of, "") != nil {
			return s.p.core(of)
		}
	}
	return -1
}

// whoDidMore tells whether people are asked for by "who" of whom something grew:
// no figure of everybody answers that, where no groups of them are compared.
func (s *parts) whoDidMore() bool {
	p := s.p
	if slices.ContainsFunc(s.conds, func(c *node) bool { return c.cat == cVal }) {
		return false
	}
	return p.people && p.saysPhrase(entry{cat: "grew"}) && slices.ContainsFunc(indices(0, len(p.toks)), func(i int) bool {
		return p.opensWith(i) && p.holdsOneOf(i, "people_words")
	})
}

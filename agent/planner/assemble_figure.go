package planner

import (
	"slices"
	"strconv"
	"strings"

	"tesela/segment/syntax"
)

// spendMeasure turns "how much did … spend" into the measure it asks for.
func (s *parts) spendMeasure() {
	if !s.asks["ask_amount"] && !(s.asks["ask_what"] && !s.cust) && !s.spendHead() || len(s.meas) > 0 {
		return
	}
	if s.asks["ask_amount"] && !s.cust && len(s.fields)+len(s.filters) == 0 && s.p.ix.role("amount") != "" && !s.hasClause() {
		// "how much did we make in May"
		s.meas = append(s.meas, &node{cat: cMeas, meas: &meas{event: s.p.ix.role("purchase"), exprs: []string{"revenue"}}})
		s.plan.cost += 0.2
		return
	}
	if s.meanWorth() {
		return
	}
	// Who "returned something" in "how much did people who returned something
	// spend" is who is meant, not what is asked for.
	apart := slices.ContainsFunc(s.conds, func(c *node) bool {
		return c.cat == cClause && (c.clause.fn == syntax.Sum || c.clause.verb && !c.clause.person) && c.clause.qty == nil && !c.clause.neg && !s.p.inRelative(c)
	})
	for i, c := range s.conds {
		if c.cat != cClause || c.clause.neg || c.clause.qty != nil || apart && s.p.inRelative(c) || s.tellsApart(c) {
			continue
		}
		m := &meas{event: c.clause.event, where: c.clause.where, win: c.clause.win}
		switch {
		case c.clause.fn == syntax.Sum:
			m.exprs = []string{s.p.sumMeasure(c.clause.event, c.clause.prop)}
		case s.asks["ask_amount"] && (c.clause.verb || c.clause.fn == "" && !c.clause.person && s.perCust && !s.p.manyOf(c)) && s.p.moneyMeasure(c.clause.event) != "":
			m.exprs = []string{s.p.moneyMeasure(c.clause.event)} // "how much did they buy"
		default:
			continue
		}
		s.meas = append(s.meas, &node{cat: cMeas, meas: m})
		s.conds = append(s.conds[:i:i], s.conds[i+1:]...)
		return
	}
}

// tellsApart tells whether a clause says which of the people that were named are
// meant: "customers who returned something".
func (s *parts) tellsApart(c *node) bool {
	return s.custAt >= 0 && s.custAt < c.from && s.p.inRelative(c)
}

// spendHead tells whether money spent is what the question begins with: "spend
// of women from Lisbon" asks for a sum, not for people who spent.
func (s *parts) spendHead() bool {
	if n := len(s.asks); n > 1 || n == 1 && !s.asks["ask_compare"] || len(s.conds) == 0 || len(s.ranks)+len(s.byValue)+len(s.fields) > 0 || s.limit > 0 {
		return false
	}
	c := s.conds[0]
	return c.cat == cClause && c.clause.noun && !c.clause.neg && c.clause.qty == nil && (s.custAt < 0 || c.from < s.custAt) && (s.asks["ask_compare"] || s.p.opensWith(s.p.core(c)))
}

// firstTime is "who bought for the first time, by month": the new buyers.
func (s *parts) firstTime() bool {
	c := s.firsts[0].clause
	per := false
	for _, g := range s.groups {
		per = per || g.groups[0].per != ""
	}
	if len(s.firsts) > 1 || s.firsts[0].attr != string(syntax.First) || c.event != s.p.ix.role("purchase") || len(c.where) > 0 || len(s.meas) > 0 || !per && !s.asks["trend"] {
		return false
	}
	s.meas = append(s.meas, &node{cat: cMeas, meas: &meas{event: c.event, exprs: []string{"new_buyers"}}})
	s.counted = false
	return true
}

// namesPeople tells whether some value of a trait stands for people: "Germans".
func (s *parts) namesPeople() bool {
	for _, c := range s.conds {
		if c.cat == cVal && s.p.valueFilter(c, "") != nil {
			return true
		}
	}
	return false
}

func (s *parts) hasClause() bool {
	for _, c := range s.conds {
		if c.cat != cVal {
			return true
		}
	}
	return false
}

// eventsAsMeasure takes a bare noun of an event as the number of them, where
// nothing else in the question is being counted: "orders per month". A verb
// without more beside a measure ("items sold", "orders placed") adds only its
// time and filters.
func (s *parts) eventsAsMeasure() {
	s.fieldAsMeasure()
	if len(s.meas) == 0 && !s.asks["ask_amount"] && (!s.asks["ask_share"] || len(s.groups) > 0 && !s.cust) {
		for i, c := range s.conds {
			// "orders by month of customers who …" counts orders: the head comes
			// first.
			if s.cust && (c.from >= s.custAt || s.custAt < 0 || len(s.groups) == 0 && !s.ofPeople(c) || s.asks["ask_count"]) {
				continue
			}
			if c.cat == cClause && !s.p.had(c) && !s.p.gotByThose(c) && (!s.asks["ask_count"] || !s.p.doneByPeople(c)) && !c.clause.verb && !c.clause.neg && c.clause.qty == nil && c.clause.fn == "" &&
				(!s.asks["ask_list"] || len(s.groups) > 0 || s.asks["ask_most"] || s.asks["ask_least"] || s.asks["trend"]) {
				m := s.p.eventMeasure(c.clause)
				m.beside = s.p.twoPeriods(c)
				s.meas = append(s.meas, &node{cat: cMeas, from: c.from, to: c.to, meas: m})
				s.conds = append(s.conds[:i:i], s.conds[i+1:]...)
				break
			}
		}
	}
	s.absorbVerb()
}

// had tells whether a thing is said to be had: "women with a deposit" are
// people.
func (p *parse) had(n *node) bool { return p.after(n, "is_set") }

// gotByThose tells whether a thing is said to have been got by people whom a value
// of theirs stands for: "Brazilians who won a bonus" are people, not bonuses.
func (p *parse) gotByThose(n *node) bool {
	k := p.core(n) - 1
	for k >= 0 && p.holdsOneOf(k, "articles") {
		k--
	}
	if k < 0 || !p.holdsOneOf(k, "light") {
		return false
	}
	for k--; k > 0 && p.isGlue(k) && !p.holdsOneOf(k, "relatives"); k-- {
	}
	return k > 0 && p.holdsOneOf(k, "relatives") && slices.ContainsFunc(indices(max(0, k-maxPhrase), k), func(i int) bool {
		return slices.ContainsFunc(p.cells[i][k], func(v *node) bool { return v.cat == cVal && v.cost < costFuzzy && p.valueFilter(v, "") != nil })
	})
}

// after tells whether a word of a category stands right before what a node
// names, within it or outside.
func (p *parse) after(n *node, cat string) bool {
	for k := max(0, n.from-1); k <= p.core(n) && k < n.to; k++ {
		for _, e := range p.lex.exact[p.toks[k].folded] {
			if e.cat == cat {
				return true
			}
		}
	}
	return false
}

// absorbVerb lets a bare verb of the measured event ("where do we sell most")
// add only its time and filters.
func (s *parts) absorbVerb() {
	if len(s.meas) != 1 {
		return
	}
	m := s.meas[0].meas
	for i, c := range s.conds {
		if s.cust && !s.doTheMeasured(c) || c.cat == cClause && c.clause.person && len(c.clause.where) > 0 {
			continue // "revenue from buyers of shoes" is all of theirs
		}
		if c.cat == cClause && s.p.inRelative(c) && (s.tracedBack() >= 0 || s.groupsWhatIsOne(c.clause)) {
			continue // "brands bought by women who bought Aldora": the others are asked for, too
		}
		if c.cat != cClause || c.clause.neg || c.clause.qty != nil || !c.clause.verb && !s.cust || c.clause.event != m.event || m.win != nil && c.clause.win != nil || s.p.isValueOf(c, m.event) {
			continue
		}
		if call := s.p.callOf(m.exprs[0]); c.clause.fn == syntax.Sum && call != nil && call.Fn != syntax.Sum {
			continue // "spend" says more than that there were orders
		}
		x := *m
		if each, ok := strings.CutSuffix(m.exprs[0], " / customers"); ok && s.p.inRelative(c) {
			x.exprs = []string{each + " / " + doersOf(m.event)} // "per customer who complained"
		}
		x.where = append(append([]syntax.Formula(nil), x.where...), c.clause.where...)
		if x.win == nil {
			x.win = c.clause.win
		}
		s.meas[0] = &node{cat: cMeas, meas: &x}
		s.conds = append(s.conds[:i:i], s.conds[i+1:]...)
		return
	}
}

// groupsWhatIsOne tells whether a clause holds what is to be broken down to one
// of its values.
func (s *parts) groupsWhatIsOne(c *clause) bool {
	for _, g := range s.groups {
		for _, w := range c.where {
			if eq, ok := w.(*syntax.Compare); ok && len(g.groups) > 0 && g.groups[0].per == "" && syntax.Equal(eq.Left, &syntax.Name{Name: s.p.ix.fields[g.groups[0].field].name}) {
				return true
			}
		}
	}
	return false
}

// doTheMeasured tells whether people are but who did what is measured: "how many
// nights did guests book in 2025" is of the nights of that year. Where they are
// told apart by it ("guests who booked"), their whole time counts.
func (s *parts) doTheMeasured(c *node) bool {
	head := s.meas[0]
	asked := s.p.holdsPhrase(head, "ask_count") || s.p.holdsPhrase(head, "ask_amount") || s.p.relativeAt(head.to) // "the nights that guests booked"
	return asked && s.custAt >= 0 && s.custAt <= c.from && head.to <= s.custAt && c.cat == cClause && !c.clause.person &&
		c.clause.fn == "" && (c.clause.verb || s.p.core(c) == c.from) && !s.p.inRelative(c)
}

// fieldAsMeasure takes a bare money field of an event as its sum: "stake by
// game".
func (s *parts) fieldAsMeasure() {
	if len(s.meas) > 0 || s.cust || len(s.fields) == 0 || s.asks["ask_count"] {
		return
	}
	for i, n := range s.fields {
		if items := s.p.itemsSold(n); items != nil && len(s.groups) > 0 { // "books sold by genre"
			s.meas, s.fields = append(s.meas, items[0]), append(s.fields[:i:i], s.fields[i+1:]...)
			return
		}
		f := s.p.ix.fields[s.p.preferred(n.fields)]
		expr := s.figureMeant(f)
		if f.event == "" || n.num != nil || expr == "" {
			continue
		}
		s.meas = append(s.meas, &node{cat: cMeas, meas: &meas{event: f.event, exprs: []string{expr}}})
		s.fields = append(s.fields[:i:i], s.fields[i+1:]...)
		return
	}
}

// figureMeant is what a bare field of events is measured by: money by its sum,
// a number where the most of it is asked for ("the zone with most kwh"), and a
// mark by its average ("the club with the highest score").
func (s *parts) figureMeant(f field) string {
	switch {
	case f.kind == "money":
		return s.p.sumMeasure(f.event, f.name)
	case f.kind != "number" || s.most == nil || len(s.groups)+len(s.units)+len(s.fields) < 2 || len(s.byValue) > 0:
		return ""
	case !s.p.ofSize(s.most) && !s.p.ofQuality(s.most):
		return s.p.sumMeasure(f.event, f.name)
	case f.markLike():
		return s.p.statOf("avg", f)
	}
	return ""
}

// markLike tells whether a number runs as marks do, up to ten.
func (f field) markLike() bool {
	high, err := strconv.ParseFloat(f.high, 64)
	return err == nil && f.kind == "number" && high <= 10
}

package planner

import (
	"fmt"
	"slices"

	"tesela/segment/syntax"
	"tesela/tools"
)

// regularly tells whether a period was said as "every week", not "by week".
func (p *parse) regularly(n *node) bool {
	for _, t := range p.toks[n.from:n.to] {
		for _, e := range p.lex.exact[t.folded] {
			if e.cat == "every" {
				return true
			}
		}
	}
	return false
}

// customersBy is "customers by country".
func (s *parts) customersBy() bool {
	if len(s.filters) > 0 || len(s.stats) > 0 || s.perCust || s.asks["ask_amount"] {
		return false
	}
	if s.asks["ask_share"] && len(s.conds) > 0 || s.ranksFigure() {
		return false
	}
	perTime := false
	for _, g := range s.groups {
		for _, one := range g.groups {
			perTime = perTime || one.per != ""
			if one.per != "" && s.cust && !s.asks["ask_count"] && s.p.regularly(g) {
				return false // "who bought every week" asks for regular people
			}
		}
	}
	s.plan.headless = !s.cust && len(s.conds) == 0
	args := tools.MeasureArgs{Measures: []string{"customers"}}
	if len(s.wins) > 0 && (!perTime || len(s.wins) > 1) {
		return false
	}
	if perTime {
		// People per month are those who did something in it.
		if len(s.conds) != 1 || s.conds[0].cat != cClause {
			return false
		}
		c := s.conds[0].clause
		if c.neg || c.qty != nil {
			return false
		}
		args.Measures = []string{fmt.Sprintf("doers(%s)", syntax.Quote(c.event))}
		if c.event == s.p.ix.role("purchase") {
			args.Measures = []string{"buyers"}
		}
		if len(c.where) > 0 {
			args.Where = syntax.All(c.where...).String()
		}
		if c.win != nil {
			args.Window = c.win.String()
		}
		if len(s.wins) == 1 { // "cancelled each month over the last six months"
			if c.win != nil || c.ever || s.wins[0].win == nil {
				return false
			}
			args.Window = s.wins[0].win.String()
		}
		return s.finishMeasure(args, c.event)
	}
	if len(s.conds) == 1 && s.conds[0].cat == cClause && !s.conds[0].clause.qualified {
		s.plan.cost += 0.2 // "buyers by country" has a measure of its own
	}
	if m := s.doersApart(); m != nil {
		s.meas, s.conds, s.counted = append(s.meas, &node{cat: cMeas, meas: m}), nil, false
		return s.measure()
	}
	f, ok := s.base()
	if !ok {
		return false
	}
	if s.strayGroup() {
		s.plan.cost += 0.15
	}
	if f != nil {
		args.Formula = f.String()
	}
	args.Shares = s.asks["ask_share"] // "what share of accounts is in each region"
	return s.finishMeasure(args, "")
}

// ranksFigure tells whether people are ranked by a figure of theirs that they
// would be told apart by: "the top ten customers by balance".
func (s *parts) ranksFigure() bool {
	if len(s.groups) != 1 || len(s.ranks) == 0 && s.limit == 0 && !s.asks["ask_most"] && !s.asks["ask_least"] {
		return false
	}
	g := s.groups[0].groups[0]
	return g.layer == "" && g.field >= 0 && s.p.ix.fields[g.field].isNumber()
}

// share is "what share of … did …": of those told before the verb, else of
// those named by their values, else of everyone.
func (s *parts) share() bool {
	if len(s.wins)+len(s.meas)+len(s.ranks)+len(s.fields)+len(s.filters) > 0 || len(s.conds) == 0 {
		return false
	}
	if c := s.conds[0]; s.asks["rate"] && c.cat == cClause && (!c.clause.verb || c.clause.weak) && !c.clause.person {
		return false // a rate of cancellations is of what may be cancelled, not of people
	}
	s.doersFirst()
	if done, ok := s.shareAmong(); done {
		return ok
	}
	split := s.shareSplit()
	var of, did []syntax.Formula
	for k, c := range s.conds {
		n := s.p.asCond(c)
		if n == nil {
			return false
		}
		s.note(c)
		if k < split || split < 0 && (c.cat == cVal || k == 0 && len(s.conds) > 1 && s.namesDoers(k)) {
			of = append(of, n.cond)
		} else {
			did = append(did, n.cond)
		}
	}
	if len(s.groups) > 0 { // "the share of customers with the app, by city"
		did = append(of, did...)
		args := tools.MeasureArgs{Measures: []string{fmt.Sprintf("customers(%s) / customers", syntax.All(did...))}}
		return s.finishMeasure(args, "")
	}
	if len(did) == 0 || len(of) == 0 {
		f := syntax.All(append(of, did...)...)
		s.plan.tool, s.plan.args = "count_segment", tools.CountSegmentArgs{Formula: f.String()}
		return true
	}
	args := tools.MeasureArgs{Formula: syntax.All(of...).String()}
	args.Measures = []string{fmt.Sprintf("customers(%s) / customers", syntax.All(did...))}
	s.plan.tool, s.plan.args = "measure", args
	return true
}

// sharesThing tells whether the first statement begins with the name of an event
// right behind what asks for a share, "what part of the receipts was paid in
// cash": of those it is one, though the name may be a verb as well.
func (s *parts) sharesThing() bool {
	p, c := s.p, s.conds[0]
	at := p.core(c)
	if p.core(&node{from: s.shareAt, to: c.to}) != at || c.clause.person {
		return false
	}
	for j := at + 1; j < c.to; j++ {
		for _, n := range p.cells[at][j] {
			if n.cat == cClause && n.clause.event == c.clause.event && !n.clause.verb && n.clause.fn == "" {
				return true
			}
		}
	}
	return false
}

// sharedByPeople tells whether a share of things is asked for that some people have
// done: of "what part of the deposits do gold players make" those are no share of the
// people.
func (s *parts) sharedByPeople() bool {
	if len(s.conds) != 2 || s.conds[0].cat != cClause || s.conds[1].cat != cVal || s.conds[0].to > s.custAt || s.counted || s.perCust {
		return false
	}
	c := s.conds[0]
	behind := s.p.core(&node{from: s.shareAt, to: c.to}) == s.p.core(c)
	return behind && !c.clause.verb && !c.clause.person && s.p.isTraitValue(s.conds[1])
}

// doersFirst parts people named for what they did from how they did it: of
// "donors, what share gives in cash" donors are whom the share is of.
func (s *parts) doersFirst() {
	if len(s.conds) != 1 || !s.namesDoers(0) {
		return
	}
	c := s.conds[0]
	if len(c.clause.where) == 0 || c.clause.neg || c.clause.qty != nil {
		return
	}
	all := *c
	all.clause = c.clause.with(func(d *clause) { d.where = nil })
	some := *c
	some.clause = c.clause.with(func(d *clause) { d.person = false })
	some.from = c.to // said behind
	s.conds = []*node{&all, &some}
}

// shareOfEvents is "share of orders that were gifts": done tells that it is of
// events, ok that it could be said.
func (s *parts) shareOfEvents() (done, ok bool) {
	named := s.shareOfValue()
	if len(s.conds) == 2 && s.conds[0].cat == cVal && s.p.amongThings > s.p.core(s.conds[0]) {
		s.conds[0], s.conds[1] = s.conds[1], s.conds[0] // "the solved among the urgent tickets"
	}
	if len(s.conds) == 0 || s.conds[0].cat != cClause || s.conds[0].clause.verb && !s.sharesThing() || s.conds[0].clause.fn != "" {
		return false, false
	}
	c := *s.conds[0].clause
	if c.neg || c.qty != nil {
		return true, false
	}
	if s.asks["rate"] && s.p.isMessageEvent(c.event) {
		return true, false // of what was opened how much was sent, nothing here says
	}
	if len(s.groups) > 0 && s.asks["rate"] && !named {
		return true, false // a rate by campaign is no share of them all
	}
	part := s.partSaid(&c)
	if len(s.groups) > 0 && len(c.where)+len(s.filters) == 0 && part == nil && (len(s.conds) != 2 || s.conds[1].cat != cClause) {
		return false, false // "purchases by form of payment, in per cent"
	}
	s.conds = s.conds[1:]
	if part != nil {
		s.conds = s.conds[1:]
	}
	for _, f := range s.filters {
		if f.text != c.event {
			return true, false
		}
		c.where = append(c.where[:len(c.where):len(c.where)], f.cond)
	}
	s.filters = nil
	if len(c.where) == 0 && part == nil {
		return true, s.shareDone(&c)
	}
	base := c.where
	said, left := s.saidOf(c.event)
	if said = append(said, c.where...); part != nil {
		said = append(said, part)
	}
	if is, of, ok := s.divided(c.event, said); ok {
		part, base, s.conds = syntax.All(is...), of, left
	} else if part == nil {
		part, base = s.p.outcome(c.where)
	}
	is, all := &syntax.Call{Fn: syntax.Count, Event: c.event, Where: part}, &syntax.Call{Fn: syntax.Count, Event: c.event}
	delete(s.asks, "ask_share")
	s.meas = append(s.meas, &node{cat: cMeas, meas: &meas{event: c.event, where: base, win: c.win, exprs: []string{fmt.Sprintf("%s / %s", is, all)}}})
	return true, s.measure()
}

// partSaid is the value behind the things that a share is of: of "pilates
// bookings that were cancelled" it is what some of them are, the rest says which
// they are.
func (s *parts) partSaid(c *clause) syntax.Formula {
	if len(s.conds) < 2 || s.conds[1].cat != cVal || len(c.where) > 0 && !s.copulaBefore(1) {
		return nil
	}
	return s.p.valueFilter(s.conds[1], c.event)
}

// copulaBefore tells whether a verb that only ties stands between a condition
// and the one before it.
func (s *parts) copulaBefore(k int) bool {
	for at := s.p.core(s.conds[k-1]) + 1; at < s.p.core(s.conds[k]); at++ {
		if s.p.isWord(at, "copula") {
			return true
		}
	}
	return false
}

// outcome parts the one condition that tells what became of things, by a value
// such as "cancelled", from those that tell which things: "the share of pilates
// bookings cancelled". Where there is not one such, all are the part.
func (p *parse) outcome(where []syntax.Formula) (part syntax.Formula, rest []syntax.Formula) {
	at := -1
	for i, f := range where {
		if is, ok := f.(*syntax.Compare); ok && len(where) > 1 {
			if t, ok := is.Right.(*syntax.Text); ok && p.tellsDone(t.Value) {
				if at >= 0 {
					return syntax.All(where...), nil
				}
				at = i
			}
		}
	}
	if at < 0 {
		return syntax.All(where...), nil
	}
	return where[at], slices.Delete(slices.Clone(where), at, at+1)
}

// shareOfValue puts the event in the place of a value that rows of it, and
// nothing else, have: "the rate of cancellations" is of visits.
func (s *parts) shareOfValue() bool {
	if len(s.conds) != 1 || s.conds[0].cat != cVal || s.conds[0].neg || s.conds[0].text != "" || s.p.isTraitValue(s.conds[0]) {
		return false
	}
	n := s.conds[0]
	event := s.p.ix.fields[n.vals[0].field].event
	f := s.p.valueFilter(n, event)
	if event == "" || f == nil {
		return false
	}
	x := *n
	x.cat, x.vals, x.clause = cClause, nil, &clause{event: event, where: []syntax.Formula{f}, qualified: true}
	s.conds = []*node{&x}
	return true
}

// shareOfTop tells whether the share is asked that the best customers have of a
// figure: no number of them says it.
func (s *parts) shareOfTop() bool {
	return s.asks["ask_share"] && len(s.meas) == 1 && len(s.ranks) > 0 && len(s.groups)+len(s.fields) == 0
}

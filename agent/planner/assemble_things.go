package planner

import "slices"

// standFor puts the measures and fields that words stand for in their place.
func (s *parts) standFor() {
	s.thingsDone()
	s.thingsOf()
	s.doneMost()
	s.kindsRanked()
	s.figureApart()
	s.spendMeasure()
	s.moneyOfOthers()
	s.eventsAsMeasure()
	s.comparedBy()
	s.mostOfFigure()
}

// figureApart reads "nights by room type": a figure of what is done, told apart, is
// what it adds up to; a score is its mean.
func (s *parts) figureApart() {
	if len(s.fields) != 1 || len(s.groups) == 0 || s.cust || s.counted || s.perCust || s.limit > 0 ||
		len(s.meas)+len(s.ranks)+len(s.byValue)+len(s.units)+len(s.stats)+len(s.distinct)+len(s.with) > 0 {
		return
	}
	for _, k := range []string{"ask_most", "ask_least", "ask_count", "ask_share", "ask_compare", "trend", "why"} {
		if s.asks[k] {
			return
		}
	}
	fi := s.p.preferred(s.fields[0].fields)
	f := s.p.ix.fields[fi]
	if f.event == "" || f.kind != "number" || s.p.core(s.fields[0]) > s.p.core(s.groups[0]) {
		return
	}
	expr := s.p.sumMeasure(f.event, f.name)
	if overlaps([]int{fi}, s.p.ix.concepts["score"]) {
		expr = s.p.statOf("avg", f)
	}
	s.meas = []*node{{cat: cMeas, from: s.fields[0].from, to: s.fields[0].to, meas: &meas{event: f.event, exprs: []string{expr}}}}
	s.fields = nil
	s.plan.cost += 0.1
}

// thingsOf reads "what brands do customers in Spain buy", "qué formas de pago
// usan las mujeres": what is asked for is none of the people but what they did,
// told apart by a field of it.
func (s *parts) thingsOf() {
	if len(s.fields) != 1 || !s.asks["ask_what"] && !s.asks["ask_list"] || s.counted || s.perCust || s.limit > 0 ||
		len(s.meas)+len(s.groups)+len(s.ranks)+len(s.byValue)+len(s.units)+len(s.stats)+len(s.distinct)+len(s.with)+len(s.filters) > 0 {
		return
	}
	for _, k := range []string{"ask_most", "ask_least", "ask_count", "ask_amount", "ask_share", "ask_compare", "trend"} {
		if s.asks[k] {
			return
		}
	}
	field := s.fields[0]
	if s.custAt >= 0 && s.custAt < field.from {
		return
	}
	did, event := -1, ""
	for i, c := range s.conds {
		if c.from < field.to {
			return
		}
		if c.cat != cClause || s.saysWhose(c) {
			continue
		}
		if did >= 0 || !plainlyDone(c.clause) {
			return // two things done: which of them is asked about?
		}
		did, event = i, c.clause.event
	}
	if did < 0 && len(s.conds) > 0 && s.p.lightBetween(field.to, len(s.p.toks)) {
		event = s.p.ix.fields[s.p.preferred(field.fields)].event
	}
	at := slices.IndexFunc(field.fields, func(fi int) bool { return s.p.ix.fields[fi].event == event && s.p.ix.fields[fi].isText() })
	if event == "" || at < 0 {
		return
	}
	c := &clause{event: event}
	if did >= 0 {
		c = s.conds[did].clause
		s.conds = append(s.conds[:did:did], s.conds[did+1:]...)
	}
	s.meas = []*node{{cat: cMeas, meas: s.p.eventMeasure(c)}}
	s.groups, s.fields = []*node{{cat: cGroup, groups: []grouping{{field: field.fields[at]}}}}, nil
	s.custOnly()
}

// thingsDone reads "what do women buy", "qué compran los de Lisboa": no noun says
// which things, so they are what is sold. Whoever else did something is whom it
// is asked of: "what do buyers of shoes buy".
func (s *parts) thingsDone() {
	if !s.p.asksThing() || s.asks["ask_count"] || s.asks["ask_amount"] || s.asks["ask_share"] || len(s.fields)+len(s.meas)+len(s.groups)+len(s.byValue)+len(s.units)+len(s.stats)+len(s.distinct) > 0 {
		return
	}
	if s.most != nil && s.most.to <= s.custAt && s.custAt-s.most.to < 2 {
		return // "our best customers" are some of them
	}
	for _, c := range s.conds {
		if c.cat == cVal && s.p.valueFilter(c, "") == nil {
			return // "with shoes", "buyers of shoes": of them, or beside them
		}
	}
	for i, c := range s.conds {
		if c.cat != cClause || !c.clause.verb || !plainlyDone(c.clause) || len(c.clause.where) > 0 || s.tellsApart(c) {
			continue
		}
		at := slices.IndexFunc(s.p.ix.concepts["product"], func(fi int) bool { return s.p.ix.fields[fi].event == c.clause.event })
		if at < 0 {
			continue
		}
		s.meas = []*node{{cat: cMeas, meas: s.p.eventMeasure(c.clause)}}
		s.groups = []*node{{cat: cGroup, groups: []grouping{{field: s.p.ix.concepts["product"][at]}}}}
		s.conds = append(s.conds[:i:i], s.conds[i+1:]...)
		s.custOnly()
		return
	}
}

// saysWhose tells whether what was done tells apart whom a question is asked of:
// "customers who returned something", "… with more than 3 orders", "buyers of shoes".
func (s *parts) saysWhose(c *node) bool {
	return c.clause.person || s.p.inRelative(c) || s.custAt >= 0 && s.custAt < c.from && c.clause.noun && !plainlyDone(c.clause)
}

// plainlyDone tells whether a clause says that something was done and no more
// of how often, by whom or how much.
func plainlyDone(c *clause) bool {
	return !c.neg && c.qty == nil && c.fn == "" && !c.person && !c.repeat && !c.it && !c.same && !c.stopped && c.preceding == nil
}

// lightBetween tells whether a verb that only says that something was done
// stands among some words.
func (p *parse) lightBetween(from, to int) bool {
	for k := from; k < to; k++ {
		if p.holdsOneOf(k, "light") {
			return true
		}
	}
	return false
}

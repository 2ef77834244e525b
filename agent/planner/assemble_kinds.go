package planner

// kindsRanked lets a thing that comes in kinds stand for its kinds where they are
// ranked: "which extras bring in the most money" asks for a service, as that is all
// that is kept of an extra.
func (s *parts) kindsRanked() {
	if s.cust || len(s.conds) != 1 || len(s.fields)+len(s.groups)+len(s.meas)+len(s.byValue)+len(s.units)+len(s.stats)+len(s.distinct)+len(s.filters) > 0 ||
		!s.byMoney && !s.asks["ask_most"] && !s.asks["ask_least"] || s.asks["ask_count"] || s.asks["ask_amount"] || s.asks["ask_share"] {
		return
	}
	c := s.conds[0]
	if c.cat != cClause || c.clause.verb || c.clause.person || !plainlyDone(c.clause) || len(c.clause.where) > 0 || c.clause.win != nil || !s.p.asksWhich(c) && !s.asks["best_selling"] && !s.asks["most_common"] {
		return
	}
	if kind := s.p.kindOf(c.clause.event); kind >= 0 {
		s.fields, s.conds = []*node{{cat: cField, from: c.from, to: c.to, fields: []int{kind}}}, nil
		s.plan.cost += 0.1
	}
}

// asksWhich tells whether "which" or "what" stands right before a node.
func (p *parse) asksWhich(n *node) bool {
	k := p.core(n) - 1
	for k > 0 && p.holdsOneOf(k, "articles") {
		k--
	}
	return k >= 0 && p.holdsOneOf(k, "ask_thing", "ask_what", "ask_list", "which")
}

// kindOf is the one text that is kept of an event, -1 where there are none or
// several.
func (p *parse) kindOf(event string) int {
	kind := -1
	for i, f := range p.ix.fields {
		if f.event != event || !f.isText() {
			continue
		}
		if kind >= 0 {
			return -1
		}
		kind = i
	}
	return kind
}

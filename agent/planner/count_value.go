package planner

import "tesela/segment/syntax"

// countOfValue is "how many complaints", where the rows of one event say that
// they are some.
func (p *parse) countOfValue(b *node) []*node {
	if b.neg || len(b.vals) == 0 || b.text == "and" || p.core(b) != b.from || p.lex.endsLikeVerb(p.toks[b.to-1].folded) {
		return nil
	}
	event := p.ix.fields[b.vals[0].field].event
	for _, v := range b.vals {
		if p.ix.fields[v.field].event != event || event == "" {
			return nil
		}
	}
	for _, n := range p.cells[b.from][b.to] {
		if n.cat == cVal && len(n.vals) > 0 && p.ix.fields[n.vals[0].field].event != event {
			return nil // of people as well, or of another event
		}
	}
	f := p.valueFilter(b, event)
	if f == nil {
		return nil
	}
	c := &clause{event: event}
	m := p.eventMeasure(c)
	m.where = append(m.where, f)
	return one(&node{cat: cMeas, meas: m, cost: 0.25})
}

// countOfFlagged is "how many emergencies", where the rows of one event say of
// themselves whether they are one.
func (p *parse) countOfFlagged(b *node) []*node {
	f := p.ix.fields[p.preferred(b.fields)]
	if f.event == "" || f.kind != "bool" || b.neg || b.num != nil || p.core(b) != b.from || p.lex.endsLikeVerb(p.toks[b.to-1].folded) {
		return nil
	}
	m := p.eventMeasure(&clause{event: f.event})
	m.where = append(m.where, &syntax.Compare{Left: &syntax.Name{Name: f.name}, Op: syntax.Eq, Right: &syntax.Bool{Value: true}})
	return one(&node{cat: cMeas, meas: m, cost: 0.25})
}

// countsThings tells whether it is a thing that is counted, "how many cakes did
// we sell": no people then.
func (s *parts) countsThings() bool {
	if s.cust || !s.asks["ask_count"] {
		return false
	}
	for _, c := range s.conds {
		if c.cat == cVal && s.p.valueFilter(c, "") == nil && s.p.endsWith("ask_count", c.from) {
			return true
		}
		if (c.cat == cCond || c.cat == cClause && c.clause.qty == nil) && s.p.endsWith("ask_count", c.from) && s.p.opensWithThing(c) {
			return true // "how many visits before the first purchase"
		}
	}
	return false
}

// endsWith tells whether a phrase of a category ends before a token.
func (p *parse) endsWith(category cat, at int) bool {
	for i := max(0, at-maxPhrase); i < at; i++ {
		for _, n := range p.cells[i][at] {
			if n.cat == category {
				return true
			}
		}
	}
	return false
}

// opensWithThing tells whether a condition begins with the name of what is done,
// and none of who did it.
func (p *parse) opensWithThing(c *node) bool {
	if p.core(c) != c.from {
		return false
	}
	for _, n := range p.cells[c.from][c.from+1] {
		if n.cat == cClause && !n.clause.person && (!n.clause.verb || n.clause.weak) && n.cost < costFuzzy {
			return true
		}
	}
	return false
}

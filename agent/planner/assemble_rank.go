package planner

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tesela/segment/syntax"
	"tesela/tools"
)

// rankedCustomers tells whether people are being ranked.
func (s *parts) rankedCustomers() bool {
	if len(s.meas) > 0 || len(s.fields) > 0 || len(s.groups) > 0 {
		return false
	}
	if len(s.ranks) > 0 && s.cust || s.limit > 0 && (s.asks["ask_most"] || s.asks["ask_least"]) {
		return true
	}
	if !s.asks["ask_most"] && !s.asks["ask_least"] && len(s.ranks) == 0 || s.asks["best_selling"] {
		return false
	}
	// "who spent the most"; "we sold most" ranks nobody
	if !s.cust && !s.asks["ask_list"] && len(s.ranks) == 0 && !s.topDoers() {
		return false
	}
	for _, c := range s.conds {
		if c.cat == cClause && !c.clause.neg && c.clause.qty == nil && (c.clause.verb && !c.clause.weak || s.cust || len(s.ranks) > 0) {
			return true
		}
	}
	return s.cust && len(s.conds) == 0
}

// topDoers tells whether a superlative stands right before people named for what
// they spent: "top spenders".
func (s *parts) topDoers() bool {
	return s.most != nil && slices.ContainsFunc(s.conds, func(c *node) bool {
		return c.cat == cClause && c.clause.fn == syntax.Sum && c.clause.verb && c.clause.qty == nil && s.p.core(c) == s.most.to &&
			slices.ContainsFunc(s.p.lex.doerEndings, func(end string) bool { return strings.HasSuffix(s.p.toks[c.to-1].folded, end) })
	})
}

// ranking lists customers by a value, or takes the top of them.
func (s *parts) ranking() bool {
	if len(s.wins) > 1 || len(s.groups) > 0 || len(s.ranks) > 1 || len(s.byValue) > 1 || len(s.filters) > 0 || len(s.stats) > 0 {
		return false
	}
	if len(s.fields) > 0 {
		return s.rankedField() // "top countries by spend"
	}
	if !s.cust && len(s.byValue) > 0 && !s.ranksKind() {
		return false
	}
	if len(s.byValue) > 0 && len(s.meas) > 0 {
		return false // "units per average order" is a figure, and no list by the order
	}
	var by, other syntax.Value
	s.plan.headless = !s.cust
	versus := s.whichOf()
	if s.biggest != nil {
		if by = s.biggestOf(); by == nil {
			return false
		}
	} else if len(s.byValue) == 1 {
		by = s.rankValue(s.byValue[0])
		if by == nil {
			return false
		}
		by = s.saidBehind(by, s.byValue[0])
	} else {
		// The verb says by what.
		for _, i := range s.rankingVerbs() {
			if c := s.conds[i]; c.clause.qty == nil && !c.clause.neg {
				if on := s.spentOn(i); on != nil { // "spent most on extras"
					x := *c
					x.clause = on
					c = &x
				}
				fn, prop := syntax.Count, c.clause.prop
				if c.clause.fn == syntax.Sum {
					fn = syntax.Sum
				}
				// Who deposited most deposited the most money.
				if sum := s.p.spendOf(c.clause.event); fn == syntax.Count && sum != nil && !s.byTimes && (s.byMoney || s.saidMoney() || c.clause.verb && !s.p.tied(c.clause.event)) {
					fn, prop = syntax.Sum, sum.prop
				}
				if fn == syntax.Count && s.p.ofSize(s.most) {
					return false // who made the largest order did not make the most of them
				}
				by = &syntax.Call{Fn: fn, Event: c.clause.event, Property: prop, Where: whereOf(c.clause), Window: c.clause.win}
				s.conds = append(s.conds[:i:i], s.conds[i+1:]...)
				s.timeOfDoers(by.(*syntax.Call))
				by = s.ofTheDeed(by, c)
				break
			}
		}
		if by == nil {
			// "our best customers": by what they spend, or by how often they
			// buy; the asker has to say.
			by = s.p.spendValue()
			if ev := s.p.ix.events["purchase"]; ev != "" {
				other = &syntax.Call{Fn: syntax.Count, Event: ev}
			}
			if by == nil {
				by, other = other, nil
			}
			if by == nil {
				return false
			}
		}
	}
	if versus != nil {
		return s.whoseMore(versus, by)
	}
	if other != nil {
		x := *s
		x.plan.bare, x.plan.assume = nil, nil
		if x.rankBy(other) {
			s.more = append(s.more, &x.plan)
		}
	}
	return s.rankBy(by)
}

// ranksKind tells whether the people who are ranked go by what they are: "top
// 15 hotels by spend", "retailers by what they spent".
func (s *parts) ranksKind() bool {
	if len(s.ranks) == 0 {
		return len(s.byValue) == 1 && len(s.conds) > 0 && s.conds[0].to <= s.byValue[0].from && s.p.kindOfPeople(s.conds[0]) &&
			!s.asks["ask_count"] && !s.asks["ask_amount"] && !s.asks["ask_share"]
	}
	return len(s.ranks) == 1 && len(s.conds) > 0 && s.p.kindOfPeople(s.conds[0]) && s.p.core(s.conds[0]) == s.ranks[0].to
}

// kindOfPeople tells whether values are ones that only people have: "hotels".
func (p *parse) kindOfPeople(n *node) bool {
	return n.cat == cVal && !n.neg && !slices.ContainsFunc(n.vals, func(v valueRef) bool { return p.ix.fields[v.field].event != "" })
}

// spentOn is the money of what the clause at place i says was spent on another
// thing that is named; that one is no condition then. Nil where none is.
func (s *parts) spentOn(i int) *clause {
	for k, other := range s.conds {
		if k <= i || other.cat != cClause {
			continue
		}
		if n := s.p.spentOn(s.conds[i].clause, other.clause); n != nil {
			s.conds = append(s.conds[:k:k], s.conds[k+1:]...)
			return n.clause
		}
	}
	return nil
}

// rankBy lists customers by a value, or takes the top of them.
func (s *parts) rankBy(by syntax.Value) bool {
	if len(s.wins) == 1 {
		call, ok := by.(*syntax.Call)
		if !ok || call.Window != nil {
			return false
		}
		x := *call
		x.Window = s.wins[0].win
		by = &x
	}
	if s.net {
		if by = s.p.netOf(by); by == nil {
			return false
		}
		s.net = false
	}
	f, ok := s.base()
	if !ok {
		return false
	}
	bottom := s.asks["ask_least"] || s.order == "asc"
	limit := 10
	switch {
	case s.limit > 0:
		limit = s.limit
	case s.one:
		limit = 1 // "which customer spent most"
	}
	if len(s.ranks) == 0 && s.limit > 0 && (s.counted || s.asks["ask_count"] || s.ties) {
		// "how many are the 10 with the most orders, with those tied"
		s.ranks, s.limit = []*node{{cat: cRank, rank: &rank{n: strconv.Itoa(s.limit)}}}, 0
	}
	if len(s.ranks) == 1 {
		r := s.ranks[0].rank
		bottom = bottom || r.bottom
		if r.percent || s.ties || s.asks["ask_count"] {
			rank := &syntax.Rank{Bottom: bottom, Percent: r.percent, N: syntax.Number{Text: r.n}, By: by, Among: f}
			if s.asks["ask_list"] && !s.asks["ask_count"] {
				s.plan.tool, s.plan.args = "list_customers", tools.ListCustomersArgs{Formula: rank.String(), By: by.String(), Ascending: bottom}
			} else {
				s.plan.tool, s.plan.args = "count_segment", tools.CountSegmentArgs{Formula: rank.String()}
			}
			return true
		}
		n, err := strconv.Atoi(r.n)
		if err != nil {
			return false
		}
		limit = n
	}
	if s.asks["ask_count"] || s.asks["ask_share"] || s.asks["ask_amount"] {
		return false
	}
	if f == nil {
		f = &syntax.Everyone{}
		if call, ok := by.(*syntax.Call); ok && bottom {
			// The least among those who did it at all, said so.
			f = &syntax.Compare{Left: &syntax.Call{Fn: syntax.Count, Event: call.Event, Where: call.Where, Window: call.Window}, Op: syntax.Ge, Right: number(1)}
			s.plan.assume = append(s.plan.assume, assumption{"only_doers", map[string]string{"event": call.Event}})
		}
	}
	s.plan.tool, s.plan.args = "list_customers", tools.ListCustomersArgs{Formula: f.String(), By: by.String(), Ascending: bottom, Limit: limit}
	return true
}

// saidBehind narrows what people are ranked by to what is said right behind it
// of the same: "by number of products bought in 2024". It is no condition then.
func (s *parts) saidBehind(by syntax.Value, said *node) syntax.Value {
	call, ok := by.(*syntax.Call)
	if !ok || call.Window != nil {
		return by
	}
	for i, n := range s.conds {
		c := n.clause
		if n.cat != cClause || n.from != said.to || c.event != call.Event || c.neg || c.qty != nil || c.fn != "" || c.person || c.repeat || c.it || c.stopped {
			continue
		}
		x := *call
		x.Window = c.win
		if len(c.where) > 0 {
			var where []syntax.Formula
			if x.Where != nil {
				where = append(where, x.Where)
			}
			x.Where = syntax.All(append(where, c.where...)...)
		}
		s.conds = append(s.conds[:i:i], s.conds[i+1:]...)
		return &x
	}
	return by
}

// spendValue is what a customer spent, nil without money in the data.
func (p *parse) spendValue() syntax.Value {
	ev, prop, ok := strings.Cut(p.ix.role("amount"), ".")
	if !ok {
		return nil
	}
	return &syntax.Call{Fn: syntax.Sum, Event: ev, Property: prop}
}

// rankValue is what "by …" ranks customers by.
func (s *parts) rankValue(n *node) syntax.Value {
	if n.cat == "by value" {
		return n.rank.by
	}
	if len(n.meas.exprs) != 1 || len(n.meas.base) > 0 {
		return nil
	}
	m := n.meas
	switch m.exprs[0] {
	case "items":
		if x := s.p.piecesOf(m); x != nil {
			return x
		}
		return nil
	case "revenue", "gross_revenue", "revenue_per_buyer":
		v, ok := s.p.spendValue().(*syntax.Call)
		if !ok {
			return nil
		}
		if m.exprs[0] == "revenue" {
			s.plan.assume = append(s.plan.assume, assumption{"spend_is_gross", nil})
		}
		x := *v
		x.Window = m.win
		if len(m.where) > 0 {
			x.Where = syntax.All(m.where...)
		}
		return &x
	case "orders", "orders_per_buyer":
		x := &syntax.Call{Fn: syntax.Count, Event: s.p.ix.events["purchase"], Window: m.win}
		if len(m.where) > 0 {
			x.Where = syntax.All(m.where...)
		}
		return x
	case "aov": // what an order of theirs comes to
		v, ok := s.p.spendValue().(*syntax.Call)
		if !ok || len(m.where) > 0 {
			return nil
		}
		x := *v
		x.Window = m.win
		return &syntax.Arith{Op: '/', Left: &x, Right: &syntax.Call{Fn: syntax.Count, Event: v.Event, Window: m.win}}
	}
	return callOfEach(m)
}

// callOfEach is a measure that counts or adds up rows as a value of each
// customer; nil for other measures.
func callOfEach(m *meas) syntax.Value {
	x := &syntax.Call{Event: m.event, Window: m.win, Where: whereOf(&clause{where: m.where})}
	switch v, err := syntax.ParseMeasure(m.exprs[0]); {
	case err != nil || m.event == "" || m.of != nil:
		return nil
	case m.exprs[0] == fmt.Sprintf("events(%s)", syntax.Quote(m.event)):
		x.Fn = syntax.Count
	default:
		call, ok := v.(*syntax.Call)
		if !ok || call.Event != m.event || call.Fn == syntax.Count || call.Where != nil || call.Window != nil {
			return nil
		}
		x.Fn, x.Property = call.Fn, call.Property
	}
	return x
}

// rankedField is "top three countries by spend".
func (s *parts) rankedField() bool {
	// "… among German customers": whose rows are looked at, said behind.
	among := s.cust && s.custAt > s.fields[0].from && len(s.byValue) == 1 && s.custAt > s.byValue[0].from
	if len(s.fields) != 1 || s.cust && !among || len(s.byValue) != 1 {
		return false
	}
	m := s.p.asMeasure(s.byValue[0])
	if m == nil {
		return false
	}
	s.byValue = nil
	s.meas = append(s.meas, &node{cat: cMeas, meas: m})
	s.absorbVerb()
	if len(s.ranks) == 0 && !s.asks["ask_most"] && !s.asks["ask_least"] {
		s.asks["ask_list"] = true
	}
	return s.measure()
}

// doing tells whether the field that is told apart is one of what people are
// said to do: "which brand did people order most".
func (s *parts) doing() bool {
	for _, c := range s.conds {
		if c.cat != cClause || !c.clause.verb || c.clause.neg || c.clause.qty != nil {
			continue
		}
		for _, fi := range s.fields[0].fields {
			if s.p.ix.fields[fi].event == c.clause.event {
				return true
			}
		}
	}
	return false
}

// listField is "which categories are there", "list the countries".
func (s *parts) listField() bool {
	if len(s.fields) != 1 || s.cust || len(s.conds)+len(s.wins)+len(s.filters) > 0 || !(s.asks["ask_list"] || s.asks["ask_what"]) {
		return false
	}
	fi := s.p.preferred(s.fields[0].fields)
	f := s.p.ix.fields[fi]
	if !f.isText() && (f.kind != "bool" || s.p.people) { // "who has insurance" asks for people
		return false
	}
	args := tools.MeasureArgs{Measures: []string{"customers"}, GroupBy: []string{s.p.fieldText(fi)}}
	if f.event != "" {
		args.Measures = s.p.eventMeasure(&clause{event: f.event}).exprs
	}
	s.plan.tool, s.plan.args = "measure", args
	return true
}

package planner

import (
	"fmt"
	"slices"

	"tesela/segment/syntax"
)

// mostOfFigure is "who booked the most nights", "who bought most units in May":
// customers by a figure that what they did bears. What is said of the deed is
// said of the figure.
func (s *parts) mostOfFigure() {
	if s.extremeOfTheirs() {
		return
	}
	asked := s.asks["ask_most"] || s.asks["ask_least"] || len(s.ranks) > 0
	if !asked || s.counted || s.byMoney || s.perCust || len(s.groups)+len(s.byValue)+len(s.units)+len(s.filters) > 0 || len(s.fields)+len(s.meas) != 1 {
		return
	}
	for i, x := range s.conds {
		if x.cat != cClause {
			continue
		}
		m := s.figureOf(x.clause)
		if m == nil {
			continue
		}
		m.where, m.win, m.ever = append(slices.Clone(m.where), x.clause.where...), x.clause.win, x.clause.ever
		s.byValue, s.meas, s.fields = []*node{{cat: "by measure", meas: m}}, nil, nil
		s.conds = append(s.conds[:i:i], s.conds[i+1:]...)
		s.cust = true
		return
	}
	if s.mostOfTheirs() {
		return
	}
	if !s.cust && !s.p.people || len(s.fields) != 1 || s.p.ofSize(s.most) {
		return
	}
	did := &clause{event: s.p.ix.fields[s.p.preferred(s.fields[0].fields)].event, verb: true}
	if m := s.figureOf(did); did.event != "" && m != nil { // "the members with most hours"
		s.byValue, s.fields, s.cust = []*node{{cat: "by measure", meas: m}}, nil, true
	}
}

// mostOfTheirs is "the ten with the most points": customers by a number that is
// known of them.
func (s *parts) mostOfTheirs() bool {
	if !s.cust && !s.p.people && s.limit == 0 && len(s.ranks) == 0 || len(s.fields) != 1 || s.most == nil || !s.rightBehind(s.most, s.fields[0]) {
		return false
	}
	n := s.fields[0]
	fi := s.p.preferred(n.fields)
	f := s.p.ix.fields[fi]
	if n.num != nil || n.neg || f.event != "" || !f.isNumber() || overlaps([]int{fi}, s.p.ix.concepts["age"]) {
		return false
	}
	s.byValue, s.fields, s.cust = []*node{{cat: "by value", rank: &rank{by: &syntax.Name{Name: f.name}}}}, nil, true
	return true
}

// extremeOfTheirs is "customers with the highest balance": they are asked for,
// not the balance.
func (s *parts) extremeOfTheirs() bool {
	if len(s.meas) != 1 || s.counted || !s.cust && !s.p.people || s.custAt > s.meas[0].from || s.asks["ask_amount"] || s.perCust || !s.p.had(s.meas[0]) ||
		len(s.groups)+len(s.fields)+len(s.byValue)+len(s.units)+len(s.filters) > 0 {
		return false
	}
	v, err := syntax.ParseMeasure(s.meas[0].meas.exprs[0])
	of, ok := v.(*syntax.PerCustomer)
	if err != nil || !ok || of.Statistic != "max" && of.Statistic != "min" {
		return false
	}
	by, ok := of.Value.(*syntax.Name)
	if !ok {
		return false
	}
	s.plan.cost -= 0.15
	s.asks[map[string]string{"max": "ask_most", "min": "ask_least"}[of.Statistic]] = true
	s.byValue, s.meas, s.cust = []*node{{cat: "by value", rank: &rank{by: by}}}, nil, true
	return true
}

// figureOf is the one figure of the question as a measure, if it is the
// clause's: its pieces, or a number that its rows bear and that adds up.
func (s *parts) figureOf(c *clause) *meas {
	if (!c.verb || c.weak) && !(plainThing(c) && (s.cust || s.p.people)) || c.person || c.neg || c.it || c.same || c.stopped || c.qty != nil || c.fn != "" {
		return nil
	}
	if len(s.meas) == 1 {
		m := s.meas[0].meas
		if m.event != c.event || len(m.exprs) != 1 || m.exprs[0] != s.p.ix.items() || len(m.base) > 0 || m.win != nil || s.p.ix.quantity() < 0 {
			return nil
		}
		return &meas{event: m.event, exprs: m.exprs, where: m.where}
	}
	if s.fields[0].num != nil || s.fields[0].neg {
		return nil
	}
	for _, fi := range s.fields[0].fields {
		f := s.p.ix.fields[fi]
		if f.event != c.event || f.kind != "number" || overlaps([]int{fi}, s.p.ix.concepts["score"]) || overlaps([]int{fi}, s.p.ix.concepts["price"]) {
			continue
		}
		return &meas{event: f.event, exprs: []string{fmt.Sprintf("sum(%s.%s)", syntax.Quote(f.event), syntax.Quote(f.name))}}
	}
	return nil
}

// ofTheDeed is a value that people go by, of what is said of the verb right
// behind what names it: "que más apuestas jugaron en mayo" goes by the bets of May.
func (s *parts) ofTheDeed(by syntax.Value, thing *node) syntax.Value {
	call, ok := by.(*syntax.Call)
	if !ok || call.Window != nil {
		return by
	}
	for i, x := range s.conds {
		if c := x.clause; x.cat == cClause && c.event == call.Event && c.verb && c.qty == nil && c.fn == "" && !c.neg && !c.person && !c.it && !c.same && s.rightBehind(thing, x) {
			of := *call
			of.Window = c.win
			if where := whereOf(c); where != nil {
				of.Where = where
				if call.Where != nil {
					of.Where = syntax.All(call.Where, where)
				}
			}
			s.conds = append(s.conds[:i:i], s.conds[i+1:]...)
			return &of
		}
	}
	return by
}

// rightBehind tells whether nothing of weight stands between two nodes.
func (s *parts) rightBehind(a, b *node) bool {
	k := a.to
	for k < b.from && s.p.isGlue(k) && s.p.toks[k].kind != tokBreak {
		k++
	}
	return k == b.from
}

// mostOfWhatTheyDo tells whether it is what people do that there is most of:
// "the city of the customers with most orders".
func (s *parts) mostOfWhatTheyDo() bool {
	if s.most == nil || s.custAt < 0 || len(s.conds) == 0 || s.conds[0].from != s.most.to {
		return false
	}
	c := s.conds[0].clause
	return s.most.from > s.custAt || s.conds[0].cat == cClause && !c.verb && !c.person && !c.neg && c.qty == nil // "the most tickets from our members"
}

// nobodyNamed tells whether so many are ranked by what they have and nothing is
// said that they could be but people: "los 10 con más pedidos".
func (s *parts) nobodyNamed() bool {
	return len(s.ranks) == 1 && s.p.holds(s.ranks[0], "is_set") && len(s.groups)+len(s.units)+len(s.fields) == 0 &&
		!s.asks["ask_count"] && !s.asks["ask_amount"] && !s.asks["ask_share"]
}

// rankingVerbs are the places of what people did, in the order in which it may say by
// what they are ranked: money first, and a word for who did something last ("buyers
// by what they spent").
func (s *parts) rankingVerbs() []int {
	var out []int
	for i, c := range s.conds {
		if c.cat == cClause {
			out = append(out, i)
		}
	}
	place := func(i int) int {
		switch c := s.conds[i].clause; {
		case c.fn == syntax.Sum:
			return 0
		case c.person:
			return 2
		}
		return 1
	}
	slices.SortStableFunc(out, func(a, b int) int { return place(a) - place(b) })
	return out
}

// timeOfDoers is the time that those who are ranked did it in, where what they are
// ranked by is of no other: "the buyers of 2024 by what they spent".
func (s *parts) timeOfDoers(by *syntax.Call) {
	for _, c := range s.conds {
		if c.cat == cClause && c.clause.person && !c.clause.neg && c.clause.event == by.Event && c.clause.win != nil && by.Window == nil {
			by.Window = c.clause.win
		}
	}
}

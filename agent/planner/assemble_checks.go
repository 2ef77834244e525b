package planner

import (
	"slices"
	"strconv"

	"tesela/segment/syntax"
	"tesela/tools"
)

// complete tells whether the plan uses all that was gathered: what a builder
// does not look at must not be lost.
func (s *parts) complete() bool {
	if s.plan.tool == "" {
		return true
	}
	if !s.inMoney() || s.p.losesClause() {
		return false
	}
	if m, ok := s.plan.args.(tools.MeasureArgs); ok && s.asks["ask_count"] && slices.Equal(m.Measures, []string{"aov"}) {
		return false // "how many customers on average" is no money
	}
	if s.tellsPeople() && (s.p.asksThing() || s.p.asksWhere() || !s.cust && s.p.saysOurs() || len(s.stats) > 0) {
		return false // a number of people is no thing, place, time nor average, nor what we did
	}
	if len(s.distinct) > 0 || s.net || s.zero || len(s.included) > 0 || s.perDoer != nil || s.perEvent != nil || s.outdone != nil {
		return false
	}
	if s.withoutAnother() {
		return false
	}
	list, isList := s.plan.args.(tools.ListCustomersArgs)
	if count, ok := s.plan.args.(tools.CountSegmentArgs); s.ties && (!ok || !takesTop(count.Formula)) && (!isList || !takesTop(list.Formula)) {
		return false
	}
	if len(s.with) > 0 {
		if !isList {
			return false
		}
		for _, n := range s.with {
			if n.left != nil {
				list.With = append(list.With, s.p.contacts(n)...)
				continue
			}
			for _, fi := range n.fields {
				list.With = append(list.With, s.p.ix.fields[fi].name)
			}
		}
		s.plan.args = list
	}
	if isList {
		list = s.plan.args.(tools.ListCustomersArgs)
		s.shown(&list)
		s.plan.args = list
	}
	if s.limit > 0 && (!isList || list.Limit != s.limit) {
		return false
	}
	measured, isMeasure := s.plan.args.(tools.MeasureArgs)
	if s.p.timedTwice(measured) {
		return false
	}
	if len(s.filters) > 0 && !isMeasure || (len(s.groups) > 0 || len(s.fields) > 0 || len(s.stats) > 0 || s.perCust) && !isMeasure {
		return false
	}
	return true
}

// mark notes what says how figures are meant, and names nothing.
func (s *parts) mark(x *node) {
	switch x.cat {
	case "net_of":
		s.net = true
	case "by_times":
		s.byTimes, s.asks["ask_most"] = true, true
	case "as_zero":
		s.zero = true
	case "ties":
		s.ties = true
	}
}

// timedTwice tells whether a word of the business that is of a time of its own ("MRR",
// of the last 30 days) is asked for of another: both times at once are no time that
// anybody means.
func (p *parse) timedTwice(m tools.MeasureArgs) bool {
	return (m.Window != "" || m.Per != "") && slices.ContainsFunc(m.Measures, func(word string) bool {
		v, err := syntax.ParseMeasure(p.catalogue().Words[word])
		timed := false
		if err == nil {
			syntax.Walk(v, func(n syntax.Node) bool {
				c, ok := n.(*syntax.Call)
				timed = timed || ok && c.Window != nil
				return true
			})
		}
		return timed
	})
}

// withoutAnother tells whether what is measured is said to be without something else
// that is done, "visits without an order": no row tells that, and the people who
// did neither are not meant.
func (s *parts) withoutAnother() bool {
	if s.cust || s.p.people || len(s.meas) != 1 || s.plan.tool != "measure" {
		return false
	}
	m := s.meas[0]
	if m.meas == nil || m.to == m.from {
		return false
	}
	undone := func(n *node) bool {
		return n.cat == cClause && n.clause.neg && n.clause.qty == nil && len(n.clause.where) == 0 && !n.clause.ever && n.clause.event != m.meas.event
	}
	return slices.ContainsFunc(s.conds, func(c *node) bool {
		return c.from == m.to && c.to > c.from && s.p.after(c, "lacking") && slices.ContainsFunc(s.p.cells[c.from][c.to], undone)
	})
}

// takesTop tells whether a formula takes a top or bottom, which holds ties.
func takesTop(formula string) bool {
	found := false
	syntax.Walk(parseOr(formula), func(n syntax.Node) bool {
		_, is := n.(*syntax.Rank)
		found = found || is
		return true
	})
	return found
}

// bareAge reads a bare "over 65" as years of age, where it may be: of the size of
// an adult's, and not said of a thing as "orders over 65" is. Nil where it may not.
func (p *parse) bareAge(x *node) *node {
	n, err := strconv.Atoi(x.qty.lo)
	if err != nil || n < 14 || n > 110 || x.qty.op == "" || x.qty.once || p.behindThing(x) || p.ofTheClock(p.numberIn(x)) {
		return nil
	}
	list := p.age(figure(x))
	if list == nil {
		return nil
	}
	c := *list[0]
	c.from, c.to = x.from, x.to
	c.assume = []assumption{{"as_age", map[string]string{"text": p.typed(x.from, x.to)}}}
	return &c
}

// endsSaying tells whether nothing follows that a figure may be a number of.
func (p *parse) endsSaying(x *node) bool {
	return x.to == len(p.toks) || slices.ContainsFunc(p.cells[x.to][x.to+1], func(next *node) bool {
		return next.cat == cGlue || next.cat == cBreak || next.cat == "stats_after"
	})
}

// behindThing tells whether a thing that is done stands right before a figure.
func (p *parse) behindThing(x *node) bool {
	k := x.from - 1
	for k >= 0 && p.isGlue(k) {
		k--
	}
	return k >= 0 && slices.ContainsFunc(p.cells[k][k+1], func(n *node) bool {
		return n.cost < costHasty && (n.cat == cClause && !n.clause.verb || n.cat == cMeas && n.meas.event != "")
	})
}

// contradict tells whether one condition is that something happened and
// another that just that did not, two are that a trait is two things at once, or
// they leave a value no figure: nobody asks for such people.
func contradict(all []syntax.Formula) bool {
	if and, ok := syntax.All(all...).(*syntax.And); ok {
		all = and.Factors
	}
	traits := map[string]bool{}
	for _, f := range all {
		if t := saidToBe(f); t != "" && traits[t] {
			return true // Europe, and North America at once
		} else if t != "" {
			traits[t] = true
		}
	}
	if and, ok := syntax.All(all...).(*syntax.And); ok {
		all = and.Factors
	}
	if twoValues(all) || emptyRange(all) || deadSide(all) {
		return true
	}
	for _, f := range all {
		never, ok := f.(*syntax.Compare)
		if !ok || never.Op != syntax.Eq || never.Right.String() != "0" {
			continue
		}
		for _, g := range all {
			did, ok := g.(*syntax.Compare)
			if ok && did != never && (syntax.Equal(did.Left, never.Left) || narrower(did.Left, never.Left)) && (did.Op == syntax.Ge || did.Op == syntax.Gt) {
				return true
			}
		}
	}
	return false
}

// saidToBe is the trait that a condition says to be one of some values, "" for
// other conditions.
func saidToBe(f syntax.Formula) string {
	switch f := f.(type) {
	case *syntax.Compare:
		if f.Op == syntax.Eq {
			return traitOf(f)
		}
	case *syntax.In:
		if !f.Not {
			return traitOf(f)
		}
	}
	return ""
}

// dropImplied removes a repeated condition, and "did X" beside "did X at least
// n times".
func dropImplied(all []syntax.Formula) []syntax.Formula {
	var out []syntax.Formula
	for i, f := range all {
		drop := false
		for j, g := range all {
			if i == j {
				continue
			}
			if syntax.Equal(f, g) && j < i || implies(g, f) && !(implies(f, g) && i < j) {
				drop = true
			}
		}
		if !drop {
			out = append(out, f)
		}
	}
	return out
}

// narrower tells whether one counts some of what the other counts all of, ever.
func narrower(some, all syntax.Value) bool {
	x, ok1 := some.(*syntax.Call)
	y, ok2 := all.(*syntax.Call)
	return ok1 && ok2 && x.Fn == syntax.Count && y.Fn == syntax.Count && x.Event == y.Event && y.Where == nil && y.Window == nil
}

// implies tells whether g, `count(e) >= n`, makes f, `count(e) >= 1`, needless.
func implies(g, f syntax.Formula) bool {
	a, ok1 := g.(*syntax.Compare)
	b, ok2 := f.(*syntax.Compare)
	if !ok1 || !ok2 || b.Op != syntax.Ge || b.Right.String() != "1" || !syntax.Equal(a.Left, b.Left) && !narrower(a.Left, b.Left) {
		return false
	}
	n, err := strconv.Atoi(a.Right.String())
	return err == nil && n >= 1 && (a.Op == syntax.Ge || a.Op == syntax.Eq || a.Op == syntax.Gt)
}

// oneField tells whether two values may be of the same field.
func (p *parse) oneField(a, b *node) bool {
	if a.from == a.to || b.from == b.to {
		return false
	}
	of := func(n *node) (fields []int) {
		for _, x := range p.cells[n.from][n.to] {
			if x.cat == cVal {
				for _, v := range x.vals {
					fields = append(fields, v.field)
				}
			}
		}
		return fields
	}
	return overlaps(of(a), of(b))
}

// twoValues tells whether a trait is said to be two values at once: "Madrid o
// Barcelona" in a language that does not know the "o".
func twoValues(all []syntax.Formula) bool {
	is := map[string]string{}
	if and, ok := syntax.All(all...).(*syntax.And); ok {
		all = and.Factors
	}
	for _, f := range all {
		c, ok := f.(*syntax.Compare)
		if !ok || c.Op != syntax.Eq {
			continue
		}
		name, ok := c.Left.(*syntax.Name)
		if !ok {
			continue
		}
		value := c.Right.String()
		if was, ok := is[name.Name]; ok && was != value {
			return true
		}
		is[name.Name] = value
	}
	return false
}

// ofTheAged tells whether years before what was not done are those of whom it is
// said: "customers over 50 have no life insurance".
func (p *parse) ofTheAged(years *node) bool {
	return years.dur.Unit == syntax.Year && years.dur.N >= 14 && slices.ContainsFunc(p.cells[years.from][years.to], func(n *node) bool { return n.cat == cCond })
}

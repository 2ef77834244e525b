package planner

import (
	"fmt"
	"math/big"
	"slices"
	"strings"

	"tesela/segment/syntax"
)

// The categories of one figure held against another, while they are read.
const (
	cPerN     cat = "per n"        // "per hundred"
	cPerEvent cat = "per event"    // "per hundred orders": what is divided by
	cGrew     cat = "measure grew" // "revenue grew": from when to when is to come
	cGrewFrom cat = "measure grew from"
	cGrewTo   cat = "measure grew to"
	cRatioOf  cat = "ratio of" // "the ratio of payments": to what is to come
	cRatioTo  cat = "ratio to"
	cOutdone  cat = "outdone" // "spend more than men": whom they are held against
)

// ratioRules read one figure held against another: "refunds per hundred
// orders", "items per booking", "how much revenue grew from May to June".
func ratioRules() map[pair]rule {
	m := map[pair]rule{
		{"by", cNum}: func(p *parse, _, b *node) []*node {
			if p.everyN >= 0 || !ranks(b.num) || b.num.Cmp(big.NewRat(1, 1)) <= 0 {
				return nil
			}
			return one(&node{cat: cPerN, num: b.num})
		},
		{"by", "multipliers"}: func(_ *parse, _, b *node) []*node { return one(&node{cat: cPerN, num: b.num}) },
		{cPerN, cCust}:        func(_ *parse, a, _ *node) []*node { return perMany(a.num) },
		{cPerN, cClause}:      func(_ *parse, a, b *node) []*node { return perEvent(b, a.num, 0) },
		{"by", cClause}:       func(p *parse, _, b *node) []*node { return p.perOne(b) },
		{cPerEvent, "stats_after"}: func(_ *parse, a, b *node) []*node { // "items per order on average"
			if b.attr != "mean" {
				return nil
			}
			return again(a, 0)
		},
		{cMeas, cPerEvent}: func(p *parse, a, b *node) []*node { return p.ratioOf(a.meas, b) },
		{cPerEvent, cMeas}: func(p *parse, a, b *node) []*node { return p.ratioOf(b.meas, a) },
		{cField, cPerEvent}: func(p *parse, a, b *node) []*node { // "nights per booking"
			f := p.ix.fields[p.preferredOf(a.fields, b.clause.event)]
			if pieces := p.callOf("items"); pieces != nil && pieces.Event == b.clause.event && overlaps(a.fields, p.ix.concepts["product"]) && f.isText() {
				return p.ratioOf(&meas{event: f.event, exprs: []string{"items"}}, b) // "products per order"
			}
			if f.event == "" || !f.isNumber() || a.num != nil {
				return nil
			}
			sum := fmt.Sprintf("sum(%s.%s)", syntax.Quote(f.event), syntax.Quote(f.name))
			return p.ratioOf(&meas{event: f.event, exprs: []string{sum}}, b)
		},
		{cClause, cPerEvent}: func(p *parse, a, b *node) []*node {
			if !plainThing(a.clause) {
				return nil
			}
			return p.ratioOf(p.eventMeasure(a.clause), b)
		},

		{cThingsThan, cVal}: func(_ *parse, a, b *node) []*node {
			if a.text != "" || b.neg || a.clause.qty != nil {
				return nil
			}
			return one(&node{cat: cOutdone, clause: a.clause, vals: b.vals, attr: a.attr, form: a.form})
		},
		{cOutdone, cWin}: func(_ *parse, a, b *node) []*node {
			if a.clause.win != nil || b.win == nil {
				return nil
			}
			x := *a
			x.cost, x.clause = 0, a.clause.with(func(c *clause) { c.win = b.win })
			return one(&x)
		},

		{cField, "arrive"}: func(p *parse, a, _ *node) []*node { // "fees collected"
			if f := p.ix.fields[p.preferred(a.fields)]; f.kind != "date" && (f.event == "" || !f.isNumber()) {
				return nil // a date arrives as fees do: "renewals falling in May"
			}
			return again(a, 0.02)
		},
		{cField, "per_customer"}: func(p *parse, a, b *node) []*node { // "kwh per customer"
			m := p.sumOf(a)
			switch {
			case m == nil, p.namesKinds(b.to-1, b.to):
				return nil
			case b.clause != nil:
				return p.perDoers(&node{meas: m}, b.clause)
			}
			return p.perPeople(&node{meas: m}, b.num)
		},
		{cField, "grew"}:  func(p *parse, a, _ *node) []*node { return p.fieldGrew(a) },
		{"grew", cField}:  func(p *parse, _, b *node) []*node { return p.fieldGrew(b) },
		{"more", cMeas}:   func(p *parse, a, b *node) []*node { return p.moreOf(a, grew(b)) }, // "more revenue in May than in June"
		{"more", cClause}: func(p *parse, a, b *node) []*node { return p.moreOf(a, p.clauseGrew(b)) },
		{"distinct of", "per_customer"}: func(p *parse, a, _ *node) []*node {
			for _, n := range p.countDistinct(a) {
				return p.ofEachStat(n, "mean")
			}
			return nil
		},
		{cClause, "versus"}: func(p *parse, a, _ *node) []*node { // "bookings in 2025 vs the year before"
			if c := a.clause; !plainThing(c) || c.win == nil {
				return nil
			}
			return one(&node{cat: "measure versus", meas: p.eventMeasure(a.clause), cost: 0.05})
		},
		{"measure versus", "unit_before"}: func(p *parse, a, b *node) []*node { // "last month vs the month before"
			w := p.beforeIt(a.meas.win, b.attr)
			if w == nil {
				return nil
			}
			x := *a.meas
			x.versus = w
			return one(&node{cat: cMeas, meas: &x, cost: -0.1})
		},
		{"ratio_of", cMeas}: func(_ *parse, _, b *node) []*node { return one(&node{cat: cRatioOf, meas: b.meas}) },
		{"ratio_of", cClause}: func(p *parse, _, b *node) []*node {
			if !plainThing(b.clause) {
				return nil
			}
			return one(&node{cat: cRatioOf, meas: p.eventMeasure(b.clause)})
		},
		{cRatioTo, cClause}: func(p *parse, a, b *node) []*node {
			for _, per := range perEvent(b, big.NewRat(1, 1), 0) {
				return p.ratioOf(a.meas, per)
			}
			return nil
		},
		{cMeas, "grew"}:    func(_ *parse, a, _ *node) []*node { return grew(a) },
		{"grew", cMeas}:    func(_ *parse, _, b *node) []*node { return grew(b) },
		{cClause, "grew"}:  func(p *parse, a, _ *node) []*node { return p.clauseGrew(a) },
		{"grew", cClause}:  func(p *parse, _, b *node) []*node { return p.clauseGrew(b) },
		{cGrew, "between"}: func(_ *parse, a, _ *node) []*node { return again(a, 0.01) },
		{cGrew, cWin}: func(_ *parse, a, b *node) []*node {
			if !closed(b.win) {
				return nil
			}
			x := *a.meas
			x.versus = b.win
			return one(&node{cat: cGrewFrom, meas: &x})
		},
		{cGrewTo, cWin}: func(p *parse, a, b *node) []*node {
			if !closed(b.win) || a.meas.versus.String() == b.win.String() {
				return nil
			}
			x := *a.meas
			x.win = b.win
			if a.attr == "than" { // "in 2025 over 2024"
				x.win, x.versus = x.versus, beforeThat(x.versus, b.win)
			}
			return one(&node{cat: cMeas, meas: &x, cost: -0.1})
		},
	}
	for _, word := range []cat{"to", "and", "or", "until", "grew_to"} {
		m[pair{cGrewFrom, word}] = func(_ *parse, a, _ *node) []*node {
			return one(&node{cat: cGrewTo, meas: a.meas})
		}
	}
	for _, word := range []cat{"to", "and", "versus", "versus_time", "grew_to"} {
		m[pair{cRatioOf, word}] = func(_ *parse, a, _ *node) []*node { return one(&node{cat: cRatioTo, meas: a.meas}) }
	}
	for _, word := range []cat{"versus", "than", "versus_time"} {
		m[pair{cGrewFrom, word}] = func(_ *parse, a, _ *node) []*node {
			return one(&node{cat: cGrewTo, meas: a.meas, attr: "than"})
		}
	}
	return m
}

// perMany is "per 100 customers".
func perMany(n *big.Rat) []*node {
	if !ranks(n) {
		return nil
	}
	return one(&node{cat: cPerPerson, num: n, cost: 0.02})
}

// perPeople is a measure for each customer, or for so many.
func (p *parse) perPeople(a *node, n *big.Rat) []*node {
	out := p.perCustomer(a)
	if n == nil || len(out) == 0 {
		return out
	}
	m := out[0].meas
	top, by, ok := strings.Cut(m.exprs[0], " / ")
	if !ok || strings.Contains(by, " / ") || m.of != nil {
		return nil
	}
	x := *m
	x.exprs = []string{fmt.Sprintf("%s * %s / %s", decimal(n), top, by)}
	out[0].meas = &x
	return out
}

// perKind is "per customer" of a word for people; where they are but one kind
// of them ("each student", a membership), it is of those.
func (p *parse) perKind(b *node) []*node {
	folded, _, _ := p.phrase(p.core(b), b.to)
	kinds := p.kindsOfPeople(folded)
	if p.anyCustomer(folded) || p.isTaught(folded) || p.isFigure(folded) || len(kinds) == 0 {
		return one(&node{cat: cPerPerson, cost: 0.02})
	}
	var out []*node
	for _, vals := range kinds {
		out = append(out, &node{cat: cPerPerson, vals: vals, cost: 0.02 - costKindWord}) // no doubtful word for everyone
	}
	return out
}

// ofKind are measures per customer, of the kind of people that was said.
func (p *parse) ofKind(measures []*node, per *node) []*node {
	if per.vals == nil {
		return measures
	}
	is := p.valueFilter(&node{cat: cVal, vals: per.vals}, "")
	if is == nil {
		return nil
	}
	for _, n := range measures {
		x := *n.meas
		x.base = append(x.base[:len(x.base):len(x.base)], is)
		n.meas = &x
	}
	return measures
}

// counting tells whether a statistic is said to be of a number of things.
func (p *parse) counting(stat *node) bool {
	for k := stat.from; k < stat.to; k++ {
		for _, n := range p.cells[k][stat.to] {
			if n.cat == "ask_count" && n.cost < costFuzzy {
				return true
			}
		}
	}
	return false
}

// plainThing tells whether a clause names an event as a thing, and says no more
// of it than of what it was or when.
func plainThing(c *clause) bool {
	return (!c.verb || c.weak) && !c.neg && c.qty == nil && c.fn == "" && !c.person && !c.it && !c.same && !c.repeat && !c.stopped
}

// thingToo tells whether a word that says what was done is as well the name of
// the thing: "pedido" is an order, and ordered.
func (p *parse) thingToo(b *node) bool {
	return slices.ContainsFunc(p.cells[p.core(b)][b.to], func(x *node) bool {
		return x.cat == cClause && x.clause.event == b.clause.event && !x.clause.verb && x.cost < costStem
	})
}

// meanOfOne tells whether a measure is one thing with an average said behind it:
// "order on average", which behind "per" is each of them.
func (p *parse) meanOfOne(b *node) bool {
	for k := p.core(b) + 1; k < b.to; k++ {
		if slices.ContainsFunc(p.cells[k][b.to], func(x *node) bool { return x.cat == "stats_after" && x.attr == "mean" }) &&
			slices.ContainsFunc(p.cells[p.core(b)][k], func(x *node) bool { return x.cat == cClause && plainThing(x.clause) && p.perOne(x) != nil }) {
			return true
		}
	}
	return false
}

// perOne is "per order": one of them, so no "by orders" that ranks.
func (p *parse) perOne(b *node) []*node {
	if b.clause.person || p.doerAt(p.core(b), b.to) != nil {
		return nil // "per donor" divides by people
	}
	if strings.HasSuffix(p.toks[b.to-1].folded, "s") || p.manyAt(p.core(b)) {
		return nil
	}
	for k := p.core(b) + 1; k <= b.to; k++ {
		if p.namesField(k, b.clause.event) {
			return nil // "by payment method" tells payments apart
		}
	}
	if k := p.core(b); p.toldApartBy(k, b.clause.event) && !p.longerName(k, b) {
		return nil // "by treatment", of treatments that are of some treatment each
	}
	return perEvent(b, big.NewRat(1, 1), 0.05)
}

// toldApartBy tells whether the word of the token i is also a text field of the
// event's rows that has few values.
func (p *parse) toldApartBy(i int, event string) bool {
	return slices.ContainsFunc(p.cells[i][i+1], func(n *node) bool {
		return n.cat == cField && n.cost < costFuzzy && slices.ContainsFunc(n.fields, func(fi int) bool {
			f := p.ix.fields[fi]
			return f.event == event && f.isText() && f.values != nil && f.values.Len() <= fewKinds
		})
	})
}

// namesKinds tells whether a word for customers is also a text field that has
// few values.
func (p *parse) namesKinds(from, to int) bool {
	return slices.ContainsFunc(p.cells[from][to], func(n *node) bool {
		return n.cat == cField && n.cost < costFuzzy && slices.ContainsFunc(n.fields, func(fi int) bool {
			f := p.ix.fields[fi]
			return f.isText() && f.values != nil && f.values.Len() <= fewKinds
		})
	})
}

// longerName tells whether the event of a node has a name of more words than
// the one at k: "per module enrolment".
func (p *parse) longerName(k int, b *node) bool {
	for j := k + 2; j <= b.to; j++ {
		if slices.ContainsFunc(p.cells[k][j], func(n *node) bool { return n.cat == cClause && plainThing(n.clause) && n.clause.win == nil }) {
			return true
		}
	}
	return false
}

// fewKinds is how many values a field has at most that tells rows apart, rather
// than naming each.
const fewKinds = 60

// namesField tells whether a word of the token i is a field of an event's rows.
func (p *parse) namesField(i int, event string) bool {
	return i < len(p.toks) && slices.ContainsFunc(p.cells[i][i+1], func(n *node) bool {
		return n.cat == cField && n.cost < costFuzzy && slices.ContainsFunc(n.fields, func(fi int) bool { return p.ix.fields[fi].event == event })
	})
}

func perEvent(b *node, n *big.Rat, cost float64) []*node {
	if !plainThing(b.clause) || len(b.clause.where) > 0 || b.clause.ever {
		return nil
	}
	return one(&node{cat: cPerEvent, clause: b.clause, num: n, cost: cost})
}

// ratioOf is a figure for so many events: "nights per booking". A time said of
// either is that of both.
func (p *parse) ratioOf(m *meas, per *node) []*node {
	c := per.clause
	if len(m.exprs) != 1 || m.of != nil || m.figured || m.versus != nil || len(m.beside) > 0 || m.event == "" || m.win != nil && c.win != nil {
		return nil
	}
	var expr string
	switch name := m.exprs[0]; {
	case (name == "revenue" || name == "gross_revenue") && c.event == p.ix.role("purchase"):
		expr = "aov"
	case name == "aov" && p.isPurchase(c.event): // "average value per booking" is of one already
		expr = "aov"
	default:
		call := p.callOf(name)
		if v, err := syntax.ParseMeasure(name); err == nil && call == nil { // "average nights per booking", of its rows together
			if avg, ok := v.(*syntax.Call); ok && avg.Fn == syntax.Avg && avg.Event == c.event {
				call = &syntax.Call{Fn: syntax.Sum, Event: avg.Event, Property: avg.Property}
			}
		}
		if call == nil || call.Event == c.event && (call.Fn == syntax.Count && len(m.where) == 0 || call.Fn == syntax.Distinct) {
			return nil // what all orders have between them is not what each has
		}
		call.Where = whereOf(&clause{where: m.where})
		expr = fmt.Sprintf("%s / %s", call, &syntax.Call{Fn: syntax.Count, Event: c.event})
	}
	if one := big.NewRat(1, 1); per.num.Cmp(one) != 0 {
		if expr == "aov" {
			return nil
		}
		expr = decimal(per.num) + " * " + expr
	}
	x := *m
	x.exprs, x.mean, x.each = []string{expr}, false, true
	if expr != "aov" {
		x.where = nil
	}
	if x.win == nil {
		x.win = c.win
	}
	if m.event != c.event {
		x.against = c.event
	}
	return one(&node{cat: cMeas, meas: &x, cost: -0.05})
}

// closed tells whether a time has both its ends.
func closed(w *syntax.Window) bool {
	return w != nil && w.Kind != syntax.WindowBefore && w.Kind != syntax.WindowSince
}

// preferredOf picks, of fields of one name, the event's own.
func (p *parse) preferredOf(fields []int, event string) int {
	for _, fi := range fields {
		if p.ix.fields[fi].event == event {
			return fi
		}
	}
	return p.preferred(fields)
}

// grew opens "how much did revenue grow": a figure in two times.
func grew(a *node) []*node {
	m := a.meas
	if len(m.exprs) != 1 || m.win != nil || m.ever || m.of != nil || m.mean || m.versus != nil {
		return nil
	}
	return one(&node{cat: cGrew, meas: m})
}

// moreOf is what grew where no people are named who had more of it.
func (p *parse) moreOf(a *node, list []*node) []*node {
	if p.people || p.peopleBefore(a) {
		return nil
	}
	for _, n := range list {
		x := *n.meas
		x.figured, n.meas = true, &x
	}
	return list
}

// sumOf is a number of an event summed up; nil for other fields.
func (p *parse) sumOf(n *node) *meas {
	f := p.ix.fields[p.preferred(n.fields)]
	if f.event == "" || !f.isNumber() || n.num != nil {
		return nil
	}
	return &meas{event: f.event, exprs: []string{p.sumMeasure(f.event, f.name)}}
}

func (p *parse) fieldGrew(a *node) []*node {
	m := p.sumOf(a)
	if m == nil {
		return nil
	}
	return grew(&node{meas: m})
}

func (p *parse) clauseGrew(a *node) []*node {
	if !plainThing(a.clause) || a.clause.win != nil || a.clause.ever {
		return nil
	}
	return grew(&node{meas: p.eventMeasure(a.clause)})
}

// shareable is what a share of a measure is taken of: its rows as a call.
func (p *parse) shareable(m *meas) *syntax.Call {
	if len(m.exprs) != 1 || m.of != nil || m.against != "" || m.figured || m.versus != nil {
		return nil
	}
	if slices.Contains([]string{"revenue_per_buyer", "orders_per_buyer"}, m.exprs[0]) {
		return nil
	}
	return p.callOf(m.exprs[0])
}

// forEachOf tells whether a bare event is what something is told for each of,
// "spend per order": it says nothing of who did it.
func (p *parse) forEachOf(n *node) bool {
	if n.cat != cClause || n.clause.person || n.clause.neg {
		return false
	}
	k := p.core(n) - 1
	switch {
	case k < 0 || !p.says(k, "by"):
		return false
	case plainThing(n.clause) && p.toldApartBy(k+1, n.clause.event):
		return true // "ingresos por tratamiento este año"
	}
	return !n.clause.qualified && !p.says(k, "by_agent")
}

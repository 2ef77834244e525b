package planner

import (
	"fmt"
	"math/big"
	"slices"
	"strings"

	"tesela/segment/syntax"
)

// measureRules make measures, groupings and ranks.
func measureRules() map[pair]rule {
	return map[pair]rule{
		{"ask_count", cClause}: func(p *parse, _, b *node) []*node {
			if p.had(b) || p.doneByPeople(b) {
				return nil // "how many had a ticket" asks for people
			}
			return p.countEvents(b)
		},
		{"ask_count", cVal}:          func(p *parse, _, b *node) []*node { return p.countOfValue(b) },
		{"ask_count", cCust}:         func(_ *parse, _, _ *node) []*node { return one(&node{cat: "count customers"}) },
		{"ask_count", cField}:        func(p *parse, _, b *node) []*node { return append(p.countDistinct(b), p.countOfFlagged(b)...) },
		{"ask_count", "distinct of"}: func(p *parse, _, b *node) []*node { return p.countDistinct(b) },
		{"ask_count", cMeas}: func(_ *parse, _, b *node) []*node {
			x := *b
			x.cost = 0.02
			return one(&x)
		},
		{"stats", cMeas}:       func(p *parse, a, b *node) []*node { return p.statMeasure(a, b) },
		{"stats", cField}:      func(p *parse, a, b *node) []*node { return append(p.statField(a, b), p.statAlone(a, b)...) },
		{"stats", cClause}:     func(p *parse, a, b *node) []*node { return p.statOrAll(a, b) },
		{cMeas, "stats_after"}: func(p *parse, a, b *node) []*node { return p.statMeasure(b, a) },
		{cField, "stats_after"}: func(p *parse, a, b *node) []*node {
			out := p.statField(b, a)
			if folded, _, _ := p.phrase(p.core(a), b.to); b.attr == "sum" && !p.ix.namesField(folded) { // "total amount": of what, may follow
				x := *a
				x.cost = 0.01
				out = append(out, &x)
			}
			return append(out, p.statAlone(b, a)...)
		},
		{cStatOf, cClause}:       func(p *parse, a, b *node) []*node { return p.statOfEvent(a, b) },
		{cClause, "stats_after"}: func(p *parse, a, b *node) []*node { return p.statOrAll(b, a) },
		{cMeas, "per_customer"}: func(p *parse, a, b *node) []*node {
			if c := b.clause; c != nil && (a.meas.of == nil || a.meas.of.Event != c.event) {
				return p.perDoers(a, c)
			}
			if b.num == nil && p.byThoseWho(b) {
				return nil
			}
			if p.namesKinds(b.to-1, b.to) {
				return nil // "por socio", of a firm whose clients have a partner each
			}
			return p.ofKind(p.perPeople(a, b.num), b)
		},
		{cMeas, cClause}: func(p *parse, a, b *node) []*node { // "average amount of deposits"
			if out := p.madeFrom(a, b); out != nil {
				return out
			}
			c := b.clause
			if p.opensGroup(b.from, &node{to: p.core(b)}) {
				return nil // "average nights per booking"
			}
			if c.verb || c.neg || c.qty != nil || c.fn != "" || c.event != a.meas.event || len(a.meas.exprs) != 1 || !strings.Contains(a.meas.exprs[0], "(") && a.meas.exprs[0] != "aov" {
				return nil
			}
			x := *a.meas
			x.where = append(append([]syntax.Formula(nil), x.where...), c.where...)
			if c.win != nil || c.ever {
				if x.win != nil || x.ever {
					return nil
				}
				x.win, x.ever = c.win, c.ever
			}
			return one(&node{cat: cMeas, meas: &x, cost: 0.03})
		},
		{cMeas, cWin}: func(_ *parse, a, b *node) []*node { return measureWindow(a, b, 0) },
		{cWin, cMeas}: func(_ *parse, a, b *node) []*node { return measureWindow(b, a, 0.03) },
		{cMeas, cVal}: func(p *parse, a, b *node) []*node { return p.measureValue(a, b) },
		{cVal, cMeas}: func(p *parse, a, b *node) []*node { return p.measureValue(b, a) },
		{cMeas, "row filter"}: func(_ *parse, a, b *node) []*node {
			if b.text != a.meas.event {
				return nil
			}
			x := *a.meas
			cost := 0.1 * float64(len(x.where))
			x.where, x.figured = append(append([]syntax.Formula(nil), x.where...), b.cond), b.attr == "figure"
			return one(&node{cat: cMeas, meas: &x, cost: cost})
		},
		{"by", cField}: func(p *parse, _, b *node) []*node {
			if f := p.ix.fields[p.preferred(b.fields)]; f.isNumber() && f.event != "" { // "by amount wagered"
				n := &node{cat: "by value", rank: &rank{by: &syntax.Call{Fn: syntax.Sum, Event: f.event, Property: f.name}}}
				if slices.ContainsFunc(p.cells[b.from][b.to], func(x *node) bool { return x.cat == cVal }) {
					n.cost = 0.6 // who left "for the price" is not ranked by it
				}
				return one(n)
			}
			n := &node{cat: cGroup, groups: []grouping{{field: b.fields[0]}}, fields: b.fields}
			if f := p.ix.fields[b.fields[0]]; f.isNumber() && !p.holds(b, "band_words") { // "the ten members with most points", by them
				return []*node{n, {cat: "by value", rank: &rank{by: &syntax.Name{Name: f.name}}}}
			}
			if f := p.ix.fields[b.fields[0]]; f.event != "" && p.ix.find("", f.name) >= 0 {
				n.cost = 0.2 // the customers' own comes first
			}
			return one(n)
		},
		{"by", cGroup}: func(_ *parse, _, b *node) []*node {
			x := *b
			x.cost = 0.01
			return one(&x)
		},
		{"by", "units"}: func(_ *parse, _, b *node) []*node {
			per := perUnit(b.attr)
			if per == "" {
				return nil
			}
			return one(&node{cat: cGroup, groups: []grouping{{field: -1, per: per}}})
		},
		{cMeas, "net_of"}: func(p *parse, a, _ *node) []*node {
			if len(a.meas.exprs) != 1 || a.meas.exprs[0] != "revenue" && a.meas.exprs[0] != "gross_revenue" {
				return nil
			}
			x := *a.meas
			x.exprs = []string{"revenue"}
			return one(&node{cat: cMeas, meas: &x})
		},
		{"by", "layer_names"}: func(_ *parse, _, b *node) []*node {
			return one(&node{cat: cGroup, groups: []grouping{{field: -1, layer: b.attr}}})
		},
		{"layer_names", "layer_labels"}: func(_ *parse, a, b *node) []*node { // "whose engagement is engaged"
			if b.attr != a.attr {
				return nil
			}
			return one(&node{cat: cCond, attr: b.attr, cond: b.cond, simple: true})
		},
		{"layer_names", cCond}: func(_ *parse, a, b *node) []*node { // "whose rfm is Champions"
			if b.attr != a.attr {
				return nil
			}
			x := *b
			x.cost = 0
			return one(&x)
		},
		{"by", cMissing}: func(_ *parse, _, b *node) []*node {
			x := *b
			x.cost = 0
			return one(&x)
		},
		{"by", cUnknown}: func(_ *parse, _, b *node) []*node { // an unknown field, not just a word
			return one(&node{cat: cMissing, attr: "", word: b.word, cost: -0.5})
		},
		{"by", cCust}: func(p *parse, a, b *node) []*node {
			for _, n := range p.cells[p.core(b)][b.to] {
				if n.cat == cField && b.cost > costGlue {
					return nil // "por título", where "titular" is but of its stem
				}
			}
			if b.num == nil && p.byThoseWho(b) {
				return again(b, 0.02)
			}
			if p.byWhom(a.from) || p.everyN >= 0 || b.num == nil && p.namesKinds(p.core(b), b.to) {
				return nil
			}
			if b.num != nil { // "per 100 customers"
				return perMany(b.num)
			}
			return p.perKind(b)
		},
		{"by", cClause}:      func(p *parse, _, b *node) []*node { return p.byClause(b) },
		{"by", "ask_amount"}: func(_ *parse, a, _ *node) []*node { return again(a, 0.02) }, // "ranked by how much they spent"
		{"by", "ask_what"}:   func(_ *parse, a, _ *node) []*node { return again(a, 0.02) },
		{"by", cMeas}: func(p *parse, _, b *node) []*node {
			if p.meanOfOne(b) {
				return nil // "per order on average" ranks nobody by it
			}
			return one(&node{cat: "by measure", meas: b.meas})
		},
		{cGroup, cGroup}: func(_ *parse, a, b *node) []*node {
			return one(&node{cat: cGroup, groups: append(append([]grouping(nil), a.groups...), b.groups...), fields: append(append([]int(nil), a.fields...), b.fields...), cost: 0.02})
		},
		{"ask_most", cNum}:      func(p *parse, a, b *node) []*node { return p.rankedBehind(a, b, false) },
		{cNum, "ask_most"}:      func(_ *parse, a, _ *node) []*node { return ranked(a, false) },
		{"ask_least", cNum}:     func(p *parse, a, b *node) []*node { return p.rankedBehind(a, b, true) },
		{cNum, "ask_least"}:     func(_ *parse, a, _ *node) []*node { return ranked(a, true) },
		{"ask_most", cPercent}:  func(_ *parse, _, b *node) []*node { return ranked(b, false) },
		{cPercent, "ask_most"}:  func(_ *parse, a, _ *node) []*node { return ranked(a, false) },
		{"ask_least", cPercent}: func(_ *parse, _, b *node) []*node { return ranked(b, true) },
		{cPercent, "ask_least"}: func(_ *parse, a, _ *node) []*node { return ranked(a, true) },
	}
}

// perUnit is the period that a unit of time groups by.
func perUnit(unit string) string {
	return map[string]string{"d": "day", "w": "week", "mo": "month", "q": "quarter", "y": "year", "h": "hour"}[unit]
}

// ranks tells whether a number may be the length of a list: "most in 2025" is
// no top 2,025.
func ranks(n *big.Rat) bool {
	return n.IsInt() && n.Sign() > 0 && n.Cmp(big.NewRat(1000, 1)) <= 0
}

func ranked(n *node, bottom bool) []*node {
	if n.cat == cNum && !ranks(n.num) || n.num.Sign() <= 0 {
		return nil
	}
	return one(&node{cat: cRank, rank: &rank{n: decimal(n.num), percent: n.cat == cPercent, bottom: bottom}})
}

// rankedBehind is the length of a list said behind "most". Right behind what was
// done it may as well be how much: "gastaron más 200" may lack its "de".
func (p *parse) rankedBehind(a, b *node, bottom bool) []*node {
	if at := a.from; at > 0 && p.core(b) == b.from && slices.ContainsFunc(p.cells[at-1][at], func(n *node) bool { return n.cat == cClause && n.clause.verb }) {
		return nil
	}
	return ranked(b, bottom)
}

// countEvents is "how many orders": a measure, with what is said of them.
func (p *parse) countEvents(b *node) []*node {
	c := b.clause
	if c.verb || c.neg || c.qty != nil || c.fn != "" {
		return nil
	}
	return one(&node{cat: cMeas, meas: p.eventMeasure(c), cost: 0})
}

// eventMeasure counts the events of a clause.
func (p *parse) eventMeasure(c *clause) *meas {
	m := &meas{event: c.event, where: c.where, win: c.win, ever: c.ever}
	if c.event == p.ix.events["purchase"] && c.event == p.ix.role("purchase") {
		m.exprs = []string{"orders"}
	} else {
		m.exprs = []string{fmt.Sprintf("events(%s)", syntax.Quote(c.event))}
	}
	return m
}

// countDistinct is "how many products": distinct values of a property.
func (p *parse) countDistinct(b *node) []*node {
	fi := p.preferred(b.fields)
	f := p.ix.fields[fi]
	if f.kind == "number" && b.num == nil && p.inPlural(b) && !overlaps(b.fields, p.ix.concepts["score"]) && !overlaps(b.fields, p.ix.concepts["age"]) {
		x := *b
		return p.statField(&node{attr: "sum"}, &x) // "how many tickets", where each row has some
	}
	if f.event == "" || !f.isText() || b.form == goods || p.had(b) || p.namesEventOf(b, f.event) {
		return nil // "how many have a package" asks for people, "how many packages" for those and not for their names
	}
	return one(&node{cat: cMeas, cost: 0.1, meas: &meas{event: f.event, exprs: []string{fmt.Sprintf("distinct(%s.%s)", syntax.Quote(f.event), syntax.Quote(f.name))}}})
}

// namesEventOf tells whether the word of a node is the name of an event itself.
func (p *parse) namesEventOf(n *node, event string) bool {
	for _, key := range []string{p.toks[n.to-1].folded, singular(p.lang, p.toks[n.to-1].folded)} {
		if n.to-p.core(n) == 1 && slices.ContainsFunc(p.ix.names[key], func(r nameRef) bool { return r.field < 0 && r.event == event && r.lang == "" }) {
			return true
		}
	}
	return false
}

// preferred picks, of the same property of several events, the purchase's.
func (p *parse) preferred(fields []int) int {
	for _, fi := range fields {
		if ev := p.ix.fields[fi].event; ev != "" && ev == p.ix.events["purchase"] {
			return fi
		}
	}
	return fields[0]
}

// statMeasure is "total revenue", "average revenue per customer".
func (p *parse) statMeasure(a, b *node) []*node {
	switch a.attr {
	case "sum":
		x := *b
		x.cost = 0.02
		return one(&x)
	case "median":
		return p.ofEachStat(b, a.attr)
	case meanCount:
		if len(b.meas.exprs) != 1 || b.meas.exprs[0] == "aov" || b.meas.exprs[0] == "revenue" || b.meas.exprs[0] == "gross_revenue" {
			return nil
		}
		return p.statMeasure(&node{attr: "mean"}, b)
	case "mean":
		if len(b.meas.exprs) != 1 {
			return nil
		}
		x := *b
		x.cost, x.neg = 0.02, false
		if b.meas.each {
			return one(&x)
		}
		if slices.Contains(averages, b.meas.exprs[0]) {
			return one(&x)
		}
		switch b.meas.exprs[0] {
		case "revenue", "gross_revenue", "orders", "items": // of what, "per customer" says
			m := *b.meas
			m.mean = true
			x.meas = &m
			return one(&x)
		}
	}
	return nil
}

// comparesFigure tells whether a filter compares with a number.
func comparesFigure(where []syntax.Formula) bool {
	found := false
	for _, f := range where {
		syntax.Walk(f, func(n syntax.Node) bool {
			_, is := n.(*syntax.Number)
			found = found || is
			return true
		})
	}
	return found
}

// statClause is "average spend" (per customer who has some) and "median number
// of orders".
func (p *parse) statClause(a, b *node) []*node {
	c := b.clause
	if c.neg || c.qty != nil {
		return nil
	}
	if c.fn == syntax.Sum && a.attr == "sum" {
		return one(&node{cat: cMeas, cost: 0.02, meas: &meas{event: c.event, where: c.where, win: c.win, exprs: []string{p.sumMeasure(c.event, c.prop)}}})
	}
	if a.attr == meanCount && !c.verb && c.fn == "" { // of whom, "per customer" or people named say
		m := p.eventMeasure(c)
		m.mean = true
		return one(&node{cat: cMeas, cost: 0.02, meas: m})
	}
	if c.fn == syntax.Sum && a.attr == "mean" && c.event == p.ix.role("purchase") { // of whom, "per customer" or people named say
		return one(&node{cat: cMeas, cost: 0.02, meas: &meas{event: c.event, where: c.where, win: c.win, ever: c.ever, exprs: []string{"revenue"}, mean: true}})
	}
	if a.attr == "sum" && c.verb && c.fn == "" {
		if m := p.moneyMeasure(c.event); m != "" { // "total refunded"
			return one(&node{cat: cMeas, cost: 0.05, meas: &meas{event: c.event, where: c.where, win: c.win, ever: c.ever, exprs: []string{m}}})
		}
	}
	if a.attr == "sum" && !c.verb {
		count := &node{cat: cMeas, cost: 0.02, meas: p.eventMeasure(c)}
		// "total deposits": how many, or how much.
		if m := p.moneyMeasure(c.event); m != "" && !p.tied(c.event) {
			x := *count.meas
			x.exprs = []string{m}
			return []*node{count, {cat: cMeas, cost: 0.02, meas: &x}}
		}
		return one(count)
	}
	if a.attr == "mean" && !c.verb && c.fn == "" && p.counting(a) { // "average number of complaints": of whom, may follow
		m := p.eventMeasure(c)
		m.mean = true
		return one(&node{cat: cMeas, cost: 0.05, meas: m})
	}
	if a.attr == "mean" && !c.verb && c.fn == "" {
		m := &meas{event: c.event, where: c.where, win: c.win, ever: c.ever, figured: comparesFigure(c.where)}
		switch sum := p.spendOf(c.event); {
		case sum == nil:
			return p.figureOfEvent(a, b, "avg")
		case c.event == p.ix.role("purchase"):
			m.exprs = []string{"aov"}
		case p.tied(c.event):
			return nil
		default:
			m.exprs = []string{fmt.Sprintf("avg(%s.%s)", syntax.Quote(c.event), syntax.Quote(sum.prop))}
		}
		return one(&node{cat: cMeas, cost: 0.05, meas: m})
	}
	if c.fn == "" && a.attr == "median" && p.spendOf(c.event) != nil && !p.inPlural(b) {
		return nil // "the median donation" is an amount, and no measure gives that of rows
	}
	if fn := map[string]string{"mean": "avg", "max": "max", "min": "min"}[a.attr]; fn != "" && !c.verb && c.fn == "" && !c.person {
		return p.figureOfEvent(a, b, fn)
	}
	if c.fn == syntax.Sum && a.attr == "median" || a.attr == "median" && !c.verb {
		fn, prop := syntax.Count, ""
		if c.fn == syntax.Sum {
			fn, prop = c.fn, c.prop
		}
		call := &syntax.Call{Fn: fn, Event: c.event, Property: prop, Where: whereOf(c), Window: c.win}
		base := &syntax.Compare{Left: &syntax.Call{Fn: syntax.Count, Event: c.event, Where: whereOf(c), Window: c.win}, Op: syntax.Ge, Right: number(1)}
		return one(&node{
			cat: cMeas, cost: 0.05, meas: &meas{event: "", base: []syntax.Formula{base}, of: call, stat: a.attr, win: c.win, ever: c.ever, exprs: []string{fmt.Sprintf("per_customer(%s, %s)", call, a.attr)}},
			assume: []assumption{{"only_doers", map[string]string{"event": c.event}}},
		})
	}
	return nil
}

func measureWindow(a, b *node, cost float64) []*node {
	if a.meas.win != nil || a.meas.ever {
		return nil
	}
	x := *a.meas
	x.win, x.ever, x.beside = b.win, b.ever, nil
	if b.joiner == "and" {
		x.beside = b.beside
	}
	return one(&node{cat: cMeas, meas: &x, cost: cost})
}

// measureValue filters a measure by a value: of its rows, or of the customers.
func (p *parse) measureValue(a, b *node) []*node {
	if b.text == "or" && a.from < b.from && p.breaks(a.to, b) {
		return nil // "revenue: Europe or Asia?" tells them apart
	}
	if len(b.vals) > 1 && !b.neg && (b.text == "versus" || b.text == "and") {
		return nil // maybe to be told apart: see compared
	}
	x := *a.meas
	if f := p.valueFilter(b, a.meas.event); f != nil && a.meas.event != "" {
		if sameSubject(x.where, f) {
			return nil // no row is of two categories
		}
		cost := 0.1 * float64(len(x.where)) // one longer value beats two
		x.where = append(append([]syntax.Formula(nil), x.where...), f)
		return one(&node{cat: cMeas, meas: &x, cost: cost})
	}
	if f := p.valueFilter(b, ""); f != nil {
		x.base = append(append([]syntax.Formula(nil), x.base...), f)
		return one(&node{cat: cMeas, meas: &x, cost: p.rowsHave(b, a.meas.event)})
	}
	return nil
}

// rowsHave is what it costs to take a value for one of people where the rows
// that are measured have it too, in a field of the same notion: the plan that
// was paid for comes before the plan that people have now. A city and a brand
// of one name are two things, and the asker has to say.
func (p *parse) rowsHave(b *node, event string) float64 {
	if event == "" || b.from >= b.to {
		return 0
	}
	if p.rowsSay(b, event) != nil {
		return 0.5
	}
	for _, x := range p.cells[b.from][b.to] {
		if x.cat != cVal {
			continue
		}
		for _, v := range x.vals {
			if p.ix.fields[v.field].event == event && p.sameNotion(v.field, b.vals) {
				return 0.2
			}
		}
	}
	return 0
}

// sameNotion tells whether the name of a field shares a word with that of the
// fields of values.
func (p *parse) sameNotion(field int, vals []valueRef) bool {
	words := strings.Fields(fold(p.ix.fields[field].name))
	for _, v := range vals {
		for _, w := range strings.Fields(fold(p.ix.fields[v.field].name)) {
			if slices.Contains(words, w) {
				return true
			}
		}
	}
	return false
}

// byClause is "by spend", "by number of orders": what to rank by.
func (p *parse) byClause(b *node) []*node {
	c := b.clause
	if c.neg || c.qty != nil || (!c.verb || c.weak || p.thingToo(b)) && c.fn == "" && !strings.HasSuffix(p.toks[b.to-1].folded, "s") {
		return nil // "per order" ranks nobody by orders
	}
	fn := syntax.Count
	if c.fn == syntax.Sum {
		fn = c.fn
	}
	v := &syntax.Call{Fn: fn, Event: c.event, Property: c.prop, Where: whereOf(c), Window: c.win}
	out := one(&node{cat: "by value", rank: &rank{by: v}})
	// "by deposits": how many, or how much.
	if sum := p.spendOf(c.event); sum != nil && fn == syntax.Count && !p.tied(c.event) {
		x := *v
		x.Fn, x.Property = syntax.Sum, sum.prop
		out = append(out, &node{cat: "by value", rank: &rank{by: &x}})
	}
	return out
}

package planner

import (
	"math/big"
	"slices"
	"time"

	"tesela/segment/syntax"
)

// The categories of things that are said of rows or people by the way.
const (
	cRowVal  cat = "value of rows" // "games of NeoPlay": only beside what was done
	cUnits   cat = "distinct units"
	cLastFew cat = "last few" // "the last 8", of what was just named
)

// detailRules read what people add by the way: the kind of thing a value is,
// among whom, on how many days.
func detailRules() map[pair]rule {
	return map[pair]rule{
		{cField, cVal}: func(p *parse, a, b *node) []*node { return p.kindOfValue(a, b) },
		{cVal, cField}: func(p *parse, a, b *node) []*node { return p.kindOfValue(b, a) },
		{cClause, cRowVal}: func(p *parse, a, b *node) []*node {
			return p.clauseValue(a, &node{cat: cVal, vals: b.vals, neg: b.neg, text: b.text, from: b.from, to: b.to})
		},
		{cMeas, cRowVal}: func(p *parse, a, b *node) []*node {
			return p.measureValue(a, &node{cat: cVal, vals: b.vals, neg: b.neg, text: b.text})
		},
		{"by", cVal}: func(p *parse, _, b *node) []*node { // "paid by card"
			x := *b
			x.cost = 0.08
			for _, v := range b.vals {
				if p.ix.fields[v.field].event == "" { // "owned by Marcus"
					x.cost = 0.15
				}
			}
			return one(&x)
		},
		{cField, cField}: func(p *parse, a, b *node) []*node { return p.headField(a, b) },
		{cField, cMissing}: func(p *parse, a, b *node) []*node { // "category of product", where that is all there is of products
			if b.attr != "product" || !p.of(a.to, b) {
				return nil
			}
			for _, fi := range a.fields {
				if p.ix.fields[fi].event == "" {
					return nil
				}
			}
			x := *a
			x.cost = 0.1 - b.cost
			return one(&x)
		},
		{"among", cCust}: func(_ *parse, _, b *node) []*node {
			x := *b
			x.cost = 0.02
			return one(&x)
		},
		{"including", cClause}: func(p *parse, _, b *node) []*node { return p.included(b) },
		{"including", cCond}:   func(p *parse, _, b *node) []*node { return p.included(b) },
		{"with_their", cField}: func(p *parse, _, b *node) []*node {
			for _, fi := range b.fields {
				if f := p.ix.fields[fi]; f.event == "" && f.kind != "bool" {
					return one(&node{cat: "with field", fields: []int{fi}, cost: -0.1})
				}
			}
			return nil
		},
		{"with_their", cFields}: func(p *parse, _, b *node) []*node {
			if p.contacts(b) == nil {
				return nil
			}
			return one(&node{cat: "with field", fields: b.fields, left: b.left, cost: -0.1})
		},
		{"with field", "of_each"}: func(_ *parse, a, _ *node) []*node { // "with the e-mail of each"
			x := *a
			x.cost = 0
			return one(&x)
		},
		{"instead_of", cGroup}: func(_ *parse, _, _ *node) []*node { return one(&node{cat: "instead"}) },
		{"instead_of", cMeas}:  func(_ *parse, _, _ *node) []*node { return one(&node{cat: "instead"}) },
		{"instead_of", cVal}:   func(_ *parse, _, _ *node) []*node { return one(&node{cat: "instead"}) },
		{"instead_of", cWin}:   func(_ *parse, _, _ *node) []*node { return one(&node{cat: "instead"}) },
		{"instead_of", cField}: func(_ *parse, _, _ *node) []*node { return one(&node{cat: "instead"}) },
		{"neither", cField}: func(p *parse, _, b *node) []*node {
			out := p.fieldSet(b, true)
			for _, n := range out {
				n.text = "nor"
				n.cost -= 0.15 // one phrase beats "not" twice
			}
			return out
		},
		{"segment_noun", cQuoted}: func(p *parse, _, b *node) []*node {
			for _, name := range p.catalogue().Segments {
				if fold(name) == fold(b.text) {
					return one(condNode(&syntax.InSegment{Name: name}))
				}
			}
			return one(&node{cat: cMissing, word: b.text, cost: costMissing})
		},
		{"segment_noun", cCond}: func(_ *parse, _, b *node) []*node {
			if _, ok := b.cond.(*syntax.InSegment); !ok {
				return nil
			}
			x := *b
			x.cost = 0
			return one(&x)
		},
		{cCust, "distinct"}: func(_ *parse, a, _ *node) []*node { // customers are
			x := *a
			x.cost = 0.02
			return one(&x)
		},
		{"count customers", "distinct"}: func(_ *parse, a, _ *node) []*node {
			x := *a
			x.cost = 0.02
			return one(&x)
		},
		{"stats", cCust}: func(_ *parse, a, _ *node) []*node { // "total accounts"
			if a.attr != "sum" {
				return nil
			}
			return one(&node{cat: "count customers", cost: 0.02})
		},
		{"end_of", cSpan}:   func(_ *parse, _, b *node) []*node { return edgeOf(b, b.end) },
		{"start_of", cSpan}: func(_ *parse, _, b *node) []*node { return edgeOf(b, b.start) },
		{"among", cVal}: func(_ *parse, _, b *node) []*node {
			x := *b
			x.cost = 0.02
			return one(&x)
		},
		{cField, cCust}: func(p *parse, a, _ *node) []*node { // "sign-ups of customers"
			for _, fi := range a.fields {
				if f := p.ix.fields[fi]; f.event != "" || !f.isTime() {
					return nil
				}
			}
			x := *a
			x.cost = 0.05
			return one(&x)
		},

		{"distinct", "units"}: func(_ *parse, _, b *node) []*node { return one(&node{cat: cUnits, attr: b.attr}) },
		{"units", "distinct"}: func(_ *parse, a, _ *node) []*node { return one(&node{cat: cUnits, attr: a.attr}) },
		{cQty, cUnits}:        func(_ *parse, a, b *node) []*node { return unitsActive(a, b) },
		{cNum, cUnits}:        func(_ *parse, a, b *node) []*node { return unitsActive(a, b) },
		{cQty, "units"}: func(_ *parse, a, b *node) []*node { // "6+ months"
			if a.qty.op == "" || a.qty.isHi || a.qty.unit != "" {
				return nil
			}
			n, ok := new(big.Rat).SetString(a.qty.lo)
			if !ok {
				return nil
			}
			d := durationOf(n, b.attr)
			if d == nil {
				return nil
			}
			return one(&node{cat: cQtyDur, dur: d, attr: string(a.qty.op)})
		},
		{cQty, cWin}:         func(p *parse, a, b *node) []*node { return p.unitsOfLast(a, b) }, // "6 or more of the last 8 weeks"
		{cNum, cWin}:         func(p *parse, a, b *node) []*node { return p.unitsOfLast(a, b) },
		{"rolling", cNum}:    func(_ *parse, _, b *node) []*node { return one(&node{cat: cLastFew, num: b.num}) },
		{"out_of", cLastFew}: func(_ *parse, _, b *node) []*node { return one(&node{cat: cLastFew, num: b.num, form: "part"}) },
		{"out_of", cWin}:     func(_ *parse, _, b *node) []*node { return one(&node{cat: cWin, win: b.win, form: "part", cost: 0.1}) },
		{"active", cLastFew}: func(p *parse, a, b *node) []*node { // "6 different weeks of the last 8"
			unit := map[string]syntax.Unit{"active_days": syntax.Day, "active_weeks": syntax.Week, "active_months": syntax.Month}[a.attr]
			d := durationOf(b.num, string(unit))
			if a.win != nil || d == nil || b.form != "part" && !p.of(a.to, b) {
				return nil
			}
			x := *a
			x.cost, x.win = 0, lastWindow(*d).win
			return one(&x)
		},
		{"active", "compare_after"}: func(_ *parse, a, b *node) []*node { // "6 different weeks or more"
			if a.qty.op != "" {
				return nil
			}
			x := *a
			q := *a.qty
			q.op = syntax.Op(b.attr)
			x.qty, x.cost = &q, 0
			return one(&x)
		},
		{cQtyDur, cWin}: func(p *parse, a, b *node) []*node { // "in at least six months of 2025"
			within := p.core(a) > 0 && p.says(p.core(a)-1, "inside") && (a.attr == string(syntax.Ge) || a.attr == string(syntax.Gt)) // "in 4 or more months this year"
			if b.win == nil || !within && !p.of(a.to, b) {
				return nil
			}
			out := activeUnits(a)
			for _, n := range out {
				n.win = b.win
			}
			return out
		},

		{cVal, "versus_time"}: func(p *parse, a, _ *node) []*node { // "compare Malta with Germany"
			if !p.comparing() || a.neg {
				return nil
			}
			return one(&node{cat: cPart, left: a, joiner: "versus"})
		},
		{cMeas, cQty}: func(p *parse, a, b *node) []*node { return p.measureOfEach(a, b) },
		{cMeas, "versus"}: func(_ *parse, a, _ *node) []*node {
			if a.meas.win == nil {
				return nil
			}
			return one(&node{cat: "measure versus", meas: a.meas})
		},
		{cMeas, "versus_time"}: func(_ *parse, a, _ *node) []*node {
			if a.meas.win == nil {
				return nil
			}
			return one(&node{cat: "measure with", meas: a.meas})
		},
		{"measure with", cWin}: func(p *parse, a, b *node) []*node { // only where a comparison is asked for
			if b.win == nil || !p.comparing() || a.meas.win.String() == beforeThat(a.meas.win, b.win).String() {
				return nil
			}
			x := *a.meas
			x.versus = beforeThat(x.win, b.win)
			return one(&node{cat: cMeas, meas: &x, cost: -0.1})
		},
		{"not", cGroup}: func(_ *parse, _, _ *node) []*node { return one(&node{cat: "instead"}) },
		{cField, "none"}: func(p *parse, a, _ *node) []*node { // "phone missing"
			out := p.fieldSet(a, true)
			for _, n := range out {
				n.cost += 0.05
			}
			return out
		},
		{"measure versus", cWin}: func(_ *parse, a, b *node) []*node { // "revenue this year vs last year"
			if b.win == nil || a.meas.win.String() == beforeThat(a.meas.win, b.win).String() {
				return nil
			}
			x := *a.meas
			x.versus = beforeThat(x.win, b.win)
			return one(&node{cat: cMeas, meas: &x})
		},
	}
}

// included is who is counted too: "counting those who never bought".
func (p *parse) included(b *node) []*node {
	c := p.asCond(b)
	if c == nil || len(c.bare) > 0 {
		return nil
	}
	return one(&node{cat: "included", cond: c.cond})
}

// headField is "game provider": the field that the phrase is of, of the two of
// one event.
func (p *parse) headField(other, head *node) []*node {
	if slices.Equal(other.fields, head.fields) && p.aside(other.to, head) && p.fillsBrackets(head) { // "features (features)"
		x := *other
		x.cost = 0.02
		return one(&x)
	}
	if head.num != nil || other.num != nil {
		return nil
	}
	if p.core(head) != other.to {
		if !p.of(other.to, head) || overlaps(other.fields, p.ix.concepts["product"]) { // "provider of games", not "books of genres"
			return nil
		}
		other, head = head, other
	}
	x := &node{cat: cField, form: head.form, cost: 0.15}
	for _, fi := range head.fields {
		for _, fj := range other.fields {
			f, g := p.ix.fields[fi], p.ix.fields[fj]
			if f.event != "" && f.event == g.event && f.isText() && g.isText() && fi != fj {
				x.fields = append(x.fields, fi)
			}
		}
	}
	if len(x.fields) == 0 {
		return nil
	}
	return one(x)
}

// kindOfValue is "games of NeoPlay": what a value of the same event's rows
// goes by. It says nothing of its own, so it stands only beside what was done.
func (p *parse) kindOfValue(a, b *node) []*node {
	if len(a.fields) == 0 || len(b.vals) == 0 || p.opensGroup(a.from, a) || a.from > 0 && p.opensGroup(a.from-1, a) {
		return nil
	}
	if a.from < b.from && !p.of(a.to, b) {
		return nil
	}
	ofEvent := map[string]bool{}
	for _, fi := range a.fields {
		f := p.ix.fields[fi]
		if f.event == "" || !f.isText() {
			return nil
		}
		ofEvent[f.event] = true
	}
	x := &node{cat: cRowVal, neg: b.neg, text: b.text, cost: 0.1}
	for _, v := range b.vals {
		for _, fi := range a.fields {
			if v.field == fi {
				return nil // see fieldValue
			}
		}
		if ofEvent[p.ix.fields[v.field].event] {
			x.vals = append(x.vals, v)
		}
	}
	if len(x.vals) == 0 {
		return nil
	}
	return one(x)
}

// unitsActive is "on at least 30 distinct days".
func unitsActive(a, b *node) []*node {
	q := figure(a)
	fn := map[string]syntax.Fn{"d": syntax.ActiveDays, "w": syntax.ActiveWeeks, "mo": syntax.ActiveMonths}[b.attr]
	if q == nil || fn == "" || q.unit != "" {
		return nil
	}
	return one(&node{cat: "active", attr: string(fn), qty: q})
}

// unitsOfLast is "6 or more of the last 8 weeks": in so many of them.
func (p *parse) unitsOfLast(a, b *node) []*node {
	q := figure(a)
	if b.win == nil || b.win.Kind != syntax.WindowLast || q == nil || q.unit != "" || b.form != "part" && !p.of(a.to, b) {
		return nil
	}
	out := unitsActive(a, &node{attr: string(b.win.Duration.Unit)})
	for _, n := range out {
		n.win = b.win
	}
	return out
}

// measureOfEach is a condition on a measure taken of each customer: "average
// order value under 40". "How many orders over 40" are of that size each.
func (p *parse) measureOfEach(a, b *node) []*node {
	m := a.meas
	if out := p.sumOfEach(a, b); out != nil {
		return out
	}
	if len(m.exprs) != 1 || len(m.base)+len(m.where) > 0 || m.of != nil || m.mean || b.qty.op == "" && !b.qty.isHi || b.qty.unit == "times" || b.qty.unit == "percent" {
		return nil
	}
	if m.exprs[0] == "orders" && (b.qty.unit == "money" || !p.people && !p.peopleBefore(a)) {
		return nil
	}
	v := p.ofEach(m.exprs[0], m.win)
	if v == nil {
		return nil
	}
	return one(&node{cat: cCond, cond: b.qty.condition(v), cost: 0.1})
}

// ofEach is a named measure as a value of one customer; nil where it is none.
func (p *parse) ofEach(name string, w *syntax.Window) syntax.Value {
	spend, _ := p.spendValue().(*syntax.Call)
	ev := p.ix.role("purchase")
	if spend == nil || ev == "" {
		return nil
	}
	spend.Window = w
	count := &syntax.Call{Fn: syntax.Count, Event: ev, Window: w}
	switch name {
	case "aov":
		return &syntax.Arith{Op: '/', Left: spend, Right: count}
	case "gross_revenue":
		return spend
	case "orders":
		return count
	}
	return nil
}

// edgeOf is a point in time: before or since it something may be, but nothing
// is in it.
func edgeOf(b *node, at time.Time) []*node {
	if b.text == rangeText {
		return nil
	}
	return one(&node{cat: cSpan, start: at, end: at})
}

// comparing tells whether the question asks to compare.
func (p *parse) comparing() bool {
	for i := range p.toks {
		for j := i + 1; j <= min(len(p.toks), i+3); j++ {
			for _, n := range p.cells[i][j] {
				if n.cat == "ask_compare" && n.cost < costFuzzy {
					return true
				}
			}
		}
	}
	return false
}

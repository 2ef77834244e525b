package planner

import (
	"tesela/segment/syntax"
)

// clauseRules gather what is said of one event: how often, of what, when.
func clauseRules() map[pair]rule {
	return map[pair]rule{
		{cNum, cCust}: func(_ *parse, a, _ *node) []*node { // "show me 20 customers"
			if !ranks(a.num) {
				return nil // "in 2025, customers …"
			}
			return one(&node{cat: cCust, num: a.num})
		},
		{cNum, cVal}: func(p *parse, a, b *node) []*node { // "the 10 hotels that spend most"
			if !ranks(a.num) || !p.kindOfPeople(b) {
				return nil
			}
			return one(&node{cat: cSoMany, vals: b.vals, text: b.text, num: a.num, cost: 0.05})
		},
		{"same_window", cClause}: func(_ *parse, _, b *node) []*node { // "who that same month used nothing"
			if b.clause.win != nil || b.clause.ever || !b.clause.verb {
				return nil
			}
			return one(&node{cat: cClause, clause: b.clause.with(func(c *clause) { c.same = true }), cost: 0.02})
		},
		{cClause, "same_window"}: func(_ *parse, a, _ *node) []*node {
			if a.clause.win != nil || a.clause.ever {
				return nil
			}
			return one(&node{cat: cClause, clause: a.clause.with(func(c *clause) { c.same = true })})
		},
		{cClause, "site"}: func(p *parse, a, b *node) []*node { // "visited the site"
			if a.clause.event != p.ix.events["visit"] || p.isValueOf(b, a.clause.event) || p.namesValue(b) || p.opensGroup(a.to, b) {
				return nil
			}
			x := *a
			x.cost = 0
			return one(&x)
		},
		{cClause, "same_object"}: func(_ *parse, a, _ *node) []*node {
			if len(a.clause.where) > 0 {
				return nil
			}
			return one(&node{cat: cClause, clause: a.clause.with(func(c *clause) { c.it = true })})
		},
		{cClause, cWin}: func(p *parse, a, b *node) []*node {
			// Behind a comma a time may be that of the whole question.
			if a.to < len(p.toks) && p.toks[a.to].kind == tokBreak && b.from == a.to {
				return p.clauseWindow(a, b, costPart)
			}
			return p.clauseWindow(a, b, 0)
		},
		{cClause, "point ago"}: func(p *parse, a, b *node) []*node { return p.notFor(a, b) },
		{"point ago", cClause}: func(p *parse, a, b *node) []*node { return p.notFor(b, a) },
		{cWin, cClause}:        func(p *parse, a, b *node) []*node { return p.clauseWindow(b, a, 0.03) },
		{cClause, cDur}: func(p *parse, a, b *node) []*node { // "not bought for 90 days"
			if !a.clause.neg {
				return nil
			}
			return p.clauseWindow(a, lastWindow(*b.dur), 0.05)
		},
		{cClause, cQtyDur}: func(p *parse, a, b *node) []*node { // "not bought for over 90 days"
			if !a.clause.neg || b.attr != ">" && b.attr != ">=" {
				return nil
			}
			return p.clauseWindow(a, lastWindow(*b.dur), 0.1)
		},
		{cQtyDur, cClause}: func(p *parse, a, b *node) []*node { // "más de 90 días sin comprar"
			if !b.clause.neg || p.apartFrom(b) || a.attr != ">" && a.attr != ">=" || p.ofTheAged(a) {
				return nil
			}
			return p.clauseWindow(b, lastWindow(*a.dur), 0.05)
		},
		{cDur, cClause}: func(p *parse, a, b *node) []*node {
			if !b.clause.neg || p.apartFrom(b) {
				return nil
			}
			return p.clauseWindow(b, lastWindow(*a.dur), 0.05)
		},
		{cClause, "age of event"}: func(p *parse, a, b *node) []*node {
			switch b.attr {
			case "<", "<=":
				if a.clause.neg {
					return nil
				}
				return p.clauseWindow(a, lastWindow(*b.dur), 0.05)
			case ">", ">=":
				if a.clause.neg { // "not since 30 days ago or more"
					return p.clauseWindow(a, lastWindow(*b.dur), 0.1)
				}
				return p.clauseWindow(a, &node{win: &syntax.Window{Kind: syntax.WindowBefore, From: syntax.Point{Ago: b.dur}}}, 0.3)
			}
			return nil
		},
		{cClause, cQty}: func(p *parse, a, b *node) []*node { return p.clauseQty(a, figure(b), true) },
		{cClause, cNum}: func(p *parse, a, b *node) []*node {
			q := figure(b)
			switch {
			case a.clause.fn == syntax.Sum:
				return p.clauseQty(a, q, true)
			case p.maybeYear(q):
				return nil
			}
			return p.scored(a, q)
		},
		{cClause, cMoney}: func(p *parse, a, b *node) []*node { return p.clauseQty(a, figure(b), true) },
		{cQty, cClause}: func(p *parse, a, b *node) []*node {
			if out := p.moneyIn(figure(a), a.to, b); out != nil {
				return out
			}
			return p.figureBefore(a, b)
		},
		{cNum, cClause}: func(p *parse, a, b *node) []*node { return p.figureBefore(a, b) },
		{cMoney, cClause}: func(p *parse, a, b *node) []*node {
			if out := p.moneyIn(figure(a), a.to, b); out != nil {
				return out
			}
			return p.clauseQty(b, figure(a), false)
		},

		{"not", cClause}: func(p *parse, a, b *node) []*node {
			out := negate(b)
			if b.clause.win == nil && p.holdsPhrase(a, "not_ever") { // it leaves no time open: see below
				for _, n := range out {
					n.cost += 0.3
				}
				return out
			}
			return append(out, notSo(b.clause)...)
		},
		{"not_ever", cClause}: func(_ *parse, _, b *node) []*node {
			out := negate(b)
			for _, n := range out {
				if n.clause.win == nil {
					n.clause = n.clause.with(func(c *clause) { c.ever = true })
				}
			}
			return out
		},
		{"none", cClause}: func(_ *parse, _, b *node) []*node { return negate(b) },
		{cClause, "none"}: func(_ *parse, a, _ *node) []*node {
			if a.clause.qty != nil || deniesRows(a.clause.where) {
				return nil // "got coupons and did not use any" is not without unused ones
			}
			x := a.clause.with(func(c *clause) { c.neg = true })
			return one(&node{cat: cClause, clause: x})
		},
		{cClause, cClause}: func(p *parse, a, b *node) []*node { return p.mergeClauses(a, b) },

		{cQty, "message"}:    func(_ *parse, a, _ *node) []*node { return one(&node{cat: "message", qty: figure(a)}) },
		{cNum, "message"}:    func(_ *parse, a, _ *node) []*node { return one(&node{cat: "message", qty: figure(a)}) },
		{"none", "message"}:  func(_ *parse, _, _ *node) []*node { return one(&node{cat: "message", neg: true}) },
		{cClause, "message"}: func(p *parse, a, b *node) []*node { return p.messageOf(a, b) },
		{"message", cClause}: func(p *parse, a, b *node) []*node { return p.messageOf(b, a) },

		{cClause, cVal}: func(p *parse, a, b *node) []*node {
			out := p.clauseValue(a, b)
			if a.clause.verb || b.from != a.to {
				return out
			}
			return p.asState(out, b, a.clause.event) // "presupuestos abiertos"
		},
		{cVal, cClause}: func(p *parse, a, b *node) []*node {
			if b.clause.verb && !b.clause.person {
				return nil
			}
			out := p.clauseValue(b, a)
			if b.from == a.to {
				out = p.asState(out, a, b.clause.event)
			}
			if a.neg && p.glueWithin(a.from+1, a.to-1) { // "have not had a dental one" denies that, and is of no other
				for _, n := range out {
					n.cost += 0.4
				}
			}
			return out
		},
		{cClause, cField}: func(p *parse, a, b *node) []*node { return p.fieldOf(a, b) },
		{cField, cClause}: func(p *parse, a, b *node) []*node {
			if p.opensGroup(b.from, &node{to: p.core(b)}) {
				return nil // "gorjeta por pedido" is for each
			}
			if f := p.ix.fields[a.fields[0]]; a.form == "verb" && f.event == "" && f.isTime() && plainThing(b.clause) {
				return one(&node{cat: cClause, clause: b.clause.with(func(c *clause) { c.verb, c.weak, c.qualified = true, false, b.clause.qualified })}) // "signed up for the quiz"
			}
			return p.fieldOf(b, a)
		},
		{cClause, "row filter"}: func(p *parse, a, b *node) []*node { return p.clauseFilter(a, b) },
		{"distinct", cField}:    func(_ *parse, _, b *node) []*node { return one(&node{cat: "distinct of", fields: b.fields}) },
		{cField, "distinct"}:    func(_ *parse, a, _ *node) []*node { return one(&node{cat: "distinct of", fields: a.fields}) },
		{cQty, "distinct of"}: func(_ *parse, a, b *node) []*node {
			return one(&node{cat: "n distinct", qty: figure(a), fields: b.fields, attr: "said"})
		},
		{cNum, "distinct of"}: func(_ *parse, a, b *node) []*node {
			return one(&node{cat: "n distinct", qty: figure(a), fields: b.fields, attr: "said"})
		},
		{cQty, cField}: func(p *parse, a, b *node) []*node { return p.severalValues(a, b) },
		{cNum, cField}: func(p *parse, a, b *node) []*node {
			return append(p.severalValues(a, b), p.justSoMany(a, b)...)
		},
		{cClause, "n distinct"}: func(p *parse, a, b *node) []*node { return p.clauseDistinct(a, b) },

		{cClause, "not_ever"}: func(_ *parse, a, _ *node) []*node { // "no han devuelto nada nunca"
			if !a.clause.neg || a.clause.win != nil {
				return nil
			}
			said := *a // "no entrenaron nunca en 2025": the time is still to come
			said.cost = 0.3
			return []*node{{cat: cClause, clause: a.clause.with(func(c *clause) { c.ever = true })}, &said}
		},
		{cClause, "compare_after"}: func(_ *parse, a, b *node) []*node { // "3 orders or more"
			q := a.clause.qty
			if q == nil || q.op != "" || a.clause.neg {
				if q != nil && string(q.op) == b.attr && !a.clause.neg { // "exactly one, no more and no less"
					x := *a
					x.cost = 0.02
					return one(&x)
				}
				return nil
			}
			return one(&node{cat: cClause, clause: a.clause.with(func(c *clause) {
				x := *q
				x.op = syntax.Op(b.attr)
				c.qty = &x
			})})
		},
		{"n distinct", "compare_after"}: func(_ *parse, a, b *node) []*node {
			if a.qty.op != "" {
				return nil
			}
			x := *a
			q := *a.qty
			q.op = syntax.Op(b.attr)
			x.qty, x.cost = &q, 0
			return one(&x)
		},
		{cQtyDur, "distinct"}: func(_ *parse, a, _ *node) []*node { return activeUnits(a) },
		{"distinct", cQtyDur}: func(_ *parse, _, b *node) []*node { return activeUnits(b) },
		{cClause, "active"}: func(_ *parse, a, b *node) []*node {
			if a.clause.qty != nil || a.clause.fn != "" {
				return nil
			}
			if b.win != nil && a.clause.win != nil || b.form == "every" && !a.clause.verb {
				return nil
			}
			return one(&node{cat: cClause, clause: a.clause.with(func(c *clause) {
				c.fn, c.qty = syntax.Fn(b.attr), b.qty
				if b.win != nil {
					c.win = b.win
				}
			})})
		},
		{"row filter", cClause}: func(p *parse, a, b *node) []*node { // "a score of 9 in the survey"
			if b.clause.qualified && (a.attr == "figure" || b.clause.neg || len(b.clause.where) > 0) || b.clause.verb {
				return nil
			}
			return p.clauseFilter(b, a)
		},
		{"last_event", cClause}:        func(_ *parse, _, b *node) []*node { return lastOf(b, syntax.Last) },
		{"first_event", cClause}:       func(_ *parse, _, b *node) []*node { return lastOf(b, syntax.First) },
		{cClause, "last_event_after"}:  func(_ *parse, a, _ *node) []*node { return lastOf(a, syntax.Last) },
		{cClause, "first_event_after"}: func(_ *parse, a, _ *node) []*node { return lastOf(a, syntax.First) },
		{cLastOf, cWin}: func(_ *parse, a, b *node) []*node {
			if b.win == nil {
				return nil
			}
			return one(condNode(&syntax.Within{Value: lastCall(a.clause, syntax.Fn(a.attr)), Window: b.win}))
		},
		{cLastOf, "age of event"}: func(_ *parse, a, b *node) []*node { return lastAge(a, b.dur, b.attr) },
	}
}

func negate(b *node) []*node {
	c := b.clause
	if c.ago || c.stopped {
		return nil
	}
	if q := c.qty; q != nil && q.op == syntax.Eq && q.lo == "1" && q.unit == "" && !c.neg { // "without a single order"
		return one(&node{cat: cClause, clause: c.with(func(d *clause) { d.neg, d.qty = true, nil })})
	}
	if c.repeat && !c.neg { // "not bought again" is once
		return one(&node{cat: cClause, clause: c.with(func(d *clause) { d.neg, d.qty = true, nil })})
	}
	if c.neg {
		// "no compraron nada" is one negation; two of another kind cancel
		// nowhere in what people type.
		x := *b
		x.cost = 0
		return one(&node{cat: cClause, clause: c, cost: 0.02})
	}
	return one(&node{cat: cClause, clause: c.with(func(d *clause) { d.neg = true })})
}

// mergeClauses joins a verb and its noun ("placed an order", "spent … on
// orders") when they speak of the same event.
func (p *parse) mergeClauses(a, b *node) []*node {
	x, y := a.clause, b.clause
	if p.doneTo(a, b) {
		return one(&node{cat: cClause, cost: 0.05, clause: y.with(func(d *clause) { d.verb, d.neg = true, d.neg || x.neg })})
	}
	if p.isValueOf(a, y.event) || p.forEachOf(b) {
		return nil // "paid invoices": paid is what the data says of them; "spend per order" is of each
	}
	if x.fn == syntax.Sum && x.qty == nil && comparesFigure(y.where) {
		return nil // "spent over 200 on trips" is of them all
	}
	if n := p.spentOn(x, y); n != nil {
		return one(n)
	}
	if y.fn == syntax.Sum && y.qty != nil && !y.verb && x.fn == syntax.Sum && !x.qualified && x.event != p.ix.role("refund") { // "spent" "over 50 in orders"
		return one(&node{cat: cClause, clause: y.with(func(d *clause) { d.verb, d.neg = true, d.neg || x.neg })})
	}
	if x.event != y.event || y.verb || y.fn != "" || a.to-a.from == 0 {
		return nil
	}
	if x.qty != nil && y.qty != nil || x.win != nil && y.win != nil || x.neg && y.neg {
		return nil
	}
	if y.neg && (x.qty != nil || x.qualified && !x.neg) {
		return nil // "enrolled in May, without lessons" is not without them
	}
	c := x.with(func(d *clause) {
		d.where = append(d.where, y.where...)
		if d.qty == nil {
			d.qty = y.qty
		}
		if d.win == nil {
			d.win, d.ever = y.win, d.ever || y.ever
		}
		d.neg = d.neg || y.neg
	})
	return one(&node{cat: cClause, clause: c, cost: 0.05})
}

// clauseValue filters the rows of a clause by a value of its event.
func (p *parse) clauseValue(a, b *node) []*node {
	f := p.valueFilter(b, a.clause.event)
	if f == nil {
		return p.spentOnValue(a, b)
	}
	if b.text == "only" && a.clause.verb || b.neg && b.text == "" && p.twiceDenied(a, b) {
		return nil // "bought books only" is more than having bought some
	}
	if sameSubject(a.clause.where, f) {
		return nil // no row is of two categories
	}
	if b.text == "nor" { // bought neither: no purchase of either
		g := p.valueFilter(&node{vals: b.vals}, a.clause.event)
		if a.clause.qty != nil {
			return nil
		}
		return one(&node{cat: cClause, clause: a.clause.with(func(d *clause) { d.where, d.neg = append(d.where, g), true })})
	}
	cost := 0.0
	if len(a.clause.where) > 0 {
		cost += 0.1 // one longer value beats two
	}
	if b.text == "and" && len(b.vals) > 1 {
		// Who bought shoes and bags bought both; orders of shoes and bags may
		// be of either.
		if a.clause.verb {
			return nil
		}
		cost += 0.15
	}
	for _, n := range p.cells[b.from][b.to] {
		if n.cat == cVal && p.valueFilter(n, "") != nil {
			cost += costPart // as well a trait of the customer
			break
		}
	}
	c := a.clause.with(func(d *clause) { d.where = append(d.where, f) })
	return one(&node{cat: cClause, clause: c, cost: cost})
}

func (p *parse) clauseFilter(a, b *node) []*node {
	if b.text != a.clause.event {
		return nil
	}
	c := a.clause.with(func(d *clause) { d.where = append(d.where, b.cond) })
	out := one(&node{cat: cClause, clause: c, cost: 0.1 * float64(len(a.clause.where))})
	if x := p.addedUp(a, b); x != nil {
		out = append(out, x)
	}
	return out
}

// severalValues is "the 5 cities", a number of groups to show, and "more than
// two clubs", a number of different values.
func (p *parse) severalValues(a, b *node) []*node {
	var out []*node
	if a.cat == cNum && ranks(a.num) && b.num == nil {
		out = append(out, &node{cat: cField, fields: b.fields, num: a.num, cost: 0.05})
	}
	q := figure(a)
	if q == nil || q.unit != "" || !p.several(b) && !(q.op == syntax.Gt && q.lo == "1") {
		return out
	}
	for _, fi := range b.fields {
		if f := p.ix.fields[fi]; f.event == "" || !f.isText() {
			return out
		}
	}
	return append(out, &node{cat: "n distinct", qty: q, fields: b.fields, cost: 0.1})
}

// clauseDistinct is "bought at least three different products".
func (p *parse) clauseDistinct(a, b *node) []*node {
	if a.clause.qty != nil || a.clause.fn != "" {
		return nil
	}
	for _, fi := range b.fields {
		f := p.ix.fields[fi]
		if f.event != a.clause.event {
			continue
		}
		out := one(&node{cat: cClause, clause: a.clause.with(func(d *clause) { d.fn, d.prop, d.qty = syntax.Distinct, f.name, b.qty })})
		// Without "different", "booked five classes" may be of one kind.
		if b.cost >= 0.1 && b.attr == "" && p.core(b) == b.from && !(b.qty.op == syntax.Gt && b.qty.lo == "1") {
			out = append(out, &node{cat: cClause, clause: a.clause.with(func(d *clause) { d.qty = b.qty })})
			if overlaps([]int{fi}, p.ix.concepts["product"]) {
				for _, k := range p.ix.concepts["quantity"] {
					if g := p.ix.fields[k]; g.event == f.event {
						out = append(out, &node{cat: cClause, clause: a.clause.with(func(d *clause) { d.fn, d.prop, d.qty = syntax.Sum, g.name, b.qty })})
					}
				}
			}
		}
		return out
	}
	return nil
}

func whereOf(c *clause) syntax.Formula {
	if len(c.where) == 0 {
		return nil
	}
	return syntax.All(c.where...)
}

func condNode(f syntax.Formula) *node { return &node{cat: cCond, cond: f, simple: true} }

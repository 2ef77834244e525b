package planner

import "tesela/segment/syntax"

// spentFor is "spent over 30 on freight", of an event that has the money of it
// apart: that money, not the event's.
func (p *parse) spentFor(a, b *node) []*node {
	c := a.clause
	if !c.verb || c.person || b.num != nil || p.core(b) == b.from && b.from == a.to || p.breaks(a.to, b) || b.cost > costTranslate+costGlue {
		return nil // "on" has to say so
	}
	for _, fi := range b.fields {
		f := p.ix.fields[fi]
		if f.event != c.event || f.kind != "money" || f.name == c.prop || overlaps([]int{fi}, p.ix.concepts["amount"]) {
			continue
		}
		return one(&node{cat: cClause, cost: 0.02, clause: c.with(func(d *clause) { d.fn, d.prop = syntax.Sum, f.name })})
	}
	event, where := p.kindOfThing(b)
	sum := p.spendOf(event)
	if event == "" || sum == nil || event == p.ix.role("refund") || p.opensGroup(a.to, b) {
		return nil
	}
	if c.event == p.ix.role("refund") {
		if p.isPurchase(event) && len(where) == 0 {
			return again(a, 0.1) // "returned over 50 euros in products"
		}
		return nil
	}
	return one(&node{cat: cClause, cost: 0.1, clause: c.with(func(d *clause) { d.event, d.prop, d.where = event, sum.prop, append(d.where, where...) })})
}

// kindOfThing is what tells, of one event's rows, which are of the kind that a
// text field of theirs names: "services", of visits that have a service. Where
// all have one nothing more need be told.
func (p *parse) kindOfThing(n *node) (event string, where []syntax.Formula) {
	if n.num != nil || n.form == goods || !p.several(n) {
		return "", nil
	}
	for _, fi := range n.fields {
		f := p.ix.fields[fi]
		if f.event == "" || !f.isText() || event != "" {
			return "", nil // of people, or of two events
		}
		event, where = f.event, p.haveIt(f)
	}
	return event, where
}

// haveIt tells rows that have a field from those that lack it, where some do.
func (p *parse) haveIt(f field) []syntax.Formula {
	if !f.gaps {
		return nil
	}
	return []syntax.Formula{&syntax.IsSet{Value: &syntax.Name{Name: f.name}}}
}

// madeFromThings is "revenue from services".
func (p *parse) madeFromThings(a, b *node) []*node {
	m := a.meas
	if len(m.exprs) != 1 || m.exprs[0] != "revenue" && m.exprs[0] != "gross_revenue" || len(m.base) > 0 || p.core(b) == a.to || p.opensGroup(a.to, b) {
		return nil
	}
	event, where := p.kindOfThing(b)
	money := p.moneyMeasure(event)
	if event == "" || money == "" || event == p.ix.role("refund") || event != m.event && len(m.where) > 0 {
		return nil
	}
	x := *m
	if event != m.event {
		x.event, x.exprs = event, []string{money}
	}
	x.where = append(x.where[:len(x.where):len(x.where)], where...)
	return one(&node{cat: cMeas, meas: &x, cost: 0.1})
}

// moneyIn is "over 50 euros in orders", "over 50 euros deposited": what they come to
// together, as orders over 50 euros speak of each.
func (p *parse) moneyIn(q *qty, to int, b *node) []*node {
	c := b.clause
	if q == nil || q.op == "" && !q.isHi || c.neg || c.person || c.qty != nil || c.fn != "" {
		return nil
	}
	at := p.core(b)
	in := at > to && !c.verb && (q.unit == "money" || q.unit == "" && sizable(q) && p.says(at-1, "inside") && p.manyAt(at))
	done := at == to && c.verb && b.to == at+1 && (p.participle(at) || p.participles(at)) && (q.unit == "money" || q.unit == "" && sizable(q)) && p.endsSaying(b)
	sum := p.spendOf(c.event)
	if sum == nil || !in && !done {
		return nil
	}
	return one(&node{cat: cClause, cost: 0.02, clause: c.with(func(d *clause) { d.fn, d.prop, d.qty = syntax.Sum, sum.prop, q })})
}

// amountOf is "over 1,000 in total value", of what is still to be said.
func amountOf(a *node) []*node {
	if a.qty.unit != "" {
		return nil
	}
	q := *a.qty
	q.unit = "money"
	return one(&node{cat: cQty, qty: &q})
}

// madeFrom is "revenue from repairs": the money of those, where they are no
// purchases.
func (p *parse) madeFrom(a, b *node) []*node {
	c, m := b.clause, a.meas
	if len(m.exprs) != 1 || m.exprs[0] != "revenue" && m.exprs[0] != "gross_revenue" || len(m.where)+len(m.base) > 0 || m.win != nil && c.win != nil {
		return nil
	}
	if c.verb && !c.weak || c.neg || c.person || c.qty != nil || c.fn != "" || c.event == p.ix.role("refund") || p.core(b) == a.to || p.opensGroup(a.to, b) && !p.manyAt(p.core(b)) {
		return nil
	}
	if c.event == m.event && p.breaks(a.to, b) {
		return nil
	}
	if c.event == m.event { // "what we took in payments"
		x := *m
		if x.where = c.where; x.win == nil {
			x.win, x.ever = c.win, x.ever || c.ever
		}
		return one(&node{cat: cMeas, meas: &x, cost: 0.1})
	}
	money := p.moneyMeasure(c.event)
	if money == "" {
		return nil
	}
	x := &meas{event: c.event, exprs: []string{money}, where: c.where, win: c.win, ever: c.ever}
	if x.win == nil {
		x.win, x.ever = m.win, x.ever || m.ever
	}
	return one(&node{cat: cMeas, meas: x, cost: 0.1})
}

// spentOnValue is "spent over 3,000 on spa", where another event's rows say so
// and bear the money of it.
func (p *parse) spentOnValue(a, b *node) []*node {
	c := a.clause
	if c.fn == "" {
		return p.paidWithValue(a, b)
	}
	if c.fn != syntax.Sum || !c.verb || c.person || len(c.where) > 0 || b.neg || b.text != "" || a.from > b.from || len(b.vals) == 0 {
		return nil
	}
	event := p.ix.fields[b.vals[0].field].event
	sum := p.spendOf(event)
	if event == "" || event == c.event || sum == nil || event == p.ix.role("refund") {
		return nil
	}
	for _, n := range p.cells[b.from][b.to] {
		if n.cat == cVal && (p.valueFilter(n, "") != nil || p.valueFilter(n, c.event) != nil) {
			return nil // people, or what they bought, may be it as well
		}
	}
	f := p.valueFilter(b, event)
	if f == nil {
		return nil
	}
	return one(&node{cat: cClause, cost: 0.05, clause: c.with(func(d *clause) {
		d.event, d.prop, d.where = event, sum.prop, []syntax.Formula{f}
	})})
}

// namesValue tells whether a node names a value of the data.
func (p *parse) namesValue(n *node) bool {
	for _, x := range p.cells[p.core(n)][n.to] {
		if x.cat == cVal {
			return true
		}
	}
	return false
}

// paidWithValue is "paid in cash", where another event that is paid for says so
// and the purchase does not: it was that which they did.
func (p *parse) paidWithValue(a, b *node) []*node {
	c := a.clause
	if !c.verb || c.person || c.qty != nil || c.it || c.same || c.stopped || c.repeat || len(c.where) > 0 || c.event != p.ix.role("purchase") || a.from > b.from || b.neg || b.text != "" || len(b.vals) == 0 {
		return nil
	}
	event := p.ix.fields[b.vals[0].field].event
	if event == "" || event == p.ix.role("refund") || p.spendOf(event) == nil {
		return nil
	}
	for _, n := range p.cells[b.from][b.to] {
		if n.cat == cVal && (n.vals[0].field != b.vals[0].field || len(n.vals) > len(b.vals)) {
			return nil // of which it is said is open
		}
	}
	f := p.valueFilter(b, event)
	if f == nil {
		return nil
	}
	return one(&node{cat: cClause, cost: 0.05, clause: c.with(func(d *clause) { d.event, d.where = event, []syntax.Formula{f} })})
}

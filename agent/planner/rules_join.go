package planner

import (
	"slices"

	"tesela/segment/syntax"
)

// joinRules coordinate: "and", "or", "but", with what is left out on the right
// taken from the left.
func joinRules() map[pair]rule {
	m := map[pair]rule{}
	for _, j := range []cat{"and", "or", "but", "versus"} {
		for _, c := range []cat{cClause, cCond, cVal, cField, cGroup, cMeas} {
			if j == "versus" && c != cVal {
				continue
			}
			m[pair{c, j}] = func(_ *parse, a, b *node) []*node {
				return one(&node{cat: cPart, left: a, joiner: string(b.cat), attr: b.attr})
			}
		}
		// ", and", "and also"
		m[pair{cPart, j}] = func(_ *parse, a, b *node) []*node {
			if a.attr != "," {
				return nil
			}
			return one(&node{cat: cPart, left: a.left, joiner: string(b.cat)})
		}
	}
	for _, c := range []cat{cClause, cCond, cVal, cFrag, cWin, cQty} {
		m[pair{cPart, c}] = func(p *parse, a, b *node) []*node { return p.join(a, b) }
	}
	m[pair{cClause, cClause}] = func(p *parse, a, b *node) []*node { // "received it without opening it"
		if !b.clause.it || a.clause.it || !a.clause.verb || !b.clause.neg {
			return nil
		}
		return p.join(&node{left: a, joiner: "and", from: a.from, to: a.to}, b)
	}
	m[pair{cPart, cGroup}] = joinGroups
	m[pair{cPart, cField}] = joinGroups
	m[pair{cPart, "units"}] = func(p *parse, a, b *node) []*node { // "by country and month"
		per := perUnit(b.attr)
		if per == "" {
			return nil
		}
		return joinGroups(p, a, &node{cat: cGroup, groups: []grouping{{field: -1, per: per}}})
	}
	m[pair{cPart, cMeas}] = func(p *parse, a, b *node) []*node { return p.joinMeasures(a, b) }
	m[pair{cQty, "or"}] = func(p *parse, a, b *node) []*node { // "men under 25 or women"
		if c := p.bareAge(a); c != nil && !p.holdsOneOf(min(b.to, len(p.toks)-1), "more", "ask_least") {
			return one(&node{cat: cPart, left: c, joiner: string(b.cat), cost: 0.3, assume: c.assume})
		}
		return nil
	}
	// What is said of an event named before: "nothing in the last 60 days".
	frag := func(win *node, neg bool) []*node {
		return one(&node{cat: cFrag, clause: &clause{neg: neg, win: win.win, ever: win.ever, qualified: true}})
	}
	m[pair{"none", cWin}] = func(_ *parse, _, b *node) []*node { return frag(b, true) }
	m[pair{"not", cWin}] = func(_ *parse, _, b *node) []*node { return frag(b, true) }
	for _, no := range []cat{"none", "not"} {
		m[pair{no, cTimeBefore}] = func(_ *parse, _, b *node) []*node {
			return one(&node{cat: cFrag, clause: &clause{neg: true, same: true, preceding: b.dur, qualified: true}})
		}
	}
	m[pair{cQty, cWin}] = func(_ *parse, a, b *node) []*node {
		return one(&node{cat: cFrag, clause: &clause{qty: figure(a), win: b.win, ever: b.ever, qualified: true}})
	}
	m[pair{cVal, cWin}] = func(_ *parse, a, b *node) []*node {
		return one(&node{cat: cFrag, vals: a.vals, neg: a.neg, clause: &clause{win: b.win, ever: b.ever, qualified: true}})
	}
	m[pair{"do_so", cWin}] = func(_ *parse, _, b *node) []*node { return frag(b, false) }
	m[pair{"not", cFrag}] = func(_ *parse, _, b *node) []*node {
		x := *b
		x.cost = 0
		x.clause = b.clause.with(func(c *clause) { c.neg = true })
		return one(&x)
	}
	return m
}

// joinGroups is "by country and channel".
func joinGroups(p *parse, a, b *node) []*node {
	if a.left.cat != cGroup || a.joiner == "or" || b.cat == cField && a.attr == "," && p.ix.fields[b.fields[0]].isNumber() {
		return nil // "by rep, in minutes"
	}
	g := append([]grouping(nil), a.left.groups...)
	if b.cat == cGroup {
		g = append(g, b.groups...)
	} else {
		g = append(g, grouping{field: b.fields[0]})
	}
	return one(&node{cat: cGroup, groups: g, fields: append(append([]int(nil), a.left.fields...), b.fields...)})
}

// join coordinates two conditions, or values into a list.
func (p *parse) join(a, b *node) []*node {
	left := a.left
	if left.cat == cVal && b.cat == cVal {
		if out := p.joinValues(a, b); out != nil {
			return out
		}
	}
	if left.cat == cMeas {
		return p.joinMeasures(a, b)
	}
	if a.joiner == "and" && left.cat == cClause && b.cat == cClause {
		if thingAndDoer(left.clause, b.clause) || thingAndDoer(b.clause, left.clause) {
			return one(p.countsOf(left.clause, b.clause))
		}
		if l, r := left.clause, b.clause; l.event == r.event && l.verb && !r.verb && !r.qualified && l.qty == nil && r.qty == nil {
			return nil // "customers acquired and orders": the orders say nothing of the customers
		}
	}
	l := p.asCond(left)
	if l == nil || a.joiner == "versus" {
		return nil
	}
	if b.clause.takesUpFrom(l.last) {
		return p.afterwards(a.joiner, l, b)
	}
	if b.clause != nil && b.clause.preceding != nil { // "nor in the 60 days before that"
		if l.last == nil || l.last.win == nil {
			return nil
		}
		w := preceding(l.last.win, b.clause.preceding)
		if w == nil {
			return nil
		}
		x := *b
		x.clause = b.clause.with(func(c *clause) { c.win, c.same, c.preceding = w, false, nil })
		b = &x
	}
	// The right side may name no event of its own.
	if l.last != nil {
		if c, cost, ok := p.ellipsis(l.last, a.joiner, b); ok {
			if b.vals != nil && a.joiner == "or" {
				cost += 0.3 // one list of values says the same
			}
			return p.joinClauses(a, l, c, cost+b.cost*0, true)
		}
	}
	if b.cat == cQty && l.last == nil && l.simple {
		if n := p.sameFigure(l, b); n != nil { // "over 60 or under 25"
			return one(joined(a.joiner, l, n.cond, nil, nil, n.cost))
		}
	}
	if b.cat == cClause && (b.clause.it || b.clause.same) {
		return p.joinClauses(a, l, b.clause, 0, false)
	}
	b = plainlyDenied(l.last, b)
	r := p.asCond(b)
	if r == nil || b.cat == cFrag {
		return nil
	}
	if x := p.contrasted(l, &node{cond: r.cond, from: b.from, to: b.to}); x != nil {
		r = x
	}
	if r.last != nil {
		cost := 0.0
		if a.joiner == "but" && anotherRow(l.last, r.last) {
			cost = 0.5
		}
		return p.joinClauses(a, l, r.last, cost, false, r)
	}
	return one(joined(a.joiner, l, r.cond, nil, r, 0))
}

// thingAndDoer tells whether two clauses are what is done and who does it:
// "orders and buyers" are two things, not those who bought twice.
func thingAndDoer(a, b *clause) bool {
	bare := func(c *clause) bool {
		return c.qty == nil && !c.neg && len(c.where) == 0 && c.fn == "" && !c.stopped && !c.repeat
	}
	return b.person && a.event == b.event && !a.verb && !a.person && bare(a) && bare(b) && (a.win == nil || b.win == nil)
}

// joinMeasures is "revenue and orders": what is done is counted beside a
// measure.
func (p *parse) joinMeasures(a, b *node) []*node {
	if a.joiner != "and" {
		return nil
	}
	of := func(n *node) *meas {
		if c := n.clause; n.cat == cClause && !c.verb && !c.person && !c.neg && c.qty == nil && c.fn == "" && len(c.where) == 0 {
			return p.eventMeasure(c)
		}
		return n.meas
	}
	l, r := of(a.left), of(b)
	if l == nil || r == nil || len(l.where)+len(r.where)+len(l.base)+len(r.base) > 0 || l.win != nil {
		return nil
	}
	if a.attr == "," && (r.exprs[0] == "gross_revenue" || r.exprs[0] == "revenue") && l.event != p.ix.role("purchase") && p.worthOf(l.exprs[0]) != "" && p.ofNoOne(b) {
		x := *l // "refunds, total amount" is that of the refunds
		x.exprs = []string{p.worthOf(l.exprs[0])}
		return one(&node{cat: cMeas, meas: &x})
	}
	x := *r
	x.exprs = append(append([]string(nil), l.exprs...), r.exprs...)
	return one(&node{cat: cMeas, meas: &x})
}

// countsOf counts each of two clauses, in the time that either names.
func (p *parse) countsOf(a, b *clause) *node {
	m := p.eventMeasure(a)
	if m.win == nil {
		m.win = b.win
	}
	m.ever, m.exprs = a.ever || b.ever, nil
	for _, c := range []*clause{a, b} {
		expr := p.eventMeasure(c).exprs[0]
		switch {
		case c.person && c.event == p.ix.role("purchase"):
			expr = "buyers"
		case c.person:
			expr = doersOf(c.event)
		}
		m.exprs = append(m.exprs, expr)
	}
	return &node{cat: cMeas, meas: m}
}

// joinValues is "Germany, France or Spain".
func (p *parse) joinValues(a, b *node) []*node {
	l := a.left
	if l.neg != b.neg && b.neg || a.joiner == "but" && l.neg == b.neg {
		return nil // "students but not parents" is no list, and "but parents" says nothing
	}
	x := *b
	x.vals, x.cost, x.neg = nil, 0, l.neg
	// Only the fields that all the values share.
	for _, v := range l.vals {
		for _, w := range b.vals {
			if v.field == w.field {
				x.vals = append(x.vals, v)
				break
			}
		}
	}
	if len(x.vals) == 0 {
		return nil
	}
	shared := map[int]bool{}
	for _, v := range x.vals {
		shared[v.field] = true
	}
	for _, w := range b.vals {
		if shared[w.field] {
			x.vals = append(x.vals, w)
		}
	}
	x.text = a.joiner // "and" between things done is both, see clauseValue
	return one(&x)
}

// joinClauses coordinates a condition with a clause. A window said once at the
// end may hold for both sides.
func (p *parse) joinClauses(a, l *node, c *clause, cost float64, shared bool, right ...*node) []*node {
	rf := c.formula()
	var rn *node
	if len(right) > 0 {
		rn = right[0]
		rf = rn.cond
	}
	if c.it {
		x := p.ofThat(l.last, c)
		if x == nil {
			return nil
		}
		c, rf = x, x.formula()
	}
	if c.same {
		if l.last == nil || l.last.win == nil {
			return nil
		}
		c = c.with(func(d *clause) { d.win, d.same = l.last.win, false })
		x := joined(a.joiner, l, c.formula(), c, nil, cost)
		if rn != nil {
			x.bare = append(l.bare[:len(l.bare):len(l.bare)], rn.bare...)
		}
		return one(x)
	}
	plain := joined(a.joiner, l, rf, c, rn, cost)
	// "received the spring campaign but did not open": that one, or any.
	if rn != nil && l.last != nil && len(c.where) == 0 && p.isMessageEvent(c.event) && p.isMessageEvent(l.last.event) {
		if x := p.ofThat(l.last, c); x != nil {
			if l.last.event == p.ix.role("send") {
				plain.cost += 0.5 // what was received, rather than anything
			}
			return []*node{plain, joined(a.joiner, l, x.formula(), x, nil, cost+0.03)}
		}
	}
	// "bought in May and opened no e-mail": none ever, or none in May.
	if rn != nil && !shared && c.win == nil && !c.ever && l.last != nil && l.last.win != nil && a.joiner != "or" && rn.simple {
		d := c.with(func(d *clause) { d.win = l.last.win })
		y := joined(a.joiner, l, d.formula(), d, rn, cost+0.03)
		y.windows = nil
		if l.last.event == c.event && !c.neg { // "spent under 50 in 2025, but bought"
			return one(y)
		}
		return []*node{plain, y}
	}
	if c.win == nil || c.ever || len(l.windows) == 0 || l.last == nil {
		return one(plain)
	}
	// Both sides can carry the window only where they differ otherwise:
	// "bought before but not in the last 90 days" contrasts the times.
	sameThing := formulas(l.last.where) == formulas(c.where) && l.last.event == c.event
	if sameThing {
		return one(plain)
	}
	spread := l.cond
	for _, w := range l.windows {
		spread = replaceFormula(spread, w.formula(), w.with(func(d *clause) { d.win = c.win }).formula())
	}
	ll := *l
	ll.cond, ll.windows = spread, nil
	both := joined(a.joiner, &ll, rf, c, rn, cost)
	switch {
	case shared:
		plain.cost += 0.8
	case rn != nil && p.withoutInTime(l.last, &node{from: rn.from, to: rn.to, clause: c}):
		plain.cost += 0.3
	default:
		both.cost += 0.05
	}
	return []*node{plain, both}
}

func joined(joiner string, l *node, rf syntax.Formula, c *clause, r *node, cost float64) *node {
	n := &node{cat: cCond, last: c, cost: cost}
	if joiner == "or" {
		// "in Spain or France" is a list of values before it is two conditions.
		if t := toldOf(edge(l.cond, false)); t != "" && t == toldOf(edge(rf, true)) {
			n.cost += 1
		}
		// "A and B or C" has two readings, neither better than the other; "A or B
		// or C" and "A and B or C and D" have one.
		_, leftAnd := l.cond.(*syntax.And)
		_, rightAnd := rf.(*syntax.And)
		if leftAnd != rightAnd {
			n.cost += 0.1
		}
		n.cond = syntax.Any(l.cond, rf)
		if r != nil {
			n.sides = []*node{l, r}
		}
	} else {
		if or, ok := l.cond.(*syntax.Or); ok && joiner == "and" && !ofOneTrait(or.Terms) {
			n.cost += 0.1
		}
		n.cond = syntax.All(l.cond, rf)
	}
	n.windows = append(n.windows, l.windows...)
	n.bare = append(n.bare, l.bare...)
	switch {
	case r != nil:
		n.bare = append(n.bare, r.bare...)
	case c != nil && c.qty != nil && c.qty.op == "" && !(l.last != nil && c.qty == l.last.qty):
		n.bare = append(n.bare, c.qty)
	}
	if c != nil && c.win == nil && !c.ever {
		n.windows = append(n.windows, c)
	}
	return n
}

// toldOf is the trait that a plain condition compares or looks a text up in, "" for
// others.
func toldOf(f syntax.Formula) string {
	if m, ok := f.(*syntax.Match); ok {
		if n, ok := m.Value.(*syntax.Name); ok && !m.Not {
			return n.Name
		}
	}
	return traitOf(f)
}

// ofOneTrait tells whether conditions are a list of what one trait may be: "tagged
// student or press".
func ofOneTrait(list []syntax.Formula) bool {
	t := toldOf(list[0])
	return t != "" && !slices.ContainsFunc(list, func(f syntax.Formula) bool { return toldOf(f) != t })
}

// edge is the first or the last plain condition of a formula.
func edge(f syntax.Formula, first bool) syntax.Formula {
	var list []syntax.Formula
	switch f := f.(type) {
	case *syntax.And:
		list = f.Factors
	case *syntax.Or:
		list = f.Terms
	default:
		return f
	}
	if first {
		return edge(list[0], first)
	}
	return edge(list[len(list)-1], first)
}

// ofThat gives a clause what another was of, where its event has those
// properties too; nil where it has not.
func (p *parse) ofThat(last, c *clause) *clause {
	if last == nil || len(last.where) == 0 {
		return nil
	}
	for _, f := range last.where {
		ok := true
		syntax.Walk(f, func(n syntax.Node) bool {
			if name, is := n.(*syntax.Name); is && p.ix.find(c.event, name.Name) < 0 {
				ok = false
			}
			return true
		})
		if !ok {
			return nil
		}
	}
	return c.with(func(d *clause) { d.where, d.it = append(d.where, last.where...), false })
}

// replaceFormula swaps each part of f that equals old.
func replaceFormula(f, old, with syntax.Formula) syntax.Formula {
	if syntax.Equal(f, old) {
		return with
	}
	switch f := f.(type) {
	case *syntax.And:
		parts := make([]syntax.Formula, len(f.Factors))
		for i, x := range f.Factors {
			parts[i] = replaceFormula(x, old, with)
		}
		return syntax.All(parts...)
	case *syntax.Or:
		parts := make([]syntax.Formula, len(f.Terms))
		for i, x := range f.Terms {
			parts[i] = replaceFormula(x, old, with)
		}
		return syntax.Any(parts...)
	case *syntax.Not:
		return &syntax.Not{X: replaceFormula(f.X, old, with)}
	}
	return f
}

// ofNoOne tells whether a figure is named by a word that says not of what:
// "total amount", which takes up what stands before.
func (p *parse) ofNoOne(n *node) bool {
	return slices.ContainsFunc(p.cells[p.core(n)][n.to], func(x *node) bool { return x.cat == cField || x.cat == "in_money" })
}

package planner

import (
	"fmt"
	"slices"
	"strings"

	"tesela/segment/syntax"
)

// cInOne is one event that an amount was reached in: "in a single deposit".
const cInOne cat = "in one event"

// objectRules read what an event's verb or noun is of: "points redeemed",
// "entered the app", "nothing else".
func objectRules() map[pair]rule {
	return map[pair]rule{
		{cField, cClause}:        func(p *parse, a, b *node) []*node { return p.amountDone(b, a) },
		{cClause, cField}:        func(p *parse, a, b *node) []*node { return p.amountDone(a, b) },
		{cClause, cVal}:          func(p *parse, a, b *node) []*node { return p.nameOf(a, b) },
		{cClause, cUnknown}:      func(p *parse, a, b *node) []*node { return p.nameOf(a, b) },
		{"not", "row filter"}:    func(_ *parse, _, b *node) []*node { return withoutIt(b) },
		{"none", "row filter"}:   func(_ *parse, _, b *node) []*node { return withoutIt(b) },
		{"except", "row filter"}: func(_ *parse, _, b *node) []*node { return withoutIt(b) },
		{cCust, "newly"}:         func(p *parse, a, b *node) []*node { return p.newPeople(a, b) },
		{"newly", cCust}:         func(p *parse, a, b *node) []*node { return p.newPeople(a, b) },
		{cClause, "nothing_else"}: func(p *parse, a, _ *node) []*node {
			if p.inRelative(a) {
				return p.onlyClause(a.clause.with(func(c *clause) { c.verb = true })) // "that deposits by card"
			}
			return p.onlyClause(a.clause)
		},
		{cField, cMeas}: func(p *parse, a, b *node) []*node { // "amount of the average order"
			return p.amountOfMean(a, b)
		},
		{"in_one", cClause}: func(_ *parse, _, b *node) []*node { // "in a single deposit"
			if b.clause.qualified || b.clause.verb && !b.clause.weak {
				return nil
			}
			return one(&node{cat: cInOne, clause: b.clause, cost: -0.2})
		},
		{cClause, cInOne}: func(p *parse, a, b *node) []*node { return p.inOne(a, b) },
		{cMeas, cField}: func(p *parse, a, b *node) []*node { // "average invoice value"
			out := append(p.restOfName(a, b), p.madeFromThings(a, b)...)
			if p.core(b) == a.to {
				out = append(out, p.amountOfMean(b, a)...)
			}
			return out
		},
	}
}

// amountOfMean is the mean order with what it is that is averaged: its amount.
func (p *parse) amountOfMean(field, mean *node) []*node {
	if !overlaps(field.fields, p.ix.concepts["amount"]) || len(mean.meas.exprs) != 1 || mean.meas.exprs[0] != "aov" || field.num != nil || !p.tied(mean.meas.event) {
		return nil
	}
	return again(mean, 0.02)
}

// amountDone is the sum of a figure that an event's rows bear: "points
// redeemed", "nights booked". A score or the price of one adds up to nothing.
// Where people did it, it is them who are asked about.
func (p *parse) amountDone(a, b *node) []*node {
	c := a.clause
	if !c.verb && p.ofWhatIsDone(a, b) {
		return again(a, 0.05)
	}
	if !c.verb || c.weak && b.from < a.from || c.person || c.neg || c.qty != nil || c.fn != "" || b.num != nil {
		return nil
	}
	for k := a.to; k < p.core(b); k++ {
		if p.holdsOneOf(k, "inside") {
			return nil // "bought in wholesale" tells how
		}
	}
	for _, fi := range b.fields {
		f := p.ix.fields[fi]
		if f.event != c.event || f.kind != "number" || overlaps([]int{fi}, p.ix.concepts["score"]) || overlaps([]int{fi}, p.ix.concepts["price"]) {
			continue
		}
		if p.core(b) == a.to && (p.people || p.peopleBefore(a) || p.howManyDid() || p.timesBehind(b.to)) { // "people who redeemed points": it says no more than the verb
			return one(&node{cat: cClause, clause: c})
		}
		expr := fmt.Sprintf("sum(%s.%s)", syntax.Quote(f.event), syntax.Quote(f.name))
		return one(&node{cat: cMeas, cost: 0.1, meas: &meas{event: f.event, exprs: []string{expr}, where: c.where, win: c.win, ever: c.ever}})
	}
	return nil
}

// ofWhatIsDone tells whether a number that rows of an event bear says what was
// done, before its noun or behind an "of": "points redemptions", "canje de puntos".
func (p *parse) ofWhatIsDone(done, b *node) bool {
	if done.clause.person || done.clause.fn != "" || b.num != nil || p.after(b, "having") {
		return false
	}
	f := p.ix.fields[p.preferredOf(b.fields, done.clause.event)]
	k := p.core(done)
	if f.event != done.clause.event || f.kind != "number" && !(f.isText() && b.to == k) {
		return false
	}
	return b.to == k && !p.tellsDone(p.toks[k].folded) || p.core(b) == done.to+1 && p.says(done.to, "of")
}

// tellsWhatIsDone tells whether the noun of its event stands right behind a
// field: what is counted before it is that.
func (p *parse) tellsWhatIsDone(b *node) bool {
	for k := b.to + 1; k <= min(len(p.toks), b.to+3); k++ {
		if slices.ContainsFunc(p.cells[b.to][k], func(n *node) bool {
			return n.cat == cClause && n.cost < costFuzzy && !n.clause.verb && p.core(n) == b.to && p.ofWhatIsDone(n, b)
		}) {
			return true
		}
	}
	return false
}

// timesBehind tells whether a number of times stands right behind a token.
func (p *parse) timesBehind(at int) bool {
	for k := at + 1; k <= min(len(p.toks), at+4); k++ {
		if slices.ContainsFunc(p.cells[at][k], func(n *node) bool { return n.cat == cQty && n.qty.unit == "times" }) {
			return true
		}
	}
	return false
}

// nameOf is a word of the event's own name behind its verb: "entered the app",
// of an event app_visit. It says no more than the verb.
func (p *parse) nameOf(a, b *node) []*node {
	c := a.clause
	if !c.verb || b.neg || b.to-p.core(b) != 1 || p.opensGroup(b.from, b) {
		return nil
	}
	words := strings.Fields(fold(c.event))
	if len(words) < 2 || !slices.Contains(words, p.toks[b.to-1].folded) {
		return nil
	}
	for _, v := range b.vals {
		if p.ix.fields[v.field].event == c.event {
			return nil
		}
	}
	x := *a
	x.cost = -b.cost
	return one(&x)
}

// restOfName is what follows of a field's name behind a word that came between:
// "saldo medio de millas", of a field saldo_millas.
func (p *parse) restOfName(a, b *node) []*node {
	if len(a.meas.exprs) != 1 || !p.of(a.to, b) || b.num != nil {
		return nil
	}
	for _, fi := range b.fields {
		f := p.ix.fields[fi]
		words := strings.Fields(fold(f.name))
		if len(words) < 2 || !strings.Contains(a.meas.exprs[0], syntax.Quote(f.name)) || f.event != a.meas.event {
			continue
		}
		if slices.Contains(words, p.toks[b.to-1].folded) && b.to-p.core(b) == 1 {
			x := *a
			x.cost = -b.cost
			return one(&x)
		}
	}
	return nil
}

// inOne is "spent over 50 in a single order": the amount is that of one event.
// Where an order has several rows, none of them bears it.
func (p *parse) inOne(a, b *node) []*node {
	c := a.clause
	sum := p.spendOf(c.event)
	if c.qty == nil || c.event != b.clause.event || c.neg || sum == nil || p.tied(c.event) || c.qty.unit == "times" {
		return nil
	}
	if c.fn != syntax.Sum && (c.fn != "" || !c.verb || c.qty.op == "" && !c.qty.isHi) {
		return nil
	}
	f := c.qty.condition(&syntax.Name{Name: sum.prop})
	return one(&node{cat: cClause, clause: c.with(func(d *clause) { d.fn, d.prop, d.qty, d.where = "", "", nil, append(d.where, f) })})
}

// ofOneEvent tells whether an amount is said of a number of events: "spent over
// 50 in a single order" speaks of one of them.
func ofOneEvent(a, b *clause) bool {
	return a.verb && a.qty != nil && b.qty != nil && !b.verb && a.event == b.event
}

// figureBefore puts a figure to the event behind it: how many, or, where it was
// given in one of them, the score of that: "under 5 in the survey".
func (p *parse) figureBefore(a, b *node) []*node {
	inside := false
	for k := a.to; k < p.core(b); k++ {
		if q := figure(a); p.says(k, "having") && q != nil && (q.op != "" || p.core(a) > 0 && p.holdsOneOf(p.core(a)-1, "compare", "age_compare")) {
			return nil // "players over 50 with deposits" counts no deposits
		}
		inside = inside || p.says(k, "inside")
	}
	if q := figure(a); q != nil && q.unit == "times" && !b.clause.verb && (b.clause.neg || p.apartFrom(b)) {
		return nil // "redeemed points at least twice, zero visits"
	}
	if !inside || b.clause.verb && !b.clause.weak {
		out := p.clauseQty(b, figure(a), false)
		if a.cat == cNum && p.core(b) == a.to && p.yearOfNow(a.to-1) { // "2025 orders by region" are those of the year
			for _, n := range out {
				n.cost += 0.5
			}
		}
		return out
	}
	q := figure(a)
	if q == nil || q.unit != "" || b.clause.qty != nil || b.clause.neg {
		return nil
	}
	for _, fi := range p.ix.concepts["score"] {
		if f := p.ix.fields[fi]; f.event == b.clause.event && f.isNumber() {
			if q.op == "" && !q.isHi {
				q.op = syntax.Eq
			}
			c := q.condition(&syntax.Name{Name: f.name})
			return one(&node{cat: cClause, clause: b.clause.with(func(d *clause) { d.where = append(d.where, c) })})
		}
	}
	return nil
}

// withoutIt turns what holds of rows into what does not: "bookings without
// breakfast".
func withoutIt(b *node) []*node {
	c, ok := b.cond.(*syntax.Compare)
	if !ok || c.Op != syntax.Eq {
		return nil
	}
	v, ok := c.Right.(*syntax.Bool)
	if !ok || !v.Value {
		return nil
	}
	x := *b
	x.cost, x.cond = 0, &syntax.Compare{Left: c.Left, Op: syntax.Eq, Right: &syntax.Bool{Value: false}}
	return one(&x)
}

// newBuyers are those whose first purchase it is, see newcomers; where nothing
// is bought, those who became customers.
func (p *parse) newBuyers() []*node {
	if ev := p.ix.role("purchase"); ev != "" {
		return one(&node{cat: cMeas, cost: 0.05, meas: &meas{event: ev, exprs: []string{"new_buyers"}, anew: true}})
	}
	if signup := p.signups(); len(signup) > 0 {
		return one(&node{cat: cField, cost: 0.05, fields: signup})
	}
	return nil
}

// newPeople are newBuyers unless both words together say who signed up: "new
// members".
func (p *parse) newPeople(a, b *node) []*node {
	folded, _, ok := p.phrase(p.core(a), b.to)
	if ok && len(p.signups()) > 0 && slices.ContainsFunc(p.meanings(folded), func(e entry) bool { return e.cat == "concepts" && e.attr == "signup" }) {
		return nil
	}
	return p.newBuyers()
}

// objectOf tells whether a filter of rows stands right behind a statement of
// another event, as what that was done to: "stayed more than 5 nights", where
// only bookings have nights, says nothing of two things done.
func (s *parts) objectOf(f *node) bool {
	for _, x := range s.conds {
		if x.cat != cClause || x.to > f.from || x.clause.event == f.text || !x.clause.verb || x.clause.person || x.clause.neg || x.clause.win != nil || len(x.clause.where) > 0 {
			continue
		}
		if s.rightBehind(x, f) {
			return true
		}
	}
	return false
}

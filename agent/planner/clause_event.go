package planner

import (
	"fmt"
	"slices"
	"strings"

	"tesela/segment/syntax"
)

// spendOf is the money of an event: the property that plays the amount, else
// the only one that is money; nil where there is none or no telling which.
func (p *parse) spendOf(event string) *clause {
	for _, fi := range p.ix.concepts["amount"] {
		if f := p.ix.fields[fi]; f.event == event && f.kind == "money" {
			return &clause{event: event, fn: syntax.Sum, prop: f.name}
		}
	}
	var found *clause
	for _, f := range p.ix.fields {
		if f.event == event && f.kind == "money" {
			if found != nil {
				return nil
			}
			found = &clause{event: event, fn: syntax.Sum, prop: f.name}
		}
	}
	return found
}

// moneyMeasure is the sum of an event's money as a measure, "" for none.
func (p *parse) moneyMeasure(event string) string {
	sum := p.spendOf(event)
	if sum == nil {
		return ""
	}
	return p.sumMeasure(event, sum.prop)
}

// sumMeasure is the sum of a property as a measure, by its name where it has
// one.
func (p *parse) sumMeasure(event, prop string) string {
	_, amount, _ := strings.Cut(p.ix.role("amount"), ".")
	if prop == amount && event == p.ix.role("purchase") {
		return "gross_revenue"
	}
	if prop == amount && event == p.ix.role("refund") {
		return "refunds"
	}
	return fmt.Sprintf("sum(%s.%s)", syntax.Quote(event), syntax.Quote(prop))
}

// rowAmount is "orders over 50 euros", where each row is one event; where an
// event has several rows its total is no property of a row.
func (p *parse) rowAmount(a *node, q *qty) []*node {
	if c := a.clause.qty; c != nil && c.op == syntax.Eq && c.lo == "1" {
		return nil // "a single deposit of 300": one of that size, or one in all
	}
	sum := p.spendOf(a.clause.event)
	if sum == nil || p.tied(a.clause.event) {
		return nil
	}
	f := q.condition(&syntax.Name{Name: sum.prop})
	x := a.clause.with(func(d *clause) { d.where = append(d.where, f) })
	return one(&node{cat: cClause, clause: x})
}

// tied tells whether an event may have several rows, and some has.
func (p *parse) tied(event string) bool {
	for _, e := range p.catalogue().Events {
		if e.Name == event {
			return e.Tied
		}
	}
	return false
}

// messageOf lets "an e-mail" be the object of sending, opening or clicking.
func (p *parse) messageOf(a, b *node) []*node {
	if !p.isMessageEvent(a.clause.event) || a.clause.qty != nil && b.qty != nil {
		return nil
	}
	c := a.clause.with(func(d *clause) {
		if b.qty != nil {
			d.qty = b.qty
		}
		d.neg = d.neg || b.neg
	})
	c.qualified = a.clause.qualified || b.qty != nil || b.neg
	return one(&node{cat: cClause, clause: c})
}

func (p *parse) isMessageEvent(event string) bool {
	for _, role := range []string{"send", "open", "click", "unsubscribe"} {
		if p.ix.events[role] == event {
			return true
		}
	}
	return false
}

// fieldOf is "deposit amount", "amount deposited": the field of that event.
func (p *parse) fieldOf(a, b *node) []*node {
	c := a.clause
	if c.fn == syntax.Sum && a.from < b.from {
		return p.spentFor(a, b)
	}
	if c.fn != "" || b.num != nil {
		return nil
	}
	var own []int
	for _, fi := range b.fields {
		if f := p.ix.fields[fi]; f.event == c.event && (!c.verb || f.isNumber()) {
			own = append(own, fi)
		}
	}
	// "bought products", "booked classes" say no more than the verb.
	if c.verb && a.from < b.from && len(own) == 0 && !p.ofEvery(a.to, b) && (c.qty == nil || c.qty.unit != "") && p.isObject(b, c.event) && !p.opensGroup(a.to, b) && !p.had(b) {
		x := *a
		x.cost = 0.2
		if !p.several(b) {
			x.cost = 0.25
		}
		return one(&x)
	}
	if c.qualified || a.from < b.from && p.core(b) != a.to {
		return nil // "orders with a discount" are orders
	}
	// "bet size": the event's money by any word for an amount.
	if len(own) == 0 && overlaps(b.fields, p.ix.concepts["amount"]) {
		if sum := p.spendOf(c.event); sum != nil {
			own = append(own, p.ix.find(c.event, sum.prop))
		}
	}
	if len(own) == 0 {
		return nil
	}
	return one(&node{cat: cField, fields: own, form: "noun", cost: 0.02})
}

// ofEvery tells whether all or each of what a node names is meant: who bought in
// every shop did more than buy.
func (p *parse) ofEvery(from int, b *node) bool {
	for k := from; k < p.core(b); k++ {
		if p.holdsOneOf(k, "every") {
			return true
		}
	}
	return false
}

// isObject tells whether a noun names what an event is of.
func (p *parse) isObject(n *node, event string) bool {
	for _, x := range p.cells[n.from][n.to] {
		if x.cat == "stats_after" {
			return false // "pago medio" is an average
		}
	}
	for _, fi := range n.fields {
		if f := p.ix.fields[fi]; f.event == event && f.isText() {
			return true
		}
	}
	return false
}

// opensGroup tells whether a "by" stands among the small words before a node,
// and none that says by whom: "compradas por los clientes" is not per customer.
func (p *parse) opensGroup(from int, b *node) bool {
	if b.cat == cCust && p.byThoseWho(b) {
		return false
	}
	for k := from; k < b.to; k++ {
		if k > 0 && b.cat == cCust && p.byWhom(k) && p.doneBefore(k) {
			return false
		}
		for _, e := range p.lex.exact[p.toks[k].folded] {
			if e.cat == "by" {
				return true
			}
		}
	}
	return false
}

// doneBefore tells whether a participle stands right before a token: "hechas",
// "más compradas".
func (p *parse) doneBefore(k int) bool {
	if p.participle(k-1) || p.participles(k-1) {
		return true
	}
	for i := range k {
		if slices.ContainsFunc(p.cells[i][k], func(n *node) bool { return n.cat == "best_selling" || n.cat == cClause && n.clause.verb }) {
			return true
		}
	}
	return false
}

// isValueOf tells whether the words of a node are also a value that the data
// has for an event.
func (p *parse) isValueOf(n *node, event string) bool {
	for _, x := range p.cells[n.from][n.to] {
		if x.cat != cVal {
			continue
		}
		for _, v := range x.vals {
			if p.ix.fields[v.field].event == event {
				return true
			}
		}
	}
	return false
}

// sameSubject tells whether a filter tests what another does already.
func sameSubject(where []syntax.Formula, f syntax.Formula) bool {
	for _, w := range where {
		if t := traitOf(w); t != "" && t == traitOf(f) {
			return true
		}
	}
	return false
}

func overlaps(a, b []int) bool {
	for _, x := range a {
		for _, y := range b {
			if x == y {
				return true
			}
		}
	}
	return false
}

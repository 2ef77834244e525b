package planner

import (
	"strings"

	"tesela/segment/syntax"
)

// goods is the form of a word for what is bought where the data has no name
// for it: "books" in a bookshop.
const goods = "goods"

// goodsRules read the goods: "a Travel book", "at least one book of another
// genre", "a product that costs less than 5".
func goodsRules() map[pair]rule {
	some := func(p *parse, b *node) []*node { // more of them are orders, or pieces, or titles
		if !overlaps(b.fields, p.ix.concepts["product"]) || b.num != nil {
			return nil
		}
		x := *b
		x.cost = 0.02
		return one(&x)
	}
	return map[pair]rule{
		{cQty, cField}: func(p *parse, a, b *node) []*node { // "at least one book"
			if q := a.qty; q.op != syntax.Ge && q.op != syntax.Eq || q.lo != "1" || q.isHi || q.unit != "" {
				return nil
			}
			return some(p, b)
		},
		{cQty, cMeas}:         func(p *parse, a, b *node) []*node { return p.soMany(a, b) },
		{"ask_count", cField}: func(p *parse, _, b *node) []*node { return p.itemsSold(b) },
		{"row filter", "apiece"}: func(p *parse, a, _ *node) []*node { // "under 5 euros each"
			if a.attr != "figure" {
				return nil
			}
			for _, fi := range p.ix.concepts["price"] {
				if c, ok := a.cond.(*syntax.Compare); ok && p.ix.fields[fi].event == a.text && syntax.Equal(c.Left, &syntax.Name{Name: p.ix.fields[fi].name}) {
					x := *a
					x.cost = 0
					return one(&x)
				}
			}
			return nil
		},
		{cField, "compare_after"}: func(p *parse, a, b *node) []*node { // "100 pieces or more"
			if a.num == nil || !a.num.IsInt() {
				return nil
			}
			return p.fieldFigure(a, &qty{op: syntax.Op(b.attr), lo: decimal(a.num)}, 0)
		},
		{cClause, "net_of"}: func(p *parse, a, _ *node) []*node { // "spent over 500 after refunds"
			c := a.clause
			if c.fn != syntax.Sum || c.qty == nil || c.neg || len(c.where) > 0 {
				return nil
			}
			v := p.netOf(&syntax.Call{Fn: c.fn, Event: c.event, Property: c.prop, Window: c.win})
			if v == nil {
				return nil
			}
			return one(condNode(c.qty.condition(v)))
		},
	}
}

// itemsSold is "how many books": the pieces.
func (p *parse) itemsSold(b *node) []*node {
	ev := p.ix.events["purchase"]
	if b.form != goods || ev == "" || len(p.ix.concepts["quantity"]) == 0 {
		return nil
	}
	return one(&node{cat: cMeas, meas: &meas{exprs: []string{p.ix.items()}, event: ev}})
}

// items is how many pieces were bought: what the data calls their quantity,
// though nobody gave it the role, before the rows that stand for them.
func (ix *index) items() string {
	if fi := ix.quantity(); fi >= 0 && ix.role("quantity") == "" {
		return (&syntax.Call{Fn: syntax.Sum, Event: ix.fields[fi].event, Property: ix.fields[fi].name}).String()
	}
	return "items"
}

// quantity is the field of how many pieces a row of a purchase has, by its role
// or else by its name; -1 for none.
func (ix *index) quantity() int {
	if ev, prop, ok := strings.Cut(ix.role("quantity"), "."); ok {
		return ix.find(ev, prop)
	}
	for _, fi := range ix.concepts["quantity"] {
		if f := ix.fields[fi]; f.event == ix.events["purchase"] && f.isNumber() {
			return fi
		}
	}
	return -1
}

// piecesOf is how many pieces a customer bought; nil where no figure holds that.
func (p *parse) piecesOf(m *meas) *syntax.Call {
	fi := p.ix.quantity()
	if fi < 0 {
		return nil
	}
	f := p.ix.fields[fi]
	return &syntax.Call{Fn: syntax.Sum, Event: f.event, Property: f.name, Window: m.win, Where: whereOf(&clause{where: m.where})}
}

// soMany is "more than 20 units", where units sold are a measure too.
func (p *parse) soMany(a, b *node) []*node {
	fi := p.ix.quantity()
	if m := b.meas; fi < 0 || len(m.exprs) != 1 || m.exprs[0] != p.ix.items() || len(m.base)+len(m.where) > 0 || m.win != nil || b.from != a.to || a.qty.op == "" && !a.qty.isHi {
		return nil
	}
	return p.fieldFigure(&node{fields: []int{fi}}, a.qty, 0)
}

// someGoods tells whether the word for pieces says what people did something
// with, not how many there were: "customers who returned items".
func (p *parse) someGoods(did, b *node) bool {
	m := b.meas
	return m != nil && did.clause.verb && !did.clause.weak && plainlyDone(did.clause) && p.core(b) == did.to && p.inRelative(did) &&
		len(m.exprs) == 1 && m.exprs[0] == p.ix.items() && len(m.base)+len(m.where) == 0 && m.win == nil
}

// netOf is what customers spent less what they were refunded in the same time;
// nil where the value is no spend or nothing is refunded.
func (p *parse) netOf(v syntax.Value) syntax.Value {
	call, ok := v.(*syntax.Call)
	spend, _ := p.spendValue().(*syntax.Call)
	ev := p.ix.role("refund")
	if !ok || spend == nil || call.Fn != syntax.Sum || call.Where != nil || call.Event != spend.Event || call.Property != spend.Property || ev == "" {
		return nil
	}
	back := p.spendOf(ev)
	if back == nil {
		return nil
	}
	return &syntax.Arith{Op: '-', Left: call, Right: &syntax.Call{Fn: syntax.Sum, Event: ev, Property: back.prop, Window: call.Window}}
}

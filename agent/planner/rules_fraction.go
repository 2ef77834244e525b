package planner

import (
	"math/big"

	"tesela/segment/syntax"
)

// cFraction is a part of what each customer did: "at least half of their".
const cFraction cat = "part of theirs"

// fractionRules read who did a part of what they do in some way: "at least
// half of their orders are shoes", "más del 30 % de su gasto en Lisboa", "all
// their orders".
func fractionRules() map[pair]rule {
	compared := func(p *parse, a, b *node) []*node {
		v, ok := new(big.Rat).SetString(b.attr)
		if !ok {
			return nil
		}
		return one(&node{cat: cFraction, num: v, attr: a.attr})
	}
	return map[pair]rule{
		{"compare", "fraction"}:       compared,
		{"fraction", "compare_after"}: func(p *parse, a, b *node) []*node { return compared(p, b, a) },
		{"most_of", cClause}: func(p *parse, _, b *node) []*node {
			return p.partOfTheirs(&node{num: big.NewRat(1, 2), attr: ">"}, b)
		},
		{"all_of", cClause}: func(p *parse, _, b *node) []*node {
			c := b.clause
			if c.verb && !c.weak || c.qty != nil || c.neg || len(c.where) == 0 {
				return nil
			}
			out := p.onlyClause(c.with(func(d *clause) { d.verb = true }))
			for _, n := range out {
				n.cost -= 0.3 // "all" says that, and is not without weight
			}
			return out
		},
		{cFraction, cClause}: func(p *parse, a, b *node) []*node {
			if !p.theirOwn(a.from, b) {
				return nil
			}
			return p.partOfTheirs(a, b)
		},
		{cQty, cClause}: func(p *parse, a, b *node) []*node { // "over 30 % of their orders"
			if a.qty.unit != "percent" || a.qty.op == "" || a.qty.isHi || !p.theirOwn(a.from, b) {
				return nil
			}
			v, ok := new(big.Rat).SetString(a.qty.lo)
			if !ok {
				return nil
			}
			return p.partOfTheirs(&node{num: v.Quo(v, big.NewRat(100, 1)), attr: string(a.qty.op)}, b)
		},
	}
}

// theirOwn tells whether a word for "their" stands between a token and what a
// node names.
func (p *parse) theirOwn(from int, n *node) bool {
	for k := from; k <= p.core(n) && k < n.to; k++ {
		if p.says(k, "possessive") {
			return true
		}
	}
	return false
}

// partOfTheirs compares what people did in some way with all that they did.
func (p *parse) partOfTheirs(a, b *node) []*node {
	c := b.clause
	if c.neg || c.qty != nil || len(c.where) == 0 || c.fn != "" && c.fn != syntax.Sum || a.num.Sign() <= 0 || a.num.Cmp(big.NewRat(1, 1)) > 0 {
		return nil
	}
	part := windowCall(c, c.win)
	whole := *part
	whole.Where = nil
	n := condNode(&syntax.Compare{
		Left: &syntax.Arith{Op: '/', Left: part, Right: &whole}, Op: syntax.Op(a.attr), Right: literal(decimal(a.num)),
	})
	n.simple = false
	return one(n)
}

package planner

import (
	"math/big"

	"tesela/segment/syntax"
)

// cBound is a figure that a second bound is still to follow: "more than 3 but".
const cBound cat = "one bound"

// boundRules read a figure between two bounds: "more than three but fewer than
// ten", "al menos 2 y menos de 5".
func boundRules() map[pair]rule {
	open := func(_ *parse, a, b *node) []*node {
		if a.qty.op == "" || a.qty.isHi || a.qty.op == syntax.Eq || b.attr == "," {
			return nil
		}
		return one(&node{cat: cBound, qty: a.qty})
	}
	return map[pair]rule{
		{cQty, "and"}: open,
		{cQty, "but"}: open,
		{cBound, "but"}: func(_ *parse, a, _ *node) []*node { // "and yet"
			x := *a
			x.cost = 0
			return one(&x)
		},
		{cBound, cQty}: func(_ *parse, a, b *node) []*node {
			q, r := *a.qty, *b.qty
			if q.unit == "" || r.unit == "" {
				q.unit = r.unit + q.unit
				r.unit = q.unit
			}
			if r.op == "" || r.isHi || q.unit != r.unit || upper(q.op) == upper(r.op) || r.op == syntax.Eq {
				return nil
			}
			low, high := &q, &r
			if upper(q.op) {
				low, high = &r, &q
			}
			if less, ok := lessThan(low.lo, high.lo); !ok || !less {
				return nil
			}
			x := qty{op: syntax.Ge, lo: low.lo, hi: high.lo, unit: low.unit, isHi: true, above: low.op == syntax.Gt, below: high.op == syntax.Lt, at: low.at}
			return one(&node{cat: cQty, qty: &x, cost: -0.1})
		},
	}
}

func upper(op syntax.Op) bool { return op == syntax.Lt || op == syntax.Le }

func lessThan(a, b string) (less, ok bool) {
	x, y := ratOf(a), ratOf(b)
	if x == nil || y == nil {
		return false, false
	}
	return x.Cmp(y) < 0, true
}

func ratOf(s string) *big.Rat {
	r, ok := new(big.Rat).SetString(s)
	if !ok {
		return nil
	}
	return r
}

// sizable tells whether a bare figure is rather an amount than a number of
// times.
func sizable(q *qty) bool {
	r := ratOf(q.lo)
	return r != nil && r.Cmp(big.NewRat(50, 1)) >= 0
}

// hugeCount tells whether nobody is likely to have done so many.
func hugeCount(q *qty) bool {
	r := ratOf(q.lo)
	return r != nil && r.Cmp(big.NewRat(500, 1)) >= 0
}

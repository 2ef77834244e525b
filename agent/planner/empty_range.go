package planner

import (
	"math/big"

	"tesela/segment/syntax"
)

// bounds are the least and the greatest figure that is left to a value; nil is
// none. An open bound is itself left out.
type bounds struct {
	low, high         *big.Rat
	lowOpen, highOpen bool
}

// emptyRange tells whether conditions that all hold leave some value no figure,
// at least 100 and below 1, of people or of the rows that they count. A reading
// that nobody can satisfy is none.
func emptyRange(all []syntax.Formula) bool {
	left := map[string]*bounds{}
	for _, f := range all {
		empty := false
		syntax.Walk(f, func(n syntax.Node) bool {
			if call, ok := n.(*syntax.Call); ok && call.Where != nil {
				empty = empty || emptyRange(factors(call.Where))
				return false
			}
			return !empty
		})
		if empty {
			return true
		}
		c, ok := f.(*syntax.Compare)
		if !ok {
			continue
		}
		n, ok := c.Right.(*syntax.Number)
		if !ok {
			continue
		}
		x, ok := new(big.Rat).SetString(n.Text)
		if !ok {
			continue
		}
		key := c.Left.String()
		if left[key] == nil {
			left[key] = &bounds{}
		}
		if left[key].narrow(c.Op, x) {
			return true
		}
	}
	return false
}

// narrow takes a comparison in and tells whether nothing is left.
func (b *bounds) narrow(op syntax.Op, x *big.Rat) bool {
	if op == syntax.Gt || op == syntax.Ge || op == syntax.Eq {
		if open := op == syntax.Gt; b.low == nil || x.Cmp(b.low) > 0 || x.Cmp(b.low) == 0 && open {
			b.low, b.lowOpen = x, open
		}
	}
	if op == syntax.Lt || op == syntax.Le || op == syntax.Eq {
		if open := op == syntax.Lt; b.high == nil || x.Cmp(b.high) < 0 || x.Cmp(b.high) == 0 && open {
			b.high, b.highOpen = x, open
		}
	}
	if b.low == nil || b.high == nil {
		return false
	}
	d := b.low.Cmp(b.high)
	return d > 0 || d == 0 && (b.lowOpen || b.highOpen)
}

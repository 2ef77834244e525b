package segment

import (
	"context"
	"errors"

	"tesela/segment/column"
	"tesela/segment/syntax"
)

// Revenue is the value that revenue is per customer: the amounts of purchases
// less those of refunds. It goes through roles; see RoleError.
func (s *Schema) Revenue(w *syntax.Window) (syntax.Value, error) {
	c, err := commerceOf(s, "revenue")
	if err != nil {
		return nil, err
	}
	gross, refunds := c.sums(w)
	if refunds == nil {
		return gross, nil
	}
	return &syntax.Arith{Op: '-', Left: gross, Right: refunds}, nil
}

// sums are what purchases and refunds sum up to; no refunds are nil.
func (c commerce) sums(w *syntax.Window) (gross, refunds *syntax.Call) {
	gross = &syntax.Call{Fn: syntax.Sum, Event: c.amountOf.Name, Property: c.amount.Name, Window: w}
	if c.refunds {
		refunds = &syntax.Call{Fn: syntax.Sum, Event: c.refund.Name, Property: c.refundAmount.Name, Window: w}
	}
	return gross, refunds
}

// errOverflow says that a figure cannot be held.
var errOverflow = errors.New("a customer's revenue is beyond what can be held exactly")

// net writes gross less refunds (nil for none) in its order; see column.Keys.
func net(gross, refunds *vec, out []int64) error {
	if gross.form == inFloats {
		for i, x := range gross.floats[:len(out)] {
			if refunds != nil {
				x -= refunds.floats[i]
			}
			out[i] = column.Key(x)
		}
		return nil
	}
	if refunds == nil {
		copy(out, gross.ints)
		return nil
	}
	beyond := int64(0) // below 0 where a difference has another sign than it must
	for i, x := range gross.ints[:len(out)] {
		less := refunds.ints[i]
		n := x - less
		if beyond |= (x ^ less) & (x ^ n); n == column.Unset {
			beyond = n
		}
		out[i] = n
	}
	if beyond < 0 {
		return errOverflow
	}
	return nil
}

// figures evaluates the revenue of all customers in a window (see column.Keys)
// into out, and further values, block by block. A visit has the customers
// [lo, hi) of whom out is written, and the vectors of the further values.
func (u *Use) figures(ctx context.Context, c commerce, w *syntax.Window, out []int64, visit func(lo, hi int, more []*vec), more ...syntax.Value) error {
	gross, refunds := c.sums(w)
	ask := append([]syntax.Value{gross}, more...)
	if refunds != nil {
		ask = append(ask, refunds)
	}
	return u.blocks(ctx, func(lo, hi int, vs []*vec) error {
		less := (*vec)(nil)
		if refunds != nil {
			less, vs = vs[len(vs)-1], vs[:len(vs)-1]
		}
		if err := net(vs[0], less, out[lo:hi]); err != nil {
			return err
		}
		visit(lo, hi, vs[1:])
		return nil
	}, ask...)
}

// revenue gives the revenue of all customers in a window in its order; see
// column.Keys.
func (u *Use) revenue(ctx context.Context, c commerce, w *syntax.Window) ([]int64, error) {
	return once(u, "revenue "+windowKey(w), func() ([]int64, error) {
		all := make([]int64, u.Source.Schema().Customers)
		return all, u.figures(ctx, c, w, all, func(int, int, []*vec) {})
	})
}

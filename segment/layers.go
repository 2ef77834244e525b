package segment

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"tesela/segment/column"
	"tesela/segment/syntax"
)

// Analyses are the layers and scores that every formula may name:
//
//	rfm(bins: 5, WINDOW)              label of the R-F-M grid
//	rfm_r, rfm_f, rfm_m               its three scores, with the same parameters
//	lifecycle(lapse: DAYS, new: last 30d, star: 10)
//	engagement(EVENT, …, last 60d)
//	value_tier(top: 20, low: 50, last 1y)
//	split("NAME", held_out: 50)
//
// All parameters but a split's name may be left out. Any of them takes `at:`, a date or such as
// 90d ago, and is then as it was at that instant: rfm(at: 90d ago).
func Analyses() Layers {
	return Layers{
		"rfm":        rfmLayer{name: "rfm", part: rfmLabel},
		"rfm_r":      rfmLayer{name: "rfm_r", part: rfmRecency},
		"rfm_f":      rfmLayer{name: "rfm_f", part: rfmFrequency},
		"rfm_m":      rfmLayer{name: "rfm_m", part: rfmMoney},
		"lifecycle":  lifecycleLayer{},
		"engagement": engagementLayer{},
		"value_tier": valueLayer{},
		"split":      splitLayer{},
	}
}

// LayerInfo describes a layer or score without parameters.
type LayerInfo struct {
	Name string
	// Kind is Text for layers, else that of the score.
	Kind column.Kind
	// Labels of a layer, in the order they are told in.
	Labels []string
}

// Describe lists the layers and scores that can be had from data like this, by
// name; ones whose roles are missing are left out.
func (l Layers) Describe(s *Schema) []LayerInfo {
	var all []LayerInfo
	for _, name := range slices.Sorted(maps.Keys(l)) {
		if kind, labels, err := l[name].Check(s, nil); err == nil {
			all = append(all, LayerInfo{Name: name, Kind: kind, Labels: labels})
		}
	}
	return all
}

// Labels gives the labels of a use of a layer, in the order they are told in;
// ok is false where the value is no layer, or wrong.
func (l Layers) Labels(s *Schema, v syntax.Value) (labels []string, ok bool) {
	n, isName := v.(*syntax.Name)
	if !isName {
		return nil, false
	}
	if _, isTrait := s.Trait(n.Name); isTrait {
		return nil, false
	}
	layer, known := l[n.Name]
	if !known {
		return nil, false
	}
	_, params, err := splitAt(n.Params)
	if err != nil {
		return nil, false
	}
	kind, labels, err := layer.Check(s, params)
	return labels, err == nil && kind == column.Text
}

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

// revenueKeys are the revenue of all customers, gross less refunds (nil for
// none), in its order; see column.Keys. They may be gross's own figures.
func revenueKeys(gross, refunds *Values) ([]int64, error) {
	if gross.vec.form == inFloats {
		c := &column.Column{Kind: column.Number, Floats: gross.vec.floats}
		if refunds != nil {
			for i := range c.Floats {
				c.Floats[i] -= refunds.vec.floats[i]
			}
		}
		return column.Keys(c), nil
	}
	keys := gross.vec.ints
	if refunds == nil {
		return keys, nil
	}
	for i, less := range refunds.vec.ints {
		net := keys[i] - less
		if (net < keys[i]) != (less > 0) || net == column.Unset {
			return nil, errOverflow
		}
		keys[i] = net
	}
	return keys, nil
}

// revenue gives the revenue of all customers in a window; see revenueKeys.
func (u *Use) revenue(ctx context.Context, c commerce, w *syntax.Window) ([]int64, error) {
	return once(u, "revenue "+windowKey(w), func() ([]int64, error) {
		vs, err := u.figures(ctx, c, w)
		if err != nil {
			return nil, err
		}
		return revenueKeys(vs[0], vs[1])
	})
}

// figures are the sums of purchases and refunds (nil for none) in a window,
// then further values.
func (u *Use) figures(ctx context.Context, c commerce, w *syntax.Window, more ...syntax.Value) ([]*Values, error) {
	gross, refunds := c.sums(w)
	ask := append([]syntax.Value{gross}, more...)
	if refunds != nil {
		ask = append(ask, refunds)
	}
	vs, err := u.evaluate(ctx, ask...)
	if err != nil {
		return nil, err
	}
	last := (*Values)(nil)
	if refunds != nil {
		last = vs[len(vs)-1]
		vs = vs[:len(vs)-1]
	}
	return slices.Insert(vs, 1, last), nil
}

func windowKey(w *syntax.Window) string {
	if w == nil {
		return ""
	}
	return w.String()
}

// end is the instant at and after which no row exists for the use.
func (u *Use) end() int64 { return min(micros(u.At), micros(u.Now)) }

// table loads the rows of an event; nil where it has none.
func (u *Use) table(ctx context.Context, event string) (*column.Table, error) {
	var need Need
	need.Add(event, "")
	w, err := u.Source.Load(ctx, need)
	if err != nil {
		return nil, fmt.Errorf("load %s: %w", event, err)
	}
	t := w.Tables[event]
	if t == nil || t.Len() == 0 {
		return nil, nil
	}
	return t, nil
}

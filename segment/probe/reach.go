package probe

import (
	"context"
	"math/big"
	"slices"

	"tesela/segment/column"
	"tesela/segment/syntax"
)

// toReach brings a figure to a target.
func (x *examination) toReach(ctx context.Context, r *reading, now *big.Rat, targets []*big.Rat) ([]Edit, error) {
	if now == nil {
		now = new(big.Rat)
	}
	var edits []Edit
	for _, to := range targets {
		away := new(big.Rat).Sub(to, now)
		switch r.fn {
		case syntax.Count, syntax.Distinct, syntax.ActiveDays, syntax.ActiveWeeks, syntax.ActiveMonths:
			if !away.IsInt() || !away.Num().IsInt64() {
				continue
			}
			n := away.Num().Int64()
			edits = append(edits, x.toCount(ctx, r, int(max(-mostAdded-1, min(mostAdded+1, n))))...)
		case syntax.Sum, syntax.Avg, syntax.Min, syntax.Max:
			edits = append(edits, x.toAmount(ctx, r, to)...)
		}
	}
	return edits, ctx.Err()
}

// toCount brings a number of things up or down by so many.
func (x *examination) toCount(ctx context.Context, r *reading, away int) []Edit {
	groups := r.groups()
	latest := slices.Clone(groups)
	slices.Reverse(latest)
	switch {
	case away > mostAdded:
		return nil
	case r.fn == syntax.Count && away > 0:
		return x.adding(ctx, r, nil, away, nil)
	case r.fn == syntax.Count && -away <= len(groups):
		return []Edit{x.remove(r, latest[:-away]), x.remove(r, groups[:-away])}
	case r.fn == syntax.Distinct && away > 0:
		return x.moreDistinct(ctx, r, away)
	case r.fn == syntax.Distinct:
		return append(x.lessDistinct(r, -away), x.fewer(r, groups, 8)...)
	case r.fn != syntax.Count && away > 0:
		return x.moreActive(ctx, r, away)
	case r.fn != syntax.Count:
		return x.lessActive(r, groups, -away)
	}
	return nil
}

// toAmount brings a sum, mean, least or greatest to a target.
func (x *examination) toAmount(ctx context.Context, r *reading, to *big.Rat) []Edit {
	f, _ := fieldOf(x.schema, fieldRef(r.event, r.property))
	sum, n := x.total(r)
	var edits []Edit
	value := func(v *big.Rat) []cell {
		if c, ok := x.ofRat(f.Kind, v); ok {
			return []cell{c}
		}
		return nil
	}
	// One event more that brings it there.
	more := to
	switch r.fn {
	case syntax.Sum:
		more = new(big.Rat).Sub(to, sum)
	case syntax.Avg:
		more = new(big.Rat).Sub(new(big.Rat).Mul(to, big.NewRat(int64(n+1), 1)), sum)
	}
	if given := value(more); given != nil && (r.fn != syntax.Sum || more.Sign() > 0) {
		edits = append(edits, x.adding(ctx, r, given, 1, nil)...)
	}
	if n == 0 || r.table.Props[r.property] == nil {
		return edits
	}
	c := r.table.Props[r.property]
	var isSet, beyond []int
	for _, i := range r.rows {
		v := x.rat(c.Kind, cellAt(c, i))
		if v == nil {
			continue
		}
		isSet = append(isSet, i)
		if r.fn == syntax.Max && v.Cmp(to) > 0 || r.fn == syntax.Min && v.Cmp(to) < 0 {
			beyond = append(beyond, i)
		}
	}
	// The latest row otherwise, or all that lie beyond.
	last := isSet[len(isSet)-1:]
	old := x.rat(c.Kind, cellAt(c, last[0]))
	switch r.fn {
	case syntax.Sum:
		old = new(big.Rat).Add(old, new(big.Rat).Sub(to, sum))
	case syntax.Avg:
		total := new(big.Rat).Mul(to, big.NewRat(int64(n), 1))
		old = new(big.Rat).Add(old, total.Sub(total, sum))
	default:
		old = to
		if len(beyond) > 0 {
			last = beyond
		}
	}
	if v := value(old); v != nil && (old.Sign() >= 0 || f.Kind != column.Money) {
		edits = append(edits, x.set(r, last, v[0]))
	}
	return edits
}

// ofProperty are other values of the property on the rows that count.
func (x *examination) ofProperty(ctx context.Context, l leaf, call *syntax.Call, r *reading, want bool) []Edit {
	is := func(v syntax.Value) bool {
		c, ok := v.(*syntax.Call)
		return ok && syntax.Equal(c, call)
	}
	literals, texts := named(l.formula, is)
	ref := fieldRef(r.event, r.property)
	f, _ := fieldOf(x.schema, ref)
	cells, _ := x.cellsFor(ref, literals, texts)
	var changed, added []Edit
	for _, v := range cells {
		if text := x.literal(f.Kind, x.dicts[ref], v); text != "" {
			if holds, ok := x.would(ctx, l, call, text); ok && holds != want {
				continue
			}
		}
		if len(r.rows) > 0 && r.table.Props[r.property] != nil {
			i := r.rows[0]
			if call.Fn != syntax.Earliest {
				i = r.rows[len(r.rows)-1]
			}
			changed = append(changed, x.set(r, []int{i}, v))
			if call.Fn == syntax.Min || call.Fn == syntax.Max {
				changed = append(changed, x.set(r, r.rows, v))
			}
		}
		if len(added) < mostEdits/4 && v.set {
			added = append(added, x.adding(ctx, r, []cell{v}, 1, nil)...)
		}
	}
	return append(changed[:min(len(changed), mostEdits/4)], added...)
}

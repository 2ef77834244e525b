package probe

import (
	"context"
	"math/big"
	"slices"
	"time"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/segment/syntax"
)

// edits are single changes that may turn a condition, the least first. Whether
// they do is for the data to say.
func (x *examination) edits(ctx context.Context, l leaf, want bool) ([]Edit, error) {
	var edits []Edit
	var err error
	switch f := l.formula.(type) {
	case *syntax.Sequence:
		edits, err = x.ofSequence(ctx, f, want)
	case *syntax.Rank:
		edits, err = x.ofRank(ctx, f, want)
	default:
		for _, v := range inputs(f) {
			var more []Edit
			switch v := v.(type) {
			case *syntax.Call:
				more, err = x.ofCall(ctx, l, v, want)
			case *syntax.Name:
				more, err = x.ofTrait(ctx, l, v, want)
			}
			if err != nil {
				return nil, err
			}
			edits = append(edits, more...)
		}
	}
	if err != nil {
		return nil, err
	}
	for _, event := range x.eventsBehind(l) {
		more, err := x.ofEvent(ctx, event)
		if err != nil {
			return nil, err
		}
		edits = append(edits, more...)
	}
	return edits[:min(len(edits), mostEdits)], nil
}

// inputs are the functions and names in a condition, in the order of its text.
func inputs(f syntax.Formula) []syntax.Value {
	var all []syntax.Value
	syntax.Walk(f, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.Call:
			all = append(all, n)
			return false
		case *syntax.Name:
			all = append(all, n)
		}
		return true
	})
	return all
}

// ofTrait are other values of a trait.
func (x *examination) ofTrait(ctx context.Context, l leaf, n *syntax.Name, want bool) ([]Edit, error) {
	f, ok := x.schema.Trait(n.Name)
	if !ok {
		return nil, nil // a layer; see ofEvent
	}
	var edits []Edit
	now := cellAt(x.alone.world.Traits[n.Name], 0)
	if f.Kind == column.Number || f.Kind == column.Money {
		for _, r := range x.targets(ctx, l, n, x.rat(f.Kind, now), x.step(f.Kind), nil, want) {
			if v, ok := x.ofRat(f.Kind, r); ok {
				edits = append(edits, x.trait(n.Name, v, false))
			}
		}
	}
	literals, texts := named(l.formula, isName(n.Name))
	cells, some := x.cellsFor(fieldRef("", n.Name), literals, texts)
	for _, v := range x.likeOthers(l, n.Name, f) {
		cells, some = append(cells, v), append(some, false)
	}
	for i, v := range cells {
		if f.Kind == column.Tags && v.set && now.set {
			v.tags = slices.Compact(slices.Sorted(slices.Values(append(slices.Clone(now.tags), v.tags...))))
		}
		edits = append(edits, x.trait(n.Name, v, some[i]))
	}
	if f.Kind == column.Tags {
		for _, gone := range cells {
			left := cell{}
			for _, code := range now.tags {
				if !slices.Contains(gone.tags, code) {
					left.tags, left.set = append(left.tags, code), true
				}
			}
			edits = append(edits, x.trait(n.Name, left, false))
		}
	}
	return edits, ctx.Err()
}

// likeOthers are the values of the other traits in a condition, as a trait of
// this kind has them.
func (x *examination) likeOthers(l leaf, name string, f segment.Field) []cell {
	var cells []cell
	for _, v := range inputs(l.formula) {
		other, ok := v.(*syntax.Name)
		if !ok || other.Name == name {
			continue
		}
		field, ok := x.schema.Trait(other.Name)
		c := x.alone.world.Traits[other.Name]
		now := cellAt(c, 0)
		if !ok || field.Kind != f.Kind || !now.set {
			continue
		}
		if f.Kind == column.Text {
			if now.code, ok = x.dicts[fieldRef("", name)].Code(c.Dict.Word(now.code)); !ok {
				continue
			}
		}
		cells = append(cells, now)
	}
	return cells
}

// ofCall are changes of the events that a function counts.
func (x *examination) ofCall(ctx context.Context, l leaf, call *syntax.Call, want bool) ([]Edit, error) {
	r, err := x.read(ctx, call)
	if err != nil {
		return nil, err
	}
	var edits []Edit
	switch kind := x.kindOf(call); {
	case call.Fn == syntax.DaysSince, kind == column.Time && (call.Fn == syntax.First || call.Fn == syntax.Last):
		edits, err = x.ofTime(ctx, l, call, r, want)
	case call.Fn == syntax.Earliest || call.Fn == syntax.Latest || kind != column.Number && kind != column.Money:
		edits = x.ofProperty(ctx, l, call, r, want)
	default:
		values, e := x.current(ctx, call)
		if e != nil {
			return nil, e
		}
		least, step := new(big.Rat), big.NewRat(1, 1)
		if call.Fn == syntax.Sum || call.Fn == syntax.Avg || call.Fn == syntax.Min || call.Fn == syntax.Max {
			least, step = nil, x.step(kind)
		}
		edits, err = x.toReach(ctx, r, values.Rat(0), x.targets(ctx, l, call, values.Rat(0), step, least, want))
	}
	if err != nil {
		return nil, err
	}
	more, err := x.plain(ctx, r)
	return append(edits[:min(len(edits), mostEdits/2)], more...), err
}

// kindOf is the kind of a function's result.
func (x *examination) kindOf(call *syntax.Call) column.Kind {
	switch call.Fn {
	case syntax.First, syntax.Last:
		return column.Time
	case syntax.Sum, syntax.Avg, syntax.Min, syntax.Max, syntax.Earliest, syntax.Latest:
		f, _ := fieldOf(x.schema, fieldRef(call.Event, call.Property))
		return f.Kind
	}
	return column.Number
}

// plain are one event more, and fewer and fewer of those that count.
func (x *examination) plain(ctx context.Context, r *reading) ([]Edit, error) {
	groups := r.groups()
	var edits []Edit
	if r.property != "" {
		literals, texts := named(r.where, isName(r.property))
		cells, _ := x.cellsFor(fieldRef(r.event, r.property), literals, texts)
		edits = x.adding(ctx, r, cells, 1, nil)
	} else {
		edits = x.adding(ctx, r, nil, 1, nil)
	}
	edits = append(edits[:min(len(edits), 4)], x.fewer(r, groups, 6)...)
	moved, err := x.moved(ctx, r, groups)
	return append(edits, moved...), err
}

// moved are events that count at times at which they do not, and the other way
// round.
func (x *examination) moved(ctx context.Context, r *reading, groups []group) ([]Edit, error) {
	ever := segment.Span{From: yearOne, To: x.at.UnixMicro()}
	var edits []Edit
	for k := 1; k <= min(3, len(groups)); k++ {
		latest := slices.Clone(groups[len(groups)-k:])
		slices.Reverse(latest)
		away := slices.DeleteFunc(x.moments(ever, nil), r.span.Has)
		for _, t := range away[:min(3, len(away))] {
			edits = append(edits, x.move(r, latest, t))
		}
	}
	all := &reading{of: r.of, fn: r.fn, event: r.event, property: r.property, where: r.where}
	if err := x.fill(ctx, all, nil); err != nil {
		return nil, err
	}
	others := slices.DeleteFunc(all.groups(), func(g group) bool {
		return slices.ContainsFunc(g.rows, func(i int) bool { return slices.Contains(r.rows, i) })
	})
	for k := 1; k <= min(2, len(others)); k++ {
		latest := slices.Clone(others[len(others)-k:])
		slices.Reverse(latest)
		in := x.moments(r.span, r.times())
		for _, t := range in[:min(4, len(in))] {
			edits = append(edits, x.move(all, latest, t))
		}
	}
	return edits, ctx.Err()
}

// fewer takes away 1, 2 … events, the latest ones or the first ones, and all.
func (x *examination) fewer(r *reading, groups []group, most int) []Edit {
	latest := slices.Clone(groups)
	slices.Reverse(latest)
	var edits []Edit
	for k := 1; k <= min(most, len(groups)); k++ {
		edits = append(edits, x.remove(r, latest[:k]))
		if k < len(groups) {
			edits = append(edits, x.remove(r, groups[:k]))
		}
	}
	if len(groups) > most {
		edits = append(edits, x.remove(r, latest))
	}
	return edits
}

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

// ofTime are other times of the first or the latest event.
func (x *examination) ofTime(ctx context.Context, l leaf, call *syntax.Call, r *reading, want bool) ([]Edit, error) {
	groups := r.groups()
	now, known := int64(0), len(r.rows) > 0
	if known {
		now = r.table.Times[r.rows[len(r.rows)-1]]
		if call.Fn == syntax.First {
			now = r.table.Times[r.rows[0]]
		}
	}
	var at []int64
	if call.Fn == syntax.DaysSince {
		values, err := x.current(ctx, call)
		if err != nil {
			return nil, err
		}
		for _, days := range x.targets(ctx, l, call, values.Rat(0), big.NewRat(1, 1), nil, want) {
			if !days.IsInt() || !days.Num().IsInt64() || days.Num().Int64() < 0 || days.Num().Int64() > 1_000_000 {
				continue
			}
			if t := x.onDay(-int(days.Num().Int64()), now, known); r.span.Has(t) && t < x.at.UnixMicro() {
				at = append(at, t)
			}
		}
	} else {
		at = x.times(ctx, l, call, now, known, r.span, want)
	}
	var edits []Edit
	for _, t := range at {
		var passed []group
		for _, g := range groups {
			k := g.rows[len(g.rows)-1]
			if call.Fn == syntax.First {
				k = g.rows[0]
			}
			if call.Fn == syntax.First && r.table.Times[k] < t || call.Fn != syntax.First && r.table.Times[k] > t {
				passed = append(passed, g)
			}
		}
		if len(passed) > 0 {
			slices.Reverse(passed)
			edits = append(edits, x.move(r, passed, t), x.remove(r, passed))
			continue
		}
		edits = append(edits, x.adding(ctx, r, nil, 1, []int64{t})...)
		if known && call.Fn == syntax.First {
			edits = append(edits, x.move(r, groups[:1], t))
		} else if known {
			edits = append(edits, x.move(r, groups[len(groups)-1:], t))
		}
	}
	return edits, ctx.Err()
}

// onDay is an instant on the local day so many days from T's last: at the time
// of day of an event that is there, else the day's last.
func (x *examination) onDay(days int, now int64, known bool) int64 {
	first, next := x.midnight(x.at.Add(-1), days), x.midnight(x.at.Add(-1), days+1)
	if known {
		clock := time.UnixMicro(now).In(x.schema.Zone)
		y, m, d := first.In(x.schema.Zone).Date()
		h, mi, s := clock.Clock()
		t := time.Date(y, m, d, h, mi, s, clock.Nanosecond(), x.schema.Zone)
		if !t.Before(first) && t.Before(next) {
			return t.UnixMicro()
		}
	}
	return next.UnixMicro() - 1
}

// ofEvent are changes for conditions that depend on an event without saying
// how: more like the latest one, and fewer.
func (x *examination) ofEvent(ctx context.Context, event string) ([]Edit, error) {
	r := &reading{of: event, fn: syntax.Count, event: event}
	if err := x.fill(ctx, r, nil); err != nil {
		return nil, err
	}
	var edits []Edit
	for _, t := range x.moments(segment.Span{From: yearOne, To: x.at.UnixMicro()}, nil)[:1] {
		for _, n := range []int{1, 2, 3, 5, 10} {
			edits = append(edits, x.again(event, n, t))
		}
	}
	return append(edits, x.fewer(r, r.groups(), 3)...), nil
}

package probe

import (
	"context"
	"math/big"
	"slices"

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
		edits, err = x.ofRank(ctx, l, f, want)
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

// mostPlain is at how many moments one event more is tried.
const mostPlain = 8

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
	// The latest moments and the earliest.
	if len(edits) > mostPlain {
		edits = append(edits[:mostPlain/2:mostPlain/2], edits[len(edits)-mostPlain/2:]...)
	}
	if at := x.moments(r.span, nil); len(at) > 0 {
		edits = append(edits, x.adding(ctx, r, nil, 2, at[:1])...)
	}
	edits = append(edits, x.rich(ctx, r)...)
	edits = append(edits, x.fewer(r, groups, 6)...)
	edits = append(edits, x.reclassed(ctx, r, groups)...)
	moved, err := x.moved(ctx, r, groups)
	return append(edits, moved...), err
}

// moved are events that count at times at which they do not, and the other way
// round.
func (x *examination) moved(ctx context.Context, r *reading, groups []group) ([]Edit, error) {
	ever := segment.Span{From: yearOne, To: x.at.UnixMicro()}
	var edits []Edit
	latest := slices.Clone(groups)
	slices.Reverse(latest)
	away := slices.DeleteFunc(x.moments(ever, nil), r.span.Has)
	if len(away) == 0 { // then before all others
		away = x.moments(ever, nil)
		away = away[max(0, len(away)-2):]
	}
	for k := range min(4, len(latest)) {
		for _, t := range away[:min(3, len(away))] {
			edits = append(edits, x.move(r, latest[k:k+1], t))
			if k > 0 {
				edits = append(edits, x.move(r, latest[:k+1], t))
			}
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
		if len(in) > 6 {
			in = append(in[:3:3], in[len(in)-3:]...)
		}
		for _, t := range in {
			edits = append(edits, x.move(all, latest, t))
		}
	}
	return edits, ctx.Err()
}

// fewGroups is of how many events all selections are tried.
const fewGroups = 4

// fewer takes away one event, any of the latest or the first; then 2, 3 …, the
// latest ones or the first ones; and all. Of few events it tries all
// selections.
func (x *examination) fewer(r *reading, groups []group, most int) []Edit {
	latest := slices.Clone(groups)
	slices.Reverse(latest)
	var edits []Edit
	if len(groups) <= fewGroups {
		for size := 1; size <= len(groups); size++ {
			for mask := 1; mask < 1<<len(groups); mask++ {
				if ones(mask) != size {
					continue
				}
				var gone []group
				for k, g := range latest {
					if mask&(1<<k) != 0 {
						gone = append(gone, g)
					}
				}
				edits = append(edits, x.remove(r, gone))
			}
		}
		return edits
	}
	for k := range min(most, len(groups)) {
		edits = append(edits, x.remove(r, latest[k:k+1]))
	}
	if len(groups) > most {
		edits = append(edits, x.remove(r, groups[:1]))
	}
	for k := 2; k <= min(most, len(groups)); k++ {
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
	groups := r.groups()
	edits = append(edits, x.fewer(r, groups, 3)...)
	latest := slices.Clone(groups)
	slices.Reverse(latest)
	for k := 4; k < len(latest); k += 1 + k/4 {
		edits = append(edits, x.remove(r, latest[:k]))
	}
	return edits, nil
}

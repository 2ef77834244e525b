package probe

import (
	"context"
	"slices"

	"tesela/segment"
	"tesela/segment/syntax"
)

// mostSteps is how many steps of a sequence are put in in all combinations.
const mostSteps = 6

// ofSequence puts in steps that lack, or takes events of a step away.
func (x *examination) ofSequence(ctx context.Context, q *syntax.Sequence, want bool) ([]Edit, error) {
	var done, hindering []*reading
	for _, step := range q.Steps {
		w := q.Window
		if step.Not {
			w = nil
		}
		r, err := x.readStep(ctx, step, w)
		if err != nil {
			return nil, err
		}
		if step.Not {
			hindering = append(hindering, r)
		} else {
			done = append(done, r)
		}
	}
	var edits []Edit
	if !want {
		for _, r := range done {
			edits = append(edits, x.fewer(r, r.groups(), 3)...)
		}
		for _, r := range hindering {
			more := x.adding(ctx, r, nil, 1, x.around(done, r.span))
			edits = append(edits, more...)
		}
		return edits, ctx.Err()
	}
	for _, r := range hindering {
		edits = append(edits, x.fewer(r, r.groups(), 2)...)
	}
	if len(done) > mostSteps {
		return edits, ctx.Err()
	}
	props := make([]map[string]cell, len(done))
	for i, r := range done {
		var ok bool
		if props[i], ok = x.fit(ctx, r, nil); !ok {
			return edits, ctx.Err()
		}
	}
	for size := 1; size <= len(done); size++ {
		for mask := range 1 << len(done) {
			if ones(mask) == size {
				edits = append(edits, x.insert(done, props, mask)...)
			}
		}
	}
	return edits, ctx.Err()
}

func ones(mask int) int {
	n := 0
	for ; mask > 0; mask &= mask - 1 {
		n++
	}
	return n
}

// around are instants next to the customer's events of some steps.
func (x *examination) around(done []*reading, within segment.Span) []int64 {
	var all []int64
	for _, r := range done {
		for _, t := range r.times() {
			all = append(all, t+1, t-1)
		}
	}
	return slices.DeleteFunc(all, func(t int64) bool { return !within.Has(t) })
}

// insert adds the steps of a mask next to each event of the other steps; with
// none left, all of them at the window's end.
func (x *examination) insert(done []*reading, props []map[string]cell, mask int) []Edit {
	type anchor struct {
		step int
		time int64
	}
	var anchors []anchor
	for i, r := range done {
		if mask&(1<<i) == 0 {
			for _, t := range r.times() {
				anchors = append(anchors, anchor{i, t})
			}
		}
	}
	if mask == 1<<len(done)-1 {
		for _, t := range x.moments(done[0].span, nil) {
			anchors = append(anchors, anchor{len(done) - 1, t})
		}
	}
	var edits []Edit
	for _, a := range anchors {
		var parts []Edit
		ok := true
		for i, r := range done {
			t := a.time + int64(i-a.step)
			if mask&(1<<i) == 0 {
				continue
			}
			ok = ok && r.span.Has(t)
			parts = append(parts, x.add(r.event, props[i], t))
		}
		if !ok || len(parts) == 0 {
			continue
		}
		e := parts[0]
		e.And = parts[1:]
		e.do = func(p *person) {
			for _, part := range parts {
				part.do(p)
			}
		}
		edits = append(edits, e)
	}
	return edits
}

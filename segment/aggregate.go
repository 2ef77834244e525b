package segment

import (
	"fmt"
	"math"
	"math/bits"
	"slices"

	"tesela/segment/column"
	"tesela/segment/syntax"
)

// aggregate takes one figure of a customer's rows, of which there is one at
// least.
func (w *worker) aggregate(a *agg, t *column.Table, p picked, out *vec, at int) error {
	last := p.len() - 1
	switch a.fn {
	case syntax.Count:
		out.ints[at] = int64(w.events(t, p))
		return nil
	case syntax.First:
		out.ints[at] = t.Times[p.row(0)]
		return nil
	case syntax.Last:
		out.ints[at] = t.Times[p.row(last)]
		return nil
	case syntax.DaysSince:
		out.ints[at] = a.day - w.plan.calendar.day(t.Times[p.row(last)])
		return nil
	case syntax.ActiveDays, syntax.ActiveWeeks, syntax.ActiveMonths:
		out.ints[at] = w.active(a.fn, t, p)
		return nil
	}
	c := t.Props[a.prop]
	if c == nil {
		return nil
	}
	switch a.fn {
	case syntax.Distinct:
		out.ints[at] = int64(w.distinct(c, p))
	case syntax.Earliest:
		setFrom(out, at, c, p.row(0))
	case syntax.Latest:
		setFrom(out, at, c, p.row(last))
	case syntax.Sum, syntax.Avg:
		return total(a, c, p, out, at)
	case syntax.Min, syntax.Max:
		extreme(a.fn == syntax.Max, c, p, out, at)
	}
	return nil
}

// events counts the different events among the rows.
func (w *worker) events(t *column.Table, p picked) int {
	if t.IDs == nil {
		return p.len()
	}
	n, prev := 0, uint32(0)
	switch {
	case !t.Scattered && p.all:
		for _, id := range t.IDs[p.from:p.to] {
			if id == 0 || id != prev {
				n++
			}
			prev = id
		}
		return n
	case !t.Scattered:
		for k := range p.len() {
			id := t.IDs[p.row(k)]
			if id == 0 || id != prev {
				n++
			}
			prev = id
		}
		return n
	}
	w.seen = w.seen[:0]
	for k := range p.len() {
		if id := t.IDs[p.row(k)]; id == 0 {
			n++
		} else {
			w.seen = append(w.seen, uint64(id))
		}
	}
	return n + unique(w.seen)
}

// unique counts different figures; it reorders them.
func unique(s []uint64) int {
	slices.Sort(s)
	return len(slices.Compact(s))
}

func (w *worker) active(fn syntax.Fn, t *column.Table, p picked) int64 {
	n, prev, calendar := int64(0), int64(math.MinInt64), w.plan.calendar
	for k := range p.len() {
		unit := calendar.day(t.Times[p.row(k)])
		switch fn {
		case syntax.ActiveWeeks:
			unit = week(unit)
		case syntax.ActiveMonths:
			unit = calendar.month(unit)
		}
		if unit != prev {
			n++
		}
		prev = unit
	}
	return n
}

func (w *worker) distinct(c *column.Column, p picked) int {
	if c.Kind == column.Text && c.Dict.Len() < 64 {
		mask := uint64(0)
		for k := range p.len() {
			mask |= 1 << c.Codes[p.row(k)]
		}
		return bits.OnesCount64(mask &^ 1) // code 0 is unset
	}
	w.seen = w.seen[:0]
	for k := range p.len() {
		row := p.row(k)
		if !c.IsSet(row) {
			continue
		}
		switch formOf(c.Kind) {
		case inCodes:
			w.seen = append(w.seen, uint64(c.Codes[row]))
		case inFloats:
			w.seen = append(w.seen, math.Float64bits(c.Floats[row]+0)) // -0 is 0
		case inInts:
			w.seen = append(w.seen, uint64(c.Ints[row]))
		case inTags:
			for _, code := range c.TagCodes[c.TagStarts[row]:c.TagStarts[row+1]] {
				w.seen = append(w.seen, uint64(code))
			}
		}
	}
	return unique(w.seen)
}

func setFrom(out *vec, at int, c *column.Column, row int) {
	switch out.form {
	case inInts:
		out.ints[at] = c.Ints[row]
	case inFloats:
		out.floats[at] = c.Floats[row]
	case inCodes:
		out.codes[at] = c.Codes[row]
	}
}

// total adds up set figures: money exactly, numbers in float64 in the order
// of the rows, so that the sum is the same however the work was split.
func total(a *agg, c *column.Column, p picked, out *vec, at int) error {
	if c.Kind == column.Number {
		sum, n := 0.0, int64(0)
		for k := range p.len() {
			if x := c.Floats[p.row(k)]; !math.IsNaN(x) {
				sum += x
				n++
			}
		}
		if a.fn == syntax.Avg {
			sum /= float64(n) // 0/0 is NaN: unset
		}
		out.floats[at] = sum
		return nil
	}
	sum, n, ok := sumInts(c.Ints, p)
	if !ok {
		return fmt.Errorf("%s of %s: a customer's total is beyond what can be held exactly (%d)", a.fn, a.prop, int64(math.MaxInt64))
	}
	if a.fn == syntax.Sum {
		out.ints[at] = sum
	} else if n > 0 {
		out.exacts[at] = exact{num: sum, den: out.den}.arith('/', exact{num: n, den: 1})
	}
	return nil
}

// sumInts adds up the set figures; ok is false where they overflow.
func sumInts(ints []int64, p picked) (sum, n int64, ok bool) {
	ok = true
	if p.all {
		for _, x := range ints[p.from:p.to] {
			if x != column.Unset {
				n++
				s := sum + x
				ok = ok && (s > sum) == (x > 0)
				sum = s
			}
		}
		return sum, n, ok && sum != column.Unset
	}
	for _, row := range p.list {
		if x := ints[row]; x != column.Unset {
			n++
			s := sum + x
			ok = ok && (s > sum) == (x > 0)
			sum = s
		}
	}
	return sum, n, ok && sum != column.Unset
}

func extreme(most bool, c *column.Column, p picked, out *vec, at int) {
	if c.Kind == column.Number {
		best := math.NaN()
		for k := range p.len() {
			x := c.Floats[p.row(k)]
			if math.IsNaN(best) || most && x > best || !most && x < best {
				best = x
			}
		}
		out.floats[at] = best
		return
	}
	best := int64(column.Unset)
	for k := range p.len() {
		x := c.Ints[p.row(k)]
		if x == column.Unset {
			continue
		}
		if best == column.Unset || most && x > best || !most && x < best {
			best = x
		}
	}
	out.ints[at] = best
}

package segment

import (
	"fmt"
	"math"
	"math/bits"
	"slices"
	"sort"

	"tesela/segment/column"
	"tesela/segment/syntax"
)

// picked are the rows of one customer that a scan found: a list, or all from
// from up to to.
type picked struct {
	from, to int
	list     []uint32
	all      bool
}

func (p picked) len() int {
	if p.all {
		return p.to - p.from
	}
	return len(p.list)
}

func (p picked) row(k int) int {
	if p.all {
		return p.from + k
	}
	return int(p.list[k])
}

// bounds narrows the rows [s, e) of a customer, sorted by time, to a span. Most
// questions are about recent time, so it looks from the newest row backwards
// while that is cheap.
func bounds(times []int64, s, e int, span Span) (from, to int) {
	if e > s && times[e-1] >= span.To {
		e = s + sort.Search(e-s, func(k int) bool { return times[s+k] >= span.To })
	}
	if span.From == math.MinInt64 || e == s || times[s] >= span.From {
		return s, e
	}
	const near = 8
	for k := e - 1; k >= s && k >= e-near; k-- {
		if times[k] < span.From {
			return k + 1, e
		}
	}
	far := max(s, e-near)
	return s + sort.Search(far-s, func(k int) bool { return times[s+k] >= span.From }), e
}

// checkRows is how many rows pass between looks at the context.
const checkRows = 1 << 16

// scan runs scan i over the block's customers and fills its figures.
func (w *worker) scan(i int) error {
	s, r := w.plan.scans[i], &w.scans[i]
	if r.done {
		return nil
	}
	r.done = true
	t := w.tables[i]
	for k := range s.aggs {
		a := &s.aggs[k]
		r.out[k].reset(a.form, a.den, w.hi-w.lo, a.zero)
	}
	if t == nil || s.span.Empty() {
		return nil
	}
	first := sort.Search(len(t.Who), func(k int) bool { return int(t.Who[k]) >= w.lo })
	seen := 0
	for k := first; k < len(t.Who) && int(t.Who[k]) < w.hi; k++ {
		if seen += int(t.Starts[k+1] - t.Starts[k]); seen > checkRows {
			if err := w.ctx.Err(); err != nil {
				return err
			}
			seen = 0
		}
		from, to := bounds(t.Times, int(t.Starts[k]), int(t.Starts[k+1]), s.span)
		p := picked{from: from, to: to, all: true}
		if pass := w.filters[i]; pass != nil {
			w.rows = w.rows[:0]
			for row := from; row < to; row++ {
				if pass(row) {
					w.rows = append(w.rows, uint32(row))
				}
			}
			p = picked{list: w.rows}
		}
		if p.len() == 0 {
			continue
		}
		at := int(t.Who[k]) - w.lo
		for j := range s.aggs {
			if err := w.aggregate(&s.aggs[j], t, p, &r.out[j], at); err != nil {
				return err
			}
		}
	}
	return nil
}

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

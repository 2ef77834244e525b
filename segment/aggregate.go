package segment

import (
	"fmt"
	"math"
	"math/bits"
	"slices"

	"tesela/segment/column"
	"tesela/segment/syntax"
)

// aggregate takes a figure of each customer's rows, which are given in pieces.
// Packed columns have loops of their own; others go by rowsOf.
func (w *worker) aggregate(a *agg, r *scanRun, j int, b *boundScan, pieces []piece) error {
	t, out := b.table, &r.out[j]
	switch a.fn {
	case syntax.Count:
		w.count(b, pieces, out.ints)
		return nil
	case syntax.First:
		firstTimes(t, pieces, out.ints)
		return nil
	case syntax.Last:
		lastTimes(t, pieces, out.ints)
		return nil
	case syntax.DaysSince:
		if steps := b.units[a.fn]; steps != nil {
			w.lastDays(a.day, steps, t.Clock.U32, pieces, out.ints)
			return nil
		}
		lastTimes(t, pieces, out.ints)
		w.daysSince(a.day, out.ints)
		return nil
	case syntax.ActiveDays, syntax.ActiveWeeks, syntax.ActiveMonths:
		if steps := b.units[a.fn]; steps != nil {
			activeOf(t.Clock.U32, steps, pieces, out.ints)
			return nil
		}
		w.active(a.fn, t, pieces, out.ints)
		return nil
	}
	c := t.Props[a.prop]
	if c == nil {
		return nil
	}
	switch a.fn {
	case syntax.Earliest:
		for k := len(pieces) - 1; k >= 0; k-- {
			if p := pieces[k]; p.Bits != 0 {
				setFrom(out, int(p.At), c, int(p.Row)+bits.TrailingZeros64(p.Bits))
			}
		}
		return nil
	case syntax.Latest:
		for _, p := range pieces {
			if p.Bits != 0 {
				setFrom(out, int(p.At), c, int(p.Row)+63-bits.LeadingZeros64(p.Bits))
			}
		}
		return nil
	case syntax.Distinct:
		if c.Packed != nil && c.Packed.Most <= stampMost {
			r.distinct(j, uint32(w.lo), c.Packed, pieces, out.ints)
			return nil
		}
	case syntax.Sum, syntax.Avg:
		if c.Packed != nil && c.Kind != column.Number && sumsFit(c.Packed, t.Len()) {
			sumPacked(a, c.Packed, pieces, out, &r.n)
			return nil
		}
	}
	return w.eachCustomer(pieces, func(at int, rows picked) error {
		switch a.fn {
		case syntax.Distinct:
			out.ints[at] = int64(w.distinct(c, rows))
		case syntax.Sum, syntax.Avg:
			return total(a, c, rows, out, at)
		case syntax.Min, syntax.Max:
			extreme(a.fn == syntax.Max, c, rows, out, at)
		}
		return nil
	})
}

// eachCustomer lists the rows of one customer after the other.
func (w *worker) eachCustomer(pieces []piece, visit func(at int, rows picked) error) error {
	for k := 0; k < len(pieces); {
		at := pieces[k].At
		w.rows = w.rows[:0]
		for ; k < len(pieces) && pieces[k].At == at; k++ {
			p := pieces[k]
			for m := p.Bits; m != 0; m &= m - 1 {
				w.rows = append(w.rows, p.Row+uint32(bits.TrailingZeros64(m)))
			}
		}
		if err := visit(int(at), w.rows); err != nil {
			return err
		}
	}
	return nil
}

// count counts the different events among the rows.
func (w *worker) count(b *boundScan, pieces []piece, out []int64) {
	t := b.table
	switch {
	case !t.Tied():
		for _, p := range pieces {
			out[p.At] += int64(bits.OnesCount64(p.Bits))
		}
		return
	case t.Scattered:
		w.eachCustomer(pieces, func(at int, rows picked) error {
			out[at] = int64(w.events(t, rows))
			return nil
		})
		return
	}
	firsts, base := w.firsts(t)
	if b.within == nil && b.filter == nil {
		for _, p := range pieces {
			out[p.At] += int64(bits.OnesCount64(bitsAt(firsts, p.Row-base) & p.Bits))
		}
		return
	}
	open := false // the event that the customer's last piece ended in has been counted
	for k, p := range pieces {
		starts, m := bitsAt(firsts, p.Row-base), p.Bits
		if k == 0 || pieces[k-1].At != p.At {
			open = false
		}
		if open {
			m &^= starts&-starts - 1
		}
		n := int64(0)
		for m != 0 {
			n++
			rest := starts & (^uint64(1) << (bits.TrailingZeros64(m) & 63))
			m &= -(rest & -rest)
		}
		out[p.At] += n
		if k+1 < len(pieces) && pieces[k+1].At == p.At {
			if starts != 0 {
				open = p.Bits>>(63-bits.LeadingZeros64(starts)) != 0
			} else {
				open = open || p.Bits != 0
			}
		}
	}
}

// firsts marks which rows are the first of their event, in bits counted from a
// row on.
func (w *worker) firsts(t *column.Table) (marks []uint64, base uint32) {
	if t.Firsts != nil {
		return t.Firsts, 0
	}
	base = t.Starts[w.from] &^ 63
	n := int(t.Starts[w.to]-base)/64 + 2
	w.begins = sized(w.begins, n)
	clear(w.begins)
	t.FindFirsts(w.from, w.to, w.begins)
	return w.begins, base
}

// events counts the different events among the rows of a customer.
func (w *worker) events(t *column.Table, rows picked) int {
	n := 0
	w.seen = w.seen[:0]
	for _, row := range rows {
		if id := t.IDs[row]; id == 0 {
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

func firstTimes(t *column.Table, pieces []piece, out []int64) {
	for k := len(pieces) - 1; k >= 0; k-- {
		if p := pieces[k]; p.Bits != 0 {
			out[p.At] = t.Time(int(p.Row) + bits.TrailingZeros64(p.Bits))
		}
	}
}

func lastTimes(t *column.Table, pieces []piece, out []int64) {
	if c := t.Clock; c != nil && c.U32 != nil {
		for _, p := range pieces {
			if p.Bits != 0 {
				out[p.At] = c.Base + c.Step*int64(c.U32[int(p.Row)+63-bits.LeadingZeros64(p.Bits)])
			}
		}
		return
	}
	for _, p := range pieces {
		if p.Bits != 0 {
			out[p.At] = t.Time(int(p.Row) + 63 - bits.LeadingZeros64(p.Bits))
		}
	}
}

// lastDays gives the days from the pieces' last rows until a day. The rows'
// times are gathered first, for days of many at once cost little.
func (w *worker) lastDays(until int64, steps *column.Steps, times []uint32, pieces []piece, out []int64) {
	w.rows, w.days = sized(w.rows, len(pieces)), sized(w.days, len(pieces))
	for k, p := range pieces {
		w.rows[k] = times[int(p.Row)+63-bits.LeadingZeros64(p.Bits|1)]
	}
	steps.Fill(w.rows, w.days)
	for k, p := range pieces {
		if p.Bits != 0 {
			out[p.At] = until - int64(w.days[k])
		}
	}
}

// daysSince turns times into days until a day.
func (w *worker) daysSince(day int64, times []int64) {
	calendar := w.plan.calendar
	for i, t := range times {
		if t != column.Unset {
			times[i] = day - calendar.day(t)
		}
	}
}

func (w *worker) active(fn syntax.Fn, t *column.Table, pieces []piece, out []int64) {
	calendar := w.plan.calendar
	prev, last, at := int64(math.MinInt64), int64(math.MinInt64), uint32(math.MaxUint32)
	for _, p := range pieces {
		if p.At != at {
			prev, last, at = math.MinInt64, math.MinInt64, p.At
		}
		n := int64(0)
		for m := p.Bits; m != 0; m &= m - 1 {
			time := t.Time(int(p.Row) + bits.TrailingZeros64(m))
			if time == last {
				continue
			}
			last = time
			unit := calendar.day(time)
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
		out[p.At] += n
	}
}

// distinct counts the different values of a customer's rows.
func (w *worker) distinct(c *column.Column, rows picked) int {
	w.seen = w.seen[:0]
	for _, r := range rows {
		row := int(r)
		if !c.IsSet(row) {
			continue
		}
		switch formOf(c.Kind) {
		case inCodes:
			w.seen = append(w.seen, uint64(c.Code(row)))
		case inFloats:
			w.seen = append(w.seen, math.Float64bits(c.Float(row)+0)) // -0 is 0
		case inInts:
			w.seen = append(w.seen, uint64(c.Int(row)))
		case inTags:
			for _, code := range c.TagsAt(row) {
				w.seen = append(w.seen, uint64(code))
			}
		}
	}
	return unique(w.seen)
}

func setFrom(out *vec, at int, c *column.Column, row int) {
	switch out.form {
	case inInts:
		out.ints[at] = c.Int(row)
	case inFloats:
		out.floats[at] = c.Float(row)
	case inCodes:
		out.codes[at] = c.Code(row)
	}
}

// total adds up set figures: money exactly, numbers in float64 in the order
// of the rows, so that the sum is the same however the work was split.
func total(a *agg, c *column.Column, rows picked, out *vec, at int) error {
	if c.Kind == column.Number {
		sum, n := 0.0, int64(0)
		for _, row := range rows {
			if x := c.Float(int(row)); !math.IsNaN(x) {
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
	sum, n, ok := sumInts(c, rows)
	if !ok {
		return fmt.Errorf("%s of %s: a customer's total is beyond what can be held exactly (%d)", a.fn, a.prop, int64(math.MaxInt64))
	}
	if a.fn == syntax.Sum {
		out.ints[at] = sum
	} else if n > 0 {
		out.nums[at], out.dens[at] = sum, n
	}
	return nil
}

// sumInts adds up the set figures; ok is false where they overflow.
func sumInts(c *column.Column, rows picked) (sum, n int64, ok bool) {
	ok = true
	for _, row := range rows {
		if x := c.Int(int(row)); x != column.Unset {
			n++
			s := sum + x
			ok = ok && (s > sum) == (x > 0)
			sum = s
		}
	}
	return sum, n, ok && sum != column.Unset
}

func extreme(most bool, c *column.Column, rows picked, out *vec, at int) {
	if c.Kind == column.Number {
		best := math.NaN()
		for _, row := range rows {
			x := c.Float(int(row))
			if math.IsNaN(best) || most && x > best || !most && x < best {
				best = x
			}
		}
		out.floats[at] = best
		return
	}
	best := int64(column.Unset)
	for _, row := range rows {
		x := c.Int(int(row))
		if x == column.Unset {
			continue
		}
		if best == column.Unset || most && x > best || !most && x < best {
			best = x
		}
	}
	out.ints[at] = best
}

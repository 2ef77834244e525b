package segment

import (
	"math/bits"

	"tesela/segment/column"
	"tesela/segment/syntax"
)

// firstOfEach leaves of the marked rows the first of each event, so that
// counting events is counting bits. Starts has a bit for each row that is the
// first of its event, from bit from on. Both have a word to spare, which is not
// counted in n.
//
// Adding the starts to the rows that are not marked carries from each start
// through them up to the first marked row, where a bit comes to stand. The last
// row of each event is taken out, for the carry to end there at the latest.
func firstOfEach(marks, starts []uint64, from uint32, n int) {
	carry := uint64(0)
	start := bitsAt(starts, from)
	for k := range n {
		next := uint64(0)
		if k+1 < n {
			next = bitsAt(starts, from+uint32(k+1)<<6)
		}
		last := start>>1 | next<<63
		var sum uint64
		sum, carry = bits.Add64(^marks[k]&^last, start, carry)
		marks[k] &= sum
		start = next
	}
}

// direct tells that a figure needs no pieces of rows: it is a number of bits, or
// the index has it.
func (b *boundScan) direct(a *agg) bool {
	switch a.fn {
	case syntax.Count:
		return !b.table.Scattered
	case syntax.First, syntax.Last:
		return b.indexed && b.all()
	case syntax.DaysSince:
		return b.indexed && b.all() && b.units[a.fn] != nil
	case syntax.ActiveDays, syntax.ActiveWeeks, syntax.ActiveMonths:
		return b.indexed && b.units[a.fn] != nil
	}
	return false
}

// all tells that the scan finds every row.
func (b *boundScan) all() bool { return b.within == nil && b.filter == nil }

// allDirect tells that direct gives all of a scan's figures.
func (b *boundScan) allDirect(s *scan) bool {
	for k := range s.aggs {
		if !b.direct(&s.aggs[k]) {
			return false
		}
	}
	return true
}

// begins is what a number counts of which a row begins one: days, of a
// calendar. Plans of the same zone share them.
type begins struct {
	fn   syntax.Fn
	zone string
}

// direct takes the figures of a scan that need no pieces. It changes the marks.
func (w *worker) direct(s *scan, r *scanRun, b *boundScan, marks []uint64) {
	t := b.table
	first, end := int(t.Starts[w.from]), int(t.Starts[w.to])
	left := 0 // figures that are numbers of bits, each of which uses up the marks
	for j := range s.aggs {
		if a := &s.aggs[j]; b.direct(a) && r.out[j].form == inInts && (a.fn != syntax.First && a.fn != syntax.Last && a.fn != syntax.DaysSince) {
			left++
		}
	}
	for j := range s.aggs {
		a, out := &s.aggs[j], r.out[j].ints
		if !b.direct(a) {
			continue
		}
		if a.fn == syntax.First || a.fn == syntax.Last || a.fn == syntax.DaysSince {
			w.ends(a, b, out)
			continue
		}
		own := marks
		if left--; left > 0 && marks != nil {
			own = append(w.marking.take(len(marks))[:0], marks...)
		}
		switch {
		case a.fn != syntax.Count:
			key := begins{a.fn, w.plan.calendar.zone.String()}
			w.countBegun(t, own, t.Begins(key, b.units[a.fn], first, end), 0, out)
		case t.Tied():
			firsts, origin := w.firsts(t)
			w.countBegun(t, own, firsts, origin, out)
		case marks == nil:
			for k := w.from; k < w.to; k++ {
				out[int(t.Who[k])-w.lo] = int64(t.Starts[k+1] - t.Starts[k])
			}
		default:
			w.countMarks(t, own, out)
		}
		if left > 0 && marks != nil {
			w.marking.give(own)
		}
	}
}

// ends takes the first or last times of the block's customers from the index.
func (w *worker) ends(a *agg, b *boundScan, out []int64) {
	t := b.table
	xs, last := t.Ends(w.from, w.to)
	if a.fn != syntax.First {
		xs = last
	}
	who := t.Who[w.from:w.to]
	if steps := b.units[a.fn]; a.fn == syntax.DaysSince {
		w.days = sized(w.days, len(xs))
		steps.Fill(xs, w.days)
		for k, d := range w.days {
			out[int(who[k])-w.lo] = a.day - int64(d)
		}
		return
	}
	base, step := t.Clock.Base, t.Clock.Step
	for k, x := range xs {
		out[int(who[k])-w.lo] = base + step*int64(x)
	}
}

// countBegun counts what the marked rows of the block's customers belong to, as
// a bit where each begins tells; bits are counted from row origin on.
func (w *worker) countBegun(t *column.Table, marks, begins []uint64, origin uint32, out []int64) {
	if marks == nil {
		countMarked(t, w.from, w.to, w.lo, begins, origin, out)
		return
	}
	firstOfEach(marks, begins, t.Starts[w.from]-origin, len(marks)-1)
	w.countMarks(t, marks, out)
}

// countMarks counts the marked rows of the block's customers.
func (w *worker) countMarks(t *column.Table, marks []uint64, out []int64) {
	if base := t.Starts[w.from]; ones(marks)*fewMarks < w.to-w.from {
		countFew(t, w.from, w.to, w.lo, marks, base, out)
	} else {
		countMarked(t, w.from, w.to, w.lo, marks, base, out)
	}
}

// countMarked counts the marked rows of each of the customers Who[from:to] into
// out, by their place from lo on. Marks are counted from row base on and have a
// word to spare.
func countMarked(t *column.Table, from, to, lo int, marks []uint64, base uint32, out []int64) {
	starts := t.Starts[from : to+1]
	row := starts[0]
	for k, who := range t.Who[from:to] {
		end := starts[k+1]
		n := 0
		for end-row > 64 {
			n += bits.OnesCount64(bitsAt(marks, row-base))
			row += 64
		}
		out[int(who)-lo] = int64(n + bits.OnesCount64(bitsAt(marks, row-base)&lowest(end-row)))
		row = end
	}
}

// countFew is countMarked where few rows are marked: it goes from one to the
// next. The figures of the others stay as they are.
func countFew(t *column.Table, from, to, lo int, marks []uint64, base uint32, out []int64) {
	k := from
	for i, word := range marks {
		for ; word != 0; word &= word - 1 {
			row := base + uint32(i<<6+bits.TrailingZeros64(word))
			k = customerOf(t.Starts, k, to, row)
			out[int(t.Who[k])-lo]++
		}
	}
}

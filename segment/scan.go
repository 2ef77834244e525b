package segment

import (
	"math"
	"math/bits"
	"sort"

	"tesela/segment/column"
	"tesela/segment/syntax"
)

// picked are the rows of one customer that a scan found.
type picked []uint32

// bounds narrows the rows [s, e) of a customer, sorted by time, to a span. Most
// questions are about recent time, so it looks from the newest row backwards
// while that is cheap.
func bounds(t *column.Table, s, e int, span Span) (from, to int) {
	if e > s && t.Time(e-1) >= span.To {
		e = s + sort.Search(e-s, func(k int) bool { return t.Time(s+k) >= span.To })
	}
	if span.From == math.MinInt64 || e == s || t.Time(s) >= span.From {
		return s, e
	}
	const near = 8
	for k := e - 1; k >= s && k >= e-near; k-- {
		if t.Time(k) < span.From {
			return k + 1, e
		}
	}
	far := max(s, e-near)
	return s + sort.Search(far-s, func(k int) bool { return t.Time(s+k) >= span.From }), e
}

// boundScan is a scan bound to a world: which rows it finds, as marks.
type boundScan struct {
	table  *column.Table
	span   Span
	since  uint32 // the window's beginning as the index has times; 0: none
	within marker // the window; nil: all rows lie in it
	filter marker // nil: all rows pass
	// days, weeks and months number the rows' times, as far as figures ask.
	units map[syntax.Fn]*column.Steps
	// indexed tells that the table's index is used.
	indexed bool
}

// bindScan binds a scan to a table, whose index it uses where that pays; nil
// where it finds nothing.
func bindScan(s *scan, t *column.Table, indexed bool) *boundScan {
	if t == nil || t.Len() == 0 || s.span.Empty() {
		return nil
	}
	b := &boundScan{table: t, span: s.span, indexed: indexed && t.Index != nil && t.Clock != nil && t.Clock.U32 != nil}
	b.within = b.spanMarker(s.span)
	if s.filter != nil {
		b.filter = markerOf(s.filter.root, t)
	}
	return b
}

// leastDay is less than any local day has, but those in which a clock is moved
// by a day.
const leastDay = 12 * 3600e6

// number tabulates the days, weeks or months that figures ask for.
func (b *boundScan) number(s *scan, c *calendar) {
	for i := range s.aggs {
		fn := s.aggs[i].fn
		of, ok := map[syntax.Fn]func(int64) int64{
			syntax.DaysSince:    c.day,
			syntax.ActiveDays:   c.day,
			syntax.ActiveWeeks:  func(t int64) int64 { return week(c.day(t)) },
			syntax.ActiveMonths: func(t int64) int64 { return c.month(c.day(t)) },
		}[fn]
		if !ok || b.units[fn] != nil || b.table.Clock == nil || b.table.Clock.U32 == nil {
			continue
		}
		if b.units == nil {
			b.units = map[syntax.Fn]*column.Steps{}
		}
		b.units[fn] = column.NewSteps(b.table.Clock, leastDay, of)
	}
}

// spanMarker marks the rows in a span of time; nil marks all.
func (b *boundScan) spanMarker(span Span) marker {
	t, c := b.table, b.table.Clock
	if c == nil {
		return func(_ *marking, from, to int, out []uint64) {
			column.MarkInts(t.Times[from:to], span.From, span.To-1, out)
		}
	}
	lo, hi, ok := c.Range(span.From, span.To-1)
	switch {
	case !ok:
		return markNone
	case lo <= c.Least && hi >= c.Most:
		return nil
	case b.indexed:
		coarse := t.Coarse()
		b.since = lo
		return func(m *marking, from, to int, out []uint64) {
			more := m.take(markWords(from, to))
			coarse.Mark(from, to, lo, hi, out, more)
			m.give(more)
		}
	}
	return func(_ *marking, from, to int, out []uint64) { c.Mark(from, to, lo, hi, out) }
}

// mark marks the rows [from, to); nil marks all. The marks have a word to
// spare.
func (b *boundScan) mark(m *marking, from, to int) []uint64 {
	if b.within == nil && b.filter == nil {
		return nil
	}
	n := markWords(from, to)
	out := m.take(n + 1)
	out[n] = 0
	switch {
	case b.within == nil:
		b.filter(m, from, to, out)
	case b.filter == nil:
		b.within(m, from, to, out)
	default:
		b.within(m, from, to, out)
		more := m.take(n)
		b.filter(m, from, to, more)
		for k, w := range more {
			out[k] &= w
		}
		m.give(more)
	}
	return out
}

// fewMarks is how many customers there must be for a marked row to go from row
// to row.
const fewMarks = 8

// fewAsked is how many customers there must be for one who is asked about to go
// from one to the next, with marks for their rows alone.
const fewAsked = 32

// sliceFew is slice where few customers are asked about.
func (w *worker) sliceFew(b *boundScan, only []uint64, from, to int) []piece {
	t := b.table
	s := slicer{table: t, lo: w.lo, pieces: w.pieces[:0]}
	gone := b.gone(from, to)
	begin := from
	for i, word := range only {
		for ; word != 0; word &= word - 1 {
			at := uint32(i<<6 + bits.TrailingZeros64(word))
			who := uint32(w.lo) + at
			from += near(t.Who[from:to], who)
			if from == to {
				return s.pieces
			}
			if t.Who[from] != who || gone != nil && gone[from-begin] < b.since {
				continue
			}
			row, end := t.Starts[from], t.Starts[from+1]
			if end-row <= 64 {
				if found := w.foundOf(b, int(row), int(end)); found != 0 {
					s.pieces = append(s.pieces, piece{At: at, Row: row, Bits: found})
				}
				continue
			}
			s.base, s.marks = row, b.mark(&w.marking, int(row), int(end))
			s.long(at, row, end-row)
			if s.marks != nil {
				w.marking.give(s.marks)
			}
		}
	}
	return s.pieces
}

// gone are the last times of the customers Who[from:to]: who was last there
// before the window needs no look at his rows, which lie far apart. Nil where
// there is no such list, or no such window.
func (b *boundScan) gone(from, to int) []uint32 {
	if !b.indexed || b.since == 0 {
		return nil
	}
	_, last := b.table.Ends(from, to)
	return last
}

// foundOf marks which of a customer's rows, at most 64, are found. They are
// sorted by time, so those in the window are neighbours.
func (w *worker) foundOf(b *boundScan, row, end int) uint64 {
	from, to := row, end
	if b.within != nil {
		from, to = bounds(b.table, row, end, b.span)
	}
	if from == to {
		return 0
	}
	found := lowest(uint32(to - from))
	if b.filter != nil {
		b.filter(&w.marking, from, to, w.few[:])
		found &= w.few[0]
	}
	return found << (from - row)
}

// near finds the first of ascending numbers that is no less than one, quickly
// where that is not far.
func near(who []uint32, one uint32) int {
	step := 1
	for step < len(who) && who[step] < one {
		step *= 2
	}
	from, to := step/2, min(step+1, len(who))
	return from + sort.Search(to-from, func(k int) bool { return who[from+k] >= one })
}

// reach finds the block's customers among those of a table.
func (w *worker) reach(t *column.Table) (from, to int) {
	from = sort.Search(len(t.Who), func(k int) bool { return int(t.Who[k]) >= w.lo })
	to = from + sort.Search(len(t.Who)-from, func(k int) bool { return int(t.Who[from+k]) >= w.hi })
	w.from, w.to = from, to
	return from, to
}

// fewAre tells that so few customers are asked about that they are gone
// through one by one.
func fewAre(only []uint64, customers int) bool { return only != nil && ones(only)*fewAsked < customers }

// slice finds the block's rows in pieces, those of customers that nobody asks
// about left out.
func (w *worker) slice(b *boundScan, only []uint64) []piece {
	from, to := w.reach(b.table)
	if from == to {
		return nil
	}
	if fewAre(only, to-from) {
		w.pieces = w.sliceFew(b, only, from, to)
		return w.pieces
	}
	marks := b.mark(&w.marking, int(b.table.Starts[from]), int(b.table.Starts[to]))
	w.cutUp(b.table, marks, only)
	if marks != nil {
		w.marking.give(marks)
	}
	return w.pieces
}

// cutUp puts the marked rows of the block into pieces.
func (w *worker) cutUp(t *column.Table, marks, only []uint64) {
	s := slicer{table: t, lo: w.lo, only: only, marks: marks, base: t.Starts[w.from], pieces: w.pieces[:0]}
	if marks != nil && ones(marks)*fewMarks < w.to-w.from {
		s.few(w.from, w.to)
	} else {
		s.all(w.from, w.to)
	}
	w.pieces = s.pieces
}

func ones(words []uint64) int {
	n := 0
	for _, w := range words {
		n += bits.OnesCount64(w)
	}
	return n
}

// scan runs scan i over the block's customers and fills its figures.
func (w *worker) scan(i int) error {
	s, r := w.plan.scans[i], &w.scans[i]
	if r.done {
		return nil
	}
	r.done = true
	for k := range s.aggs {
		a := &s.aggs[k]
		if a.form == inExact {
			r.out[k].resetFractions(a.den, w.hi-w.lo)
			continue
		}
		r.out[k].reset(a.form, a.den, w.hi-w.lo, a.zero)
	}
	b := w.bound[i]
	if b == nil {
		return nil
	}
	if err := w.ctx.Err(); err != nil {
		return err
	}
	only := w.only
	if s.uses > 1 {
		only = nil // others will ask about other customers
	}
	from, to := w.reach(b.table)
	if from == to {
		return nil
	}
	if fewAre(only, to-from) {
		w.pieces = w.sliceFew(b, only, from, to)
		return w.aggregateAll(s, r, b, false)
	}
	marks := b.mark(&w.marking, int(b.table.Starts[from]), int(b.table.Starts[to]))
	if marks != nil {
		defer w.marking.give(marks)
	}
	if !b.allDirect(s) {
		w.cutUp(b.table, marks, only)
		if len(w.pieces) == 0 {
			return nil
		}
		if err := w.aggregateAll(s, r, b, true); err != nil {
			return err
		}
	}
	w.direct(s, r, b, marks)
	return nil
}

// aggregateAll takes the scan's figures of the pieces, unless others take them
// directly.
func (w *worker) aggregateAll(s *scan, r *scanRun, b *boundScan, direct bool) error {
	if len(w.pieces) == 0 {
		return nil
	}
	for j := range s.aggs {
		if direct && b.direct(&s.aggs[j]) {
			continue
		}
		if err := w.aggregate(&s.aggs[j], r, j, b, w.pieces); err != nil {
			return err
		}
	}
	return nil
}

package measure

import (
	"context"
	"math/bits"
	"sort"

	"tesela/segment"
	"tesela/segment/column"
)

// worker works off chunks in memory of its own.
type worker struct {
	*run
	scan     *scan
	c        *chunk
	all      batch    // the rows at hand
	some     batch    // those of one stream
	expanded [2]batch // with a row for each of its groups
	times    []int64
	cells    []uint32
	table    [levels][]uint32
	// wantWho and wantTimes tell what must be known of rows.
	wantWho, wantTimes bool
	marks              []func(from, to int, out []uint64) // by stream; nil without a filter
}

// batch is some rows with their customers, the times they stand in, and the
// keys of their cells.
type batch struct {
	rows  []int32
	run   bool
	who   []uint32
	times []int64
	keys  []uint64
}

func (b *batch) reset() {
	b.rows, b.run, b.who, b.times, b.keys = b.rows[:0], false, b.who[:0], b.times[:0], b.keys[:0]
}

// wants finds out what the streams ask of rows.
func (w *worker) wants() {
	w.wantTimes = w.calendar != nil && w.scan.periods == nil || w.scan.firsts
	for _, g := range w.dims {
		w.wantWho = w.wantWho || g.cust != nil
	}
	for _, st := range w.scan.streams {
		var mark func(from, to int, out []uint64)
		if st.filter != nil && w.scan.table != nil {
			mark = st.filter.Marks(w.scan.table)
		}
		w.marks = append(w.marks, mark)
		w.wantTimes = w.wantTimes || st.span != w.scan.span
		for _, spec := range st.specs {
			switch spec.fn {
			case fnEvents, fnGaps, fnCustomers:
				w.wantWho = true
			}
		}
	}
}

func (w *worker) chunk(ctx context.Context, from, to int) (*chunk, error) {
	s, t := w.scan, w.scan.table
	w.c = &chunk{}
	for l := levelGroups; l < levels; l++ {
		if w.has[l] {
			w.c.index[l] = newIndex(w.keySpan(l), w.table[l])
		}
	}
	for _, st := range s.streams {
		var accs [levels][]acc
		for l := range levels {
			if w.has[l] {
				accs[l] = w.accs(s, st)
			}
		}
		for _, a := range accs[levelAll] {
			a.grow(1)
		}
		w.c.accs = append(w.c.accs, accs)
	}
	span := s.span
	if c := t.Clock; c != nil && w.everyone && !s.firsts && !w.wantWho {
		return w.c, w.rows(ctx, int(t.Starts[from]), int(t.Starts[to]))
	}
	for k := from; k < to; k++ {
		who := t.Who[k]
		if !w.everyone && !w.base.Has(int(who)) {
			if k&1023 == 0 {
				if err := ctx.Err(); err != nil {
					return nil, err
				}
			}
			continue
		}
		lo, hi := int(t.Starts[k]), int(t.Starts[k+1])
		if s.firsts {
			w.first(who, lo, hi)
			continue
		}
		if lo < hi && (t.Time(lo) < span.From || t.Time(hi-1) >= span.To) {
			lo, hi = within(t, lo, hi, span)
		}
		for lo < hi {
			lo = w.take(who, lo, hi)
			if len(w.all.rows) == blockRows {
				w.flush()
				if err := ctx.Err(); err != nil {
					return nil, err
				}
			}
		}
	}
	w.done()
	return w.c, ctx.Err()
}

// done ends a chunk.
func (w *worker) done() {
	w.flush()
	for l := levelGroups; l < levels; l++ {
		if x := w.c.index[l]; x != nil {
			w.table[l] = x.release()
		}
	}
}

// rows takes the rows of everyone within the span, without a look at whose they
// are.
func (w *worker) rows(ctx context.Context, from, to int) error {
	clock := w.scan.table.Clock
	lo, hi, some := clock.Range(w.scan.span.From, w.scan.span.To-1)
	if !some {
		w.done()
		return ctx.Err()
	}
	whole := lo <= clock.Least && hi >= clock.Most
	marks := make([]uint64, blockRows/64)
	for ; from < to; from += blockRows {
		upto := min(from+blockRows, to)
		if whole {
			w.all.rows = extend(w.all.rows[:0], upto-from)
			for i := range w.all.rows {
				w.all.rows[i] = int32(from + i)
			}
		} else {
			clock.Mark(from, upto, lo, hi, marks)
			w.all.rows = marked(w.all.rows[:0], marks[:(upto-from+63)/64], from)
		}
		w.flush()
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	w.done()
	return nil
}

// marked lists the rows of marks that are counted from a row on.
func marked(rows []int32, marks []uint64, from int) []int32 {
	for k, m := range marks {
		for ; m != 0; m &= m - 1 {
			rows = append(rows, int32(from+k<<6+bits.TrailingZeros64(m)))
		}
	}
	return rows
}

// take adds a customer's rows as far as there is room.
func (w *worker) take(who uint32, lo, hi int) int {
	b := &w.all
	at := len(b.rows)
	n := min(hi-lo, blockRows-at)
	b.rows = extend(b.rows, at+n)
	for i := range b.rows[at:] {
		b.rows[at+i] = int32(lo + i)
	}
	if w.wantWho {
		b.who = extend(b.who, at+n)
		for i := range b.who[at:] {
			b.who[at+i] = who
		}
	}
	return lo + n
}

// within narrows a customer's rows, sorted by time, to a span.
func within(t *column.Table, lo, hi int, s segment.Span) (int, int) {
	if lo < hi && t.Time(lo) < s.From {
		lo += sort.Search(hi-lo, func(i int) bool { return t.Time(lo+i) >= s.From })
	}
	if lo < hi && t.Time(hi-1) >= s.To {
		hi = lo + sort.Search(hi-lo, func(i int) bool { return t.Time(lo+i) >= s.To })
	}
	return lo, hi
}

// first takes the rows of a customer's first event before T, if it falls in
// the span. They all stand in its time, that of its earliest row.
func (w *worker) first(who uint32, lo, hi int) {
	t := w.scan.table
	if lo == hi || !w.scan.span.Has(t.Time(lo)) {
		return
	}
	one := func(r int) {
		w.all.rows = append(w.all.rows, int32(r))
		w.all.who = append(w.all.who, who)
		w.all.times = append(w.all.times, t.Time(lo))
		if len(w.all.rows) == blockRows {
			w.flush()
		}
	}
	one(lo)
	if t.IDs != nil && t.IDs[lo] != 0 {
		for r := lo + 1; r < hi; r++ {
			if t.IDs[r] == t.IDs[lo] && t.Time(r) < w.end {
				one(r)
			} else if !t.Scattered {
				break
			}
		}
	}
}

package measure

import (
	"context"
	"sort"
)

// worker works off chunks in memory of its own: some thousand rows at a time,
// of whole customers. The rows that a stream wants are marked, one column after
// the other. Figures are then taken of customers, where all rows of each belong
// in one cell, else of the rows: all of the stretch, or a list of the marked.
type worker struct {
	*run
	scan   *scan
	c      *chunk
	tasks  []task // by stream
	span   marker // of the scan; nil: all rows lie in it
	tables [levels][]uint32
	// The customers at hand, by their places in Who, and their rows.
	from, to, lo, hi int
	// Memory, each for what its name says, or lent by a method of block.
	common, within, marks, fresh []uint64
	listed, rows                 []int32
	who, x, nums, codes          []uint32
	ints                         []int64
	keys                         []uint64
}

// marker marks rows [from, to) and clears the bits after the last.
type marker func(from, to int, out []uint64)

// task is what is to be done for a stream.
type task struct {
	filter, span marker // nil: all rows pass
	crowd, block [levels][]acc
	told         [levels]bool // some acc tells which cells have had a row
	fresh        bool         // some acc asks which rows are the first of their event
	crowds       bool         // some acc goes by customers
	blocks       bool         // some acc goes by rows
}

// blockRows is how many rows are worked on at once. It is a multiple of 64.
const blockRows = 4096

func newWorker(r *run, s *scan) *worker {
	w := &worker{run: r, scan: s}
	t := s.table
	w.span = spanMarker(t, s.span)
	for _, st := range s.streams {
		var k task
		if st.filter != nil {
			k.filter = st.filter.Marks(t)
		}
		if st.span != s.span {
			k.span = spanMarker(t, st.span)
		}
		w.tasks = append(w.tasks, k)
	}
	return w
}

// begin starts a chunk.
func (w *worker) begin() {
	w.c = &chunk{}
	for l := levelGroups; l < levels; l++ {
		if w.has[l] {
			w.c.index[l] = newIndex(w.keySpan(l), w.dense, w.tables[l])
		}
	}
	for i, st := range w.scan.streams {
		var accs [levels][]acc
		k := &w.tasks[i]
		*k = task{filter: k.filter, span: k.span}
		for l := range levels {
			if !w.has[l] {
				continue
			}
			accs[l] = w.accs(w.scan, st, l)
			for _, a := range accs[l] {
				if l == levelAll {
					a.grow(1)
				} else if w.dense {
					a.grow(w.c.index[l].cells())
				}
				if !w.folds(a, l) {
					k.take(a, l, w.takesCrowds(l))
				}
			}
		}
		w.c.accs = append(w.c.accs, accs)
	}
}

// takesCrowds tells whether figures may go by customers at a level.
func (w *worker) takesCrowds(l int) bool {
	return w.whole[l] && !w.scan.firsts && (l == levelAll || w.dense && !w.multi)
}

func (k *task) take(a acc, l int, crowds bool) {
	if _, ok := a.(teller); ok {
		k.told[l] = true
	}
	switch a.(type) {
	case *freshAcc:
		k.fresh = true
	case *eventsAcc:
		k.fresh = k.fresh || crowds
	}
	if c, ok := a.(crowdAcc); ok && crowds && c.crowds() {
		k.crowd[l] = append(k.crowd[l], a)
		k.crowds = true
		return
	}
	k.block[l] = append(k.block[l], a)
	k.blocks = true
}

// finish ends a chunk.
func (w *worker) finish() *chunk {
	c := w.c
	for l := levelGroups; l < levels; l++ {
		x := c.index[l]
		if x == nil {
			continue
		}
		if w.dense {
			for i := range c.accs {
				for _, acc := range c.accs[i][l] {
					if t, ok := acc.(teller); ok {
						t.tell(x.seen)
					}
				}
			}
			for k, seen := range x.seen {
				if seen {
					x.keys = append(x.keys, uint64(k))
				}
			}
		}
		w.tables[l] = x.release()
	}
	w.c = nil
	return c
}

// chunk works off the customers Who[from:to].
func (w *worker) chunk(ctx context.Context, from, to int) error {
	starts := w.scan.table.Starts
	for from < to {
		if err := ctx.Err(); err != nil {
			return err
		}
		w.from, w.lo = from, int(starts[from])
		w.to = customersWithin(starts, from, to, uint32(w.lo+blockRows))
		w.to = max(w.to, from+1)
		w.hi = int(starts[w.to])
		from = w.to
		if w.scan.firsts {
			w.firsts()
			continue
		}
		if err := w.work(ctx); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// customersWithin finds the last of starts from from on, up to to, that is no
// more than most. It looks near where that would be if all had as many rows.
func customersWithin(starts []uint32, from, to int, most uint32) int {
	lo, hi := from, to
	if rows := int(starts[to] - starts[from]); rows > 0 {
		guess := from + (to-from)*int(most-starts[from])/rows
		if k := guess - 64; k > lo && k < hi && starts[k] <= most {
			lo = k
		}
		if k := guess + 64; k > lo && k < hi && starts[k] > most {
			hi = k - 1
		}
	}
	return lo + sort.Search(hi-lo, func(k int) bool { return starts[lo+k+1] > most })
}

// work gives the rows at hand to the streams.
func (w *worker) work(ctx context.Context) error {
	n := words(w.hi - w.lo)
	common, some := w.wanted()
	if !some {
		return nil
	}
	for i := range w.tasks {
		k := &w.tasks[i]
		marks := common
		if k.span != nil || k.filter != nil {
			w.marks = extend(w.marks[:0], n+1)
			marks = w.marks
			marks[n] = 0
			switch {
			case k.span == nil:
				k.filter(w.lo, w.hi, marks[:n])
			case k.filter == nil:
				k.span(w.lo, w.hi, marks[:n])
			default:
				w.within = extend(w.within[:0], n)
				k.span(w.lo, w.hi, marks[:n])
				k.filter(w.lo, w.hi, w.within)
				and(marks, w.within)
			}
			if common != nil {
				and(marks, common[:n])
			}
		}
		if marks != nil {
			switch ones(marks) {
			case 0:
				continue
			case w.hi - w.lo:
				marks = nil
			}
		}
		if k.fresh {
			w.beginnings(marks)
		}
		if k.crowds {
			w.crowd(k, marks)
		}
		if k.blocks {
			if err := w.blocks(ctx, k, marks); err != nil {
				return err
			}
		}
	}
	return nil
}

func and(out, with []uint64) {
	for k, m := range with {
		out[k] &= m
	}
}

// wanted marks the rows of the base's customers in the scan's span; nil marks
// all. some is false where there are none.
func (w *worker) wanted() (marks []uint64, some bool) {
	n := words(w.hi - w.lo)
	if w.everyone {
		if w.span == nil {
			return nil, true
		}
		w.common = extend(w.common[:0], n+1)
		w.common[n] = 0
		w.span(w.lo, w.hi, w.common[:n])
		return w.common, true
	}
	t := w.scan.table
	w.common = extend(w.common[:0], n+1)
	clear(w.common)
	members := 0
	for k := w.from; k < w.to; k++ {
		if w.base.Has(int(t.Who[k])) {
			members++
			setBits(w.common, int(t.Starts[k])-w.lo, int(t.Starts[k+1])-w.lo)
		}
	}
	switch {
	case members == 0:
		return nil, false
	case w.span != nil:
		w.within = extend(w.within[:0], n)
		w.span(w.lo, w.hi, w.within)
		and(w.common, w.within)
	case members == w.to-w.from:
		return nil, true
	}
	return w.common, true
}

// beginnings marks the rows that are the first of their event.
func (w *worker) beginnings(marks []uint64) {
	n := words(w.hi - w.lo)
	w.fresh = extend(w.fresh[:0], n+1)
	w.fresh[n] = 0
	fresh := w.fresh[:n]
	begins := w.scan.begins
	switch {
	case begins == nil && marks != nil:
		copy(fresh, marks)
	case marks != nil:
		beginnings(begins, w.lo, marks[:n], fresh)
	default:
		for k := range fresh {
			if fresh[k] = ^uint64(0); begins != nil {
				fresh[k] = bitsAt(begins, w.lo+k<<6)
			}
		}
		if rest := (w.hi - w.lo) & 63; rest > 0 {
			fresh[n-1] &= lowest(rest)
		}
	}
}

// crowd takes figures of the customers at hand.
func (w *worker) crowd(k *task, marks []uint64) {
	for l, accs := range k.crowd {
		if len(accs) == 0 {
			continue
		}
		c := crowd{w: w, from: w.from, to: w.to, lo: w.lo, hi: w.hi, marks: marks, fresh: w.fresh, starts: w.scan.table.Starts[w.from : w.to+1]}
		w.cellsOf(l, &c, k.told[l])
		for _, a := range accs {
			a.(crowdAcc).addCrowd(&c)
		}
	}
}

// blocks takes figures of the rows at hand.
func (w *worker) blocks(ctx context.Context, k *task, marks []uint64) error {
	for lo := w.lo; lo < w.hi; lo += blockRows {
		b := block{w: w, from: lo, n: min(blockRows, w.hi-lo), fresh: w.fresh, base: w.lo}
		if marks != nil {
			at := (lo - w.lo) >> 6
			w.rows = marked(w.rows[:0], marks[at:at+words(b.n)], lo)
			if len(w.rows) == 0 {
				continue
			}
			b.rows = w.rows
		}
		w.give(k, b)
		if w.hi-w.lo > blockRows && ctx.Err() != nil {
			return ctx.Err()
		}
	}
	return nil
}

// give adds rows to the figures of all levels.
func (w *worker) give(k *task, b block) {
	for l, accs := range k.block {
		if len(accs) == 0 {
			continue
		}
		own := b
		with := &own
		if l != levelAll {
			with = w.cells(l, with, k.told[l])
		}
		for _, a := range accs {
			if l != levelAll {
				a.grow(w.c.index[l].cells())
			}
			a.add(with)
		}
	}
}

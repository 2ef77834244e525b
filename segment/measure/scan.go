package measure

import (
	"context"
	"runtime"
	"sort"
	"sync"
	"sync/atomic"

	"tesela/segment"
	"tesela/segment/column"
)

// The levels at which figures are kept: all rows, groups without their period,
// and the cells of the table. A table without periods has no groups level; one
// without groups and periods only the first.
const (
	levelAll = iota
	levelGroups
	levelCells
	levels
)

// scan goes over the rows of one event once, for all slots that want them.
type scan struct {
	event   string
	firsts  bool // only the rows of each customer's first event ever
	streams []*stream
	table   *column.Table
	span    segment.Span // all streams' spans together
}

// stream is the rows of a scan that pass one filter in one span of time.
type stream struct {
	filter *segment.Filter
	span   segment.Span
	specs  []accSpec
	pass   func(row int) bool
	accs   [levels][]acc
}

// place tells where a slot's figure is kept.
type place struct {
	scan, stream, acc int
	none              bool
}

// blockRows is how many rows are worked on at once.
const blockRows = 2048

// chunk is what one range of a scan's customers gives.
type chunk struct {
	index [levels]*cellIndex
	accs  [][levels][]acc // by stream
}

// chunkRows is about how many rows a part of a scan has; maxChunks bounds the
// parts, for each keeps figures of its own.
const (
	chunkRows = 1 << 18
	maxChunks = 64
)

// chunks cuts a scan's customers into ranges of about as many rows, however
// many cores there are.
func (s *scan) chunks(rows int) []int {
	n := min(maxChunks, s.table.Len()/rows+1)
	ends := make([]int, n+1)
	for i := 1; i < n; i++ {
		row := uint32(uint64(s.table.Len()) * uint64(i) / uint64(n))
		ends[i] = max(ends[i-1], sort.Search(len(s.table.Who), func(k int) bool { return s.table.Starts[k] >= row }))
	}
	ends[n] = len(s.table.Who)
	return ends
}

// chunkRows is how many rows a part has, more where parts would be mostly
// cells.
func (r *run) chunkRows() int {
	if n := r.plan.chunkRows; n > 0 {
		return n
	}
	if cells := r.keySpan(levelCells); cells <= tableKeys {
		return max(chunkRows, 2*int(cells))
	}
	return chunkRows
}

// scanAll runs a scan over all cores and merges its parts in the customers'
// order, so that results depend on neither.
func (r *run) scanAll(ctx context.Context, s *scan) error {
	ends := s.chunks(r.chunkRows())
	n := len(ends) - 1
	parts := make([]*chunk, n)
	var next atomic.Int64
	var wg sync.WaitGroup
	errs := make([]error, n)
	for range min(runtime.GOMAXPROCS(0), n) {
		wg.Go(func() {
			w := &worker{run: r, scan: s}
			w.wants()
			for {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				parts[i], errs[i] = w.chunk(ctx, ends[i], ends[i+1])
				if errs[i] != nil {
					next.Store(int64(n))
					return
				}
			}
		})
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	for _, st := range s.streams {
		for l := range levels {
			st.accs[l] = r.accs(s, st)
		}
	}
	for _, c := range parts {
		if err := ctx.Err(); err != nil {
			return err
		}
		r.merge(s, c)
	}
	r.fold(s)
	return nil
}

// folds tells that the figures of a level come from the cells'.
func (r *run) folds(a acc, level int) bool {
	return level != levelCells && r.has[levelCells] && !r.multi && a.folds()
}

// fold makes the groups' figures and the total's of the cells' where that
// gives the same.
func (r *run) fold(s *scan) {
	if !r.has[levelCells] || r.multi {
		return
	}
	keys := r.index[levelCells].keys
	to := make([]uint32, len(keys))
	for l := levelAll; l < levelCells; l++ {
		if !r.has[l] {
			continue
		}
		n := 1
		if l == levelGroups {
			for i, k := range keys {
				to[i] = r.index[l].id(k / r.periods)
			}
			n = len(r.index[l].keys)
		} else {
			clear(to)
		}
		for _, st := range s.streams {
			for k, a := range st.accs[l] {
				if r.folds(a, l) {
					a.grow(n)
					a.merge(st.accs[levelCells][k], to)
				}
			}
		}
	}
}

func (r *run) merge(s *scan, c *chunk) {
	for l := range levels {
		if !r.has[l] {
			continue
		}
		to := []uint32{0}
		if l != levelAll {
			to = make([]uint32, len(c.index[l].keys))
			for i, k := range c.index[l].keys {
				to[i] = r.index[l].id(k)
			}
		}
		n := 1
		if l != levelAll {
			n = len(r.index[l].keys)
		}
		for i, st := range s.streams {
			for k, a := range c.accs[i][l] {
				st.accs[l][k].grow(n)
				st.accs[l][k].merge(a, to)
			}
		}
	}
}

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
	w.wantTimes = w.calendar != nil || w.scan.firsts
	for _, g := range w.dims {
		w.wantWho = w.wantWho || g.cust != nil
	}
	for _, st := range w.scan.streams {
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
		if lo < hi && (t.Times[lo] < span.From || t.Times[hi-1] >= span.To) {
			lo, hi = within(t.Times, lo, hi, span)
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
	w.flush()
	for l := levelGroups; l < levels; l++ {
		if x := w.c.index[l]; x != nil {
			w.table[l] = x.release()
		}
	}
	return w.c, ctx.Err()
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
func within(times []int64, lo, hi int, s segment.Span) (int, int) {
	if lo < hi && times[lo] < s.From {
		lo += sort.Search(hi-lo, func(i int) bool { return times[lo+i] >= s.From })
	}
	if lo < hi && times[hi-1] >= s.To {
		hi = lo + sort.Search(hi-lo, func(i int) bool { return times[lo+i] >= s.To })
	}
	return lo, hi
}

// first takes the rows of a customer's first event before T, if it falls in
// the span. They all stand in its time, that of its earliest row.
func (w *worker) first(who uint32, lo, hi int) {
	t := w.scan.table
	if lo == hi || !w.scan.span.Has(t.Times[lo]) {
		return
	}
	one := func(r int) {
		w.all.rows = append(w.all.rows, int32(r))
		w.all.who = append(w.all.who, who)
		w.all.times = append(w.all.times, t.Times[lo])
		if len(w.all.rows) == blockRows {
			w.flush()
		}
	}
	one(lo)
	if t.IDs != nil && t.IDs[lo] != 0 {
		for r := lo + 1; r < hi; r++ {
			if t.IDs[r] == t.IDs[lo] && t.Times[r] < w.end {
				one(r)
			} else if !t.Scattered {
				break
			}
		}
	}
}

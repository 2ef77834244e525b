package measure

import (
	"context"
	"runtime"
	"slices"
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
	// periods numbers the periods by the table's packed times, days the local
	// days; nil where they cannot.
	periods, days *stepper
	// begins marks the rows with which events begin; nil where every row is
	// one, and where the rows of an event are not neighbours.
	begins []uint64
	// once tells that one row of a first event does for all.
	once bool
}

// stream is the rows of a scan that pass one filter in one span of time.
type stream struct {
	filter *segment.Filter
	span   segment.Span
	specs  []accSpec
	accs   [levels][]acc
}

// asks tells whether some figure is of a kind.
func (s *scan) asks(fn slotFn) bool {
	for _, st := range s.streams {
		for _, spec := range st.specs {
			if spec.fn == fn {
				return true
			}
		}
	}
	return false
}

// place tells where a slot's figure is kept.
type place struct {
	scan, stream, acc int
	none              bool
}

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
// order, so that results depend on neither. Where the order is no matter, a
// core's parts go together from the start.
func (r *run) scanAll(ctx context.Context, s *scan) error {
	ends := s.chunks(r.chunkRows())
	n := len(ends) - 1
	for _, st := range s.streams {
		for l := range levels {
			st.accs[l] = r.accs(s, st, l)
		}
	}
	parts := make([]*chunk, n)
	together := !slices.ContainsFunc(s.streams, (*stream).inOrder)
	var next, workers atomic.Int64
	var wg sync.WaitGroup
	errs := make([]error, n)
	for range min(runtime.GOMAXPROCS(0), n) {
		wg.Go(func() {
			w := newWorker(r, s)
			own := int(workers.Add(1)) - 1
			for {
				i := int(next.Add(1)) - 1
				if i >= n {
					break
				}
				if w.c == nil {
					w.begin()
				}
				if errs[i] = w.chunk(ctx, ends[i], ends[i+1]); errs[i] != nil {
					next.Store(int64(n))
					return
				}
				if !together {
					parts[i] = w.finish()
				}
			}
			if w.c != nil {
				parts[own] = w.finish()
			}
		})
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	for i, c := range parts {
		if c == nil {
			continue
		}
		if err := r.merge(ctx, s, c); err != nil {
			return err
		}
		parts[i] = nil
	}
	return r.fold(ctx, s)
}

func (st *stream) inOrder() bool {
	for _, accs := range st.accs {
		for _, a := range accs {
			if _, ok := a.(orderly); ok {
				return true
			}
		}
	}
	return false
}

// folds tells that the figures of a level come from the cells'.
func (r *run) folds(a acc, level int) bool {
	if level == levelCells || !r.has[levelCells] || r.multi {
		return false
	}
	switch a.folds() {
	case foldsAlways:
		return true
	case foldsTotal:
		return level == levelAll || r.whole[levelCells]
	case foldsCustomers:
		return r.whole[levelCells]
	}
	return false
}

// fold makes the groups' figures and the total's of the cells' where that
// gives the same.
func (r *run) fold(ctx context.Context, s *scan) error {
	if !r.has[levelCells] || r.multi {
		return nil
	}
	keys := r.index[levelCells].keys
	to := make([]uint32, r.index[levelCells].cells())
	number := func(i int, k uint64) int {
		if r.dense {
			return int(k)
		}
		return i
	}
	for l := levelAll; l < levelCells; l++ {
		if !r.has[l] {
			continue
		}
		n := 1
		if l == levelGroups {
			for i, k := range keys {
				to[number(i, k)] = r.index[l].id(k / r.periods)
			}
			n = r.index[l].cells()
		} else {
			clear(to)
		}
		for _, st := range s.streams {
			for k, a := range st.accs[l] {
				if err := ctx.Err(); err != nil {
					return err
				}
				if r.folds(a, l) {
					a.grow(n)
					a.merge(st.accs[levelCells][k], to)
				}
			}
		}
	}
	return nil
}

func (r *run) merge(ctx context.Context, s *scan, c *chunk) error {
	for l := range levels {
		if !r.has[l] {
			continue
		}
		to, n := []uint32{0}, 1
		if l != levelAll {
			to = nil
			if !r.dense {
				to = make([]uint32, len(c.index[l].keys))
			}
			for i, k := range c.index[l].keys {
				id := r.index[l].id(k)
				if !r.dense {
					to[i] = id
				}
			}
			n = r.index[l].cells()
		}
		for i, st := range s.streams {
			for k, a := range c.accs[i][l] {
				if err := ctx.Err(); err != nil {
					return err
				}
				st.accs[l][k].grow(n)
				st.accs[l][k].merge(a, to)
			}
		}
	}
	return nil
}

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
	// periods numbers the periods by the table's packed times; nil where it
	// cannot.
	periods *column.Steps
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
	for i, c := range parts {
		if err := r.merge(ctx, s, c); err != nil {
			return err
		}
		parts[i] = nil
	}
	return r.fold(ctx, s)
}

// folds tells that the figures of a level come from the cells'.
func (r *run) folds(a acc, level int) bool {
	return level != levelCells && r.has[levelCells] && !r.multi && a.folds()
}

// fold makes the groups' figures and the total's of the cells' where that
// gives the same.
func (r *run) fold(ctx context.Context, s *scan) error {
	if !r.has[levelCells] || r.multi {
		return nil
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

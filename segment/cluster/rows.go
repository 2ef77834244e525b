package cluster

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// Rows are customers made comparable: figures in units of spread, and codes.
type Rows struct {
	// Scales say what was made of each column, in the order given.
	Scales []Scale
	// Gamma is what a differing category adds to a squared distance.
	Gamma float64

	n, dims, cats int
	x             []float32 // n × dims, row by row
	code          []uint16  // n × cats, row by row
	levels        []int     // of each categorical column kept: its codes are below
	keys          []uint64  // that samples and halves are drawn by; nil: the rows' numbers
}

// Len is the number of rows.
func (r *Rows) Len() int { return r.n }

// Dims is the number of figures of a row.
func (r *Rows) Dims() int { return r.dims }

// Cats is the number of codes of a row.
func (r *Rows) Cats() int { return r.cats }

// blockRows is how many rows are summed up as one: the same on every machine.
const blockRows = 4096

// each runs f over blocks of n rows on all cores. The order is any: f keeps
// what it computes by block. The error is the context's.
func each(ctx context.Context, n int, f func(block, from, to int)) error {
	return parallel(ctx, blocks(n), func(b int) {
		f(b, b*blockRows, min(n, (b+1)*blockRows))
	})
}

func blocks(n int) int { return (n + blockRows - 1) / blockRows }

// parallel runs f(0) to f(n-1) on all cores, in any order.
func parallel(ctx context.Context, n int, f func(i int)) error {
	workers := min(n, runtime.GOMAXPROCS(0))
	var next atomic.Int64
	work := func() {
		for ctx.Err() == nil {
			i := int(next.Add(1)) - 1
			if i >= n {
				return
			}
			f(i)
		}
	}
	if workers <= 1 {
		work()
		return ctx.Err()
	}
	var group sync.WaitGroup
	for range workers {
		group.Go(work)
	}
	group.Wait()
	return ctx.Err()
}

// Row is the figures of row i, in prepared units; it is not to be changed.
func (r *Rows) Row(i int) []float32 { return r.x[i*r.dims : (i+1)*r.dims] }

// codes are the codes of row i.
func (r *Rows) codes(i int) []uint16 { return r.code[i*r.cats : (i+1)*r.cats] }

// take copies some rows.
func (r *Rows) take(rows []int32) *Rows {
	s := &Rows{
		Scales: r.Scales, Gamma: r.Gamma, n: len(rows), dims: r.dims, cats: r.cats, levels: r.levels,
		x: make([]float32, len(rows)*r.dims), code: make([]uint16, len(rows)*r.cats),
	}
	s.keys = make([]uint64, len(rows))
	for to, i := range rows {
		s.keys[to] = r.key(int(i))
		copy(s.Row(to), r.Row(int(i)))
		copy(s.codes(to), r.codes(int(i)))
	}
	return s
}

// sample is size of the rows, or r itself where there are no more.
func (r *Rows) sample(size int, o Options) *Rows {
	if r.n <= size {
		return r
	}
	return r.take(draw(r.n, size, r.keys, newStream(o.Seed, forSample, 0).state))
}

// Keyed gives the rows keys to be sampled by, such as hashes of the customers'
// ids: most of a sample then stays the same when customers come and go. Without
// keys the rows' numbers are used.
func (r *Rows) Keyed(keys []uint64) error {
	if len(keys) != r.n {
		return fmt.Errorf("%d keys for %d rows: give one to each", len(keys), r.n)
	}
	r.keys = keys
	return nil
}

func (r *Rows) key(i int) uint64 {
	if r.keys != nil {
		return r.keys[i]
	}
	return uint64(i)
}

// draw picks size of n rows by their keys, ascending: those whose hashed keys
// are the smallest. Whoever comes or goes changes the sample by a share no
// larger than theirs.
func draw(n, size int, keys []uint64, salt uint64) []int32 {
	hash := func(i int) uint64 {
		if keys != nil {
			return mix(mix(keys[i]) ^ salt)
		}
		return mix(mix(uint64(i)) ^ salt)
	}
	// Hashes are uniform, so few rows lie under a bound a little above the
	// share wanted; only those are sorted.
	type hashed struct {
		hash uint64
		row  int32
	}
	var under []hashed
	for slack := 1.1; len(under) < size; slack *= 2 {
		share := slack * (float64(size) + 64) / float64(n)
		bound := uint64(math.MaxUint64)
		if share < 1 {
			bound = uint64(share * math.MaxUint64)
		}
		under = under[:0]
		for i := range n {
			if h := hash(i); h <= bound {
				under = append(under, hashed{h, int32(i)})
			}
		}
	}
	slices.SortFunc(under, func(a, b hashed) int {
		if a.hash != b.hash {
			if a.hash < b.hash {
				return -1
			}
			return 1
		}
		return int(a.row - b.row)
	})
	rows := make([]int32, size)
	for i := range rows {
		rows[i] = under[i].row
	}
	slices.Sort(rows)
	return rows
}

package column

import (
	"math"
	"math/bits"
	"sort"
	"sync"
	"sync/atomic"
)

// Index is what follows from a table's rows and serves all questions about
// them: coarse times, each customer's first and last time, and where days,
// weeks or months begin. It is made piece by piece, as questions come to need
// it, and belongs to tables with the same rows, whatever properties they have.
// It is safe for concurrent use.
type Index struct {
	asked  atomic.Int32
	coarse lazy[Coarse]
	ends   lazy[Ends]
	mu     sync.Mutex
	begins map[any]*Begins
}

// Pays tells whether questions come that an index is worth making for: the
// first to ask answers itself, as it may be the only one. It counts the calls.
func (x *Index) Pays() bool { return x != nil && x.asked.Add(1) > 1 }

// lazy makes one thing once.
type lazy[T any] struct {
	once  sync.Once
	value *T
}

func (l *lazy[T]) get(make func() *T) *T {
	l.once.Do(func() { l.value = make() })
	return l.value
}

// stretches makes the parts of something as they are asked for, each once.
type stretches struct {
	size int // a stretch's length
	once []sync.Once
}

func newStretches(n, size int) stretches {
	return stretches{size, make([]sync.Once, (n+size-1)/size)}
}

// need makes what is not there yet of [from, to).
func (s *stretches) need(from, to int, make func(from, to int)) {
	if from >= to {
		return
	}
	for k := from / s.size; k <= (to-1)/s.size; k++ {
		s.once[k].Do(func() { make(k*s.size, (k+1)*s.size) })
	}
}

// stretch is how many rows, or customers, are indexed at once: some tens of
// microseconds' work. A multiple of 64, so that no two stretches share a word.
const stretch = 1 << 15

// Coarse is times in two bytes each: half of what must be read to find the rows
// in a window, all but the few whose bucket the window cuts.
type Coarse struct {
	clock   *Packed
	least   uint32
	shift   uint32
	buckets []uint16
	made    stretches
}

// Coarse gives the table's coarse times; nil where it has no index or its
// times do not take four bytes.
func (t *Table) Coarse() *Coarse {
	if t.Index == nil || t.Clock == nil || t.Clock.U32 == nil {
		return nil
	}
	return t.Index.coarse.get(func() *Coarse {
		c := &Coarse{clock: t.Clock, least: t.Clock.Least, buckets: make([]uint16, t.Len()), made: newStretches(t.Len(), stretch)}
		for (t.Clock.Most-c.least)>>c.shift > math.MaxUint16-1 {
			c.shift++
		}
		return c
	})
}

// bucket is the coarse time of x, from 1 on; 0 is before all.
func (c *Coarse) bucket(x uint32) uint16 {
	if x < c.least {
		return 0
	}
	return uint16((x-c.least)>>c.shift) + 1
}

// Mark is Mark of the times' x in [lo, hi], none of them beyond the greatest;
// more is as long as out, and is written over.
func (c *Coarse) Mark(from, to int, lo, hi uint32, out, more []uint64) {
	c.made.need(from, to, func(from, to int) {
		to = min(to, len(c.buckets))
		xs, shift := c.clock.U32[from:to], c.shift&31
		for i, x := range xs {
			c.buckets[from+i] = uint16((x-c.least)>>shift) + 1
		}
	})
	first, last := c.bucket(lo), c.bucket(hi)
	buckets := c.buckets[from:to]
	mark16(buckets, first, last, out)
	// Rows of a bucket that the window cuts are asked themselves.
	size := uint32(1) << c.shift
	lowCut := lo > c.least && (lo-c.least)&(size-1) != 0
	if lowCut {
		c.ask(from, buckets, first, lo, hi, out, more)
	}
	if hi < c.clock.Most && (hi+1-c.least)&(size-1) != 0 && !(lowCut && first == last) {
		c.ask(from, buckets, last, lo, hi, out, more)
	}
}

// ask takes from out those rows of a bucket that are not in [lo, hi].
func (c *Coarse) ask(from int, buckets []uint16, bucket uint16, lo, hi uint32, out, more []uint64) {
	mark16(buckets, bucket, bucket, more)
	for k := range (len(buckets) + 63) / 64 {
		for w := more[k]; w != 0; w &= w - 1 {
			bit := w & -w
			if x := c.clock.U32[from+k<<6+bits.TrailingZeros64(bit)]; x < lo || x > hi {
				out[k] &^= bit
			}
		}
	}
}

// Ends are the x of each customer's first and last time, in the order of
// Table.Who.
type Ends struct {
	first, last []uint32
	made        stretches
}

// Ends gives the times of the customers Who[from:to]; nil where the table has
// no index or its times do not take four bytes.
func (t *Table) Ends(from, to int) (first, last []uint32) {
	if t.Index == nil || t.Clock == nil || t.Clock.U32 == nil {
		return nil, nil
	}
	e := t.Index.ends.get(func() *Ends {
		n := len(t.Who)
		return &Ends{make([]uint32, n), make([]uint32, n), newStretches(n, stretch)}
	})
	e.made.need(from, to, func(from, to int) {
		times := t.Clock.U32
		for k := from; k < min(to, len(t.Who)); k++ {
			e.first[k], e.last[k] = times[t.Starts[k]], times[t.Starts[k+1]-1]
		}
	})
	return e.first[from:to], e.last[from:to]
}

// Begins has a bit for each row with which something new begins: a customer's
// first row, or a row in another day, week or month than the one before. It has
// a word to spare.
type Begins struct {
	words []uint64
	made  stretches
}

// Begins gives the bits for what changes as steps tell, by a key of its own;
// the bits of rows from up to to are there. Nil where the table has no index or
// its times do not take four bytes.
func (t *Table) Begins(key any, steps *Steps, from, to int) []uint64 {
	if t.Index == nil || t.Clock == nil || t.Clock.U32 == nil {
		return nil
	}
	x := t.Index
	x.mu.Lock()
	b := x.begins[key]
	if b == nil {
		if x.begins == nil {
			x.begins = map[any]*Begins{}
		}
		b = &Begins{make([]uint64, t.Len()/64+2), newStretches(t.Len(), stretch)}
		x.begins[key] = b
	}
	x.mu.Unlock()
	b.made.need(from, to, func(from, to int) { t.findBegins(steps, from, min(to, t.Len()), b.words) })
	return b.words
}

// findBegins sets the bits of whole words of rows.
func (t *Table) findBegins(steps *Steps, from, to int, words []uint64) {
	times := t.Clock.U32
	last := steps.Of(times[max(from-1, 0)])
	for row := from; row < to; {
		word := uint64(0)
		for end := min(to, row+64); row < end; row++ {
			unit := steps.Of(times[row])
			fresh := uint64(0)
			if unit != last {
				fresh = 1
			}
			word |= fresh << (row & 63)
			last = unit
		}
		words[(row-1)>>6] = word
	}
	k := sort.Search(len(t.Who), func(k int) bool { return int(t.Starts[k]) >= from })
	for ; k < len(t.Who) && int(t.Starts[k]) < to; k++ {
		words[t.Starts[k]>>6] |= 1 << (t.Starts[k] & 63)
	}
}

package measure

import (
	"math"
	"math/bits"

	"tesela/segment/column"
)

// rowsAcc counts rows.
type rowsAcc struct{ n []int64 }

func (a *rowsAcc) grow(n int)     { a.n = extend(a.n, n) }
func (a *rowsAcc) folds() folding { return foldsAlways }
func (a *rowsAcc) crowds() bool   { return true }

func (a *rowsAcc) add(b *block) {
	if b.cells == nil {
		a.n[0] += int64(b.len())
		return
	}
	n := a.n
	for _, c := range b.cells {
		n[c]++
	}
}

func (a *rowsAcc) addCrowd(c *crowd) {
	if c.cells == nil {
		if c.marks == nil {
			a.n[0] += int64(c.hi - c.lo)
		} else {
			a.n[0] += int64(ones(c.marks))
		}
		return
	}
	for k := c.from; k < c.to; k++ {
		lo, hi := c.rows(k)
		n := hi - lo
		if c.marks != nil {
			n = countBits(c.marks, lo, hi)
		}
		a.n[c.cell(k)] += int64(n)
	}
}

func (a *rowsAcc) merge(o acc, to []uint32) {
	for i, n := range o.(*rowsAcc).n {
		a.n[target(to, i)] += n
	}
}

func (a *rowsAcc) tell(seen []bool) {
	for i, n := range a.n {
		seen[i] = seen[i] || n > 0
	}
}

func (a *rowsAcc) read(_ *slot, cell int) value {
	if cell >= len(a.n) {
		return intValue(0)
	}
	return intValue(a.n[cell])
}

// packedSumAcc sums packed money, whose sums are known to fit, and counts the
// set values. Per cell it adds up the packed figures, in which the unset are 0,
// and counts rows in the same word, above them; unset figures are rare and
// counted apart.
type packedSumAcc struct {
	p *column.Packed
	// both holds rows<<shift + sum of packed figures; before limit rows have
	// been added it is emptied into cells.
	both         []uint64
	more         []uint64 // the same of every other row, where cells are few
	shift        uint
	limit, added int
	cells        []packedSum
	prefix       []uint64
	unset        []uint64
}

type packedSum struct{ sum, rows, unset int64 }

// sumsFit tells that no sum of so many of the column's figures overflows.
func sumsFit(p *column.Packed, rows int) bool {
	most := max(math.Abs(float64(p.Base)+float64(p.Step)), math.Abs(float64(p.Base)+float64(p.Step)*float64(p.Most)), float64(p.Most))
	return most*float64(rows) < 1<<62
}

func newPackedSum(p *column.Packed) *packedSumAcc {
	a := &packedSumAcc{p: p, shift: 40, limit: 1 << 20}
	if p.Most >= 1<<20 {
		a.shift, a.limit = 48, 1<<16-1
	}
	return a
}

func (a *packedSumAcc) grow(n int) {
	a.both, a.cells = extend(a.both, n), extend(a.cells, n)
	if n <= fewKeys {
		a.more = extend(a.more, n)
	} else if a.more != nil {
		a.empty()
		a.more = nil
	}
}
func (a *packedSumAcc) folds() folding { return foldsAlways }
func (a *packedSumAcc) crowds() bool   { return true }

// room empties the words where so many more rows might overflow them.
func (a *packedSumAcc) room(rows int) {
	if a.added += rows; a.added <= a.limit {
		return
	}
	a.empty()
	a.added = rows
}

func (a *packedSumAcc) empty() {
	for i, both := range a.both {
		c := &a.cells[i]
		c.sum += int64(both & (1<<a.shift - 1))
		c.rows += int64(both >> a.shift)
	}
	for i, both := range a.more {
		c := &a.cells[i]
		c.sum += int64(both & (1<<a.shift - 1))
		c.rows += int64(both >> a.shift)
	}
	clear(a.both)
	clear(a.more)
	a.added = 0
}

func (a *packedSumAcc) add(b *block) {
	a.room(b.len())
	p, one := a.p, uint64(1)<<a.shift
	if b.rows != nil {
		switch {
		case p.U8 != nil:
			addList(a, p.U8, b, one)
		case p.U16 != nil:
			addList(a, p.U16, b, one)
		default:
			addList(a, p.U32, b, one)
		}
		return
	}
	from, to := b.from, b.from+b.n
	switch {
	case p.U8 != nil:
		addUp(a, p.U8[from:to], b.cells, one)
	case p.U16 != nil:
		addUp(a, p.U16[from:to], b.cells, one)
	default:
		addUp(a, p.U32[from:to], b.cells, one)
	}
	a.marksUnset(from, to)
	for k, m := range a.unset {
		for ; m != 0; m &= m - 1 {
			a.cells[b.cell(k<<6+bits.TrailingZeros64(m))].unset++
		}
	}
}

// addList is addUp for listed rows.
func addList[T narrow](a *packedSumAcc, xs []T, b *block, one uint64) {
	if b.cells == nil {
		sum := uint64(len(b.rows)) * one
		for _, r := range b.rows {
			x := xs[r]
			sum += uint64(x)
			if x == 0 {
				a.cells[0].unset++
			}
		}
		a.both[0] += sum
		return
	}
	both, cells := a.both, b.cells[:len(b.rows)]
	for i, r := range b.rows {
		x := xs[r]
		both[cells[i]] += uint64(x) + one
		if x == 0 {
			a.cells[cells[i]].unset++
		}
	}
}

// marksUnset marks the unset figures of rows.
func (a *packedSumAcc) marksUnset(from, to int) {
	n := words(to - from)
	a.unset = extend(a.unset[:0], n+1)[:n]
	a.p.Mark(from, to, 0, 0, a.unset)
	a.unset[:n+1][n] = 0
}

// addUp adds packed figures, and one for each, to the words of their cells.
// Neighbours often share a cell, and the second would have to wait for the
// first: they go to different words.
func addUp[T narrow](a *packedSumAcc, xs []T, cells []uint32, one uint64) {
	both := a.both
	if cells == nil {
		sum := uint64(len(xs)) * one
		for _, x := range xs {
			sum += uint64(x)
		}
		both[0] += sum
		return
	}
	cells = cells[:len(xs)]
	if a.more != nil {
		more := a.more[:len(both)]
		for len(xs) >= 2 && len(cells) >= 2 {
			both[cells[0]] += uint64(xs[0]) + one
			more[cells[1]] += uint64(xs[1]) + one
			xs, cells = xs[2:], cells[2:]
		}
	}
	for i, x := range xs {
		both[cells[i]] += uint64(x) + one
	}
}

func (a *packedSumAcc) addCrowd(c *crowd) {
	p, one := a.p, uint64(1)<<a.shift
	for from := c.lo; from < c.hi; from += blockRows {
		to := min(from+blockRows, c.hi)
		if c.to-c.from > 1 {
			to = c.hi // so there are no more than that
		}
		a.room(to - from)
		var marks []uint64
		if c.marks != nil {
			marks = c.marks[(from-c.lo)>>6:]
		}
		a.prefix = extend(a.prefix[:0], to-from+1)
		switch {
		case p.U8 != nil:
			sumUpTo(p.U8[from:to], marks, one, a.prefix)
		case p.U16 != nil:
			sumUpTo(p.U16[from:to], marks, one, a.prefix)
		default:
			sumUpTo(p.U32[from:to], marks, one, a.prefix)
		}
		a.marksUnset(from, to)
		none := true
		for k := range a.unset {
			if marks != nil {
				a.unset[k] &= marks[k]
			}
			none = none && a.unset[k] == 0
		}
		if c.cells == nil {
			a.both[0] += a.prefix[to-from]
			a.cells[0].unset += int64(ones(a.unset))
			continue
		}
		a.perCustomer(c, from-c.lo, to-c.lo, none)
	}
}

// perCustomer shares out what sumUpTo made of the rows [from, to), counted
// from c.lo on.
func (a *packedSumAcc) perCustomer(c *crowd, from, to int, none bool) {
	prefix, both := a.prefix, a.both
	if c.to-c.from == 1 {
		both[c.cells[0]] += prefix[to-from]
	} else {
		starts := c.starts
		before := uint64(0)
		for k, cell := range c.cells[:len(starts)-1] {
			upto := prefix[int(starts[k+1])-c.lo]
			both[cell] += upto - before
			before = upto
		}
	}
	for k := c.from; k < c.to && !none; k++ {
		lo, hi := c.rows(k)
		a.cells[c.cell(k)].unset += int64(countBits(a.unset[:len(a.unset)+1], max(lo, from)-from, min(hi, to)-from))
	}
}

// sumUpTo sets prefix to the sums of the marked figures, and one for each,
// before every row and after the last.
func sumUpTo[T narrow](xs []T, marks []uint64, one uint64, prefix []uint64) {
	sum := uint64(0)
	prefix = prefix[:len(xs)+1]
	prefix[0] = 0
	if marks == nil {
		for i, x := range xs {
			sum += uint64(x) + one
			prefix[i+1] = sum
		}
		return
	}
	for k := 0; k < len(xs); k += 64 {
		m := marks[k>>6]
		for i, x := range xs[k:min(k+64, len(xs))] {
			sum += (uint64(x) + one) & -(m >> (i & 63) & 1)
			prefix[k+i+1] = sum
		}
	}
}

func (a *packedSumAcc) merge(o acc, to []uint32) {
	p := o.(*packedSumAcc)
	p.empty()
	for i, s := range p.cells {
		c := &a.cells[target(to, i)]
		c.sum += s.sum
		c.rows += s.rows
		c.unset += s.unset
	}
}

func (a *packedSumAcc) tell(seen []bool) {
	a.empty()
	for i, c := range a.cells {
		seen[i] = seen[i] || c.rows > 0
	}
}

func (a *packedSumAcc) read(s *slot, cell int) value {
	if cell >= len(a.cells) {
		return intValue(0)
	}
	c := a.cells[cell]
	if s.fn == fnSet {
		return intValue(c.rows - c.unset)
	}
	return intValue(a.p.Step*c.sum + a.p.Base*(c.rows-c.unset))
}

package measure

import (
	"math/bits"
	"slices"

	"tesela/segment/column"
)

// freshAcc counts distinct events where the rows of each are neighbours and
// nothing else of them is asked: an event counts in the cell of its first row,
// and where a later row of it lies in another cell, in that one too.
type freshAcc struct {
	n []int64
	// total tells that this is the figure of all rows together; again is how
	// often an event was counted in a further cell.
	total bool
	again int64
	last  uint32 // the cell of the row before
	// first is the first row, plus 1, of an event that was counted in the cells
	// in, once there are several.
	first   int
	in      []uint32
	differs []uint64
}

func (a *freshAcc) grow(n int)     { a.n = extend(a.n, n) }
func (a *freshAcc) folds() folding { return foldsTotal }
func (a *freshAcc) crowds() bool   { return true }

func (a *freshAcc) addCrowd(c *crowd) {
	if c.cells == nil {
		a.n[0] += int64(ones(c.fresh))
		return
	}
	for k := c.from; k < c.to; k++ {
		lo, hi := c.rows(k)
		a.n[c.cell(k)] += int64(countBits(c.fresh, lo, hi))
	}
}

func (a *freshAcc) add(b *block) {
	switch {
	case b.len() == 0:
	case b.rows != nil:
		a.addList(b)
	case b.cells == nil:
		a.n[0] += int64(countBits(b.fresh, b.from-b.base, b.from-b.base+b.n))
	default:
		a.addRun(b)
	}
}

func (a *freshAcc) addRun(b *block) {
	n, cells := a.n, b.cells
	at := b.from - b.base // a multiple of 64
	fresh := b.fresh[at>>6:]
	a.differs = extend(a.differs[:0], words(b.n))
	column.Turns(cells, a.differs)
	if fresh[0]&1 == 0 { // one event goes on from block to block
		a.elsewhere(b, b.from, a.last, cells[0])
	}
	for k := range a.differs {
		for m := fresh[k]; m != 0; m &= m - 1 {
			n[cells[k<<6+bits.TrailingZeros64(m)]]++
		}
		for m := a.differs[k] &^ fresh[k]; m != 0; m &= m - 1 {
			i := k<<6 + bits.TrailingZeros64(m)
			a.elsewhere(b, b.from+i, cells[i-1], cells[i])
		}
	}
	a.last = cells[b.n-1]
}

func (a *freshAcc) addList(b *block) {
	if b.cells == nil {
		n := int64(0)
		for _, r := range b.rows {
			n += b.begins(int(r))
		}
		a.n[0] += n
		return
	}
	n, last, firsts, base := a.n, a.last, b.fresh, b.base
	cells := b.cells[:len(b.rows)]
	for i, r := range b.rows {
		row := uint(int(r) - base)
		c, fresh := cells[i], int64(firsts[row>>6]>>(row&63)&1)
		n[c] += fresh
		if uint64(c^last)&uint64(fresh-1) != 0 { // one question, nearly always no
			a.elsewhere(b, int(r), last, c)
		}
		last = c
	}
	a.last = last
}

// elsewhere counts the event of a row in the row's cell c as well, unless it has
// been. last is the cell of the row before, which is of the same event; if
// there was no other of it, that is where the event was counted.
func (a *freshAcc) elsewhere(b *block, row int, last, c uint32) {
	first := b.base + lastBit(b.fresh, row-b.base) + 1
	if a.first != first {
		a.first, a.in = first, append(a.in[:0], last)
	}
	if !slices.Contains(a.in, c) {
		a.in = append(a.in, c)
		a.n[c]++
		a.again++
	}
}

func (a *freshAcc) merge(o acc, to []uint32) {
	p := o.(*freshAcc)
	for i, n := range p.n {
		a.n[target(to, i)] += n
	}
	a.again += p.again
}

func (a *freshAcc) tell(seen []bool) {
	for i, n := range a.n {
		seen[i] = seen[i] || n > 0
	}
}

func (a *freshAcc) read(_ *slot, cell int) value {
	switch {
	case cell >= len(a.n):
		return intValue(0)
	case a.total:
		return intValue(a.n[0] - a.again)
	}
	return intValue(a.n[cell])
}

// lastBit is the last bit set at i or before; there is one.
func lastBit(words []uint64, i int) int {
	k := i >> 6
	m := words[k] & lowest(i&63+1)
	for m == 0 {
		k--
		m = words[k]
	}
	return k<<6 + 63 - bits.LeadingZeros64(m)
}

package measure

import (
	"math"

	"tesela/segment/column"
)

// acc keeps one figure, or a few that go together, for every cell.
type acc interface {
	// grow makes room for n cells.
	grow(n int)
	add(b *block)
	// merge adds another's cells, which come from later customers unless the
	// order is no matter: its cell i becomes to[i], or i where to is nil.
	merge(o acc, to []uint32)
	// read gives a figure of a cell, also of one it never saw.
	read(s *slot, cell int) value
	folds() folding
}

// folding tells when the figure of cells merged into one is that of their
// rows together.
type folding int

const (
	// foldsNever: the figure depends on the order of rows.
	foldsNever folding = iota
	// foldsCustomers: where all rows of a customer lie in one cell.
	foldsCustomers
	// foldsTotal: there, and where all cells are merged into one.
	foldsTotal
	// foldsAlways: where cells share no row.
	foldsAlways
)

// crowdAcc is an acc that takes customers as a whole where all rows of each
// belong in one cell.
type crowdAcc interface {
	acc
	addCrowd(c *crowd)
	// crowds tells that it can do so.
	crowds() bool
}

// teller is an acc that knows which cells have had a row.
type teller interface {
	tell(seen []bool)
}

// orderly is an acc whose parts have to be merged in the customers' order.
type orderly interface{ inOrder() }

// target is the cell that cell i is merged into.
func target(to []uint32, i int) uint32 {
	if to == nil {
		return uint32(i)
	}
	return to[i]
}

// accSpec tells which acc serves which slots.
type accSpec struct {
	fn   slotFn
	prop string
}

// specOf gives the acc of a slot. tagged tells that rows come several times;
// once that of each customer there is one row at most.
func specOf(s *slot, t *column.Table, tagged, once bool) accSpec {
	switch s.fn {
	case fnEvents:
		switch {
		case t == nil || tagged:
		case t.IDs == nil:
			return accSpec{fn: fnRows}
		case !t.Scattered:
			return accSpec{fn: fnFresh}
		}
		return accSpec{fn: fnEvents}
	case fnDoers, fnRepeaters, fnFirsts:
		if once {
			return accSpec{fn: fnRows}
		}
		return accSpec{fn: fnEvents}
	case fnSum, fnSet:
		return accSpec{fnSum, s.prop}
	case fnGapDays, fnGaps:
		return accSpec{fn: fnGaps}
	case fnFirst, fnEarliest:
		return accSpec{fnFirst, ""}
	case fnLast, fnLatest:
		return accSpec{fnLast, ""}
	}
	return accSpec{s.fn, s.prop}
}

// extend lengthens a slice with zeros, doubling its room.
func extend[T any](s []T, n int) []T {
	if n <= len(s) {
		return s
	}
	if n <= cap(s) {
		return s[:n]
	}
	t := make([]T, n, max(n, 2*cap(s)))
	copy(t, s)
	return t
}

// intSumAcc sums money exactly, and counts the set values.
type intSumAcc struct {
	col   *column.Column
	cells []intSum
}

// intSum is a sum in two halves, high * 2^32 + low, neither of which can
// overflow before two thousand million rows.
type intSum struct{ high, low, n int64 }

func (a *intSumAcc) grow(n int)     { a.cells = extend(a.cells, n) }
func (a *intSumAcc) folds() folding { return foldsAlways }

func (a *intSumAcc) add(b *block) {
	values := b.ints(a.col)
	if b.cells == nil {
		s := a.cells[0]
		for _, v := range values {
			s.put(v)
		}
		a.cells[0] = s
		return
	}
	cells := a.cells
	for i, c := range b.cells[:len(values)] {
		cells[c].put(values[i])
	}
}

func (s *intSum) put(v int64) {
	if v != column.Unset {
		s.high += v >> 32
		s.low += v & 0xffffffff
		s.n++
	}
}

func (a *intSumAcc) merge(o acc, to []uint32) {
	for i, p := range o.(*intSumAcc).cells {
		c := &a.cells[target(to, i)]
		c.high += p.high
		c.low += p.low
		c.n += p.n
	}
}

func (a *intSumAcc) read(s *slot, cell int) value {
	switch {
	case cell >= len(a.cells):
		return intValue(0)
	case s.fn == fnSet:
		return intValue(a.cells[cell].n)
	}
	return wide(a.cells[cell].high, a.cells[cell].low)
}

// floatSumAcc sums numbers with Neumaier's compensation (Rundungsfehleranalyse
// einiger Verfahren zur Summation endlicher Summen, 1974), so that ten times
// 0.1 is 1, and counts the set values. It does not fold: a sum goes over the
// rows in their order, whatever the groups.
type floatSumAcc struct {
	col       *column.Column
	sum, rest []float64
	n         []int64
}

func (a *floatSumAcc) grow(n int) {
	a.sum, a.rest, a.n = extend(a.sum, n), extend(a.rest, n), extend(a.n, n)
}
func (a *floatSumAcc) folds() folding { return foldsNever }
func (a *floatSumAcc) inOrder()       {}

func (a *floatSumAcc) add(b *block) {
	for i, r := range b.list() {
		if v := a.col.Float(int(r)); v == v {
			a.put(b.cell(i), v)
			a.n[b.cell(i)]++
		}
	}
}

func (a *floatSumAcc) put(c uint32, v float64) {
	s := a.sum[c]
	t := s + v
	if math.Abs(s) >= math.Abs(v) {
		a.rest[c] += (s - t) + v
	} else {
		a.rest[c] += (v - t) + s
	}
	a.sum[c] = t
}

func (a *floatSumAcc) merge(o acc, to []uint32) {
	p := o.(*floatSumAcc)
	for i := range p.n {
		c := target(to, i)
		a.put(c, p.sum[i])
		a.rest[c] += p.rest[i]
		a.n[c] += p.n[i]
	}
}

func (a *floatSumAcc) read(s *slot, cell int) value {
	switch {
	case cell >= len(a.n):
		return intValue(0)
	case s.fn == fnSet:
		return intValue(a.n[cell])
	}
	return floatValue(a.sum[cell] + a.rest[cell])
}

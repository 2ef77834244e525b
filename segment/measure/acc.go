package measure

import (
	"math"

	"tesela/segment/column"
)

// block is some rows of one table with the customer and the cell of each.
// Rows come by customer, then in the table's order.
type block struct {
	rows  []int32
	who   []uint32
	cells []uint32
}

// acc keeps one figure, or a few that go together, for every cell.
type acc interface {
	// grow makes room for n cells.
	grow(n int)
	add(b block)
	// merge adds another's cells, which come from later customers: its cell i
	// becomes to[i].
	merge(o acc, to []uint32)
	// read gives a figure of a cell, also of one it never saw.
	read(s *slot, cell int) value
	// folds tells that cells which share no row may be merged into one.
	folds() bool
}

// accSpec tells which acc serves which slots.
type accSpec struct {
	fn   slotFn
	prop string
}

func specOf(s *slot) accSpec {
	switch s.fn {
	case fnEvents, fnDoers, fnRepeaters, fnFirsts:
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

// rowsAcc counts rows.
type rowsAcc struct{ n []int64 }

func (a *rowsAcc) grow(n int)  { a.n = extend(a.n, n) }
func (a *rowsAcc) folds() bool { return true }

func (a *rowsAcc) add(b block) {
	for _, c := range b.cells {
		a.n[c]++
	}
}

func (a *rowsAcc) merge(o acc, to []uint32) {
	for i, n := range o.(*rowsAcc).n {
		a.n[to[i]] += n
	}
}

func (a *rowsAcc) read(_ *slot, cell int) value {
	if cell >= len(a.n) {
		return intValue(0)
	}
	return intValue(a.n[cell])
}

// intSumAcc sums money exactly, and counts the set values. Totals are kept in
// 128 bits, so that none overflows.
type intSumAcc struct {
	col []int64
	lo  []uint64
	hi  []int64
	n   []int64
}

func (a *intSumAcc) grow(n int) {
	a.lo, a.hi, a.n = extend(a.lo, n), extend(a.hi, n), extend(a.n, n)
}
func (a *intSumAcc) folds() bool { return true }

func (a *intSumAcc) add(b block) {
	for i, r := range b.rows {
		if v := a.col[r]; v != column.Unset {
			c := b.cells[i]
			lo := a.lo[c] + uint64(v)
			a.hi[c] += v >> 63
			if lo < uint64(v) {
				a.hi[c]++
			}
			a.lo[c] = lo
			a.n[c]++
		}
	}
}

func (a *intSumAcc) merge(o acc, to []uint32) {
	p := o.(*intSumAcc)
	for i := range p.n {
		c := to[i]
		lo := a.lo[c] + p.lo[i]
		a.hi[c] += p.hi[i]
		if lo < p.lo[i] {
			a.hi[c]++
		}
		a.lo[c] = lo
		a.n[c] += p.n[i]
	}
}

func (a *intSumAcc) read(s *slot, cell int) value {
	switch {
	case cell >= len(a.n):
		return intValue(0)
	case s.fn == fnSet:
		return intValue(a.n[cell])
	}
	return wide(a.hi[cell], a.lo[cell])
}

// floatSumAcc sums numbers with Neumaier's compensation (Rundungsfehleranalyse
// einiger Verfahren zur Summation endlicher Summen, 1974), so that ten times
// 0.1 is 1, and counts the set values. It does not fold: a sum goes over the
// rows in their order, whatever the groups.
type floatSumAcc struct {
	col       []float64
	sum, rest []float64
	n         []int64
}

func (a *floatSumAcc) grow(n int) {
	a.sum, a.rest, a.n = extend(a.sum, n), extend(a.rest, n), extend(a.n, n)
}
func (a *floatSumAcc) folds() bool { return false }

func (a *floatSumAcc) add(b block) {
	for i, r := range b.rows {
		if v := a.col[r]; v == v {
			a.put(b.cells[i], v)
			a.n[b.cells[i]]++
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
		a.put(to[i], p.sum[i])
		a.rest[to[i]] += p.rest[i]
		a.n[to[i]] += p.n[i]
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

// extremeAcc keeps the least or greatest value of money, times or dates.
type extremeAcc struct {
	col  []int64
	most bool
	best []int64
	seen []bool
}

func (a *extremeAcc) grow(n int)  { a.best, a.seen = extend(a.best, n), extend(a.seen, n) }
func (a *extremeAcc) folds() bool { return true }

func (a *extremeAcc) put(c uint32, v int64) {
	if !a.seen[c] || a.most && v > a.best[c] || !a.most && v < a.best[c] {
		a.best[c], a.seen[c] = v, true
	}
}

func (a *extremeAcc) add(b block) {
	for i, r := range b.rows {
		if v := a.col[r]; v != column.Unset {
			a.put(b.cells[i], v)
		}
	}
}

func (a *extremeAcc) merge(o acc, to []uint32) {
	p := o.(*extremeAcc)
	for i, seen := range p.seen {
		if seen {
			a.put(to[i], p.best[i])
		}
	}
}

func (a *extremeAcc) read(_ *slot, cell int) value {
	if cell >= len(a.seen) || !a.seen[cell] {
		return value{}
	}
	return intValue(a.best[cell])
}

// floatExtremeAcc is extremeAcc over numbers.
type floatExtremeAcc struct {
	col  []float64
	most bool
	best []float64
	seen []bool
}

func (a *floatExtremeAcc) grow(n int)  { a.best, a.seen = extend(a.best, n), extend(a.seen, n) }
func (a *floatExtremeAcc) folds() bool { return true }

func (a *floatExtremeAcc) put(c uint32, v float64) {
	if !a.seen[c] || a.most && v > a.best[c] || !a.most && v < a.best[c] {
		a.best[c], a.seen[c] = v, true
	}
}

func (a *floatExtremeAcc) add(b block) {
	for i, r := range b.rows {
		if v := a.col[r]; v == v {
			a.put(b.cells[i], v)
		}
	}
}

func (a *floatExtremeAcc) merge(o acc, to []uint32) {
	p := o.(*floatExtremeAcc)
	for i, seen := range p.seen {
		if seen {
			a.put(to[i], p.best[i])
		}
	}
}

func (a *floatExtremeAcc) read(_ *slot, cell int) value {
	if cell >= len(a.seen) || !a.seen[cell] {
		return value{}
	}
	return floatValue(a.best[cell])
}

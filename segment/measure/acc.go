package measure

import (
	"math"

	"tesela/segment/column"
)

// block is some rows of one table, with the customer of each and the cell it
// belongs to. Rows come by customer, then in the table's order, but for rows
// with tags, which may come several times.
type block struct {
	rows []int32
	// run tells that the rows are neighbours: rows[0], rows[0]+1, …
	run bool
	// who is nil where nothing asks for customers.
	who []uint32
	// cells is nil where all rows are in cell 0.
	cells []uint32
}

func (b *block) cell(i int) uint32 {
	if b.cells == nil {
		return 0
	}
	return b.cells[i]
}

// ints gives the rows' figures of a column, in memory that it lends.
func (b *block) ints(c *column.Column, memory *[]int64) []int64 {
	*memory = extend((*memory)[:0], len(b.rows))
	out := *memory
	if b.run && len(out) > 0 {
		c.IntsFrom(int(b.rows[0]), out)
		return out
	}
	for i, r := range b.rows {
		out[i] = c.Int(int(r))
	}
	return out
}

// acc keeps one figure, or a few that go together, for every cell.
type acc interface {
	// grow makes room for n cells.
	grow(n int)
	add(b *block)
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

func specOf(s *slot, t *column.Table, tagged bool) accSpec {
	switch s.fn {
	case fnEvents:
		switch {
		case t == nil || tagged: // rows with several tags come several times
		case t.IDs == nil:
			return accSpec{fn: fnRows}
		case !t.Scattered && t.Firsts != nil:
			return accSpec{fn: fnFresh}
		}
		return accSpec{fn: fnEvents}
	case fnDoers, fnRepeaters, fnFirsts:
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

func (a *rowsAcc) add(b *block) {
	if b.cells == nil {
		a.n[0] += int64(len(b.rows))
		return
	}
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

// intSumAcc sums money exactly, and counts the set values.
type intSumAcc struct {
	col    *column.Column
	memory []int64
	cells  []intSum
}

// intSum is a sum in two halves, high * 2^32 + low, neither of which can
// overflow before two thousand million rows.
type intSum struct{ high, low, n int64 }

func (a *intSumAcc) grow(n int)  { a.cells = extend(a.cells, n) }
func (a *intSumAcc) folds() bool { return true }

func (a *intSumAcc) add(b *block) {
	values := b.ints(a.col, &a.memory)
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
		c := &a.cells[to[i]]
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
func (a *floatSumAcc) folds() bool { return false }

func (a *floatSumAcc) add(b *block) {
	for i, r := range b.rows {
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

package measure

import (
	"math/bits"

	"tesela/segment"
	"tesela/segment/column"
)

// gapsAcc sums the days between consecutive days of a customer in a cell.
type gapsAcc struct {
	table *column.Table
	days  *calendar
	steps *stepper // numbers the days of packed times; nil where it cannot
	cells []gapCell
	of    []uint32
	turns []uint64
}

type gapCell struct {
	who  uint32 // the customer + 1
	day  segment.Day
	sum  int64
	gaps int64
}

func (a *gapsAcc) grow(n int)     { a.cells = extend(a.cells, n) }
func (a *gapsAcc) folds() folding { return foldsCustomers }
func (a *gapsAcc) crowds() bool   { return a.steps != nil }

func (a *gapsAcc) add(b *block) {
	who := b.customers()
	for i, r := range b.list() {
		c := &a.cells[b.cell(i)]
		day := a.days.day(a.table.Time(int(r)))
		if c.who == who[i]+1 {
			if day > c.day {
				c.sum += int64(day - c.day)
				c.gaps++
			}
		}
		c.who, c.day = who[i]+1, day
	}
}

// addCrowd uses that the gaps of a customer add up to the time from his first
// day to his last.
func (a *gapsAcc) addCrowd(c *crowd) {
	xs := c.w.packed(a.table.Clock, c.lo, c.hi-c.lo, nil)
	if c.marks != nil {
		a.addMarked(c, xs)
		return
	}
	a.of = extend(a.of[:0], len(xs))
	a.steps.number(xs, a.of)
	n := words(len(xs))
	a.turns = extend(a.turns[:0], n+1)
	a.turns[n] = 0
	column.Turns(a.of, a.turns[:n])
	for k := c.from; k < c.to; k++ {
		lo, hi := c.rows(k)
		if lo == hi {
			continue
		}
		cell := &a.cells[c.cell(k)]
		cell.sum += int64(a.of[hi-1]) - int64(a.of[lo])
		cell.gaps += int64(countBits(a.turns, lo+1, hi))
	}
}

func (a *gapsAcc) addMarked(c *crowd, xs []uint32) {
	for k := c.from; k < c.to; k++ {
		lo, hi := c.rows(k)
		first, last, turns := int64(-1), int64(-1), int64(0)
		for ; lo < hi; lo += 64 {
			for m := bitsAt(c.marks, lo) & lowest(min(64, hi-lo)); m != 0; m &= m - 1 {
				day := int64(a.steps.one(xs[lo+bits.TrailingZeros64(m)]))
				if first < 0 {
					first, last = day, day
				}
				if day != last {
					turns++
				}
				last = day
			}
		}
		cell := &a.cells[c.cell(k)]
		cell.sum += last - first
		cell.gaps += turns
	}
}

func (a *gapsAcc) merge(o acc, to []uint32) {
	for i, c := range o.(*gapsAcc).cells {
		t := &a.cells[target(to, i)]
		t.sum += c.sum
		t.gaps += c.gaps
	}
}

func (a *gapsAcc) read(s *slot, cell int) value {
	if cell >= len(a.cells) {
		return intValue(0)
	}
	if s.fn == fnGaps {
		return intValue(a.cells[cell].gaps)
	}
	return intValue(a.cells[cell].sum)
}

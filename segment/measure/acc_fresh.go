package measure

import (
	"math"
	"math/bits"
	"slices"

	"tesela/segment/column"
)

// freshAcc counts distinct events where the rows of each are neighbours and
// nothing else of them is asked: an event counts in the cell of its first row,
// and where a later row of it lies in another cell, in that one too. The latter
// is rare, so the rest goes without branches.
type freshAcc struct {
	table *column.Table
	n     []int64
	next  int32  // after the row before; 0 at first
	last  uint32 // its cell
	event int64  // counts events
	// in are the cells that event number of has been counted in, once there
	// are several.
	in []uint32
	of int64
}

func (a *freshAcc) grow(n int)  { a.n = extend(a.n, n) }
func (a *freshAcc) folds() bool { return false }

func (a *freshAcc) add(b *block) {
	if len(b.rows) == 0 {
		return
	}
	rows, cells := b.rows, b.cells
	if cells == nil {
		if b.run {
			a.n[0] += a.begins(rows[0]) + a.count(rows[0]+1, rows[len(rows)-1]+1)
			a.next = rows[len(rows)-1] + 1
			return
		}
		n := int64(0)
		for _, r := range rows {
			n += a.begins(r)
			a.next = r + 1
		}
		a.n[0] += n
		return
	}
	firsts, n, last, event := a.table.Firsts, a.n, a.last, a.event
	for i, r := range rows {
		var fresh int64
		if b.run && i > 0 {
			fresh = int64(firsts[r>>6] >> (r & 63) & 1)
		} else {
			fresh = a.begins(r)
			a.next = r + 1
		}
		c := cells[i]
		n[c] += fresh
		event += fresh
		if c != last && fresh == 0 {
			a.elsewhere(event, last, c)
		}
		last = c
	}
	a.next, a.last, a.event = rows[len(rows)-1]+1, last, event
}

// begins is 1 where a row's event is not that of the row before at hand.
func (a *freshAcc) begins(r int32) int64 {
	from := a.next
	if from == 0 || from > r {
		return 1
	}
	if r-from >= 64 {
		return min(1, a.count(from, r+1))
	}
	pair := a.table.Firsts[from>>6 : from>>6+2]
	shift := from & 63
	found := (pair[0]>>shift | pair[1]<<1<<(63-shift)) & (math.MaxUint64 >> ((63 - (r - from)) & 63))
	return int64((found | -found) >> 63)
}

// count counts the events that begin in rows [from, to).
func (a *freshAcc) count(from, to int32) int64 {
	n := 0
	for from < to {
		word := a.table.Firsts[from>>6] >> (from & 63)
		if rest := to - from; rest < 64 {
			word &= 1<<rest - 1
		}
		n += bits.OnesCount64(word)
		from = from&^63 + 64
	}
	return int64(n)
}

// elsewhere counts an event that continues in another cell.
func (a *freshAcc) elsewhere(event int64, last, c uint32) {
	if a.of != event || len(a.in) == 0 {
		a.of, a.in = event, append(a.in[:0], last)
	}
	if !slices.Contains(a.in, c) {
		a.in = append(a.in, c)
		a.n[c]++
	}
}

func (a *freshAcc) merge(o acc, to []uint32) {
	for i, n := range o.(*freshAcc).n {
		a.n[to[i]] += n
	}
}

func (a *freshAcc) read(_ *slot, cell int) value {
	if cell >= len(a.n) {
		return intValue(0)
	}
	return intValue(a.n[cell])
}

package measure

import "tesela/segment/column"

// freshAcc counts distinct events where the rows of each are neighbours and
// nothing else of them is asked. An event that continues is looked for only
// among the cells that it has been counted in.
type freshAcc struct {
	table *column.Table
	n     []int64
	prev  int32    // the row before, plus 1; 0 at first
	in    []uint32 // the cells its event was counted in
}

func (a *freshAcc) grow(n int)  { a.n = extend(a.n, n) }
func (a *freshAcc) folds() bool { return false }

func (a *freshAcc) add(b *block) {
	firsts, n, prev := a.table.Firsts, a.n, a.prev
	last := uint32(0) // of in
	if len(a.in) > 0 {
		last = a.in[len(a.in)-1]
	}
	for i, r := range b.rows {
		c := uint32(0)
		if b.cells != nil {
			c = b.cells[i]
		}
		fresh := firsts[r>>6]>>(r&63)&1 != 0
		if !fresh && prev != r { // rows were left out between
			fresh = a.begins(prev, r)
		}
		prev = r + 1
		switch {
		case fresh:
			a.in = a.in[:0]
		case c == last || a.counted(c):
			continue
		}
		a.in = append(a.in, c)
		last = c
		n[c]++
	}
	a.prev = prev
}

// begins tells that an event begins between two rows, the latter in.
func (a *freshAcc) begins(from, to int32) bool {
	if from == 0 || from > to {
		return true
	}
	for r := to; r >= from; r-- {
		if a.table.Firsts[r>>6]>>(r&63)&1 != 0 {
			return true
		}
	}
	return false
}

func (a *freshAcc) counted(c uint32) bool {
	for _, o := range a.in {
		if o == c {
			return true
		}
	}
	return false
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

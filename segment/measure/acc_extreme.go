package measure

import "tesela/segment/column"

// extremeAcc keeps the least or greatest value of money, times or dates.
type extremeAcc struct {
	col  *column.Column
	most bool
	best []int64
	seen []bool
}

func (a *extremeAcc) grow(n int)     { a.best, a.seen = extend(a.best, n), extend(a.seen, n) }
func (a *extremeAcc) folds() folding { return foldsAlways }

func (a *extremeAcc) put(c uint32, v int64) {
	if !a.seen[c] || a.most && v > a.best[c] || !a.most && v < a.best[c] {
		a.best[c], a.seen[c] = v, true
	}
}

func (a *extremeAcc) add(b *block) {
	for i, r := range b.list() {
		if v := a.col.Int(int(r)); v != column.Unset {
			a.put(b.cell(i), v)
		}
	}
}

func (a *extremeAcc) merge(o acc, to []uint32) {
	p := o.(*extremeAcc)
	for i, seen := range p.seen {
		if seen {
			a.put(target(to, i), p.best[i])
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
	col  *column.Column
	most bool
	best []float64
	seen []bool
}

func (a *floatExtremeAcc) grow(n int)     { a.best, a.seen = extend(a.best, n), extend(a.seen, n) }
func (a *floatExtremeAcc) folds() folding { return foldsAlways }

func (a *floatExtremeAcc) put(c uint32, v float64) {
	if !a.seen[c] || a.most && v > a.best[c] || !a.most && v < a.best[c] {
		a.best[c], a.seen[c] = v, true
	}
}

func (a *floatExtremeAcc) add(b *block) {
	for i, r := range b.list() {
		if v := a.col.Float(int(r)); v == v {
			a.put(b.cell(i), v)
		}
	}
}

func (a *floatExtremeAcc) merge(o acc, to []uint32) {
	p := o.(*floatExtremeAcc)
	for i, seen := range p.seen {
		if seen {
			a.put(target(to, i), p.best[i])
		}
	}
}

func (a *floatExtremeAcc) read(_ *slot, cell int) value {
	if cell >= len(a.seen) || !a.seen[cell] {
		return value{}
	}
	return floatValue(a.best[cell])
}

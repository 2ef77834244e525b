package measure

import (
	"math/bits"

	"tesela/segment/column"
)

// distinctAcc gathers small codes: a set of bits per cell.
type distinctAcc struct {
	// codes gives the rows' codes, 0 where unset; packed are the codes of all
	// rows, where they are a packed column's.
	codes  func(b *block) []uint32
	packed *column.Packed
	words  int // of a set
	sets   []uint64
}

func newDistinct(most uint32, packed *column.Packed, codes func(b *block) []uint32) *distinctAcc {
	return &distinctAcc{codes: codes, packed: packed, words: int(most/64) + 1}
}

func (a *distinctAcc) grow(n int)     { a.sets = extend(a.sets, n*a.words) }
func (a *distinctAcc) folds() folding { return foldsAlways }
func (a *distinctAcc) crowds() bool   { return a.packed != nil }

func (a *distinctAcc) add(b *block) {
	codes := a.codes(b)
	if b.cells == nil {
		for _, v := range codes {
			a.sets[v>>6] |= 1 << (v & 63)
		}
		return
	}
	cells := b.cells[:len(codes)]
	for i, v := range codes {
		a.sets[int(cells[i])*a.words+int(v>>6)] |= 1 << (v & 63)
	}
}

func (a *distinctAcc) addCrowd(c *crowd) {
	switch p := a.packed; {
	case p.U8 != nil:
		gatherSets(a, p.U8[c.lo:c.hi], c)
	case p.U16 != nil:
		gatherSets(a, p.U16[c.lo:c.hi], c)
	default:
		gatherSets(a, p.U32[c.lo:c.hi], c)
	}
}

func gatherSets[T narrow](a *distinctAcc, xs []T, c *crowd) {
	for k := c.from; k < c.to; k++ {
		lo, hi := c.rows(k)
		at := int(c.cell(k)) * a.words
		set := a.sets[at : at+a.words]
		if c.marks == nil {
			for _, v := range xs[lo:hi] {
				set[v>>6] |= 1 << (v & 63)
			}
			continue
		}
		for ; lo < hi; lo += 64 {
			for m := bitsAt(c.marks, lo) & lowest(min(64, hi-lo)); m != 0; m &= m - 1 {
				v := xs[lo+bits.TrailingZeros64(m)]
				set[v>>6] |= 1 << (v & 63)
			}
		}
	}
}

func (a *distinctAcc) merge(o acc, to []uint32) {
	p := o.(*distinctAcc)
	for i := range len(p.sets) / p.words {
		t := a.sets[int(target(to, i))*a.words:]
		for k, w := range p.sets[i*p.words : (i+1)*p.words] {
			t[k] |= w
		}
	}
}

// tell uses that what is unset has the bit of code 0.
func (a *distinctAcc) tell(seen []bool) {
	for i := range seen[:min(len(seen), len(a.sets)/a.words)] {
		for _, w := range a.sets[i*a.words : (i+1)*a.words] {
			if w != 0 {
				seen[i] = true
				break
			}
		}
	}
}

func (a *distinctAcc) read(_ *slot, cell int) value {
	if (cell+1)*a.words > len(a.sets) || cell > len(a.sets) {
		return intValue(0)
	}
	set := a.sets[cell*a.words : (cell+1)*a.words]
	return intValue(int64(ones(set)) - int64(set[0]&1)) // unset is no value
}

// looseAcc gathers values of any size, by cell and value.
type looseAcc struct {
	values func(row int, visit func(uint64))
	seen   map[looseKey]struct{}
	n      []int64
}

type looseKey struct {
	cell  uint32
	value uint64
}

func (a *looseAcc) grow(n int)     { a.n = extend(a.n, n) }
func (a *looseAcc) folds() folding { return foldsAlways }

func (a *looseAcc) put(k looseKey) {
	if _, ok := a.seen[k]; !ok {
		a.seen[k] = struct{}{}
		a.n[k.cell]++
	}
}

func (a *looseAcc) add(b *block) {
	for i, r := range b.list() {
		c := b.cell(i)
		a.values(int(r), func(v uint64) { a.put(looseKey{c, v}) })
	}
}

func (a *looseAcc) merge(o acc, to []uint32) {
	for k := range o.(*looseAcc).seen {
		a.put(looseKey{target(to, int(k.cell)), k.value})
	}
}

func (a *looseAcc) read(_ *slot, cell int) value {
	if cell >= len(a.n) {
		return intValue(0)
	}
	return intValue(a.n[cell])
}

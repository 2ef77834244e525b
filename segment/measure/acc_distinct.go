package measure

import "math/bits"

// distinctAcc gathers small codes: a set of bits per cell.
type distinctAcc struct {
	code func(row int) uint32 // 0 is unset
	max  uint32
	sets [][]uint64
}

func (a *distinctAcc) grow(n int)     { a.sets = extend(a.sets, n) }
func (a *distinctAcc) folds() folding { return foldsAlways }

func (a *distinctAcc) add(b *block) {
	for i, r := range b.list() {
		if v := a.code(int(r)); v != 0 {
			s := a.sets[b.cell(i)]
			if s == nil {
				s = make([]uint64, a.max/64+1)
				a.sets[b.cell(i)] = s
			}
			s[v>>6] |= 1 << (v & 63)
		}
	}
}

func (a *distinctAcc) merge(o acc, to []uint32) {
	for i, s := range o.(*distinctAcc).sets {
		if s == nil {
			continue
		}
		t := a.sets[target(to, i)]
		if t == nil {
			t = make([]uint64, len(s))
			a.sets[target(to, i)] = t
		}
		for k, w := range s {
			t[k] |= w
		}
	}
}

func (a *distinctAcc) read(_ *slot, cell int) value {
	n := 0
	if cell < len(a.sets) {
		for _, w := range a.sets[cell] {
			n += bits.OnesCount64(w)
		}
	}
	return intValue(int64(n))
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

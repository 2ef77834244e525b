package column

import "math/bits"

// strides are Steps that go up by one at a time, after equally many x but for
// a few shifts, as the number of the local day does where the clock is moved twice
// a year: n = first + (x + add + the shifts from up to x) / unit. That takes no
// look at a table, so it is computed for many x at once.
//
// The division is a multiplication: y/unit = (y>>tail)·magic >> (32+post), which
// holds of all y there may be (Granlund, Montgomery 1994).
type strides struct {
	add               uint32
	tail, magic, post uint32
	first             int32
	n                 int64 // shifts
	from, by          [stridesMost]uint32
	unit              uint32
}

// stridesMost is how many shifts there may be: with more the table is as quick.
const stridesMost = 24

// change is where a number goes up to n.
type change struct {
	x uint32
	n int32
}

// stridesOf finds the strides of steps over x from least to most; nil where
// there are none.
func stridesOf(changes []change, before int32, unit int64, least, most uint32) *strides {
	if len(changes) == 0 || unit <= 1 || unit >= 1<<31 {
		return nil
	}
	s := &strides{unit: uint32(unit), first: before}
	// begun is where the stride before the first change would have begun, which
	// may lie below 0: x count from there, in 32 bits or not at all.
	begun := int64(changes[0].x) - unit
	if begun > int64(least) {
		return nil
	}
	s.add = uint32(-begun)
	shift, ahead := int64(0), int64(0)
	due := int64(changes[0].x) // where the next change is to be
	for k, c := range changes {
		if c.n != before+int32(k)+1 || s.n == stridesMost {
			return nil
		}
		if at := int64(c.x); at != due {
			late := at - due
			if late <= -unit || late >= unit {
				return nil
			}
			s.from[s.n], s.by[s.n] = uint32(min(at, due)), uint32(-late)
			s.n++
			shift -= late
			ahead = max(ahead, shift)
		}
		due = int64(c.x) + unit
	}
	if highest := int64(most) - begun + ahead; highest < 1<<32 && s.divisor(uint64(highest)) {
		return s
	}
	return nil
}

// divisor finds the multiplication for y up to most; ok is false where there is
// none.
func (s *strides) divisor(most uint64) (ok bool) {
	s.tail = uint32(bits.TrailingZeros32(s.unit))
	unit := uint64(s.unit >> s.tail)
	most >>= s.tail
	for s.post = range 31 {
		pow := uint64(1) << (32 + s.post)
		magic := (pow + unit - 1) / unit
		if magic >= 1<<32 {
			break
		}
		if over, low := bits.Mul64(magic*unit-pow, most); over == 0 && low < pow {
			s.magic = uint32(magic)
			return true
		}
	}
	return false
}

// of is the number at x.
func (s *strides) of(x uint32) int32 {
	y := x + s.add
	for k, from := range s.from[:s.n] {
		if x >= from {
			y += s.by[k]
		}
	}
	return s.first + int32(uint64(y>>s.tail)*uint64(s.magic)>>(32+s.post))
}

// findStrides finds the strides of the steps over x from least to most, if they
// have any.
func (s *Steps) findStrides(least, most uint32) {
	list := s.changes()
	found := stridesOf(list, s.at[0].before, stride(list), least, most)
	if found == nil {
		return
	}
	// Between shifts and changes neither goes down, so where they agree at the
	// ends of those they agree.
	agree := func(x uint32) bool { return x < least || x > most || found.of(x) == s.Of(x) }
	ok := agree(least) && agree(most)
	for _, c := range list {
		ok = ok && agree(c.x) && agree(c.x-1)
	}
	for _, x := range found.from[:found.n] {
		ok = ok && agree(x) && agree(x-1)
	}
	if ok {
		s.strides = found
	}
}

// changes lists where the number changes.
func (s *Steps) changes() []change {
	var list []change
	n := s.at[0].before
	for k, e := range s.at {
		if e.before != n {
			list = append(list, change{(s.first + uint32(k)) << s.shift, e.before})
		}
		if e.after != e.before {
			list = append(list, change{e.from, e.after})
		}
		n = e.after
	}
	return list
}

// stride is the commonest distance of changes.
func stride(list []change) int64 {
	count := map[uint32]int{}
	best := uint32(0)
	for k := 1; k < len(list); k++ {
		d := list[k].x - list[k-1].x
		if count[d]++; count[d] > count[best] || count[d] == count[best] && d < best {
			best = d
		}
	}
	return int64(best)
}

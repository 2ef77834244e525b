package measure

import (
	"math"
	"math/bits"
)

// Marks are bits by row, counted from some row on. Lists of them have a word to
// spare, so that 64 bits can be read from any of theirs on.

// bitsAt are the 64 bits from bit i on.
func bitsAt(words []uint64, i int) uint64 {
	k, shift := uint(i)>>6, uint(i)&63
	pair := words[k : k+2 : k+2]
	return pair[0]>>shift | pair[1]<<1<<((63-shift)&63)
}

// lowest are the n lowest bits, n from 1 to 64.
func lowest(n int) uint64 { return math.MaxUint64 >> (uint(64-n) & 63) }

// countBits counts the bits [from, to).
func countBits(words []uint64, from, to int) int {
	if n := to - from; 0 < n && n <= 64 {
		return bits.OnesCount64(bitsAt(words, from) & lowest(n))
	}
	n := 0
	for ; from < to; from += 64 {
		n += bits.OnesCount64(bitsAt(words, from) & lowest(min(64, to-from)))
	}
	return n
}

// setBits sets the bits [from, to).
func setBits(words []uint64, from, to int) {
	for from < to {
		n := min(64-from&63, to-from)
		words[from>>6] |= lowest(n) << (from & 63)
		from += n
	}
}

// ones counts all bits.
func ones(words []uint64) int {
	n := 0
	for _, w := range words {
		n += bits.OnesCount64(w)
	}
	return n
}

// words is how many words n bits take, without the one to spare.
func words(n int) int { return (n + 63) / 64 }

// beginnings marks, of marked rows, the first of each event. firsts marks those
// of all rows, counted from the table's first; the others are counted from row
// base on, with which an event begins.
func beginnings(firsts []uint64, base int, marks, out []uint64) {
	open, last := false, uint64(0) // of the event that goes on: one of its rows was marked; the row before was
	for k, m := range marks {
		f := bitsAt(firsts, base+k<<6)
		if m&^f&^(m<<1|last) == 0 {
			// A marked row that goes on with an event comes after a marked one,
			// and so on back to the event's first.
			out[k] = m & f
		} else {
			out[k] = firstOfEach(m, f, open)
		}
		if f != 0 {
			open = m>>(63-bits.LeadingZeros64(f)) != 0
		} else {
			open = open || m != 0
		}
		last = m >> 63
	}
}

// firstOfEach marks the first row of m of each event, where events begin with
// the rows f; open tells that the event at hand has had its own.
func firstOfEach(m, f uint64, open bool) uint64 {
	if open {
		m &^= f&-f - 1
	}
	first := uint64(0)
	for m != 0 {
		low := m & -m
		first |= low
		next := f &^ (low | (low - 1))
		m &= -(next & -next)
	}
	return first
}

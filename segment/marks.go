package segment

import (
	"math"
	"math/bits"

	"tesela/segment/column"
)

// marker answers a condition on the rows (or customers) from up to to, one bit
// each in out; the bits after the last are 0. It goes over one column after the
// other, so what it costs is reading them.
type marker func(m *marking, from, to int, out []uint64)

// marking lends memory to markers.
type marking struct{ free [][]uint64 }

func (m *marking) take(n int) []uint64 {
	if k := len(m.free); k > 0 {
		b := m.free[k-1]
		if m.free = m.free[:k-1]; cap(b) >= n {
			return b[:n]
		}
	}
	return make([]uint64, n)
}

func (m *marking) give(b []uint64) { m.free = append(m.free, b) }

func markWords(from, to int) int { return (to - from + 63) / 64 }

// cut clears the bits after the last of n.
func cut(out []uint64, n int) {
	if r := n & 63; r != 0 {
		out[n>>6] &= 1<<r - 1
	}
}

// markerOf makes a marker of a filter over a table's columns.
func markerOf(c cond, t *column.Table) marker {
	switch c := c.(type) {
	case condConst:
		return func(_ *marking, from, to int, out []uint64) {
			fill := uint64(0)
			if c {
				fill = math.MaxUint64
			}
			out = out[:markWords(from, to)]
			for k := range out {
				out[k] = fill
			}
			cut(out, to-from)
		}
	case condAnd:
		return joined(c.parts, t, false)
	case condOr:
		return joined(c.parts, t, true)
	case condNot:
		part := markerOf(c.part, t)
		return func(m *marking, from, to int, out []uint64) {
			part(m, from, to, out)
			out = out[:markWords(from, to)]
			for k, w := range out {
				out[k] = ^w
			}
			cut(out, to-from)
		}
	case condTest:
		if c.value.origin == fromTime {
			return partMarker(c, t)
		}
		return testMarker(&c.test, t.Props[c.value.name])
	case condCompare:
		if l, r := t.Props[c.left.name], t.Props[c.right.name]; l != nil && r != nil {
			return compareMarker(c, l, r)
		}
	}
	return markNone
}

func markNone(_ *marking, from, to int, out []uint64) { clear(out[:markWords(from, to)]) }

func joined(parts []cond, t *column.Table, or bool) marker {
	if len(parts) == 0 {
		return markerOf(condConst(!or), t)
	}
	all := make([]marker, len(parts))
	for i, p := range parts {
		all[i] = markerOf(p, t)
	}
	return func(m *marking, from, to int, out []uint64) {
		all[0](m, from, to, out)
		n := markWords(from, to)
		more := m.take(n)
		for _, mark := range all[1:] {
			mark(m, from, to, more)
			for k, w := range more {
				if or {
					out[k] |= w
				} else {
					out[k] &= w
				}
			}
		}
		m.give(more)
	}
}

// eachRow marks what has to be asked row by row.
func eachRow(answer func(row int) bool) marker {
	return func(_ *marking, from, to int, out []uint64) {
		for k := range markWords(from, to) {
			word := uint64(0)
			for row := from + k<<6; row < min(to, from+(k+1)<<6); row++ {
				if answer(row) {
					word |= 1 << ((row - from) & 63)
				}
			}
			out[k] = word
		}
	}
}

// compareMarker compares two columns row by row.
func compareMarker(c condCompare, l, r *column.Column) marker {
	pair := c.pair()
	return func(_ *marking, from, to int, out []uint64) {
		a, b := stretchOf(l, c.left.den, from, to), stretchOf(r, c.right.den, from, to)
		each(to-from, out[:markWords(from, to)], func(i int) bool { return pair(&a, &b, i) })
	}
}

// stretchOf views a stretch of a column, of which it makes a copy if it is
// packed.
func stretchOf(c *column.Column, den int64, from, to int) vec {
	if c.Packed == nil {
		return vecOf(c, den).slice(from, to)
	}
	var v vec
	v.unpack(c, den, from, to)
	return v
}

// xRange is a range of what stands for values in a packed column.
type xRange struct{ lo, hi uint32 }

// fewRanges is how many ranges are looked for one after the other rather than
// as a set.
const fewRanges = 4

// testMarker makes a marker of a test on a column's values.
func testMarker(t *test, c *column.Column) marker {
	if c == nil {
		return markNone
	}
	if p := c.Packed; p != nil {
		if ranges, ok := t.ranges(c); ok {
			if t.neg {
				return butNot(rangesMarker(p, ranges), rangesMarker(p, []xRange{{1, p.Most}}))
			}
			return rangesMarker(p, ranges)
		}
		if t.kind == onCodes {
			in := func(_ *marking, from, to int, out []uint64) { p.MarkSet(from, to, t.codes.bits, out) }
			if t.neg {
				return butNot(in, rangesMarker(p, []xRange{{1, p.Most}}))
			}
			return in
		}
		return eachRow(bindTestTo(t, c))
	}
	switch {
	case t.neg:
	case t.kind == onInts && len(t.ints) == 1:
		r := t.ints[0]
		return func(_ *marking, from, to int, out []uint64) { column.MarkInts(c.Ints[from:to], r.lo, r.hi, out) }
	case t.kind == onFloats && len(t.floats) == 1:
		r := t.floats[0]
		return func(_ *marking, from, to int, out []uint64) { column.MarkFloats(c.Floats[from:to], r.lo, r.hi, out) }
	case t.kind == onCodes && t.codes.bits == nil:
		one := t.codes.one
		return func(_ *marking, from, to int, out []uint64) { column.MarkCodes(c.Codes[from:to], one, one, out) }
	}
	return eachRow(bindTestTo(t, c))
}

// butNot marks what is in all and not marked by part.
func butNot(part, all marker) marker {
	return func(m *marking, from, to int, out []uint64) {
		all(m, from, to, out)
		n := markWords(from, to)
		no := m.take(n)
		part(m, from, to, no)
		for k, w := range no {
			out[k] &^= w
		}
		m.give(no)
	}
}

func rangesMarker(p *column.Packed, ranges []xRange) marker {
	switch len(ranges) {
	case 0:
		return markNone
	case 1:
		r := ranges[0]
		return func(_ *marking, from, to int, out []uint64) { p.Mark(from, to, r.lo, r.hi, out) }
	}
	return func(m *marking, from, to int, out []uint64) {
		p.Mark(from, to, ranges[0].lo, ranges[0].hi, out)
		more := m.take(markWords(from, to))
		for _, r := range ranges[1:] {
			p.Mark(from, to, r.lo, r.hi, more)
			for k, w := range more {
				out[k] |= w
			}
		}
		m.give(more)
	}
}

// ranges gives a test as ranges of a packed column's x, leaving neg aside; ok
// is false where it is none, or of too many.
func (t *test) ranges(c *column.Column) (ranges []xRange, ok bool) {
	p := c.Packed
	switch t.kind {
	case onSet:
		return []xRange{{1, p.Most}}, true
	case onInts:
		for _, r := range t.ints {
			if lo, hi, ok := p.Range(r.lo, r.hi); ok {
				ranges = append(ranges, xRange{lo, hi})
			}
		}
	case onFloats:
		for _, r := range t.floats {
			lo := firstX(c, func(f float64) bool { return f >= r.lo })
			if hi := firstX(c, func(f float64) bool { return f > r.hi }) - 1; lo <= hi {
				ranges = append(ranges, xRange{lo, hi})
			}
		}
	case onCodes:
		if t.codes.bits == nil {
			return []xRange{{t.codes.one, t.codes.one}}, t.codes.one != 0
		}
		for k, w := range t.codes.bits {
			for ; w != 0; w &= w - 1 {
				x := uint32(k<<6 + bits.TrailingZeros64(w))
				if n := len(ranges); n > 0 && ranges[n-1].hi == x-1 {
					ranges[n-1].hi = x
				} else if n > fewRanges {
					return nil, false
				} else {
					ranges = append(ranges, xRange{x, x})
				}
			}
		}
	default:
		return nil, false
	}
	return ranges, len(ranges) <= fewRanges
}

// firstX is the first x of a packed column of numbers of which something
// holds that holds of all greater ones; Most + 1 where it holds of none.
func firstX(c *column.Column, holds func(f float64) bool) uint32 {
	lo, hi := uint64(1), uint64(c.Packed.Most)+1
	for lo < hi {
		mid := (lo + hi) / 2
		if holds(c.Unscaled(uint32(mid))) {
			hi = mid
		} else {
			lo = mid + 1
		}
	}
	return uint32(min(lo, math.MaxUint32))
}

// bindTestTo makes a test answer for the values of a column.
func bindTestTo(t *test, c *column.Column) func(i int) bool {
	switch t.kind {
	case onSet:
		return c.IsSet
	case onInts:
		return func(i int) bool { return t.holdsInt(c.Int(i)) }
	case onFloats:
		return func(i int) bool { return t.holdsFloat(c.Float(i)) }
	case onCodes:
		return func(i int) bool { return t.holdsCode(c.Code(i)) }
	case onTags:
		return func(i int) bool { return t.holdsTags(c.TagsAt(i)) }
	default:
		return func(i int) bool { return t.holdsDay(c.Int(i)) }
	}
}

package segment

import (
	"cmp"
	"math"

	"tesela/segment/column"
	"tesela/segment/syntax"
)

// vec is the figures of a value for a run of customers or rows; one of the
// slices is in use.
type vec struct {
	form   form
	den    int64
	ints   []int64
	floats []float64
	codes  []uint32
	exacts []exact
	// nums and dens, where they are not nil, stand for exacts: nums/(dens·den),
	// unset where a den is 0.
	nums, dens []int64
	tagStarts  []uint32
	tagCodes   []uint32
}

// vecOf views a whole column, of which it makes a copy if it is packed.
func vecOf(c *column.Column, den int64) vec {
	if c.Packed != nil {
		var v vec
		v.unpack(c, den, 0, c.Len())
		return v
	}
	return vec{form: formOf(c.Kind), den: den, ints: c.Ints, floats: c.Floats, codes: c.Codes, tagStarts: c.TagStarts, tagCodes: c.TagCodes}
}

// unpack copies a stretch of a packed column.
func (v *vec) unpack(c *column.Column, den int64, lo, hi int) {
	v.form, v.den = formOf(c.Kind), den
	n := hi - lo
	switch v.form {
	case inInts:
		v.ints = sized(v.ints, n)
		c.IntsFrom(lo, v.ints)
	case inFloats:
		v.floats = sized(v.floats, n)
		c.FloatsFrom(lo, v.floats)
	case inCodes:
		v.codes = sized(v.codes, n)
		c.CodesFrom(lo, v.codes)
	}
}

// slice views a part; an empty view of a column that is not there stays empty.
func (v vec) slice(lo, hi int) vec {
	switch v.form {
	case inInts:
		v.ints = v.ints[lo:hi]
	case inFloats:
		v.floats = v.floats[lo:hi]
	case inCodes:
		v.codes = v.codes[lo:hi]
	case inExact:
		if v.nums != nil {
			v.nums, v.dens = v.nums[lo:hi], v.dens[lo:hi]
			break
		}
		v.exacts = v.exacts[lo:hi]
	case inTags:
		v.tagStarts = v.tagStarts[lo : hi+1]
	}
	return v
}

// grow makes room for n unset figures, reusing what is there.
func (v *vec) reset(f form, den int64, n int, zero bool) {
	v.form, v.den = f, den
	switch f {
	case inInts:
		v.ints = sized(v.ints, n)
		fill := int64(column.Unset)
		if zero {
			fill = 0
		}
		fillAll(v.ints, fill)
	case inFloats:
		v.floats = sized(v.floats, n)
		fill := math.NaN()
		if zero {
			fill = 0
		}
		fillAll(v.floats, fill)
	case inCodes:
		v.codes = sized(v.codes, n)
		clear(v.codes)
	case inExact:
		v.exacts, v.nums = sized(v.exacts, n), nil
		clear(v.exacts)
	case inTags:
		v.tagStarts = sized(v.tagStarts, n+1)
		clear(v.tagStarts)
		v.tagCodes = nil
	}
}

// resetFractions makes room for n unset fractions, to be put in nums and dens.
func (v *vec) resetFractions(den int64, n int) {
	v.form, v.den = inExact, den
	v.nums, v.dens = sized(v.nums, n), sized(v.dens, n)
	clear(v.nums)
	clear(v.dens)
}

// room makes room for n figures that are yet to come.
func (v *vec) room(f form, den int64, n int) {
	v.form, v.den = f, den
	switch f {
	case inInts:
		v.ints = make([]int64, n)
	case inFloats:
		v.floats = make([]float64, n)
	case inCodes:
		v.codes = make([]uint32, n)
	case inExact:
		v.exacts = make([]exact, n)
	case inTags:
		v.tagStarts = make([]uint32, n+1)
	}
}

// fillAll sets every figure, by copying ever longer stretches.
func fillAll[T any](s []T, x T) {
	const first = 64
	for i := range s[:min(first, len(s))] {
		s[i] = x
	}
	for n := first; n < len(s); n *= 2 {
		copy(s[n:], s[:n])
	}
}

func sized[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}

// copyAt copies o's n figures to position at.
func (v *vec) copyAt(at int, o vec, n int) {
	switch v.form {
	case inInts:
		copy(v.ints[at:at+n], o.ints)
	case inFloats:
		copy(v.floats[at:at+n], o.floats)
	case inCodes:
		copy(v.codes[at:at+n], o.codes)
	case inExact:
		if o.nums == nil {
			copy(v.exacts[at:at+n], o.exacts)
			break
		}
		for i := range n {
			v.exacts[at+i] = o.exactAt(i)
		}
	}
}

func (v *vec) isSet(i int) bool {
	switch v.form {
	case inInts:
		return v.ints[i] != column.Unset
	case inFloats:
		return !math.IsNaN(v.floats[i])
	case inCodes:
		return v.codes[i] != 0
	case inExact:
		return v.exactAt(i).isSet()
	default:
		return v.tagStarts[i] < v.tagStarts[i+1]
	}
}

// exactAt gives a number exactly; a float64 is the fraction it is.
func (v *vec) exactAt(i int) exact {
	if v.form == inExact {
		if v.nums == nil {
			return v.exacts[i]
		}
		if v.dens[i] == 0 {
			return exact{}
		}
		return exact{num: v.nums[i], den: v.den}.arith('/', exact{num: v.dens[i], den: 1})
	}
	if v.ints[i] == column.Unset {
		return exact{}
	}
	return exact{num: v.ints[i], den: v.den}
}

func (v *vec) floatAt(i int) float64 {
	switch v.form {
	case inFloats:
		return v.floats[i]
	case inExact:
		return v.exactAt(i).float()
	}
	if v.ints[i] == column.Unset {
		return math.NaN()
	}
	if v.den == 1 {
		return float64(v.ints[i])
	}
	return float64(v.ints[i]) / float64(v.den)
}

// pair answers the comparison for position i of two vectors.
func (c condCompare) pair() func(l, r *vec, i int) bool {
	op := c.op
	switch {
	case c.left.kind == column.Text:
		recode := c.recode
		return func(l, r *vec, i int) bool {
			a, b := l.codes[i], r.codes[i]
			if a == 0 || b == 0 {
				return false
			}
			if recode != nil {
				b = recode[b]
			}
			return (a == b) == (op == syntax.Eq)
		}
	case c.left.form == inFloats || c.right.form == inFloats:
		return func(l, r *vec, i int) bool {
			a, b := l.floatAt(i), r.floatAt(i)
			return !math.IsNaN(a) && !math.IsNaN(b) && ordered(op, cmp.Compare(a, b))
		}
	case c.left.kind != c.right.kind && c.left.temporal():
		return func(l, r *vec, i int) bool {
			a, b := l.ints[i], r.ints[i]
			if a == column.Unset || b == column.Unset {
				return false
			}
			if c.left.kind == column.Time {
				a = c.calendar.day(a)
			} else {
				b = c.calendar.day(b)
			}
			return ordered(op, compareInts(a, b))
		}
	case c.left.form == inInts && c.right.form == inInts && c.left.den == c.right.den:
		return func(l, r *vec, i int) bool {
			a, b := l.ints[i], r.ints[i]
			return a != column.Unset && b != column.Unset && ordered(op, compareInts(a, b))
		}
	}
	return func(l, r *vec, i int) bool {
		a, b := l.exactAt(i), r.exactAt(i)
		return a.isSet() && b.isSet() && ordered(op, a.compare(b))
	}
}

// ordered tells whether an order of -1, 0 or 1 satisfies a comparison.
func ordered(op syntax.Op, order int) bool {
	switch op {
	case syntax.Eq:
		return order == 0
	case syntax.Ne:
		return order != 0
	case syntax.Lt:
		return order < 0
	case syntax.Le:
		return order <= 0
	case syntax.Gt:
		return order > 0
	default:
		return order >= 0
	}
}

// single is the one figure of a row.
func (v *vec) single(c *column.Column, den int64, row int) {
	v.form, v.den = formOf(c.Kind), den
	switch v.form {
	case inInts:
		v.ints = []int64{c.Int(row)}
	case inFloats:
		v.floats = []float64{c.Float(row)}
	case inCodes:
		v.codes = []uint32{c.Code(row)}
	}
}

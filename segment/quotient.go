package segment

import (
	"math/bits"

	"tesela/segment/column"
	"tesela/segment/syntax"
)

// quotient is a block's figures of an exact value as whole numbers: num[i]·k over
// den[i], or over d where den is nil. A nil num is 1. A figure is unset where its
// num is column.Unset or its den 0; den is never below 0. The bounds are of
// |num[i]| and of den[i].
//
// Comparisons of sums, counts, averages and what is computed of them come down to
// the sign of one difference of products, without a fraction being made of
// any customer's figures. It is taken where the bounds show that nothing
// overflows; elsewhere figures are compared as exact.
type quotient struct {
	num, den         []int64
	k, d             int64
	numMost, denMost uint64
	set, natural     bool // every num is set; and none is below 0
}

// wholeMost bounds every product of a quotient, so that the difference of two
// fits an int64 and is not column.Unset.
const wholeMost = 1 << 61

// quotient gives a value's figures as quotients; ok is false where they are
// none, or too great.
func (w *worker) quotient(v *value) (q quotient, ok bool, err error) {
	switch {
	case !v.numeric() || v.form == inFloats:
		return q, false, nil
	case v.literal():
		if v.rat == nil {
			return q, false, nil
		}
		x := exactOf(v.rat)
		return quotient{k: x.num, d: x.den, numMost: 1, denMost: 1}, x.big == nil, nil
	case v.origin == fromArith:
		return w.quotientArith(v)
	}
	vec, err := w.value(v)
	if err != nil {
		return q, false, err
	}
	n := w.hi - w.lo
	switch {
	case vec.form == inInts:
		q = quotient{num: vec.ints[:n], k: 1, d: vec.den, denMost: 1}
	case vec.form == inExact && vec.nums != nil:
		q = quotient{num: vec.nums[:n], den: vec.dens[:n], k: 1, d: vec.den}
		// A den is the number of rows that an average is of.
		if b := w.bound[v.scan]; b != nil {
			q.denMost = uint64(b.table.Len())
		}
	default:
		return q, false, nil
	}
	q.numMost, q.set, q.natural = w.reachOf(v, q.num)
	return q, q.numMost <= wholeMost && q.denMost <= wholeMost, nil
}

// reachOf is reach, from what the whole column holds where that is enough.
func (w *worker) reachOf(v *value, xs []int64) (most uint64, set, natural bool) {
	if v.origin == fromScan {
		if most, natural, ok := w.bound[v.scan].reach(&w.plan.scans[v.scan].aggs[v.agg]); ok {
			return most, true, natural
		}
	}
	most, natural = reach(xs)
	return most, natural, natural
}

// reach bounds a count or a sum over any rows; ok is false where it is another
// figure, or the bound too great to be of use.
func (b *boundScan) reach(a *agg) (most uint64, natural, ok bool) {
	if b == nil {
		return 1, true, a.zero
	}
	rows := uint64(b.table.Len())
	switch a.fn {
	case syntax.Count, syntax.Distinct, syntax.ActiveDays, syntax.ActiveWeeks, syntax.ActiveMonths:
		return rows, true, a.form == inInts
	case syntax.Sum, syntax.Avg:
		c := b.table.Props[a.prop]
		if c == nil || c.Packed == nil || c.Packed.Most == 0 || c.Kind == column.Number {
			return 0, false, false
		}
		low, high := c.Packed.Of(c.Packed.Least), c.Packed.Of(c.Packed.Most)
		most, ok = bound(max(size(low), size(high)), rows)
		return most, low >= 0, ok
	}
	return 0, false, false
}

// reach bounds the size of set figures, and tells whether all are set and none
// is below 0.
func reach(xs []int64) (most uint64, natural bool) {
	all, below := int64(0), int64(0)
	for _, x := range xs {
		below |= x
		if x == column.Unset {
			x = 0
		}
		all |= x ^ x>>63
	}
	return uint64(all) + 1, below >= 0
}

// bound multiplies bounds; ok is false beyond what may be.
func bound(a, b uint64) (p uint64, ok bool) {
	hi, p := bits.Mul64(a, b)
	return p, hi == 0 && p <= wholeMost
}

func size(k int64) uint64 {
	if k < 0 {
		return -uint64(k)
	}
	return uint64(k)
}

// times multiplies a quotient by k/d, d above 0.
func (q quotient) times(k, d int64) (quotient, bool) {
	g := int64(divisor(size(q.k), uint64(d)))
	q.k, d = q.k/g, d/g
	g = int64(divisor(size(k), uint64(q.d)))
	k, q.d = k/g, q.d/g
	a, ok1 := mul64(q.k, k)
	b, ok2 := mul64(q.d, d)
	q.k, q.d = a, b
	return q, ok1 && ok2
}

func divisor(a, b uint64) uint64 {
	for b != 0 {
		a, b = b, a%b
	}
	return max(a, 1)
}

// quotientArith computes on quotients.
func (w *worker) quotientArith(v *value) (q quotient, ok bool, err error) {
	l, ok, err := w.quotient(v.left)
	if !ok || err != nil {
		return q, false, err
	}
	r, ok, err := w.quotient(v.right)
	if !ok || err != nil {
		return q, false, err
	}
	switch v.op {
	case '*':
		if l.num == nil && l.den == nil {
			l, r = r, l
		}
		if r.num == nil && r.den == nil {
			q, ok = l.times(r.k, r.d)
			return q, ok, nil
		}
		return q, false, nil
	case '/':
		switch {
		case r.num == nil && r.den == nil:
			if r.k == 0 {
				return q, false, nil
			}
			if r.k < 0 {
				r.k, r.d = -r.k, -r.d
			}
			q, ok = l.times(r.d, r.k)
			return q, ok, nil
		case l.num != nil && l.den == nil && r.den == nil && r.k > 0:
			// The divisor's figures become those divided by, 0 being unset.
			if !r.natural {
				if _, ok := reach(r.num); !ok {
					return q, false, nil
				}
			}
			q = quotient{num: l.num, den: r.num, k: 1, d: 1, numMost: l.numMost, denMost: r.numMost, set: l.set}
			if q, ok = q.times(l.k, l.d); ok {
				q, ok = q.times(r.d, r.k)
			}
			return q, ok, nil
		}
		return q, false, nil
	}
	if v.op == '-' {
		r.k = -r.k
	}
	if l.den != nil || r.den != nil {
		return q, false, nil
	}
	d := l.d / int64(divisor(uint64(l.d), uint64(r.d)))
	d, ok = mul64(d, r.d)
	if !ok {
		return q, false, nil
	}
	q = quotient{num: w.lend(), k: 1, d: d, denMost: 1}
	q.numMost, ok = addProducts(q.num, l, d/l.d, r, d/r.d)
	q.set = (l.set || l.num == nil) && (r.set || r.num == nil)
	return q, ok, nil
}

// addProducts computes l's nums times a plus r's times b; most bounds them.
func addProducts(out []int64, l quotient, a int64, r quotient, b int64) (most uint64, ok bool) {
	a, ok1 := mul64(a, l.k)
	b, ok2 := mul64(b, r.k)
	x, ok3 := bound(l.numMost, size(a))
	y, ok4 := bound(r.numMost, size(b))
	if !ok1 || !ok2 || !ok3 || !ok4 || x+y > wholeMost {
		return 0, false
	}
	switch {
	case l.num != nil && r.num != nil:
		if l.set && r.set {
			weighSet(out, l.num, a, r.num, b)
		} else {
			weigh(out, l.num, a, r.num, b)
		}
	case l.num != nil:
		shiftBy(out, l.num, a, b)
	case r.num != nil:
		shiftBy(out, r.num, b, a)
	default:
		fillAll(out, a+b)
	}
	return x + y, true
}

// weigh computes x·a + y·b, unset where either is.
func weigh(out, x []int64, a int64, y []int64, b int64) {
	y, out = y[:len(x)], out[:len(x)]
	for i, u := range x {
		v := y[i]
		s := u*a + v*b
		if u == column.Unset {
			s = column.Unset
		}
		if v == column.Unset {
			s = column.Unset
		}
		out[i] = s
	}
}

// weighSet is weigh where all are set.
func weighSet(out, x []int64, a int64, y []int64, b int64) {
	y, out = y[:len(x)], out[:len(x)]
	for i, u := range x {
		out[i] = u*a + y[i]*b
	}
}

// shiftBy computes x·a + b.
func shiftBy(out, x []int64, a, b int64) {
	out = out[:len(x)]
	for i, u := range x {
		s := u*a + b
		if u == column.Unset {
			s = column.Unset
		}
		out[i] = s
	}
}

// weighDens is weighSet where y's are dens, of which 0 is unset.
func weighDens(out, x []int64, a int64, y []int64, b int64) {
	y, out = y[:len(x)], out[:len(x)]
	for i, u := range x {
		v := y[i]
		s := u*a + v*b
		if v == 0 {
			s = column.Unset
		}
		out[i] = s
	}
}

// difference gives figures of the sign of l - r, or column.Unset.
func (w *worker) difference(l, r quotient) (out []int64, ok bool) {
	out = w.lend()
	if l.den == nil && r.den == nil {
		g := int64(divisor(uint64(l.d), uint64(r.d)))
		r.k = -r.k
		_, ok = addProducts(out, l, r.d/g, r, l.d/g)
		return out, ok
	}
	sign := int64(1)
	if l.den == nil {
		l, r, sign = r, l, -1
	}
	if r.num != nil || r.den != nil || l.num == nil {
		return nil, false
	}
	// num·k/(den·d) against r.k/r.d: num·k·r.d against den·d·r.k.
	a, ok1 := mul64(l.k, r.d)
	b, ok2 := mul64(l.d, r.k)
	if !ok1 || !ok2 {
		return nil, false
	}
	if g := int64(divisor(size(a), size(b))); g > 1 {
		a, b = a/g, b/g
	}
	x, ok3 := bound(l.numMost, size(a))
	y, ok4 := bound(l.denMost, size(b))
	if !ok3 || !ok4 || x+y > wholeMost {
		return nil, false
	}
	weighDens(out, l.num, sign*a, l.den, -sign*b)
	if !l.set {
		for i, x := range l.num {
			if x == column.Unset {
				out[i] = x
			}
		}
	}
	return out, true
}

// lend gives room for a block's figures until the next comparison.
func (w *worker) lend() []int64 {
	if w.lent == len(w.rooms) {
		w.rooms = append(w.rooms, make([]int64, blockSize))
	}
	w.lent++
	return w.rooms[w.lent-1][:w.hi-w.lo]
}

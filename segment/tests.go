package segment

import (
	"math"
	"math/big"

	"tesela/segment/column"
	"tesela/segment/syntax"
)

// test is a question about one value whose answer needs nothing else.
type test struct {
	kind testKind
	// neg turns the answer round for set values; unset ones stay false.
	neg    bool
	ints   []intRange   // onInts: any of
	floats []floatRange // onFloats: any of
	exacts []exactRange // onExact: any of
	codes  codeSet      // onCodes, onTags: any of
	days   *yearDays    // onDays, onTimes
	zone   *calendar    // onTimes
}

type testKind uint8

const (
	onSet testKind = iota + 1
	onInts
	onFloats
	onExact
	onCodes
	onTags
	onDays  // the month and day of a date
	onTimes // the month and day of a time's local day
)

// intRange has both ends in; it never holds column.Unset.
type intRange struct{ lo, hi int64 }

type floatRange struct{ lo, hi float64 }

// interval is a range of exact numbers; a nil end is endless.
type interval struct {
	lo, hi         *big.Rat
	loOpen, hiOpen bool
}

// codeSet is a set of dictionary codes without 0: one, or a bitmap.
type codeSet struct {
	one  uint32
	bits []uint64
}

func (s codeSet) has(c uint32) bool {
	if s.bits == nil {
		return c == s.one && c != 0
	}
	k := int(c >> 6)
	return k < len(s.bits) && s.bits[k]&(1<<(c&63)) != 0
}

func newCodeSet(codes []uint32) codeSet {
	if len(codes) == 1 {
		return codeSet{one: codes[0]}
	}
	s := codeSet{bits: []uint64{0}}
	for _, c := range codes {
		for int(c>>6) >= len(s.bits) {
			s.bits = append(s.bits, 0)
		}
		s.bits[c>>6] |= 1 << (c & 63)
	}
	return s
}

// yearDays marks month and day pairs.
type yearDays [13][32]bool

// interval comparisons with one number.
func intervalOf(op syntax.Op, r *big.Rat) (iv interval, neg bool) {
	switch op {
	case syntax.Lt:
		return interval{hi: r, hiOpen: true}, false
	case syntax.Le:
		return interval{hi: r}, false
	case syntax.Gt:
		return interval{lo: r, loOpen: true}, false
	case syntax.Ge:
		return interval{lo: r}, false
	default:
		return interval{lo: r, hi: r}, op == syntax.Ne
	}
}

func (iv interval) has(x exact) bool {
	r := iv.exact()
	return r.has(x)
}

// exactRange is an interval ready to compare with; an unset end is endless.
type exactRange struct {
	lo, hi         exact
	loOpen, hiOpen bool
}

func (iv interval) exact() exactRange {
	return exactRange{exactOf(iv.lo), exactOf(iv.hi), iv.loOpen, iv.hiOpen}
}

func (iv *exactRange) has(x exact) bool {
	if iv.lo.isSet() {
		if c := x.compare(iv.lo); c < 0 || c == 0 && iv.loOpen {
			return false
		}
	}
	if iv.hi.isSet() {
		if c := x.compare(iv.hi); c > 0 || c == 0 && iv.hiOpen {
			return false
		}
	}
	return true
}

// ints lowers the interval to whole figures that stand for x/den.
func (iv interval) ints(den int64) intRange {
	r := intRange{math.MinInt64 + 1, math.MaxInt64}
	scale := new(big.Rat).SetInt64(den)
	if iv.lo != nil {
		lo := new(big.Rat).Mul(iv.lo, scale)
		if iv.loOpen {
			r.lo = above(floorRat(lo))
		} else {
			r.lo = ceilRat(lo)
		}
	}
	if iv.hi != nil {
		hi := new(big.Rat).Mul(iv.hi, scale)
		if iv.hiOpen {
			r.hi = ceilRat(hi) - 1
		} else {
			r.hi = floorRat(hi)
		}
	}
	return r
}

func above(x int64) int64 {
	if x == math.MaxInt64 {
		return x
	}
	return x + 1
}

// floats lowers the interval to float64: a decimal stands for the float64
// nearest to it, so that a property read as 0.1 equals the literal 0.1.
func (iv interval) floats() floatRange {
	r := floatRange{math.Inf(-1), math.Inf(1)}
	if iv.lo != nil {
		r.lo, _ = iv.lo.Float64()
		if iv.loOpen {
			r.lo = math.Nextafter(r.lo, math.Inf(1))
		}
	}
	if iv.hi != nil {
		r.hi, _ = iv.hi.Float64()
		if iv.hiOpen {
			r.hi = math.Nextafter(r.hi, math.Inf(-1))
		}
	}
	return r
}

// numberTest asks whether a number lies in any of the intervals.
func numberTest(v *value, ivs []interval, neg bool) test {
	t := test{neg: neg}
	switch v.form {
	case inInts:
		t.kind = onInts
		for _, iv := range ivs {
			t.ints = append(t.ints, iv.ints(v.den))
		}
	case inFloats:
		t.kind = onFloats
		for _, iv := range ivs {
			t.floats = append(t.floats, iv.floats())
		}
	default:
		t.kind = onExact
		for _, iv := range ivs {
			t.exacts = append(t.exacts, iv.exact())
		}
	}
	return t
}

// timeRange compares a time or date with a date literal. A literal is the
// range [lo, hi) of its day or instant; a date compares by days.
func (c *compiler) timeRange(v, lit *value, op syntax.Op) (r intRange, neg bool) {
	lo, hi := lit.lo, lit.hi
	if v.kind == column.Date {
		day := lit.day
		if !lit.whole {
			day = c.calendar.slowDay(lit.lo)
		}
		lo, hi = day, day+1
	}
	r = intRange{math.MinInt64 + 1, math.MaxInt64}
	switch op {
	case syntax.Lt:
		r.hi = lo - 1
	case syntax.Le:
		r.hi = hi - 1
	case syntax.Gt:
		r.lo = hi
	case syntax.Ge:
		r.lo = lo
	default:
		r = intRange{lo, hi - 1}
	}
	return r, op == syntax.Ne
}

// holds answers for one whole figure.
func (t *test) holdsInt(x int64) bool {
	if x == column.Unset {
		return false
	}
	for _, r := range t.ints {
		if r.lo <= x && x <= r.hi {
			return !t.neg
		}
	}
	return t.neg
}

func (t *test) holdsFloat(x float64) bool {
	if math.IsNaN(x) {
		return false
	}
	for _, r := range t.floats {
		if r.lo <= x && x <= r.hi {
			return !t.neg
		}
	}
	return t.neg
}

func (t *test) holdsExact(x exact) bool {
	if !x.isSet() {
		return false
	}
	for k := range t.exacts {
		if t.exacts[k].has(x) {
			return !t.neg
		}
	}
	return t.neg
}

func (t *test) holdsCode(c uint32) bool { return c != 0 && t.codes.has(c) != t.neg }

func (t *test) holdsTags(codes []uint32) bool {
	if len(codes) == 0 {
		return false
	}
	for _, c := range codes {
		if t.codes.has(c) {
			return !t.neg
		}
	}
	return t.neg
}

// holdsDay answers for a day, or an instant with onTimes.
func (t *test) holdsDay(x int64) bool {
	if x == column.Unset {
		return false
	}
	if t.kind == onTimes {
		x = t.zone.day(x)
	}
	_, m, d := dayDate(x)
	return t.days[m][d]
}

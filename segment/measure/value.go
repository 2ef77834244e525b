package measure

import (
	"math"
	"math/big"

	"tesela/segment"
)

// kinds of figures, as columns spell them.
const (
	kindCount  = "count"
	kindNumber = "number"
	kindMoney  = "money"
	kindRate   = "rate"
	kindText   = "text"
	kindDate   = "date"
	kindTime   = "time"
	kindBool   = "bool"
)

// figure is what is known of a figure before it is computed.
type figure struct {
	kind, unit string
	// constant: no data in it.
	constant bool
	// additive: groups that do not overlap add up to the whole.
	additive bool
}

// value is a computed figure: unset, a number (an integer in n, or r where it
// is a fraction), or a finished cell of another kind, by n where it is a time.
// Money is in minor units.
type value struct {
	set  bool
	n    int64
	r    *big.Rat
	cell any
}

func intValue(n int64) value { return value{set: true, n: n} }

// floatValue is exact; infinities and NaN are unset.
func floatValue(f float64) value {
	if f == math.Trunc(f) && math.Abs(f) < 1<<53 {
		return intValue(int64(f))
	}
	r := new(big.Rat)
	if r.SetFloat64(f) == nil {
		return value{}
	}
	return value{set: true, r: r}
}

func (v value) rat() *big.Rat {
	if v.r != nil {
		return v.r
	}
	return new(big.Rat).SetInt64(v.n)
}

// compare orders set numbers and cells; unset is not ordered here.
func (v value) compare(o value) int {
	if v.n == o.n && (v.cell != nil || o.cell != nil) {
		return compareCells(v.cell, o.cell)
	}
	if v.r == nil && o.r == nil {
		switch {
		case v.n < o.n:
			return -1
		case v.n > o.n:
			return 1
		}
		return 0
	}
	return v.rat().Cmp(o.rat())
}

// round rounds half away from zero.
func round(r *big.Rat) *big.Int {
	twice := new(big.Int).Lsh(r.Num(), 1)
	if r.Sign() < 0 {
		twice.Sub(twice, r.Denom())
	} else {
		twice.Add(twice, r.Denom())
	}
	return twice.Quo(twice, new(big.Int).Lsh(r.Denom(), 1))
}

// render makes the cell of a value. Money beyond what the minor unit's
// integers hold is unset.
func render(v value, kind string, digits int) any {
	switch {
	case !v.set:
		return nil
	case v.cell != nil:
		return v.cell
	case kind == kindMoney:
		minor := round(v.rat())
		if !minor.IsInt64() {
			return nil
		}
		return segment.MoneyString(minor.Int64(), digits)
	case kind == kindRate:
		f, _ := v.rat().Float64()
		return f
	case v.r == nil:
		return v.n
	case v.r.IsInt() && v.r.Num().IsInt64():
		return v.r.Num().Int64()
	}
	f, _ := v.r.Float64()
	return f
}

// wide makes a value of high * 2^32 + low.
func wide(high, low int64) value {
	high += low >> 32
	low &= 0xffffffff
	if high >= -1<<31 && high < 1<<31 {
		return intValue(high<<32 | low)
	}
	n := new(big.Int).Lsh(big.NewInt(high), 32)
	n.Add(n, big.NewInt(low))
	return value{set: true, r: new(big.Rat).SetInt(n)}
}

package segment

import (
	"math"
	"math/big"
)

// exact is a rational number. Counts, money and literals are held exactly; a
// fraction of two int64 serves nearly all, and a big.Rat the rest. A zero den
// without big is unset.
type exact struct {
	num, den int64 // den > 0
	big      *big.Rat
}

func (x exact) isSet() bool { return x.den != 0 || x.big != nil }

func exactOf(r *big.Rat) exact {
	if r == nil {
		return exact{}
	}
	if r.Num().IsInt64() && r.Denom().IsInt64() && r.Num().Int64() != math.MinInt64 {
		return exact{num: r.Num().Int64(), den: r.Denom().Int64()}
	}
	return exact{big: r}
}

// rat gives the number as a big.Rat that nobody else changes.
func (x exact) rat() *big.Rat {
	if x.big != nil {
		return x.big
	}
	return big.NewRat(x.num, x.den)
}

func (x exact) float() float64 {
	if !x.isSet() {
		return math.NaN()
	}
	if x.big == nil && (x.den == 1 || -1<<53 <= x.num && x.num <= 1<<53 && x.den <= 1<<53) {
		return float64(x.num) / float64(x.den) // both are exact, so their quotient is the nearest
	}
	f, _ := x.rat().Float64()
	return f
}

// compare orders two set numbers.
func (x exact) compare(y exact) int {
	if x.big == nil && y.big == nil {
		if x.den == y.den {
			return compareInts(x.num, y.num)
		}
		a, ok1 := mul64(x.num, y.den)
		b, ok2 := mul64(y.num, x.den)
		if ok1 && ok2 {
			return compareInts(a, b)
		}
	}
	return x.rat().Cmp(y.rat())
}

// arith computes x op y; unset in, or a division by zero, is unset out.
func (x exact) arith(op byte, y exact) exact {
	if !x.isSet() || !y.isSet() {
		return exact{}
	}
	if x.big == nil && y.big == nil {
		if r, ok := small(op, x, y); ok {
			return r
		}
	}
	a, b, r := x.rat(), y.rat(), new(big.Rat)
	switch op {
	case '+':
		r.Add(a, b)
	case '-':
		r.Sub(a, b)
	case '*':
		r.Mul(a, b)
	default:
		if b.Sign() == 0 {
			return exact{}
		}
		r.Quo(a, b)
	}
	return exactOf(r)
}

// small is arith within int64; ok is false on overflow.
func small(op byte, x, y exact) (r exact, ok bool) {
	switch op {
	case '+', '-':
		if op == '-' {
			if y.num == math.MinInt64 {
				return r, false
			}
			y.num = -y.num
		}
		if x.den == y.den {
			n, ok := add64(x.num, y.num)
			return exact{num: n, den: x.den}, ok
		}
		a, ok1 := mul64(x.num, y.den)
		b, ok2 := mul64(y.num, x.den)
		d, ok3 := mul64(x.den, y.den)
		n, ok4 := add64(a, b)
		return exact{num: n, den: d}, ok1 && ok2 && ok3 && ok4
	case '*':
		n, ok1 := mul64(x.num, y.num)
		d, ok2 := mul64(x.den, y.den)
		return exact{num: n, den: d}, ok1 && ok2
	default:
		if y.num == 0 {
			return exact{}, true
		}
		n, ok1 := mul64(x.num, y.den)
		d, ok2 := mul64(x.den, y.num)
		if d < 0 {
			n, d = -n, -d
		}
		return exact{num: n, den: d}, ok1 && ok2 && n != math.MinInt64 && d > 0
	}
}

// add64 and mul64 tell whether the result fits and is not math.MinInt64, which
// marks unset values.
func add64(a, b int64) (int64, bool) {
	s := a + b
	return s, (s > a) == (b > 0) && s != math.MinInt64
}

func mul64(a, b int64) (int64, bool) {
	if int64(int32(a)) == a && int64(int32(b)) == b {
		return a * b, true
	}
	if a == 0 || b == 0 {
		return 0, true
	}
	if a == math.MinInt64 || b == math.MinInt64 {
		return 0, false
	}
	p := a * b
	return p, p/b == a && p != math.MinInt64
}

func compareInts(a, b int64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// ceilRat and floorRat round to whole numbers, held within int64 and off
// math.MinInt64.
func floorRat(r *big.Rat) int64 {
	q := new(big.Int).Div(r.Num(), r.Denom()) // Euclidean: floors, as denominators are positive
	if !q.IsInt64() || q.Int64() == math.MinInt64 {
		if q.Sign() < 0 {
			return math.MinInt64 + 1
		}
		return math.MaxInt64
	}
	return q.Int64()
}

func ceilRat(r *big.Rat) int64 {
	n := floorRat(new(big.Rat).Neg(r))
	return -n
}

// MoneyString prints minor units as a decimal in major ones: 4371 with two
// digits is 43.71.
func MoneyString(minor int64, digits int) string {
	return decimalString(big.NewRat(minor, pow10(digits)), digits)
}

// decimalString prints with the digits, halves rounded away from zero.
func decimalString(r *big.Rat, digits int) string { return r.FloatString(digits) }

// pow10 is ten to the power of digits, for the few digits a currency has.
func pow10(digits int) int64 {
	p := int64(1)
	for range min(max(digits, 0), 18) {
		p *= 10
	}
	return p
}

package importer

import (
	"math"
	"math/big"
	"math/bits"
	"strconv"
)

// decimal is mant / 10^scale, exactly. Figures longer than 18 digits are
// not figures of a shop and do not fit.
type decimal struct {
	mant  int64
	scale int
}

const maxDigits = 18

var pow10 = [...]int64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18}

// product is a growing exact product of decimals.
type product struct {
	d   decimal
	big *big.Int // the mantissa once it leaves 64 bits
}

func (p *product) times(f decimal) {
	p.d.scale += f.scale
	if p.big != nil {
		p.big.Mul(p.big, big.NewInt(f.mant))
		return
	}
	hi, lo := bits.Mul64(magnitude(p.d.mant), magnitude(f.mant))
	if hi == 0 && lo <= math.MaxInt64 {
		m := int64(lo)
		if (p.d.mant < 0) != (f.mant < 0) {
			m = -m
		}
		p.d.mant = m
		return
	}
	p.big = new(big.Int).Mul(big.NewInt(p.d.mant), big.NewInt(f.mant))
}

func magnitude(v int64) uint64 {
	if v < 0 {
		return -uint64(v)
	}
	return uint64(v)
}

// round gives the product in units of 10^-digits, halves away from zero; ok
// is false where it does not fit.
func (p *product) round(digits int) (v int64, ok bool) {
	if p.big == nil {
		return p.d.round(digits)
	}
	m := p.big
	if p.d.scale <= digits {
		m = new(big.Int).Mul(m, bigPow10(digits-p.d.scale))
	} else {
		unit := bigPow10(p.d.scale - digits)
		q, r := new(big.Int).QuoRem(m, unit, new(big.Int))
		if r.Abs(r).Lsh(r, 1).Cmp(unit) >= 0 {
			q.Add(q, big.NewInt(int64(m.Sign())))
		}
		m = q
	}
	if !m.IsInt64() || m.Int64() == math.MinInt64 {
		return 0, false
	}
	return m.Int64(), true
}

func bigPow10(n int) *big.Int { return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil) }

// float is the float64 nearest to the product.
func (p *product) float() float64 {
	if p.big == nil {
		return p.d.float()
	}
	f, _ := strconv.ParseFloat(p.big.String()+"e-"+strconv.Itoa(p.d.scale), 64)
	return f
}

func (d decimal) round(digits int) (v int64, ok bool) {
	switch shift := d.scale - digits; {
	case shift == 0:
		return d.mant, true
	case shift < 0:
		if -shift >= len(pow10) {
			return 0, d.mant == 0
		}
		hi, lo := bits.Mul64(magnitude(d.mant), uint64(pow10[-shift]))
		if hi != 0 || lo > math.MaxInt64 {
			return 0, false
		}
		v = int64(lo)
		if d.mant < 0 {
			v = -v
		}
		return v, true
	case shift >= len(pow10):
		if shift > len(pow10) || magnitude(d.mant) < 5*uint64(pow10[len(pow10)-1]) {
			return 0, true
		}
		return int64(sign(d.mant)), true
	default:
		unit := pow10[shift]
		v = d.mant / unit
		rest := magnitude(d.mant % unit)
		if rest >= uint64(unit)-rest {
			v += int64(sign(d.mant))
		}
		return v, true
	}
}

func sign(v int64) int {
	if v < 0 {
		return -1
	}
	return 1
}

// float is the nearest float64: both operands are exact, so one division
// rounds once; longer mantissas go through the text.
func (d decimal) float() float64 {
	if magnitude(d.mant) < 1<<53 && d.scale <= maxDigits {
		if d.scale == 0 {
			return float64(d.mant)
		}
		return float64(d.mant) / float64(pow10[d.scale])
	}
	f, _ := strconv.ParseFloat(strconv.FormatInt(d.mant, 10)+"e-"+strconv.Itoa(d.scale), 64)
	return f
}

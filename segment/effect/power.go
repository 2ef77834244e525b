package effect

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// Test is how a test is to be read.
type Test struct {
	Alpha float64 // chance of showing an effect that is not there, two-sided
	Power float64 // chance of showing the effect that is there
}

// Usual is what tests are planned with.
var Usual = Test{Alpha: 0.05, Power: 0.8}

// PowerMeans is the chance that a lift of the mean shows, with n treated and m
// held out whose figures have the standard deviation sd (Student's t).
func PowerMeans(n, m, lift, sd, alpha float64) float64 {
	df := n + m - 2
	if n < 1 || m < 1 || df < 1 || !(sd > 0) {
		return 0
	}
	c := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: df}.Quantile(1 - alpha/2)
	return beyond(c, df, math.Abs(lift)/(sd*math.Sqrt(1/n+1/m)))
}

// PowerRates is the chance that a rate of p treated against q held out shows,
// with n treated and m held out (the normal approximation to the pooled test,
// Fleiss, Levin and Paik 2003, ch. 4, without correction for continuity).
func PowerRates(n, m, p, q, alpha float64) float64 {
	if n < 1 || m < 1 || p == q {
		return 0
	}
	mean := (n*p + m*q) / (n + m)
	alone := math.Sqrt(p*(1-p)/n + q*(1-q)/m)
	together := math.Sqrt(mean * (1 - mean) * (1/n + 1/m))
	z := distuv.UnitNormal.Quantile(1 - alpha/2)
	if alone == 0 {
		if math.Abs(p-q) > z*together {
			return 1
		}
		return 0
	}
	return distuv.UnitNormal.CDF((math.Abs(p-q) - z*together) / alone)
}

// Outcome is what a test looks at: the rate of those who are held out, or a
// mean whose figures have a standard deviation.
type Outcome struct {
	Rate bool
	Mean float64 // held out: rate or mean
	SD   float64 // of means
}

// Shows is the chance that a lift shows with n treated and m held out.
func (o Outcome) Shows(n, m, lift, alpha float64) float64 {
	if !o.Rate {
		return PowerMeans(n, m, lift, o.SD, alpha)
	}
	p := o.Mean + lift
	if p < 0 || p > 1 {
		return 0
	}
	return PowerRates(n, m, p, o.Mean, alpha)
}

// most bounds the sizes that are looked for.
const most = 1e12

// Size is how many customers in all a test needs for a lift to show, with a
// share of them held out; each arm is rounded up to whole customers, two at
// least. ok is false where no size does.
func (t Test) Size(o Outcome, lift, heldOut float64) (treated, held int, ok bool) {
	if !(heldOut > 0 && heldOut < 1) || lift == 0 || math.IsNaN(lift) {
		return 0, 0, false
	}
	power := func(n float64) float64 { return o.Shows(n*(1-heldOut), n*heldOut, lift, t.Alpha) }
	low, high := 0.0, 2/math.Min(heldOut, 1-heldOut)
	for power(high) < t.Power {
		if low, high = high, high*2; high > most {
			return 0, 0, false
		}
	}
	for range 100 {
		middle := (low + high) / 2
		if power(middle) < t.Power {
			low = middle
		} else {
			high = middle
		}
		if high-low < 1e-6 {
			break
		}
	}
	return whole(high * (1 - heldOut)), whole(high * heldOut), true
}

// whole rounds up to whole customers, but for what arithmetic adds.
func whole(x float64) int { return max(2, int(math.Ceil(x-1e-4))) }

// Smallest is the smallest lift above 0 that shows with n treated and m held
// out; NaN where none does.
func (t Test) Smallest(o Outcome, n, m int) float64 {
	power := func(lift float64) float64 { return o.Shows(float64(n), float64(m), lift, t.Alpha) }
	low, high := 0.0, 1-o.Mean
	if !o.Rate {
		for high = o.SD; power(high) < t.Power; high *= 2 {
			if !(o.SD > 0) || high > most*o.SD {
				return math.NaN()
			}
		}
	} else if power(high) < t.Power {
		return math.NaN()
	}
	for range 100 {
		middle := (low + high) / 2
		if power(middle) < t.Power {
			low = middle
		} else {
			high = middle
		}
	}
	return high
}

// HoldOut is the smallest share of n customers, in steps of a thousandth and at
// most a half, whose being held out lets a lift show; ok is false where even
// halves do not.
func (t Test) HoldOut(o Outcome, lift float64, n int) (share float64, ok bool) {
	shows := func(k int) bool {
		held := math.Round(float64(n) * float64(k) / 1000)
		return o.Shows(float64(n)-held, held, lift, t.Alpha) >= t.Power
	}
	low, high := 0, 500
	if !shows(high) {
		return 0, false
	}
	for high-low > 1 {
		if middle := (low + high) / 2; shows(middle) {
			high = middle
		} else {
			low = middle
		}
	}
	return float64(high) / 1000, true
}

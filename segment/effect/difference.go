package effect

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// Difference is treated less held out. What cannot be told is NaN.
type Difference struct {
	Lift, Low, High float64
	// SE is the standard error of the lift.
	SE float64
	// P is the chance of a lift as far from 0 if there is no effect.
	P float64
}

// Shown tells that the interval does not hold 0.
func (d Difference) Shown() bool { return d.Low > 0 || d.High < 0 }

// Welch compares two means whose variances need not be alike (Welch 1947; the
// degrees of freedom by Satterthwaite 1946).
func Welch(treated, held Arm, level float64) Difference {
	d := Difference{Lift: treated.Mean - held.Mean, Low: math.NaN(), High: math.NaN(), SE: math.NaN(), P: math.NaN()}
	if treated.N < 2 || held.N < 2 {
		return d
	}
	a, b := treated.Var/float64(treated.N), held.Var/float64(held.N)
	d.SE = math.Sqrt(a + b)
	if d.SE == 0 {
		d.Low, d.High = d.Lift, d.Lift
		return d
	}
	df := (a + b) * (a + b) / (a*a/float64(treated.N-1) + b*b/float64(held.N-1))
	t := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: df}
	reach := t.Quantile(0.5+level/2) * d.SE
	d.Low, d.High = d.Lift-reach, d.Lift+reach
	d.P = 2 * t.CDF(-math.Abs(d.Lift/d.SE))
	return d
}

// Wilson is the score interval of a rate of x in n (Wilson 1927).
func Wilson(x, n int, level float64) (low, high float64) {
	if n <= 0 {
		return math.NaN(), math.NaN()
	}
	z := distuv.UnitNormal.Quantile(0.5 + level/2)
	p, m := float64(x)/float64(n), float64(n)
	middle := p + z*z/(2*m)
	reach := z * math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	low, high = (middle-reach)/(1+z*z/m), (middle+reach)/(1+z*z/m)
	if x == 0 {
		low = 0
	}
	if x == n {
		high = 1
	}
	return low, high
}

// Newcombe compares the rates x of n treated and y of m held out by the hybrid
// score interval (Newcombe 1998, method 10). P is that of the score test with
// pooled variance.
func Newcombe(x, n, y, m int, level float64) Difference {
	d := Difference{Lift: math.NaN(), Low: math.NaN(), High: math.NaN(), SE: math.NaN(), P: math.NaN()}
	if n <= 0 || m <= 0 {
		return d
	}
	p, q := float64(x)/float64(n), float64(y)/float64(m)
	d.Lift = p - q
	d.SE = math.Sqrt(p*(1-p)/float64(n) + q*(1-q)/float64(m))
	l1, u1 := Wilson(x, n, level)
	l2, u2 := Wilson(y, m, level)
	d.Low = d.Lift - math.Hypot(p-l1, u2-q)
	d.High = d.Lift + math.Hypot(u1-p, q-l2)
	pooled := float64(x+y) / float64(n+m)
	if v := pooled * (1 - pooled) * (1/float64(n) + 1/float64(m)); v > 0 {
		d.P = 2 * distuv.UnitNormal.CDF(-math.Abs(d.Lift)/math.Sqrt(v))
	}
	return d
}

package effect

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// Pool is what several groups' lifts say together.
type Pool struct {
	// Overall is the mean over groups, weighted by how well each is known, and
	// SE its standard error.
	Overall, SE float64
	// Tau2 is the variance of the true lifts between groups.
	Tau2 float64
	// Groups are the lifts drawn toward Overall, in the order given.
	Groups []Difference
}

// Shrink draws each group's lift toward what all groups show, the more so the
// less is known of the group: the normal–normal model of Morris (1983), with the
// variance between groups by Paule and Mandel (1982). The intervals and P are
// those of the posterior, what is not known of the overall mean included. Lifts
// without a standard error above 0 take no part and stay NaN.
func Shrink(lifts, ses []float64, level float64) Pool {
	p := Pool{Overall: math.NaN(), SE: math.NaN(), Groups: make([]Difference, len(lifts))}
	nan := math.NaN()
	var ys, vs []float64
	for i := range lifts {
		p.Groups[i] = Difference{nan, nan, nan, nan, nan}
		if known(lifts[i], ses[i]) {
			ys, vs = append(ys, lifts[i]), append(vs, ses[i]*ses[i])
		}
	}
	if len(ys) == 0 {
		return p
	}
	p.Tau2 = between(ys, vs)
	var weights float64
	p.Overall, weights, _ = pooled(ys, vs, p.Tau2)
	p.SE = math.Sqrt(1 / weights)
	z := distuv.UnitNormal.Quantile(0.5 + level/2)
	for i := range lifts {
		if !known(lifts[i], ses[i]) {
			continue
		}
		v := ses[i] * ses[i]
		b := v / (v + p.Tau2) // how far it is drawn
		g := &p.Groups[i]
		g.Lift = b*p.Overall + (1-b)*lifts[i]
		g.SE = math.Sqrt((1-b)*v + b*b/weights)
		g.Low, g.High = g.Lift-z*g.SE, g.Lift+z*g.SE
		g.P = 2 * distuv.UnitNormal.CDF(-math.Abs(g.Lift)/g.SE)
	}
	return p
}

func known(lift, se float64) bool {
	return !math.IsNaN(lift) && !math.IsInf(lift, 0) && se > 0 && !math.IsInf(se, 0)
}

// pooled is the weighted mean at a variance between groups, the sum of the
// weights, and Cochran's Q.
func pooled(ys, vs []float64, tau2 float64) (mean, weights, q float64) {
	for i, y := range ys {
		w := 1 / (vs[i] + tau2)
		weights += w
		mean += w * y
	}
	mean /= weights
	for i, y := range ys {
		q += (y - mean) * (y - mean) / (vs[i] + tau2)
	}
	return mean, weights, q
}

// between is the variance between groups at which Q is what it should be on
// average, one less than there are groups; 0 where Q is smaller at once.
func between(ys, vs []float64) float64 {
	want := float64(len(ys) - 1)
	over := func(tau2 float64) bool {
		_, _, q := pooled(ys, vs, tau2)
		return q > want
	}
	if want < 1 || !over(0) {
		return 0
	}
	low, high := 0.0, vs[0]
	for over(high) {
		low, high = high, high*2
	}
	for range 200 {
		middle := low + (high-low)/2
		if middle == low || middle == high {
			break
		}
		if over(middle) {
			low = middle
		} else {
			high = middle
		}
	}
	return high
}

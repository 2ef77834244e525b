package explain

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// moments are what the means of a group are told by.
type moments struct {
	n         int
	mean      float64
	variance  float64 // of the sample, over n − 1
	skew      float64 // third standardised moment, over n
	low, high float64
}

// momentsOf takes the moments of the set values of some customers, in their
// order; what is infinite counts as unset.
func momentsOf(values []float64, who []uint32) moments {
	m := moments{low: math.Inf(1), high: math.Inf(-1)}
	sum := 0.0
	for _, i := range who {
		if v := values[i]; usable(v) {
			m.n++
			sum += v
			m.low, m.high = min(m.low, v), max(m.high, v)
		}
	}
	if m.n == 0 {
		return moments{mean: math.NaN(), low: math.NaN(), high: math.NaN()}
	}
	m.mean = sum / float64(m.n)
	two, three := 0.0, 0.0
	for _, i := range who {
		if v := values[i]; usable(v) {
			d := v - m.mean
			two += d * d
			three += d * d * d
		}
	}
	if m.high == m.low {
		m.mean = m.low // exactly
		return m
	}
	n := float64(m.n)
	m.variance = two / (n - 1)
	m.skew = (three / n) / math.Pow(two/n, 1.5)
	return m
}

func usable(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// welchStats are the error of the difference of two means, and its degrees of
// freedom by Welch (1947) and Satterthwaite.
func welchStats(a, b moments) stats {
	va, vb := a.variance/float64(a.n), b.variance/float64(b.n)
	s := stats{se: math.Sqrt(va + vb)}
	s.df = (va + vb) * (va + vb) / (va*va/float64(a.n-1) + vb*vb/float64(b.n-1))
	if math.IsNaN(s.df) {
		s.df = float64(a.n + b.n - 2)
	}
	return s
}

// studentP is the p value of Student's t (1908), with one variance for both.
func studentP(a, b moments) float64 {
	na, nb := float64(a.n), float64(b.n)
	pooled := ((na-1)*a.variance + (nb-1)*b.variance) / (na + nb - 2)
	return twoSided((a.mean-b.mean)/math.Sqrt(pooled*(1/na+1/nb)), na+nb-2)
}

// hedgesG is the difference of means over the pooled deviation, times the
// correction for small samples 1 − 3/(4(nA+nB) − 9).
func hedgesG(a, b moments) float64 {
	na, nb := float64(a.n), float64(b.n)
	pooled := ((na-1)*a.variance + (nb-1)*b.variance) / (na + nb - 2)
	return (a.mean - b.mean) / math.Sqrt(pooled) * (1 - 3/(4*(na+nb)-9))
}

// gInterval is the large-sample interval of g (Hedges and Olkin 1985).
func gInterval(g float64, nA, nB int, level float64) (low, high float64) {
	na, nb := float64(nA), float64(nB)
	se := math.Sqrt((na+nb)/(na*nb) + g*g/(2*(na+nb)))
	z := normalQuantile(0.5 + level/2)
	return g - z*se, g + z*se
}

// spread is x ± t·se.
func spread(x, se, df, level float64) (low, high float64) {
	t := studentQuantile(0.5+level/2, df) * se
	return x - t, x + t
}

// twoSided is the probability of a t at least so far from 0.
func twoSided(t, df float64) float64 {
	if math.IsNaN(t) {
		return 1
	}
	return 2 * studentTail(math.Abs(t), df)
}

// wide is the number of degrees of freedom from which on t is normal to all
// digits that matter.
const wide = 1e6

// studentTail is the probability above t ≥ 0.
func studentTail(t, df float64) float64 {
	if df > wide {
		return normalTail(t)
	}
	return distuv.StudentsT{Sigma: 1, Nu: df}.CDF(-t)
}

// studentQuantile is the inverse of the distribution, found by halving: its
// tail is exact, so the interval and the p value touch 0 together.
func studentQuantile(p, df float64) float64 {
	if df > wide {
		return normalQuantile(p)
	}
	tail := 1 - p
	low, high := 0.0, 1.0
	for studentTail(high, df) > tail && high < 1e12 {
		low, high = high, high*2
	}
	for range 100 {
		mid := (low + high) / 2
		if mid == low || mid == high {
			break
		}
		if studentTail(mid, df) > tail {
			low = mid
		} else {
			high = mid
		}
	}
	return (low + high) / 2
}

func normalTail(z float64) float64 { return 0.5 * math.Erfc(z/math.Sqrt2) }

func normalQuantile(p float64) float64 { return distuv.UnitNormal.Quantile(p) }

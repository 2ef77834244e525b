package evals

import (
	"fmt"
	"math"
)

// z95 is the standard normal's 97.5 % quantile: that of two-sided 95 %
// intervals.
const z95 = 1.959963984540054

// Wilson is the 95 % score interval of a share p seen in n independent cases
// (E. B. Wilson, "Probable inference, the law of succession, and statistical
// inference", Journal of the American Statistical Association 22, 1927). Of no
// cases nothing is known: 0 to 1.
func Wilson(p float64, n int) (low, high float64) {
	if n <= 0 {
		return 0, 1
	}
	m, zz := float64(n), z95*z95
	middle := (p + zz/(2*m)) / (1 + zz/m)
	half := z95 / (1 + zz/m) * math.Sqrt(p*(1-p)/m+zz/(4*m*m))
	low, high = max(0, middle-half), min(1, middle+half)
	// At the ends it is so but for rounding.
	if p == 0 {
		low = 0
	}
	if p == 1 {
		high = 1
	}
	return low, high
}

// Rate is a share of what was counted, with its 95 % interval.
type Rate struct {
	N    int     `json:"n"`
	Of   int     `json:"of"`
	Rate float64 `json:"rate"` // 0 of none
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

// NewRate is n of so many, each independent of the others.
func NewRate(n, of int) Rate { return clustered(n, of, of) }

// clustered is a rate over repeats of fewer cases. Repeats of a case go much
// the same way, so that the interval is as wide as that of the cases alone:
// asking everything ten times makes nothing ten times as sure.
func clustered(n, of, cases int) Rate {
	r := Rate{N: n, Of: of}
	if of > 0 {
		r.Rate = float64(n) / float64(of)
	}
	r.Low, r.High = Wilson(r.Rate, cases)
	return r
}

// String writes a rate with its interval.
func (r Rate) String() string {
	if r.Of == 0 {
		return "– (none)"
	}
	return fmt.Sprintf("%.1f%% (%d of %d; %.1f–%.1f)", 100*r.Rate, r.N, r.Of, 100*r.Low, 100*r.High)
}

package effect

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// many degrees of freedom, from which on Student's t is taken to be normal
// around its shift.
const many = 5000

// beyond is the chance that a noncentral t with df degrees of freedom and the
// shift lies above c: the mean over s = √(χ²/df) of Φ(shift − c·s).
func beyond(c, df, shift float64) float64 {
	if df > many {
		return distuv.UnitNormal.CDF(shift - c)
	}
	// log density of s: ν/2 log(ν/2) + log 2 − logΓ(ν/2) + (ν−1) log s − ν s²/2
	half, _ := math.Lgamma(df / 2)
	base := df/2*math.Log(df/2) + math.Ln2 - half
	density := func(s float64) float64 {
		if s <= 0 {
			return 0
		}
		return math.Exp(base + (df-1)*math.Log(s) - df*s*s/2)
	}
	reach := 12 / math.Sqrt(2*df)
	from, to := math.Max(0, 1-reach), 1+reach
	const parts = 2000 // Simpson's rule
	h := (to - from) / parts
	sum, mass := 0.0, 0.0
	for i := range parts + 1 {
		s := from + float64(i)*h
		k := 2.0
		switch {
		case i == 0 || i == parts:
			k = 1
		case i%2 == 1:
			k = 4
		}
		f := k * density(s)
		mass += f
		sum += f * distuv.UnitNormal.CDF(shift-c*s)
	}
	return sum / mass
}

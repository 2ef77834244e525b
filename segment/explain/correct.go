package explain

import (
	"math"
	"slices"
)

// BenjaminiHochberg gives p values corrected for their number, each the least
// rate of false discoveries at which it is one (as R's p.adjust has them). A
// p that is NaN counts as 1.
func BenjaminiHochberg(p []float64) []float64 {
	order := make([]int, len(p))
	for i := range order {
		order[i] = i
	}
	value := func(i int) float64 {
		if math.IsNaN(p[i]) {
			return 1
		}
		return p[i]
	}
	slices.SortStableFunc(order, func(i, j int) int {
		switch {
		case value(i) < value(j):
			return -1
		case value(i) > value(j):
			return 1
		}
		return 0
	})
	out := make([]float64, len(p))
	least := 1.0
	for k := len(order) - 1; k >= 0; k-- {
		least = min(least, value(order[k])*float64(len(p))/float64(k+1))
		out[order[k]] = least
	}
	return out
}

// correct adjusts the p values of all looks and makes their intervals.
func (r *Report) correct(level float64) {
	p := make([]float64, len(r.All))
	for i, l := range r.All {
		p[i] = l.P
	}
	found := 0
	for i, adjusted := range BenjaminiHochberg(p) {
		r.All[i].Adjusted = adjusted
		if r.All[i].Found = adjusted <= level; r.All[i].Found {
			found++
		}
	}
	// Without any found they are those of the first that would be.
	if len(r.All) > 0 {
		r.Level = 1 - level*float64(max(1, found))/float64(len(r.All))
	}
	for i := range r.All {
		r.All[i].intervals(r.Level)
	}
}

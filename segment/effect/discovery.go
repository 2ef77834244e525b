package effect

import (
	"cmp"
	"math"
	"slices"
)

// Discoveries adjusts the P of several tests that are looked at together
// (Benjamini and Hochberg 1995): those whose adjusted P is at most q are false
// discoveries in a share of q or less, on average. A P that is NaN was no test
// and stays NaN.
func Discoveries(ps []float64) []float64 {
	q := slices.Clone(ps)
	var order []int
	for i, p := range ps {
		if !math.IsNaN(p) {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(ps[a], ps[b]) })
	least := 1.0
	for k := len(order) - 1; k >= 0; k-- {
		i := order[k]
		least = math.Min(least, ps[i]*float64(len(order))/float64(k+1))
		q[i] = least
	}
	return q
}

package micro

import (
	"cmp"
	"math"
	"slices"
)

// rank orders the groups by the mean of four figures, each 0 to 1: what they
// are worth, how distinct they are, how well one can act on them, and how
// stable they are.
//
//	worth     the group's share of the revenue over the largest share of any
//	          group; where revenue is unknown its share of the customers so
//	distinct  the mean of its three strongest differences (Cliff's delta)
//	act       how well its formula tells it (the harmonic mean of precision and
//	          recall), times the share that may be written to, where consent is
//	          known
//	stable    agreement under resampling; half where it could not be measured
func rank(r *Result) {
	most := 0.0
	worth := make([]float64, len(r.Groups))
	for k, g := range r.Groups {
		worth[k] = g.Share
		if r.Revenue != nil && r.Revenue.Sign() > 0 {
			worth[k] = max(0, g.RevenueShare)
		}
		most = max(most, worth[k])
	}
	for k := range r.Groups {
		g := &r.Groups[k]
		if most > 0 {
			g.Worth = worth[k] / most
		}
		for _, d := range g.Apart[:min(3, len(g.Apart))] {
			g.Distinct += math.Abs(d.Effect) / 3
		}
		if g.Precision+g.Recall > 0 {
			g.Act = 2 * g.Precision * g.Recall / (g.Precision + g.Recall)
		}
		if g.Reach.Known {
			g.Act *= ratio(g.Reach.Consented, g.Size)
		}
		g.Stable = g.Stability
		if math.IsNaN(g.Stability) {
			g.Stable = 0.5
		}
		g.Stable = min(max(g.Stable, 0), 1)
		g.Score = (g.Worth + g.Distinct + g.Act + g.Stable) / 4
	}
	slices.SortStableFunc(r.Groups, func(a, b Group) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(b.Size, a.Size), cmp.Compare(a.Formula.String(), b.Formula.String()))
	})
}

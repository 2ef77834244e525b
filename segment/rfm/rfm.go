// Package rfm scores customers by how recently they bought, how often, and for
// how much, each against all the others, and names the combinations. It takes
// figures per customer and knows neither rows nor windows.
//
// Of n customers scored, one with worse others whose figure is strictly worse
// scores 1 + floor(bins × worse / n): 1 is worst, bins is best, and equal
// figures score equally. The names of the combinations of five bins are the
// widespread grid of eleven groups; of three or four bins there are no agreed
// names, and the label is the code itself, such as 333.
package rfm

import (
	"context"
	"fmt"
	"math"

	"tesela/segment/column"
)

// The numbers of bins there may be.
const (
	MinBins     = 3
	MaxBins     = 5
	DefaultBins = 5
)

// None is the recency and the frequency of customers who bought nothing.
const None = math.MinInt32

// Facts are the figures of all customers. Customers who bought nothing have no
// Days (None), nor a Count (None) or Revenue (column.Unset), and are not scored.
type Facts struct {
	Days    []int32 // since the latest purchase
	Count   []int32 // purchases
	Revenue []int64 // of the purchases, refunds taken off, as column.Keys gives it
}

// Scores are the three scores of each customer, 1 to Bins; 0 is not scored.
type Scores struct {
	Bins    int
	Scored  int // customers that are
	R, F, M []uint8
}

// Score scores all customers. The error is the context's, or that of a number
// of bins that there is none of.
//
// A customer scores s or more where at least k = ceil((s-1) × n / bins) others
// are strictly worse, which is where the figure is strictly better than the
// k-th worst of all: so bins-1 figures of the order tell all scores, and
// nothing is sorted.
func Score(ctx context.Context, f Facts, bins int) (*Scores, error) {
	if bins < MinBins || bins > MaxBins {
		return nil, fmt.Errorf("%d bins: there are scores of %d to %d", bins, MinBins, MaxBins)
	}
	all := len(f.Days)
	s := &Scores{Bins: bins, R: make([]uint8, all), F: make([]uint8, all), M: make([]uint8, all)}
	scored := make([]int, column.Workers(all))
	err := column.Parts(ctx, all, func(worker, lo, hi int) {
		n := 0
		for _, days := range f.Days[lo:hi] {
			one := 0
			if days != None {
				one = 1
			}
			n += one
		}
		scored[worker] += n
	})
	for _, n := range scored {
		s.Scored += n
	}
	if err != nil || s.Scored == 0 {
		return s, err
	}
	none := all - s.Scored                                  // they come first in every order
	worst, best := make([]int, bins-1), make([]int, bins-1) // places of the k-th from below, and from above
	for i := range worst {
		k := ((i+1)*s.Scored + bins - 1) / bins
		worst[i], best[len(best)-1-i] = none+k-1, all-k
	}
	days, err := column.Ranks(ctx, f.Days, best)
	if err != nil {
		return nil, err
	}
	counts, err := column.Ranks(ctx, f.Count, worst)
	if err != nil {
		return nil, err
	}
	revenues, err := column.Ranks(ctx, f.Revenue, worst)
	if err != nil {
		return nil, err
	}
	return s, column.Parts(ctx, all, func(_, lo, hi int) {
		points(f.Count[lo:hi], counts, s.F[lo:hi])
		points(f.Revenue[lo:hi], revenues, s.M[lo:hi])
		fewest(f.Days[lo:hi], days, s.R[lo:hi])
	})
}

// limits are four figures of which fewer may be meant: the others are never
// passed.
func limits[T int32 | int64](of []T, never T) (a, b, c, d T) {
	all := [MaxBins - 1]T{never, never, never, never}
	copy(all[:], of)
	return all[0], all[1], all[2], all[3]
}

// points scores figures of which more is better: 1, and one for each limit
// that is below. The least figure there is scores 0.
func points[T int32 | int64](figures, of []T, out []uint8) {
	unset := T(1)
	for unset > 0 {
		unset <<= 1
	}
	a, b, c, d := limits(of, ^unset)
	out = out[:len(figures)]
	for i, x := range figures {
		var n, p, q, r, s uint8
		if x != unset {
			n = 1
		}
		if x > a {
			p = 1
		}
		if x > b {
			q = 1
		}
		if x > c {
			r = 1
		}
		if x > d {
			s = 1
		}
		out[i] = n + p + q + r + s
	}
}

// fewest scores days, of which fewer are better.
func fewest(days, of []int32, out []uint8) {
	a, b, c, d := limits(of, None)
	out = out[:len(days)]
	for i, x := range days {
		var n, p, q, r, s uint8
		if x != None {
			n = 1
		}
		if x < a {
			p = 1
		}
		if x < b {
			q = 1
		}
		if x < c {
			r = 1
		}
		if x < d {
			s = 1
		}
		out[i] = (1 + p + q + r + s) & -n
	}
}

// Code gives a customer's R-F-M code, such as 543; 0 where it is not scored.
func (s *Scores) Code(i int) int { return 100*int(s.R[i]) + 10*int(s.F[i]) + int(s.M[i]) }

// Labels are the labels of so many bins, in the order they are told in.
func Labels(bins int) []string {
	if bins == MaxBins {
		names := make([]string, len(grid))
		for k, g := range grid {
			names[k] = g.name
		}
		return names
	}
	var codes []string
	for r := bins; r >= 1; r-- {
		for f := bins; f >= 1; f-- {
			for m := bins; m >= 1; m-- {
				codes = append(codes, fmt.Sprintf("%d%d%d", r, f, m))
			}
		}
	}
	return codes
}

// Label gives every customer's label as a column of text; customers who are
// not scored have none.
func (s *Scores) Label() *column.Column {
	labels := Labels(s.Bins)
	c := &column.Column{Kind: column.Text, Packed: column.NewPackedCodes(len(s.R), len(labels)), Dict: column.NewDict(labels)}
	of, out := labelCodes(s.Bins), c.Packed.U8
	// A millisecond for a million: no context is asked.
	_ = column.Parts(context.Background(), len(out), func(_, lo, hi int) {
		r, f, m, out := s.R[lo:hi], s.F[lo:hi], s.M[lo:hi], out[lo:hi]
		f, m, out = f[:len(r)], m[:len(r)], out[:len(r)]
		for i := range r {
			out[i] = of[int(r[i]&7)<<6|int(f[i]&7)<<3|int(m[i]&7)]
		}
	})
	return c
}

// labelCodes gives the label's place among the labels, counted from 1, by the
// three scores as digits of three bits.
func labelCodes(bins int) (of [512]uint8) {
	if bins == MaxBins {
		for k, g := range grid {
			for _, c := range g.codes {
				of[c/100<<6|c/10%10<<3|c%10] = uint8(k + 1)
			}
		}
		return of
	}
	next := uint8(0)
	for r := bins; r >= 1; r-- {
		for f := bins; f >= 1; f-- {
			for m := bins; m >= 1; m-- {
				next++
				of[r<<6|f<<3|m] = next
			}
		}
	}
	return of
}

// Number gives one of the three scores as a column of numbers, unset where a
// customer is not scored. The column is the scores themselves.
func Number(scores []uint8) *column.Column {
	return &column.Column{Kind: column.Number, Scale: 1, Packed: &column.Packed{U8: scores, Step: 1, Least: 1, Most: MaxBins}}
}

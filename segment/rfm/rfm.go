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
	"sync"

	"tesela/segment/column"
)

// The numbers of bins there may be.
const (
	MinBins     = 3
	MaxBins     = 5
	DefaultBins = 5
)

// Facts are the figures of all customers, as column.Keys gives them. Customers
// whose Days is unset bought nothing and are not scored.
type Facts struct {
	Days    []int64 // since the latest purchase
	Count   []int64 // purchases
	Revenue []int64 // of the purchases, refunds taken off
}

// Scores are the three scores of each customer, 1 to Bins; 0 is not scored.
type Scores struct {
	Bins    int
	Scored  int // customers that are
	R, F, M []uint8
}

// Score scores all customers. The error is the context's, or that of a number
// of bins that there is none of.
func Score(ctx context.Context, f Facts, bins int) (*Scores, error) {
	if bins < MinBins || bins > MaxBins {
		return nil, fmt.Errorf("%d bins: there are scores of %d to %d", bins, MinBins, MaxBins)
	}
	s := &Scores{Bins: bins}
	var members []uint32
	for i, d := range f.Days {
		if d != column.Unset {
			members = append(members, uint32(i))
		}
	}
	s.Scored = len(members)
	var errs [3]error
	var wg sync.WaitGroup
	for k, one := range []struct {
		out     *[]uint8
		figures []int64
		sign    int64 // -1 where less is better
	}{{&s.R, f.Days, -1}, {&s.F, f.Count, 1}, {&s.M, f.Revenue, 1}} {
		*one.out = make([]uint8, len(f.Days))
		wg.Go(func() { errs[k] = score(ctx, *one.out, one.figures, one.sign, members, bins) })
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return s, nil
}

// score finds one score of the members. A customer scores s or more where at
// least k = ceil((s-1) × n / bins) others are strictly worse, which is where
// the figure is strictly better than the k-th worst of all: so bins-1 figures
// of the order tell all scores, and nothing is sorted.
func score(ctx context.Context, out []uint8, figures []int64, sign int64, members []uint32, bins int) error {
	n := len(members)
	if n == 0 {
		return nil
	}
	all := make([]int64, n)
	low, high := int64(math.MaxInt64), int64(math.MinInt64)
	for k, i := range members {
		x := sign * figures[i]
		all[k] = x
		low, high = min(low, x), max(high, x)
	}
	places := make([]int, bins-1)
	for s := range places {
		places[s] = ((s+1)*n+bins-1)/bins - 1
	}
	var limits []int64
	var err error
	if uint64(high)-uint64(low) < histogramSize {
		limits = count(all, low, high, places)
	} else if limits, err = column.Ranks(ctx, all, places); err != nil {
		return err
	}
	for _, i := range members {
		x, points := sign*figures[i], uint8(1)
		for _, l := range limits {
			if x > l {
				points++
			}
		}
		out[i] = points
	}
	return ctx.Err()
}

// histogramSize is how many different figures are rather counted: days and
// numbers of purchases lie close together.
const histogramSize = 1 << 16

// count gives the figures at places of the ascending order by counting each.
func count(all []int64, low, high int64, places []int) []int64 {
	counts := make([]int, high-low+1)
	for _, x := range all {
		counts[x-low]++
	}
	limits := make([]int64, 0, len(places))
	seen := 0
	for d, n := range counts {
		seen += n
		for len(limits) < len(places) && places[len(limits)] < seen {
			limits = append(limits, low+int64(d))
		}
	}
	return limits
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
	c := &column.Column{Kind: column.Text, Codes: make([]uint32, len(s.R)), Dict: column.NewDict(labels)}
	of := labelCodes(s.Bins)
	for i, r := range s.R {
		if r != 0 {
			c.Codes[i] = of[r][s.F[i]][s.M[i]]
		}
	}
	return c
}

// labelCodes gives the label's place among the labels, counted from 1, by the
// three scores.
func labelCodes(bins int) (of [MaxBins + 1][MaxBins + 1][MaxBins + 1]uint32) {
	if bins == MaxBins {
		for k, g := range grid {
			for _, c := range g.codes {
				of[c/100][c/10%10][c%10] = uint32(k + 1)
			}
		}
		return of
	}
	next := uint32(0)
	for r := bins; r >= 1; r-- {
		for f := bins; f >= 1; f-- {
			for m := bins; m >= 1; m-- {
				next++
				of[r][f][m] = next
			}
		}
	}
	return of
}

// Number gives one of the three scores as a column of numbers, unset where a
// customer is not scored.
func Number(scores []uint8) *column.Column {
	c := &column.Column{Kind: column.Number, Floats: make([]float64, len(scores))}
	for i, s := range scores {
		c.Floats[i] = points[s]
	}
	return c
}

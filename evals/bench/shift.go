package bench

import (
	"math"
	"slices"

	"golang.org/x/perf/benchmath"
)

// shift is by how much a second sample of logarithms lies above a first: an
// estimate, the interval of all shifts that the test does not reject, and the
// test's p for none. Ends of the interval may be infinite.
type shift struct {
	by, low, high float64
	p             float64
	test          test
}

// test is one of benchmath's two ways to compare samples.
type test struct {
	name    string
	compare func(a, b *benchmath.Sample) benchmath.Comparison
	// estimate is the shift that the test finds least fault with.
	estimate func(a, b []float64) float64
}

var (
	// mannWhitney assumes nothing about the noise (Mann and Whitney 1947); its
	// estimate is that of Hodges and Lehmann (1963), and the shifts it does
	// not reject are their interval (Hollander, Wolfe and Chicken 2014, 4.2–4.3).
	mannWhitney = test{"Mann–Whitney", benchmath.AssumeNothing.Compare, func(a, b []float64) float64 {
		var all []float64
		for _, x := range a {
			for _, y := range b {
				all = append(all, y-x)
			}
		}
		slices.Sort(all)
		return (all[(len(all)-1)/2] + all[len(all)/2]) / 2
	}}
	// welch takes the logarithms to be about normal (Welch 1947).
	welch = test{"Welch", benchmath.AssumeNormal.Compare, func(a, b []float64) float64 { return mean(b) - mean(a) }}
)

// choose picks the test by the numbers of pairs alone, never by the times. With
// few pairs the ranks cannot tell: even samples that do not overlap at all
// come to p = 2 / (n+m choose n), which for 5 and 5 is 0.008; where that is
// above what is asked for, logarithms are taken to be about normal.
func choose(n, m int, alpha float64) test {
	least := 2.0
	for i := range n {
		least *= float64(i+1) / float64(m+i+1)
	}
	if least <= alpha {
		return mannWhitney
	}
	return welch
}

// compareLogs compares two samples of two or more at a level.
func compareLogs(t test, a, b []float64, alpha float64) shift {
	s := shift{by: t.estimate(a, b), p: t.p(a, b, 0), test: t}
	s.low, s.high = t.end(a, b, s.by, alpha, -1), t.end(a, b, s.by, alpha, 1)
	return s
}

// p is that of the second sample lying by so much above the first.
func (t test) p(a, b []float64, by float64) float64 {
	moved := slices.Clone(b) // benchmath sorts what it is given
	for i := range moved {
		moved[i] -= by
	}
	limits := benchmath.DefaultThresholds
	return t.compare(benchmath.NewSample(slices.Clone(a), &limits), benchmath.NewSample(moved, &limits)).P
}

// end is where p falls to alpha going down or up from the estimate, found by
// halving: p falls with the distance.
func (t test) end(a, b []float64, from, alpha, direction float64) float64 {
	spread := 1.0
	for _, s := range [][]float64{a, b} {
		spread += slices.Max(s) - slices.Min(s)
	}
	in, out := 0.0, spread
	for range 20 {
		if t.p(a, b, from+direction*out) < alpha {
			break
		}
		in, out = out, out*2
	}
	if t.p(a, b, from+direction*out) >= alpha {
		return math.Inf(int(direction))
	}
	for range 34 { // to a ten-millionth of the spread and less
		if middle := (in + out) / 2; t.p(a, b, from+direction*middle) < alpha {
			out = middle
		} else {
			in = middle
		}
	}
	return from + direction*out
}

func mean(all []float64) float64 {
	sum := 0.0
	for _, x := range all {
		sum += x
	}
	return sum / float64(len(all))
}

// holm adjusts p for so many tests (Holm 1979): all whose adjusted p is at most
// alpha may be rejected, and the chance that any of them is rejected wrongly is
// at most alpha, however they depend on one another.
func holm(ps []float64) []float64 {
	order := make([]int, len(ps))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case ps[a] < ps[b]:
			return -1
		case ps[a] > ps[b]:
			return 1
		}
		return 0
	})
	out, most := make([]float64, len(ps)), 0.0
	for rank, i := range order {
		most = max(most, min(1, ps[i]*float64(len(ps)-rank)))
		out[i] = most
	}
	return out
}

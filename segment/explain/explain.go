// Package explain tells what sets one group of customers apart from another,
// over many columns of what customers are and do: which columns differ beyond
// chance, by how much, which of them say the same, and which merely restate
// how the groups were defined.
//
// The phases are: each column is looked at (its values; its words; whether it
// is there at all), each look gives a test and an effect; the tests are
// corrected for their number; what is beyond chance and not tiny is ranked by
// effect; and of those that go together the strongest is told, with the others
// folded into it; what goes together with what defines the groups, into that.
//
// It takes plain columns and two groups. It knows no formulas, no names and no
// words of people, and reads no clock; equal inputs give equal figures however
// many cores there are.
//
// # Figures
//
//   - Numbers: the difference of means with Welch's interval (Welch 1947). Where
//     they are near to even, or bounded as shares are, Hedges' g (Hedges 1981,
//     with the small-sample correction) ranks and Welch's t decides. Where either group is skewed
//     (skewness beyond ±1) or has hardly any spread, Cliff's delta (Cliff 1993),
//     which is twice the probability of superiority less one, ranks, and the
//     test of Brunner and Munzel (2000) decides, taken on the logit of that
//     probability, so that its interval stays within bounds.
//   - Shares (categories of two words, and whether a value is there): the
//     difference of proportions with Newcombe's hybrid score interval (Newcombe
//     1998, method 10); its p value is the level at which that interval touches
//     0, so that both say the same. Cohen's h (Cohen 1988) ranks.
//   - Categories of more words: Pearson's chi-square decides and Cramér's V
//     ranks, V taken as though both groups were of one size, so that it does not
//     fade for a small group against a large one, and less what chance alone
//     would give. The words that drive it come with Newcombe's intervals.
//
// A small group may be all alike by chance, and then has no spread to tell an
// error by. So a test of numbers must also hold with the spread that both groups
// would have if nothing differed: Student's t beside Welch's, Wilcoxon's rank sum
// (with its correction for ties) beside Brunner and Munzel's. Where it does not,
// the interval reaches to 0.
//
// All are ranked on one scale, that of Cohen's d (0.2 small, 0.5 medium, 0.8
// large): g and h are on it; delta is taken to the d of two normal groups with
// that probability of superiority, √2·Φ⁻¹((delta+1)/2) (McGraw and Wong 1992),
// and V likewise, which is delta where two words change sides: Cohen's 0.1, 0.3
// and 0.5 for it come to 0.18, 0.55 and 0.95.
//
// P values are corrected by Benjamini and Hochberg (1995) over all looks, at
// 5%: where nothing differs at all, something is found in 5% of cases at most,
// and of what is found 5% at most is expected to be chance. Intervals are those
// of Benjamini and Yekutieli (2005) that go with it: at the level 1 − 0.05·R/m
// for R found of m looks, so that a difference is found exactly where its
// interval leaves out 0.
package explain

import (
	"context"
	"errors"
	"math"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// Column is one thing known of every customer: either numbers or words.
type Column struct {
	Numbers []float64 // NaN is unset; nil for words
	// Bounded tells that the numbers lie within narrow bounds, as shares do:
	// then their means speak for them however skewed they are.
	Bounded bool
	Codes   []uint32 // 0 is unset; else a place in Words
	Words   []string // Words[0] is ""
}

// Groups are the customers set against each other, by number, ascending.
// Nobody is in both.
type Groups struct{ A, B []uint32 }

// The defaults of Options.
const (
	Level = 0.05
	Least = 0.2
	Same  = 0.8
)

// Options adjust what is told; the zero Options are the defaults.
type Options struct {
	// Level is the share of false differences that is borne.
	Level float64
	// Least is the smallest effect told, on the scale of d.
	Least float64
	// Same is the association from which on two columns say the same.
	Same float64
	// Definition tells that the groups were defined by an aspect of a column;
	// nil is of none.
	Definition func(column int, a Aspect) bool
}

func (o *Options) fill() {
	if o.Level == 0 {
		o.Level = Level
	}
	if o.Least == 0 {
		o.Least = Least
	}
	if o.Same == 0 {
		o.Same = Same
	}
}

// Enough is how many customers with a value each group needs for its numbers,
// or its words, to be looked at.
const Enough = 10

// Aspect is what of a column is looked at.
type Aspect uint8

// The aspects.
const (
	Values Aspect = iota + 1 // how large the numbers are
	Share                    // how many have the first of two words
	Words                    // how the words are spread
	Known                    // how many have any value
)

// Measure is the effect size that ranks a look.
type Measure uint8

// The measures.
const (
	HedgesG Measure = iota + 1
	CliffDelta
	CohenH
	CramerV
)

// Look is one column looked at in one respect.
type Look struct {
	Column     int
	Aspect     Aspect
	Definition bool // the groups were defined by it

	P, Adjusted float64 // the test's p, alone and corrected for all looks
	Found       bool    // beyond chance, after the correction

	// Measure names the effect size; Effect is it, above 0 where A has more,
	// with its interval (none for CramerV: NaN). D is it on the scale of d, and
	// DLow to DHigh the interval there.
	Measure               Measure
	Effect                float64
	EffectLow, EffectHigh float64
	D, DLow, DHigh        float64

	// SetA and SetB are how many have a value.
	SetA, SetB int
	// A and B are the groups' means, or their shares: of those who have a
	// value, or for Known of all. Difference is A − B, Low to High its interval.
	A, B                  float64
	Difference, Low, High float64
	MedianA, MedianB      float64 // of numbers
	// Superiority is the probability that one of A has a larger number than one
	// of B, ties as half; 0 for other aspects.
	Superiority float64
	// Drivers are the words that make the difference, strongest first; the
	// shares above are those of the first.
	Drivers []Driver
	// Cut parts the numbers best. Nil where nothing does.
	Cut *Cut

	stats stats
}

// Driver is a word that more of one group have than of the other. Shares are
// of those who have a value; the intervals of all words of a column hold
// together.
type Driver struct {
	Code                  uint32
	A, B                  float64
	Difference, Low, High float64
	H                     float64 // Cohen's h
}

// Cut is the number that parts the groups best: above, or below, come most of
// A and fewest of B.
type Cut struct {
	// At is the roundest number that parts about as well as the best.
	At float64
	// Above tells that A lies at or above it, else A lies below it.
	Above bool
	// A and B are the shares of the whole groups on A's side.
	A, B float64
}

// Finding is a look told, with those folded into it.
type Finding struct {
	Look
	Folded []Fold
}

// Fold is a look that says what a stronger one says.
type Fold struct {
	Look
	Association float64 // with that one, 0…1
}

// Report is what sets the groups apart.
type Report struct {
	A, B int // sizes
	// Looks is how many differences were tested, Untested of how many
	// columns the values are too few in a group to be.
	Looks, Untested int
	// Found are beyond chance; Tiny of them are too small to be told.
	Found, Tiny int
	// Level is that of the intervals.
	Level float64
	// Findings come strongest first, those by definition last.
	Findings []Finding
	// All are all looks, in the order of the columns.
	All []Look
}

// ErrOverlap says that somebody is in both groups, or out of order.
var ErrOverlap = errors.New("explain: the groups share customers, or are not in order")

// Explain tells what sets A apart from B. Either group may be empty: nothing
// can then be looked at. Columns reach as far as the last customer of a group;
// the error is ErrOverlap or the context's.
func Explain(ctx context.Context, columns []Column, g Groups, o Options) (*Report, error) {
	o.fill()
	if !apart(g) {
		return nil, ErrOverlap
	}
	r := &Report{A: len(g.A), B: len(g.B), Level: 1 - o.Level}
	each := make([][]Look, len(columns))
	untested := make([]bool, len(columns))
	err := side(ctx, len(columns), func(i int, w *work) error {
		var err error
		each[i], untested[i], err = w.look(ctx, columns[i], g)
		return err
	})
	if err != nil {
		return nil, err
	}
	for i, looks := range each {
		if untested[i] {
			r.Untested++
		}
		for _, l := range looks {
			l.Column = i
			l.Definition = o.Definition != nil && o.Definition(i, l.Aspect)
			if l.Aspect != Known || !r.seen(l) {
				r.All = append(r.All, l)
			}
		}
	}
	r.Looks = len(r.All)
	r.correct(o.Level)
	if err := r.tell(ctx, columns, g, o); err != nil {
		return nil, err
	}
	return r, nil
}

// seen tells that an earlier column is there for the very same customers: that
// is one look. It is by definition where either is.
func (r *Report) seen(l Look) bool {
	for i := range r.All {
		if k := &r.All[i]; k.Aspect == Known && k.stats.there == l.stats.there && k.SetA == l.SetA && k.SetB == l.SetB {
			k.Definition = k.Definition || l.Definition
			return true
		}
	}
	return false
}

// apart tells that the groups are ascending and share nobody.
func apart(g Groups) bool {
	for _, s := range [][]uint32{g.A, g.B} {
		for i := 1; i < len(s); i++ {
			if s[i] <= s[i-1] {
				return false
			}
		}
	}
	i, j := 0, 0
	for i < len(g.A) && j < len(g.B) {
		switch {
		case g.A[i] == g.B[j]:
			return false
		case g.A[i] < g.B[j]:
			i++
		default:
			j++
		}
	}
	return true
}

// tell chooses, cuts, ranks and folds what is found.
func (r *Report) tell(ctx context.Context, columns []Column, g Groups, o Options) error {
	var told []Finding
	for _, l := range r.All {
		if !l.Found {
			continue
		}
		r.Found++
		if math.Abs(l.D) < o.Least {
			r.Tiny++
			continue
		}
		told = append(told, Finding{Look: l})
	}
	slices.SortStableFunc(told, func(a, b Finding) int {
		switch x, y := math.Abs(a.D), math.Abs(b.D); {
		case a.Definition != b.Definition:
			if a.Definition {
				return 1
			}
			return -1
		case x > y:
			return -1
		case x < y:
			return 1
		}
		return 0
	})
	var err error
	r.Findings, err = fold(ctx, told, columns, g, o.Same)
	return err
}

// side runs f for 0…n−1 on all cores; each core has memory of its own. Of
// several errors the one of the least number is given.
func side(ctx context.Context, n int, f func(i int, w *work) error) error {
	errs := make([]error, n)
	var next atomic.Int64
	var all sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		all.Go(func() {
			w := &work{}
			for {
				i := int(next.Add(1)) - 1
				if i >= n || ctx.Err() != nil {
					return
				}
				errs[i] = f(i, w)
			}
		})
	}
	all.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return ctx.Err()
}

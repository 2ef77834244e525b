package explain

import (
	"context"
	"math"
)

// work is the memory of one core, used again from column to column.
type work struct {
	a, b, spare []uint64
}

// stats are the figures from which intervals at any level are made.
type stats struct {
	se, df         float64 // of the difference of means; df of Welch
	null           float64 // p with the spread both have if nothing differs
	p, pse, pdf    float64 // the superiority, the error of its logit, and its df
	nA, nB         int     // those with a value
	yesA, yesB     int     // of shares
	words          []word  // of categories
	there          uint64  // a print of who has a value
	separate, even bool    // the groups lie apart; the means decide
}

// look looks at a column in every respect it has. Untested tells that its
// values cannot be looked at: too few of a group have one.
func (w *work) look(ctx context.Context, c Column, g Groups) (looks []Look, untested bool, err error) {
	var l Look
	tested := false
	if c.Numbers != nil {
		l, tested, err = w.numbers(ctx, c, g)
	} else {
		l, tested, err = words(ctx, c, g)
	}
	if err != nil {
		return nil, false, err
	}
	if tested {
		looks = append(looks, l)
	}
	untested = l.SetA < Enough || l.SetB < Enough || !tested && !alike(c, g)
	// Whether it is there at all is a look of its own, where that varies.
	if n := l.SetA + l.SetB; n > 0 && n < len(g.A)+len(g.B) && len(g.A) >= Enough && len(g.B) >= Enough {
		k := share(Known, l.SetA, len(g.A), l.SetB, len(g.B))
		k.SetA, k.SetB = l.SetA, l.SetB
		k.stats.there = c.print(g)
		looks = append(looks, k)
	}
	return looks, untested, nil
}

// alike tells that all who have a value have the same.
func alike(c Column, g Groups) bool {
	var code uint32
	number := math.NaN()
	for _, s := range [][]uint32{g.A, g.B} {
		for _, i := range s {
			switch {
			case c.Numbers == nil && c.Codes[i] != 0:
				if code != 0 && c.Codes[i] != code {
					return false
				}
				code = c.Codes[i]
			case c.Numbers != nil && usable(c.Numbers[i]):
				if number == number && c.Numbers[i] != number {
					return false
				}
				number = c.Numbers[i]
			}
		}
	}
	return true
}

// has tells whether a customer has a value.
func (c Column) has(i uint32) bool {
	if c.Numbers != nil {
		return usable(c.Numbers[i])
	}
	return c.Codes[i] != 0
}

// print is of who has a value: columns that are there for the same customers
// have the same (FNV-1a, over bits by eight bytes).
func (c Column) print(g Groups) uint64 {
	sum, bits, n := uint64(14695981039346656037), uint64(0), 0
	for _, s := range [][]uint32{g.A, g.B} {
		for _, i := range s {
			bits <<= 1
			if c.has(i) {
				bits |= 1
			}
			if n++; n%64 == 0 {
				sum = (sum ^ bits) * 1099511628211
				sum ^= sum >> 29
			}
		}
	}
	return (sum ^ bits) * 1099511628211
}

// share looks at yes of n in either group.
func share(a Aspect, yesA, nA, yesB, nB int) Look {
	p, q := float64(yesA)/float64(nA), float64(yesB)/float64(nB)
	l := Look{
		Aspect: a, Measure: CohenH, A: p, B: q, Difference: p - q, SetA: nA, SetB: nB,
		stats: stats{yesA: yesA, yesB: yesB, nA: nA, nB: nB},
	}
	l.Effect = CohensH(p, q)
	l.D = l.Effect
	l.P = newcombeP(yesA, nA, yesB, nB)
	return l
}

// numbers looks at how large the values are.
func (w *work) numbers(ctx context.Context, c Column, g Groups) (l Look, tested bool, err error) {
	values := c.Numbers
	a, b := momentsOf(values, g.A), momentsOf(values, g.B)
	l = Look{Aspect: Values, SetA: a.n, SetB: b.n, A: a.mean, B: b.mean, Difference: a.mean - b.mean}
	if a.n < Enough || b.n < Enough || a.low == b.low && a.high == a.low && b.high == b.low {
		return l, false, ctx.Err() // too few, or one value in all
	}
	if w.a, err = w.sorted(ctx, w.a[:0], values, g.A); err != nil {
		return l, false, err
	}
	if w.b, err = w.sorted(ctx, w.b[:0], values, g.B); err != nil {
		return l, false, err
	}
	l.MedianA, l.MedianB = median(w.a), median(w.b)
	ranks := compareRanks(w.a, w.b)
	l.Superiority = ranks.p
	if err := ctx.Err(); err != nil {
		return l, false, err
	}
	l.stats = welchStats(a, b)
	l.stats.p, l.stats.pse, l.stats.pdf, l.stats.separate = ranks.p, ranks.se, ranks.df, ranks.separate
	l.stats.nA, l.stats.nB = a.n, b.n
	if evenly(a) && evenly(b) || c.Bounded && (a.variance > 0 || b.variance > 0) {
		l.stats.even = true
		l.Measure, l.Effect = HedgesG, hedgesG(a, b)
		l.D = l.Effect
		l.stats.null = studentP(a, b)
		l.P = max(l.stats.null, twoSided(l.Difference/l.stats.se, l.stats.df))
	} else {
		l.Measure, l.Effect = CliffDelta, 2*ranks.p-1
		l.D = deltaToD(l.Effect, a.n, b.n)
		l.stats.null = ranks.null
		l.P = ranks.pValue(a.n, b.n)
	}
	l.Cut = bestCut(w.a, w.b, len(g.A), len(g.B), l.Effect > 0)
	return l, true, ctx.Err()
}

// evenly tells that the mean speaks for a group's numbers.
func evenly(m moments) bool {
	return m.high > m.low && math.Abs(m.skew) <= 1
}

// intervals fills in the intervals at a level.
func (l *Look) intervals(level float64) {
	l.limits(level)
	l.DLow, l.DHigh = l.EffectLow, l.EffectHigh
	if l.Measure == CliffDelta {
		l.DLow, l.DHigh = deltaToD(l.EffectLow, l.stats.nA, l.stats.nB), deltaToD(l.EffectHigh, l.stats.nA, l.stats.nB)
	}
}

func (l *Look) limits(level float64) {
	s := l.stats
	switch l.Aspect {
	case Values:
		l.Low, l.High = spread(l.Difference, s.se, s.df, level)
		if s.even {
			l.EffectLow, l.EffectHigh = gInterval(l.Effect, s.nA, s.nB, level)
		} else {
			low, high := superiorityInterval(s, level)
			l.EffectLow, l.EffectHigh = 2*low-1, 2*high-1
		}
		if s.null > 1-level { // not beyond chance
			l.EffectLow, l.EffectHigh = min(l.EffectLow, 0), max(l.EffectHigh, 0)
			if s.even {
				l.Low, l.High = min(l.Low, 0), max(l.High, 0)
			}
		}
	case Words:
		l.EffectLow, l.EffectHigh = math.NaN(), math.NaN()
		l.drive(level)
	default:
		l.Low, l.High = Newcombe(s.yesA, s.nA, s.yesB, s.nB, level)
		z := normalQuantile(0.5 + level/2)
		se := math.Sqrt(1/float64(s.nA) + 1/float64(s.nB))
		l.EffectLow, l.EffectHigh = l.Effect-z*se, l.Effect+z*se
	}
}

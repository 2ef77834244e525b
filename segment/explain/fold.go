package explain

import (
	"context"
	"math"
	"slices"
)

// Folding looks at customers of each group taken evenly, at most so many; its
// correlations are then right to about 0.01.
const mostSampled = 10_000

// common is the least number of customers that have both, for two columns to
// be set against each other.
const common = 30

// fold folds each finding into the one told that it says most the same as: a
// stronger one, or one by definition, which it then restates as well. Those by
// definition come last.
func fold(ctx context.Context, told []Finding, columns []Column, g Groups, same float64) ([]Finding, error) {
	inA := evenlyTaken(g.A)
	who := append(inA, evenlyTaken(g.B)...)
	traces := make([]trace, len(told))
	err := side(ctx, len(told), func(i int, w *work) error {
		var err error
		traces[i], err = w.trace(ctx, told[i].Look, columns[told[i].Column], who)
		return err
	})
	if err != nil {
		return nil, err
	}
	kept := make([]int, 0, len(told)) // numbers of told
	for _, definition := range []bool{true, false} {
		for i, f := range told {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			if f.Definition != definition {
				continue
			}
			at, most := -1, 0.0
			for _, k := range kept {
				if x := traces[k].with(traces[i], len(inA)); x >= same && x > most {
					at, most = k, x
				}
			}
			if at >= 0 {
				told[at].Folded = append(told[at].Folded, Fold{f.Look, most})
			} else {
				kept = append(kept, i)
			}
		}
	}
	slices.Sort(kept)
	findings := make([]Finding, len(kept))
	for k, i := range kept {
		findings[k] = told[i]
	}
	return findings, nil
}

// evenlyTaken takes every so manieth customer of a group.
func evenlyTaken(s []uint32) []uint32 {
	n := min(len(s), mostSampled)
	out := make([]uint32, n)
	for i := range out {
		out[i] = s[i*len(s)/n]
	}
	return out
}

// trace is a look over the customers taken: figures, NaN for unset, or codes,
// 0 for unset.
type trace struct {
	ranks []float64
	codes []uint32
	words int
}

func (w *work) trace(ctx context.Context, l Look, c Column, who []uint32) (trace, error) {
	switch {
	case l.Aspect == Known:
		t := trace{ranks: make([]float64, len(who))}
		for k, i := range who {
			if c.has(i) {
				t.ranks[k] = 1
			}
		}
		return t, nil
	case c.Numbers == nil:
		t := trace{codes: make([]uint32, len(who)), words: len(c.Words)}
		for k, i := range who {
			t.codes[k] = c.Codes[i]
		}
		return t, nil
	}
	var err error
	if w.a, err = w.sorted(ctx, w.a[:0], c.Numbers, who); err != nil {
		return trace{}, err
	}
	t := trace{ranks: make([]float64, len(who))}
	for k, i := range who {
		v := c.Numbers[i]
		if !usable(v) {
			t.ranks[k] = math.NaN()
			continue
		}
		key := keyOf(v)
		t.ranks[k] = float64(below(w.a, key)+below(w.a, key+1)) / 2
	}
	return t, nil
}

// with is how far two looks say the same within the groups, the first of nA
// customers and the other, 0…1: on average over those of them in which both
// vary. Over both together any two that set the groups apart would go together.
func (t trace) with(o trace, nA int) float64 {
	sum, n := 0.0, 0
	for _, part := range [2]func(trace) trace{
		func(t trace) trace { return t.part(0, nA) },
		func(t trace) trace { return t.part(nA, max(len(t.ranks), len(t.codes))) },
	} {
		x, k := part(t).within(part(o))
		sum, n = sum+x*float64(k), n+k
	}
	if n == 0 {
		return 0
	}
	return sum / float64(n)
}

func (t trace) part(from, to int) trace {
	if t.codes != nil {
		t.codes = t.codes[from:to]
	} else {
		t.ranks = t.ranks[from:to]
	}
	return t
}

// within is the correlation of ranks (Spearman), the ratio of correlation of
// ranks to words (epsilon, Kelley 1935), or Cramér's V corrected for chance
// (Bergsma 2013); and over how many customers, 0 where it cannot be told.
func (t trace) within(o trace) (float64, int) {
	switch {
	case t.codes == nil && o.codes == nil:
		return correlation(t.ranks, o.ranks)
	case t.codes == nil:
		return ratio(t.ranks, o.codes, o.words)
	case o.codes == nil:
		return ratio(o.ranks, t.codes, t.words)
	}
	return association(t, o)
}

// shared tells whether enough have both for it to be told.
func shared(both, one, other int) bool { return both >= common && 2*both >= min(one, other) }

func correlation(x, y []float64) (float64, int) {
	var n, nx, ny int
	var sx, sy float64
	for i, a := range x {
		b := y[i]
		if a == a {
			nx++
		}
		if b == b {
			ny++
		}
		if a == a && b == b {
			n, sx, sy = n+1, sx+a, sy+b
		}
	}
	if !shared(n, nx, ny) {
		return 0, 0
	}
	mx, my := sx/float64(n), sy/float64(n)
	var xx, yy, xy float64
	for i, a := range x {
		if b := y[i]; a == a && b == b {
			xx += (a - mx) * (a - mx)
			yy += (b - my) * (b - my)
			xy += (a - mx) * (b - my)
		}
	}
	if xx == 0 || yy == 0 {
		return 0, 0
	}
	return math.Abs(xy) / math.Sqrt(xx*yy), n
}

func ratio(x []float64, codes []uint32, words int) (float64, int) {
	counts, sums := make([]float64, words), make([]float64, words)
	var n, nx, nc int
	var sum, sq float64
	for i, a := range x {
		c := codes[i]
		if a == a {
			nx++
		}
		if c != 0 {
			nc++
		}
		if a == a && c != 0 {
			n++
			counts[c]++
			sums[c] += a
			sum += a
		}
	}
	if !shared(n, nx, nc) {
		return 0, 0
	}
	mean := sum / float64(n)
	for i, a := range x {
		if a == a && codes[i] != 0 {
			sq += (a - mean) * (a - mean)
		}
	}
	between, groups := 0.0, 0
	for c, k := range counts {
		if k > 0 {
			groups++
			d := sums[c]/k - mean
			between += k * d * d
		}
	}
	if sq == 0 || n <= groups || groups < 2 {
		return 0, 0
	}
	eta := between / sq
	return math.Sqrt(max(0, 1-(1-eta)*float64(n-1)/float64(n-groups))), n
}

// association is of words with words; pairs that nobody has are not held.
func association(t, o trace) (float64, int) {
	rows, columns := make([]float64, t.words), make([]float64, o.words)
	cells := make(map[uint64]float64)
	var order []uint64 // so that sums go one way
	var n, nt, no int
	for i, a := range t.codes {
		b := o.codes[i]
		if a != 0 {
			nt++
		}
		if b != 0 {
			no++
		}
		if a == 0 || b == 0 {
			continue
		}
		n++
		rows[a]++
		columns[b]++
		key := uint64(a)<<32 | uint64(b)
		if cells[key] == 0 {
			order = append(order, key)
		}
		cells[key]++
	}
	if !shared(n, nt, no) {
		return 0, 0
	}
	m := float64(n)
	phi := -1.0
	for _, key := range order {
		x := cells[key]
		phi += x * x / (rows[key>>32] * columns[key&math.MaxUint32])
	}
	r, c := filled(rows), filled(columns)
	if m < 2 || r < 2 || c < 2 {
		return 0, 0
	}
	phi = max(0, phi-(r-1)*(c-1)/(m-1))
	r -= (r - 1) * (r - 1) / (m - 1)
	c -= (c - 1) * (c - 1) / (m - 1)
	if least := min(r, c) - 1; least > 0 {
		return min(1, math.Sqrt(phi/least)), n
	}
	return 0, 0
}

func filled(counts []float64) float64 {
	n := 0.0
	for _, c := range counts {
		if c > 0 {
			n++
		}
	}
	return n
}

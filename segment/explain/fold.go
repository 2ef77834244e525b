package explain

import (
	"context"
	"math"
)

// Folding looks at customers of each group taken evenly, at most so many; its
// correlations are then right to about 0.01.
const mostSampled = 10_000

// common is the least number of customers that have both, for two columns to
// be set against each other.
const common = 30

// fold folds each finding into the strongest before it that says the same. What
// is by definition is told by itself, so the two are not mixed.
func fold(ctx context.Context, told []Finding, columns []Column, g Groups, same float64) ([]Finding, error) {
	who := append(evenlyTaken(g.A), evenlyTaken(g.B)...)
	traces := make([]trace, len(told))
	err := side(ctx, len(told), func(i int, w *work) error {
		var err error
		traces[i], err = w.trace(ctx, told[i].Look, columns[told[i].Column], who)
		return err
	})
	if err != nil {
		return nil, err
	}
	kept := make([]Finding, 0, len(told))
	var of []int // the traces of those kept
	for i, f := range told {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		at, most := -1, 0.0
		for k, j := range of {
			if kept[k].Definition != f.Definition {
				continue
			}
			if x := traces[j].with(traces[i]); x >= same && x > most {
				at, most = k, x
			}
		}
		if at >= 0 {
			kept[at].Folded = append(kept[at].Folded, Fold{f.Look, most})
			continue
		}
		kept, of = append(kept, f), append(of, i)
	}
	return kept, nil
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

// with is how far two looks say the same, 0…1: the correlation of ranks
// (Spearman), the ratio of correlation of ranks to words (epsilon, Kelley
// 1935), or Cramér's V corrected for chance (Bergsma 2013).
func (t trace) with(o trace) float64 {
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

func correlation(x, y []float64) float64 {
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
		return 0
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
		return 0
	}
	return math.Abs(xy) / math.Sqrt(xx*yy)
}

func ratio(x []float64, codes []uint32, words int) float64 {
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
		return 0
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
	if sq == 0 || n <= groups {
		return 0
	}
	eta := between / sq
	return math.Sqrt(max(0, 1-(1-eta)*float64(n-1)/float64(n-groups)))
}

// association is of words with words; pairs that nobody has are not held.
func association(t, o trace) float64 {
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
		return 0
	}
	m := float64(n)
	phi := -1.0
	for _, key := range order {
		x := cells[key]
		phi += x * x / (rows[key>>32] * columns[key&math.MaxUint32])
	}
	r, c := filled(rows), filled(columns)
	if m < 2 || r < 2 || c < 2 {
		return 0
	}
	phi = max(0, phi-(r-1)*(c-1)/(m-1))
	r -= (r - 1) * (r - 1) / (m - 1)
	c -= (c - 1) * (c - 1) / (m - 1)
	if least := min(r, c) - 1; least > 0 {
		return min(1, math.Sqrt(phi/least))
	}
	return 0
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

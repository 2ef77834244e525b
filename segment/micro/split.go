package micro

import (
	"cmp"
	"context"
	"math"
	"slices"

	"tesela/segment/cluster"
	"tesela/segment/feature"
)

// layer is a set of features by their places in the table.
type layer struct {
	name     string
	features []int
}

// How a layer's features are chosen within a stage.
const (
	mostSpeaking = 6    // features of a layer that are clustered by
	leastSpeaks  = 0.2  // how far a feature must part customers to speak; see parting
	repeats      = 0.8  // rank correlation from which the weaker of two repeats the other
	leastSide    = 0.03 // of the customers on either side of a parting
	someNumber   = 0.2  // of the customers must have a number
)

// speaking are the features of a layer that tell customers of a sample apart,
// the strongest first: those whose figures fall into groups with gaps between
// them, without those that repeat a stronger one. Categories speak where no
// word has nearly everybody.
func (w *work) speaking(ctx context.Context, l layer, rows []int32) ([]int, error) {
	type voice struct {
		f     int
		loud  float64
		ranks []float32
	}
	var voices []voice
	for _, f := range l.features {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		c := w.table.Columns[f]
		v := voice{f: f}
		if c.Numbers != nil {
			v.loud = parting(c.Numbers, rows)
			v.ranks = rankOf(c.Numbers, rows)
		} else {
			v.loud = evenness(c, rows)
		}
		if v.loud >= leastSpeaks {
			voices = append(voices, v)
		}
	}
	slices.SortStableFunc(voices, func(a, b voice) int { return cmp.Compare(b.loud, a.loud) })
	var kept []voice
	for _, v := range voices {
		if len(kept) == mostSpeaking {
			break
		}
		if !slices.ContainsFunc(kept, func(o voice) bool {
			return o.ranks != nil && v.ranks != nil && math.Abs(correlation(o.ranks, v.ranks)) >= repeats
		}) {
			kept = append(kept, v)
		}
	}
	all := make([]int, len(kept))
	for k, v := range kept {
		all[k] = v.f
	}
	return all, nil
}

// evenness is how far a category is from everybody having the same: 1 where
// the largest has half or less.
func evenness(c feature.Column, rows []int32) float64 {
	counts := make([]int, len(c.Words))
	most, used := 0, 0
	for _, i := range rows {
		if counts[c.Codes[i]] == 0 {
			used++
		}
		counts[c.Codes[i]]++
		most = max(most, counts[c.Codes[i]])
	}
	if used < 2 || used > mostWords || len(rows) == 0 {
		return 0
	}
	return min(1, 2*(1-float64(most)/float64(len(rows))))
}

// bins of the histogram that a parting is looked for in.
const bins = 96

// parting is how much better the best two to four intervals hold a number's
// figures together than they would hold figures spread evenly: 1 where all lie
// in that many points, 0 where they are spread evenly, below 0 where they
// crowd in the middle. Lopsided figures go on a logarithmic scale before.
func parting(x []float64, rows []int32) float64 {
	v := make([]float64, 0, len(rows))
	for _, i := range rows {
		if y := x[i]; !math.IsNaN(y) && !math.IsInf(y, 0) {
			v = append(v, y)
		}
	}
	if len(v) < 2 || float64(len(v)) < someNumber*float64(len(rows)) {
		return 0
	}
	slices.Sort(v)
	unlopside(v)
	low, high := v[len(v)/200], v[len(v)-1-len(v)/200]
	if low == high {
		return 0
	}
	var count, sum, square [bins + 1]float64 // cumulative
	for _, y := range v {
		y = (min(max(y, low), high) - low) / (high - low)
		b := min(int(y*bins), bins-1) + 1
		count[b]++
		sum[b] += y
		square[b] += float64(y * y)
	}
	for b := 1; b <= bins; b++ {
		count[b] += count[b-1]
		sum[b] += sum[b-1]
		square[b] += square[b-1]
	}
	n := count[bins]
	within := func(a, b int) float64 { // of the bins from a to b
		m := count[b] - count[a]
		if m == 0 {
			return 0
		}
		s := sum[b] - sum[a]
		return max(0, square[b]-square[a]-s*s/m)
	}
	total := within(0, bins)
	if total <= 0 {
		return 0
	}
	// least[b] is the least sum within k intervals of the first b bins (Fisher
	// 1958), intervals of too few customers not allowed.
	best := math.Inf(-1)
	least := make([]float64, bins+1)
	for b := range least {
		least[b] = within(0, b)
		if count[b] < leastSide*n {
			least[b] = math.Inf(1)
		}
	}
	for k := 2; k <= 4; k++ {
		next := make([]float64, bins+1)
		for b := range next {
			next[b] = math.Inf(1)
			for a := 1; a < b; a++ {
				if count[b]-count[a] >= leastSide*n {
					next[b] = min(next[b], least[a]+within(a, b))
				}
			}
		}
		least = next
		even := 1 / float64(k*k) // of an even spread's total
		if rest := least[bins] / total; !math.IsInf(rest, 0) {
			best = max(best, (even-rest)/even)
		}
	}
	return best
}

// unlopside takes logarithms of sorted figures, none negative, whose upper tail
// is over three times the lower.
func unlopside(v []float64) {
	at := func(q float64) float64 { return v[int(q*float64(len(v)-1))] }
	if v[0] < 0 || at(0.95)-at(0.5) <= 3*(at(0.5)-at(0.05)) {
		return
	}
	some := slices.IndexFunc(v, func(y float64) bool { return y > 0 })
	if some < 0 {
		return
	}
	unit := v[some+(len(v)-some)/2]
	for k, y := range v {
		v[k] = math.Log1p(y / unit)
	}
}

// prepare makes features of some customers comparable; draws go by the hashes
// of their ids.
func (w *work) prepare(ctx context.Context, features []int, rows []int32) (*cluster.Rows, error) {
	columns, keys := make([]cluster.Column, len(features)), make([]uint64, len(rows))
	for k, f := range features {
		c := w.table.Columns[f]
		columns[k] = cluster.Column{Numbers: c.Numbers, Codes: c.Codes}
	}
	for k, i := range rows {
		keys[k] = w.hashes[i]
	}
	r, err := cluster.Prepare(ctx, columns, rows)
	if err != nil {
		return nil, err
	}
	return r, r.Keyed(keys)
}

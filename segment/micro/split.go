package micro

import (
	"cmp"
	"context"
	"math"
	"slices"

	"tesela/segment/cluster"
	"tesela/segment/feature"
	"tesela/segment/syntax"
)

// layer is a set of features by their places in the table.
type layer struct {
	name     string
	own      bool // of one's own, not built in
	features []int
}

// How a layer's features are chosen within a stage.
const (
	fewSpeaking = 3    // features that are clustered by
	leastParts  = 0.6  // parting from which a fourth may be
	mostSaid    = 0.45 // squared rank correlation with those before from which a feature repeats them
	leastSide   = 0.03 // of the customers in an interval of a parting
	leastKnown  = 0.1  // of the customers must have a number
	leastSpread = 0.12 // standard deviation of a share
	leastEven   = 0.2
)

// habits of fewer occurrences than this are not told: one purchase on a Sunday
// makes no weekend buyer.
const leastHabit = 3

// denominator is what a share or a rate is taken of, if it is a number of
// events.
func denominator(f feature.Feature) (*syntax.Call, bool) {
	a, ok := f.Value.(*syntax.Arith)
	if !ok || a.Op != '/' || f.If != nil {
		return nil, false
	}
	c, ok := a.Right.(*syntax.Call)
	return c, ok && c.Fn == syntax.Count
}

// counts are features that count what the shares among others are taken of.
func counts(fs []feature.Feature) []feature.Feature {
	var all []feature.Feature
	for _, f := range fs {
		if c, ok := denominator(f); ok {
			all = append(all, feature.Feature{
				Value: c, Kind: feature.Number, Unit: feature.Count,
				Says: feature.Says{Form: feature.CountOf, Event: c.Event, Window: c.Window},
			})
		}
	}
	return all
}

// habits finds for each share the column that counts what it is taken of.
func (w *work) habits() {
	w.times = make([][]float64, len(w.table.Features))
	for f := range w.table.Features {
		c, ok := denominator(w.table.Features[f])
		if !ok {
			continue
		}
		if of := w.table.Find(c.String()); of >= 0 {
			w.times[f] = w.table.Columns[of].Numbers
		}
	}
}

// figure is a customer's figure as it is clustered by: a share only of those
// who did what it is taken of three times or more.
func (w *work) figure(f int, i int32) float64 {
	if t := w.times[f]; t != nil && !(t[i] >= leastHabit) {
		return math.NaN()
	}
	return w.table.Columns[f].Numbers[i]
}

// figures are those of some customers; nil of a category.
func (w *work) figures(f int, rows []int32) []float64 {
	if w.table.Columns[f].Numbers == nil {
		return nil
	}
	x := make([]float64, len(rows))
	for k, i := range rows {
		x[k] = w.figure(f, i)
	}
	return x
}

// voices are what the features of all layers say of a stage's sample.
type voices struct {
	w     *work
	rows  []int32
	ranks [][]float32 // by feature, of rows; of a category whether it is the most frequent word
	kinds []int       // features that tell what kind of customer one is: neither how much nor how long ago
}

func (w *work) listen(ctx context.Context, sample []int32) (*voices, error) {
	v := &voices{w: w, rows: draw(sample, w.hashes, rankedSample), ranks: make([][]float32, len(w.table.Features))}
	for f := range v.ranks {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if x := w.figures(f, v.rows); x != nil {
			v.ranks[f] = rankOf(x)
		} else {
			v.ranks[f] = v.usual(w.table.Columns[f])
		}
		t := w.table.Features[f]
		if t.Layer != "" && t.Unit != feature.Count && t.Unit != feature.Days && t.Says.Form != feature.ShareRecent {
			v.kinds = append(v.kinds, f)
		}
	}
	return v, nil
}

// usual ranks who has the most frequent word above the others.
func (v *voices) usual(c feature.Column) []float32 {
	counts := make([]int, len(c.Words))
	most := 0
	for _, i := range v.rows {
		if counts[c.Codes[i]]++; counts[c.Codes[i]] > counts[most] {
			most = int(c.Codes[i])
		}
	}
	share := float32(ratio(counts[most], len(v.rows)))
	ranks := make([]float32, len(v.rows))
	for k, i := range v.rows {
		ranks[k] = (1 - share) / 2
		if int(c.Codes[i]) == most {
			ranks[k] = 1 - share/2
		}
	}
	return ranks
}

// tells is how much a feature says of what kind of customer one is: the mean
// squared rank correlation with the kinds of the other layers, or of its own
// where there are no others.
func (v *voices) tells(f int) float64 {
	sum, n := 0.0, 0
	for _, others := range []bool{true, false} {
		for _, k := range v.kinds {
			if k == f || others == (v.w.table.Features[k].Layer == v.w.table.Features[f].Layer) {
				continue
			}
			r := correlation(v.ranks[f], v.ranks[k])
			sum += r * r
			n++
		}
		if n > 0 {
			return sum / float64(n)
		}
	}
	return 0
}

// parts is how well a feature parts customers by itself, 0 to 1, and whether
// it speaks at all: enough customers have it, and a share differs enough.
func (v *voices) parts(f int) (float64, bool) {
	x := v.w.figures(f, v.rows)
	if x == nil {
		e := evenness(v.w.table.Columns[f], v.rows)
		return e, e >= leastEven
	}
	known, spread := 0, 0.0
	mean, square := 0.0, 0.0
	for _, y := range x {
		if !math.IsNaN(y) && !math.IsInf(y, 0) {
			known++
			mean += y
			square += float64(y * y)
		}
	}
	if known < 2 || float64(known) < leastKnown*float64(len(v.rows)) {
		return 0, false
	}
	mean /= float64(known)
	spread = math.Sqrt(max(0, square/float64(known)-float64(mean*mean)))
	if u := v.w.table.Features[f].Unit; spread == 0 || u == feature.Share && spread < leastSpread {
		return 0, false
	}
	return parting(x), true
}

// speaking are the features of a layer that say most, the strongest first: by
// what they tell of the kind of customer, more so where their own figures fall
// apart into groups. One that those before it say already is left out. The
// fourth is that of the others which falls apart most. Where three shares or more speak, numbers that are no shares are left out: how much
// and how long ago is what the stage tells. Of a layer of one's own all that
// speak are taken.
//
// loud is what a layer's first three features tell on average: layers are
// ordered by it.
func (v *voices) speaking(ctx context.Context, l layer) (features []int, loud float64, err error) {
	type voice struct {
		f           int
		loud, parts float64
	}
	var all []voice
	shares := 0
	for _, f := range l.features {
		if err := ctx.Err(); err != nil {
			return nil, 0, err
		}
		t := v.w.table.Features[f]
		p, speaks := v.parts(f)
		if !speaks || t.Says.Form == feature.ShareRecent {
			continue
		}
		all = append(all, voice{f, v.tells(f) * max(0.2, 1+p), p})
		if t.Unit == feature.Share {
			shares++
		}
	}
	if l.own {
		var kept []int
		for _, x := range all {
			kept = append(kept, x.f)
		}
		return kept, 0, nil
	}
	slices.SortStableFunc(all, func(a, b voice) int { return cmp.Compare(b.loud, a.loud) })
	said := func(f int, kept []int) bool {
		sum := 0.0
		for _, k := range kept {
			r := correlation(v.ranks[f], v.ranks[k])
			sum += r * r
		}
		return sum >= mostSaid
	}
	fourth, parts := -1, leastParts
	for _, x := range all {
		t := v.w.table.Features[x.f]
		switch {
		case shares >= fewSpeaking && t.Kind == feature.Number && t.Unit != feature.Share || said(x.f, features):
		case len(features) < fewSpeaking:
			features, loud = append(features, x.f), loud+v.tells(x.f)/fewSpeaking
		case x.parts > parts:
			fourth, parts = x.f, x.parts
		}
	}
	if fourth >= 0 {
		features = append(features, fourth)
	}
	return features, loud, nil
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
func parting(x []float64) float64 {
	v := slices.DeleteFunc(slices.Clone(x), func(y float64) bool { return math.IsNaN(y) || math.IsInf(y, 0) })
	if len(v) < 2 {
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

// known parts customers into those of whom some figure of the features is
// known, and the others: as places in rows.
func (w *work) known(features []int, rows []int32) (some, none []int32) {
	for k, i := range rows {
		has := false
		for _, f := range features {
			if w.table.Columns[f].Numbers == nil || !math.IsNaN(w.figure(f, i)) {
				has = true
				break
			}
		}
		if has {
			some = append(some, int32(k))
		} else {
			none = append(none, int32(k))
		}
	}
	return some, none
}

// prepare makes features of some customers comparable; draws go by the hashes
// of their ids.
func (w *work) prepare(ctx context.Context, features []int, rows []int32) (*cluster.Rows, error) {
	columns, keys := make([]cluster.Column, len(features)), make([]uint64, len(rows))
	for k, f := range features {
		if x := w.figures(f, rows); x != nil {
			columns[k].Numbers = x
			continue
		}
		columns[k].Codes = make([]uint32, len(rows))
		for at, i := range rows {
			columns[k].Codes[at] = w.table.Columns[f].Codes[i]
		}
	}
	for k, i := range rows {
		keys[k] = w.hashes[i]
	}
	r, err := cluster.Prepare(ctx, columns, nil)
	if err != nil {
		return nil, err
	}
	return r, r.Keyed(keys)
}

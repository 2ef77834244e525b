package micro

import (
	"cmp"
	"context"
	"math"
	"slices"

	"tesela/segment"
	"tesela/segment/feature"
)

// Distinction is a feature by which a group differs from the others of its
// stage, or from the others of the base where it is the stage.
type Distinction struct {
	Feature feature.Feature
	// Word is the category that is more, or less, frequent; "" of numbers.
	Word string
	// Here and Others are the means over customers who have a value, or the
	// shares that have Word.
	Here, Others float64
	// Effect is Cliff's delta (Cliff 1993), −1 to 1: how much likelier one of
	// the group lies above one of the others than below; of a category the
	// difference of the shares, which is the same of yes and no.
	Effect float64
}

// The rules of what sets a group apart.
const (
	leastEffect  = 0.147 // negligible below (Romano et al. 2006, for Cliff's delta)
	mostApart    = 6
	sameFeature  = 0.75 // rank correlation from which two features say the same
	rankedSample = 4096 // customers that effects are taken of
	mostWords    = 64   // categories that are looked at
)

// apart finds what sets each group apart, strongest first.
func (w *work) apart(ctx context.Context, r *Result) error {
	byStage := map[string][]int{}
	for k, g := range r.Groups {
		byStage[g.Stage] = append(byStage[g.Stage], k)
	}
	for place, label := range w.people.labels {
		groups := byStage[label]
		if len(groups) == 0 {
			continue
		}
		among := w.people.stages[place]
		if len(groups) == 1 {
			// Against the others of its stage there is nobody: against all.
			among = among[:0:0]
			w.people.base.Each(func(i int) { among = append(among, int32(i)) })
		}
		if err := w.apartAmong(ctx, r, groups, among); err != nil {
			return err
		}
	}
	return nil
}

func (w *work) apartAmong(ctx context.Context, r *Result, groups []int, among []int32) error {
	sample := draw(among, w.hashes, rankedSample)
	ranks := make([][]float32, len(w.table.Features)) // of the sample, by feature, where numbers
	for f, c := range w.table.Columns {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if c.Numbers != nil {
			ranks[f] = rankOf(pick(c.Numbers, sample))
		}
	}
	for _, k := range groups {
		g := &r.Groups[k]
		var all []Distinction
		var of []int
		for f := range w.table.Features {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if d, ok := w.distinguish(f, g.Members, among, sample, ranks[f]); ok && math.Abs(d.Effect) >= leastEffect {
				all, of = append(all, d), append(of, f)
			}
		}
		for k := range g.Terms {
			w.weigh(&g.Terms[k], g.Members, among, sample, ranks)
		}
		order := make([]int, len(all))
		for i := range order {
			order[i] = i
		}
		slices.SortStableFunc(order, func(a, b int) int {
			return cmp.Or(cmp.Compare(math.Abs(all[b].Effect), math.Abs(all[a].Effect)), cmp.Compare(of[a], of[b]))
		})
		var kept []int
		for _, i := range order {
			same := slices.ContainsFunc(kept, func(j int) bool {
				x, y := ranks[of[i]], ranks[of[j]]
				return x != nil && y != nil && math.Abs(correlation(x, y)) >= sameFeature
			})
			if same {
				continue
			}
			kept = append(kept, i)
			g.Apart = append(g.Apart, all[i])
			if len(kept) == mostApart {
				break
			}
		}
	}
	return nil
}

// weigh finds how far a condition of a group's formula sets it apart.
func (w *work) weigh(t *Term, members *segment.Set, among, sample []int32, ranks [][]float32) {
	t.Here, t.Others = math.NaN(), math.NaN()
	f := w.table.Find(t.Feature.Key())
	if f < 0 {
		return
	}
	c := w.table.Columns[f]
	if c.Numbers != nil {
		if d, ok := w.distinguish(f, members, among, sample, ranks[f]); ok {
			t.Here, t.Others, t.Effect = d.Here, d.Others, d.Effect
		}
		return
	}
	var in, n [2]int
	for _, i := range among {
		side := 1
		if members.Has(int(i)) {
			side = 0
		}
		n[side]++
		if slices.Contains(t.Words, c.Words[c.Codes[i]]) {
			in[side]++
		}
	}
	t.Here, t.Others = ratio(in[0], n[0]), ratio(in[1], n[1])
	t.Effect = t.Here - t.Others
}

// distinguish compares a feature of the members with that of the others.
func (w *work) distinguish(f int, members *segment.Set, among, sample []int32, ranks []float32) (Distinction, bool) {
	d := Distinction{Feature: w.table.Features[f]}
	c := w.table.Columns[f]
	if c.Numbers == nil {
		return d, d.word(c, members, among)
	}
	var sum [2]float64
	var n [2]int
	for _, i := range among {
		x := c.Numbers[i]
		if math.IsNaN(x) || math.IsInf(x, 0) {
			continue
		}
		side := 1
		if members.Has(int(i)) {
			side = 0
		}
		sum[side] += x
		n[side]++
	}
	if n[0] == 0 || n[1] == 0 {
		return d, false
	}
	d.Here, d.Others = sum[0]/float64(n[0]), sum[1]/float64(n[1])
	d.Effect = delta(ranks, sample, members)
	return d, !math.IsNaN(d.Effect)
}

// word finds the category whose share differs most.
func (d *Distinction) word(c feature.Column, members *segment.Set, among []int32) bool {
	counts := make([][2]int, len(c.Words))
	var n [2]int
	for _, i := range among {
		code := c.Codes[i]
		if code == 0 {
			continue
		}
		side := 1
		if members.Has(int(i)) {
			side = 0
		}
		counts[code][side]++
		n[side]++
	}
	if n[0] == 0 || n[1] == 0 {
		return false
	}
	for code := 1; code < len(counts); code++ {
		here, others := ratio(counts[code][0], n[0]), ratio(counts[code][1], n[1])
		// Of a pair of categories the one that is more frequent here is told.
		if e := here - others; math.Abs(e) > math.Abs(d.Effect) || e > 0 && e >= math.Abs(d.Effect) && d.Effect < 0 {
			d.Word, d.Here, d.Others, d.Effect = c.Words[code], here, others, e
		}
	}
	return d.Word != ""
}

// pick are the values of some customers.
func pick(x []float64, rows []int32) []float64 {
	y := make([]float64, len(rows))
	for k, i := range rows {
		y[k] = x[i]
	}
	return y
}

// rankOf are the mid-ranks of values, 0 to 1; −1 where unset.
func rankOf(x []float64) []float32 {
	order := make([]int32, 0, len(x))
	ranks := make([]float32, len(x))
	for k, v := range x {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			ranks[k] = -1
		} else {
			order = append(order, int32(k))
		}
	}
	slices.SortFunc(order, func(a, b int32) int {
		return cmp.Or(cmp.Compare(x[a], x[b]), cmp.Compare(a, b))
	})
	n := float64(len(order))
	for from := 0; from < len(order); {
		to := from
		for to < len(order) && x[order[to]] == x[order[from]] {
			to++
		}
		mid := float32((float64(from+to) / 2) / n)
		for ; from < to; from++ {
			ranks[order[from]] = mid
		}
	}
	return ranks
}

// delta is Cliff's delta of members against the others, from mid-ranks: twice
// the area under the curve less one.
func delta(ranks []float32, sample []int32, members *segment.Set) float64 {
	var sum [2]float64
	var n [2]float64
	for k, i := range sample {
		if ranks[k] < 0 {
			continue
		}
		side := 1
		if members.Has(int(i)) {
			side = 0
		}
		sum[side] += float64(ranks[k])
		n[side]++
	}
	if n[0] == 0 || n[1] == 0 {
		return math.NaN()
	}
	return 2 * (sum[0]/n[0] - sum[1]/n[1])
}

// correlation is Spearman's, over those who have both values.
func correlation(a, b []float32) float64 {
	var n, sa, sb, saa, sbb, sab float64
	for k := range a {
		if a[k] < 0 || b[k] < 0 {
			continue
		}
		x, y := float64(a[k])-0.5, float64(b[k])-0.5
		n++
		sa += x
		sb += y
		saa += x * x
		sbb += y * y
		sab += x * y
	}
	if n < 3 {
		return 0
	}
	va, vb := saa-sa*sa/n, sbb-sb*sb/n
	if va <= 0 || vb <= 0 {
		return 0
	}
	return (sab - sa*sb/n) / math.Sqrt(va*vb)
}

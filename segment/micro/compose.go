package micro

import (
	"cmp"
	"context"
	"math"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// How a stage is parted.
const (
	stageSample   = 8192  // customers that clusters, layers and conditions are chosen on
	resamples     = 10    // halves of the sample that stability is measured on
	fewInStage    = 4     // groups, below which layers without gaps are cut too
	leastStable   = 0.8   // adjusted Rand index of such a cut under resampling
	enoughInStage = 5     // groups, with which no further layer is looked for
	leastStrength = 0.65  // prediction strength of a number of clusters
	clusterPrice  = 0.015 // of the silhouette, that a cluster more must bring
	mostTries     = 3     // numbers of clusters that are tried of a layer
)

// split is a layer's clusters in a stage, on the stage's sample.
type split struct {
	layer  layer
	choice Choice
	use    []int // features
	labels []uint8
	far    [][]float64
	cut    bool    // whether its stability is measured
	fits   []int   // the numbers of clusters that may be, the best first
	loud   float64 // what its features tell: see speaking
}

// parted is a stage under way.
type parted struct {
	stage  Stage
	rows   []int32
	sample []int32
	groups []Group
	chosen []*split
}

// part parts all stages.
func (w *work) part(ctx context.Context, r *Result) error {
	stages := make([]*parted, len(w.people.labels))
	errs := make([]error, len(stages))
	order := make([]int, len(stages)) // the largest first, so that no core waits
	for k := range order {
		order[k] = k
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Compare(len(w.people.stages[b]), len(w.people.stages[a]))
	})
	var next, done atomic.Int64
	var group sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(stages)) {
		group.Go(func() {
			for {
				k := int(next.Add(1)) - 1
				if k >= len(order) || ctx.Err() != nil {
					return
				}
				place := order[k]
				stages[place], errs[place] = w.partStage(ctx, place)
				w.progress(Clustering, int(done.Add(1)), len(stages))
			}
		})
	}
	group.Wait()
	if err := ctx.Err(); err != nil {
		return err
	}
	sum, n := 0.0, 0
	for k, p := range stages {
		if errs[k] != nil {
			return errs[k]
		}
		r.Stages = append(r.Stages, p.stage)
		r.Groups = append(r.Groups, p.groups...)
		if !math.IsNaN(p.stage.Stability) {
			sum += p.stage.Stability * float64(p.stage.Customers)
			n += p.stage.Customers
		}
	}
	if n > 0 {
		r.Stability = sum / float64(n)
	}
	return nil
}

// partStage parts one stage into groups.
func (w *work) partStage(ctx context.Context, place int) (*parted, error) {
	p := &parted{rows: w.people.stages[place]}
	p.stage = Stage{Label: w.people.labels[place], Customers: len(p.rows), Stability: math.NaN()}
	if len(p.rows) == 0 {
		return p, nil
	}
	if len(p.rows) >= 2*w.least {
		p.sample = draw(p.rows, w.hashes, stageSample)
		offers, err := offer(ctx, w.table, p.sample)
		if err != nil {
			return nil, err
		}
		splits, err := w.splits(ctx, p)
		if err != nil {
			return nil, err
		}
		if err := w.compose(ctx, p, offers, splits); err != nil {
			return nil, err
		}
		if len(p.chosen) > 0 {
			return p, w.settle(ctx, p, place, offers)
		}
	} else {
		for _, l := range w.layers {
			p.stage.Layers = append(p.stage.Layers, Choice{Layer: l.name, K: 1, Stability: math.NaN(), Why: Small})
		}
	}
	w.whole(p, place)
	return p, nil
}

// whole makes a stage one group.
func (w *work) whole(p *parted, place int) {
	g := w.group(place)
	g.Clustered, g.Tiny = len(p.rows), len(p.rows) < w.least
	g.of = append([]int32(nil), p.rows...)
	g.Formula = (&told{}).formula(w.table, w.people.stageFormula(place))
	p.groups, p.stage.Groups, p.stage.Sequences = []Group{g}, 1, 1
}

func (w *work) group(place int) Group {
	return Group{Stage: w.people.labels[place], Stability: math.NaN(), Growth: math.NaN(), RevenueShare: math.NaN(), Twin: -1}
}

// splits are the layers of a stage with what speaks in each, not clustered yet.
func (w *work) splits(ctx context.Context, p *parted) ([]*split, error) {
	var all []*split
	v, err := w.listen(ctx, p.sample)
	if err != nil {
		return nil, err
	}
	for _, l := range w.layers {
		s := &split{layer: l, choice: Choice{Layer: l.name, K: 1, Stability: math.NaN()}}
		all = append(all, s)
		if s.use, s.loud, err = v.speaking(ctx, l); err != nil {
			return nil, err
		}
		if len(s.use) == 0 {
			s.choice.Why = Mute
		}
	}
	return all, nil
}

// best clusters by the first three features that speak, and by the fourth too
// where three part nobody. Of a layer of one's own all are taken.
func (w *work) best(ctx context.Context, p *parted, s *split) error {
	speaking := s.use
	n := min(fewSpeaking, len(speaking))
	if s.layer.own {
		n = len(speaking)
	}
	for ; n <= len(speaking); n++ {
		s.use = speaking[:n]
		if err := w.cluster(ctx, p, s, p.sample, 0); err != nil {
			return err
		}
		if s.choice.K > 1 {
			break
		}
	}
	for _, f := range s.use {
		s.choice.Features = append(s.choice.Features, w.table.Features[f])
	}
	return nil
}

// compose chooses the layers of a stage's sequence: the ones that tell most
// first (those given, in their order), each only if the groups that come of it
// can still be told by few conditions.
func (w *work) compose(ctx context.Context, p *parted, s *sampled, splits []*split) error {
	var order []*split
	for _, x := range splits {
		if len(x.use) > 0 {
			order = append(order, x)
		}
	}
	if len(w.q.Layers) == 0 {
		slices.SortStableFunc(order, func(a, b *split) int { return cmp.Compare(b.loud, a.loud) })
	}
	least := leastSample(w.least, len(p.sample), len(p.rows))
	have := 1
	for _, x := range order {
		if len(p.chosen) == mostLayers || have >= enoughInStage {
			x.choice.Why = Crowded
			continue
		}
		if err := w.best(ctx, p, x); err != nil {
			return err
		}
		if x.choice.K < 2 {
			x.choice.Why = Mute
			continue
		}
		best, err := w.try(ctx, p, s, x, least, have)
		if err != nil {
			return err
		}
		if best.why != "" {
			x.choice.Why, x.choice.Readable = best.why, best.share
			continue
		}
		*x = *best.split
		x.choice.Used, x.choice.Readable = true, best.share
		p.chosen, have = append(p.chosen, x), best.groups
	}
	if have < fewInStage && len(p.rows) >= fewInStage*w.least {
		if err := w.cuts(ctx, p, s, order, least, have); err != nil {
			return err
		}
	}
	for _, x := range splits {
		p.stage.Layers = append(p.stage.Layers, x.choice)
	}
	return nil
}

// sequences tallies the clusters of layers over the customers they label.
func sequences(chosen []*split, n int) (*merging, []int32) {
	labels := make([][]uint8, len(chosen))
	far := make(distances, len(chosen))
	for k, x := range chosen {
		labels[k], far[k] = x.labels, x.far
	}
	all, of := tally(labels, n)
	return newMerging(all, far), of
}

// tale is how a stage's groups are told.
type tale struct {
	groups []int   // places in the merging
	told   []*told // of each
	share  float64 // of the groups that are readable
}

// tell finds a conjunction for each group. Where too few are readable it joins
// the one that fares worst to the nearest, as long as more than have are left.
// of is the sequence of each customer of the sample.
func (w *work) tell(ctx context.Context, s *sampled, chosen []*split, m *merging, of []int32, have int) (tale, error) {
	own := map[int]bool{}
	for _, x := range chosen {
		for _, f := range x.use {
			own[f] = true
		}
	}
	most := conditions
	if w.people.staged {
		most--
	}
	known := map[int]*told{} // until the group changes
	for {
		t := tale{groups: m.left()}
		fine, worst := 0, -1
		for _, k := range t.groups {
			if known[k] == nil {
				target := newBitset(len(s.rows))
				for i := range of {
					if m.into[of[i]] == int32(k) {
						target.add(i)
					}
				}
				g := goal{s: s, t: w.table, target: target, most: most, own: own}
				found, err := g.search(ctx)
				if err != nil {
					return t, err
				}
				known[k] = found
			}
			t.told = append(t.told, known[k])
			switch {
			case known[k].readable():
				fine++
			case worst < 0 || known[k].score < known[worst].score:
				worst = k
			}
		}
		t.share = ratio(fine, len(t.groups))
		if worst < 0 || t.share >= readableShare || len(t.groups) <= have+1 {
			return t, nil
		}
		to := m.nearest(worst)
		m.join(worst, to, false)
		delete(known, worst)
		delete(known, to)
	}
}

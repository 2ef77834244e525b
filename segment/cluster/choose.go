package cluster

import (
	"cmp"
	"context"
	"slices"
)

// Why tells why there are so many clusters.
type Why uint8

const (
	// NoStructure: no number of clusters sets the rows apart more than cutting
	// up a single cloud would, or none comes out again on other rows.
	NoStructure Why = iota
	// Identical: the rows are all alike in what the columns tell.
	Identical
	// FewValues: the rows take only so many different values, each often.
	FewValues
	// Separate: the clusters lie apart, and come out again on other rows.
	Separate
)

// String gives the reason as notes key it.
func (w Why) String() string {
	return [...]string{"no_structure", "identical", "few_values", "separate"}[w]
}

// Candidate is a number of clusters that was weighed.
type Candidate struct {
	K       int
	Inertia float64 // of the sample's rows
	// Silhouette is the mean simplified silhouette; Cloud and Box are what it
	// is, on average, of rows without groups: drawn from one normal cloud with
	// the same covariance, and evenly from a box along its axes.
	Silhouette, Cloud, Box float64
	// CalinskiHarabasz is the variance ratio of Caliński & Harabasz (1974), for
	// comparison; it does not decide.
	CalinskiHarabasz float64
	// Strength is the prediction strength (Tibshirani & Walther 2005), 0 to 1;
	// it is found only where the silhouette speaks for k, else 0.
	Strength float64
	// Fits tells that k may be chosen.
	Fits bool
}

// Excess is by how much the silhouette is above that of a single cloud.
func (c Candidate) Excess() float64 { return c.Silhouette - c.Cloud }

// Choice is how the number of clusters was chosen.
type Choice struct {
	K          int
	Why        Why
	Rows       int         // of the sample it was chosen on
	Candidates []Candidate // from k = 2; none where FewValues or Identical
}

// The rules of Choose.
const (
	chooseRows  = 4096 // rows weighed
	chooseTries = 4    // seedings for each k
	nullRows    = 1024 // rows of each of the
	clouds      = 5    // made-up clouds, and
	boxes       = 3    // boxes, each with
	nullTries   = 2    // seedings

	leastExcess = 0.03 // of the silhouette over that of a cloud, and
	leastMargin = 0.02 // over that of a box
	leastRepeat = 0.8  // prediction strength; and for each 1 it falls short of 1
	moreExcess  = 0.2  // so much more excess
	halvings    = 5    // times the rows are halved for it
	halfTries   = 2    // seedings on each half
	nearlyBest  = 0.01 // of excess: as good as the best

	fewShare  = 0.02 // of the rows that one of few values must have
	fewCovers = 0.95 // of the rows that they must have together
)

// Choose finds how many clusters there are, 1 to o.MaxK, on a sample of at most
// 4,096 rows (by key).
//
// Where up to o.MaxK different rows, each 2% of all or more, make up 95% of
// them, each is a cluster. Else k fits when its mean simplified silhouette is at
// least 0.03 above that of k clusters made of a single normal cloud with the rows' mean
// and covariance, and 0.02 above that of an even box along its axes (categories
// being drawn one column at a time): cutting up what is one group leaves no
// such gaps, however long or round it is. And k must come out again: halve the
// rows, cluster both halves; of each cluster of the one half, the pairs that the
// other half's clusters keep together must be 80% in the cluster that fares
// worst (prediction strength, Tibshirani & Walther 2005; the mean of five
// halvings), and what falls short of 100% makes up for it by more excess, 0.002 for
// each percent. Of the k that fit the one with the largest excess over the cloud is
// chosen, the larger of two within 0.01; without one there is a single group.
//
// On planted groups this found the right k where the gap statistic
// (Tibshirani, Walther, Hastie 2001), the silhouette or prediction strength
// alone did not: the gap statistic splits what is long and correlated, prediction strength
// cuts a long cloud in the same places again and again, and both the silhouette and
// Caliński & Harabasz know no k = 1. The tests hold it to those.
func Choose(ctx context.Context, r *Rows, o Options) (*Choice, error) {
	o, err := o.checked(r)
	if err != nil {
		return nil, err
	}
	s := r.sample(min(chooseRows, o.Sample), o)
	c := &Choice{K: 1, Rows: s.n}
	if few := s.few(o.MaxK); few > 0 {
		c.K, c.Why = few, FewValues
		if few == 1 {
			c.Why = Identical
		}
		return c, nil
	}
	w := weighing{rows: s, o: o, p: principals(s)}
	w.o.Starts, w.o.swaps = chooseTries, 1
	best := 0.0
	for k := 2; k <= min(o.MaxK, s.n-1); k++ {
		x, err := w.weigh(ctx, k)
		if err != nil {
			return nil, err
		}
		c.Candidates = append(c.Candidates, x)
		if x.Fits {
			best = max(best, x.Excess())
		}
	}
	for _, x := range c.Candidates {
		if x.Fits && x.Excess() >= best-nearlyBest {
			c.K, c.Why = x.K, Separate
		}
	}
	return c, ctx.Err()
}

// few is the number of different rows where they are at most most and make up
// nearly all; 0 where there are more.
func (r *Rows) few(most int) int {
	order := make([]int32, r.n)
	for i := range order {
		order[i] = int32(i)
	}
	compare := func(a, b int32) int {
		return cmp.Or(slices.Compare(r.Row(int(a)), r.Row(int(b))), slices.Compare(r.codes(int(a)), r.codes(int(b))))
	}
	slices.SortFunc(order, func(a, b int32) int { return cmp.Or(compare(a, b), int(a-b)) })
	values, covered := 0, 0
	for from := 0; from < r.n; {
		to := from + 1
		for to < r.n && compare(order[from], order[to]) == 0 {
			to++
		}
		if float64(to-from) >= fewShare*float64(r.n) {
			values++
			covered += to - from
		}
		from = to
	}
	if values > most || float64(covered) < fewCovers*float64(r.n) {
		return 0
	}
	return values
}

// weighing holds what all candidates are weighed against.
type weighing struct {
	rows          *Rows
	o             Options
	p             *principal
	clouds, boxes []*Rows
	alone         float64 // inertia with one cluster
}

// weigh clusters the sample into k and judges it.
func (w *weighing) weigh(ctx context.Context, k int) (x Candidate, err error) {
	if w.clouds == nil {
		for i := range clouds {
			w.clouds = append(w.clouds, w.p.cloud(w.rows, newStream(w.o.Seed, forReference, i)))
		}
		for i := range boxes {
			w.boxes = append(w.boxes, w.p.box(w.rows, newStream(w.o.Seed, forReference, clouds+i)))
		}
		one, err := search(ctx, w.rows, 1, w.o)
		if err != nil {
			return x, err
		}
		w.alone = inertia(w.rows, one)
	}
	x.K = k
	c, err := search(ctx, w.rows, k, w.o)
	if err != nil {
		return x, err
	}
	x.Inertia, x.Silhouette = w.rows.quality(c)
	if c.k > 1 && x.Inertia > 0 {
		x.CalinskiHarabasz = (w.alone - x.Inertia) / float64(c.k-1) / (x.Inertia / float64(w.rows.n-c.k))
	}
	if x.Cloud, err = w.without(ctx, w.clouds, k); err != nil {
		return x, err
	}
	if c.k < k || x.Excess() < leastExcess {
		return x, nil
	}
	if x.Box, err = w.without(ctx, w.boxes, k); err != nil || x.Silhouette-x.Box < leastMargin {
		return x, err
	}
	x.Strength, err = strength(ctx, w.rows, k, w.o)
	x.Fits = x.Strength >= leastRepeat && x.Excess() >= leastExcess+moreExcess*(1-x.Strength)
	return x, err
}

// quality is the inertia and the mean simplified silhouette by the centers.
func (r *Rows) quality(c *centers) (inertia, mean float64) {
	for i := range r.n {
		_, square, next := c.nearest(r, i)
		inertia += square
		mean += silhouette(square, next)
	}
	return inertia, mean / float64(r.n)
}

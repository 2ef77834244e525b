package micro

import (
	"cmp"
	"context"
	"math"
	"slices"

	"tesela/segment/cluster"
)

// options are those of clustering a layer in a stage.
func (w *work) options(l layer, p *parted) cluster.Options {
	return cluster.Options{Seed: hashText(p.stage.Label + "\x00" + l.name), MaxK: w.mostK}
}

// cluster clusters customers of a stage in a layer, into k clusters or as many
// as are found (k is 0). Those of whom nothing is known in the layer are a
// cluster of their own, the last.
func (w *work) cluster(ctx context.Context, p *parted, s *split, rows []int32, k int) error {
	some, none := w.known(s.use, rows)
	among := make([]int32, len(some))
	for to, from := range some {
		among[to] = rows[from]
	}
	s.choice.K = 1
	if len(some) < 2 {
		s.labels = make([]uint8, len(rows))
		return nil
	}
	prepared, err := w.prepare(ctx, s.use, among)
	if err != nil {
		return err
	}
	if prepared.Dims()+prepared.Cats() == 0 {
		s.labels = make([]uint8, len(rows))
		return nil
	}
	o := w.options(s.layer, p)
	if k == 0 {
		choice, err := cluster.Choose(ctx, prepared, o)
		if err != nil {
			return err
		}
		s.fits = numbers(choice)
		k = s.fits[0]
	}
	c, err := cluster.KMeans(ctx, prepared, k, o)
	if err != nil {
		return err
	}
	s.choice.K, s.choice.Silhouette, s.choice.Unknown = c.K, c.Silhouette, len(none) > 0
	s.labels = make([]uint8, len(rows))
	for at, from := range some {
		s.labels[from] = c.Labels[at]
	}
	for _, from := range none {
		s.labels[from] = uint8(c.K)
	}
	s.far = centreDistances(prepared, c)
	if s.cut {
		if s.choice.Stability, err = cluster.Stability(ctx, prepared, c, w.options(s.layer, p), 0); err != nil {
			return err
		}
	}
	return nil
}

// numbers are the numbers of clusters that may be, the best first: those whose
// silhouette stands out most over that of one cloud without groups, less a
// little for each cluster more; none but one where none comes out again.
//
// cluster.Choose asks for a prediction strength of 0.8 and then takes the one
// that stands out most, which a few customers more may turn to another that is
// nearly as good. With a price for each cluster there are fewer such ties.
func numbers(c *cluster.Choice) []int {
	if c.Why == cluster.FewValues || c.Why == cluster.Identical {
		return []int{c.K}
	}
	var fits []cluster.Candidate
	for _, x := range c.Candidates {
		if x.Strength >= leastStrength {
			fits = append(fits, x)
		}
	}
	worth := func(x cluster.Candidate) float64 { return x.Excess() - clusterPrice*float64(x.K) }
	slices.SortStableFunc(fits, func(a, b cluster.Candidate) int { return cmp.Compare(worth(b), worth(a)) })
	all := make([]int, 0, len(fits)+1)
	for _, x := range fits {
		all = append(all, x.K)
	}
	if len(all) == 0 {
		all = []int{1}
	}
	return all
}

// centreDistances are how far clusters are apart, in spreads per figure; the
// last, of those of whom nothing is known, lies as far from all as those do
// from one another on average.
func centreDistances(rows *cluster.Rows, c *cluster.Clusters) [][]float64 {
	far := make([][]float64, c.K+1)
	for a := range far {
		far[a] = make([]float64, c.K+1)
	}
	sum, pairs := 0.0, 0
	for a := range c.K {
		for b := range a {
			square := 0.0
			for d := range c.Centers[a] {
				x := c.Centers[a][d] - c.Centers[b][d]
				square += float64(x * x)
			}
			for m := range c.Modes[a] {
				if c.Modes[a][m] != c.Modes[b][m] {
					square += rows.Gamma
				}
			}
			x := math.Sqrt(square / float64(max(1, rows.Dims()+rows.Cats())))
			far[a][b], far[b][a] = x, x
			sum += x
			pairs++
		}
	}
	for a := range c.K {
		x := 1.0
		if pairs > 0 {
			x = sum / float64(pairs)
		}
		far[a][c.K], far[c.K][a] = x, x
	}
	return far
}

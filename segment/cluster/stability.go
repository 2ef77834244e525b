package cluster

import "context"

// DefaultResamples is how often Stability clusters anew when not told.
const DefaultResamples = 10

// The resamples of Stability.
const (
	stableRows = 4096 // rows compared
	stableTry  = 2    // seedings for each resample
)

// Stability tells how much of a clustering comes out again when other customers
// are looked at: the mean adjusted Rand index, over resamples drawn from the
// rows with replacement (the bootstrap of Hennig 2007), between the clusters and
// those found in the resample with as many clusters. All indices are over the
// same rows, at most 4,096. 1 with a single cluster. resamples is
// DefaultResamples when 0.
func Stability(ctx context.Context, r *Rows, c *Clusters, o Options, resamples int) (mean float64, err error) {
	o, err = o.checked(r)
	if err != nil {
		return 0, err
	}
	if c.K < 2 {
		return 1, nil
	}
	if resamples <= 0 {
		resamples = DefaultResamples
	}
	s := r.sample(min(stableRows, o.Sample), o)
	own := c.centers(r)
	a, b := make([]uint8, s.n), make([]uint8, s.n)
	for i := range a {
		near, _, _ := own.nearest(s, i)
		a[i] = uint8(near)
	}
	o.Starts, o.swaps = stableTry, 1
	rows := make([]int32, s.n)
	for t := range resamples {
		draw := newStream(o.Seed, forResample, t)
		for i := range rows {
			rows[i] = int32(draw.below(s.n))
		}
		found, err := search(ctx, s.take(rows), c.K, o)
		if err != nil {
			return 0, err
		}
		for i := range b {
			near, _, _ := found.nearest(s, i)
			b[i] = uint8(near)
		}
		mean += AdjustedRand(a, b)
	}
	return mean / float64(resamples), nil
}

// centers are the clusters' as rows measure distances to.
func (c *Clusters) centers(r *Rows) *centers {
	own := newCenters(r, c.K)
	for j := range c.K {
		copy(own.mean[j*r.dims:], c.Centers[j])
		copy(own.mode[j*r.cats:], c.Modes[j])
	}
	return own
}

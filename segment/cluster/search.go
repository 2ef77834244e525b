package cluster

import (
	"cmp"
	"context"
	"math"
	"slices"
)

// How far iterations go: on a sample to the end, over all rows until the
// centers together move less than a thousandth of a unit.
const (
	firstRounds   = 6
	sampleRounds  = 200
	refineRounds  = 60
	fineTolerance = 1e-6
	refined       = 3    // centers of a sample that all rows are tried with
	otherwise     = 1e-3 // more inertia, of which centers count as others
)

// search tries several seedings, follows the better ones to the end, swaps the
// centers of the best, and returns those with the least inertia.
func search(ctx context.Context, r *Rows, k int, o Options) (*centers, error) {
	found, err := searchAll(ctx, r, k, o)
	if err != nil {
		return nil, err
	}
	return found[0], nil
}

// searchAll is search that also returns the next best that are others: what is
// best among a sample need not be among all.
func searchAll(ctx context.Context, r *Rows, k int, o Options) ([]*centers, error) {
	starts := o.Starts
	if k == 1 {
		starts = 1
	}
	// Every start goes a few rounds; then the better half goes on.
	runs := make([]*lloyd, starts)
	cost := make([]float64, starts)
	fail := make([]error, starts)
	advance := func(rounds int) error {
		err := parallel(ctx, len(runs), func(i int) {
			if runs[i] == nil {
				runs[i] = newLloyd(r, seed(r, k, newStream(o.Seed, forSeeding, k<<16|i)), true)
			}
			if fail[i] = runs[i].run(ctx, rounds, 0); fail[i] == nil {
				cost[i] = inertia(r, runs[i].c)
			}
		})
		return earliest(err, fail)
	}
	if err := advance(firstRounds); err != nil {
		return nil, err
	}
	order := make([]int, starts)
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(cost[a], cost[b]) })
	better := make([]*lloyd, 0, starts)
	for _, i := range order[:(starts+1)/2] {
		better = append(better, newLloyd(r, runs[i].c, true))
	}
	runs = better
	if err := advance(sampleRounds); err != nil {
		return nil, err
	}
	order = order[:len(runs)]
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(cost[a], cost[b]) })
	best, err := swap(ctx, r, runs[order[0]].c, cmp.Or(o.swaps, swapsEach), newStream(o.Seed, forSwaps, k))
	if err != nil {
		return nil, err
	}
	found, last := []*centers{best}, inertia(r, best)
	for _, i := range order {
		if len(found) < refined && cost[i] > last*(1+otherwise) {
			found, last = append(found, runs[i].c), cost[i]
		}
	}
	return found, nil
}

// earliest is the first error there is.
func earliest(err error, more []error) error {
	for _, e := range more {
		err = cmp.Or(err, e)
	}
	return err
}

// refine goes on over all rows from the centers that fare best there.
func refine(ctx context.Context, r *Rows, found []*centers) (*centers, error) {
	var best *lloyd
	least := 0.0
	for _, c := range found {
		l := newLloyd(r, c, false)
		if err := l.run(ctx, firstRounds, fineTolerance); err != nil {
			return nil, err
		}
		cost, err := inertiaOfAll(ctx, r, l.c)
		if err != nil {
			return nil, err
		}
		if best == nil || cost < least {
			best, least = l, cost
		}
	}
	best = newLloyd(r, best.c, false)
	if err := best.run(ctx, refineRounds, fineTolerance); err != nil {
		return nil, err
	}
	return best.c, nil
}

// inertiaOfAll is inertia over all cores.
func inertiaOfAll(ctx context.Context, r *Rows, c *centers) (sum float64, err error) {
	parts := make([]float64, blocks(r.n))
	err = each(ctx, r.n, func(b, from, to int) {
		for i := from; i < to; i++ {
			_, square, _ := c.nearest(r, i)
			parts[b] += square
		}
	})
	for _, p := range parts {
		sum += p
	}
	return sum, err
}

// inertia is the sum of the rows' squared distances to their nearest centers,
// on one core.
func inertia(r *Rows, c *centers) float64 {
	sum := 0.0
	for i := range r.n {
		_, square, _ := c.nearest(r, i)
		sum += square
	}
	return sum
}

// finish labels all rows by the centers and puts the clusters in order.
func (r *Rows) finish(ctx context.Context, c *centers) (*Clusters, error) {
	labels := make([]uint8, r.n)
	type sums struct {
		inertia, silhouette float64
		counts              []int
	}
	all := make([]sums, blocks(r.n))
	err := each(ctx, r.n, func(b, from, to int) {
		s := sums{counts: make([]int, c.k)}
		for i := from; i < to; i++ {
			best, square, next := c.nearest(r, i)
			labels[i] = uint8(best)
			s.inertia += square
			s.silhouette += silhouette(square, next)
			s.counts[best]++
		}
		all[b] = s
	})
	if err != nil {
		return nil, err
	}
	f := &Clusters{Labels: labels}
	counts := make([]int, c.k)
	for _, s := range all {
		f.Inertia += s.inertia
		f.Silhouette += s.silhouette
		for j, n := range s.counts {
			counts[j] += n
		}
	}
	f.Silhouette /= float64(r.n)
	place := make([]uint8, c.k) // of each center among the clusters
	for _, j := range r.order(c, counts) {
		place[j] = uint8(f.K)
		f.K++
		f.Sizes = append(f.Sizes, counts[j])
		f.Centers = append(f.Centers, slices.Clone(c.mean[j*r.dims:(j+1)*r.dims]))
		f.Modes = append(f.Modes, slices.Clone(c.mode[j*r.cats:(j+1)*r.cats]))
	}
	return f, each(ctx, r.n, func(_, from, to int) {
		for i := from; i < to; i++ {
			labels[i] = place[labels[i]]
		}
	})
}

// order lists the centers that have rows: the one with most first, equally
// large ones by their figures, then their codes.
func (r *Rows) order(c *centers, counts []int) []int {
	var order []int
	for j, n := range counts {
		if n > 0 {
			order = append(order, j)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Or(
			cmp.Compare(counts[b], counts[a]),
			slices.Compare(c.mean[a*r.dims:(a+1)*r.dims], c.mean[b*r.dims:(b+1)*r.dims]),
			slices.Compare(c.mode[a*r.cats:(a+1)*r.cats], c.mode[b*r.cats:(b+1)*r.cats]),
		)
	})
	return order
}

// silhouette is the simplified silhouette of a row by the squared distances to
// its own center and the next: 1 - own/next, 0 where there is no next or both
// are 0.
func silhouette(own, next float64) float64 {
	if next <= 0 {
		return 0
	}
	return 1 - math.Sqrt(own/next)
}

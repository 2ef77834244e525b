package cluster

import "context"

// strength is the prediction strength of k clusters.
func strength(ctx context.Context, r *Rows, k int, o Options) (mean float64, err error) {
	o.Starts, o.swaps = halfTries, 1
	found, fail := make([]float64, halvings), make([]error, halvings)
	err = parallel(ctx, halvings, func(t int) {
		a, b := r.halves(newStream(o.Seed, forHalves, t).state)
		if a.n < 2*k || b.n < 2*k {
			return
		}
		ca, err := search(ctx, a, k, o)
		if fail[t] = err; err != nil {
			return
		}
		cb, err := search(ctx, b, k, o)
		if fail[t] = err; err == nil {
			found[t] = (together(b, cb, ca) + together(a, ca, cb)) / 2
		}
	})
	for _, s := range found {
		mean += s / halvings
	}
	return mean, earliest(err, fail)
}

// together is, of the cluster that fares worst, the share of the pairs of its
// rows that other centers keep together.
func together(r *Rows, own, other *centers) float64 {
	table := make([][]int, own.k)
	for i := range table {
		table[i] = make([]int, other.k)
	}
	for i := range r.n {
		a, _, _ := own.nearest(r, i)
		b, _, _ := other.nearest(r, i)
		table[a][b]++
	}
	least := 1.0
	for _, row := range table {
		n, same := 0, 0.0
		for _, m := range row {
			n += m
			same += pairs(m)
		}
		if n > 1 {
			least = min(least, same/pairs(n))
		}
	}
	return least
}

// halves parts the rows in two by their keys.
func (r *Rows) halves(salt uint64) (a, b *Rows) {
	var rows [2][]int32
	for i := range r.n {
		side := mix(mix(r.key(i))^salt) & 1
		rows[side] = append(rows[side], int32(i))
	}
	return r.take(rows[0]), r.take(rows[1])
}

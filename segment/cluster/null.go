package cluster

import (
	"context"
	"math"
)

// without is the mean silhouette of k clusters in rows that have no groups.
func (w *weighing) without(ctx context.Context, made []*Rows, k int) (mean float64, err error) {
	o := w.o
	o.Starts, o.swaps = nullTries, -1
	found, fail := make([]float64, len(made)), make([]error, len(made))
	err = parallel(ctx, len(made), func(i int) {
		c, err := search(ctx, made[i], k, o)
		if fail[i] = err; err == nil {
			_, found[i] = made[i].quality(c)
		}
	})
	for _, s := range found {
		mean += s / float64(len(made))
	}
	return mean, earliest(err, fail)
}

// cloud makes up to 1,024 rows from a single normal cloud with the same mean and
// covariance; of categories, column by column, as frequent as they are.
func (p *principal) cloud(r *Rows, s stream) *Rows {
	return p.made(r, &s, func(a int) float64 {
		return math.Sqrt(p.wide[a]) * s.normal()
	})
}

// box makes up to 1,024 rows evenly from the box along the principal axes that
// holds the rows; categories as in a cloud.
func (p *principal) box(r *Rows, s stream) *Rows {
	low, high := make([]float64, p.dims), make([]float64, p.dims)
	for i := range r.n {
		for a := range p.dims {
			y := p.along(r, i, a)
			low[a], high[a] = min(low[a], y), max(high[a], y)
		}
	}
	return p.made(r, &s, func(a int) float64 { return low[a] + float64(s.unit()*(high[a]-low[a])) })
}

// made makes rows of what along gives along each axis.
func (p *principal) made(r *Rows, s *stream, along func(axis int) float64) *Rows {
	m := &Rows{
		Gamma: r.Gamma, n: min(r.n, nullRows), dims: r.dims, cats: r.cats, levels: r.levels,
	}
	m.x, m.code = make([]float32, m.n*m.dims), make([]uint16, m.n*m.cats)
	y := make([]float64, p.dims)
	for i := range m.n {
		for a := range y {
			y[a] = along(a)
		}
		for d := range m.dims {
			x := p.mean[d]
			for a := range y {
				x += float64(y[a] * p.axes[d*p.dims+a])
			}
			m.x[i*m.dims+d] = float32(x)
		}
		for c := range m.cats {
			m.code[i*m.cats+c] = r.codes(s.below(r.n))[c]
		}
	}
	return m
}

package cluster

import "math"

// principal are the axes along which the rows' figures spread, and how far:
// the eigenvectors of their covariance, by Jacobi's rotations in a fixed order.
type principal struct {
	dims int
	mean []float64
	axes []float64 // dims × dims: axis by axis
	wide []float64 // the variance along each axis
}

func principals(r *Rows) *principal {
	d, n := r.dims, float64(max(r.n, 1))
	p := &principal{dims: d, mean: make([]float64, d), axes: make([]float64, d*d), wide: make([]float64, d)}
	for i := range r.n {
		for a, x := range r.Row(i) {
			p.mean[a] += float64(x) / n
		}
	}
	cov := make([]float64, d*d)
	off := make([]float64, d)
	for i := range r.n {
		for a, x := range r.Row(i) {
			off[a] = float64(x) - p.mean[a]
			for b := range a + 1 {
				cov[a*d+b] += float64(off[a] * off[b])
			}
		}
	}
	for a := range d {
		for b := range a + 1 {
			cov[a*d+b] /= n
			cov[b*d+a] = cov[a*d+b]
		}
		p.axes[a*d+a] = 1
	}
	for range 50 {
		rest := 0.0
		for a := range d {
			for b := range a {
				rest += float64(cov[a*d+b] * cov[a*d+b])
				rotate(cov, p.axes, d, b, a)
			}
		}
		if rest < 1e-18 {
			break
		}
	}
	for a := range d {
		p.wide[a] = max(cov[a*d+a], 0)
	}
	return p
}

// along is the place of row i on an axis.
func (p *principal) along(r *Rows, i, axis int) (y float64) {
	for d, x := range r.Row(i) {
		y += float64((float64(x) - p.mean[d]) * p.axes[d*p.dims+axis])
	}
	return y
}

// rotate makes the covariance of axes a and b nothing.
func rotate(cov, axes []float64, d, a, b int) {
	x := cov[a*d+b]
	if x == 0 {
		return
	}
	theta := (cov[b*d+b] - cov[a*d+a]) / (2 * x)
	t := math.Copysign(1, theta) / (math.Abs(theta) + math.Sqrt(float64(theta*theta)+1))
	c := 1 / math.Sqrt(float64(t*t)+1)
	s := float64(t * c)
	turn := func(m []float64, i, j int) {
		u, v := m[i], m[j]
		m[i] = float64(c*u) - float64(s*v)
		m[j] = float64(s*u) + float64(c*v)
	}
	for i := range d {
		turn(cov, i*d+a, i*d+b)
	}
	for i := range d {
		turn(cov, a*d+i, b*d+i)
	}
	for i := range d {
		turn(axes, a*d+i, b*d+i)
	}
}

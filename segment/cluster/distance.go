package cluster

import "math"

// centers are k points that rows are near to.
type centers struct {
	k    int
	mean []float64 // k × dims
	mode []uint16  // k × cats
}

func newCenters(r *Rows, k int) *centers {
	return &centers{k: k, mean: make([]float64, k*r.dims), mode: make([]uint16, k*r.cats)}
}

// set makes row i center j.
func (c *centers) set(j int, r *Rows, i int) {
	for d, x := range r.Row(i) {
		c.mean[j*r.dims+d] = float64(x)
	}
	copy(c.mode[j*r.cats:(j+1)*r.cats], r.codes(i))
}

// square is the squared distance of row i from center j. Products are rounded
// before they are added, so that every processor finds the same.
func (c *centers) square(r *Rows, i, j int) float64 {
	x := r.x[i*r.dims : (i+1)*r.dims]
	m := c.mean[j*r.dims:][:len(x)]
	var a, b float64
	d := 0
	for ; d+1 < len(x); d += 2 {
		u := float64(x[d]) - m[d]
		v := float64(x[d+1]) - m[d+1]
		a += float64(u * u)
		b += float64(v * v)
	}
	if d < len(x) {
		u := float64(x[d]) - m[d]
		a += float64(u * u)
	}
	a += b
	if r.cats > 0 {
		mode := c.mode[j*r.cats:]
		differ := 0
		for n, code := range r.codes(i) {
			if code != mode[n] {
				differ++
			}
		}
		a += float64(r.Gamma * float64(differ))
	}
	return a
}

// nearest finds the center nearest to row i, the first of equals, with the
// squared distances to it and to the next; next is -1 with one center.
func (c *centers) nearest(r *Rows, i int) (best int, square, next float64) {
	if r.cats > 0 {
		return c.nearestOfAny(r, i)
	}
	// The same figures as square, without a call for each center.
	x := r.x[i*r.dims : (i+1)*r.dims]
	square, next = math.Inf(1), math.Inf(1)
	for j, m := 0, c.mean; j < c.k; j, m = j+1, m[len(x):] {
		m := m[:len(x)]
		var a, b float64
		d := 0
		for ; d+1 < len(x); d += 2 {
			u := float64(x[d]) - m[d]
			v := float64(x[d+1]) - m[d+1]
			a += float64(u * u)
			b += float64(v * v)
		}
		if d < len(x) {
			u := float64(x[d]) - m[d]
			a += float64(u * u)
		}
		switch s := a + b; {
		case s < square:
			best, square, next = j, s, square
		case s < next:
			next = s
		}
	}
	if c.k == 1 {
		next = -1
	}
	return best, square, next
}

// nearestOfAny is nearest where there are categories.
func (c *centers) nearestOfAny(r *Rows, i int) (best int, square, next float64) {
	square, next = c.square(r, i, 0), -1
	for j := 1; j < c.k; j++ {
		switch s := c.square(r, i, j); {
		case s < square:
			best, square, next = j, s, square
		case next < 0 || s < next:
			next = s
		}
	}
	return best, square, next
}

// between is the squared distance of two centers of the same rows.
func between(r *Rows, a *centers, i int, b *centers, j int) float64 {
	sum := 0.0
	for d := range r.dims {
		u := a.mean[i*r.dims+d] - b.mean[j*r.dims+d]
		sum += float64(u * u)
	}
	for n := range r.cats {
		if a.mode[i*r.cats+n] != b.mode[j*r.cats+n] {
			sum += r.Gamma
		}
	}
	return sum
}

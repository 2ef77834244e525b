package cluster

import "math"

// seed places up to k centers among the rows by k-means++ (Arthur &
// Vassilvitskii 2007): each on a row drawn with the chance of its squared
// distance to the nearest placed so far, the best of 2 + ln k draws. It places
// fewer where fewer rows differ.
func seed(r *Rows, k int, s stream) *centers {
	draws := 2 + int(math.Log(float64(k)))
	c := newCenters(r, k)
	c.k = 1
	c.set(0, r, s.below(r.n))
	near := make([]float64, r.n) // squared distance to the nearest center
	total := 0.0
	for i := range near {
		near[i] = c.square(r, i, 0)
		total += near[i]
	}
	trial, best := make([]float64, r.n), make([]float64, r.n)
	for c.k < k && total > 0 {
		least := math.Inf(1)
		row := -1
		for range draws {
			i := weighted(near, s.unit()*total)
			c.set(c.k, r, i)
			sum := 0.0
			for i, d := range near {
				trial[i] = min(d, c.square(r, i, c.k))
				sum += trial[i]
			}
			if sum < least {
				least, row = sum, i
				trial, best = best, trial
			}
		}
		c.set(c.k, r, row)
		c.k++
		near, best = best, near
		total = least
	}
	return c.first(r, c.k)
}

// weighted finds where the running sum of the weights passes x; never a weight
// of 0.
func weighted(weights []float64, x float64) int {
	last := 0
	for i, w := range weights {
		if w <= 0 {
			continue
		}
		last = i
		if x -= w; x < 0 {
			return i
		}
	}
	return last
}

// first is the first k of the centers.
func (c *centers) first(r *Rows, k int) *centers {
	return &centers{k: k, mean: c.mean[:k*r.dims], mode: c.mode[:k*r.cats]}
}

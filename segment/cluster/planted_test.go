package cluster

import (
	"fmt"
	"math"
)

// The worlds here are made up so that how many groups there are is known.

// world is columns of customers in k groups.
type world struct {
	name string
	k    int
	cols []Column
	want []uint8 // the group of each
}

func cols(d, n int) []Column {
	c := make([]Column, d)
	for j := range c {
		c[j].Numbers = make([]float64, n)
	}
	return c
}

// blobs makes k round groups whose centers lie about sep standard deviations
// apart, of the given shares or equally large, and columns of noise.
func blobs(name string, n, d, k int, sep float64, shares []float64, noise int, seed uint64) world {
	s := newStream(seed, 99, 0)
	w := world{name: name, k: k, cols: cols(d+noise, n), want: make([]uint8, n)}
	cs := make([][]float64, k)
	for {
		least := 1e9
		for j := range cs {
			cs[j] = make([]float64, d)
			for x := range cs[j] {
				cs[j][x] = s.normal() * sep
			}
			for i := range j {
				q := 0.0
				for x := range d {
					q += (cs[i][x] - cs[j][x]) * (cs[i][x] - cs[j][x])
				}
				least = min(least, math.Sqrt(q))
			}
		}
		if least > sep*0.9 || k == 1 {
			break
		}
	}
	for i := range n {
		u := s.unit()
		j := int(u * float64(k))
		if shares != nil {
			j = 0
			for j < k-1 && u > shares[j] {
				u -= shares[j]
				j++
			}
		}
		w.want[i] = uint8(j)
		for x := range d {
			w.cols[x].Numbers[i] = cs[j][x] + s.normal()
		}
		for x := range noise {
			w.cols[d+x].Numbers[i] = s.normal()
		}
	}
	return w
}

// fill makes rows one by one; f returns the row's group.
func fill(name string, k, n, d int, seed uint64, f func(s *stream, row []float64) int) world {
	s := newStream(seed, 98, 0)
	w := world{name: name, k: k, cols: cols(d, n), want: make([]uint8, n)}
	row := make([]float64, d)
	for i := range n {
		w.want[i] = uint8(f(&s, row))
		for x := range d {
			w.cols[x].Numbers[i] = row[x]
		}
	}
	return w
}

// worlds are groups apart and groups that are none.
func worlds(seed uint64, n int) []world {
	var ws []world
	for _, d := range []int{1, 2, 5, 10} {
		ws = append(ws, blobs(fmt.Sprint("gauss", d), n, d, 1, 0, nil, 0, seed))
	}
	ws = append(ws, fill("uniform3", 1, n, 3, seed, func(s *stream, r []float64) int {
		for i := range r {
			r[i] = s.unit()
		}
		return 0
	}))
	ws = append(ws, fill("elong", 1, n, 4, seed, func(s *stream, r []float64) int {
		z := s.normal()
		for i := range r {
			r[i] = z + 0.3*s.normal()
		}
		return 0
	}))
	ws = append(ws, fill("lognormal", 1, n, 5, seed, func(s *stream, r []float64) int {
		z := s.normal()
		for i := range r {
			r[i] = math.Exp(z + 0.7*s.normal())
		}
		return 0
	}))
	ws = append(ws, fill("expo", 1, n, 3, seed, func(s *stream, r []float64) int {
		for i := range r {
			r[i] = -math.Log(1 - s.unit())
		}
		return 0
	}))
	ws = append(ws, fill("gapcol", 2, n, 3, seed, func(s *stream, r []float64) int {
		if s.unit() < 0.3 {
			r[0], r[1], r[2] = math.NaN(), math.NaN(), s.normal()
			return 0
		}
		for i := range r {
			r[i] = s.normal()
		}
		return 1
	}))
	for _, k := range []int{2, 3, 4, 6, 8} {
		for _, d := range []int{2, 5, 10} {
			ws = append(ws, blobs(fmt.Sprintf("blobs k%d d%d", k, d), n, d, k, 7, nil, 0, seed+uint64(k)))
		}
	}
	for _, k := range []int{2, 3, 5} {
		ws = append(ws, blobs(fmt.Sprintf("mid k%d d5", k), n, 5, k, 4.5, nil, 0, seed+uint64(k)))
		ws = append(ws, blobs(fmt.Sprintf("near k%d d5", k), n, 5, k, 3, nil, 0, seed+uint64(k)))
	}
	ws = append(ws, blobs("unequal k3", n, 4, 3, 7, []float64{0.8, 0.15, 0.05}, 0, seed))
	ws = append(ws, blobs("unequal k4", n, 4, 4, 7, []float64{0.6, 0.25, 0.1, 0.05}, 0, seed))
	ws = append(ws, blobs("noise k3 3+3", n, 3, 3, 6, nil, 3, seed))
	// shares of categories of few orders
	ws = append(ws, fill("shares k4", 4, n, 4, seed, func(s *stream, r []float64) int {
		j := int(s.unit() * 4)
		m := 3 + int(s.unit()*10)
		for i := range r {
			r[i] = 0
		}
		for range m {
			c := j
			if s.unit() < 0.3 {
				c = int(s.unit() * 4)
			}
			r[c] += 1 / float64(m)
		}
		return j
	}))
	ws = append(ws, fill("weekend k2 of 1+3", 2, n, 4, seed, func(s *stream, r []float64) int {
		j := 0
		p := 2. / 7
		if s.unit() < 0.3 {
			j, p = 1, 0.85
		}
		m := 5 + int(s.unit()*20)
		r[0] = 0
		for range m {
			if s.unit() < p {
				r[0] += 1 / float64(m)
			}
		}
		for i := 1; i < 4; i++ {
			r[i] = s.normal()
		}
		return j
	}))
	return ws
}

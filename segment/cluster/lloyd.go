package cluster

import (
	"context"
	"math"
	"sync"
)

// lloyd is the state of Lloyd's iterations over rows: centers, whose row is
// whose, and the bounds of Hamerly (2010) that spare most distances: no center
// is nearer to row i than lower[i] save its own, which is no farther than
// upper[i]. Distances with categories obey the triangle inequality too: a
// differing category is two corners of a simplex √Gamma apart.
type lloyd struct {
	r            *Rows
	c            *centers
	label        []uint8
	upper, lower []float64
	sums         []float64 // k × dims, of each cluster's rows
	counts       []int
	codes        [][]int32 // of each categorical column: k × levels
	drift        []float64 // how far each center moved last
	half         []float64 // half the distance of each center to the next
	serial       bool      // many run at once, so none spreads over the cores
}

// moves are what a block of rows changes of sums and counts.
type moves struct {
	sums   []float64
	counts []int
	moved  int
}

func newLloyd(r *Rows, c *centers, serial bool) *lloyd {
	l := &lloyd{
		r: r, c: c, label: make([]uint8, r.n), upper: make([]float64, r.n), lower: make([]float64, r.n),
		sums: make([]float64, c.k*r.dims), counts: make([]int, c.k), drift: make([]float64, c.k), half: make([]float64, c.k),
		codes: make([][]int32, r.cats), serial: serial,
	}
	for n := range l.codes {
		l.codes[n] = make([]int32, c.k*r.levels[n])
	}
	return l
}

// run iterates until no row moves, the centers move less than tolerance (in
// squared units, all together), or the rounds are over.
func (l *lloyd) run(ctx context.Context, rounds int, tolerance float64) error {
	for round := range rounds {
		moved, err := l.assign(ctx, round == 0)
		if err != nil {
			return err
		}
		if moved == 0 && !l.refill() {
			return nil
		}
		if l.move() <= tolerance {
			return nil
		}
	}
	return nil
}

// assign gives each row to its nearest center and keeps the sums.
func (l *lloyd) assign(ctx context.Context, first bool) (moved int, err error) {
	far, farther, farthest := 0.0, 0.0, -1 // the two largest drifts
	for j, d := range l.drift {
		if d > far {
			far, farther, farthest = d, far, j
		} else if d > farther {
			farther = d
		}
	}
	all := make([]moves, blocks(l.r.n))
	var codes sync.Mutex // counts of codes are whole numbers: their order is any
	block := func(b, from, to int) {
		m := moves{sums: make([]float64, len(l.sums)), counts: make([]int, l.c.k)}
		var changed []int32 // rows, with the cluster left in the low bits of was
		var was []int16
		for i := from; i < to; i++ {
			old := int(l.label[i])
			if !first {
				u := l.upper[i] + l.drift[old]
				d := far
				if old == farthest {
					d = farther
				}
				low := l.lower[i] - d
				l.upper[i], l.lower[i] = u, low
				bound := max(low, l.half[old])
				if u <= bound {
					continue
				}
				u = math.Sqrt(l.c.square(l.r, i, old))
				l.upper[i] = u
				if u <= bound {
					continue
				}
			}
			best, square, next := l.c.nearest(l.r, i)
			l.upper[i] = math.Sqrt(square)
			l.lower[i] = math.Inf(1)
			if next >= 0 {
				l.lower[i] = math.Sqrt(next)
			}
			if !first && best == old {
				continue
			}
			l.label[i] = uint8(best)
			m.moved++
			m.add(l.r, i, best, 1)
			if !first {
				m.add(l.r, i, old, -1)
			} else {
				old = -1
			}
			if l.r.cats > 0 {
				changed = append(changed, int32(i))
				was = append(was, int16(old))
			}
		}
		all[b] = m
		if len(changed) > 0 {
			codes.Lock()
			l.recode(changed, was)
			codes.Unlock()
		}
	}
	if l.serial {
		for b := range all {
			if err := ctx.Err(); err != nil {
				return 0, err
			}
			block(b, b*blockRows, min(l.r.n, (b+1)*blockRows))
		}
	} else if err := each(ctx, l.r.n, block); err != nil {
		return 0, err
	}
	for _, m := range all {
		for d, s := range m.sums {
			l.sums[d] += s
		}
		for j, n := range m.counts {
			l.counts[j] += n
		}
		moved += m.moved
	}
	return moved, nil
}

func (m *moves) add(r *Rows, i, cluster int, sign float64) {
	sums := m.sums[cluster*r.dims : (cluster+1)*r.dims]
	for d, x := range r.Row(i) {
		sums[d] += sign * float64(x)
	}
	m.counts[cluster] += int(sign)
}

// recode moves the codes of rows from the clusters they were in.
func (l *lloyd) recode(changed []int32, was []int16) {
	for n, counts := range l.codes {
		levels := l.r.levels[n]
		for at, i := range changed {
			code := int(l.r.code[int(i)*l.r.cats+n])
			counts[int(l.label[i])*levels+code]++
			if was[at] >= 0 {
				counts[int(was[at])*levels+code]--
			}
		}
	}
}

// move puts each center into the middle of its rows, and returns the sum of
// the squares of how far they went.
func (l *lloyd) move() (shift float64) {
	k, dims := l.c.k, l.r.dims
	old := &centers{k: k, mean: append([]float64(nil), l.c.mean...), mode: append([]uint16(nil), l.c.mode...)}
	for j := range k {
		if l.counts[j] == 0 {
			continue
		}
		for d := j * dims; d < (j+1)*dims; d++ {
			l.c.mean[d] = l.sums[d] / float64(l.counts[j])
		}
		for n, counts := range l.codes {
			l.c.mode[j*l.r.cats+n] = mode(counts[j*l.r.levels[n]:(j+1)*l.r.levels[n]], l.c.mode[j*l.r.cats+n])
		}
	}
	for j := range k {
		square := between(l.r, old, j, l.c, j)
		shift += square
		l.drift[j] = math.Sqrt(square)
		l.half[j] = math.Inf(1)
		for i := range k {
			if i != j {
				l.half[j] = min(l.half[j], math.Sqrt(between(l.r, l.c, i, l.c, j))/2)
			}
		}
	}
	return shift
}

// mode is the most frequent code: the one it was, or else the first, among
// equals.
func mode(counts []int32, was uint16) uint16 {
	best := was
	for code, n := range counts {
		if n > counts[best] {
			best = uint16(code)
		}
	}
	return best
}

// refill moves the center of a cluster without rows onto the row that is
// farthest from its own, and tells whether it did.
func (l *lloyd) refill() bool {
	for j, n := range l.counts {
		if n > 0 {
			continue
		}
		row, most := -1, 0.0
		for i, label := range l.label {
			if s := l.c.square(l.r, i, int(label)); s > most && l.counts[label] > 1 {
				row, most = i, s
			}
		}
		if row < 0 {
			return false
		}
		old := int(l.label[row])
		m := moves{sums: l.sums, counts: l.counts}
		m.add(l.r, row, old, -1)
		m.add(l.r, row, j, 1)
		l.label[row] = uint8(j)
		l.recode([]int32{int32(row)}, []int16{int16(old)})
		l.lower[row] = 0
		return true
	}
	return false
}

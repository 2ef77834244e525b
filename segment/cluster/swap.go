package cluster

import (
	"cmp"
	"context"
	"math"
	"slices"
)

// How centers are swapped.
const (
	swapsEach  = 4 // tries for each center when not told
	swapRounds = 3 // iterations after which a swap is judged
	swapDraws  = 4 // rows of which the best is where the center goes
	hopeless   = 1 // times the inertia lost for good at first: no few iterations get that back
)

// swap looks for better centers where restarts seldom get to: it takes a center
// that is missed little away and puts it on a row that gains much, iterates a
// little, and keeps what is better (random swap clustering, Fränti 2018, with
// the center to go chosen by what its rows lose). What is kept is followed to
// the end. The tries run one after another, each over one core.
func swap(ctx context.Context, r *Rows, c *centers, each int, s stream) (*centers, error) {
	if c.k < 2 {
		return c, nil
	}
	best := r.state(c)
	failed := 0
	for failed < each*c.k {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		gone := best.order[failed%c.k]
		row, gain := best.gaining(r, &s)
		if best.loss[gone]-gain > hopeless*best.inertia {
			failed++
			continue
		}
		trial := &centers{k: c.k, mean: slices.Clone(best.c.mean), mode: slices.Clone(best.c.mode)}
		trial.set(gone, r, row)
		l := newLloyd(r, trial, true)
		if err := l.run(ctx, swapRounds, 0); err != nil {
			return nil, err
		}
		if inertia(r, l.c) >= best.inertia*(1-1e-9) {
			failed++
			continue
		}
		l = newLloyd(r, l.c, true)
		if err := l.run(ctx, sampleRounds, 0); err != nil {
			return nil, err
		}
		best, failed = r.state(l.c), 0
	}
	return best.c, nil
}

// state is how rows lie about centers.
type state struct {
	c       *centers
	near    []float64 // squared distance of each row to its center
	inertia float64
	loss    []float64 // what each center's rows lose without it
	order   []int     // the centers by what their rows lose without them, least first
}

func (r *Rows) state(c *centers) *state {
	s := &state{c: c, near: make([]float64, r.n), loss: make([]float64, c.k), order: make([]int, c.k)}
	for i := range r.n {
		j, square, next := c.nearest(r, i)
		s.near[i] = square
		s.inertia += square
		s.loss[j] += next - square
	}
	for j := range s.order {
		s.order[j] = j
	}
	slices.SortStableFunc(s.order, func(a, b int) int { return cmp.Compare(s.loss[a], s.loss[b]) })
	return s
}

// gaining draws rows by their squared distance and returns the one at which a
// center gains most, and how much.
func (s *state) gaining(r *Rows, draw *stream) (row int, most float64) {
	most = math.Inf(-1)
	at := newCenters(r, 1)
	for range swapDraws {
		i := weighted(s.near, draw.unit()*s.inertia)
		at.set(0, r, i)
		gain := 0.0
		for k, d := range s.near {
			if to := at.square(r, k, 0); to < d {
				gain += d - to
			}
		}
		if gain > most {
			row, most = i, gain
		}
	}
	return row, most
}

package column

import "math"

// Steps is a number that changes with time, such as that of the local day,
// tabulated over packed times: one look at the table tells it for an x.
type Steps struct {
	first uint32 // the table's first bucket
	shift uint32
	at    []step
	// strides, where it is not nil, gives the same for many times at once.
	strides *strides
}

// step is a bucket of times: the number is before, and after from from on.
type step struct {
	from          uint32
	before, after int32
}

// stepsMost bounds the table.
const stepsMost = 1 << 16

// NewSteps tabulates a number over the times there are; it changes at most
// once in so many microseconds. Nil where the table would be too long.
func NewSteps(p *Packed, least int64, of func(t int64) int64) *Steps {
	if p == nil || p.Most == 0 || p.Step > least {
		return nil
	}
	s := &Steps{}
	for int64(2)<<s.shift <= least/p.Step && s.shift < 31 {
		s.shift++
	}
	s.first = p.Least >> s.shift
	last := p.Most >> s.shift
	if last-s.first >= stepsMost {
		return nil
	}
	for b := s.first; b <= last; b++ {
		lo, hi := max(b<<s.shift, p.Least), min(uint64(b+1)<<s.shift-1, uint64(p.Most))
		a, z := of(p.Base+p.Step*int64(lo)), of(p.Base+p.Step*int64(hi))
		e := step{math.MaxUint32, int32(a), int32(z)}
		if a != z {
			from, to := uint64(lo), hi // of(from) is a, of(to) is z
			for to-from > 1 {
				if mid := (from + to) / 2; of(p.Base+p.Step*int64(mid)) == a {
					from = mid
				} else {
					to = mid
				}
			}
			e.from = uint32(to)
		}
		s.at = append(s.at, e)
	}
	s.findStrides(p.Least, p.Most)
	return s
}

// Of is the number at a time that x stands for.
func (s *Steps) Of(x uint32) int32 {
	e := &s.at[x>>(s.shift&31)-s.first]
	n := e.before
	if x >= e.from {
		n = e.after
	}
	return n
}

// Fill gives the numbers at many times.
func (s *Steps) Fill(xs []uint32, out []int32) { fillSteps(s, xs, out, strideInts) }

// Number is Fill for what numbers of at least 0 are reckoned with.
func (s *Steps) Number(xs []uint32, out []uint32) { fillSteps(s, xs, out, strideNumbers) }

// Quick tells that many times are numbered at once, without a look at a table.
func (s *Steps) Quick() bool { return s.strides != nil && hasAVX2 }

// fillSteps gives the numbers by strides where there are any, the rest by the
// table.
func fillSteps[T int32 | uint32](s *Steps, xs []uint32, out []T, fill func(*strides, []uint32, []T) int) {
	out = out[:len(xs)]
	if s.strides != nil {
		n := fill(s.strides, xs, out)
		xs, out = xs[n:], out[n:]
	}
	at, first, shift := s.at, s.first, s.shift&31
	for i, x := range xs {
		e := at[x>>shift-first] // whole, so that what follows is no branch
		n, after := T(e.before), T(e.after)
		if x >= e.from {
			n = after
		}
		out[i] = n
	}
}

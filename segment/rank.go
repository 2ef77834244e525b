package segment

import (
	"context"
	"fmt"
	"math"
	"math/big"
	"slices"
	"sync/atomic"

	"tesela/segment/column"
)

// runStages finds the sets that conditions ask for, in order.
func (r *run) runStages(ctx context.Context) error {
	for _, s := range r.plan.stages {
		set, err := r.rank(ctx, s)
		if err != nil {
			return err
		}
		r.stages = append(r.stages, set)
	}
	return nil
}

// rank finds the best, and everyone tied with the last of them.
func (r *run) rank(ctx context.Context, s *rankStage) (*Set, error) {
	among := (*Set)(nil)
	if s.among != nil {
		sets, err := r.sets(ctx, []cond{s.among})
		if err != nil {
			return nil, err
		}
		among = sets[0]
	}
	if f := s.by.form; f == inInts || f == inFloats {
		return r.rankKeys(ctx, s, among)
	}
	return r.rankValues(ctx, s, among)
}

// rankKeys ranks by figures that have a key; see column.Keys.
func (r *run) rankKeys(ctx context.Context, s *rankStage, among *Set) (*Set, error) {
	keys := make([]int64, r.world.Customers)
	var all atomic.Int64
	err := r.each(ctx, func(w *worker) error {
		v, err := w.value(s.by)
		if err != nil {
			return err
		}
		mine := keys[w.lo:w.hi]
		if v.form == inInts {
			copy(mine, v.ints)
		} else {
			for i, x := range v.floats[:len(mine)] {
				mine[i] = column.Key(x)
			}
		}
		if among != nil {
			for i, x := range mine {
				if !among.Has(w.lo + i) {
					x = column.Unset
				}
				mine[i] = x
			}
		}
		set := w.mask((len(mine) + 63) / 64)
		column.MarkInts(mine, leastSet, mostSet, set)
		n := ones(set)
		w.masks = append(w.masks, set)
		all.Add(int64(n))
		return nil
	})
	if err != nil {
		return nil, err
	}
	out, n := NewSet(r.world.Customers), int(all.Load())
	k := s.size(n)
	if k == 0 {
		return out, nil
	}
	place := len(keys) - k // whose figure is unset comes first
	if s.bottom {
		place = len(keys) - n + k - 1
	}
	last, err := column.Ranks(ctx, keys, []int{place})
	if err != nil {
		return nil, err
	}
	lo, hi := last[0], int64(math.MaxInt64)
	if s.bottom {
		lo, hi = column.Unset+1, last[0]
	}
	err = column.Parts(ctx, len(keys), func(_, from, to int) {
		column.MarkInts(keys[from:to], lo, hi, out.words[from/64:])
	})
	if err != nil {
		return nil, err
	}
	s.noteTies(out, k)
	return out, nil
}

// rankValues ranks by what has to be compared.
func (r *run) rankValues(ctx context.Context, s *rankStage, among *Set) (*Set, error) {
	if among == nil {
		among = Everyone(r.world.Customers)
	}
	v, err := r.values(ctx, s.by)
	if err != nil {
		return nil, err
	}
	members := ranked(among, v)
	out, k := NewSet(r.world.Customers), s.size(len(members))
	if k == 0 {
		return out, nil
	}
	place := k - 1
	if !s.bottom {
		place = len(members) - k
	}
	all := slices.Clone(members)
	if err := nth(ctx, all, place, func(i, j uint32) bool { return v.Compare(int(i), int(j)) < 0 }); err != nil {
		return nil, err
	}
	last := int(all[place])
	for _, i := range members {
		if c := v.Compare(int(i), last); c == 0 || (c < 0) == s.bottom {
			out.Add(int(i))
		}
	}
	s.noteTies(out, k)
	return out, nil
}

// noteTies says how many more than k there are.
func (s *rankStage) noteTies(out *Set, k int) {
	if ties := out.Len() - k; ties > 0 {
		out.notes = append(out.notes, Note{
			Code: "ties", Span: s.span,
			Args: map[string]any{"rank": s.text, "asked": int64(k), "ties": int64(ties)},
			Text: fmt.Sprintf("%s: %d asked for, %d more are tied with the last of them", s.text, k, ties),
		})
	}
}

// size is how many of n are asked for.
func (s *rankStage) size(n int) int {
	k := s.n
	if s.percent {
		k = new(big.Rat).Mul(s.n, big.NewRat(int64(n), 100))
	}
	return int(min(int64(n), ceilRat(k)))
}

// ranked are the customers of a set whose value is set.
func ranked(among *Set, v *Values) []uint32 {
	members := make([]uint32, 0, among.Len())
	among.Each(func(i int) {
		if v.IsSet(i) {
			members = append(members, uint32(i))
		}
	})
	return members
}

// nth puts the element that belongs at place k of the ascending order there
// (quickselect: Hoare 1961, with the median of three as pivot).
func nth[T any](ctx context.Context, s []T, k int, less func(a, b T) bool) error {
	lo, hi := 0, len(s)-1
	for lo < hi {
		if err := ctx.Err(); err != nil {
			return err
		}
		mid := lo + (hi-lo)/2
		if less(s[mid], s[lo]) {
			s[mid], s[lo] = s[lo], s[mid]
		}
		if less(s[hi], s[lo]) {
			s[hi], s[lo] = s[lo], s[hi]
		}
		if less(s[hi], s[mid]) {
			s[hi], s[mid] = s[mid], s[hi]
		}
		pivot := s[mid]
		i, j := lo, hi
		for i <= j {
			for less(s[i], pivot) {
				i++
			}
			for less(pivot, s[j]) {
				j--
			}
			if i <= j {
				s[i], s[j] = s[j], s[i]
				i, j = i+1, j-1
			}
		}
		switch {
		case k <= j:
			hi = j
		case k >= i:
			lo = i
		default:
			return nil
		}
	}
	return nil
}

package segment

import (
	"context"
	"fmt"
	"math/big"

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
	among := Everyone(r.world.Customers)
	if s.among != nil {
		sets, err := r.sets(ctx, []cond{s.among})
		if err != nil {
			return nil, err
		}
		among = sets[0]
	}
	v, err := r.values(ctx, s.by)
	if err != nil {
		return nil, err
	}
	members := ranked(among, v)
	out := NewSet(r.world.Customers)
	k := s.size(len(members))
	if k == 0 {
		return out, nil
	}
	place := k - 1
	if !s.bottom {
		place = len(members) - k
	}
	reaches, err := threshold(ctx, v, members, place, s.bottom)
	if err != nil {
		return nil, err
	}
	ties := -k
	for _, i := range members {
		if reaches(int(i)) {
			out.Add(int(i))
			ties++
		}
	}
	if ties > 0 {
		out.notes = append(out.notes, Note{
			Code: "ties", Span: s.span,
			Args: map[string]any{"rank": s.text, "asked": int64(k), "ties": int64(ties)},
			Text: fmt.Sprintf("%s: %d asked for, %d more are tied with the last of them", s.text, k, ties),
		})
	}
	return out, nil
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

// threshold finds the value at a place of the members in ascending order and
// tells who is at least, or with bottom at most, that.
func threshold(ctx context.Context, v *Values, members []uint32, place int, bottom bool) (func(i int) bool, error) {
	switch v.vec.form {
	case inInts:
		figures := v.vec.ints
		all := make([]int64, len(members))
		for k, i := range members {
			all[k] = figures[i]
		}
		ranks, err := column.Ranks(ctx, all, []int{place})
		if err != nil {
			return nil, err
		}
		if bottom {
			return func(i int) bool { return figures[i] <= ranks[0] }, nil
		}
		return func(i int) bool { return figures[i] >= ranks[0] }, nil
	case inFloats:
		return thresholdOf(ctx, v.vec.floats, members, place, bottom)
	}
	all := make([]uint32, len(members))
	copy(all, members)
	err := nth(ctx, all, place, func(i, j uint32) bool { return v.Compare(int(i), int(j)) < 0 })
	last := int(all[place])
	if bottom {
		return func(i int) bool { return v.Compare(i, last) <= 0 }, err
	}
	return func(i int) bool { return v.Compare(i, last) >= 0 }, err
}

func thresholdOf[T float64](ctx context.Context, figures []T, members []uint32, place int, bottom bool) (func(i int) bool, error) {
	all := make([]T, len(members))
	for k, i := range members {
		all[k] = figures[i]
	}
	err := nth(ctx, all, place, func(a, b T) bool { return a < b })
	last := all[place]
	if bottom {
		return func(i int) bool { return figures[i] <= last }, err
	}
	return func(i int) bool { return figures[i] >= last }, err
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

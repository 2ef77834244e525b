package segment

import (
	"context"
	"fmt"
	"math/big"
	"slices"
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
	var all []int
	among.Each(func(i int) {
		if v.IsSet(i) {
			all = append(all, i)
		}
	})
	out := NewSet(r.world.Customers)
	k := s.size(len(all))
	if k == 0 {
		return out, nil
	}
	better := func(i, j int) int {
		if s.bottom {
			return v.Compare(i, j)
		}
		return v.Compare(j, i)
	}
	sorted := slices.Clone(all)
	slices.SortFunc(sorted, better)
	last := sorted[k-1]
	ties := -k
	for _, i := range all {
		if better(i, last) <= 0 {
			out.Add(i)
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

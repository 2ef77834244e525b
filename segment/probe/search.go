package probe

import (
	"context"
	"maps"
	"slices"
)

// Bounds of the search: how many suppositions are tried in all, how many of
// them with everybody's data, how many for one choice of conditions, how many
// edits of one condition, and how many edits together.
const (
	mostRuns      = 4000
	mostWorldRuns = 24
	moreWorldRuns = 3 // once a change is found
	mostChoice    = 1000
	// muchWork is how many layers of how many customers may be computed for
	// one supposition before there are fewer of them.
	muchWork       = 1_000_000
	leastWorldRuns = 2
	mostEdits      = 120
	mostTogether   = 4
)

// search looks for the smallest change that turns membership round: the one of
// the fewest edits, each made for one condition; of those the one with which
// the fewest conditions come out otherwise; of those the one whose conditions
// come first in the text; of those the one tried first, which has the least
// edits. Every change is tried on the data. Edits of conditions that decide by
// themselves are tried before those of others; where one decides but never
// turns alone, two edits are made for it, or one that keeps another as it is
// comes with it.
func (x *examination) search(ctx context.Context, tree *logic, truth []bool, a *Account) error {
	if a.Flips = tree.fewest(truth); a.Flips == nil {
		return ctx.Err()
	}
	// Where looking at everybody costs more, it is done less often.
	x.worldRunsMost = mostWorldRuns
	if work := x.schema.Customers * max(1, x.worldPlan.Layers()); work > muchWork {
		x.worldRunsMost = max(leastWorldRuns, mostWorldRuns*muchWork/work)
	}
	s := &search{examination: x, tree: tree, truth: truth, edits: make([][]Edit, len(x.leaves)), known: make([]bool, len(x.leaves)), least: a.Flips}
	for together := 1; together <= min(mostTogether, len(truth)) && s.best == nil; together++ {
		for _, decide := range []bool{true, false} {
			err := s.choose(ctx, nil, 0, together, decide)
			if err == nil {
				err = ctx.Err()
			}
			if err != nil {
				return err
			}
			if together > 2 || s.best != nil && together > 1 {
				break // the rest are too many to be gone through
			}
		}
	}
	if s.best == nil && len(s.least) == 1 {
		if err := s.pairs(ctx); err != nil {
			return err
		}
		if err := s.keep(ctx); err != nil {
			return err
		}
	}
	a.Change = s.best
	return nil
}

// pairs goes through two edits of the one condition that decides.
func (s *search) pairs(ctx context.Context) error {
	edits := s.edits[s.least[0]]
	end := s.runs + mostChoice
	for sum := 1; sum < 2*len(edits) && s.runs < end && !s.done(); sum++ {
		for k := max(0, sum-len(edits)+1); 2*k < sum; k++ {
			if err := s.try(ctx, s.least, []Edit{edits[k], edits[sum-k]}); err != nil {
				return err
			}
		}
	}
	return nil
}

// keep goes through edits of the one condition that decides, each with one of
// another condition that keeps that from turning too.
func (s *search) keep(ctx context.Context) error {
	i := s.least[0]
	for j := range s.truth {
		if j == i || s.done() {
			continue
		}
		keeping, err := s.examination.edits(ctx, s.leaves[j], s.truth[j])
		if err != nil {
			return err
		}
		end := s.runs + mostChoice
		for sum := 0; sum <= len(keeping)+len(s.edits[i]) && s.runs < end && !s.done(); sum++ {
			for k := max(0, sum-len(keeping)+1); k <= min(sum, len(s.edits[i])-1); k++ {
				if err := s.try(ctx, s.least, []Edit{s.edits[i][k], keeping[sum-k]}); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// search is one search under way.
type search struct {
	*examination
	tree  *logic
	truth []bool
	edits [][]Edit // by condition, once known
	known []bool
	least []int // the fewest conditions that decide; none can be fewer
	best  *Counterfactual
}

func (s *search) done() bool {
	return s.runs >= mostRuns || s.best != nil && len(s.best.Edits) == 1 && slices.Equal(s.best.Flips, s.least)
}

// choose goes through the sets of so many conditions, in the order of the
// text: those whose turning decides, or the others.
func (s *search) choose(ctx context.Context, set []int, from, left int, decide bool) error {
	if left > 0 {
		for i := from; i <= len(s.truth)-left && !s.done(); i++ {
			if err := s.choose(ctx, append(set, i), i+1, left-1, decide); err != nil {
				return err
			}
		}
		return nil
	}
	turned := slices.Clone(s.truth)
	for _, i := range set {
		turned[i] = !turned[i]
	}
	if (s.tree.holds(turned) != s.tree.holds(s.truth)) != decide {
		return nil
	}
	most := 0
	for _, i := range set {
		if !s.known[i] {
			s.known[i] = true
			var err error
			if s.edits[i], err = s.examination.edits(ctx, s.leaves[i], !s.truth[i]); err != nil {
				return err
			}
		}
		most += len(s.edits[i])
	}
	// Those that are the least in sum come first.
	end := s.runs + mostChoice
	for sum := 0; sum <= most && s.runs < end && !s.done(); sum++ {
		if err := s.combine(ctx, set, nil, sum, end); err != nil {
			return err
		}
	}
	return nil
}

// combine tries edits of the conditions whose places in their lists come to a
// sum.
func (s *search) combine(ctx context.Context, set []int, chosen []Edit, sum, end int) error {
	if s.done() || s.runs >= end {
		return nil
	}
	k := len(chosen)
	if k == len(set) {
		return s.try(ctx, set, chosen)
	}
	edits := s.edits[set[k]]
	if k == len(set)-1 {
		if sum >= len(edits) {
			return nil
		}
		return s.combine(ctx, set, append(chosen, edits[sum]), 0, end)
	}
	for i := 0; i <= min(sum, len(edits)-1); i++ {
		if err := s.combine(ctx, set, append(chosen, edits[i]), sum-i, end); err != nil {
			return err
		}
	}
	return nil
}

// try keeps a change that turns membership and is the best so far.
func (s *search) try(ctx context.Context, set []int, chosen []Edit) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	flips, err := s.turned(ctx, s.tree, s.truth, set, chosen)
	if err != nil {
		return err
	}
	s.propose(flips, chosen)
	for i := range chosen {
		for j := i + 1; j < len(chosen); j++ {
			one, ok := s.merged(chosen[i], chosen[j])
			if !ok {
				continue
			}
			fewer := append(append(slices.Clone(chosen[:i]), one), chosen[i+1:j]...)
			if err := s.try(ctx, set, append(fewer, chosen[j+1:]...)); err != nil {
				return err
			}
		}
	}
	return nil
}

// propose keeps what turns membership and is the best so far.
func (s *search) propose(flips []int, edits []Edit) {
	if flips == nil {
		return
	}
	c := &Counterfactual{Edits: slices.Clone(edits), Flips: flips}
	if s.best == nil {
		s.worldRunsMost = min(s.worldRunsMost, s.worldRuns+moreWorldRuns)
	}
	if s.best == nil || len(edits) < len(s.best.Edits) || len(edits) == len(s.best.Edits) && smaller(flips, s.best.Flips) {
		s.best = c
	}
}

// merged makes one event of two of one kind that are added: what serves one
// condition may serve the other.
func (s *search) merged(a, b Edit) (Edit, bool) {
	for _, e := range []Edit{a, b} {
		if e.Kind != Add || e.N != 1 || e.And != nil || e.props == nil {
			return a, false
		}
	}
	if a.Event != b.Event {
		return a, false
	}
	props := maps.Clone(a.props)
	for name, v := range b.props {
		if old, there := props[name]; there && old.set && v.set && s.property(a.Event, name, v) != s.property(a.Event, name, old) {
			return a, false
		} else if !there || v.set {
			props[name] = v
		}
	}
	return s.add(a.Event, props, a.At.UnixMicro()), true
}

// smaller orders sets of conditions: by how many, then by the text.
func smaller(a, b []int) bool {
	if len(a) != len(b) {
		return len(a) < len(b)
	}
	return slices.Compare(a, b) < 0
}

// turned tells which conditions come out otherwise with some edits; nil where
// membership stays as it is.
func (x *examination) turned(ctx context.Context, tree *logic, truth []bool, set []int, edits []Edit) ([]int, error) {
	x.runs++
	p := &person{rows: map[string][]happened{}, traits: map[string]cell{}}
	for _, e := range edits {
		e.do(p)
	}
	now := slices.Clone(truth)
	if err := x.ownTruth(ctx, p, now); err != nil {
		return nil, err
	}
	if len(x.worldLeaves) > 0 {
		// Everybody's data are looked at only where the customer's own say
		// that it may work: as if of the other conditions just those turned
		// that are meant to.
		guess := slices.Clone(now)
		for _, i := range x.worldLeaves {
			if slices.Contains(set, i) {
				guess[i] = !truth[i]
			}
		}
		if tree.holds(guess) == tree.holds(truth) || x.worldRuns >= x.worldRunsMost {
			return nil, nil
		}
		if err := x.worldTruth(ctx, p, now); err != nil {
			return nil, err
		}
	}
	if tree.holds(now) == tree.holds(truth) {
		return nil, nil
	}
	var flips []int
	for i := range now {
		if now[i] != truth[i] {
			flips = append(flips, i)
		}
	}
	return flips, nil
}

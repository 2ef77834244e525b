package probe

import (
	"context"
	"slices"
)

// Bounds of the search: how many suppositions are tried in all, how many of
// them with everybody's data, and how many edits of one condition.
const (
	mostRuns      = 4000
	mostWorldRuns = 40
	mostEdits     = 80
)

// search looks for the smallest change that turns membership round: the one
// with which the fewest conditions come out otherwise, of those the one whose
// conditions come first in the text, of those the one of fewest edits, of
// those the one with the edits tried first.
//
// For each set of conditions that decides, the smallest first, edits that turn
// each of its conditions are put together and tried on the data. What a change
// turns always holds such a set, so once one turns just the set itself, none
// that comes later is smaller.
func (x *examination) search(ctx context.Context, tree *logic, truth []bool, a *Account) error {
	edits := make([][]Edit, len(x.leaves))
	known := make([]bool, len(x.leaves))
	var best *Counterfactual
	var err error
	tree.flips(truth, func(set []int) bool {
		if a.Flips == nil {
			a.Flips = slices.Clone(set)
		}
		if best != nil && len(set) > len(best.Flips) {
			return false
		}
		for _, i := range set {
			if !known[i] {
				known[i] = true
				if edits[i], err = x.edits(ctx, x.leaves[i], !truth[i]); err != nil {
					return false
				}
			}
		}
		if best, err = x.realise(ctx, tree, truth, set, edits, best); err != nil {
			return false
		}
		return x.runs < mostRuns && (best == nil || !slices.Equal(best.Flips, set))
	})
	a.Change = best
	if err == nil {
		err = ctx.Err()
	}
	return err
}

// realise tries the edits of a set's conditions, few together before many.
func (x *examination) realise(ctx context.Context, tree *logic, truth []bool, set []int, edits [][]Edit, best *Counterfactual) (*Counterfactual, error) {
	var err error
	done := false
	var choose func(chosen []Edit, from, left int)
	choose = func(chosen []Edit, from, left int) {
		if done || err != nil {
			return
		}
		if left == 0 {
			if x.runs >= mostRuns || ctx.Err() != nil {
				done, err = true, ctx.Err()
				return
			}
			var flips []int
			if flips, err = x.turned(ctx, tree, truth, set, chosen); err != nil || flips == nil {
				return
			}
			if best == nil || smaller(flips, best.Flips) {
				best = &Counterfactual{Edits: slices.Clone(chosen), Flips: flips}
			}
			done = slices.Equal(flips, set)
			return
		}
		for k := from; k <= len(set)-left; k++ {
			for _, e := range edits[set[k]] {
				choose(append(chosen, e), k+1, left-1)
			}
		}
	}
	for together := 1; together <= len(set) && !done && err == nil; together++ {
		choose(nil, 0, together)
	}
	return best, err
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
		if tree.holds(guess) == tree.holds(truth) || x.worldRuns >= mostWorldRuns {
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

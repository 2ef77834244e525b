package course

import (
	"cmp"
	"context"
	"slices"
	"time"

	"tesela/segment"
	"tesela/segment/syntax"
)

// Holding is one segment of a portfolio.
type Holding struct {
	Name    string
	Formula syntax.Formula
	// Err says why the formula can no longer be evaluated; the rest is then
	// empty.
	Err error
	// Now are its customers, Before how many it had as of the earlier instant.
	Now    *segment.Set
	Before int
	// Lasting is, of a segment without customers, the latest of the instants
	// looked at when it had some; zero where it had none at any.
	Lasting time.Time
}

// Overlap is how two holdings overlap, by their places.
type Overlap struct {
	A, B int // A < B
	Both int
	// Jaccard is the share that both have of those in either.
	Jaccard float64
	// InB tells that all of A are in B; InA the reverse; both that they hold
	// the same customers.
	InA, InB bool
}

// Portfolio evaluates segments together, as of now and of an earlier instant,
// and those that are empty also at the instants past, given from the latest to
// the earliest.
func Portfolio(ctx context.Context, src segment.Source, list []Holding, seen *Seen, now, before time.Time, past []time.Time) ([]Holding, error) {
	held := slices.Clone(list)
	var good []int
	for i := range held {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if held[i].Err != nil {
			continue
		}
		if _, held[i].Err = segment.Compile(ctx, held[i].Formula, src, now); held[i].Err == nil {
			good = append(good, i)
		}
	}
	sets, err := together(ctx, src, held, good, seen, now)
	if err != nil {
		return nil, err
	}
	var empty []int
	for k, i := range good {
		if held[i].Now = sets[k]; sets[k].Len() == 0 {
			empty = append(empty, i)
		}
	}
	if sets, err = together(ctx, src, held, good, seen, before); err != nil {
		return nil, err
	}
	for k, i := range good {
		held[i].Before = sets[k].Len()
	}
	for _, at := range past {
		if len(empty) == 0 {
			break
		}
		if sets, err = together(ctx, src, held, empty, seen, at); err != nil {
			return nil, err
		}
		var still []int
		for k, i := range empty {
			if sets[k].Len() > 0 {
				held[i].Lasting = at
			} else {
				still = append(still, i)
			}
		}
		empty = still
	}
	return held, ctx.Err()
}

// together evaluates some holdings as of an instant, in one plan; of those who
// were there. A formula that cannot be evaluated so early has nobody then.
func together(ctx context.Context, src segment.Source, held []Holding, which []int, seen *Seen, at time.Time) ([]*segment.Set, error) {
	n := src.Schema().Customers
	sets := make([]*segment.Set, len(which))
	var formulas []syntax.Formula
	var places []int
	for k, i := range which {
		sets[k] = segment.NewSet(n)
		if _, err := segment.Compile(ctx, held[i].Formula, src, at); err == nil {
			formulas, places = append(formulas, held[i].Formula), append(places, k)
		} else if ctx.Err() != nil {
			return nil, ctx.Err()
		}
	}
	if len(formulas) == 0 {
		return sets, nil
	}
	plan, err := segment.CompileEach(ctx, formulas, src, at)
	if err != nil {
		return nil, err
	}
	found, err := plan.RunEach(ctx)
	if err != nil {
		return nil, err
	}
	there := segment.NewSet(n)
	for i := range n {
		if seen.Before(i, at.UnixMicro()) {
			there.Add(i)
		}
	}
	for k, set := range found {
		sets[places[k]] = set.And(there)
	}
	return sets, nil
}

// Overlaps are the pairs of holdings that share customers, the closest first,
// of equal ones those of earlier places.
func Overlaps(ctx context.Context, held []Holding) ([]Overlap, error) {
	sizes := make([]int, len(held))
	for i, h := range held {
		if h.Now != nil {
			sizes[i] = h.Now.Len()
		}
	}
	var pairs []Overlap
	for a := range held {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		for b := a + 1; b < len(held); b++ {
			if sizes[a] == 0 || sizes[b] == 0 {
				continue
			}
			both := held[a].Now.And(held[b].Now).Len()
			if both == 0 {
				continue
			}
			pairs = append(pairs, Overlap{
				A: a, B: b, Both: both, Jaccard: float64(both) / float64(sizes[a]+sizes[b]-both),
				InA: both == sizes[b], InB: both == sizes[a],
			})
		}
	}
	slices.SortStableFunc(pairs, func(x, y Overlap) int { return cmp.Compare(y.Jaccard, x.Jaccard) })
	return pairs, nil
}

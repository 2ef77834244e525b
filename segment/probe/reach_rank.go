package probe

import (
	"context"
	"math/big"
	"slices"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/segment/syntax"
)

// ofRank brings the value ranked by to where the place of the others puts it
// in, or out.
func (x *examination) ofRank(ctx context.Context, f *syntax.Rank, want bool) ([]Edit, error) {
	call, isCall := f.By.(*syntax.Call)
	name, isName := f.By.(*syntax.Name)
	if !isCall && !isName {
		return nil, nil
	}
	plan, err := segment.CompileValue(ctx, f.By, x.src, x.at)
	if err != nil {
		return nil, err
	}
	if plan.Kind() != column.Number && plan.Kind() != column.Money {
		return nil, nil
	}
	all, err := plan.Run(ctx)
	if err != nil {
		return nil, err
	}
	among := segment.Everyone(all.N())
	if f.Among != nil {
		sets, err := evaluate(ctx, []syntax.Formula{f.Among}, x.src, x.at)
		if err != nil {
			return nil, err
		}
		among = sets[0]
	}
	last := lastPlace(f, all, among, x.who)
	if last == nil {
		return nil, nil
	}
	step := big.NewRat(1, 1)
	if plan.Kind() == column.Money {
		step = x.step(column.Money)
	}
	if f.Bottom {
		step = new(big.Rat).Neg(step)
	}
	targets := []*big.Rat{last}
	if !want {
		targets = []*big.Rat{new(big.Rat).Sub(last, step)}
	}
	if isName {
		var edits []Edit
		for _, to := range targets {
			if v, ok := x.ofRat(plan.Kind(), to); ok {
				edits = append(edits, x.trait(name.Name, v, false))
			}
		}
		return append(edits, x.trait(name.Name, cell{}, false)), nil
	}
	r, err := x.read(ctx, call)
	if err != nil {
		return nil, err
	}
	edits, err := x.toReach(ctx, r, all.Rat(x.who), targets)
	if err != nil {
		return nil, err
	}
	more, err := x.plain(ctx, r)
	return append(edits[:min(len(edits), 8)], more...), err
}

// lastPlace is the value that the customer needs at least (with bottom at most)
// to be among the best: that of the k-th of the others, with the customer
// counted among the ranked. Nil where any will do.
func lastPlace(f *syntax.Rank, all *segment.Values, among *segment.Set, who int) *big.Rat {
	var others []int
	among.Each(func(i int) {
		if i != who && all.IsSet(i) {
			others = append(others, i)
		}
	})
	k := f.N.Rat()
	if f.Percent {
		k = k.Mul(k, big.NewRat(int64(len(others)+1), 100))
	}
	// Rounded up: the floor of its negative, negated.
	up := new(big.Int).Div(new(big.Int).Neg(k.Num()), k.Denom())
	if !up.IsInt64() || -up.Int64() > int64(len(others)) {
		return nil
	}
	place := int(-up.Int64())
	slices.SortFunc(others, func(i, j int) int {
		if f.Bottom {
			return all.Compare(i, j)
		}
		return all.Compare(j, i)
	})
	return all.Rat(others[place-1])
}

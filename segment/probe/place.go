package probe

import (
	"context"
	"fmt"
	"math/big"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/segment/syntax"
)

// place answers a top or bottom for the customer as he might be. The others
// stay as they are, so that one figure of theirs decides: what the last of the
// best among them has.
type place struct {
	rank *syntax.Rank
	kind column.Kind
	// alone tells that nobody else's data decide what the customer is ranked
	// by and among, so that by and among answer for him.
	alone bool
	by    *segment.ValuePlan
	among *segment.Plan // nil: everyone
	// last is the value that the customer needs at least (with bottom at
	// most): that of the k-th of the others, with the customer counted among
	// the ranked. Nil where any will do. Where others decide in turn it is so
	// only as long as they stay as they are.
	last *big.Rat
}

// newPlace looks at the others once; nil for what is no top or bottom.
func (x *examination) newPlace(ctx context.Context, l leaf) (*place, error) {
	f, ok := l.formula.(*syntax.Rank)
	if !ok {
		return nil, nil
	}
	plan, err := segment.CompileValue(ctx, f.By, x.src, x.at)
	if err != nil {
		return nil, err
	}
	all, err := plan.Run(ctx)
	if err != nil {
		return nil, err
	}
	p := &place{rank: f, kind: plan.Kind()}
	p.alone = !looksAtOthers(&syntax.IsSet{Value: f.By}, x.src, l.via) && (f.Among == nil || !looksAtOthers(f.Among, x.src, l.via))
	among := segment.Everyone(all.N())
	if f.Among != nil {
		sets, err := evaluate(ctx, []syntax.Formula{f.Among}, x.src, x.at)
		if err != nil {
			return nil, err
		}
		among = sets[0]
	}
	if i, ok := lastPlace(f, all, among, x.who); ok {
		if p.last = ranked(all, i); p.last == nil {
			return nil, fmt.Errorf("explain customer: %s cannot be compared", f.By)
		}
	}
	if !p.alone {
		return p, nil
	}
	if f.Among != nil {
		if p.among, err = segment.Compile(ctx, f.Among, x.own, x.at); err != nil {
			return nil, err
		}
	}
	p.by, err = segment.CompileValue(ctx, f.By, x.own, x.at)
	return p, err
}

// placeOf finds the place of a top or bottom; nil where there is none.
func (x *examination) placeOf(f *syntax.Rank) *place {
	for _, p := range x.places {
		if p != nil && syntax.Equal(p.rank, f) {
			return p
		}
	}
	return nil
}

// amongNow tells whether the customer is one of those who are ranked.
func (p *place) amongNow(ctx context.Context) (bool, error) {
	if p.among == nil {
		return true, nil
	}
	set, err := p.among.Run(ctx)
	return err == nil && set.Has(0), err
}

// ranked is a value that customers are ranked by, as a number.
func ranked(v *segment.Values, i int) *big.Rat {
	switch {
	case !v.IsSet(i):
		return nil
	case v.Kind() == column.Time || v.Kind() == column.Date:
		return new(big.Rat).SetInt64(v.Int(i))
	}
	return v.Rat(i)
}

// holds tells whether the customer, as supposed, is among the best.
func (p *place) holds(ctx context.Context) (bool, error) {
	if in, err := p.amongNow(ctx); err != nil || !in {
		return false, err
	}
	values, err := p.by.Run(ctx)
	if err != nil {
		return false, err
	}
	mine := ranked(values, 0)
	switch {
	case mine == nil || p.last == nil:
		return mine != nil, nil
	case p.rank.Bottom:
		return mine.Cmp(p.last) <= 0, nil
	}
	return mine.Cmp(p.last) >= 0, nil
}

// lastPlace finds who of the others is the k-th best; ok is false where there
// are fewer.
func lastPlace(f *syntax.Rank, all *segment.Values, among *segment.Set, who int) (one int, ok bool) {
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
		return 0, false
	}
	better := all.Compare
	if !f.Bottom {
		better = func(i, j int) int { return all.Compare(j, i) }
	}
	return nth(others, int(-up.Int64())-1, better), true
}

// nth is the one of so many that would stand at a place were they sorted: they
// are parted around one of them until only it is left.
func nth(xs []int, at int, compare func(i, j int) int) int {
	for len(xs) > 1 {
		pivot := xs[len(xs)/2]
		// xs[:less] are before the pivot, xs[less:i] the same, xs[more:] after.
		less, more := 0, len(xs)
		for i := 0; i < more; {
			switch c := compare(xs[i], pivot); {
			case c < 0:
				xs[i], xs[less] = xs[less], xs[i]
				less++
				i++
			case c > 0:
				more--
				xs[i], xs[more] = xs[more], xs[i]
			default:
				i++
			}
		}
		switch {
		case at < less:
			xs = xs[:less]
		case at >= more:
			xs, at = xs[more:], at-more
		default:
			return pivot
		}
	}
	return xs[at]
}

package probe

import (
	"context"
	"math/big"

	"tesela/segment/column"
	"tesela/segment/syntax"
)

// ofRank brings the value ranked by to where the place of the others puts it
// in, or out; and the customer among the ranked, or away from them.
func (x *examination) ofRank(ctx context.Context, l leaf, f *syntax.Rank, want bool) ([]Edit, error) {
	at := x.placeOf(f)
	edits, err := x.ofRanked(ctx, f, at, want)
	if err != nil || !at.alone || f.Among == nil {
		return edits, err
	}
	x.own.now = nil
	in, err := at.amongNow(ctx)
	if err != nil {
		return nil, err
	}
	var more []Edit
	_, parts := split(f.Among, x.src)
	for _, part := range parts {
		for _, turned := range []bool{true, false} {
			some, err := x.edits(ctx, part, turned)
			if err != nil {
				return nil, err
			}
			more = append(more, some[:min(len(some), mostAmong)]...)
		}
	}
	if want && !in {
		return append(more, edits...), nil
	}
	return append(edits[:min(len(edits), mostEdits-len(more))], more...), nil
}

// mostAmong bounds the edits of each condition that those who are ranked meet.
const mostAmong = 6

// ofRanked is ofRank for the value ranked by.
func (x *examination) ofRanked(ctx context.Context, f *syntax.Rank, at *place, want bool) ([]Edit, error) {
	call, isCall := f.By.(*syntax.Call)
	name, isName := f.By.(*syntax.Name)
	if isName {
		_, isName = x.schema.Trait(name.Name)
	}
	if !isCall && !isName || at.last == nil {
		var edits []Edit
		for _, v := range inputs(&syntax.IsSet{Value: f.By}) {
			call, ok := v.(*syntax.Call)
			if !ok {
				continue
			}
			r, err := x.read(ctx, call)
			if err != nil {
				return nil, err
			}
			some, err := x.plain(ctx, r)
			if err != nil {
				return nil, err
			}
			edits = append(edits, some...)
		}
		return edits, nil
	}
	kind := at.kind
	if kind == column.Time || kind == column.Date {
		return x.ofRankedTime(ctx, f, at, want)
	}
	last := at.last
	step := big.NewRat(1, 1)
	if kind == column.Money {
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
			if v, ok := x.ofRat(kind, to); ok {
				edits = append(edits, x.trait(name.Name, v, false))
			}
		}
		return append(edits, x.trait(name.Name, cell{}, false)), nil
	}
	r, err := x.read(ctx, call)
	if err != nil {
		return nil, err
	}
	now, err := x.current(ctx, call)
	if err != nil {
		return nil, err
	}
	edits, err := x.toReach(ctx, r, now.Rat(0), targets)
	if err != nil {
		return nil, err
	}
	more, err := x.plain(ctx, r)
	return append(edits[:min(len(edits), 8)], more...), err
}

// ofRankedTime brings a time or date that is ranked by to the last that is
// among the best, or just past it.
func (x *examination) ofRankedTime(ctx context.Context, f *syntax.Rank, at *place, want bool) ([]Edit, error) {
	to := at.last.Num().Int64()
	switch {
	case want:
	case f.Bottom:
		to++
	default:
		to--
	}
	switch by := f.By.(type) {
	case *syntax.Name:
		return []Edit{x.trait(by.Name, cell{set: true, whole: to}, false), x.trait(by.Name, cell{}, false)}, nil
	case *syntax.Call:
		r, err := x.read(ctx, by)
		if err != nil {
			return nil, err
		}
		var edits []Edit
		if to < x.at.UnixMicro() && at.kind == column.Time && by.Property == "" {
			edits = x.adding(ctx, r, nil, 1, []int64{to})
			if groups := r.groups(); len(groups) > 0 {
				latest := groups[len(groups)-1:]
				edits = append(edits, x.move(r, latest, to), x.move(r, groups[:1], to))
			}
		}
		more, err := x.plain(ctx, r)
		return append(edits, more...), err
	}
	return nil, nil
}

package probe

import (
	"context"
	"math/big"
	"slices"
	"strings"
	"time"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/segment/syntax"
)

// would tells whether a condition came out as wanted if a value in it were
// what a literal says. ok is false where the literal cannot stand there.
func (x *examination) would(ctx context.Context, l leaf, v syntax.Value, literal string) (holds, ok bool) {
	at := v.Pos()
	f, err := syntax.Parse(l.text[:at.From] + literal + l.text[at.To:])
	if err != nil {
		return false, false
	}
	plan, err := segment.Compile(ctx, f, x.alone, x.at)
	if err != nil {
		return false, false
	}
	set, err := plan.Run(ctx)
	return err == nil && set.Has(0), err == nil
}

// mostDoublings bounds how far a figure is looked for: 2^50 steps.
const mostDoublings = 50

// mostTargets is how many figures that would do are tried.
const mostTargets = 8

// targets are figures that a value in a condition could have for it to come
// out as wanted, the nearest to the one it has first: whole steps away, or
// literals of the condition and a step beside them.
func (x *examination) targets(ctx context.Context, l leaf, v syntax.Value, now *big.Rat, step *big.Rat, least *big.Rat, want bool) []*big.Rat {
	unset := now == nil
	if unset {
		now = new(big.Rat)
	}
	var found []*big.Rat
	digits := decimals(step)
	try := func(r *big.Rat) bool {
		if least != nil && r.Cmp(least) < 0 || ctx.Err() != nil {
			return false
		}
		text := r.FloatString(max(digits, decimals(r)))
		if r.Sign() < 0 {
			text = "(0 - " + strings.TrimPrefix(text, "-") + ")"
		}
		holds, ok := x.would(ctx, l, v, text)
		return ok && holds == want
	}
	keep := func(r *big.Rat) {
		if !slices.ContainsFunc(found, func(o *big.Rat) bool { return o.Cmp(r) == 0 }) {
			found = append(found, r)
		}
	}
	// Also the literals that other conditions compare the same value with:
	// figures beyond those may leave these as they are.
	for _, o := range x.leaves {
		if o.text != l.text && !slices.ContainsFunc(inputs(o.formula), func(i syntax.Value) bool { return syntax.Equal(i, v) }) {
			continue
		}
		syntax.Walk(o.formula, func(n syntax.Node) bool {
			switch n := n.(type) {
			case *syntax.Call, *syntax.Window, *syntax.Duration:
				return false
			case *syntax.Number:
				for _, k := range []int64{0, -1, 1} {
					if r := new(big.Rat).Add(n.Rat(), new(big.Rat).Mul(step, big.NewRat(k, 1))); try(r) {
						keep(r)
					}
				}
			}
			return true
		})
	}
	if unset && try(now) {
		keep(now)
	}
	for _, sign := range []int64{1, -1} {
		away := func(k *big.Int) *big.Rat {
			d := new(big.Rat).Mul(step, new(big.Rat).SetInt(k))
			return new(big.Rat).Add(now, d.Mul(d, big.NewRat(sign, 1)))
		}
		low, high := big.NewInt(0), big.NewInt(1)
		for range mostDoublings {
			if try(away(high)) {
				for one := big.NewInt(1); new(big.Int).Sub(high, low).Cmp(one) > 0; {
					mid := new(big.Int).Add(low, high)
					mid.Rsh(mid, 1)
					if try(away(mid)) {
						high = mid
					} else {
						low = mid
					}
				}
				keep(away(high))
				break
			}
			if r := away(high); least != nil && r.Cmp(least) < 0 {
				break
			}
			low, high = high, new(big.Int).Lsh(high, 1)
		}
	}
	far := func(r *big.Rat) *big.Rat { return new(big.Rat).Abs(new(big.Rat).Sub(r, now)) }
	slices.SortStableFunc(found, func(a, b *big.Rat) int {
		if c := far(a).Cmp(far(b)); c != 0 {
			return c
		}
		return a.Cmp(b)
	})
	return found[:min(len(found), mostTargets)]
}

// decimals is how many a number has, up to nine.
func decimals(r *big.Rat) int {
	for d := range 9 {
		text := r.FloatString(d)
		if back, ok := new(big.Rat).SetString(text); ok && back.Cmp(r) == 0 {
			return d
		}
	}
	return 9
}

// times are instants that a time in a condition could be for it to come out as
// wanted, the nearest to what it is first.
func (x *examination) times(ctx context.Context, l leaf, v syntax.Value, now int64, known bool, within segment.Span, want bool) []int64 {
	var found []int64
	for _, t := range x.moments(within, nil) {
		literal := time.UnixMicro(t).UTC().Format(time.RFC3339Nano)
		if holds, ok := x.would(ctx, l, v, literal); ok && holds == want {
			found = append(found, t)
		}
	}
	if known {
		far := func(t int64) int64 { return max(t-now, now-t) }
		slices.SortStableFunc(found, func(a, b int64) int {
			switch x, y := far(a), far(b); {
			case x < y:
				return -1
			case x > y:
				return 1
			}
			return 0
		})
	}
	return found[:min(len(found), mostTargets)]
}

// mostMoments is how many instants an event is tried at.
const mostMoments = 24

// moments are instants in a window at which an event may make a difference:
// just before and at each mark, next to the customer's own events, and some
// longer ago; the latest first.
func (x *examination) moments(within segment.Span, rows []int64) []int64 {
	all := []int64{within.To - 1, x.at.UnixMicro() - 1}
	for _, m := range x.marks {
		all = append(all, m-1, m)
	}
	for _, t := range rows {
		all = append(all, t-1, t+1)
	}
	for _, days := range []int{30, 60, 90, 180, 365} {
		all = append(all, x.midnight(x.at.Add(-1), -days).UnixMicro())
	}
	all = slices.DeleteFunc(all, func(t int64) bool { return !within.Has(t) || t >= x.at.UnixMicro() || t < yearOne })
	slices.Sort(all)
	all = slices.Compact(all)
	slices.Reverse(all)
	if len(all) > mostMoments {
		all = append(all[:mostMoments-2], all[len(all)-2:]...)
	}
	return all
}

// yearOne is when literal dates begin, in microseconds.
var yearOne = time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC).UnixMicro()

// cellsFor are values that a field could have, those named in the condition or
// filter first; some tells which of them are just one of many.
func (x *examination) cellsFor(ref segment.FieldRef, literals []syntax.Literal, texts []func(string) bool) (cells []cell, some []bool) {
	f, _ := fieldOf(x.schema, ref)
	d := x.dicts[ref]
	keep := func(v cell, any bool) {
		cells, some = append(cells, v), append(some, any)
	}
	for _, l := range literals {
		if v, ok := x.ofLiteral(f.Kind, d, l); ok {
			keep(v, false)
		}
	}
	step := x.step(f.Kind)
	for _, l := range literals {
		switch n := l.(type) {
		case *syntax.Number:
			for _, k := range []int64{1, -1} {
				if v, ok := x.ofRat(f.Kind, new(big.Rat).Add(n.Rat(), new(big.Rat).Mul(step, big.NewRat(k, 1)))); ok {
					keep(v, true)
				}
			}
		case *syntax.Date:
			for _, k := range []int{1, -1} {
				t, _ := n.Time(x.schema.Zone)
				if v, ok := x.timeCell(f.Kind, x.midnight(t, k)); ok {
					keep(v, true)
				}
			}
		}
	}
	switch f.Kind {
	case column.Text, column.Tags:
		for code := uint32(1); int(code) <= min(d.Len(), 2000) && len(cells) < 24; code++ {
			w := d.Word(code)
			named := slices.ContainsFunc(literals, func(l syntax.Literal) bool {
				t, ok := l.(*syntax.Text)
				return ok && t.Value == w
			})
			fits := len(texts) == 0
			for _, is := range texts {
				fits = fits || is(w)
			}
			if !named && (fits || code <= 4) {
				v := cell{set: true, code: code}
				if f.Kind == column.Tags {
					v = cell{set: true, tags: []uint32{code}}
				}
				keep(v, true)
			}
		}
	case column.Bool:
		keep(cell{set: true, whole: 1}, false)
		keep(cell{set: true}, false)
	case column.Number:
		keep(cell{set: true, float: 1}, true)
	case column.Money:
		keep(cell{set: true, whole: 100}, true)
	case column.Time, column.Date:
		for _, m := range x.marks {
			if m > yearOne && len(cells) < 48 {
				for _, t := range []int64{m, m - 1} {
					if v, ok := x.timeCell(f.Kind, time.UnixMicro(t)); ok {
						keep(v, true)
					}
				}
			}
		}
	}
	keep(cell{}, false)
	return cells, some
}

func (x *examination) timeCell(k column.Kind, t time.Time) (cell, bool) {
	switch k {
	case column.Time:
		return cell{set: true, whole: t.UnixMicro()}, true
	case column.Date:
		return cell{set: true, whole: dayOf(t.In(x.schema.Zone))}, true
	}
	return cell{}, false
}

// step is the least that figures of a kind differ by in the changes tried.
func (x *examination) step(k column.Kind) *big.Rat {
	if k == column.Money {
		return new(big.Rat).Inv(x.minor())
	}
	return big.NewRat(1, 1)
}

// named gathers the literals and tests on texts that a filter or condition has
// about a name.
func named(f syntax.Formula, is func(syntax.Value) bool) (literals []syntax.Literal, texts []func(string) bool) {
	keep := func(v syntax.Value, ls ...syntax.Literal) {
		if is(v) {
			literals = append(literals, ls...)
		}
	}
	syntax.Walk(f, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.Compare:
			if l, ok := n.Right.(syntax.Literal); ok {
				keep(n.Left, l)
			}
			if l, ok := n.Left.(syntax.Literal); ok {
				keep(n.Right, l)
			}
		case *syntax.In:
			keep(n.Value, n.List...)
		case *syntax.Between:
			keep(n.Value, n.Low, n.High)
		case *syntax.DateCompare:
			keep(n.Value, &n.Date)
		case *syntax.Match:
			if is(n.Value) {
				keep(n.Value, &syntax.Text{Value: n.Text})
				part := syntax.Fold(n.Text)
				texts = append(texts, func(w string) bool {
					w = syntax.Fold(w)
					switch n.Op {
					case syntax.StartsWith:
						return strings.HasPrefix(w, part) != n.Not
					case syntax.EndsWith:
						return strings.HasSuffix(w, part) != n.Not
					}
					return strings.Contains(w, part) != n.Not
				})
			}
		}
		return true
	})
	return literals, texts
}

func isName(name string) func(syntax.Value) bool {
	return func(v syntax.Value) bool {
		n, ok := v.(*syntax.Name)
		return ok && n.Name == name && n.Params == nil
	}
}

func fieldRef(event, name string) segment.FieldRef { return segment.FieldRef{Event: event, Name: name} }

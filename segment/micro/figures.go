package micro

import (
	"cmp"
	"context"
	"errors"
	"math"
	"math/big"
	"slices"
	"time"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/segment/syntax"
)

// lastYear is the window that revenue is taken in.
func lastYear() *syntax.Window {
	return &syntax.Window{Kind: syntax.WindowLast, Duration: syntax.Duration{N: 1, Unit: syntax.Year}}
}

// quarterAgo is the instant a quarter before at, by the calendar.
func quarterAgo(at time.Time, zone *time.Location) (time.Time, error) {
	span, err := segment.Resolve(&syntax.Window{Kind: syntax.WindowLast, Duration: syntax.Duration{N: 1, Unit: syntax.Quarter}}, at, zone)
	if err != nil {
		return time.Time{}, err
	}
	return time.UnixMicro(span.From).In(zone), nil
}

// count finds what the formulas of all groups find, now and a quarter earlier.
func (w *work) count(ctx context.Context, r *Result) error {
	fs := make([]syntax.Formula, 0, len(r.Groups)+1)
	for _, g := range r.Groups {
		fs = append(fs, g.Formula)
	}
	if len(fs) == 0 {
		return nil
	}
	now, err := evaluate(ctx, w.src, w.at, fs)
	if err != nil {
		return err
	}
	w.progress(Counting, 1, 2)
	within := fs
	if w.q.Base != nil {
		within = append(within, w.q.Base)
	}
	before, err := evaluate(ctx, w.src, r.Before, within)
	if err != nil {
		return err
	}
	w.progress(Counting, 2, 2)
	once, more := segment.NewSet(w.people.base.N()), segment.NewSet(w.people.base.N())
	for k := range r.Groups {
		g := &r.Groups[k]
		g.Members = now[k].And(w.people.base)
		g.Size = g.Members.Len()
		g.Share = ratio(g.Size, r.Customers)
		then := before[k]
		if w.q.Base != nil {
			then = then.And(before[len(fs)])
		}
		g.Before, g.Growth = then.Len(), math.NaN()
		if g.Before > 0 {
			g.Growth = float64(g.Size)/float64(g.Before) - 1
		}
		more = more.Or(once.And(g.Members))
		once = once.Or(g.Members)
	}
	r.Unassigned, r.Several = r.Customers-once.Len(), more.Len()
	return nil
}

func evaluate(ctx context.Context, src segment.Source, at time.Time, fs []syntax.Formula) ([]*segment.Set, error) {
	plan, err := segment.CompileEach(ctx, fs, src, at)
	if err != nil {
		return nil, err
	}
	return plan.RunEach(ctx)
}

// ratio is a part of a whole; of nothing it is 0.
func ratio(part, whole int) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}

// revenue sums up what the groups and the base brought in, exactly where it is
// money. Without the roles for it there is none.
func (w *work) revenue(ctx context.Context, r *Result) error {
	window := lastYear()
	value, err := w.src.Schema().Revenue(window)
	if err != nil {
		var role *segment.RoleError
		var fault *syntax.Error
		if errors.As(err, &role) || errors.As(err, &fault) {
			return nil // there is nothing to sum up, or not in one unit
		}
		return err
	}
	plan, err := segment.CompileValue(ctx, value, w.src, w.at)
	if err != nil {
		return err
	}
	values, err := plan.Run(ctx)
	if err != nil {
		return err
	}
	r.Window, r.Money = window, values.Kind() == column.Money
	purse := newPurse(values, w.src.Schema().Digits)
	if err := purse.fill(ctx, w.people.base); err != nil {
		return err
	}
	r.Revenue = purse.sum(w.people.base)
	for k := range r.Groups {
		g := &r.Groups[k]
		g.Revenue, g.RevenueShare = purse.sum(g.Members), math.NaN()
		if r.Revenue.Sign() > 0 {
			g.RevenueShare, _ = new(big.Rat).Quo(g.Revenue, r.Revenue).Float64()
		}
		if g.Size > 0 {
			head := new(big.Rat).Quo(g.Revenue, big.NewRat(int64(g.Size), 1))
			all := new(big.Rat).Quo(r.Revenue, big.NewRat(int64(max(1, r.Customers)), 1))
			least := new(big.Rat).Mul(all, new(big.Rat).SetFloat64(poor))
			g.Poor = head.Sign() <= 0 || head.Cmp(least) < 0
		}
	}
	return ctx.Err()
}

// purse holds what each customer brought in: money in minor units, plain
// numbers as they are.
type purse struct {
	values *segment.Values
	money  bool
	scale  *big.Rat
	minor  []int64
}

func newPurse(values *segment.Values, digits int) *purse {
	scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(max(digits, 0))), nil)
	return &purse{values: values, money: values.Kind() == column.Money, scale: new(big.Rat).SetInt(scale)}
}

// fill looks at the customers once, so that groups are summed up in integers.
func (p *purse) fill(ctx context.Context, base *segment.Set) error {
	if !p.money {
		return nil
	}
	p.minor = make([]int64, p.values.N())
	seen := 0
	base.Each(func(i int) {
		if seen++; seen&0xfff == 0 && ctx.Err() != nil {
			return
		}
		// A whole number of minor units is far below 2⁵³, where its float64,
		// rounded, is the number itself; others are taken exactly.
		if f := p.values.Float(i); !math.IsNaN(f) {
			units, _ := p.scale.Float64()
			if m := math.Round(f * units); math.Abs(m) < 1<<45 {
				p.minor[i] = int64(m)
				return
			}
			if m := new(big.Rat).Mul(p.values.Rat(i), p.scale); m.IsInt() && m.Num().IsInt64() {
				p.minor[i] = m.Num().Int64()
			}
		}
	})
	return ctx.Err()
}

// sum is what the members brought in, in major units.
func (p *purse) sum(members *segment.Set) *big.Rat {
	if !p.money {
		sum := 0.0
		members.Each(func(i int) {
			if f := p.values.Float(i); !math.IsNaN(f) && !math.IsInf(f, 0) {
				sum += f
			}
		})
		r := new(big.Rat)
		if !math.IsInf(sum, 0) && !math.IsNaN(sum) {
			r.SetFloat64(sum)
		}
		return r
	}
	total, part := new(big.Int), int64(0)
	members.Each(func(i int) {
		next := part + p.minor[i]
		if (next < part) != (p.minor[i] < 0) {
			total.Add(total, big.NewInt(part))
			next = p.minor[i]
		}
		part = next
	})
	total.Add(total, big.NewInt(part))
	return new(big.Rat).Quo(new(big.Rat).SetInt(total), p.scale)
}

// overlaps finds how the groups lie to saved segments and to one another. A
// saved segment that cannot be evaluated any more overlaps with nothing.
func (w *work) overlaps(ctx context.Context, r *Result) error {
	for _, s := range w.q.Saved {
		plan, err := segment.Compile(ctx, s.Formula, w.src, w.at)
		if err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			continue
		}
		set, err := plan.Run(ctx)
		if err != nil {
			return err
		}
		set = set.And(w.people.base)
		n := set.Len()
		for k := range r.Groups {
			g := &r.Groups[k]
			both := set.And(g.Members).Len()
			if both == 0 {
				continue
			}
			o := Overlap{Name: s.Name, Both: both, Share: ratio(both, g.Size), Of: ratio(both, n), Jaccard: ratio(both, n+g.Size-both)}
			g.Overlaps = append(g.Overlaps, o)
		}
	}
	for k := range r.Groups {
		g := &r.Groups[k]
		slices.SortStableFunc(g.Overlaps, func(a, b Overlap) int { return cmp.Or(cmp.Compare(b.Jaccard, a.Jaccard), cmp.Compare(a.Name, b.Name)) })
		if len(g.Overlaps) > 0 && g.Overlaps[0].Jaccard >= alike {
			g.Repeats = g.Overlaps[0].Name
		}
	}
	return nil
}

// twins finds groups whose formulas find nearly the same customers; the better
// ranked stands.
func twins(r *Result) {
	for k := range r.Groups {
		g := &r.Groups[k]
		g.Twin = -1
		for b := range k {
			o := &r.Groups[b]
			if o.Stage != g.Stage || o.Twin >= 0 {
				continue
			}
			both := g.Members.And(o.Members).Len()
			if union := g.Size + o.Size - both; union > 0 && ratio(both, union) >= alike {
				g.Twin = b
				break
			}
		}
	}
}

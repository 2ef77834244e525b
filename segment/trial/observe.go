package trial

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"tesela/segment"
	"tesela/segment/effect"
	"tesela/segment/syntax"
)

// Observed is a comparison where nobody was held out: of those who were treated
// with others who were not, weighted to be like them in what is known from
// before. What is not known may still set them apart, so it proves nothing.
type Observed struct {
	Campaign    string
	First, Last time.Time
	Days        int
	Figures     []Figure
	Money       int // the figure that is revenue, -1 without
	Comparisons []Comparison
	// Treated and Others are how many were compared, Effective as how many the
	// others count once weighted, Late whose days are not over.
	Treated, Others, Late int
	Effective             float64
	Balance               []effect.Balance
	// Aside are those of Balance that no weights could make alike.
	Aside  []string
	Cost   int64
	Costed bool
	// Enough tells that there are customers enough of both to tell anything.
	Enough bool
}

// Alike tells that what was weighed by is alike after it.
func (o *Observed) Alike() bool {
	for _, b := range o.Balance {
		if math.Abs(b.Matched) > effect.Balanced {
			return false
		}
	}
	return true
}

// tooFarApart is the standardised difference from which on a covariate is told
// but not weighed by: hardly anybody of the others is like the treated in it, and
// all the weight would go to those few.
const tooFarApart = 1.5

// ObserveSent compares those who were sent a campaign with those who were not.
func ObserveSent(ctx context.Context, src segment.Source, at time.Time, q Query) (*Observed, error) {
	book, ok, err := Sends(src.Schema())
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, &UnknownError{Campaign: q.Campaign}
	}
	trials, err := Trials(ctx, book, src, at, nil)
	if err != nil {
		return nil, err
	}
	if trials, err = choose(trials, q); err != nil {
		return nil, err
	}
	return observe(ctx, src, at, q, trials[0])
}

// ObserveTreated compares those who satisfy a formula at T, and were there when
// it happened, with the others who were there.
func ObserveTreated(ctx context.Context, src segment.Source, at time.Time, q Query, treated syntax.Formula) (*Observed, error) {
	sets, err := setsAt(ctx, src, at, []syntax.Formula{treated})
	if err != nil {
		return nil, err
	}
	t := &Trial{Campaign: treated.String(), First: q.On, Last: q.On}
	sets[0].Each(func(i int) { t.add(uint32(i), q.On.UnixMicro(), 0) })
	return observe(ctx, src, at, q, t)
}

func observe(ctx context.Context, src segment.Source, at time.Time, q Query, t *Trial) (*Observed, error) {
	s := src.Schema()
	o := &Observed{Campaign: t.Campaign, First: t.First, Last: t.Last, Days: q.Days}
	if o.Days == 0 {
		o.Days = DefaultDays
	}
	var err error
	if o.Figures, o.Money, err = figures(s, q.Outcome); err != nil {
		return nil, err
	}
	v := &survey{src: src, at: at, days: o.Days, figures: o.Figures, base: q.Base}
	known, err := covariates(ctx, src, v)
	if err != nil {
		return nil, err
	}
	c := &crowd{o: o, after: make([][]float64, len(o.Figures)), known: make([][]float64, len(known))}
	for _, group := range t.withOthers(s, s.Customers) {
		if err := c.take(ctx, v, known, t, group); err != nil {
			return nil, err
		}
	}
	o.Treated, o.Others = len(c.treated), len(c.others)
	o.Enough = o.Treated >= effect.MinArm && o.Others >= effect.MinArm
	if o.Treated == 0 || o.Others == 0 {
		return o, nil
	}
	return o, c.compare(ctx, known, q.Plain)
}

// groupOf is an instant from which some treated and some others count.
type groupOf struct {
	start
	others []int // customers
}

// withOthers adds to each instant others who were not treated, in the same
// proportion, so that both see the same seasons. Who goes where is fixed by the
// customer's number.
func (t *Trial) withOthers(s *segment.Schema, n int) []groupOf {
	treated := segment.NewSet(n)
	for _, w := range t.who {
		treated.Add(int(w))
	}
	var all []groupOf
	var upTo []int
	sum := 0
	for _, st := range t.starts(s.Zone) {
		all = append(all, groupOf{start: st})
		sum += len(st.members)
		upTo = append(upTo, sum)
	}
	if sum == 0 {
		return nil
	}
	treated.Not().Each(func(i int) {
		place := int(mixed(uint64(i)) % uint64(sum))
		at, _ := slices.BinarySearch(upTo, place+1)
		all[at].others = append(all[at].others, i)
	})
	return all
}

// mixed scatters numbers (the finaliser of SplitMix64).
func mixed(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// crowd gathers treated and others, in one order.
type crowd struct {
	o               *Observed
	after           [][]float64 // by figure
	known           [][]float64 // by covariate
	treated, others []int       // positions
}

func (c *crowd) take(ctx context.Context, v *survey, known []covariate, t *Trial, g groupOf) error {
	end := g.at.AddDate(0, 0, v.days)
	if end.After(v.at) {
		c.o.Late += len(g.members)
		return nil
	}
	there, err := present(v.src.Schema(), g.at)
	if err != nil {
		return err
	}
	if v.base != nil {
		there = syntax.All(there, v.base)
	}
	sets, err := setsAt(ctx, v.src, g.at, []syntax.Formula{there})
	if err != nil {
		return err
	}
	windowed := make([]Figure, len(v.figures))
	for i, f := range v.figures {
		if windowed[i], err = f.Over(v.days); err != nil {
			return err
		}
	}
	after, err := figuresAt(ctx, v.src, end, windowed)
	if err != nil {
		return err
	}
	asked := make([]Figure, len(known))
	for i, k := range known {
		asked[i] = k.figure
	}
	before, err := figuresAt(ctx, v.src, g.at, asked)
	if err != nil {
		return err
	}
	one := func(w int) (position int, ok bool) {
		if !sets[0].Has(w) {
			return 0, false
		}
		position = len(c.after[0])
		for f := range windowed {
			c.after[f] = append(c.after[f], after[f](w))
		}
		for k := range known {
			c.known[k] = append(c.known[k], before[k](w))
		}
		return position, true
	}
	for i, k := range g.members {
		if i%askEvery == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if at, ok := one(int(t.who[k])); ok {
			c.treated = append(c.treated, at)
			if t.cost != nil {
				c.o.Cost, c.o.Costed = c.o.Cost+t.cost[k], true
			}
		}
	}
	for i, w := range g.others {
		if i%askEvery == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if at, ok := one(w); ok {
			c.others = append(c.others, at)
		}
	}
	return nil
}

// compare weighs the others and sets the treated against them.
func (c *crowd) compare(ctx context.Context, known []covariate, plain bool) error {
	all := make([]effect.Covariate, len(known))
	for k := range known {
		fill(c.known[k])
		all[k] = effect.Covariate{Name: known[k].figure.String(), Figures: c.known[k], Aside: true}
		if known[k].log {
			all[k].Figures = make([]float64, len(c.known[k]))
			for i, x := range c.known[k] {
				all[k].Figures[i] = math.Copysign(math.Log1p(math.Abs(x)), x)
			}
		}
	}
	w, err := effect.Weight(ctx, all, c.treated, c.others)
	if err != nil {
		return err
	}
	if !plain {
		for k, b := range w.Balance {
			if all[k].Aside = math.Abs(b.Apart) > tooFarApart; all[k].Aside {
				c.o.Aside = append(c.o.Aside, b.Name)
			}
		}
		if w, err = effect.Weight(ctx, all, c.treated, c.others); err != nil {
			return err
		}
	}
	// What is the same for all tells nothing.
	for k, b := range w.Balance {
		if b.Apart != 0 || slices.ContainsFunc(c.known[k], func(x float64) bool { return x != c.known[k][0] }) {
			c.o.Balance = append(c.o.Balance, c.asTold(b, c.known[k], w.Weights))
		}
	}
	slices.SortStableFunc(c.o.Balance, func(a, b effect.Balance) int { return cmp.Compare(math.Abs(b.Apart), math.Abs(a.Apart)) })
	c.o.Effective = w.Effective
	for f, figure := range c.o.Figures {
		after := c.after[f]
		fill(after)
		d, a, b := w.Compare(after, c.treated, c.others, effect.Level)
		x := Comparison{Difference: d, Method: ByWeights, Treated: a, Held: b, Enough: c.o.Enough && effect.Enough(a, b)}
		if figure.Rate() && x.Enough {
			x.Enough = seen(after) >= effect.MinSeen
		}
		var plainTreated, plainOthers arm
		for _, i := range c.treated {
			plainTreated.add(after[i], 0)
		}
		for _, i := range c.others {
			plainOthers.add(after[i], 0)
		}
		x.Plain = compare(figure.Rate(), plainTreated, plainOthers, true).Difference
		c.o.Comparisons = append(c.o.Comparisons, x)
	}
	return nil
}

// asTold puts the means of the figures as people know them in place of those of
// their logarithms.
func (c *crowd) asTold(b effect.Balance, figures, weights []float64) effect.Balance {
	b.Treated, b.Before, b.After = 0, 0, 0
	for _, i := range c.treated {
		b.Treated += figures[i] / float64(len(c.treated))
	}
	for k, i := range c.others {
		b.Before += figures[i] / float64(len(c.others))
		b.After += figures[i] * weights[k]
	}
	return b
}

func seen(figures []float64) int {
	n := 0
	for _, y := range figures {
		if y == 1 {
			n++
		}
	}
	return n
}

// present is true of who was there before an instant: of whom something is
// known from before, or who had signed up.
func present(s *segment.Schema, at time.Time) (syntax.Formula, error) {
	var any []syntax.Formula
	if f, ok := s.Trait(s.Roles["signup"]); ok {
		text := fmt.Sprintf("%s before %s", syntax.Quote(f.Name), at.In(s.Zone).AddDate(0, 0, 1).Format(time.DateOnly))
		signed, err := syntax.Parse(text)
		if err != nil {
			return nil, fmt.Errorf("ask who had signed up: %w", err)
		}
		any = append(any, signed)
	}
	for _, e := range s.Events {
		any = append(any, &syntax.Compare{Left: &syntax.Call{Fn: syntax.Count, Event: e.Name}, Op: syntax.Ge, Right: &syntax.Number{Text: "1"}})
	}
	return syntax.Any(any...), nil
}

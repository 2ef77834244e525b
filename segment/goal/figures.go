package goal

import (
	"context"
	"math"
	"time"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/segment/syntax"
	"tesela/segment/trial"
)

// The values per customer that groups are told by.
const (
	ofRevenue  = "revenue"
	ofWorth    = "worth"
	ofStake    = "stake"
	ofContacts = "contacts"
)

// figures finds who is in the groups, who may be written to, and what they are
// worth.
func (w *work) figures(ctx context.Context) error {
	fs := []syntax.Formula{w.everyone()}
	if reach := w.reachable(); w.q.Goal.Consent && reach != nil {
		fs = append(fs, reach)
		w.report.Reached = true
	}
	first := len(fs)
	for _, c := range w.all {
		fs = append(fs, c.Formula)
	}
	plan, err := segment.CompileEach(ctx, fs, w.src, w.at)
	if err != nil {
		return err
	}
	sets, err := plan.RunEach(ctx)
	if err != nil {
		return err
	}
	w.base, w.report.Base = sets[0], sets[0].Len()
	if w.report.Reached {
		w.reach = sets[1]
	}
	if err := w.evaluate(ctx); err != nil {
		return err
	}
	var kept []*candidate
	for i, c := range w.all {
		c.Set = sets[first+i]
		if c.Size = c.Set.Len(); c.Size == 0 {
			continue
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		w.report.Considered++
		if c.Size < w.q.Least {
			w.report.Small++
			continue
		}
		w.tell(c)
		kept = append(kept, c)
	}
	w.all = kept
	r := w.report
	r.PerHead, r.Contacts = math.NaN(), math.NaN()
	if v := w.values[ofRevenue]; v != nil {
		r.Revenue = v.Sum(w.base)
		r.PerHead = perHead(v, w.base)
	}
	if v := w.values[ofContacts]; v != nil {
		r.Contacts = perHead(v, w.base)
	}
	return nil
}

// reachable is who may be written to: with consent, and not unsubscribed since.
func (w *work) reachable() syntax.Formula {
	consent, ok := w.names.texts["consent"]
	if !ok {
		return nil
	}
	f, err := syntax.Parse(consent)
	if err != nil {
		return nil
	}
	if gone, ok := w.names.texts["unsubscribe"]; ok {
		if never, err := syntax.Parse("count(" + gone + ") = 0"); err == nil {
			return syntax.All(f, never)
		}
	}
	return f
}

// evaluate computes the values in one plan.
func (w *work) evaluate(ctx context.Context) error {
	var keys []string
	var vs []syntax.Value
	ask := func(key, template string) error {
		text, ok := w.names.fill(template)
		if template == "" || !ok {
			return nil
		}
		v, err := syntax.ParseValue(text)
		if err == nil {
			keys, vs = append(keys, key), append(vs, v)
		}
		return err
	}
	year := &syntax.Window{Duration: syntax.Duration{N: 1, Unit: syntax.Year}}
	if v, err := w.src.Schema().Revenue(year); err == nil {
		keys, vs = append(keys, ofRevenue), append(vs, v)
	}
	for _, a := range [][2]string{{ofWorth, w.q.Goal.Worth}, {ofStake, w.q.Goal.Stake}, {ofContacts, "count({send}, last 30d)"}} {
		if err := ask(a[0], a[1]); err != nil {
			return err
		}
	}
	w.values = map[string]*segment.Values{}
	if len(vs) == 0 {
		return nil
	}
	plan, err := segment.CompileValues(ctx, vs, w.src, w.at)
	if err != nil {
		return err
	}
	all, err := plan.Run(ctx)
	if err != nil {
		return err
	}
	for i, key := range keys {
		w.values[key] = all[i]
	}
	return nil
}

// tell fills in what the values say of a group.
func (w *work) tell(c *candidate) {
	reached := c.Set
	if w.reach != nil {
		reached = c.Set.And(w.reach)
	}
	c.Reach = reached.Len()
	c.PerHead, c.Contacts, c.Worth, c.Stake = math.NaN(), math.NaN(), 1, math.NaN()
	if v := w.values[ofRevenue]; v != nil {
		c.Revenue, c.PerHead = v.Sum(c.Set), perHead(v, c.Set)
	}
	if v := w.values[ofContacts]; v != nil {
		c.Contacts = perHead(v, c.Set)
	}
	if v := w.values[ofStake]; v != nil {
		c.Stake = mean(v, reached) * float64(c.Reach)
	}
	switch v := w.values[ofWorth]; {
	case v != nil:
		if c.Worth = mean(v, reached); c.Worth != c.Worth { // as much as the others' who have one
			c.Worth = mean(v, w.base)
		}
		w.report.Money = v.Kind() == column.Money
	case w.q.Goal.Worth != "":
		c.Worth = math.NaN()
	}
}

// mean is of those who have a value.
func mean(v *segment.Values, s *segment.Set) float64 {
	sum, n := 0.0, 0
	s.Each(func(i int) {
		if x := v.Float(i); x == x {
			sum += x
			n++
		}
	})
	return sum / float64(n)
}

// perHead counts nothing as 0.
func perHead(v *segment.Values, s *segment.Set) float64 {
	sum := 0.0
	s.Each(func(i int) {
		if x := v.Float(i); x == x {
			sum += x
		}
	})
	return sum / float64(s.Len())
}

// fewest is how many customers a group must have had for what they did to be
// told.
const fewest = 30

// past finds who was in the groups so many days ago, and what they did of the
// outcome since: what the group does anyway.
func (w *work) past(ctx context.Context) error {
	before, err := segment.Resolve(&syntax.Window{Duration: syntax.Duration{N: w.report.Days, Unit: syntax.Day}}, w.at, w.src.Schema().Zone)
	if err != nil {
		return err
	}
	var fs []syntax.Formula
	for _, c := range w.all {
		c.Mean, c.SD = math.NaN(), math.NaN()
		fs = append(fs, c.Formula)
	}
	if len(fs) == 0 {
		return nil
	}
	plan, err := segment.CompileEach(ctx, fs, w.src, time.UnixMicro(before.From))
	if err != nil {
		return nil //nolint:nilerr // a definition that did not hold then is told as too few to tell
	}
	sets, err := plan.RunEach(ctx)
	if err != nil {
		return err
	}
	there, err := w.there(ctx)
	if err != nil {
		return err
	}
	did := map[string]*outcome{}
	for i, c := range w.all {
		if err := ctx.Err(); err != nil {
			return err
		}
		o := did[c.outcome.String()]
		if o == nil {
			if o, err = w.did(ctx, c.outcome); err != nil {
				return err
			}
			did[c.outcome.String()] = o
		}
		set := sets[i]
		if there != nil {
			set = set.AndNot(there)
		}
		if c.Then = set.Len(); c.Then >= fewest {
			c.Mean, c.SD = o.over(set)
		}
	}
	return nil
}

// there are the customers who signed up within the days: they were not there
// before. Nil where sign-ups are not known.
func (w *work) there(ctx context.Context) (*segment.Set, error) {
	s := w.src.Schema()
	t, ok := s.Trait(s.Roles["signup"])
	if !ok || t.Kind != column.Time && t.Kind != column.Date {
		return nil, nil
	}
	f := &syntax.Within{Value: &syntax.Name{Name: t.Name}, Window: &syntax.Window{Duration: syntax.Duration{N: w.report.Days, Unit: syntax.Day}}}
	plan, err := segment.Compile(ctx, f, w.src, w.at)
	if err != nil {
		return nil, err
	}
	return plan.Run(ctx)
}

// outcome is what customers did within the days: a set, or a figure each.
type outcome struct {
	set    *segment.Set
	values *segment.Values
}

func (w *work) did(ctx context.Context, f trial.Figure) (*outcome, error) {
	over, err := f.Over(w.report.Days)
	if err != nil {
		return nil, err
	}
	if over.Rate() {
		plan, err := segment.Compile(ctx, over.Formula, w.src, w.at)
		if err != nil {
			return nil, err
		}
		set, err := plan.Run(ctx)
		return &outcome{set: set}, err
	}
	plan, err := segment.CompileValue(ctx, over.Value, w.src, w.at)
	if err != nil {
		return nil, err
	}
	if w.q.Goal.Worth == "" {
		w.report.Money = plan.Kind() == column.Money
	}
	values, err := plan.Run(ctx)
	return &outcome{values: values}, err
}

// over is the rate, or the mean and standard deviation, of a group's customers.
func (o *outcome) over(s *segment.Set) (mean, sd float64) {
	n := float64(s.Len())
	if o.set != nil {
		p := float64(s.And(o.set).Len()) / n
		return p, math.Sqrt(p * (1 - p))
	}
	sum, squares, k := 0.0, 0.0, 0.0 // Welford 1962
	s.Each(func(i int) {
		x := o.values.Float(i)
		if x != x {
			x = 0
		}
		k++
		d := x - sum
		sum += d / k
		squares += d * (x - sum)
	})
	return sum, math.Sqrt(squares / (n - 1))
}

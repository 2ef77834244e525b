package trial

import (
	"cmp"
	"context"
	"errors"
	"math"
	"slices"
	"time"

	"tesela/segment"
	"tesela/segment/effect"
	"tesela/segment/syntax"
)

// Reason is why an action is recommended, or none.
type Reason string

// The reasons.
const (
	Evident    Reason = "evidence"       // the interval of the lift lies above 0
	NoEvidence Reason = "no_evidence"    // tested, and nothing showed
	TooFew     Reason = "too_few"        // fewer customers than the minimum in every test
	NoTrials   Reason = "no_trials"      // nothing was ever tested with a hold-out
	falseShare        = 1 - effect.Level // of what is shown may be chance
)

// Recommendation is what to do with one group.
type Recommendation struct {
	Reason Reason
	// Best is the action whose shrunk lift is largest of those that show; nil
	// without.
	Best *Evidence
	// Avoid are the actions that did harm, the worst first.
	Avoid []Evidence
	// Tried are all actions tested on customers of the group, by campaign.
	Tried []Evidence
}

// Evidence is what one action did to a group.
type Evidence struct {
	Campaign, Arm string
	// Alone tells that the trial has no other treated arm.
	Alone    bool
	From, To time.Time // of the assignments
	// Lift, its interval and P are shrunk toward what all groups show; Q is P
	// adjusted for all groups and actions looked at.
	effect.Difference
	Q float64
	// Raw is the comparison by itself.
	Raw Comparison
	// Revenue is that of revenue per customer; nil where the data has none.
	Revenue *Comparison
	// Cost of the group's treated customers in minor units, where known.
	Cost   int64
	Costed bool
}

// Action is what was done: the campaign, and its arm where that is not the only
// one that was treated.
func (e *Evidence) Action() string {
	if e.Alone || e.Arm == "" {
		return e.Campaign
	}
	return e.Campaign + " · " + e.Arm
}

// shows tells that there is an effect, so far as chance lets be told.
func (e *Evidence) shows() bool { return e.Raw.Enough && e.Shown() && e.Q <= falseShare }

// Recommend finds for each group, a set of customers as of now, the action with
// the largest shrunk lift whose interval excludes 0, over all trials with a
// hold-out. A customer's figures in a trial count for the groups he is in now,
// so groups must not be made of what an action may have changed; groups given
// by formulas have no such fault, see RecommendFor.
//
// The query's Campaign, Splits and Groups are not used. Without an outcome, and
// where no event is known to be a purchase, nothing is recommended.
func Recommend(ctx context.Context, src segment.Source, at time.Time, groups []*segment.Set, q Query) ([]Recommendation, error) {
	return recommend(ctx, src, at, len(groups), q, func(v *survey) { v.fixed = groups })
}

// RecommendFor is Recommend for groups given by formulas, which are taken as of
// each customer's assignment.
func RecommendFor(ctx context.Context, src segment.Source, at time.Time, groups []syntax.Formula, q Query) ([]Recommendation, error) {
	return recommend(ctx, src, at, len(groups), q, func(v *survey) { v.groups = groups })
}

func recommend(ctx context.Context, src segment.Source, at time.Time, n int, q Query, put func(*survey)) ([]Recommendation, error) {
	all := make([]Recommendation, n)
	for i := range all {
		all[i].Reason = NoTrials
	}
	s := src.Schema()
	book, ok, err := Find(s)
	if err != nil || !ok || !book.HasArms() || n == 0 {
		return all, err
	}
	trials, err := Trials(ctx, book, src, at, q.HeldOut)
	if err != nil {
		return nil, err
	}
	r := &Report{Days: q.Days}
	if r.Days == 0 {
		r.Days = DefaultDays
	}
	if r.Figures, r.Money, err = figures(s, q.Outcome); err != nil {
		var role *segment.RoleError
		if q.Outcome == nil && errors.As(err, &role) {
			return all, nil // there is nothing to be raised
		}
		return nil, err
	}
	v := &survey{src: src, at: at, days: r.Days, figures: r.Figures, base: q.Base}
	put(v)
	var groupOf []int
	for _, t := range trials {
		var undated *DateError
		if err := t.date(q.On, at); errors.As(err, &undated) || !t.Judged() {
			continue
		}
		p, err := v.of(ctx, t)
		if err != nil {
			return nil, err
		}
		rows := p.rows(v, q.Plain)
		arms := len(rows) / (n + 1)
		for i, row := range rows {
			r.Rows = append(r.Rows, row)
			groupOf = append(groupOf, i/arms-1) // the first are of everyone
		}
	}
	r.together()
	r.sort(all, groupOf)
	return all, nil
}

// sort gives the groups' rows to the groups and chooses.
func (r *Report) sort(all []Recommendation, groupOf []int) {
	var ps []float64
	for i, row := range r.Rows {
		p := math.NaN()
		if groupOf[i] >= 0 && row.Main().Enough {
			p = row.Shrunk.P
		}
		ps = append(ps, p)
	}
	qs := effect.Discoveries(ps)
	for i, row := range r.Rows {
		if groupOf[i] < 0 || row.Main().Treated.N == 0 && row.Main().Held.N == 0 {
			continue
		}
		e := Evidence{
			Campaign: row.Trial.Campaign, Arm: row.Arm, Alone: len(row.Trial.Arms) == len(row.HeldOut)+1, From: row.Trial.First, To: row.Trial.Last,
			Difference: row.Shrunk, Q: qs[i], Raw: row.Main(), Cost: row.Cost, Costed: row.Costed,
		}
		if r.Money >= 0 {
			money := row.Figures[r.Money]
			e.Revenue = &money
		}
		g := &all[groupOf[i]]
		g.Tried = append(g.Tried, e)
	}
	for i := range all {
		all[i].choose()
	}
}

// choose picks the best action and those to avoid.
func (r *Recommendation) choose() {
	if len(r.Tried) == 0 {
		return
	}
	r.Reason = TooFew
	for i := range r.Tried {
		e := &r.Tried[i]
		if e.Raw.Enough && r.Reason == TooFew {
			r.Reason = NoEvidence
		}
		switch {
		case !e.shows():
		case e.Lift < 0:
			r.Avoid = append(r.Avoid, *e)
		case r.Best == nil || e.Lift > r.Best.Lift:
			best := *e
			r.Best, r.Reason = &best, Evident
		}
	}
	slices.SortStableFunc(r.Avoid, func(a, b Evidence) int { return cmp.Compare(a.Lift, b.Lift) })
}

package trial

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"tesela/segment"
	"tesela/segment/effect"
	"tesela/segment/syntax"
)

// Query says what to measure.
type Query struct {
	// Campaign is one by name, in any case; "" is all.
	Campaign string
	// Outcome is what is looked at; nil is whether there was a purchase.
	Outcome *Figure
	Days    int            // 0: DefaultDays
	Base    syntax.Formula // nil: everyone
	// Splits are values whose labels part the customers, all at once; Groups
	// are formulas that may overlap.
	Splits []syntax.Value
	Groups []syntax.Formula
	// HeldOut names the arms that are held out; none: known words tell.
	HeldOut []string
	// Plain leaves figures unadjusted.
	Plain bool
	// On is when a trial that a trait records began.
	On time.Time
}

// Report is what came of campaigns.
type Report struct {
	Book    Book
	Days    int
	Figures []Figure
	// Money is the figure in Figures that is revenue, -1 without.
	Money int
	// Rows has for each campaign and treated arm one row of everyone, then one
	// for each group.
	Rows []Row
	// Unjudged are campaigns in which nobody is known to be held out.
	Unjudged []*Trial
}

// Row is one comparison.
type Row struct {
	Trial *Trial
	Arm   string
	// HeldOut are the arms it is set against.
	HeldOut []string
	// Group is the label or the formula, with Grouped true; else it is of all.
	Group   string
	Grouped bool
	// Figures are as in Report.
	Figures []Comparison
	// Q is the P of the first figure, adjusted for all rows looked at together:
	// those of all groups, or without groups of all campaigns.
	Q float64
	// Shrunk is the lift of a group drawn toward what all groups show; of all
	// customers it is the lift itself.
	Shrunk effect.Difference
	// Late is how many customers' days are not over, in all groups.
	Late int
	// Cost of the treated, in minor units; Costed tells that it is known.
	Cost   int64
	Costed bool
}

// Main is the comparison of the outcome.
func (r *Row) Main() Comparison { return r.Figures[0] }

// UnknownError says that there is no such campaign.
type UnknownError struct {
	Campaign string
	Known    []string
}

// Error names those there are.
func (e *UnknownError) Error() string {
	if len(e.Known) == 0 {
		return "the data holds no campaigns"
	}
	return fmt.Sprintf("there is no campaign %q; there are %s", e.Campaign, strings.Join(e.Known, ", "))
}

// ArmError says that a campaign's arms do not tell who was held out.
type ArmError struct {
	Campaign string
	Arms     []string
	// Named is what the caller said is held out, and no arm is called.
	Named []string
}

// Error names the arms.
func (e *ArmError) Error() string {
	if len(e.Named) > 0 {
		return fmt.Sprintf("%s has no arm called %s beside others; its arms are %s", e.Campaign, strings.Join(e.Named, ", "), strings.Join(e.Arms, ", "))
	}
	return fmt.Sprintf("none of the arms of %s (%s) is known to be held out, or all are; say which", e.Campaign, strings.Join(e.Arms, ", "))
}

// DateError says that nobody knows when a trial began.
type DateError struct{ Campaign string }

// Error asks for the date.
func (e *DateError) Error() string {
	return "a trait tells the arms of " + e.Campaign + ", but not since when; give the date"
}

// Measure compares the arms of one campaign or of all. Errors are those of
// this package, *syntax.Error and *segment.RoleError among others.
func Measure(ctx context.Context, src segment.Source, at time.Time, q Query) (*Report, error) {
	s := src.Schema()
	book, ok, err := Find(s)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, &UnknownError{Campaign: q.Campaign}
	}
	trials, err := Trials(ctx, book, src, at, q.HeldOut)
	if err != nil {
		return nil, err
	}
	if trials, err = choose(trials, q); err != nil {
		return nil, err
	}
	r := &Report{Book: book, Days: q.Days}
	if r.Days == 0 {
		r.Days = DefaultDays
	}
	if r.Figures, r.Money, err = figures(s, q.Outcome); err != nil {
		return nil, err
	}
	v := &survey{src: src, at: at, days: r.Days, figures: r.Figures, base: q.Base, groups: q.Groups, splits: q.Splits}
	for _, t := range trials {
		if err := t.date(q.On, at); err != nil {
			return nil, err
		}
		if !t.Judged() {
			if q.Campaign != "" {
				return nil, &ArmError{Campaign: t.Campaign, Arms: t.Labels(), Named: q.HeldOut}
			}
			r.Unjudged = append(r.Unjudged, t)
			continue
		}
		p, err := v.of(ctx, t)
		if err != nil {
			return nil, err
		}
		r.Rows = append(r.Rows, p.rows(v, q.Plain)...)
	}
	r.together()
	return r, nil
}

// choose keeps the campaign that is asked for.
func choose(trials []*Trial, q Query) ([]*Trial, error) {
	if q.Campaign == "" {
		return trials, nil
	}
	var known []string
	for _, exact := range []bool{true, false} {
		for _, t := range trials {
			if t.Campaign == q.Campaign || !exact && fold(t.Campaign) == fold(q.Campaign) {
				return []*Trial{t}, nil
			}
			if exact {
				known = append(known, t.Campaign)
			}
		}
	}
	return nil, &UnknownError{Campaign: q.Campaign, Known: known}
}

// date puts in when a trial began whose rows do not tell.
func (t *Trial) date(on, at time.Time) error {
	if len(t.at) == 0 || t.at[0] != math.MinInt64 {
		return nil
	}
	if on.IsZero() {
		return &DateError{Campaign: t.Campaign}
	}
	t.First, t.Last = on, on
	for k := range t.at {
		t.at[k] = on.UnixMicro()
	}
	return nil
}

// rows compares each treated arm with those held out: all customers, then the
// groups.
func (p *people) rows(v *survey, plain bool) []Row {
	for f := range p.prior {
		fill(p.prior[f])
	}
	t := p.trial
	type group struct {
		name    string
		grouped bool
		belongs func(int) bool
	}
	groups := []group{{belongs: func(int) bool { return true }}}
	names := slices.Clone(p.by)
	slices.Sort(names)
	for _, name := range names {
		number := slices.Index(p.by, name)
		groups = append(groups, group{name, true, func(k int) bool { return p.label[k] == number }})
	}
	for g, set := range p.in {
		name := ""
		if g < len(v.groups) {
			name = v.groups[g].String()
		}
		groups = append(groups, group{name, true, set.Has})
	}
	var held []string
	for _, a := range t.Arms {
		if a.HeldOut {
			held = append(held, a.Label)
		}
	}
	var rows []Row
	for _, g := range groups {
		byFigure := make([][]arm, len(v.figures))
		for f := range v.figures {
			byFigure[f] = p.arms(f, g.belongs)
		}
		for i, a := range t.Arms {
			if a.HeldOut {
				continue
			}
			row := Row{Trial: t, Arm: a.Label, HeldOut: held, Group: g.name, Grouped: g.grouped, Late: p.late}
			for f, figure := range v.figures {
				row.Figures = append(row.Figures, compare(figure.Rate(), byFigure[f][i], t.heldOut(byFigure[f]), plain))
			}
			row.Cost, row.Costed = p.cost(i, g.belongs)
			rows = append(rows, row)
		}
	}
	return rows
}

// cost is what treating an arm's customers costs.
func (p *people) cost(arm int, belongs func(int) bool) (sum int64, known bool) {
	if p.trial.cost == nil {
		return 0, false
	}
	for k, at := range p.at {
		if int(p.trial.arm[at]) == arm && belongs(k) {
			sum += p.trial.cost[at]
		}
	}
	return sum, true
}

// together adjusts what several rows tell for their being looked at together,
// and draws groups toward each other.
func (r *Report) together() {
	grouped := slices.ContainsFunc(r.Rows, func(row Row) bool { return row.Grouped })
	ps := make([]float64, len(r.Rows))
	for i := range r.Rows {
		row := &r.Rows[i]
		row.Shrunk = row.Main().Difference
		ps[i] = math.NaN()
		if row.Grouped == grouped && row.Main().Enough {
			ps[i] = row.Main().P
		}
	}
	for i, q := range effect.Discoveries(ps) {
		r.Rows[i].Q = q
		if row := &r.Rows[i]; math.IsNaN(q) && row.Main().Enough {
			row.Q = row.Main().P // the whole beside its groups: one look
		}
	}
	if !grouped {
		return
	}
	type treatment struct {
		t   *Trial
		arm string
	}
	var done []treatment
	for _, first := range r.Rows {
		key := treatment{first.Trial, first.Arm}
		if slices.Contains(done, key) {
			continue
		}
		done = append(done, key)
		var at []int
		for i, row := range r.Rows {
			if row.Grouped && (treatment{row.Trial, row.Arm}) == key {
				at = append(at, i)
			}
		}
		r.shrink(at)
	}
}

// shrink draws the rows of one treatment toward each other.
func (r *Report) shrink(at []int) {
	lifts, ses := make([]float64, len(at)), make([]float64, len(at))
	for j, i := range at {
		lifts[j], ses[j] = math.NaN(), math.NaN()
		if m := r.Rows[i].Main(); m.Enough {
			lifts[j], ses[j] = m.Lift, m.SE
		}
	}
	for j, g := range effect.Shrink(lifts, ses, effect.Level).Groups {
		r.Rows[at[j]].Shrunk = g
	}
}

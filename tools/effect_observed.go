package tools

import (
	"context"
	"errors"
	"math"

	"tesela/segment/effect"
	"tesela/segment/trial"
)

// observeSent compares who was sent a campaign with comparable others. cause is
// what kept it from being measured with a hold-out.
func (m *effectCall) observeSent(ctx context.Context, args *MeasureEffectArgs, cause error) (*Result, error) {
	if m.q.Campaign == "" {
		return nil, m.wrongEffect(cause, m.q)
	}
	if len(m.q.Splits)+len(m.q.Groups) > 0 {
		return nil, m.fault("by", "nobody was held out of %s, so it can only be compared as a whole; leave by out, or ask for one group with formula", m.q.Campaign)
	}
	o, err := trial.ObserveSent(ctx, m.src, m.at, m.q)
	var unknown *trial.UnknownError
	if errors.As(err, &unknown) {
		// Name all campaigns there are, with a hold-out or not.
		var first *trial.UnknownError
		if errors.As(cause, &first) {
			unknown.Known = append(unknown.Known, first.Known...)
		}
	}
	if err != nil {
		return nil, m.wrongEffect(err, m.q)
	}
	args.Campaign = o.Campaign
	return m.observed(ctx, o, o.Campaign)
}

// observeTreated compares who satisfies a formula with comparable others.
func (m *effectCall) observeTreated(ctx context.Context, args *MeasureEffectArgs) (*Result, error) {
	switch {
	case args.Campaign != "":
		return nil, m.fault("treated", "give a campaign or treated, not both")
	case m.q.On.IsZero():
		return nil, m.fault("date", "say when it happened: a date such as 2011-06-01, or how long ago such as 90d ago")
	case len(m.q.Splits)+len(m.q.Groups) > 0:
		return nil, m.fault("by", "without a hold-out it can only be compared as a whole; leave by out, or ask for one group with formula")
	}
	f, err := m.checked(ctx, "treated", &args.Treated)
	if err != nil {
		return nil, err
	}
	o, err := trial.ObserveTreated(ctx, m.src, m.at, m.q, f)
	if err != nil {
		return nil, m.wrongEffect(err, m.q)
	}
	m.note("effect_treated_now", nil)
	return m.observed(ctx, o, f.String())
}

// observed makes the answer: the comparison as values, the balance as rows.
func (m *effectCall) observed(ctx context.Context, o *trial.Observed, name string) (*Result, error) {
	var err error
	if m.kind, m.unit, err = m.figureKind(ctx, o.Figures[0]); err != nil {
		return nil, err
	}
	r := &Result{
		Title: m.say("title_observe_effect", params{"campaign": name}),
		Values: map[string]any{
			"campaign": name, "from": m.day(o.First), "to": m.day(o.Last), "days": o.Days,
			"treated": o.Treated, "others": o.Others, "n": o.Treated + o.Others, "observational": true,
		},
		Units: map[string]string{"treated": "customers", "others": "customers", "n": "customers", "days": "days"},
		Columns: []Column{
			{Name: "formula", Kind: "text"},
			{Name: "treated_value", Kind: "number"},
			{Name: "others_before", Kind: "number"},
			{Name: "others_after", Kind: "number"},
			{Name: "apart_before", Kind: "number"},
			{Name: "apart_after", Kind: "number"},
		},
		Rows: [][]any{},
	}
	if len(o.Comparisons) > 0 {
		c := o.Comparisons[0]
		m.lift(r, c)
		delete(r.Values, "held_out_value")
		delete(r.Units, "held_out_value")
		if v := m.statistic(m.kind, c.Held.Mean); v != nil {
			r.Values["others_value"], r.Units["others_value"] = v, r.Units["treated_value"]
		}
		if c.Enough {
			r.Values["plain_lift"], r.Units["plain_lift"] = m.statistic(m.kind, c.Plain.Lift), r.Units["lift"]
			r.Values["p"] = m.statistic("number", c.P)
		}
		r.Values["effective"], r.Units["effective"] = int(math.Round(o.Effective)), "customers"
		row := &trial.Row{Figures: o.Comparisons, Cost: o.Cost, Costed: o.Costed}
		m.money(r, &trial.Report{Money: o.Money}, row)
	}
	for _, b := range o.Balance {
		r.Rows = append(r.Rows, []any{
			b.Name, rounded(b.Treated), rounded(b.Before), rounded(b.After), m.statistic("number", rounded(b.Apart)), m.statistic("number", rounded(b.Matched)),
		})
	}
	m.observedNotes(o)
	return r, nil
}

// rounded keeps four significant decimals: weights are found by steps, and what
// lies beyond says nothing.
func rounded(x float64) float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return x
	}
	return math.Round(x*1e4)/1e4 + 0
}

func (m *effectCall) observedNotes(o *trial.Observed) {
	m.note("effect_observed", params{"n": len(o.Balance)})
	m.noteOutcome(o.Figures[0], o.Days)
	var apart []string
	for _, b := range o.Balance {
		if math.Abs(b.Matched) > effect.Balanced {
			apart = append(apart, b.Name)
		}
	}
	switch {
	case len(o.Balance) == 0:
	case len(apart) > 0:
		m.note("effect_unbalanced", params{"n": len(apart), "names": names(apart)})
	default:
		m.note("effect_balanced", nil)
	}
	if o.Late > 0 {
		m.note("effect_late", params{"n": o.Late, "days": o.Days})
	}
	if !o.Enough || len(o.Comparisons) > 0 && !o.Comparisons[0].Enough {
		m.note("effect_too_few", params{"arm": effect.MinArm, "seen": effect.MinSeen})
	}
	if o.Money >= 0 && len(o.Comparisons) > 0 {
		m.note("effect_gain", nil)
	}
}

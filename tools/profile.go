package tools

import (
	"context"
	"math/big"
	"slices"
	"strings"
	"time"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/segment/probe"
	"tesela/segment/profile"
	"tesela/segment/syntax"
)

// Bounds on the rows of a profile.
const (
	mostSaved  = 12
	mostTraits = 30
)

// profiled puts a profile into rows.
type profiled struct {
	*call
	*profile.Profile
	result *Result
	hidden []string
}

// profile tells everything known of a customer.
func (c *call) profile(ctx context.Context, args *ExplainCustomerArgs, who int) (*Result, error) {
	args.Events = 0 // it is of formulas
	found, err := profile.Of(ctx, c.src, c.at, who)
	if err != nil {
		return nil, err
	}
	p := &profiled{call: c, Profile: found, result: &Result{
		Title:  c.say("title_profile", params{"customer": args.Customer}),
		Values: map[string]any{"customer": args.Customer, "purchases": found.Purchases, "new": found.New},
		Units:  map[string]string{},
		Columns: []Column{
			{Name: "part", Kind: "text"},
			{Name: "time", Kind: "time"},
			{Name: "what", Kind: "text"},
			{Name: "value", Kind: "text", Unit: UnitOfRow},
			{Name: "year_ago", Kind: "text", Unit: UnitOfRow},
			{Name: "unit", Kind: "text"},
		},
		Rows: [][]any{},
	}}
	p.totals()
	p.standings()
	p.moments()
	if err := p.segments(ctx, who); err != nil {
		return nil, err
	}
	p.activities()
	if err := p.traits(ctx, who); err != nil {
		return nil, err
	}
	for _, m := range p.Months {
		var parts []string
		for _, e := range m.Events {
			one, many, _ := p.noun(e.Event)
			if e.Count == 1 {
				many = one
			}
			parts = append(parts, p.say("profile_of", params{"n": e.Count, "events": many}))
		}
		p.row("month", m.Key, strings.Join(parts, ", "), m.Count, nil, "events")
	}
	p.notes()
	return p.result, nil
}

func (p *profiled) row(part string, when any, what string, value, before any, unit string) {
	if t, ok := when.(time.Time); ok {
		when = localDay(t, p.schema)
	}
	var in any
	if unit != "" {
		in = unit
	}
	p.result.Rows = append(p.result.Rows, []any{part, when, what, value, before, in})
}

// money writes an exact amount; what it is in comes with it.
func (p *profiled) money(x *big.Rat) (cell any, unit string) {
	if x == nil {
		return nil, ""
	}
	if _, amount, ok := p.schema.Property(p.schema.Roles["amount"]); ok && amount.Kind == column.Number {
		f, _ := x.Float64()
		return wholeOr(f), "number"
	}
	return x.FloatString(p.schema.Digits), p.schema.Currency
}

// totals are the values over all time.
func (p *profiled) totals() {
	events := 0
	var first, last time.Time
	for _, a := range p.Activities {
		events += a.Count
		if first.IsZero() || a.First.Before(first) {
			first = a.First
		}
		if a.Last.After(last) {
			last = a.Last
		}
	}
	v := p.result.Values
	v["events"] = events
	if events > 0 {
		v["first"], v["last"] = localDay(first, p.schema), localDay(last, p.schema)
	}
	net := p.Spent
	if net != nil && p.Refunded != nil {
		net = new(big.Rat).Sub(net, p.Refunded)
	}
	if cell, unit := p.money(net); cell != nil {
		v["revenue"] = cell
		if unit != "number" {
			p.result.Units["revenue"] = unit
		}
	}
}

// standings are a row a layer and score; the scores of a label stand with it.
func (p *profiled) standings() {
	scores := map[string][2]string{}
	for _, s := range p.Standings {
		if owner, _, part := strings.Cut(s.Name, "_"); part && p.stands(owner) {
			both := scores[owner]
			for k, cell := range []any{s.Now, s.Before} {
				if cell != nil {
					both[k] += "-" + cellText(cell)
				}
			}
			scores[owner] = both
		}
	}
	for _, s := range p.Standings {
		if owner, _, part := strings.Cut(s.Name, "_"); part && p.stands(owner) {
			continue
		}
		with := func(cell any, k int) any {
			digits := strings.TrimPrefix(scores[s.Name][k], "-")
			if cell == nil || digits == "" {
				return cell
			}
			return cellText(cell) + " (" + digits + ")"
		}
		p.row("now", nil, s.Name, with(s.Now, 0), with(s.Before, 1), "")
	}
}

// stands tells whether a layer of the name is among the standings.
func (p *profiled) stands(name string) bool {
	return slices.ContainsFunc(p.Standings, func(s profile.Standing) bool { return s.Name == name })
}

func (p *profiled) moments() {
	for _, m := range p.Moments {
		cell, unit := p.money(m.Amount)
		what := ""
		switch m.Kind {
		case profile.FirstEvent, profile.Largest:
			what = p.sayOf("profile_"+string(m.Kind), m.Event, nil)
		case profile.Lapse, profile.Lapsed:
			what = p.sayOf("profile_"+string(m.Kind), m.Event, params{"n": m.Days})
			cell, unit = m.Days, "days"
		case profile.StageMove:
			what = p.say("profile_stage", params{"from": m.From, "to": m.To})
		}
		p.row("moment", m.Time, what, cell, nil, unit)
	}
}

// sayOf words a phrase about an event, in the form its gender asks for.
func (p *profiled) sayOf(key, event string, more params) string {
	one, many, feminine := p.noun(event)
	all := params{"event": "\x00", "events": "\x01"}
	for k, v := range more {
		all[k] = v
	}
	text := agree(p.say(key, all), feminine)
	return strings.NewReplacer("\x00", one, "\x01", many).Replace(text)
}

func (p *profiled) activities() {
	for _, a := range p.Activities {
		what := p.sayOf("profile_activity", a.Event, params{"n": a.Count, "date": localDay(a.First, p.schema)})
		p.row("activity", a.Last, what, a.Year, a.Before, "events")
	}
}

// segments tells in which saved segments the customer is, and by which
// conditions.
func (p *profiled) segments(ctx context.Context, who int) error {
	in, broken := 0, 0
	for _, s := range p.saved {
		f := &syntax.InSegment{Name: s.Name}
		plan, err := segment.Compile(ctx, f, p.src, p.at)
		if err != nil {
			broken++
			continue
		}
		set, err := plan.Run(ctx)
		if err != nil {
			return err
		}
		if !set.Has(who) {
			continue
		}
		if in++; in > mostSaved {
			continue
		}
		a, err := probe.Why(ctx, f, p.src, p.at, who, 1)
		if err != nil {
			return err
		}
		p.row("segment", nil, s.Name, deciding(a), nil, "")
	}
	p.result.Values["segments"] = in
	if in > mostSaved {
		p.note("profile_more_segments", params{"n": in - mostSaved})
	}
	if broken > 0 {
		p.note("profile_broken", params{"n": broken})
	}
	return nil
}

// deciding are the conditions by which a customer is in: the fewest that turn
// it, or else all that hold.
func deciding(a *probe.Account) any {
	var all []syntax.Formula
	for _, i := range a.Flips {
		f := a.Conditions[i].Condition
		if !a.Conditions[i].Holds {
			f = &syntax.Not{X: f}
		}
		all = append(all, f)
	}
	if all == nil {
		for _, v := range a.Conditions {
			if v.Holds {
				all = append(all, v.Condition)
			}
		}
	}
	if all == nil {
		return nil
	}
	return syntax.All(all...).String()
}

// traits tells the customer's own; personal ones to a person only.
func (p *profiled) traits(ctx context.Context, who int) error {
	var need segment.Need
	var shown []segment.Field
	for _, f := range p.schema.Traits {
		ref := segment.FieldRef{Name: f.Name}
		switch {
		case f.Set == 0:
		case p.box.personal.is(p.schema, ref) && !p.who.Person:
			p.hidden = append(p.hidden, f.Name)
		case len(shown) < mostTraits:
			need.AddTrait(f.Name)
			shown = append(shown, f)
		}
	}
	if len(shown) == 0 {
		return nil
	}
	w, err := p.src.Load(ctx, need)
	if err != nil {
		return err
	}
	for _, f := range shown {
		col := w.Traits[f.Name]
		if col == nil || who >= col.Len() {
			continue
		}
		cell := cellOf(col, who, p.schema)
		if cell == nil {
			continue
		}
		name, _, _ := p.noun(f.Name)
		if f.Kind == column.Time || f.Kind == column.Date {
			p.row("trait", cell, name, nil, nil, "")
			continue
		}
		p.row("trait", nil, name, cell, nil, unitOf(f.Kind, p.schema))
	}
	return nil
}

func (p *profiled) notes() {
	if p.New {
		p.note("profile_new", nil)
	}
	if p.stands("lifecycle") {
		p.note("profile_stages", params{"days": p.Lapse})
	}
	if len(p.Months) > 0 {
		p.note("profile_months", nil)
	}
	if len(p.hidden) > 0 {
		p.note("personal_hidden", params{"fields": strings.Join(p.hidden, ", ")})
	}
}

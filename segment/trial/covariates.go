package trial

import (
	"cmp"
	"context"
	"slices"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/segment/syntax"
)

// covariate is what is known of a customer from before.
type covariate struct {
	figure Figure
	log    bool // of its size, as such figures are skewed
}

// How much is looked at.
const (
	eventsMost   = 6  // events, the commonest
	labelsMost   = 12 // values of a trait, else it is left out
	wordsMost    = 6  // of which the first so many are looked at
	traitsMost   = 8
	eventsBefore = 90 // days
)

// covariates are what the catalogue lets be known of everyone from before: the
// outcome itself in as many days before, what customers did, and traits of few
// values.
func covariates(ctx context.Context, src segment.Source, v *survey) ([]covariate, error) {
	s := src.Schema()
	var all []covariate
	for _, f := range v.figures {
		over, err := f.Over(v.days)
		if err != nil {
			return nil, err
		}
		all = append(all, covariate{over, !over.Rate()})
	}
	value := func(x syntax.Value, log bool) { all = append(all, covariate{Figure{Value: x}, log}) }
	formula := func(f syntax.Formula) { all = append(all, covariate{Figure{Formula: f}, false}) }
	if once, err := purchases(s); err == nil {
		formula(&syntax.Compare{Left: once, Op: syntax.Ge, Right: &syntax.Number{Text: "1"}})
		value(&syntax.Call{Fn: syntax.DaysSince, Event: once.Event}, true)
		value(&syntax.Call{Fn: syntax.Count, Event: once.Event, Window: lastDays(365)}, true)
	}
	if revenue, err := s.Revenue(lastDays(365)); err == nil {
		value(revenue, true)
	}
	events := slices.Clone(s.Events)
	slices.SortStableFunc(events, func(a, b segment.Event) int { return cmp.Compare(b.Rows, a.Rows) })
	for _, e := range events[:min(len(events), eventsMost)] {
		value(&syntax.Call{Fn: syntax.Count, Event: e.Name, Window: lastDays(eventsBefore)}, true)
	}
	if f, ok := s.Trait(s.Roles["signup"]); ok && (f.Kind == column.Time || f.Kind == column.Date) {
		for _, days := range []int{90, 365} {
			formula(&syntax.Within{Value: &syntax.Name{Name: f.Name}, Window: lastDays(days)})
		}
	}
	traits, err := ofTraits(ctx, src)
	if err != nil {
		return nil, err
	}
	return append(all, traits...), nil
}

// ofTraits asks for numbers, and for the values of traits that have few.
func ofTraits(ctx context.Context, src segment.Source) ([]covariate, error) {
	var all []covariate
	formula := func(f syntax.Formula) { all = append(all, covariate{Figure{Formula: f}, false}) }
	used := 0
	for _, f := range src.Schema().Traits {
		if used == traitsMost || f.Set == 0 {
			continue
		}
		name := &syntax.Name{Name: f.Name}
		switch f.Kind {
		case column.Bool:
			formula(&syntax.Compare{Left: name, Op: syntax.Eq, Right: &syntax.Bool{Value: true}})
			used++
		case column.Text:
			dict, err := src.Dict(ctx, segment.FieldRef{Name: f.Name})
			if err != nil {
				return nil, err
			}
			n := dict.Len()
			if n < 2 || n > labelsMost {
				continue
			}
			used++
			var words []string
			for code := range n {
				words = append(words, dict.Word(uint32(code+1)))
			}
			slices.Sort(words)
			for _, word := range words[:min(n-1, wordsMost)] {
				formula(&syntax.Compare{Left: name, Op: syntax.Eq, Right: &syntax.Text{Value: word}})
			}
		case column.Number:
			all = append(all, covariate{Figure{Value: name}, false})
			used++
		}
	}
	return all, nil
}

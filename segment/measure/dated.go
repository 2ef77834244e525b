package measure

import (
	"tesela/segment"
	"tesela/segment/column"
	"tesela/segment/syntax"
)

// dated counts customers by a date of theirs, each in the window and the period
// that it lies in: sign-ups per month.
func (b *builder) dated(n *syntax.Name) (node, figure, error) {
	var known []string
	for _, f := range b.schema.Traits {
		if isDate(f) {
			known = append(known, f.Name)
		}
	}
	name := ""
	if len(n.Params) == 1 && n.Params[0].Key == "" {
		name = n.Params[0].Event
		if t, ok := n.Params[0].Value.(*syntax.Text); ok {
			name = t.Value
		}
	}
	f, ok := b.schema.Trait(name)
	if !ok || !isDate(f) {
		return nil, figure{}, b.fail(n.Span, "dated takes one trait that is a date", syntax.NearestNames(name, known, 3)...)
	}
	s := &slot{fn: fnOf, formula: datedIn(name, b.span), name: n.String(), at: n.Span, trait: name, moves: true}
	return b.slot(s), figure{kind: kindCount, unit: "customers", additive: true}, nil
}

func isDate(f segment.Field) bool { return f.Kind == column.Date || f.Kind == column.Time }

// datedIn says that a date lies in a span of time.
func datedIn(trait string, span segment.Span) syntax.Formula {
	return &syntax.Within{Value: &syntax.Name{Name: trait}, Window: windowOf(span)}
}

// datesSpan is the time from the earliest to the latest of a trait's dates.
func datesSpan(s *segment.Schema, trait string) segment.Span {
	f, ok := s.Trait(trait)
	switch {
	case !ok || f.Set == 0:
		return segment.Span{}
	case f.Kind == column.Date:
		return segment.Span{From: segment.Day(f.Low).Begin(s.Zone), To: segment.Day(f.High + 1).Begin(s.Zone)}
	}
	return segment.Span{From: f.Low, To: f.High + 1}
}

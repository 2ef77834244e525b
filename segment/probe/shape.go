package probe

import (
	"fmt"
	"strings"

	"tesela/segment/syntax"
)

// shape is a formula's text with its literals, lengths and windows left out.
func shape(f syntax.Formula) string {
	canonical, err := syntax.Parse(f.String())
	if err != nil {
		return f.String()
	}
	text := canonical.String()
	var b strings.Builder
	done := 0
	leave := func(at syntax.Span) {
		if at.From >= done && at.To <= len(text) {
			b.WriteString(text[done:at.From] + "…")
			done = at.To
		}
	}
	syntax.Walk(canonical, func(n syntax.Node) bool {
		switch n.(type) {
		case *syntax.Number, *syntax.Text, *syntax.Date, *syntax.Bool, *syntax.Window, *syntax.Duration:
			leave(n.Pos())
			return false
		}
		return true
	})
	return b.String() + text[done:]
}

// subject is what a condition is about: the traits, events or segments that it
// names outside of filters, whatever it asks of them.
func subject(f syntax.Formula) string {
	switch f := f.(type) {
	case *syntax.And:
		return "and"
	case *syntax.Or:
		return "or"
	case *syntax.Not:
		return subject(f.X)
	case *syntax.Everyone, *syntax.Nobody:
		return "constant"
	}
	var about []string
	syntax.Walk(f, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.Call:
			about = append(about, fmt.Sprintf("%s(%s.%s)", family(n.Fn), syntax.Quote(n.Event), syntax.Quote(n.Property)))
			return false
		case *syntax.Name:
			about = append(about, syntax.Quote(n.Name))
			return false
		case *syntax.Step:
			about = append(about, "step "+syntax.Quote(n.Event))
			return false
		case *syntax.InSegment:
			about = append(about, "segment "+n.Name)
		case *syntax.Crossed:
			about = append(about, "segment "+n.Name)
		}
		return true
	})
	return strings.Join(about, ", ")
}

// family puts together functions that ask after the same thing.
func family(fn syntax.Fn) string {
	switch fn {
	case syntax.First, syntax.Last, syntax.DaysSince:
		return "when"
	case syntax.Count, syntax.ActiveDays, syntax.ActiveWeeks, syntax.ActiveMonths:
		return "how often"
	}
	return string(fn)
}

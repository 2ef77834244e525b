package planner

import (
	"slices"
	"strings"

	"tesela/segment/syntax"
	"tesela/tools"
)

// sortedArgs are a call's arguments with the parts of each "and" and "or" in one
// order: "urgent and open" is "open and urgent".
func sortedArgs(args any) any {
	switch a := args.(type) {
	case tools.CountSegmentArgs:
		a.Formula = sortedText(a.Formula)
		return a
	case tools.ListCustomersArgs:
		a.Formula, a.By = sortedText(a.Formula), sortedValue(a.By)
		return a
	case tools.MeasureArgs:
		a.Formula, a.Where = sortedText(a.Formula), sortedText(a.Where)
		return a
	}
	return args
}

func sortedText(formula string) string {
	if !strings.Contains(formula, " and ") && !strings.Contains(formula, " or ") {
		return formula
	}
	f, err := syntax.Parse(formula)
	if err != nil {
		return formula
	}
	return sorted(f).String()
}

func sortedValue(value string) string {
	if !strings.Contains(value, " and ") && !strings.Contains(value, " or ") {
		return value
	}
	v, err := syntax.ParseMeasure(value)
	if err != nil {
		return value
	}
	sortCalls(v)
	return v.String()
}

// sorted orders the parts of a formula it owns, and of its filters.
func sorted(f syntax.Formula) syntax.Formula {
	list := func(parts []syntax.Formula) []syntax.Formula {
		for i := range parts {
			parts[i] = sorted(parts[i])
		}
		slices.SortStableFunc(parts, func(a, b syntax.Formula) int { return strings.Compare(a.String(), b.String()) })
		return parts
	}
	switch f := f.(type) {
	case *syntax.And:
		return syntax.All(list(f.Factors)...)
	case *syntax.Or:
		return syntax.Any(list(f.Terms)...)
	case *syntax.Not:
		f.X = sorted(f.X)
		return f
	}
	sortCalls(f)
	return f
}

// sortCalls orders the filters of the calls within a node.
func sortCalls(n syntax.Node) {
	syntax.Walk(n, func(x syntax.Node) bool {
		if c, ok := x.(*syntax.Call); ok && c.Where != nil {
			c.Where = sorted(c.Where)
		}
		return true
	})
}

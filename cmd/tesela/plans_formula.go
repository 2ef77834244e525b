package main

import (
	"slices"
	"strconv"
	"strings"

	"tesela/segment/syntax"
)

// plainFormula writes a formula so that others of the same meaning are written
// alike: parts in order, each once, counts by "at least" and "at most", lists of
// values as lists, times in their smallest units. It never makes two meanings
// one; some that are one stay two.
func plainFormula(f syntax.Formula) syntax.Formula {
	switch x := f.(type) {
	case *syntax.And:
		var parts []syntax.Formula
		for _, p := range x.Factors {
			p = plainFormula(p)
			if _, all := p.(*syntax.Everyone); !all {
				parts = append(parts, p)
			}
		}
		if and, ok := syntax.All(parts...).(*syntax.And); ok {
			return syntax.All(inOrder(and.Factors)...)
		}
		return syntax.All(parts...)
	case *syntax.Or:
		var parts []syntax.Formula
		for _, p := range x.Terms {
			parts = append(parts, plainFormula(p))
		}
		if or, ok := syntax.Any(parts...).(*syntax.Or); ok {
			parts = or.Terms
		}
		return syntax.Any(inOrder(oneList(parts))...)
	case *syntax.Not:
		return plainNot(plainFormula(x.X))
	case *syntax.Compare:
		return plainCompare(x)
	case *syntax.Between:
		return plainFormula(&syntax.And{Factors: []syntax.Formula{
			&syntax.Compare{Left: x.Value, Op: syntax.Ge, Right: x.Low}, &syntax.Compare{Left: x.Value, Op: syntax.Le, Right: x.High},
		}})
	case *syntax.In:
		x.Value = plainValue(x.Value)
		slices.SortFunc(x.List, func(a, b syntax.Literal) int { return strings.Compare(a.String(), b.String()) })
		x.List = slices.CompactFunc(x.List, func(a, b syntax.Literal) bool { return a.String() == b.String() })
		if len(x.List) == 1 && !x.Not {
			return &syntax.Compare{Left: x.Value, Op: syntax.Eq, Right: x.List[0]}
		}
	case *syntax.IsSet:
		x.Value = plainValue(x.Value)
	case *syntax.Match:
		x.Value = plainValue(x.Value)
	case *syntax.DateCompare:
		x.Value = plainValue(x.Value)
	case *syntax.Within:
		x.Value, x.Window = plainValue(x.Value), plainWindow(x.Window)
	case *syntax.Anniversary:
		x.Value, x.Next = plainValue(x.Value), plainDuration(x.Next)
	case *syntax.Rank:
		x.By = plainValue(x.By)
		if x.Among != nil {
			x.Among = plainFormula(x.Among)
		}
		if _, all := x.Among.(*syntax.Everyone); all {
			x.Among = nil
		}
	case *syntax.Sequence:
		for i := range x.Steps {
			if x.Steps[i].Where != nil {
				x.Steps[i].Where = plainFormula(x.Steps[i].Where)
			}
		}
		x.Within, x.Window = plainDuration(x.Within), plainWindow(x.Window)
	case *syntax.Crossed:
		x.Window = plainWindow(x.Window)
	}
	return f
}

// inOrder sorts parts by their text, each once.
func inOrder(parts []syntax.Formula) []syntax.Formula {
	slices.SortStableFunc(parts, func(a, b syntax.Formula) int { return strings.Compare(a.String(), b.String()) })
	return slices.CompactFunc(parts, func(a, b syntax.Formula) bool { return syntax.Equal(a, b) })
}

// oneList makes one list of the values that something is said to be one of.
func oneList(parts []syntax.Formula) []syntax.Formula {
	var out []syntax.Formula
	lists := map[string]*syntax.In{}
	for _, p := range parts {
		var value syntax.Value
		var list []syntax.Literal
		switch x := p.(type) {
		case *syntax.Compare:
			if one, ok := x.Right.(syntax.Literal); ok && x.Op == syntax.Eq {
				value, list = x.Left, []syntax.Literal{one}
			}
		case *syntax.In:
			if !x.Not {
				value, list = x.Value, x.List
			}
		}
		if value == nil {
			out = append(out, p)
			continue
		}
		if in := lists[value.String()]; in != nil {
			in.List = append(in.List, list...)
			continue
		}
		in := &syntax.In{Value: value, List: slices.Clone(list)}
		lists[value.String()] = in
		out = append(out, in)
	}
	for i, p := range out {
		if in, ok := p.(*syntax.In); ok {
			out[i] = plainFormula(in)
		}
	}
	return out
}

// plainNot is the complement of a plain formula.
func plainNot(f syntax.Formula) syntax.Formula {
	turned := map[syntax.Op]syntax.Op{
		syntax.Eq: syntax.Ne, syntax.Ne: syntax.Eq, syntax.Lt: syntax.Ge, syntax.Ge: syntax.Lt, syntax.Gt: syntax.Le, syntax.Le: syntax.Gt,
	}
	switch x := f.(type) {
	case *syntax.Not:
		return x.X
	case *syntax.Everyone:
		return &syntax.Nobody{}
	case *syntax.Nobody:
		return &syntax.Everyone{}
	case *syntax.IsSet:
		return &syntax.IsSet{Value: x.Value, Not: !x.Not}
	case *syntax.Compare:
		if counts(x.Left) { // never unknown, so that the complement is a comparison
			return plainCompare(&syntax.Compare{Left: x.Left, Op: turned[x.Op], Right: x.Right})
		}
	}
	return &syntax.Not{X: f}
}

// counts tells whether a value is a whole number that every customer has.
func counts(v syntax.Value) bool {
	c, ok := v.(*syntax.Call)
	return ok && (c.Fn == syntax.Count || c.Fn == syntax.Distinct || c.Fn == syntax.ActiveDays || c.Fn == syntax.ActiveWeeks || c.Fn == syntax.ActiveMonths)
}

func plainCompare(x *syntax.Compare) syntax.Formula {
	c := &syntax.Compare{Left: plainValue(x.Left), Op: x.Op, Right: plainValue(x.Right)}
	if _, literal := c.Left.(syntax.Literal); literal {
		if _, both := c.Right.(syntax.Literal); !both {
			swapped := map[syntax.Op]syntax.Op{syntax.Eq: syntax.Eq, syntax.Ne: syntax.Ne, syntax.Lt: syntax.Gt, syntax.Gt: syntax.Lt, syntax.Le: syntax.Ge, syntax.Ge: syntax.Le}
			c.Left, c.Op, c.Right = c.Right, swapped[c.Op], c.Left
		}
	}
	n, ok := c.Right.(*syntax.Number)
	if !ok || !counts(c.Left) {
		return c
	}
	whole, err := strconv.Atoi(n.Text)
	if err != nil {
		return c
	}
	switch c.Op {
	case syntax.Gt:
		c.Op, whole = syntax.Ge, whole+1
	case syntax.Lt:
		c.Op, whole = syntax.Le, whole-1
	case syntax.Ne:
		if whole == 0 {
			c.Op, whole = syntax.Ge, 1
		}
	}
	if c.Op == syntax.Le && whole == 0 {
		c.Op = syntax.Eq
	}
	c.Right = &syntax.Number{Text: strconv.Itoa(whole)}
	return c
}

func plainValue(v syntax.Value) syntax.Value {
	switch x := v.(type) {
	case *syntax.Call:
		if x.Where != nil {
			x.Where = plainFormula(x.Where)
		}
		x.Window = plainWindow(x.Window)
	case *syntax.Arith:
		x.Left, x.Right = plainValue(x.Left), plainValue(x.Right)
	case *syntax.CustomersOf:
		x.Formula = plainFormula(x.Formula)
	case *syntax.PerCustomer:
		x.Value = plainValue(x.Value)
	}
	return v
}

// plainWindow is a time with years and months of the calendar by their first
// and last days, and lengths in their smallest units.
func plainWindow(w *syntax.Window) *syntax.Window {
	if w == nil {
		return nil
	}
	switch w.Kind {
	case syntax.WindowLast, syntax.WindowNext:
		w.Duration = plainDuration(w.Duration)
	case syntax.WindowPeriod:
		from, to := daysOf(w.Period)
		if from != "" {
			return &syntax.Window{Kind: syntax.WindowFromTo, From: syntax.Point{Date: &syntax.Date{Text: from}}, To: syntax.Point{Date: &syntax.Date{Text: to}}}
		}
	case syntax.WindowFromTo, syntax.WindowSince, syntax.WindowBefore:
		for _, p := range []*syntax.Point{&w.From, &w.To} {
			if p.Ago != nil {
				ago := plainDuration(*p.Ago)
				p.Ago = &ago
			}
		}
	}
	return w
}

// daysOf are the first day of a year or month and the day after its last; ""
// for other periods.
func daysOf(period string) (from, to string) {
	year, month, monthly := strings.Cut(period, "-")
	y, err := strconv.Atoi(year)
	if err != nil || len(year) != 4 {
		return "", ""
	}
	date := func(y, m int) string {
		return strconv.Itoa(y) + "-" + strconv.Itoa(m/10) + strconv.Itoa(m%10) + "-01"
	}
	if !monthly {
		return date(y, 1), date(y+1, 1)
	}
	m, err := strconv.Atoi(month)
	switch {
	case err != nil || m < 1 || m > 12:
		return "", ""
	case m == 12:
		return date(y, 12), date(y+1, 1)
	}
	return date(y, m), date(y, m+1)
}

func plainDuration(d syntax.Duration) syntax.Duration {
	switch d.Unit {
	case syntax.Year:
		return syntax.Duration{N: 12 * d.N, Unit: syntax.Month}
	case syntax.Quarter:
		return syntax.Duration{N: 3 * d.N, Unit: syntax.Month}
	case syntax.Week:
		return syntax.Duration{N: 7 * d.N, Unit: syntax.Day}
	case syntax.Hour:
		return syntax.Duration{N: 60 * d.N, Unit: syntax.Minute}
	}
	return d
}

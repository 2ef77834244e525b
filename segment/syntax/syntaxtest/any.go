package syntaxtest

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"tesela/segment/syntax"
)

// Any is a well-formed formula of any shape, with names, texts and numbers as
// odd as the language allows; it need not make sense. It is canonical: it
// equals what its text parses to.
func Any(r *rand.Rand) syntax.Formula { return wild{r}.formula(4) }

// AnyFilter is as Any, but a formula that may stand after where.
func AnyFilter(r *rand.Rand) syntax.Formula { return wild{r}.filter(3) }

// AnyMeasure is as Any, but a value that may hold customers(…) and
// per_customer(…).
func AnyMeasure(r *rand.Rand) syntax.Value { return wild{r}.measure(3) }

// AnyWindow is any window that ParseWindow reads.
func AnyWindow(r *rand.Rand) *syntax.Window { return wild{r}.window() }

type wild struct{ *rand.Rand }

// oddNames are words of the language, functions, units and names that only
// back quotes can hold.
var oddNames = strings.Fields(`and or not in is between contains starts ends with before after on within
	anniversary next top bottom by among sequence segment at entered left everyone nobody true false where
	last from to since this today yesterday week month quarter year ago set null count sum avg min max distinct first
	earliest latest days_since active_days active_weeks active_months customers per_customer min h d w mo q y
	_ a1 order.amount 2nd País Country d90 90d 2011-05-01`)

func (w wild) name() string {
	switch w.IntN(4) {
	case 0:
		return one(w.Rand, oddNames...)
	case 1:
		return one(w.Rand, "a b", "`", "``a`", "a`b", "\"", "\\", "\n", "día", "数", " x ", "-", "(", "e.m", "👩‍🚀")
	}
	return one(w.Rand, "country", "order", "amount", "view", "x_9")
}

func (w wild) word() string {
	if odds(w.Rand, 2) {
		return one(w.Rand, "", "DE", "a \"b\"", `\`, `\n`, "\n\t\r", "\x00", "Åse", "e\u0302\u0323", "\u0301", "“”'`", "\u202e", "\ufeff", "😀", "\u2028", "a and b", "\ufffd", "ñandú", "\U0010ffff", "Ω")
	}
	var b strings.Builder
	for range w.IntN(6) {
		r := rune(w.IntN(0x3000))
		b.WriteRune(r)
	}
	return b.String()
}

func (w wild) text() string { return nfc(w.word()) }

func (w wild) number() *syntax.Number {
	text := fmt.Sprint(w.IntN(3000) - 500)
	switch w.IntN(4) {
	case 0:
		text = fmt.Sprintf("%s%d.%d", one(w.Rand, "", "-"), w.IntN(30), w.IntN(3000))
	case 1:
		text = one(w.Rand, "0", "-0.001", "123456789012345678901234567890.123456789", "2011", "1000000")
	}
	n, err := syntax.NewNumber(text)
	if err != nil {
		return &syntax.Number{Text: "0"}
	}
	return n
}

func (w wild) date() *syntax.Date {
	day := fmt.Sprintf("%04d-%02d-%02d", 1+w.IntN(9999), 1+w.IntN(12), 1+w.IntN(28))
	switch w.IntN(4) {
	case 0:
		return &syntax.Date{Text: fmt.Sprintf("%sT%02d:%02d:%02dZ", day, w.IntN(24), w.IntN(60), w.IntN(60))}
	case 1:
		return &syntax.Date{Text: fmt.Sprintf("%sT%02d:00:00.%d%dZ", day, w.IntN(24), w.IntN(1000), 1+w.IntN(9))}
	case 2:
		return &syntax.Date{Text: one(w.Rand, "2012-02-29", "0001-01-01", "9999-12-31")}
	}
	return &syntax.Date{Text: day}
}

func (w wild) literal() syntax.Literal {
	switch w.IntN(4) {
	case 0:
		return &syntax.Text{Value: w.text()}
	case 1:
		return w.date()
	case 2:
		return &syntax.Bool{Value: odds(w.Rand, 2)}
	}
	return w.number()
}

func (w wild) duration() syntax.Duration {
	return syntax.Duration{
		N:    one(w.Rand, 1, 1+w.IntN(10000), 10000),
		Unit: one(w.Rand, syntax.Minute, syntax.Hour, syntax.Day, syntax.Week, syntax.Month, syntax.Quarter, syntax.Year),
	}
}

func (w wild) point() syntax.Point {
	if odds(w.Rand, 2) {
		return syntax.Point{Date: w.date()}
	}
	d := w.duration()
	return syntax.Point{Ago: &d}
}

func (w wild) window() *syntax.Window {
	switch w.IntN(5) {
	case 0:
		return &syntax.Window{Kind: syntax.WindowFromTo, From: w.point(), To: w.point()}
	case 1:
		return &syntax.Window{Kind: syntax.WindowBefore, From: w.point()}
	case 2:
		return &syntax.Window{Kind: syntax.WindowSince, From: w.point()}
	case 3:
		year := fmt.Sprintf("%04d", 1+w.IntN(9999))
		return &syntax.Window{Kind: syntax.WindowPeriod, Period: one(w.Rand, "today", "yesterday", "this week", "this month",
			"this quarter", "this year", "last week", "last month", "last quarter", "last year",
			year, fmt.Sprintf("%s-%02d", year, 1+w.IntN(12)))}
	}
	return &syntax.Window{Kind: syntax.WindowLast, Duration: w.duration()}
}

func (w wild) maybeWindow() *syntax.Window {
	if odds(w.Rand, 2) {
		return nil
	}
	return w.window()
}

func (w wild) maybeFilter(depth int) syntax.Formula {
	if odds(w.Rand, 2) {
		return nil
	}
	return w.filter(depth - 1)
}

// join is and, or or not over parts.
func (w wild) join(depth int, part func(depth int) syntax.Formula) syntax.Formula {
	switch w.IntN(3) {
	case 0:
		return &syntax.Not{X: part(depth - 1)}
	case 1:
		return syntax.Any(part(depth-1), part(depth-1))
	}
	return syntax.All(part(depth-1), part(depth-1), part(depth-1))
}

func (w wild) filter(depth int) syntax.Formula {
	if depth > 0 && odds(w.Rand, 2) {
		return w.join(depth, w.filter)
	}
	return w.about(func() syntax.Value {
		if odds(w.Rand, 4) {
			return w.literal()
		}
		return &syntax.Name{Name: w.name()}
	})
}

func (w wild) formula(depth int) syntax.Formula {
	if depth > 0 && odds(w.Rand, 2) {
		return w.join(depth, w.formula)
	}
	switch w.IntN(8) {
	case 0:
		return one[syntax.Formula](w.Rand, &syntax.Everyone{}, &syntax.Nobody{})
	case 1:
		x := &syntax.Rank{Bottom: odds(w.Rand, 2), N: syntax.Number{Text: fmt.Sprint(1 + w.IntN(5000))}, By: w.value(depth)}
		if odds(w.Rand, 2) {
			x.Percent, x.N.Text = true, one(w.Rand, "100", "0.01", "12.5")
		}
		if depth > 0 && odds(w.Rand, 2) {
			x.Among = w.formula(depth - 1)
		}
		return x
	case 2:
		x := &syntax.Sequence{Within: w.duration(), Window: w.maybeWindow()}
		for range 1 + w.IntN(3) {
			x.Steps = append(x.Steps, syntax.Step{Not: odds(w.Rand, 3), Event: w.name(), Where: w.maybeFilter(depth)})
		}
		return x
	case 3:
		x := &syntax.InSegment{Name: w.text() + "s"}
		if odds(w.Rand, 2) {
			x.At = w.date()
		}
		x.Name = nfc(x.Name)
		return x
	case 4:
		return &syntax.Crossed{Left: odds(w.Rand, 2), Name: nfc(w.text() + "s"), Window: w.window()}
	}
	return w.about(func() syntax.Value { return w.value(depth) })
}

// about is any condition that begins with a value.
func (w wild) about(value func() syntax.Value) syntax.Formula {
	v := value()
	switch w.IntN(9) {
	case 0:
		x := &syntax.In{Value: v, Not: odds(w.Rand, 2)}
		for range 1 + w.IntN(4) {
			x.List = append(x.List, w.literal())
		}
		return x
	case 1:
		return &syntax.Between{Value: v, Low: w.literal(), High: w.literal()}
	case 2:
		return &syntax.IsSet{Value: v, Not: odds(w.Rand, 2)}
	case 3:
		return &syntax.Match{Value: v, Not: odds(w.Rand, 2), Op: one(w.Rand, syntax.Contains, syntax.StartsWith, syntax.EndsWith), Text: w.text()}
	case 4:
		return &syntax.DateCompare{Value: v, Op: one(w.Rand, syntax.Before, syntax.After, syntax.On), Date: *w.date()}
	case 5:
		return &syntax.Within{Value: v, Window: w.window()}
	case 6:
		return &syntax.Anniversary{Value: v, Next: w.duration()}
	}
	op := one(w.Rand, syntax.Eq, syntax.Ne, syntax.Lt, syntax.Le, syntax.Gt, syntax.Ge)
	return &syntax.Compare{Left: v, Op: op, Right: value()}
}

func (w wild) value(depth int) syntax.Value {
	switch w.IntN(5) {
	case 0:
		return w.literal()
	case 1:
		return w.named()
	case 2:
		x := &syntax.Call{
			Fn: one(w.Rand, syntax.Count, syntax.Sum, syntax.Avg, syntax.Min, syntax.Max, syntax.Distinct, syntax.First,
				syntax.Last, syntax.Earliest, syntax.Latest, syntax.DaysSince, syntax.ActiveDays, syntax.ActiveWeeks, syntax.ActiveMonths),
			Event: w.name(), Where: w.maybeFilter(depth), Window: w.maybeWindow(),
		}
		if odds(w.Rand, 2) {
			x.Property = w.name()
		}
		return x
	case 3:
		if depth > 0 {
			return &syntax.Arith{Op: one[byte](w.Rand, '+', '-', '*', '/'), Left: w.value(depth - 1), Right: w.value(depth - 1)}
		}
	}
	return &syntax.Name{Name: w.name()}
}

// named is a name with parameters.
func (w wild) named() syntax.Value {
	x := &syntax.Name{Name: w.name()}
	for range w.IntN(4) {
		var a syntax.Param
		if odds(w.Rand, 2) {
			a.Key = one(w.Rand, "bins", "window", "last", "where", "a key", "`", w.name())
		}
		switch w.IntN(5) {
		case 4:
			d := w.duration()
			a.Key, a.Ago = "at", &d
		case 0:
			a.Event = w.name()
		case 1:
			a.Value = w.literal()
			if n, ok := a.Value.(*syntax.Number); ok && len(n.Text) == 4 && n.Whole() && n.Text[0] != '-' {
				n.Text = "3" // four digits would be a year
			}
		case 2:
			a.Window = &syntax.Window{Kind: syntax.WindowNext, Duration: w.duration()}
		default:
			a.Window = w.window()
			if a.Window.Kind == syntax.WindowPeriod && len(a.Window.Period) == 4 && a.Key != "window" {
				a.Key = "" // under a key of its own, a year is a number
			}
		}
		x.Params = append(x.Params, a)
	}
	return x
}

func (w wild) measure(depth int) syntax.Value {
	if depth > 0 && odds(w.Rand, 2) {
		return &syntax.Arith{Op: one[byte](w.Rand, '+', '-', '*', '/'), Left: w.measure(depth - 1), Right: w.measure(depth - 1)}
	}
	switch w.IntN(3) {
	case 0:
		return &syntax.CustomersOf{Formula: w.formula(depth - 1)}
	case 1:
		return &syntax.PerCustomer{Value: w.value(depth), Statistic: one(w.Rand, "mean", "median", "sum", "min", "max", "p10", "p50", "p99")}
	}
	return w.value(depth)
}

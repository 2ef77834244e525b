package syntaxtest

import (
	"math/rand/v2"
	"time"

	"tesela/segment/syntax"
)

// Random is a formula about the vocabulary's world in which the kinds of all
// operands agree: texts meet texts that are there, money meets money or plain
// numbers, times meet dates. It is canonical: it equals what its text parses
// to.
func Random(r *rand.Rand, v Vocabulary) syntax.Formula {
	if v.Depth == 0 {
		v.Depth = 3
	}
	g := &generator{Rand: r, v: v}
	return g.formula(v.Depth)
}

type generator struct {
	*rand.Rand
	v Vocabulary
}

// junction is and, or or not over what leaf gives.
func (g *generator) junction(depth int, leaf func(depth int) syntax.Formula) syntax.Formula {
	if depth <= 0 || odds(g.Rand, 3) {
		return leaf(depth)
	}
	if odds(g.Rand, 4) {
		return &syntax.Not{X: g.junction(depth-1, leaf)}
	}
	var parts []syntax.Formula
	for range 2 + g.IntN(2) {
		parts = append(parts, g.junction(depth-1, leaf))
	}
	if odds(g.Rand, 2) {
		return syntax.Any(parts...)
	}
	return syntax.All(parts...)
}

func (g *generator) formula(depth int) syntax.Formula { return g.junction(depth, g.condition) }

func (g *generator) condition(depth int) syntax.Formula {
	switch g.IntN(12) {
	case 0:
		if odds(g.Rand, 2) {
			return &syntax.Nobody{}
		}
		return &syntax.Everyone{}
	case 1:
		if !g.v.NoRank {
			if f := g.rank(depth); f != nil {
				return f
			}
		}
	case 2:
		if !g.v.NoSequence && len(g.v.Events) > 0 {
			return g.sequence()
		}
	case 3:
		if len(g.v.Segments) > 0 {
			return g.segment()
		}
	case 4:
		if len(g.v.Layers) > 0 {
			return g.layer()
		}
	case 5, 6, 7:
		if f := g.figures(); f != nil {
			return f
		}
	case 8:
		if len(g.v.Events) > 0 {
			c := g.call()
			return g.test(c.v, c.kind, c.values)
		}
	}
	if len(g.v.Traits) == 0 {
		return &syntax.Everyone{}
	}
	t := one(g.Rand, g.v.Traits...)
	return g.test(&syntax.Name{Name: t.Name}, t.Kind, t.Values)
}

// test is a condition on a value of that kind.
func (g *generator) test(v syntax.Value, kind string, values []string) syntax.Formula {
	if odds(g.Rand, 6) {
		return &syntax.IsSet{Value: v, Not: odds(g.Rand, 2)}
	}
	switch kind {
	case "text", "tags":
		return g.testText(v, kind, values)
	case "bool":
		return &syntax.Compare{Left: v, Op: one(g.Rand, syntax.Eq, syntax.Ne), Right: &syntax.Bool{Value: odds(g.Rand, 2)}}
	case "time", "date":
		return g.testTime(v, kind, values)
	}
	switch g.IntN(6) {
	case 0:
		x := &syntax.In{Value: v, Not: odds(g.Rand, 2)}
		for range 1 + g.IntN(3) {
			x.List = append(x.List, g.number(values))
		}
		return x
	case 1:
		return &syntax.Between{Value: v, Low: g.number(values), High: g.number(values)}
	}
	return &syntax.Compare{Left: v, Op: g.op(), Right: g.number(values)}
}

func (g *generator) testText(v syntax.Value, kind string, values []string) syntax.Formula {
	if len(values) == 0 {
		return &syntax.IsSet{Value: v, Not: odds(g.Rand, 2)}
	}
	word := one(g.Rand, values...)
	if kind == "tags" { // several at once: asked for one by one
		return &syntax.Match{Value: v, Not: odds(g.Rand, 2), Op: syntax.Contains, Text: word}
	}
	switch g.IntN(4) {
	case 0:
		x := &syntax.In{Value: v, Not: odds(g.Rand, 2)}
		for range 1 + g.IntN(3) {
			x.List = append(x.List, &syntax.Text{Value: one(g.Rand, values...)})
		}
		return x
	case 1:
		runes := []rune(word)
		a := g.IntN(len(runes) + 1)
		b := a + g.IntN(len(runes)+1-a)
		op := one(g.Rand, syntax.Contains, syntax.StartsWith, syntax.EndsWith)
		return &syntax.Match{Value: v, Not: odds(g.Rand, 2), Op: op, Text: nfc(string(runes[a:b]))}
	}
	return &syntax.Compare{Left: v, Op: one(g.Rand, syntax.Eq, syntax.Ne), Right: &syntax.Text{Value: word}}
}

func (g *generator) testTime(v syntax.Value, kind string, values []string) syntax.Formula {
	switch g.IntN(5) {
	case 0:
		return &syntax.DateCompare{Value: v, Op: one(g.Rand, syntax.Before, syntax.After, syntax.On), Date: *g.day()}
	case 1:
		return &syntax.Within{Value: v, Window: g.window()}
	case 2:
		if !g.v.NoAnniversary {
			return &syntax.Anniversary{Value: v, Next: syntax.Duration{N: 1 + g.IntN(30), Unit: syntax.Day}}
		}
	case 3:
		return &syntax.Between{Value: v, Low: g.date(kind, values), High: g.date(kind, values)}
	}
	return &syntax.Compare{Left: v, Op: g.op(), Right: g.date(kind, values)}
}

func (g *generator) op() syntax.Op {
	return one(g.Rand, syntax.Eq, syntax.Ne, syntax.Lt, syntax.Le, syntax.Gt, syntax.Ge)
}

// number is one of the values, or made up.
func (g *generator) number(values []string) *syntax.Number {
	text := made(g.Rand)
	if len(values) > 0 && !odds(g.Rand, 3) {
		text = one(g.Rand, values...)
	}
	n, err := syntax.NewNumber(text)
	if err != nil {
		return &syntax.Number{Text: "1"}
	}
	return n
}

// date is one of the values, or a made-up day.
func (g *generator) date(kind string, values []string) *syntax.Date {
	if len(values) > 0 && !odds(g.Rand, 3) {
		if d, err := syntax.ParseDate(one(g.Rand, values...)); err == nil && (kind == "time" || len(d.Text) == 10) {
			return &syntax.Date{Text: d.Text}
		}
	}
	return g.day()
}

func (g *generator) day() *syntax.Date {
	const layout = "2006-01-02"
	start, err1 := time.Parse(layout, g.v.Start)
	end, err2 := time.Parse(layout, g.v.End)
	if err1 != nil || err2 != nil || end.Before(start) {
		start, end = time.Date(2011, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2011, 12, 31, 0, 0, 0, 0, time.UTC)
	}
	days := int(end.Sub(start).Hours()/24) + 1
	return &syntax.Date{Text: start.AddDate(0, 0, g.IntN(days)).Format(layout)}
}

func (g *generator) duration() syntax.Duration {
	u := one(g.Rand, syntax.Minute, syntax.Hour, syntax.Day, syntax.Day, syntax.Week, syntax.Month, syntax.Quarter, syntax.Year)
	most := map[syntax.Unit]int{syntax.Minute: 600, syntax.Hour: 100, syntax.Day: 400, syntax.Week: 60, syntax.Month: 18, syntax.Quarter: 6, syntax.Year: 2}[u]
	return syntax.Duration{N: 1 + g.IntN(most), Unit: u}
}

// window is any window whose start is not after its end.
func (g *generator) window() *syntax.Window {
	w := &syntax.Window{}
	switch g.IntN(7) {
	case 0:
		w.Kind = syntax.WindowFromTo
		if odds(g.Rand, 2) {
			from, to := g.day(), g.day()
			if to.Text < from.Text {
				from, to = to, from
			}
			w.From, w.To = syntax.Point{Date: from}, syntax.Point{Date: to}
			break
		}
		to := g.duration()
		from := syntax.Duration{N: to.N + g.IntN(to.N+1), Unit: to.Unit}
		w.From, w.To = syntax.Point{Ago: &from}, syntax.Point{Ago: &to}
	case 1:
		w.Kind, w.From = syntax.WindowBefore, g.point()
	case 2:
		w.Kind, w.From = syntax.WindowSince, g.point()
	case 3:
		w.Kind = syntax.WindowPeriod
		day := g.day().Text
		w.Period = one(g.Rand, "today", "yesterday", "this week", "this month", "this quarter", "this year",
			"last week", "last month", "last quarter", "last year", day[:4], day[:7])
	default:
		w.Kind, w.Duration = syntax.WindowLast, g.duration()
	}
	return w
}

func (g *generator) point() syntax.Point {
	if odds(g.Rand, 2) {
		return syntax.Point{Date: g.day()}
	}
	d := g.duration()
	return syntax.Point{Ago: &d}
}

package syntaxtest

import (
	"golang.org/x/text/unicode/norm"

	"tesela/segment/syntax"
)

// figure is a value with its kind and the literals that suit it.
type figure struct {
	v      syntax.Value
	kind   string
	values []string
}

// call is a behaviour function over one of the events.
func (g *generator) call() figure {
	e := one(g.Rand, g.v.Events...)
	x := &syntax.Call{Event: e.Name}
	if odds(g.Rand, 3) {
		x.Where = g.filter(e)
	}
	if !odds(g.Rand, 3) {
		x.Window = g.window()
	}
	var p Field
	if len(e.Props) > 0 && !odds(g.Rand, 3) {
		p = one(g.Rand, e.Props...)
	}
	if p.Name == "" {
		x.Fn = one(g.Rand, syntax.Count, syntax.Count, syntax.First, syntax.Last, syntax.DaysSince,
			syntax.ActiveDays, syntax.ActiveWeeks, syntax.ActiveMonths)
		if x.Fn == syntax.First || x.Fn == syntax.Last {
			return figure{x, "time", nil}
		}
		return figure{x, "number", nil}
	}
	x.Property = p.Name
	fns := []syntax.Fn{syntax.Distinct}
	if p.Kind != "tags" {
		fns = append(fns, syntax.Earliest, syntax.Latest)
	}
	if p.Kind == "number" || p.Kind == "money" {
		fns = append(fns, syntax.Sum, syntax.Sum, syntax.Avg, syntax.Min, syntax.Max)
	}
	x.Fn = one(g.Rand, fns...)
	if x.Fn == syntax.Distinct {
		return figure{x, "number", nil}
	}
	return figure{x, p.Kind, p.Values}
}

// filter is what stands after where.
func (g *generator) filter(e Event) syntax.Formula {
	if len(e.Props) == 0 {
		return nil
	}
	return g.junction(g.IntN(3), func(int) syntax.Formula {
		p := one(g.Rand, e.Props...)
		return g.test(&syntax.Name{Name: p.Name}, p.Kind, p.Values)
	})
}

// measurable is a number or money per customer; nil where the vocabulary has
// none.
func (g *generator) measurable() *figure {
	var fs []Field
	for _, t := range g.v.Traits {
		if t.Kind == "number" || t.Kind == "money" {
			fs = append(fs, t)
		}
	}
	if len(g.v.Events) == 0 || len(fs) > 0 && odds(g.Rand, 4) {
		if len(fs) == 0 {
			return nil
		}
		t := one(g.Rand, fs...)
		return &figure{&syntax.Name{Name: t.Name}, t.Kind, t.Values}
	}
	for range 8 {
		if c := g.call(); c.kind == "number" || c.kind == "money" {
			return &c
		}
	}
	return &figure{&syntax.Call{Fn: syntax.Count, Event: g.v.Events[0].Name}, "number", nil}
}

// arithmetic is a sum, difference, product or quotient in which money is only
// added to money, multiplied by numbers, or divided.
func (g *generator) arithmetic(depth int) *figure {
	a := g.measurable()
	if a == nil || depth == 0 || odds(g.Rand, 2) {
		return a
	}
	b := g.arithmetic(depth - 1)
	if odds(g.Rand, 2) { // deep on the left as often as on the right
		a, b = b, a
	}
	if odds(g.Rand, 4) {
		n := figure{v: g.number(nil), kind: "number"}
		if n.v.(*syntax.Number).Text != "0" {
			b = &n
		}
	}
	kind := "number"
	ops := []byte{'/'}
	switch {
	case a.kind == b.kind:
		kind = a.kind
		ops = append(ops, '+', '-')
		if a.kind == "number" {
			ops = append(ops, '*')
		}
	default:
		if a.kind == "number" { // money per number, never the reverse
			a, b = b, a
		}
		kind = "money"
		ops = append(ops, '*')
	}
	op := one(g.Rand, ops...)
	if op == '/' && a.kind == b.kind {
		kind = "number"
	}
	return &figure{&syntax.Arith{Op: op, Left: a.v, Right: b.v}, kind, nil}
}

// figures is a test of arithmetic, or a comparison of two values of one kind.
func (g *generator) figures() syntax.Formula {
	a := g.arithmetic(2)
	if a == nil {
		return nil
	}
	if b := g.arithmetic(1); b.kind == a.kind && odds(g.Rand, 3) {
		return &syntax.Compare{Left: a.v, Op: g.op(), Right: b.v}
	}
	return g.test(a.v, a.kind, a.values)
}

func (g *generator) rank(depth int) syntax.Formula {
	by := g.arithmetic(1)
	if by == nil {
		return nil
	}
	x := &syntax.Rank{Bottom: odds(g.Rand, 2), Percent: odds(g.Rand, 2), By: by.v}
	x.N = syntax.Number{Text: one(g.Rand, "1", "3", "10", "50", "100")}
	if x.Percent && odds(g.Rand, 3) {
		x.N.Text = one(g.Rand, "0.5", "33.3", "99.99")
	}
	if depth > 0 && odds(g.Rand, 3) {
		x.Among = g.formula(depth - 1)
	}
	return x
}

// sequence begins with an event that happens, and has no more than one
// absence between two of those.
func (g *generator) sequence() syntax.Formula {
	x := &syntax.Sequence{Within: g.duration()}
	for i := range 2 + g.IntN(3) {
		e := one(g.Rand, g.v.Events...)
		s := syntax.Step{Event: e.Name}
		s.Not = i > 0 && !x.Steps[i-1].Not && odds(g.Rand, 3)
		if odds(g.Rand, 3) {
			s.Where = g.filter(e)
		}
		x.Steps = append(x.Steps, s)
	}
	if odds(g.Rand, 2) {
		x.Window = g.window()
	}
	return x
}

func (g *generator) segment() syntax.Formula {
	name := one(g.Rand, g.v.Segments...)
	switch g.IntN(3) {
	case 0:
		return &syntax.InSegment{Name: name}
	case 1:
		return &syntax.InSegment{Name: name, At: g.day()}
	}
	w := g.window()
	for w.Kind == syntax.WindowBefore { // days without end to be evaluated at
		w = g.window()
	}
	return &syntax.Crossed{Left: odds(g.Rand, 2), Name: name, Window: w}
}

func (g *generator) layer() syntax.Formula {
	l := one(g.Rand, g.v.Layers...)
	text := syntax.Quote(l.Name)
	if len(l.Params) > 0 {
		if p := one(g.Rand, l.Params...); p != "" {
			text += "(" + p + ")"
		}
	}
	v, err := syntax.ParseValue(text)
	if err != nil { // the vocabulary's parameters are not of the language
		v = &syntax.Name{Name: l.Name}
	}
	if len(l.Labels) == 0 {
		return g.test(v, "number", nil)
	}
	if odds(g.Rand, 3) {
		x := &syntax.In{Value: v, Not: odds(g.Rand, 2)}
		for _, label := range l.Labels {
			x.List = append(x.List, &syntax.Text{Value: label})
		}
		return x
	}
	return &syntax.Compare{Left: v, Op: one(g.Rand, syntax.Eq, syntax.Ne), Right: &syntax.Text{Value: one(g.Rand, l.Labels...)}}
}

func nfc(s string) string { return norm.NFC.String(s) }

package restate

import (
	"math/big"
	"strings"

	"tesela/segment/syntax"
)

// arith says what is computed: a share of events, something per event, or the
// parts with their operation between them.
func (s *saying) arith(a *syntax.Arith) string {
	if part := shareOf(a); part != nil {
		return s.about(s.Value["share"], part)
	}
	if by, ok := a.Right.(*syntax.Call); ok && a.Op == '/' && by.Where == nil {
		top, ok := a.Left.(*syntax.Call)
		switch {
		case !ok || top.Event != by.Event || !syntax.Equal(&syntax.Call{Fn: syntax.Count, Event: top.Event, Window: top.Window}, &syntax.Call{Fn: syntax.Count, Event: by.Event, Window: by.Window}):
		case by.Fn == syntax.Count:
			return s.each(top, by, by.Event)
		case by.Fn == syntax.Sum && top.Fn == syntax.Sum:
			return s.each(top, by, by.Property)
		}
	}
	t := s.Value[string(a.Op)]
	if t == "" {
		return a.String()
	}
	return fill(t, "a", s.operand(a.Left), "b", s.operand(a.Right))
}

// measureArith says a measure that is computed: a share of events, a figure
// per so many events of any kind, or its parts.
func (s *saying) measureArith(a *syntax.Arith) string {
	if shareOf(a) != nil {
		return s.value(a)
	}
	top, n := a.Left, ""
	if times, ok := a.Left.(*syntax.Arith); ok && times.Op == '*' {
		if k, ok := times.Left.(*syntax.Number); ok {
			top, n = times.Right, s.number(k.Text)
		}
	}
	by, ok := a.Right.(*syntax.Call)
	if figure, is := top.(*syntax.Call); a.Op == '/' && ok && is && by.Fn == syntax.Count && by.Where == nil && by.Window == nil && figure.Window == nil {
		of := s.noun(by.Event, false)
		if n != "" {
			of = n + " " + s.noun(by.Event, true)
		}
		return fill(s.Value["per"], "a", s.value(figure), "b", of)
	}
	t := s.Value[string(a.Op)]
	if t == "" {
		return a.String()
	}
	return fill(t, "a", s.measureName(a.Left.String()), "b", s.measureName(a.Right.String()))
}

// each says a figure of events per one of them or of what they hold. Both are
// of the same time, which is said once, at the end.
func (s *saying) each(top, by *syntax.Call, of string) string {
	open := s.open
	s.open = false
	plain := *top
	plain.Window = nil
	text := fill(s.Value["per"], "a", s.value(&plain), "b", s.noun(of, false))
	if s.open = open; by.Window == nil && open {
		return text + s.Window["ever"]
	}
	return text + s.window(by.Window)
}

// operand puts what is itself computed in brackets.
func (s *saying) operand(v syntax.Value) string {
	if a, ok := v.(*syntax.Arith); ok && shareOf(a) == nil {
		return "(" + s.value(v) + ")"
	}
	return s.value(v)
}

// shareOf finds the part of a value that is a share of events: those that pass
// a filter over all of the same time. Nil for other values.
func shareOf(v syntax.Value) *syntax.Call {
	a, ok := v.(*syntax.Arith)
	if !ok || a.Op != '/' {
		return nil
	}
	part, ok := a.Left.(*syntax.Call)
	if !ok || part.Fn != syntax.Count || part.Where == nil {
		return nil
	}
	whole := *part
	whole.Where = nil
	if !syntax.Equal(&whole, a.Right) {
		return nil
	}
	return part
}

// amount says a number that a value is compared with; of a share, in percent.
func (s *saying) amount(of syntax.Value, n syntax.Value) string {
	number, ok := n.(*syntax.Number)
	if !ok || shareOf(of) == nil {
		return s.told(of, n)
	}
	r, ok := new(big.Rat).SetString(number.Text)
	if !ok {
		return s.literal(n)
	}
	text := r.Mul(r, big.NewRat(100, 1)).FloatString(6)
	return fill(s.plain["percent"], "n", s.number(strings.TrimSuffix(strings.TrimRight(text, "0"), ".")))
}

// layer names a layer or score with its parameters, and the instant that it is
// taken as of.
func (s *saying) named(v *syntax.Name) string {
	rest := syntax.Name{Name: v.Name}
	at := ""
	for _, p := range v.Params {
		switch d, isDate := p.Value.(*syntax.Date); {
		case p.Key == "at" && p.Ago != nil:
			at = " " + s.point(syntax.Point{Ago: p.Ago}, false)
		case p.Key == "at" && isDate:
			at = fill(s.Value["at"], "a", s.date(d.Text))
		default:
			rest.Params = append(rest.Params, p)
		}
	}
	if rest.Params != nil {
		return rest.String() + at
	}
	if l := s.Layers[v.Name]; l != "" && !s.isTrait(v.Name) {
		return l + at
	}
	return s.noun(v.Name, false) + at
}

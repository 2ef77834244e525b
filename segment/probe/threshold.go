package probe

import (
	"fmt"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/segment/syntax"
)

// Role is what a threshold measures, which decides by what steps it moves.
type Role string

// The roles of thresholds.
const (
	Count  Role = "count"  // how often: 3 in count(order) >= 3
	Days   Role = "days"   // 60 in days_since(order) > 60
	Amount Role = "amount" // money: 500 in sum(order.amount) > 500
	Figure Role = "figure" // any other number, such as an age or a factor
	Length Role = "length" // a length of time: 90d in count(order, last 90d)
	Rank   Role = "rank"   // 100, or 10 of 10%, in top 10% by …
)

// Threshold is a number or a length of time in a formula that might as well be
// another.
type Threshold struct {
	// Number counts a formula's thresholds from 1 in the order of the text.
	Number int
	Role   Role
	// Text is as it stands there: 60, 90d.
	Text string
	// Condition is the condition of the formula that it belongs to.
	Condition syntax.Formula
	// At is its place in the formula's canonical text.
	At syntax.Span
	// Compared tells that the condition's outcome hangs on this very number,
	// not on one inside a window or a filter.
	Compared bool

	op      syntax.Op // of the comparison, the value on the left; or ""
	number  *syntax.Number
	length  syntax.Duration
	percent bool
	digits  int
}

// Thresholds lists the numbers and lengths of time in a formula. Numbers in
// lists and the parameters of scores are choices and not thresholds, but their
// windows have lengths. It also gives the formula as its canonical text parses,
// which the places refer to.
func Thresholds(f syntax.Formula, s *segment.Schema) ([]Threshold, syntax.Formula, error) {
	canonical, err := syntax.Parse(f.String())
	if err != nil {
		return nil, nil, fmt.Errorf("find thresholds: %w", err)
	}
	l := &lister{schema: s}
	l.formula(canonical)
	for i := range l.found {
		l.found[i].Number = i + 1
	}
	return l.found, canonical, nil
}

// lister gathers thresholds in the order of the text.
type lister struct {
	schema    *segment.Schema
	condition syntax.Formula // the condition around; nil outside
	event     string         // inside where: whose rows
	found     []Threshold
}

func (l *lister) formula(f syntax.Formula) {
	switch f := f.(type) {
	case nil:
	case *syntax.And:
		for _, part := range f.Factors {
			l.formula(part)
		}
	case *syntax.Or:
		for _, part := range f.Terms {
			l.formula(part)
		}
	case *syntax.Not:
		l.formula(f.X)
	default:
		outer := l.condition
		if outer == nil {
			l.condition = f
		}
		l.inside(f)
		l.condition = outer
	}
}

// inside goes through one condition.
func (l *lister) inside(f syntax.Formula) {
	switch f := f.(type) {
	case *syntax.Compare:
		l.side(f.Left, f.Right, flipped[f.Op])
		l.side(f.Right, f.Left, f.Op)
	case *syntax.Between:
		l.value(f.Value)
		l.literal(f.Low, f.Value, syntax.Ge)
		l.literal(f.High, f.Value, syntax.Le)
	case *syntax.In:
		l.value(f.Value)
	case *syntax.IsSet:
		l.value(f.Value)
	case *syntax.Match:
		l.value(f.Value)
	case *syntax.DateCompare:
		l.value(f.Value)
	case *syntax.Within:
		l.value(f.Value)
		l.window(f.Window)
	case *syntax.Anniversary:
		l.value(f.Value)
		l.length(f.Next)
	case *syntax.Rank:
		l.add(Threshold{Role: Rank, Text: f.N.Text, At: f.N.Span, number: &f.N, percent: f.Percent, Compared: true})
		l.value(f.By)
		l.formula(f.Among)
	case *syntax.Sequence:
		for _, step := range f.Steps {
			l.where(step.Event, step.Where)
		}
		l.length(f.Within)
		l.window(f.Window)
	case *syntax.Crossed:
		l.window(f.Window)
	}
}

var flipped = map[syntax.Op]syntax.Op{
	syntax.Eq: syntax.Eq, syntax.Ne: syntax.Ne,
	syntax.Lt: syntax.Gt, syntax.Le: syntax.Ge, syntax.Gt: syntax.Lt, syntax.Ge: syntax.Le,
}

// side goes through one side of a comparison; op is the comparison with that
// side on the right.
func (l *lister) side(v, other syntax.Value, op syntax.Op) {
	if n, ok := v.(*syntax.Number); ok {
		if _, both := other.(*syntax.Number); !both {
			l.literal(n, other, op)
		}
		return
	}
	l.value(v)
}

func (l *lister) literal(v syntax.Literal, other syntax.Value, op syntax.Op) {
	n, ok := v.(*syntax.Number)
	if !ok {
		return
	}
	l.add(Threshold{Role: l.role(other), Text: n.Text, At: n.Span, number: n, op: op, Compared: l.event == ""})
}

func (l *lister) add(t Threshold) {
	t.Condition, t.digits = l.condition, l.schema.Digits
	l.found = append(l.found, t)
}

// role tells what a number is compared with.
func (l *lister) role(v syntax.Value) Role {
	switch v := v.(type) {
	case *syntax.Call:
		switch v.Fn {
		case syntax.Count, syntax.Distinct, syntax.ActiveDays, syntax.ActiveWeeks, syntax.ActiveMonths:
			return Count
		case syntax.DaysSince:
			return Days
		}
		if e, ok := l.schema.Event(v.Event); ok {
			if p, ok := e.Prop(v.Property); ok && p.Kind == column.Money {
				return Amount
			}
		}
	case *syntax.Name:
		field, ok := l.schema.Trait(v.Name)
		if e, known := l.schema.Event(l.event); known {
			field, ok = e.Prop(v.Name)
		}
		if ok && field.Kind == column.Money {
			return Amount
		}
	case *syntax.Arith:
		if l.role(v.Left) == Amount && (v.Op == '+' || v.Op == '-') {
			return Amount
		}
	}
	return Figure
}

func (l *lister) value(v syntax.Value) {
	switch v := v.(type) {
	case *syntax.Arith:
		for _, part := range []syntax.Value{v.Left, v.Right} {
			if n, ok := part.(*syntax.Number); ok {
				l.add(Threshold{Role: Figure, Text: n.Text, At: n.Span, number: n, Compared: l.event == ""})
				continue
			}
			l.value(part)
		}
	case *syntax.Call:
		l.where(v.Event, v.Where)
		l.window(v.Window)
	case *syntax.Name:
		for _, p := range v.Params {
			l.window(p.Window)
		}
	}
}

func (l *lister) where(event string, f syntax.Formula) {
	if f == nil {
		return
	}
	outer := l.event
	l.event = event
	l.formula(f)
	l.event = outer
}

func (l *lister) window(w *syntax.Window) {
	if w == nil {
		return
	}
	switch w.Kind {
	case syntax.WindowLast, syntax.WindowNext:
		l.length(w.Duration)
	case syntax.WindowFromTo:
		l.point(w.From)
		l.point(w.To)
	case syntax.WindowBefore, syntax.WindowSince:
		l.point(w.From)
	}
}

func (l *lister) point(p syntax.Point) {
	if p.Ago != nil {
		l.length(*p.Ago)
	}
}

func (l *lister) length(d syntax.Duration) {
	l.add(Threshold{Role: Length, Text: d.String(), At: d.Span, length: d})
}

package syntax

import (
	"strconv"
	"strings"
)

// printer writes canonical text: lower case, one space, no needless brackets.
type printer struct{ strings.Builder }

func text(n Node) string {
	var p printer
	p.node(n)
	return p.String()
}

func (p *printer) words(ss ...string) {
	for _, s := range ss {
		p.WriteString(s)
	}
}

func (p *printer) node(n Node) {
	switch x := n.(type) {
	case Formula:
		p.formula(x)
	case Value:
		p.value(x)
	case *Window:
		p.window(x)
	case *Point:
		p.point(*x)
	case *Duration:
		p.duration(*x)
	case *Step:
		p.step(*x)
	case *Param:
		p.param(*x)
	}
}

// Strengths of formulas: an operand weaker than its place needs brackets.
const (
	strengthOr = iota
	strengthAnd
	strengthFactor
)

func formulaStrength(f Formula) int {
	switch x := f.(type) {
	case *Or:
		if len(x.Terms) == 1 {
			return formulaStrength(x.Terms[0])
		}
		if len(x.Terms) > 1 {
			return strengthOr
		}
	case *And:
		if len(x.Factors) == 1 {
			return formulaStrength(x.Factors[0])
		}
		if len(x.Factors) > 1 {
			return strengthAnd
		}
	}
	return strengthFactor
}

func (p *printer) operand(f Formula, least int) {
	if formulaStrength(f) >= least {
		p.formula(f)
		return
	}
	p.WriteByte('(')
	p.formula(f)
	p.WriteByte(')')
}

func (p *printer) chain(fs []Formula, word string, strength int, empty string) {
	if len(fs) == 0 {
		p.WriteString(empty)
	}
	if len(fs) == 1 { // not canonical, but meaningful: the part itself
		strength = strengthOr
	}
	for i, f := range fs {
		if i > 0 {
			p.words(" ", word, " ")
		}
		p.operand(f, strength)
	}
}

func (p *printer) formula(f Formula) {
	switch x := f.(type) {
	case *Or:
		p.chain(x.Terms, "or", strengthOr, "nobody")
	case *And:
		p.chain(x.Factors, "and", strengthAnd, "everyone")
	case *Not:
		p.WriteString("not ")
		p.operand(x.X, strengthFactor)
	case *Compare:
		p.value(x.Left)
		p.words(" ", string(x.Op), " ")
		p.value(x.Right)
	case *In:
		p.value(x.Value)
		p.words(not(x.Not), " in (")
		for i, l := range x.List {
			if i > 0 {
				p.WriteString(", ")
			}
			p.value(l)
		}
		p.WriteByte(')')
	case *Between:
		p.value(x.Value)
		p.WriteString(" between ")
		p.value(x.Low)
		p.WriteString(" and ")
		p.value(x.High)
	case *IsSet:
		p.value(x.Value)
		p.words(" is", not(x.Not), " set")
	case *Match:
		p.value(x.Value)
		p.words(not(x.Not), " ", string(x.Op), " ", QuoteText(x.Text))
	case *DateCompare:
		p.value(x.Value)
		p.words(" ", string(x.Op), " ", x.Date.Text)
	case *Within:
		p.value(x.Value)
		p.WriteString(" within ")
		p.window(x.Window)
	case *Anniversary:
		p.value(x.Value)
		p.WriteString(" anniversary within next ")
		p.duration(x.Next)
	default:
		p.special(f)
	}
}

// special prints the conditions that do not begin with a value.
func (p *printer) special(f Formula) {
	switch x := f.(type) {
	case *Rank:
		p.words(pick(x.Bottom, "bottom", "top"), " ", x.N.Text, pick(x.Percent, "%", ""), " by ")
		p.value(x.By)
		if x.Among != nil {
			p.WriteString(" among (")
			p.formula(x.Among)
			p.WriteByte(')')
		}
	case *Sequence:
		p.WriteString("sequence(")
		for _, s := range x.Steps {
			p.step(s)
			p.WriteString(", ")
		}
		p.WriteString("within ")
		p.duration(x.Within)
		p.tail(nil, x.Window)
	case *InSegment:
		p.words("segment ", QuoteText(x.Name))
		if x.At != nil {
			p.words(" at ", x.At.Text)
		}
	case *Crossed:
		p.words(pick(x.Left, "left", "entered"), " segment ", QuoteText(x.Name), " within ")
		p.window(x.Window)
	case *Everyone:
		p.WriteString("everyone")
	case *Nobody:
		p.WriteString("nobody")
	}
}

func not(yes bool) string { return pick(yes, " not", "") }

func pick(yes bool, a, b string) string {
	if yes {
		return a
	}
	return b
}

func (p *printer) step(s Step) {
	p.words(pick(s.Not, "not ", ""), Quote(s.Event))
	p.where(s.Where)
}

func (p *printer) where(f Formula) {
	if f != nil {
		p.WriteString(" where ")
		p.formula(f)
	}
}

// tail prints the end of a call: where, window, bracket.
func (p *printer) tail(where Formula, w *Window) {
	p.where(where)
	if w != nil {
		p.WriteString(", ")
		p.window(w)
	}
	p.WriteByte(')')
}

// Strengths of values, as of formulas.
const (
	strengthSum = iota
	strengthProduct
	strengthAtom
)

func valueStrength(v Value) int {
	if x, ok := v.(*Arith); ok {
		if x.Op == '+' || x.Op == '-' {
			return strengthSum
		}
		return strengthProduct
	}
	return strengthAtom
}

func (p *printer) factor(v Value, least int) {
	if valueStrength(v) >= least {
		p.value(v)
		return
	}
	p.WriteByte('(')
	p.value(v)
	p.WriteByte(')')
}

func (p *printer) value(v Value) {
	switch x := v.(type) {
	case *Number:
		p.WriteString(x.Text)
	case *Text:
		p.WriteString(QuoteText(x.Value))
	case *Date:
		p.WriteString(x.Text)
	case *Bool:
		p.WriteString(strconv.FormatBool(x.Value))
	case *Arith:
		s := valueStrength(x)
		p.factor(x.Left, s)
		p.words(" ", string(x.Op), " ")
		p.factor(x.Right, s+1)
	case *Name:
		p.name(x)
	case *Call:
		p.words(string(x.Fn), "(", Quote(x.Event))
		if x.Property != "" {
			p.words(".", Quote(x.Property))
		}
		p.tail(x.Where, x.Window)
	case *CustomersOf:
		p.words(customersWord, "(")
		p.formula(x.Formula)
		p.WriteByte(')')
	case *PerCustomer:
		p.words(perCustomerWord, "(")
		p.value(x.Value)
		p.words(", ", x.Statistic, ")")
	}
}

func (p *printer) name(x *Name) {
	if len(x.Params) == 0 {
		p.WriteString(Quote(x.Name))
		return
	}
	if callable(x.Name) { // bare, it would be read as the function
		p.words("`", x.Name, "`(")
	} else {
		p.words(Quote(x.Name), "(")
	}
	for i, a := range x.Params {
		if i > 0 {
			p.WriteString(", ")
		}
		p.param(a)
	}
	p.WriteByte(')')
}

func (p *printer) param(a Param) {
	switch {
	case a.Key == "":
	case bare(a.Key):
		p.words(a.Key, ": ")
	default:
		p.words("`", strings.ReplaceAll(a.Key, "`", "``"), "`: ")
	}
	switch {
	case a.Window != nil:
		p.window(a.Window)
	case a.Ago != nil:
		p.point(Point{Ago: a.Ago})
	case a.Value != nil:
		p.value(a.Value)
	default:
		p.WriteString(Quote(a.Event))
	}
}

func (p *printer) window(w *Window) {
	if w == nil {
		return
	}
	switch w.Kind {
	case WindowLast, WindowNext:
		p.WriteString(pick(w.Kind == WindowLast, "last ", "next "))
		p.duration(w.Duration)
	case WindowFromTo:
		p.WriteString("from ")
		p.point(w.From)
		p.WriteString(" to ")
		p.point(w.To)
	case WindowBefore, WindowSince:
		p.WriteString(pick(w.Kind == WindowBefore, "before ", "since "))
		p.point(w.From)
	case WindowPeriod:
		p.WriteString(w.Period)
	}
}

func (p *printer) point(t Point) {
	switch {
	case t.Date != nil:
		p.WriteString(t.Date.Text)
	case t.Ago != nil:
		p.duration(*t.Ago)
		p.WriteString(" ago")
	}
}

func (p *printer) duration(d Duration) {
	p.words(strconv.Itoa(d.N), string(d.Unit))
}

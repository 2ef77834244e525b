package segment

import (
	"fmt"
	"math/big"
	"slices"
	"time"

	"tesela/segment/column"
	"tesela/segment/syntax"
)

// value checks a value; nil after a fault that was noted.
func (c *compiler) value(v syntax.Value) *value {
	switch v := v.(type) {
	case *syntax.Number, *syntax.Text, *syntax.Date, *syntax.Bool:
		return c.literal(v.(syntax.Literal))
	case *syntax.Arith:
		return c.arith(v)
	case *syntax.Name:
		if c.event != nil {
			return c.propName(v)
		}
		return c.name(v)
	case *syntax.Call:
		if c.event != nil {
			c.fail(v.Span, "%s is about a customer; inside where, a row's properties are asked for", v)
			return nil
		}
		return c.call(v)
	case *syntax.CustomersOf, *syntax.PerCustomer:
		c.fail(v.Pos(), "%s is a figure of many customers; it belongs in a measure, not in a formula", v)
	default:
		c.fail(syntax.Span{}, "a value is missing")
	}
	return nil
}

func (c *compiler) literal(l syntax.Literal) *value {
	v := &value{origin: fromLiteral, text: l.String(), span: l.Pos()}
	switch l := l.(type) {
	case *syntax.Number:
		v.kind, v.form = column.Number, inExact
		r, ok := new(big.Rat).SetString(l.Text)
		if !ok {
			c.fail(l.Span, "%s is no number", l.Text)
			return nil
		}
		v.rat = r
	case *syntax.Text:
		v.kind, v.form, v.word = column.Text, inCodes, l.Value
		v.dict = column.NewDict([]string{l.Value})
	case *syntax.Bool:
		v.kind, v.form, v.yes = column.Bool, inInts, l.Value
	case *syntax.Date:
		return c.date(*l)
	default:
		c.fail(syntax.Span{}, "a literal is missing")
		return nil
	}
	return v
}

func (c *compiler) date(d syntax.Date) *value {
	from, err := instant(d, c.schema.Zone)
	if err != nil {
		c.failWith(d.Span, err)
		return nil
	}
	v := &value{origin: fromLiteral, kind: column.Time, form: inInts, text: d.String(), span: d.Span}
	to := from.Add(1)
	if v.day, v.whole = wholeDay(d); v.whole {
		v.kind = column.Date
		to = dayMidnight(v.day+1, c.schema.Zone)
	}
	v.lo, v.hi = micros(from), micros(to)
	return v
}

// name checks a trait, a layer or a score.
func (c *compiler) name(n *syntax.Name) *value {
	if f, ok := c.schema.Trait(n.Name); ok {
		if n.Params != nil {
			c.fail(n.Span, "%s is a trait and takes no parameters", syntax.Quote(n.Name))
			return nil
		}
		v := c.column(f, FieldRef{Name: f.Name})
		v.origin, v.text, v.span = fromTrait, n.String(), n.Span
		known := len(c.values)
		v = c.intern("trait "+f.Name, v)
		if len(c.values) > known {
			c.plan.need.AddTrait(f.Name)
			c.plan.traits = append(c.plan.traits, v)
		}
		return v
	}
	if l, ok := c.layers[n.Name]; ok {
		return c.layer(n, l)
	}
	if e, ok := c.schema.Event(n.Name); ok && n.Params == nil {
		c.fail(n.Span, "%s is an event, not a trait; ask for a figure of it, such as count(%s)", syntax.Quote(e.Name), syntax.Quote(e.Name))
		return nil
	}
	if e, p, ok := c.propAnywhere(n.Name); ok && n.Params == nil {
		c.fail(n.Span, "%s is a property of %s, not a trait; ask for a figure of it, such as latest(%s.%s)", syntax.Quote(p), syntax.Quote(e), syntax.Quote(e), syntax.Quote(p))
		return nil
	}
	if IsTimePart(n.Name) && n.Params == nil {
		c.fail(n.Span, "%s is a part of a row's time, which stands inside where: count(… where %s = 1)", n.Name, n.Name)
		return nil
	}
	known := make([]string, 0, len(c.schema.Traits)+len(c.layers))
	for _, f := range c.schema.Traits {
		known = append(known, f.Name)
	}
	for l := range c.layers {
		known = append(known, l)
	}
	what := "no trait, layer or score is called %s"
	if n.Params != nil {
		what = "no function, layer or score is called %s"
		known = append(slices.DeleteFunc(known, func(name string) bool { _, layer := c.layers[name]; return !layer }), syntax.Functions()...)
	}
	slices.Sort(known)
	c.fail(n.Span, what, syntax.Quote(n.Name)).Nearest = c.nearest(n.Name, known)
	return nil
}

func (c *compiler) layer(n *syntax.Name, l Layer) *value {
	when, params, err := splitAt(n.Params)
	if err != nil {
		c.failWith(n.Span, err)
		return nil
	}
	at := c.at
	if when != nil {
		if at, err = c.layerAt(*when); err != nil {
			c.failWith(when.Span, err)
			return nil
		}
	}
	kind, labels, err := l.Check(c.schema, params)
	if err != nil {
		c.failWith(n.Span, err)
		return nil
	}
	v := &value{kind: kind, den: 1, text: n.String(), span: n.Span, origin: fromLayer, name: n.Name}
	v.form = formOf(kind)
	if kind == column.Money {
		v.den = pow10(c.schema.Digits)
	}
	if kind == column.Text {
		v.dict = column.NewDict(labels)
	}
	v.layer = &layerCall{layer: l, at: at, params: params}
	known := len(c.values)
	v = c.intern(fmt.Sprintf("layer %s %s", n, at.UTC().Format(time.RFC3339Nano)), v)
	if len(c.values) > known {
		c.plan.layered = append(c.plan.layered, v)
	}
	return v
}

// propName checks a property inside where.
func (c *compiler) propName(n *syntax.Name) *value {
	f, ok := c.event.Prop(n.Name)
	if !ok {
		if v := c.partName(n); v != nil {
			return v
		}
	}
	if !ok || n.Params != nil {
		hint := ""
		if _, ok := c.schema.Trait(n.Name); ok {
			hint = fmt.Sprintf("; %s is a trait of customers, which stands outside of where", n)
		}
		e := c.fail(n.Span, "%s has no property %s%s", syntax.Quote(c.event.Name), n, hint)
		e.Nearest = c.nearest(n.Name, propNames(*c.event))
		return nil
	}
	v := c.column(f, FieldRef{c.event.Name, f.Name})
	v.origin, v.text, v.span = fromProp, n.String(), n.Span
	return v
}

// propAnywhere finds the first event that has a property of this name.
func (c *compiler) propAnywhere(name string) (event, prop string, ok bool) {
	for _, e := range c.schema.Events {
		if _, ok := e.Prop(name); ok {
			return e.Name, name, true
		}
	}
	return "", "", false
}

func propNames(e Event) []string {
	names := make([]string, len(e.Props))
	for i, p := range e.Props {
		names[i] = p.Name
	}
	return names
}

// nearest names what was probably meant: the target of a role of that name
// first, then names of like spelling.
func (c *compiler) nearest(name string, known []string) []string {
	var names []string
	if target := c.schema.Roles[name]; slices.Contains(known, target) {
		names = append(names, target)
	}
	for _, n := range syntax.NearestNames(name, known, 3) {
		if !slices.Contains(names, n) {
			names = append(names, n)
		}
	}
	return names
}

// column makes a value of a field.
func (c *compiler) column(f Field, ref FieldRef) *value {
	v := &value{kind: f.Kind, form: formOf(f.Kind), den: 1, name: f.Name}
	switch f.Kind {
	case column.Money:
		v.den = pow10(c.schema.Digits)
	case column.Text, column.Tags:
		v.dict = c.dict(ref)
	}
	return v
}

func formOf(k column.Kind) form {
	switch k {
	case column.Text:
		return inCodes
	case column.Number:
		return inFloats
	case column.Tags:
		return inTags
	default:
		return inInts
	}
}

// arith checks + - * /. Figures of number columns are float64, and so is what
// is computed with them; counts, money and literals stay exact.
func (c *compiler) arith(a *syntax.Arith) *value {
	if c.event != nil {
		c.fail(a.Span, "inside where, compare a property with a literal; nothing is computed there")
		return nil
	}
	l, r := c.value(a.Left), c.value(a.Right)
	if l == nil || r == nil {
		return nil
	}
	for _, v := range []*value{l, r} {
		if !v.numeric() {
			hint := ""
			if v.temporal() {
				hint = "; for a distance in days use days_since"
			}
			c.fail(v.span, "%s is %s; only numbers and money can be computed with%s", v.text, kindPhrase(v.kind), hint)
			return nil
		}
	}
	v := &value{kind: column.Number, form: inExact, den: 1, origin: fromArith, op: a.Op, left: l, right: r, text: a.String(), span: a.Span}
	lm, rm := l.kind == column.Money, r.kind == column.Money
	switch a.Op {
	case '+', '-':
		if lm || rm {
			v.kind = column.Money
		}
	case '*':
		if lm != rm {
			v.kind = column.Money
		}
	case '/':
		if lm && !rm {
			v.kind = column.Money
		}
	default:
		c.fail(a.Span, "%q is no arithmetic; use + - * /", a.Op)
		return nil
	}
	if l.literal() && r.literal() {
		v.origin = fromLiteral
		if x := exactOf(l.rat).arith(a.Op, exactOf(r.rat)); x.isSet() {
			v.rat = x.rat()
		}
		return v
	}
	if l.form == inFloats || r.form == inFloats {
		v.form = inFloats
	}
	return c.intern(fmt.Sprintf("%c %s %s", a.Op, c.key(l), c.key(r)), v)
}

func (c *compiler) key(v *value) string {
	if v.literal() {
		if v.rat == nil {
			return "unset"
		}
		return v.rat.RatString()
	}
	return fmt.Sprintf("#%d", v.id)
}

func kindPhrase(k column.Kind) string {
	switch k {
	case column.Text:
		return "text"
	case column.Number:
		return "a number"
	case column.Money:
		return "money"
	case column.Bool:
		return "true or false"
	case column.Time:
		return "a time"
	case column.Date:
		return "a date"
	default:
		return "tags"
	}
}

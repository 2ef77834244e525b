package planner

import (
	"slices"

	"tesela/segment/syntax"
)

// besides puts a condition in the place of one on the same trait; what is denied
// leaves what was denied before: after "without Dairy", "and without Beverages"
// is without both. A correction replaces.
func (p *parse) besides(f, cond syntax.Formula) syntax.Formula {
	name, denied := saysOf(cond, true)
	if denied == nil || p.opens("correction") {
		return replaceTrait(f, cond)
	}
	parts := []syntax.Formula{f}
	if a, ok := f.(*syntax.And); ok {
		parts = a.Factors
	}
	for _, x := range parts {
		if n, before := saysOf(x, true); n == name && before != nil {
			return replaceTrait(f, oneOfValues(cond, merged(before, denied), true))
		}
		if n, said := saysOf(x, false); n == name && said != nil {
			left := slices.DeleteFunc(slices.Clone(said), func(v syntax.Literal) bool { return holdsValue(denied, v) })
			if len(left) > 0 {
				return replaceTrait(f, oneOfValues(cond, left, false))
			}
		}
	}
	return replaceTrait(f, cond)
}

// saysOther tells whether rows are told by a value of a property already, and
// another value of it is now denied: which row has both only the asker knows.
func (p *parse) saysOther(where string, f syntax.Formula) bool {
	name, denied := saysOf(f, true)
	old, err := syntax.ParseFilter(where)
	if where == "" || err != nil || denied == nil || p.opens("correction") {
		return false
	}
	found := false
	syntax.Walk(old, func(n syntax.Node) bool {
		if x, ok := n.(syntax.Formula); ok {
			if of, said := saysOf(x, false); of == name && said != nil {
				found = found || !slices.ContainsFunc(said, func(v syntax.Literal) bool { return holdsValue(denied, v) })
			}
		}
		return true
	})
	return found
}

// neverOf adds that something was never done with a value, where a formula tells
// of what was done: "and without Beverages". Nil where no event of it has it.
func (p *parse) neverOf(f syntax.Formula, v *node) syntax.Formula {
	had := *v
	had.neg = false
	var never syntax.Formula
	syntax.Walk(f, func(x syntax.Node) bool {
		c, ok := x.(*syntax.Call)
		if !ok || never != nil {
			return !ok
		}
		if filter := p.valueFilter(&had, c.Event); filter != nil {
			never = &syntax.Compare{Left: &syntax.Call{Fn: syntax.Count, Event: c.Event, Where: filter, Window: c.Window}, Op: syntax.Eq, Right: number(0)}
		}
		return false
	})
	if never == nil {
		return nil
	}
	return replaceTrait(f, never)
}

// saysOf are the values that a trait or property is said to be, or not to be;
// nil for other conditions.
func saysOf(f syntax.Formula, not bool) (name string, values []syntax.Literal) {
	switch f := f.(type) {
	case *syntax.Compare:
		if op := map[bool]syntax.Op{false: syntax.Eq, true: syntax.Ne}[not]; f.Op == op {
			if v, ok := f.Right.(syntax.Literal); ok {
				return traitOf(f), []syntax.Literal{v}
			}
		}
	case *syntax.In:
		if f.Not == not {
			return traitOf(f), f.List
		}
	}
	return "", nil
}

func holdsValue(list []syntax.Literal, v syntax.Literal) bool {
	return slices.ContainsFunc(list, func(x syntax.Literal) bool { return x.String() == v.String() })
}

func merged(a, b []syntax.Literal) []syntax.Literal {
	out := slices.Clone(a)
	for _, v := range b {
		if !holdsValue(out, v) {
			out = append(out, v)
		}
	}
	return out
}

// oneOfValues says of the trait of a condition that it is one of some values, or
// none of them.
func oneOfValues(of syntax.Formula, list []syntax.Literal, not bool) syntax.Formula {
	name := &syntax.Name{Name: traitOf(of)}
	if len(list) > 1 {
		return &syntax.In{Value: name, Not: not, List: list}
	}
	op := syntax.Eq
	if not {
		op = syntax.Ne
	}
	return &syntax.Compare{Left: name, Op: op, Right: list[0]}
}

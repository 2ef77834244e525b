package planner

import (
	"slices"

	"tesela/segment/syntax"
)

// cNor is one side of "neither … nor …": what is denied, and the clause that
// denies it where it is one.
const cNor cat = "nor"

// neitherRules deny several things at once: "neither deposited nor withdrew",
// "not on trial nor churned".
func neitherRules() map[pair]rule {
	return map[pair]rule{
		{"neither", cClause}: func(_ *parse, _, b *node) []*node {
			c := b.clause
			if c.neg || c.it || c.same {
				return nil
			}
			return one(&node{cat: cNor, clause: c.with(func(d *clause) { d.neg = true })})
		},
		{"neither", cCond}: func(_ *parse, _, b *node) []*node {
			if !b.simple || denies(b.cond) {
				return nil
			}
			return one(&node{cat: cNor, cond: complement(b.cond)})
		},
		{cNor, cNor}: func(_ *parse, a, b *node) []*node {
			if a.cond != nil && b.cond != nil && traitOf(a.cond) != "" && traitOf(a.cond) == traitOf(b.cond) {
				return nil
			}
			return bothDenied(a, b)
		},
		{cCond, cNor}: func(_ *parse, a, b *node) []*node {
			if !denies(a.cond) {
				return nil
			}
			return bothDenied(a, b)
		},
		{cClause, cNor}: func(_ *parse, a, b *node) []*node {
			if !a.clause.neg || a.clause.it || a.clause.same {
				return nil
			}
			return bothDenied(a, b)
		},
		{cVal, cNor}: func(p *parse, a, b *node) []*node {
			c := p.asCond(a)
			if c == nil || !a.neg || b.cond != nil && traitOf(c.cond) == traitOf(b.cond) {
				return nil // of one field: see norValue
			}
			return bothDenied(c, b)
		},
		{cCond, "not_ever"}: func(_ *parse, a, _ *node) []*node { // "ni depositaron ni retiraron nunca"
			if a.text != "nor" {
				return nil
			}
			x := *a
			x.cost = 0
			return one(&x)
		},
		{cCond, "is_set"}: func(_ *parse, a, _ *node) []*node { // "neither the industry nor the owner is known"
			f, ok := a.cond.(*syntax.IsSet)
			if !ok || !f.Not || a.text != "nor" {
				return nil
			}
			x := *a
			x.cost = 0
			return one(&x)
		},
	}
}

// neitherValue is one value of those that nothing is, or that it is not.
func (p *parse) neitherValue(b *node) []*node {
	if b.neg {
		return nil
	}
	out := one(&node{cat: "neither of", vals: b.vals})
	x := *b
	x.neg = true
	if c := p.asCond(&x); c != nil {
		out = append(out, &node{cat: cNor, cond: c.cond, cost: 0.05})
	}
	return out
}

// norValue adds one more value of the same field to what is denied: "not from
// Spain nor from Portugal", whether the denial stands with the first or before
// what is said of both.
func (p *parse) norValue(a, b *node) []*node {
	if a.text != "" && a.text != "nor" {
		return nil
	}
	for _, v := range a.vals {
		for _, w := range b.vals {
			if v.field == w.field {
				return one(&node{cat: cVal, vals: p.ofFields(append(slices.Clone(a.vals), b.vals...), v.field), neg: true, text: "nor"})
			}
		}
	}
	return nil
}

// ofFields keeps the values of a field and of those called like it.
func (p *parse) ofFields(vals []valueRef, fi int) []valueRef {
	return slices.DeleteFunc(vals, func(v valueRef) bool { return p.ix.fields[v.field].name != p.ix.fields[fi].name })
}

// bothDenied is both: a time said once, at the end, is of the two.
func bothDenied(a, b *node) []*node {
	if x, y := a.clause, b.clause; x != nil && y != nil && x.win == nil && !x.ever && (y.win != nil || y.ever) {
		c := *a
		c.clause = x.with(func(d *clause) { d.win, d.ever = y.win, y.ever })
		a = &c
	}
	n := condNode(syntax.All(deniedBy(a), deniedBy(b)))
	n.text, n.last = "nor", b.clause
	return one(n)
}

func deniedBy(n *node) syntax.Formula {
	if n.clause != nil {
		return n.clause.formula()
	}
	return n.cond
}

// denies tells whether a condition is that something is not so.
func denies(f syntax.Formula) bool {
	switch f := f.(type) {
	case *syntax.Not:
		return true
	case *syntax.IsSet:
		return f.Not
	case *syntax.In:
		return f.Not
	case *syntax.Compare:
		b, isBool := f.Right.(*syntax.Bool)
		return f.Op == syntax.Ne || f.Op == syntax.Eq && (f.Right.String() == "0" || isBool && !b.Value)
	case *syntax.And:
		for _, x := range f.Factors {
			if !denies(x) {
				return false
			}
		}
		return true
	}
	return false
}

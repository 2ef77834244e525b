package planner

import (
	"fmt"

	"tesela/segment/syntax"
)

// The categories of two values that are both meant.
const (
	cBothOne  cat = "both one"     // "both Centro"
	cBothAnd  cat = "both one and" // "both Centro and"
	cBothVals cat = "both values"
)

// bothRules read two things that people did each: "appointments in both Centro
// and Boa Viagem", "tanto con visa como con skrill".
func bothRules() map[pair]rule {
	and := func(_ *parse, a, b *node) []*node {
		if b.attr == "," {
			return nil
		}
		return one(&node{cat: cBothAnd, vals: a.vals, from: a.from})
	}
	return map[pair]rule{
		{"both_before", cVal}: func(_ *parse, _, b *node) []*node {
			if b.neg || b.text != "" {
				return nil
			}
			return one(&node{cat: cBothOne, vals: b.vals})
		},
		{cBothOne, "and"}:      and,
		{cBothOne, "both_and"}: and,
		{cBothAnd, cVal}: func(_ *parse, a, b *node) []*node {
			if b.neg || b.text != "" {
				return nil
			}
			x := &node{cat: cBothVals}
			for _, v := range a.vals {
				for _, w := range b.vals {
					if v.field == w.field {
						x.vals = append(x.vals, v, w)
					}
				}
			}
			if len(x.vals) == 0 {
				return nil
			}
			return one(x)
		},
		{cClause, cBothVals}: func(p *parse, a, b *node) []*node {
			if a.clause.qty != nil || a.clause.neg || a.clause.fn != "" {
				return nil
			}
			if plainThing(a.clause) && p.tied(a.clause.event) && !p.people && !p.peopleBefore(a) {
				return p.thingsWithBoth(a.clause, b)
			}
			return p.both(a, b)
		},
	}
}

// thingsWithBoth counts the things of several rows that have a row of each of
// two values: those with the one and those with the other, less those with
// either, are counted twice.
func (p *parse) thingsWithBoth(c *clause, v *node) []*node {
	expr := p.countWithBoth(c.event, c.where, v.vals)
	if expr == "" {
		return nil
	}
	return one(&node{cat: cMeas, meas: &meas{event: c.event, win: c.win, ever: c.ever, exprs: []string{expr}}})
}

// countWithBoth is that number as an expression; "" where the two values are no
// two of one field of the event.
func (p *parse) countWithBoth(event string, where []syntax.Formula, vals []valueRef) string {
	byText := map[string]bool{}
	var each []syntax.Formula
	for _, v := range vals {
		f := p.valueFilter(&node{vals: []valueRef{v}}, event)
		if f == nil || byText[f.String()] {
			continue
		}
		byText[f.String()], each = true, append(each, f)
	}
	if len(each) != 2 || !sameSubject(each[:1], each[1]) {
		return ""
	}
	either := p.valueFilter(&node{vals: vals}, event)
	if either == nil {
		return ""
	}
	count := func(f syntax.Formula) *syntax.Call {
		return &syntax.Call{Fn: syntax.Count, Event: event, Where: syntax.All(append(where[:len(where):len(where)], f)...)}
	}
	return fmt.Sprintf("%s + %s - %s", count(each[0]), count(each[1]), count(either))
}

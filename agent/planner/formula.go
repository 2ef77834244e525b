package planner

import (
	"strconv"

	"tesela/segment/syntax"
)

func number(n int) *syntax.Number { return &syntax.Number{Text: strconv.Itoa(n)} }

func literal(text string) *syntax.Number { return &syntax.Number{Text: text} }

// condition compares a value with the figure.
func (q *qty) condition(v syntax.Value) syntax.Formula {
	if q.isHi && (q.above || q.below) {
		low, high := syntax.Ge, syntax.Le
		if q.above {
			low = syntax.Gt
		}
		if q.below {
			high = syntax.Lt
		}
		return syntax.All(&syntax.Compare{Left: v, Op: low, Right: literal(q.lo)}, &syntax.Compare{Left: v, Op: high, Right: literal(q.hi)})
	}
	if q.isHi {
		return &syntax.Between{Value: v, Low: literal(q.lo), High: literal(q.hi)}
	}
	op := q.op
	if op == "" {
		op = syntax.Eq
	}
	return &syntax.Compare{Left: v, Op: op, Right: literal(q.lo)}
}

// formula turns a clause into a condition on customers.
func (c *clause) formula() syntax.Formula {
	fn := c.fn
	if fn == "" {
		fn = syntax.Count
	}
	call := &syntax.Call{Fn: fn, Event: c.event, Property: c.prop, Where: whereOf(c), Window: c.win}
	if c.qty == nil {
		// Spending nothing, or something, is about doing it at all.
		if fn == syntax.Sum {
			call = &syntax.Call{Fn: syntax.Count, Event: c.event, Where: whereOf(c), Window: c.win}
		}
		if c.neg && c.repeat && c.win == nil {
			return &syntax.Compare{Left: call, Op: syntax.Eq, Right: number(1)}
		}
		if c.neg {
			return &syntax.Compare{Left: call, Op: syntax.Eq, Right: number(0)}
		}
		return &syntax.Compare{Left: call, Op: syntax.Ge, Right: number(1)}
	}
	f := c.qty.condition(call)
	if !c.neg {
		return f
	}
	if cmp, ok := f.(*syntax.Compare); ok {
		// "never bought twice" is fewer than two times, not any other number.
		if (c.qty.op == "" || c.qty.op == syntax.Ge) && c.qty.lo == "1" {
			return &syntax.Compare{Left: cmp.Left, Op: syntax.Eq, Right: number(0)}
		}
		if c.qty.op == "" {
			return &syntax.Compare{Left: cmp.Left, Op: syntax.Lt, Right: cmp.Right}
		}
		return &syntax.Compare{Left: cmp.Left, Op: opposite(cmp.Op), Right: cmp.Right}
	}
	return &syntax.Not{X: f}
}

// valueFilter makes the filter for a value, or a list of them, over the rows
// of an event ("" for traits); nil where none of the fields is the event's.
func (p *parse) valueFilter(n *node, event string) syntax.Formula {
	var texts []string
	parts := false // texts are held by the values, or some are
	name := ""
	for _, v := range n.vals {
		f := p.ix.fields[v.field]
		if f.event != event {
			continue
		}
		if name != "" && f.name != name {
			return nil
		}
		name = f.name
		texts = append(texts, p.ix.text(v))
		parts = parts || v.part != ""
	}
	if name == "" {
		return nil
	}
	field := p.ix.fields[p.ix.find(event, name)]
	if parts || field.kind == "tags" {
		var all []syntax.Formula
		for _, t := range texts {
			all = append(all, &syntax.Match{Value: &syntax.Name{Name: name}, Op: syntax.Contains, Text: t})
		}
		if len(all) == 1 && parts {
			return &syntax.Match{Value: &syntax.Name{Name: name}, Not: n.neg, Op: syntax.Contains, Text: texts[0]}
		}
		if n.neg {
			return &syntax.Not{X: syntax.Any(all...)}
		}
		return syntax.Any(all...)
	}
	if len(texts) == 1 {
		op := syntax.Eq
		if n.neg {
			op = syntax.Ne
		}
		return &syntax.Compare{Left: &syntax.Name{Name: name}, Op: op, Right: &syntax.Text{Value: texts[0]}}
	}
	in := &syntax.In{Value: &syntax.Name{Name: name}, Not: n.neg}
	for _, t := range texts {
		in.List = append(in.List, &syntax.Text{Value: t})
	}
	return in
}

// asCond reads a node as a condition on customers; nil where it is none.
func (p *parse) asCond(n *node) *node {
	switch n.cat {
	case cCond:
		return n
	case cClause:
		if n.clause.it || n.clause.same || n.clause.since {
			return nil // nothing before it to take up
		}
		if n.clause.stopped || n.clause.repeat && n.clause.neg && n.clause.win != nil {
			return p.whoStopped(n)
		}
		x := *n
		x.cat, x.cond, x.last, x.simple = cCond, n.clause.formula(), n.clause, true
		if n.clause.win == nil && !n.clause.ever {
			x.windows = []*clause{n.clause}
		}
		if q := n.clause.qty; q != nil && q.op == "" && !(n.clause.neg && q.lo == "1") {
			x.bare = []*qty{q}
		}
		x.clause = nil
		return &x
	case cVal:
		f := p.valueFilter(n, "")
		if f == nil {
			return nil
		}
		x := *n
		x.cat, x.cond, x.simple, x.vals, x.neg = cCond, f, true, nil, false
		return &x
	}
	return nil
}

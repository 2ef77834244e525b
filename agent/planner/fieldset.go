package planner

import (
	"math/big"

	"tesela/segment/syntax"
)

// fieldSet is "with an e-mail address", "without a phone"; of what is counted
// from none on, "with children" and "without children".
func (p *parse) fieldSet(a *node, not bool) []*node {
	if a.num != nil {
		return nil // "with two children" has more to say
	}
	var out []*node
	for _, fi := range a.fields {
		f := p.ix.fields[fi]
		if f.event != "" || f.kind == "bool" {
			continue
		}
		if f.kind == "number" && f.low == "0" {
			out = append(out, p.someOf(a, f, not)...)
			continue
		}
		n := condNode(p.fieldIs(f, not))
		_, none := p.ix.noSuch(f)
		n.simple = !none || !not // "without no plan" is said of nobody
		out = append(out, n)
	}
	for _, fi := range a.fields {
		f := p.ix.fields[fi]
		if f.event != "" && f.kind == "number" && f.low == "0" { // "visits with guests"
			for _, n := range p.someOf(a, f, not) {
				out = append(out, &node{cat: "row filter", text: f.event, cond: n.cond, neg: not, cost: 0.1})
			}
			continue
		}
		if _, none := p.ix.noSuch(f); f.event == "" || f.kind == "bool" || !f.gaps && !none {
			continue
		}
		out = append(out, &node{cat: "row filter", text: f.event, cond: p.fieldIs(f, not), neg: not, cost: 0.1})
	}
	for _, n := range out {
		n.cost += 0.05
	}
	return append(out, p.everWith(a, not)...)
}

// hasSome marks a condition of having at least some of what is counted.
const hasSome = "has some"

// someOf is a number that starts at none: nobody who has none has children,
// points, pets. Said of one ("without a score") it may as well be unknown.
func (p *parse) someOf(a *node, f field, not bool) []*node {
	v := &syntax.Name{Name: f.name}
	op := syntax.Gt
	if not {
		op = syntax.Eq
	}
	some := condNode(&syntax.Compare{Left: v, Op: op, Right: number(0)})
	if !not {
		some.attr = hasSome
	}
	if p.inPlural(a) || !f.gaps {
		return one(some)
	}
	return []*node{some, condNode(&syntax.IsSet{Value: v, Not: not})}
}

// inPlural tells whether a node ends in a plain plural.
func (p *parse) inPlural(n *node) bool { return p.manyAt(n.to - 1) }

// manyAt tells whether a word is written as a plural is.
func (p *parse) manyAt(k int) bool {
	w := p.toks[k].folded
	return len(w) > 3 && w[len(w)-1] == 's'
}

// everWith is people by what not every row of an event has: "clients without a
// coupon" never used one.
func (p *parse) everWith(a *node, not bool) []*node {
	var out []*node
	for _, fi := range a.fields {
		f := p.ix.fields[fi]
		if _, none := p.ix.noSuch(f); f.event == "" || !f.isText() || !f.gaps && !none {
			continue
		}
		c := &clause{event: f.event, verb: true, qualified: true, neg: not, where: []syntax.Formula{p.fieldIs(f, false)}}
		out = append(out, &node{cat: cClause, clause: c, cost: 0.4})
	}
	return out
}

// neverWith is "never used a coupon".
func (p *parse) neverWith(a *node) []*node {
	out := p.everWith(a, true)
	for _, n := range out {
		n.clause.ever = true
	}
	return out
}

// justSoMany is "with two children": a number of people's, in the plural.
func (p *parse) justSoMany(a, b *node) []*node {
	if b.num != nil || !p.inPlural(b) && a.num.Cmp(big.NewRat(1, 1)) != 0 || p.core(b) != b.from || p.likeYear(a) {
		return nil
	}
	var out []*node
	for _, fi := range b.fields {
		f := p.ix.fields[fi]
		if f.event != "" || f.kind != "number" || overlaps([]int{fi}, p.ix.concepts["age"]) {
			continue
		}
		n := condNode((&qty{op: syntax.Eq, lo: decimal(a.num)}).condition(&syntax.Name{Name: f.name}))
		n.cost = 0.1
		out = append(out, n)
	}
	return out
}

// lacks tells whether a condition is that something is not known.
func lacks(f syntax.Formula) bool {
	set, ok := f.(*syntax.IsSet)
	return ok && set.Not
}

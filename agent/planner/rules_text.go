package planner

import (
	"slices"

	"tesela/segment/syntax"
)

// textRules read what a text holds: "products containing “lunch bag”".
func textRules() map[pair]rule {
	return map[pair]rule{
		{cField, cQuoted}: func(p *parse, a, b *node) []*node {
			return p.fieldQuoted(a, &syntax.Match{Op: syntax.Contains, Text: b.text})
		},
		{cField, "text_match"}: func(_ *parse, a, b *node) []*node {
			return one(&node{cat: "field match", fields: a.fields, attr: b.attr})
		},
		{cField, "text_match_not"}: func(_ *parse, a, b *node) []*node {
			return one(&node{cat: "field match", fields: a.fields, attr: b.attr, neg: true})
		},
		{"field match", cVal}: func(p *parse, a, b *node) []*node { // "containing “lunch bag” or “cakestand”"
			if a.attr != string(syntax.Contains) || !inPart(b) || b.neg {
				return nil
			}
			x := *b
			x.neg = a.neg
			return p.fieldValue(&node{fields: a.fields, from: a.from, to: a.to}, &x)
		},
		{"field match", cQuoted}: func(p *parse, a, b *node) []*node {
			return p.fieldQuoted(a, &syntax.Match{Op: syntax.MatchOp(a.attr), Not: a.neg, Text: b.text})
		},
	}
}

// fieldQuoted is `name contains "ann"`, or a value in quotes.
func (p *parse) fieldQuoted(a *node, match *syntax.Match) []*node {
	if a.form == goods {
		return nil // the book of that name, not of one that has it in its own
	}
	fields := a.fields
	if match.Op == syntax.Contains && overlaps(fields, p.ix.concepts["product"]) {
		fields = p.ix.namedWith(fields, match.Text)
	}
	var out []*node
	for _, fi := range fields {
		f := p.ix.fields[fi]
		if f.kind != "text" && f.kind != "tags" {
			continue
		}
		c := &syntax.Match{Value: &syntax.Name{Name: f.name}, Not: match.Not, Op: match.Op, Text: match.Text}
		n := &node{cat: "row filter", text: f.event, cond: c}
		if f.event == "" {
			n = condNode(c)
		}
		if slices.ContainsFunc(p.ix.value(fold(match.Text)), func(v valueRef) bool { return v.field == fi && p.ix.text(v) == match.Text }) {
			n.cost += 0.4 // a value in quotes is that value
		}
		out = append(out, n)
	}
	return out
}

package planner

import (
	"slices"

	"tesela/segment/syntax"
)

// cAllWere is "deposits were all", of which how is still to be said.
const cAllWere cat = "all were"

// onlyForm marks what is said to be all that was done.
const onlyForm = "only"

// cOnlyVal is a value that nothing else was had of: "only books"; cAndOnlyVal says
// so of the value before it, "books and only books".
const (
	cOnlyVal    cat = "only value"
	cAndOnlyVal cat = "and only value"
)

// onlyRules read what is said to be all: "bought only books", "customers who
// only have pet insurance", "always paid by card", "only bought in 2024".
func onlyRules() map[pair]rule {
	m := map[pair]rule{
		{cClause, cOnlyVal}: func(p *parse, a, b *node) []*node {
			var out []*node
			for _, x := range p.clauseValue(a, &node{cat: cVal, vals: b.vals, from: b.from, to: b.to}) {
				out = append(out, p.onlyClause(x.clause)...)
			}
			return out
		},
		{cClause, "all_were"}: func(_ *parse, a, _ *node) []*node { // "whose deposits were all by card"
			if c := a.clause; c.verb && !c.weak || c.person || c.neg || c.qty != nil || c.fn != "" {
				return nil
			}
			return one(&node{cat: cAllWere, clause: a.clause.with(func(c *clause) { c.verb = true })})
		},
		{cAllWere, cVal}: func(p *parse, a, b *node) []*node {
			out := p.onlyOf(p.clauseValue(a, b))
			for _, n := range out {
				n.cost -= 0.3
			}
			return out
		},
		{"nothing_else", cField}: func(p *parse, a, b *node) []*node { // "and by no other method"
			if !p.ix.fields[b.fields[0]].isText() || p.opensGroup(a.to, b) {
				return nil
			}
			return again(a, 0)
		},
		{cCond, "nothing_else"}: func(_ *parse, a, _ *node) []*node { // "always by card, and nothing else"
			if a.form != onlyForm {
				return nil
			}
			return again(a, 0)
		},
		{"only", cRank}: func(_ *parse, _, b *node) []*node { return again(b, 0.02) }, // "orders by brand, only the top ten"
		{cRank, "only"}: func(_ *parse, a, _ *node) []*node { return again(a, 0.02) },
		{"only", cCust}: func(_ *parse, _, b *node) []*node {
			x := *b
			x.cost = 0.05
			return one(&x)
		},
		{cCust, "only"}: func(p *parse, a, b *node) []*node { // "Moema members only"
			if b.to < len(p.toks) && p.toks[b.to].kind != tokBreak || p.limitsWhatFollows(b) {
				return nil // "customers who only bought books"
			}
			x := *a
			x.cost = 0.02
			return one(&x)
		},
		{cVal, "only"}: func(p *parse, a, b *node) []*node { // "UK only"
			if a.neg || p.limitsWhatFollows(b) {
				return nil
			}
			x := *a
			x.cost, x.text = 0.02, "only"
			if b.to <= len(p.toks) && p.core(a) > 0 && p.says(p.core(a)-1, "and") { // "books and books only"
				return []*node{&x, {cat: cOnlyVal, vals: a.vals}}
			}
			return one(&x)
		},
		{"and", cOnlyVal}: func(_ *parse, _, b *node) []*node {
			return one(&node{cat: cAndOnlyVal, vals: b.vals, neg: b.neg})
		},
		{cVal, cAndOnlyVal}: func(_ *parse, a, b *node) []*node {
			if a.neg || b.neg || !slices.Equal(a.vals, b.vals) {
				return nil
			}
			return one(&node{cat: cOnlyVal, vals: a.vals, cost: -0.3})
		},
		{"only", cClause}: func(p *parse, a, b *node) []*node {
			if p.relativeAt(a.to) || p.isGlue(a.to) && p.relativeAt(a.to+1) {
				return nil // "only those who paid in August" limits who, not what they did
			}
			if !b.clause.verb && (p.had(a) || b.from < b.to && p.says(b.from, "is_set")) { // "only have car policies", not "only those with"
				return p.onlyClause(b.clause.with(func(c *clause) { c.verb = true }))
			}
			if !b.clause.verb && p.opensWithValue(b) { // "only use cards to pay"
				return p.onlyClause(b.clause.with(func(c *clause) { c.verb = true }))
			}
			return p.onlyClause(b.clause)
		},
		{"always", cClause}: func(p *parse, _, b *node) []*node {
			if b.clause.qty != nil || len(b.clause.where) == 0 {
				return nil
			}
			return p.onlyClause(b.clause)
		},
		{cClause, "always"}: func(p *parse, a, _ *node) []*node {
			if a.clause.qty != nil || len(a.clause.where) == 0 {
				return nil
			}
			return p.onlyClause(a.clause)
		},
	}
	for _, word := range []cat{"only", "always"} {
		m[pair{word, cVal}] = func(p *parse, _, b *node) []*node {
			if p.valueFilter(b, "") == nil {
				return one(&node{cat: cOnlyVal, vals: b.vals, neg: b.neg})
			}
			if word == "always" {
				return nil
			}
			x := *b
			x.cost = 0
			return one(&x)
		}
	}
	return m
}

// opensWithValue tells whether a value of what is done stands before what is done,
// behind a verb that says nothing of its own.
func (p *parse) opensWithValue(n *node) bool {
	k := n.from
	for k < n.to-1 && (p.isGlue(k) || p.isWord(k, "light")) {
		k++
	}
	return k > n.from && slices.ContainsFunc(indices(k+1, n.to), func(j int) bool {
		return slices.ContainsFunc(p.cells[k][j], func(v *node) bool {
			return v.cat == cVal && v.cost < costFuzzy && p.valueFilter(v, n.clause.event) != nil
		})
	})
}

// onlyClause is "bought only books", and nothing else in that time; "only
// bought once"; or "only bought in 2024", and at no other time.
func (p *parse) onlyClause(c *clause) []*node {
	if c.neg || !c.verb {
		return nil
	}
	if c.qty != nil {
		if c.qty.op != "" {
			return nil
		}
		return one(&node{cat: cClause, clause: c.with(func(d *clause) {
			q := *c.qty
			q.op = syntax.Eq
			d.qty = &q
		})})
	}
	if c.fn != "" {
		return nil
	}
	all := []syntax.Formula{c.formula()}
	if len(c.where) == 0 {
		for _, w := range p.outside(c.win) {
			all = append(all, c.with(func(d *clause) { d.win, d.neg = w, true }).formula())
		}
		if len(all) == 1 {
			return nil
		}
	} else {
		all = append(all, c.with(func(d *clause) { d.where, d.neg = []syntax.Formula{&syntax.Not{X: whereOf(c)}}, true }).formula())
	}
	return one(&node{cat: cCond, cond: syntax.All(all...), simple: false, form: onlyForm})
}

// outside are the times before and behind a window, up to T; nil where it is
// not known to end or begin.
func (p *parse) outside(w *syntax.Window) []*syntax.Window {
	if w == nil {
		return nil
	}
	var out []*syntax.Window
	if w.Kind == syntax.WindowBefore {
		return append(out, &syntax.Window{Kind: syntax.WindowSince, From: w.From})
	}
	before := p.upTo(w)
	if before == nil {
		return nil
	}
	out = append(out, before)
	if _, end, ok := p.daysOfWindow(w); ok && end.Before(p.asOf) {
		out = append(out, p.sinceWindow(end).win)
	}
	return out
}

// onlyOf are the conditions of having done something, and only that.
func (p *parse) onlyOf(list []*node) []*node {
	var out []*node
	for _, x := range list {
		if x.cat == cClause {
			out = append(out, p.onlyClause(x.clause)...)
		}
	}
	return out
}

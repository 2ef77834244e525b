package planner

import "tesela/segment/syntax"

// stoppedRules read what was done until a time and not since: "stopped buying
// after July", "ya no compran desde marzo", "bought in 2024 but no longer in
// 2025". The attribute "state" marks words for how things are now, "act" those
// for the ending, which may lie within the time that is told.
func stoppedRules() map[pair]rule {
	ends := func(b *node, how string) []*node {
		if b.clause.neg || b.clause.qty != nil || b.clause.fn != "" && b.clause.fn != syntax.Sum {
			return nil
		}
		return one(&node{cat: cClause, clause: b.clause.with(func(c *clause) { c.neg, c.stopped, c.act = true, true, how == "act" })})
	}
	return map[pair]rule{
		{"stopped", cClause}: func(_ *parse, a, b *node) []*node { return ends(b, a.attr) },
		{"stopped", cWin}: func(_ *parse, _, b *node) []*node { // "but no longer in 2025"
			return one(&node{cat: cFrag, clause: &clause{neg: true, win: b.win, ever: b.ever, qualified: true}})
		},
		{"stopped", cVal}: func(p *parse, a, b *node) []*node { // "no longer on the free plan"
			if a.attr != "state" || p.valueFilter(b, "") == nil {
				return nil
			}
			return negateValue(p, a, b)
		},
		{"stopped", cCond}: func(_ *parse, a, b *node) []*node {
			if a.attr != "state" || !b.simple || b.last != nil || b.text == "nor" {
				return nil
			}
			return one(&node{cat: cCond, cond: complement(b.cond), simple: true})
		},
		{cClause, "anymore"}: func(p *parse, a, b *node) []*node { // "não compram mais"
			c := a.clause
			if !c.neg || c.stopped || c.qty != nil || c.ever || !p.ends(b.to) {
				return nil
			}
			return one(&node{cat: cClause, clause: c.with(func(d *clause) { d.stopped = true })})
		},
	}
}

// ends tells whether nothing, or a break or a time, follows at a token.
func (p *parse) ends(i int) bool {
	if i == len(p.toks) || p.toks[i].kind == tokBreak {
		return true
	}
	for j := i + 1; j <= min(len(p.toks), i+maxPhrase); j++ {
		for _, n := range p.cells[i][j] {
			if n.cat == cWin || n.cat == "since" || n.cat == "after" || n.cat == "but" {
				return true
			}
		}
	}
	return false
}

// whoStopped is who did something before a time and not in it; nil where the
// time is not said, or where they may have stopped in the midst of it.
func (p *parse) whoStopped(n *node) *node {
	c := n.clause
	before := p.upTo(c.win)
	if before == nil || c.qty != nil || c.act && c.win.Kind != syntax.WindowLast && c.win.Kind != syntax.WindowSince {
		return nil
	}
	was := c.with(func(x *clause) { x.neg, x.stopped, x.win = false, false, before })
	since := c.with(func(x *clause) { x.stopped = false })
	x := condNode(syntax.All(was.formula(), since.formula()))
	x.from, x.to, x.cost, x.assume, x.simple = n.from, n.to, n.cost, n.assume, false
	return x
}

// upTo is all the time before a window; nil where it has no beginning.
func (p *parse) upTo(w *syntax.Window) *syntax.Window {
	if w == nil {
		return nil
	}
	switch w.Kind {
	case syntax.WindowLast:
		d := w.Duration
		return &syntax.Window{Kind: syntax.WindowBefore, From: syntax.Point{Ago: &d}}
	case syntax.WindowSince:
		return &syntax.Window{Kind: syntax.WindowBefore, From: w.From}
	}
	if start, _, ok := p.daysOfWindow(w); ok {
		return p.beforeWindow(start).win
	}
	return nil
}

// plainlyDenied is what was stopped, where what stands before it tells already
// that it was done once: "bought in 2024 and stopped buying in 2025".
func plainlyDenied(last *clause, b *node) *node {
	if b.cat != cClause || !b.clause.stopped || last == nil || last.neg || last.event != b.clause.event || last.win == nil || b.clause.win == nil {
		return b
	}
	x := *b
	x.clause = b.clause.with(func(c *clause) { c.stopped = false })
	return &x
}

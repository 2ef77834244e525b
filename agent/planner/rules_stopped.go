package planner

import (
	"slices"

	"tesela/segment/syntax"
)

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
	sinceWhen := func(p *parse, from int, b *node, how string) []*node {
		return append(ends(b, how), p.whenStopped(from, b.to, b.clause)...)
	}
	return map[pair]rule{
		{"stopped", cClause}: func(p *parse, a, b *node) []*node { return sinceWhen(p, a.from, b, a.attr) },
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
			out := one(&node{cat: cClause, clause: c.with(func(d *clause) { d.stopped = true })})
			return append(out, p.whenStopped(a.from, b.to, c)...)
		},
	}
}

// stoppedFor are the times without, of which one is meant where people stopped
// and nothing says since when.
var stoppedFor = []syntax.Duration{{N: 90, Unit: syntax.Day}, {N: 180, Unit: syntax.Day}}

// whenStopped are the readings of "stopped buying" where no time is told: the
// stage of those who are lost, and so long without. They are as good as each
// other, so that the asker is asked.
func (p *parse) whenStopped(from, to int, c *clause) []*node {
	if c.win != nil || c.ever || c.qty != nil || c.fn != "" || p.tellsTime(0, from) || p.tellsTime(to, len(p.toks)) {
		return nil
	}
	was := c.with(func(d *clause) { d.neg = false })
	var out []*node
	add := func(f syntax.Formula) {
		n := condNode(f)
		n.cost, n.simple = 0.3, false
		out = append(out, n)
	}
	if c.event == p.ix.events["purchase"] && len(c.where) == 0 {
		add(&syntax.Compare{Left: &syntax.Name{Name: "lifecycle"}, Op: syntax.Eq, Right: &syntax.Text{Value: "churned"}})
	}
	for _, d := range stoppedFor {
		since := &syntax.Window{Kind: syntax.WindowLast, Duration: d}
		before := was.with(func(x *clause) { x.win = p.upTo(since) })
		none := was.with(func(x *clause) { x.neg, x.win = true, since })
		add(syntax.All(before.formula(), none.formula()))
	}
	return out
}

// tellsTime tells whether some words tell a time, or part of one.
func (p *parse) tellsTime(from, to int) bool {
	for i := from; i < to; i++ {
		for j := i + 1; j <= min(to, i+maxPhrase); j++ {
			if slices.ContainsFunc(p.cells[i][j], func(n *node) bool { return n.cost < costFuzzy && (timed[n.cat] || n.cat == "since") }) {
				return true
			}
		}
	}
	return false
}

// ends tells whether nothing, or a break or a time, follows at a token.
func (p *parse) ends(i int) bool {
	if i == len(p.toks) || p.toks[i].kind == tokBreak {
		return true
	}
	for j := i + 1; j <= min(len(p.toks), i+maxPhrase); j++ {
		for _, n := range p.cells[i][j] {
			if n.cat == cWin || n.cat == "since" || n.cat == "after" || n.cat == "but" || n.cat == "afterwards" {
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

package planner

import "tesela/segment/syntax"

// afterwardsRules read what was done, or was not, after what is said before it:
// "returned something and bought nothing since", "bought in 2024 and never came
// back", "bought shoes and bags afterwards". What names nothing itself, as
// "never again", is a fragment, as the ellipses of joinRules are.
func afterwardsRules() map[pair]rule {
	since := func(neg bool) []*node {
		return one(&node{cat: cFrag, clause: &clause{neg: neg, since: true, qualified: true}})
	}
	m := map[pair]rule{
		{cClause, "afterwards"}: func(p *parse, a, b *node) []*node {
			if !p.closes(b.to) {
				return nil // "later than May"
			}
			return thereafter(a)
		},
		{"afterwards", cClause}: func(_ *parse, _, b *node) []*node { return thereafter(b) },
		{cFrag, "afterwards"}: func(_ *parse, a, _ *node) []*node { // "and bags afterwards"
			if a.clause.win != nil || a.clause.ever {
				return nil
			}
			x := *a
			x.cost, x.clause = 0, a.clause.with(func(c *clause) { c.since = true })
			return one(&x)
		},
		{"afterwards", cWin}: func(_ *parse, _, b *node) []*node { // "and later in July"
			return one(&node{cat: cFrag, clause: &clause{win: b.win, ever: b.ever, qualified: true}})
		},
		{"came_back", cWin}: func(_ *parse, _, b *node) []*node {
			return one(&node{cat: cFrag, clause: &clause{win: b.win, ever: b.ever, qualified: true}})
		},
		{"came_back", "afterwards"}:  func(_ *parse, a, _ *node) []*node { return one(&node{cat: "came_back"}) },
		{"came_back", "again_after"}: func(_ *parse, a, _ *node) []*node { return one(&node{cat: "came_back"}) },
		{"never_again", "came_back"}: func(*parse, *node, *node) []*node { return since(true) },
		{cPart, "came_back"}:         func(p *parse, a, _ *node) []*node { return p.join(a, since(false)[0]) },
		{cPart, "never_again"}: func(p *parse, a, b *node) []*node {
			if !p.closes(b.to) {
				return nil
			}
			return p.join(a, since(true)[0])
		},
		{cThen, cFrag}: func(p *parse, a, b *node) []*node { // "and then never again"
			if !b.clause.since || a.clause == nil {
				return nil
			}
			return p.afterwards("and", p.asCond(&node{cat: cClause, clause: a.clause}), b)
		},
	}
	for _, no := range []cat{"not", "none"} {
		m[pair{no, "afterwards"}] = func(p *parse, _, b *node) []*node {
			if !p.closes(b.to) {
				return nil
			}
			return since(true)
		}
		m[pair{no, "came_back"}] = func(*parse, *node, *node) []*node { return since(true) }
	}
	return m
}

// thereafter marks a clause as what was done after what stands before it.
func thereafter(n *node) []*node {
	c := n.clause
	if c.win != nil || c.ever || c.act || c.person || c.fn != "" || c.qty != nil && !c.repeat {
		return nil
	}
	return one(&node{cat: cClause, clause: c.with(func(d *clause) { d.since, d.repeat, d.stopped, d.qty = true, false, false, nil })})
}

// takesUp tells whether a clause is of what came after the one before it: said
// so, or denied of another time without telling which.
func (c *clause) takesUp() bool {
	return c != nil && (c.since || c.win == nil && c.neg && (c.repeat || c.stopped && !c.act))
}

// takesUpFrom is takesUp beside what is known to stand before: who "complained and
// booked again" booked afterwards, who "bought and never again" did so once.
func (c *clause) takesUpFrom(last *clause) bool {
	if c == nil || last == nil || !c.repeat || c.win != nil || last.neg {
		return c.takesUp()
	}
	same := last.event == c.event && formulas(last.where) == formulas(c.where)
	return !same && isStep(last) || c.neg && !(same && last.win == nil)
}

// closes tells whether nothing more is said of what ends at a token.
func (p *parse) closes(i int) bool {
	return i == len(p.toks) || p.toks[i].kind == tokBreak || p.says(i, "and") || p.says(i, "but") || p.says(i, "or")
}

// afterwards joins what came after, or did not, with what it came after.
func (p *parse) afterwards(joiner string, l, b *node) []*node {
	if l == nil || l.last == nil || joiner == "or" || b.vals != nil && p.valueFilter(b, l.last.event) == nil {
		return nil
	}
	first, marks := l.last, []assumption(nil)
	c := b.clause.with(func(d *clause) {
		if d.repeat {
			d.qty = nil // "again" is once more
		}
		d.since, d.repeat, d.stopped, d.ever = false, false, false, false
	})
	if c.event == "" {
		c.event = first.event
		if b.vals != nil {
			c.where = []syntax.Formula{p.valueFilter(b, c.event)}
		}
		if ev := p.ix.events["purchase"]; first.event == p.ix.role("refund") && ev != "" {
			c.event, marks = ev, []assumption{{"inactive", map[string]string{"event": ev}}}
		}
	}
	if first.neg || first.qty != nil || first.fn != "" || first.ever || first.it || first.same || first.ago || c.qty != nil || c.fn != "" {
		return nil
	}
	out := p.sinceThen(joiner, l, c)
	for _, n := range out {
		n.assume = joinAssumptions(n.assume, marks)
	}
	return out
}

// sinceThen is of the time behind the one that was told, where both are of one
// thing; else of the time from the first of the one on, or where it is denied
// from the last.
func (p *parse) sinceThen(joiner string, l *node, c *clause) []*node {
	first := l.last
	if first.win != nil && first.event == c.event && formulas(first.where) == formulas(c.where) {
		_, end, ok := p.daysOfWindow(first.win)
		if !ok || !end.Before(p.asOf) {
			return nil
		}
		d := c.with(func(d *clause) { d.win = p.sinceWindow(end).win })
		return one(joined(joiner, l, d.formula(), d, nil, 0))
	}
	if first.event == c.event && len(first.where) == 0 {
		return nil // "bought and bought nothing since" is of everybody
	}
	x := joined(joiner, l, cameAfter(first, c), c, nil, 0)
	x.windows = nil
	return one(x)
}

// cameAfter is that one thing was done after the first of another, or, where it is
// denied, not after the last of it.
func cameAfter(first, then *clause) syntax.Formula {
	from := when(first, syntax.First)
	if then.neg {
		from = when(first, syntax.Last)
	}
	from.Window = first.win
	var f syntax.Formula = &syntax.Compare{Left: from, Op: syntax.Lt, Right: when(then, syntax.Last)}
	if then.neg {
		f = &syntax.Not{X: f}
	}
	return f
}

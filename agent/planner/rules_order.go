package planner

import "tesela/segment/syntax"

// The categories of one thing done before another, with no limit between them.
const (
	cBeforeIt cat = "before it" // "before buying", "before their first order"
	cAfterOf  cat = "after one" // "after their last call"
)

// inOrderRules read things done in an order, however long between them:
// "complained and then bought", "called before their first order", "have not
// bought since their last complaint". Those with a limit are sequences.
func inOrderRules() map[pair]rule {
	before := func(_ *parse, _, b *node) []*node {
		if b.cat == cClause && (!isStep(b.clause) || b.clause.neg || b.clause.ever) {
			return nil
		}
		return one(&node{cat: cBeforeIt, left: b})
	}
	after := func(_ *parse, _, b *node) []*node { return one(&node{cat: cAfterOf, left: b}) }
	return map[pair]rule{
		{"before", cClause}: before,
		{"before", cLastOf}: before,
		{"after", cLastOf}:  after,
		{"since", cLastOf}:  after,
		{"since_that", cClause}: func(p *parse, a, b *node) []*node { // "since they got a quote": the last one
			if c := b.clause; !c.verb || c.neg || c.ever || !isStep(c) || p.core(b) > a.to+1 || p.hasObject(b.to) {
				return nil
			}
			return after(p, a, &node{cat: cLastOf, clause: b.clause, attr: string(syntax.Last), from: b.from, to: b.to})
		},
		{cClause, cBeforeIt}: func(_ *parse, a, b *node) []*node { return earlier(a.clause, b.left) },
		{cBeforeIt, cClause}: func(p *parse, a, b *node) []*node {
			if !p.breaks(a.to, b) {
				return nil // "after signing the policy" is no policy signed after
			}
			return earlier(b.clause, a.left)
		},
		{cClause, cAfterOf}: func(_ *parse, a, b *node) []*node { return later(a.clause, b.left) },
		{cAfterOf, cClause}: func(p *parse, a, b *node) []*node {
			if !p.breaks(a.to, b) {
				return nil
			}
			return later(b.clause, a.left)
		},
		{cThen, cClause}:    func(p *parse, a, b *node) []*node { return p.thenDid(a, b) },
		{cClause, cAfterIt}: func(p *parse, a, b *node) []*node { return p.didAfter(a, b) },
		{cAfterIt, cClause}: func(p *parse, a, b *node) []*node {
			if !p.breaks(a.to, b) {
				return nil
			}
			return p.didAfter(b, a)
		},
	}
}

// when is the time of somebody's first or last of what is done.
func when(c *clause, fn syntax.Fn) *syntax.Call {
	return &syntax.Call{Fn: fn, Event: c.event, Where: whereOf(c)}
}

func did(c *clause) syntax.Formula {
	return &syntax.Compare{Left: &syntax.Call{Fn: syntax.Count, Event: c.event, Where: whereOf(c)}, Op: syntax.Ge, Right: number(1)}
}

// sameThing tells whether two clauses are of one event, and nothing tells them
// apart.
func sameThing(a, b *clause) bool {
	return a.event == b.event && formulas(a.where) == formulas(b.where) || a.event == b.event && (len(a.where) == 0 || len(b.where) == 0)
}

// inOrder is that one thing came before another; not so, of those who did the
// one that is spoken of, where it is denied.
func inOrder(first, second *syntax.Call, neg bool, of *clause) []*node {
	var f syntax.Formula = &syntax.Compare{Left: first, Op: syntax.Lt, Right: second}
	if neg {
		f = syntax.All(did(of), &syntax.Not{X: f})
	}
	n := condNode(f)
	n.cost, n.simple = 0.1, false
	return one(n)
}

// earlier is "called before buying", "never called before their first order".
func earlier(c *clause, then *node) []*node {
	if !isStep(c) || c.ever && !c.neg || c.stopped || sameThing(c, then.clause) {
		return nil
	}
	of, last := then.clause, syntax.Last
	if then.cat == cLastOf {
		last = syntax.Fn(then.attr)
	}
	if c.neg && then.cat != cLastOf {
		last = syntax.First // never before any of them
	}
	return inOrder(when(c, syntax.First), when(of, last), c.neg, of)
}

// later is "bought after their last call", "not since their first".
func later(c *clause, then *node) []*node {
	if out := afterTheFirst(c, then); out != nil {
		return out
	}
	if !isStep(c) || c.ever && !c.neg || c.stopped || sameThing(c, then.clause) {
		return nil
	}
	return inOrder(when(then.clause, syntax.Fn(then.attr)), when(c, syntax.Last), c.neg, then.clause)
}

// afterTheFirst is "ordered after their first order": another one.
func afterTheFirst(c *clause, then *node) []*node {
	first := then.clause
	if syntax.Fn(then.attr) != syntax.First || c.event != first.event || len(c.where)+len(first.where) > 0 || !c.verb || c.person || c.fn != "" || c.qty != nil && !c.repeat || c.win != nil || c.it || c.stopped {
		return nil
	}
	return one(&node{cat: cClause, clause: c.with(func(d *clause) {
		d.repeat, d.ever, d.qty = true, false, nil
		if !c.neg {
			d.qty = &qty{op: syntax.Ge, lo: "2"}
		}
	})})
}

// thenDid is "complained and then bought": some of the one before some of the
// other.
func (p *parse) thenDid(a, b *node) []*node {
	c := b.clause
	if a.clause == nil || p.of(a.to, b) { // "bought after" a return, whatever "depois" is without its "de"
		return nil
	}
	if !isStep(c) || c.ever && !c.neg || !c.verb && !p.had(b) || sameThing(a.clause, c) {
		return nil
	}
	out := one(condNode(cameAfter(a.clause, c)))
	if c.neg {
		out[0].cond = syntax.All(did(a.clause), out[0].cond)
	}
	out[0].cost, out[0].simple = plainGain, false
	return out
}

// didAfter is "bought after complaining". That nothing was done after may mean
// after the first time or after the last: that is asked.
func (p *parse) didAfter(a, after *node) []*node {
	c := a.clause
	if c.repeat && !c.neg && c.win == nil { // "bought again after complaining"
		c = c.with(func(d *clause) { d.repeat, d.qty = false, nil })
	}
	if after.clause == nil || !isStep(c) || c.neg || c.ever || !c.verb && !p.had(a) || !p.holdsPhrase(after, "after") || sameThing(after.clause, c) {
		return nil
	}
	return inOrder(when(after.clause, syntax.First), when(c, syntax.Last), false, c)
}

// holdsPhrase tells whether a node opens, behind its small words, with a phrase
// of a category.
func (p *parse) holdsPhrase(n *node, category cat) bool {
	for k := n.from; k < n.to && k <= p.core(n); k++ {
		for j := k + 1; j <= min(n.to, k+4); j++ {
			for _, x := range p.cells[k][j] {
				if x.cat == category {
					return true
				}
			}
		}
	}
	return false
}

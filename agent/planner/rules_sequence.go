package planner

import (
	"tesela/segment/syntax"
)

// The categories of one thing done after another, while they are read.
const (
	cWithinDur   cat = "within duration" // "within 14 days"
	cSoonAfter   cat = "soon after"      // "within 14 days after"
	cSoonAfterIt cat = "soon after it"   // "within 14 days after a bonus"
	cAfterIt     cat = "after it"        // "after a bonus, …"
	cThen        cat = "then"            // "got a bonus and then …"
	cClauseSoon  cat = "clause soon"     // "deposited within 14 days"
	cNotBetween  cat = "not between"     // "without a bet in between"
)

// sequenceRules read things done in an order, each soon after the one before:
// "deposited within 14 days after a bonus".
func sequenceRules() map[pair]rule {
	return map[pair]rule{
		{"within", cDur}: func(_ *parse, _, b *node) []*node { return one(&node{cat: cWithinDur, dur: b.dur}) },
		{cDur, "soon_after"}: func(_ *parse, a, _ *node) []*node {
			return one(&node{cat: cSoonAfter, dur: a.dur})
		},
		{cWithinDur, "soon_after"}: func(_ *parse, a, _ *node) []*node {
			return one(&node{cat: cSoonAfter, dur: a.dur})
		},
		{cSoonAfter, cClause}: func(_ *parse, a, b *node) []*node {
			if !isStep(b.clause) || b.clause.neg {
				return nil
			}
			return one(&node{cat: cSoonAfterIt, dur: a.dur, clause: b.clause})
		},
		{cClause, cSoonAfterIt}: func(_ *parse, a, b *node) []*node { return follows(b.clause, a.clause, b.dur) },
		{cSoonAfterIt, cClause}: func(_ *parse, a, b *node) []*node { return follows(a.clause, b.clause, a.dur) },

		{"soon_after", cClause}: func(_ *parse, _, b *node) []*node {
			if !isStep(b.clause) || b.clause.neg {
				return nil
			}
			return one(&node{cat: cAfterIt, clause: b.clause})
		},
		{cClause, "then"}: func(_ *parse, a, _ *node) []*node {
			if !isStep(a.clause) || a.clause.neg {
				return nil
			}
			return one(&node{cat: cThen, clause: a.clause})
		},
		{cClause, cWithinDur}: func(_ *parse, a, b *node) []*node {
			if !isStep(a.clause) {
				return nil
			}
			return one(&node{cat: cClauseSoon, clause: a.clause, dur: b.dur})
		},
		{cWithinDur, cClause}: func(p *parse, a, b *node) []*node {
			if !isStep(b.clause) {
				return nil
			}
			if p.of(a.to, b) && !b.clause.neg { // "within 7 days of a bonus"
				return one(&node{cat: cSoonAfterIt, dur: a.dur, clause: b.clause})
			}
			return one(&node{cat: cClauseSoon, clause: b.clause, dur: a.dur})
		},
		{cPart, cClauseSoon}: func(_ *parse, a, b *node) []*node { // "got a call and ordered within 14 days"
			if a.joiner != "and" && a.joiner != "but" || a.left.cat != cClause || !isStep(a.left.clause) || a.left.clause.neg {
				return nil
			}
			return follows(a.left.clause, b.clause, b.dur)
		},
		{cWithinDur, "following"}: func(_ *parse, a, _ *node) []*node { return one(&node{cat: cWithinDur, dur: a.dur}) },
		{"following", cDur}:       func(_ *parse, _, b *node) []*node { return one(&node{cat: cWithinDur, dur: b.dur}) },
		{"within", cWithinDur}:    func(_ *parse, _, b *node) []*node { return one(&node{cat: cWithinDur, dur: b.dur}) },

		{cThen, cClauseSoon}:    func(_ *parse, a, b *node) []*node { return follows(a.clause, b.clause, b.dur) },
		{cAfterIt, cClauseSoon}: func(_ *parse, a, b *node) []*node { return follows(a.clause, b.clause, b.dur) },
		{cClauseSoon, cAfterIt}: func(_ *parse, a, b *node) []*node { return follows(b.clause, a.clause, a.dur) },

		{cClause, "in_between"}: func(_ *parse, a, _ *node) []*node {
			if !isStep(a.clause) || !a.clause.neg {
				return nil
			}
			return one(&node{cat: cNotBetween, clause: a.clause})
		},
		{cCond, cNotBetween}: func(_ *parse, a, b *node) []*node { // "… without a bet in between"
			s, ok := a.cond.(*syntax.Sequence)
			if !ok || len(s.Steps) != 2 || s.Steps[1].Not {
				return nil
			}
			not := stepOf(b.clause)
			not.Not = true
			x := *s
			x.Steps = []syntax.Step{s.Steps[0], not, s.Steps[1]}
			return one(condNode(&x))
		},
		{cCond, cWin}: func(_ *parse, a, b *node) []*node { // all of it in a time
			s, ok := a.cond.(*syntax.Sequence)
			if !ok || s.Window != nil || b.win == nil {
				return nil
			}
			x := *s
			x.Window = b.win
			return one(condNode(&x))
		},
	}
}

// isStep tells whether a clause says only that something was done, of what.
func isStep(c *clause) bool {
	return c.qty == nil && c.fn == "" && c.win == nil && !c.person && !c.it && !c.same && !c.since && !c.repeat
}

func stepOf(c *clause) syntax.Step { return syntax.Step{Event: c.event, Where: whereOf(c)} }

// follows is one thing done soon after another; not done, where the second is
// denied.
func follows(first, second *clause, within *syntax.Duration) []*node {
	if first == nil || second == nil || !isStep(second) || second.ever { // a sequence or a segment came first
		return nil
	}
	last := stepOf(second)
	last.Not = second.neg
	return one(condNode(&syntax.Sequence{Steps: []syntax.Step{stepOf(first), last}, Within: *within}))
}

package planner

import "tesela/segment/syntax"

// inactiveRules read "inactive for 60 days", and "not seen since May".
func inactiveRules() map[pair]rule {
	m := map[pair]rule{}
	for _, heading := range []cat{"inactive", "unseen"} {
		m[pair{heading, cDur}] = func(p *parse, a, b *node) []*node { return p.inactive(a, lastWindow(*b.dur).win) }
		m[pair{heading, cQtyDur}] = func(p *parse, a, b *node) []*node {
			if b.attr == "<" || b.attr == "<=" {
				return nil
			}
			return p.inactive(a, lastWindow(*b.dur).win)
		}
		m[pair{heading, cWin}] = func(p *parse, a, b *node) []*node {
			if b.win == nil {
				return nil
			}
			return p.inactive(a, b.win)
		}
	}
	return m
}

// inactive is no purchase in a time, or no visit where it is people who were not
// seen and visits are known; that it is those is an assumption.
func (p *parse) inactive(said *node, w *syntax.Window) []*node {
	ev := p.ix.events["purchase"]
	if visit := p.ix.events["visit"]; said.cat == "unseen" && visit != "" {
		ev = visit
	}
	if ev == "" {
		return nil
	}
	return one(&node{
		cat: cClause, clause: &clause{event: ev, win: w, neg: true, verb: true, qualified: true},
		assume: []assumption{{"inactive", map[string]string{"event": ev}}},
	})
}

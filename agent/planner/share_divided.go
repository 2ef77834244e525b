package planner

import (
	"slices"

	"tesela/segment/syntax"
)

// In "the share of open tickets among the urgent ones", "of the urgent tickets,
// what share is open" and "urgent tickets: what share is open", where the words
// stand tells what the share is the share of, and what of them it is.

// thingsFrom tells whether things that are done are told of from a token on, or
// what they are: "tickets", "the urgent ones".
func (p *parse) thingsFrom(i int) bool {
	for k := i; k < min(len(p.toks), i+4); k++ {
		if p.toks[k].kind == tokNumber {
			return false
		}
		for j := k + 1; j <= min(len(p.toks), k+3); j++ {
			if slices.ContainsFunc(p.cells[k][j], func(n *node) bool {
				return n.cost < costFuzzy && (n.cat == cClause && !n.clause.verb && !n.clause.person ||
					n.cat == cVal && slices.ContainsFunc(n.vals, func(v valueRef) bool { return p.ix.fields[v.field].event != "" }))
			}) {
				return true
			}
		}
		if p.toks[k].kind != tokWord || !p.isGlue(k) {
			return false
		}
	}
	return false
}

// saidOf are the conditions on rows of an event that values behind the things
// make, and the conditions that are left then.
func (s *parts) saidOf(event string) (said []syntax.Formula, left []*node) {
	for _, c := range s.conds {
		f := syntax.Formula(nil)
		if c.cat == cVal && !c.neg && !s.p.isTraitValue(c) {
			f = s.p.valueFilter(c, event)
		}
		if f == nil {
			left = append(left, c)
		} else {
			said = append(said, f)
		}
	}
	return said, left
}

// divided parts what is said of rows of an event into what the share is and
// whom it is of, by where it stands; ok is false where its place says nothing.
func (s *parts) divided(event string, where []syntax.Formula) (part, base []syntax.Formula, ok bool) {
	among, asked := s.p.amongThings, s.shareAt
	if among == 0 && asked == 0 {
		return nil, nil, false
	}
	for _, f := range where {
		at := s.p.saidAt(event, f)
		switch {
		case at < 0:
			return nil, nil, false
		case among > 0 && at > among, among == 0 && at < asked:
			base = append(base, f)
		default:
			part = append(part, f)
		}
	}
	return part, base, len(part) > 0 && len(base) > 0
}

// saidAt is where the words stand that a condition on rows of an event was made
// of; -1 where that is not known.
func (p *parse) saidAt(event string, f syntax.Formula) int {
	for long := 1; long <= maxPhrase; long++ { // the words themselves, not what was joined to them
		for i := range max(0, len(p.toks)-long+1) {
			for _, n := range p.cells[i][i+long] {
				if n.cat != cVal {
					continue
				}
				for _, v := range n.vals {
					if g := p.valueFilter(&node{vals: []valueRef{v}}, event); g != nil && syntax.Equal(g, f) {
						return p.core(n)
					}
				}
			}
		}
	}
	return -1
}

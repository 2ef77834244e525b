package planner

import (
	"fmt"
	"slices"

	"tesela/segment/syntax"
	"tesela/tools"
)

// findAmong finds what parts, in a question for a share, those it is the share
// of from whom it is of, "women among those who spent over 500": a word of the
// heading share_among with people behind it.
func (p *parse) findAmong() {
	asked := false
	for i := range p.toks {
		for j := i + 1; j <= min(len(p.toks)-1, i+3); j++ {
			folded, _, ok := p.phrase(i, j)
			if !ok {
				break
			}
			if asked && has(p.lex.exact[folded], entry{cat: "share_among"}) && p.peopleFrom(j) {
				p.add(&node{cat: cGlue, from: i, to: j, cost: costGlue})
				p.among = i
			}
		}
		for j := i + 1; j <= min(len(p.toks), i+maxPhrase); j++ {
			asked = asked || slices.ContainsFunc(p.cells[i][j], func(n *node) bool { return n.cat == "ask_share" && n.cost < costFuzzy })
		}
	}
}

// peopleFrom tells whether people are told of from a token on: "gold customers",
// "los que gastaron".
func (p *parse) peopleFrom(i int) bool {
	for k := i; k < min(len(p.toks), i+3); k++ {
		for j := k + 1; j <= min(len(p.toks), k+3); j++ {
			if folded, _, ok := p.phrase(k, j); ok && (has(p.lex.exact[folded], entry{cat: "people_words"}) || k > i && has(p.lex.exact[folded], entry{cat: "relatives"})) {
				return true
			}
			if slices.ContainsFunc(p.cells[k][j], func(n *node) bool { return n.cost < costFuzzy && (n.cat == cCust || p.kindOfPeople(n)) }) {
				return true
			}
		}
		if p.toks[k].kind != tokWord || !p.isGlue(k) {
			return false
		}
	}
	return false
}

// shareAmong is the share that some are of others who are told behind "among";
// done is false where nothing parts the two.
func (s *parts) shareAmong() (done, ok bool) {
	if s.p.among == 0 {
		return false, false
	}
	var of, did []syntax.Formula
	for _, c := range s.conds {
		n := s.p.asCond(c)
		if n == nil || s.p.core(c) < s.p.among && c.to > s.p.among {
			return true, false // of both sides
		}
		if s.p.core(c) >= s.p.among {
			of = append(of, n.cond)
		} else {
			did = append(did, n.cond)
		}
	}
	if len(of) == 0 || len(did) == 0 {
		return false, false
	}
	for _, c := range s.conds {
		s.note(c)
	}
	args := tools.MeasureArgs{Formula: syntax.All(of...).String(), Measures: []string{fmt.Sprintf("customers(%s) / customers", syntax.All(did...))}}
	if len(s.groups) > 0 {
		return true, s.finishMeasure(args, "")
	}
	s.plan.tool, s.plan.args = "measure", args
	return true, true
}

package planner

import (
	"fmt"
	"slices"

	"tesela/segment/syntax"
	"tesela/tools"
)

// findAmong finds what parts, in a question for a share, those it is the share
// of from whom it is of, "women among those who spent over 500": a word of the
// heading share_among with people behind it. Those of share_whole ask for the
// share by themselves, "women who bought as a percentage of all customers".
func (p *parse) findAmong() {
	asked := false
	for i := range p.toks {
		for j := i + 1; j <= min(len(p.toks), i+maxPhrase); j++ {
			folded, _, ok := p.phrase(i, j)
			if !ok {
				break
			}
			list := p.lex.exact[folded]
			switch {
			case asked && has(list, entry{cat: "share_among"}) && p.peopleFrom(j):
				p.add(&node{cat: cGlue, from: i, to: j, cost: costGlue})
				p.among = i
			case asked && has(list, entry{cat: "share_among"}) && p.thingsFrom(j):
				p.add(&node{cat: cGlue, from: i, to: j, cost: costGlue})
				p.amongThings = i
			case i > 0 && (has(list, entry{cat: "share_whole", attr: "of"}) && (p.peopleFrom(j) || p.says(j, "relatives")) || has(list, entry{cat: "share_whole", attr: "total"}) && p.endsAt(j)):
				p.add(&node{cat: "ask_share", from: i, to: j, cost: -0.2})
				p.shares, p.among, p.whole = true, i, true
			case !p.opensWith(i) && (has(list, entry{cat: "share_among"}) && p.whoFrom(j) || has(list, entry{cat: "only"}) && (p.whoFrom(j) || p.amongWho(j))):
				p.add(&node{cat: cGlue, from: i, to: j, cost: 0.3}) // "revenue by region, only among those who came": of them
			}
		}
		for j := i + 1; j <= min(len(p.toks), i+maxPhrase); j++ {
			asked = asked || slices.ContainsFunc(p.cells[i][j], func(n *node) bool { return n.cat == "ask_share" && n.cost < costFuzzy })
		}
	}
}

// whoFrom tells whether a word for people of whom something is said stands at a
// token, or behind the small words there: "those who", "los que".
func (p *parse) whoFrom(i int) bool {
	for k := i; k < min(len(p.toks), i+3); k++ {
		for j := k + 1; j <= min(len(p.toks), k+3); j++ {
			if folded, _, ok := p.phrase(k, j); ok && has(p.lex.exact[folded], entry{cat: "people_words"}) {
				return true
			}
		}
		if p.toks[k].kind != tokWord || !p.isGlue(k) {
			return false
		}
	}
	return false
}

// amongWho tells whether such a word stands behind "among".
func (p *parse) amongWho(i int) bool {
	for j := i + 1; j <= min(len(p.toks), i+3); j++ {
		if folded, _, ok := p.phrase(i, j); ok && has(p.lex.exact[folded], entry{cat: "share_among"}) && p.whoFrom(j) {
			return true
		}
	}
	return false
}

// peopleFrom tells whether people are told of from a token on: "gold customers",
// "los que gastaron".
func (p *parse) peopleFrom(i int) bool {
	for k := i; k < min(len(p.toks), i+3); k++ {
		for j := k + 1; j <= min(len(p.toks), k+3); j++ {
			if folded, _, ok := p.phrase(k, j); ok && (has(p.lex.exact[folded], entry{cat: "people_words"}) || k > i && has(p.lex.exact[folded], entry{cat: "relatives"})) {
				return true
			}
			if slices.ContainsFunc(p.cells[k][j], func(n *node) bool {
				return n.cost < costFuzzy && (n.cat == cCust || n.cat == cClause && n.clause.person || p.kindOfPeople(n))
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
	if len(did) == 0 || len(of) == 0 && !s.p.whole {
		return false, false
	}
	for _, c := range s.conds {
		s.note(c)
	}
	if len(of)+len(s.groups) == 0 {
		s.plan.tool, s.plan.args = "count_segment", tools.CountSegmentArgs{Formula: syntax.All(did...).String()}
		return true, true
	}
	args := tools.MeasureArgs{Measures: []string{fmt.Sprintf("customers(%s) / customers", syntax.All(did...))}}
	if len(of) > 0 {
		args.Formula = syntax.All(of...).String()
	}
	if len(s.groups) > 0 {
		return true, s.finishMeasure(args, "")
	}
	s.plan.tool, s.plan.args = "measure", args
	return true, true
}

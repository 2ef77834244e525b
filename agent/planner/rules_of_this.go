package planner

import "tesela/segment/syntax"

// ofThisRules read the period that is under way where it is told by "of the" alone:
// "sales of the month", "ventas del mes". What else is told of a period behind or
// before it, "del mes pasado", "day of the month", makes it another.
func ofThisRules() map[pair]rule {
	return map[pair]rule{
		{"of_this", "units"}: func(p *parse, a, b *node) []*node {
			if p.core(b) > a.to || !p.endsHere(b.to) || a.from == 0 || p.tellsOfPeriods(a.from-1) {
				return nil
			}
			out := p.period("this", b.attr)
			if b.attr == "d" {
				out = one(&node{cat: cWin, win: &syntax.Window{Kind: syntax.WindowPeriod, Period: "today"}})
			}
			for _, n := range out {
				n.cost += 0.1
			}
			return out
		},
		{"end_of", "units"}: func(p *parse, _, b *node) []*node { // "before the end of the year"
			if b.attr == "w" || b.attr == "d" || !p.endsHere(b.to) {
				return nil // "fin de semana"
			}
			for _, n := range p.period("this", b.attr) {
				if n.cat == cSpan {
					return edgeOf(n, n.end)
				}
			}
			return nil
		},
	}
}

// endsHere tells whether nothing that might belong to a period follows at i.
func (p *parse) endsHere(i int) bool {
	return i >= len(p.toks) || p.toks[i].kind == tokBreak || p.holdsOneOf(i, "by", "per", "and", "or", "relatives", "not", "sort_by")
}

// tellsOfPeriods tells whether the word at i says which part of a period is meant, or
// makes a mean of periods.
func (p *parse) tellsOfPeriods(i int) bool {
	if p.toks[i].kind == tokNumber {
		return true
	}
	for _, heading := range []string{"units", "ordinals", "stats", "every", "calendar_last", "next", "weekdays", "start_of", "end_of"} {
		if p.says(i, heading) {
			return true
		}
	}
	return false
}

package planner

import (
	"slices"
	"strings"
)

// namedAfter tells whether a word is part of the name of fields other than those
// of a list, and of none of theirs: "canal" is canal_venta before it is the
// origin that plays the channel.
func (p *parse) namedAfter(word string, list []int) bool {
	others := false
	for i, f := range p.ix.fields {
		if !slices.Contains(strings.Fields(fold(f.name)), word) {
			continue
		}
		if overlaps([]int{i}, list) {
			return false
		}
		others = true
	}
	return others && !p.ix.th.vague[word]
}

// saidOfRows is what it costs to take for weightless a word that is a value
// here, or another form of one: "dinheiro" is what they pay with, and "abiertos"
// says of tickets that they are.
func (p *parse) saidOfRows(i, j int) float64 {
	folded, _, ok := p.phrase(i, j)
	if !ok || j > i+1 || len(folded) <= 5 {
		return 0
	}
	if len(p.ix.value(folded)) > 0 {
		return 1
	}
	s := stem(p.lang, folded)
	for _, v := range p.ix.aliases["~"+p.lang+" "+s] {
		if stem(p.lang, fold(p.ix.text(v))) == s {
			return 1
		}
	}
	return 0
}

// limitsWhatFollows tells whether "only" stands before a statement or behind a
// relative: "members who only bought books" are not "members only".
func (p *parse) limitsWhatFollows(only *node) bool {
	if p.core(only) > only.from {
		return true
	}
	at := only.to
	for at < len(p.toks) && p.isGlue(at) && p.toks[at].kind != tokBreak {
		at++
	}
	for j := at + 1; j <= min(len(p.toks), at+3); j++ {
		for _, n := range p.cells[at][j] {
			if n.cat == cClause && n.clause.verb && n.cost < costFuzzy {
				return true
			}
		}
	}
	return false
}

// insideCompare tells whether the words from a to b compare as one phrase.
func (p *parse) insideCompare(a, b int, lx *lexicon) bool {
	folded, _, ok := p.phrase(a, b)
	return ok && slices.ContainsFunc(lx.exact[folded], func(e entry) bool { return e.cat == "compare" })
}

package planner

import (
	"slices"
	"strings"
)

// doerLeaf reads who does what an event is called by: "depositors".
func (p *parse) doerLeaf(i, j int, folded string, extra float64) bool {
	if j > i+1 || p.lex.words[folded] {
		return false
	}
	found := false
	if len(p.alts[i]) > 0 || p.slipOfListed(folded) {
		extra += costFuzzy // "playeers" may be a slip of "players"
	}
	for _, end := range p.lex.doerEndings {
		base, ok := strings.CutSuffix(folded, end)
		if !ok || len(base) < 3 {
			continue
		}
		refs := p.ix.names[base]
		if len(refs) == 0 {
			refs = p.ix.names["~"+p.lang+" "+stem(p.lang, base)]
		}
		for _, r := range refs {
			if r.field < 0 && r.event != "" {
				p.add(&node{cat: cClause, from: i, to: j, cost: extra + 2*costStem, clause: &clause{event: r.event, verb: true, person: true}})
				found = true
			}
		}
	}
	return found
}

// nounOrVerb tells how a form of an event's name may be used: its plural is a
// thing, an inflected form such as "deposited" a statement, the bare name
// either.
func (p *parse) nounOrVerb(i, j int, folded, event string) (noun, verb bool) {
	name := fold(event)
	if folded == name {
		return true, j == i+1
	}
	if j > i+1 || folded == name+"s" || folded == name+"es" || len(p.ix.names[strings.TrimSuffix(folded, "s")]) > 0 && folded[len(folded)-1] == 's' {
		return true, false
	}
	if p.lex.endsLikeVerb(folded) {
		return false, true
	}
	return true, false
}

func (lx *lexicon) endsLikeVerb(word string) bool {
	for _, end := range lx.verbEndings {
		if len(word) > len(end)+2 && strings.HasSuffix(word, end) {
			return true
		}
	}
	return false
}

// states tells whether a word ends as only what was done does: longer than
// "paid", which may be how a thing is called.
func (lx *lexicon) states(word string) bool {
	for _, end := range lx.statements {
		if len(word) > len(end)+2 && strings.HasSuffix(word, end) {
			return true
		}
	}
	return false
}

// ties tells whether a word only ties others, so that its stem names nothing.
func (lx *lexicon) ties(word string) bool {
	return slices.ContainsFunc(lx.exact[word], func(e entry) bool {
		return weightless[e.cat] || e.cat == "having" || e.cat == "copula" || e.cat == "relatives"
	})
}

// onlyStates tells whether all that the lexicon says of a word is that something
// is done: "pago" as what I do.
func (lx *lexicon) onlyStates(word string) bool {
	return !slices.ContainsFunc(lx.exact[word], func(e entry) bool { return e.cat != "concepts" || e.form != "verb" })
}

// participial tells whether a word ends as what was done to a thing: "refunded".
func (lx *lexicon) participial(word string) bool {
	return slices.ContainsFunc(lx.participles, func(end string) bool { return strings.HasSuffix(word, end) })
}

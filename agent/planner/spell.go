package planner

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// respelling is a known word that a typed one may stand for.
type respelling struct {
	word string
	cost float64
}

// spell finds, for each word that neither the lexicons nor the data know, the
// known words nearest to it.
func (p *parse) spell() {
	p.alts = make([][]respelling, len(p.toks))
	for i, t := range p.toks {
		if t.kind != tokWord || t.mended || p.knows(t.folded) || isOrdinary(p.lang, t.folded) || p.ix.th.says(t.folded) || p.lex.saysUndone(p.toks, i) {
			continue
		}
		limit := slips(t.folded)
		if limit == 0 {
			continue
		}
		best, typed := limit, []rune(t.folded)
		var found []respelling
		keep := func(w string, d int) {
			if d > 1 && w[0] != t.folded[0] {
				return // "atendimos" is no slip of "vendimos"
			}
			if d > best || p.lex.turns(t.folded, w) || w[0] != t.folded[0] && slices.ContainsFunc(p.lex.exact[w], func(e entry) bool { return e.cat == "numbers" }) {
				return // "mueve" is no slip of "nueve"
			}
			if d < best {
				best, found = d, found[:0]
			}
			found = append(found, respelling{w, costFuzzy * float64(d)})
		}
		nearWords(p.lex.vocabulary, typed, best, keep)
		if typed[len(typed)-1] == 's' {
			// A plural that is not listed: "alunps" may be "alunos" as well as "alunas".
			nearWords(p.lex.vocabulary, typed[:len(typed)-1], best, func(w string, d int) {
				if s := w + "s"; !p.lex.words[s] && anyNoun(p.lex.exact[w]) {
					keep(s, d)
				}
			})
		}
		// A verb is no slip of a name: "voltaram" is not the brand Voltara.
		verb := p.lex.endsLikeVerb(t.folded)
		for _, lx := range p.others {
			verb = verb || lx.endsLikeVerb(t.folded)
		}
		if !verb {
			best = min(best, 1)
			nearWords(beginning(p.ix.vocabulary, string(typed[:1])), typed, best, func(w string, d int) {
				if len(w) > 4 {
					keep(w, d)
				}
			})
		}
		if p.slipOfNothing(found) {
			continue
		}
		if len(found) > 0 && best > 1 && p.slipOfAForm(t.folded) {
			continue
		}
		if len(found) > 6 {
			found = found[:6] // too many to tell apart: the first in order
		}
		p.alts[i] = found
	}
}

// slipOfAForm tells whether a word is one slip away from a form of a word that
// is known by its stem only: that is nearer than a listed word two slips away.
func (p *parse) slipOfAForm(w string) bool {
	if strings.ContainsFunc(w, func(r rune) bool { return r < 'a' || r > 'z' }) {
		return false
	}
	for i := range len(w) {
		if p.knows(w[:i] + w[i+1:]) {
			return true
		}
		if i > 0 && p.knows(w[:i-1]+w[i:i+1]+w[i-1:i]+w[i+1:]) {
			return true
		}
		for c := byte('a'); c <= 'z'; c++ {
			if p.knows(w[:i]+string(c)+w[i:]) || p.knows(w[:i]+string(c)+w[i+1:]) {
				return true
			}
		}
	}
	return false
}

// slipOfNothing tells whether a word may be a slip of one without weight: then
// it is not known what it says, or whether it says anything.
func (p *parse) slipOfNothing(list []respelling) bool {
	for _, a := range list {
		for _, lx := range append([]*lexicon{p.lex}, p.others...) {
			for _, e := range lx.exact[a.word] {
				if weightless[e.cat] {
					return true
				}
			}
		}
	}
	return false
}

// knows tells whether a word stands somewhere in the lexicons, the names or
// the values, as typed or by its stem, or is one of another trade: "speeding" is
// no slip of "spending" where nobody is fined.
func (p *parse) knows(w string) bool {
	if p.ix.th.spoken[p.lang+" "+w] || p.ix.th.spoken[p.lang+" "+singular(p.lang, w)] {
		return true
	}
	for _, lx := range append([]*lexicon{p.lex}, p.others...) {
		if lx.words[w] || len(lx.stems[stem(lx.lang, w)]) > 0 {
			return true
		}
	}
	if p.ix.words[w] || len(p.ix.value(w)) > 0 || len(p.ix.aliases[w]) > 0 || len(p.ix.names[w]) > 0 {
		return true
	}
	if p.ix.th.spoken[p.lang+" "+w] || p.ix.th.spoken[p.lang+" "+singular(p.lang, w)] {
		return true // "vencidos" is a word of some trade, and no slip of "vendidos"
	}
	key := "~" + p.lang + " " + stem(p.lang, w)
	return len(p.ix.aliases[key]) > 0 || len(p.ix.names[key]) > 0
}

// respelt looks the phrase up again with one misspelt word of it mended.
func (p *parse) respelt(i, j int) {
	for k := i; k < j; k++ {
		for _, a := range p.alts[k] {
			was := p.toks[k].folded
			p.toks[k].folded = a.word
			if folded, _, ok := p.phrase(i, j); ok {
				p.marking(assumption{"mended", map[string]string{"text": p.toks[k].text, "as": a.word}}, func() {
					p.phraseLeaves(i, j, folded, folded, a.cost)
				})
			}
			p.toks[k].folded = was
		}
	}
}

// slips is how many slips a word of this length may hold: none in short ones,
// where a slip makes another word.
func slips(w string) int {
	switch n := utf8.RuneCountInString(w); {
	case n < 5 || strings.ContainsAny(w, "0123456789"):
		return 0
	case n < 9:
		return 1
	default:
		return 2
	}
}

// slipOfListed tells whether a word is one slip away from one that the lexicon
// lists.
func (p *parse) slipOfListed(w string) bool {
	near := false
	if slips(w) > 0 {
		nearWords(p.lex.vocabulary, []rune(w), 1, func(string, int) { near = true })
	}
	return near
}

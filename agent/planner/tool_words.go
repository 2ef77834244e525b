package planner

import (
	"slices"

	"tesela/segment/syntax"
)

// Most questions are none of the tools', and are told so by their words before
// any form is tried: of a form's pattern, the words of which some must stand in
// a question are known.

// clause is a set of words one of which must be there.
type clauses [][]string

func (w word) needs() clauses    { return clauses{{string(w)}} }
func (slot) needs() clauses      { return nil }
func (l listing) needs() clauses { return l.of.needs() }

func (s inTurn) needs() clauses {
	var all clauses
	for _, p := range s {
		all = append(all, p.needs()...)
	}
	return all
}

// needs of one or another is a word of either.
func (s oneOf) needs() clauses {
	var some []string
	for _, p := range s {
		c := p.needs()
		if len(c) == 0 {
			return nil
		}
		some = append(some, c[0]...)
	}
	return clauses{some}
}

func (w word) words() []string    { return []string{string(w)} }
func (slot) words() []string      { return nil }
func (l listing) words() []string { return l.of.words() }

func (s inTurn) words() []string {
	var all []string
	for _, p := range s {
		all = append(all, p.words()...)
	}
	return all
}

func (s oneOf) words() []string { return inTurn(s).words() }

// heard is what a question has of a language's forms: their words, and for a
// word that nothing knows those it may be a slip of.
type heard struct {
	words map[string]bool
	near  map[string][]string
}

// hear listens to a question for the words of the forms.
func (p *Planner) hear(toks []token, lang string) heard {
	w := p.forms.langs[lang]
	h := heard{words: map[string]bool{}, near: map[string][]string{}}
	for _, t := range toks {
		if t.kind == tokBreak || t.kind == tokQuoted || h.words[t.folded] {
			continue
		}
		h.words[t.folded] = true
		if t.kind != tokWord || slips(t.folded) == 0 || p.known(t.folded) {
			continue
		}
		for _, v := range w.vocabulary {
			if v[0] == t.folded[0] && slips(v) > 0 && syntax.Distance([]rune(t.folded), []rune(v), 1) <= 1 {
				h.near[t.folded] = append(h.near[t.folded], v)
				h.words[v] = true
			}
		}
	}
	return h
}

// known tells whether a word stands in the forms, the lexicons or the data.
func (p *Planner) known(w string) bool {
	for _, lang := range languages {
		if _, found := slices.BinarySearch(p.forms.langs[lang].vocabulary, w); found || p.lexicons[lang].words[w] {
			return true
		}
	}
	return p.ix.words[w] || len(p.ix.names[w]) > 0
}

// has tells whether a pattern may fit.
func (h heard) has(needed clauses) bool {
	for _, some := range needed {
		if !slices.ContainsFunc(some, func(w string) bool { return h.words[w] }) {
			return false
		}
	}
	return true
}

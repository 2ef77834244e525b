package planner

import (
	"slices"
	"strings"
)

// Most questions are none of the tools', and are told so by their words before
// any form is tried: of a form's pattern, the words of which some must stand in
// a question are known.

// clause is a set of words one of which must be there.
type clauses [][]string

func (w word) needs() clauses    { return clauses{{string(w)}} }
func (slot) needs() clauses      { return nil }
func (l listing) needs() clauses { return l.of.needs() }
func (s *shared) needs() clauses { return s.needed }

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

// vocabulary is the words of patterns.
type vocabulary struct {
	words map[string]bool
	told  map[*shared]bool // which have told theirs
}

func (w word) tell(v *vocabulary)    { v.words[string(w)] = true }
func (slot) tell(*vocabulary)        {}
func (l listing) tell(v *vocabulary) { l.of.tell(v) }
func (s oneOf) tell(v *vocabulary)   { inTurn(s).tell(v) }

func (s inTurn) tell(v *vocabulary) {
	for _, p := range s {
		p.tell(v)
	}
}

func (s *shared) tell(v *vocabulary) {
	if !v.told[s] {
		v.told[s] = true
		s.pattern.tell(v)
	}
}

// neededWords are the sets of words of which forms need one, each with its
// number, found by their words: of many hundred forms few are then tried.
type neededWords struct {
	number map[string]int   // of a set, by its words
	by     map[string][]int // the sets that a word is in
	shared map[needed]int   // of a set that many forms have
}

// needed is a set of words told from others by where it lies.
type needed struct {
	first *string
	n     int
}

func newNeededWords() neededWords {
	return neededWords{number: map[string]int{}, by: map[string][]int{}, shared: map[needed]int{}}
}

// enter gives the numbers of the sets.
func (n neededWords) enter(all clauses) []int {
	var out []int
	for _, some := range all {
		if at := n.of(some); !slices.Contains(out, at) {
			out = append(out, at)
		}
	}
	return out
}

// of is the number of a set.
func (n neededWords) of(some []string) int {
	var same needed
	if len(some) > 0 {
		same = needed{&some[0], len(some)}
	}
	if at, known := n.shared[same]; known {
		return at
	}
	some = slices.Clone(some)
	slices.Sort(some)
	some = slices.Compact(some)
	key := strings.Join(some, " ")
	at, known := n.number[key]
	if !known {
		at = len(n.number)
		n.number[key] = at
		for _, w := range some {
			n.by[w] = append(n.by[w], at)
		}
	}
	n.shared[same] = at
	return at
}

// heard is what a question has of a language's forms: their words, and for a
// word that nothing knows those it may be a slip of.
type heard struct {
	words map[string]bool
	near  map[string][]string
	met   []bool // which of the needed sets have a word in it
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
		if t.kind != tokWord || slips(t.folded) == 0 || p.known(t.folded) || p.known(singular(lang, t.folded)) {
			continue // "marcas" is no slip of "marca"
		}
		typed := []rune(t.folded)
		nearWords(beginning(w.vocabulary, string(typed[:1])), typed, 1, func(v string, _ int) {
			if slips(v) > 0 {
				h.near[t.folded] = append(h.near[t.folded], v)
				h.words[v] = true
			}
		})
	}
	h.met = make([]bool, len(w.needed.number))
	for word := range h.words {
		for _, at := range w.needed.by[word] {
			h.met[at] = true
		}
	}
	return h
}

// meets tells whether each of the sets has a word in the question.
func (h heard) meets(needs []int) bool {
	for _, at := range needs {
		if !h.met[at] {
			return false
		}
	}
	return true
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

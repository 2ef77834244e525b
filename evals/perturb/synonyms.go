package perturb

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// mostWords is how many words a phrase that is replaced may have.
const mostWords = 5

// Learn tells a language's phrases that say the same, a list each. A phrase
// that stands in several lists may mean several things: it neither replaces
// another nor is replaced, and nor is a piece of it. It is not to be called
// while noise is made.
func (n *Noise) Learn(lang string, lists [][]string) {
	l := n.langs[lang]
	if l == nil {
		return
	}
	in := map[string]int{} // how many lists a phrase is in
	for _, list := range lists {
		for _, p := range distinct(list) {
			in[p]++
		}
	}
	l.same = map[string][]string{}
	for p := range in {
		l.same[p] = nil // it stands for itself
	}
	for _, list := range lists {
		var own []string
		for _, p := range distinct(list) {
			if in[p] == 1 && strings.Count(p, " ") < mostWords && plain(p) {
				own = append(own, p)
			}
		}
		for _, p := range own {
			l.same[p] = own
		}
	}
}

// distinct are the phrases of a list as they are compared, each once.
func distinct(list []string) []string {
	var out []string
	for _, p := range list {
		if p = strings.Join(strings.Fields(bare(p)), " "); !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	return out
}

// plain tells phrases of words from signs and abbreviations, which are written
// in their own ways, and from patterns.
func plain(phrase string) bool {
	for w := range strings.FieldsSeq(phrase) {
		if !isWord(w) {
			return false
		}
	}
	return utf8.RuneCountInString(phrase) > 2
}

// reworded says one phrase by another of its list: one that ends alike, so
// that many stay many and what was done stays done.
func (l *language) reworded(text string, d *dice) string {
	if len(l.same) == 0 {
		return text
	}
	pieces := split(text)
	type place struct {
		from, to int
		others   []string
	}
	var places []place
	for i := 0; i < len(pieces); i++ {
		end, phrase := l.longest(pieces, i)
		if end == 0 {
			continue
		}
		var others []string
		for _, o := range l.same[phrase] {
			if o != phrase && alike(o, phrase) {
				others = append(others, o)
			}
		}
		if len(others) > 0 {
			places = append(places, place{i, end, others})
		}
		i = end - 1
	}
	if len(places) == 0 {
		return text
	}
	at := places[d.roll(len(places))]
	other := at.others[d.roll(len(at.others))]
	switch first := pieces[at.from].text; {
	case strings.ToUpper(text) == text:
		other = strings.ToUpper(other)
	case isCapital(first):
		other = capital(other)
	}
	return join(pieces[:at.from]) + other + join(pieces[at.to:])
}

// longest is the longest phrase with others like it that begins at a piece,
// and where it ends; 0 where none does. A word with a capital inside a
// sentence is a name.
func (l *language) longest(pieces []piece, i int) (end int, phrase string) {
	var words []string
	for k := i; k < len(pieces) && len(words) < mostWords; k += 2 {
		p := pieces[k]
		if p.kind != word || isCapital(p.text) && !opens(pieces, k) {
			break
		}
		words = append(words, bare(p.text))
		if s := strings.Join(words, " "); l.stands(s) {
			end, phrase = k+1, s
		}
		if k+1 < len(pieces) && pieces[k+1].text != " " {
			break
		}
	}
	return end, phrase
}

// stands tells whether a phrase is listed at all.
func (l *language) stands(phrase string) bool {
	_, listed := l.same[phrase]
	return listed
}

// alike tells whether two phrases have one length or more words each, and end
// in the same letter.
func alike(a, b string) bool {
	last := func(s string) rune {
		r, _ := utf8.DecodeLastRuneInString(s)
		return r
	}
	return last(a) == last(b) && strings.Contains(a, " ") == strings.Contains(b, " ")
}

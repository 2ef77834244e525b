package planner

import (
	"slices"
	"strings"
)

// gatherDenials keeps the phrases of several words that deny: a word without
// weight that opens one ("stopped" of "stopped buying") is not to be left out.
func (lx *lexicon) gatherDenials() {
	lx.denials = map[string][][]string{}
	for phrase, list := range lx.exact {
		first, _, several := strings.Cut(phrase, " ")
		if !several {
			continue
		}
		for _, e := range list {
			if e.cat == "stopped" { // "ya no" is more than "no"
				lx.denials[first] = append(lx.denials[first], strings.Fields(phrase))
				break
			}
			if (e.cat == "not" || e.cat == "none") && !lx.endsInDenial(phrase) {
				lx.denials[first] = append(lx.denials[first], strings.Fields(phrase))
				break
			}
		}
	}
}

// endsInDenial tells whether a phrase denies without its first words: of "que
// no" nothing is lost with the "que".
func (lx *lexicon) endsInDenial(phrase string) bool {
	for _, rest, ok := strings.Cut(phrase, " "); ok; _, rest, ok = strings.Cut(rest, " ") {
		for _, e := range lx.exact[rest] {
			if e.cat == "not" || e.cat == "not_ever" || e.cat == "none" {
				return true
			}
		}
	}
	return false
}

// opensDenial tells whether the words at i…j are the beginning of a longer
// phrase that denies.
func (lx *lexicon) opensDenial(toks []token, i, j int) bool {
	for _, words := range lx.denials[toks[i].folded] {
		if len(words) > j-i && i+len(words) <= len(toks) &&
			slices.EqualFunc(toks[i:i+len(words)], words, func(t token, w string) bool { return t.folded == w }) {
			return true
		}
	}
	return false
}

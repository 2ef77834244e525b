package planner

import (
	"slices"
	"strings"
)

// bareNouns are the nouns of concepts that hold a word for "of", without it:
// columns are called data_cadastro, not data_de_cadastro. Phrases that stand in
// the lexicon themselves are left out.
func (lx *lexicon) bareNouns() map[string][]entry {
	out := map[string][]entry{}
	for phrase, list := range lx.exact {
		if !slices.ContainsFunc(list, func(e entry) bool { return e.cat == "concepts" && e.form == "noun" }) {
			continue
		}
		bare, ok := lx.bare(phrase)
		if !ok || lx.exact[bare] != nil {
			continue
		}
		for _, e := range list {
			if e.cat == "concepts" && e.form == "noun" && !has(out[bare], e) {
				out[bare] = append(out[bare], e)
			}
		}
	}
	return out
}

// bare is a phrase without its words for "of", where two others are left.
func (lx *lexicon) bare(phrase string) (string, bool) {
	words := strings.Fields(phrase)
	n := len(words)
	kept := slices.DeleteFunc(words, func(w string) bool { return slices.Contains(lx.exact[w], entry{cat: "of"}) })
	return strings.Join(kept, " "), len(kept) >= 2 && len(kept) < n
}

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
	of := entry{cat: "of"}
	for phrase, list := range lx.exact {
		words := strings.Fields(phrase)
		if len(words) < 3 || !slices.ContainsFunc(list, func(e entry) bool { return e.cat == "concepts" && e.form == "noun" }) {
			continue
		}
		kept := slices.DeleteFunc(words, func(w string) bool { return slices.Contains(lx.exact[w], of) })
		bare := strings.Join(kept, " ")
		if len(kept) < 2 || bare == phrase || lx.exact[bare] != nil {
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

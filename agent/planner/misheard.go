package planner

import (
	"fmt"
	"slices"
	"strings"
)

// misheard is a word written as another one that sounds like it, or as its
// neighbour language does: "more then three", "os que mas gastaram", "quem no
// comprou". What stands around it tells that the other one is meant.
type misheard struct {
	meant         string
	after, before []string // one of these words; none for any
	verb          bool     // a verb may stand behind it, which decides
}

// mishearings reads the heading of that name.
func (lx *lexicon) mishearings(doc map[string]any) error {
	lx.heard = map[string][]misheard{}
	list, _ := doc["misheard"].([]any)
	for _, one := range list {
		row, _ := one.(map[string]any)
		m := misheard{meant: fmt.Sprint(row["meant"])}
		for key, into := range map[string]*[]string{"after": &m.after, "before": &m.before} {
			words, _ := row[key].([]any)
			for _, w := range words {
				*into = append(*into, foldPhrase(fmt.Sprint(w)))
			}
		}
		m.verb, _ = row["verb"].(bool)
		typed, _ := row["typed"].([]any)
		if len(typed) == 0 || row["meant"] == nil {
			return fmt.Errorf("misheard: %v says not what is written for what", row)
		}
		for _, w := range typed {
			lx.heard[foldPhrase(fmt.Sprint(w))] = append(lx.heard[foldPhrase(fmt.Sprint(w))], m)
		}
	}
	delete(doc, "misheard")
	return nil
}

// misheardAt is the word that one of a question stands for, "" for itself.
func (lx *lexicon) misheardAt(toks []token, i int) string {
	accented := hasAccent(strings.ToLower(toks[i].text))
	if i > 0 && toks[i-1].kind == tokNumber && len(toks[i].folded) == 1 {
		return "" // "3k" are three thousand
	}
	for _, m := range lx.heard[toks[i].folded] {
		after := len(m.after) == 0 || i > 0 && slices.Contains(m.after, toks[i-1].folded)
		before := len(m.before) == 0 && !m.verb
		if i+1 < len(toks) && toks[i+1].kind == tokWord {
			next, name := toks[i+1].folded, capitalAt(toks, i+1) // "no São João"
			before = before || !name && (slices.Contains(m.before, next) || i+2 < len(toks) && slices.Contains(m.before, next+" "+toks[i+2].folded) || m.verb && lx.isVerb(next))
		}
		if after && before && (!accented || hasAccent(m.meant)) { // "Mãs" is no "mas"
			return m.meant
		}
	}
	return ""
}

// isVerb tells whether a word is a verb that nothing else is.
func (lx *lexicon) isVerb(word string) bool {
	list := lx.exact[word]
	if len(list) == 0 {
		return lx.states(word) || len(lx.stems[stem(lx.lang, word)]) > 0 && lx.endsLikeVerb(word)
	}
	verb := false
	for _, e := range list {
		switch {
		case e.form == "verb" || e.cat == "light" || e.cat == "having":
			verb = true
		case e.cat != "glue" && e.cat != "filler" && e.cat != "is_set" && e.cat != "do_so" && e.cat != "copula":
			return false
		}
	}
	return verb
}

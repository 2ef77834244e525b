package planner

import "strings"

// lessBand is a field's name without the word that only says that its values are
// bands, "" where it has none or another field is called so: "income" of
// income_band, "edad" of tramo_edad.
func (ix *index) lessBand(f field) string {
	if !f.isText() {
		return ""
	}
	var rest []string
	words := strings.Fields(fold(f.name))
	for _, w := range words {
		if !ix.th.band[w] {
			rest = append(rest, w)
		}
	}
	if len(rest) == 0 || len(rest) == len(words) {
		return ""
	}
	short := strings.Join(rest, " ")
	for _, g := range ix.fields {
		if fold(g.name) == short {
			return ""
		}
	}
	return short
}

// lessFlag is the name of a yes-or-no field without the word that only says that
// it is one: "insurance" of has_insurance, "cartão" of tem_cartao; "" for others.
func (ix *index) lessFlag(f field) string {
	if f.kind != "bool" {
		return ""
	}
	first, rest, ok := strings.Cut(fold(f.name), " ")
	if !ok || !ix.th.flag[first] || len(rest) < 3 {
		return ""
	}
	for _, g := range ix.fields {
		if fold(g.name) == rest {
			return ""
		}
	}
	return rest
}

// playedBy is what a lexicon has for a column's name, its short words written
// out: lead_src is a lead source.
func (ix *index) playedBy(lx *lexicon, name string) []entry {
	if list := lx.exact[name]; len(list) > 0 {
		return list
	}
	if out := ix.th.writtenOut(name, lx.lang); out != "" {
		return lx.exact[out]
	}
	return nil
}

// writtenOut is a column's name with its short words as a language has them in
// full, "" where none is short.
func (th *thesaurus) writtenOut(name, lang string) string {
	words := strings.Fields(name)
	changed := false
	for k, w := range words {
		if full := th.inFull(w, lang); full != "" {
			words[k], changed = full, true
		}
	}
	if !changed {
		return ""
	}
	return strings.Join(words, " ")
}

func (th *thesaurus) inFull(word, lang string) string {
	for _, g := range th.byForm[word] {
		if th.only[g] != ofColumns {
			continue
		}
		for _, a := range th.groups[g] {
			if a.text == word && a.lang != "code" {
				return "" // a word of its own
			}
		}
		for _, a := range th.groups[g] {
			if a.lang == lang {
				return a.text
			}
		}
	}
	return ""
}

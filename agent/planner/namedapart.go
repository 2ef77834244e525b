package planner

import (
	"slices"
	"strings"
)

// listedValue is what speaks against a word without weight where it is a value
// of the data behind "and" or "or": "oro o plata" are two leagues, no money.
func (p *parse) listedValue(i, j int) float64 {
	if j > i+1 || i == 0 || len(p.toks[i].folded) < 4 || !p.isWord(i-1, "and") && !p.isWord(i-1, "or") || !p.isValue(p.toks[i].folded) {
		return 0
	}
	return 1
}

// isValue tells whether a word, or its singular, is a value of the data, in the
// data's own language or another.
func (p *parse) isValue(folded string) bool {
	for _, key := range []string{folded, strings.TrimSuffix(folded, "s"), "~" + p.lang + " " + stem(p.lang, folded)} {
		if len(p.ix.value(key))+len(p.ix.aliases[key]) > 0 {
			return true
		}
	}
	return false
}

// namedApart tells whether a phrase that is also a concept is the name of a field
// that does not play it: "acquisition channel", where the channel is another's.
func (p *parse) namedApart(i, j int, folded string, list []int) bool {
	for _, r := range p.ix.names[folded] {
		if r.field >= 0 && !overlaps([]int{r.field}, list) {
			return true
		}
	}
	if j-i < 2 {
		return false
	}
	apart := false
	for _, it := range p.ix.compounds.find(strings.Fields(folded)) {
		if it.isVal || it.name.field < 0 {
			continue
		}
		if overlaps([]int{it.name.field}, list) {
			return false
		}
		apart = true
	}
	return apart
}

// strayGroup tells whether people are told apart by a property of an event that
// nothing else in the question speaks of, where a trait of theirs might be meant:
// "donors by channel", of the appeals or of how they came.
func (s *parts) strayGroup() bool {
	for _, g := range s.groups {
		for _, one := range g.groups {
			if one.field < 0 || s.p.ix.fields[one.field].event == "" {
				continue
			}
			event := s.p.ix.fields[one.field].event
			for _, c := range s.conds {
				if c.cat == cClause && c.clause.event == event {
					event = ""
				}
			}
			if event != "" {
				return true
			}
		}
	}
	return false
}

// ownName tells what a phrase names by the name that the data has for it: an
// event, a field, or neither.
func ownName(refs []nameRef) (event, field bool) {
	for _, r := range refs {
		event = event || r.field < 0 && r.event != "" && r.lang == ""
		field = field || r.field >= 0 && r.lang == ""
	}
	return event, field
}

// saysAll tells whether one word of a name is all that it says: "vip" of is_vip,
// whose other words carry no weight in some language.
func (p *parse) saysAll(it compound, id string) bool {
	words := strings.Fields(fold(p.ix.fields[it.name.field].name))
	for k, w := range words {
		if k < len(it.words) && slices.Contains(it.words[k], id) {
			continue
		}
		if p.ix.th.vague[w] || slices.ContainsFunc(append([]*lexicon{p.lex}, p.others...), func(lx *lexicon) bool {
			return slices.ContainsFunc(lx.exact[w], func(e entry) bool { return weightless[e.cat] })
		}) {
			continue
		}
		return false
	}
	return true
}

// hasObject tells whether the next word of weight names an event: what was made,
// raised or asked for.
func (p *parse) hasObject(j int) bool {
	for ; j < len(p.toks); j++ {
		t := p.toks[j]
		if t.kind != tokWord {
			if t.kind == tokNumber {
				continue
			}
			return false
		}
		isEvent := func(r nameRef) bool { return r.field < 0 && r.event != "" && !r.verb }
		for _, key := range []string{t.folded, strings.TrimSuffix(t.folded, "s"), "~" + p.lang + " " + stem(p.lang, t.folded)} {
			if slices.ContainsFunc(p.ix.names[key], isEvent) {
				return true
			}
		}
		if !p.lex.words[t.folded] && !p.ix.words[t.folded] {
			return true // a slip of something that is named
		}
		if !p.isGlue(j) && !p.holdsOneOf(j, "articles", "numbers", "compare", "more", "vague_numbers") {
			return false
		}
	}
	return false
}

// holdsOneOf tells whether a word stands under one of some headings.
func (p *parse) holdsOneOf(i int, cats ...string) bool {
	return slices.ContainsFunc(p.lex.exact[p.toks[i].folded], func(e entry) bool { return slices.Contains(cats, e.cat) })
}

// moreThanDone is what it costs to take a light verb for no more than that
// something was done: who "gave" gave something, where there are donations.
func (p *parse) moreThanDone(i, j int, lx *lexicon) float64 {
	folded, _, _ := p.phrase(i, j)
	switch {
	case p.hasObject(j): // "raised a ticket", "asked for a quote"
		return 0
	case has(lx.exact[folded], entry{"concepts", "spend", "verb"}):
		return 0.2 // what campaigns "raised" is money first
	case slices.ContainsFunc(p.ix.names[folded], func(r nameRef) bool { return r.verb }):
		return 0.5
	}
	return 0
}

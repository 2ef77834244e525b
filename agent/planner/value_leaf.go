package planner

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// valueLeaves finds the values of text fields.
func (p *parse) valueLeaves(i, j int, folded string, isWord bool, extra float64) {
	if p.abuts(i) {
		return // the "h" of "18h" is no value
	}
	if p.forEachThing(i, folded) {
		return // "average guests per visit" is not of who came by a "visit"
	}
	refs := p.ix.value(folded)
	cost := extra
	if base := strings.TrimSuffix(folded, "s"); len(refs) == 0 && isWord && base != folded && p.namesAccount(folded) {
		refs = p.ix.value(base)
	}
	account := isWord && len(refs) == 0 && p.namesAccount(folded)
	if both := p.ampersand(i, j); len(refs) == 0 && both != "" {
		refs = p.ix.value(both)
	}
	if len(refs) == 0 {
		if refs = p.ix.aliases[folded]; len(refs) == 0 {
			refs = p.ix.aliases[singular(p.lang, folded)] // "cancellations"
		}
		if own := p.ix.value(singular(p.lang, folded)); len(refs) > 0 && len(own) > 0 {
			refs = own // a value's own name, in the plural, before what else it may be a word for
		}
		cost += costTranslate
	}
	if len(refs) == 0 && p.toks[i].kind == tokWord && !(j > i+1 && p.opensDenied(i)) {
		if stems := p.stemValues(i, j, folded); len(stems) > 0 && (!isWord || account) {
			refs = stems
		} else {
			refs = p.formsOf(folded)
		}
		cost += costStem
	}
	if j == i+1 && p.namesTheKind(i) {
		refs = slices.DeleteFunc(slices.Clone(refs), func(v valueRef) bool { return p.ix.fields[v.field].event == "" })
	}
	if refs = p.besideNames(i, j, folded, refs); len(refs) == 0 || cost > extra && p.callsEvent(folded) {
		return
	}
	if j == i+1 && p.saysWhere(i) {
		refs = slices.DeleteFunc(slices.Clone(refs), func(v valueRef) bool { return !p.fieldBeside(i, j, v.field) })
		if len(refs) == 0 {
			return // "en" before a place or a time is no code
		}
	}
	if isWord && !(j == i+1 && p.capital(i)) {
		cost += costValueWord
	}
	if p.anyCustomer(folded) && len(p.kindsOfPeople(folded)) == 0 {
		if len(p.ix.value(folded)) == 0 {
			return // "customers" are whom it is about, though some rows have "customer" for a source
		}
		cost += costKindWord
	}
	if j == i+1 {
		switch {
		case p.toks[i].kind == tokNumber:
			cost += 0.4
		case utf8.RuneCountInString(folded) < 3:
			cost += 0.6
		}
	}
	byName := map[string][]valueRef{}
	var order []string
	for _, v := range refs {
		k := p.ix.fields[v.field].name
		if p.ix.fields[v.field].event == "" {
			k = "\x00" + k
		}
		k += "\x00" + p.ix.text(v)
		if byName[k] == nil {
			order = append(order, k)
		}
		byName[k] = append(byName[k], v)
	}
	for _, k := range order {
		c := cost + p.breaksDown(i, j)
		if p.meansStatistic(i, j, p.ix.text(byName[k][0])) {
			continue // "média" is no "media"
		}
		if p.ix.weak[byName[k][0].field] || p.namesEvent(folded) {
			c += 0.3 // "donations" are what was given before they are a kind of it
		}
		p.add(&node{cat: cVal, from: i, to: j, cost: c, vals: byName[k]})
	}
}

// opensDenied tells whether a phrase begins with what denies the rest: then it is a value
// just as the value is called. "No answered calls" are none, not those with "no
// answer".
func (p *parse) opensDenied(i int) bool { return p.holdsOneOf(i, "none", "not") }

// breaksDown is what it costs to take for a value what a "by" before it makes a
// breakdown: "by rep" is by who sells, not what was sold through "rep". Fields
// that tell nothing but one customer from another break nothing down.
func (p *parse) breaksDown(i, j int) float64 {
	if i == 0 || !p.opensGroup(i-1, &node{to: i}) {
		return 0
	}
	for _, n := range p.cells[i][j] {
		if n.cat == cField && slices.ContainsFunc(n.fields, func(f int) bool {
			v := p.ix.fields[f].values
			return v != nil && v.Len() > 0 && v.Len() <= fewValues
		}) {
			return 0.6
		}
	}
	return 0
}

// playable are the roles of events.
var playable = []string{"purchase", "visit", "cart", "refund", "send", "open", "click", "unsubscribe", "survey"}

// forEachThing tells whether words name, behind an average and a "by", what is
// done: then the average is for each of those.
func (p *parse) forEachThing(i int, folded string) bool {
	if i == 0 || !p.says(i-1, "by") {
		return false
	}
	does := func(e entry) bool {
		return e.cat == "concepts" && e.form == "noun" && slices.Contains(playable, e.attr)
	}
	if !slices.ContainsFunc(p.lex.exact[folded], does) && !slices.ContainsFunc(p.lex.exact[singular(p.lang, folded)], does) {
		return false
	}
	for k := range i {
		if p.says(k, "stats") || p.says(k, "stats_after") {
			return true
		}
	}
	return false
}

// otherOfAKind tells whether a value is but a word for others of what is named
// right behind it: "otros países" are not of the gender "other", which "other
// gender" may be.
func (p *parse) otherOfAKind(n *node) bool {
	if !p.says(n.from, "other_words") {
		return false
	}
	own := func(field int) bool {
		return slices.ContainsFunc(n.vals, func(v valueRef) bool { return v.field == field })
	}
	for j := n.to + 1; j <= min(len(p.toks), n.to+3); j++ {
		folded, _, ok := p.phrase(n.to, j)
		if !ok {
			break
		}
		for _, w := range []string{folded, singular(p.lang, folded)} {
			if slices.ContainsFunc(p.ix.names[w], func(r nameRef) bool { return !r.verb && (r.field < 0 || !own(r.field)) }) {
				return true
			}
			for _, e := range append(p.lex.exact[w][:len(p.lex.exact[w]):len(p.lex.exact[w])], p.lex.stems[stem(p.lang, w)]...) {
				if e.cat == "concepts" && e.form != "verb" && !slices.ContainsFunc(p.ix.concepts[e.attr], own) {
					return true
				}
			}
		}
	}
	return false
}

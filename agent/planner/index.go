package planner

import (
	"bytes"
	"cmp"
	"slices"
	"sort"
	"strings"

	"tesela/agent/model"
)

// field is a trait (event "") or a property of an event, as the catalogue
// names it.
type field struct {
	event, name, kind string
	values            model.Values
	low, high         string
	gaps              bool // not all have it
}

func (f field) isText() bool   { return f.kind == "text" || f.kind == "tags" }
func (f field) isNumber() bool { return f.kind == "number" || f.kind == "money" }
func (f field) isTime() bool   { return f.kind == "time" || f.kind == "date" }

// id is the field as formulas spell it.
func (f field) id() string {
	if f.event == "" {
		return f.name
	}
	return f.event + "." + f.name
}

// nameRef is what a phrase may name: an event, a field, or a word of the
// business.
type nameRef struct {
	event string // with field -1 and word "": the event itself
	field int    // index into index.fields
	word  string
	seg   string // a saved segment
	verb  bool   // the phrase is a statement
	doer  bool   // the phrase is a word for those who do it
	lang  string // the language of the phrase, "" for the data's own
}

// valueRef is a value of a text field, or all of its values that hold a text.
type valueRef struct {
	field int
	code  int    // as model.Values.At
	part  string // the text that they hold; "" for the one value
}

// index finds names and values of one catalogue by folded phrase. Names are
// few and held in maps; values may be a million and stay where they are.
type index struct {
	cat    *model.Catalogue
	fields []field
	names  map[string][]nameRef
	// concepts maps a lexicon concept onto the fields that play it.
	concepts map[string][]int
	events   map[string]string // concept → event
	values   *valueTable
	holding  *valueWords
	aliases  map[string][]valueRef
	th       *thesaurus
	// compounds find names and values of several words by the words.
	compounds *compounds
	weak      map[int]bool // fields whose aliases yield to other readings
	// words holds each word of names and values; vocabulary those long enough
	// to be guessed from a misspelling, in order.
	words      map[string]bool
	vocabulary []string
}

// fewValues bounds the fields whose values get stems and translations too:
// categories and countries do, product descriptions do not. Words of values
// are known up to mostWords, those of the smallest fields first.
const (
	fewValues = 1000
	mostWords = 300_000
)

func newIndex(cat *model.Catalogue, lexicons []*lexicon, th *thesaurus) *index {
	ix := &index{
		cat: cat, names: map[string][]nameRef{}, concepts: map[string][]int{},
		events: map[string]string{}, aliases: map[string][]valueRef{}, weak: map[int]bool{}, words: map[string]bool{}, compounds: newCompounds(th), th: th,
	}
	for _, f := range cat.Traits {
		ix.fields = append(ix.fields, field{"", f.Name, f.Kind, f.Values, f.Low, f.High, f.Gaps})
	}
	for _, e := range cat.Events {
		for _, f := range e.Props {
			ix.fields = append(ix.fields, field{e.Name, f.Name, f.Kind, f.Values, f.Low, f.High, f.Gaps})
		}
	}
	ix.bindRoles(lexicons)
	ix.addNames(th)
	ix.values, ix.holding = newValueTable(ix.fields), &valueWords{}
	for _, i := range smallestFirst(ix.fields) {
		ix.addValues(i, ix.fields[i], th)
	}
	for w := range ix.words {
		if slips(w) > 0 {
			ix.vocabulary = append(ix.vocabulary, w)
		}
	}
	ix.vocabulary = append(ix.vocabulary, ix.manyOfNames()...)
	sort.Strings(ix.vocabulary)
	ix.vocabulary = slices.Compact(ix.vocabulary)
	return ix
}

func (ix *index) addName(phrase string, r nameRef) {
	for _, have := range ix.names[phrase] {
		if have.event == r.event && have.field == r.field && have.word == r.word && have.seg == r.seg && have.verb == r.verb && have.doer == r.doer {
			return
		}
	}
	ix.names[phrase] = append(ix.names[phrase], r)
	if many := phrase + "s"; phrase[0] != '~' && strings.HasSuffix(phrase, "o") && r.lang != "" && !r.verb && stem(r.lang, many) != stem(r.lang, phrase) {
		ix.addName(many, r) // "préstamos" ends like a verb, and has its stem
	}
	if phrase[0] != '~' {
		ix.know(phrase)
	}
}

// addNames enters every name under its folded form, its stems and what the
// thesaurus gives for it in other languages.
func (ix *index) addNames(th *thesaurus) {
	enter := func(name string, r nameRef) {
		f := fold(name)
		ix.addName(f, r)
		ix.compounds.enter(f, compound{name: r})
		for _, lang := range languages {
			r.lang = ""
			ix.addName("~"+lang+" "+stem(lang, f), r)
		}
		forms := th.forms(f)
		for _, lang := range languages {
			if full := th.writtenOut(f, lang); full != "" {
				r.lang = lang
				ix.addName(full, r)
				ix.addName("~"+lang+" "+stem(lang, full), r)
				forms = append(forms, th.forms(full)...)
			}
		}
		for _, a := range forms {
			if a.verb && !ix.stated(r) {
				continue // "withdrew" is no name of the amount paid out
			}
			if a.people && r.field >= 0 || !a.people && !a.verb && r.field < 0 && forPeople(forms, a) {
				continue // "volunteers" are who did it, not the shifts
			}
			r.lang, r.verb, r.doer = a.lang, a.verb, a.people
			ix.addName(a.text, r)
			if a.made || a.people {
				continue // all its forms stand there, none is guessed
			}
			ix.addName("~"+a.lang+" "+stem(a.lang, a.text), r)
		}
	}
	for _, e := range ix.cat.Events {
		enter(e.Name, nameRef{event: e.Name, field: -1})
	}
	for i, f := range ix.fields {
		enter(f.name, nameRef{event: f.event, field: i})
		if short := cmp.Or(ix.lessBand(f), ix.lessFlag(f)); short != "" {
			enter(short, nameRef{event: f.event, field: i})
		}
	}
	words := make([]string, 0, len(ix.cat.Words))
	for w := range ix.cat.Words {
		words = append(words, w)
	}
	sort.Strings(words)
	for _, w := range words {
		f := fold(w)
		ix.addName(f, nameRef{field: -1, word: w})
		for _, lang := range languages {
			ix.addName("~"+lang+" "+stem(lang, f), nameRef{field: -1, word: w})
		}
		for _, a := range th.forms(f) { // "gross gaming revenue" where the business says GGR
			if !a.verb && !a.people && a.text != f {
				ix.addName(a.text, nameRef{field: -1, word: w, lang: a.lang})
			}
		}
	}
	for _, s := range ix.cat.Segments {
		ix.addName(fold(s), nameRef{field: -1, seg: s})
	}
}

// manyOfNames are the plurals of the words of names, long enough to be guessed:
// people ask for "ticckets" and "donnations", not for one of them.
func (ix *index) manyOfNames() []string {
	var many []string
	for name, refs := range ix.names {
		if name[0] == '~' {
			continue
		}
		for _, w := range strings.Fields(name) {
			for _, lang := range languages {
				if !slices.ContainsFunc(refs, func(r nameRef) bool { return !r.verb && (r.lang == "" || r.lang == lang) }) {
					continue
				}
				for _, m := range pluralsOf(lang, w) {
					if slips(m) > 0 && !ix.words[m] {
						many = append(many, m)
					}
				}
			}
		}
	}
	return many
}

// forPeople tells whether a phrase is also one for those who do what is named.
func forPeople(forms []alias, a alias) bool {
	return slices.ContainsFunc(forms, func(b alias) bool { return b.people && b.lang == a.lang && b.text == a.text })
}

// stated tells whether a name may be said by a verb: what is done, what holds or
// does not, what comes about on a day.
func (ix *index) stated(r nameRef) bool {
	return r.field < 0 || ix.fields[r.field].kind == "bool" || ix.fields[r.field].isTime()
}

// smallestFirst are the fields with values, those with fewer first.
func smallestFirst(fields []field) []int {
	var list []int
	for i, f := range fields {
		if f.values != nil {
			list = append(list, i)
		}
	}
	slices.SortStableFunc(list, func(a, b int) int { return cmp.Compare(fields[a].values.Len(), fields[b].values.Len()) })
	return list
}

// addValues enters a field's values; those of small fields also under their
// stems and translations.
func (ix *index) addValues(fi int, f field, th *thesaurus) {
	n := f.values.Len()
	concept := ix.concept(fi)
	ix.weak[fi] = th.weak[concept]
	named := f.event != "" && f.kind == "text" && n > fewInPart
	var folded []byte
	for c := 0; c < n; c++ {
		if folded = appendFold(folded[:0], f.values.At(c)); len(folded) == 0 {
			continue
		}
		ix.values.enter(fi, c, folded)
		ix.knowBytes(folded)
		if named {
			ix.holding.enter(fi, c, folded)
		}
		if n <= fewValues {
			ix.addForms(valueRef{field: fi, code: c}, string(folded), concept, th)
		}
	}
}

// addForms enters a value under its stems and translations, and by its words.
func (ix *index) addForms(r valueRef, folded, concept string, th *thesaurus) {
	ix.compounds.enter(folded, compound{value: r, isVal: true})
	for _, lang := range languages {
		if s := stem(lang, folded); s != folded {
			ix.addAlias("~"+lang+" "+s, r)
		}
	}
	for _, a := range th.valueForms(folded, concept) {
		if a.made || a.people {
			continue // what is done is no value
		}
		ix.addAlias(a.text, r)
		if s := stem(a.lang, a.text); s != a.text {
			ix.addAlias("~"+a.lang+" "+s, r)
		}
	}
}

func (ix *index) addAlias(phrase string, r valueRef) {
	for _, have := range ix.aliases[phrase] {
		if have == r {
			return
		}
	}
	ix.aliases[phrase] = append(ix.aliases[phrase], r)
	if phrase[0] != '~' {
		ix.know(phrase)
	}
}

func (ix *index) know(phrase string) {
	for _, w := range strings.Fields(phrase) {
		ix.words[w] = true
	}
}

// knowBytes takes up the words of a value that are no codes; it copies only
// those that it did not know.
func (ix *index) knowBytes(folded []byte) {
	for len(folded) > 0 {
		w := folded
		if k := bytes.IndexByte(folded, ' '); k >= 0 {
			w, folded = folded[:k], folded[k+1:]
		} else {
			folded = nil
		}
		if !ix.words[string(w)] && len(ix.words) < mostWords && !bytes.ContainsAny(w, "0123456789") {
			ix.words[string(w)] = true
		}
	}
}

// value finds the values whose folded text is the phrase.
func (ix *index) value(phrase string) []valueRef { return ix.values.find(phrase) }

// text is the value as the data spells it, or what several of them hold.
func (ix *index) text(v valueRef) string {
	if v.part != "" {
		return v.part
	}
	return ix.fields[v.field].values.At(v.code)
}

// concept is the lexicon concept that a field plays, "" for none.
func (ix *index) concept(fi int) string {
	for c, list := range ix.concepts {
		for _, f := range list {
			if f == fi {
				return c
			}
		}
	}
	return ""
}

// bindRoles maps concepts onto the catalogue: first by the roles set, then by
// names that are among the concept's own words in any language.
func (ix *index) bindRoles(lexicons []*lexicon) {
	roles := make([]string, 0, len(ix.cat.Roles))
	for r := range ix.cat.Roles {
		roles = append(roles, r)
	}
	sort.Strings(roles)
	for _, role := range roles {
		target := ix.cat.Roles[role]
		if ix.isEvent(target) {
			ix.events[role] = target
			continue
		}
		for i, f := range ix.fields {
			if f.id() == target {
				ix.bind(role, i)
				if f.event != "" { // the same property of other events plays it too
					for j, g := range ix.fields {
						if j != i && g.event != "" && g.name == f.name && g.kind == f.kind {
							ix.bind(role, j)
						}
					}
				}
			}
		}
	}
	for _, lx := range lexicons {
		bare := lx.bareNouns()
		for i, f := range ix.fields {
			for _, e := range append(bare[fold(f.name)], ix.playedBy(lx, fold(f.name))...) {
				if e.cat == "concepts" && e.form == "noun" && ix.cat.Roles[e.attr] == "" && (f.isNumber() || !figures[e.attr]) {
					ix.bind(e.attr, i)
				}
			}
			if c := lx.called[fold(f.name)]; c != "" && f.event == "" && (c == "age") != f.isTime() && ix.cat.Roles[c] == "" {
				ix.bind(c, i)
			}
		}
		for _, ev := range ix.cat.Events {
			for _, e := range lx.namedSo(fold(ev.Name)) {
				if e.attr == "purchase" && !hasMoney(ev) && slices.ContainsFunc(ix.cat.Events, hasMoney) {
					continue // the "tickets" of a help desk, where deals bear the money
				}
				if e.cat == "concepts" && ix.events[e.attr] == "" && e.attr != "customer" && e.attr != "event" && (e.attr != "refund" || hasMoney(ev)) {
					ix.events[e.attr] = ev.Name
				}
			}
		}
	}
}

// namedSo are the meanings of an event's name, or of its singular: "returns", as
// a table of them is called, are what a return is.
func (lx *lexicon) namedSo(name string) []entry {
	if list := lx.exact[name]; len(list) > 0 {
		return list
	}
	return slices.DeleteFunc(slices.Clone(lx.exact[singular(lx.lang, name)]), func(e entry) bool { return e.form != "noun" })
}

// figures are the concepts that only figures play: an "unidade" that has names is
// a branch, and no number of pieces.
var figures = map[string]bool{"quantity": true, "amount": true, "price": true}

// hasMoney tells whether an event bears amounts: a cancellation without is no
// refund.
func hasMoney(ev model.Event) bool {
	for _, f := range ev.Props {
		if f.Kind == "money" {
			return true
		}
	}
	return false
}

func (ix *index) bind(concept string, fi int) {
	for _, have := range ix.concepts[concept] {
		if have == fi {
			return
		}
	}
	ix.concepts[concept] = append(ix.concepts[concept], fi)
}

func (ix *index) isEvent(name string) bool {
	for _, e := range ix.cat.Events {
		if e.Name == name {
			return true
		}
	}
	return false
}

// role is the event or field id that plays a role, "" for none.
func (ix *index) role(name string) string { return ix.cat.Roles[name] }

// find gives the index of a field, -1 for none.
func (ix *index) find(event, name string) int {
	for i, f := range ix.fields {
		if f.event == event && f.name == name {
			return i
		}
	}
	return -1
}

// namesField tells whether a phrase is just the name of a field.
func (ix *index) namesField(folded string) bool {
	return slices.ContainsFunc(ix.names[folded], func(r nameRef) bool { return r.field >= 0 })
}

// callsField tells whether a phrase, or what it is the plain plural of, is what
// the data itself calls a field.
func (ix *index) callsField(folded string) bool {
	own := func(r nameRef) bool { return r.field >= 0 && r.lang == "" }
	return slices.ContainsFunc(ix.names[folded], own) || slices.ContainsFunc(ix.names[strings.TrimSuffix(folded, "s")], own)
}

// ofSingular are the names of a stem that are spelled as the singular of what was
// said, where some are: "faturas" are more than one fatura, and no faturação.
func (ix *index) ofSingular(refs []nameRef, one string) []nameRef {
	var own []nameRef
	for _, r := range refs {
		if !r.verb && !r.doer && slices.Contains(ix.names[one], r) {
			own = append(own, r)
		}
	}
	if len(own) > 0 {
		return own
	}
	return refs
}

// isCalled tells the same of one field.
func (ix *index) isCalled(fi int, folded string) bool {
	name := fold(ix.fields[fi].name)
	return name == folded || name == strings.TrimSuffix(folded, "s")
}

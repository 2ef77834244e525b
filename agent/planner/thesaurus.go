package planner

import (
	"fmt"
	"io/fs"
	"slices"
	"sort"
	"strings"

	"github.com/goccy/go-yaml"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// languages that questions are asked in, in the order they are tried.
var languages = []string{"en", "es", "pt"}

// ofColumns is what groups serve that are of names only: "acct" is an account
// where a column is called so, not where a value is.
const ofColumns = "columns"

// alias is a phrase for a name or value in a language.
type alias struct {
	text, lang string
	verb       bool // a form that is a statement: "withdrew"
	made       bool // of a verb named by its infinitive
	people     bool // a word for those who do it: "donor"
}

// thesaurus tells which phrases of the three languages mean the same thing:
// business nouns, and the names and adjectives of countries.
type thesaurus struct {
	groups [][]alias
	// byForm finds groups by folded form, byStem by "~lang stem".
	byForm map[string][]int
	// only limits a group to values of fields that play a concept ("" any).
	only []string
	// vague words are too common to name a field that has them in its name.
	vague map[string]bool
	days  map[string]dayRule // by the name that the lexicons give them
	// spoken holds "lang word" of each word of the terms, whose language it tells.
	spoken map[string]bool
	// weak concepts yield to others that share a phrase.
	weak map[string]bool
	// band words end the name of a field without saying more: income_band.
	band map[string]bool
	// flag words begin the name of a yes-or-no field without saying more: has_card.
	flag map[string]bool
	// nothing holds values that say there is none of what a field tells, and
	// their beginnings ("sin …").
	nothing map[string]bool
	// bare gives a phrase of a language without its words for "of", as columns are
	// called: taxa_entrega.
	bare func(lang, phrase string) (string, bool)
	// played are the concepts that a word is a noun of, by its form and stems.
	played map[string][]string
}

// readThesaurus reads the terms. A form of a verb that a lexicon lists as
// something else ("entre"), or a term as a thing, is none of that verb's.
func readThesaurus(files fs.FS, lexicons []*lexicon) (*thesaurus, error) {
	th := &thesaurus{byForm: map[string][]int{}, spoken: map[string]bool{}, weak: map[string]bool{}, band: map[string]bool{}, flag: map[string]bool{}, nothing: map[string]bool{}}
	var doc struct {
		Weak   []string                         `yaml:"weak"`
		Bands  []string                         `yaml:"band_words"`
		Flags  []string                         `yaml:"flag_words"`
		None   []string                         `yaml:"none_values"`
		Vague  map[string][]string              `yaml:"vague_parts"`
		Terms  []map[string][]string            `yaml:"terms"`
		Values map[string][]map[string][]string `yaml:"values"`
	}
	var trades struct {
		Terms   []map[string][]string `yaml:"terms"`
		Columns []map[string][]string `yaml:"columns"`
	}
	if err := readYAML(files, "lexicon/terms.yaml", &doc); err != nil {
		return nil, err
	}
	if err := readYAML(files, "lexicon/trades.yaml", &trades); err != nil {
		return nil, err
	}
	doc.Terms = append(doc.Terms, trades.Terms...)
	var err error
	if th.days, err = readDays(files); err != nil {
		return nil, err
	}
	th.vague = map[string]bool{}
	for _, lang := range languages {
		for _, w := range doc.Vague[lang] {
			th.vague[fold(w)], th.vague["~"+lang+" "+stem(lang, fold(w))] = true, true
		}
	}
	for _, c := range doc.Weak {
		th.weak[c] = true
	}
	th.bare = func(lang, phrase string) (string, bool) {
		for _, lx := range lexicons {
			if lx.lang == lang {
				return lx.bare(phrase)
			}
		}
		return "", false
	}
	th.gatherPlayed(lexicons)
	things := map[string]bool{} // by language and form
	for _, lx := range lexicons {
		for f, list := range lx.exact {
			if !allVerbs(list) {
				things[lx.lang+" "+f] = true
			}
		}
	}
	for _, t := range doc.Terms {
		for l, list := range t {
			for _, s := range list {
				if !strings.Contains(l, "_") {
					things[l+" "+fold(s)] = true
				}
			}
		}
	}
	for _, t := range doc.Terms {
		if err := th.add("", t, things); err != nil {
			return nil, fmt.Errorf("read the terms: %w", err)
		}
	}
	for _, t := range trades.Columns {
		if err := th.add(ofColumns, t, nil); err != nil {
			return nil, fmt.Errorf("read the columns' names: %w", err)
		}
	}
	for _, w := range doc.Bands {
		th.band[fold(w)] = true
	}
	for _, w := range doc.Flags {
		th.flag[fold(w)] = true
	}
	for _, w := range doc.None {
		if begin, ok := strings.CutSuffix(w, " …"); ok {
			th.nothing[fold(begin)+" …"] = true
			continue
		}
		th.nothing[fold(w)] = true
	}
	concepts := make([]string, 0, len(doc.Values))
	for c := range doc.Values {
		concepts = append(concepts, c)
	}
	sort.Strings(concepts)
	for _, c := range concepts {
		for _, t := range doc.Values[c] {
			if err := th.add(c, t, things); err != nil {
				return nil, fmt.Errorf("read the terms: %s: %w", c, err)
			}
		}
	}
	var countries map[string]map[string][]string
	if err := readYAML(files, "lexicon/countries.yaml", &countries); err != nil {
		return nil, err
	}
	codes := make([]string, 0, len(countries))
	for c := range countries {
		codes = append(codes, c)
	}
	sort.Strings(codes)
	for _, code := range codes {
		t := countries[code]
		region, err := language.ParseRegion(code)
		if err != nil {
			return nil, fmt.Errorf("read the countries: %s: %w", code, err)
		}
		for _, l := range languages {
			if n := display.Regions(language.Make(l)).Name(region); n != "" {
				t[l] = append(t[l], n)
			}
		}
		t["code"] = append(t["code"], code, region.ISO3())
		if err := th.add("country", t, nil); err != nil {
			return nil, fmt.Errorf("read the countries: %w", err)
		}
	}
	return th, nil
}

// unnamed are the concepts whose nouns say too little of a thing, or too many
// things, to find it by: any figure is an amount.
var unnamed = map[string]bool{"customer": true, "customer_female": true, "event": true, "amount": true, "price": true, "spend": true, "message": true, "name": true, "account": true}

// gatherPlayed notes which concepts a word names, in any of the languages.
func (th *thesaurus) gatherPlayed(lexicons []*lexicon) {
	th.played = map[string][]string{}
	for _, lx := range lexicons {
		for f, list := range lx.exact {
			for _, e := range list {
				if e.cat != "concepts" || e.form != "noun" || unnamed[e.attr] || strings.Contains(f, " ") {
					continue
				}
				for _, k := range []string{f, "~" + lx.lang + " " + stem(lx.lang, f)} {
					if !slices.Contains(th.played[k], e.attr) {
						th.played[k] = append(th.played[k], e.attr)
					}
				}
			}
		}
	}
}

func allVerbs(list []entry) bool {
	for _, e := range list {
		if e.form != "verb" {
			return false
		}
	}
	return true
}

func readYAML(files fs.FS, name string, into any) error {
	raw, err := fs.ReadFile(files, name)
	if err != nil {
		return fmt.Errorf("read the lexicon: %w", err)
	}
	if err := yaml.Unmarshal(raw, into); err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	return nil
}

func (th *thesaurus) add(concept string, t map[string][]string, things map[string]bool) error {
	conj, err := conjugations()
	if err != nil {
		return err
	}
	langs := make([]string, 0, len(t))
	for l := range t {
		langs = append(langs, l)
	}
	sort.Strings(langs)
	var group []alias
	n := len(th.groups)
	for _, l := range langs {
		verb := strings.HasSuffix(l, "_verbs")
		l, list := strings.TrimSuffix(l, "_verbs"), t[l]
		if lang, people := strings.CutSuffix(l, "_people"); people {
			for _, s := range list {
				for _, f := range withPlural(lang, fold(s)) {
					group = append(group, alias{text: f, lang: lang, people: true})
					th.speak(lang, f)
				}
			}
			continue
		}
		for _, s := range list {
			if forms, ok, err := conj.expand(l, s); err != nil {
				return err
			} else if ok {
				inf := fold(strings.TrimSuffix(s, "~"))
				if !strings.Contains(inf, " ") {
					group = append(group, alias{text: inf, lang: l, made: true}) // "used the card to deposit"
				}
				for _, f := range forms {
					if f = fold(f); !things[l+" "+f] && !(f == inf+"s" && things[l+" "+inf]) { // neither "deposit" nor "deposits"
						group = append(group, alias{text: f, lang: l, verb: verb, made: true})
						th.index(f, n)
						th.speak(l, f)
					}
				}
				continue
			}
			f := fold(s)
			group = append(group, alias{text: f, lang: l, verb: verb})
			th.index(f, n)
			if bare, ok := th.bare(l, f); ok && concept == "" {
				th.index(bare, n)
			}
			if concept != ofColumns {
				th.speak(l, f)
			}
			if l != "code" {
				th.index("~"+l+" "+stem(l, f), n)
			}
		}
	}
	th.groups = append(th.groups, group)
	th.only = append(th.only, concept)
	return nil
}

// withPlural is a word for a person, and for several.
func withPlural(lang, folded string) []string {
	if lang != "en" && !strings.ContainsAny(folded[len(folded)-1:], "aeiou") {
		return []string{folded, folded + "es"}
	}
	return []string{folded, folded + "s"}
}

func (th *thesaurus) index(key string, group int) {
	for _, g := range th.byForm[key] {
		if g == group {
			return
		}
	}
	th.byForm[key] = append(th.byForm[key], group)
}

// speak notes the words of a term as words of its language.
func (th *thesaurus) speak(lang, folded string) {
	for _, w := range strings.Fields(folded) {
		th.spoken[lang+" "+w] = true
	}
}

// says tells whether a word, or what it is the plural of, is a word of some
// trade: it is no slip of another, whether this trade knows it or not.
func (th *thesaurus) says(w string) bool {
	return slices.ContainsFunc(languages, func(l string) bool { return th.saysIn(l, w) })
}

// saysIn tells it of one language.
func (th *thesaurus) saysIn(lang, w string) bool {
	return th.spoken[lang+" "+w] || th.spoken[lang+" "+singular(lang, w)]
}

// apart tells whether a word and a name are words of groups of which they share
// none: "contratos" are no "contratistas", whatever stem they have.
func (th *thesaurus) apart(lang, word, name string) bool {
	word, name = singular(lang, word), singular(lang, name)
	return len(th.byForm[name]) > 0 && th.another(word, name)
}

// another tells whether a word belongs to groups, and none of them is a name's.
func (th *thesaurus) another(word, name string) bool {
	if len(th.byForm[word]) == 0 {
		return false
	}
	keys := []string{name}
	if len(name) >= shortWord {
		keys = append(keys, stems(name)...)
	}
	for _, k := range keys {
		if slices.ContainsFunc(th.byForm[k], func(g int) bool { return slices.Contains(th.byForm[word], g) }) {
			return false
		}
	}
	return true
}

// conceptOf is the concept that a word can only be a value of ("women" of the
// gender), "" for any other word.
func (th *thesaurus) conceptOf(word, lang string) string {
	for _, k := range []string{word, "~" + lang + " " + stem(lang, word)} {
		for _, g := range th.byForm[k] {
			if c := th.only[g]; c != "" && c != ofColumns && !th.weak[c] && c != "country" {
				return c
			}
		}
	}
	return ""
}

// forms are the other phrases for a folded name: by its stem only where it is a
// word of no group, for a "médico" shares his with "medicamento".
func (th *thesaurus) forms(folded string) []alias {
	keys := []string{folded}
	if one, ok := strings.CutSuffix(folded, "s"); ok && len(one) > 2 {
		keys = append(keys, one) // "bets", whose stem is too short to go by
	}
	if !slices.ContainsFunc(keys, func(k string) bool { return len(th.byForm[k]) > 0 }) {
		keys = append(keys, stems(folded)...)
	}
	return th.lookup(keys, folded, func(g int, key string) bool {
		return (th.only[g] == "" || th.only[g] == ofColumns) && (key[0] != '~' || len(folded) >= shortWord || th.holdsPlural(g, key, folded))
	})
}

// valueForms are the other phrases for a folded value of a field that plays a
// concept. Country names also serve fields that play none.
// A group that only a stem finds must hold a form of the value, not a word made
// of it: "mensal" is no "mensalidade".
func (th *thesaurus) valueForms(folded, concept string) []alias {
	return th.lookup(append([]string{folded}, stems(folded)...), folded, func(g int, key string) bool {
		c := th.only[g]
		return (c == "" || c == concept) && (key == folded || th.holdsForm(g, key, folded))
	})
}

// holdsForm tells whether a group has a word of a stem that is hardly longer or
// shorter than another.
func (th *thesaurus) holdsForm(group int, key, folded string) bool {
	if len(folded) < shortWord {
		return th.holdsPlural(group, key, folded)
	}
	return slices.ContainsFunc(th.groups[group], func(a alias) bool {
		return key == "~"+a.lang+" "+stem(a.lang, a.text) && max(len(a.text)-len(folded), len(folded)-len(a.text)) <= endingDiffers
	})
}

// holdsPlural tells whether a group that a stem finds has a short word itself, in
// the plural: a "cart" is no "cartão", whose stem it is.
func (th *thesaurus) holdsPlural(group int, key, folded string) bool {
	return slices.ContainsFunc(th.groups[group], func(a alias) bool {
		return key == "~"+a.lang+" "+stem(a.lang, a.text) && (singular(a.lang, a.text) == folded || strings.TrimSuffix(a.text, "s") == folded)
	})
}

// shortWord is the length from which a stem tells a word from strangers.
const shortWord = 5

// endingDiffers is by how many letters forms of a word differ at most.
const endingDiffers = 3

// stems are a word's in each language, as groups are found by them.
func stems(folded string) []string {
	var out []string
	for _, l := range languages {
		// Short stems are shared by strangers: "madrid" and "madre".
		if s := stem(l, folded); len(s) >= shortWord || s == folded {
			out = append(out, "~"+l+" "+s)
		}
	}
	return out
}

// lookup gathers the other phrases of the groups that the keys of a phrase find.
func (th *thesaurus) lookup(keys []string, folded string, fits func(group int, key string) bool) []alias {
	seen := map[int]bool{}
	var out []alias
	for _, k := range keys {
		for _, g := range th.byForm[k] {
			if seen[g] || !fits(g, k) {
				continue
			}
			seen[g] = true
			for _, a := range th.groups[g] {
				// Codes such as DE find the country but are no phrase for it:
				// "de" is a common word of two of the languages.
				if a.text != folded && a.lang != "code" {
					out = append(out, a)
				}
			}
		}
	}
	return out
}

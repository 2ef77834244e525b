package planner

import (
	"fmt"
	"io/fs"
	"sort"
	"strings"

	"github.com/goccy/go-yaml"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// languages that questions are asked in, in the order they are tried.
var languages = []string{"en", "es", "pt"}

// alias is a phrase for a name or value in a language.
type alias struct {
	text, lang string
	verb       bool // a form that is a statement: "withdrew"
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
	// weak concepts yield to others that share a phrase.
	weak map[string]bool
}

func readThesaurus(files fs.FS) (*thesaurus, error) {
	th := &thesaurus{byForm: map[string][]int{}, weak: map[string]bool{}}
	var doc struct {
		Weak   []string                         `yaml:"weak"`
		Vague  map[string][]string              `yaml:"vague_parts"`
		Terms  []map[string][]string            `yaml:"terms"`
		Values map[string][]map[string][]string `yaml:"values"`
	}
	if err := readYAML(files, "lexicon/terms.yaml", &doc); err != nil {
		return nil, err
	}
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
	for _, t := range doc.Terms {
		th.add("", t)
	}
	concepts := make([]string, 0, len(doc.Values))
	for c := range doc.Values {
		concepts = append(concepts, c)
	}
	sort.Strings(concepts)
	for _, c := range concepts {
		for _, t := range doc.Values[c] {
			th.add(c, t)
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
		th.add("country", t)
	}
	return th, nil
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

func (th *thesaurus) add(concept string, t map[string][]string) {
	langs := make([]string, 0, len(t))
	for l := range t {
		langs = append(langs, l)
	}
	sort.Strings(langs)
	var group []alias
	n := len(th.groups)
	for _, l := range langs {
		for _, s := range t[l] {
			f := fold(s)
			verb := strings.HasSuffix(l, "_verbs")
			l := strings.TrimSuffix(l, "_verbs")
			group = append(group, alias{f, l, verb})
			th.index(f, n)
			if l != "code" {
				th.index("~"+l+" "+stem(l, f), n)
			}
		}
	}
	th.groups = append(th.groups, group)
	th.only = append(th.only, concept)
}

func (th *thesaurus) index(key string, group int) {
	for _, g := range th.byForm[key] {
		if g == group {
			return
		}
	}
	th.byForm[key] = append(th.byForm[key], group)
}

// conceptOf is the concept that a word can only be a value of ("women" of the
// gender), "" for any other word.
func (th *thesaurus) conceptOf(word, lang string) string {
	for _, k := range []string{word, "~" + lang + " " + stem(lang, word)} {
		for _, g := range th.byForm[k] {
			if c := th.only[g]; c != "" && !th.weak[c] && c != "country" {
				return c
			}
		}
	}
	return ""
}

// forms are the other phrases for a folded name.
func (th *thesaurus) forms(folded string) []alias {
	return th.lookup(folded, func(c string) bool { return c == "" })
}

// valueForms are the other phrases for a folded value of a field that plays a
// concept. Country names also serve fields that play none.
func (th *thesaurus) valueForms(folded, concept string) []alias {
	return th.lookup(folded, func(c string) bool { return c == "" || c == concept })
}

func (th *thesaurus) lookup(folded string, fits func(concept string) bool) []alias {
	seen := map[int]bool{}
	var out []alias
	keys := []string{folded}
	for _, l := range languages {
		// Short stems are shared by strangers: "madrid" and "madre".
		if s := stem(l, folded); len(s) >= 5 || s == folded {
			keys = append(keys, "~"+l+" "+s)
		}
	}
	for _, k := range keys {
		for _, g := range th.byForm[k] {
			if seen[g] || !fits(th.only[g]) {
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

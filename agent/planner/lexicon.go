package planner

import (
	"fmt"
	"io/fs"
	"sort"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"
	"golang.org/x/text/unicode/norm"
)

// entry is one meaning of a phrase: a category of the grammar and the
// attribute it carries ("compare", ">=").
type entry struct {
	cat  string
	attr string
	form string // noun or verb, for concepts
}

// lexicon is one language's phrases.
type lexicon struct {
	lang     string
	decimal  string
	dayFirst bool
	// exact holds folded phrases, stems those of the categories that inflect.
	// plain are those of exact that are written without accents.
	exact, stems, plain map[string][]entry
	words               map[string]bool // every single word of every phrase
	// verbEndings tell a form of an event's name that is a statement
	// ("deposited") from one that is a thing ("deposits").
	verbEndings []string
	// statements are those of them that no name has: "alojaron".
	statements []string
	// opposites begin a word that says the contrary: "unresolved".
	opposites     []string
	futureEndings []string
	// doerEndings make who does it of an event's name: "depositors".
	doerEndings []string
	// participles are endings of what was done: "lo gastado".
	participles []string
	// ours are endings of what we did: "facturamos".
	ours []string
	// reasons is what a field is called that keeps why something was done.
	reasons []string
	// undoneEndings are those of what is said to be still undone: "por pagar".
	undoneEndings []string
	// typed holds the words as they are written, accents and all.
	typed map[string]bool
	// accented holds the phrases that bear accents as they are written: where
	// one is typed so, "é" is not "e".
	accented   map[string][]entry
	vocabulary []string // words, in order
	// denials are the phrases for "not" of several words, by the first.
	denials map[string][][]string
	// known are the words by which slips are mended, threes the letters that
	// follow one another in them.
	known  []string
	threes func() map[string]bool
	// moneyVerbs are forms of verbs behind which a bare figure is money, called
	// the names of tables' fields by what they play. Neither says more of a word.
	moneyVerbs map[string]bool
	called     map[string]string
	heard      map[string][]misheard
	short      []shorthand
	little     []string
	verbs      []verbEntry // phrases with marked verbs, still to be expanded
}

// verbEntry is a meaning of the forms of a phrase's verbs: see conjugator.
type verbEntry struct {
	forms []string
	entry
}

// inflected are the categories whose phrases also match by stem.
var inflected = map[string]bool{
	"concepts": true, "measures": true, "buyers": true, "idioms": true, "units": true,
}

// readLexicon reads one language's file.
func readLexicon(files fs.FS, lang string) (*lexicon, error) {
	raw, err := fs.ReadFile(files, "lexicon/"+lang+".yaml")
	if err != nil {
		return nil, fmt.Errorf("read the lexicon: %w", err)
	}
	var doc map[string]any
	if err := yaml.Unmarshal(raw, &doc); err != nil {
		return nil, fmt.Errorf("read the lexicon %s: %w", lang, err)
	}
	lx := &lexicon{lang: lang, exact: map[string][]entry{}, stems: map[string][]entry{}, plain: map[string][]entry{}, words: map[string]bool{}, accented: map[string][]entry{}, typed: map[string]bool{}}
	lx.decimal, _ = doc["decimal"].(string)
	lx.dayFirst, _ = doc["day_first"].(bool)
	cats := make([]string, 0, len(doc))
	for cat := range doc {
		cats = append(cats, cat)
	}
	sort.Strings(cats)
	for heading, list := range map[string]*[]string{
		"verb_endings": &lx.verbEndings, "future_endings": &lx.futureEndings, "doer_endings": &lx.doerEndings, "reason_names": &lx.reasons, "our_endings": &lx.ours,
		"participle_endings": &lx.participles, "undone_endings": &lx.undoneEndings,
		"statement_endings": &lx.statements,
	} {
		if parts, ok := doc[heading].([]any); ok {
			for _, e := range parts {
				*list = append(*list, fmt.Sprint(e))
			}
		}
		delete(doc, heading)
	}
	for _, read := range []func(map[string]any) error{lx.asides, lx.mishearings, lx.shorthands, lx.littles} {
		if err := read(doc); err != nil {
			return nil, fmt.Errorf("read the lexicon %s: %w", lang, err)
		}
	}
	if list, ok := doc["opposite_prefixes"].([]any); ok {
		for _, e := range list {
			lx.opposites = append(lx.opposites, fold(fmt.Sprint(e)))
		}
	}
	delete(doc, "opposite_prefixes")
	for _, cat := range cats {
		if doc[cat] == nil {
			continue
		}
		if err := lx.add(cat, doc[cat]); err != nil {
			return nil, fmt.Errorf("read the lexicon %s: %s: %w", lang, cat, err)
		}
	}
	for w := range lx.words {
		if slips(w) > 0 {
			lx.vocabulary = append(lx.vocabulary, w)
		}
	}
	sort.Strings(lx.vocabulary)
	lx.conjugate()
	lx.gatherDenials()
	lx.known, lx.threes = lx.listKnown(), sync.OnceValue(lx.allThrees)
	return lx, nil
}

// add takes a category in any of its shapes: a list of phrases; phrases by
// attribute; for concepts phrases by attribute and form; a phrase and its
// number.
func (lx *lexicon) add(cat string, v any) error {
	switch v := v.(type) {
	case string, bool:
		return nil // a setting of the file
	case []any:
		return lx.phrases(v, entry{cat: cat})
	case map[string]any:
		attrs := make([]string, 0, len(v))
		for a := range v {
			attrs = append(attrs, a)
		}
		sort.Strings(attrs)
		for _, a := range attrs {
			var err error
			switch list := v[a].(type) {
			case []any:
				err = lx.phrases(list, entry{cat: cat, attr: a})
			case map[string]any: // concepts: noun, verb
				for _, form := range []string{"noun", "verb"} {
					if l, ok := list[form].([]any); ok && err == nil {
						err = lx.phrases(l, entry{cat: cat, attr: a, form: form})
					}
				}
			default: // a number word
				err = lx.phrases([]any{a}, entry{cat: cat, attr: fmt.Sprint(list)})
			}
			if err != nil {
				return fmt.Errorf("%s: %w", a, err)
			}
		}
		return nil
	default:
		return fmt.Errorf("neither a list nor a map")
	}
}

func (lx *lexicon) phrases(list []any, e entry) error {
	for _, p := range list {
		s := fmt.Sprint(p)
		if forms, ok, err := lx.verbsOf(s); err != nil {
			return err
		} else if ok {
			lx.verbs = append(lx.verbs, verbEntry{forms, e})
			continue
		}
		if bare := strings.ReplaceAll(s, "'s", ""); bare != s && e.cat == "named_days" { // as tokens are
			lx.put(lx.exact, foldPhrase(bare), e)
			lx.put(lx.plain, foldPhrase(bare), e)
		}
		f := foldPhrase(s)
		if f == "" {
			return fmt.Errorf("empty phrase %q", s)
		}
		lx.put(lx.exact, f, e)
		if low := strings.ToLower(norm.NFC.String(s)); low != f && hasAccent(low) {
			lx.put(lx.accented, low, e)
		} else {
			lx.put(lx.plain, f, e)
		}
		if e.cat == goods { // what a trade sells is no word of the language before a value of the data
			continue
		}
		several := strings.Contains(f, " ")
		for _, w := range strings.Fields(strings.ToLower(norm.NFC.String(s))) {
			if !several || e.attr != "signup" {
				lx.typed[w] = true
			}
		}
		for _, w := range strings.Fields(f) {
			// The words of "día de la madre" are nobody's but its own, and those of
			// "cuentas opened" are of two languages.
			if !several || e.cat != "named_days" && e.attr != "signup" {
				lx.words[w] = true
			}
		}
		// "jogador" has the stem of "jogos", which are no players.
		if e.attr == "customer" && lx.namesDoer(f) {
			for _, many := range []string{f + "s", f + "es"} {
				if len(lx.exact[many]) == 0 {
					lx.put(lx.exact, many, e)
				}
			}
			continue
		}
		// "alumnos" has the stem of "alumna", and is not of women only.
		if inflected[e.cat] && e.attr != "customer_female" {
			lx.put(lx.stems, stem(lx.lang, f), e)
		}
	}
	return nil
}

// namesDoer tells whether a word is made of what somebody does: "player".
func (lx *lexicon) namesDoer(folded string) bool {
	for _, end := range lx.doerEndings {
		if len(folded) > len(end)+2 && strings.HasSuffix(folded, end) {
			return true
		}
	}
	return false
}

// verbsOf are the forms of a phrase with verbs marked in it, folded.
func (lx *lexicon) verbsOf(phrase string) (forms []string, ok bool, err error) {
	c, err := conjugations()
	if err != nil {
		return nil, false, err
	}
	forms, ok, err = c.expand(lx.lang, phrase)
	for i, f := range forms {
		forms[i] = foldPhrase(f)
	}
	return forms, ok, err
}

// conjugate enters the forms of the verbs that lists name by their infinitives,
// but for those that stand in some list themselves.
func (lx *lexicon) conjugate() {
	listed := make(map[string]bool, len(lx.exact))
	for f := range lx.exact {
		listed[f] = true
	}
	for _, v := range lx.verbs {
		for _, f := range v.forms {
			if listed[f] {
				continue
			}
			lx.put(lx.exact, f, v.entry)
			lx.put(lx.plain, f, v.entry)
			for _, w := range strings.Fields(f) {
				lx.words[w] = true
			}
		}
	}
	lx.verbs = nil
}

func (lx *lexicon) put(m map[string][]entry, key string, e entry) {
	for _, have := range m[key] {
		if have == e {
			return
		}
	}
	m[key] = append(m[key], e)
}

// foldPhrase folds a lexicon phrase as tokens are; symbols stay themselves.
func foldPhrase(s string) string {
	words := strings.Fields(s)
	for i, w := range words {
		if f := fold(w); f != "" {
			words[i] = f
		}
	}
	return strings.Join(words, " ")
}

// hasAccent tells whether folding would drop an accent.
func hasAccent(s string) bool {
	return strings.ContainsFunc(norm.NFD.String(s), func(r rune) bool { return r >= 0x300 && r < 0x370 })
}

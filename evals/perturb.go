package evals

import (
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/goccy/go-yaml"

	"tesela/agent/model"
	"tesela/evals/perturb"
	"tesela/prompts"
)

// Perturbations are the ways to type a question worse, or otherwise, without
// asking another.
var Perturbations = perturb.Kinds

// Perturb asks a case with noise: the same case, kinds and seed give the same
// questions everywhere. Its golds stay, and a question back is not right where
// it was not. Noise in the result tells which kinds changed a turn; where it is
// empty the case is what it was, and is not to be counted as perturbed.
// Kinds that there are not do nothing (see perturb.Check).
//
// It knows the words of the lexicons; Noise.Perturb those of the data too.
func Perturb(c Case, kinds []string, seed int) Case {
	n, err := lexiconNoise()
	if err != nil {
		return c // its own files cannot be read: the tests see to it that they can
	}
	return n.Perturb(c, kinds, seed)
}

var lexiconNoise = sync.OnceValues(func() (*Noise, error) { return NewNoise(nil) })

// Noise perturbs cases. It is safe for concurrent use.
type Noise struct {
	noise *perturb.Noise
	known map[string]bool // in lower case, with accents and without
	// phrases are names and values of the data, without accents.
	phrases map[string]bool
}

// NewNoise makes noise for the questions about some data, whose words no slip
// of the keyboard comes to; nil is no data.
func NewNoise(cat *model.Catalogue) (*Noise, error) {
	n := &Noise{known: map[string]bool{}, phrases: map[string]bool{}}
	var err error
	if n.noise, err = perturb.New(); err != nil {
		return nil, err
	}
	lists := map[string][][]string{}
	for _, lang := range Languages {
		raw, err := fs.ReadFile(prompts.Lexicon, "lexicon/"+lang+".yaml")
		if err != nil {
			return nil, fmt.Errorf("read the lexicon's words: %w", err)
		}
		var doc any
		if err := yaml.Unmarshal(raw, &doc); err != nil {
			return nil, fmt.Errorf("read the lexicon's words in %s: %w", lang, err)
		}
		n.learnAll(doc)
		lists[lang] = sayTheSame(doc)
	}
	if err := ofTheTrades(lists); err != nil {
		return nil, err
	}
	if cat != nil {
		n.learnFields(cat.Traits)
		for _, e := range cat.Events {
			n.learn(e.Name)
			n.phrases[phraseOf(e.Name)] = true
			n.learnFields(e.Props)
		}
		for w := range cat.Words {
			n.learn(w)
		}
	}
	for _, lang := range Languages {
		for p := range n.phrases {
			lists[lang] = append(lists[lang], []string{p}, []string{p}) // what the data calls something is called so
		}
		n.noise.Learn(lang, lists[lang])
	}
	return n, nil
}

// Perturb is as the function of that name.
func (n *Noise) Perturb(c Case, kinds []string, seed int) Case {
	c.Turns, c.Noise = slices.Clone(c.Turns), nil
	for i, q := range c.Turns {
		id := c.ID
		if i > 0 {
			id = fmt.Sprintf("%s#%d", c.ID, i+1)
		}
		noisy, changed := n.noise.Apply(q, kinds, perturb.Options{
			Lang: c.Lang, ID: id, Seed: seed, Known: func(w string) bool { return n.known[w] },
		})
		if len(changed) == 0 {
			continue
		}
		c.Turns[i] = noisy
		for _, k := range changed {
			if !slices.Contains(c.Noise, k) {
				c.Noise = append(c.Noise, k)
			}
		}
	}
	if c.Question != "" {
		c.Question = c.Turns[0]
	}
	return c
}

// learnAll learns the words of a file, keys and all.
func (n *Noise) learnAll(v any) {
	switch v := v.(type) {
	case string:
		n.learn(v)
	case []any:
		for _, e := range v {
			n.learnAll(e)
		}
	case map[string]any:
		for k, e := range v {
			n.learn(k)
			n.learnAll(e)
		}
	}
}

// mostValues bounds the values of a field that are learnt: those of longer
// ones are codes and names of people.
const mostValues = 10_000

func (n *Noise) learnFields(fields []model.Field) {
	for _, f := range fields {
		n.learn(f.Name)
		n.phrases[phraseOf(f.Name)] = true
		if f.Values == nil || f.Values.Len() > mostValues {
			continue
		}
		for i := range f.Values.Len() {
			n.learn(f.Values.At(i))
			n.phrases[phraseOf(f.Values.At(i))] = true
		}
	}
}

// learn learns the words of a phrase, as they are and without accents.
func (n *Noise) learn(phrase string) {
	for _, w := range strings.FieldsFunc(phrase, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) }) {
		n.known[strings.ToLower(w)] = true
		n.known[fold(w)] = true
	}
}

// synonymous are the headings of the lexicons whose phrases say the same, or
// whose parts' do.
var synonymous = []string{
	"after", "age_compare", "ask_count", "before", "buyers", "by", "by_times", "compare", "distinct", "except", "idioms", "inactive",
	"just_one", "measures", "more_than_once", "per_customer", "since", "stats", "until", "versus",
	"concepts customer", "concepts purchase", "concepts spend", "concepts refund", "concepts visit", "concepts cart", "concepts click",
	"concepts unsubscribe", "concepts birthday", "concepts age", "concepts signup",
}

// sayTheSame are the lists of a lexicon of phrases that say the same. What
// stands under other headings too is in lists of its own besides, so that it is
// not taken for what it means here.
func sayTheSame(doc any) [][]string {
	all, _ := doc.(map[string]any)
	var out [][]string
	give := func(heading string, v any) {
		for _, list := range listsIn(v) {
			if slices.Contains(synonymous, heading) {
				out = append(out, list)
				continue
			}
			for _, p := range list {
				out = append(out, []string{p})
			}
		}
	}
	for _, heading := range slices.Sorted(maps.Keys(all)) {
		concepts, _ := all[heading].(map[string]any)
		if heading != "concepts" {
			give(heading, all[heading])
			continue
		}
		for _, c := range slices.Sorted(maps.Keys(concepts)) {
			give(heading+" "+c, concepts[c])
		}
	}
	return out
}

// ofTheTrades adds the phrases of the terms, each by itself: what else a word
// means in some trade is not known here.
func ofTheTrades(lists map[string][][]string) error {
	raw, err := fs.ReadFile(prompts.Lexicon, "lexicon/terms.yaml")
	if err != nil {
		return fmt.Errorf("read the terms: %w", err)
	}
	var doc struct {
		Terms []map[string]any `yaml:"terms"`
	}
	if err := yaml.Unmarshal(raw, &doc); err != nil {
		return fmt.Errorf("read the terms: %w", err)
	}
	for _, term := range doc.Terms {
		for key, v := range term {
			lang, kind, _ := strings.Cut(key, "_")
			for _, list := range listsIn(v) {
				for _, p := range list {
					lists[lang] = append(lists[lang], []string{p})
					if kind == "people" { // who does it, and they who do
						lists[lang] = append(lists[lang], []string{p + "s"}, []string{p + "es"})
					}
				}
			}
		}
	}
	return nil
}

// phraseOf is a name as it is said: without accents, signs between its words
// as spaces.
func phraseOf(name string) string {
	return strings.Join(strings.FieldsFunc(fold(name), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }), " ")
}

// listsIn are the lists of phrases in a part of a lexicon, in order.
func listsIn(v any) [][]string {
	switch v := v.(type) {
	case []any:
		var list []string
		for _, p := range v {
			if s := fmt.Sprint(p); !strings.ContainsAny(s, "~(|[") {
				list = append(list, s)
			}
		}
		return [][]string{list}
	case map[string]any:
		var out [][]string
		for _, k := range slices.Sorted(maps.Keys(v)) {
			out = append(out, listsIn(v[k])...)
		}
		return out
	}
	return nil
}

package evals

import (
	"fmt"
	"io/fs"
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
}

// NewNoise makes noise for the questions about some data, whose words no slip
// of the keyboard comes to; nil is no data.
func NewNoise(cat *model.Catalogue) (*Noise, error) {
	n := &Noise{known: map[string]bool{}}
	var err error
	if n.noise, err = perturb.New(); err != nil {
		return nil, err
	}
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
	}
	if cat != nil {
		n.learnFields(cat.Traits)
		for _, e := range cat.Events {
			n.learn(e.Name)
			n.learnFields(e.Props)
		}
		for w := range cat.Words {
			n.learn(w)
		}
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
		if f.Values == nil || f.Values.Len() > mostValues {
			continue
		}
		for i := range f.Values.Len() {
			n.learn(f.Values.At(i))
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

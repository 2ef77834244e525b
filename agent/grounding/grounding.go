// Package grounding tells whether what a text says is what was computed: each
// figure with its unit and sign, each date, and each name of a field, segment,
// value or customer must come from the results of the turn, from the arguments
// of its calls or from the question. It is a check on language models; it
// corrects nothing and words nothing. What it cannot read as a claim it lets
// pass, what it reads and does not find it names.
package grounding

import (
	"time"

	"tesela/agent/model"
	"tesela/agent/wording"
)

// Turn is what a text is checked against.
type Turn struct {
	Language *wording.Language
	Calls    []wording.Call
	Question string
	// AsOf may be named as a date; the zero time is none.
	AsOf time.Time
	// Catalogue, where it is known, tells names and values of the data: one
	// that stands in a text and in no result is strange. Nil leaves that out.
	Catalogue *model.Catalogue
}

// Kind is what sort of thing in a text comes from nowhere.
type Kind string

// The kinds of strange things.
const (
	Figure Kind = "figure"
	Date   Kind = "date"
	Name   Kind = "name"
)

// Strange is something that a text says and nothing bears out.
type Strange struct {
	Kind Kind
	Text string // as the text has it
}

// Check lists what a text says that does not come from the turn, in the order
// of the text, each once.
func Check(t Turn, text string) ([]Strange, error) {
	c, err := Against(t)
	if err != nil {
		return nil, err
	}
	return c.Check(text), nil
}

// Checker checks texts against one turn: what bears them out is gathered once,
// for a text that is looked at again with each of its sentences. It is safe for
// concurrent use.
type Checker struct {
	language *wording.Language
	words    *words
	evidence *evidence
}

// Against gathers what a turn bears out, as it is now.
func Against(t Turn) (*Checker, error) {
	all, err := loadWords()
	if err != nil {
		return nil, err
	}
	words := all[t.Language.Code]
	return &Checker{language: t.Language, words: words, evidence: gather(t, words)}, nil
}

// Check lists what a text says that does not come from the turn, in the order
// of the text, each once.
func (c *Checker) Check(text string) []Strange {
	var found []Strange
	seen := map[Strange]bool{}
	add := func(kind Kind, text string) {
		if s := (Strange{kind, text}); !seen[s] {
			seen[s] = true
			found = append(found, s)
		}
	}
	e := c.evidence
	doc := read(text)
	doc.mark(e)
	for _, s := range doc.sentences {
		for _, d := range c.words.dates(c.language, s) {
			if !e.dated(d) {
				add(Date, d.text)
			}
		}
		for _, claim := range c.words.claims(c.language, s) {
			if !e.bears(claim, s, doc) {
				add(Figure, claim.text)
			}
		}
		for _, n := range e.unknownNames(s) {
			add(Name, n)
		}
	}
	return found
}

// Figures are the figures that a text states, as it writes them, in order.
func Figures(lang *wording.Language, text string) ([]string, error) {
	all, err := loadWords()
	if err != nil {
		return nil, err
	}
	var figures []string
	for _, s := range read(text).sentences {
		for _, c := range all[lang.Code].claims(lang, s) {
			figures = append(figures, c.text)
		}
	}
	return figures, nil
}

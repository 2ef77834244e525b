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
	all, err := loadWords()
	if err != nil {
		return nil, err
	}
	words := all[t.Language.Code]
	e := gather(t, words)
	var found []Strange
	seen := map[Strange]bool{}
	add := func(kind Kind, text string) {
		if s := (Strange{kind, text}); !seen[s] {
			seen[s] = true
			found = append(found, s)
		}
	}
	doc := read(text)
	doc.mark(e)
	for _, s := range doc.sentences {
		for _, d := range words.dates(t.Language, s) {
			if !e.dated(d) {
				add(Date, d.text)
			}
		}
		for _, c := range words.claims(t.Language, s) {
			if !e.bears(c, s, doc) {
				add(Figure, c.text)
			}
		}
		for _, n := range e.unknownNames(s) {
			add(Name, n)
		}
	}
	return found, nil
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

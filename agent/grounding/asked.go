package grounding

import (
	"encoding/json"
	"slices"
	"strings"

	"tesela/agent/model"
	"tesela/agent/wording"
)

// What was asked for is no finding. A question and the arguments of a call hold
// figures, as does whatever strangers wrote into the data: the first may be
// repeated as the bounds that they are, the last only as the names that they
// are. Otherwise a call with a figure of one's liking would bear it out.

// nearBefore and nearAfter are within how many tokens a word makes a figure a
// bound.
const (
	nearBefore = 5
	nearAfter  = 3
)

// fewThings is how many of what is no customer a text may name without such a
// word, and fewAsked how many one that asks.
const (
	fewThings = 100
	fewAsked  = 12
)

// asking tells who a figure comes from that was asked for.
type asking int

const (
	byNobody asking = iota // it was found
	byWord                 // the question has it: who reads the answer has written it
	byCall                 // arguments have it, or a text that repeats them
	byModel                // nothing has it: it is what a reading to choose asks by
)

// bound tells whether a sentence gives a figure as a limit. One of the question
// may also be repeated by itself, but not as so many customers or so much money.
func (w *words) bound(c claim, s *sentence, by asking) bool {
	switch {
	case c.unit.kind == multiple:
		return false // nobody asks by it
	case c.unit.kind == duration, c.loose, c.unit.kind == bare && by == byWord:
		return true
	}
	thing := c.unit.kind == times || c.unit.kind == things && !shared(c.unit.names, people)
	if thing && (c.value <= fewAsked || c.value <= fewThings && by != byModel) {
		return true
	}
	prior, next := s.tokens[max(0, c.at-nearBefore):c.at], s.tokens[c.end:min(len(s.tokens), c.end+nearAfter)]
	for i := range prior {
		if after(prior[i:], w.Bounds) > 0 || thing && slices.Contains(w.With, prior[i].low) {
			return true
		}
	}
	if w.between(prior) {
		return true
	}
	for i := range next {
		if after(next[i:], w.Bounds) > 0 || after(s.tokens[c.end+i:], w.OrMore) > 0 {
			return true
		}
	}
	return len(prior) > 0 && isSign(prior[len(prior)-1]) || len(next) > 0 && next[0].text == "+"
}

// isSign tells whether a token is a sign of comparison.
func isSign(t token) bool { return t.kind == mark && strings.Contains("≥≤><=±", t.text) }

// between tells whether the tokens before a figure make it one of two that
// something lies between.
func (w *words) between(prior []token) bool {
	n := len(prior)
	is := func(back int) bool { return n >= back && slices.Contains(w.Between, prior[n-back].low) }
	return is(1) || is(3) && prior[n-2].kind == number || is(4) && (prior[n-2].kind == number || prior[n-3].kind == number)
}

// Stated lists the figures that a text states as findings and nothing bears
// out: those that it only asks by are left alone.
func (c *Checker) Stated(text string) []Strange {
	var found []Strange
	doc := read(text)
	doc.mark(c.evidence)
	for _, s := range doc.sentences {
		c.words.dates(c.language, s) // takes their tokens
		for _, claim := range c.words.claims(c.language, s) {
			if !c.evidence.bears(claim, s, doc) && !c.words.bound(claim, s, byModel) {
				found = append(found, Strange{Figure, claim.text})
			}
		}
	}
	return found
}

// asks takes a text whose figures are bounds.
func (e *evidence) asks(lang *wording.Language, w *words, text string, by asking) {
	from := len(e.facts)
	e.says(lang, w, text)
	for i := range e.facts[from:] {
		e.facts[from+i].asked = by
	}
}

// shortest is how long a text of an argument must be to be taken out of others.
const shortest = 4

// given notes the texts of a call's arguments, which titles and notes repeat.
func (e *evidence) given(args json.RawMessage) {
	var v any
	if json.Unmarshal(args, &v) != nil {
		return
	}
	for _, text := range texts(nil, v) {
		if len(text) >= shortest {
			e.repeated = append(e.repeated, text)
		}
	}
	slices.SortFunc(e.repeated, func(a, b string) int { return len(b) - len(a) })
}

// own is a text of a tool without what it repeats of arguments.
func (e *evidence) own(text string) string {
	for _, a := range e.repeated {
		text = strings.ReplaceAll(text, a, " … ")
		if clean := wording.Clean(a); len(clean) >= shortest {
			text = strings.ReplaceAll(text, clean, " … ")
		}
	}
	return text
}

// quoting are the columns whose cells are the data's own words, or what people
// wrote of it.
var quoting = []string{"value", "examples", "stands_for", "name", "text"}

// written tells whether a cell was written by strangers rather than by a tool:
// it is a value or name of the data, or stands in a column of such.
func (e *evidence) written(column, cell string) bool {
	return slices.Contains(quoting, column) || e.fields[column] || e.known != nil && e.known(cell)
}

// fieldsOf are the names of traits and properties, as columns have them.
func fieldsOf(c *model.Catalogue) map[string]bool {
	names := map[string]bool{}
	if c == nil {
		return names
	}
	for _, f := range c.Traits {
		names[f.Name] = true
	}
	for _, e := range c.Events {
		names[e.Name] = true
		for _, f := range e.Props {
			names[f.Name], names[e.Name+"."+f.Name] = true, true
		}
	}
	return names
}

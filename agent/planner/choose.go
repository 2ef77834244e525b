package planner

import (
	"slices"
	"strconv"
	"strings"

	"tesela/agent/model"
)

// choice reads an answer to the readings that were offered: its number, its
// place, its words. Any other question is taken as it is.
func (t *talking) choice() ([]model.Call, *model.Decision) {
	at, picked := t.offered()
	if at < 0 {
		return nil, nil
	}
	list := t.turns[at].reply().Choices
	if move := t.p.moveOf(t.question, t.lang); move != nil {
		switch move.kind {
		case "both":
			if len(list) > 3 || picked >= 0 {
				return nil, nil
			}
			return t.choose(at, indices(0, len(list))...)
		case "first_n":
			if n := t.p.smallNumber(move.slot("n"), move.lang); n > 0 && n <= min(len(list), 3) {
				return t.choose(at, indices(0, n)...)
			}
			return nil, t.outOfRange(list)
		case "neither":
			if picked < 0 {
				return nil, t.asks(model.NoneOfThem)
			}
		case "other":
			if picked >= 0 && len(list) == 2 {
				return t.choose(at, 1-picked)
			}
		}
	}
	n, known := t.p.picked(t.question, t.lang, list)
	switch {
	case !known:
		return nil, nil
	case n < 0 || n >= len(list):
		return nil, t.outOfRange(list)
	}
	return t.choose(at, n)
}

// offered is the turn whose readings are still to be chosen from: the last one,
// or the one before it where that was just chosen from; picked is what was.
func (t *talking) offered() (at, picked int) {
	last := len(t.turns) - 1
	if last < 0 {
		return -1, -1
	}
	offers := func(i int) bool {
		d := t.turns[i].reply()
		return t.turns[i].unclear() && d != nil && len(d.Choices) > 0
	}
	if offers(last) {
		return last, -1
	}
	if last > 0 && offers(last-1) && !t.turns[last].unclear() {
		if n, known := t.p.picked(t.turns[last].text(), t.lang, t.turns[last-1].reply().Choices); known && n >= 0 {
			return last - 1, n
		}
	}
	return -1, -1
}

func (t *talking) outOfRange(list []model.Choice) *model.Decision {
	d := t.asks(model.NoSuchChoice)
	d.Choices = list
	d.Params = map[string]string{"n": strconv.Itoa(len(list))}
	return d
}

// choose asks the readings of those numbers in the place of the question that
// they are of.
func (t *talking) choose(at int, numbers ...int) ([]model.Call, *model.Decision) {
	var calls []model.Call
	var notes []note
	var dec *model.Decision
	list, before := t.turns[at].reply().Choices, t.turns[:at]
	for len(before) > 0 && before[len(before)-1].unclear() {
		before = before[:len(before)-1] // asked back about the same
	}
	for _, n := range numbers {
		question := list[n].Question
		if question == "" {
			question = list[n].Label
		}
		some, told := t.readAs(t.p, before, question)
		if t.err != nil || told == nil || len(some) == 0 {
			return some, told
		}
		for _, c := range some {
			c.ID = strconv.Itoa(len(calls) + 1)
			calls = append(calls, c)
		}
		dec, notes = told, with(notes, notesOf(told)...)
	}
	if dec != nil {
		dec.Doubt = nil // it was chosen
		for i := range notes {
			notes[i].doubt = false
		}
		say(notes, dec)
	}
	return calls, dec
}

// picked is which reading a text takes, from 0; known is false where it takes
// none, and the number lies outside where there is none of that number.
func (p *Planner) picked(text, lang string, list []model.Choice) (n int, known bool) {
	same := func(s string) bool {
		return s != "" && fold(strings.Trim(s, " ¿?.!")) == fold(strings.Trim(text, " ¿?.!"))
	}
	for i, c := range list {
		if same(c.Question) || same(c.Label) {
			return i, true
		}
	}
	toks := tokenize(text)
	if len(toks) == 0 || len(toks) > longestMove {
		return 0, false
	}
	for _, l := range append([]string{lang}, languages...) {
		w := p.talk[l]
		if w == nil {
			continue
		}
		from, to := p.orders.langs[l].bare(toks)
		for _, at := range [][2]int{{0, len(toks)}, {from, to}} {
			for n := range w.picks {
				if fitsWhole(w.picks[n], toks, text, at[0], at[1], nil) == nil && fitsWhole(w.places[n], toks, text, at[0], at[1], nil) == nil {
					continue
				}
				if n == 0 {
					n = len(list)
				}
				return n - 1, true
			}
			if spans := fitsWhole(w.pickAny, toks, text, at[0], at[1], nil); spans != nil {
				s := &said{spans: spans, toks: toks, text: text}
				if n := p.smallNumber(s.slot("n"), l); n > 0 {
					return n - 1, true
				}
			}
		}
	}
	return p.byWords(toks, lang, list)
}

// mostPicking is how many words with weight an answer may have that takes a
// reading by some of its words.
const mostPicking = 5

// byWords is the one reading that has all words of the answer in it, where some
// of them are in no other.
func (p *Planner) byWords(toks []token, lang string, list []model.Choice) (int, bool) {
	lx, w := p.lexicons[lang], p.talk[lang]
	if lx == nil || w == nil {
		return 0, false
	}
	stems := func(text string) map[string]bool {
		out := map[string]bool{}
		for _, t := range tokenize(text) {
			for _, word := range strings.Fields(t.folded) {
				out[stem(lang, word)] = true
			}
		}
		return out
	}
	var labels []map[string]bool
	for _, c := range list {
		labels = append(labels, stems(c.Label+" "+c.Question))
	}
	everywhere := func(s string) bool {
		return !slices.ContainsFunc(labels, func(l map[string]bool) bool { return !l[s] })
	}
	var content []string
	for _, t := range toks {
		if t.kind == tokBreak || slices.ContainsFunc(lx.exact[t.folded], func(e entry) bool { return sayNothing[e.cat] }) || w.generic[t.folded] {
			continue
		}
		for _, word := range strings.Fields(t.folded) {
			content = append(content, stem(lang, word))
		}
	}
	if len(content) == 0 || len(content) > mostPicking {
		return 0, false
	}
	if !slices.ContainsFunc(content, func(s string) bool { return !everywhere(s) }) {
		return 0, false
	}
	found := -1
	for i, l := range labels {
		if slices.ContainsFunc(content, func(s string) bool { return !l[s] }) {
			continue
		}
		if found >= 0 {
			return 0, false
		}
		found = i
	}
	return found, found >= 0
}

// sayNothing are the categories of words that say nothing of which reading is
// meant.
var sayNothing = map[string]bool{"glue": true, "glue_weak": true, "filler": true, "of": true, "relatives": true, "articles": true, "only": true, "followup": true, "by": true}

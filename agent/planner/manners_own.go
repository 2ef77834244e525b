package planner

import (
	"slices"
)

// What people tell of themselves around a question takes forms without end: "I'm
// new here", "me lo pide dirección", "temos reunião às 5". It is told by its
// form: a part of the sentence that says nothing of the data, and whose speaker
// is who asks, or all of whose words are of such talk.

// ownWords are the words of such parts in one language: who speaks, what makes
// a wish of it (which asks for something), what begins a reason, and of what
// people talk when they talk of their day.
type ownWords struct {
	lang                            string
	speakers, wishes, reasons, chat courtesies
}

// place is where a part stands by the question.
type place int

const (
	ahead place = iota
	behind
	afterwards // behind it, and parted from it by more than a comma
)

// ownIn are the words of such parts in the language that a question likely is
// of: a word of one language may be the asker in another.
func (p *Planner) ownIn(toks []token) []ownWords {
	langs, _ := p.likely(toks, "")
	i := slices.IndexFunc(p.manners.talk, func(w ownWords) bool { return w.lang == langs[0] })
	return p.manners.talk[i : i+1]
}

// pastOwn is where a part that begins at a token, and tells of who asks, ends;
// i where none does. It ends at a pause, or where a question begins.
func (p *Planner) pastOwn(toks []token, i int) int {
	to := partEnd(toks, i)
	for _, w := range p.ownIn(toks) {
		for k := i + 2; k < to; k++ {
			if p.asks(w.lang, toks, k) && p.chatIn(w, toks[i:k]).spoken && p.tellsOfAsker(w, toks[i:k], ahead) {
				return k
			}
		}
		if to < len(toks) && p.tellsOfAsker(w, toks[i:to], ahead) && !p.takenUp(w.lang, toks[to:]) {
			return to
		}
	}
	return i
}

// ownFrom is where the part that ends at a token, and tells of who asks, begins;
// to where none does.
func (p *Planner) ownFrom(toks []token, from, to int) int {
	begin := to
	for begin > from && toks[begin-1].kind != tokBreak {
		begin--
	}
	at := behind
	if begin > from && toks[begin-1].text != "," {
		at = afterwards
	}
	if begin == to && to > from+1 && toks[to-1].text == ")" {
		if open := openedAt(toks[:to]); open > from && slices.ContainsFunc(p.ownIn(toks), func(w ownWords) bool { return p.tellsOfAsker(w, toks[open+1:to-1], behind) }) {
			return open
		}
	}
	for _, w := range p.ownIn(toks) {
		if begin > from+1 && p.tellsOfAsker(w, toks[begin:to], at) {
			return begin
		}
		for k := max(begin, from+1); k < to-1; k++ {
			if next := longestOf(w.reasons, toks[:to], k, true, nil); next > k && p.isReason(w, toks[k:to], next-k) {
				return k
			}
		}
	}
	return to
}

// openedAt is where the brackets open that close at the end of tokens, -1 for
// nowhere.
func openedAt(toks []token) int {
	for i := len(toks) - 1; i >= 0; i-- {
		if toks[i].text == "(" {
			return i
		}
	}
	return -1
}

// partEnd is where the part of a sentence ends that a token is in.
func partEnd(toks []token, i int) int {
	for i < len(toks) && toks[i].kind != tokBreak {
		i++
	}
	return i
}

// asks tells whether a question begins at a token.
func (p *Planner) asks(lang string, toks []token, i int) bool {
	for j := i + 1; j <= min(len(toks), i+3); j++ {
		if slices.ContainsFunc(p.lexicons[lang].exact[phraseOf(toks[i:j])], func(e entry) bool { return e.cat == "ask_count" || e.cat == "ask_amount" || e.cat == "ask_share" }) {
			return true
		}
	}
	return false
}

// takenUp tells whether what follows speaks of those who were told of before.
func (p *Planner) takenUp(lang string, toks []token) bool {
	for i := range toks {
		for j := i + 1; j <= min(len(toks), i+2); j++ {
			if slices.ContainsFunc(p.lexicons[lang].exact[phraseOf(toks[i:j])], func(e entry) bool { return e.cat == "people_anaphora" }) {
				return true
			}
		}
	}
	return false
}

// tellsOfAsker tells whether a part of a sentence is about who asks, and not
// about what is asked: it begins with the asker, ahead of the question or as a
// sentence of its own behind it, and each word is of such talk.
func (p *Planner) tellsOfAsker(w ownWords, toks []token, at place) bool {
	if len(toks) == 0 || p.isValue(toks) {
		return false
	}
	start := longestOf(w.reasons, toks, 0, true, nil)
	for start < len(toks)-1 && p.weighsNothing(w.lang, toks[start]) && longestOf(w.speakers, toks, start, true, nil) == start {
		start++
	}
	if at == behind || longestOf(w.speakers, toks, start, true, nil) == start {
		return false
	}
	of := p.chatIn(w, toks)
	return of.known && (of.talked > 0 || at == ahead) && p.saysNothing(toks) && !p.saysWhen(w.lang, toks) && !p.wished(w, toks)
}

// timely are the categories of words that say when something was: "yesterday",
// "on Monday", "this week".
var timely = []string{"days", "weekdays", "weekend", "named_days", "units", "unit_plurals", "before", "after", "until", "since", "since_after", "so_far", "clock", "not", "not_ever"}

// saysWhen tells whether some words say when, or that something was not so: no
// talk may take that along.
func (p *Planner) saysWhen(lang string, toks []token) bool {
	for i := range toks {
		for j := i + 1; j <= min(len(toks), i+3); j++ {
			if slices.ContainsFunc(p.lexicons[lang].exact[phraseOf(toks[i:j])], func(e entry) bool { return slices.Contains(timely, e.cat) }) {
				return true
			}
		}
	}
	return false
}

// isReason tells whether what follows a word that begins a reason is one of who
// asks: all of it must be such talk.
func (p *Planner) isReason(w ownWords, toks []token, begun int) bool {
	rest := toks[begun:]
	of := p.chatIn(w, rest)
	return of.known && of.talked > 0 && p.saysNothing(rest) && !p.saysWhen(w.lang, toks) && !p.wished(w, rest)
}

// wished tells whether a part asks for something, corrects what was said, or
// denies.
func (p *Planner) wished(w ownWords, toks []token) bool {
	for i, t := range toks {
		if longestOf(w.wishes, toks, i, true, nil) > i || slices.ContainsFunc(p.lexicons[w.lang].exact[t.folded], func(e entry) bool { return e.cat == "correction" }) {
			return true
		}
	}
	return false
}

// chat is what a part has of such talk.
type chat struct {
	talked int     // how many of its words
	known  bool    // all others are without weight
	spoken bool    // the asker speaks
	left   []token // what is none
}

func (p *Planner) chatIn(w ownWords, toks []token) chat {
	of := chat{known: true}
	for i := 0; i < len(toks); i++ {
		if to := longestOf(w.chat, toks, i, true, nil); to > i {
			of.talked, i = of.talked+1, to-1
			continue
		}
		if to := longestOf(w.speakers, toks, i, true, nil); to > i {
			of.spoken, i = true, to-1
			continue
		}
		of.left = append(of.left, toks[i])
		of.known = of.known && (p.weighsNothing(w.lang, toks[i]) || longestOf(w.reasons, toks, i, true, nil) > i)
	}
	return of
}

// weighsNothing tells whether a word has no weight in a language, or only joins
// others.
func (p *Planner) weighsNothing(lang string, t token) bool {
	list := p.lexicons[lang].exact[t.folded]
	joins := func(e entry) bool { return e.cat == "articles" || e.cat == "and" || e.cat == "but" }
	return t.kind == tokWord && (light(list) || slices.ContainsFunc(list, joins) && !operates(list))
}

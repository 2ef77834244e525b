package planner

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// slipped finds the words of a question that nothing knows and that are near to
// something known.
func (p *Planner) slipped(question string, toks []token, langs []string) []slipped {
	var out []slipped
	for i := 0; i < len(toks); i++ {
		t := toks[i]
		if w := p.lexicons[langs[0]].misheardAt(toks, i); w != "" && len(p.ix.value(t.folded)) == 0 {
			out = append(out, slipped{from: t.from, to: t.to, text: t.text, meant: []sense{{w, slipSwapped, true}}})
			continue
		}
		if t.kind != tokWord || strings.ContainsFunc(t.folded, notLetter) || p.stands(t.folded) {
			continue
		}
		if slices.ContainsFunc(langs, func(l string) bool { return p.lexicons[l].saysUndone(toks, i) }) {
			continue // "por anular" is no slip of "anulado", which says the contrary
		}
		s := slipped{from: t.from, to: t.to, text: t.text}
		switch joined := p.joined(question, toks, i); {
		case joined > 0: // "custo mers"
			next := toks[i+1]
			s.to, s.text, s.meant = next.to, question[t.from:next.to], []sense{{t.folded + next.folded, slipMissing, true}}
			i++
		case joined < 0 && (len(out) == 0 || out[len(out)-1].to <= toks[i-1].from): // "cust omers", where one half is a word
			last := toks[i-1]
			s.from, s.text, s.meant = last.from, question[last.from:t.to], []sense{{last.folded + t.folded, slipMissing, true}}
		default:
			s.meant = p.lexicons[langs[0]].littleMeant(toks, i)
			for _, m := range p.meant(t, langs) {
				if len(s.meant) < mostMeant && !slices.ContainsFunc(s.meant, func(o sense) bool { return o.word == m.word }) {
					s.meant = append(s.meant, m)
				}
			}
			slices.SortStableFunc(s.meant, func(a, b sense) int { return a.slip - b.slip })
		}
		if len(s.meant) > 0 {
			out = append(out, s)
		}
	}
	return out
}

// joined tells whether a word is a known one with the next (1) or the last (-1).
func (p *Planner) joined(question string, toks []token, i int) int {
	fits := func(a, b int) bool {
		return a >= 0 && b < len(toks) && toks[a].kind == tokWord && toks[b].kind == tokWord && question[toks[a].to:toks[b].from] == " " &&
			utf8.RuneCountInString(toks[a].folded+toks[b].folded) > 4 && p.stands(toks[a].folded+toks[b].folded)
	}
	switch {
	case fits(i, i+1):
		return 1
	case fits(i-1, i):
		return -1
	}
	return 0
}

// stands tells whether a word stands in the lexicons, the forms or the data, or
// is a word of some trade: "ingressos" are tickets, whether sold here or not.
func (p *Planner) stands(w string) bool {
	return p.known(w) || p.ix.th.says(w) || len(p.ix.aliases[w]) > 0 || len(p.ix.value(w)) > 0 ||
		slices.ContainsFunc(languages, func(l string) bool { return within(p.orders.langs[l].vocabulary, w) || p.talk[l].words[w] })
}

// reads tells whether a word by itself means something, as a form of a word
// that stands somewhere.
func (p *Planner) reads(t token, lang string) bool {
	var others []*lexicon
	for _, l := range languages {
		if l != lang {
			others = append(others, p.lexicons[l])
		}
	}
	ps := newParse([]token{t}, p.lexicons[lang], others, p.ix, p.ix.cat.To, time.UTC)
	ps.alts = make([][]respelling, 1)
	ps.phraseLeaves(0, 1, t.folded, strings.ToLower(norm.NFC.String(t.text)), 0)
	ps.partLeaves(0)
	ps.valuesInPart(0)
	ps.oppositeOf(0)
	return len(ps.cells[0][1]) > 0 || ps.future(0, 1)
}

// meant are the known words that a typed one may be a slip of: the nearest ones
// of the question's language and of the data, or two words typed as one. Of a
// word that looks like a form of a known one only what fingers do is mended.
func (p *Planner) meant(t token, langs []string) []sense {
	typed, letters := t.folded, []rune(t.folded)
	if len(letters) < 4 || isOrdinary(langs[0], typed) {
		return nil
	}
	lang, lx := langs[0], p.lexicons[langs[0]]
	reads, odd := p.reads(t, lang), lx.odd(typed)
	if reads && !odd {
		return nil
	}
	var found []sense
	for most := 1; most <= 2 && len(found) == 0 && (most == 1 || len(letters) >= 9 && !reads); most++ {
		look := func(list []string, ofData, elsewhere bool) {
			nearWords(list, letters, most, func(w string, _ int) {
				slip := slipOf(typed, w)
				if endsOtherwise(typed, w) && slices.ContainsFunc(langs, func(l string) bool { return p.lexicons[l].mayBeQuiet(w) }) {
					return
				}
				elsewhere := elsewhere || ofData && p.spokenElsewhere(w, lang)
				if (most == 1 || typed[0] == w[0]) && (plausible(typed, w) || odd && typed[0] == w[0] && slip == slipMissing) && !lx.turns(typed, w) && (!reads || odd || slip <= slipDoubled) && (!elsewhere || slip <= slipMissing) && !slices.ContainsFunc(found, func(s sense) bool { return s.word == w }) {
					found = append(found, sense{w, slip, ofData || odd || slip <= slipDoubled || lx.says(w)})
				}
			})
		}
		for i, l := range langs { // of the likeliest language any slip, of others a plain one
			look(p.lexicons[l].known, false, i > 0)
			look(p.forms.langs[l].vocabulary, false, i > 0)
			look(p.orders.langs[l].vocabulary, false, i > 0)
		}
		if most == 1 {
			look(beginning(p.ix.vocabulary, string(letters[:1])), true, false)
		}
	}
	for _, f := range p.asFingersDo(t, lang) {
		if !slices.ContainsFunc(found, func(s sense) bool { return s.word == f.word }) {
			found = append(found, f)
		}
	}
	if !reads {
		for _, w := range p.parted(typed, lang) {
			says := slices.ContainsFunc(strings.Fields(w), lx.says) // "plátanos" is not "plata nos", which says nothing
			found = append(found, sense{w, slipMissing, odd || says})
		}
	}
	if !slices.ContainsFunc(found, func(s sense) bool { return s.sure }) {
		return nil
	}
	if slices.ContainsFunc(found, func(s sense) bool { return s.slip != slipOther && s.sure }) {
		// "jugadorrs" are jugadores: no finger goes from the a to the r.
		found = slices.DeleteFunc(found, func(s sense) bool { return s.slip == slipOther })
	}
	slices.SortStableFunc(found, func(a, b sense) int { return a.slip - b.slip })
	return found[:min(len(found), mostMeant)]
}

// plausible tells whether a word is long enough to be heard in a typed one: a
// slip in a short word makes another word, if it is not one that fingers make.
func plausible(typed, w string) bool {
	slip, n, m := slipOf(typed, w), utf8.RuneCountInString(typed), utf8.RuneCountInString(w)
	switch {
	case m < 4:
		return false
	case m == 4:
		return slip <= slipDoubled
	case n == 4:
		return slip <= slipDoubled || typed[0] == w[0] && typed[n-1] == w[len(w)-1]
	}
	return typed[0] == w[0] || m > 6
}

// The kinds of slips, the likeliest first.
const (
	slipSwapped = iota // two letters
	slipDoubled        // a letter typed twice
	slipMissing
	slipBeside // the key beside it
	slipOther
)

// slipOf is the kind of slip that makes a word the typed one.
func slipOf(typed, w string) int {
	t, r := []rune(typed), []rune(w)
	at := 0
	for at < len(t) && at < len(r) && t[at] == r[at] {
		at++
	}
	switch {
	case len(t) == len(r) && at+1 < len(t) && t[at] == r[at+1] && t[at+1] == r[at] && slices.Equal(t[at+2:], r[at+2:]):
		return slipSwapped
	case len(t) == len(r)+1 && at > 0 && t[at] == t[at-1] && slices.Equal(t[at+1:], r[at:]):
		return slipDoubled
	case len(t)+1 == len(r) && slices.Equal(t[at:], r[at+1:]):
		return slipMissing
	case len(t) == len(r) && at < len(t) && besideOnKeys(t[at], r[at]) && slices.Equal(t[at+1:], r[at+1:]):
		return slipBeside
	}
	return slipOther
}

// parted are two words of a language typed as one: "lastmonth".
func (p *Planner) parted(typed, lang string) []string {
	lx := p.lexicons[lang]
	odd := lx.odd(typed)
	var found []string
	word := func(w string) bool { // the code of a language is no half of a word
		return lx.words[w] || len(w) > 4 && len(lx.stems[stem(lang, w)]) > 0 || len(w) > 2 && (p.ix.words[w] || len(p.ix.names[w]) > 0 || within(p.ix.vocabulary, w))
	}
	for i := range typed {
		a, b := typed[:i], typed[i:]
		if lx.joinedLittle(a, b) && word(a) && word(b) {
			found = append(found, a+" "+b)
			continue
		}
		if min(len(a), len(b)) >= 2 && (max(len(a), len(b)) >= 4 || odd && len(typed) > 4) && word(a) && word(b) && (odd || min(len(a), len(b)) > 2) {
			found = append(found, a+" "+b)
		}
	}
	if len(found) > 2 {
		return nil // letters that make words anywhere
	}
	return found
}

func notLetter(r rune) bool { return !unicode.IsLetter(r) }

// quiet are the categories whose words leave the figure what it is.
var quiet = map[string]bool{
	"glue": true, "glue_weak": true, "filler": true, "light": true, "light_else": true, "followup": true,
	"ask_what": true, "ask_list": true, "ask_data": true, "trend": true, "greetings": true,
	"neuter": true, "arrive": true, "by_agent": true, "money_of": true,
}

// says tells whether a word by itself makes a difference to what is asked. Of
// the words of forms only those are asked that no phrase has.
func (lx *lexicon) says(w string) bool {
	list := lx.exact[w]
	if len(list) == 0 {
		list = lx.stems[stem(lx.lang, w)]
	}
	return len(list) == 0 && !lx.words[w] || slices.ContainsFunc(list, func(e entry) bool { return !quiet[e.cat] })
}

// mayBeQuiet tells whether a word may be one that makes no difference.
func (lx *lexicon) mayBeQuiet(w string) bool {
	return slices.ContainsFunc(lx.exact[w], func(e entry) bool { return quiet[e.cat] })
}

// endsOtherwise tells whether a typed word is another with a longer ending:
// "containers" and "generators" are things, and no slips of "contains" and
// "generates", with which they would be lost.
func endsOtherwise(typed, w string) bool {
	n := 0
	for n < min(len(typed), len(w)) && typed[n] == w[n] {
		n++
	}
	return len(typed) > len(w) && n >= 4 && n >= len(w)-2 && slipOf(typed, w) == slipOther
}

// odd tells whether a word is put together as none of the language is: three
// letters in a row that no known word has.
func (lx *lexicon) odd(w string) bool {
	threes := lx.threes()
	odd := false
	eachThree(w, func(three string) { odd = odd || !threes[three] })
	return odd
}

func eachThree(w string, f func(string)) {
	r := []rune("^" + w + "$")
	for i := 0; i+3 <= len(r); i++ {
		f(string(r[i : i+3]))
	}
}

// listKnown lists the words by which a slip is mended: those of the phrases,
// and the plain plurals of those that are things.
func (lx *lexicon) listKnown() []string {
	var known []string
	for w := range lx.words {
		if utf8.RuneCountInString(w) < 4 || strings.ContainsFunc(w, notLetter) {
			continue
		}
		known = append(known, w)
		if s := w + "s"; !lx.words[s] && anyNoun(lx.exact[w]) {
			known = append(known, s)
		}
	}
	slices.Sort(known)
	return known
}

// allThrees are the letters that follow one another in the language.
func (lx *lexicon) allThrees() map[string]bool {
	threes := map[string]bool{}
	for w := range lx.words {
		eachThree(w, func(three string) { threes[three] = true })
	}
	return threes
}

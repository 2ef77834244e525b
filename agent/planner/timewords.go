package planner

import (
	"slices"
	"strconv"
)

// timed are the categories of times, and of what times are made of: a word
// that bounds a time ("since", "up to") is never without weight before one.
var timed = map[cat]bool{
	cSpan: true, cWin: true, cMonthDay: true, cPiece: true, cDays: true, cISOWeek: true, cNum: true, "point ago": true, "ordinals": true,
	"named_days": true, "quarter_names": true, "half_names": true, "calendar_this": true, "calendar_last": true, "between n and": true,
	cBetween: true, "between span": true, "between span and": true, "units": true, "weekend": true, "weekdays": true, "start_of": true,
	"end_of": true, "rolling": true, "part_of": true, cFull: true, cTimes: true,
}

// boundsTime tells whether the words that end at a token are a phrase that
// bounds a time. A single word of no weight ("from", "to") may bound one or not.
func (p *parse) boundsTime(to int) bool {
	for k := max(0, to-4); k < to; k++ {
		folded, _, ok := p.phrase(k, to)
		if !ok {
			continue
		}
		plain, bounds := false, false
		for _, e := range p.lex.exact[folded] {
			switch e.cat {
			case "before", "after", "until", "since":
				bounds = true
			case "glue":
				plain = to-k == 1
			}
		}
		if bounds && !plain {
			return true
		}
	}
	return false
}

// pointing tells whether a token is a word such as "this", "last" or "next".
func (p *parse) pointing(i int) bool {
	return p.says(i, "calendar_this") || p.says(i, "calendar_last") || p.says(i, "next")
}

// timesNear tells whether a number or a unit of time stands near a token.
func (p *parse) timesNear(i int) bool {
	return slices.ContainsFunc(indices(max(0, i-3), min(len(p.toks), i+5)), func(k int) bool {
		return p.toks[k].kind == tokNumber || p.numberAt(k) || p.holdsOneOf(k, "units", "unit_plurals", "vague_numbers")
	})
}

// numberAt tells whether a number in words stands at a token.
func (p *parse) numberAt(i int) bool { return i < len(p.toks) && p.says(i, "numbers") }

// startsPhrase tells whether a phrase of a heading starts at a token.
func (p *parse) startsPhrase(i int, heading string) bool {
	for j := i + 1; j <= min(len(p.toks), i+maxPhrase); j++ {
		folded, _, ok := p.phrase(i, j)
		if !ok {
			return false
		}
		for _, e := range p.lex.exact[folded] {
			if e.cat == heading {
				return true
			}
		}
	}
	return false
}

// monthAt tells whether a month stands at a token, behind small words.
func (p *parse) monthAt(i int) bool {
	for ; i < len(p.toks); i++ {
		if p.says(i, "months") {
			return true
		}
		if p.toks[i].kind == tokBreak || !p.isGlue(i) {
			return false
		}
	}
	return false
}

// says tells whether a token is listed under a heading.
func (p *parse) says(i int, heading string) bool {
	for _, e := range p.meanings(p.toks[i].folded) {
		if e.cat == heading {
			return true
		}
	}
	return false
}

// meanings are those of a word in the question's language, or, where that does
// not have it, in another.
func (p *parse) meanings(word string) []entry {
	list := p.lex.exact[word]
	if len(list) > 0 || p.lex.words[word] {
		return list
	}
	for _, lx := range p.others {
		if list = lx.exact[word]; len(list) > 0 {
			return list
		}
	}
	return nil
}

// severalUnits tells whether a unit of time is typed as more than one, without
// saying how many.
func (p *parse) severalUnits(unit *node) bool {
	i := unit.to - 1
	typed := []string{p.toks[i].folded}
	if i < len(p.alts) {
		for _, a := range p.alts[i] { // "the last weks"
			typed = append(typed, a.word)
		}
	}
	several := entry{cat: "unit_plurals"}
	for _, lx := range append([]*lexicon{p.lex}, p.others...) {
		if slices.ContainsFunc(typed, func(w string) bool { return has(lx.exact[w], several) }) {
			return true
		}
	}
	return false
}

// namesFigure tells whether a unit of time is also what the data calls one of
// its figures: the "hours" of a shift are no hours of the day.
func (p *parse) namesFigure(unit *node) bool {
	return slices.ContainsFunc(p.cells[p.core(unit)][unit.to], func(n *node) bool {
		return n.cat == cField && n.cost < costFuzzy && p.ix.fields[n.fields[0]].isNumber()
	})
}

// insideAdverb tells whether a word for a unit is but a piece of a phrase that
// says it twice, and breaks down by it: "month by month".
func (p *parse) insideAdverb(i, j int, lx *lexicon) bool {
	unit := p.toks[i].folded
	for a := max(0, i-2); a <= i; a++ {
		b := a + 3
		if b < j || b > len(p.toks) || p.toks[a].folded != unit || p.toks[b-1].folded != unit {
			continue
		}
		folded, _, ok := p.phrase(a, b)
		if ok && slices.ContainsFunc(lx.exact[folded], func(e entry) bool { return e.cat == "unit_adverbs" }) {
			return true
		}
	}
	return false
}

// maybeYear tells whether a bare figure may as well be a year of the data:
// "compraram … mais de 2025" may be of a day that was not understood. A round figure
// is none: "bet more than 2000".
func (p *parse) maybeYear(q *qty) bool {
	y, err := strconv.Atoi(q.lo)
	return err == nil && (q.op == "" || y%1000 != 0) && q.unit == "" && !q.isHi && len(q.lo) == 4 && y > p.asOf.Year()-30 && y < p.asOf.Year()+3
}

package planner

import "slices"

// standsApart tells whether a phrase stands by itself before the question or
// behind it, cut off by a comma or its like: there "look" or "right" says
// nothing, amid a question it may.
func (p *parse) standsApart(i, j int) bool {
	brk := func(k int) bool { return k >= 0 && k < len(p.toks) && p.toks[k].kind == tokBreak }
	if brk(j) && p.opensWith(i) {
		return true
	}
	if !brk(i - 1) {
		return false
	}
	return p.endsAt(j)
}

// endsAt tells whether only marks stand from a place on.
func (p *parse) endsAt(j int) bool {
	return !slices.ContainsFunc(p.toks[j:], func(t token) bool { return t.kind != tokBreak })
}

// correlates tells whether the other word of a pair such as "both … and" stands
// before or behind.
func (p *parse) correlates(i, j int, cat string) bool {
	if cat == "either" {
		return p.alternates(i, j)
	}
	if cat == "both_open" {
		for k := j + 1; k < len(p.toks); k++ {
			if p.says(k, "both_close") {
				return true
			}
		}
		return false
	}
	for k := range max(0, i-1) {
		if p.says(k, "both_open") {
			return true
		}
	}
	return false
}

// alternates tells whether a phrase opens alternatives, "either contractors or
// retailers", "o contratistas o minoristas": another "or" stands behind, and
// nothing before it that it would join.
func (p *parse) alternates(i, j int) bool {
	if p.endsAt(j) && !p.says(i, "or") {
		return true // "… and no pilates either"
	}
	if p.says(i, "or") && i > 0 && !p.isGlue(i-1) {
		return false
	}
	for k := j + 1; k < len(p.toks); k++ {
		if p.says(k, "or") {
			return true
		}
	}
	return false
}

// opensPart tells whether a mark, or nothing of weight, stands right before a
// node: it is said by itself.
func (p *parse) opensPart(n *node) bool {
	k := p.core(n)
	for k > 0 && p.toks[k-1].kind != tokBreak && p.isGlue(k-1) {
		k--
	}
	return k == 0 || p.toks[k-1].kind == tokBreak
}

// partOfLonger tells whether words of a heading are but a piece of a longer phrase
// that says something else: "qué" of "qué tanto", "menos" of "al menos", "nothing" of
// "nothing but", "no más" of "no más de dos", "semana" of "dia da semana", "mes" of
// "mes a mes", "ficaram" of "ficaram em" where that is to stay.
func (p *parse) partOfLonger(i, j int, heading string, lx *lexicon) bool {
	switch heading {
	case "ask_most", "ask_least", "vague_numbers":
		return p.insideLonger(i, j, heading, lx)
	case "ask_list":
		return p.begins(i, j, "ask_amount", lx)
	case "except":
		return j == i+1 && i > 0 && p.isPhrase(i-1, j, "compare", lx)
	case "none":
		return p.begins(i, j, "only", lx)
	case "only":
		return p.begins(i, j, "compare", lx)
	case "glue", "glue_weak", "light":
		return p.opensVerb(i, j)
	case "units":
		return p.insideAdverb(i, j, lx) || p.ofDays(i) || i > 1 && p.isPhrase(i-2, j, "unit_adverbs", lx) || i > 2 && p.isPhrase(i-3, j, "unit_adverbs", lx)
	}
	return false
}

// ofDays tells whether "day of the" stands before a word, in whatever language: "dia
// da week".
func (p *parse) ofDays(i int) bool {
	k := i - 1
	for k > 0 && p.toks[k].kind == tokWord && (p.says(k, "of") || p.says(k, "articles")) {
		k--
	}
	return k >= 0 && k < i-1 && slices.ContainsFunc(p.meanings(p.toks[k].folded), func(e entry) bool { return e.cat == "units" && e.attr == "d" })
}

// opensVerb tells whether words, with the small word behind them, are a verb of this
// data.
func (p *parse) opensVerb(i, j int) bool {
	if j >= len(p.toks) {
		return false
	}
	folded, _, ok := p.phrase(i, j+1)
	return ok && slices.ContainsFunc(p.ix.names[folded], func(r nameRef) bool { return r.verb && r.event != "" && r.field < 0 })
}

// insideLonger tells whether a phrase is but a piece of a longer one: "more" of
// "more than", "many" of "how many".
func (p *parse) insideLonger(i, j int, own string, lx *lexicon) bool {
	longer := func(a, b int) bool {
		if a < 0 || b > len(p.toks) {
			return false
		}
		folded, _, ok := p.phrase(a, b)
		if !ok {
			return false
		}
		for _, e := range lx.exact[folded] {
			if e.cat == "compare" || e.cat == "compare_after" || e.cat == "age_compare" || e.cat == "ask_count" || e.cat == "ask_amount" {
				return true
			}
		}
		return false
	}
	for k := i; k < j; k++ { // "a mais do que" too
		if longer(k, j+1) || longer(k, j+2) {
			return true
		}
	}
	return longer(i-1, j) || longer(i-1, j+1)
}

// asksForList tells whether a word for something to be done, "send", is but a
// piece of a longer phrase that asks for a list: "send me the customers who".
func (p *parse) asksForList(i, j int, lx *lexicon) bool {
	for a := max(0, i-1); a <= i; a++ {
		for b := j; b <= min(len(p.toks), j+2); b++ {
			if folded, _, ok := p.phrase(a, b); ok && b-a > j-i && has(lx.exact[folded], entry{cat: "ask_list"}) {
				return true
			}
		}
	}
	return false
}

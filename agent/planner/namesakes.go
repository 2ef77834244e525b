package planner

import (
	"slices"
	"strings"

	"tesela/agent/model"
	"tesela/segment/syntax"
)

// namedAfter tells whether a word is part of the name of fields other than those
// of a list, and of none of theirs: "canal" is canal_venta before it is the
// origin that plays the channel.
func (p *parse) namedAfter(word string, list []int) bool {
	others := false
	for i, f := range p.ix.fields {
		if !slices.Contains(strings.Fields(fold(f.name)), word) {
			continue
		}
		if overlaps([]int{i}, list) {
			return false
		}
		others = true
	}
	return others && !p.ix.th.vague[word]
}

// saidOfRows is what it costs to take for weightless a word that is a value
// here, or another form of one: "dinheiro" is what they pay with, and "abiertos"
// says of tickets that they are. Nor is "opened" nothing where people have an
// opened_on.
func (p *parse) saidOfRows(i, j int) float64 {
	folded, _, ok := p.phrase(i, j)
	if ok && j == i+1 && p.datesPeople(folded) {
		return 1
	}
	if ok && j == i+1 && (len(folded) > 3 && len(p.ix.value(folded)) > 0 || len(p.formsOf(folded)) > 0 || len(folded) > 5 && len(p.ix.aliases[folded]) > 0) {
		return 1
	}
	if ok && j == i+1 && p.flagsRows(folded) {
		return 1 // "coupons that were used", which say whether they were
	}
	if i > 0 && len(folded) > 3 {
		if whole, _, ok := p.phrase(i-1, j); ok && len(p.ix.value(whole)) > 0 {
			return 1 // "los de La Plata" are of a city, not of money
		}
	}
	return 0
}

// endsName tells whether a word is the last of a value, or of a phrase of some
// trade, that begins with the word before it.
func (p *parse) endsName(i int) bool {
	if i == 0 {
		return false
	}
	whole, _, ok := p.phrase(i-1, i+1)
	return ok && len(p.ix.value(whole))+len(p.ix.th.byForm[whole]) > 0
}

// flagsRows tells whether a word, or another form of it, is what rows say yes or
// no to.
func (p *parse) flagsRows(word string) bool {
	if len(word) < 4 {
		return false
	}
	for _, key := range []string{word, singular(p.lang, word), "~" + p.lang + " " + stem(p.lang, word)} {
		for _, r := range p.ix.names[key] {
			if r.field >= 0 && r.lang == "" && p.ix.fields[r.field].event != "" && p.ix.fields[r.field].kind == "bool" {
				return true
			}
		}
	}
	return false
}

// datesPeople tells whether a word is part of the name of a date that people have.
func (p *parse) datesPeople(word string) bool {
	return len(word) > 4 && !p.ix.th.vague[word] && slices.ContainsFunc(p.ix.fields, func(f field) bool {
		return f.event == "" && f.isTime() && slices.Contains(strings.Fields(fold(f.name)), word)
	})
}

// insideNamed tells whether an event ends a longer phrase for another concept that
// this data has.
func (p *parse) insideNamed(i, j int, concept string) bool {
	for k := max(0, i-4); k < i; k++ {
		folded, _, ok := p.phrase(k, j)
		for _, e := range p.lex.exact[folded] {
			if ok && e.cat == "concepts" && e.attr != concept && (p.ix.events[e.attr] != "" || len(p.ix.concepts[e.attr]) > 0) {
				return true
			}
		}
	}
	return false
}

// asState makes readings cheaper in which such a value says what rows are.
func (p *parse) asState(list []*node, v *node, event string) []*node {
	if p.elseDone(v, event) {
		for _, n := range list {
			n.cost -= 0.4
		}
	}
	return list
}

// elseDone tells whether a value that rows of an event have may as well be
// another event by its name: "open" in "open quotes" says what those are, and
// nobody opened anything.
func (p *parse) elseDone(a *node, event string) bool {
	k := p.core(a) // "still open"
	return a.to == k+1 && slices.ContainsFunc(p.cells[k][a.to], func(n *node) bool {
		return n.cat == cClause && n.clause.event != event
	}) && p.isValueOf(a, event)
}

// formsOf are the values of which a word is another form.
func (p *parse) formsOf(folded string) []valueRef {
	if len(folded) <= 4 {
		return nil
	}
	var out []valueRef
	s, one := stem(p.lang, folded), singular(p.lang, folded)
	for _, v := range append(p.ix.value(s), p.ix.aliases["~"+p.lang+" "+s]...) { // a value may be its own stem
		if text := fold(p.ix.text(v)); text != folded && p.ix.fields[v.field].values.Len() <= fewValues && (unended(text) == unended(folded) || unended(text) == unended(one)) {
			out = append(out, v)
		}
	}
	return out
}

// unended is a word without the ending of number and gender: what "abiertos" and
// "abierta" share, and "voltaram" and "Voltara" do not.
func unended(w string) string {
	return strings.TrimRight(strings.TrimSuffix(w, "s"), "aeo")
}

// limitsWhatFollows tells whether "only" stands before a statement or behind a
// relative: "members who only bought books" are not "members only".
func (p *parse) limitsWhatFollows(only *node) bool {
	if p.core(only) > only.from {
		return true
	}
	at := only.to
	for at < len(p.toks) && p.isGlue(at) && p.toks[at].kind != tokBreak {
		at++
	}
	for j := at + 1; j <= min(len(p.toks), at+3); j++ {
		for _, n := range p.cells[at][j] {
			if n.cat == cClause && n.clause.verb && n.cost < costFuzzy {
				return true
			}
		}
	}
	return false
}

// isPhrase tells whether the words from a to b are one phrase of a heading.
func (p *parse) isPhrase(a, b int, heading string, lx *lexicon) bool {
	folded, _, ok := p.phrase(a, b)
	return ok && slices.ContainsFunc(lx.exact[folded], func(e entry) bool { return e.cat == heading })
}

// twiceDenied tells whether a value is denied by a mere "never" behind what is
// denied already: "no han comprado nunca en fruteria" denies but once.
func (p *parse) twiceDenied(a, b *node) bool {
	k := a.from - 1
	for k > 0 && p.isGlue(k) && !p.says(k, "not") {
		k--
	}
	if !a.clause.neg && (k < 0 || !p.says(k, "not")) {
		return false
	}
	for k := b.from; k < b.to; k++ {
		if !p.isGlue(k) {
			return p.says(k, "not_ever")
		}
	}
	return false
}

// someOrNone is "with children", "without points", of a number that people have
// of themselves and that is nought for some: those who have some, or none. Where
// the field is named as a number, it is known or not.
func (p *parse) someOrNone(word, b *node, none bool) []*node {
	k := word.to - 1
	if none && !p.says(k, "lacking") || !none && !p.says(k, "having") {
		return nil
	}
	for k := b.from; k < b.to; k++ {
		if p.ix.th.vague[p.toks[k].folded] {
			return nil
		}
	}
	var out []*node
	for _, fi := range b.fields {
		f := p.ix.fields[fi]
		if f.event != "" || !f.isNumber() || strings.Trim(f.low, "0.") != "" || f.low == "" {
			continue
		}
		op := syntax.Gt
		if none {
			op = syntax.Eq
		}
		n := condNode(&syntax.Compare{Left: &syntax.Name{Name: f.name}, Op: op, Right: number(0)})
		if !none {
			n.attr = hasSome
		}
		out = append(out, n)
	}
	return out
}

// isPrice tells whether a phrase is listed as the price of one piece.
func (p *parse) isPrice(i, j int) bool {
	folded, _, _ := p.phrase(i, j)
	for _, e := range append(p.lex.exact[folded], p.lex.stems[stem(p.lang, folded)]...) {
		if e.cat == "concepts" && e.attr == "price" {
			return true
		}
	}
	return false
}

// isFigure tells whether a word names a figure that rows bear: "pasajeros" of a
// booking are no customers.
func (p *parse) isFigure(folded string) bool {
	return p.namesSome(folded, func(r nameRef) bool { return r.field >= 0 && p.ix.fields[r.field].isNumber() })
}

// namesEvent tells whether a word names an event, or says that it was done.
func (p *parse) namesEvent(folded string) bool {
	return p.namesSome(folded, func(r nameRef) bool { return r.field < 0 && r.event != "" })
}

// callsEvent tells whether a word is what the data itself calls an event, or the
// one or the many of it: a "reserva" is no "Reservada" where there are reservas.
func (p *parse) callsEvent(folded string) bool {
	return slices.ContainsFunc(p.catalogue().Events, func(e model.Event) bool {
		return strings.TrimSuffix(fold(e.Name), "s") == strings.TrimSuffix(folded, "s")
	})
}

// namesSome tells whether a word or its singular is the name of something.
func (p *parse) namesSome(folded string, is func(nameRef) bool) bool {
	return slices.ContainsFunc(p.ix.names[folded], is) || slices.ContainsFunc(p.ix.names[strings.TrimSuffix(folded, "s")], is)
}

// sellsMost tells whether a word of most and least opens a longer phrase that
// says what sells: "más" of "más vendidos" ranks nobody.
func (p *parse) sellsMost(i, j int, lx *lexicon) bool {
	if j >= len(p.toks) {
		return false
	}
	folded, _, ok := p.phrase(i, j+1)
	return ok && slices.ContainsFunc(lx.exact[folded], func(e entry) bool { return e.cat == "best_selling" })
}

// meansStatistic tells whether a word is that for a statistic in some language,
// by the very accents it was typed with where a value is spelled without them, or
// as the end of a longer phrase for one: "média", "em media".
func (p *parse) meansStatistic(i, j int, value string) bool {
	_, raw, ok := p.phrase(i, j)
	if !ok {
		return false
	}
	longer := ""
	if i > 0 && j == i+1 {
		longer, _, _ = p.phrase(i-1, j)
	}
	typed := hasAccent(raw) && !hasAccent(strings.ToLower(value))
	statistic := func(e entry) bool { return e.cat == "stats" || e.cat == "stats_after" }
	return slices.ContainsFunc(append([]*lexicon{p.lex}, p.others...), func(lx *lexicon) bool {
		return typed && slices.ContainsFunc(lx.accented[raw], statistic) || longer != "" && lx == p.lex && slices.ContainsFunc(lx.exact[longer], statistic)
	})
}

// onlyArrives is what it costs to take for what people did a word that says of things
// right before it that they came: "bookings that come in" are no check-ins.
func (p *parse) onlyArrives(i int, folded, event string) float64 {
	if !has(p.lex.exact[folded], entry{cat: "arrive"}) {
		return 0
	}
	for k := i - 1; k >= max(0, i-3); k-- {
		if slices.ContainsFunc(p.cells[k][k+1], func(n *node) bool {
			return n.cat == cClause && n.cost < costFuzzy && plainThing(n.clause) && n.clause.event != event
		}) {
			return 0.5
		}
		if !p.isGlue(k) {
			break
		}
	}
	return 0
}

package planner

import (
	"slices"
	"strings"
)

// costKindWord is what it costs to take a word for people of any kind where the
// data has it for people of one kind or for those who did something.
const costKindWord = 0.5

// longestEnding bounds what the name of an event may have beyond the word for
// its doers without its ending: don-ors, don-ations.
const longestEnding = 6

// customerLeaf reads a word for customers. Where it is a value of what they are
// ("students", a membership), or names who did what the data has events of
// ("visitors"), it says so of them; the commonest words, which may as well be
// meant of everyone, are asked about.
func (p *parse) customerLeaf(i, j int, cost float64) {
	folded, _, _ := p.phrase(i, j)
	if p.isTaught(folded) {
		return // what the business calls so is not everyone
	}
	if p.opensWithKind(i, j) {
		return // "business customers", where some are so and others not
	}
	kinds := p.kindsOfPeople(folded)
	if p.isFigure(folded) {
		kinds = nil // "kids" are how many they have, and no family ticket
	}
	for _, vals := range kinds {
		c := cost + costStem
		if p.anyCustomer(folded) {
			c = cost + costKindWord
		}
		p.add(&node{cat: cVal, from: i, to: j, cost: c, vals: vals})
	}
	did := p.doersNamed(folded)
	for _, event := range did {
		p.add(&node{cat: cClause, from: i, to: j, cost: cost + costStem, clause: &clause{event: event, verb: true, person: true}})
	}
	switch {
	case p.isFigure(folded): // "guests" are how many came along
		cost += costKindWord
	case len(kinds) == 0 && p.anyCustomer(folded): // "customer" is everyone, though it is the source of some rows
	case len(kinds) > 0, len(p.ix.value(folded))+len(p.ix.aliases[folded]) > 0: // "Malta" is a country where the data has it, and slang for people
		cost += costKindWord
	case slices.ContainsFunc(p.ix.names[folded], func(r nameRef) bool { return r.doer }):
		cost += costKindWord // "donors", where the data has gifts
	case slices.ContainsFunc(p.ix.names[folded], func(r nameRef) bool { return r.field >= 0 && r.lang == "" && p.ix.fields[r.field].event != "" }):
		cost += costKindWord // "família" is what rows are sold under, where they say so
	case len(did) > 0:
		cost += costStem
	}
	p.add(&node{cat: cCust, from: i, to: j, cost: cost})
}

// opensWithKind tells whether a phrase for people begins with what some of them
// are.
func (p *parse) opensWithKind(i, j int) bool {
	for k := i + 1; k < j; k++ {
		if folded, _, ok := p.phrase(i, k); ok && len(p.kindsOfPeople(folded)) > 0 {
			return true
		}
	}
	return false
}

// isTaught tells whether a word is one of the business's own, in whatever form.
func (p *parse) isTaught(folded string) bool {
	ofBusiness := func(r nameRef) bool { return r.word != "" }
	return slices.ContainsFunc(p.ix.names[folded], ofBusiness) || slices.ContainsFunc(p.ix.names["~"+p.lang+" "+stem(p.lang, folded)], ofBusiness)
}

// anyCustomer tells whether a word is one of those for customers in general.
func (p *parse) anyCustomer(folded string) bool {
	return slices.ContainsFunc(p.lex.exact[folded], func(e entry) bool { return e.cat == "any_customer" }) ||
		slices.ContainsFunc(p.lex.exact[strings.TrimSuffix(folded, "s")], func(e entry) bool { return e.cat == "any_customer" })
}

// kindsOfPeople are the values of traits that a word is, in whatever form or
// language, by the trait.
func (p *parse) kindsOfPeople(folded string) [][]valueRef {
	all := slices.Concat(p.ix.value(folded), p.ix.value(strings.TrimSuffix(folded, "s")), p.ix.aliases[folded], p.ix.aliases[strings.TrimSuffix(folded, "s")])
	for _, lang := range languages { // the word may be of another than the question's
		all = append(all, p.ix.aliases["~"+lang+" "+stem(lang, folded)]...)
	}
	byField := map[int][]valueRef{}
	var order []int
	for _, v := range all {
		f := p.ix.fields[v.field]
		if f.event != "" || !f.isText() || p.ix.weak[v.field] || p.namesOfPeople(v.field) || slices.Contains(byField[v.field], v) {
			continue
		}
		if byField[v.field] == nil {
			order = append(order, v.field)
		}
		byField[v.field] = append(byField[v.field], v)
	}
	var out [][]valueRef
	for _, f := range order {
		if len(byField[f]) == 1 {
			out = append(out, byField[f])
		}
	}
	return out
}

// namesOfPeople tells whether a field holds what single people or places are
// called, of which no word for people is a kind.
func (p *parse) namesOfPeople(field int) bool {
	for _, c := range []string{"name", "email", "phone", "city", "country", "birthday"} {
		if slices.Contains(p.ix.concepts[c], field) {
			return true
		}
	}
	return false
}

// doersNamed are the events of which a word names the doers: their name, or
// that of what they do, with an ending for those who do.
func (p *parse) doersNamed(folded string) []string {
	var events []string
	for _, r := range p.ix.names[folded] {
		if r.doer && !slices.Contains(events, r.event) {
			events = append(events, r.event)
		}
	}
	add := func(event string) {
		if !slices.Contains(events, event) {
			events = append(events, event)
		}
	}
	for _, word := range []string{folded, strings.TrimSuffix(folded, "s")} {
		for _, end := range p.lex.doerEndings {
			base, ok := strings.CutSuffix(word, end)
			if !ok || len(base) < 3 {
				continue
			}
			for _, e := range p.lex.exact[base] { // what plays a role by whatever name
				if event := p.ix.events[e.attr]; e.cat == "concepts" && e.form == "noun" && event != "" {
					add(event)
				}
			}
			for _, ev := range p.catalogue().Events {
				name, rest := fold(ev.Name), ""
				if rest, ok = strings.CutPrefix(name, base); ok && len(rest) <= longestEnding { // donors: donation
					add(ev.Name)
				}
			}
		}
	}
	return events
}

// someWho reads a number right before a relative, with no noun, as so many
// people where they are ranked and nothing stands before: "los 10 que más han
// gastado", "the ten who spent most". Behind another question they are ten of
// those that it was about.
func (p *parse) someWho(i int) {
	if p.follows || i+2 >= len(p.toks) || !p.holdsOneOf(i+1, "relatives") {
		return
	}
	for k := range i {
		if !p.isGlue(k) && !p.holdsOneOf(k, "ask_list", "ask_what", "filler") {
			return
		}
	}
	ranked := false
	for k := i + 2; k < len(p.toks); k++ {
		ranked = ranked || p.holdsOneOf(k, "ask_most", "ask_least")
	}
	if !ranked {
		return
	}
	for _, n := range p.cells[i][i+1] {
		if n.cat == cNum && ranks(n.num) {
			p.people = true
			p.add(&node{cat: cCust, from: i, to: i + 1, num: n.num, cost: 0.1})
			return
		}
	}
}

package planner

import (
	"math/big"
	"slices"
	"strconv"
	"strings"

	"tesela/segment/syntax"
)

// costGlue is small but not zero, so that "the last" as one phrase beats "the"
// before "last".
const costGlue = 0.03

// lexLeaf turns a lexicon entry into a node.
func (p *parse) lexLeaf(i, j int, e entry, lx *lexicon, cost float64) {
	n := &node{cat: cat(e.cat), from: i, to: j, cost: cost, attr: e.attr}
	if cost >= costFuzzy {
		switch e.cat { // a word that may be a slip of "my" is not without weight
		case "glue", "filler", "light", "light_else", "glue_weak", "followup", "forecast", "analyses", "actions", "sentence_out":
			return
		case "ask_what", "ask_list", "trend", "ask_data", "greetings":
			if !p.opensWith(i) { // "talla de" amid a question is no slip of "tabla de"
				return
			}
		}
	}
	if weightless[e.cat] && lx.opensDenial(p.toks, i, j) {
		return
	}
	if (weightless[e.cat] || e.cat == "copula") && p.partOfGone(i, j) || p.partOfLonger(i, j, e.cat, lx) {
		return
	}
	switch e.cat {
	case "ask_most", "ask_least", "vague_numbers":
		if p.sellsMost(i, j, lx) {
			return
		}
	case "actions":
		if p.asksForList(i, j, lx) {
			return
		}
	case "ask_list":
		if !p.opensWith(i) && slices.ContainsFunc(lx.exact[p.toks[j-1].folded], func(x entry) bool { return x.cat == "concepts" && x.form == "noun" }) {
			return // "made a return" asks for no list
		}
	case "ask_count":
		if j > i+1 && p.isWord(j-1, "any_customer") { // "cuánta gente vino": people, not visits
			n.cat = "count customers"
		}
		if p.everyN >= 0 { // whom the share is of and what they did stay apart
			n.cat, n.attr, n.text = cBreak, "", "."
		}
	case "ago_verbs":
		if !p.timesNear(i) { // "cuántos pedidos hace cada cliente"
			p.add(&node{cat: cGlue, from: i, to: j, cost: costGlue})
		}
		return
	case "glue_weak":
		n.cat, n.attr = cGlue, ""
		n.cost += 0.25
	case "light_else": // "opened a ticket", where nothing else is opened
		if p.ix.events[e.attr] != "" {
			return
		}
		p.did = true
		n.cat, n.attr = cGlue, ""
		n.cost += costGlue + p.saidOfRows(i, j)
		if folded, _, _ := p.phrase(i, j); len(p.ix.names[folded]) > 0 {
			n.cost += 0.4 // "opened an appeal", where appeals tell whether they were
		}
	case "light":
		if p.begins(i, j, "stopped", lx) {
			return // "deixou de comprar" is more than "comprar"
		}
		if folded, _, _ := p.phrase(i, j); len(p.ix.value(folded))+len(p.ix.aliases[folded])+len(p.ix.names[folded]) > 0 {
			return // "el práctico" is a kind of exam, not what they practise
		}
		p.did = true
		n.cat, n.attr = cGlue, ""
		n.cost += costGlue + p.saidOfRows(i, j) + p.moreThanDone(i, j, lx)
	case "both_open", "both_close", "either": // "both books and toys", in two words far apart
		if !p.correlates(i, j, e.cat) {
			return
		}
		if n.cat, n.attr = cGlue, ""; e.cat == "both_close" {
			n.cat, n.cost = "and", n.cost-0.02
		}
	case "filler_apart":
		if !p.standsApart(i, j) {
			return
		}
		n.cat, n.attr = cGlue, ""
		n.cost += costGlue
	case "in_money":
		if !p.standsApart(i, j) && !(p.isGlue(i) && p.endsAt(j)) {
			return
		}
		n.cost -= 0.1
	case "glue", "filler", "by_agent":
		if p.begins(i, j, "than", lx) && p.moreBefore(i) {
			return // "mais faltas do que presenças" compares
		}
		n.cat, n.attr = cGlue, ""
		n.cost += costGlue + p.saidOfRows(i, j) + p.listedValue(i, j)
		if p.says(i, "both_before") {
			n.cost += 0.3 // "both shoes and bags" are no list of either
		}
	case "by":
		if j > i+1 { // "abertos por": what is open, by that
			if p.endsName(i) {
				return // "em aberto por cidade" is what is in the open
			}
			n.cost += 0.6 * p.saidOfRows(i, i+1)
		}
	case "numbers":
		n.cat, n.attr = cNum, ""
		n.num, _ = new(big.Rat).SetString(e.attr)
		n.form = "word"
	case "multipliers", "ordinals":
		n.attr = ""
		n.num, _ = new(big.Rat).SetString(e.attr)
	case "times_words":
		n.cat, n.attr = cQty, ""
		n.qty = &qty{lo: e.attr, unit: "times", once: e.attr == "1", at: i}
	case "layers":
		p.layerLeaf(n, e)
		return
	case "layer_labels":
		f, err := syntax.Parse(e.attr)
		if err != nil {
			return
		}
		n.attr, n.cond = traitOf(f), f
	case "layer_names":
		if p.ix.events["purchase"] == "" {
			n.cat, n.word, n.attr = cMissing, p.typed(i, j), "purchase"
			n.cost += costMissing
		}
	case goods: // where the data has no name for them
		list := p.ix.concepts["product"]
		if folded, _, _ := p.phrase(i, j); len(list) > 0 && len(p.ix.names[folded])+len(p.ix.value(folded))+len(p.ix.aliases[folded]) == 0 {
			p.fieldLeaf(i, j, cost+0.05, list, goods)
		}
		return
	case "share_noun":
		if i == 0 || p.isGlue(i-1) || p.endsAt(j) || p.says(j, "of") {
			return // "share of …" says what it is of behind it
		}
		n.cat, n.attr = "ask_share", ""
		p.shareLeaf(n)
	case "ask_share", "ask_weight", "rate_of":
		p.shareLeaf(n)
	case "just_one":
		n.cat = cQty
		n.qty = &qty{op: syntax.Eq, lo: "1"}
	case "more_than_once":
		n.cat = cQty
		n.qty = &qty{op: syntax.Gt, lo: "1", unit: "times"}
	case "unit_adverbs":
		n.cat, n.attr = cGroup, ""
		n.groups = []grouping{{field: -1, per: e.attr}}
	case "currencies":
		if c := p.catalogue().Currency; c != "" && c != e.attr {
			return // amounts of another money cannot be compared
		}
	case "months":
		n.cat, n.attr = cMonthDay, ""
		n.month, _ = strconv.Atoi(e.attr)
	case "decades":
		if ten, ok := new(big.Rat).SetString(e.attr); ok {
			p.addTens(i, j, cost, ten)
		}
		return
	case "days", "to_date":
		p.periodLeaf(i, j, cost, e)
		return
	case "by_money":
		n.cost -= 0.12 // not "most" beside a word without weight
	case "by_itself":
		if e.attr != "gone" || p.somethingBehind(j) {
			return
		}
		n.cat, n.word, n.attr = cMissing, p.typed(i, j), ""
		n.cost += costMissing
	case "relatives", "other_words", "every", "of", "unit_plurals", "any_customer", "collective", "from_people", "undergo", "copula", "share_among", "share_whole", "money_of", "clock", "ask_thing", "ask_done", "ask_where", "we_did", "we_paid":
		return
	case "mean_age":
		p.meanAgeLeaf(n)
		return
	case "people_words":
		p.people = true
		return
	case "adverb_ever":
		n.cat, n.ever = cWin, true
	case "measures":
		p.measureLeaf(n, e)
		return
	case "buyers":
		if ev := p.ix.events["purchase"]; ev != "" {
			p.add(&node{cat: cClause, from: i, to: j, cost: cost, clause: &clause{event: ev, verb: true, person: true}})
		}
		if ev := p.ix.events["purchase"]; ev != "" {
			p.add(&node{cat: cMeas, from: i, to: j, cost: cost, meas: &meas{exprs: []string{"buyers"}, event: ev}})
		}
		return
	case "idioms":
		p.idiomLeaf(n, e)
		return
	case "concepts":
		p.conceptLeaf(i, j, e, cost)
		return
	}
	p.add(n)
}

// opensWith tells whether nothing of weight stands before a token.
func (p *parse) opensWith(i int) bool {
	for k := range i {
		if !p.isGlue(k) {
			return false
		}
	}
	return true
}

// conceptLeaf binds a concept of the lexicon to what plays it in this data.
func (p *parse) conceptLeaf(i, j int, e entry, cost float64) {
	switch e.attr {
	case "customer":
		p.customerLeaf(i, j, cost)
		return
	case "customer_female":
		p.people = true
		if p.women == 0 || j < p.women {
			p.women = j
		}
		n := &node{cat: cCust, from: i, to: j, cost: cost}
		for _, v := range append(p.ix.value("female"), p.ix.aliases["female"]...) {
			if overlaps([]int{v.field}, p.ix.concepts["gender"]) {
				n = &node{cat: cVal, from: i, to: j, cost: cost, vals: []valueRef{v}}
			}
		}
		p.add(n)
		return
	case "message":
		p.add(&node{cat: "message", from: i, to: j, cost: cost})
		if p.ix.events["send"] == "" && len(p.ix.concepts["email"]) == 0 { // neither sent nor known
			p.add(&node{cat: cMissing, from: i, to: j, cost: cost + costMissing, attr: "email", word: p.typed(i, j)})
		}
		return
	}
	if e.attr == "score" && e.form == "verb" {
		return // to score is to answer, see scoreField
	}
	if e.attr == "amount" && len(p.ix.concepts["price"]) > 0 && p.isPrice(i, j) {
		return // the price of one, not what was paid
	}
	found := false
	if e.attr == "spend" {
		if folded, _, _ := p.phrase(i, j); e.form == "verb" && has(p.lex.exact[folded], entry{cat: "light"}) && p.hasObject(j) {
			return
		}
		if cost > 0 && e.form == "verb" && p.participles(j-1) {
			return // who was "raised" did not raise
		}
		if e.form == "noun" && p.namesNumber(i, j) {
			return // "consumo" is what meters count, where they do
		}
		found = p.spendLeaf(i, j, cost, e.form == "noun")
	} else if p.ix.events[e.attr] != "" {
		// A name of this data that is spelled just so is meant before a role.
		folded, _, _ := p.phrase(i, j)
		named := p.ix.names[folded]
		if len(named) == 0 {
			named = p.ix.names[strings.TrimSuffix(folded, "s")]
		}
		for _, r := range named {
			if r.field < 0 && r.event != "" && r.event != p.ix.events[e.attr] {
				cost += 0.3
				if r.lang == "" && !r.verb && !r.doer {
					cost += 0.4
				}
			}
		}
		c := cost
		if p.insideNamed(i, j, e.attr) {
			c += 0.3 // "accounts we opened" were opened as accounts are
		}
		if e.form == "verb" && e.attr == "send" && p.hasObject(j) {
			c += 0.5 // who "got a call" was sent no message
		}
		if e.form == "noun" && i > 0 && p.holdsOneOf(i-1, "perfect") {
			c += 0.5 // "nos han pedido" is no order
		}
		if e.form == "verb" && p.ix.role(e.attr) == "" && len(p.ix.concepts[e.attr]) > 0 && len(named) == 0 {
			c += 0.3 // who registered did so on the day that people have for it, whatever event is called like that
		}
		p.eventLeaf(i, j, c, e.attr, e.form)
		found = true
	}
	if list := p.ix.concepts[e.attr]; len(list) > 0 {
		found = true
		c := cost
		folded, _, _ := p.phrase(i, j)
		if p.namedApart(i, j, folded, list) {
			c += 0.3 // the data has a field of just that name
		}
		if p.ix.role(e.attr) == "" && p.namedAfter(folded, list) {
			c += 0.4 // the data has a field that is called after just that
		}
		if e.attr == "account" && !p.opensGroup(max(0, i-1), &node{from: i, to: j}) {
			c += 0.25
		}
		if p.ix.callsField(folded) { // "district" is the field so called before it is any region
			own := slices.DeleteFunc(slices.Clone(list), func(f int) bool { return !p.ix.isCalled(f, folded) })
			p.fieldLeaf(i, j, c, own, e.form)
			list = slices.DeleteFunc(slices.Clone(list), func(f int) bool { return slices.Contains(own, f) })
			c += 0.3
		}
		p.fieldLeaf(i, j, c, list, e.form)
	}
	if e.attr == "account" { // businesses that sell to businesses, whatever field names them too
		if !found {
			p.customerLeaf(i, j, cost) // "companies" are one kind of donors here
			return
		}
		p.add(&node{cat: cCust, from: i, to: j, cost: cost})
		return
	}
	if !found && e.attr == "price" && e.form == "noun" && len(p.ix.concepts["amount"]) > 0 {
		return // see amount
	}
	if !found && e.attr == "age" && len(p.ix.concepts["birthday"]) > 0 {
		p.add(&node{cat: "age", from: i, to: j, cost: cost})
		found = true
	}
	if !found {
		folded, _, _ := p.phrase(i, j)
		p.add(&node{cat: cMissing, from: i, to: j, cost: cost + costMissing, attr: e.attr, word: p.typed(i, j), text: folded})
	}
}

// eventLeaf is an event by its role.
func (p *parse) eventLeaf(i, j int, cost float64, role, form string) {
	ev := p.ix.events[role]
	if ev == "" {
		p.add(&node{cat: cMissing, from: i, to: j, cost: cost + costMissing, attr: role, word: p.typed(i, j)})
		return
	}
	p.add(&node{cat: cClause, from: i, to: j, cost: cost, clause: &clause{event: ev, verb: form != "noun", weak: form == "noun or verb"}})
}

// spendLeaf is money spent: the sum of the amount over purchases.
func (p *parse) spendLeaf(i, j int, cost float64, noun bool) bool {
	ev, prop, ok := strings.Cut(p.ix.role("amount"), ".")
	if !ok {
		return false
	}
	p.add(&node{cat: cClause, from: i, to: j, cost: cost, clause: &clause{event: ev, fn: syntax.Sum, prop: prop, verb: true, noun: noun}})
	return true
}

// nameLeaves finds events, fields, business words and saved segments.
func (p *parse) nameLeaves(i, j int, folded string, phrase bool, extra float64) {
	formOnly := phrase && len(p.ix.names[folded]) == 0 && !p.callsEvent(folded)
	give := func(refs []nameRef, cost float64) {
		var fields, alike []int
		event, field := ownName(refs)
		for _, r := range refs {
			if r.lang != "" && (event && (r.field >= 0 || r.event != "") || field && r.field < 0 && r.event != "") {
				continue // "donations" where the data has some are no pledges, nor is a "service" that visits have a visit
			}
			if r.verb && cost > extra && !p.lex.endsLikeVerb(folded) {
				continue // the stem of a verb, in a form that is none
			}
			c := cost
			if r.lang != "" && r.lang != p.lang {
				c += costTranslate
			}
			switch {
			case r.seg != "":
				p.add(&node{cat: cCond, from: i, to: j, cost: c, cond: &syntax.InSegment{Name: r.seg}, simple: true})
			case r.word != "":
				p.wordLeaf(i, j, c, r.word)
			case r.doer:
				p.add(&node{cat: cClause, from: i, to: j, cost: c, clause: &clause{event: r.event, verb: true, person: true}})
			case r.field < 0:
				if formOnly {
					c += 0.2 // a form of the event's name that is a phrase of its own
				}
				noun, verb := p.nounOrVerb(i, j, folded, r.event)
				if r.lang != "" && cost == extra && (!phrase || p.lex.onlyStates(folded) && !p.lex.participial(folded)) {
					noun = true // listed as a thing, whatever it ends like: "pago"
				}
				if r.verb {
					noun, verb = false, true
					c += p.onlyArrives(i, folded, r.event)
				}
				if noun {
					p.add(&node{cat: cClause, from: i, to: j, cost: c, clause: &clause{event: r.event}})
					c += 0.15
				}
				if verb {
					p.add(&node{cat: cClause, from: i, to: j, cost: c, clause: &clause{event: r.event, verb: true, weak: noun}})
				}
			case r.lang == "":
				fields = append(fields, r.field)
			default:
				alike = append(alike, r.field)
			}
		}
		if len(fields) > 0 {
			p.fieldLeaf(i, j, cost, fields, "noun")
			cost += 0.15 // an "owner" is first of all what is called so
		}
		if len(alike) > 0 {
			p.fieldLeaf(i, j, cost, alike, "noun")
		}
	}
	if refs := p.ix.names[folded]; len(refs) > 0 {
		give(refs, extra)
		if !p.onlyElsewhere(refs) {
			return
		}
	}
	if base := strings.TrimSuffix(folded, "s"); base != folded && len(p.ix.names[folded]) == 0 && (p.ix.callsField(base) || p.callsEvent(base)) {
		give(p.ix.names[base], extra+costStem) // its plain plural, whatever it ends like
		return
	}
	if p.doerLeaf(i, j, folded, extra) {
		return
	}
	if p.toks[i].kind == tokWord {
		for k, lang := range append([]string{p.lang}, languages...) {
			cost := extra + costStem
			if k > 0 && p.lex.words[folded] || k == 0 && p.lex.ties(folded) {
				break // "median" is no "medio de pago", "têm" no "tema"
			}
			if k > 0 {
				cost += costTranslate
			}
			refs := p.ix.names["~"+lang+" "+stem(lang, folded)]
			refs = slices.DeleteFunc(slices.Clone(refs), func(r nameRef) bool { // a "cartão" is no "cart", whose stem it has
				name := fold(r.event)
				return r.lang == "" && r.field < 0 && len(name) < shortWord && p.ix.th.another(singular(p.lang, folded), name)
			})
			if p.lex.states(folded) { // "se alojaron" names no "alojamiento"
				refs = slices.DeleteFunc(slices.Clone(refs), func(r nameRef) bool { return r.field >= 0 })
			}
			refs = p.ix.ofSingular(refs, singular(lang, folded))
			if len(refs) > 0 {
				give(refs, cost)
				break
			}
		}
	}
}

func (p *parse) isGlue(i int) bool {
	for _, e := range p.meanings(p.toks[i].folded) {
		if e.cat == "glue" {
			return true
		}
	}
	return p.toks[i].kind == tokBreak
}

// typed is the question's own text of tokens i…j, without the small words
// before it.
func (p *parse) typed(i, j int) string {
	for i < j-1 && p.isGlue(i) {
		i++
	}
	words := make([]string, 0, j-i)
	for _, t := range p.toks[i:j] {
		words = append(words, t.text)
	}
	return strings.Join(words, " ")
}

package planner

import (
	"slices"
	"strings"

	"tesela/segment/syntax"
)

// hadOf is what people had or did, named by a value of an event: "had a demo",
// "fizeram escova". Nil where the value is not said to be had, or is not of one event only.
func (p *parse) hadOf(n *node) *clause {
	if n.neg || len(n.vals) == 0 || inPart(n) || n.text == "and" && len(n.vals) > 1 {
		return nil // of two things each was had
	}
	k := p.core(n) - 1
	for k >= 0 && (p.holdsOneOf(k, "articles", "numbers") || p.isGlue(k) && !p.holdsOneOf(k, "is_set", "light", "inside", "relatives")) {
		k--
	}
	if !p.statesIt(n) && (k < 0 || !p.holdsOneOf(k, "is_set", "light")) {
		return nil // "have used both the API …" is had by nobody
	}
	event := p.ix.fields[n.vals[0].field].event
	for _, v := range n.vals {
		if e := p.ix.fields[v.field].event; e == "" || e != event {
			return nil
		}
	}
	for from := max(0, k-4); from < k; from++ { // "a deposit with Visa" is that deposit
		for _, x := range p.cells[from][k] {
			if x.cat == cClause && x.clause.event == event {
				return nil
			}
		}
	}
	f := p.valueFilter(n, event)
	if f == nil {
		return nil
	}
	return &clause{event: event, verb: true, qualified: true, where: []syntax.Formula{f}}
}

// statesIt tells whether a value of one word is what people are said to have
// done: "customers who cancelled", of visits that have it as their status.
func (p *parse) statesIt(n *node) bool {
	k := p.core(n)
	if n.to-k != 1 || !p.lex.endsLikeVerb(p.toks[k].folded) {
		return false
	}
	for k--; k >= 0 && p.toks[k].kind != tokBreak; k-- {
		switch {
		case p.holdsOneOf(k, "relatives", "people_words", "ask_count", "and", "but"):
			return true
		case slices.ContainsFunc(p.cells[k][k+1], func(x *node) bool { return x.cat == cCust }):
			return true
		case !p.isGlue(k) && !p.holdsOneOf(k, "not", "not_ever", "adverb_ever") && !p.isTraitValue(&node{from: k, to: k + 1}):
			return false
		}
	}
	return false
}

// oppositeOf reads a word that is known only without its beginning, which says
// that a yes-or-no field does not hold: "unresolved tickets".
func (p *parse) oppositeOf(i int) {
	if p.toks[i].kind != tokWord || len(p.cells[i][i+1]) > 0 {
		return
	}
	for _, prefix := range p.lex.opposites {
		word, ok := strings.CutPrefix(p.toks[i].folded, prefix)
		if !ok || len(word) < 4 {
			continue
		}
		for _, key := range []string{word, "~" + p.lang + " " + stem(p.lang, word)} {
			for _, r := range p.ix.names[key] {
				if r.field < 0 || p.ix.fields[r.field].kind != "bool" {
					continue
				}
				f := p.ix.fields[r.field]
				no := &syntax.Compare{Left: &syntax.Name{Name: f.name}, Op: syntax.Eq, Right: &syntax.Bool{Value: false}}
				n := condNode(no)
				if f.event != "" {
					n = &node{cat: "row filter", text: f.event, cond: no}
				}
				n.from, n.to, n.cost = i, i+1, costStem
				p.add(n)
			}
		}
	}
}

// turns tells whether one of two words is the other with a beginning that says
// the contrary: "unopened" is no slip of "opened".
func (lx *lexicon) turns(a, b string) bool {
	for _, prefix := range lx.opposites {
		if a == prefix+b || b == prefix+a {
			return true
		}
	}
	return false
}

// doneByPeople tells whether a thing is named only within the words for doing
// it: "cuántos se dieron de baja" and "how many made a booking" ask for people,
// "how many bookings were made" does not.
func (p *parse) doneByPeople(b *node) bool {
	if b.clause.verb {
		return false
	}
	at := p.core(b)
	for k := max(0, at-4); k < at; k++ {
		for m := at + 1; m <= b.to; m++ {
			if slices.ContainsFunc(p.cells[k][m], func(x *node) bool {
				return x.cat == cClause && x.clause.event == b.clause.event && x.clause.verb && !x.clause.weak && x.cost < costGlue
			}) {
				return true
			}
		}
	}
	return at > 2 && p.says(at-1, "articles") && p.says(at-2, "light") && p.endsWith("ask_count", at-2)
}

// saidOfTheDeed tells whether a value of what was done stands right behind the verb
// and is taken for one that people have in a field of a longer name: who "stayed in
// Cancún" need not like it best.
func (p *parse) saidOfTheDeed(a, b *node) bool {
	if a.cat != cClause || b.cat != cVal || b.from != a.to || !a.clause.verb || b.neg || len(a.clause.where) > 0 || len(b.vals) == 0 {
		return false
	}
	var own, theirs string
	for _, v := range p.allValues(b) {
		switch f := p.ix.fields[v.field]; f.event {
		case a.clause.event:
			own = f.name
		case "":
			theirs = f.name
		}
	}
	return own != "" && wordOf(theirs, own)
}

// allValues are the values of all readings of the words of a node.
func (p *parse) allValues(n *node) []valueRef {
	var out []valueRef
	for _, x := range p.cells[n.from][n.to] {
		if x.cat == cVal {
			out = append(out, x.vals...)
		}
	}
	return out
}

package planner

import (
	"context"
	"slices"
)

// asides are the categories of words that ask or say that something came about:
// in a sentence that is said once more they add nothing.
var asides = map[string]bool{
	"ask_count": true, "ask_list": true, "ask_what": true, "ask_amount": true, "ask_most": true, "arrive": true, "light": true, "to": true, "at": true,
	"one_of": true, "relatives": true, "articles": true, "glue": true, "glue_weak": true, "filler": true, "of": true, "is_set": true, "between": true,
	"every": true, "within": true, "unit_plurals": true, "units": true,
}

// twice reads a question that is put two times in other words, "At what hours do
// orders come in? Orders by hour", by the sentence that holds all that the other
// one says; it returns what it was given where that is not so.
func (p *parse) twice(ctx context.Context, plans []*plan) (*parse, []*plan, error) {
	if len(plans) > 0 && plans[0].whole() {
		return p, plans, nil
	}
	at := slices.IndexFunc(p.toks, func(t token) bool {
		return t.kind == tokBreak && (t.folded == "?" || t.folded == "." || t.folded == "!" || t.folded == ":") && t.from > p.toks[0].from
	})
	if at < 2 || at > len(p.toks)-3 {
		return p, plans, nil
	}
	first, second := p.toks[:at], p.toks[at+1:]
	if !p.saidIn(first, second) {
		return p, plans, nil
	}
	alone := newParse(second, p.lex, p.others, p.ix, p.asOf, p.zone)
	alone.talks = p.talks
	if err := alone.build(ctx); err != nil {
		return nil, nil, err
	}
	list := alone.plans(alone.derivations())
	if len(list) == 0 || !list[0].whole() {
		return p, plans, nil
	}
	return alone, list, nil
}

// saidIn tells whether each word of a that says something stands in b too, and
// one at least does.
func (p *parse) saidIn(a, b []token) bool {
	shared := false
	for i, t := range a {
		if t.kind == tokBreak || t.kind == tokSymbol {
			continue
		}
		if slices.ContainsFunc(b, func(o token) bool {
			return o.folded == t.folded || t.kind == tokWord && o.kind == tokWord && stem(p.lang, o.folded) == stem(p.lang, t.folded)
		}) {
			shared = shared || !p.isGlue(i)
			continue
		}
		if p.sameDoing(i, len(p.toks)-len(b)) {
			shared = true
			continue
		}
		list := p.lex.exact[t.folded]
		if t.kind != tokWord || !slices.ContainsFunc(list, func(e entry) bool { return asides[e.cat] && e.cat != "units" }) ||
			slices.ContainsFunc(list, func(e entry) bool { return operators[e.cat] }) || len(t.folded) > 3 && len(p.ix.value(t.folded)) > 0 {
			return false
		}
	}
	return shared
}

// sameDoing tells whether a word says what is done that a word from a place on
// names too: "compran", "tickets".
func (p *parse) sameDoing(i, from int) bool {
	for _, x := range p.cells[i][i+1] {
		if x.cat != cClause || x.cost > costMissing/10 {
			continue
		}
		for k := from; k < len(p.toks); k++ {
			for _, y := range p.cells[k][k+1] {
				if y.cat == cClause && y.cost < costMissing/10 && y.clause.event == x.clause.event {
					return true
				}
			}
		}
	}
	return false
}

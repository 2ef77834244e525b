package planner

import (
	"fmt"
	"slices"
)

// asides takes the headings out of a lexicon's document whose phrases are no
// words of a question by themselves: the names that tables give to fields, and
// the verbs behind which a bare figure is money.
func (lx *lexicon) asides(doc map[string]any) error {
	lx.moneyVerbs, lx.called = map[string]bool{}, map[string]string{}
	verbs, _ := doc["money_verbs"].([]any)
	for _, v := range verbs {
		text := fmt.Sprint(v)
		forms, ok, err := lx.verbsOf(text)
		if err != nil {
			return fmt.Errorf("money_verbs: %w", err)
		}
		if !ok {
			forms = []string{foldPhrase(text)}
		}
		for _, f := range forms {
			lx.moneyVerbs[f] = true
		}
	}
	names, _ := doc["field_names"].(map[string]any)
	for concept, list := range names {
		phrases, _ := list.([]any)
		for _, name := range phrases {
			lx.called[foldPhrase(fmt.Sprint(name))] = concept
		}
	}
	delete(doc, "money_verbs")
	delete(doc, "field_names")
	return nil
}

// saysMoney tells whether a clause is said by a verb behind which a bare figure
// is money.
func (p *parse) saysMoney(n *node) bool {
	for k := n.from; k < n.to; k++ {
		for j := k + 1; j <= min(n.to, k+3); j++ {
			folded, _, ok := p.phrase(k, j)
			if ok && p.lex.moneyVerbs[folded] {
				return true
			}
		}
	}
	return false
}

// saysThing tells whether the words of a clause that is said by a verb hold the
// thing done too: "hizo un depósito" speaks of each, and so does what is counted
// or has an article, "cuántas compras", "un pedido".
func (p *parse) saysThing(n *node) bool {
	if n.clause.fn != "" || n.clause.weak {
		return false
	}
	for k := n.from; k < n.to; k++ {
		article := k > 0 && p.says(k-1, "articles")
		if !article && k == n.from && (k == 0 || !p.says(k-1, "ask_count")) {
			continue // the verb
		}
		if p.doneByWho(k) {
			continue // "who bet" did so
		}
		if slices.ContainsFunc(p.cells[k][k+1], func(x *node) bool {
			return x.cat == cClause && x.cost < costHasty && (article || !x.clause.verb) && x.clause.event == n.clause.event
		}) {
			return true
		}
	}
	return false
}

// doneByWho tells whether a word stands right behind people or a relative and may
// be a verb: in "players who bet" it is one, whatever thing is called alike.
func (p *parse) doneByWho(k int) bool {
	if k == 0 || !p.holdsOneOf(k-1, "relatives", "people_words") && !(p.manyAt(k-1) && slices.ContainsFunc(p.cells[k-1][k], func(x *node) bool { return x.cat == cCust && x.cost < costFuzzy })) {
		return false
	}
	return slices.ContainsFunc(p.cells[k][k+1], func(x *node) bool {
		return x.cat == cClause && x.clause.verb && x.cost < costFuzzy
	})
}

// saysInAll tells whether the word of a field is the end of a phrase that says
// of a figure that it is one in all: "in total" names no total.
func (p *parse) saysInAll(field *node) bool {
	k := p.core(field)
	if k > 0 && p.says(k-1, "inside") && p.ix.fields[p.preferred(field.fields)].event != "" {
		for i := k; i < field.to; i++ {
			if has(p.lex.exact[p.toks[i].folded], entry{cat: "stats", attr: "sum"}) {
				return true // "over 1,000 in total value"
			}
		}
	}
	if k == 0 {
		return false
	}
	folded, _, ok := p.phrase(k-1, field.to)
	return ok && slices.ContainsFunc(p.lex.exact[folded], func(e entry) bool { return e.cat == "stats" || e.cat == "glue" })
}

// namesNumber tells whether a phrase is as well the name of a number, other than
// money, that rows have.
func (p *parse) namesNumber(i, j int) bool {
	folded, _, _ := p.phrase(i, j)
	return slices.ContainsFunc(p.ix.names[folded], func(r nameRef) bool {
		return r.field >= 0 && p.ix.fields[r.field].event != "" && p.ix.fields[r.field].isNumber() && p.ix.fields[r.field].kind != "money"
	})
}

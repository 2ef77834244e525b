package planner

import (
	"slices"

	"tesela/agent/model"
)

// placed reads a question about one row of what was just shown, wherever it
// names the row: "and the second one, how much did she pay?", "¿cuál es la
// tercera?". What is known of a customer answers whatever is asked of one; of a
// group only which it is, and its figure.
func (t *talking) placed(last *model.Call) ([]model.Call, *model.Decision) {
	a := &amending{talking: t, last: *last}
	if len(a.toList()) == 0 {
		return nil, nil
	}
	for _, l := range append([]string{t.lang}, languages...) {
		w := t.p.talk[l]
		if w == nil {
			continue
		}
		for from := range t.toks {
			for to := min(len(t.toks), from+longestPlace); to > from; to-- {
				n := slices.IndexFunc(w.places, func(p pattern) bool {
					return fitsWhole(p, t.toks, t.question, from, to, nil) != nil
				})
				if n < 0 || slices.ContainsFunc(t.toks[from:to], func(k token) bool { return k.kind == tokNumber }) { // "top 2 only"
					continue
				}
				a.said = &said{kind: "place", lang: l, toks: t.toks, text: t.question, spans: map[string][2]int{placeSpan(n): {from, to}}}
				if !a.asksOf(from, to) {
					return nil, nil
				}
				return a.place()
			}
		}
	}
	return nil, nil
}

// longestPlace is how many words name a row: "the second one on the list".
const longestPlace = 6

// asksOf tells whether all words beside the name of the row, from…to, only ask
// for something of it: none limits it to a time, a value or a figure.
func (a *amending) asksOf(from, to int) bool {
	ps := a.chart(a.question)
	if ps == nil || len(ps.toks) != len(a.toks) {
		return false
	}
	if to < len(ps.toks) { // "the second customer", not "the second quarter"
		people := slices.ContainsFunc(ps.cells[to][to+1], func(n *node) bool { return n.cat == cCust })
		if !people && slices.ContainsFunc(ps.cells[to][to+1], func(n *node) bool { return n.cat == cField || n.cat == cClause || n.cat == cMeas }) && !ps.startsClause(to) {
			return false
		}
	}
	known := make([]bool, len(ps.toks))
	ofOne := a.last.Name == "list_customers"
	for i := range ps.toks {
		for j := i + 1; j <= min(len(ps.toks), i+maxPhrase); j++ {
			for _, n := range ps.cells[i][j] {
				if i < to && j > from || n.cat == cUnknown || n.cost >= costOtherLang {
					continue
				}
				if limits[n.cat] || !ofOne && (n.cat == cField || n.cat == cMeas || n.cat == cClause) {
					return false
				}
				for k := i; k < j; k++ {
					known[k] = true
				}
			}
		}
	}
	for k := from; k < to; k++ {
		known[k] = true
	}
	return !slices.ContainsFunc(indices(0, len(known)), func(k int) bool { return !known[k] && ps.toks[k].kind != tokBreak && !ps.isGlue(k) })
}

// startsClause tells whether a verb stands at a token: "the second bought what?"
func (p *parse) startsClause(i int) bool {
	return slices.ContainsFunc(p.cells[i][i+1], func(n *node) bool { return n.cat == cClause && n.clause != nil && n.clause.verb })
}

// limits are the categories of words that limit what is asked.
var limits = map[cat]bool{
	cVal: true, cRank: true, cNum: true, cMoney: true, cPercent: true, cQty: true, cDur: true, cQtyDur: true, cSpan: true, cMonthDay: true, cWin: true,
	"units": true, "not": true, "not_ever": true, "none": true, "except": true, "compare": true, "by": true,
}

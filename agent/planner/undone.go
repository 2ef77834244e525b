package planner

import (
	"slices"
	"strings"
)

// leftUndone reads what is said to be still to be done, "recibos por pagar",
// "invoices to be paid", as what is not done. The words that say so are nothing
// else there, least of all without weight: left out they would turn it round.
func (p *parse) leftUndone(i int) {
	for j := min(len(p.toks)-1, i+3); j > i; j-- {
		folded, _, ok := p.phrase(i, j)
		if !ok || !has(p.lex.exact[folded], entry{cat: "undone"}) || !p.toBeDone(j) {
			continue
		}
		for k := i; k < j; k++ {
			p.cells[k][k+1] = slices.DeleteFunc(p.cells[k][k+1], func(n *node) bool { return j == i+1 || weightless[string(n.cat)] || n.cat == cGlue })
		}
		p.cells[i][j] = nil
		p.add(&node{cat: "not", from: i, to: j})
		return
	}
}

// toBeDone tells whether a word is a form of a verb for what the data tells of,
// and no name of anything: "por celular" is by mobile.
func (p *parse) toBeDone(k int) bool {
	w := p.toks[k].folded
	if p.toks[k].kind != tokWord || !p.lex.endsUndone(w) {
		return false
	}
	if slices.ContainsFunc(slices.Concat(p.ix.value(w), p.ix.aliases[w]), func(v valueRef) bool { return !p.tellsDone(p.ix.text(v)) }) || slices.ContainsFunc(p.ix.names[w], func(r nameRef) bool { return !r.verb && r.lang == "" }) {
		return false
	}
	return slices.ContainsFunc(p.cells[k][k+1], func(n *node) bool {
		return n.cat == cVal || n.cat == cCond || n.cat == cClause && n.clause.verb && !n.clause.weak ||
			n.cat == cField && p.ix.fields[n.fields[0]].kind == "bool"
	})
}

// tellsDone tells whether a value is a participle in any of the languages.
func (p *parse) tellsDone(text string) bool {
	w := strings.TrimSuffix(fold(text), "s")
	if base, ok := strings.CutSuffix(w, "a"); ok {
		w = base + "o"
	}
	return slices.ContainsFunc(append(p.others[:len(p.others):len(p.others)], p.lex), func(lx *lexicon) bool {
		return slices.ContainsFunc(append(lx.participles[:len(lx.participles):len(lx.participles)], lx.undoneEndings...), func(end string) bool { return strings.HasSuffix(w, end) })
	})
}

func (lx *lexicon) endsUndone(w string) bool {
	return slices.ContainsFunc(lx.undoneEndings, func(end string) bool { return len(w) >= len(end)+2 && strings.HasSuffix(w, end) })
}

// saysUndone tells whether the word before one says that it is still to be done.
func (lx *lexicon) saysUndone(toks []token, i int) bool {
	return i > 0 && has(lx.exact[toks[i-1].folded], entry{cat: "undone"}) && lx.endsUndone(toks[i].folded)
}

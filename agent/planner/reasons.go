package planner

import "slices"

// asksWhy keeps words that ask for a reason from being read apart, as words
// without weight: "por" and "qué" say little, "por qué" says what is asked.
// Where a field follows it is no reason that is asked for: "por qué canal"; nor
// where another sentence says what is wanted: "why? Show me … by reason".
func (p *parse) asksWhy() {
	n := len(p.toks)
	for i := range n {
		for j := i + 1; j <= min(n, i+maxPhrase); j++ {
			why := slices.ContainsFunc(p.cells[i][j], func(x *node) bool { return x.cat == "why" && x.cost < costFuzzy })
			if !why || p.fieldAt(j) || p.sentenceAfter(j) {
				continue
			}
			for a := i; a < j; a++ {
				for b := a + 1; b <= j; b++ {
					p.cells[a][b] = slices.DeleteFunc(p.cells[a][b], func(x *node) bool { return x.cat != "why" })
				}
			}
		}
	}
}

// sinceThat keeps "desde que" from being read apart, as words without weight or "from
// … on": what stands behind says since when, or is not understood.
func (p *parse) sinceThat() {
	for i := range p.toks {
		for j := i + 2; j <= min(len(p.toks), i+maxPhrase); j++ {
			if !slices.ContainsFunc(p.cells[i][j], func(x *node) bool { return x.cat == "since_that" && x.cost < costFuzzy }) {
				continue
			}
			for a := i; a < j; a++ {
				for b := a + 1; b <= j; b++ {
					p.cells[a][b] = slices.DeleteFunc(p.cells[a][b], func(x *node) bool { return x.cat != "since_that" })
				}
			}
		}
	}
}

// fieldAt tells whether a field, or what is grouped by, is named at a token; a value
// spelled so is none: "por qué perdemos presupuestos".
func (p *parse) fieldAt(i int) bool {
	if i < len(p.toks) && slices.ContainsFunc(p.cells[i][i+1], func(x *node) bool { return x.cat == cVal && x.cost < costFuzzy }) {
		return false
	}
	for j := i + 1; j <= min(len(p.toks), i+maxPhrase); j++ {
		if slices.ContainsFunc(p.cells[i][j], func(x *node) bool {
			return x.cost < costFuzzy && (x.cat == cField || x.cat == cMissing || x.cat == "units" || x.cat == "layer_names")
		}) {
			return true
		}
	}
	return false
}

// sentenceAfter tells whether a sentence ends behind a token and another begins.
func (p *parse) sentenceAfter(i int) bool {
	for ; i < len(p.toks); i++ {
		if t := p.toks[i]; t.kind == tokBreak && t.text != "," {
			return slices.ContainsFunc(p.toks[i:], func(t token) bool { return t.kind != tokBreak })
		}
	}
	return false
}

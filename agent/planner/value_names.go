package planner

import (
	"slices"
	"strings"
)

// besideNames are the values of a phrase less those that only happen to be
// called like a field of figures: "freight" is what is paid for it, and no
// coupon of that name, unless it is typed as the data has it or its field is
// named beside it.
func (p *parse) besideNames(i, j int, folded string, refs []valueRef) []valueRef {
	if len(refs) == 0 || !p.namesFigures(folded) {
		return refs
	}
	typed := p.typed(i, j)
	var out []valueRef
	for _, v := range refs {
		text := p.ix.text(v)
		if text == typed && text != strings.ToLower(text) || p.fieldBeside(i, j, v.field) {
			out = append(out, v)
		}
	}
	return out
}

// namesFigures tells whether a phrase is just the name of a number or of money.
func (p *parse) namesFigures(folded string) bool {
	for _, r := range p.ix.names[folded] {
		if r.field >= 0 && r.lang == "" && p.ix.fields[r.field].isNumber() {
			return true
		}
	}
	return false
}

// fieldBeside tells whether a field is named right before or behind a phrase,
// but for small words.
func (p *parse) fieldBeside(i, j, field int) bool {
	at := func(k int) bool {
		for _, key := range []string{p.toks[k].folded, strings.TrimSuffix(p.toks[k].folded, "s")} {
			for _, r := range p.ix.names[key] {
				if r.field == field {
					return true
				}
			}
		}
		return false
	}
	k := i - 1
	for k > 0 && p.isGlue(k) {
		k--
	}
	l := j
	for l < len(p.toks)-1 && p.isGlue(l) {
		l++
	}
	return k >= 0 && at(k) || l < len(p.toks) && at(l)
}

// stemValues are the values of a word's or a phrase's stem.
func (p *parse) stemValues(i, j int, folded string) []valueRef {
	var out []valueRef
	for _, v := range p.ix.aliases["~"+p.lang+" "+stem(p.lang, folded)] {
		text := fold(p.ix.text(v))
		if j > i+1 || p.oneWord(folded, text) && !p.ix.th.apart(p.lang, folded, text) {
			out = append(out, v)
		}
	}
	return out
}

// oneWord tells whether a word is a value in another gender or number, not the
// statement of its stem: "activated" is not "active".
func (p *parse) oneWord(folded, text string) bool {
	if !p.lex.endsLikeVerb(folded) || p.lex.endsLikeVerb(text) {
		return true
	}
	n := 0
	for n < len(folded) && n < len(text) && folded[n] == text[n] {
		n++
	}
	return len(folded)-n <= 2 && len(text)-n <= 1
}

// namesTheKind tells whether a word right behind a figure and "by" is an ordinary
// one in the singular that is no value's own name: "revenue by sector" is not of
// the public sector, nor "by industry" of industrial customers.
func (p *parse) namesTheKind(i int) bool {
	w := p.toks[i].folded
	if i < 2 || !p.says(i-1, "by") || p.manyAt(i) || p.capital(i) || !p.ix.th.spoken[p.lang+" "+w] || len(p.ix.value(w)) > 0 {
		return false
	}
	for k := range i - 1 {
		if slices.ContainsFunc(p.cells[k][i-1], func(n *node) bool { return n.cat == cMeas || n.cat == cClause && !n.clause.verb && !n.clause.person }) {
			return true
		}
	}
	return false
}

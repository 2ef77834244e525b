package planner

import (
	"slices"
	"strings"
)

// valueOfPart reads "the channel iFood" where several fields have channel in
// their names, so that the word alone is none of them: the value tells which.
func (p *parse) valueOfPart(a, b *node) []*node {
	if a.attr == "" || a.to-p.core(a) != 1 || p.breaks(a.to, b) {
		return nil
	}
	word := p.toks[a.to-1].folded
	x := *b
	x.vals, x.cost = nil, 0.05-a.cost // it is not missing
	for _, v := range b.vals {
		words := strings.FieldsFunc(fold(p.ix.fields[v.field].name), func(r rune) bool { return r == '_' || r == ' ' })
		if slices.Contains(words, word) || slices.Contains(words, singular(p.lang, word)) {
			x.vals = append(x.vals, v)
		}
	}
	if len(x.vals) == 0 {
		return nil
	}
	return one(&x)
}

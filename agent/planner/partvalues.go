package planner

import (
	"slices"
	"strings"
)

// mostInPart bounds the values that may be meant by a word that all of them hold.
// Fields of more values than fewInPart hold names, whose words say too little.
const (
	mostInPart = 4
	fewInPart  = 60
)

// valuesInPart reads words that nothing else is made of as part of a value:
// "the gala" where only gala_anual is one, "a suite" where there are a junior
// and a royal one. What was taken is told.
func (p *parse) valuesInPart(i int) {
	for width := 1; width <= 3 && i+width <= len(p.toks); width++ {
		if width > 1 && (len(p.cells[i][i+width]) > 0 || p.isGlue(i+width-1)) || p.toks[i+width-1].kind != tokWord || len(p.toks[i+width-1].folded) < 3 {
			return
		}
		if width == 1 && (len(p.toks[i].folded) < 4 || len(p.cells[i][i+1]) > 0) {
			if len(p.cells[i][i+1]) == 0 || p.isGlue(i) {
				return
			}
			continue
		}
		p.heldBy(i, i+width)
	}
}

func (p *parse) heldBy(i, j int) {
	var held []int // items with each of the words, as the data has them
	for _, n := range p.ix.compounds.byID["s"+stem(languages[0], p.toks[i].folded)] {
		it := p.ix.compounds.items[n]
		if !it.isVal || len(it.words) <= j-i || p.ix.fields[it.value.field].values.Len() > fewInPart {
			continue
		}
		words, all := strings.Fields(fold(p.ix.text(it.value))), true
		for k := i; k < j && all; k++ {
			all = slices.Contains(words, p.toks[k].folded)
		}
		if all {
			held = append(held, n)
		}
	}
	slices.Sort(held)
	byField := map[string]*node{}
	var order []string
	for _, n := range held {
		v := p.ix.compounds.items[n].value
		f := p.ix.fields[v.field]
		k := f.name
		if f.event == "" {
			k = "\x00" + k
		}
		if byField[k] == nil {
			order = append(order, k)
			byField[k] = &node{cat: cVal, from: i, to: j, cost: 0.45}
		}
		byField[k].vals = append(byField[k].vals, v)
	}
	for _, k := range order {
		n := byField[k]
		var texts []string
		for _, v := range n.vals {
			if t := p.ix.text(v); !slices.Contains(texts, t) {
				texts = append(texts, t)
			}
		}
		if len(texts) > mostInPart {
			continue
		}
		n.assume = []assumption{{"in_part", map[string]string{"text": p.typed(i, j), "values": strings.Join(texts, ", ")}}}
		p.add(n)
	}
}

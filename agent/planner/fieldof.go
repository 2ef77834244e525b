package planner

import "tesela/segment/syntax"

// several tells whether a field was named in the plural, which all the
// languages mark by an s: at its head, which is the last word or the one before
// "of".
func (p *parse) several(n *node) bool {
	head := n.to - 1
	for k := p.core(n) + 1; k < n.to; k++ {
		if p.says(k, "of") {
			head = k - 1
			break
		}
	}
	w := p.toks[head].folded
	return len(w) > 3 && w[len(w)-1] == 's' && w != fold(p.ix.fields[n.fields[0]].name)
}

// groupField picks which of the same-named fields to group by: the measured
// event's own, else the purchase's, else the first.
func (p *parse) groupField(fields []int, chosen int, event string) string {
	for _, fi := range fields {
		if p.ix.fields[fi].event == event && p.ix.fields[fi].name == p.ix.fields[chosen].name {
			return p.fieldText(fi)
		}
	}
	var same []int
	for _, fi := range fields {
		if p.ix.fields[fi].name == p.ix.fields[chosen].name {
			same = append(same, fi)
		}
	}
	if len(same) == 0 {
		same = []int{chosen}
	}
	return p.fieldText(p.preferred(same))
}

func (p *parse) fieldText(fi int) string {
	f := p.ix.fields[fi]
	if f.event == "" {
		return syntax.Quote(f.name)
	}
	return syntax.Quote(f.event) + "." + syntax.Quote(f.name)
}

// fieldLeaf is a field by what it plays; verbs on dates ("signed up") and on
// yes-or-no fields ("opted in") are conditions in the making.
func (p *parse) fieldLeaf(i, j int, cost float64, list []int, form string) {
	byName := map[string][]int{}
	var order []string
	for _, f := range list {
		// Traits stand alone; the same property of several events is one.
		k := p.ix.fields[f].name
		if p.ix.fields[f].event == "" {
			k = "\x00" + k
		}
		if byName[k] == nil {
			order = append(order, k)
		}
		byName[k] = append(byName[k], f)
	}
	for _, k := range order {
		p.add(&node{cat: cField, from: i, to: j, cost: cost, fields: byName[k], form: form})
	}
}

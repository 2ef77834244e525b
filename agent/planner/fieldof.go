package planner

import "tesela/segment/syntax"

// several tells whether a field was named in the plural, which all the
// languages mark by an s.
func (p *parse) several(n *node) bool {
	w := p.toks[n.to-1].folded
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

package planner

import (
	"slices"

	"tesela/segment/syntax"
	"tesela/tools"
)

// elsewhere adds the readings of a count in which a value that is only named
// ("Montréal: how many customers?") is not that of a customer's field but of
// what they did, where the data have it in both.
func (s *parts) elsewhere() {
	own := s.conds
	defer func() { s.conds = own }()
	for i, c := range own {
		if c.cat != cVal || c.neg || len(c.vals) != 1 || !s.p.onlyNamed(c) {
			continue
		}
		for _, did := range s.p.namesakes(c.vals[0]) {
			s.conds = slices.Clone(own)
			s.conds[i] = condNode(did)
			if f, ok := s.base(); ok && f != nil {
				s.more = append(s.more, &plan{tool: "count_segment", args: tools.CountSegmentArgs{Formula: f.String()}, bare: s.plan.bare})
			}
		}
	}
}

// onlyNamed tells whether a value opens the question and stands apart from the
// rest of it: no word says what it is of.
func (p *parse) onlyNamed(n *node) bool {
	for _, t := range p.toks[:n.from] {
		if t.kind != tokBreak {
			return false
		}
	}
	return n.to < len(p.toks) && p.toks[n.to].kind == tokBreak && p.core(n) == n.from
}

// namesakes are conditions of having done what a trait's value is a value of
// too: one for each property, of the purchase where it has it.
func (p *parse) namesakes(v valueRef) []syntax.Formula {
	if p.ix.fields[v.field].event != "" {
		return nil
	}
	of := map[string]int{} // field by property
	var order []string
	for _, w := range p.ix.value(fold(p.ix.text(v))) {
		f := p.ix.fields[w.field]
		if f.event == "" || p.ix.text(w) != p.ix.text(v) {
			continue
		}
		if _, has := of[f.name]; !has {
			order = append(order, f.name)
		} else if f.event != p.ix.events["purchase"] {
			continue
		}
		of[f.name] = w.field
	}
	var out []syntax.Formula
	for _, name := range order {
		out = append(out, &syntax.Compare{
			Left: &syntax.Call{Fn: syntax.Count, Event: p.ix.fields[of[name]].event, Where: &syntax.Compare{
				Left: &syntax.Name{Name: name}, Op: syntax.Eq, Right: &syntax.Text{Value: p.ix.text(v)},
			}},
			Op: syntax.Ge, Right: number(1),
		})
	}
	return out
}

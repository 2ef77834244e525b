package planner

// spreads tells whether the question begins with what asks for a breakdown.
func (p *parse) spreads() bool { return p.saysAtHead("ask_what") || p.saysAtHead("ask_share") }

// oneByOneRules read a breakdown said by naming twice what it is by: "sales
// region by region", "receita região a região".
func oneByOneRules() map[pair]rule {
	read := func(p *parse, a, b *node) []*node {
		k := p.core(b)
		if a.to != b.from || k == a.to || k >= b.to || a.to-p.core(a) != b.to-k || !overlaps(a.fields, b.fields) {
			return nil
		}
		for i := range b.to - k {
			if p.toks[p.core(a)+i].folded != p.toks[k+i].folded {
				return nil
			}
		}
		return one(&node{cat: cGroup, groups: []grouping{{field: b.fields[0]}}, fields: b.fields})
	}
	return map[pair]rule{
		{cField, cField}: read,
		{"between", cField}: func(p *parse, _, b *node) []*node { // "how is revenue spread between countries"
			if f := p.ix.fields[p.preferred(b.fields)]; !f.isText() || b.num != nil || !p.spreads() {
				return nil
			}
			return one(&node{cat: cGroup, groups: []grouping{{field: b.fields[0]}}, fields: b.fields, cost: 0.1})
		},
		{cCust, cField}: func(p *parse, a, b *node) []*node { // "revenue by customer country"
			if f := p.ix.fields[p.preferred(b.fields)]; p.core(a) == 0 || p.core(b) != a.to || f.event != "" || !f.isText() || b.num != nil || a.to-p.core(a) != 1 || !p.holdsOneOf(p.core(a)-1, "by") {
				return nil
			}
			return again(b, 0.05)
		},
		{cField, cGroup}: func(p *parse, a, b *node) []*node {
			at := b.to - (a.to - p.core(a))
			if at <= a.to || len(b.groups) != 1 || b.groups[0].per != "" {
				return nil
			}
			for i := at; i < b.to; i++ {
				if p.toks[p.core(a)+i-at].folded != p.toks[i].folded {
					return nil
				}
			}
			return again(b, 0)
		},
	}
}

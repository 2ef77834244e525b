package planner

// The categories of two values that are both meant.
const (
	cBothOne  cat = "both one"     // "both Centro"
	cBothAnd  cat = "both one and" // "both Centro and"
	cBothVals cat = "both values"
)

// bothRules read two things that people did each: "appointments in both Centro
// and Boa Viagem", "tanto con visa como con skrill".
func bothRules() map[pair]rule {
	and := func(_ *parse, a, b *node) []*node {
		if b.attr == "," {
			return nil
		}
		return one(&node{cat: cBothAnd, vals: a.vals, from: a.from})
	}
	return map[pair]rule{
		{"both_before", cVal}: func(_ *parse, _, b *node) []*node {
			if b.neg || b.text != "" {
				return nil
			}
			return one(&node{cat: cBothOne, vals: b.vals})
		},
		{cBothOne, "and"}:      and,
		{cBothOne, "both_and"}: and,
		{cBothAnd, cVal}: func(_ *parse, a, b *node) []*node {
			if b.neg || b.text != "" {
				return nil
			}
			x := &node{cat: cBothVals}
			for _, v := range a.vals {
				for _, w := range b.vals {
					if v.field == w.field {
						x.vals = append(x.vals, v, w)
					}
				}
			}
			if len(x.vals) == 0 {
				return nil
			}
			return one(x)
		},
		{cClause, cBothVals}: func(p *parse, a, b *node) []*node {
			if a.clause.qty != nil || a.clause.neg || a.clause.fn != "" {
				return nil
			}
			return p.both(a, b)
		},
	}
}

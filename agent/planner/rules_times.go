package planner

// askTimesRules read "how many times", which asks for what was done and not for
// who did it.
func askTimesRules() map[pair]rule {
	return map[pair]rule{
		{"ask_count", "times"}: func(p *parse, a, b *node) []*node {
			if p.core(b) > a.to {
				return nil
			}
			return one(&node{cat: "ask_times", cost: -0.05})
		},
	}
}

// timesDone takes the sentence's own verb for what is counted: "how many times did
// women visit". False where there is none, or something else is measured.
func (s *parts) timesDone() bool {
	if len(s.meas)+len(s.byValue)+len(s.ranks)+len(s.fields) > 0 || s.asks["ask_count"] || s.asks["ask_amount"] || s.asks["ask_share"] {
		return false
	}
	for i, c := range s.conds {
		if c.cat != cClause || !c.clause.verb || c.clause.neg || c.clause.qty != nil || c.clause.person || s.p.inRelative(c) {
			continue
		}
		x := *c.clause
		x.fn = ""
		s.meas = append(s.meas, &node{cat: cMeas, from: c.from, to: c.to, meas: s.p.eventMeasure(&x)})
		s.conds = append(s.conds[:i:i], s.conds[i+1:]...)
		s.cust = false
		return true
	}
	return false
}

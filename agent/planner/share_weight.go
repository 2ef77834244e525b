package planner

import "slices"

// weighed is "how much do Germans weigh in the deposits": the share that people
// or rows have of a figure, which is told behind them. Where it is of things
// that have money, how much and how many are either meant, so that it is asked
// which. done is false where no such figure is told.
func (s *parts) weighed() (done, ok bool) {
	last := len(s.conds) - 1
	if !s.weighs || last < 1 || len(s.meas)+len(s.groups) > 0 {
		return false, false
	}
	slices.SortStableFunc(s.conds, func(a, b *node) int { return a.from - b.from })
	c := s.conds[last]
	if c.cat != cClause || !plainThing(c.clause) || !s.p.opensInside(s.p.core(c)) {
		return false, false
	}
	figures := []*meas{s.p.eventMeasure(c.clause)}
	if money := s.p.moneyMeasure(c.clause.event); money != "" {
		of := *figures[0]
		of.exprs = []string{money}
		figures = append([]*meas{&of}, figures...)
	}
	for i, m := range figures {
		x := *s
		x.cust, x.conds, x.meas = false, s.conds[:last:last], []*node{{cat: cMeas, from: c.from, to: c.to, meas: m}}
		if !x.shareOfMeasure() {
			return true, false
		}
		if i == 0 {
			defer func() { s.plan, s.conds, s.wins, s.filters = x.plan, nil, nil, nil }()
			continue
		}
		s.more = append(s.more, &x.plan)
	}
	return true, true
}

// opensInside tells whether what says in what something is stands before a
// token, articles aside.
func (p *parse) opensInside(at int) bool {
	for k := at - 1; k >= max(0, at-2); k-- {
		if p.says(k, "inside") {
			return true
		}
	}
	return false
}

// shareLeaf is what asks for a share.
func (p *parse) shareLeaf(n *node) {
	p.shares = true
	if n.cat == "ask_weight" {
		n.cat, n.attr = "ask_share", "weight"
	}
	if n.cat == "ask_share" && n.to-n.from > 3 {
		n.cost -= 0.2 // "one in how many" asks for no number of them
	}
}

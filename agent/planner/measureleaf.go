package planner

// measureLeaf is a named measure, where the data has what it is made of.
func (p *parse) measureLeaf(n *node, e entry) {
	ev := p.ix.events["purchase"]
	needs := "purchase"
	if e.attr == "newcomers" {
		for _, x := range p.newBuyers() {
			x.from, x.to, x.cost = n.from, n.to, n.cost
			p.add(x)
			return
		}
	}
	if rate, ok := messageRates[e.attr]; ok {
		p.messageRate(n, rate)
		return
	}
	if e.attr == "revenue" || e.attr == "gross_revenue" || e.attr == "aov" || e.attr == "revenue_per_buyer" || e.attr == "refunds" {
		needs = "amount"
	}
	if e.attr == "refunds" && p.ix.role("refund") == "" {
		needs, ev = "refund", ""
	} else if e.attr == "refunds" && p.ix.events["refund"] != "" {
		ev = p.ix.events["refund"] // what is said of their rows is said of refunds
	}
	if ev == "" || needs == "amount" && p.ix.role("amount") == "" {
		n.cat, n.word, n.attr, n.form = cMissing, p.typed(n.from, n.to), needs, "role"
		n.cost += costMissing
		p.add(n)
		return
	}
	exprs := []string{e.attr}
	switch e.attr {
	case "items":
		exprs[0] = p.ix.items()
	case "new_and_returning": // who bought for the first time in a time, and who had bought before it
		exprs = []string{"new_buyers", "buyers - new_buyers"}
	}
	n.cat, n.attr = cMeas, ""
	n.meas = &meas{exprs: exprs, event: ev, anew: len(exprs) > 1}
	p.add(n)
}

package planner

import "tesela/segment/syntax"

// layerLeaf is a label of a layer as a condition: "champions".
func (p *parse) layerLeaf(n *node, e entry) {
	f, err := syntax.Parse(e.attr)
	if err != nil || p.ix.events["purchase"] == "" {
		return
	}
	n.cat, n.attr, n.cond, n.simple = cCond, traitOf(f), f, true
	p.add(n)
}

// idiomLeaf is a set phrase for a kind of buyer.
func (p *parse) idiomLeaf(n *node, e entry) {
	ev := p.ix.events["purchase"]
	if ev == "" {
		n.cat, n.word, n.attr = cMissing, p.typed(n.from, n.to), "purchase"
		n.cost += costMissing
		p.add(n)
		return
	}
	c := idiomClause(ev, e.attr)
	if c == nil {
		return
	}
	n.cat, n.attr, n.clause = cClause, "", c
	p.add(n)
}

// idiomClause is what a kind of buyer did: bought again, once, or never.
func idiomClause(event, kind string) *clause {
	c := &clause{event: event, verb: true, qualified: true}
	switch kind {
	case "repeat_buyer":
		c.qty, c.repeat = &qty{op: syntax.Ge, lo: "2"}, true
	case "one_time":
		c.qty = &qty{op: syntax.Eq, lo: "1"}
	case "never_buyer":
		c.neg = true
	default:
		return nil
	}
	return c
}

// idiomRules read the kind of buyer beside any noun for people: "repeat guests",
// "hóspedes recorrentes".
func idiomRules() map[pair]rule {
	kind := func(p *parse, said *node) []*node {
		ev := p.ix.events["purchase"]
		if ev == "" {
			return nil
		}
		return one(&node{cat: cClause, clause: idiomClause(ev, said.attr), cost: 0.02})
	}
	return map[pair]rule{
		{"kind_of_buyer", cCust}: func(p *parse, a, _ *node) []*node { return kind(p, a) },
		{cCust, "kind_of_buyer"}: func(p *parse, _, b *node) []*node { return kind(p, b) },
	}
}

// wordLeaf is a word of the business: a formula or a measure.
func (p *parse) wordLeaf(i, j int, cost float64, word string) {
	text := p.catalogue().Words[word]
	if f, err := syntax.Parse(text); err == nil {
		p.add(&node{cat: cCond, from: i, to: j, cost: cost, cond: f, simple: false, assume: []assumption{{"word", map[string]string{"word": word, "formula": f.String()}}}})
		return
	}
	if v, err := syntax.ParseMeasure(text); err == nil {
		p.add(&node{cat: cMeas, from: i, to: j, cost: cost, meas: &meas{exprs: []string{word}, event: eventOf(v)}, assume: []assumption{{"word", map[string]string{"word": word, "formula": v.String()}}}})
	}
}

// eventOf is the event that all functions of a measure are of, "" for several:
// what is said of its rows may then be said of the measure.
func eventOf(v syntax.Node) string {
	event, one := "", true
	syntax.Walk(v, func(n syntax.Node) bool {
		if c, ok := n.(*syntax.Call); ok {
			one = one && (event == "" || event == c.Event)
			event = c.Event
		}
		return true
	})
	if !one {
		return ""
	}
	return event
}

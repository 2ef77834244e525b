package planner

import (
	"fmt"

	"tesela/segment/syntax"
)

// messageRates are what became of messages, of what: the roles of both.
var messageRates = map[string][2]string{
	"open_rate":     {"open", "send"},
	"click_rate":    {"click", "send"},
	"click_to_open": {"click", "open"},
}

// messageRate is "open rate", as many opened as were sent, where both are known.
func (p *parse) messageRate(n *node, rate [2]string) {
	done, of := p.ix.events[rate[0]], p.ix.events[rate[1]]
	if done == "" || of == "" {
		n.cat, n.word, n.attr, n.form = cMissing, p.typed(n.from, n.to), rate[0], "role"
		if done != "" {
			n.attr = rate[1]
		}
		n.cost += costMissing
		p.add(n)
		return
	}
	is, all := &syntax.Call{Fn: syntax.Count, Event: done}, &syntax.Call{Fn: syntax.Count, Event: of}
	n.cat, n.attr = cMeas, ""
	n.meas = &meas{event: done, against: of, exprs: []string{fmt.Sprintf("%s / %s", is, all)}}
	p.add(n)
}

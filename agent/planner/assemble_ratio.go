package planner

import (
	"fmt"
	"strings"

	"tesela/segment/syntax"
	"tesela/tools"
)

// shareOfMeasure is "what share of revenue comes from …": of rows told by a
// value of theirs one figure, of people told by a trait the table of that trait
// with shares.
func (s *parts) shareOfMeasure() bool {
	if len(s.meas) != 1 || s.perCust || s.counted || len(s.fields)+len(s.ranks)+len(s.byValue)+len(s.stats) > 0 || len(s.wins) > 1 || !s.byTimeOnly() {
		return false
	}
	m := s.meas[0].meas
	call := s.p.shareable(m)
	if call == nil || s.asks["ask_most"] || s.asks["ask_least"] || s.asks["ask_compare"] {
		return false
	}
	where, base, win := m.where[:len(m.where):len(m.where)], m.base[:len(m.base):len(m.base)], m.win
	for _, f := range s.filters {
		if f.text != m.event {
			return false
		}
		where = append(where, f.cond)
	}
	for _, c := range s.conds {
		if c.cat == cClause && plainThing(c.clause) && c.clause.event == m.event && (win == nil || c.clause.win == nil) && !c.clause.ever {
			where = append(where, c.clause.where...) // "… from orders paid in cash"
			if win == nil {
				win = c.clause.win
			}
			continue
		}
		if c.cat != cVal {
			return false
		}
		if f := s.p.valueFilter(c, m.event); f != nil && m.event != "" {
			where = append(where, f)
		} else if f := s.p.valueFilter(c, ""); f != nil {
			base = append(base, f)
		} else {
			return false
		}
	}
	if len(s.wins) == 1 {
		if win != nil || m.ever {
			return false
		}
		win = s.wins[0].win
	}
	args := tools.MeasureArgs{}
	switch {
	case len(where) > 0 && len(base) == 0 && !s.cust:
		part, all := *call, *call
		part.Where = syntax.All(where...)
		args.Measures = []string{fmt.Sprintf("%s / %s", &part, &all)}
		if m.exprs[0] == "revenue" {
			s.plan.assume = append(s.plan.assume, assumption{"spend_is_gross", nil})
		}
	case len(where) == 0 && len(base) == 1:
		trait := oneTrait(base[0])
		if trait == "" {
			return false
		}
		args.Measures, args.GroupBy, args.Shares = m.exprs, []string{syntax.Quote(trait)}, true
	default:
		return false
	}
	for _, g := range s.groups {
		args.Per = g.groups[0].per
	}
	if args.Per != "" && args.Shares {
		return false
	}
	if win != nil {
		args.Window = win.String()
	}
	s.filters, s.conds, s.wins, s.groups = nil, nil, nil, nil
	s.plan.tool, s.plan.args = "measure", args
	return true
}

// byTimeOnly tells whether nothing is broken down, or all of it by one unit of
// time: the share of each month is one of what that month has.
func (s *parts) byTimeOnly() bool {
	return len(s.groups) == 0 || len(s.groups) == 1 && len(s.groups[0].groups) == 1 && s.groups[0].groups[0].per != ""
}

// oneTrait is the trait of which a formula names values; "" for other ones.
func oneTrait(f syntax.Formula) string {
	var of syntax.Value
	switch c := f.(type) {
	case *syntax.Compare:
		if c.Op == syntax.Eq {
			of = c.Left
		}
	case *syntax.In:
		if !c.Not {
			of = c.Value
		}
	}
	if n, ok := of.(*syntax.Name); ok && len(n.Params) == 0 {
		return n.Name
	}
	return ""
}

// shareDone is the share of events that came to something: by whom they were
// done, or how many were followed by another ("what share of orders was
// refunded"). Of the latter, one for one, the numbers are what is divided.
func (s *parts) shareDone(c *clause) bool {
	if len(s.conds) != 1 || len(s.filters)+len(s.fields) > 0 || len(s.groups) > 0 && s.conds[0].cat != cClause {
		return false
	}
	switch other := s.conds[0]; other.cat {
	case cVal:
		m := s.p.eventMeasure(c)
		s.meas = append(s.meas, &node{cat: cMeas, meas: m})
		return s.shareOfMeasure()
	case cClause:
		d := other.clause
		if !d.verb && !s.p.undergone(other) || d.neg || d.qty != nil || d.person || d.it || d.same || d.stopped || d.fn != "" && d.fn != syntax.Sum || d.event == c.event || len(d.where) > 0 || d.win != nil && c.win != nil {
			return false
		}
		m := &meas{event: d.event, win: c.win, against: c.event}
		if m.win == nil {
			m.win = d.win
		}
		m.exprs = []string{fmt.Sprintf("%s / %s", &syntax.Call{Fn: syntax.Count, Event: d.event}, &syntax.Call{Fn: syntax.Count, Event: c.event})}
		delete(s.asks, "ask_share")
		s.conds = nil
		s.meas = append(s.meas, &node{cat: cMeas, meas: m})
		return s.measure()
	}
	return false
}

// doneMost is "at what hour do people order most", "in which month did they
// cancel least": times told apart by how often it was done in them. A best
// month without more is that of most money.
func (s *parts) doneMost() {
	if !s.asks["ask_most"] && !s.asks["ask_least"] || len(s.meas)+len(s.byValue)+len(s.ranks)+len(s.fields) > 0 || len(s.groups) != 1 || s.groups[0].groups[0].per == "" || s.counted || s.limit > 0 {
		return
	}
	if len(s.conds) == 0 && !s.cust && len(s.units) > 0 && s.p.ix.events["purchase"] != "" {
		m := &meas{event: s.p.ix.events["purchase"], exprs: []string{"orders"}}
		if s.p.ix.role("amount") != "" {
			m.exprs = []string{"revenue"}
		}
		s.plan.assume = append(s.plan.assume, assumption{"best_by", map[string]string{"measure": m.exprs[0]}})
		s.meas = append(s.meas, &node{cat: cMeas, meas: m})
		return
	}
	for i, x := range s.conds {
		if x.cat != cClause {
			continue
		}
		c := x.clause
		if c.neg || c.qty != nil || c.it || c.same || c.stopped || c.repeat || c.person {
			return
		}
		m := s.p.eventMeasure(c)
		if c.fn == syntax.Sum {
			m.exprs = []string{s.p.sumMeasure(c.event, c.prop)}
		} else if s.byMoney {
			if m.exprs = []string{s.p.moneyMeasure(c.event)}; m.exprs[0] == "" {
				return
			}
		}
		s.byMoney, s.byTimes = false, false
		s.meas = append(s.meas, &node{cat: cMeas, meas: m})
		s.conds = append(s.conds[:i:i], s.conds[i+1:]...)
		s.custOnly()
		return
	}
}

// custOnly forgets that people were named, where nothing is said of them.
func (s *parts) custOnly() {
	if len(s.conds) == 0 {
		s.cust, s.custAt = false, -1
	}
}

// outdoing is "do women spend more than men": the two beside each other.
func (s *parts) outdoing() bool {
	if len(s.meas)+len(s.byValue)+len(s.ranks)+len(s.fields)+len(s.groups)+len(s.filters)+len(s.stats) > 0 || s.limit > 0 || s.counted || s.perCust || s.asks["ask_share"] {
		return false
	}
	if len(s.conds) != 1 || s.conds[0].cat != cVal || s.conds[0].neg {
		return false
	}
	of := *s.conds[0]
	of.vals = append(of.vals[:len(of.vals):len(of.vals)], s.outdone.vals...)
	if f := s.p.valueFilter(&of, ""); f == nil || len(values(f)) != 2 {
		return false
	}
	did := s.outdone.clause
	s.byTimes, s.outdone, s.conds = s.byTimes || s.outdone.form == "things", nil, nil
	return s.apartBy(&of, did, nil)
}

// values are the texts of a list of values.
func values(f syntax.Formula) []syntax.Literal {
	if in, ok := f.(*syntax.In); ok && !in.Not {
		return in.List
	}
	return nil
}

// divide takes "per order" for what the measure, or the money of what was
// done, is divided by.
func (s *parts) divide() bool {
	per := s.perEvent
	s.perEvent = nil
	m := (*meas)(nil)
	at := -1
	switch {
	case len(s.meas) == 1:
		m = s.meas[0].meas
		if len(m.exprs) == 1 && strings.HasSuffix(m.exprs[0], " / count("+syntax.Quote(per.clause.event)+")") {
			return true // "average discount per order" is of orders by itself
		}
	case len(s.meas) > 1:
		return false
	default:
		for i, c := range s.conds {
			if c.cat != cClause || c.clause.neg || c.clause.qty != nil || c.clause.person || at >= 0 {
				continue
			}
			d := c.clause
			switch {
			case d.verb && d.fn == syntax.Sum:
				m, at = &meas{event: d.event, where: d.where, win: d.win, ever: d.ever, exprs: []string{s.p.sumMeasure(d.event, d.prop)}}, i
			case d.verb && s.asks["ask_amount"] && s.p.moneyMeasure(d.event) != "":
				m, at = &meas{event: d.event, where: d.where, win: d.win, ever: d.ever, exprs: []string{s.p.moneyMeasure(d.event)}}, i
			case plainThing(d):
				m, at = s.p.eventMeasure(d), i
			}
		}
	}
	if m == nil {
		return false
	}
	out := s.p.ratioOf(m, per)
	if out == nil {
		return false
	}
	if at >= 0 {
		s.conds = append(s.conds[:at:at], s.conds[at+1:]...)
	}
	s.meas = out
	rest := s.stats[:0:0]
	for _, st := range s.stats {
		if st.attr != "mean" { // so much for each is the average
			rest = append(rest, st)
		}
	}
	s.stats = rest
	return true
}

// apartBy measures what was done, for each of the values.
func (s *parts) apartBy(of *node, did *clause, rest []*node) bool {
	f := s.p.valueFilter(of, "")
	trait := oneTrait(f)
	if trait == "" || len(rest) > 0 || len(s.wins) > 1 || len(s.wins) == 1 && did.win != nil {
		return false
	}
	win := did.win
	if len(s.wins) == 1 {
		win = s.wins[0].win
	}
	args := tools.MeasureArgs{Formula: f.String(), GroupBy: []string{syntax.Quote(trait)}}
	if win != nil {
		args.Window = win.String()
	}
	if len(did.where) > 0 {
		args.Where = syntax.All(did.where...).String()
	}
	m := s.p.eventMeasure(did)
	money := s.p.moneyMeasure(did.event)
	if did.fn == syntax.Sum {
		money = s.p.sumMeasure(did.event, did.prop)
	}
	var lists [][]string
	if money != "" && !s.byTimes {
		call := s.p.callOf(money)
		if call == nil {
			return false
		}
		each := fmt.Sprintf("%s / %s", money, doersOf(did.event))
		if money == "gross_revenue" {
			each = "revenue_per_buyer"
		}
		lists = append(lists, []string{each}, []string{money})
	}
	if did.fn != syntax.Sum {
		lists = append(lists, []string{fmt.Sprintf("%s / %s", m.exprs[0], doersOf(did.event))}, m.exprs)
	}
	s.conds, s.wins, s.byTimes = nil, nil, false
	for i, exprs := range lists {
		x := args
		x.Measures = exprs
		if i == 0 {
			s.plan.tool, s.plan.args = "measure", x
			continue
		}
		s.more = append(s.more, &plan{tool: "measure", args: x})
	}
	return len(lists) > 0
}

// perHead takes an average or a median of each customer that is said around
// the measure: "how many different clubs does each member visit on average".
func (s *parts) perHead() bool {
	if !s.perCust || len(s.meas) != 1 {
		return true
	}
	m := s.meas[0].meas
	stat := ""
	rest := s.stats[:0:0]
	for _, st := range s.stats {
		switch {
		case st.attr == "mean" && stat == "" || st.attr == "median" && stat == "":
			stat = st.attr
		default:
			rest = append(rest, st)
		}
	}
	call := s.p.shareable(m)
	if call == nil || s.perDoer != nil || call.Fn != syntax.Distinct && stat != "median" {
		if stat == "mean" {
			s.stats = rest
			s.amountToo = s.p.moneyOfOne(s.meas[0])
		}
		return true
	}
	if stat == "" {
		stat = "mean"
	}
	out := s.p.ofEachStat(s.meas[0], stat)
	if len(out) == 0 {
		return false
	}
	s.meas, s.stats, s.perCust = out, rest, false
	s.plan.assume = append(s.plan.assume, out[0].assume...)
	return true
}

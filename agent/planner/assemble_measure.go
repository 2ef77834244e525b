package planner

import (
	"fmt"
	"strconv"
	"strings"

	"tesela/segment/syntax"
	"tesela/tools"
)

// spendMeasure turns "how much did … spend" into the measure it asks for.
func (s *parts) spendMeasure() {
	if !s.asks["ask_amount"] && !(s.asks["ask_what"] && !s.cust) || len(s.meas) > 0 {
		return
	}
	if s.asks["ask_amount"] && !s.cust && len(s.fields)+len(s.filters) == 0 && s.p.ix.role("amount") != "" && !s.hasClause() {
		// "how much did we make in May"
		s.meas = append(s.meas, &node{cat: cMeas, meas: &meas{event: s.p.ix.role("purchase"), exprs: []string{"revenue"}}})
		s.plan.cost += 0.2
		return
	}
	for i, c := range s.conds {
		if c.cat != cClause || c.clause.neg || c.clause.qty != nil {
			continue
		}
		m := &meas{event: c.clause.event, where: c.clause.where, win: c.clause.win}
		switch {
		case c.clause.fn == syntax.Sum:
			m.exprs = []string{"gross_revenue"}
		case s.asks["ask_amount"] && c.clause.verb && s.p.moneyMeasure(c.clause.event) != "":
			m.exprs = []string{s.p.moneyMeasure(c.clause.event)} // "how much did they buy"
		default:
			continue
		}
		s.meas = append(s.meas, &node{cat: cMeas, meas: m})
		s.conds = append(s.conds[:i:i], s.conds[i+1:]...)
		return
	}
}

func (s *parts) hasClause() bool {
	for _, c := range s.conds {
		if c.cat != cVal {
			return true
		}
	}
	return false
}

// eventsAsMeasure takes a bare noun of an event as the number of them, where
// nothing else in the question is being counted: "orders per month". A verb
// without more beside a measure ("items sold", "orders placed") adds only its
// time and filters.
func (s *parts) eventsAsMeasure() {
	s.fieldAsMeasure()
	if len(s.meas) == 0 && !s.asks["ask_share"] {
		for i, c := range s.conds {
			// "orders by month of customers who …" counts orders: the head comes
			// first.
			if s.cust && (c.from >= s.custAt || s.custAt < 0 || len(s.groups) == 0 || s.asks["ask_count"]) {
				continue
			}
			if c.cat == cClause && !c.clause.verb && !c.clause.neg && c.clause.qty == nil && c.clause.fn == "" &&
				(!s.asks["ask_list"] || len(s.groups) > 0 || s.asks["ask_most"] || s.asks["ask_least"] || s.asks["trend"]) {
				s.meas = append(s.meas, &node{cat: cMeas, meas: s.p.eventMeasure(c.clause)})
				s.conds = append(s.conds[:i:i], s.conds[i+1:]...)
				break
			}
		}
	}
	s.absorbVerb()
}

// absorbVerb lets a bare verb of the measured event ("where do we sell most")
// add only its time and filters.
func (s *parts) absorbVerb() {
	if len(s.meas) != 1 || s.cust {
		return
	}
	m := s.meas[0].meas
	for i, c := range s.conds {
		if c.cat != cClause || c.clause.neg || c.clause.qty != nil || !c.clause.verb || c.clause.event != m.event || m.win != nil && c.clause.win != nil {
			continue
		}
		x := *m
		x.where = append(append([]syntax.Formula(nil), x.where...), c.clause.where...)
		if x.win == nil {
			x.win = c.clause.win
		}
		s.meas[0] = &node{cat: cMeas, meas: &x}
		s.conds = append(s.conds[:i:i], s.conds[i+1:]...)
		return
	}
}

// fieldAsMeasure takes a bare money field of an event as its sum: "stake by
// game".
func (s *parts) fieldAsMeasure() {
	if len(s.meas) > 0 || s.cust || len(s.fields) == 0 || s.asks["ask_count"] {
		return
	}
	for i, n := range s.fields {
		f := s.p.ix.fields[s.p.preferred(n.fields)]
		if f.event == "" || f.kind != "money" || n.num != nil {
			continue
		}
		expr := s.p.sumMeasure(f.event, f.name)
		s.meas = append(s.meas, &node{cat: cMeas, meas: &meas{event: f.event, exprs: []string{expr}}})
		s.fields = append(s.fields[:i:i], s.fields[i+1:]...)
		return
	}
}

// compared is the field of a list of values that were set against each other
// ("Spain vs Portugal"): they are told apart.
func (s *parts) compared(event string) (string, bool) {
	for _, c := range s.conds {
		if c.cat == cVal && len(c.vals) > 1 && !c.neg && (c.text == "versus" || s.asks["ask_compare"]) {
			for _, v := range c.vals {
				if f := s.p.ix.fields[v.field]; f.event == event || f.event == "" {
					return s.p.fieldText(v.field), true
				}
			}
		}
	}
	return "", false
}

// measure fills a call of measure.
func (s *parts) measure() bool {
	shares := s.asks["ask_share"]
	if shares && len(s.groups) == 0 {
		return false
	}
	// Buyers without more are people, counted as such.
	if m := s.meas[0].meas; len(s.meas) == 1 && len(s.groups) == 0 && len(s.fields) == 0 && len(m.exprs) == 1 && m.exprs[0] == "buyers" && !s.asks["trend"] {
		return false
	}
	args := tools.MeasureArgs{Shares: shares}
	var where []syntax.Formula
	var win *syntax.Window
	var base []syntax.Formula
	event, ever := "", false
	for _, n := range s.meas {
		args.Measures = append(args.Measures, n.meas.exprs...)
		if event == "" {
			event = n.meas.event
		}
		ever = ever || n.meas.ever
		where = append(where, n.meas.where...)
		base = append(base, n.meas.base...)
		if n.meas.win != nil {
			if win != nil && win.String() != n.meas.win.String() {
				return false
			}
			win = n.meas.win
		}
	}
	if len(s.meas) > 1 && len(where) > 0 && !sameWhere(s.meas) {
		return false
	}
	if s.perCust {
		if len(args.Measures) != 1 {
			return false
		}
		x := s.p.perCustomer(s.meas[0])
		if x == nil {
			return false
		}
		args.Measures = x[0].meas.exprs
		s.plan.assume = append(s.plan.assume, x[0].assume...)
	}
	for _, n := range s.meas {
		if n.meas.figured && s.cust {
			return false
		}
		if n.meas.mean && !s.perCust {
			return false
		}
	}
	for _, st := range s.stats {
		if st.attr != "sum" {
			return false
		}
	}
	if len(s.wins) > 1 {
		return false
	}
	for _, w := range s.wins {
		if win != nil || ever {
			return false
		}
		win = w.win
	}
	for _, f := range s.filters {
		if f.text != event {
			return false
		}
		where = append(where, f.cond)
	}
	apart, versus := s.compared(event)
	// Values of the measured event filter rows, the others people.
	var conds []*node
	for _, c := range s.conds {
		if c.cat == cVal {
			if f := s.p.valueFilter(c, event); f != nil && event != "" {
				where = append(where, f)
				continue
			}
		}
		// "amount of refunds" speaks of the refunds, not of people who have
		// some.
		if c.cat == cClause && !c.clause.verb && !c.clause.neg && c.clause.qty == nil && !s.cust {
			return false
		}
		conds = append(conds, c)
	}
	s.conds = conds
	f, ok := s.base()
	if !ok {
		return false
	}
	if f != nil {
		base = append(base, f)
	}
	if m := s.meas[0].meas; m.of != nil {
		if len(s.meas) > 1 || len(where) > 0 {
			return false
		}
		call := *m.of
		call.Window = win
		doers := &syntax.Compare{Left: &syntax.Call{Fn: syntax.Count, Event: call.Event, Where: call.Where, Window: win}, Op: syntax.Ge, Right: number(1)}
		args.Measures = []string{fmt.Sprintf("per_customer(%s, %s)", &call, m.stat)}
		base[0], win = doers, nil
	}
	if len(base) > 0 {
		args.Formula = syntax.All(base...).String()
	}
	if len(where) > 0 {
		args.Where = syntax.All(where...).String()
	}
	if win != nil {
		args.Window = win.String()
	}
	if versus {
		args.GroupBy = append(args.GroupBy, apart)
	}
	return s.finishMeasure(args, event)
}

func sameWhere(list []*node) bool {
	for _, n := range list[1:] {
		if formulas(n.meas.where) != formulas(list[0].meas.where) {
			return false
		}
	}
	return true
}

// finishMeasure adds groupings, ranks and order.
func (s *parts) finishMeasure(args tools.MeasureArgs, event string) bool {
	fields := s.fields
	for _, g := range s.groups {
		for _, one := range g.groups {
			if one.field < 0 {
				if args.Per != "" {
					return false
				}
				args.Per = one.per
				continue
			}
			args.GroupBy = append(args.GroupBy, s.p.groupField(g.fields, one.field, event))
		}
	}
	most, least := s.asks["ask_most"], s.asks["ask_least"]
	for _, n := range fields {
		if k := s.p.ix.fields[n.fields[0]].kind; k == "money" || k == "time" || k == "date" {
			return false
		}
	}
	if len(fields) > 0 {
		// "which country has the highest revenue", "top three countries by
		// revenue": the field that was named is what is told apart.
		if len(fields) > 1 || len(args.GroupBy) > 0 || !(most || least || len(s.ranks) > 0 || s.asks["ask_list"] || s.asks["ask_what"]) {
			return false
		}
		args.GroupBy = append(args.GroupBy, s.p.groupField(fields[0].fields, fields[0].fields[0], event))
		if s.asks["ask_list"] && !most && !least && len(s.ranks) == 0 {
			most = true // "which countries bring the revenue"
			args.Top = 10
		}
	}
	if s.asks["trend"] && args.Per == "" {
		args.Per = "month"
		s.plan.assume = append(s.plan.assume, assumption{"per_month", nil})
	}
	if len(s.ranks) > 1 {
		return false
	}
	for _, r := range s.ranks {
		n, err := strconv.Atoi(r.rank.n)
		if err != nil || r.rank.percent || len(args.GroupBy) == 0 && args.Per == "" {
			return false
		}
		args.Top = n
		least = least || r.rank.bottom
		most = false
	}
	if len(fields) == 1 && fields[0].num != nil {
		if args.Top > 1 {
			return false
		}
		most = most || !least
		args.Top = int(fields[0].num.Num().Int64())
	}
	if (most || least) && len(args.Measures) > 1 {
		return false
	}
	if (most || least) && args.Top == 0 {
		if len(args.GroupBy) == 0 && args.Per == "" {
			return false
		}
		args.Top = 1
		if len(fields) == 1 && s.p.several(fields[0]) {
			args.Top = 10 // "the cities with most sales"
		}
	}
	if s.order != "" {
		if most || least || len(args.GroupBy) == 0 {
			return false
		}
		least = s.order == "asc"
	}
	if least {
		args.Order = "asc"
	}
	s.plan.tool, s.plan.args = "measure", args
	return true
}

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

// customersBy is "customers by country".
func (s *parts) customersBy() bool {
	if len(s.wins) > 0 || len(s.filters) > 0 || s.asks["ask_share"] || len(s.stats) > 0 || s.perCust || s.asks["ask_amount"] {
		return false
	}
	perTime := false
	for _, g := range s.groups {
		for _, one := range g.groups {
			perTime = perTime || one.field < 0
		}
	}
	s.plan.headless = !s.cust && len(s.conds) == 0
	args := tools.MeasureArgs{Measures: []string{"customers"}}
	if perTime {
		// People per month are those who did something in it.
		if len(s.conds) != 1 || s.conds[0].cat != cClause {
			return false
		}
		c := s.conds[0].clause
		if c.neg || c.qty != nil {
			return false
		}
		args.Measures = []string{fmt.Sprintf("doers(%s)", syntax.Quote(c.event))}
		if c.event == s.p.ix.role("purchase") {
			args.Measures = []string{"buyers"}
		}
		if len(c.where) > 0 {
			args.Where = syntax.All(c.where...).String()
		}
		if c.win != nil {
			args.Window = c.win.String()
		}
		return s.finishMeasure(args, c.event)
	}
	if len(s.conds) == 1 && s.conds[0].cat == cClause && !s.conds[0].clause.qualified {
		s.plan.cost += 0.2 // "buyers by country" has a measure of its own
	}
	f, ok := s.base()
	if !ok {
		return false
	}
	if f != nil {
		args.Formula = f.String()
	}
	return s.finishMeasure(args, "")
}

// share is "what share of … did …": of those named by their values, else of
// everyone.
func (s *parts) share() bool {
	if len(s.wins)+len(s.groups)+len(s.meas)+len(s.ranks)+len(s.fields)+len(s.filters) > 0 || len(s.conds) == 0 {
		return false
	}
	var of, did []syntax.Formula
	for _, c := range s.conds {
		n := s.p.asCond(c)
		if n == nil {
			return false
		}
		s.note(c)
		if c.cat == cVal {
			of = append(of, n.cond)
		} else {
			did = append(did, n.cond)
		}
	}
	if len(did) == 0 || len(of) == 0 {
		f := syntax.All(append(of, did...)...)
		s.plan.formula = f
		s.plan.tool, s.plan.args = "count_segment", tools.CountSegmentArgs{Formula: f.String()}
		return true
	}
	args := tools.MeasureArgs{Formula: syntax.All(of...).String()}
	args.Measures = []string{fmt.Sprintf("customers(%s) / customers", syntax.All(did...))}
	s.plan.tool, s.plan.args = "measure", args
	return true
}

// shareOfEvents is "share of orders that were gifts": done tells that it is of
// events, ok that it could be said.
func (s *parts) shareOfEvents() (done, ok bool) {
	if len(s.conds) == 0 || s.conds[0].cat != cClause || s.conds[0].clause.verb || s.conds[0].clause.fn != "" {
		return false, false
	}
	c := *s.conds[0].clause
	if c.neg || c.qty != nil {
		return true, false
	}
	s.conds = s.conds[1:]
	for _, f := range s.filters {
		if f.text != c.event {
			return true, false
		}
		c.where = append(c.where[:len(c.where):len(c.where)], f.cond)
	}
	s.filters = nil
	if len(c.where) == 0 {
		return true, false
	}
	part := &syntax.Call{Fn: syntax.Count, Event: c.event, Where: syntax.All(c.where...)}
	all := &syntax.Call{Fn: syntax.Count, Event: c.event}
	delete(s.asks, "ask_share")
	s.meas = append(s.meas, &node{cat: cMeas, meas: &meas{event: c.event, win: c.win, exprs: []string{fmt.Sprintf("%s / %s", part, all)}}})
	return true, s.measure()
}

// rankedCustomers tells whether people are being ranked.
func (s *parts) rankedCustomers() bool {
	if len(s.meas) > 0 || len(s.fields) > 0 || len(s.groups) > 0 {
		return false
	}
	if len(s.ranks) > 0 && s.cust || s.limit > 0 && (s.asks["ask_most"] || s.asks["ask_least"]) {
		return true
	}
	if !s.asks["ask_most"] && !s.asks["ask_least"] && len(s.ranks) == 0 || s.asks["best_selling"] {
		return false
	}
	// "who spent the most"
	for _, c := range s.conds {
		if c.cat == cClause && !c.clause.neg && c.clause.qty == nil && (c.clause.verb || s.cust || len(s.ranks) > 0) {
			return true
		}
	}
	return s.cust && len(s.conds) == 0
}

// ranking lists customers by a value, or takes the top of them.
func (s *parts) ranking() bool {
	if len(s.wins) > 1 || len(s.groups) > 0 || len(s.ranks) > 1 || len(s.byValue) > 1 || len(s.filters) > 0 || len(s.stats) > 0 {
		return false
	}
	if len(s.fields) > 0 || !s.cust && len(s.byValue) > 0 {
		// "top countries by spend"
		return s.rankedField()
	}
	var by, other syntax.Value
	s.plan.headless = !s.cust
	if len(s.byValue) == 1 {
		by = s.rankValue(s.byValue[0])
		if by == nil {
			return false
		}
	} else {
		// The verb says by what.
		for i, c := range s.conds {
			if c.cat == cClause && c.clause.qty == nil && !c.clause.neg {
				fn, prop := syntax.Count, c.clause.prop
				if c.clause.fn == syntax.Sum {
					fn = syntax.Sum
				}
				// Who deposited most deposited the most money.
				if sum := s.p.spendOf(c.clause.event); fn == syntax.Count && sum != nil && (s.byMoney || c.clause.verb && !s.p.tied(c.clause.event)) {
					fn, prop = syntax.Sum, sum.prop
				}
				by = &syntax.Call{Fn: fn, Event: c.clause.event, Property: prop, Where: whereOf(c.clause), Window: c.clause.win}
				s.conds = append(s.conds[:i:i], s.conds[i+1:]...)
				break
			}
		}
		if by == nil {
			// "our best customers": by what they spend, or by how often they
			// buy; the asker has to say.
			by = s.p.spendValue()
			if ev := s.p.ix.events["purchase"]; ev != "" {
				other = &syntax.Call{Fn: syntax.Count, Event: ev}
			}
			if by == nil {
				by, other = other, nil
			}
			if by == nil {
				return false
			}
		}
	}
	if other != nil {
		x := *s
		x.plan.bare, x.plan.assume = nil, nil
		if x.rankBy(other) {
			s.more = append(s.more, &x.plan)
		}
	}
	return s.rankBy(by)
}

// rankBy lists customers by a value, or takes the top of them.
func (s *parts) rankBy(by syntax.Value) bool {
	if len(s.wins) == 1 {
		call, ok := by.(*syntax.Call)
		if !ok || call.Window != nil {
			return false
		}
		x := *call
		x.Window = s.wins[0].win
		by = &x
	}
	f, ok := s.base()
	if !ok {
		return false
	}
	bottom := s.asks["ask_least"] || s.order == "asc"
	limit := 10
	if s.limit > 0 {
		limit = s.limit
	}
	if len(s.ranks) == 1 {
		r := s.ranks[0].rank
		bottom = bottom || r.bottom
		if r.percent || s.asks["ask_count"] {
			rank := &syntax.Rank{Bottom: bottom, Percent: r.percent, N: syntax.Number{Text: r.n}, By: by, Among: f}
			s.plan.formula = rank
			if s.asks["ask_list"] && !s.asks["ask_count"] {
				s.plan.tool, s.plan.args = "list_customers", tools.ListCustomersArgs{Formula: rank.String(), By: by.String(), Ascending: bottom}
			} else {
				s.plan.tool, s.plan.args = "count_segment", tools.CountSegmentArgs{Formula: rank.String()}
			}
			return true
		}
		n, err := strconv.Atoi(r.n)
		if err != nil {
			return false
		}
		limit = n
	}
	if s.asks["ask_count"] || s.asks["ask_share"] || s.asks["ask_amount"] {
		return false
	}
	if f == nil {
		f = &syntax.Everyone{}
		if call, ok := by.(*syntax.Call); ok && bottom {
			// The least among those who did it at all, said so.
			f = &syntax.Compare{Left: &syntax.Call{Fn: syntax.Count, Event: call.Event, Where: call.Where, Window: call.Window}, Op: syntax.Ge, Right: number(1)}
			s.plan.assume = append(s.plan.assume, assumption{"only_doers", map[string]string{"event": call.Event}})
		}
	}
	s.plan.tool, s.plan.args = "list_customers", tools.ListCustomersArgs{Formula: f.String(), By: by.String(), Ascending: bottom, Limit: limit}
	return true
}

// spendValue is what a customer spent, nil without money in the data.
func (p *parse) spendValue() syntax.Value {
	ev, prop, ok := strings.Cut(p.ix.role("amount"), ".")
	if !ok {
		return nil
	}
	return &syntax.Call{Fn: syntax.Sum, Event: ev, Property: prop}
}

// rankValue is what "by …" ranks customers by.
func (s *parts) rankValue(n *node) syntax.Value {
	if n.cat == "by value" {
		return n.rank.by
	}
	if len(n.meas.exprs) != 1 || len(n.meas.base) > 0 {
		return nil
	}
	m := n.meas
	switch m.exprs[0] {
	case "revenue", "gross_revenue", "revenue_per_buyer":
		v, ok := s.p.spendValue().(*syntax.Call)
		if !ok {
			return nil
		}
		if m.exprs[0] == "revenue" {
			s.plan.assume = append(s.plan.assume, assumption{"spend_is_gross", nil})
		}
		x := *v
		x.Window = m.win
		if len(m.where) > 0 {
			x.Where = syntax.All(m.where...)
		}
		return &x
	case "orders", "orders_per_buyer":
		x := &syntax.Call{Fn: syntax.Count, Event: s.p.ix.events["purchase"], Window: m.win}
		if len(m.where) > 0 {
			x.Where = syntax.All(m.where...)
		}
		return x
	}
	return nil
}

// rankedField is "top three countries by spend".
func (s *parts) rankedField() bool {
	if len(s.fields) != 1 || s.cust || len(s.byValue) != 1 {
		return false
	}
	by := s.byValue[0]
	m := by.meas
	if by.cat == "by value" {
		call, ok := by.rank.by.(*syntax.Call)
		if !ok {
			return false
		}
		m = &meas{event: call.Event, win: call.Window}
		if call.Fn == syntax.Sum {
			m.exprs = []string{s.p.sumMeasure(call.Event, call.Property)}
		} else {
			m.exprs = s.p.eventMeasure(&clause{event: call.Event}).exprs
		}
		if call.Where != nil {
			m.where = []syntax.Formula{call.Where}
		}
	}
	s.byValue = nil
	s.meas = append(s.meas, &node{cat: cMeas, meas: m})
	s.absorbVerb()
	if len(s.ranks) == 0 && !s.asks["ask_most"] && !s.asks["ask_least"] {
		s.asks["ask_list"] = true
	}
	return s.measure()
}

// superlative is "which country has the most customers", "top products",
// "the best-selling category".
func (s *parts) superlative() bool {
	if len(s.fields) != 1 || len(s.groups) > 0 {
		return false
	}
	event := ""
	m := &meas{exprs: []string{"customers"}}
	switch {
	case s.byMoney && !s.hasClause() && s.p.ix.role("amount") != "":
		event = s.p.ix.role("purchase")
		m = &meas{event: event, exprs: []string{"revenue"}}
	case s.cust && !s.doing():
	case len(s.conds) > 0 && s.conds[0].cat == cClause && !s.conds[0].clause.neg && s.conds[0].clause.qty == nil:
		c := s.conds[0].clause
		s.conds = s.conds[1:]
		m = s.p.eventMeasure(c)
		if c.fn == syntax.Sum {
			m.exprs = []string{"gross_revenue"}
		}
		event = c.event
	case s.asks["most_common"]:
		f := s.p.ix.fields[s.p.preferred(s.fields[0].fields)]
		if f.event != "" {
			event = f.event
			m = s.p.eventMeasure(&clause{event: event})
		}
	case s.asks["best_selling"] || s.p.ix.fields[s.p.preferred(s.fields[0].fields)].event == s.p.ix.events["purchase"]:
		ev := s.p.ix.events["purchase"]
		if ev == "" {
			return false
		}
		event = ev
		m = s.p.eventMeasure(&clause{event: ev})
		if len(s.p.ix.concepts["quantity"]) > 0 {
			m.exprs = []string{"items"}
		}
		s.plan.assume = append(s.plan.assume, assumption{"best_by", map[string]string{"measure": m.exprs[0]}})
		if !s.asks["best_selling"] {
			s.plan.cost += 0.3
		}
	default:
		return false
	}
	if event == "" {
		f, ok := s.base()
		if !ok || len(s.wins) > 0 {
			return false
		}
		args := tools.MeasureArgs{Measures: m.exprs}
		if f != nil {
			args.Formula = f.String()
		}
		s.conds = nil
		return s.finishMeasure(args, "")
	}
	s.meas = append(s.meas, &node{cat: cMeas, meas: m})
	return s.measure()
}

// doing tells whether the field that is told apart is one of what people are
// said to do: "which brand did people order most".
func (s *parts) doing() bool {
	for _, c := range s.conds {
		if c.cat != cClause || !c.clause.verb || c.clause.neg || c.clause.qty != nil {
			continue
		}
		for _, fi := range s.fields[0].fields {
			if s.p.ix.fields[fi].event == c.clause.event {
				return true
			}
		}
	}
	return false
}

// listField is "which categories are there", "list the countries".
func (s *parts) listField() bool {
	if len(s.fields) != 1 || s.cust || len(s.conds)+len(s.wins)+len(s.filters) > 0 || !(s.asks["ask_list"] || s.asks["ask_what"]) {
		return false
	}
	fi := s.p.preferred(s.fields[0].fields)
	f := s.p.ix.fields[fi]
	if !f.isText() && f.kind != "bool" {
		return false
	}
	args := tools.MeasureArgs{Measures: []string{"customers"}, GroupBy: []string{s.p.fieldText(fi)}}
	if f.event != "" {
		args.Measures = s.p.eventMeasure(&clause{event: f.event}).exprs
	}
	s.plan.tool, s.plan.args = "measure", args
	return true
}

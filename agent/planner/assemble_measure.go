package planner

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tesela/segment/syntax"
	"tesela/tools"
)

// measure fills a call of measure.
func (s *parts) measure() bool {
	if s.counted {
		return false // "how many orders, and how many customers placed them"
	}
	if !s.eachNumbered() || s.whoDidMore() {
		return false
	}
	s.meanOfPeople()
	if !s.withZeros() {
		return false
	}
	if len(s.meas) > 1 {
		return false // "revenue from new customers" is no list of measures
	}
	if at := s.p.core(s.meas[0]) - 1; s.cust && at > s.custAt && s.p.isWord(at, "relatives") {
		return false // "accounts that added seats" are people, not the seats
	}
	if (s.headCount(s.meas[0]) || s.p.howManyDid()) && s.p.sums(s.meas[0]) {
		return false // "how many customers left a tip" asks for no sum of tips
	}
	if m := s.meas[0].meas; s.net && len(m.exprs) == 1 && (m.exprs[0] == "revenue" || m.exprs[0] == "gross_revenue") {
		x := *s.meas[0]
		n := *m
		n.exprs = []string{"revenue"}
		x.meas, s.net = &n, false
		s.meas = []*node{&x}
	}
	shares := s.asks["ask_share"]
	if shares && (len(s.groups) == 0 || s.byTimeOnly() && len(s.meas) == 1 && len(s.meas[0].meas.where)+len(s.filters) > 0) {
		return s.shareOfMeasure()
	}
	if !s.perHead() {
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
	if s.against() && !s.bothKnow(where) { // a row of the one is none of the other
		event = ""
		if len(where)+len(s.filters) > 0 {
			return false
		}
	}
	if s.perCust {
		if len(args.Measures) != 1 {
			return false
		}
		x := s.p.perPeople(s.meas[0], s.perMany)
		if d := s.perDoer; d != nil {
			if x = s.perDoing(d); x != nil {
				base = x[0].meas.base
			}
		}
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
		if w.joiner == "and" && len(s.meas) == 1 {
			m := *s.meas[0].meas
			m.beside = w.beside
			s.meas[0].meas = &m
		}
	}
	for _, f := range s.filters {
		if f.text != event || f.attr == "figure" && s.cust {
			return false
		}
		where = append(where, f.cond)
	}
	if s.meas[0].meas.anew && win == nil && !s.perTime() {
		return false // "new members": since when?
	}
	if win == nil && s.cameBy() && !s.perTime() {
		return false // "customers acquired online" tells by which way, not since when
	}
	apart, versus := s.compared(event)
	if s.asks["ask_compare"] && !versus && len(s.groups) == 0 {
		apart, versus = s.listed(event, where, s.meas[0].meas.base)
	}
	if s.asks["ask_compare"] && !versus && len(s.groups) == 0 && len(s.meas[0].meas.beside) == 0 && s.meas[0].meas.versus == nil {
		return false // nothing is told apart
	}
	// Values of the measured event filter rows, the others people.
	var conds, both []*node
	for _, c := range s.conds {
		if c.cat == cBothVals {
			both = append(both, c)
			continue
		}
		if c.cat == cVal {
			if f := s.p.valueFilter(c, event); f != nil && event != "" {
				if sameSubject(where, f) {
					return false // no row is of two categories
				}
				where = append(where, f)
				continue
			}
			s.plan.cost += s.p.rowsHave(c, event)
		}
		// "amount of refunds" speaks of the refunds, not of people who have
		// some.
		if c.cat == cClause && !c.clause.person && !s.cust && ((!c.clause.verb || c.clause.weak) && !c.clause.neg && c.clause.qty == nil || c.clause.verb && !s.namesPeople()) {
			return false
		}
		if c.cat == cClause && !c.clause.verb && !c.clause.person && !s.cust && c.clause.qty != nil && c.clause.event == event && !s.p.had(c) {
			return false // "at most one order" behind an amount: of whom?
		}
		if list := s.rowsWithout(c, event); list != nil { // "bookings not paid by card nor in cash"
			where = append(where, list...)
			continue
		}
		if s.ofMeasured(c, event) { // "premiums in the book, of policies in force"
			where = append(where, c.clause.where...)
			continue
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
		if base[0] = doers; m.all {
			base = base[1:]
		}
		win = nil
	}
	args.Measures = s.p.notKinds(args.Measures, where)
	if len(base) > 0 {
		if contradict(base) {
			return false
		}
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
		s.bothShown()
	}
	if !s.finishMeasure(args, event) {
		return false
	}
	s.newcomers()
	if done, ok := s.plan.args.(tools.MeasureArgs); ok {
		if !s.wholeThings(&done, where, both, event) {
			return false
		}
		s.plan.args = done
	}
	if both := s.meas[0].meas.beside; len(both) == 2 && args.Window != "" {
		s.apart(both)
	}
	if w := s.meas[0].meas.versus; w != nil { // "this year vs last year": each in a call of its own
		again, ok := s.plan.args.(tools.MeasureArgs)
		if !ok || win == nil || args.Window == "" {
			return false
		}
		again.Window = w.String()
		s.plan.beside = again
		s.p.oneTable(&s.plan, win, w)
	}
	return true
}

// rowsWithout is a condition of never having done what is measured with some
// values, as one of its rows, where nobody is named of whom it could be said.
func (s *parts) rowsWithout(c *node, event string) []syntax.Formula {
	if c.cat != cCond || s.cust || event == "" {
		return nil
	}
	var out []syntax.Formula
	for _, f := range factors(c.cond) {
		none, ok := f.(*syntax.Compare)
		if !ok || none.Op != syntax.Eq || none.Right.String() != "0" {
			return nil
		}
		call, ok := none.Left.(*syntax.Call)
		if !ok || call.Fn != syntax.Count || call.Event != event || call.Window != nil {
			return nil
		}
		is, ok := call.Where.(*syntax.Compare)
		if !ok || is.Op != syntax.Eq {
			return nil
		}
		out = append(out, &syntax.Compare{Left: is.Left, Op: syntax.Ne, Right: is.Right})
	}
	return out
}

// ofMeasured tells whether a condition names the measured event itself, as what
// the measure is of, though people are named before.
func (s *parts) ofMeasured(c *node, event string) bool {
	if c.cat != cClause || event == "" || c.clause.event != event || !plainThing(c.clause) || c.clause.verb || c.clause.win != nil || c.clause.ever || len(c.clause.where) == 0 {
		return false
	}
	at := s.p.core(c)
	return s.custAt >= 0 && s.custAt < at && at > 0 && s.p.isWord(at-1, "of")
}

// withZeros lets those who did nothing count with nothing, where that is said:
// "with those who never bought as 0".
func (s *parts) withZeros() bool {
	if !s.zero && len(s.included) == 0 {
		return true
	}
	m := s.meas[0].meas
	if m.of == nil || len(s.meas) > 1 {
		return false
	}
	never := (&clause{event: m.of.Event, neg: true}).formula()
	is := func(f syntax.Formula) bool { return f != nil && syntax.Equal(f, never) }
	found := len(s.included) == 1 && is(s.included[0].cond)
	for i, c := range s.conds {
		if n := s.p.asCond(c); n != nil && is(n.cond) && !found {
			s.conds, found = append(s.conds[:i:i], s.conds[i+1:]...), true
			break
		}
	}
	if !found {
		return false
	}
	x := *m
	x.all = true
	s.meas, s.zero, s.included = []*node{{cat: cMeas, meas: &x}}, false, nil
	kept := s.assume[:0:0]
	for _, a := range s.assume {
		if a.code != "only_doers" {
			kept = append(kept, a)
		}
	}
	s.assume = append(kept, assumption{"everyone_counts", nil})
	return true
}

// perDoing is a measure for each customer of whom something was done: of an
// invoice the revenue per buyer.
func (s *parts) perDoing(d *clause) []*node {
	if d.win != nil {
		s.wins = append(s.wins, &node{cat: cWin, win: d.win})
	}
	s.perDoer = nil
	return s.p.perDoers(s.meas[0], &clause{event: d.event})
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
			if one.layer != "" {
				args.GroupBy = append(args.GroupBy, one.layer)
				continue
			}
			if one.field < 0 {
				if args.Per != "" {
					return false
				}
				args.Per = one.per
				continue
			}
			if f := s.p.ix.fields[one.field]; len(g.groups) > 1 && f.event != "" && f.kind == "money" {
				return false // "lost by price, total value": amounts tell nothing apart beside something else
			}
			if by := s.p.groupField(g.fields, one.field, event); !slices.Contains(args.GroupBy, by) {
				args.GroupBy = append(args.GroupBy, by)
			}
		}
	}
	most, least := s.asks["ask_most"], s.asks["ask_least"]
	for _, m := range args.Measures {
		// "the games with the highest bets": the single highest, or most in all.
		if len(fields) > 0 && (strings.HasPrefix(m, "max(") || strings.HasPrefix(m, "min(")) {
			return false
		}
	}
	for _, n := range fields {
		f := s.p.ix.fields[n.fields[0]]
		if f.kind == "bool" && (most || least || len(s.ranks) > 0) {
			return false // of yes and no none is the most: "the branch with most defaulted" tells branches apart
		}
		if s.cust && f.isNumber() && !s.asks["most_common"] && (most || least || len(s.ranks) > 0) {
			return false // "guests with the most points" are ranked by them, not told apart
		}
		if f.kind == "money" || f.kind == "time" || f.kind == "date" || f.event != "" && f.isNumber() {
			return false // "who redeemed most points" tells no numbers of points apart
		}
	}
	if len(fields) > 0 {
		// "which country has the highest revenue", "top three countries by
		// revenue": the field that was named is what is told apart.
		if len(fields) > 1 || len(args.GroupBy) > 0 || !(most || least || len(s.ranks) > 0 || s.asks["ask_list"] || s.asks["ask_what"]) {
			return false
		}
		if s.p.shares && !most && !least && len(s.ranks) == 0 {
			return false // "what share of orders were paid with Pix" tells no payments apart
		}
		args.GroupBy = append(args.GroupBy, s.p.groupField(fields[0].fields, fields[0].fields[0], event))
		if s.asks["ask_list"] && !most && !least && len(s.ranks) == 0 {
			if s.p.after(fields[0], "by") {
				return false // "muéstrame los ingresos por país": por is no filler
			}
			most = true // "which countries bring the revenue"
			args.Top = 10
		}
	}
	for _, n := range append(append([]*node(nil), s.groups...), fields...) {
		if s.p.halfNamed(n, event) {
			s.plan.cost += 0.3 // the club of the check-ins comes before the home club
		}
	}
	for _, g := range args.GroupBy {
		of, name, ofEvent := strings.Cut(g, ".")
		switch {
		case ofEvent && s.against() && s.p.ix.find(s.meas[0].meas.against, strings.Trim(name, "`")) < 0:
			return false // the other event knows no such property
		case !ofEvent:
			if event != "" && s.p.ix.find(event, strings.Trim(g, "`")) >= 0 {
				s.plan.cost += 0.6 // visits to a branch are told by where they were, not by whose it is
			}
		case event == "":
			s.plan.cost += 0.12 // people are told apart by what is theirs first
		case of != syntax.Quote(event):
			return false // revenue has no "club" of the bookings
		}
	}
	s.plan.cost -= s.p.toldApart(args)
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
	s.p.onlyKnown(&args)
	s.plan.tool, s.plan.args = "measure", args
	return true
}

// onlyKnown leaves those out of a ranking of groups who have none: the most
// common reason is not that none was given.
func (p *parse) onlyKnown(args *tools.MeasureArgs) {
	if args.Top == 0 || len(args.GroupBy) != 1 {
		return
	}
	for i, f := range p.ix.fields {
		if !f.gaps || p.fieldText(i) != args.GroupBy[0] {
			continue
		}
		into := &args.Formula
		if f.event != "" {
			into = &args.Where
		}
		known := []syntax.Formula{&syntax.IsSet{Value: &syntax.Name{Name: f.name}}}
		if *into != "" {
			known = append(known, parseOr(*into))
		}
		*into = syntax.All(known...).String()
	}
}

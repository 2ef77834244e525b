package planner

import (
	"slices"
	"strings"
	"time"

	"tesela/segment/syntax"
	"tesela/tools"
)

// compared is the field of a list of values that were set against each other
// ("Spain vs Portugal"): they are told apart.
func (s *parts) compared(event string) (string, bool) {
	for _, c := range s.conds {
		if c.cat == cVal && len(c.vals) > 1 && !c.neg && (c.text == "versus" || s.asks["ask_compare"] || c.text == "and" && len(s.groups) == 0 && s.averages() || c.text == "or" && len(s.groups) == 0 && s.setApart(c)) {
			for _, v := range c.vals {
				if f := s.p.ix.fields[v.field]; f.event == event || f.event == "" {
					return s.p.fieldText(v.field), true
				}
			}
		}
	}
	return "", false
}

// averages tells whether the one measure is an average, which no two groups have
// in one: that "of women and men" is one of each.
func (s *parts) averages() bool {
	if len(s.meas) != 1 || len(s.meas[0].meas.exprs) != 1 {
		return false
	}
	m := s.meas[0].meas
	return m.mean || m.stat != "" || m.exprs[0] == "aov" || strings.HasPrefix(m.exprs[0], "avg(") || strings.HasPrefix(m.exprs[0], "per_customer(")
}

// foremost tells whether most or least is asked of what is told apart itself:
// "who has the higher order value, Spain or Portugal".
func (s *parts) foremost() bool {
	return (s.asks["ask_most"] || s.asks["ask_least"]) && len(s.groups)+len(s.fields)+len(s.ranks)+len(s.units) == 0 && s.limit == 0
}

// listedApart tells whether values stand by themselves behind the question, to
// be chosen between.
func (s *parts) listedApart() bool {
	for _, c := range s.conds {
		if c.cat == cVal && len(c.vals) > 1 && c.text == "or" && !c.neg && s.setApart(c) {
			return true
		}
	}
	return false
}

// bothShown lets all that is compared be seen, the one asked for first.
func (s *parts) bothShown() {
	if !s.foremost() {
		return
	}
	if s.asks["ask_least"] && s.order == "" {
		s.order = "asc"
	}
	delete(s.asks, "ask_most")
	delete(s.asks, "ask_least")
}

// setApart tells whether a list of values stands by itself, behind a colon or
// a comma or before one: "revenue in 2025: Europe or Asia?".
func (s *parts) setApart(c *node) bool {
	for k := c.from - 1; k <= s.p.core(c); k++ {
		if k >= 0 && s.p.toks[k].kind == tokBreak {
			return true
		}
	}
	// ", the customers from Spain or those from Portugal"
	for k := c.from - 1; k > 0 && (s.p.isGlue(k) || slices.ContainsFunc(s.p.cells[k][k+1], func(n *node) bool { return n.cat == cCust })); k-- {
		if s.p.toks[k].kind == tokBreak {
			return true
		}
	}
	return s.p.opensIt(c)
}

// opensIt tells whether a list of values opens the question and a comma parts it
// from the rest.
func (p *parse) opensIt(c *node) bool {
	for k := range p.core(c) {
		if !p.isGlue(k) && !p.says(k, "between") || p.toks[k].kind == tokBreak {
			return false
		}
	}
	return c.to < len(p.toks)-1 && p.toks[c.to].kind == tokBreak
}

// comparedBy takes "by …" for the measure that groups are compared by.
func (s *parts) comparedBy() {
	if !s.asks["ask_compare"] || len(s.byValue) != 1 || len(s.meas)+len(s.groups)+len(s.fields)+len(s.ranks) > 0 {
		return
	}
	told := false
	for _, c := range s.conds {
		told = told || c.cat == cVal && len(c.vals) > 1 && !c.neg
	}
	if m := s.p.asMeasure(s.byValue[0]); told && m != nil {
		s.meas, s.byValue = append(s.meas, &node{cat: cMeas, meas: m}), nil
	}
}

// asMeasure is what "by …" names, as a measure of all; nil for other values.
func (p *parse) asMeasure(by *node) *meas {
	if by.cat != "by value" {
		return by.meas
	}
	call, ok := by.rank.by.(*syntax.Call)
	if !ok {
		return nil
	}
	m := &meas{event: call.Event, win: call.Window}
	if call.Fn == syntax.Sum {
		m.exprs = []string{p.sumMeasure(call.Event, call.Property)}
	} else {
		m.exprs = p.eventMeasure(&clause{event: call.Event}).exprs
	}
	if call.Where != nil {
		m.where = []syntax.Formula{call.Where}
	}
	return m
}

// listed is the field of a list of values that rows or people are filtered by.
func (s *parts) listed(event string, where, base []syntax.Formula) (string, bool) {
	of := func(list []syntax.Formula, prefix string) (string, bool) {
		for _, f := range list {
			in, ok := f.(*syntax.In)
			if !ok || len(in.List) < 2 || in.Not {
				continue
			}
			if n, ok := in.Value.(*syntax.Name); ok {
				return prefix + syntax.Quote(n.Name), true
			}
		}
		return "", false
	}
	if field, ok := of(where, syntax.Quote(event)+"."); ok && event != "" {
		return field, true
	}
	return of(base, "")
}

// wordOf tells whether a name of several words holds another as one of them: "club" is
// one of home_club.
func wordOf(name, word string) bool {
	words := strings.Fields(fold(name))
	return len(words) > 1 && slices.Contains(words, fold(word))
}

// halfNamed tells whether a trait of several words was named by one of them,
// which is also what a field of the measured event is called.
func (p *parse) halfNamed(n *node, event string) bool {
	if event == "" || len(n.fields) == 0 || p.ix.fields[n.fields[0]].event != "" {
		return false
	}
	words := strings.Fields(fold(p.ix.fields[n.fields[0]].name))
	folded, _, _ := p.phrase(p.core(n), n.to)
	if folded == strings.Join(words, " ") {
		return false
	}
	for _, r := range p.ix.names[folded] {
		if r.field >= 0 && p.ix.fields[r.field].event == event && p.ix.fields[r.field].isText() {
			return true // "comercial" is the rep of the calls before the account's manager
		}
	}
	if len(words) < 2 || n.to-p.core(n) >= len(words) {
		return false
	}
	for _, f := range p.ix.fields {
		if f.event == event && f.isText() && wordOf(p.ix.fields[n.fields[0]].name, f.name) {
			return true
		}
	}
	return false
}

// twoPeriods are the two periods that the time of something done was said as: "in 2024
// and in 2025".
func (p *parse) twoPeriods(n *node) []*syntax.Window {
	if n.clause.win == nil {
		return nil
	}
	for i := n.from; i < n.to; i++ {
		for _, x := range p.cells[i][n.to] {
			if x.cat == cWin && len(x.beside) == 2 && x.win != nil && x.win.String() == n.clause.win.String() {
				return x.beside
			}
		}
	}
	return nil
}

// apart tells the two periods of a time such as "2024 and 2025" apart, where
// that is asked; where it is not, years may be meant either way.
func (s *parts) apart(both []*syntax.Window) {
	args, ok := s.plan.args.(tools.MeasureArgs)
	if !ok || args.Per != "" {
		return
	}
	years := len(both[0].Period) == 4 && len(both[1].Period) == 4
	first, second := args, args
	first.Window, second.Window = both[0].String(), both[1].String()
	switch {
	case s.asks["ask_compare"]:
		s.plan.args, s.plan.beside = first, second
		s.p.oneTable(&s.plan, both[0], both[1])
	case years:
		x := s.plan
		x.args, x.beside = first, second
		s.p.oneTable(&x, both[0], both[1])
		x.cost += 0.02
		s.more = append(s.more, &x)
	}
}

// oneTable puts two calls over years or months that follow one another into
// one, told apart by period.
func (p *parse) oneTable(pl *plan, a, b *syntax.Window) {
	args, ok := pl.args.(tools.MeasureArgs)
	if !ok || a.Kind != syntax.WindowPeriod || b.Kind != syntax.WindowPeriod {
		return
	}
	for layout, unit := range map[string]string{"2006": "year", "2006-01": "month"} {
		first, errA := time.ParseInLocation(layout, a.Period, p.zone)
		second, errB := time.ParseInLocation(layout, b.Period, p.zone)
		if errA != nil || errB != nil || args.Per != "" && args.Per != unit {
			continue
		}
		if second.Before(first) {
			first, second = second, first
		}
		next := func(t time.Time) time.Time {
			if unit == "year" {
				return t.AddDate(1, 0, 0)
			}
			return t.AddDate(0, 1, 0)
		}
		if !next(first).Equal(second) {
			return
		}
		args.Per = unit
		args.Window = p.span(first, next(second), "")[1].win.String()
		pl.args, pl.beside = args, nil
	}
}

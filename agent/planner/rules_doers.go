package planner

import (
	"fmt"
	"slices"
	"strings"

	"tesela/segment/syntax"
	"tesela/tools"
)

// The categories of people as what things are told apart by.
const (
	cByPeople   cat = "by people"   // "by number of players"
	cMostPeople cat = "most people" // "used by the most accounts"
	cAndPeople  cat = "and people"  // "check-ins, and how many members"
)

// doerRules read people counted beside things: "games by number of players",
// "the campaign opened by the fewest customers", "check-ins, and how many
// members made them".
func doerRules() map[pair]rule {
	same := func(_ *parse, a, _ *node) []*node {
		x := *a
		x.cost = 0
		return one(&x)
	}
	of := func(_ *parse, a, b *node) []*node { // "how many customers opened each"
		c := b.clause
		if a.clause != nil || !c.verb || c.neg || c.qty != nil || c.fn != "" {
			return nil
		}
		return one(&node{cat: cByPeople, clause: c.with(func(d *clause) { d.it = false })})
	}
	return map[pair]rule{
		{"inside", "count customers"}: func(_ *parse, _, _ *node) []*node { return one(&node{cat: cByPeople}) }, // "most popular in number of customers"
		{"by", "count customers"}:     func(_ *parse, _, _ *node) []*node { return one(&node{cat: cByPeople}) },
		{cByPeople, cClause}:          of,
		{cByPeople, "same_object"}:    same,
		{cByPeople, "by"}:             same, // "… opened each"
		{"ask_most", cCust}: func(p *parse, a, b *node) []*node {
			if p.ofQuality(a) {
				return nil // the best of them are not the most
			}
			return p.mostPeople(b, "ask_most")
		},
		{"ask_least", cCust}: func(p *parse, _, b *node) []*node { return p.mostPeople(b, "ask_least") },
		{"by", cMostPeople}:  func(_ *parse, _, b *node) []*node { return one(&node{cat: cMostPeople, attr: b.attr}) },
		{"by", cClause}: func(p *parse, _, b *node) []*node { // "by unique openers"
			c := b.clause
			if !c.person || c.neg || c.qty != nil {
				return nil
			}
			if w := p.toks[b.to-1].folded; !strings.HasSuffix(w, "s") { // "per volunteer", one of them
				return one(&node{cat: cPerPerson, clause: c})
			}
			out := one(&node{cat: cByPeople, clause: c})
			if len(c.where) > 0 { // "orders by buyers of shoes"
				out = append(out, again(b, 0.02)...)
			}
			return out
		},
		{"ask_count", cClause}: func(_ *parse, _, b *node) []*node { // "how many donors", as "how many customers" is
			if !b.clause.person || b.clause.qualified {
				return nil
			}
			x := *b
			x.cost = 0
			return one(&x)
		},
		{"distinct", cClause}: func(_ *parse, _, b *node) []*node {
			if !b.clause.person {
				return nil
			}
			x := *b
			x.cost = 0
			return one(&x)
		},
		{cPart, "count customers"}: func(_ *parse, a, _ *node) []*node {
			if a.left.cat != cMeas || a.joiner != "and" || len(a.left.meas.exprs) != 1 || a.left.meas.event == "" {
				return nil
			}
			return one(&node{cat: cAndPeople, meas: a.left.meas})
		},
		{cAndPeople, cClause}: func(p *parse, a, b *node) []*node {
			c := b.clause
			if !c.verb || c.event != a.meas.event || c.neg || c.qty != nil || len(c.where) > 0 || c.win != nil {
				return nil
			}
			return p.andDoers(a)
		},
		{cAndPeople, "same_object"}: func(p *parse, a, _ *node) []*node { return p.andDoers(a) },
		{cAndPeople, "do_so"}:       func(p *parse, a, _ *node) []*node { return p.andDoers(a) },
	}
}

// mostPeople is "the most accounts"; a word that also says what was done
// ("apostado", of those who bet) counts nobody.
func (p *parse) mostPeople(who *node, which string) []*node {
	for _, x := range p.cells[who.from][who.to] {
		if x.cat == cClause && x.clause.verb {
			return nil
		}
	}
	return one(&node{cat: cMostPeople, attr: which})
}

// andDoers measures, beside the events, who did them.
func (p *parse) andDoers(a *node) []*node {
	x := *a.meas
	x.exprs = append(x.exprs[:1:1], doersOf(x.event))
	return one(&node{cat: cMeas, meas: &x, cost: -0.1})
}

// orEveryone adds, to a number of people who are named for what they did and of
// whom no more is said ("how many donors"), that of all customers: a business
// may call them so.
func (s *parts) orEveryone() {
	if len(s.conds) != 1 || !s.namesDoers(0) || s.conds[0].clause.qualified || s.conds[0].clause.neg {
		return
	}
	c := s.conds[0]
	if slices.ContainsFunc(s.p.cells[c.to-1][c.to], func(n *node) bool { return n.cat == cCust }) {
		x := s.plan
		x.args = tools.CountSegmentArgs{Formula: (&syntax.Everyone{}).String()}
		s.more = append(s.more, &x)
	}
}

// perDoers is a figure for each of those who did something: "hours per
// volunteer". An average of their rows is then one of what each comes to.
func (p *parse) perDoers(a *node, did *clause) []*node {
	m := a.meas
	if len(m.exprs) == 1 && m.exprs[0] == "aov" && p.orderValuePerCustomer(a) == nil {
		return nil // of several, the number is meant
	}
	if did.event == p.ix.role("purchase") && len(did.where) == 0 && len(m.exprs) == 1 && !strings.HasPrefix(m.exprs[0], "events(") &&
		(did.win == nil || m.win == nil && !strings.HasPrefix(m.exprs[0], "sum(")) {
		each := *m
		if each.win == nil {
			each.win = did.win
		}
		if out := p.perCustomer(&node{meas: &each}); out != nil {
			return out
		}
	}
	if len(m.exprs) != 1 || m.of != nil || m.against != "" || len(m.where) > 0 && m.event != did.event || len(did.where) > 0 || did.ever || m.win != nil && did.win != nil {
		return nil
	}
	call, expr := p.callOf(m.exprs[0]), m.exprs[0]
	if v, err := syntax.ParseMeasure(expr); err == nil && call == nil {
		avg, ok := v.(*syntax.Call)
		if !ok || avg.Fn != syntax.Avg || avg.Where != nil {
			return nil
		}
		if fi := p.ix.find(avg.Event, avg.Property); fi < 0 || p.ix.fields[fi].kind != "number" || !p.speaksOf(fi) {
			return p.givenPerDoer(m, avg, did) // "average visits" are a number of them
		}
		call = &syntax.Call{Fn: syntax.Sum, Event: avg.Event, Property: avg.Property}
		expr = call.String()
	}
	if call == nil || strings.Contains(expr, "/") {
		return nil
	}
	x := *m
	x.exprs, x.mean = []string{fmt.Sprintf("%s / %s", expr, doersOf(did.event))}, false
	if m.event != did.event { // the visits of donors for each of them, not all visits
		who := &syntax.Compare{Left: &syntax.Call{Fn: syntax.Count, Event: did.event, Window: did.win}, Op: syntax.Ge, Right: number(1)}
		x.exprs, x.base = []string{expr + " / customers"}, append(m.base[:len(m.base):len(m.base)], who)
	}
	if x.win == nil {
		x.win = did.win
	}
	return one(&node{cat: cMeas, meas: &x, cost: -0.05})
}

// givenPerDoer is an average of money per person who gave it: what each gave in
// all, or at once.
func (p *parse) givenPerDoer(m *meas, avg *syntax.Call, did *clause) []*node {
	fi := p.ix.find(avg.Event, avg.Property)
	if avg.Event != did.event || fi < 0 || p.ix.fields[fi].kind != "money" || p.tied(avg.Event) {
		return nil
	}
	all, each := *m, *m
	all.exprs, all.mean = []string{fmt.Sprintf("%s / %s", &syntax.Call{Fn: syntax.Sum, Event: avg.Event, Property: avg.Property}, doersOf(did.event))}, false
	each.mean, each.each = false, true
	return []*node{{cat: cMeas, meas: &all, cost: -0.05}, {cat: cMeas, meas: &each, cost: -0.05}}
}

// speaksOf tells whether some phrase of the question names a field.
func (p *parse) speaksOf(field int) bool {
	for i := range p.toks {
		for j := i + 1; j <= min(len(p.toks), i+3); j++ {
			if slices.ContainsFunc(p.cells[i][j], func(n *node) bool {
				return n.cat == cField && n.cost < costFuzzy && slices.Contains(n.fields, field)
			}) {
				return true
			}
		}
	}
	return false
}

func doersOf(event string) string { return fmt.Sprintf("doers(%s)", syntax.Quote(event)) }

// byDoers counts people for each value of the one field that was named: those
// who did what the field is of. Ok is false where there is no such field.
func (s *parts) byDoers() bool {
	by := s.byPeople
	if len(s.fields) != 1 || len(s.meas)+len(s.groups)+len(s.byValue) > 0 {
		return false
	}
	event := ""
	switch c := by.clause; {
	case c != nil:
		event = c.event
	default:
		for _, x := range s.conds { // "games played by the most players"
			if x.cat == cClause && x.clause.verb && s.ofEvent(s.fields[0], x.clause.event) {
				event = x.clause.event
				break
			}
		}
	}
	if event == "" {
		if event = s.p.ix.fields[s.p.preferred(s.fields[0].fields)].event; event != "" && s.traitOfThatWord() {
			s.plan.cost += 0.35 // people are told apart by what is theirs first
		}
	}
	if !s.ofEvent(s.fields[0], event) {
		return false
	}
	m := &meas{event: event, exprs: []string{"customers"}}
	if event != "" {
		m.exprs = []string{doersOf(event)}
	}
	if by.clause != nil {
		m.where, m.win, m.ever = by.clause.where, by.clause.win, by.clause.ever
	}
	switch {
	case by.cat == cMostPeople:
		s.asks[by.attr] = true
	case len(s.ranks) == 0 && !s.asks["ask_most"] && !s.asks["ask_least"]:
		s.asks["ask_list"] = true
	}
	if s.asks["ask_compare"] {
		delete(s.asks, "ask_compare") // the values are what is compared
	}
	s.meas = append(s.meas, &node{cat: cMeas, meas: m})
	// What they did, and when, is of what is told apart.
	cust := s.cust
	s.cust = false
	s.absorbVerb()
	s.cust = cust
	return true
}

// traitOfThatWord tells whether people have something of a word of the one
// field's name: their plan_tier, where bills have a plan.
func (s *parts) traitOfThatWord() bool {
	words := strings.Fields(fold(s.p.ix.fields[s.fields[0].fields[0]].name))
	for _, f := range s.p.ix.fields {
		if f.event == "" && f.isText() && slices.ContainsFunc(strings.Fields(fold(f.name)), func(w string) bool { return slices.Contains(words, w) }) {
			return true
		}
	}
	return false
}

// ofEvent tells whether some field of a node is a property of the event, or a
// trait for "".
func (s *parts) ofEvent(n *node, event string) bool {
	for _, fi := range n.fields {
		if s.p.ix.fields[fi].event == event {
			return true
		}
	}
	return false
}

// doersApart is "how many customers opened each campaign": those who did it,
// by what it was done to, and "class types with the most members checking in";
// nil where the grouping is of something else.
func (s *parts) doersApart() *meas {
	by := append(append([]*node(nil), s.groups...), s.fields...)
	if len(by) != 1 || len(s.groups) == 1 && !s.counted || len(s.conds) != 1 || s.conds[0].cat != cClause {
		return nil
	}
	c, g := s.conds[0].clause, by[0]
	if c.neg || c.qty != nil || c.fn != "" || !s.ofEvent(g, c.event) {
		return nil
	}
	if len(s.groups) == 1 && (len(g.groups) != 1 || g.groups[0].per != "" || g.groups[0].layer != "") {
		return nil
	}
	for _, fi := range g.fields {
		if s.p.ix.fields[fi].event == "" {
			return nil // their own club, or that of the check-ins
		}
	}
	return &meas{event: c.event, where: c.where, win: c.win, ever: c.ever, exprs: []string{doersOf(c.event)}}
}

// doerAt is those who do something, where a word for customers is also one for
// them: the donors, of donations. Of what nobody is named for there are none.
func (p *parse) doerAt(from, to int) *node {
	for _, n := range p.cells[from][to] {
		if n.cat == cClause && n.clause.person && !n.clause.neg && n.cost < costFuzzy && n.clause.event != p.ix.role("purchase") {
			return n
		}
	}
	return nil
}

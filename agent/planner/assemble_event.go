package planner

import (
	"slices"

	"tesela/agent/model"
	"tesela/segment/syntax"
)

// chooseEvent reads what belongs to an event that nobody named ("members of
// yoga", "players of more than two games"), once for each event that it may
// belong to; done is false where there is nothing of the kind.
func (s *parts) chooseEvent() (done, ok bool) {
	var open *node
	for i, c := range s.conds {
		if c.cat == cVal && s.p.valueFilter(c, "") == nil {
			open = c
			s.conds = append(s.conds[:i:i], s.conds[i+1:]...)
			break
		}
	}
	if open == nil && len(s.distinct) > 0 {
		open, s.distinct = s.distinct[0], s.distinct[1:]
	}
	if open == nil {
		return false, false
	}
	for _, c := range s.conds {
		if c.cat == cClause && c.clause.neg && c.to == open.from && !open.neg {
			return true, false // "never read poetry": what is denied is not had
		}
		if !open.neg && s.p.knownRightBefore(c, open) {
			return true, false // "con matrícula por bizum" tells of no field that is known
		}
	}
	if !s.cust && !s.p.did || inPart(open) {
		return true, false // people are not "with an address" for what is called so in a shop
	}
	if k := s.p.core(open); k > 0 && open.cat == cVal && s.p.holdsOneOf(k-1, "ask_thing") {
		return true, false // "qué productos compraron": things are asked for, whatever is spelled alike
	}
	neg := open.neg
	if neg && open.text == "only" {
		return true, false
	}
	if s.saidOfDeed(open) {
		return true, s.people()
	}
	if neg {
		x := *open
		x.neg = false
		open = &x
	}
	first := true
	for _, e := range s.p.likeliestEvents() {
		c := &node{cat: cClause, clause: &clause{event: e.Name, verb: true, qualified: true, neg: neg}, cost: 0.2}
		if len(s.wins) == 1 {
			c.clause.win, c.clause.ever = s.wins[0].win, s.wins[0].ever
		}
		var list []*node
		if open.cat == cVal && open.text == "and" {
			list = s.p.both(c, open)
		} else if open.cat == cVal && open.text == "only" {
			list = s.p.onlyOf(s.p.clauseValue(c, &node{cat: cVal, vals: open.vals, from: open.from, to: open.to}))
		} else if open.cat == cVal {
			list = s.p.clauseValue(c, open)
		} else {
			list = s.p.clauseDistinct(c, open)
		}
		if len(list) == 0 {
			continue
		}
		rest := s.conds
		if list[0].cat == cClause && open.cat == cVal && !neg {
			list, rest = s.sameRow(list, open)
		}
		x := *s
		x.wins = nil
		x.plan.bare, x.plan.assume = nil, nil
		x.conds = append(rest[:len(rest):len(rest)], list[0])
		x.plan.cost += 0.35
		if !x.people() {
			continue
		}
		if first {
			s.plan, first = x.plan, false
			continue
		}
		s.more = append(s.more, &x.plan)
	}
	return true, !first
}

// saidOfDeed says a value of the one thing that people are said to have done, where
// its rows have it: who "used a phone to log in" logged in by phone, and "in Dragon
// Poker, who bet more than twice" is of bets there. False where that is not so.
func (s *parts) saidOfDeed(v *node) bool {
	ofPeople := func(n *node) bool { return n.cat == cVal && s.p.valueFilter(n, "") != nil }
	if v.cat != cVal || v.neg || v.text != "" || slices.ContainsFunc(s.p.cells[v.from][v.to], ofPeople) {
		return false // "clientes de Lisboa que pagaron …" live there
	}
	at, with := -1, (*node)(nil)
	for i, c := range s.conds {
		if c.cat != cClause || c.clause.neg || c.from == c.to || !s.p.onlyNamed(v) && s.joined(v, c) {
			continue
		}
		list := s.p.clauseValue(c, v)
		if len(list) == 0 || list[0].cat != cClause {
			continue
		}
		if at >= 0 {
			return false
		}
		at, with = i, list[0]
	}
	if at < 0 {
		return false
	}
	s.conds = slices.Clone(s.conds)
	s.conds[at] = with
	return true
}

// joined tells whether a word or a sign between two pieces joins or parts them.
func (s *parts) joined(a, b *node) bool {
	for k := min(a.to, b.to); k < max(a.from, b.from); k++ {
		if s.p.toks[k].kind == tokBreak || s.p.holdsOneOf(k, "and", "or", "but") {
			return true
		}
	}
	return false
}

// likeliestEvents are the events in the order in which one that nobody named is
// meant: purchases first, what was given back last, "customers without Dairy" have
// bought none.
func (p *parse) likeliestEvents() []model.Event {
	place := func(e model.Event) int {
		switch e.Name {
		case p.ix.events["purchase"]:
			return 0
		case p.ix.events["refund"]:
			return 2
		}
		return 1
	}
	out := slices.Clone(p.catalogue().Events)
	slices.SortStableFunc(out, func(a, b model.Event) int { return place(a) - place(b) })
	return out
}

// knownRightBefore tells whether a condition is no more than that something is
// known of people, and a value of what they did is said of it, with no word that
// joins the two.
func (p *parse) knownRightBefore(c, v *node) bool {
	set, ok := c.cond.(*syntax.IsSet)
	if !ok || set.Not || c.to > v.from || p.breaks(c.to, v) {
		return false
	}
	for k := c.to; k < v.from; k++ {
		if !p.isGlue(k) {
			return false
		}
	}
	return true
}

// oneThing tells whether a value of what people did stands side by side with one of
// theirs behind "with": a "gold card" is one thing, whatever paid with a card besides.
func (p *parse) oneThing(x *node) bool {
	at := p.core(x)
	ofPeople := func(n *node) bool {
		return n.cat == cVal && !n.neg && n.cost < costHasty && p.valueFilter(n, "") != nil
	}
	ofRow := func(n *node) bool { return n.cat == cVal && p.valueFilter(n, "") == nil }
	if x.cat != cVal && x.cat != cClause || x.neg || !slices.ContainsFunc(p.cells[at][x.to], ofRow) {
		return false
	}
	first := at
	beside := x.to < len(p.toks) && !p.isGlue(x.to) && slices.ContainsFunc(p.cells[x.to][x.to+1], ofPeople)
	if !beside && at > 0 && slices.ContainsFunc(p.cells[at-1][at], ofPeople) {
		beside, first = true, at-1
	}
	k := first - 1
	for k >= 0 && (p.holdsOneOf(k, "articles") || p.isGlue(k) && !p.holdsOneOf(k, "having", "is_set")) {
		k--
	}
	return beside && k >= 0 && p.holdsOneOf(k, "having", "is_set")
}

// sameRow says of the same event the values that stand right behind one of its:
// who "sat the theory in Alcalá" did so there. Values that are joined by a word
// may be of another.
func (s *parts) sameRow(list []*node, open *node) (clauses, rest []*node) {
	at := open.to
	for _, c := range s.conds {
		for at < c.from && s.p.isGlue(at) && s.p.toks[at].kind != tokBreak {
			at++
		}
		if c.cat == cVal && c.from == at && !c.neg && (c.text == "" || c.text == "or") && s.p.valueFilter(c, "") == nil {
			if next := s.p.clauseValue(list[0], c); len(next) > 0 {
				list, at = next, c.to
				continue
			}
		}
		rest = append(rest, c)
	}
	return list, rest
}

// openWindow tells whether a time that stands apart belongs to an event that
// nobody named: "used five features in the last 90 days".
func (s *parts) openWindow() bool {
	return len(s.wins) == 1 && (len(s.distinct) > 0 || s.asOfToday())
}

// asOfToday tells whether today says when people are what they are, of people
// who are not told by what they did: "how many gold members do we have today".
func (s *parts) asOfToday() bool {
	if w := s.wins[0].win; w == nil || w.String() != "today" || !s.named && !s.counted {
		return false
	}
	for _, c := range s.conds {
		if c.cat == cClause || c.cat == cCond && c.last != nil || c.cat == cVal && s.p.valueFilter(c, "") == nil {
			return false
		}
	}
	return len(s.filters) == 0
}

// both is doing each of the values: a condition for every one.
func (p *parse) both(c, v *node) []*node {
	byText := map[string][]valueRef{}
	var order []string
	for _, r := range v.vals {
		t := p.ix.text(r)
		if byText[t] == nil {
			order = append(order, t)
		}
		byText[t] = append(byText[t], r)
	}
	var all []syntax.Formula
	for _, t := range order {
		one := p.clauseValue(c, &node{cat: cVal, vals: byText[t], from: v.from, to: v.to})
		if len(one) == 0 {
			return nil
		}
		all = append(all, one[0].clause.formula())
	}
	return one(condNode(syntax.All(all...)))
}

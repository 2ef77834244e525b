package planner

import (
	"slices"

	"tesela/segment/syntax"
)

// Of "what share of women who bought shoes returned them", women who bought are
// whom the share is of, and having returned is what it is the share of. What
// parts the two is the sentence's own verb: not one behind "who", and no more
// than that is told here.

// lead is how a condition follows upon what stands before it.
type lead int

const (
	openPlain    lead = iota // "gold", "in Spain", "without a refund"
	openRelative             // "who bought", "that are women"
	openVerb                 // "bought", "are women"
	openJoined               // "and opened", "but never returned"
)

// shareSplit is the place of the first condition that the share is the share of;
// those before it are whom it is of. Zero means that it is of everyone, −1 that
// nothing tells them apart.
func (s *parts) shareSplit() int {
	slices.SortStableFunc(s.conds, func(a, b *node) int { return a.from - b.from })
	if s.shareAt >= s.conds[len(s.conds)-1].to {
		s.shareAt = 0 // "of those who bought, how many returned, in per cent": said behind, it parts nothing
	}
	for k, c := range s.conds {
		if k > 0 && s.conds[k-1].from < s.shareAt && c.from >= s.shareAt {
			return k // "of those who bought, what share returned"
		}
	}
	split := -1
	for k, c := range s.conds {
		switch s.opens(k, c) {
		case openVerb:
			return k
		case openRelative:
			split = k
		case openPlain, openJoined:
		}
	}
	return split
}

// opens tells how the condition at place k follows upon the words before it.
func (s *parts) opens(k int, c *node) lead {
	p := s.p
	if c.cat == cClause && c.clause.person {
		return openPlain
	}
	from := s.shareAt
	if s.custAt >= from && s.custAt < c.from {
		from = s.custAt + 1
	}
	if k > 0 {
		from = max(from, s.conds[k-1].to)
	}
	core := c.from
	if k > 0 && p.asksCount(p.core(s.conds[k-1]), c.to) {
		return openVerb // "of those who bought, how many returned"
	}
	how := openPlain
	verb := c.cat == cClause && c.clause.verb && (!c.clause.weak || k > 0 && s.namesDoers(k-1)) || c.cat == cCond && c.last != nil && c.last.verb
	for at := from; at < c.to; at++ {
		switch {
		case p.isWord(at, "and"), p.isWord(at, "or"), p.isWord(at, "but"):
			if at < core && k > 0 {
				return openJoined
			}
		case p.isWord(at, "relatives"):
			how = openRelative
			verb = false
		case p.isWord(at, "copula"):
			if how == openPlain {
				return openVerb
			}
			return how
		case k > 0 && at >= s.conds[k-1].to && how == openPlain && (p.isWord(at, "light") || p.isWord(at, "light_else")):
			return openVerb // "opened a ticket", where the thing tells what was done
		case at >= core && p.isWord(at, "none"):
			return how // "without opening" is no verb of its own
		case at >= core && p.isWord(at, "not"): // "are no longer active": the verb comes behind
		case at >= core && !p.isGlue(at):
			if how == openPlain && (verb || k > 0 && p.verbAt(at, c.to)) {
				return openVerb
			}
			return how
		}
	}
	return how
}

// verbAt tells whether a verb stands at a place of a condition, though it says
// what people are: "se han dado de baja" is a date that they have.
func (p *parse) verbAt(at, to int) bool {
	for from := max(0, at-2); from <= at; from++ {
		for j := at + 1; j <= min(to, from+5); j++ {
			folded, _, ok := p.phrase(from, j)
			if ok && slices.ContainsFunc(p.meanings(folded), func(e entry) bool { return e.form == "verb" || e.cat == "by_itself" }) ||
				ok && slices.ContainsFunc(p.ix.names[folded], func(r nameRef) bool { return r.verb }) {
				return true
			}
		}
	}
	return false
}

// namesDoers tells whether the condition at place k names people for what they
// did: behind it a word that is a thing or a statement is the latter.
func (s *parts) namesDoers(k int) bool {
	return s.conds[k].cat == cClause && s.conds[k].clause.person
}

// saysWho are the categories of conditions.
var saysWho = map[cat]bool{cVal: true, cCond: true, cClause: true}

// tiedTo tells whether a node begins with a verb that only ties it to what
// stands before: "are women".
func (p *parse) tiedTo(n *node) bool {
	for at := n.from; at < n.to && p.isGlue(at); at++ {
		if p.isWord(at, "copula") {
			return true
		}
	}
	return false
}

// isWord tells whether a token is a word of a heading of the lexicon.
func (p *parse) isWord(at int, heading string) bool {
	return p.says(at, heading)
}

// withoutImplied leaves out people named for what they did where a condition
// says more of the same: depositors who deposited twice deposited.
func (s *parts) withoutImplied() {
	if s.asks["ask_share"] {
		return // whom a share is of is no condition like others
	}
	did := map[string]bool{}
	for _, c := range s.conds {
		if c.cat == cClause && c.clause.person {
			continue
		}
		if x := s.p.asCond(c); x != nil {
			for _, f := range factors(x.cond) {
				did[doneAtLeastOnce(f)] = true
			}
		}
	}
	s.conds = slices.DeleteFunc(s.conds, func(c *node) bool {
		if c.cat != cClause || !c.clause.person || c.clause.neg || c.clause.qty != nil || c.clause.win != nil || len(c.clause.where) > 0 || !did[c.clause.event] {
			return false
		}
		s.cust = true
		return true
	})
}

// doneAtLeastOnce is the event that who satisfies a formula has surely done, ""
// for none.
func doneAtLeastOnce(f syntax.Formula) string {
	c, ok := f.(*syntax.Compare)
	if !ok {
		return ""
	}
	call, ok := c.Left.(*syntax.Call)
	n, number := c.Right.(*syntax.Number)
	if !ok || !number || call.Fn != syntax.Count {
		return ""
	}
	zero := n.Text == "0"
	switch c.Op {
	case syntax.Gt:
		return call.Event
	case syntax.Ge, syntax.Eq:
		if !zero {
			return call.Event
		}
	case syntax.Lt, syntax.Le, syntax.Ne:
	}
	return ""
}

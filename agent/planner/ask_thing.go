package planner

import (
	"slices"

	"tesela/tools"
)

// asksThing tells whether a question begins with what asks for a thing, "what
// do women buy most", where no noun says what: people are no answer to it.
func (p *parse) asksThing() bool {
	if p.saysAtHead("ask_done") {
		return true
	}
	for i := range p.toks {
		if !p.opensWith(i) {
			return false
		}
		for j := i + 1; j <= min(len(p.toks), i+maxPhrase); j++ {
			folded, raw, ok := p.phrase(i, j)
			if !ok {
				break
			}
			if list := p.lex.exact[folded]; has(list, entry{cat: "ask_thing"}) && (has(p.lex.plain[folded], entry{cat: "ask_thing"}) || p.lex.accented[raw] != nil || p.doneBySome(j)) && !p.saysMore(i, j) {
				return true
			}
		}
	}
	return false
}

// whoIs tells whether "who is" stands right before a text that rows or people have,
// "who is the instructor with most bookings": it asks for one of those.
func (p *parse) whoIs(field *node) bool {
	k, is := p.core(field)-1, false
	for ; k >= 0 && (p.holdsOneOf(k, "articles", "copula") || p.isGlue(k)) && !p.holdsOneOf(k, "people_words"); k-- {
		is = is || p.holdsOneOf(k, "copula")
	}
	return is && k >= 0 && p.holdsOneOf(k, "people_words") && p.ix.fields[p.preferred(field.fields)].isText()
}

// doneBySome tells whether a token begins what is done, with who does it behind:
// in "que compran las mujeres" an accent was left out, as nobody stands before
// whom it could tell of.
func (p *parse) doneBySome(i int) bool {
	if i+1 >= len(p.toks) || !p.isGlue(i+1) || p.says(i+1, "inside") || !slices.ContainsFunc(p.cells[i][i+1], func(n *node) bool { return n.cat == cClause && n.clause.verb && !n.clause.weak && n.cost < costFuzzy }) {
		return false
	}
	for k := i + 3; k <= min(len(p.toks), i+4); k++ {
		if slices.ContainsFunc(p.cells[i+2][k], func(n *node) bool { return n.cat == cCust || p.kindOfPeople(n) }) {
			return true
		}
	}
	return false
}

// saysMore tells whether a phrase that asks for a thing is the beginning of a
// longer one, or stands right before the noun that says what is asked for.
func (p *parse) saysMore(i, j int) bool {
	for k := j + 1; k <= min(len(p.toks), j+4); k++ {
		if folded, _, ok := p.phrase(i, k); ok && slices.ContainsFunc(p.lex.exact[folded], func(e entry) bool { return e.cat != "ask_thing" }) {
			return true
		}
		for _, n := range p.cells[j][k] {
			if p.core(n) == j && (n.cat == cCust || n.cat == cField || n.cat == cMeas || n.cat == "ask_share" || n.cat == "units" || p.kindOfPeople(n)) {
				return true
			}
		}
	}
	return false
}

// tellsPeople tells whether a plan answers with people, or with how often they
// did what they are asked of.
func (s *parts) tellsPeople() bool {
	if s.asks["ask_share"] || s.asks["ask_count"] {
		return false
	}
	switch args := s.plan.args.(type) {
	case tools.CountSegmentArgs, tools.ListCustomersArgs:
		return true
	case tools.MeasureArgs:
		return slices.Equal(args.Measures, []string{"customers"}) || slices.Equal(args.Measures, []string{"orders"}) && args.Per == "" && len(args.GroupBy) == 0 && s.p.saysAtHead("ask_done")
	}
	return false
}

// asksWhere tells whether the question asks at its head when or where something
// is done, which no number of people nor any list of them tells.
func (p *parse) asksWhere() bool { return p.saysAtHead("ask_where") }

// saysAtHead tells whether the question begins with a phrase of a heading.
func (p *parse) saysAtHead(heading string) bool { return p.lex.opensWith(heading, p.toks) }

// saysOurs tells whether the question says what the business itself did: "we
// sold".
func (p *parse) saysOurs() bool { return p.saysPhrase(entry{cat: "we_did"}) }

// saysPhrase tells whether some phrase of the question has a meaning.
func (p *parse) saysPhrase(e entry) bool {
	for i := range p.toks {
		for j := i + 1; j <= min(len(p.toks), i+4); j++ {
			if folded, _, ok := p.phrase(i, j); ok && has(p.lex.exact[folded], e) {
				return true
			}
		}
	}
	return false
}

// ours makes of what customers spent what the business took where it is told of
// as its own doing: "how much did we sell" is net, as revenue is.
func (s *parts) ours() {
	if !s.p.saysOurs() || s.p.saysPhrase(entry{cat: "measures", attr: "gross_revenue"}) {
		return
	}
	for _, args := range []*any{&s.plan.args, &s.plan.beside} {
		if a, ok := (*args).(tools.MeasureArgs); ok && slices.Equal(a.Measures, []string{"gross_revenue"}) {
			a.Measures = []string{"revenue"}
			*args = a
		}
	}
}

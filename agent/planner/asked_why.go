package planner

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"tesela/agent/model"
	"tesela/tools"
)

// whyDone reads "why do accounts cancel" as what they gave for a reason, where what
// they did keeps one: how often each was given. False where it keeps none, or more
// is said of it than when and in which cases.
func (s *parts) whyDone() bool {
	if len(s.meas)+len(s.byValue)+len(s.ranks)+len(s.fields) > 0 || s.asks["ask_count"] || s.asks["ask_amount"] || s.asks["ask_share"] {
		return false
	}
	at := -1
	for i, c := range s.conds {
		switch {
		case c.cat != cClause:
		case c.clause.neg || c.clause.qty != nil || c.clause.fn != "" || s.p.inRelative(c) && s.p.core(c) > s.whyAt:
			return false
		case at < 0 || c.clause.verb && !s.conds[at].clause.verb:
			at = i
		}
	}
	if at < 0 {
		return false
	}
	done := s.conds[at]
	reason := s.p.reasonOf(done.clause.event)
	if reason < 0 {
		return false
	}
	rest := s.conds[:0:0]
	for i, c := range s.conds {
		if c.cat == cClause && i != at {
			if k := c.clause; k.verb || len(k.where) > 0 || k.win != nil {
				return false
			}
			s.plan.cost += 0.1 // "why do guests cancel bookings": what is undone says nothing more
		} else if i != at {
			rest = append(rest, c)
		}
	}
	x := *done.clause
	s.meas = []*node{{cat: cMeas, from: done.from, to: done.to, meas: s.p.eventMeasure(&x)}}
	s.groups = append(s.groups, &node{cat: cGroup, from: done.from, to: done.to, groups: []grouping{{field: reason}}})
	s.conds, s.cust = rest, false
	return true
}

// reasonOf is the field that keeps why something was done, -1 where there is none.
func (p *parse) reasonOf(event string) int {
	return p.ix.reasonOf(p.lex, event)
}

// reasonOf is the text of an event that goes by a word for a reason, -1 where it has
// none; with no event that of any.
func (ix *index) reasonOf(lx *lexicon, event string) int {
	for _, word := range lx.reasons {
		for _, ref := range ix.names[word] {
			if f := ref.field; f >= 0 && !ref.verb && ix.tellsOf(f, event) {
				return f
			}
		}
	}
	first := -1 // "lost reason"
	for name, refs := range ix.names {
		if !slices.ContainsFunc(strings.Fields(name), func(w string) bool { return slices.Contains(lx.reasons, w) }) {
			continue
		}
		for _, ref := range refs {
			if f := ref.field; f >= 0 && !ref.verb && ix.tellsOf(f, event) && (first < 0 || f < first) {
				first = f
			}
		}
	}
	return first
}

// tellsOf tells whether a field is a text of an event, of any where none is named.
func (ix *index) tellsOf(field int, event string) bool {
	f := ix.fields[field]
	return f.isText() && f.event != "" && (event == "" || f.event == event)
}

// whyGiven reads a question that opens with "why", of which the forms of the tools
// leave several readings, as one for the reasons that were given. False where no
// reasons are kept of what was done.
func (p *Planner) whyGiven(ctx context.Context, r model.Request, q int, toks []token, lang string) ([]model.Call, *model.Decision, bool) {
	lx := p.lexicons[lang]
	if !lx.opensWith("why", toks) || p.ix.reasonOf(lx, "") < 0 {
		return nil, nil, false
	}
	calls, dec, err := p.read(ctx, r, q)
	if err != nil || len(calls) != 1 || calls[0].Name != "measure" {
		return nil, nil, false
	}
	var args tools.MeasureArgs
	if json.Unmarshal(calls[0].Args, &args) != nil {
		return nil, nil, false
	}
	asked := slices.ContainsFunc(args.GroupBy, func(g string) bool {
		event, _, _ := strings.Cut(g, ".")
		fi := p.ix.reasonOf(lx, strings.Trim(event, "`"))
		return fi >= 0 && strings.ReplaceAll(g, "`", "") == p.ix.fields[fi].id()
	})
	return calls, dec, asked
}

// opensWith tells whether a question begins with a phrase of a heading.
func (lx *lexicon) opensWith(heading string, toks []token) bool {
	for len(toks) > 0 && toks[0].kind == tokBreak {
		toks = toks[1:]
	}
	words := ""
	for _, t := range toks[:min(len(toks), maxPhrase)] {
		words = strings.TrimSpace(words + " " + t.folded)
		if slices.ContainsFunc(lx.exact[words], func(e entry) bool { return e.cat == heading }) {
			return true
		}
	}
	return false
}

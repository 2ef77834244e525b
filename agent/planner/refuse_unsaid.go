package planner

import (
	"fmt"
	"slices"
	"strings"

	"tesela/agent/model"
	"tesela/segment/syntax"
	"tesela/tools"
)

// unsaid is something that people ask for and that no formula says: hours and
// days of the week tell figures apart but bound none, and of a birthday comes
// no mean. It is refused by its name, with the breakdown that is nearest.
type unsaid struct {
	form string // of the wording, and the parameter of the decision
	per  string // what figures can be told apart by instead
}

// refuseUnsaid does so where what is not understood is such a thing.
func (p *Planner) refuseUnsaid(ps *parse, unknown []string, dec *model.Decision) bool {
	u, words := ps.unsaidOf(unknown)
	if words == "" {
		return false
	}
	args := tools.MeasureArgs{Per: u.per}
	if u.form == "mean_age" {
		born := ps.ix.role("birthday")
		if born == "" {
			return false
		}
		args.Measures = []string{fmt.Sprintf("dated(%s)", syntax.Quote(born))}
	} else {
		event := ps.eventSpokenOf()
		if event == "" {
			return false
		}
		args.Measures = []string{fmt.Sprintf("events(%s)", syntax.Quote(event))}
	}
	dec.Status, dec.Reason, dec.Unknown = model.Cannot, model.NotYet, []string{words}
	dec.Params[u.form] = "yes"
	if c := p.offer(dec.Language, "measure", marshal(args)); c.Label != "" {
		dec.Choices = []model.Choice{c}
	}
	return true
}

// unsaidOf finds the longest words for such a thing, of which some stand among
// those that are not understood.
func (p *parse) unsaidOf(unknown []string) (u unsaid, words string) {
	lost := map[string]bool{}
	for _, w := range strings.Fields(strings.NewReplacer(",", " ", ".", " ").Replace(strings.Join(unknown, " "))) {
		lost[fold(w)] = true
	}
	longest := 0
	for i := range p.toks {
		for j := i + 1; j <= min(len(p.toks), i+5); j++ {
			is := p.unsaidAt(i, j)
			if is.form == "" || j-i <= longest {
				continue
			}
			if slices.ContainsFunc(p.toks[i:j], func(t token) bool { return lost[t.folded] || lost[fold(t.text)] }) {
				u, words, longest = is, p.typed(i, j), j-i
			}
		}
	}
	return u, words
}

// unsaidAt tells what of it some words say as a whole.
func (p *parse) unsaidAt(i, j int) unsaid {
	folded, _, ok := p.phrase(i, j)
	if !ok {
		return unsaid{}
	}
	if p.toks[i].kind == tokNumber && j > i+1 { // "8 pm", "18 h"
		if folded, _, ok = p.phrase(i+1, j); ok && slices.ContainsFunc(p.lex.exact[folded], func(e entry) bool { return e.cat == "clock" && e.attr == "hour" }) {
			return unsaid{"clock", "hour"}
		}
		return unsaid{}
	}
	for _, e := range p.lex.exact[folded] {
		switch {
		case e.cat == "weekdays", e.cat == "weekend", e.cat == "clock" && e.attr == "weekday":
			return unsaid{"clock", "weekday"}
		case e.cat == "clock" && e.attr == "part":
			return unsaid{"clock", "hour"}
		case e.cat == "mean_age":
			return unsaid{"mean_age", "year"}
		}
	}
	return unsaid{}
}

// eventSpokenOf is the event that a question names first, else the purchase.
func (p *parse) eventSpokenOf() string {
	for i := range p.toks {
		for j := i + 1; j <= min(len(p.toks), i+3); j++ {
			for _, n := range p.cells[i][j] {
				if n.cat == cClause && n.cost < costFuzzy && n.clause.fn == "" && !p.isMessageEvent(n.clause.event) {
					return n.clause.event
				}
			}
		}
	}
	return p.ix.events["purchase"]
}

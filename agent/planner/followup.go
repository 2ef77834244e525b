package planner

import (
	"context"
	"encoding/json"

	"tesela/agent/model"
	"tesela/tools"
)

// followUp reads a question that only changes the last one: "only Germany",
// "and last year?", "now by month", "who are they". It returns nil where the
// question stands on its own or there is nothing to change.
func (p *Planner) followUp(ctx context.Context, ps *parse, history []model.Message, plans []*plan) []*plan {
	call := lastCallOf(history)
	nothing := []*plan{{unknown: []string{ps.typed(0, len(ps.toks))}, before: true}}
	if call == nil {
		if len(history) > 0 && ps.opens("only") || ps.anaphora() {
			return nothing // there is nothing that it changes
		}
		if (ps.opens("followup") || ps.opens("people_list")) && len(ps.strangers()) == 0 && ps.fragment() {
			return nothing // "and in Portugal?", after nothing
		}
	}
	if unanswered(history) && (ps.startsFollowUp() || ps.takesUp() || len(plans) > 0 && plans[0].whole() && plans[0].headless) {
		return nothing // what it changes, as "by country" does, was not answered; the one before is not meant
	}
	if call == nil {
		return nil
	}
	theirs := ps.theirs(call)
	marked := ps.startsFollowUp() || theirs
	if !marked && len(plans) > 0 && plans[0].whole() && !plans[0].headless {
		return nil
	}
	if marked {
		ps.timesBefore(call)
	}
	var out []*plan
	for _, d := range ps.derivations() {
		if pl := ps.editBoth(lastPairOf(history), call, d); pl != nil {
			out = append(out, pl)
			if pl.rival != nil {
				other := *pl
				other.args, other.rival = pl.rival, nil
				out = append(out, &other)
			}
		}
		if len(out) >= 3 {
			break
		}
	}
	if len(out) == 0 && (theirs || ps.anaphora()) {
		if out = ps.within(ctx, call); len(out) > 0 {
			return out
		}
		if len(plans) > 0 && plans[0].whole() {
			nothing[0].last = call
			return nothing // it is of people whom that reading leaves out
		}
	}
	if len(out) == 0 {
		if len(plans) > 0 && plans[0].whole() && plans[0].headless {
			// A fragment that changes nothing of the last question is none of its
			// own either.
			return []*plan{{unknown: []string{ps.typed(0, len(ps.toks))}, cost: plans[0].cost, tool: plans[0].tool, args: plans[0].args}}
		}
		return nil
	}
	if len(plans) > 0 && plans[0].whole() && !plans[0].headless && plans[0].cost < out[0].cost && !ps.trailing() && !ps.opens("only") && !ps.anaphora() && !theirs {
		return nil
	}
	return dedupe(out)
}

func dedupe(list []*plan) []*plan {
	seen := map[string]bool{}
	var out []*plan
	for _, pl := range list {
		if k := pl.key(); !seen[k] {
			seen[k] = true
			out = append(out, pl)
		}
	}
	return out
}

// trailing tells whether the question ends in a word that changes the last one.
func (p *parse) trailing() bool {
	last := len(p.toks)
	for last > 0 && p.toks[last-1].kind == tokBreak {
		last--
	}
	for i := max(0, last-2); i < last; i++ { // "revenue instead"
		for _, n := range p.cells[i][last] {
			if n.cat == "followup" && n.cost < costGlue {
				return true
			}
		}
	}
	return false
}

// opens tells whether the question begins with a phrase of a category.
func (p *parse) opens(category cat) bool {
	for j := 1; j <= len(p.toks) && j <= maxPhrase; j++ {
		for _, n := range p.cells[0][j] {
			if n.cat == category && n.cost < costOtherLang {
				return true
			}
		}
	}
	return false
}

// anaphora tells whether people named before are taken up: "of those", but
// not "of those who …".
func (p *parse) anaphora() bool {
	for i := range p.toks {
		for j := i + 2; j <= min(len(p.toks), i+maxPhrase); j++ {
			for _, n := range p.cells[i][j] {
				if n.cat == "people_anaphora" && n.cost < costGlue && !p.relativeAt(j) {
					return true
				}
			}
		}
	}
	return false
}

// relativeAt tells whether a token opens a clause: "who", "that".
func (p *parse) relativeAt(i int) bool {
	if i >= len(p.toks) {
		return false
	}
	for _, e := range p.lex.exact[p.toks[i].folded] {
		if e.cat == "relatives" || e.cat == "people_words" {
			return true
		}
	}
	return false
}

// unanswered tells whether the last question was not answered.
func unanswered(history []model.Message) bool {
	for i := len(history) - 1; i >= 0; i-- {
		if d := history[i].Reply; history[i].Role == model.Assistant && d != nil {
			return d.Status == model.Cannot || d.Status == model.Clarify
		}
	}
	return false
}

// lastCallOf is the last call that was made for an earlier question; keeping
// or writing what was found asks nothing anew.
func lastCallOf(history []model.Message) *model.Call {
	for i := len(history) - 1; i >= 0; i-- {
		m := history[i]
		if m.Role != model.Assistant || len(m.Calls) == 0 {
			continue
		}
		if last := &m.Calls[len(m.Calls)-1]; !isOrder(last.Name) {
			return last
		}
	}
	return nil
}

// listBefore is the list that the customer just told of was taken from, nil
// where the last answer was of something else.
func listBefore(history []model.Message) *model.Call {
	told := false
	for i := len(history) - 1; i >= 0; i-- {
		m := history[i]
		if m.Role != model.Assistant || len(m.Calls) == 0 {
			continue
		}
		last := &m.Calls[len(m.Calls)-1]
		switch {
		case isOrder(last.Name):
		case last.Name == "explain_customer" && groupOf(*last) == "":
			told = true
		case told && last.Name == "list_customers":
			return last
		default:
			return nil
		}
	}
	return nil
}

// startsFollowUp tells whether the question opens with a word that takes up
// what was said before.
func (p *parse) startsFollowUp() bool {
	if p.trailing() {
		return true
	}
	for j := 1; j <= len(p.toks) && j <= maxPhrase; j++ {
		for _, n := range p.cells[0][j] {
			if n.cat == "followup" || n.cat == "only" || n.cat == "people_anaphora" || n.cat == "people_list" || n.cat == "correction" {
				return true
			}
		}
	}
	return false
}

// lastPairOf is the first of two calls that answered the last question together,
// as one measure of two times does; nil where there was one.
func lastPairOf(history []model.Message) *model.Call {
	for i := len(history) - 1; i >= 0; i-- {
		m := history[i]
		if m.Role != model.Assistant || len(m.Calls) == 0 {
			continue
		}
		if len(m.Calls) == 2 && m.Calls[0].Name == "measure" && m.Calls[1].Name == "measure" {
			return &m.Calls[0]
		}
		return nil
	}
	return nil
}

// editBoth applies a fragment's parts to the last call, and to the one that was
// made beside it.
func (p *parse) editBoth(first, call *model.Call, d derivation) *plan {
	pl := p.edit(call, d)
	if pl == nil || first == nil {
		return pl
	}
	one := p.edit(first, d)
	if one == nil || one.tool != pl.tool || one.rival != nil || pl.rival != nil {
		return pl
	}
	if one.key() != pl.key() {
		one.beside = pl.args
	}
	return one
}

// edits are the changes that a fragment asks for.
type edits struct {
	conds  []*node
	win    *node
	groups []*node
	meas   []*node
	rank   *node
	qty    *qty
	list   bool
	count  bool
	with   []*node // "with their e-mails"
}

// edit applies a fragment's parts to the last call; nil where some part is no
// change of it.
func (p *parse) edit(call *model.Call, d derivation) *plan {
	var e edits
	those, taken := p.anaphora(), 0 // up to where people are taken up
	pl := &plan{cost: d.cost}
	for _, x := range d.parts {
		pl.assume = append(pl.assume, x.assume...)
		switch x.cat {
		case "people_list":
			e.list, those = true, true
		case "people_anaphora":
			those, taken = true, x.to
		case cCust:
			if taken > 0 && x.from > taken {
				return nil // "how many of them are students?" says something of them
			}
		case "correction":
			if x.to >= len(p.toks) || p.toks[x.to].kind != tokBreak {
				return nil // "no" denies what follows, "no," what was before
			}
		case "followup", "only", "instead", "ask_what", "greetings", "and":
		case "ask_list":
			e.list = true
		case "with field":
			e.with = append(e.with, x)
		case "ask_count", "count customers":
			e.count = true
		case cVal, cCond, cClause:
			if c := x.clause; x.cat == cClause && call.Name == "measure" && !c.verb && !c.qualified {
				e.meas = append(e.meas, &node{cat: cMeas, meas: p.eventMeasure(c)}) // "orders instead"
				continue
			}
			e.conds = append(e.conds, x)
		case cWin:
			if e.win != nil {
				return nil
			}
			e.win = x
		case cGroup:
			e.groups = append(e.groups, x)
		case cMeas:
			e.meas = append(e.meas, x)
		case cRank:
			e.rank = x
		case cQty, cNum:
			if q := figure(x); q.op == "" && len(q.lo) == 4 && (q.lo[:2] == "19" || q.lo[:2] == "20") {
				return nil // a year
			}
			if e.qty != nil {
				return nil
			}
			e.qty = figure(x)
		default:
			return nil
		}
	}
	if len(e.conds)+len(e.groups)+len(e.meas) == 0 && e.win == nil && e.rank == nil && e.qty == nil && !e.list && !e.count {
		return nil
	}
	// "and how many bought shoes?" asks anew; "how many of those …" goes on.
	if e.count && !those || those && len(e.meas) > 0 && call.Name == "measure" {
		return nil
	}
	ok := false
	switch call.Name {
	case "count_segment":
		var a tools.CountSegmentArgs
		if json.Unmarshal(call.Args, &a) == nil {
			ok = p.editPeople(pl, a.Formula, e)
		}
	case "list_customers":
		var a tools.ListCustomersArgs
		if json.Unmarshal(call.Args, &a) == nil {
			ok = p.editList(pl, a, e)
		}
	case "measure":
		var a tools.MeasureArgs
		if json.Unmarshal(call.Args, &a) == nil {
			ok = p.editMeasure(pl, a, e)
		}
	}
	if !ok {
		return nil
	}
	return pl
}

package planner

import (
	"encoding/json"
	"strconv"

	"tesela/agent/model"
	"tesela/segment/syntax"
	"tesela/tools"
)

// followUp reads a question that only changes the last one: "only Germany",
// "and last year?", "now by month", "who are they". It returns nil where the
// question stands on its own or there is nothing to change.
func (p *Planner) followUp(ps *parse, history []model.Message, plans []*plan) []*plan {
	call := lastCallOf(history)
	if call == nil {
		return nil
	}
	marked := ps.startsFollowUp()
	if !marked && len(plans) > 0 && plans[0].whole() && !plans[0].headless {
		return nil
	}
	var out []*plan
	for _, d := range ps.derivations() {
		if pl := ps.edit(call, d); pl != nil {
			out = append(out, pl)
		}
		if len(out) >= 3 {
			break
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
	if len(plans) > 0 && plans[0].whole() && !plans[0].headless && plans[0].cost < out[0].cost && !ps.trailing() {
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

// lastCallOf is the last call that was made for an earlier question.
func lastCallOf(history []model.Message) *model.Call {
	for i := len(history) - 1; i >= 0; i-- {
		if m := history[i]; m.Role == model.Assistant && len(m.Calls) > 0 {
			return &m.Calls[len(m.Calls)-1]
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
}

// edit applies a fragment's parts to the last call; nil where some part is no
// change of it.
func (p *parse) edit(call *model.Call, d derivation) *plan {
	var e edits
	those := false
	pl := &plan{cost: d.cost}
	for _, x := range d.parts {
		pl.assume = append(pl.assume, x.assume...)
		switch x.cat {
		case "people_list":
			e.list, those = true, true
		case "people_anaphora":
			those = true
		case "correction":
			if x.to >= len(p.toks) || p.toks[x.to].kind != tokBreak {
				return nil // "no" denies what follows, "no," what was before
			}
		case "followup", "only", "ask_what", cCust, "greetings", "and":
		case "ask_list":
			e.list = true
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
	if e.count && !those || those && len(e.meas) > 0 {
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

// editPeople changes a count of customers.
func (p *parse) editPeople(pl *plan, formula string, e edits) bool {
	if e.rank != nil {
		return p.editRank(pl, formula, e)
	}
	f, ok := p.editFormula(formula, e)
	if !ok {
		return false
	}
	if len(e.groups) > 0 || len(e.meas) > 0 {
		a := tools.MeasureArgs{Measures: []string{"customers"}}
		if _, all := f.(*syntax.Everyone); !all {
			a.Formula = f.String()
		}
		for i, m := range e.meas {
			if len(m.meas.where)+len(m.meas.base) > 0 || m.meas.win != nil {
				return false
			}
			if i == 0 {
				a.Measures = nil
			}
			a.Measures = append(a.Measures, m.meas.exprs...)
		}
		if !p.regroup(&a, e.groups, "") || a.Per != "" && len(e.meas) == 0 {
			return false
		}
		pl.tool, pl.args = "measure", a
		return true
	}
	if e.list {
		pl.tool, pl.args = "list_customers", tools.ListCustomersArgs{Formula: f.String()}
		return true
	}
	pl.tool, pl.args = "count_segment", tools.CountSegmentArgs{Formula: f.String()}
	return true
}

// editRank is "the ten who spent most" of those just counted.
func (p *parse) editRank(pl *plan, formula string, e edits) bool {
	if len(e.conds) != 1 || e.conds[0].cat != cClause || len(e.groups)+len(e.meas) > 0 || e.rank.rank.percent || e.qty != nil {
		return false
	}
	n, err := strconv.Atoi(e.rank.rank.n)
	c := e.conds[0].clause
	if err != nil || c.neg || c.qty != nil {
		return false
	}
	call := &syntax.Call{Fn: syntax.Count, Event: c.event, Property: c.prop, Where: whereOf(c), Window: c.win}
	if c.fn == syntax.Sum {
		call.Fn = syntax.Sum
	}
	if e.win != nil {
		call.Window = e.win.win
	}
	pl.tool = "list_customers"
	pl.args = tools.ListCustomersArgs{Formula: parseOr(formula).String(), By: call.String(), Limit: n, Ascending: e.rank.rank.bottom}
	return true
}

func (p *parse) editList(pl *plan, a tools.ListCustomersArgs, e edits) bool {
	if e.count || len(e.groups) > 0 || len(e.meas) > 0 {
		return p.editPeople(pl, a.Formula, e)
	}
	f, ok := p.editFormula(a.Formula, e)
	if !ok {
		return false
	}
	a.Formula = f.String()
	if e.win != nil && a.By != "" {
		v, err := syntax.ParseValue(a.By)
		if c, isCall := v.(*syntax.Call); err == nil && isCall {
			x := *c
			x.Window = e.win.win
			a.By = x.String()
		}
	}
	if e.rank != nil {
		n, err := strconv.Atoi(e.rank.rank.n)
		if err != nil || e.rank.rank.percent {
			return false
		}
		a.Limit, a.Ascending = n, e.rank.rank.bottom
	}
	pl.tool, pl.args = "list_customers", a
	return true
}

func (p *parse) editMeasure(pl *plan, a tools.MeasureArgs, e edits) bool {
	if e.qty != nil { // "make it three"
		n, err := strconv.Atoi(e.qty.lo)
		if err != nil || a.Top == 0 || e.qty.op != "" && e.qty.op != syntax.Eq || e.qty.unit != "" {
			return false
		}
		a.Top = n
	}
	// Revenue "without refunds" may be people without, or the gross figure.
	for _, c := range e.conds {
		if c.cat == cClause && c.clause.neg && c.clause.event == p.ix.role("refund") {
			return false
		}
	}
	event := ""
	for _, n := range e.meas {
		if len(n.meas.base) > 0 {
			return false
		}
	}
	if len(e.meas) > 0 {
		a.Measures = nil
		for _, n := range e.meas {
			a.Measures = append(a.Measures, n.meas.exprs...)
			if n.meas.win != nil {
				a.Window = n.meas.win.String()
			}
			for _, f := range n.meas.where {
				a.Where = p.refilter(a.Where, f)
			}
		}
	}
	event = p.measuredEvent(a.Measures)
	for _, c := range e.conds {
		if c.cat == cVal {
			if f := p.valueFilter(c, event); f != nil && event != "" {
				a.Where = p.refilter(a.Where, f)
				continue
			}
		}
		n := p.asCond(c)
		if n == nil {
			return false
		}
		f := replaceTrait(parseOr(a.Formula), n.cond)
		a.Formula = f.String()
	}
	if e.win != nil {
		a.Window = ""
		if e.win.win != nil {
			a.Window = e.win.win.String()
		}
	}
	if len(e.groups) > 0 {
		a.GroupBy, a.Per, a.Top, a.Order = nil, "", 0, ""
		if !p.regroup(&a, e.groups, event) {
			return false
		}
	}
	if e.rank != nil {
		n, err := strconv.Atoi(e.rank.rank.n)
		if err != nil || e.rank.rank.percent || len(a.GroupBy) == 0 {
			return false
		}
		a.Top, a.Order = n, ""
		if e.rank.rank.bottom {
			a.Order = "asc"
		}
	}
	if e.list && len(e.conds)+len(e.groups)+len(e.meas) == 0 && e.win == nil && e.rank == nil {
		f := parseOr(a.Formula)
		pl.tool, pl.args = "list_customers", tools.ListCustomersArgs{Formula: f.String()}
		return true
	}
	if e.list || e.count {
		return false
	}
	pl.tool, pl.args = "measure", a
	return true
}

// editFormula changes conditions and times of a formula.
func (p *parse) editFormula(text string, e edits) (syntax.Formula, bool) {
	f := parseOr(text)
	if e.win != nil {
		g, n := rewindow(f, e.win.win)
		if n == 0 {
			return nil, false
		}
		f = g
	}
	if e.qty != nil {
		if f = rethreshold(f, e.qty); f == nil {
			return nil, false
		}
	}
	for _, c := range e.conds {
		n := p.asCond(c)
		if n == nil {
			if f = p.revalue(f, c); f == nil {
				return nil, false
			}
			continue
		}
		f = replaceTrait(f, n.cond)
	}
	return f, true
}

// rethreshold gives the one comparison with a figure another figure: "and more
// than a thousand?". Nil where there is none or more than one.
func rethreshold(f syntax.Formula, q *qty) syntax.Formula {
	var found *syntax.Compare
	n := 0
	again := parseOr(f.String())
	syntax.Walk(again, func(x syntax.Node) bool {
		if c, ok := x.(*syntax.Compare); ok {
			if _, isNumber := c.Right.(*syntax.Number); isNumber {
				found = c
				n++
			}
			return false
		}
		return true
	})
	if n != 1 || q.isHi {
		return nil
	}
	if q.op != "" {
		found.Op = q.op
	}
	found.Right = literal(q.lo)
	return again
}

// revalue gives an event's rows another value of the same property: "and
// yoga?". Nil where no event of the formula has it.
func (p *parse) revalue(f syntax.Formula, v *node) syntax.Formula {
	if v.cat != cVal {
		return nil
	}
	again := parseOr(f.String())
	done := false
	syntax.Walk(again, func(x syntax.Node) bool {
		c, ok := x.(*syntax.Call)
		if !ok {
			return true
		}
		if filter := p.valueFilter(v, c.Event); filter != nil && !done {
			done = true
			if c.Where == nil {
				c.Where = filter
			} else {
				c.Where = replaceTrait(c.Where, filter)
			}
		}
		return false
	})
	if !done {
		return nil
	}
	return again
}

func parseOr(text string) syntax.Formula {
	if text == "" {
		return &syntax.Everyone{}
	}
	f, err := syntax.Parse(text)
	if err != nil {
		return &syntax.Everyone{}
	}
	return f
}

// replaceTrait puts a condition in the place of one on the same trait, else
// beside the rest.
func replaceTrait(f, cond syntax.Formula) syntax.Formula {
	if _, all := f.(*syntax.Everyone); all {
		return cond
	}
	name := traitOf(cond)
	parts := []syntax.Formula{f}
	if a, ok := f.(*syntax.And); ok {
		parts = a.Factors
	}
	var out []syntax.Formula
	for _, x := range parts {
		if name == "" || traitOf(x) != name {
			out = append(out, x)
		}
	}
	return syntax.All(append(out, cond)...)
}

// traitOf is the trait that a plain condition tests, "" for any other.
func traitOf(f syntax.Formula) string {
	var v syntax.Value
	switch f := f.(type) {
	case *syntax.Compare:
		v = f.Left
	case *syntax.In:
		v = f.Value
	}
	if n, ok := v.(*syntax.Name); ok {
		return n.Name
	}
	return ""
}

// refilter puts a filter on rows in the place of one on the same property.
func (p *parse) refilter(text string, f syntax.Formula) string {
	if text == "" {
		return f.String()
	}
	old, err := syntax.ParseFilter(text)
	if err != nil {
		return f.String()
	}
	return replaceTrait(old, f).String()
}

// rewindow gives every event of a formula another time, and says how many
// there were.
func rewindow(f syntax.Formula, w *syntax.Window) (syntax.Formula, int) {
	again, err := syntax.Parse(f.String()) // a copy of its own
	if err != nil {
		return f, 0
	}
	n := 0
	syntax.Walk(again, func(x syntax.Node) bool {
		if c, ok := x.(*syntax.Call); ok {
			c.Window = w
			n++
			return false
		}
		return true
	})
	return again, n
}

// measuredEvent is the event whose rows the measures go over.
func (p *parse) measuredEvent(measures []string) string {
	for _, m := range measures {
		v, err := syntax.ParseMeasure(m)
		if err != nil {
			continue
		}
		event := ""
		syntax.Walk(v, func(x syntax.Node) bool {
			switch x := x.(type) {
			case *syntax.Call:
				event = x.Event
			case *syntax.Name:
				if len(x.Params) == 1 && x.Params[0].Event != "" {
					event = x.Params[0].Event
				}
			}
			return true
		})
		if event != "" {
			return event
		}
		if m != "customers" {
			return p.ix.events["purchase"]
		}
	}
	return ""
}

func (p *parse) regroup(a *tools.MeasureArgs, groups []*node, event string) bool {
	for _, g := range groups {
		for _, one := range g.groups {
			if one.field < 0 {
				a.Per = one.per
				continue
			}
			a.GroupBy = append(a.GroupBy, p.groupField(g.fields, one.field, event))
		}
	}
	return true
}

package planner

import (
	"slices"
	"strconv"

	"tesela/segment/syntax"
	"tesela/tools"
)

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
		if len(e.meas) > 0 && e.win == nil {
			a = p.inSameTime(a, f)
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
			f := p.valueFilter(c, event)
			if f == nil {
				f = p.rowsSay(c, event)
			}
			if f != nil && event != "" {
				if p.saysOther(a.Where, f) {
					return false
				}
				a.Where = p.refilter(a.Where, f)
				continue
			}
		}
		n := p.asCond(c)
		if n == nil {
			return false
		}
		if f := p.ofRows(c, n.cond, event); f != nil && len(e.conds) == 1 && len(e.meas)+len(e.groups) == 0 && e.win == nil && e.rank == nil {
			other := a
			other.Where = p.refilter(a.Where, f)
			pl.rival = other // "only Oaxaca": where they live, or where it was
		}
		f := p.besides(parseOr(a.Formula), n.cond)
		a.Formula = f.String()
	}
	if e.win != nil {
		was := a.Window
		a.Window = ""
		if e.win.win != nil {
			a.Window = e.win.win.String()
		}
		if f := parseOr(a.Formula); was != "" && was == windowText(onlyWindow(f)) { // a time that both share was said once
			g, _ := rewindow(f, e.win.win)
			a.Formula = g.String()
		}
	}
	if len(e.groups) > 0 {
		if !p.saysAlso() { // "also by quarter"
			a.GroupBy, a.Per = nil, ""
		}
		a.Top, a.Order = 0, ""
		if !p.regroup(&a, e.groups, event) {
			return false
		}
	}
	if a.Per != "" && len(a.Measures) == 1 && a.Measures[0] == "customers" {
		return false // who there is has no time of its own
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

// ofRows is the filter on the rows of an event that the words of a condition on
// customers may as well be, nil where they say more than a value.
func (p *parse) ofRows(n *node, cond syntax.Formula, event string) syntax.Formula {
	if event == "" || n.from == n.to || traitOf(cond) == "" {
		return nil
	}
	for i := n.from; i < n.to; i++ {
		for _, v := range p.cells[i][n.to] {
			if v.cat != cVal || v.cost > n.cost+0.5 {
				continue
			}
			if f := p.valueFilter(v, event); f != nil {
				return f
			}
		}
		if !p.isGlue(i) && !slices.ContainsFunc(p.lex.exact[p.toks[i].folded], func(e entry) bool { return e.cat == "only" || e.cat == "followup" }) {
			return nil // it says more than a value
		}
	}
	return nil
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
		if w := onlyWindow(f); w != nil && e.win == nil && c.cat == cClause && c.clause.win == nil && !c.clause.ever && p.saysAlso() {
			x := *c
			x.clause = c.clause.with(func(c *clause) { c.win = w })
			c = &x // "… also bought bags": in the same time
		}
		n := p.asCond(c)
		if n == nil {
			if f = p.revalue(f, c); f == nil {
				return nil, false
			}
			continue
		}
		f = p.besides(f, n.cond)
	}
	return f, true
}

// saysAlso tells whether a word says that something is so besides.
func (p *parse) saysAlso() bool {
	for i := range p.toks {
		for _, w := range p.talks {
			if matchAny(p.toks[i:], w.also) > 0 {
				return true
			}
		}
	}
	return false
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
	if v.neg && v.text == "" {
		return p.neverOf(f, v)
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
		if (name == "" || traitOf(x) != name) && !contradicts(x, cond) {
			out = append(out, x)
		}
	}
	return syntax.All(append(out, cond)...)
}

// contradicts tells whether nobody can be in both: who did something and who
// did not.
func contradicts(a, b syntax.Formula) bool {
	did, no := a, b
	if saysNever(did) != nil {
		did, no = b, a
	}
	never, c := saysNever(no), saysDid(did)
	if never == nil || c == nil || never.Event != c.Event {
		return false
	}
	return (never.Where == nil || c.Where != nil && never.Where.String() == c.Where.String()) &&
		(never.Window == nil || c.Window != nil && never.Window.String() == c.Window.String())
}

// saysNever is what a condition says was not done, nil for any other.
func saysNever(f syntax.Formula) *syntax.Call {
	if n, ok := f.(*syntax.Not); ok {
		return saysDid(n.X)
	}
	c, ok := f.(*syntax.Compare)
	if !ok || c.Op != syntax.Eq || c.Right.String() != "0" {
		return nil
	}
	call, ok := c.Left.(*syntax.Call)
	if !ok || call.Fn != syntax.Count {
		return nil
	}
	return call
}

// saysDid is what a condition says was done, nil for any other.
func saysDid(f syntax.Formula) *syntax.Call {
	c, ok := f.(*syntax.Compare)
	if !ok || c.Op != syntax.Ge && c.Op != syntax.Gt && (c.Op != syntax.Eq || c.Right.String() == "0") {
		return nil
	}
	call, ok := c.Left.(*syntax.Call)
	if !ok || call.Fn != syntax.Count || c.Op == syntax.Ge && c.Right.String() == "0" {
		return nil
	}
	return call
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
	return p.besides(old, f).String()
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
			if one.layer != "" {
				a.GroupBy = append(a.GroupBy, one.layer)
				continue
			}
			if one.field < 0 {
				a.Per = one.per
				continue
			}
			a.GroupBy = append(a.GroupBy, p.groupField(g.fields, one.field, event))
		}
	}
	return true
}

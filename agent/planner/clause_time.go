package planner

import (
	"tesela/segment/syntax"
)

func (p *parse) clauseWindow(a, b *node, cost float64) []*node {
	if a.clause.win != nil || a.clause.ever {
		return nil
	}
	if b.form == agoForm && a.clause.neg {
		return nil
	}
	if b.joiner == "and" && (a.clause.verb || p.comparing()) {
		return nil // who "bought in November and December" may have done so in each, and two that are compared stay two
	}
	if b.win != nil && b.win.Kind == syntax.WindowSince && !a.clause.neg && p.core(a) > 0 && p.says(p.core(a)-1, "going_on") {
		return nil // "have been buying since 2024" is more than to have bought once since
	}
	if p.countsUnits(a, b) {
		return nil // "6 of the last 8 weeks" counts weeks
	}
	if a.clause.repeat && !a.clause.neg {
		cost += 0.5 // "bought again in May" is once more, in May
	}
	if p.verbBehind(a, b) {
		cost += 0.5
	}
	c := a.clause.with(func(c *clause) { c.win, c.ever, c.ago = b.win, b.ever, b.form == agoForm })
	return one(&node{cat: cClause, clause: c, cost: cost})
}

// verbBehind tells whether the sentence's own verb stands between people told
// apart by what they did and a time: the time is that verb's, as in "how many
// visits did customers who bought make in May".
func (p *parse) verbBehind(a, b *node) bool {
	from := a.from
	for from > 0 && p.holdsOneOf(from-1, "not", "not_ever") {
		from--
	}
	if !a.clause.verb || !p.inRelative(&node{from: from, to: a.to}) {
		return false
	}
	for k := p.core(b) - 1; k >= a.from && p.isGlue(k); k-- {
		if p.isWord(k, "light") {
			return k > p.core(a)
		}
	}
	return false
}

// notFor is "no compran hace 90 días", "faz 3 meses que não compram": where the
// word of the past stands before the length, what is denied was not done since.
func (p *parse) notFor(c, ago *node) []*node {
	if !c.clause.neg || ago.form != "for" || p.says(p.core(ago), "since") {
		return nil
	}
	return p.clauseWindow(c, lastWindow(*ago.dur), 0.1)
}

// apartFrom tells whether a break or an "and" parts a node from what is before
// it: "3 semanas e não compraram" says nothing of three weeks without.
func (p *parse) apartFrom(n *node) bool {
	for k := n.from; k < p.core(n); k++ {
		if p.toks[k].kind == tokBreak || p.says(k, "and") || p.says(k, "but") {
			return true
		}
	}
	return false
}

// activeUnits is "on more than 10 different days".
func activeUnits(d *node) []*node {
	fn := map[syntax.Unit]syntax.Fn{syntax.Day: syntax.ActiveDays, syntax.Week: syntax.ActiveWeeks, syntax.Month: syntax.ActiveMonths}[d.dur.Unit]
	if fn == "" {
		return nil
	}
	return one(&node{cat: "active", attr: string(fn), qty: &qty{op: syntax.Op(d.attr), lo: number(d.dur.N).Text}})
}

func windowCall(c *clause, w *syntax.Window) *syntax.Call {
	fn := c.fn
	if fn == "" {
		fn = syntax.Count
	}
	return &syntax.Call{Fn: fn, Event: c.event, Property: c.prop, Where: whereOf(c), Window: w}
}

func lastOf(b *node, fn syntax.Fn) []*node {
	if b.clause.qty != nil || b.clause.neg || b.clause.fn != "" || b.clause.win != nil || b.clause.ever {
		return nil
	}
	return one(&node{cat: cLastOf, clause: b.clause, attr: string(fn)})
}

func lastCall(c *clause, fn syntax.Fn) *syntax.Call {
	return &syntax.Call{Fn: fn, Event: c.event, Where: whereOf(c)}
}

// lastAge is "last order more than 90 days ago".
func lastAge(a *node, d *syntax.Duration, op string) []*node {
	if a.attr == string(syntax.Last) && d.Unit == syntax.Day {
		return one(condNode(&syntax.Compare{Left: lastCall(a.clause, syntax.DaysSince), Op: syntax.Op(op), Right: number(d.N)}))
	}
	w := &syntax.Window{Kind: syntax.WindowBefore, From: syntax.Point{Ago: d}}
	if op == "<" || op == "<=" {
		w = &syntax.Window{Kind: syntax.WindowLast, Duration: *d}
	}
	return one(condNode(&syntax.Within{Value: lastCall(a.clause, syntax.Fn(a.attr)), Window: w}))
}

// countsUnits tells whether a figure right before a rolling time is a number of
// its units.
func (p *parse) countsUnits(a, b *node) bool {
	if a.clause.qty == nil || b.win == nil || b.win.Kind != syntax.WindowLast || b.form != "part" && !p.of(a.to, b) {
		return false
	}
	for k := a.from; k < a.to; k++ {
		for _, n := range p.cells[k][a.to] {
			if (n.cat == cQty || n.cat == cNum) && n.qty != nil == (n.cat == cQty) && len(unitsActive(n, &node{attr: string(b.win.Duration.Unit)})) > 0 {
				return true
			}
		}
	}
	return false
}

// beforeThat is the time that another is set against: the last 90 days against
// "the previous 90 days" are those before them.
func beforeThat(a, b *syntax.Window) *syntax.Window {
	if a.Kind != syntax.WindowLast || b.Kind != syntax.WindowLast || a.Duration != b.Duration {
		return b
	}
	near, far := a.Duration, a.Duration
	far.N *= 2
	return &syntax.Window{Kind: syntax.WindowFromTo, From: syntax.Point{Ago: &far}, To: syntax.Point{Ago: &near}}
}

package planner

import (
	"math/big"
	"slices"
	"strconv"
	"strings"

	"tesela/segment/syntax"
)

// chart is the parse of the whole question, made once.
func (a *asking) chart() *parse {
	if a.charted == nil && a.err == nil {
		a.charted = a.parse(a.question)
	}
	return a.charted
}

// cheapest is the node of a category with the least cost over tokens i…j, nil
// for none. What other languages say, and slips, count.
func (a *asking) cheapest(i, j int, of ...cat) *node {
	ps := a.chart()
	if ps == nil || j > len(ps.toks) {
		return nil
	}
	var best *node
	for _, n := range ps.cells[i][j] {
		if slices.Contains(of, n.cat) && (best == nil || n.cost < best.cost) {
			best = n
		}
	}
	return best
}

// fits tells whether tokens i…j may be what a slot is for; slots that take any
// words are not asked.
func (a *asking) fits(slot string, i, j int) bool {
	switch slot {
	case "when", "date":
		return a.cheapest(i, j, cWin, cSpan, "point ago") != nil
	case "days", "lastcall", "remove", "horizon":
		return a.cheapest(i, j, cDur) != nil
	case "lift", "power", "holdout":
		return a.cheapest(i, j, cPercent) != nil
	case "top", "least", "most", "more":
		n := a.cheapest(i, j, cNum)
		return n != nil && n.num.IsInt() && n.num.Sign() > 0
	case "traits":
		return a.traitsAt(i, j) != nil
	}
	return true
}

// partValue reads a part that is no group.
func (a *asking) partValue(p part) (any, bool) {
	span := a.found.spans[p.slot]
	switch p.kind {
	case aWindow:
		n := a.cheapest(span[0], span[1], cWin)
		if n == nil || n.win == nil {
			return nil, false
		}
		a.assume(n)
		return n.win.String(), true
	case aLength:
		n := a.cheapest(span[0], span[1], cDur)
		if n == nil {
			return nil, false
		}
		return n.dur.String(), true
	case inDaysOf:
		n := a.cheapest(span[0], span[1], cDur)
		if n == nil {
			return nil, false
		}
		return wholeDays(*n.dur)
	case aNumber:
		n := a.cheapest(span[0], span[1], cNum)
		if n == nil {
			return nil, false
		}
		v, err := strconv.Atoi(decimal(n.num))
		return v, err == nil
	case aPart:
		n := a.cheapest(span[0], span[1], cPercent)
		if n == nil {
			return nil, false
		}
		v, _ := new(big.Rat).Quo(n.num, big.NewRat(100, 1)).Float64()
		return v, true
	case someTraits:
		list := a.traitsAt(span[0], span[1])
		return list, list != nil
	case aBreakdown:
		list := a.breakdown(span)
		return list, list != nil
	case anOutcome:
		v := a.outcome(a.text(p.slot))
		return v, v != ""
	case aCampaign:
		v := a.campaign(span)
		return v, v != ""
	case aPeriod:
		for _, per := range []string{"day", "week", "month", "quarter", "year"} {
			if a.has("per_" + per) {
				return per, true
			}
		}
	case someNames:
		var list []string
		for _, at := range a.pieces(span[0], span[1]) {
			list = append(list, strings.Trim(a.question[a.toks[at[0]].from:a.toks[at[1]-1].to], "\"“”«»"))
		}
		return list, list != nil
	case someEvents:
		list := a.events(a.text(p.slot))
		return list, list != nil
	}
	return nil, false
}

// wholeDays is a length in days; months count 30 of them, quarters 90, years
// 365.
func wholeDays(d syntax.Duration) (int, bool) {
	switch d.Unit {
	case syntax.Day:
		return d.N, true
	case syntax.Week:
		return 7 * d.N, true
	case syntax.Month:
		return 30 * d.N, true
	case syntax.Quarter:
		return 90 * d.N, true
	case syntax.Year:
		return 365 * d.N, true
	}
	return 0, false
}

// assume keeps what a time was taken for.
func (a *asking) assume(n *node) {
	a.note = with(a.note, a.p.texts.notes(a.lang, n.assume)...)
}

// span reads a time as a beginning and an end, or as one date.
func (a *asking) span(args map[string]any, p part) bool {
	at := a.found.spans[p.slot]
	n := a.cheapest(at[0], at[1], cWin, cSpan, "point ago")
	if n == nil {
		return a.unclear(a.text(p.slot))
	}
	from, to := "", ""
	// A period of the calendar has its days beside it.
	if s := a.cheapest(at[0], at[1], cSpan); s != nil && (n.cat == cSpan || n.win != nil && n.win.Kind == syntax.WindowPeriod) {
		from = s.start.Format("2006-01-02")
		if s.end.Before(a.r.AsOf) {
			to = s.end.Format("2006-01-02")
		}
		n = s
	} else {
		from, to = a.ends(n)
	}
	if from == "" && to == "" {
		return a.unclear(a.text(p.slot))
	}
	a.assume(n)
	if p.slot == "date" {
		args[p.arg] = from
		return from != ""
	}
	delete(args, "from")
	delete(args, "to")
	if from != "" {
		args["from"] = from
	}
	if to != "" {
		args["to"] = to
	}
	return true
}

// ends are the points between which a time lies.
func (a *asking) ends(n *node) (from, to string) {
	if n.cat == "point ago" {
		return n.dur.String() + " ago", ""
	}
	if n.win == nil {
		return "", ""
	}
	switch n.win.Kind {
	case syntax.WindowLast:
		return n.win.Duration.String() + " ago", ""
	case syntax.WindowSince:
		return pointText(n.win.From), ""
	case syntax.WindowBefore:
		return "", pointText(n.win.From)
	case syntax.WindowFromTo:
		to = pointText(n.win.To)
		if n.win.To.Date != nil {
			if end, _ := n.win.To.Date.Time(a.zone); !end.Before(a.r.AsOf) {
				to = ""
			}
		}
		return pointText(n.win.From), to
	}
	return "", ""
}

func pointText(p syntax.Point) string {
	switch {
	case p.Ago != nil:
		return p.Ago.String() + " ago"
	case p.Date != nil:
		return p.Date.Text
	}
	return ""
}

// pieces cuts tokens i…j at commas and words such as "and".
func (a *asking) pieces(i, j int) [][2]int {
	var out [][2]int
	from := i
	cut := func(at int) {
		if at > from {
			out = append(out, [2]int{from, at})
		}
	}
	for k := i; k < j; k++ {
		m := &fitting{toks: a.toks, question: a.question, to: j, spans: map[string][2]int{}, steps: mostSteps}
		end := 0
		a.w.part.match(m, k, func(e int) bool { end = e; return true })
		if a.toks[k].kind == tokBreak {
			end = k + 1
		}
		if end > k {
			cut(k)
			from = end
			k = end - 1
		}
	}
	cut(j)
	return out
}

// traitsAt are the layers of traits that tokens i…j name, nil where a word is
// of none.
func (a *asking) traitsAt(i, j int) []string {
	var out []string
	for _, at := range a.pieces(i, j) {
		name := ""
		if at[1] == at[0]+1 && a.toks[at[0]].kind == tokQuoted { // one of one's own, as it is written
			name = strings.TrimSpace(a.toks[at[0]].text)
		}
		for _, t := range a.w.traitNames {
			m := &fitting{toks: a.toks, question: a.question, to: at[1], spans: map[string][2]int{}, steps: mostSteps}
			if a.w.traits[t].match(m, at[0], func(end int) bool { return end == at[1] }) {
				name = t
				break
			}
		}
		if name == "" {
			return nil
		}
		if !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}

// breakdown is what groups are told apart by: traits and layers.
func (a *asking) breakdown(span [2]int) []string {
	var out []string
	for _, at := range a.pieces(span[0], span[1]) {
		text := a.question[a.toks[at[0]].from:a.toks[at[1]-1].to]
		if at[1] == at[0]+1 && a.toks[at[0]].kind == tokQuoted {
			if g := a.group(a.toks[at[0]].text, at, ""); g.formula != "" {
				out = append(out, g.formula)
				continue
			}
		}
		name := a.layerNamed(text)
		if name == "" {
			name = a.traitNamed(text)
		}
		if name == "" {
			return nil
		}
		if !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}

// traitNamed is the trait that a text names, "" for none.
func (a *asking) traitNamed(text string) string {
	for _, f := range a.p.ix.cat.Traits {
		if strings.EqualFold(strings.Trim(strings.TrimSpace(text), "`"), f.Name) {
			return f.Name
		}
	}
	ps := a.parse(text)
	if ps == nil {
		return ""
	}
	for _, d := range ps.derivations() {
		if len(d.parts) != 1 || d.parts[0].cat != cField {
			continue
		}
		for _, f := range d.parts[0].fields {
			if a.p.ix.fields[f].event == "" {
				return a.p.ix.fields[f].name
			}
		}
	}
	return ""
}

// campaignField is the field that names campaigns, -1 for none.
func (p *Planner) campaignField() int {
	role := p.ix.role("campaign")
	for i, f := range p.ix.fields {
		if f.id() == role && f.values != nil {
			return i
		}
	}
	return -1
}

// campaignsNear are campaigns whose names are like a text, or some of them.
func (a *asking) campaignsNear(text string) []string {
	field := a.p.campaignField()
	if field < 0 {
		return nil
	}
	var all []string
	values := a.p.ix.fields[field].values
	for i := range min(values.Len(), fewValues) {
		all = append(all, values.At(i))
	}
	if near := syntax.NearestNames(text, all, mostNearest); len(near) > 0 {
		return near
	}
	return all[:min(len(all), mostNearest)]
}

// campaign is the campaign that a span names, as the data spells it; "" for
// none.
func (a *asking) campaign(span [2]int) string {
	field := a.p.campaignField()
	if field < 0 {
		return ""
	}
	text := a.text("campaign")
	for _, v := range a.p.ix.value(fold(text)) {
		if a.p.ix.concept(v.field) == "campaign" || v.field == field {
			return a.p.ix.text(v)
		}
	}
	n := a.cheapest(span[0], span[1], cVal)
	if n == nil {
		return ""
	}
	found := ""
	for _, v := range n.vals {
		if v.field != field {
			continue
		}
		if found != "" {
			return "" // several that it may be
		}
		found = a.p.ix.text(v)
	}
	return found
}

// events are the events that a text names, nil where some word is of none.
func (a *asking) events(text string) []string {
	ps := a.parse(text)
	if ps == nil {
		return nil
	}
	for _, d := range ps.derivations() {
		var out []string
		for _, x := range d.parts {
			switch {
			case x.cat == "and":
			case x.cat == cClause && len(x.clause.where) == 0 && x.clause.qty == nil && !x.clause.neg:
				out = append(out, x.clause.event)
			default:
				out = nil
			}
			if out == nil {
				break
			}
		}
		if len(out) > 0 {
			return out
		}
	}
	return nil
}

// outcome is what is looked at after something was done, of each customer: a
// value or a formula without a time; "" where the words are of none.
func (a *asking) outcome(text string) string {
	if strings.ContainsAny(text, "(=<>") {
		if f, err := syntax.Parse(text); err == nil {
			return f.String()
		}
		if v, err := syntax.ParseValue(text); err == nil {
			return v.String()
		}
	}
	ps := a.parse(text)
	if ps == nil {
		return ""
	}
	for _, d := range ps.derivations() {
		if len(d.parts) != 1 {
			continue
		}
		switch x := d.parts[0]; {
		case x.cat == cMeas && len(x.meas.exprs) == 1 && x.meas.win == nil && len(x.meas.base) == 0 && x.meas.stat == "":
			if v := a.p.perCustomer(x.meas.exprs[0], x.meas.where); v != "" {
				return v
			}
		case x.cat == cClause && x.clause.win == nil && x.clause.qty == nil && !x.clause.neg && x.clause.fn != syntax.Distinct:
			c := &syntax.Call{Fn: syntax.Count, Event: x.clause.event, Where: whereOf(x.clause)}
			if x.clause.fn == syntax.Sum {
				c.Fn, c.Property = syntax.Sum, x.clause.prop
			}
			return c.String()
		}
	}
	// People are no outcome, unless they are set off as one thing.
	if span := a.found.spans["outcome"]; span[1] == span[0]+1 && a.toks[span[0]].kind == tokQuoted {
		return a.group(text, span, "").formula
	}
	return ""
}

// perCustomer is what a measure is of one customer, "" where it is a measure
// of many only.
func (p *Planner) perCustomer(measure string, where []syntax.Formula) string {
	role := func(name string) (event, prop string) {
		event, prop, _ = strings.Cut(p.ix.role(name), ".")
		return event, prop
	}
	c := &syntax.Call{Fn: syntax.Sum}
	switch measure {
	case "revenue", "gross_revenue", "revenue_per_buyer":
		c.Event, c.Property = role("amount")
	case "items":
		c.Event, c.Property = role("quantity")
	case "orders", "buyers", "customers":
		c.Fn, c.Event = syntax.Count, p.ix.role("purchase")
	default:
		v, err := syntax.ParseMeasure(measure)
		if err != nil {
			return ""
		}
		switch v := v.(type) {
		case *syntax.Call:
			if v.Window != nil {
				return ""
			}
			x := *v
			c = &x
		case *syntax.Name:
			if len(v.Params) != 1 || v.Name != "events" && v.Name != "doers" {
				return ""
			}
			c.Fn, c.Event = syntax.Count, v.Params[0].Event
		default:
			return ""
		}
	}
	if c.Event == "" || c.Fn != syntax.Count && c.Property == "" {
		return ""
	}
	if len(where) > 0 {
		if c.Where != nil {
			where = append([]syntax.Formula{c.Where}, where...)
		}
		c.Where = syntax.All(where...)
	}
	if measure == "buyers" || strings.HasPrefix(measure, "doers") {
		return (&syntax.Compare{Left: c, Op: syntax.Ge, Right: number(1)}).String()
	}
	return c.String()
}

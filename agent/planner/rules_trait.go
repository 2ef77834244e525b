package planner

import (
	"slices"
	"strconv"
	"time"

	"tesela/segment/syntax"
)

// traitRules make conditions on traits and filters on rows.
func traitRules() map[pair]rule {
	return map[pair]rule{
		{cField, cQty}: func(p *parse, a, b *node) []*node { return p.fieldFigure(a, figure(b), 0) },
		{cField, cNum}: func(p *parse, a, b *node) []*node {
			if p.likeYear(b) {
				return nil
			}
			return p.fieldFigure(a, figure(b), 0.4)
		},
		{cQty, cField}: func(p *parse, a, b *node) []*node {
			if a.qty.unit == "times" || p.saysInAll(b) || p.tellsWhatIsDone(b) {
				return nil
			}
			return p.fieldFigure(b, figure(a), 0.05)
		},
		{cField, cVal}:   func(p *parse, a, b *node) []*node { return p.fieldValue(a, b) },
		{cVal, cField}:   func(p *parse, a, b *node) []*node { return p.fieldValue(b, a) },
		{cMissing, cVal}: func(p *parse, a, b *node) []*node { return p.valueOfPart(a, b) },
		{"next", cDur}:   func(_ *parse, _, b *node) []*node { return one(&node{cat: "next time", dur: b.dur}) },
		{"next", "units"}: func(_ *parse, _, b *node) []*node {
			return one(&node{cat: "next time", dur: unitDuration(b.attr), form: "calendar"})
		},
		{"units", "next_after"}: func(_ *parse, a, _ *node) []*node { // "la semana que viene"
			return one(&node{cat: "next time", dur: unitDuration(a.attr), form: "calendar"})
		},
		{cField, "next time"}: func(p *parse, a, b *node) []*node {
			var out []*node
			for _, fi := range a.fields {
				switch f := p.ix.fields[fi]; {
				case f.event != "" || !f.isTime():
				case overlaps([]int{fi}, p.ix.concepts["birthday"]):
					if b.form == "calendar" && b.dur.N == 1 {
						continue // of the calendar: see birthdayRules
					}
					out = append(out, condNode(&syntax.Anniversary{Value: &syntax.Name{Name: f.name}, Next: *b.dur}))
				default:
					out = append(out, p.due(f.name, b)...)
				}
			}
			return out
		},
		{cField, cWin}: func(p *parse, a, b *node) []*node { return p.fieldWithin(a, b) },
		{cField, "age of event"}: func(p *parse, a, b *node) []*node {
			w := &syntax.Window{Kind: syntax.WindowBefore, From: syntax.Point{Ago: b.dur}}
			if b.attr == "<" || b.attr == "<=" {
				w = &syntax.Window{Kind: syntax.WindowLast, Duration: *b.dur}
			}
			return p.fieldWithin(a, &node{win: w})
		},
		{"not", cCond}: func(p *parse, _, b *node) []*node {
			if b.text == "nor" { // "have neither": one negation
				x := *b
				x.cost = 0
				return one(&x)
			}
			if !b.simple {
				return nil
			}
			if set, ok := b.cond.(*syntax.IsSet); ok && set.Not && p.holds(b, "none") {
				return again(b, 0) // "no tienen ningún plan" is one negation, too
			}
			if b.attr == hasSome { // who does not have children has none
				return one(condNode(&syntax.Compare{Left: b.cond.(*syntax.Compare).Left, Op: syntax.Eq, Right: number(0)}))
			}
			return one(&node{cat: cCond, cond: complement(b.cond), simple: true})
		},
		{"none", cCond}: func(_ *parse, _, b *node) []*node {
			if b.text == "nor" { // "have neither": one negation
				x := *b
				x.cost = 0
				return one(&x)
			}
			if !b.simple {
				return nil
			}
			return one(&node{cat: cCond, cond: complement(b.cond), simple: true})
		},
		{cVal, cVal}: func(p *parse, a, b *node) []*node { // "women from Spain"
			if p.repeats(a, b) {
				return one(&node{cat: cVal, vals: b.vals, neg: a.neg, text: a.text})
			}
			x, y := p.asCond(a), p.asCond(b)
			if x == nil || y == nil || traitOf(x.cond) == traitOf(y.cond) {
				return nil
			}
			return one(&node{cat: cCond, cond: syntax.All(x.cond, y.cond), cost: 0.1})
		},
		{"not", cVal}:    negateValue,
		{"except", cVal}: negateValue,
		{"except", cCust}: func(p *parse, a, b *node) []*node { // "except customers who bought shoes"
			if b.num != nil || b.to >= len(p.toks) || !p.says(b.to, "relatives") {
				return nil
			}
			return again(a, 0.02)
		},
		{"except", cClause}: func(p *parse, a, b *node) []*node { // "all but those who bought shoes"
			if b.clause.neg || !b.clause.verb || !(p.inRelative(b) || p.whoFrom(a.to)) {
				return nil
			}
			return negate(b)
		},
		{"except", cCond}: func(_ *parse, _, b *node) []*node { // "all but those on hold"
			if !b.simple || b.text == "nor" {
				return nil
			}
			return one(&node{cat: cCond, cond: complement(b.cond), simple: true})
		},
		{cVal, "not"}: func(p *parse, a, b *node) []*node { // "bought paint, lumber never", "… pero madera no"
			if !p.closes(b.to) || slices.ContainsFunc(p.toks[p.core(a):a.to], func(t token) bool { return t.kind == tokBreak }) || !(p.opensPart(a) || p.core(a) > 0 && p.holdsOneOf(p.core(a)-1, "but", "and")) {
				return nil
			}
			return negateValue(p, b, a)
		},
		{cVal, "except_after"}: func(p *parse, a, b *node) []*node {
			if !p.opensPart(a) {
				return nil
			}
			return negateValue(p, b, a)
		},
		{cCond, "except_after"}: func(p *parse, a, _ *node) []*node { // "trials excluded"
			if !a.simple || a.text == "nor" || !p.opensPart(a) {
				return nil
			}
			return one(&node{cat: cCond, cond: complement(a.cond), simple: true})
		},
		{"neither", cVal}:    func(p *parse, _, b *node) []*node { return p.neitherValue(b) },
		{cVal, "neither of"}: func(p *parse, a, b *node) []*node { return p.norValue(a, b) },
		{"neither of", "neither of"}: func(_ *parse, a, b *node) []*node {
			return one(&node{cat: cVal, vals: append(append([]valueRef(nil), a.vals...), b.vals...), neg: true, text: "nor"})
		},
		{"is_set", cField}: func(p *parse, a, b *node) []*node {
			if n := p.someOrNone(a, b, false); n != nil && b.num == nil {
				return n
			}
			return p.fieldSet(b, false)
		},
		{"not", cField}: func(p *parse, a, b *node) []*node {
			if p.opensGroup(a.to, b) {
				return nil // "no usados por canal" tells channels apart
			}
			if n := p.someOrNone(a, b, true); n != nil && b.num == nil {
				return n
			}
			return p.fieldSet(b, true)
		},
		{"none", cField}:     func(p *parse, _, b *node) []*node { return p.fieldSet(b, true) },
		{"not_ever", cField}: func(p *parse, _, b *node) []*node { return p.neverWith(b) },
		{"age_compare", cNum}: func(p *parse, a, b *node) []*node {
			if p.ofTheClock(p.core(b)) {
				return nil
			}
			return p.age(&qty{op: syntax.Op(a.attr), lo: decimal(b.num)})
		},
		{"age_compare", cMoney}: compareFigure, // "depósitos mayores de 300 euros"
		{"age_compare", cDur}: func(p *parse, a, b *node) []*node {
			if b.dur.Unit != syntax.Year {
				return nil
			}
			return p.age(&qty{op: syntax.Op(a.attr), lo: number(b.dur.N).Text})
		},
		{"age_years", cDur}: func(p *parse, a, b *node) []*node {
			if b.dur.Unit != syntax.Year {
				return nil
			}
			return p.age(&qty{op: syntax.Op(a.attr), lo: number(b.dur.N).Text})
		},
		{"none", cVal}: negateValue,
		{"compare", "age of person"}: func(p *parse, a, b *node) []*node {
			return p.age(&qty{op: syntax.Op(a.attr), lo: b.text})
		},
		{"age", cQty}: func(p *parse, _, b *node) []*node { return p.age(figure(b)) },
		{cQty, "age"}: func(p *parse, a, _ *node) []*node { return p.age(figure(a)) },
	}
}

// ofTheClock tells whether a compared number is an hour and no age: with an
// article between it and what compares, or a letter right behind it: "a partir de
// las 18", "18h".
func (p *parse) ofTheClock(at int) bool {
	if p.abuts(at + 1) {
		return true
	}
	if at == 0 || !p.isGlue(at-1) {
		return false
	}
	for k := max(0, at-maxPhrase); k < at; k++ {
		folded, _, ok := p.phrase(k, at)
		if ok && slices.ContainsFunc(p.lex.exact[folded], func(e entry) bool { return e.cat == "compare" || e.cat == "age_compare" }) {
			return false
		}
	}
	return true
}

// numberIn is the first number typed in a node; its own first word where all is
// in words.
func (p *parse) numberIn(n *node) int {
	for k := n.from; k < n.to; k++ {
		if p.toks[k].kind == tokNumber {
			return k
		}
	}
	return n.from
}

// abuts tells whether a word stands right behind a number: "18h".
func (p *parse) abuts(i int) bool {
	return i > 0 && i < len(p.toks) && p.toks[i].kind == tokWord && p.toks[i-1].kind == tokNumber && p.toks[i-1].to == p.toks[i].from
}

// likeYear tells whether a number is written as years are: "devoluciones en
// 2025" are none of that amount.
func (p *parse) likeYear(n *node) bool {
	t := p.toks[n.to-1].text
	return n.form != "word" && len(t) == 4 && (t[:2] == "19" || t[:2] == "20")
}

// complement negates one plain condition so that it reads well: customers
// whose value is unset satisfy neither it nor its negation, but for flags,
// where a missing one counts as no.
func complement(f syntax.Formula) syntax.Formula {
	switch f := f.(type) {
	case *syntax.Not:
		return f.X
	case *syntax.IsSet:
		return &syntax.IsSet{Value: f.Value, Not: !f.Not}
	case *syntax.Compare:
		if f.Op == syntax.Ne {
			return &syntax.Compare{Left: f.Left, Op: syntax.Eq, Right: f.Right}
		}
	}
	return &syntax.Not{X: f}
}

func negateValue(_ *parse, _, b *node) []*node {
	if b.neg && b.text != "nor" {
		return nil
	}
	x := *b
	x.neg, x.cost = true, 0
	return one(&x)
}

// fieldFigure compares a number field with a figure: of a trait a condition,
// of a property a filter on rows.
func (p *parse) fieldFigure(a *node, q *qty, bare float64) []*node {
	if q == nil || q.unit == "times" || q.unit == "percent" || q.at > 0 && q.op != "" && p.says(q.at-1, "inside") && p.yearOfNow(q.at) {
		return nil // "redeemed points at least once in 2025"
	}
	var out []*node
	for _, fi := range a.fields {
		f := p.ix.fields[fi]
		if n := p.inBands(fi, q); n != nil {
			out = append(out, n)
			continue
		}
		if !f.isNumber() || q.unit == "money" && f.kind != "money" || q.article && f.kind == "money" {
			continue
		}
		c := q.condition(&syntax.Name{Name: f.name})
		if f.event == "" {
			n := condNode(c)
			n.cost = bare
			out = append(out, n)
		} else {
			out = append(out, &node{cat: "row filter", attr: "figure", text: f.event, cond: c, cost: bare})
		}
	}
	return out
}

// fieldValue narrows a value to the field that was named with it.
func (p *parse) fieldValue(a, b *node) []*node {
	x := *b
	x.cost, x.vals = -0.05, nil
	apart := 0.0
	if b.from < a.from && p.opensGroup(b.to, a) {
		return nil // "value of the booking by channel": no channel of that name
	}
	if a.from < b.from && (p.opensGroup(a.from, a) || a.from > 0 && p.opensGroup(a.from-1, a)) {
		if b.neg {
			return nil // "by country, except Spain" tells countries apart
		}
		apart = 0.3
	}
	for _, v := range b.vals {
		for _, fi := range a.fields {
			if v.field == fi {
				x.vals = append(x.vals, v)
			}
		}
	}
	if len(x.vals) == 0 {
		// "beauty products" are those of the category beauty.
		if b.from < a.from && !p.opensGroup(b.to, a) && overlaps(a.fields, p.ix.concepts["product"]) && p.ix.fields[b.vals[0].field].event != "" {
			x.vals, x.cost = b.vals, 0.05
			return one(&x)
		}
		return nil
	}
	// What was typed as a number or a common word was meant as a value.
	if b.cost >= 0.4 {
		x.cost = 0.05 - b.cost
	}
	x.cost += apart
	return one(&x)
}

// fieldWithin is "signed up in 2011".
func (p *parse) fieldWithin(a, b *node) []*node {
	if b.win == nil {
		return nil
	}
	var out []*node
	for _, fi := range a.fields {
		f := p.ix.fields[fi]
		if !f.isTime() {
			continue
		}
		if f.event != "" {
			continue
		}
		if _, _, yearly := p.yearlyBounds(b); yearly && overlaps([]int{fi}, p.ix.concepts["birthday"]) {
			continue // birthdays come back: see birthdayRules
		}
		var c syntax.Formula = &syntax.Within{Value: &syntax.Name{Name: f.name}, Window: b.win}
		if p.ahead(f) {
			if assumes(b.assume, "year") {
				continue // the next November or the last
			}
			if c = p.dated(&syntax.Name{Name: f.name}, b.win); c == nil {
				continue
			}
		}
		out = append(out, condNode(c))
	}
	return out
}

// ahead tells whether a date of customers may lie after T, as a renewal does:
// windows end at T and would hide it.
func (p *parse) ahead(f field) bool {
	if f.high == "" {
		return false
	}
	d, err := syntax.ParseDate(f.high)
	if err != nil {
		return false
	}
	at, _ := d.Time(p.zone)
	return at.After(p.asOf)
}

// dated compares a date with the days of an absolute window, those after T
// too; relative windows stay what they are.
func (p *parse) dated(v syntax.Value, w *syntax.Window) syntax.Formula {
	from, to := w.From.Date, w.To.Date
	switch w.Kind {
	case syntax.WindowBefore:
		if from != nil {
			return &syntax.DateCompare{Value: v, Op: syntax.Before, Date: *from}
		}
	case syntax.WindowSince:
		if from != nil {
			start, _ := from.Time(p.zone)
			eve := syntax.Date{Text: start.AddDate(0, 0, -1).Format("2006-01-02")}
			return &syntax.DateCompare{Value: v, Op: syntax.After, Date: eve}
		}
	case syntax.WindowFromTo:
		if from != nil && to != nil {
			end, _ := to.Time(p.zone)
			return p.betweenDays(v, from.Text, end.AddDate(0, 0, -1))
		}
	case syntax.WindowPeriod:
		for layout, step := range map[string][2]int{"2006": {1, 0}, "2006-01": {0, 1}} {
			if start, err := time.ParseInLocation(layout, w.Period, p.zone); err == nil {
				return p.betweenDays(v, start.Format("2006-01-02"), start.AddDate(step[0], step[1], -1))
			}
		}
	}
	return &syntax.Within{Value: v, Window: w}
}

func (p *parse) betweenDays(v syntax.Value, from string, last time.Time) syntax.Formula {
	return &syntax.Between{Value: v, Low: &syntax.Date{Text: from}, High: &syntax.Date{Text: last.Format("2006-01-02")}}
}

// age compares years of age: of an age field, or through the birthday.
func (p *parse) age(q *qty) []*node {
	if q == nil || q.unit != "" || p.childish(q) {
		return nil
	}
	for _, fi := range p.ix.concepts["age"] {
		if f := p.ix.fields[fi]; f.event == "" && f.kind == "number" {
			n := condNode(q.condition(&syntax.Name{Name: f.name}))
			n.form = "age"
			return one(n)
		}
	}
	for _, fi := range p.ix.concepts["age"] {
		if n := p.inBands(fi, q); n != nil && p.ix.fields[fi].event == "" {
			return one(n)
		}
	}
	for _, fi := range p.ix.concepts["birthday"] {
		f := p.ix.fields[fi]
		if f.event != "" || !f.isTime() {
			continue
		}
		c := p.born(&syntax.Name{Name: f.name}, q)
		if c == nil {
			return nil
		}
		n := condNode(c)
		n.assume = []assumption{{"age", map[string]string{"field": f.name}}}
		return one(n)
	}
	return nil
}

// childish tells whether a figure is no age that customers have where they are
// of age: "more than two years" are then of something else.
func (p *parse) childish(q *qty) bool {
	n, err := strconv.Atoi(q.lo)
	if err != nil || n >= 12 || q.isHi {
		return false
	}
	for _, fi := range p.ix.concepts["age"] {
		if f := p.ix.fields[fi]; f.event == "" && f.kind == "number" {
			low, err := strconv.ParseFloat(f.low, 64)
			return err == nil && low >= 12
		}
	}
	return true
}

// born turns an age into bounds of the birthday as of T's last day: who is
// n has had the n-th birthday and not the next.
func (p *parse) born(v syntax.Value, q *qty) syntax.Formula {
	lo, err := strconv.Atoi(q.lo)
	if err != nil {
		return nil
	}
	today := p.asOf.Add(-time.Nanosecond).In(p.zone)
	// Born on or before this day is at least n years old.
	day := func(n int) *syntax.Date {
		d := time.Date(today.Year()-n, today.Month(), today.Day()+1, 0, 0, 0, 0, p.zone)
		return &syntax.Date{Text: d.Format("2006-01-02")}
	}
	atLeast := func(n int) syntax.Formula { return &syntax.DateCompare{Value: v, Op: syntax.Before, Date: *day(n)} }
	under := func(n int) syntax.Formula {
		d := time.Date(today.Year()-n, today.Month(), today.Day(), 0, 0, 0, 0, p.zone)
		return &syntax.DateCompare{Value: v, Op: syntax.After, Date: syntax.Date{Text: d.Format("2006-01-02")}}
	}
	if q.isHi {
		hi, err := strconv.Atoi(q.hi)
		if err != nil {
			return nil
		}
		if q.above {
			lo++
		}
		if q.below {
			hi--
		}
		return syntax.All(atLeast(lo), under(hi+1))
	}
	switch q.op {
	case syntax.Ge:
		return atLeast(lo)
	case syntax.Gt:
		return atLeast(lo + 1)
	case syntax.Lt:
		return under(lo)
	case syntax.Le:
		return under(lo + 1)
	default:
		return syntax.All(atLeast(lo), under(lo+1))
	}
}

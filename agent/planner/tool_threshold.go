package planner

import (
	"slices"
	"strconv"
	"strings"

	"tesela/segment/syntax"
	"tesela/tools"
)

// threshold is a number or a length of time in a formula, as check_sensitivity
// counts them.
type threshold struct {
	text   string
	length *syntax.Duration // nil for a number
	days   bool             // a number of days
	amount bool             // a number of money
	count  bool             // a number of events
}

// thresholds lists those of a formula in the order of its text.
func (p *Planner) thresholds(text string) []threshold {
	f, err := syntax.Parse(text)
	if err != nil {
		return nil
	}
	l := &thresholdList{p: p}
	l.formula(f)
	return l.found
}

type thresholdList struct {
	p     *Planner
	found []threshold
}

func (l *thresholdList) formula(f syntax.Formula) {
	switch f := f.(type) {
	case *syntax.And:
		for _, x := range f.Factors {
			l.formula(x)
		}
	case *syntax.Or:
		for _, x := range f.Terms {
			l.formula(x)
		}
	case *syntax.Not:
		l.formula(f.X)
	case *syntax.Compare:
		l.side(f.Left, f.Right)
		l.side(f.Right, f.Left)
	case *syntax.Between:
		l.value(f.Value)
		l.literal(f.Low, f.Value)
		l.literal(f.High, f.Value)
	case *syntax.In:
		l.value(f.Value)
	case *syntax.IsSet:
		l.value(f.Value)
	case *syntax.Match:
		l.value(f.Value)
	case *syntax.DateCompare:
		l.value(f.Value)
	case *syntax.Within:
		l.value(f.Value)
		l.window(f.Window)
	case *syntax.Anniversary:
		l.value(f.Value)
		l.length(f.Next)
	case *syntax.Rank:
		l.found = append(l.found, threshold{text: f.N.Text})
		l.value(f.By)
		if f.Among != nil {
			l.formula(f.Among)
		}
	case *syntax.Sequence:
		for _, step := range f.Steps {
			if step.Where != nil {
				l.formula(step.Where)
			}
		}
		l.length(f.Within)
		l.window(f.Window)
	case *syntax.Crossed:
		l.window(f.Window)
	}
}

func (l *thresholdList) side(v, other syntax.Value) {
	if n, ok := v.(*syntax.Number); ok {
		if _, both := other.(*syntax.Number); !both {
			l.literal(n, other)
		}
		return
	}
	l.value(v)
}

func (l *thresholdList) literal(v syntax.Literal, of syntax.Value) {
	n, ok := v.(*syntax.Number)
	if !ok {
		return
	}
	t := threshold{text: n.Text}
	if c, ok := of.(*syntax.Call); ok {
		switch c.Fn {
		case syntax.DaysSince:
			t.days = true
		case syntax.Count, syntax.Distinct, syntax.ActiveDays, syntax.ActiveWeeks, syntax.ActiveMonths:
			t.count = true
		default:
			if at := l.p.ix.find(c.Event, c.Property); at >= 0 {
				t.amount = l.p.ix.fields[at].kind == "money"
			}
		}
	}
	l.found = append(l.found, t)
}

func (l *thresholdList) value(v syntax.Value) {
	switch v := v.(type) {
	case *syntax.Arith:
		for _, part := range []syntax.Value{v.Left, v.Right} {
			if n, ok := part.(*syntax.Number); ok {
				l.found = append(l.found, threshold{text: n.Text})
				continue
			}
			l.value(part)
		}
	case *syntax.Call:
		if v.Where != nil {
			l.formula(v.Where)
		}
		l.window(v.Window)
	case *syntax.Name:
		for _, p := range v.Params {
			l.window(p.Window)
		}
	}
}

func (l *thresholdList) window(w *syntax.Window) {
	if w == nil {
		return
	}
	switch w.Kind {
	case syntax.WindowLast, syntax.WindowNext:
		l.length(w.Duration)
	case syntax.WindowFromTo:
		l.point(w.From)
		l.point(w.To)
	case syntax.WindowBefore, syntax.WindowSince:
		l.point(w.From)
	}
}

func (l *thresholdList) point(p syntax.Point) {
	if p.Ago != nil {
		l.length(*p.Ago)
	}
}

func (l *thresholdList) length(d syntax.Duration) {
	l.found = append(l.found, threshold{text: d.String(), length: &d})
}

// quantity is a number or a length of time that someone says.
type quantity struct {
	number string
	dur    *syntax.Duration
	money  bool
}

// quantity reads a piece of the question, such as "60 days" or "500 euros".
func (a *asking) quantity(text string) *quantity {
	ps := a.parse(text)
	if ps == nil {
		return nil
	}
	for _, n := range ps.cells[0][len(ps.toks)] {
		switch n.cat {
		case cDur:
			return &quantity{dur: n.dur}
		case cNum, cMoney:
			q := figure(n)
			if q == nil || q.isHi || q.lo == "" {
				return nil
			}
			return &quantity{number: q.lo, money: n.cat == cMoney || q.unit == "money"}
		}
	}
	// "six orders": the figure, and what is counted.
	for _, d := range ps.derivations() {
		if len(d.parts) == 1 && d.parts[0].cat == cClause {
			if c := d.parts[0].clause; c.qty != nil && c.qty.op == "" && !c.qty.isHi && len(c.where) == 0 && c.win == nil && !c.neg {
				return &quantity{number: c.qty.lo, money: c.qty.unit == "money"}
			}
		}
	}
	return nil
}

// is tells whether a threshold is what someone calls so.
func (q *quantity) is(t threshold) bool {
	if q.dur != nil {
		return t.text == q.dur.String() || t.days && inDays(*q.dur) == t.text
	}
	return t.length == nil && t.text == q.number || t.length != nil && !q.money && strings.TrimRight(t.text, "abcdefghijklmnopqrstuvwxyz") == q.number
}

// to is the quantity as a value for a threshold, "" where it is none of its
// kind.
func (q *quantity) to(t threshold) string {
	switch {
	case q.dur != nil && t.length != nil:
		return q.dur.String()
	case q.dur != nil && t.days:
		return inDays(*q.dur)
	case q.dur != nil, q.money && !t.amount:
		return ""
	case t.length != nil:
		return q.number + strings.TrimLeft(t.text, "0123456789.")
	}
	return q.number
}

// inDays is a length as a number of days, "" where it is none for sure.
func inDays(d syntax.Duration) string {
	text := d.String()
	if n, ok := strings.CutSuffix(text, "d"); ok {
		return n
	}
	return ""
}

// sensitivity reads what is moved, and where to.
func (a *asking) sensitivity() bool {
	quantities := map[string]*quantity{}
	for _, name := range []string{"n", "value"} {
		if a.has(name) {
			if quantities[name] = a.quantity(a.text(name)); quantities[name] == nil {
				return a.unclear(a.text(name))
			}
		}
	}
	f, ok := a.who()
	if !ok || !a.someone(f) {
		return false
	}
	all := a.p.thresholds(f)
	args := tools.CheckSensitivityArgs{Formula: f}
	var some []int
	for i := range all {
		some = append(some, i)
	}
	narrow := func(keep func(threshold) bool) {
		some = slices.DeleteFunc(some, func(i int) bool { return !keep(all[i]) })
	}
	named := ""
	switch {
	case a.has("nth"):
		named = a.text("nth")
		nth, err := strconv.Atoi(named)
		if err != nil || nth < 1 || nth > len(all) {
			return a.unclear(named)
		}
		some = []int{nth - 1}
	case a.has("n"):
		named = a.text("n")
		narrow(quantities["n"].is)
	case a.has("a_time"):
		named = a.text("a_time")
		narrow(func(t threshold) bool { return t.length != nil || t.days })
	case a.has("an_amount"):
		named = a.text("an_amount")
		narrow(func(t threshold) bool { return t.amount })
	case a.has("a_count"):
		named = a.text("a_count")
		narrow(func(t threshold) bool { return t.count })
	}
	if len(some) == 0 && named != "" {
		return a.unclear(named)
	}
	if q := quantities["value"]; q != nil {
		if !a.has("n") && !a.has("nth") && !a.has("a_time") && q.dur == nil && len(all) > 1 { // a bare number is no length of time
			narrow(func(t threshold) bool { return t.length == nil && !t.days })
		}
		narrow(func(t threshold) bool { return q.to(t) != "" })
		if len(some) != 1 {
			return a.unclear(a.text("value"))
		}
		args.To = []string{q.to(all[some[0]])}
	}
	if len(some) == 1 && (len(all) > 1 || a.has("nth")) {
		args.Threshold = some[0] + 1
	}
	return a.ask(args)
}

package planner

import (
	"strconv"
	"time"

	"tesela/segment/syntax"
)

// timeRules make windows, absolute and relative.
func timeRules() map[pair]rule {
	m := map[pair]rule{
		{"rolling", cDur}: func(_ *parse, _, b *node) []*node { return one(lastWindow(*b.dur)) },
		{"rolling", cNum}: func(p *parse, a, b *node) []*node { // "but not in the last 30"
			unit := p.elidedUnit(a, b)
			d := durationOf(b.num, unit)
			if unit == "" || d == nil {
				return nil
			}
			return one(lastWindow(*d))
		},
		{"rolling", "units"}: func(p *parse, a, b *node) []*node {
			d := unitDuration(b.attr)
			if d == nil {
				return nil
			}
			if p.severalUnits(b) { // "the last weeks"
				return one(&node{cat: "vague_numbers"})
			}
			n := lastWindow(*d)
			// "last month" is the calendar's, "the last month" the 31 days.
			if !p.rollingPhrase(a) && p.alsoCalendar(a) {
				n.cost += 0.4
			}
			return one(n)
		},
		{"calendar_last", "units"}: func(p *parse, a, b *node) []*node {
			if p.severalUnits(b) { // "last weeks" says not how many
				return one(&node{cat: "vague_numbers"})
			}
			list := p.period("last", b.attr)
			if p.opensRolling(a) { // "the last month" is the 31 days
				for _, n := range list {
					n.cost += 0.4
				}
			}
			return list
		},
		{"units", "calendar_last_after"}: func(p *parse, a, b *node) []*node {
			if p.startsPhrase(b.from, "before_that") || p.apartByThan(a.to, b) {
				return nil // "the month before that", "this year than the last"
			}
			return p.period("last", a.attr)
		},
		{"calendar_this", "units"}:       func(p *parse, _, b *node) []*node { return p.period("this", b.attr) },
		{"units", "calendar_this_after"}: func(p *parse, a, _ *node) []*node { return p.period("this", a.attr) },
		{cDur, "rolling_after"}: func(p *parse, a, b *node) []*node {
			before := &node{cat: cTimeBefore, dur: a.dur, cost: plainGain}
			if p.startsPhrase(b.from, "before_that") {
				return one(before)
			}
			return []*node{lastWindow(*a.dur), before}
		},
		{cNum, "rolling_after"}: nBefore, // "in the 60 before": of the same units
		{cNum, "before_that"}:   nBefore,

		{cDur, "ago"}:    func(_ *parse, a, _ *node) []*node { return one(&node{cat: "point ago", dur: a.dur}) },
		{"ago", cDur}:    func(_ *parse, _, b *node) []*node { return one(&node{cat: "point ago", dur: b.dur, form: "for"}) },
		{cQtyDur, "ago"}: func(_ *parse, a, _ *node) []*node { return one(&node{cat: "age of event", dur: a.dur, attr: a.attr}) },
		{"ago", cQtyDur}: func(_ *parse, _, b *node) []*node { return one(&node{cat: "age of event", dur: b.dur, attr: b.attr}) },
		{"since", "point ago"}: func(_ *parse, _, b *node) []*node {
			return one(&node{cat: cWin, win: &syntax.Window{Kind: syntax.WindowSince, From: syntax.Point{Ago: b.dur}}})
		},
		{"before", "point ago"}: func(_ *parse, _, b *node) []*node {
			return one(&node{cat: cWin, win: &syntax.Window{Kind: syntax.WindowBefore, From: syntax.Point{Ago: b.dur}}})
		},
		{"between", "point ago"}: func(_ *parse, _, b *node) []*node { return one(&node{cat: "between ago", dur: b.dur}) },

		{"since", cSpan}:  whole(func(p *parse, b *node) *node { return p.sinceWindow(b.start) }),
		{"after", cSpan}:  whole(func(p *parse, b *node) *node { return p.sinceWindow(b.end) }),
		{"before", cSpan}: whole(func(p *parse, b *node) *node { return p.beforeWindow(b.start) }),
		{"until", cSpan}: func(p *parse, a, b *node) []*node {
			if b.text == rangeText {
				return nil
			}
			n := p.beforeWindow(b.end)
			// "no later than" is no negation.
			n.cost += 0.02 - 0.15*float64(a.to-a.from-1)
			if today := p.asOf.Add(-time.Nanosecond); !b.start.After(today) && b.end.After(today) {
				n.cost += 0.3 // "until today" bounds nothing
			}
			return one(n)
		},
		{"as_of", cSpan}: func(p *parse, _, b *node) []*node { // from then on, or up to then: it is asked which
			if b.text == rangeText {
				return nil
			}
			return []*node{p.sinceWindow(b.start), p.beforeWindow(b.end)}
		},
		{cSpan, "since_after"}: func(p *parse, a, b *node) []*node {
			if a.text == rangeText {
				return nil
			}
			n := p.sinceWindow(a.start)
			n.cost -= 0.15 * float64(b.to-b.from-1)
			return one(n)
		},
		{"between", cSpan}: func(_ *parse, _, b *node) []*node {
			if b.text == rangeText {
				return nil
			}
			return one(&node{cat: "between span", start: b.start, end: b.end})
		},
		{"between", cMonthDay}: func(_ *parse, _, b *node) []*node { return one(&node{cat: "between span", month: b.month, day: b.day}) },
		{"since", cMonthDay}: func(_ *parse, _, b *node) []*node {
			return one(&node{cat: "between span", month: b.month, day: b.day, cost: 0.02})
		},
		{"between span", "to"}: func(_ *parse, a, _ *node) []*node {
			return one(&node{cat: "between span and", start: a.start, end: a.end, month: a.month, day: a.day})
		},
		{"between span", "and"}: func(_ *parse, a, _ *node) []*node {
			return one(&node{cat: "between span and", start: a.start, end: a.end, month: a.month, day: a.day})
		},
		{cSpan, "to"}: func(_ *parse, a, _ *node) []*node {
			return one(&node{cat: "between span and", start: a.start, end: a.end, cost: 0.1})
		},
		{cMonthDay, "to"}: func(_ *parse, a, _ *node) []*node {
			return one(&node{cat: "between span and", month: a.month, day: a.day, cost: 0.1})
		},
		{"between n and", cSpan}: func(p *parse, a, b *node) []*node { // "between 1 and 15 November"
			if b.text == rangeText || !b.end.Equal(b.start.AddDate(0, 0, 1)) || !a.num.IsInt() {
				return nil
			}
			d := int(a.num.Num().Int64())
			if d < 1 || d >= b.start.Day() {
				return nil
			}
			out := p.spanRange(&node{start: b.start.AddDate(0, 0, d-b.start.Day())}, b)
			for _, n := range out {
				n.cost -= 0.2 // not so many of something in May
			}
			return out
		},
		{"between span and", cSpan}: func(p *parse, a, b *node) []*node {
			if b.text == rangeText {
				return nil
			}
			return p.spanRange(a, b)
		},

		{cMonthDay, cSpan}: func(p *parse, a, b *node) []*node { // November 2011, 5 March 2011
			if !wholeYear(b) {
				return nil
			}
			return p.monthDayIn(a, b.start.Year())
		},
		{cNum, cMonthDay}: func(p *parse, a, b *node) []*node {
			if p.holdsOneOf(a.to, "units", "unit_plurals") {
				return nil // "the two months March and April"
			}
			return dayOf(a, b)
		},
		{cMonthDay, cNum}:        func(p *parse, a, b *node) []*node { return p.afterMonth(a, b) },
		{"ordinals", cMonthDay}:  func(_ *parse, a, b *node) []*node { return dayOf(a, b) },
		{cMonthDay, "ordinals"}:  func(_ *parse, a, b *node) []*node { return dayOf(b, a) },
		{"quarter_names", cSpan}: func(p *parse, a, b *node) []*node { return p.partOfYear(a, b, 3) },
		{cSpan, "quarter_names"}: func(p *parse, a, b *node) []*node { return p.partOfYear(b, a, 3) },
		{cSpan, "half_names"}:    func(p *parse, a, b *node) []*node { return p.partOfYear(b, a, 6) },
	}
	return m
}

// rangeText marks spans that were given by both ends: they are no single
// point that something could come before or after.
const rangeText = "range"

// whole applies a rule to spans that are one period.
func whole(f func(*parse, *node) *node) rule {
	return func(p *parse, _, b *node) []*node {
		if b.text == rangeText {
			return nil
		}
		return one(f(p, b))
	}
}

func lastWindow(d syntax.Duration) *node {
	return &node{cat: cWin, win: &syntax.Window{Kind: syntax.WindowLast, Duration: d}}
}

func unitDuration(unit string) *syntax.Duration {
	switch unit {
	case "fortnight":
		return &syntax.Duration{N: 2, Unit: syntax.Week}
	case "bimester", "third", "semester":
		return &syntax.Duration{N: unitMonths(unit), Unit: syntax.Month}
	}
	return &syntax.Duration{N: 1, Unit: syntax.Unit(unit)}
}

// rollingPhrase tells whether the words are a phrase of several for a rolling
// window, not one word behind others without weight.
func (p *parse) rollingPhrase(a *node) bool {
	folded, _, ok := p.phrase(a.from, a.to)
	if !ok || a.to-a.from < 2 {
		return false
	}
	for _, e := range p.lex.exact[folded] {
		if e.cat == "rolling" {
			return true
		}
	}
	return false
}

// alsoCalendar tells whether the word before a unit may also mean the whole
// calendar period before this one.
func (p *parse) alsoCalendar(a *node) bool {
	for _, n := range p.cells[p.core(a)][a.to] {
		if n.cat == "calendar_last" {
			return true
		}
	}
	return false
}

// opensRolling tells whether the word with the one before it is a phrase for a
// rolling window.
func (p *parse) opensRolling(a *node) bool {
	for k := max(0, a.from-1); k < a.to-1; k++ {
		folded, _, ok := p.phrase(k, a.to)
		if !ok {
			continue
		}
		for _, e := range p.lex.exact[folded] {
			if e.cat == "rolling" {
				return true
			}
		}
	}
	return false
}

var periodNames = map[string]string{"w": "week", "mo": "month", "q": "quarter", "y": "year"}

// period is "this month", "last year" and their like, as the formula language
// names them and with their bounds.
func (p *parse) period(which, unit string) []*node {
	name := periodNames[unit]
	if name == "" {
		if months := unitMonths(unit); months > 0 {
			start := opens(p.asOf.Add(-time.Nanosecond).In(p.zone), unit)
			if which == "last" {
				start = start.AddDate(0, -months, 0)
			}
			return p.span(start, start.AddDate(0, months, 0), "")
		}
		return nil
	}
	last := p.asOf.Add(-time.Nanosecond).In(p.zone)
	y, mo, d := last.Date()
	var start, end time.Time
	at := func(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, p.zone) }
	switch unit {
	case "w":
		monday := d - (int(last.Weekday())+6)%7
		start, end = at(y, mo, monday), at(y, mo, monday+7)
		if which == "last" {
			start, end = at(y, mo, monday-7), start
		}
	case "mo":
		start, end = at(y, mo, 1), at(y, mo+1, 1)
		if which == "last" {
			start, end = at(y, mo-1, 1), start
		}
	case "q":
		first := (mo-1)/3*3 + 1
		start, end = at(y, first, 1), at(y, first+3, 1)
		if which == "last" {
			start, end = at(y, first-3, 1), start
		}
	case "y":
		start, end = at(y, 1, 1), at(y+1, 1, 1)
		if which == "last" {
			start, end = at(y-1, 1, 1), start
		}
	}
	return []*node{
		{cat: cSpan, start: start, end: end, text: which + " " + name},
		{cat: cWin, win: &syntax.Window{Kind: syntax.WindowPeriod, Period: which + " " + name}},
	}
}

// periodLeaf is today, yesterday, or "year to date", which is "this year".
func (p *parse) periodLeaf(i, j int, cost float64, e entry) {
	name := e.attr
	if e.cat == "to_date" {
		name = "this " + e.attr
	}
	if name == "before_yesterday" {
		yesterday := opens(p.asOf.Add(-time.Nanosecond).In(p.zone), "d").AddDate(0, 0, -1)
		p.addSpan(i, j, cost+plainGain, yesterday.AddDate(0, 0, -1), yesterday, "")
		return
	}
	n := &node{cat: cWin, from: i, to: j, cost: cost, win: &syntax.Window{Kind: syntax.WindowPeriod, Period: name}}
	p.add(n)
	if e.cat == "days" {
		last := p.asOf.Add(-time.Nanosecond).In(p.zone)
		y, m, d := last.Date()
		if name == "yesterday" {
			d--
		}
		p.add(&node{cat: cSpan, from: i, to: j, cost: cost, start: time.Date(y, m, d, 0, 0, 0, 0, p.zone), end: time.Date(y, m, d+1, 0, 0, 0, 0, p.zone), text: name})
	}
}

// addSpan enters an absolute period, also as the window it is.
func (p *parse) addSpan(i, j int, cost float64, start, end time.Time, period string) {
	for _, n := range p.span(start, end, period) {
		n.from, n.to = i, j
		n.cost += cost
		p.add(n)
	}
}

// span is an absolute period as a span and as a window.
func (p *parse) span(start, end time.Time, period string) []*node {
	w := &syntax.Window{Kind: syntax.WindowPeriod, Period: period}
	if period == "" {
		w = &syntax.Window{Kind: syntax.WindowFromTo, From: datePoint(start), To: datePoint(end)}
	}
	return []*node{{cat: cSpan, start: start, end: end}, {cat: cWin, win: w}}
}

func datePoint(t time.Time) syntax.Point {
	return syntax.Point{Date: &syntax.Date{Text: t.Format("2006-01-02")}}
}

func (p *parse) sinceWindow(t time.Time) *node {
	return &node{cat: cWin, win: &syntax.Window{Kind: syntax.WindowSince, From: datePoint(t)}}
}

func (p *parse) beforeWindow(t time.Time) *node {
	return &node{cat: cWin, win: &syntax.Window{Kind: syntax.WindowBefore, From: datePoint(t)}}
}

func wholeYear(n *node) bool {
	return n.start.Month() == 1 && n.start.Day() == 1 && n.end.Equal(n.start.AddDate(1, 0, 0))
}

// afterMonth reads a number behind a month: the day in languages that put it
// there ("May 25"), else the year of two digits ("mayo del 25").
func (p *parse) afterMonth(m, n *node) []*node {
	if p.lang == "en" {
		return dayOf(n, m)
	}
	if m.day != 0 || !n.num.IsInt() || n.num.Sign() < 0 || n.num.Num().Int64() > 99 || len(p.toks[n.to-1].text) != 2 {
		return nil
	}
	return p.monthDayIn(m, 2000+int(n.num.Num().Int64()))
}

// dayOf puts a day to a month.
func dayOf(d, m *node) []*node {
	if m.day != 0 || !d.num.IsInt() {
		return nil
	}
	day := d.num.Num().Int64()
	if day < 1 || day > 31 {
		return nil
	}
	return one(&node{cat: cMonthDay, month: m.month, day: int(day)})
}

// monthDayIn puts a month, or a day of it, into a year.
func (p *parse) monthDayIn(n *node, year int) []*node {
	if n.day == 0 {
		start := time.Date(year, time.Month(n.month), 1, 0, 0, 0, 0, p.zone)
		return p.span(start, start.AddDate(0, 1, 0), start.Format("2006-01"))
	}
	start := time.Date(year, time.Month(n.month), n.day, 0, 0, 0, 0, p.zone)
	if start.Day() != n.day {
		return nil // 30 February
	}
	return p.span(start, start.AddDate(0, 0, 1), "")
}

// partOfYear is a quarter or half of a year.
func (p *parse) partOfYear(part, year *node, months int) []*node {
	if !wholeYear(year) {
		return nil
	}
	k, err := strconv.Atoi(part.attr)
	if err != nil {
		return nil
	}
	start := year.start.AddDate(0, (k-1)*months, 0)
	return p.span(start, start.AddDate(0, months, 0), "")
}

// latest puts a month or day without a year into the latest year in which it
// began before T, and says so.
func (p *parse) latest(n *node) []*node {
	for y := p.asOf.In(p.zone).Year(); y > p.asOf.Year()-3; y-- {
		spans := p.monthDayIn(n, y)
		if len(spans) > 0 && spans[0].start.Before(p.asOf) {
			for _, s := range spans {
				s.cost += 0.1
				s.assume = append(s.assume, assumption{"year", map[string]string{"year": strconv.Itoa(y)}})
			}
			return spans
		}
	}
	return nil
}

// spanRange is from the start of one span to the end of another; a month
// without its year takes that of the other side.
func (p *parse) spanRange(a, b *node) []*node {
	start := a.start
	if start.IsZero() {
		left := p.monthDayIn(a, b.start.Year())
		if len(left) == 0 {
			return nil
		}
		if left[0].start.After(b.start) {
			left = p.monthDayIn(a, b.start.Year()-1)
		}
		start = left[0].start
	}
	if !start.Before(b.end) {
		return nil
	}
	out := p.span(start, b.end, "")
	out[0].text = rangeText
	return out
}

// nBefore is so many of the units that were last spoken of, before those.
func nBefore(_ *parse, a, _ *node) []*node {
	if !a.num.IsInt() || !ranks(a.num) {
		return nil
	}
	return one(&node{cat: cTimeBefore, dur: &syntax.Duration{N: int(a.num.Num().Int64())}})
}

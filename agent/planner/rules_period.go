package planner

import (
	"math/big"
	"strconv"
	"time"

	"tesela/segment/syntax"
)

// The categories of periods counted back from T.
const (
	cFull       cat = "full duration" // whole calendar units: two full months
	cLastN      cat = "n last"        // "the two last" of what follows
	cTimeBefore cat = "time before that"
	cFstN       cat = "n first"
)

// plainGain is what sets a reading that a longer phrase says plainly apart from
// those that take some of its words for nothing.
const plainGain = -0.4

// periodRules make periods that are counted back from T or told by more than
// a name: whole months, the week before last, last March, a year and a half.
func periodRules() map[pair]rule {
	m := map[pair]rule{
		{"full", "units"}: func(_ *parse, _, b *node) []*node { return fullUnits(1, b.attr) },
		{"units", "full"}: func(_ *parse, a, _ *node) []*node { return fullUnits(1, a.attr) },
		{cDur, "full"}:    func(_ *parse, a, _ *node) []*node { return fullUnits(a.dur.N, string(a.dur.Unit)) },
		{"full", cDur}:    func(_ *parse, _, b *node) []*node { return fullUnits(b.dur.N, string(b.dur.Unit)) },
		{cNum, cFull}: func(_ *parse, a, b *node) []*node {
			if b.dur.N != 1 || !a.num.IsInt() || !ranks(a.num) {
				return nil
			}
			return fullUnits(int(a.num.Num().Int64()), string(b.dur.Unit))
		},
		{cLastN, cFull}: func(p *parse, a, b *node) []*node {
			if b.dur.N != 1 {
				return nil
			}
			return p.wholeBack(int(a.num.Num().Int64()), string(b.dur.Unit))
		},

		{"units", "before_last"}: func(p *parse, a, _ *node) []*node { return p.beforeLast(a.attr) },

		{cNum, "rolling"}: func(_ *parse, a, _ *node) []*node { return countAhead(cLastN, a) },
		{cNum, "ordinals"}: func(_ *parse, a, b *node) []*node {
			if b.num.Cmp(big.NewRat(1, 1)) != 0 {
				return nil
			}
			return countAhead(cFstN, a)
		},
		{cLastN, "units"}: func(_ *parse, a, b *node) []*node {
			d := durationOf(a.num, b.attr)
			if d == nil {
				return nil
			}
			return append(one(lastWindow(*d)), pieceNode(piece{nth: -1, n: d.N, unit: string(d.Unit)}, d)...)
		},
		{cFstN, "units"}: func(_ *parse, a, b *node) []*node {
			d := durationOf(a.num, b.attr)
			if d == nil {
				return nil
			}
			return pieceNode(piece{nth: 1, n: d.N, unit: string(d.Unit)}, d)
		},

		{"units", "and_a_half"}: func(_ *parse, a, _ *node) []*node { return duration(big.NewRat(3, 2), a.attr) },
		{"half", "units"}:       func(_ *parse, _, b *node) []*node { return duration(big.NewRat(1, 2), b.attr) },
		{cDur, "and_a_half"}: func(_ *parse, a, _ *node) []*node {
			return duration(big.NewRat(int64(2*a.dur.N+1), 2), string(a.dur.Unit))
		},
		{cNum, "and_a_half"}: func(_ *parse, a, _ *node) []*node {
			if !a.num.IsInt() {
				return nil
			}
			return one(&node{cat: cNum, num: new(big.Rat).Add(a.num, big.NewRat(1, 2)), form: "word", cost: -0.1})
		},

		{"so_far", cSpan}: func(p *parse, _, b *node) []*node { return p.soFar(b) },
		{cSpan, "so_far"}: func(p *parse, a, _ *node) []*node { return p.soFar(a) },
		// "the last month, counting a month back from now"
		{cWin, "from_now"}: func(_ *parse, a, _ *node) []*node { return rollingAgain(a) },
		{"counting", cWin}: func(_ *parse, _, b *node) []*node {
			if b.win == nil || b.win.Kind != syntax.WindowLast {
				return nil
			}
			return one(&node{cat: "window again", win: b.win})
		},
		{cWin, "window again"}: func(_ *parse, a, b *node) []*node {
			if a.win == nil || a.win.String() != b.win.String() {
				return nil
			}
			return one(&node{cat: cWin, win: a.win, cost: -0.1})
		},
		{"window again", "from_now"}: func(_ *parse, a, _ *node) []*node { return one(&node{cat: "window again", win: a.win}) },
		{cWin, "since_after"}: func(_ *parse, a, _ *node) []*node { // "from 1 March on"
			if a.win == nil || a.win.Kind != syntax.WindowSince {
				return nil
			}
			return one(&node{cat: cWin, win: a.win, cost: plainGain})
		},
		{cDur, "before_that"}: func(_ *parse, a, _ *node) []*node { return one(&node{cat: cTimeBefore, dur: a.dur}) },
		{"units", "before_that"}: func(_ *parse, a, _ *node) []*node {
			return one(&node{cat: cTimeBefore, dur: unitDuration(a.attr)})
		},
		{cClause, cTimeBefore}: func(_ *parse, a, b *node) []*node {
			if a.clause.win != nil || a.clause.ever || !a.clause.verb && !a.clause.neg {
				return nil
			}
			return one(&node{cat: cClause, clause: a.clause.with(func(c *clause) { c.same, c.preceding = true, b.dur })})
		},
		{"before_this", "units"}: func(p *parse, _, b *node) []*node {
			list := p.period("this", b.attr)
			if len(list) == 0 {
				return nil
			}
			return one(p.beforeWindow(list[0].start))
		},
		{"since", cWin}: func(_ *parse, _, b *node) []*node { // "members since before October"
			if b.win == nil || b.win.Kind != syntax.WindowBefore {
				return nil
			}
			return one(&node{cat: cWin, win: b.win})
		},
		{"since", "weekdays"}: func(p *parse, _, b *node) []*node { return p.sinceWeekday(b.attr) },
		// "the year 2024", "el mes de marzo": the unit says what the name is.
		{"units", cSpan}: func(p *parse, a, b *node) []*node {
			if b.text == rangeText || !(a.attr == "y" && wholeYear(b) || a.attr == "mo" && wholeMonth(b)) {
				return nil
			}
			return p.named(a, b)
		},
		{"units", cWin}: func(p *parse, a, b *node) []*node {
			if b.win == nil || b.win.Kind != syntax.WindowPeriod || len(b.win.Period) != map[string]int{"y": 4, "mo": 7}[a.attr] {
				return nil
			}
			return p.named(a, b)
		},
		{"units", cMonthDay}: func(p *parse, a, b *node) []*node {
			if a.attr != "mo" || b.day != 0 {
				return nil
			}
			return p.named(a, b)
		},
		{"calendar_this", cMonthDay}: func(p *parse, _, b *node) []*node { return p.thisYears(b) },
	}
	for _, last := range []cat{"rolling", "calendar_last"} {
		m[pair{last, cFull}] = func(p *parse, _, b *node) []*node { return p.wholeBack(b.dur.N, string(b.dur.Unit)) }
		m[pair{last, cMonthDay}] = func(p *parse, _, b *node) []*node { return p.latestOver(b) }
		m[pair{last, "named_days"}] = func(p *parse, _, b *node) []*node { return p.latestDayOver(b) }
	}
	m[pair{cMonthDay, "calendar_last_after"}] = func(p *parse, a, _ *node) []*node { return p.latestOver(a) }
	m[pair{"named_days", "calendar_last_after"}] = func(p *parse, a, _ *node) []*node { return p.latestDayOver(a) }
	return m
}

// named is a period with its unit before it. Behind "by", or before a comma,
// a unit tells rows apart.
func (p *parse) named(unit, n *node) []*node {
	if p.grouping(unit) || p.breaks(unit.to, n) {
		return nil
	}
	x := *n
	x.cost = -0.1
	return one(&x)
}

func duration(n *big.Rat, unit string) []*node {
	d := durationOf(n, unit)
	if d == nil {
		return nil
	}
	return one(&node{cat: cDur, dur: d, cost: -0.1})
}

func countAhead(c cat, n *node) []*node {
	if !n.num.IsInt() || !ranks(n.num) {
		return nil
	}
	return one(&node{cat: c, num: n.num})
}

func rollingAgain(w *node) []*node {
	if w.win == nil || w.win.Kind != syntax.WindowLast {
		return nil
	}
	return one(&node{cat: cWin, win: w.win, cost: -0.1})
}

// preceding is the time of that length that ends where a window back from T
// begins; nil where the two are not counted in the same units.
func preceding(w *syntax.Window, d *syntax.Duration) *syntax.Window {
	if w == nil || w.Kind != syntax.WindowLast {
		return nil
	}
	near, more := w.Duration, *d
	if more.Unit == "" {
		more.Unit = near.Unit
	}
	for _, x := range []*syntax.Duration{&near, &more} {
		if x.Unit == syntax.Week && near.Unit != more.Unit {
			x.N, x.Unit = 7*x.N, syntax.Day
		}
	}
	if near.Unit != more.Unit {
		return nil
	}
	far := syntax.Duration{N: near.N + more.N, Unit: near.Unit}
	return &syntax.Window{Kind: syntax.WindowFromTo, From: syntax.Point{Ago: &far}, To: syntax.Point{Ago: &near}}
}

// fullUnits is a number of whole calendar units.
func fullUnits(n int, unit string) []*node {
	if n < 1 || unit != "d" && unit != "w" && unitMonths(unit) == 0 {
		return nil
	}
	return one(&node{cat: cFull, dur: &syntax.Duration{N: n, Unit: syntax.Unit(unit)}})
}

// unitMonths are the months of a unit that has whole ones, 0 for others.
func unitMonths(unit string) int {
	return map[string]int{"mo": 1, "bimester": 2, "q": 3, "third": 4, "semester": 6, "y": 12}[unit]
}

// opens is when the calendar unit that holds an instant begins: weeks on
// Monday, the others with the year.
func opens(t time.Time, unit string) time.Time {
	y, mo, d := t.Date()
	switch k := unitMonths(unit); {
	case unit == "w":
		d -= isoWeekday(t) - 1
	case k > 0:
		mo, d = (mo-1)/time.Month(k)*time.Month(k)+1, 1
	}
	return time.Date(y, mo, d, 0, 0, 0, 0, t.Location())
}

// stepUnits goes n calendar units on.
func stepUnits(t time.Time, n int, unit string) time.Time {
	switch unit {
	case "d":
		return t.AddDate(0, 0, n)
	case "w":
		return t.AddDate(0, 0, 7*n)
	}
	return t.AddDate(0, n*unitMonths(unit), 0)
}

// wholeBack are the last n whole units that are over by T.
func (p *parse) wholeBack(n int, unit string) []*node {
	end := opens(p.asOf.In(p.zone), unit)
	return p.plainly(stepUnits(end, -n, unit), end)
}

// beforeLast is the unit before the last one: the week before last.
func (p *parse) beforeLast(unit string) []*node {
	if unit != "d" && unit != "w" && unitMonths(unit) == 0 {
		return nil
	}
	now := opens(p.asOf.Add(-time.Nanosecond).In(p.zone), unit)
	return p.plainly(stepUnits(now, -2, unit), stepUnits(now, -1, unit))
}

// plainly is a period that a phrase says in so many words.
func (p *parse) plainly(start, end time.Time) []*node {
	out := p.span(start, end, calendar(start, end))
	for _, n := range out {
		n.cost += plainGain
	}
	return out
}

// soFar is a period that T lies in, said to be unfinished.
func (p *parse) soFar(n *node) []*node {
	if n.text == rangeText || !n.start.Before(p.asOf) || n.end.Before(p.asOf) {
		return nil
	}
	if n.text != "" {
		return one(&node{cat: cWin, win: &syntax.Window{Kind: syntax.WindowPeriod, Period: n.text}, cost: -0.1})
	}
	out := p.span(n.start, n.end, calendar(n.start, n.end))
	for _, x := range out {
		x.cost -= 0.1
	}
	return out
}

// sinceWeekday is since the latest such day before the one that T ends.
func (p *parse) sinceWeekday(attr string) []*node {
	want, err := strconv.Atoi(attr)
	today := opens(p.asOf.Add(-time.Nanosecond).In(p.zone), "d")
	if err != nil || isoWeekday(today) == want {
		return nil // today, or a week ago
	}
	back := (isoWeekday(today) - want + 7) % 7
	return one(p.sinceWindow(today.AddDate(0, 0, -back)))
}

// latestOver is the latest month of that name that was over by T: last March.
func (p *parse) latestOver(n *node) []*node {
	if n.day != 0 {
		return nil
	}
	return p.over(func(year int) (time.Time, time.Time) {
		start := time.Date(year, time.Month(n.month), 1, 0, 0, 0, 0, p.zone)
		return start, start.AddDate(0, 1, 0)
	})
}

// latestDayOver is the latest day of that name that was over by T.
func (p *parse) latestDayOver(n *node) []*node {
	var out []*node
	for _, rule := range p.ix.th.days[n.attr].here(p.ix.cat.Zone) {
		if list := p.over(func(year int) (time.Time, time.Time) { return rule.in(year, p.zone) }); !rule.Season {
			out = append(out, list...)
		} else if len(list) > 0 {
			out = append(out, list[0])
		}
	}
	return out
}

func (p *parse) over(in func(year int) (start, end time.Time)) []*node {
	for y := p.asOf.In(p.zone).Year(); y > p.asOf.Year()-3; y-- {
		start, end := in(y)
		if end.After(p.asOf) {
			continue
		}
		out := p.plainly(start, end)
		for _, n := range out {
			n.assume = []assumption{{"year", map[string]string{"year": strconv.Itoa(y)}}}
		}
		return out
	}
	return nil
}

// thisYears is a month of the year that T ends in, if it has begun.
func (p *parse) thisYears(n *node) []*node {
	out := p.monthDayIn(n, p.asOf.Add(-time.Nanosecond).In(p.zone).Year())
	if len(out) == 0 || !out[0].start.Before(p.asOf) {
		return nil
	}
	return out
}

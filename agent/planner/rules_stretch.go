package planner

import (
	"math/big"
	"time"

	"tesela/segment/syntax"
)

// The categories of stretches of time told by a day or by their place.
const (
	cStretch cat = "stretch"       // the 30 days before
	cOpening cat = "opening"       // the week starting, the week ending
	cISOWeek cat = "iso week"      // week 9
	cDays    cat = "days of month" // 8 to 11 March, without the year
)

// stretchRules make periods that are told by another one: the weekend of 8
// March, the 30 days before Christmas, week 9 of 2025, early March.
func stretchRules() map[pair]rule {
	m := map[pair]rule{
		{"weekend", cSpan}: func(p *parse, a, b *node) []*node { // "the weekend of 8 March"
			if b.text == rangeText || !oneDay(b) {
				return nil
			}
			saturday := b.start.AddDate(0, 0, 6-isoWeekday(b.start))
			return p.plainly(saturday, saturday.AddDate(0, 0, 2))
		},
		{"weekend", "calendar_last_after"}: func(p *parse, _, _ *node) []*node { return p.lastWeekend() },
		{"ordinals", "weekend"}: func(_ *parse, a, _ *node) []*node {
			if !a.num.IsInt() {
				return nil
			}
			return pieceNode(piece{nth: int(a.num.Num().Int64()), n: 1, unit: "weekend"}, unitDuration("w"))
		},

		{"units", "starting_on"}: func(_ *parse, a, _ *node) []*node { return opening(a, "starting") },
		{"units", "ending_on"}:   func(_ *parse, a, _ *node) []*node { return opening(a, "ending") },
		{cOpening, cSpan}: func(p *parse, a, b *node) []*node {
			if !oneDay(b) {
				return nil
			}
			if a.form == "ending" {
				return p.plainly(stepUnits(b.end, -1, a.attr), b.end)
			}
			return p.plainly(b.start, stepUnits(b.start, 1, a.attr))
		},

		{"units", cNum}: func(_ *parse, a, b *node) []*node {
			if a.attr != "w" || b.form == "word" || !b.num.IsInt() || b.num.Sign() <= 0 || b.num.Cmp(big.NewRat(53, 1)) > 0 {
				return nil
			}
			return one(&node{cat: cISOWeek, num: b.num})
		},
		{cISOWeek, cSpan}: func(p *parse, a, b *node) []*node {
			if !wholeYear(b) {
				return nil
			}
			return p.isoWeek(int(a.num.Num().Int64()), b.start.Year())
		},

		// "between March 8 and 11": the month goes for both.
		{"between span and", cNum}:       func(_ *parse, a, b *node) []*node { return daysOf(a, b) },
		{"between span and", "ordinals"}: func(_ *parse, a, b *node) []*node { return daysOf(a, b) },
		{cDays, cSpan}: func(p *parse, a, b *node) []*node {
			if !wholeYear(b) {
				return nil
			}
			return p.daysIn(a, b.start.Year())
		},

		{cDur, "before"}: func(_ *parse, a, _ *node) []*node { return stretch(a.dur, "before") },
		{cDur, "after"}:  func(_ *parse, a, _ *node) []*node { return stretch(a.dur, "after") },
		{cDur, "until"}:  func(_ *parse, a, _ *node) []*node { return stretch(a.dur, "until") },
		{"units", "before"}: func(p *parse, a, b *node) []*node {
			out := p.unitBeside(a, "before")
			if p.endsAt(b.to) { // "last month vs the month before"
				out = append(out, p.unitBefore(a)...)
			}
			return out
		},
		{"units", "prior_word"}: func(p *parse, a, _ *node) []*node { return p.unitBefore(a) },
		{"prior_word", "units"}: func(p *parse, _, b *node) []*node { return p.unitBefore(b) },
		{"units", "after"}:      func(p *parse, a, _ *node) []*node { return p.unitBeside(a, "after") },
		{cStretch, cSpan}:       func(p *parse, a, b *node) []*node { return p.stretchAt(a, b) },

		{"part_of", cSpan}: func(p *parse, a, b *node) []*node { return p.partOf(a.attr, b) },
	}
	for _, last := range []cat{"rolling", "calendar_last"} {
		m[pair{last, "weekend"}] = func(p *parse, _, _ *node) []*node {
			return append(p.lastWeekend(), pieceNode(piece{nth: -1, n: 1, unit: "weekend"}, unitDuration("w"))...)
		}
	}
	return m
}

func oneDay(n *node) bool { return n.text != rangeText && n.end.Equal(n.start.AddDate(0, 0, 1)) }

// lastWeekend is the latest Saturday and Sunday that were over by T.
func (p *parse) lastWeekend() []*node {
	end := opens(p.asOf.In(p.zone), "w")
	return p.plainly(end.AddDate(0, 0, -2), end)
}

func opening(unit *node, form string) []*node {
	if unit.attr != "d" && unit.attr != "w" && unitMonths(unit.attr) == 0 {
		return nil
	}
	return one(&node{cat: cOpening, attr: unit.attr, form: form})
}

// isoWeek is a week by its number, as ISO 8601 counts them: the first has the
// year's first Thursday.
func (p *parse) isoWeek(n, year int) []*node {
	first := opens(time.Date(year, 1, 4, 0, 0, 0, 0, p.zone), "w")
	monday := first.AddDate(0, 0, 7*(n-1))
	if y, _ := monday.AddDate(0, 0, 3).ISOWeek(); y != year {
		return nil // no week 53 in that year
	}
	return p.plainly(monday, monday.AddDate(0, 0, 7))
}

// daysOf is "March 8 and 11": days of one month, without the year.
func daysOf(a, b *node) []*node {
	if a.day == 0 || !b.num.IsInt() {
		return nil
	}
	if d := b.num.Num().Int64(); d <= int64(a.day) || d > 31 {
		return nil
	}
	return one(&node{cat: cDays, month: a.month, day: a.day, num: b.num, cost: plainGain})
}

// daysIn puts days of a month into a year.
func (p *parse) daysIn(n *node, year int) []*node {
	start := time.Date(year, time.Month(n.month), n.day, 0, 0, 0, 0, p.zone)
	end := time.Date(year, time.Month(n.month), int(n.num.Num().Int64())+1, 0, 0, 0, 0, p.zone)
	if end.AddDate(0, 0, -1).Month() != start.Month() {
		return nil
	}
	out := p.span(start, end, "")
	out[0].text = rangeText
	return out
}

func stretch(d *syntax.Duration, side string) []*node {
	if d == nil || d.Unit == syntax.Hour || d.Unit == syntax.Minute {
		return nil
	}
	return one(&node{cat: cStretch, dur: d, attr: side})
}

// grouping tells whether a unit follows a word such as "by".
func (p *parse) grouping(unit *node) bool {
	return p.opensGroup(unit.from, unit) || unit.from > 0 && p.opensGroup(unit.from-1, unit)
}

// unitBeside is "the week before": of what, must follow. Behind "by" a unit
// tells rows apart.
func (p *parse) unitBeside(unit *node, side string) []*node {
	if p.grouping(unit) {
		return nil
	}
	return stretch(unitDuration(unit.attr), side)
}

// unitBefore is "the month before", "o quarter anterior": the one before what it
// is set against or what the last question was of.
func (p *parse) unitBefore(unit *node) []*node {
	if p.grouping(unit) {
		return nil
	}
	return one(&node{cat: "unit_before", attr: unit.attr, cost: 0.05})
}

// stretchAt lays a stretch of time before or behind a period, or to its end. A
// single week, month or year may as well be that of the calendar.
func (p *parse) stretchAt(a, b *node) []*node {
	if b.text == rangeText || a.attr == "until" && b.end.After(p.asOf) {
		return nil
	}
	unit, n := string(a.dur.Unit), a.dur.N
	switch a.attr {
	case "until":
		return p.plainly(stepUnits(b.end, -n, unit), b.end)
	case "after":
		out := p.plainly(b.end, stepUnits(b.end, n, unit))
		if next := stepUnits(opens(b.end.Add(-time.Nanosecond), unit), 1, unit); n == 1 && unit != "d" && !next.Equal(b.end) {
			out = append(out, p.plainly(next, stepUnits(next, 1, unit))...)
		}
		return out
	}
	out := p.plainly(stepUnits(b.start, -n, unit), b.start)
	if own := opens(b.start, unit); n == 1 && unit != "d" && !own.Equal(b.start) {
		out = append(out, p.plainly(stepUnits(own, -1, unit), own)...)
	}
	return out
}

// partOf is early, mid or late in a month or year. People do not agree where
// these end, so there are two readings, between which the asker chooses.
func (p *parse) partOf(which string, b *node) []*node {
	var bounds [][2]time.Time
	y, mo, _ := b.start.Date()
	on := func(m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, p.zone) }
	switch {
	case b.text == rangeText:
	case wholeMonth(b):
		bounds = map[string][][2]time.Time{
			"early": {{b.start, on(mo, 11)}, {b.start, on(mo, 16)}},
			"mid":   {{on(mo, 11), on(mo, 21)}, {on(mo, 10), on(mo, 21)}},
			"late":  {{on(mo, 21), b.end}, {on(mo, 16), b.end}},
		}[which]
	case wholeYear(b):
		bounds = map[string][][2]time.Time{
			"early": {{b.start, on(4, 1)}, {b.start, on(5, 1)}},
			"mid":   {{on(6, 1), on(8, 1)}, {on(5, 1), on(9, 1)}},
			"late":  {{on(10, 1), b.end}, {on(9, 1), b.end}},
		}[which]
	}
	var out []*node
	for _, ends := range bounds {
		for _, n := range p.span(ends[0], ends[1], "") {
			n.cost += 0.2 // where its edge will do, that is meant
			out = append(out, n)
		}
	}
	return out
}

// daysAgo is the day that lies a few days back; of weeks, months and more the
// calendar's or the day that many back.
func (p *parse) daysAgo(d *syntax.Duration) []*node {
	unit := string(d.Unit)
	today := opens(p.asOf.Add(-time.Nanosecond).In(p.zone), "d")
	on := stepUnits(today, -d.N, unit)
	switch {
	case unit == "d" && d.N <= 14:
		return p.agoDay(on, on.AddDate(0, 0, 1))
	case unit == "w" || unitMonths(unit) > 0 && d.N <= 24:
		first := stepUnits(opens(today, unit), -d.N, unit)
		return append(p.agoDay(first, stepUnits(first, 1, unit)), p.agoDay(on, on.AddDate(0, 0, 1))...)
	}
	return nil
}

// agoDay is a period of which one says that something happened in it, but
// hardly that nothing did: "no purchase three days ago" is none since.
func (p *parse) agoDay(start, end time.Time) []*node {
	out := p.span(start, end, calendar(start, end))
	for _, n := range out {
		n.form = agoForm
	}
	return out
}

// agoForm marks a period told by how long ago it was.
const agoForm = "ago"

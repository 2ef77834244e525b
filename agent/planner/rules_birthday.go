package planner

import (
	"math"
	"time"

	"tesela/segment/syntax"
)

// birthdayRules read days that come every year: "birthdays in March", "cumplen
// años este mes", "aniversário amanhã".
func birthdayRules() map[pair]rule {
	inMonth := func(p *parse, f, day *node) []*node {
		return p.everyYear(f, func() (time.Time, time.Time, bool) {
			spans := p.monthDayIn(day, 2000) // a leap year has every day
			if len(spans) == 0 {
				return time.Time{}, time.Time{}, false
			}
			return spans[0].start, spans[0].end, true
		})
	}
	return map[pair]rule{
		{cField, cMonthDay}: inMonth,
		{cMonthDay, cField}: func(p *parse, a, b *node) []*node {
			if b.form == "verb" {
				return nil
			}
			return inMonth(p, b, a)
		},
		{cField, cWin}: func(p *parse, a, b *node) []*node {
			return p.everyYear(a, func() (time.Time, time.Time, bool) { return p.yearlyBounds(b) })
		},
		{cField, "next time"}: func(p *parse, a, b *node) []*node {
			if b.form != "calendar" || b.dur == nil || b.dur.N != 1 {
				return nil
			}
			return p.everyYear(a, func() (time.Time, time.Time, bool) {
				start := opens(p.asOf.Add(-time.Nanosecond).In(p.zone), string(b.dur.Unit))
				start = stepUnits(start, 1, string(b.dur.Unit))
				return start, stepUnits(start, 1, string(b.dur.Unit)), b.dur.Unit != syntax.Year
			})
		},
	}
}

// everyYear tests whether the yearly return of a birthday falls between two
// days; nothing for other dates.
func (p *parse) everyYear(f *node, bounds func() (start, end time.Time, ok bool)) []*node {
	var out []*node
	for _, fi := range f.fields {
		d := p.ix.fields[fi]
		if d.event != "" || !d.isTime() || !overlaps([]int{fi}, p.ix.concepts["birthday"]) {
			continue
		}
		start, end, ok := bounds()
		if !ok {
			return nil
		}
		if c := p.returns(&syntax.Name{Name: d.name}, start, end); c != nil {
			n := condNode(c)
			n.cost = -0.1
			n.simple = false
			out = append(out, n)
		}
	}
	return out
}

// yearlyBounds are the days of a time that people mean every year's of: a
// month, a week or a day, told by its name or from now.
func (p *parse) yearlyBounds(n *node) (start, end time.Time, ok bool) {
	if n.win == nil {
		return start, end, false
	}
	start, end, ok = p.daysOfWindow(n.win)
	if !ok || !end.After(start) || end.After(start.AddDate(0, 11, 0)) {
		return start, end, false
	}
	relative := n.win.Kind == syntax.WindowLast || n.win.Kind == syntax.WindowPeriod && !isDigit(n.win.Period[0])
	return start, end, relative || assumes(n.assume, "year")
}

// daysOfWindow are the first day of a window and the one behind its last.
func (p *parse) daysOfWindow(w *syntax.Window) (start, end time.Time, ok bool) {
	today := opens(p.asOf.Add(-time.Nanosecond).In(p.zone), "d")
	switch w.Kind {
	case syntax.WindowLast:
		if w.Duration.Unit == syntax.Hour || w.Duration.Unit == syntax.Minute {
			return start, end, false
		}
		end = today.AddDate(0, 0, 1)
		return stepUnits(end, -w.Duration.N, string(w.Duration.Unit)), end, true
	case syntax.WindowFromTo:
		if w.From.Date == nil || w.To.Date == nil {
			return start, end, false
		}
		start, _ = w.From.Date.Time(p.zone)
		end, _ = w.To.Date.Time(p.zone)
		return start, end, true
	case syntax.WindowPeriod:
		switch w.Period {
		case "today":
			return today, today.AddDate(0, 0, 1), true
		case "yesterday":
			return today.AddDate(0, 0, -1), today, true
		}
		for layout, months := range map[string]int{"2006-01": 1, "2006": 12} {
			if start, err := time.ParseInLocation(layout, w.Period, p.zone); err == nil {
				return start, start.AddDate(0, months, 0), true
			}
		}
		for unit, name := range periodNames {
			for _, which := range []string{"this", "last"} {
				if w.Period == which+" "+name {
					span := p.period(which, unit)[0]
					return span.start, span.end, true
				}
			}
		}
	}
	return start, end, false
}

// returns tells of whom a date's month and day come back from one day to before
// another: within so many days from T and not within fewer.
func (p *parse) returns(v syntax.Value, start, end time.Time) syntax.Formula {
	t := opens(p.asOf.In(p.zone), "d")
	year := t.AddDate(1, 0, 0)
	length := 0
	for start.AddDate(length, 0, 0).Before(t) {
		length++
	}
	for !start.AddDate(length-1, 0, 0).Before(t) {
		length--
	}
	start, end = start.AddDate(length, 0, 0), end.AddDate(length, 0, 0)
	within := func(to time.Time) syntax.Formula {
		days := int(math.Round(to.Sub(t).Hours() / 24))
		return &syntax.Anniversary{Value: v, Next: syntax.Duration{N: days, Unit: syntax.Day}}
	}
	switch {
	case !end.After(start):
		return nil
	case start.Equal(t):
		return within(end)
	case !end.After(year):
		return syntax.All(within(end), &syntax.Not{X: within(start)})
	}
	// It has begun: the rest of it, and its beginning a year on.
	return syntax.Any(within(end.AddDate(-1, 0, 0)), syntax.All(within(year), &syntax.Not{X: within(start)}))
}

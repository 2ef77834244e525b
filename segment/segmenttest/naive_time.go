package segmenttest

import (
	"fmt"
	"time"

	"tesela/segment/syntax"
)

// wall is the first instant at which the local clock shows a time or a later
// one, found by walking along in quarters of an hour.
func (n naive) wall(y int, m time.Month, d, h, mi int, rest time.Duration) time.Time {
	want := time.Date(y, m, d, h, mi, 0, 0, time.UTC).Add(rest)
	shows := func(t time.Time) time.Time {
		_, offset := t.In(n.w.Zone).Zone()
		return t.Add(time.Duration(offset) * time.Second)
	}
	step := 15 * time.Minute
	if n.w.Zone.String() == "America/St_Johns" { // which changed its clock at a minute past midnight
		step = 30 * time.Second
	}
	t := want.Add(-16 * time.Hour).UTC()
	for shows(t.Add(step)).Before(want) {
		t = t.Add(step)
	}
	// The instant lies after t and not after t+step.
	low, high := t, t.Add(step)
	for high.Sub(low) > 1 {
		mid := low.Add(high.Sub(low) / 2)
		if shows(mid).Before(want) {
			low = mid
		} else {
			high = mid
		}
	}
	return high
}

// day is the instant a date stands for.
func (n naive) day(d syntax.Date) (t time.Time, whole bool) {
	if day, err := time.Parse(time.DateOnly, d.Text); err == nil {
		y, m, dd := day.Date()
		return n.wall(y, m, dd, 0, 0, 0), true
	}
	t, err := time.Parse(time.RFC3339Nano, d.Text)
	if err != nil {
		panic(unsupported(err.Error()))
	}
	return t, false
}

// shift moves by a duration: minutes and hours exactly, days and weeks on the
// local calendar, months, quarters and years too with the day clamped.
func (n naive) shift(t time.Time, count int, unit syntax.Unit) time.Time {
	switch unit {
	case syntax.Minute:
		return t.Add(time.Duration(count) * time.Minute)
	case syntax.Hour:
		return t.Add(time.Duration(count) * time.Hour)
	}
	l := t.In(n.w.Zone)
	y, m, d := l.Date()
	h, mi, s := l.Clock()
	rest := time.Duration(s)*time.Second + time.Duration(l.Nanosecond())
	switch unit {
	case syntax.Day:
		return n.wall(y, m, d+count, h, mi, rest)
	case syntax.Week:
		return n.wall(y, m, d+7*count, h, mi, rest)
	case syntax.Quarter:
		count *= 3
	case syntax.Year:
		count *= 12
	}
	month := y*12 + int(m) - 1 + count
	y, m = month/12, time.Month(month%12+1)
	for time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Month() != m {
		d-- // the month is shorter
	}
	return n.wall(y, m, d, h, mi, rest)
}

// inside tells whether an instant lies in a window and before T.
func (n naive) inside(t time.Time, w *syntax.Window) bool {
	from, to := n.window(w)
	return t.Before(n.at) && t.Before(n.now) && t.Before(to) && (from.IsZero() || !t.Before(from))
}

// window is [from, to); a zero from has no beginning.
func (n naive) window(w *syntax.Window) (from, to time.Time) {
	to = n.at
	if n.now.Before(to) {
		to = n.now
	}
	if w == nil {
		return from, to
	}
	sooner := func(t time.Time) time.Time {
		if t.Before(to) {
			return t
		}
		return to
	}
	point := func(p syntax.Point) time.Time {
		if p.Date != nil {
			t, _ := n.day(*p.Date)
			return t
		}
		return n.shift(n.at, -p.Ago.N, p.Ago.Unit)
	}
	switch w.Kind {
	case syntax.WindowLast:
		return n.shift(n.at, -w.Duration.N, w.Duration.Unit), to
	case syntax.WindowFromTo:
		return point(w.From), sooner(point(w.To))
	case syntax.WindowBefore:
		return from, sooner(point(w.From))
	case syntax.WindowSince:
		return point(w.From), to
	}
	y, m, d := n.at.Add(-1).In(n.w.Zone).Date()
	on := func(y int, m time.Month, d int) time.Time { return n.wall(y, m, d, 0, 0, 0) }
	weekday := (int(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Weekday()) + 6) % 7 // Monday is 0
	quarter := []time.Month{1, 1, 1, 4, 4, 4, 7, 7, 7, 10, 10, 10}[m-1]
	switch w.Period {
	case "today":
		return on(y, m, d), to
	case "yesterday":
		return on(y, m, d-1), sooner(on(y, m, d))
	case "this week":
		return on(y, m, d-weekday), to
	case "last week":
		return on(y, m, d-weekday-7), sooner(on(y, m, d-weekday))
	case "this month":
		return on(y, m, 1), to
	case "last month":
		return on(y, m-1, 1), sooner(on(y, m, 1))
	case "this quarter":
		return on(y, quarter, 1), to
	case "last quarter":
		return on(y, quarter-3, 1), sooner(on(y, quarter, 1))
	case "this year":
		return on(y, 1, 1), to
	case "last year":
		return on(y-1, 1, 1), sooner(on(y, 1, 1))
	}
	var year, month int
	if k, _ := fmt.Sscanf(w.Period, "%d-%d", &year, &month); k == 2 {
		return on(year, time.Month(month), 1), sooner(on(year, time.Month(month)+1, 1))
	}
	return on(year, 1, 1), sooner(on(year+1, 1, 1))
}

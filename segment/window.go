package segment

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"tesela/segment/syntax"
)

// Span is a half-open range of time in microseconds since 1970 UTC. From is
// math.MinInt64 where it has no beginning. An empty span has From = To.
type Span struct{ From, To int64 }

// Empty tells that no instant lies in the span.
func (s Span) Empty() bool { return s.From >= s.To }

// Has tells whether the instant lies in the span.
func (s Span) Has(t int64) bool { return s.From <= t && t < s.To }

// String prints the span with UTC instants.
func (s Span) String() string {
	if s.From == math.MinInt64 {
		return "before " + microsString(s.To)
	}
	return "[" + microsString(s.From) + ", " + microsString(s.To) + ")"
}

func microsString(t int64) string { return time.UnixMicro(t).UTC().Format(time.RFC3339Nano) }

// Resolve turns a window into absolute times as of at, cut in the zone. Nil is
// everything before at. The span never reaches beyond at; a window that ends
// before it begins, or begins at at or later, gives an empty span. The error
// is a *syntax.Error: `next …` is no window of the past, and dates must exist.
func Resolve(w *syntax.Window, at time.Time, zone *time.Location) (Span, error) {
	end := micros(at)
	if w == nil {
		return Span{math.MinInt64, end}, nil
	}
	s := Span{math.MinInt64, end}
	var err error
	switch w.Kind {
	case syntax.WindowLast:
		s.From = micros(back(at, w.Duration, zone))
	case syntax.WindowFromTo:
		if s.From, err = pointMicros(w.From, at, zone); err == nil {
			s.To, err = pointMicros(w.To, at, zone)
		}
	case syntax.WindowBefore:
		s.To, err = pointMicros(w.From, at, zone)
	case syntax.WindowSince:
		s.From, err = pointMicros(w.From, at, zone)
	case syntax.WindowPeriod:
		var from, to time.Time
		from, to, err = period(w, at, zone)
		s.From, s.To = micros(from), micros(to)
	default:
		err = &syntax.Error{Span: w.Span, Message: "`next` looks ahead of the data; a window looks back, as in `last 30d`"}
	}
	if err != nil {
		return Span{}, err
	}
	s.To = min(s.To, end)
	if s.From > s.To {
		s.From = s.To
	}
	return s, nil
}

func pointMicros(p syntax.Point, at time.Time, zone *time.Location) (int64, error) {
	if p.Date == nil {
		if p.Ago == nil {
			return 0, &syntax.Error{Span: p.Span, Message: "a point in time is a date or a duration followed by `ago`"}
		}
		return micros(back(at, *p.Ago, zone)), nil
	}
	t, err := instant(*p.Date, zone)
	return micros(t), err
}

// instant is the point a date stands for: an RFC 3339 instant itself, a day's
// first midnight.
func instant(d syntax.Date, zone *time.Location) (time.Time, error) {
	if day, err := time.Parse(time.DateOnly, d.Text); err == nil {
		y, m, dd := day.Date()
		return midnight(y, m, dd, zone), nil
	}
	t, err := time.Parse(time.RFC3339Nano, d.Text)
	if err != nil {
		return t, &syntax.Error{Span: d.Span, Message: fmt.Sprintf("%s is no date; write 2011-12-01 or 2011-12-01T10:00:00Z", d.Text)}
	}
	return t, nil
}

// wholeDay tells the day a date literal names, counted from 1970-01-01, and
// whether it names a day at all rather than an instant.
func wholeDay(d syntax.Date) (day int64, whole bool) {
	t, err := time.Parse(time.DateOnly, d.Text)
	if err != nil {
		return 0, false
	}
	return civilDay(t.Date()), true
}

// back goes a duration back from at; ahead goes forward.
func back(at time.Time, d syntax.Duration, zone *time.Location) time.Time {
	return shift(at, -d.N, d.Unit, zone)
}

func ahead(at time.Time, d syntax.Duration, zone *time.Location) time.Time {
	return shift(at, d.N, d.Unit, zone)
}

// shiftYears bounds how far a shift reaches, so that no arithmetic overflows.
const shiftYears = 5000

func shift(at time.Time, n int, unit syntax.Unit, zone *time.Location) time.Time {
	var days, months int
	switch unit {
	case syntax.Minute, syntax.Hour:
		each := time.Minute
		if unit == syntax.Hour {
			each = time.Hour
		}
		const most = math.MaxInt64
		if n > int(most/each) || n < -int(most/each) {
			if n > 0 {
				return at.AddDate(292, 0, 0)
			}
			return at.AddDate(-292, 0, 0)
		}
		return at.Add(time.Duration(n) * each)
	case syntax.Day:
		days = bounded(n, 1, 366*shiftYears)
	case syntax.Week:
		days = bounded(n, 7, 366*shiftYears)
	case syntax.Month:
		months = bounded(n, 1, 12*shiftYears)
	case syntax.Quarter:
		months = bounded(n, 3, 12*shiftYears)
	case syntax.Year:
		months = bounded(n, 12, 12*shiftYears)
	}
	l := at.In(zone)
	y, m, d := l.Date()
	if months != 0 {
		first := time.Date(y, m+time.Month(months), 1, 0, 0, 0, 0, time.UTC)
		y, m = first.Year(), first.Month()
		d = min(d, daysIn(y, m))
	}
	h, mi, s := l.Clock()
	return wall(y, m, d+days, h, mi, s, l.Nanosecond(), zone)
}

// bounded is n times each, held within ±most.
func bounded(n, each, most int) int {
	return max(-most, min(most, max(-most, min(most, n))*each))
}

func daysIn(y int, m time.Month) int {
	return time.Date(y, m+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// period gives the bounds of a named period, not yet cut off at at.
func period(w *syntax.Window, at time.Time, zone *time.Location) (from, to time.Time, err error) {
	y, m, d := lastDay(at, zone)
	day := func(d int) time.Time { return midnight(y, m, d, zone) }
	months := func(first time.Month, n int) (time.Time, time.Time) {
		return midnight(y, first, 1, zone), midnight(y, first+time.Month(n), 1, zone)
	}
	sinceMonday := int(civilDay(y, m, d) + 3 - 7*week(civilDay(y, m, d)))
	quarter := (m-1)/3*3 + 1
	switch w.Period {
	case "today":
		return day(d), at, nil
	case "yesterday":
		return day(d - 1), day(d), nil
	case "this week":
		return day(d - sinceMonday), at, nil
	case "last week":
		return day(d - sinceMonday - 7), day(d - sinceMonday), nil
	case "this month":
		from, _ = months(m, 1)
		return from, at, nil
	case "last month":
		from, to = months(m-1, 1)
		return from, to, nil
	case "this quarter":
		from, _ = months(quarter, 3)
		return from, at, nil
	case "last quarter":
		from, to = months(quarter-3, 3)
		return from, to, nil
	case "this year":
		from, _ = months(1, 12)
		return from, at, nil
	case "last year":
		from, to = months(1-12, 12)
		return from, to, nil
	}
	if t, err := time.Parse("2006-01", w.Period); err == nil {
		y = t.Year()
		from, to = months(t.Month(), 1)
		return from, to, nil
	}
	if n, err := strconv.Atoi(w.Period); err == nil && len(w.Period) == 4 {
		y = n
		from, to = months(1, 12)
		return from, to, nil
	}
	return from, to, &syntax.Error{Span: w.Span, Message: fmt.Sprintf("%q is no period; write today, last month, 2011 or 2011-05", w.Period)}
}

package course

import (
	"fmt"
	"time"

	"tesela/segment"
	"tesela/segment/syntax"
)

// Point is an instant of the past as a formula names it: by a date, or by how
// long before Now it is.
type Point struct {
	At  time.Time
	Now time.Time // what Ago counts from, and the end of the data
	// Ago is set where the point moves along with Now; Date where it does not.
	// A point with neither is Now itself.
	Ago  *syntax.Duration
	Date *syntax.Date
}

// PointAt is a point in time of a formula as of now. A date that is no local
// midnight keeps its time of day.
func PointAt(p syntax.Point, now time.Time, zone *time.Location) (Point, error) {
	at, err := instantOf(p, now, zone)
	if err != nil {
		return Point{}, err
	}
	return Point{At: at, Now: now, Ago: p.Ago, Date: p.Date}, nil
}

// DateAt is an instant as a point that a date names.
func DateAt(at, now time.Time, zone *time.Location) Point {
	if !at.Before(now) {
		return NowAt(now)
	}
	return Point{At: at, Now: now, Date: dateOf(at, zone)}
}

// NowAt is the point that now is.
func NowAt(now time.Time) Point { return Point{At: now, Now: now} }

// IsNow tells that the point is the end of the data itself.
func (p Point) IsNow() bool { return p.Ago == nil && p.Date == nil }

// Micros is the point in microseconds.
func (p Point) Micros() int64 { return p.At.UnixMicro() }

// String writes the point as formulas do.
func (p Point) String() string {
	switch {
	case p.Ago != nil:
		return fmt.Sprintf("%d%s ago", p.Ago.N, p.Ago.Unit)
	case p.Date != nil:
		return p.Date.Text
	}
	return "now"
}

// point is the point in the tree of a formula; now itself has none.
func (p Point) point() syntax.Point { return syntax.Point{Ago: p.Ago, Date: p.Date} }

// far is later than any date of the language, so that windows up to it cut
// nothing off.
var far = time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)

// instantOf finds the instant of a point; a date may lie after now.
func instantOf(p syntax.Point, now time.Time, zone *time.Location) (time.Time, error) {
	end := now
	if p.Date != nil {
		end = far
	}
	span, err := segment.Resolve(&syntax.Window{Kind: syntax.WindowSince, From: p}, end, zone)
	if err != nil {
		return time.Time{}, err
	}
	return time.UnixMicro(span.From).In(zone), nil
}

// Back is an instant a duration earlier, by the calendar.
func Back(at time.Time, d syntax.Duration, zone *time.Location) time.Time {
	t, err := instantOf(syntax.Point{Ago: &d}, at, zone)
	if err != nil { // a duration always resolves
		return at
	}
	return t
}

// Ahead is an instant a duration later, by the calendar; the day is clamped to
// the month's last.
func Ahead(at time.Time, d syntax.Duration, zone *time.Location) time.Time {
	l := at.In(zone)
	y, m, day := l.Date()
	switch d.Unit {
	case syntax.Minute:
		return at.Add(time.Duration(d.N) * time.Minute)
	case syntax.Hour:
		return at.Add(time.Duration(d.N) * time.Hour)
	case syntax.Day:
		day += d.N
	case syntax.Week:
		day += 7 * d.N
	default:
		months := map[syntax.Unit]int{syntax.Month: 1, syntax.Quarter: 3, syntax.Year: 12}[d.Unit] * d.N
		first := time.Date(y, m+time.Month(months), 1, 0, 0, 0, 0, time.UTC)
		y, m = first.Year(), first.Month()
		day = min(day, time.Date(y, m+1, 0, 0, 0, 0, 0, time.UTC).Day())
	}
	h, mi, s := l.Clock()
	return time.Date(y, m, day, h, mi, s, l.Nanosecond(), zone)
}

// dayOf is the local day of an instant.
func dayOf(at time.Time, zone *time.Location) segment.Day {
	return segment.DayAt(at.UnixMicro(), zone)
}

// dateOf is the literal of an instant: a day where it is its first midnight,
// else the instant.
func dateOf(at time.Time, zone *time.Location) *syntax.Date {
	if day := dayOf(at, zone); day.Begin(zone) == at.UnixMicro() {
		return &syntax.Date{Text: day.String()}
	}
	return &syntax.Date{Text: at.UTC().Format(time.RFC3339Nano)}
}

// DaysBetween counts the local days from one instant to another.
func DaysBetween(from, to time.Time, zone *time.Location) int {
	return int(dayOf(to, zone) - dayOf(from, zone))
}

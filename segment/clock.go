package segment

import (
	"sync"
	"time"

	"tesela/segment/syntax"
)

// Local time. A zone's clock jumps: a wall time may be missing or come twice.
// One rule settles every case: a wall time is the first instant at which the
// local clock shows it or a later one. A local day runs from its first
// midnight to the next day's.

const (
	dayMicros = int64(24 * time.Hour / time.Microsecond)
	// earliestOffset is more than any zone is ahead of UTC.
	earliestOffset = 26 * time.Hour
)

// wall finds the instant of a wall time; fields overflow as in time.Date.
func wall(y int, m time.Month, d, h, mi, s, ns int, zone *time.Location) time.Time {
	want := time.Date(y, m, d, h, mi, s, ns, time.UTC)
	at := want.Add(-earliestOffset).In(zone)
	for {
		_, offset := at.Zone()
		x := want.Add(-time.Duration(offset) * time.Second).In(zone)
		if x.Before(at) {
			return at // the clock jumped over it
		}
		_, end := at.ZoneBounds()
		if !end.IsZero() && !end.After(at) {
			// Beyond a zone's table ZoneBounds gives such ends on the last day
			// of some leap years, on which no clock changes.
			end = at.Add(24 * time.Hour)
		}
		if end.IsZero() || x.Before(end) {
			return x
		}
		at = end
	}
}

// midnight is the first instant of a local day.
func midnight(y int, m time.Month, d int, zone *time.Location) time.Time {
	return wall(y, m, d, 0, 0, 0, 0, zone)
}

// lastDay gives the local day that contains the instant before at.
func lastDay(at time.Time, zone *time.Location) (y int, m time.Month, d int) {
	return at.Add(-1).In(zone).Date()
}

// civilDay counts the days from 1970-01-01 to a calendar day.
func civilDay(y int, m time.Month, d int) int64 {
	return floorDiv(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix(), 24*60*60)
}

// dayDate is the inverse of civilDay.
func dayDate(day int64) (y int, m time.Month, d int) {
	return time.Unix(day*24*60*60, 0).UTC().Date()
}

// dayMidnight is the first instant of a day counted from 1970-01-01.
func dayMidnight(day int64, zone *time.Location) time.Time {
	y, m, d := dayDate(day)
	return midnight(y, m, d, zone)
}

// micros counts microseconds since 1970, rounded up, so that x < t holds of a
// time in microseconds exactly where x < micros(t).
func micros(t time.Time) int64 {
	u := t.UnixMicro()
	if t.Nanosecond()%1000 != 0 {
		u++
	}
	return u
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b != 0 && (a < 0) != (b < 0) {
		q--
	}
	return q
}

// calendar finds the local day of an instant fast, from the first midnights of
// the days between two bounds. Beyond the bounds it asks the zone. It is safe
// for concurrent use.
type calendar struct {
	zone     *time.Location
	from, to time.Time
	once     sync.Once
	first    int64   // the day that starts at starts[0]
	starts   []int64 // microseconds
	months   []int32 // by day; see month
}

// calendarDays bounds the table: beyond about 270 years it would cost more
// than it saves.
const calendarDays = 100_000

func newCalendar(zone *time.Location, from, to time.Time) *calendar {
	return &calendar{zone: zone, from: from, to: to}
}

// calendarOf covers the rows of a schema's events.
func calendarOf(s *Schema) *calendar {
	from, to := time.Unix(0, 0), time.Unix(-1, 0)
	for _, e := range s.Events {
		switch {
		case e.Rows == 0:
		case to.Before(from):
			from, to = e.First, e.Last
		default:
			if e.First.Before(from) {
				from = e.First
			}
			if e.Last.After(to) {
				to = e.Last
			}
		}
	}
	return newCalendar(s.Zone, from, to)
}

func (c *calendar) fill() {
	if c.to.Before(c.from) {
		return
	}
	c.first = c.slowDay(micros(c.from))
	last := c.slowDay(micros(c.to))
	if last-c.first > calendarDays {
		return
	}
	c.starts = make([]int64, 0, last-c.first+2)
	for d := c.first; d <= last+1; d++ {
		c.starts = append(c.starts, micros(dayMidnight(d, c.zone)))
		c.months = append(c.months, int32(month(d)))
	}
}

// month gives the calendar month of a day.
func (c *calendar) month(day int64) int64 {
	if i := day - c.first; i >= 0 && i < int64(len(c.months)) {
		return int64(c.months[i])
	}
	return month(day)
}

// later is n local days after an instant, at the same wall time. Where both
// days are as long as any, that is a matter of adding up.
func (c *calendar) later(t int64, n int) int64 {
	c.once.Do(c.fill)
	i := c.day(t) - c.first
	j := i + int64(n)
	if i >= 0 && n >= 0 && j+1 < int64(len(c.starts)) && c.starts[i+1]-c.starts[i] == dayMicros && c.starts[j+1]-c.starts[j] == dayMicros {
		return c.starts[j] + t - c.starts[i]
	}
	return micros(shift(time.UnixMicro(t), n, syntax.Day, c.zone))
}

// day gives the local day of an instant, counted from 1970-01-01.
func (c *calendar) day(t int64) int64 {
	c.once.Do(c.fill)
	n := len(c.starts)
	if n < 2 || t < c.starts[0] || t >= c.starts[n-1] {
		return c.slowDay(t)
	}
	i := min(int((t-c.starts[0])/dayMicros), n-2)
	for c.starts[i] > t {
		i--
	}
	for c.starts[i+1] <= t {
		i++
	}
	return c.first + int64(i)
}

// slowDay counts a day from its first midnight on, also where the clock was
// set back over that midnight.
func (c *calendar) slowDay(t int64) int64 {
	y, m, d := time.UnixMicro(t).In(c.zone).Date()
	day := civilDay(y, m, d)
	if micros(dayMidnight(day+1, c.zone)) <= t {
		day++
	}
	return day
}

// week numbers ISO weeks: days of the same week have the same number.
func week(day int64) int64 { return floorDiv(day+3, 7) }

// month numbers calendar months.
func month(day int64) int64 {
	y, m, _ := dayDate(day)
	return int64(y)*12 + int64(m) - 1
}

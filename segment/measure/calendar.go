package measure

import (
	"math/bits"
	"sort"
	"time"

	"tesela/segment"
	"tesela/segment/syntax"
)

// pers are the periods that figures can go by. weekday and hour fold all weeks
// and days onto one.
var pers = []string{"day", "week", "month", "quarter", "year", "weekday", "hour"}

// folded tells the periods that come round again and so are no spans of time.
func folded(per string) bool { return per == "weekday" || per == "hour" }

// maxPeriods bounds the periods of one table: 270 years of days.
const maxPeriods = 100_000

// calendar maps instants onto numbered periods of a span. Local days begin at
// their first midnight, as everywhere in the core.
type calendar struct {
	per  string
	zone *time.Location
	// bounds are the starts of consecutive days, weeks, … and the end of the
	// last, in microseconds; hours of the day have the zone's offsets
	// instead: offsets[i] holds from bounds[i] on.
	bounds  []int64
	offsets []int64
	first   segment.Day // that bounds[0] starts
	shift   int
	table   []int32 // (t-bounds[0])>>shift → a bound at or before t
	weekday []uint8 // of the day that starts at a bound
	n       int
}

func microsOf(t time.Time) int64 {
	u := t.UnixMicro()
	if t.Nanosecond()%1000 != 0 {
		u++
	}
	return u
}

// newCalendar covers a span; an empty span has no periods, but weekdays and
// hours are always all there. Days beyond the span are still found by day.
func newCalendar(per string, zone *time.Location, s segment.Span) *calendar {
	c := &calendar{per: per, zone: zone}
	switch per {
	case "weekday":
		c.n = 7
	case "hour":
		c.n = 24
	}
	if s.Empty() {
		return c
	}
	if per == "hour" {
		for t := s.From; t < s.To; {
			at := time.UnixMicro(t).In(zone)
			_, offset := at.Zone()
			c.bounds = append(c.bounds, t)
			c.offsets = append(c.offsets, int64(offset)*1e6)
			_, end := at.ZoneBounds()
			if end.IsZero() {
				break
			}
			if end.UnixMicro() <= t { // as ZoneBounds says on some last days of leap years
				end = at.Add(24 * time.Hour)
			}
			t = end.UnixMicro()
		}
		c.bounds = append(c.bounds, s.To)
		c.index()
		return c
	}
	step := per
	if per == "weekday" {
		step = "day"
	}
	day := segment.DayAt(s.From, zone).PeriodStart(step)
	c.first = day
	for {
		start := day.Begin(zone)
		c.bounds = append(c.bounds, start)
		if start >= s.To {
			break
		}
		day = day.PeriodNext(step)
	}
	if per == "weekday" {
		c.weekday = make([]uint8, len(c.bounds))
		for i := range c.weekday {
			c.weekday[i] = uint8((c.first + segment.Day(i)).Weekday())
		}
	} else {
		c.n = len(c.bounds) - 1
	}
	c.index()
	return c
}

// periodsIn estimates how many periods a span has, from below.
func periodsIn(per string, s segment.Span) int64 {
	days := map[string]int64{"day": 1, "week": 7, "month": 31, "quarter": 92, "year": 366}[per]
	if days == 0 || s.Empty() {
		return 0
	}
	return (s.To/1e6 - s.From/1e6) / (86400 * days)
}

// index makes the table that finds a bound in one or two steps.
func (c *calendar) index() {
	length := uint64(c.bounds[len(c.bounds)-1] - c.bounds[0])
	slots := uint64(max(64, min(4*len(c.bounds), 1<<16)))
	c.shift = max(0, bits.Len64(length/slots))
	c.table = make([]int32, length>>c.shift+1)
	b := 0
	for i := range c.table {
		t := c.bounds[0] + int64(uint64(i)<<c.shift)
		for b+2 < len(c.bounds) && c.bounds[b+1] <= t {
			b++
		}
		c.table[i] = int32(b)
	}
}

// bound finds i with bounds[i] ≤ t < bounds[i+1]; t lies in the span.
func (c *calendar) bound(t int64) int {
	i := int(c.table[uint64(t-c.bounds[0])>>c.shift])
	for t >= c.bounds[i+1] && i+2 < len(c.bounds) {
		i++
	}
	return i
}

// number sets keys to the periods of instants of the span.
func (c *calendar) number(times []int64, keys []uint64) {
	keys = keys[:len(times)]
	switch c.per {
	case "weekday":
		for i, t := range times {
			keys[i] = uint64(c.weekday[c.bound(t)])
		}
	case "hour":
		// a whole number of days, so that instants before 1970 come positive
		const ahead = 1_000_000 * 86400e6
		for i, t := range times {
			keys[i] = uint64(t+c.offsets[c.bound(t)]+ahead) / 3600e6 % 24
		}
	default:
		for i, t := range times {
			keys[i] = uint64(c.bound(t))
		}
	}
}

// day gives the civil day of any instant.
func (c *calendar) day(t int64) segment.Day {
	n := len(c.bounds)
	if c.per != "day" || n < 2 || t < c.bounds[0] || t >= c.bounds[n-1] {
		return segment.DayAt(t, c.zone)
	}
	return c.first + segment.Day(c.bound(t))
}

// key is the cell that names period i.
func (c *calendar) key(i int) any {
	switch c.per {
	case "weekday":
		return int64(i + 1)
	case "hour":
		return int64(i)
	}
	return segment.DayAt(c.bounds[i], c.zone).PeriodKey(c.per)
}

// span is period i of those that are spans of time.
func (c *calendar) span(i int) segment.Span {
	return segment.Span{From: c.bounds[i], To: c.bounds[i+1]}
}

// moment shows an instant: a midnight as its day, less back days, else in full.
func (c *calendar) moment(t int64, back segment.Day) string {
	if day := segment.DayAt(t, c.zone); day.Begin(c.zone) == t {
		return (day - back).String()
	}
	return time.UnixMicro(t).In(c.zone).Format(time.RFC3339)
}

// column describes the column of periods.
func (c *calendar) column() Column {
	kind := kindText
	switch {
	case folded(c.per):
		kind = kindNumber
	case c.per == "day":
		kind = kindDate
	}
	return Column{Name: c.per, Kind: kind, Unit: c.per}
}

// nearestPer names periods like an unknown one.
func nearestPer(text string) []string {
	known := append([]string{}, pers...)
	sort.Strings(known)
	return syntax.NearestNames(text, known, 2)
}

package segment

import (
	"math"
	"time"

	"tesela/segment/column"
	"tesela/segment/syntax"
)

// Parts of a row's time stand inside where like properties, as numbers of
// local time: weekday (ISO: 1 is Monday, 7 Sunday), hour (0 to 23) and month
// (1 to 12). They are never unset. A property of the same name goes first.

// timeParts are their names, each with its greatest number.
var timeParts = map[string]int{"weekday": 7, "hour": 23, "month": 12}

// IsTimePart tells whether a name stands for a part of a row's time inside
// where, with events that have no property of that name.
func IsTimePart(name string) bool { return timeParts[name] > 0 }

// timePart numbers instants. It is safe for concurrent use.
type timePart struct {
	name string
	cal  *calendar
}

// partName checks a part of the row's time; nil where the name is none.
func (c *compiler) partName(n *syntax.Name) *value {
	if !IsTimePart(n.Name) || n.Params != nil {
		return nil
	}
	return &value{
		kind: column.Number, form: inFloats, den: 1, origin: fromTime, name: n.Name, text: n.String(), span: n.Span,
		part: &timePart{n.Name, c.calendar},
	}
}

// of is the part's number at an instant in microseconds.
func (p *timePart) of(t int64) int64 {
	switch p.name {
	case "weekday":
		day := p.cal.day(t) + 3 // 1970-01-01 was a Thursday
		return day - 7*floorDiv(day, 7) + 1
	case "month":
		m := p.cal.month(p.cal.day(t))
		return m - 12*floorDiv(m, 12) + 1
	}
	return int64(time.UnixMicro(t).In(p.cal.zone).Hour())
}

// passing marks the numbers that pass a test, a bit each.
func (p *timePart) passing(t *test) uint32 {
	bits := uint32(0)
	for n := range timeParts[p.name] + 1 {
		if t.kind == onSet || t.holdsFloat(float64(n)) {
			bits |= 1 << n
		}
	}
	return bits
}

// bindPart answers a test for the rows of a table.
func bindPart(c condTest, t *column.Table) func(row int) bool {
	part, pass := c.value.part, c.value.part.passing(&c.test)
	return func(row int) bool { return pass>>part.of(t.Time(row))&1 != 0 }
}

// partMarker marks the rows of a table that pass a test of a time's part.
// Days are looked up where the times are packed; hours are told by the offset
// from UTC that holds around them.
func partMarker(c condTest, t *column.Table) marker {
	part, pass := c.value.part, c.value.part.passing(&c.test)
	if part.name != "hour" {
		if steps := column.NewSteps(t.Clock, leastDay, part.of); steps != nil {
			return eachRow(func(row int) bool { return pass>>steps.Of(t.Clock.X(row))&1 != 0 })
		}
		return eachRow(bindPart(c, t))
	}
	return func(_ *marking, from, to int, out []uint64) {
		o := offset{from: 1, to: 0} // holds nowhere
		for k := range markWords(from, to) {
			word := uint64(0)
			for row := from + k<<6; row < min(to, from+(k+1)<<6); row++ {
				at := t.Time(row)
				if at < o.from || at >= o.to {
					o = part.offset(at)
				}
				const ahead = 1_000_000 * dayMicros // so that instants before 1970 come positive
				word |= uint64(pass>>(uint64(at+o.ahead+ahead)/3600e6%24)&1) << ((row - from) & 63)
			}
			out[k] = word
		}
	}
}

// offset is how far a zone's clock is ahead of UTC from an instant up to
// another, all in microseconds.
type offset struct{ from, to, ahead int64 }

// offset finds the one that holds at an instant.
func (p *timePart) offset(at int64) offset {
	local := time.UnixMicro(at).In(p.cal.zone)
	_, seconds := local.Zone()
	o := offset{math.MinInt64, math.MaxInt64, int64(seconds) * 1e6}
	from, to := local.ZoneBounds()
	if !from.IsZero() {
		o.from = micros(from)
	}
	switch {
	case to.IsZero():
	case to.After(local):
		o.to = micros(to)
	default: // as ZoneBounds says on some last days of leap years, on which no clock changes
		o.to = at + 1
	}
	return o
}

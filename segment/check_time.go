package segment

import (
	"fmt"
	"math"
	"time"

	"tesela/segment/column"
	"tesela/segment/syntax"
)

// temporalValue checks a value that must be a time or a date.
func (c *compiler) temporalValue(f syntax.Value, what string) *value {
	v := c.value(f)
	if v != nil && !v.temporal() {
		c.fail(v.span, "%s is %s; `%s` asks about a time or a date", v.text, kindPhrase(v.kind), what)
		return nil
	}
	return v
}

var dateOps = map[syntax.DateOp]syntax.Op{syntax.Before: syntax.Lt, syntax.After: syntax.Gt, syntax.On: syntax.Eq}

func (c *compiler) dateCompare(f *syntax.DateCompare) cond {
	v := c.temporalValue(f.Value, string(f.Op))
	lit := c.date(f.Date)
	op, known := dateOps[f.Op]
	if !known {
		c.fail(f.Span, "%q is no comparison with a date; use before, after or on", string(f.Op))
	}
	if v == nil || lit == nil || !known {
		return condConst(false)
	}
	if v.literal() {
		return c.compareLiterals(v, op, lit)
	}
	return c.compareLiteral(v, op, lit)
}

// within asks whether a time lies in a window; a date counts as its first
// midnight.
func (c *compiler) within(f *syntax.Within) cond {
	v := c.temporalValue(f.Value, "within")
	if c.event != nil && c.noInstant {
		c.fail(f.Span, "%s depends on the day the question is asked for, which a filter by itself does not know; name dates instead", f)
		return condConst(false)
	}
	s, ok := c.resolve(f.Window)
	c.relative = true
	if v == nil || !ok {
		return condConst(false)
	}
	r := intRange{max(s.From, math.MinInt64+1), s.To - 1}
	if v.kind == column.Date {
		r = intRange{math.MinInt64 + 1, c.calendar.slowDay(s.To - 1)}
		if s.From != math.MinInt64 {
			r.lo = c.calendar.slowDay(s.From)
			if micros(dayMidnight(r.lo, c.schema.Zone)) < s.From {
				r.lo++
			}
		}
		if s.Empty() {
			r = intRange{1, 0}
		}
	}
	if v.literal() {
		at := v.lo
		return condConst(s.Has(at))
	}
	return condTest{v, test{kind: onInts, ints: []intRange{r}}, "in " + s.String()}
}

// anniversary asks whether the month and day of a date come again within a
// duration from T.
func (c *compiler) anniversary(f *syntax.Anniversary) cond {
	v := c.temporalValue(f.Value, "anniversary")
	if c.event != nil && c.noInstant {
		c.fail(f.Span, "%s depends on the day the question is asked for, which a filter by itself does not know", f)
		return condConst(false)
	}
	c.relative = true
	if v == nil {
		return condConst(false)
	}
	from, to := c.at, ahead(c.at, f.Next, c.schema.Zone)
	days := anniversaries(c.calendar, from, to)
	t := test{kind: onDays, days: days}
	if v.kind == column.Time {
		t.kind, t.zone = onTimes, c.calendar
	}
	if v.literal() {
		day := v.day
		if !v.whole {
			day = c.calendar.slowDay(v.lo)
		}
		t.kind = onDays
		return condConst(t.holdsDay(day))
	}
	y, m, d := dayDate(c.calendar.slowDay(micros(from)))
	text := fmt.Sprintf("anniversary within %s from %s", f.Next, time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Format(time.DateOnly))
	return condTest{v, t, text}
}

// anniversaries marks the month and day of each local day that has an instant
// in [from, to); 28 February stands for the 29th in years without one.
func anniversaries(c *calendar, from, to time.Time) *yearDays {
	var days yearDays
	first := c.slowDay(micros(from))
	last := min(c.slowDay(micros(to)-1), first+4*366*2)
	for day := first; day <= last; day++ {
		y, m, d := dayDate(day)
		days[m][d] = true
		if m == time.February && d == 28 && daysIn(y, m) == 28 {
			days[m][29] = true
		}
	}
	return &days
}

package segment

import (
	"fmt"
	"time"
)

// Day is a civil day, counted from 1970-01-01. Days begin at their first
// midnight in a zone; where the clock leaps over it, at the first instant after.
type Day int64

// DayOf is the day of a date; months and days beyond their range carry over.
func DayOf(y int, m time.Month, d int) Day {
	return Day(civilDay(y, m, d))
}

// DayAt is the local day of an instant in microseconds.
func DayAt(micros int64, zone *time.Location) Day {
	d := DayOf(time.UnixMicro(micros).In(zone).Date())
	if (d + 1).Begin(zone) <= micros { // the clock was set back over midnight
		d++
	}
	return d
}

// Begin is the first instant of the day, in microseconds.
func (d Day) Begin(zone *time.Location) int64 {
	return dayMidnight(int64(d), zone).UnixMicro()
}

// Date is the day's date.
func (d Day) Date() (int, time.Month, int) { return dayDate(int64(d)) }

// Weekday counts from 0, a Monday.
func (d Day) Weekday() int { return int(((d+3)%7 + 7) % 7) }

// String writes the day as 2011-03-05.
func (d Day) String() string {
	return time.Unix(int64(d)*24*60*60, 0).UTC().Format(time.DateOnly)
}

// The periods are days, ISO weeks, months, quarters and years, named day, week,
// month, quarter and year; other names count as day.

// PeriodStart is the first day of the period that the day lies in.
func (d Day) PeriodStart(per string) Day {
	y, m, _ := d.Date()
	switch per {
	case "week":
		return d - Day(d.Weekday())
	case "month":
		return DayOf(y, m, 1)
	case "quarter":
		return DayOf(y, (m-1)/3*3+1, 1)
	case "year":
		return DayOf(y, 1, 1)
	}
	return d
}

// PeriodNext is the first day of the period after the one that begins with this
// day.
func (d Day) PeriodNext(per string) Day {
	y, m, _ := d.Date()
	switch per {
	case "week":
		return d + 7
	case "month":
		return DayOf(y, m+1, 1)
	case "quarter":
		return DayOf(y, m+3, 1)
	case "year":
		return DayOf(y+1, 1, 1)
	}
	return d + 1
}

// PeriodKey names the period that the day lies in: 2011-03-05, 2011-W09,
// 2011-03, 2011-Q1 or 2011.
func (d Day) PeriodKey(per string) string {
	y, m, _ := d.Date()
	switch per {
	case "week":
		y, w := time.Unix(int64(d)*24*60*60, 0).UTC().ISOWeek()
		return fmt.Sprintf("%04d-W%02d", y, w)
	case "month":
		return fmt.Sprintf("%04d-%02d", y, m)
	case "quarter":
		return fmt.Sprintf("%04d-Q%d", y, (m-1)/3+1)
	case "year":
		return fmt.Sprintf("%04d", y)
	}
	return d.String()
}

package wording

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Date writes a day: 5 March 2011.
func (l *Language) Date(t time.Time) string {
	return Fill(l.DateForm, "day", strconv.Itoa(t.Day()), "month", l.Months[t.Month()-1], "year", strconv.Itoa(t.Year()))
}

// Time writes an instant to the minute, in the zone it comes in.
func (l *Language) Time(t time.Time) string {
	return Fill(l.TimeForm, "date", l.Date(t), "hour", t.Format("15"), "minute", t.Format("04"))
}

var periodKey = regexp.MustCompile(`^(\d{4})(?:-(?:W(\d{2})|Q([1-4])|(\d{2})(?:-(\d{2}))?))?$`)

// Period writes a period's key in words: 2011-03-05, 2011-W09, 2011-03,
// 2011-Q1 and 2011. Other texts are given back as they are.
func (l *Language) Period(key string) string {
	m := periodKey.FindStringSubmatch(key)
	if m == nil {
		return key
	}
	year, week, quarter, month, day := m[1], m[2], m[3], m[4], m[5]
	switch {
	case week != "":
		return Fill(l.WeekForm, "week", strings.TrimPrefix(week, "0"), "year", year)
	case quarter != "":
		return Fill(l.QuarterForm, "quarter", quarter, "year", year)
	case day != "":
		if t, err := time.Parse(time.DateOnly, key); err == nil {
			return l.Date(t)
		}
		return key
	case month != "":
		if t, err := time.Parse("2006-01", key); err == nil {
			return Fill(l.MonthForm, "month", l.Months[t.Month()-1], "year", year)
		}
		return key
	}
	return year
}

// Weekday writes a day of the week, 1 being Monday.
func (l *Language) Weekday(n int) (string, bool) {
	if n < 1 || n > 7 {
		return "", false
	}
	return l.Weekdays[n-1], true
}

// instant reads a date or RFC 3339 text; whole tells a day.
func instant(s string) (t time.Time, whole, ok bool) {
	if t, err := time.Parse(time.DateOnly, s); err == nil {
		return t, true, true
	}
	if t, err := time.Parse(time.RFC3339Nano, s); err == nil {
		return t, false, true
	}
	return time.Time{}, false, false
}

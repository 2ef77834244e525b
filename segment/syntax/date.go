package syntax

import (
	"fmt"
	"strings"
	"time"
)

const dayLayout = "2006-01-02"

// dateLen is the length of the date or instant at the start of s, well formed
// or not; 0 where none begins.
func dateLen(s string) int {
	const day = len(dayLayout)
	if len(s) < day || s[4] != '-' || s[7] != '-' || !allDigits(s[:4]+s[5:7]+s[8:day]) {
		return 0
	}
	if len(s) == day || s[day] != 'T' && s[day] != 't' {
		if len(s) > day && digit(s[day]) {
			return 0
		}
		return day
	}
	n := day + 1
	for n < len(s) && (digit(s[n]) || strings.IndexByte(":.zZ", s[n]) >= 0) {
		n++
	}
	// The sign of an offset belongs to the instant only right after a time.
	if n < len(s) && n > day+1 && (s[n] == '+' || s[n] == '-') && s[n-1] != 'Z' && s[n-1] != 'z' {
		n++
		for n < len(s) && (digit(s[n]) || s[n] == ':') {
			n++
		}
	}
	return n
}

// newDate gives the canonical text of a date or instant, or what is wrong. An
// instant is put in UTC, so that one moment has one text.
func newDate(s string) (canonical, fault string) {
	if len(s) == len(dayLayout) {
		if t, err := time.Parse(dayLayout, s); err != nil || t.Year() < 1 {
			return "", fmt.Sprintf("%s is not a day of the calendar: dates are year-month-day, as in 2011-12-01", s)
		}
		return s, ""
	}
	t, err := time.Parse(time.RFC3339Nano, strings.ToUpper(s))
	if err != nil {
		return "", fmt.Sprintf("%s is not an instant: write one with seconds and zone, as in 2011-12-01T10:30:00Z or 2011-12-01T10:30:00+01:00", s)
	}
	t = t.UTC()
	if t.Year() < 1 || t.Year() > 9999 {
		return "", fmt.Sprintf("%s is outside the years 0001 to 9999", s)
	}
	return t.Format(time.RFC3339Nano), ""
}

// Time is the date in the zone: of a day (whole is true) its first instant
// there, else the instant itself. A Date made by hand that is no date gives
// the zero time.
func (d Date) Time(zone *time.Location) (t time.Time, whole bool) {
	if len(d.Text) != len(dayLayout) {
		t, err := time.Parse(time.RFC3339Nano, d.Text)
		if err != nil {
			return time.Time{}, false
		}
		return t.In(zone), false
	}
	day, err := time.Parse(dayLayout, d.Text)
	if err != nil {
		return time.Time{}, true
	}
	return firstInstant(day, zone), true
}

// firstInstant is the first moment of a calendar day in a zone, also where the
// clocks change at midnight and 00:00 comes twice or not at all, in which case
// time.Date leaves open what it returns.
func firstInstant(day time.Time, zone *time.Location) time.Time {
	t := time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, zone)
	if t.Day() != day.Day() { // 00:00 was skipped and t lies before the jump
		_, end := t.ZoneBounds()
		return end
	}
	start, _ := t.ZoneBounds()
	if start.IsZero() {
		return t
	}
	_, before := start.Add(-time.Second).Zone()
	_, now := t.Zone()
	switch {
	case before > now: // clocks went back: 00:00 may have come before that too
		if e := t.Add(time.Duration(now-before) * time.Second); e.Before(start) && e.Day() == day.Day() {
			return e
		}
	case t.Hour() != 0 || t.Minute() != 0: // 00:00 was skipped
		return start
	}
	return t
}

package main

import (
	"fmt"
	"time"
)

// Local time over Go's time package alone: this is what the core's own
// calendar is audited against.

// instant is the first instant at which the zone's clock shows the wall time
// or, where the clock jumps over it, a later one. It looks hour by hour and,
// from three hours before, which is more than any clock jumps at once nowadays,
// minute by minute: slow, and plain to see.
func instant(wall time.Time, zone *time.Location) time.Time {
	want := time.Date(wall.Year(), wall.Month(), wall.Day(), wall.Hour(), wall.Minute(), 0, 0, time.UTC)
	rest := time.Duration(wall.Second())*time.Second + time.Duration(wall.Nanosecond())
	for at := want.Add(-26 * time.Hour); ; {
		l := at.In(zone)
		shown := time.Date(l.Year(), l.Month(), l.Day(), l.Hour(), l.Minute(), 0, 0, time.UTC)
		switch {
		case shown.Equal(want):
			return at.Add(rest)
		case shown.After(want):
			return at
		case want.Sub(shown) > 3*time.Hour:
			at = at.Add(time.Hour)
		default:
			at = at.Add(time.Minute)
		}
	}
}

// midnight is the first instant of a local day; fields overflow.
func midnight(y int, m time.Month, d int, zone *time.Location) time.Time {
	return instant(time.Date(y, m, d, 0, 0, 0, 0, time.UTC), zone)
}

// nextMidnight ends the local day of an instant.
func nextMidnight(at time.Time, zone *time.Location) time.Time {
	y, m, d := at.In(zone).Date()
	return midnight(y, m, d+1, zone)
}

// ago is n units before at: minutes and hours exactly; days, weeks, months,
// quarters and years by the local calendar at the same time of day, with the
// day clamped to the month's last.
func ago(at time.Time, n int, unit string, zone *time.Location) (time.Time, error) {
	l := at.In(zone)
	wall := time.Date(l.Year(), l.Month(), l.Day(), l.Hour(), l.Minute(), l.Second(), l.Nanosecond(), time.UTC)
	switch unit {
	case "min":
		return at.Add(-time.Duration(n) * time.Minute), nil
	case "h":
		return at.Add(-time.Duration(n) * time.Hour), nil
	case "d":
		return instant(wall.AddDate(0, 0, -n), zone), nil
	case "w":
		return instant(wall.AddDate(0, 0, -7*n), zone), nil
	case "mo":
		return instant(monthsBack(wall, n), zone), nil
	case "q":
		return instant(monthsBack(wall, 3*n), zone), nil
	case "y":
		return instant(monthsBack(wall, 12*n), zone), nil
	}
	return time.Time{}, fmt.Errorf("ago: the unit %q is none of min, h, d, w, mo, q, y", unit)
}

func monthsBack(wall time.Time, n int) time.Time {
	first := time.Date(wall.Year(), wall.Month()-time.Month(n), 1, wall.Hour(), wall.Minute(), wall.Second(), wall.Nanosecond(), time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return first.AddDate(0, 0, min(wall.Day(), last)-1)
}

// isoWeek keys a date's week as 2025-W09, quarter as 2025-Q1.
func isoWeek(day string) (string, error) {
	d, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return "", fmt.Errorf("iso_week: %q is no date", day)
	}
	y, w := d.ISOWeek()
	return fmt.Sprintf("%d-W%02d", y, w), nil
}

func quarter(day string) (string, error) {
	d, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return "", fmt.Errorf("quarter: %q is no date", day)
	}
	return fmt.Sprintf("%d-Q%d", d.Year(), (int(d.Month())+2)/3), nil
}

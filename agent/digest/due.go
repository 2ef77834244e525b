package digest

import "time"

// at is the instant of a wall time on a day in a zone. A time that the clock
// skips comes when it jumps, one that it shows twice comes the first time.
func at(day time.Time, hour, minute int, zone *time.Location) time.Time {
	wall := time.Date(day.Year(), day.Month(), day.Day(), hour, minute, 0, 0, time.UTC)
	// No zone is further than this from UTC, not even one that skips a day.
	for t := wall.Add(-27 * time.Hour).In(zone); ; {
		start, end := t.ZoneBounds()
		_, offset := t.Zone()
		moment := wall.Add(-time.Duration(offset) * time.Second)
		switch {
		case !start.IsZero() && moment.Before(start):
			return start
		case end.IsZero() || moment.Before(end):
			return moment.In(zone)
		}
		t = end
	}
}

// horizon is how far two instants of one schedule may lie apart, in days.
func (s Schedule) horizon() int { return 7*max(s.Weeks, 1) + 70 }

// dayOf is the date of an instant in a zone, as midnight in UTC.
func dayOf(t time.Time, zone *time.Location) time.Time {
	year, month, day := t.In(zone).Date()
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

// Next is the first instant after one, by the clock of a zone (nil: UTC); the
// zero time for a schedule that Check refuses.
func (s Schedule) Next(after time.Time, zone *time.Location) time.Time {
	if zone == nil {
		zone = time.UTC
	}
	if s.Check() != nil {
		return time.Time{}
	}
	first := dayOf(after, zone).AddDate(0, 0, -2) // clocks may skip or repeat a day
	for i := range s.horizon() {
		day := first.AddDate(0, 0, i)
		if !s.fits(day) {
			continue
		}
		if t := at(day, s.Hour, s.Minute, zone); t.After(after) {
			return t
		}
	}
	return time.Time{}
}

// Due gives the newest instant after last that is not after now, and false
// where there is none. Those before it that were missed too are left out: what
// was missed is caught up once.
func (s Schedule) Due(last, now time.Time, zone *time.Location) (time.Time, bool) {
	if zone == nil {
		zone = time.UTC
	}
	if s.Check() != nil {
		return time.Time{}, false
	}
	first := dayOf(now, zone).AddDate(0, 0, 2)
	for i := range s.horizon() {
		day := first.AddDate(0, 0, -i)
		if !s.fits(day) {
			continue
		}
		if t := at(day, s.Hour, s.Minute, zone); !t.After(now) {
			return t, t.After(last)
		}
	}
	return time.Time{}, false
}

// Anchored counts every so many weeks from the first time after an instant,
// where that is not said yet.
func (s Schedule) Anchored(after time.Time, zone *time.Location) Schedule {
	if s.Weeks < 2 || s.Anchor != "" {
		return s
	}
	each := s
	each.Weeks = 0
	if first := each.Next(after, zone); !first.IsZero() {
		if zone == nil {
			zone = time.UTC
		}
		s.Anchor = dayOf(first, zone).Format(time.DateOnly)
	}
	return s
}

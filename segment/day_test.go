package segment_test

import (
	"testing"
	"time"

	"tesela/segment"
)

// Days against the plainest way of finding them: an instant's day is the last
// whose first instant is not after it. The zones skip midnights, double them
// and leave out whole days.
func TestDayOfEveryHour(t *testing.T) {
	for _, c := range []struct {
		zone     string
		from, to string
	}{
		{"America/Sao_Paulo", "2017-10-10", "2017-10-20"}, // midnight is skipped
		{"America/Havana", "2017-11-01", "2017-11-10"},    // 0 to 1 o'clock comes twice
		{"Pacific/Apia", "2011-12-27", "2012-01-03"},      // the 30th is left out
		{"Europe/London", "1969-12-25", "1970-01-05"},
	} {
		zone, err := time.LoadLocation(c.zone)
		if err != nil {
			t.Fatal(err)
		}
		from, _ := time.ParseInLocation(time.DateOnly, c.from, zone)
		to, _ := time.ParseInLocation(time.DateOnly, c.to, zone)
		day := segment.DayAt(from.UnixMicro(), zone)
		if y, m, d := from.Date(); day != segment.DayOf(y, m, d) || day.String() != c.from {
			t.Errorf("%s: %s begins on %s", c.zone, c.from, day)
		}
		for at := from; at.Before(to); at = at.Add(10 * time.Minute) {
			for (day + 1).Begin(zone) <= at.UnixMicro() {
				day++
			}
			if got := segment.DayAt(at.UnixMicro(), zone); got != day {
				t.Fatalf("%s: %s lies on %s, not %s", c.zone, at, got, day)
			}
		}
	}
}

func TestPeriodsOfDays(t *testing.T) {
	for _, c := range []struct{ day, per, start, next, key string }{
		{"2012-01-01", "day", "2012-01-01", "2012-01-02", "2012-01-01"},
		{"2012-01-01", "week", "2011-12-26", "2012-01-02", "2011-W52"},
		{"2016-01-03", "week", "2015-12-28", "2016-01-04", "2015-W53"},
		{"1969-12-31", "week", "1969-12-29", "1970-01-05", "1970-W01"},
		{"2012-02-29", "month", "2012-02-01", "2012-03-01", "2012-02"},
		{"2011-12-31", "month", "2011-12-01", "2012-01-01", "2011-12"},
		{"2011-12-31", "quarter", "2011-10-01", "2012-01-01", "2011-Q4"},
		{"2011-02-28", "quarter", "2011-01-01", "2011-04-01", "2011-Q1"},
		{"1969-07-20", "year", "1969-01-01", "1970-01-01", "1969"},
	} {
		date, err := time.Parse(time.DateOnly, c.day)
		if err != nil {
			t.Fatal(err)
		}
		day := segment.DayOf(date.Date())
		start := day.PeriodStart(c.per)
		if start.String() != c.start || start.PeriodNext(c.per).String() != c.next || day.PeriodKey(c.per) != c.key {
			t.Errorf("the %s of %s is %s from %s to %s", c.per, c.day, day.PeriodKey(c.per), start, start.PeriodNext(c.per))
		}
		if got, want := day.Weekday(), (int(date.Weekday())+6)%7; got != want {
			t.Errorf("%s is weekday %d, not %d", c.day, got, want)
		}
	}
}

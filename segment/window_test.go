package segment

import (
	"testing"
	"time"

	"tesela/segment/syntax"
)

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func TestWallFollowsTheLocalClock(t *testing.T) {
	for _, c := range []struct{ zone, wall, want string }{
		{"Europe/London", "2011-03-27T00:00", "2011-03-27T00:00:00Z"},
		{"Europe/London", "2011-03-27T01:30", "2011-03-27T01:00:00Z"},       // missing: the clock jumps from 01:00 to 02:00
		{"Europe/London", "2011-10-30T01:30", "2011-10-30T00:30:00Z"},       // comes twice: the first
		{"Europe/London", "2011-10-31T00:00", "2011-10-31T00:00:00Z"},       //
		{"America/Sao_Paulo", "2018-11-04T00:00", "2018-11-04T03:00:00Z"},   // midnight is missing: the day starts at 01:00
		{"America/Havana", "2018-11-04T00:00", "2018-11-04T04:00:00Z"},      // midnight comes twice
		{"America/St_Johns", "2010-11-07T00:00", "2010-11-07T02:30:00Z"},    // set back at 00:01 over midnight
		{"Pacific/Apia", "2011-12-30T00:00", "2011-12-30T10:00:00Z"},        // a day that never was: the next one's start
		{"Pacific/Apia", "2011-12-31T00:00", "2011-12-30T10:00:00Z"},        //
		{"Australia/Lord_Howe", "2011-10-02T02:15", "2011-10-01T15:30:00Z"}, // jumps by half an hour
	} {
		w, err := time.Parse("2006-01-02T15:04", c.wall)
		if err != nil {
			t.Fatal(err)
		}
		got := wall(w.Year(), w.Month(), w.Day(), w.Hour(), w.Minute(), 0, 0, zone(t, c.zone))
		if s := got.UTC().Format(time.RFC3339); s != c.want {
			t.Errorf("%s %s: got %s, want %s", c.zone, c.wall, s, c.want)
		}
	}
}

// TestWallOfAllYears walks through days that zones have tables for and that
// they have rules for.
func TestWallOfAllYears(t *testing.T) {
	for _, name := range []string{"Europe/London", "America/New_York", "Pacific/Auckland", "America/Santiago", "Asia/Tokyo", "UTC"} {
		z := zone(t, name)
		for day := civilDay(1890, 1, 1); day < civilDay(2120, 1, 1); day++ {
			y, m, d := dayDate(day)
			at := midnight(y, m, d, z)
			if ly, lm, ld := at.In(z).Date(); ly != y || lm != m || ld != d {
				t.Fatalf("%s: %d-%02d-%02d begins at %s", name, y, m, d, at.In(z))
			}
			if ly, lm, ld := at.Add(-1).In(z).Date(); ly == y && lm == m && ld == d {
				t.Fatalf("%s: %d-%02d-%02d begins before %s", name, y, m, d, at.In(z))
			}
		}
	}
}

func TestCalendarAgreesWithTheZone(t *testing.T) {
	for _, name := range []string{"Europe/London", "America/New_York", "America/Sao_Paulo", "Pacific/Auckland", "UTC"} {
		z := zone(t, name)
		from := time.Date(2010, 1, 1, 0, 0, 0, 0, z)
		c := newCalendar(z, from, from.AddDate(3, 0, 0))
		for at := from.AddDate(0, -1, 0); at.Before(from.AddDate(3, 1, 0)); at = at.Add(13 * time.Minute) {
			y, m, d := at.In(z).Date()
			if got, want := c.day(at.UnixMicro()), civilDay(y, m, d); got != want {
				t.Fatalf("%s at %s: day %d, want %d", name, at, got, want)
			}
		}
	}
}

func TestResolve(t *testing.T) {
	london := zone(t, "Europe/London")
	dur := func(n int, u syntax.Unit) syntax.Duration { return syntax.Duration{N: n, Unit: u} }
	ago := func(n int, u syntax.Unit) syntax.Point { d := dur(n, u); return syntax.Point{Ago: &d} }
	day := func(s string) syntax.Point { return syntax.Point{Date: &syntax.Date{Text: s}} }
	last := func(n int, u syntax.Unit) *syntax.Window {
		return &syntax.Window{Kind: syntax.WindowLast, Duration: dur(n, u)}
	}
	named := func(p string) *syntax.Window { return &syntax.Window{Kind: syntax.WindowPeriod, Period: p} }
	for _, c := range []struct {
		name, at string
		w        *syntax.Window
		want     string
	}{
		{"all", "2011-12-10T00:00:00Z", nil, "before 2011-12-10T00:00:00Z"},
		{"90d", "2011-12-10T00:00:00Z", last(90, syntax.Day), "[2011-09-10T23:00:00Z, 2011-12-10T00:00:00Z)"},
		{"hours are exact", "2011-03-28T00:00:00+01:00", last(24, syntax.Hour), "[2011-03-26T23:00:00Z, 2011-03-27T23:00:00Z)"},
		{"a short day", "2011-03-28T00:00:00+01:00", last(1, syntax.Day), "[2011-03-27T00:00:00Z, 2011-03-27T23:00:00Z)"},
		{"a long day", "2011-10-31T00:00:00Z", last(1, syntax.Day), "[2011-10-29T23:00:00Z, 2011-10-31T00:00:00Z)"},
		{"clamped", "2011-03-31T00:00:00+01:00", last(1, syntax.Month), "[2011-02-28T00:00:00Z, 2011-03-30T23:00:00Z)"},
		{"clamped in a leap year", "2012-03-31T00:00:00+01:00", last(1, syntax.Month), "[2012-02-29T00:00:00Z, 2012-03-30T23:00:00Z)"},
		{"leap day back a year", "2012-02-29T00:00:00Z", last(1, syntax.Year), "[2011-02-28T00:00:00Z, 2012-02-29T00:00:00Z)"},
		{"quarter", "2011-05-31T00:00:00+01:00", last(1, syntax.Quarter), "[2011-02-28T00:00:00Z, 2011-05-30T23:00:00Z)"},
		{"ago", "2011-12-10T00:00:00Z", &syntax.Window{Kind: syntax.WindowFromTo, From: ago(180, syntax.Day), To: ago(90, syntax.Day)}, "[2011-06-12T23:00:00Z, 2011-09-10T23:00:00Z)"},
		{"before a day", "2011-12-10T00:00:00Z", &syntax.Window{Kind: syntax.WindowBefore, From: day("2011-07-01")}, "before 2011-06-30T23:00:00Z"},
		{"since a day", "2011-12-10T00:00:00Z", &syntax.Window{Kind: syntax.WindowSince, From: day("2011-07-01")}, "[2011-06-30T23:00:00Z, 2011-12-10T00:00:00Z)"},
		{"before an instant ahead", "2011-12-10T00:00:00Z", &syntax.Window{Kind: syntax.WindowBefore, From: day("2012-07-01T10:00:00Z")}, "before 2011-12-10T00:00:00Z"},
		{"wholly ahead", "2011-12-10T00:00:00Z", &syntax.Window{Kind: syntax.WindowSince, From: day("2012-07-01")}, "[2011-12-10T00:00:00Z, 2011-12-10T00:00:00Z)"},
		{"today at midnight is the day that ended", "2011-12-10T00:00:00Z", named("today"), "[2011-12-09T00:00:00Z, 2011-12-10T00:00:00Z)"},
		{"today at noon", "2011-12-10T12:00:00Z", named("today"), "[2011-12-10T00:00:00Z, 2011-12-10T12:00:00Z)"},
		{"yesterday", "2011-12-10T00:00:00Z", named("yesterday"), "[2011-12-08T00:00:00Z, 2011-12-09T00:00:00Z)"},
		{"this week", "2011-12-10T00:00:00Z", named("this week"), "[2011-12-05T00:00:00Z, 2011-12-10T00:00:00Z)"},
		{"this week on a Monday's midnight", "2011-12-12T00:00:00Z", named("this week"), "[2011-12-05T00:00:00Z, 2011-12-12T00:00:00Z)"},
		{"last week", "2011-12-10T00:00:00Z", named("last week"), "[2011-11-28T00:00:00Z, 2011-12-05T00:00:00Z)"},
		{"this month", "2011-12-10T00:00:00Z", named("this month"), "[2011-12-01T00:00:00Z, 2011-12-10T00:00:00Z)"},
		{"last month", "2012-01-10T00:00:00Z", named("last month"), "[2011-12-01T00:00:00Z, 2012-01-01T00:00:00Z)"},
		{"this quarter", "2011-12-10T00:00:00Z", named("this quarter"), "[2011-09-30T23:00:00Z, 2011-12-10T00:00:00Z)"},
		{"last quarter", "2012-01-10T00:00:00Z", named("last quarter"), "[2011-09-30T23:00:00Z, 2012-01-01T00:00:00Z)"},
		{"this year", "2011-12-10T00:00:00Z", named("this year"), "[2011-01-01T00:00:00Z, 2011-12-10T00:00:00Z)"},
		{"last year", "2011-12-10T00:00:00Z", named("last year"), "[2010-01-01T00:00:00Z, 2011-01-01T00:00:00Z)"},
		{"a year", "2011-12-10T00:00:00Z", named("2011"), "[2011-01-01T00:00:00Z, 2011-12-10T00:00:00Z)"},
		{"a month", "2011-12-10T00:00:00Z", named("2011-05"), "[2011-04-30T23:00:00Z, 2011-05-31T23:00:00Z)"},
		{"endless", "2011-12-10T00:00:00Z", last(1<<62, syntax.Year), "[-2989-12-10T00:01:15Z, 2011-12-10T00:00:00Z)"},
	} {
		at, err := time.Parse(time.RFC3339, c.at)
		if err != nil {
			t.Fatal(err)
		}
		got, err := Resolve(c.w, at, london)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
		} else if got.String() != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
	for _, w := range []*syntax.Window{
		{Kind: syntax.WindowNext, Duration: dur(1, syntax.Day)},
		named("last decade"),
		{Kind: syntax.WindowSince, From: day("2011-02-30")},
		{Kind: syntax.WindowSince},
	} {
		if _, err := Resolve(w, time.Unix(0, 0), london); err == nil {
			t.Errorf("window %+v: no error", w)
		}
	}
}

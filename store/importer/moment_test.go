package importer

import (
	"math/rand/v2"
	"testing"
	"time"
)

func TestMomentsAsPeopleWriteThem(t *testing.T) {
	for _, c := range []struct {
		text string
		by   order
		want string // RFC 3339 in UTC, local times as if they were; "" unreadable
	}{
		{"2010-12-01", anyOrder, "2010-12-01T00:00:00Z"},
		{"2010-12-01 08:26:00", anyOrder, "2010-12-01T08:26:00Z"},
		{"2010-12-01T08:26:00.5Z", anyOrder, "2010-12-01T08:26:00.5Z"},
		{"2010-12-01T08:26:00+02:00", anyOrder, "2010-12-01T06:26:00Z"},
		{"2010-12-01 08:26:00 -0500", anyOrder, "2010-12-01T13:26:00Z"},
		{"2010-12-01 08:26:00 UTC", anyOrder, "2010-12-01T08:26:00Z"},
		{"2010/1/2 8:05", anyOrder, "2010-01-02T08:05:00Z"},
		{"12/1/2010 8:26", dayFirst, "2010-01-12T08:26:00Z"},
		{"12/1/2010 8:26", monthFirst, "2010-12-01T08:26:00Z"},
		{"13/1/2010", anyOrder, "2010-01-13T00:00:00Z"},
		{"1/13/2010", anyOrder, "2010-01-13T00:00:00Z"},
		{"1/13/2010", dayFirst, ""},
		{"13/1/2010", monthFirst, ""},
		{"1.2.10", dayFirst, "2010-02-01T00:00:00Z"},
		{"31/12/99", anyOrder, "1999-12-31T00:00:00Z"},
		{"1-Dec-2010", anyOrder, "2010-12-01T00:00:00Z"},
		{"Dec 1, 2010 5:06 PM", anyOrder, "2010-12-01T17:06:00Z"},
		{"Wed, 1 Dec 2010 12:00:00 GMT", anyOrder, "2010-12-01T12:00:00Z"},
		{"3 de mayo de 2011", anyOrder, "2011-05-03T00:00:00Z"},
		{"1 março 2011", anyOrder, "2011-03-01T00:00:00Z"},
		{"12:30 am", anyOrder, ""},
		{"5/6/2011 12:30 am", dayFirst, "2011-06-05T00:30:00Z"},
		{"5/6/2011 12:30 p.m.", dayFirst, "2011-06-05T12:30:00Z"},
		{"19970118", anyOrder, "1997-01-18T00:00:00Z"},
		{"20101201082600", anyOrder, "2010-12-01T08:26:00Z"},
		{"1291191960", anyOrder, "2010-12-01T08:26:00Z"},
		{"1291191960000", anyOrder, "2010-12-01T08:26:00Z"},
		{"1291191960000000", anyOrder, "2010-12-01T08:26:00Z"},
		{"1291191960.25", anyOrder, "2010-12-01T08:26:00.25Z"},
		{"2011-02-29", anyOrder, ""},
		{"2012-02-29", anyOrder, "2012-02-29T00:00:00Z"},
		{"2011-13-01", anyOrder, ""},
		{"2010-12-01 25:00", anyOrder, ""},
		{"2010-12-01 08:61", anyOrder, ""},
		{"2010-12-01x", anyOrder, ""},
		{"yesterday", anyOrder, ""},
		{"17850", anyOrder, ""},
		{"12.50", anyOrder, ""},
		{"", anyOrder, ""},
	} {
		m, ok := parseMoment([]byte(c.text), c.by)
		got := ""
		if ok {
			got = time.UnixMicro(m.instant(newZone(time.UTC))).UTC().Format(time.RFC3339Nano)
		}
		if got != c.want {
			t.Errorf("%q: got %q, want %q", c.text, got, c.want)
		}
	}
}

// Random instants in many layouts come back, as the standard library reads
// them.
func TestMomentsAgainstTimeParse(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for range 5000 {
		at := time.Unix(rng.Int64N(4e9)-1e9, int64(rng.IntN(1e6))*1000).UTC()
		for _, layout := range []string{time.RFC3339Nano, "2006-01-02 15:04:05.999999", "2006-01-02", "2006/1/2 15:04", "1/2/2006 3:04 PM", "01/02/2006 15:04:05", time.RFC1123Z, "2 Jan 2006 15:04", "January 2, 2006"} {
			text := at.Format(layout)
			want, err := time.Parse(layout, text)
			if err != nil {
				t.Fatal(err)
			}
			m, ok := parseMoment([]byte(text), monthFirst)
			if !ok || m.instant(newZone(time.UTC)) != want.UnixMicro() {
				t.Fatalf("%q (%s): got %+v %v, want %s", text, layout, m, ok, want)
			}
		}
	}
}

// Clocks going back and forth: a time that comes twice is the first, one that
// does not exist is as much later as the clocks moved.
func TestLocalTimesAcrossClockChanges(t *testing.T) {
	for _, c := range []struct{ zone, local, utc string }{
		{"Europe/London", "2011-03-27 00:59", "2011-03-27T00:59:00Z"},
		{"Europe/London", "2011-03-27 01:30", "2011-03-27T01:30:00Z"}, // is 02:30 in summer time
		{"Europe/London", "2011-03-27 02:00", "2011-03-27T01:00:00Z"},
		{"Europe/London", "2011-10-30 00:59", "2011-10-29T23:59:00Z"},
		{"Europe/London", "2011-10-30 01:30", "2011-10-30T00:30:00Z"}, // the first of two
		{"Europe/London", "2011-10-30 02:00", "2011-10-30T02:00:00Z"},
		{"America/Sao_Paulo", "2011-10-16 00:00", "2011-10-16T03:00:00Z"}, // midnight does not exist
		{"Asia/Kolkata", "2011-10-16 00:00", "2011-10-15T18:30:00Z"},
	} {
		loc, err := findZone(c.zone)
		if err != nil {
			t.Fatal(err)
		}
		m, ok := parseMoment([]byte(c.local), anyOrder)
		if got := time.UnixMicro(m.instant(newZone(loc))).UTC().Format(time.RFC3339); !ok || got != c.utc {
			t.Errorf("%s %s: got %s, want %s", c.zone, c.local, got, c.utc)
		}
	}
}

// The cached stretches give what a fresh look at the zone gives, and local
// times that exist once give what the standard library says.
func TestZoneAgainstTheLibrary(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	for _, name := range []string{"Europe/London", "America/New_York", "America/Sao_Paulo", "Australia/Lord_Howe", "Asia/Tehran", "UTC"} {
		loc, err := time.LoadLocation(name)
		if err != nil {
			t.Skipf("no zone %s here", name)
		}
		cached := newZone(loc)
		for range 5000 {
			l := time.Unix(rng.Int64N(60*365*86400), 0).UTC()
			local := l.UnixMicro()
			got := cached.utc(local)
			if fresh := newZone(loc).utc(local); got != fresh {
				t.Fatalf("%s %s: %d, fresh %d", name, l, got, fresh)
			}
			back := time.UnixMicro(got).In(loc)
			if h, m, s := back.Clock(); h == l.Hour() && m == l.Minute() && s == l.Second() {
				continue
			}
			// It did not exist: no instant near it reads so.
			for d := -3 * time.Hour; d <= 3*time.Hour; d += 30 * time.Minute {
				near := time.UnixMicro(got).Add(d).In(loc)
				if near.Hour() == l.Hour() && near.Minute() == l.Minute() && near.Day() == l.Day() {
					t.Fatalf("%s %s was read as %s, but %s is it", name, l, back, near)
				}
			}
		}
	}
}

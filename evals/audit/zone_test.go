package main

import (
	"testing"
	"time"
)

func zoneOf(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// Offsets by hand: London is at +1 from 2025-03-30 01:00 UTC to 2025-10-26
// 01:00 UTC. On 2018-11-04 São Paulo's clocks went from 00:00 to 01:00, at
// 03:00 UTC.
func TestInstant(t *testing.T) {
	for _, c := range []struct{ zone, wall, utc string }{
		{"Europe/London", "2025-03-30 00:30:00", "2025-03-30 00:30:00"},
		{"Europe/London", "2025-03-30 01:30:00", "2025-03-30 01:00:00"}, // not shown: the first later one
		{"Europe/London", "2025-03-30 02:00:00", "2025-03-30 01:00:00"},
		{"Europe/London", "2025-10-26 01:30:05", "2025-10-26 00:30:05"}, // shown twice: the first
		{"Europe/London", "2025-10-26 02:00:00", "2025-10-26 02:00:00"},
		{"Europe/Madrid", "2026-01-01 00:00:00", "2025-12-31 23:00:00"},
		{"America/Sao_Paulo", "2018-11-04 00:00:00", "2018-11-04 03:00:00"},
		{"America/New_York", "2025-07-01 12:00:00", "2025-07-01 16:00:00"},
	} {
		wall, err := time.Parse(time.DateTime, c.wall)
		if err != nil {
			t.Fatal(err)
		}
		if got := instant(wall, zoneOf(t, c.zone)).UTC().Format(time.DateTime); got != c.utc {
			t.Errorf("%s in %s is %s UTC; want %s", c.wall, c.zone, got, c.utc)
		}
	}
}

func TestAgo(t *testing.T) {
	for _, c := range []struct {
		zone, at string
		n        int
		unit     string
		want     string // UTC
	}{
		{"Europe/Madrid", "2026-01-01 00:00:00", 90, "d", "2025-10-02 22:00:00"}, // 3 October, at +2
		{"Europe/Madrid", "2026-01-01 00:00:00", 12, "mo", "2024-12-31 23:00:00"},
		{"Europe/London", "2025-03-31 00:00:00", 1, "mo", "2025-02-28 00:00:00"}, // clamped
		{"Europe/London", "2024-03-31 00:00:00", 1, "mo", "2024-02-29 00:00:00"},
		{"Europe/London", "2024-02-29 00:00:00", 1, "y", "2023-02-28 00:00:00"},
		{"Europe/London", "2025-05-31 00:00:00", 1, "q", "2025-02-28 00:00:00"},
		{"Europe/London", "2025-03-31 00:00:00", 24, "h", "2025-03-29 23:00:00"}, // that day had 23
		{"Europe/London", "2025-03-31 00:00:00", 1, "w", "2025-03-24 00:00:00"},
	} {
		zone := zoneOf(t, c.zone)
		wall, err := time.Parse(time.DateTime, c.at)
		if err != nil {
			t.Fatal(err)
		}
		got, err := ago(instant(wall, zone), c.n, c.unit, zone)
		if err != nil || got.UTC().Format(time.DateTime) != c.want {
			t.Errorf("%s − %d%s in %s is %s (%v); want %s", c.at, c.n, c.unit, c.zone, got.UTC().Format(time.DateTime), err, c.want)
		}
	}
	if _, err := ago(time.Time{}, 1, "fortnight", time.UTC); err == nil {
		t.Error("a unit that is none was taken")
	}
}

func TestPeriods(t *testing.T) {
	for day, want := range map[string]string{"2024-12-30": "2025-W01", "2021-01-03": "2020-W53", "2025-03-05": "2025-W10"} {
		if got, err := isoWeek(day); got != want || err != nil {
			t.Errorf("week of %s is %s, %v; want %s", day, got, err, want)
		}
	}
	for day, want := range map[string]string{"2025-03-31": "2025-Q1", "2025-04-01": "2025-Q2", "2025-12-31": "2025-Q4"} {
		if got, err := quarter(day); got != want || err != nil {
			t.Errorf("quarter of %s is %s, %v; want %s", day, got, err, want)
		}
	}
}

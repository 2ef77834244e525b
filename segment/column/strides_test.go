package column

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

// localDay numbers days by the wall clock of a zone.
func localDay(zone *time.Location) func(int64) int64 {
	return func(t int64) int64 {
		y, m, d := time.UnixMicro(t).In(zone).Date()
		return time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400
	}
}

// clock packs times of a span, all seconds apart.
func clock(from time.Time, days int, step time.Duration) *Packed {
	low := from.UnixMicro()
	return NewPacked(1, low, low+int64(days)*24*int64(time.Hour/time.Microsecond)/step.Microseconds()*step.Microseconds(), step.Microseconds())
}

// Numbers of many times at once are those of the table, which are those of the
// function itself, whatever the zone, the span and the step.
func TestStridesAgreeWithTheTable(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	week := func(day func(int64) int64) func(int64) int64 {
		return func(t int64) int64 { return (day(t) + 3) / 7 }
	}
	for _, c := range []struct {
		zone    string
		from    string
		days    int
		step    time.Duration
		strides bool // by days
	}{
		{"UTC", "2022-01-01T00:00:00Z", 1095, time.Second, true},
		{"UTC", "1973-05-01T13:07:11Z", 3, time.Second, true},
		{"UTC", "2022-01-01T00:00:00Z", 40, time.Millisecond, true},
		{"Europe/Madrid", "2022-01-01T00:00:00Z", 1095, time.Second, true},
		{"Europe/Madrid", "2011-03-27T00:30:00Z", 400, 7 * time.Second, false}, // a day is no whole number of steps
		{"America/St_Johns", "2005-10-30T00:00:00Z", 2200, time.Minute, true},
		{"Australia/Lord_Howe", "2015-01-01T00:00:00Z", 3000, time.Second, true}, // moved by half an hour
		{"Pacific/Apia", "2011-12-01T00:00:00Z", 90, time.Second, false},         // a day left out
		{"Europe/Madrid", "1980-01-01T00:00:00Z", 15000, time.Second, false},     // too many shifts
		{"UTC", "2022-01-01T10:00:00Z", 0, time.Second, false},                   // one instant
	} {
		zone, err := time.LoadLocation(c.zone)
		if err != nil {
			t.Fatal(err)
		}
		from, err := time.Parse(time.RFC3339, c.from)
		if err != nil {
			t.Fatal(err)
		}
		p := clock(from, c.days, c.step)
		if p == nil {
			t.Fatalf("%+v has no packed times", c)
		}
		for name, of := range map[string]func(int64) int64{"day": localDay(zone), "week": week(localDay(zone))} {
			s := NewSteps(p, 12*3600e6, of)
			if name == "day" && (s.strides != nil) != c.strides {
				t.Errorf("%+v: strides: %v, want %v", c, s.strides != nil, c.strides)
			}
			xs := make([]uint32, 5000+rng.IntN(64))
			for i := range xs {
				xs[i] = p.Least + uint32(rng.Uint64N(uint64(p.Most-p.Least)+1))
			}
			for _, ch := range s.changes() { // and around what counts
				for d := range 3 {
					if x := ch.x + uint32(d) - 1; x >= p.Least && x <= p.Most {
						xs = append(xs, x)
					}
				}
			}
			xs = append(xs, p.Least, p.Most)
			out := make([]int32, len(xs))
			s.Fill(xs, out)
			numbers := make([]uint32, len(xs))
			s.Number(xs, numbers)
			for i, x := range xs {
				want := int32(of(p.Of(x)))
				if out[i] != want || numbers[i] != uint32(want) || s.Of(x) != want || s.strides != nil && s.strides.of(x) != want {
					t.Fatalf("%+v, %s of %d: %d, by the table %d, want %d", c, name, x, out[i], s.Of(x), want)
				}
			}
		}
	}
}

// What does not go up by one has no strides.
func TestNoStrides(t *testing.T) {
	p := clock(time.Date(2022, 1, 1, 0, 0, 0, 0, time.UTC), 300, time.Second)
	day := localDay(time.UTC)
	for name, of := range map[string]func(int64) int64{
		"weekday": func(t int64) int64 { return day(t) % 7 },
		"month":   func(t int64) int64 { return int64(time.UnixMicro(t).UTC().Month()) },
		"twos":    func(t int64) int64 { return 2 * day(t) },
	} {
		s := NewSteps(p, 12*3600e6, of)
		if s.strides != nil && name != "month" { // which are of 31 days and a few shifts
			t.Errorf("%s has strides", name)
		}
		xs, out := []uint32{p.Least, p.Most, p.Least + 86400*5}, make([]int32, 3)
		s.Fill(xs, out)
		for i, x := range xs {
			if want := int32(of(p.Of(x))); out[i] != want {
				t.Errorf("%s of %d is %d, want %d", name, x, out[i], want)
			}
		}
	}
}

func BenchmarkFill(b *testing.B) {
	madrid, err := time.LoadLocation("Europe/Madrid")
	if err != nil {
		b.Fatal(err)
	}
	for _, zone := range []*time.Location{time.UTC, madrid} {
		p := clock(time.Date(2022, 1, 1, 0, 0, 0, 0, time.UTC), 1095, time.Second)
		s := NewSteps(p, 12*3600e6, localDay(zone))
		xs, out := make([]uint32, 4096), make([]int32, 4096)
		rng := rand.New(rand.NewPCG(1, 2))
		for i := range xs {
			xs[i] = p.Least + uint32(rng.Uint64N(uint64(p.Most-p.Least)))
		}
		for _, table := range []bool{true, false} {
			own := *s
			if table {
				own.strides = nil
			}
			b.Run(fmt.Sprint(zone, " by the table: ", table), func(b *testing.B) {
				for b.Loop() {
					own.Fill(xs, out)
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/4096, "ns/row")
			})
		}
	}
}

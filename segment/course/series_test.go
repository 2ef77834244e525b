package course_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"tesela/segment/course"
	"tesela/segment/segmenttest"
	"tesela/segment/syntax"
)

// Ends of periods, by the calendar.
func TestEnds(t *testing.T) {
	madrid, err := time.LoadLocation("Europe/Madrid")
	if err != nil {
		t.Fatal(err)
	}
	day := func(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, madrid) }
	for _, c := range []struct {
		from, to time.Time
		per      string
		want     string
	}{
		{day(2010, 12, 10), day(2011, 3, 10), "month", "2010-12 2011-01 2011-02 2011-03*"},
		{day(2011, 1, 1), day(2011, 4, 1), "month", "2010-12 2011-01 2011-02 2011-03"},
		{day(2011, 3, 26), day(2011, 3, 29), "day", "2011-03-25 2011-03-26 2011-03-27 2011-03-28"}, // the clock changes on the 27th
		{day(2010, 12, 31), day(2011, 1, 12), "week", "2010-W52 2011-W01 2011-W02*"},
		{day(2010, 11, 1), day(2011, 4, 2), "quarter", "2010-Q4 2011-Q1 2011-Q2*"},
		{day(2010, 11, 1), day(2011, 4, 2), "year", "2010 2011*"},
		{day(2011, 5, 2), day(2011, 5, 9), "month", "2011-05*"},
	} {
		ends, more := course.Ends(c.from, c.to, c.per, madrid, 100)
		var got []string
		for _, e := range ends {
			if e.Partial {
				e.Key += "*"
			}
			got = append(got, e.Key)
		}
		if strings.Join(got, " ") != c.want || more {
			t.Errorf("%s to %s per %s: %v, want %s", c.from, c.to, c.per, got, c.want)
		}
		if last := ends[len(ends)-1]; !last.At.Equal(c.to) {
			t.Errorf("the last of %v is at %s, want %s", got, last.At, c.to)
		}
	}
	if ends, more := course.Ends(day(2001, 1, 1), day(2011, 1, 1), "day", madrid, 100); len(ends) != 100 || !more {
		t.Errorf("%d ends, more %v", len(ends), more)
	}
}

// Sizes at each end are those of plain loops, and every customer counts once.
func TestFollowCountsAsPlainLoopsDo(t *testing.T) {
	points := 0
	for seed := uint64(1); seed <= 60; seed++ {
		r := segmenttest.NewRandom(seed)
		w, now := r.World()
		w.Roles = map[string]string{"signup": "signup", "purchase": "order", "amount": "order.amount"}
		src, err := segmenttest.NewSource(w)
		if err != nil {
			t.Fatal(err)
		}
		seen, err := course.FirstSeen(ctx, src)
		if err != nil {
			t.Fatal(err)
		}
		var base syntax.Formula
		if seed%3 == 0 {
			if base, err = syntax.Parse(`country is set`); err != nil {
				t.Fatal(err)
			}
		}
		ends, _ := course.Ends(now.AddDate(0, 0, -20), now, "week", w.Zone, 50)
		for _, s := range subjects(t, r, src) {
			series, err := course.Follow(ctx, src, s, base, seen, ends, nil)
			if err != nil {
				continue // a date that the language lacks
			}
			for _, p := range series.Points {
				points++
				labels := labelsOf(t, s, w, p.At)
				want, all := map[string]int{}, 0
				for i := range w.Customers {
					since, known := firstSeen(w, i)
					if known && !since.Before(p.At) || base != nil && w.Customers[i].Traits["country"] == nil {
						continue
					}
					want[labels[i]]++
					all++
				}
				if p.Base != all {
					t.Fatalf("seed %d, %s: %d customers, want %d", seed, p.Key, p.Base, all)
				}
				for k, l := range p.Labels {
					if l.Size != want[series.Labels[k]] {
						t.Fatalf("seed %d, %s: %s has %d, want %d", seed, p.Key, series.Labels[k], l.Size, want[series.Labels[k]])
					}
				}
			}
		}
	}
	if points < 500 {
		t.Errorf("only %d points", points)
	}
}

// A planted jump is an alert, in a world where all else goes on as ever: each
// week ten of three hundred come back for a week, in the ninth a hundred.
func TestFollowFindsTheJump(t *testing.T) {
	start := time.Date(2011, 1, 3, 0, 0, 0, 0, utc) // a Monday
	w := &segmenttest.World{Zone: utc, Currency: "EUR", Digits: 2, Events: []segmenttest.Kind{{Name: "visit"}}, Roles: map[string]string{}, Saved: map[string]string{}}
	r := segmenttest.NewRandom(1)
	for i := range 300 {
		w.Customers = append(w.Customers, segmenttest.Customer{ID: string(rune('a'+i/26)) + string(rune('a'+i%26))})
		w.Rows = append(w.Rows, segmenttest.Row{Event: "visit", Customer: i, Time: start.AddDate(0, 0, -30)})
	}
	for week := range 12 {
		n := 9 + r.IntN(4)
		if week == 8 {
			n = 100
		}
		for _, i := range r.Perm(300)[:n] {
			w.Rows = append(w.Rows, segmenttest.Row{Event: "visit", Customer: i, Time: start.AddDate(0, 0, 7*week+2)})
		}
	}
	src, err := segmenttest.NewSource(w)
	if err != nil {
		t.Fatal(err)
	}
	seen, err := course.FirstSeen(ctx, src)
	if err != nil {
		t.Fatal(err)
	}
	f, err := syntax.Parse(`count(visit, last 7d) >= 1`)
	if err != nil {
		t.Fatal(err)
	}
	ends, _ := course.Ends(start.AddDate(0, 0, 7), start.AddDate(0, 0, 7*12), "week", utc, 100)
	series, err := course.Follow(ctx, src, course.Subject{Segment: f}, nil, seen, ends, nil)
	if err != nil {
		t.Fatal(err)
	}
	for at, p := range series.Points {
		want := map[int]int{8: 1, 9: -1}[at]
		if got := p.Labels[0].Alert; got != want {
			t.Errorf("week %d (%d customers, chance %v): alert %d, want %d", at, p.Labels[0].Size, p.Labels[0].P, got, want)
		}
	}
	if series.Looks != 11 || !series.Reference || !math.IsNaN(series.Points[0].Labels[0].P) {
		t.Errorf("%d looks, reference %v", series.Looks, series.Reference)
	}
}

package course_test

import (
	"slices"
	"testing"
	"time"

	"tesela/segment/course"
	"tesela/segment/segmenttest"
	"tesela/segment/syntax"
)

func parse(t *testing.T, text string) syntax.Formula {
	t.Helper()
	f, err := syntax.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// Four customers, by hand. As of 1 June a and b have not visited for ten days;
// c has; d is gone already. Within 30 days a and c cancel, b does not.
func TestAlarmByHand(t *testing.T) {
	day := func(m time.Month, d int) time.Time { return time.Date(2011, m, d, 12, 0, 0, 0, utc) }
	w := &segmenttest.World{Zone: utc, Currency: "EUR", Digits: 2, Events: []segmenttest.Kind{{Name: "cancel"}, {Name: "visit"}}, Roles: map[string]string{}, Saved: map[string]string{}}
	for _, id := range []string{"a", "b", "c", "d", "e"} {
		w.Customers = append(w.Customers, segmenttest.Customer{ID: id})
	}
	row := func(event string, who int, at time.Time) {
		w.Rows = append(w.Rows, segmenttest.Row{Event: event, Customer: who, Time: at})
	}
	row("visit", 0, day(5, 1))
	row("visit", 1, day(5, 2))
	row("visit", 2, day(5, 30))
	row("visit", 3, day(5, 1))
	row("cancel", 3, day(5, 20))
	row("cancel", 0, day(6, 11)) // seen on the 12th at the earliest
	row("cancel", 2, day(6, 20))
	row("visit", 4, day(6, 5)) // e comes later
	src, err := segmenttest.NewSource(w)
	if err != nil {
		t.Fatal(err)
	}
	seen, err := course.FirstSeen(ctx, src)
	if err != nil {
		t.Fatal(err)
	}
	dates := []time.Time{time.Date(2011, 6, 1, 0, 0, 0, 0, utc)}
	a, err := course.Alarm(ctx, src, parse(t, `count(visit, last 10d) = 0`), parse(t, `count(cancel) >= 1`), seen, dates, syntax.Duration{N: 30, Unit: syntax.Day}, nil)
	if err != nil {
		t.Fatal(err)
	}
	q := a.Dates[0]
	if q.Eligible != 3 || q.Named != 2 || q.Had != 2 || q.Hits != 1 || q.Precision.Value != 0.5 || q.Recall.Value != 0.5 || q.Lift.Value != 0.75 {
		t.Errorf("%+v", q)
	}
	// Looked for every 3 days: on the 13th, 12 days ahead.
	if a.Step != 3 || !slices.Equal(a.Ahead, []int{12}) || a.Customers != 2 || a.Caught != 1 {
		t.Errorf("step %d, ahead %v, %d of %d", a.Step, a.Ahead, a.Caught, a.Customers)
	}
}

// Counts at each date are those of plain loops over customers and looks.
func TestAlarmCountsAsPlainLoopsDo(t *testing.T) {
	compared := 0
	for seed := uint64(1); seed <= 40; seed++ {
		r := segmenttest.NewRandom(seed)
		w, now := r.World()
		src, err := segmenttest.NewSource(w)
		if err != nil {
			t.Fatal(err)
		}
		seen, err := course.FirstSeen(ctx, src)
		if err != nil {
			t.Fatal(err)
		}
		alarm, outcome := parse(t, r.Formula()), parse(t, r.Formula())
		horizon := syntax.Duration{N: 1 + r.IntN(20), Unit: syntax.Day}
		var dates []time.Time
		for k := range 3 {
			dates = append(dates, course.Back(now, syntax.Duration{N: horizon.N + 10*(3-k), Unit: syntax.Day}, w.Zone))
		}
		got, err := course.Alarm(ctx, src, alarm, outcome, seen, dates, horizon, nil)
		if err != nil {
			continue // a date that the language lacks
		}
		subject := func(f syntax.Formula, at time.Time) []string { return labelsOf(t, course.Subject{Segment: f}, w, at) }
		for k, d := range dates {
			compared++
			end := course.Ahead(d, horizon, w.Zone)
			named, was := subject(alarm, d), subject(outcome, d)
			had := make([]bool, len(w.Customers))
			looks := map[time.Time]bool{end: true}
			for at := dates[0]; at.Before(end); at = course.Ahead(at, syntax.Duration{N: got.Step, Unit: syntax.Day}, w.Zone) {
				looks[at] = true
			}
			for _, other := range dates {
				looks[other], looks[course.Ahead(other, horizon, w.Zone)] = true, true
			}
			for at := range looks {
				if !at.After(d) || at.After(end) {
					continue
				}
				for i, label := range subject(outcome, at) {
					had[i] = had[i] || label == course.In
				}
			}
			e, n, h, hits := 0, 0, 0, 0
			for i := range w.Customers {
				since, known := firstSeen(w, i)
				if known && !since.Before(d) || was[i] == course.In {
					continue
				}
				e++
				if named[i] == course.In {
					n++
				}
				if had[i] {
					h++
				}
				if named[i] == course.In && had[i] {
					hits++
				}
			}
			if c := got.Dates[k].Counts; c.Eligible != e || c.Named != n || c.Had != h || c.Hits != hits {
				t.Fatalf("seed %d, %s: %+v, want %d %d %d %d", seed, d, c, e, n, h, hits)
			}
		}
	}
	if compared < 60 {
		t.Errorf("only %d dates", compared)
	}
}

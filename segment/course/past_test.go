package course_test

import (
	"reflect"
	"testing"
	"time"

	"tesela/segment/course"
	"tesela/segment/migration"
	"tesela/segment/segmenttest"
	"tesela/segment/syntax"
)

// What is expected is made of the moves over the steps before, traced one by
// one, the latest first, as far as the data go back.
func TestOutlookIsOfTheStepsBefore(t *testing.T) {
	now := time.Date(2011, 7, 1, 0, 0, 0, 0, utc)
	w := &segmenttest.World{Zone: utc, Currency: "EUR", Digits: 2, Events: []segmenttest.Kind{{Name: "visit"}}, Roles: map[string]string{}, Saved: map[string]string{}}
	r := segmenttest.NewRandom(4)
	first := now
	for i := range 60 {
		w.Customers = append(w.Customers, segmenttest.Customer{ID: string(rune('A' + i))})
		for range 1 + r.IntN(6) {
			at := now.AddDate(0, 0, -1-r.IntN(75))
			w.Rows = append(w.Rows, segmenttest.Row{Event: "visit", Customer: i, Time: at})
			if at.Before(first) {
				first = at
			}
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
	s := course.Subject{Segment: parse(t, `count(visit, last 10d) >= 1`)}
	ago := syntax.Duration{N: 20, Unit: syntax.Day}
	from, err := course.PointAt(syntax.Point{Ago: &ago}, now, utc)
	if err != nil {
		t.Fatal(err)
	}
	moves, err := course.Trace(ctx, src, s, nil, seen, from.At, now)
	if err != nil {
		t.Fatal(err)
	}
	o, err := moves.Outlook(ctx, src, nil, seen, from, course.NowAt(now))
	if err != nil {
		t.Fatal(err)
	}
	var steps []*migration.Matrix
	for k := range 4 {
		start := now.AddDate(0, 0, -20*(k+1))
		if !start.After(first) {
			break
		}
		m, err := course.Trace(ctx, src, s, nil, seen, start, now.AddDate(0, 0, -20*k))
		if err != nil {
			t.Fatal(err)
		}
		steps = append(steps, m.Matrix)
	}
	if len(steps) != 3 {
		t.Fatalf("%d steps since %s", len(steps), first)
	}
	sizes := []int{moves.Matrix.Col(0), moves.Matrix.Col(1)}
	if want := migration.Predict(steps, sizes); !reflect.DeepEqual(o.Forecast, want) || !reflect.DeepEqual(o.Now, sizes) {
		t.Errorf("%+v of %v, want %+v of %v", o.Forecast, o.Now, want, sizes)
	}
	if !o.Until.Equal(now.AddDate(0, 0, 20)) {
		t.Errorf("until %s", o.Until)
	}
	before := []int{moves.Matrix.Row(0), moves.Matrix.Row(1)}
	if want := migration.Predict(steps[1:], before).Compare(before, sizes); o.Check == nil || *o.Check != want {
		t.Errorf("check %+v, want %+v", o.Check, want)
	}
}

// Months are clamped ahead as they are back.
func TestAhead(t *testing.T) {
	for _, c := range []struct {
		at, want string
		d        syntax.Duration
	}{
		{"2011-01-31", "2011-02-28", syntax.Duration{N: 1, Unit: syntax.Month}},
		{"2011-11-30", "2012-02-29", syntax.Duration{N: 1, Unit: syntax.Quarter}},
		{"2012-02-29", "2013-02-28", syntax.Duration{N: 1, Unit: syntax.Year}},
		{"2011-12-25", "2012-01-08", syntax.Duration{N: 2, Unit: syntax.Week}},
	} {
		at, err := time.Parse(time.DateOnly, c.at)
		if err != nil {
			t.Fatal(err)
		}
		if got := course.Ahead(at, c.d, utc).Format(time.DateOnly); got != c.want {
			t.Errorf("%s and %d%s is %s, want %s", c.at, c.d.N, c.d.Unit, got, c.want)
		}
	}
}

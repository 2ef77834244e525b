package course_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"tesela/segment"
	"tesela/segment/course"
	"tesela/segment/segmenttest"
	"tesela/segment/syntax"
)

// What a formula finds as of an earlier point is what its rewriting finds now,
// by the plain engine, over worlds and formulas of all kinds.
func TestAsOfFindsThoseOfThen(t *testing.T) {
	said, unsaid, moving := 0, 0, 0
	for seed := uint64(1); seed <= 1500; seed++ {
		r := segmenttest.NewRandom(seed)
		w, now := r.World()
		src, err := segmenttest.NewSource(w)
		if err != nil {
			t.Fatal(err)
		}
		f, err := syntax.Parse(r.Formula())
		if err != nil {
			t.Fatal(err)
		}
		ago := syntax.Duration{N: 1 + r.IntN(40), Unit: []syntax.Unit{syntax.Day, syntax.Day, syntax.Week, syntax.Month, syntax.Hour}[r.IntN(5)]}
		p, err := course.PointAt(syntax.Point{Ago: &ago}, now, w.Zone)
		if err != nil {
			t.Fatal(err)
		}
		if r.IntN(3) == 0 {
			p = course.DateAt(p.At, now, w.Zone)
		}
		if _, err := segment.Compile(context.Background(), f, src, p.At); err != nil {
			continue // a date that the language lacks, seen from so early
		}
		then, ok := course.AsOf(f, p, src.Schema())
		if !ok {
			unsaid++
			continue
		}
		said++
		if p.Ago != nil {
			moving++
		}
		if again, err := syntax.Parse(then.String()); err != nil || again.String() != then.String() {
			t.Fatalf("seed %d: %s does not read back: %v", seed, then, err)
		}
		want, _, err := segmenttest.Naive{}.Set(context.Background(), f, w, p.At)
		if err != nil {
			t.Fatal(err)
		}
		got, _, err := segmenttest.Naive{}.Set(context.Background(), then, w, now)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(got, want) {
			t.Fatalf("seed %d: as of %s (%s) seen from %s\n%s\nis %v; rewritten as\n%s\nit is %v", seed, p, p.At, now, f, want, then, got)
		}
		plan, err := segment.Compile(context.Background(), then, src, now)
		var fault *syntax.Error
		if errors.As(err, &fault) {
			t.Fatalf("seed %d: %s: %v", seed, then, err)
		}
		set, err := plan.Run(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		got = nil
		set.Each(func(i int) { got = append(got, i) })
		if !slices.Equal(got, want) {
			t.Fatalf("seed %d: %s evaluates to %v, want %v", seed, then, got, want)
		}
	}
	if said < 700 || moving < 300 {
		t.Errorf("only %d formulas were rewritten, %d of them from so long ago; %d were not", said, moving, unsaid)
	}
}

var (
	utc = time.UTC
	now = time.Date(2011, 12, 10, 0, 0, 0, 0, utc)
)

// Rewritings worked out by hand.
func TestAsOfReadsWell(t *testing.T) {
	schema := &segment.Schema{Zone: utc}
	days := syntax.Duration{N: 90, Unit: syntax.Day}
	months := syntax.Duration{N: 3, Unit: syntax.Month}
	for _, c := range []struct {
		formula, want string
		ago           *syntax.Duration // nil: the date 2011-06-01
	}{
		{`count(order, last 90d) >= 3`, `count(order, from 2011-03-03 to 2011-06-01) >= 3`, nil},
		{`count(order, last 90d) >= 3`, `count(order, from 180d ago to 90d ago) >= 3`, &days},
		{`count(order) >= 3`, `count(order, before 90d ago) >= 3`, &days},
		{`count(order) >= 3`, `count(order, before 3mo ago) >= 3`, &months},
		{`days_since(order) > 60`, `last(order, before 2011-06-01) before 2011-04-01`, nil},
		{`days_since(order) > 60`, `days_since(order, before 90d ago) > 150`, &days},
		{`days_since(order) <= 60`, `last(order, before 2011-06-01) after 2011-03-31`, nil},
		{`rfm = "Champions"`, `rfm(at: 90d ago) = "Champions"`, &days},
		{`lifecycle(lapse: 60) = "churned"`, `lifecycle(at: 2011-06-01, lapse: 60) = "churned"`, nil},
		{`segment "Loyal"`, `segment "Loyal" at 2011-06-01`, nil},
		{`not (segment "Loyal" or count(visit, 2011-05) = 0)`, `not (segment "Loyal" at 2011-06-01 or count(visit, from 2011-05-01 to 2011-06-01) = 0)`, nil},
		{`sum(order.amount, last 1y) > 500`, `sum(order.amount, from 2010-06-01 to 2011-06-01) > 500`, nil},
	} {
		p := course.DateAt(time.Date(2011, 6, 1, 0, 0, 0, 0, utc), now, utc)
		if c.ago != nil {
			var err error
			if p, err = course.PointAt(syntax.Point{Ago: c.ago}, now, utc); err != nil {
				t.Fatal(err)
			}
		}
		f, err := syntax.Parse(c.formula)
		if err != nil {
			t.Fatal(err)
		}
		then, ok := course.AsOf(f, p, schema)
		if !ok || then.String() != c.want {
			t.Errorf("%s as of %s: %s, want %s", c.formula, p, then, c.want)
		}
	}
	f, _ := syntax.Parse(`birthday anniversary within next 7d`)
	if _, ok := course.AsOf(f, course.DateAt(now.AddDate(0, -6, 0), now, utc), schema); ok {
		t.Error("an anniversary of then can be said")
	}
}

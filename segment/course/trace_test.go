package course_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/segment/course"
	"tesela/segment/segmenttest"
	"tesela/segment/syntax"
)

var ctx = context.Background()

// firstSeen goes over all rows and the signup of one customer.
func firstSeen(w *segmenttest.World, i int) (at time.Time, known bool) {
	see := func(t time.Time) {
		if !known || t.Before(at) {
			at, known = t, true
		}
	}
	if t, ok := w.Customers[i].Traits[w.Roles["signup"]].(time.Time); ok {
		see(t)
	}
	for _, r := range w.Rows {
		if r.Customer == i {
			see(r.Time)
		}
	}
	return at, known
}

// subjects are layers and formulas to follow over a random world.
func subjects(t *testing.T, r *segmenttest.Random, src segment.Source) []course.Subject {
	t.Helper()
	var all []course.Subject
	for _, text := range []string{"lifecycle", "lifecycle(lapse: 3, new: last 2d)", "rfm", "rfm(bins: 3, last 1mo)", "value_tier", "value_tier(top: 30, low: 40, last 2w)", "engagement", "engagement(visit, last 3d)"} {
		v, err := syntax.ParseValue(text)
		if err != nil {
			t.Fatal(err)
		}
		s := course.Subject{Layer: v.(*syntax.Name)}
		if _, ok := s.Labels(src.Schema()); ok {
			all = append(all, s)
		}
	}
	for range 3 {
		f, err := syntax.Parse(r.Formula())
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, course.Subject{Segment: f})
	}
	return all
}

// labelOf is what the plain engine says of everyone.
func labelsOf(t *testing.T, s course.Subject, w *segmenttest.World, at time.Time) []string {
	t.Helper()
	labels := make([]string, len(w.Customers))
	if s.Layer == nil {
		members, _, err := segmenttest.Naive{}.Set(ctx, s.Segment, w, at)
		if err != nil {
			t.Fatal(err)
		}
		for i := range labels {
			labels[i] = course.Out
		}
		for _, i := range members {
			labels[i] = course.In
		}
		return labels
	}
	cells, err := segmenttest.Naive{}.Value(ctx, s.Layer, w, at)
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range cells {
		labels[i] = course.Unlabelled
		if word, ok := c.(string); ok {
			labels[i] = word
		}
	}
	return labels
}

// The matrix counts each customer once, as loops over customers and rows do;
// the formula of each route finds just its customers; rows sum to the sizes.
func TestMovesAreThoseOfPlainLoops(t *testing.T) {
	traced, routes, said := 0, 0, 0
	for seed := uint64(1); seed <= 160; seed++ {
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
		from, err := course.PointAt(syntax.Point{Ago: &syntax.Duration{N: 1 + r.IntN(30), Unit: []syntax.Unit{syntax.Day, syntax.Day, syntax.Month}[r.IntN(3)]}}, now, w.Zone)
		if err != nil {
			t.Fatal(err)
		}
		to := course.NowAt(now)
		if r.IntN(3) == 0 {
			to = course.DateAt(from.At.Add(time.Duration(1+r.IntN(20*24))*time.Hour), now, w.Zone)
		}
		if !from.At.Before(to.At) {
			continue
		}
		var base syntax.Formula
		if r.IntN(3) == 0 {
			if base, err = syntax.Parse(r.Formula()); err != nil {
				t.Fatal(err)
			}
		}
		for _, s := range subjects(t, r, src) {
			moves, err := course.Trace(ctx, src, s, base, seen, from.At, to.At)
			if err != nil {
				continue // a date of the formula that the language lacks from so early
			}
			traced++
			was, is := labelsOf(t, s, w, from.At), labelsOf(t, s, w, to.At)
			in := map[int]bool{}
			if base != nil {
				members, _, err := segmenttest.Naive{}.Set(ctx, base, w, to.At)
				if err != nil {
					t.Fatal(err)
				}
				for _, i := range members {
					in[i] = true
				}
			}
			want := map[[2]string]map[int]bool{}
			counted := 0
			for i := range w.Customers {
				since, known := firstSeen(w, i)
				if base != nil && !in[i] || known && !since.Before(to.At) {
					continue
				}
				before := was[i]
				if known && !since.Before(from.At) {
					before = course.Joined
				}
				key := [2]string{before, is[i]}
				if want[key] == nil {
					want[key] = map[int]bool{}
				}
				want[key][i] = true
				counted++
			}
			if got := moves.Matrix.Total(); got != counted || got != moves.Counted.Len() {
				t.Fatalf("seed %d: %d moves of %d customers, want %d", seed, got, moves.Counted.Len(), counted)
			}
			writer := course.NewRoutes(moves, seen, src, base, from, to)
			for f := range moves.Matrix.Rows {
				for c := range moves.Matrix.Cols {
					key := [2]string{moves.RowLabel(f), moves.Labels()[c]}
					if moves.Matrix.At(f, c) != len(want[key]) {
						t.Fatalf("seed %d, %v from %s to %s: %v has %d, want %d", seed, s, from.At, to.At, key, moves.Matrix.At(f, c), len(want[key]))
					}
					if len(want[key]) == 0 {
						continue
					}
					moves.Members(f, c).Each(func(i int) {
						if !want[key][i] {
							t.Fatalf("seed %d: customer %d is none of %v", seed, i, key)
						}
					})
					routes++
					formula, ok, err := writer.Formula(ctx, f, c)
					if err != nil {
						t.Fatal(err)
					}
					if !ok {
						continue
					}
					said++
					parsed, err := syntax.Parse(formula.String())
					if err != nil {
						t.Fatalf("seed %d: %s: %v", seed, formula, err)
					}
					plan, err := segment.Compile(ctx, parsed, src, now)
					if err != nil {
						t.Fatalf("seed %d: %s: %v", seed, formula, err)
					}
					set, err := plan.Run(ctx)
					if err != nil {
						t.Fatal(err)
					}
					if !set.Equal(moves.Members(f, c)) {
						t.Fatalf("seed %d, %v from %s to %s: the formula of %v, %s, finds %d customers, want %d", seed, s, from, to, key, formula, set.Len(), len(want[key]))
					}
				}
			}
			for f := range moves.Matrix.Rows {
				size := 0
				for _, members := range want {
					for i := range members {
						since, known := firstSeen(w, i)
						joined := known && !since.Before(from.At)
						if joined && moves.RowLabel(f) == course.Joined || !joined && moves.RowLabel(f) == was[i] {
							size++
						}
					}
				}
				if moves.Matrix.Row(f) != size {
					t.Fatalf("seed %d: row %s sums to %d, want %d", seed, moves.RowLabel(f), moves.Matrix.Row(f), size)
				}
			}
		}
	}
	if traced < 500 || said < 1000 || said*10 < routes*8 {
		t.Errorf("only %d migrations, %d routes, %d of them with a formula", traced, routes, said)
	}
}

// What turned is what two evaluations by the plain engine say.
func TestFlipsAreThoseOfPlainLoops(t *testing.T) {
	day := func(d int) time.Time { return time.Date(2011, 6, d, 12, 0, 0, 0, utc) }
	w := &segmenttest.World{
		Zone: utc, Currency: "EUR", Digits: 2, Roles: map[string]string{}, Saved: map[string]string{"Visitors": `count(visit, last 10d) >= 1`},
		Traits: []segmenttest.Field{{Name: "country", Kind: column.Text}},
		Events: []segmenttest.Kind{{Name: "visit"}, {Name: "order"}},
	}
	for _, id := range []string{"a", "b", "c", "d"} {
		w.Customers = append(w.Customers, segmenttest.Customer{ID: id, Traits: map[string]any{"country": "DE"}})
	}
	row := func(event string, who int, d int) {
		w.Rows = append(w.Rows, segmenttest.Row{Event: event, Customer: who, Time: day(d)})
	}
	// At the 11th all four have visited and bought in the ten days before.
	for who := range 4 {
		row("visit", who, 5)
		row("order", who, 6)
	}
	row("order", 0, 15) // a: no visit since
	row("visit", 1, 15) // b: no order since
	// c: neither
	row("visit", 3, 15) // d: both
	row("order", 3, 16)
	src, err := segmenttest.NewSource(w)
	if err != nil {
		t.Fatal(err)
	}
	seen, err := course.FirstSeen(ctx, src)
	if err != nil {
		t.Fatal(err)
	}
	f, err := syntax.Parse(`segment "Visitors" and count(order, last 10d) >= 1 and country = "DE"`)
	if err != nil {
		t.Fatal(err)
	}
	from, to := time.Date(2011, 6, 11, 0, 0, 0, 0, utc), time.Date(2011, 6, 21, 0, 0, 0, 0, utc)
	moves, err := course.Trace(ctx, src, course.Subject{Segment: f}, nil, seen, from, to)
	if err != nil {
		t.Fatal(err)
	}
	routes := moves.Biggest(10)
	if len(routes) != 1 || routes[0] != (course.Route{From: 0, To: 1}) || moves.Matrix.At(0, 1) != 3 || moves.Matrix.At(0, 0) != 1 {
		t.Fatalf("routes %v of %v", routes, moves.Matrix)
	}
	causes, err := moves.Causes(ctx, src, routes)
	if err != nil {
		t.Fatal(err)
	}
	// a and c lack the visit, b and c the order; c would be out by either.
	want := []course.Cause{
		{Condition: "count(visit, last 10d) >= 1", Turn: course.BecameFalse, N: 2, Alone: 1},
		{Condition: "count(order, last 10d) >= 1", Turn: course.BecameFalse, N: 2, Alone: 1},
	}
	if len(causes[0]) != 2 {
		t.Fatalf("causes %+v", causes[0])
	}
	for k, c := range causes[0] {
		if c.Condition != want[k].Condition || c.Turn != want[k].Turn || c.N != want[k].N || c.Alone != want[k].Alone {
			t.Errorf("cause %d is %+v, want %+v", k, c, want[k])
		}
	}
}

// The causes of a layer's moves agree with what its rules say of each
// customer: the condition named is true of all movers at one end and of none
// at the other.
func TestCausesTurnForAllTheyAreToldOf(t *testing.T) {
	checked := 0
	for seed := uint64(1); seed <= 150; seed++ {
		r := segmenttest.NewRandom(seed)
		w, now := r.World()
		w.Roles = map[string]string{"purchase": "order", "amount": "order.amount"}
		src, err := segmenttest.NewSource(w)
		if err != nil {
			t.Fatal(err)
		}
		seen, err := course.FirstSeen(ctx, src)
		if err != nil {
			t.Fatal(err)
		}
		from := now.AddDate(0, 0, -1-r.IntN(20))
		if s := subjects(t, r, src)[0]; s.Layer != nil && s.Layer.Name == "lifecycle" {
			for _, text := range []string{"lifecycle", "lifecycle(lapse: 3, new: last 2d, star: 20)", "value_tier", "rfm", "rfm(bins: 4)", "engagement", "engagement(order, last 2d)"} {
				v, err := syntax.ParseValue(text)
				if err != nil {
					t.Fatal(err)
				}
				moves, err := course.Trace(ctx, src, course.Subject{Layer: v.(*syntax.Name)}, nil, seen, from, now)
				if err != nil {
					t.Fatal(err)
				}
				routes := moves.Biggest(1000)
				causes, err := moves.Causes(ctx, src, routes)
				if err != nil {
					t.Fatal(err)
				}
				for k, route := range routes {
					if route.From == moves.JoinedRow() {
						if causes[k] != nil {
							t.Fatalf("those who joined have a cause: %v", causes[k])
						}
						continue
					}
					size := moves.Matrix.At(route.From, route.To)
					if len(causes[k]) == 0 {
						t.Fatalf("seed %d, %s: no cause of %s to %s", seed, text, moves.RowLabel(route.From), moves.Labels()[route.To])
					}
					for _, c := range causes[k] {
						if c.N < 1 || c.N > size || c.Alone > c.N {
							t.Fatalf("seed %d, %s: %+v of %d", seed, text, c, size)
						}
						checked++
						turns(t, seed, text, c, moves, route, w, from, now)
					}
				}
			}
		}
	}
	if checked < 300 {
		t.Errorf("only %d causes were looked at", checked)
	}
}

// turns counts by the plain engine for how many of a route's customers a
// condition or score turned so. A condition on the lapse point is written with
// that of the later date, so the earlier end may lie on the same side of it.
func turns(t *testing.T, seed uint64, layer string, c course.Cause, m *course.Moves, route course.Route, w *segmenttest.World, from, to time.Time) {
	t.Helper()
	n := 0
	if c.Turn == course.Rose || c.Turn == course.Fell {
		v, err := syntax.ParseValue(c.Condition)
		if err != nil {
			t.Fatal(err)
		}
		was, err := segmenttest.Naive{}.Value(ctx, v, w, from)
		if err != nil {
			t.Fatal(err)
		}
		is, err := segmenttest.Naive{}.Value(ctx, v, w, to)
		if err != nil {
			t.Fatal(err)
		}
		m.Members(route.From, route.To).Each(func(i int) {
			a, _ := was[i].(int64)
			b, _ := is[i].(int64)
			if a < b && c.Turn == course.Rose || a > b && c.Turn == course.Fell {
				n++
			}
		})
	} else {
		f, err := syntax.Parse(c.Condition)
		if err != nil {
			t.Fatalf("%s: %v", c.Condition, err)
		}
		was, is := labelsOf(t, course.Subject{Segment: f}, w, from), labelsOf(t, course.Subject{Segment: f}, w, to)
		m.Members(route.From, route.To).Each(func(i int) {
			turned := was[i] != is[i] || strings.HasPrefix(layer, "lifecycle")
			if turned && (is[i] == course.In) == (c.Turn == course.BecameTrue) {
				n++
			}
		})
	}
	if n != c.N {
		t.Errorf("seed %d, %s, %s to %s: %s %s for %d, told %d", seed, layer, m.RowLabel(route.From), m.Labels()[route.To], c.Condition, c.Turn, n, c.N)
	}
}

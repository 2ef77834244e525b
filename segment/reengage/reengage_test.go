package reengage_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/segment/reengage"
	"tesela/segment/segmenttest"
	"tesela/segment/syntax"
)

var ctx = context.Background()

// world makes a small business around a change of the clocks.
func world(r *rand.Rand) *segmenttest.World {
	zone, err := time.LoadLocation([]string{"Europe/Madrid", "America/New_York", "UTC"}[r.IntN(3)])
	if err != nil {
		zone = time.UTC
	}
	w := &segmenttest.World{
		Zone:   zone,
		Traits: []segmenttest.Field{{Name: "allowed", Kind: column.Bool}},
		Events: []segmenttest.Kind{{Name: "visit"}, {Name: "order"}, {Name: "mail"}, {Name: "leave"}},
		Roles:  map[string]string{"purchase": "order", "send": "mail", "unsubscribe": "leave"},
	}
	if r.IntN(2) == 0 {
		w.Roles["consent"] = "allowed"
	}
	for i := range 30 {
		c := segmenttest.Customer{ID: fmt.Sprint("c", i), Traits: map[string]any{}}
		if r.IntN(4) > 0 {
			c.Traits["allowed"] = r.IntN(3) > 0
		}
		w.Customers = append(w.Customers, c)
		if r.IntN(8) == 0 {
			continue
		}
		add := func(event string, n int) {
			for range n {
				at := time.Date(2018, 10, 1+r.IntN(70), r.IntN(24), r.IntN(60), 0, 0, zone)
				if r.IntN(5) == 0 {
					at = time.Date(2018, 10, 1+r.IntN(70), 0, 0, 0, 0, zone) // on the border
				}
				w.Rows = append(w.Rows, segmenttest.Row{Event: event, Customer: i, Time: at})
			}
		}
		add("visit", r.IntN(6))
		add("order", r.IntN(3))
		add("mail", r.IntN(6))
		if r.IntN(4) == 0 {
			add("leave", 1)
		}
	}
	return w
}

// midnight is when a day begins.
func midnight(y int, m time.Month, d int, zone *time.Location) time.Time {
	return time.Date(y, m, d, 0, 0, 0, 0, zone)
}

// holds asks the plain engine who satisfies a formula at an instant.
func holds(t *testing.T, w *segmenttest.World, text string, at time.Time) map[int]bool {
	t.Helper()
	f, err := syntax.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	members, _, err := segmenttest.Naive{}.Set(ctx, f, w, at)
	if err != nil {
		t.Fatal(err)
	}
	set := map[int]bool{}
	for _, i := range members {
		set[i] = true
	}
	return set
}

// byHand plays the flow day by day, customer by customer: each midnight it asks
// the plain engine who is disengaged, who may be written to, and who did
// something the day before.
func byHand(t *testing.T, w *segmenttest.World, q reengage.Query) (steps [3]reengage.Step, entered map[int]bool, inside [3][]int) {
	t.Helper()
	type state struct{ step, days int }
	states := map[int]*state{}
	entered = map[int]bool{}
	count := func(event string, i int, from, to time.Time) (n int) {
		for _, r := range w.Rows {
			if r.Event == event && r.Customer == i && !r.Time.Before(from) && r.Time.Before(to) {
				n++
			}
		}
		return n
	}
	events := strings.Join(q.Events, ", ")
	wait := []int{q.LastCall, q.Remove, 1 << 30}
	y, m, d := q.From.In(w.Zone).Date()
	reach := func(i, step int, at time.Time) {
		steps[step].Entered++
		ly, lm, ld := at.In(w.Zone).Date()
		until := q.To
		if step < 2 {
			until = midnight(ly, lm, ld+wait[step], w.Zone)
		}
		if until.After(q.To) {
			until = q.To
		}
		if count("order", i, at, until) > 0 {
			steps[step].Bought++
		}
		if count("mail", i, at, until) > 0 {
			steps[step].Sent++
		}
	}
	var before map[int]bool // who was silent the midnight before
	for day := 1; ; day++ {
		at := midnight(y, m, d+day, w.Zone)
		if at.After(q.To) {
			break
		}
		silent := holds(t, w, fmt.Sprintf(`engagement(%s, last %dd) = "disengaged"`, events, q.Days), at)
		may := holds(t, w, `count(leave) = 0`, at)
		if w.Roles["consent"] != "" {
			yes := holds(t, w, "allowed = true", at)
			for i := range may {
				may[i] = may[i] && yes[i]
			}
		}
		for i := range w.Customers {
			if s := states[i]; s != nil {
				// What happened since the midnight before.
				switch {
				case !silent[i]:
					steps[s.step].CameBack++
					delete(states, i)
				case !may[i]:
					steps[s.step].Unsubscribed++
					delete(states, i)
				default:
					if s.days++; s.days == wait[s.step] {
						s.step, s.days = s.step+1, 0
						reach(i, s.step, at)
					}
				}
				continue
			}
			if silent[i] && may[i] && (day == 1 || !before[i]) {
				states[i] = &state{}
				entered[i] = true
				reach(i, 0, at)
			}
		}
		before = silent
	}
	for i := range w.Customers {
		if s := states[i]; s != nil {
			steps[s.step].Waiting++
			inside[s.step] = append(inside[s.step], i)
		}
	}
	return steps, entered, inside
}

func TestAgainstDayByDay(t *testing.T) {
	reached := [3]int{}
	for seed := uint64(1); seed <= 60; seed++ {
		r := rand.New(rand.NewPCG(seed, 3))
		w := world(r)
		src, err := segmenttest.NewSource(w)
		if err != nil {
			t.Fatal(err)
		}
		q := reengage.Query{
			Events: [][]string{{"visit", "order"}, {"visit"}, {"order", "visit"}}[r.IntN(3)],
			Days:   1 + r.IntN(12), LastCall: 1 + r.IntN(8), Remove: 1 + r.IntN(8),
			From: midnight(2018, 10, 5+r.IntN(25), w.Zone), To: midnight(2018, 11, 1+r.IntN(40), w.Zone),
		}
		f, err := reengage.Simulate(ctx, src, q)
		if err != nil {
			t.Fatal(err)
		}
		steps, entered, inside := byHand(t, w, q)
		if f.Steps != steps || f.Customers != len(entered) {
			t.Fatalf("seed %d, %+v:\n played %+v of %d customers\nby hand %+v of %d", seed, q, f.Steps, f.Customers, steps, len(entered))
		}
		for step, s := range f.Steps {
			reached[step] += s.Entered
			want := s.CameBack + s.Unsubscribed + s.Waiting
			if step < reengage.Removal {
				want += f.Steps[step+1].Entered
			}
			if s.Entered != want {
				t.Errorf("seed %d, step %d: %d entered, %d are accounted for", seed, step, s.Entered, want)
			}
			var got []int
			f.Inside[step].Each(func(i int) { got = append(got, i) })
			if !slices.Equal(got, inside[step]) {
				t.Errorf("seed %d, step %d: inside are %v, by hand %v", seed, step, got, inside[step])
			}
		}
		// The formulas find just those, as of the end.
		for step, formula := range f.Formulas(nil, src.Schema()) {
			parsed, err := syntax.Parse(formula.String())
			if err != nil {
				t.Fatalf("%s: %v", formula, err)
			}
			plan, err := segment.Compile(ctx, parsed, src, q.To)
			if err != nil {
				t.Fatalf("%s: %v", formula, err)
			}
			set, err := plan.Run(ctx)
			if err != nil {
				t.Fatal(err)
			}
			if !set.Equal(f.Inside[step]) {
				t.Errorf("seed %d, step %d: %s finds %d, %d are inside", seed, step, formula, set.Len(), f.Inside[step].Len())
			}
		}
	}
	for step, n := range reached {
		if n < 50 {
			t.Errorf("step %d was reached %d times in all worlds: too few to tell", step, n)
		}
	}
}

// One customer, worked out by hand: active on 1 October alone, so silent for
// ten days when the 12th begins; a message then, a last call five days later,
// removal proposed after three more; back on the 25th with an order. The flow
// acts at the ends of the days before.
func TestOneCustomer(t *testing.T) {
	day := func(d int) time.Time { return time.Date(2018, 10, d, 0, 0, 0, 0, time.UTC) }
	w := &segmenttest.World{
		Zone: time.UTC, Customers: []segmenttest.Customer{{ID: "a"}},
		Events: []segmenttest.Kind{{Name: "visit"}, {Name: "order"}},
		Roles:  map[string]string{"purchase": "order"},
		Rows: []segmenttest.Row{
			{Event: "visit", Time: day(1).Add(15 * time.Hour)},
			{Event: "order", Time: day(25).Add(9 * time.Hour)},
		},
	}
	src, err := segmenttest.NewSource(w)
	if err != nil {
		t.Fatal(err)
	}
	q := reengage.Query{Days: 10, LastCall: 5, Remove: 3, From: day(5), To: day(31)}
	f, err := reengage.Simulate(ctx, src, q)
	if err != nil {
		t.Fatal(err)
	}
	want := [3]reengage.Step{{Entered: 1}, {Entered: 1}, {Entered: 1, CameBack: 1, Bought: 1}}
	if f.Steps != want || f.Backlog != 0 {
		t.Errorf("%+v, backlog %d; want %+v", f.Steps, f.Backlog, want)
	}
	for _, d := range f.Byday {
		for step, on := range []int{11, 16, 19} {
			if got := d.Steps[step].Entered == 1; got != d.At.Equal(day(on)) {
				t.Errorf("step %d on %s: %v", step, d.At.Format(time.DateOnly), got)
			}
		}
	}
	if !slices.Equal(f.Query.Events, []string{"order", "visit"}) {
		t.Errorf("activity is %v", f.Query.Events)
	}
	// Already silent when the flow begins.
	q.From = day(14)
	if f, err = reengage.Simulate(ctx, src, q); err != nil || f.Backlog != 1 || f.Byday[0].Steps[0].Entered != 1 {
		t.Errorf("backlog %d, %v; want 1", f.Backlog, err)
	}
	// Before he was there at all nobody enters.
	q.From, q.To = day(1).AddDate(-1, 0, 0), day(1)
	if f, err = reengage.Simulate(ctx, src, q); err != nil || f.Steps != ([3]reengage.Step{}) || f.Never != 1 {
		t.Errorf("%+v, never %d, %v; want nobody", f.Steps, f.Never, err)
	}
}

func TestBaseAndBounds(t *testing.T) {
	w := world(rand.New(rand.NewPCG(5, 3)))
	src, err := segmenttest.NewSource(w)
	if err != nil {
		t.Fatal(err)
	}
	q := reengage.Query{Days: 5, LastCall: 3, Remove: 3, From: time.Date(2018, 10, 10, 0, 0, 0, 0, w.Zone), To: time.Date(2018, 12, 1, 0, 0, 0, 0, w.Zone)}
	whole, err := reengage.Simulate(ctx, src, q)
	if err != nil {
		t.Fatal(err)
	}
	// Two halves add up to the whole.
	var sum [3]reengage.Step
	for half := range 2 {
		q.Base = segment.NewSet(len(w.Customers))
		for i := half; i < len(w.Customers); i += 2 {
			q.Base.Add(i)
		}
		f, err := reengage.Simulate(ctx, src, q)
		if err != nil {
			t.Fatal(err)
		}
		for step, s := range f.Steps {
			sum[step].Entered += s.Entered
			sum[step].CameBack += s.CameBack
			sum[step].Unsubscribed += s.Unsubscribed
			sum[step].Waiting += s.Waiting
			sum[step].Bought += s.Bought
			sum[step].Sent += s.Sent
		}
	}
	if sum != whole.Steps {
		t.Errorf("halves %+v, whole %+v", sum, whole.Steps)
	}
	q.Base = nil
	for _, cores := range []int{1, 4} {
		was := runtime.GOMAXPROCS(cores)
		again, err := reengage.Simulate(ctx, src, q)
		runtime.GOMAXPROCS(was)
		if err != nil || !reflect.DeepEqual(again, whole) {
			t.Errorf("on %d cores: %+v, %v", cores, again.Steps, err)
		}
	}
	q.Days = 0
	if _, err := reengage.Simulate(ctx, src, q); err == nil {
		t.Error("no days of silence were accepted")
	}
	q.Days = 5
	gone, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := reengage.Simulate(gone, src, q); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	none, err := segmenttest.NewSource(&segmenttest.World{Zone: time.UTC, Customers: []segmenttest.Customer{{ID: "a"}}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := reengage.Simulate(ctx, none, q); !errors.Is(err, reengage.ErrNothing) {
		t.Errorf("without events: %v", err)
	}
}

package lifecycle_test

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"tesela/segment/column"
	"tesela/segment/lifecycle"
)

const day = int64(24 * 3600e6)

// history makes purchases of customers 0, 1, … from their days.
func history(before int64, customers ...[]int64) lifecycle.Purchases {
	t := &column.Table{}
	for who, days := range customers {
		if len(days) == 0 {
			continue
		}
		t.Who = append(t.Who, uint32(who))
		t.Starts = append(t.Starts, uint32(len(t.Times)))
		for _, d := range days {
			t.Times = append(t.Times, d*day+day/2)
		}
	}
	t.Starts = append(t.Starts, uint32(len(t.Times)))
	return lifecycle.Purchases{Table: t, Before: before, Day: func(x int64) int64 { return int64(math.Floor(float64(x) / float64(day))) }}
}

// steps gives the same purchases with packed times and tabulated days.
func steps(p lifecycle.Purchases) lifecycle.Purchases {
	table := *p.Table
	table.Pack()
	p.Table, p.Days = &table, column.NewSteps(table.Clock, day/2, p.Day)
	return p
}

func gapsOf(t *testing.T, p lifecycle.Purchases) lifecycle.Gaps {
	t.Helper()
	plain, err := lifecycle.Walk(t.Context(), p, true)
	if err != nil {
		t.Fatal(err)
	}
	packed, err := lifecycle.Walk(t.Context(), steps(p), true)
	if err != nil || !slices.Equal(plain.Gaps, packed.Gaps) || !slices.Equal(plain.Last, packed.Last) {
		t.Errorf("packed times give %v, plain ones %v (%v)", packed, plain, err)
	}
	return plain.Gaps
}

func TestLapsePointByNearestRank(t *testing.T) {
	for _, c := range []struct {
		name  string
		days  [][]int64
		want  lifecycle.Lapse
		until int64
	}{
		{"nobody", [][]int64{nil, nil}, lifecycle.Lapse{Days: 14}, 1000},
		{"once each", [][]int64{{1}, {5}, {9}}, lifecycle.Lapse{Days: 14}, 1000},
		{"twice on one day", [][]int64{{1, 1, 1}}, lifecycle.Lapse{Days: 14}, 1000},
		{"one gap", [][]int64{{1, 41}}, lifecycle.Lapse{Days: 40, Gaps: 1, Found: 40}, 1000},
		{"short gaps", [][]int64{{1, 3, 5}}, lifecycle.Lapse{Days: 14, Gaps: 2, Found: 2}, 1000},
		// Ten gaps of 10, 20, … 100: the ninth.
		{"ten", [][]int64{{0, 10, 30, 60, 100, 150, 210}, {0, 70, 150, 240, 340}}, lifecycle.Lapse{Days: 90, Gaps: 10, Found: 90}, 1000},
		// Eleven, with one of 1: the tenth of them.
		{"eleven", [][]int64{{0, 10, 30, 60, 100, 150, 210}, {0, 70, 150, 240, 340}, {5, 6}}, lifecycle.Lapse{Days: 90, Gaps: 11, Found: 90}, 1000},
		{"days before 1970", [][]int64{{-40, -20, 10}}, lifecycle.Lapse{Days: 30, Gaps: 2, Found: 30}, 1000},
		// What comes later does not exist.
		{"until day 101", [][]int64{{0, 20, 100, 900}}, lifecycle.Lapse{Days: 80, Gaps: 2, Found: 80}, 101},
	} {
		if got := gapsOf(t, history(c.until*day, c.days...)).Lapse(); got != c.want {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
}

// stagesOf gives each customer's stage, of plain and of packed times alike.
func stagesOf(t *testing.T, customers int, p lifecycle.Purchases, r lifecycle.Rules) []string {
	t.Helper()
	var all [2][]string
	for k, p := range []lifecycle.Purchases{p, steps(p)} {
		days, err := lifecycle.Walk(t.Context(), p, k == 0)
		if err != nil {
			t.Fatal(err)
		}
		c, err := lifecycle.Stages(t.Context(), customers, p, days.Last, r)
		if err != nil || c.Len() != customers {
			t.Fatalf("%d stages of %d: %v", c.Len(), customers, err)
		}
		for i := range customers {
			all[k] = append(all[k], c.Dict.Word(c.Code(i)))
		}
	}
	if !slices.Equal(all[0], all[1]) {
		t.Errorf("packed times give %q, plain ones %q", all[1], all[0])
	}
	return all[0]
}

func TestReturned(t *testing.T) {
	p := history(
		200*day,
		[]int64{0, 100},           // after 100 days, of late
		[]int64{0, 60, 70, 80},    // after 60 days, too long ago
		[]int64{90, 100, 110},     // no gap
		[]int64{150},              // the first
		[]int64{0, 100, 300},      // what is later does not count
		[]int64{0, 95, 95, 95},    // several rows of one day
		nil,                       // none
		[]int64{40, 41, 100, 101}, // a gap before the last but one
		[]int64{250},              // none that counts
	)
	rules := lifecycle.Rules{Today: 110, Lapse: 50, Since: 90 * day, NewSince: 1000 * day}
	got := stagesOf(t, 9, p, rules)
	want := []string{"reactivated", "active", "active", "active", "reactivated", "reactivated", "prospect", "reactivated", "prospect"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	rules.Lapse = 100
	if got := stagesOf(t, 9, p, rules); slices.Contains(got, "reactivated") {
		t.Errorf("100 days are not more than 100: %q", got)
	}
	rules.Lapse, rules.Lost = 50, true
	for i, got := range stagesOf(t, 9, p, rules) {
		if (got == "active") != (want[i] == "active" || want[i] == "reactivated") {
			t.Errorf("where nobody asks, customer %d is %s, not %s", i, got, want[i])
		}
	}
}

// By hand, up to day 1000 with a lapse point of 50 days (0.8 of it 40), new
// since day 990, stars the best 25% of the eight within 40 days: two, and a third
// by a tie.
func TestStagesInTheOrderOfTheRules(t *testing.T) {
	long := func(last int64) []int64 { return []int64{last - 80, last - 40, last} } // no gap of over 50 days
	p := history(
		1001*day, nil,
		long(949), []int64{800, 950}, long(959), // churned, at risk, at risk
		[]int64{990}, []int64{900, 990}, // new, reactivated
		long(990), long(960), long(990), long(990), long(1000), long(990),
	)
	r := lifecycle.Rules{
		Today: 1000, Lapse: 50, Since: 950 * day, NewSince: 990 * day, Stars: 25,
		Revenue: []int64{0, 900, 900, 900, 90, 1, 70, 80, 70, 60, -5, 0},
	}
	want := []string{"prospect", "churned", "at risk", "at risk", "new", "reactivated", "active", "star", "active", "active", "active", "active"}
	if got := stagesOf(t, 12, p, r); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	// A third of eight is three: 90, 80 and both of 70.
	r.Stars = 33
	want[6], want[8] = "star", "star"
	if got := stagesOf(t, 12, p, r); !slices.Equal(got, want) {
		t.Errorf("of a third: got %q, want %q", got, want)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := lifecycle.Stages(ctx, 12, p, make([]int32, 11), r); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// The gaps and latest days are those that a walk from customer to customer
// finds, with many customers and rows, and instants that cut them short.
func TestWalkAgreesWithPlainLoops(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for round := range 12 {
		customers := make([][]int64, 1+rng.IntN(3000))
		for i := range customers {
			at := rng.Int64N(300)
			for range rng.IntN(12) * rng.IntN(2) {
				customers[i] = append(customers[i], at)
				at += rng.Int64N(40) * rng.Int64N(2)
			}
		}
		until := int64(10_000)
		if round%2 == 0 {
			until = rng.Int64N(500)
		}
		want, last := lifecycle.Gaps{}, []int32{}
		for _, days := range customers {
			end := slices.IndexFunc(days, func(d int64) bool { return d >= until })
			if end < 0 {
				end = len(days)
			}
			if len(days) > 0 {
				last = append(last, lifecycle.None)
			}
			for k, d := range days[:end] {
				last[len(last)-1] = int32(d)
				if k > 0 && d > days[k-1] {
					for int64(len(want)) <= d-days[k-1] {
						want = append(want, 0)
					}
					want[d-days[k-1]]++
				}
			}
		}
		p := history(until*day, customers...)
		if got := gapsOf(t, p); !slices.Equal(got, want) {
			t.Fatalf("gaps %v, want %v", got, want)
		}
		for _, p := range []lifecycle.Purchases{p, steps(p)} {
			for _, gaps := range []bool{true, false} {
				if got, err := lifecycle.Walk(t.Context(), p, gaps); err != nil || !slices.Equal(got.Last, last) {
					t.Fatalf("latest days %v, want %v (%v)", got.Last, last, err)
				}
			}
		}
	}
}

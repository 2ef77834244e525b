package lifecycle_test

import (
	"context"
	"errors"
	"math"
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

func gapsOf(p lifecycle.Purchases) lifecycle.Gaps {
	var all lifecycle.Gaps
	for k := range p.Table.Who { // in parts, as on several cores
		var g lifecycle.Gaps
		g.Count(p, k, k+1)
		all.Merge(g)
	}
	return all
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
		if got := gapsOf(history(c.until*day, c.days...)).Lapse(); got != c.want {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
}

func TestReturned(t *testing.T) {
	p := history(200*day,
		[]int64{0, 100},           // after 100 days, of late
		[]int64{0, 60, 70, 80},    // after 60 days, too long ago
		[]int64{90, 100, 110},     // no gap
		[]int64{150},              // the first
		[]int64{0, 100, 300},      // what is later does not count
		[]int64{0, 95, 95, 95},    // several rows of one day
		nil,                       // none
		[]int64{40, 41, 100, 101}, // a gap before the last but one
	)
	got := make([]bool, 8)
	for k := range p.Table.Who {
		lifecycle.Returned(p, k, k+1, 90*day, 50, got)
	}
	if want := []bool{true, false, false, false, true, true, false, true}; !slices.Equal(got, want) {
		t.Errorf("returned %v, want %v", got, want)
	}
	got = make([]bool, 8)
	lifecycle.Returned(p, 0, len(p.Table.Who), 90*day, 100, got)
	if slices.Contains(got, true) {
		t.Errorf("100 days are not more than 100: %v", got)
	}
}

// By hand, with a lapse point of 50 days (0.8 of it 40), new since instant 1000,
// stars the best 25% of the eight within 40 days: two, and a third by a tie.
func TestStagesInTheOrderOfTheRules(t *testing.T) {
	none := int64(column.Unset)
	f := lifecycle.Facts{
		Days:     []int64{none, 51, 50, 41, 40, 0, 10, 10, 10, 10, 10, 10},
		First:    []int64{none, 2000, 2000, 1, 1000, 999, 5, 5, 5, 5, 5, 5},
		Returned: []bool{false, true, true, true, true, true, false, false, false, false, false, false},
		Revenue:  []int64{0, 900, 900, 900, 90, 1, 70, 80, 70, 60, -5, 0},
	}
	want := []string{"prospect", "churned", "at risk", "at risk", "new", "reactivated", "active", "star", "active", "active", "active", "active"}
	c, err := lifecycle.Stages(t.Context(), f, lifecycle.Rules{Lapse: 50, NewSince: 1000, Stars: 25})
	if err != nil {
		t.Fatal(err)
	}
	for i, w := range want {
		if got := c.Dict.Word(c.Codes[i]); got != w {
			t.Errorf("customer %d is %s, want %s", i, got, w)
		}
	}
	// A third of eight is three: 90, 80 and both of 70.
	c, err = lifecycle.Stages(t.Context(), f, lifecycle.Rules{Lapse: 50, NewSince: 1000, Stars: 33})
	for _, i := range []int{6, 7, 8} {
		if got := c.Dict.Word(c.Codes[i]); err != nil || got != "star" {
			t.Errorf("customer %d is %s, want a star (%v)", i, got, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := lifecycle.Stages(ctx, f, lifecycle.Rules{Lapse: 50, Stars: 10}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

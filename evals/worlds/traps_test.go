package worlds_test

import (
	"path/filepath"
	"testing"

	"tesela/evals/worlds"
	"tesela/segment"
	"tesela/segment/syntax"
	"tesela/store/sqlite"
)

// Figures counted on paper from the documentation of the bookshop.
func TestTraps(t *testing.T) {
	ws, err := sqlite.Create(t.Context(), filepath.Join(t.TempDir(), "traps.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer ws.Close()
	if err := worlds.Traps(t.Context(), ws); err != nil {
		t.Fatal(err)
	}
	src, err := ws.Source(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	now := src.Schema().Now()
	if got := now.Format("2006-01-02T15:04:05-07:00"); got != "2024-03-31T00:00:00-04:00" {
		t.Errorf("T is %s", got)
	}
	for formula, want := range map[string]int{
		"everyone":                                            worlds.Readers,
		"count(order) = 0":                                    30,
		"count(order) >= 3":                                   20,
		"count(order) = 4":                                    8,  // b001–b008 bought an odd title besides
		"count(order, 2024) >= 1":                             35, // not the ten of New Year's Eve
		"count(order, last 3mo) >= 1":                         45, // 31 December is within, not within 90 days
		"count(order, last 90d) >= 1":                         35,
		"count(order, last 1mo) >= 1":                         29, // 31 March less a month is the leap day
		"count(order, last 21d) >= 1":                         3,  // from the midnight before the clocks went on
		"count(order, from 2023-11-05 to 2023-11-06) >= 1":    4,
		`count(order where genre = "Crime") >= 1`:             25,
		"sum(order.amount) = 50":                              16, // b009–b020, b051–b054
		"sum(refund.amount) > sum(order.amount)":              1,
		"top 3 by count(visit)":                               5,
		"top 10 by sum(order.amount)":                         25, // 65, eight of 55, sixteen of 50
		"city is not set":                                     16,
		"newsletter is not set":                               45,
		`segment "Newsletter readers"`:                        15, // b001–b012, b021–b023
		"engagement = \"never\"":                              15,
		`count(order where title contains "DROP TABLE") >= 1`: 2,
	} {
		f, err := syntax.Parse(formula)
		if err != nil {
			t.Fatal(err)
		}
		plan, err := segment.Compile(t.Context(), f, src, now)
		if err != nil {
			t.Errorf("%s: %v", formula, err)
			continue
		}
		set, err := plan.Run(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if set.Len() != want {
			t.Errorf("%s: %d, on paper %d", formula, set.Len(), want)
		}
	}
}

package trial_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"

	"tesela/segment/effect"
	"tesela/segment/syntax"
	"tesela/segment/trial"
)

// draws is a fixed sequence of numbers, uniform in 0…n−1.
type draws uint64

func (d *draws) below(n int) int {
	*d = *d*6364136223846793005 + 1442695040888963407
	return int(uint64(*d>>33) % uint64(n))
}

// rolling is a world in which customers are assigned on many days at many hours,
// and the same told a second time for counting by hand.
func rolling(t testing.TB, customers, days int) (text string, assigned []time.Time, treated []bool, orders [][]time.Time) {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Madrid")
	must(t, err)
	d := draws(11)
	var a, o strings.Builder
	for i := range customers {
		at := time.Date(2024, 3, 1+d.below(days), d.below(24), d.below(60), 0, 0, zone)
		arm := d.below(2) == 1
		fmt.Fprintf(&a, "  p%04d %s Welcome %s\n", i, at.Format("2006-01-02T15:04"), map[bool]string{true: "treated", false: "control"}[arm])
		assigned, treated = append(assigned, at), append(treated, arm)
		var mine []time.Time
		for range d.below(4) {
			when := time.Date(2024, 2, 1+d.below(120), d.below(24), d.below(60), 0, 0, zone)
			fmt.Fprintf(&o, "  p%04d %s 10.00\n", i, when.Format("2006-01-02T15:04"))
			mine = append(mine, when)
		}
		orders = append(orders, mine)
	}
	var ids strings.Builder
	for i := range customers {
		fmt.Fprintf(&ids, "  p%04d\n", i)
	}
	return head + "customers\n" + ids.String() + "event assignment campaign:text arm:text\n" + a.String() + "event order amount:money\n" + o.String() + tail, assigned, treated, orders
}

// Customers assigned at differing times each have their own days: counted a
// second time row by row. On few days each counts from its very instant, on many
// from the first assignment of the local day on.
func TestDifferingTimes(t *testing.T) {
	for _, c := range []struct {
		customers, days int
		byDay           bool
	}{{35, 60, false}, {600, 60, true}} {
		text, assigned, treated, orders := rolling(t, c.customers, c.days)
		src, at := world(t, text)
		r, err := trial.Measure(t.Context(), src, at, trial.Query{Days: 20, Plain: true})
		must(t, err)
		first := map[string]time.Time{}
		for _, a := range assigned {
			day := a.Format(time.DateOnly)
			if f, ok := first[day]; !ok || a.Before(f) {
				first[day] = a
			}
		}
		var seen, n [2]int
		var purchases [2]float64
		for i, a := range assigned {
			from := a
			if c.byDay {
				from = first[a.Format(time.DateOnly)]
			}
			arm := 0
			if treated[i] {
				arm = 1
			}
			n[arm]++
			bought := false
			for _, o := range orders[i] {
				if !o.Before(from) && o.Before(from.AddDate(0, 0, 20)) {
					purchases[arm]++
					bought = true
				}
			}
			if bought {
				seen[arm]++
			}
		}
		want := effect.Newcombe(seen[1], n[1], seen[0], n[0], effect.Level)
		got := r.Rows[0]
		if got.Main().Treated.N != n[1] || got.Main().Held.N != n[0] {
			t.Errorf("%d customers: %d and %d, want %d and %d", c.customers, got.Main().Treated.N, got.Main().Held.N, n[1], n[0])
		}
		near(t, "lift", got.Main().Lift, want.Lift)
		near(t, "low", got.Main().Low, want.Low)
		near(t, "purchases", got.Figures[1].Lift, purchases[1]/float64(n[1])-purchases[0]/float64(n[0]))
	}
}

// Equal results on one core and on two.
func TestCoresDoNotMatter(t *testing.T) {
	text, _, _, _ := rolling(t, 600, 60)
	src, at := world(t, text)
	measure := func() []trial.Row {
		r, err := trial.Measure(t.Context(), src, at, trial.Query{Groups: []syntax.Formula{parse(t, "count(order) >= 1")}})
		must(t, err)
		for i := range r.Rows {
			r.Rows[i].Trial = nil
		}
		return r.Rows
	}
	old := runtime.GOMAXPROCS(1)
	one := measure()
	runtime.GOMAXPROCS(2)
	two := measure()
	runtime.GOMAXPROCS(old)
	if fmt.Sprintf("%+v", one) != fmt.Sprintf("%+v", two) || len(one) != 2 {
		t.Errorf("one core %+v\ntwo cores %+v", one, two)
	}
}

func TestStops(t *testing.T) {
	text, _, _, _ := rolling(t, 200, 60)
	src, at := world(t, text)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := trial.Measure(ctx, src, at, trial.Query{}); !errors.Is(err, context.Canceled) {
		t.Errorf("measure: %v", err)
	}
	if _, err := trial.RecommendFor(ctx, src, at, []syntax.Formula{parse(t, "everyone")}, trial.Query{}); !errors.Is(err, context.Canceled) {
		t.Errorf("recommend: %v", err)
	}
}

// Worlds with nothing in them: no campaigns, no purchases, one customer, all the
// same.
func TestSmallWorlds(t *testing.T) {
	bare := head + "customers\n  a\n  b\nevent order amount:money\n  a 2024-01-01T10:00 5.00\n" + tail
	src, at := world(t, bare)
	var unknown *trial.UnknownError
	if _, err := trial.Measure(t.Context(), src, at, trial.Query{}); !errors.As(err, &unknown) || len(unknown.Known) != 0 {
		t.Errorf("no campaigns: %v", err)
	}
	got, err := trial.RecommendFor(t.Context(), src, at, []syntax.Formula{parse(t, "everyone")}, trial.Query{})
	if err != nil || !reflect.DeepEqual(got, []trial.Recommendation{{Reason: trial.NoTrials}}) {
		t.Errorf("no campaigns: %+v, %v", got, err)
	}
	none := "zone Europe/Madrid\ncurrency EUR 2\ncustomers\n  a\nevent assignment arm:text\n  a 2024-01-01T10:00 control\nevent visit\n  a 2024-01-02T10:00\n" + tail
	src, at = world(t, none)
	if _, err := trial.Measure(t.Context(), src, at, trial.Query{}); err == nil {
		t.Error("no purchases, and yet something was bought")
	}
	got, err = trial.RecommendFor(t.Context(), src, at, []syntax.Formula{parse(t, "everyone")}, trial.Query{})
	if err != nil || got[0].Reason != trial.NoTrials {
		t.Errorf("no purchases: %+v, %v", got, err)
	}
	visits, err := trial.ParseFigure("count(visit)")
	must(t, err)
	r, err := trial.Measure(t.Context(), src, at, trial.Query{Outcome: &visits})
	if err != nil || len(r.Rows) != 0 || len(r.Unjudged) != 1 || r.Unjudged[0].Campaign != "assignment" {
		t.Errorf("one customer, one arm: %+v, %v", r, err)
	}
	same := strings.ReplaceAll(none, "  a 2024-01-01T10:00 control\n", "  a 2024-01-01T10:00 control\n  b 2024-01-01T10:00 treated\n")
	same = strings.Replace(same, "customers\n  a\n", "customers\n  a\n  b\n", 1)
	src, at = world(t, same)
	r, err = trial.Measure(t.Context(), src, at, trial.Query{Outcome: &visits})
	must(t, err)
	if c := r.Rows[0].Main(); c.Enough || c.Lift != -1 || !math.IsNaN(c.Low) {
		t.Errorf("one each: %+v", c)
	}
}

// A trait that tells the arms needs the date.
func TestArmsOfATrait(t *testing.T) {
	text := strings.Replace(saleText("assignment", "arm:text", "mail", "control", ""), "customers country:text", "customers country:text test_group:text", 1)
	var lines []string
	for _, line := range strings.Split(text, "\n") {
		switch fields := strings.Fields(line); {
		case strings.HasPrefix(line, "event assignment"):
			lines = append(lines, "event leaflet")
			continue
		case len(fields) == 2 && (fields[1] == "France" || fields[1] == "Germany"):
			line += map[bool]string{true: " treatment", false: " control"}[fields[0][0] == 't']
		case strings.Contains(line, " Spring "):
			line = "  " + fields[0] + " " + fields[1]
		}
		lines = append(lines, line)
	}
	src, at := world(t, strings.Join(lines, "\n"))
	var date *trial.DateError
	if _, err := trial.Measure(t.Context(), src, at, trial.Query{}); !errors.As(err, &date) || date.Campaign != "test_group" {
		t.Fatalf("without a date: %v", err)
	}
	zone, err := time.LoadLocation("Europe/Madrid")
	must(t, err)
	r, err := trial.Measure(t.Context(), src, at, trial.Query{On: time.Date(2024, 4, 1, 9, 0, 0, 0, zone), Plain: true})
	must(t, err)
	near(t, "lift", r.Rows[0].Main().Lift, 0.25)
	if r.Rows[0].Costed || r.Rows[0].Arm != "treatment" {
		t.Errorf("row %+v", r.Rows[0])
	}
}

package measure_test

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"tesela/segment/measure"
	"tesela/segment/segmenttest"
)

// crowd is a world in which there are so many of each customer, in any order,
// and rows from T on, which do not exist: they make the columns wide.
func crowd(r *rand.Rand, w *segmenttest.World, at time.Time, copies, ahead int) *segmenttest.World {
	many := *w
	many.Customers, many.Rows = nil, nil
	rows := make([][]segmenttest.Row, len(w.Customers))
	for _, row := range w.Rows {
		rows[row.Customer] = append(rows[row.Customer], row)
	}
	var of []int
	for i := range w.Customers {
		of = append(of, slices.Repeat([]int{i}, copies)...)
	}
	r.Shuffle(len(of), func(i, j int) { of[i], of[j] = of[j], of[i] })
	for k, i := range of {
		many.Customers = append(many.Customers, segmenttest.Customer{ID: fmt.Sprint("m", k), Traits: w.Customers[i].Traits})
		for _, row := range rows[i] {
			row.Customer = k
			many.Rows = append(many.Rows, row)
		}
	}
	for k := range ahead {
		many.Rows = append(many.Rows, segmenttest.Row{
			Event: "order", Customer: r.IntN(len(of)), Time: at.Add(time.Duration(r.IntN(5000)) * time.Minute), ID: fmt.Sprint("ahead", k),
			Props: map[string]any{"amount": big.NewRat(r.Int64N(1e9), 100), "category": fmt.Sprint("later ", k), "quantity": float64(k)},
		})
	}
	return &many
}

// grows tells whether a measure is so many times as much where there are so
// many times as many customers; others stay as they are.
func grows(measure string) bool {
	for _, more := range []string{
		"customers", "buyers", "orders", "revenue", "gross_revenue", "refunds", "new_buyers", "items", "2 * orders - buyers",
		"per_customer(age, sum)", "customers(count(order, last 120d) = 0)",
	} {
		if measure == more {
			return true
		}
	}
	for _, fn := range []string{"events(", "doers(", "dated(", "sum("} {
		if strings.HasPrefix(measure, fn) && !strings.Contains(measure, " / ") {
			return true
		}
	}
	return false
}

// TestCrowds asks the same of a few customers, whose figures plain loops agree
// with, and of a crowd of copies of them, which takes all ways of the engine.
func TestCrowds(t *testing.T) {
	worlds := 40
	if testing.Short() {
		worlds = 6
	}
	compared := 0
	for seed := range worlds {
		r := rand.New(rand.NewPCG(uint64(seed), 17))
		w := randomWorld(r)
		at := time.Date(2011, 11, 12, 0, 0, 0, 0, w.Zone)
		few, err := segmenttest.NewSource(w)
		if err != nil {
			t.Fatal(err)
		}
		copies := []int{30, 500, 1500}[r.IntN(3)]
		many, err := segmenttest.NewSource(crowd(r, w, at, copies, []int{0, 400, 70_000}[r.IntN(3)]))
		if err != nil {
			t.Fatal(err)
		}
		for range 12 {
			a := randomAsk(r, w)
			a.chunk = 0
			want, err := tryTake(t, few, at, a)
			if err != nil {
				continue // of what the world has not
			}
			got, err := tryTake(t, many, at, a)
			if err != nil {
				t.Fatalf("seed %d %+v: %v", seed, a, err)
			}
			times := make([]int64, 0, 8)
			for _, m := range split(a.measures) {
				times = append(times, 1)
				if grows(m) {
					times[len(times)-1] = int64(copies)
				}
			}
			keys := len(want.Columns) - len(times)
			same := func(got, want []any, from int) {
				for i := range want {
					if i < from {
						if got[i] != want[i] {
							t.Fatalf("seed %d %+v: %v, want %v", seed, a, got, want)
						}
						continue
					}
					if !isTimes(got[i], want[i], times[i-from]) {
						t.Fatalf("seed %d %+v: %d of each: %v, want %d times %v\n%s", seed, a, copies, got, times[i-from], want, w)
					}
				}
			}
			if len(got.Rows) != len(want.Rows) {
				t.Fatalf("seed %d %+v: %d rows, want %d", seed, a, len(got.Rows), len(want.Rows))
			}
			for i := range want.Rows {
				same(got.Rows[i], want.Rows[i], keys)
			}
			same(got.Totals, want.Totals, 0)
			compared++
		}
	}
	if compared < worlds*8 {
		t.Errorf("only %d queries compared", compared)
	}
}

// Measures can be stopped wherever the context is looked at: there is the
// context's error, and asked again the same figures.
func TestCancelledAnywhere(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 29))
	w := randomWorld(r)
	for len(w.Rows) < 30 || len(w.Customers) < 4 {
		w = randomWorld(r)
	}
	at := time.Date(2011, 11, 12, 0, 0, 0, 0, w.Zone)
	src, err := segmenttest.NewSource(crowd(r, w, at, 2000, 0))
	if err != nil {
		t.Fatal(err)
	}
	stopped := 0
	for range 40 {
		a := randomAsk(r, w)
		a.chunk = 0
		run := func(ctx context.Context) (string, error) {
			p, err := measure.Compile(ctx, a.query(t), src, at)
			if err != nil {
				return "", err
			}
			table, err := p.Run(ctx)
			if err != nil {
				return "", err
			}
			return rowsText(table.Rows) + cells(table.Totals), nil
		}
		whole := segmenttest.CancelAfter(t.Context(), -1)
		want, err := run(whole)
		if err != nil {
			continue // of what the world has not
		}
		for range 5 {
			after := r.IntN(whole.Asked() + 1)
			ctx := segmenttest.CancelAfter(t.Context(), after)
			got, err := run(ctx)
			switch {
			case err == nil && ctx.Asked() > after:
				t.Errorf("%+v: cancelled when asked %d times of %d, there is an answer", a, after, whole.Asked())
			case err == nil && got != want:
				t.Errorf("%+v: %s, want %s", a, got, want)
			case err != nil && !errors.Is(err, context.Canceled):
				t.Errorf("%+v: %v", a, err)
			case err != nil:
				stopped++
			}
		}
		if got, err := run(t.Context()); err != nil || got != want {
			t.Errorf("%+v, after it was cancelled: %s, %v, want %s", a, got, err, want)
		}
	}
	if stopped < 60 {
		t.Errorf("only %d were stopped", stopped)
	}
}

func isTimes(got, want any, n int64) bool {
	a, ok := new(big.Rat).SetString(fmt.Sprint(got))
	b, known := new(big.Rat).SetString(fmt.Sprint(want))
	if !ok || !known {
		return fmt.Sprint(got) == fmt.Sprint(want)
	}
	return a.Cmp(b.Mul(b, new(big.Rat).SetInt64(n))) == 0
}

package segmenttest_test

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"time"

	"tesela/segment"
	"tesela/segment/segmenttest"
	"tesela/segment/syntax"
)

// rowsBetween is how many rows may be gone over between two looks at the
// context, at most: some milliseconds of work.
const rowsBetween = 400_000

// TestCancelledAnywhere stops random formulas, values and layers over a crowd
// at every kind of place where they can be stopped: there is the context's
// error, nothing of it is left running, and the next evaluation is right. It
// also counts that they look at the context often enough.
func TestCancelledAnywhere(t *testing.T) {
	r := segmenttest.NewRandom(77)
	few, at := r.World()
	for len(few.Rows) < 40 || len(few.Customers) < 5 {
		few, at = r.World()
	}
	_, at, _ = shopOf(few, at, 77)
	layers := []string{
		`rfm = "Champions"`, "rfm_m(bins: 3, last 90d) >= 2", `lifecycle != "churned"`, `value_tier = "top"`, `engagement = "engaged"`,
		`top 10% by sum(order.amount) among (rfm_r >= 2)`, `bottom 5% by avg(order.price)`, `lifecycle(at: 30d ago) = lifecycle`,
	}
	var formulas []syntax.Formula
	for _, text := range layers {
		formulas = append(formulas, parse(t, text))
	}
	for range 30 {
		formulas = append(formulas, parse(t, r.Formula()))
	}
	n := 60_000
	if testing.Short() {
		n = 20_000
	}
	c := r.Crowd(n)
	src, err := segmenttest.NewSource(c.Many)
	if err != nil {
		t.Fatal(err)
	}
	before := runtime.NumGoroutine()
	for _, f := range formulas {
		run := func(ctx context.Context) (*segment.Set, error) {
			p, err := segment.Compile(ctx, f, src, at)
			if err != nil {
				return nil, err
			}
			return p.Run(ctx)
		}
		whole := segmenttest.CancelAfter(t.Context(), -1)
		want, err := run(whole)
		if err != nil {
			t.Fatalf("%s: %v", f, err)
		}
		if least := rowsOf(c.Many, f) / rowsBetween; whole.Asked() < least {
			t.Errorf("%s looks at the context %d times, want %d", f, whole.Asked(), least)
		}
		for range 6 {
			after := r.IntN(whole.Asked() + 1)
			ctx := segmenttest.CancelAfter(t.Context(), after)
			got, err := run(ctx)
			switch {
			case err == nil && ctx.Asked() > after:
				t.Errorf("%s: cancelled when asked %d times, there is an answer", f, after)
			case err == nil && !got.Equal(want):
				t.Errorf("%s: %d members, want %d", f, got.Len(), want.Len())
			case err != nil && !errors.Is(err, context.Canceled):
				t.Errorf("%s: %v", f, err)
			}
		}
		if got, err := run(t.Context()); err != nil || !got.Equal(want) {
			t.Errorf("%s, after it was cancelled: %v, %v", f, got, err)
		}
	}
	for range 100 {
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("%d goroutines, %d before", runtime.NumGoroutine(), before)
}

// rowsOf counts the rows of the events a formula names.
func rowsOf(w *segmenttest.World, f syntax.Formula) int {
	named := map[string]bool{}
	syntax.Walk(f, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.Call:
			named[n.Event] = true
		case *syntax.Step:
			named[n.Event] = true
		}
		return true
	})
	n := 0
	for _, row := range w.Rows {
		if named[row.Event] {
			n++
		}
	}
	return n
}

func parse(t *testing.T, text string) syntax.Formula {
	t.Helper()
	f, err := syntax.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

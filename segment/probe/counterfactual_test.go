package probe_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"tesela/segment"
	"tesela/segment/probe"
	"tesela/segment/segmenttest"
	"tesela/segment/syntax"
)

// What is told of a customer is what the plain evaluator says, and a change
// that is told does turn membership and just the conditions it names, with the
// data really changed and everything evaluated anew by that evaluator.
func TestChangesDoWhatTheySay(t *testing.T) {
	ctx := context.Background()
	told, found, world := 0, 0, 0
	randomly(t, 39, 2, func(w *segmenttest.World, src segment.Source, at time.Time, fs []syntax.Formula) {
		fs = append(fs, syntax.All(fs[0], fs[1]))
		// Layers, and ranks by and among what others decide or not.
		src.Schema().Roles["purchase"], src.Schema().Roles["amount"] = "order", "order.amount"
		compared := []string{
			`lifecycle != "prospect"`, `rfm_r(bins: 3) >= 2`, `rfm_m >= 3 and not count(visit) = 0`, `value_tier = "top" or lifecycle = "churned"`,
			"top 2 by last(order)", "bottom 1 by signup", "top 50% by sum(order.amount) / count(order)", "bottom 40% by avg(order.price) among (age is set)",
			`top 1 by count(order) among (value_tier != "top")`, "top 2 by rfm_m(bins: 4)", "bottom 3 by birthday among (not top 1 by count(visit))",
			`engagement(visit) = "never" and top 80% by active_days(visit)`, `rfm_f(at: 20d ago) >= 4`,
		}
		world++
		fs = append(fs, parse(t, compared[world%len(compared)]))
		for _, f := range fs {
			in := naive(t, w, f, at)
			for who := range w.Customers {
				if who%3 != len(f.String())%3 {
					continue // a third of them, to save time
				}
				a, err := probe.Why(ctx, f, src, at, who, 2)
				must(t, err)
				if a.In != slices.Contains(in, who) {
					t.Errorf("%s: %d in: %t, want %v", f, who, a.In, in)
				}
				for _, v := range a.Conditions {
					if v.Holds != slices.Contains(naive(t, w, v.Condition, at), who) {
						t.Errorf("%s: %s of %d is not %t", f, v.Condition, who, v.Holds)
					}
				}
				told++
				if a.Change == nil {
					continue
				}
				found++
				other := probe.Suppose(w, src.(*segmenttest.Source), who, a.Change.Edits)
				if slices.Contains(naive(t, other, f, at), who) == a.In {
					t.Errorf("%s of %d (in: %t): %s does not turn it\n%s", f, who, a.In, whyText(a), other)
				}
				var flips []int
				for i, v := range a.Conditions {
					if slices.Contains(naive(t, other, v.Condition, at), who) != v.Holds {
						flips = append(flips, i)
					}
				}
				if !slices.Equal(flips, a.Change.Flips) {
					t.Errorf("%s of %d: %s turns %v, not %v", f, who, whyText(a), flips, a.Change.Flips)
				}
			}
		}
	})
	t.Logf("%d of %d have a change", found, told)
	if found*2 < told {
		t.Errorf("only %d of %d have a change", found, told)
	}
}

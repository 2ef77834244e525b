package probe_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tesela/segment"
	"tesela/segment/probe"
	"tesela/segment/segmenttest"
	"tesela/segment/syntax"
)

func missesText(w *segmenttest.World, m *probe.Misses) string {
	var got []string
	for _, c := range m.Conditions {
		text := fmt.Sprintf("%s: %s", c.Condition, ids(w, c.Customers))
		if c.Step != nil {
			text += fmt.Sprintf(" (%s→%s %d)", c.Step.Text, c.To, c.ByStep)
		}
		got = append(got, text)
	}
	return strings.Join(got, ", ")
}

func TestNearMissesOfTheShop(t *testing.T) {
	w, src, at := shop(t)
	for _, c := range []struct{ formula, all, want string }{
		// Germans a b f; two orders or more a c; ordered in the last 30 days
		// a b c e. In: a. Failing one: b the orders (one short), c the country.
		{
			`country = "Germany" and count(order) >= 2 and count(order, last 30d) >= 1`, "bc",
			`country = "Germany": c, count(order) >= 2: b (2→1 1), count(order, last 30d) >= 1: `,
		},
		// Spent: a 65.50, b 100, c 16, d 50, e 20. Over 52: a b. By a tenth,
		// 46.80, d comes in; f never spent anything.
		{"sum(order.amount) > 52", "cdef", "sum(order.amount) > 52: cdef (52→46.8 1)"},
		// b and e are one order over; f has no age.
		{"count(order) <= 0 and age > 30", "bef", "count(order) <= 0: be (0→1 2), age > 30: f"},
		{`age > 30 or country = "France"`, "adf", `age > 30 or country = "France": adf (30→27 1)`},
		{"count(order) >= 1 and not (count(order) >= 3 or age < 30)", "acf", "count(order) >= 1: f (1→0 1), not (count(order) >= 3 or age < 30): ac (3→4 1)"},
		{"everyone", "", "everyone: "},
	} {
		m, err := probe.NearMisses(context.Background(), parse(t, c.formula), src, at)
		must(t, err)
		if got := missesText(w, m); got != c.want || ids(w, m.All) != c.all {
			t.Errorf("%s:\n got %s (%s)\nwant %s (%s)", c.formula, got, ids(w, m.All), c.want, c.all)
		}
	}
}

// Those who fail one condition are those of whom the plain evaluator says that
// they satisfy all but that one.
func TestNearMissesAgreeWithCounting(t *testing.T) {
	randomly(t, 80, 3, func(w *segmenttest.World, src segment.Source, at time.Time, fs []syntax.Formula) {
		for k, f := range fs {
			if k > 0 {
				f = syntax.All(f, fs[k-1])
			}
			m, err := probe.NearMisses(context.Background(), f, src, at)
			must(t, err)
			fails := make([]int, len(w.Customers))
			holds := make([][]int, len(m.Conditions))
			for i, c := range m.Conditions {
				holds[i] = naive(t, w, c.Condition, at)
				for n := range fails {
					if !slices.Contains(holds[i], n) {
						fails[n]++
					}
				}
			}
			all := 0
			for i, c := range m.Conditions {
				var want []int
				for n, k := range fails {
					if k == 1 && !slices.Contains(holds[i], n) {
						want = append(want, n)
						all++
					}
				}
				if !slices.Equal(members(c.Customers), want) || !slices.Equal(naive(t, w, c.Formula, at), want) {
					t.Errorf("%s: only %s fails: %v, by its formula %s %v, want %v", f, c.Condition, members(c.Customers), c.Formula, naive(t, w, c.Formula, at), want)
				}
				if c.Step != nil && (c.ByStep < 1 || c.ByStep > len(want)) {
					t.Errorf("%s: %d of %d come in by a step", f, c.ByStep, len(want))
				}
			}
			if m.All.Len() != all || m.Size != len(naive(t, w, f, at)) {
				t.Errorf("%s: %d near misses, want %d", f, m.All.Len(), all)
			}
		}
	})
}

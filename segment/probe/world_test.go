package probe_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"tesela/segment"
	"tesela/segment/segmenttest"
	"tesela/segment/syntax"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// shopText is the shop that hand-computed tests look at, as of the midnight
// that ends 30 June 2024.
const shopText = `
zone Europe/Madrid
currency EUR 2
role purchase order
role amount order.amount
save Lapsed = days_since(order) > 30
customers country:text age:number
  a Germany 30
  b Germany 41
  c France 25
  d - -
  e Spain 50
  f Germany -
event order id amount:money product:text
  a 2024-01-10T12:00 o1 10.00 Shoes
  a 2024-01-10T12:00 o1 5.50 Socks
  a 2024-05-20T09:00 o2 20.00 Shoes
  a 2024-06-10T18:30 o3 30.00 Bags
  b 2024-06-01T08:00 o4 100.00 Bags
  c 2024-02-01T10:00 o5 7.25 Socks
  c 2024-06-29T10:00 o6 8.75 Socks
  d 2024-03-15T10:00 o7 50.00 Shoes
  e 2024-06-20T10:00 o8 20.00 Shoes
event visit
  a 2024-06-01T10:00
  f 2024-06-02T10:00
at 2024-07-01
eval everyone -> a b c d e f
`

func shop(t testing.TB) (*segmenttest.World, *segmenttest.Source, time.Time) {
	t.Helper()
	cases, err := segmenttest.ParseFile("shop", shopText)
	must(t, err)
	src, err := segmenttest.NewSource(cases[0].World)
	must(t, err)
	return cases[0].World, src, cases[0].At
}

func parse(t testing.TB, text string) syntax.Formula {
	t.Helper()
	f, err := syntax.Parse(text)
	must(t, err)
	return f
}

// naive are the members of a formula, each customer by itself, by the plain
// evaluator.
func naive(t testing.TB, w *segmenttest.World, f syntax.Formula, at time.Time) []int {
	t.Helper()
	members, _, err := segmenttest.Naive{}.Set(context.Background(), f, w, at)
	must(t, err)
	return members
}

func members(s *segment.Set) []int {
	var all []int
	s.Each(func(i int) { all = append(all, i) })
	return all
}

// without are those of a that are not in b.
func without(a, b []int) []int {
	return slices.DeleteFunc(slices.Clone(a), func(i int) bool { return slices.Contains(b, i) })
}

func ids(w *segmenttest.World, s *segment.Set) string {
	text := ""
	s.Each(func(i int) { text += w.Customers[i].ID })
	return text
}

// randomly gives random worlds with formulas that hold in them.
func randomly(t *testing.T, worlds, formulas int, check func(w *segmenttest.World, src segment.Source, at time.Time, fs []syntax.Formula)) {
	t.Helper()
	if testing.Short() {
		worlds /= 5
	}
	for seed := range uint64(worlds) {
		r := segmenttest.NewRandom(seed)
		w, at := r.World()
		var fs []syntax.Formula
		for len(fs) < formulas {
			fs = append(fs, parse(t, r.Formula()))
		}
		src, err := segmenttest.NewSource(w) // after the formulas, which save segments
		must(t, err)
		check(w, src, at, fs)
		if t.Failed() {
			t.Logf("seed %d at %s\n%s", seed, at.Format(time.RFC3339), w)
			return
		}
	}
}

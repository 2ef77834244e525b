package segment_test

import (
	"fmt"
	"testing"

	"tesela/segment"
)

func TestSet(t *testing.T) {
	for _, n := range []int{0, 1, 63, 64, 65, 200} {
		even, third := segment.NewSet(n), segment.NewSet(n)
		for i := range n {
			if i%2 == 0 {
				even.Add(i)
			}
			if i%3 == 0 {
				third.Add(i)
			}
		}
		check := func(name string, s *segment.Set, in func(i int) bool) {
			t.Helper()
			want := 0
			for i := range n {
				if in(i) {
					want++
				}
				if s.Has(i) != in(i) {
					t.Errorf("%d: %s has %d: %t", n, name, i, s.Has(i))
				}
			}
			var seen []int
			s.Each(func(i int) { seen = append(seen, i) })
			if s.Len() != want || len(seen) != want || s.N() != n {
				t.Errorf("%d: %s has %d members of %d, visits %v, want %d", n, name, s.Len(), s.N(), seen, want)
			}
		}
		check("even", even, func(i int) bool { return i%2 == 0 })
		check("and", even.And(third), func(i int) bool { return i%6 == 0 })
		check("or", even.Or(third), func(i int) bool { return i%2 == 0 || i%3 == 0 })
		check("and not", even.AndNot(third), func(i int) bool { return i%2 == 0 && i%3 != 0 })
		check("not", even.Not(), func(i int) bool { return i%2 != 0 })
		check("everyone", segment.Everyone(n), func(int) bool { return true })
		if !even.And(third).IsSubset(even) || n > 3 && third.IsSubset(even) {
			t.Errorf("%d: subsets", n)
		}
		if even.Has(-1) || even.Has(n) || !even.Equal(even.Not().Not()) {
			t.Errorf("%d: out of range, or twice not", n)
		}
	}
}

func ExampleSet_Each() {
	s := segment.NewSet(100)
	s.Add(70)
	s.Add(3)
	s.Each(func(i int) { fmt.Print(i, " ") })
	// Output: 3 70
}

package cluster

import (
	"math"
	"testing"
)

func TestAdjustedRand(t *testing.T) {
	for _, c := range []struct {
		a, b []uint8
		want float64 // by sklearn.metrics.adjusted_rand_score 1.2.1
	}{
		{[]uint8{0, 0, 1, 2}, []uint8{0, 0, 1, 1}, 0.5714285714285714},
		{[]uint8{0, 0, 0, 1, 1, 1, 2, 2, 2, 2}, []uint8{0, 0, 1, 1, 2, 2, 2, 2, 0, 2}, 0.1366906474820144},
		{[]uint8{0, 1, 0, 1}, []uint8{0, 0, 1, 1}, -0.5},
		{[]uint8{0, 0, 1, 1}, []uint8{1, 1, 0, 0}, 1},
		{[]uint8{0, 0, 0}, []uint8{0, 0, 0}, 1},
		{[]uint8{0, 1, 2}, []uint8{2, 1, 0}, 1},
		{[]uint8{0}, []uint8{0}, 1},
		{nil, nil, 1},
	} {
		if got := AdjustedRand(c.a, c.b); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("AdjustedRand(%v, %v) = %v, want %v", c.a, c.b, got, c.want)
		}
		if got := AdjustedRand(c.b, c.a); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("AdjustedRand(%v, %v) = %v, want %v", c.b, c.a, got, c.want)
		}
	}
}

// The pairing is the best of all there are.
func TestMatchIsTheBestPairing(t *testing.T) {
	s := newStream(1, 2, 3)
	for range 300 {
		ka, kb, n := 1+s.below(5), 1+s.below(5), 1+s.below(30)
		a, b := make([]uint8, n), make([]uint8, n)
		for i := range n {
			a[i], b[i] = uint8(s.below(ka)), uint8(s.below(kb))
		}
		to, share := Match(a, b)
		table := contingency(a, b)
		if got := int(share*float64(n) + 0.5); got != most(table, 0, make([]bool, kb)) {
			t.Fatalf("Match(%v, %v): %d rows stay, %d can", a, b, got, most(table, 0, make([]bool, kb)))
		}
		used := map[int]bool{}
		for _, j := range to {
			if j >= 0 && used[j] {
				t.Fatalf("Match(%v, %v) = %v pairs one cluster twice", a, b, to)
			}
			used[j] = true
		}
	}
}

// most tries all pairings.
func most(table [][]int, row int, used []bool) int {
	if row == len(table) {
		return 0
	}
	best := most(table, row+1, used)
	for j, n := range table[row] {
		if !used[j] {
			used[j] = true
			best = max(best, n+most(table, row+1, used))
			used[j] = false
		}
	}
	return best
}

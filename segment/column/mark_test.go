package column_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"tesela/segment/column"
)

// MarkInts agrees with asking figure by figure, at the ends of int64 and at
// lengths on both sides of whole words.
func TestMarkIntsAgreesWithAsking(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	edges := []int64{math.MinInt64, math.MinInt64 + 1, -3, -1, 0, 1, 2, 3, math.MaxInt64 - 1, math.MaxInt64}
	for range 2000 {
		figures := make([]int64, rng.IntN(300))
		for i := range figures {
			if figures[i] = edges[rng.IntN(len(edges))]; rng.IntN(4) == 0 {
				figures[i] = rng.Int64N(20) - 10
			}
		}
		lo, hi := edges[rng.IntN(len(edges))], edges[rng.IntN(len(edges))]
		out := make([]uint64, (len(figures)+63)/64)
		for k := range out {
			out[k] = rng.Uint64() // what was there must not shine through
		}
		column.MarkInts(figures, lo, hi, out)
		for i, x := range figures {
			if got := out[i>>6]>>(i&63)&1 == 1; got != (lo <= x && x <= hi) {
				t.Fatalf("%d of %d figures: is %d in [%d, %d]? %v", i, len(figures), x, lo, hi, got)
			}
		}
		if n := len(figures); n&63 != 0 && out[n>>6]>>(n&63) != 0 {
			t.Fatalf("%d figures: bits after the last", n)
		}
	}
}

package column_test

import (
	"math/rand/v2"
	"testing"

	"tesela/segment/column"
)

func TestTurnsAgreeWithComparing(t *testing.T) {
	rng := rand.New(rand.NewPCG(17, 18))
	for range 2000 {
		figures := make([]uint32, rng.IntN(400))
		for i := range figures {
			switch figures[i] = rng.Uint32(); {
			case i > 0 && rng.IntN(2) == 0:
				figures[i] = figures[i-1]
			case rng.IntN(2) == 0:
				figures[i] = 1 << rng.IntN(32)
			}
		}
		out := make([]uint64, (len(figures)+63)/64)
		for k := range out {
			out[k] = rng.Uint64() // what was there must not shine through
		}
		column.Turns(figures, out)
		for i, x := range figures {
			if got := out[i>>6]>>(i&63)&1 == 1; got != (i > 0 && figures[i-1] != x) {
				t.Fatalf("does figure %d of %d differ from the one before? %v", i, len(figures), got)
			}
		}
		if n := len(figures); n&63 != 0 && out[n>>6]>>(n&63) != 0 {
			t.Fatalf("%d figures: bits after the last", n)
		}
	}
}

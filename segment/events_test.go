package segment

import (
	"math/rand/v2"
	"testing"
)

// firstOfEach agrees with going from row to row, wherever the rows' bits lie
// in words and however long events are.
func TestFirstOfEachAgreesWithRows(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 12))
	for round := range 3000 {
		n := 1 + rng.IntN(400)
		from := uint32(rng.IntN(130))
		starts := make([]uint64, (int(from)+n)/64+3)
		marks := make([]uint64, (n+63)/64+1)
		want := make([]bool, n)
		done := false
		length, share := 1+rng.IntN(1+round%150), rng.Float64()
		for i := range n {
			if i == 0 || rng.IntN(length) == 0 {
				starts[(from+uint32(i))>>6] |= 1 << ((from + uint32(i)) & 63)
				done = false
			}
			if rng.Float64() < share {
				marks[i>>6] |= 1 << (i & 63)
				want[i], done = !done, true
			}
		}
		// Rows after the stretch begin events too.
		starts[(int(from)+n)>>6] |= 1 << ((int(from) + n) & 63)
		firstOfEach(marks, starts, from, len(marks)-1)
		for i, w := range want {
			if got := marks[i>>6]>>(i&63)&1 == 1; got != w {
				t.Fatalf("round %d, row %d of %d from bit %d: first of its event %v, want %v", round, i, n, from, got, w)
			}
		}
	}
}

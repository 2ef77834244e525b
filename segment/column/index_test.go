package column_test

import (
	"math/rand/v2"
	"testing"

	"tesela/segment/column"
)

// indexed is a random table of customers with some rows each, over so many
// microseconds.
func indexed(rng *rand.Rand, span int64) *column.Table {
	t := &column.Table{Index: &column.Index{}, Starts: []uint32{0}}
	low := 1_600_000_000_000_000 + rng.Int64N(1_000_000)
	who := uint32(0)
	for len(t.Times) < 1+rng.IntN(4000) {
		who += 1 + uint32(rng.IntN(3))
		at := low
		for range 1 + rng.IntN(40) {
			at = min(at+rng.Int64N(span/8), low+span)
			t.Times = append(t.Times, at)
		}
		t.Who, t.Starts = append(t.Who, who), append(t.Starts, uint32(len(t.Times)))
	}
	t.Pack()
	return t
}

// What an index tells of rows agrees with the rows: windows at all places, of
// times close together and far apart, and the parts made in any order.
func TestIndexAgreesWithRows(t *testing.T) {
	rng := rand.New(rand.NewPCG(13, 14))
	for round := range 300 {
		table := indexed(rng, []int64{1 << 18, 1 << 31, 1 << 46}[round%3])
		c := table.Clock
		if table.Coarse() == nil {
			if c != nil && c.U32 != nil {
				t.Fatal("no coarse times")
			}
			continue
		}
		n := table.Len()
		for range 20 {
			from := rng.IntN(n)
			to := from + 1 + rng.IntN(n-from)
			out, more := make([]uint64, (to-from+63)/64), make([]uint64, (to-from+63)/64)
			lo, hi := c.U32[rng.IntN(n)]-uint32(rng.IntN(2)), c.U32[rng.IntN(n)]+uint32(rng.IntN(2))
			if hi = min(hi, c.Most); lo > hi {
				lo, hi = hi, lo
			}
			table.Coarse().Mark(from, to, lo, hi, out, more)
			for i := range to - from {
				x := c.U32[from+i]
				if got := out[i>>6]>>(i&63)&1 == 1; got != (lo <= x && x <= hi) {
					t.Fatalf("round %d: is %d in [%d, %d]? %v", round, x, lo, hi, got)
				}
			}
		}
		k := rng.IntN(len(table.Who))
		first, last := table.Ends(k, len(table.Who))
		for i := range first {
			s, e := table.Starts[k+i], table.Starts[k+i+1]
			if first[i] != c.U32[s] || last[i] != c.U32[e-1] {
				t.Fatalf("round %d: customer %d has ends %d and %d", round, k+i, first[i], last[i])
			}
		}
		unit := 1 + rng.Int64N(1<<40)
		steps := column.NewSteps(c, unit, func(at int64) int64 { return at / unit })
		if steps == nil {
			continue
		}
		k = rng.IntN(len(table.Who))
		from, to := int(table.Starts[k]), n
		words := table.Begins("units", steps, from, to)
		for ; k < len(table.Who); k++ {
			for row := int(table.Starts[k]); row < int(table.Starts[k+1]); row++ {
				want := row == int(table.Starts[k]) || c.At(row)/unit != c.At(row-1)/unit
				if got := words[row>>6]>>(row&63)&1 == 1; got != want {
					t.Fatalf("round %d, row %d: begins %v, want %v", round, row, got, want)
				}
			}
		}
	}
}

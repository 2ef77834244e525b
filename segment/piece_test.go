package segment

import (
	"math"
	"math/rand/v2"
	"testing"

	"tesela/segment/column"
)

// The ways to cut a block's rows into pieces find the same rows, whether many
// or few are marked and many or few customers asked about.
func TestPiecesAreTheSameEveryWay(t *testing.T) {
	rng := rand.New(rand.NewPCG(21, 22))
	for range 400 {
		table := &column.Table{Starts: []uint32{0}}
		var times []int64
		lo := rng.IntN(3) * blockSize
		share := rng.IntN(100)
		for who := range blockSize / 8 {
			if rng.IntN(100) < share {
				continue
			}
			n := 1 + rng.IntN(6)
			if rng.IntN(60) == 0 {
				n = 60 + rng.IntN(150)
			}
			for k := range n {
				times = append(times, int64(1000+10*k+rng.IntN(10)))
			}
			table.Who = append(table.Who, uint32(lo+who))
			table.Starts = append(table.Starts, uint32(len(times)))
		}
		if len(times) == 0 {
			continue
		}
		table.Clock = column.Pack(times)
		from := int64(1000 + rng.IntN(80))
		span := Span{from, from + int64(1+rng.IntN(100))}
		if rng.IntN(4) == 0 {
			span = Span{math.MinInt64, math.MaxInt64}
		}
		b := bindScan(&scan{span: span}, table, false)
		var only []uint64
		if rng.IntN(3) > 0 {
			only = make([]uint64, blockSize/64)
			for range rng.IntN(40) {
				only[rng.IntN(blockSize/8/64)] |= 1 << rng.IntN(64)
			}
		}
		want := map[[2]uint32]bool{} // by customer and row
		for k, who := range table.Who {
			at := who - uint32(lo)
			for row := table.Starts[k]; row < table.Starts[k+1]; row++ {
				if span.Has(times[row]) && (only == nil || only[at>>6]>>(at&63)&1 == 1) {
					want[[2]uint32{at, row}] = true
				}
			}
		}
		w := &worker{lo: lo, hi: lo + blockSize}
		check := func(way string, pieces []piece) {
			t.Helper()
			n, last := 0, int64(-1)
			for _, p := range pieces {
				if int64(p.Row) <= last {
					t.Fatalf("%s: row %d follows %d", way, p.Row, last)
				}
				last = int64(p.Row)
				for i := range uint32(64) {
					if p.Bits>>i&1 == 1 {
						n++
						if !want[[2]uint32{p.At, p.Row + i}] {
							t.Fatalf("%s: row %d of %d is none", way, p.Row+i, p.At)
						}
					}
				}
			}
			if n != len(want) {
				t.Fatalf("%s: %d rows, not %d", way, n, len(want))
			}
		}
		check("as it chooses", append([]piece(nil), w.slice(b, only)...))
		first, end := int(table.Starts[0]), int(table.Starts[len(table.Who)])
		all := slicer{table: table, lo: lo, only: only, base: uint32(first)}
		all.marks = b.mark(&w.marking, first, end)
		few := all
		all.all(0, len(table.Who))
		check("all", all.pieces)
		if few.marks != nil {
			few.few(0, len(table.Who))
			check("few marks", few.pieces)
		}
		if only != nil {
			check("few customers", w.sliceFew(b, only, 0, len(table.Who)))
		}
	}
}

package column_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"tesela/segment/column"
)

// Sum agrees with going from row to row, of every width, with unset figures,
// negative ones, pieces of all lengths up to the column's last row, pieces in
// which nothing was found, and customers with several.
func TestSumAgreesWithRows(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 10))
	for round := range 600 {
		n := 1 + rng.IntN(1500)
		span := []int64{3, 250, 60_000, 1 << 31}[round%4]
		figures := make([]int64, n)
		for i := range figures {
			figures[i] = (rng.Int64N(span) - span/3) * 5
			if rng.IntN(3) == 0 {
				figures[i] = column.Unset
			}
		}
		p := column.Pack(figures)
		if p == nil {
			t.Fatalf("%d figures in a span of %d cannot be packed", n, span)
		}
		const places = 40
		sums, counts := make([]int64, places), make([]int64, places)
		for i := range sums {
			sums[i], counts[i] = rng.Int64N(9), rng.Int64N(9)
		}
		wantSums, wantCounts := slices.Clone(sums), slices.Clone(counts)
		var pieces []column.Piece
		for row := 0; row < n; {
			rows := min(n-row, 1+rng.IntN(64))
			piece := column.Piece{At: uint32(rng.IntN(places)), Row: uint32(row)}
			for i := range rows {
				if rng.IntN(1+round%5) == 0 {
					piece.Bits |= 1 << i
					if v := figures[row+i]; v != column.Unset {
						wantSums[piece.At] += v
						wantCounts[piece.At]++
					}
				}
			}
			pieces = append(pieces, piece)
			row += rows
		}
		p.Sum(pieces, sums, counts)
		if !slices.Equal(sums, wantSums) || !slices.Equal(counts, wantCounts) {
			t.Fatalf("round %d, %d figures of width %d:\n%v %v\nwant\n%v %v", round, n, p.Width(), sums, counts, wantSums, wantCounts)
		}
	}
}

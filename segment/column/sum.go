package column

import "math/bits"

// Piece is up to 64 neighbouring rows of one customer: bit i of Bits tells
// whether row Row+i was found. At is the customer's place in a list of figures.
type Piece struct {
	At   uint32
	Row  uint32
	Bits uint64
}

// Sum adds the set numbers of the found rows to sums, and how many they are to
// counts, both by the pieces' places. Pieces come in the order of their rows.
// Nothing is asked about overflow: the caller knows that there is none.
func (p *Packed) Sum(pieces []Piece, sums, counts []int64) {
	pieces = pieces[p.sumMany(pieces, sums, counts):]
	switch {
	case p.U8 != nil:
		sumOf(p.U8, p.Base, p.Step, pieces, sums, counts)
	case p.U16 != nil:
		sumOf(p.U16, p.Base, p.Step, pieces, sums, counts)
	default:
		sumOf(p.U32, p.Base, p.Step, pieces, sums, counts)
	}
}

func sumOf[T uint8 | uint16 | uint32](xs []T, base, step int64, pieces []Piece, sums, counts []int64) {
	for _, p := range pieces {
		x, set := int64(0), int64(0)
		for m := p.Bits; m != 0; m &= m - 1 {
			if v := xs[int(p.Row)+bits.TrailingZeros64(m)]; v != 0 {
				x += int64(v)
				set++
			}
		}
		sums[p.At] += x*step + set*base
		counts[p.At] += set
	}
}

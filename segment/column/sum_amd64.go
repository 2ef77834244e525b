package column

import "golang.org/x/sys/cpu"

//go:noescape
func sum8AVX2(pieces *Piece, n int, xs *uint8, step, base int64, sums, counts *int64)

//go:noescape
func sum16AVX2(pieces *Piece, n int, xs *uint16, step, base int64, sums, counts *int64)

//go:noescape
func sum32AVX2(pieces *Piece, n int, xs *uint32, step, base int64, sums, counts *int64)

var sumsMany = cpu.X86.HasAVX2 && cpu.X86.HasBMI1 && cpu.X86.HasBMI2 && cpu.X86.HasPOPCNT

// sumMany adds up as many pieces as it can, from the first on, and tells how
// many: those near the column's end are left, as whole registers are read.
func (p *Packed) sumMany(pieces []Piece, sums, counts []int64) int {
	const ahead = 64 + 32 // rows from a piece's first that may be read
	n := len(pieces)
	for n > 0 && int(pieces[n-1].Row)+ahead > p.Len() {
		n--
	}
	if n == 0 || !sumsMany {
		return 0
	}
	switch {
	case p.U8 != nil:
		sum8AVX2(&pieces[0], n, &p.U8[0], p.Step, p.Base, &sums[0], &counts[0])
	case p.U16 != nil:
		sum16AVX2(&pieces[0], n, &p.U16[0], p.Step, p.Base, &sums[0], &counts[0])
	default:
		sum32AVX2(&pieces[0], n, &p.U32[0], p.Step, p.Base, &sums[0], &counts[0])
	}
	return n
}

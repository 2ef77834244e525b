//go:build !amd64

package column

func (p *Packed) sumMany([]Piece, []int64, []int64) int { return 0 }

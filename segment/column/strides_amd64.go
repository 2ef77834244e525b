package column

//go:noescape
func stridesAVX2(xs *uint32, blocks int, s *strides, out *int32)

// fill gives the numbers at the first of many x, and tells at how many.
func (s *strides) fill(xs []uint32, out []int32) int {
	blocks := len(xs) / 32
	if blocks == 0 || !hasAVX2 {
		return 0
	}
	_ = out[blocks*32-1]
	stridesAVX2(&xs[0], blocks, s, &out[0])
	return blocks * 32
}

package column

//go:noescape
func strideIntsAVX2(xs *uint32, blocks int, s *strides, out *int32)

//go:noescape
func strideNumbersAVX2(xs *uint32, blocks int, s *strides, out *uint32)

// strideBlock is how many x the loops take at once.
const strideBlock = 32

// strideInts gives the numbers at the first of many x, and tells at how many.
func strideInts(s *strides, xs []uint32, out []int32) int {
	blocks := len(xs) / strideBlock
	if blocks == 0 || !hasAVX2 {
		return 0
	}
	_ = out[blocks*strideBlock-1]
	strideIntsAVX2(&xs[0], blocks, s, &out[0])
	return blocks * strideBlock
}

// strideNumbers is strideInts for numbers of at least 0.
func strideNumbers(s *strides, xs []uint32, out []uint32) int {
	blocks := len(xs) / strideBlock
	if blocks == 0 || !hasAVX2 {
		return 0
	}
	_ = out[blocks*strideBlock-1]
	strideNumbersAVX2(&xs[0], blocks, s, &out[0])
	return blocks * strideBlock
}

package column

//go:noescape
func mark32IntsAVX2(xs *int32, blocks int, lo, span uint32, out *uint64)

// mark32Ints is mark32 for figures of either sign.
func mark32Ints(xs []int32, lo, hi int32, out []uint64) {
	if n := len(xs) / 64; n > 0 && hasAVX2 {
		_ = out[n-1]
		mark32IntsAVX2(&xs[0], n, uint32(lo), uint32(hi)-uint32(lo), &out[0])
		xs, out = xs[n*64:], out[n:]
	}
	mark(xs, lo, hi, out)
}

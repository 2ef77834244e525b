package column

// Turns sets bit i of out to whether figure i differs from the one before, and
// clears that of the first and the bits after the last.
func Turns(xs []uint32, out []uint64) {
	if len(xs) == 0 {
		return
	}
	turns(xs[:min(64, len(xs))], xs[0], out)
	if len(xs) > 64 {
		turnsAfter(xs, out)
	}
}

// turns marks the figures that differ from those before; last comes before the
// first.
func turns(xs []uint32, last uint32, out []uint64) {
	for k := range (len(xs) + 63) / 64 {
		word := uint64(0)
		for i, x := range xs[k<<6 : min(len(xs), (k+1)<<6)] {
			d := x ^ last
			word |= uint64((d|-d)>>31) << (i & 63)
			last = x
		}
		out[k] = word
	}
}

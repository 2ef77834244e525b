package column

// turnsAVX2 takes whole blocks of 64 figures, before the first of which there
// is another.
//
//go:noescape
func turnsAVX2(xs *uint32, blocks int, out *uint64)

// turnsAfter is turns from the 65th figure on.
func turnsAfter(xs []uint32, out []uint64) {
	done := 1
	if n := (len(xs) - 64) / 64; n > 0 && hasAVX2 {
		_ = out[n]
		turnsAVX2(&xs[64], n, &out[1])
		done += n
	}
	turns(xs[done<<6:], xs[done<<6-1], out[done:])
}

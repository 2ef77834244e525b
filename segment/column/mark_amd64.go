package column

import "golang.org/x/sys/cpu"

// The loops that most rows go through compare 32 bytes at once where the
// processor has AVX2. They take whole blocks of 64 figures; mark does the rest.

//go:noescape
func mark8AVX2(xs *uint8, blocks int, lo, span uint8, out *uint64)

//go:noescape
func mark16AVX2(xs *uint16, blocks int, lo, span uint16, out *uint64)

//go:noescape
func mark32AVX2(xs *uint32, blocks int, lo, span uint32, out *uint64)

//go:noescape
func mark64AVX2(xs *int64, blocks int, lo, hi int64, out *uint64)

var hasAVX2 = cpu.X86.HasAVX2

func mark8(xs []uint8, lo, hi uint8, out []uint64) {
	if n := len(xs) / 64; n > 0 && hasAVX2 {
		_ = out[n-1]
		mark8AVX2(&xs[0], n, lo, hi-lo, &out[0])
		xs, out = xs[n*64:], out[n:]
	}
	mark(xs, lo, hi, out)
}

func mark16(xs []uint16, lo, hi uint16, out []uint64) {
	if n := len(xs) / 64; n > 0 && hasAVX2 {
		_ = out[n-1]
		mark16AVX2(&xs[0], n, lo, hi-lo, &out[0])
		xs, out = xs[n*64:], out[n:]
	}
	mark(xs, lo, hi, out)
}

func mark32(xs []uint32, lo, hi uint32, out []uint64) {
	if n := len(xs) / 64; n > 0 && hasAVX2 {
		_ = out[n-1]
		mark32AVX2(&xs[0], n, lo, hi-lo, &out[0])
		xs, out = xs[n*64:], out[n:]
	}
	mark(xs, lo, hi, out)
}

func mark64(xs []int64, lo, hi int64, out []uint64) {
	if n := len(xs) / 64; n > 0 && hasAVX2 {
		_ = out[n-1]
		mark64AVX2(&xs[0], n, lo, hi, &out[0])
		xs, out = xs[n*64:], out[n:]
	}
	mark(xs, lo, hi, out)
}

//go:build !amd64

package column

const hasAVX2 = false

func mark8(xs []uint8, lo, hi uint8, out []uint64)    { mark(xs, lo, hi, out) }
func mark16(xs []uint16, lo, hi uint16, out []uint64) { mark(xs, lo, hi, out) }
func mark32(xs []uint32, lo, hi uint32, out []uint64) { mark(xs, lo, hi, out) }
func mark64(xs []int64, lo, hi int64, out []uint64)   { mark(xs, lo, hi, out) }

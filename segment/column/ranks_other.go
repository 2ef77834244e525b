//go:build !amd64

package column

func mark32Ints(xs []int32, lo, hi int32, out []uint64) { mark(xs, lo, hi, out) }

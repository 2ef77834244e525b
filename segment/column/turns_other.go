//go:build !amd64

package column

func turnsAfter(xs []uint32, out []uint64) { turns(xs[64:], xs[63], out[1:]) }

package chunk

import (
	"encoding/binary"
	"math/rand/v2"
	"testing"
)

// TestShift copies figures of all lengths, at odd addresses, and compares with
// one after the other.
func TestShift(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 9))
	for n := range 400 {
		p := make([]byte, 4*n+3)
		for i := range p {
			p[i] = byte(r.Uint32())
		}
		p = p[r.IntN(4):]
		a := r.Uint32()
		shiftOne(t, make([]uint8, n), p, a, func(i int) uint32 { return uint32(p[i]) })
		shiftOne(t, make([]uint16, n), p, a, func(i int) uint32 { return uint32(binary.LittleEndian.Uint16(p[2*i:])) })
		shiftOne(t, make([]uint32, n), p, a, func(i int) uint32 { return binary.LittleEndian.Uint32(p[4*i:]) })
	}
}

func shiftOne[T uint8 | uint16 | uint32](t *testing.T, dst []T, p []byte, a uint32, at func(int) uint32) {
	t.Helper()
	done, greatest := shift(dst, p, a)
	if done > len(dst) || len(dst)-done >= 64 && done > 0 {
		t.Fatalf("%d of %d done", done, len(dst))
	}
	want := uint32(0)
	for i, x := range dst {
		if i >= done {
			if x != 0 {
				t.Fatalf("%d was written beyond %d", i, done)
			}
			continue
		}
		want = max(want, at(i))
		if x != T(a+at(i)) {
			t.Fatalf("%d of %d is %d, want %d", i, len(dst), x, T(a+at(i)))
		}
	}
	if greatest != want {
		t.Fatalf("the greatest of %d is %d, want %d", done, greatest, want)
	}
}

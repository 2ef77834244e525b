package chunk

import (
	"encoding/binary"
	"slices"

	"golang.org/x/sys/cpu"
)

// Most chunks lie in the file in the width that they have in memory, and differ
// from it by the same number throughout: they are copied 32 bytes at once where
// the processor has AVX2, in whole blocks of 64 figures; narrowPlain does the
// rest.

//go:noescape
func shift8AVX2(dst *uint8, src *byte, blocks int, add uint8, most *[32]byte)

//go:noescape
func shift16AVX2(dst *uint16, src *byte, blocks int, add uint16, most *[32]byte)

//go:noescape
func shift32AVX2(dst *uint32, src *byte, blocks int, add uint32, most *[32]byte)

var hasAVX2 = cpu.X86.HasAVX2

// shift unpacks packed figures of dst's own width into dst, adding a to each,
// and gives how many it did and the greatest packed one of them.
func shift[T uint8 | uint16 | uint32](dst []T, p []byte, a uint32) (done int, greatest uint32) {
	blocks := len(dst) / 64
	if blocks == 0 || !hasAVX2 {
		return 0, 0
	}
	var most [32]byte
	switch d := any(dst).(type) {
	case []uint8:
		_ = p[64*blocks-1]
		shift8AVX2(&d[0], &p[0], blocks, uint8(a), &most)
		greatest = uint32(slices.Max(most[:]))
	case []uint16:
		_ = p[128*blocks-1]
		shift16AVX2(&d[0], &p[0], blocks, uint16(a), &most)
		for i := 0; i < 32; i += 2 {
			greatest = max(greatest, uint32(binary.LittleEndian.Uint16(most[i:])))
		}
	case []uint32:
		_ = p[256*blocks-1]
		shift32AVX2(&d[0], &p[0], blocks, a, &most)
		for i := 0; i < 32; i += 4 {
			greatest = max(greatest, binary.LittleEndian.Uint32(most[i:]))
		}
	}
	return 64 * blocks, greatest
}

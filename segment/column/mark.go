package column

// Number types that ranges are tested on.
type figure interface {
	~uint8 | ~uint16 | ~uint32 | ~int32 | ~int64 | ~float64
}

// mark sets bit i of out to whether figure i lies in [lo, hi]. out has room
// for all; the bits after the last figure are 0.
func mark[T figure](xs []T, lo, hi T, out []uint64) {
	k := 0
	for ; len(xs) >= 64; k++ {
		word := uint64(0)
		for i, x := range xs[:64] {
			var bit uint64
			if lo <= x {
				bit = 1
			}
			if x > hi {
				bit = 0
			}
			word |= bit << (i & 63)
		}
		out[k], xs = word, xs[64:]
	}
	if len(xs) > 0 {
		word := uint64(0)
		for i, x := range xs {
			if lo <= x && x <= hi {
				word |= 1 << (i & 63)
			}
		}
		out[k] = word
	}
}

// Mark sets bit i of out to whether x number from+i lies in [lo, hi], for
// those up to to. The bits after the last are 0.
func (p *Packed) Mark(from, to int, lo, hi uint32, out []uint64) {
	hi = min(hi, p.Most)
	if lo > hi {
		clear(out[:(to-from+63)/64])
		return
	}
	switch {
	case p.U8 != nil:
		mark8(p.U8[from:to], uint8(lo), uint8(hi), out)
	case p.U16 != nil:
		mark16(p.U16[from:to], uint16(lo), uint16(hi), out)
	default:
		mark32(p.U32[from:to], lo, hi, out)
	}
}

// MarkCodes is Mark for plain codes.
func MarkCodes(codes []uint32, lo, hi uint32, out []uint64) {
	if lo > hi {
		clear(out[:(len(codes)+63)/64])
		return
	}
	mark32(codes, lo, hi, out)
}

// MarkInts is Mark for plain figures. It holds of Unset only where lo is.
func MarkInts(ints []int64, lo, hi int64, out []uint64) { mark64(ints, lo, hi, out) }

// MarkFloats is Mark for plain numbers; it never holds of NaN.
func MarkFloats(floats []float64, lo, hi float64, out []uint64) {
	for k := range (len(floats) + 63) / 64 {
		word := uint64(0)
		for i, x := range floats[k<<6 : min(len(floats), (k+1)<<6)] {
			if lo <= x && x <= hi {
				word |= 1 << (i & 63)
			}
		}
		out[k] = word
	}
}

// MarkSet is Mark for those of a set of x: one bit each.
func (p *Packed) MarkSet(from, to int, set []uint64, out []uint64) {
	switch {
	case p.U8 != nil:
		markSet(p.U8[from:to], set, out)
	case p.U16 != nil:
		markSet(p.U16[from:to], set, out)
	default:
		markSet(p.U32[from:to], set, out)
	}
}

func markSet[T uint8 | uint16 | uint32](xs []T, set []uint64, out []uint64) {
	for k := range (len(xs) + 63) / 64 {
		word := uint64(0)
		for i, x := range xs[k<<6 : min(len(xs), (k+1)<<6)] {
			var bit uint64
			if w := int(x >> 6); w < len(set) {
				bit = set[w] >> (x & 63) & 1
			}
			word |= bit << (i & 63)
		}
		out[k] = word
	}
}

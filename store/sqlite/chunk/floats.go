package chunk

import (
	"encoding/binary"
	"fmt"
	"math"
)

// powers are the exact powers of ten that decimals are divided by.
var powers = [...]float64{1, 10, 100, 1e3, 1e4, 1e5, 1e6}

// exact is the greatest whole number up to which every one is a float64.
const exact = 1 << 53

// AppendFloats appends a chunk of numbers; NaN is unset. Every other value
// comes back bit by bit.
func AppendFloats(b []byte, values []float64) []byte {
	from := len(b)
	if ints, scale, ok := decimals(values); ok {
		return seal(appendInts(b, formDecimals, scale, ints), from)
	}
	b = header{form: formFloats, width: 8, rows: len(values), factor: 1}.append(b)
	for _, v := range values {
		if math.IsNaN(v) {
			v = math.NaN() // one bit pattern for unset
		}
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
	}
	return seal(b, from)
}

// decimals gives the values as whole numbers over 10^scale, where that is
// exact for all of them.
func decimals(values []float64) (ints []int64, scale byte, ok bool) {
	for _, v := range values {
		for {
			if _, ok := decimal(v, scale); ok {
				break
			}
			if scale++; int(scale) == len(powers) {
				return nil, 0, false
			}
		}
	}
	ints = make([]int64, len(values))
	for i, v := range values {
		if ints[i], ok = decimal(v, scale); !ok {
			return nil, 0, false
		}
	}
	return ints, scale, true
}

func decimal(v float64, scale byte) (int64, bool) {
	if math.IsNaN(v) {
		return unset, true
	}
	p := powers[scale]
	r := math.Round(v * p)
	if !(r >= -exact && r <= exact) {
		return 0, false
	}
	n := int64(r)
	return n, math.Float64bits(float64(n)/p) == math.Float64bits(v)
}

// Floats unpacks a chunk of numbers into dst, which it must fill.
func Floats(dst []float64, b []byte) error {
	h, p, err := open(b)
	if err != nil {
		return err
	}
	if err := h.want(len(dst), formFloats, formDecimals); err != nil {
		return err
	}
	if h.form == formFloats {
		if h.width != 8 {
			return fmt.Errorf("%w: floats of %d bytes", ErrDamaged, h.width)
		}
		for i := range dst {
			dst[i] = math.Float64frombits(binary.LittleEndian.Uint64(p[8*i : 8*i+8]))
		}
		return nil
	}
	if int(h.scale) >= len(powers) {
		return fmt.Errorf("%w: %d decimals", ErrDamaged, h.scale)
	}
	power := powers[h.scale]
	var buf [4096]int64
	for from := 0; from < len(dst); from += len(buf) {
		part := dst[from:min(from+len(buf), len(dst))]
		ints := buf[:len(part)]
		ph := h
		if h.flags&flagRamp != 0 {
			ph.base = h.base + int64(uint64(from)*h.factor)
		}
		unpackInts(ints, ph, p[from*int(h.width):])
		for i, n := range ints {
			if n == unset {
				part[i] = math.NaN()
			} else {
				part[i] = float64(n) / power
			}
		}
	}
	return nil
}

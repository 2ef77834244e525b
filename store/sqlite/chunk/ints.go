package chunk

import (
	"encoding/binary"
	"fmt"
	"math"
)

// unset marks a missing whole number, as in column.Column.Ints.
const unset = math.MinInt64

// AppendInts appends a chunk of whole numbers; the least int64 is unset.
func AppendInts(b []byte, values []int64) []byte {
	from := len(b)
	return seal(appendInts(b, formInts, 0, values), from)
}

func appendInts(b []byte, form, scale byte, values []int64) []byte {
	h := plan(values)
	h.form, h.scale, h.rows = form, scale, len(values)
	b = h.append(b)
	gap := h.flags&flagGaps != 0
	if h.width == 0 {
		return b
	}
	base, factor := uint64(h.base), h.factor
	start := len(b)
	b = append(b, make([]byte, len(values)*int(h.width))...)
	p := b[start:]
	for i, v := range values {
		var x uint64
		switch {
		case !gap:
			x = uint64(v) - base
		case v == unset:
			putPacked(p, i, h.width, 0)
			continue
		default:
			x = uint64(v) - base
		}
		if factor != 1 {
			x /= factor
		}
		if gap {
			x++
		}
		putPacked(p, i, h.width, x)
	}
	return b
}

func putPacked(p []byte, i int, width byte, x uint64) {
	switch width {
	case 1:
		p[i] = byte(x)
	case 2:
		binary.LittleEndian.PutUint16(p[2*i:], uint16(x))
	case 4:
		binary.LittleEndian.PutUint32(p[4*i:], uint32(x))
	default:
		binary.LittleEndian.PutUint64(p[8*i:], x)
	}
}

// plan chooses how the values are packed.
func plan(values []int64) (h header) {
	h.factor = 1
	if len(values) == 0 {
		return h
	}
	if step, ok := ramp(values); ok {
		h.flags, h.base, h.factor = flagRamp, values[0], step
		return h
	}
	low, high := int64(math.MaxInt64), int64(math.MinInt64)
	gaps, some := false, false
	for _, v := range values {
		if v == unset {
			gaps = true
			continue
		}
		some = true
		low, high = min(low, v), max(high, v)
	}
	if !some { // nothing but gaps: one value for all
		h.base = unset
		return h
	}
	h.base = low
	if gaps {
		h.flags = flagGaps
	}
	span := uint64(high) - uint64(low)
	if span > 0 {
		h.factor = divisor(values, low)
	}
	greatest := span / h.factor
	if gaps {
		if greatest == math.MaxUint64 { // no room for the gap
			return header{width: 8, factor: 1}
		}
		greatest++
	}
	h.width = widthOf(greatest)
	return h
}

func widthOf(greatest uint64) byte {
	switch {
	case greatest == 0:
		return 0
	case greatest <= math.MaxUint8:
		return 1
	case greatest <= math.MaxUint16:
		return 2
	case greatest <= math.MaxUint32:
		return 4
	}
	return 8
}

// ramp tells whether the values go up by one same step, as the numbers of
// customers who all have rows do.
func ramp(values []int64) (step uint64, ok bool) {
	if len(values) < 2 || values[0] == unset {
		return 0, false
	}
	step = uint64(values[1]) - uint64(values[0])
	if step == 0 {
		return 0, false
	}
	for i := 1; i < len(values); i++ {
		if values[i] == unset || uint64(values[i])-uint64(values[i-1]) != step {
			return 0, false
		}
	}
	return step, true
}

// divisor is the greatest common divisor of the distances to low.
func divisor(values []int64, low int64) uint64 {
	var g uint64
	for _, v := range values {
		if v == unset {
			continue
		}
		d := uint64(v) - uint64(low)
		if g != 0 && d%g == 0 {
			continue
		}
		for d != 0 {
			g, d = d, g%d
		}
		if g == 1 {
			return 1
		}
	}
	return max(g, 1)
}

// Ints unpacks a chunk of whole numbers into dst, which it must fill.
func Ints(dst []int64, b []byte) error {
	h, p, err := open(b)
	if err != nil {
		return err
	}
	if err := h.want(len(dst), formInts); err != nil {
		return err
	}
	unpackInts(dst, h, p)
	return nil
}

func unpackInts(dst []int64, h header, p []byte) {
	base, factor := uint64(h.base), h.factor
	switch {
	case h.flags&flagRamp != 0:
		x := base
		for i := range dst {
			dst[i] = int64(x)
			x += factor
		}
	case h.flags&flagGaps != 0:
		unpackGaps(dst, h, p)
	default:
		switch h.width {
		case 0:
			for i := range dst {
				dst[i] = int64(base)
			}
		case 1:
			p = p[:len(dst)]
			for i := range dst {
				dst[i] = int64(base + uint64(p[i])*factor)
			}
		case 2:
			for i := range dst {
				dst[i] = int64(base + uint64(binary.LittleEndian.Uint16(p[2*i:2*i+2]))*factor)
			}
		case 4:
			for i := range dst {
				dst[i] = int64(base + uint64(binary.LittleEndian.Uint32(p[4*i:4*i+4]))*factor)
			}
		case 8:
			for i := range dst {
				dst[i] = int64(base + binary.LittleEndian.Uint64(p[8*i:8*i+8])*factor)
			}
		}
	}
}

func unpackGaps(dst []int64, h header, p []byte) {
	base, factor := uint64(h.base), h.factor
	for i := range dst {
		var x uint64
		switch h.width {
		case 1:
			x = uint64(p[i])
		case 2:
			x = uint64(binary.LittleEndian.Uint16(p[2*i:]))
		case 4:
			x = uint64(binary.LittleEndian.Uint32(p[4*i:]))
		case 8:
			x = binary.LittleEndian.Uint64(p[8*i:])
		}
		if x == 0 {
			dst[i] = unset
		} else {
			dst[i] = int64(base + (x-1)*factor)
		}
	}
}

// AppendCodes appends a chunk of codes or other small counts, to be read by
// Codes. 0 is a value like any other.
func AppendCodes(b []byte, values []uint32) []byte {
	wide := make([]int64, len(values))
	for i, v := range values {
		wide[i] = int64(v)
	}
	return AppendInts(b, wide)
}

// Codes unpacks a chunk of whole numbers into dst, which it must fill. A
// number below 0 or above most is an error.
func Codes(dst []uint32, b []byte, most uint32) error {
	h, p, err := open(b)
	if err != nil {
		return err
	}
	if err := h.want(len(dst), formInts); err != nil {
		return err
	}
	if len(dst) == 0 {
		return nil
	}
	if h.flags != 0 || h.width == 8 || h.base < 0 || h.base > math.MaxUint32 || h.factor > math.MaxUint32 {
		return wideCodes(dst, h, p, most)
	}
	base, factor := uint64(h.base), h.factor
	var greatest uint64
	switch h.width {
	case 0:
		greatest = base
		for i := range dst {
			dst[i] = uint32(base)
		}
	case 1:
		p = p[:len(dst)]
		for i := range dst {
			x := base + uint64(p[i])*factor
			greatest = max(greatest, x)
			dst[i] = uint32(x)
		}
	case 2:
		for i := range dst {
			x := base + uint64(binary.LittleEndian.Uint16(p[2*i:2*i+2]))*factor
			greatest = max(greatest, x)
			dst[i] = uint32(x)
		}
	case 4:
		for i := range dst {
			x := base + uint64(binary.LittleEndian.Uint32(p[4*i:4*i+4]))*factor
			greatest = max(greatest, x)
			dst[i] = uint32(x)
		}
	}
	if greatest > uint64(most) {
		return fmt.Errorf("%w: code %d where %d is the greatest", ErrDamaged, greatest, most)
	}
	return nil
}

func wideCodes(dst []uint32, h header, p []byte, most uint32) error {
	wide := make([]int64, len(dst))
	unpackInts(wide, h, p)
	for i, v := range wide {
		if v < 0 || v > int64(most) {
			return fmt.Errorf("%w: code %d where %d is the greatest", ErrDamaged, v, most)
		}
		dst[i] = uint32(v)
	}
	return nil
}

package chunk

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/bits"
	"unsafe"
)

// Shape is what a chunk's header tells of its values without unpacking them.
type Shape struct {
	// Whole tells that the values are whole numbers, over ten to the power of
	// Scale; the rest is then meaningful.
	Whole bool
	Scale int
	// Some tells that values may be set: they lie from Low to High, which may
	// be beyond the greatest, and are whole Steps apart.
	Some      bool
	Low, High int64
	Step      uint64
}

// ShapeOf reads a chunk's header. It does not check the checksum.
func ShapeOf(b []byte) (Shape, error) {
	if len(b) < headerLen+sumLen {
		return Shape{}, fmt.Errorf("%w: %d bytes are too few for a chunk", ErrDamaged, len(b))
	}
	h := header{
		form: b[0], width: b[1], flags: b[2], scale: b[3],
		rows: int(binary.LittleEndian.Uint32(b[4:])), base: int64(binary.LittleEndian.Uint64(b[8:])), factor: binary.LittleEndian.Uint64(b[16:]),
	}
	s := Shape{Whole: h.form == formInts || h.form == formDecimals, Scale: int(h.scale), Low: h.base, High: h.base, Step: max(1, h.factor)}
	if h.form == formInts {
		s.Scale = 0
	}
	switch {
	case h.rows == 0 || h.base == unset && h.width == 0 && h.flags == 0:
		return s, nil
	case h.flags&flagRamp != 0 && h.factor > math.MaxInt64: // downwards
		s.Step = -h.factor
		s.Low = h.base - int64(s.Step*uint64(h.rows-1))
	case h.flags&flagRamp != 0:
		s.High = upTo(h.base, uint64(h.rows-1), h.factor)
	case h.width == 8: // the base may be none
		s.Low, s.High, s.Step = math.MinInt64+1, math.MaxInt64, 1
	case h.width > 0:
		s.High = upTo(h.base, 1<<(8*h.width)-1, h.factor)
	}
	s.Some = true
	if s.High < s.Low || s.Step > math.MaxInt64 { // steps over more than half of all numbers
		s.Step = 1
		s.Low, s.High = math.MinInt64+1, math.MaxInt64
	}
	return s, nil
}

func upTo(base int64, n, factor uint64) int64 {
	over, by := bits.Mul64(n, factor)
	if over != 0 || by > uint64(math.MaxInt64)-uint64(base) && base >= 0 || by > math.MaxInt64 {
		return math.MaxInt64
	}
	return base + int64(by)
}

// Narrow unpacks a chunk of whole numbers, which have Scale decimals and are
// multiplied to have as many as asked for, into dst, which it must fill: a
// value v becomes (v-base)/step, which must be whole and from 1 to most, and an
// unset one 0.
func Narrow[T uint8 | uint16 | uint32](dst []T, b []byte, scale int, base, step int64, most uint32) error {
	h, p, err := open(b)
	if err != nil {
		return err
	}
	if err := h.want(len(dst), formInts, formDecimals); err != nil {
		return err
	}
	if len(dst) == 0 {
		return nil
	}
	if h.form == formInts {
		h.scale = 0
	}
	if h.base == unset && h.width == 0 && h.flags == 0 {
		clear(dst)
		return nil
	}
	times := uint64(1)
	for range scale - int(h.scale) {
		times *= 10
	}
	if h.base == unset || h.width == 8 || scale < int(h.scale) || h.flags&flagRamp != 0 && h.factor > math.MaxInt64 {
		return narrowWide(dst, h, p, times, base, step, most)
	}
	first := uint64(h.base)*times - uint64(base)
	each := h.factor * times
	if step != 1 {
		if first%uint64(step) != 0 || each%uint64(step) != 0 {
			return narrowWide(dst, h, p, times, base, step, most)
		}
		first, each = first/uint64(step), each/uint64(step)
	}
	// No x is beyond most, so they are right also where they wrap around on
	// the way; the greatest raw value tells.
	a, m := uint32(first), uint32(each)
	greatest := uint64(0)
	switch {
	case h.flags&flagRamp != 0:
		greatest = uint64(len(dst) - 1)
		for i := range dst {
			dst[i] = T(a)
			a += m
		}
	case h.flags&flagGaps != 0:
		greatest = narrowGaps(dst, h, p, a, m)
		if greatest > 0 {
			greatest--
		}
	default:
		greatest = narrowPlain(dst, h, p, a, m)
	}
	over, last := bits.Mul64(greatest, each)
	if first > math.MaxUint32 || over != 0 || last > math.MaxUint32 || first+last > uint64(most) {
		return fmt.Errorf("%w: a value beyond what the catalogue says there is", ErrDamaged)
	}
	return nil
}

func narrowPlain[T uint8 | uint16 | uint32](dst []T, h header, p []byte, a, m uint32) uint64 {
	greatest := uint32(0)
	if m == 1 && uintptr(h.width) == unsafe.Sizeof(T(0)) {
		var done int
		done, greatest = shift(dst, p, a)
		dst, p = dst[done:], p[done*int(h.width):]
	}
	switch h.width {
	case 0:
		for i := range dst {
			dst[i] = T(a)
		}
	case 1:
		p = p[:len(dst)]
		for i := range dst {
			x := uint32(p[i])
			greatest = max(greatest, x)
			dst[i] = T(a + x*m)
		}
	case 2:
		for i := range dst {
			x := uint32(binary.LittleEndian.Uint16(p[2*i : 2*i+2]))
			greatest = max(greatest, x)
			dst[i] = T(a + x*m)
		}
	case 4:
		for i := range dst {
			x := binary.LittleEndian.Uint32(p[4*i : 4*i+4])
			greatest = max(greatest, x)
			dst[i] = T(a + x*m)
		}
	}
	return uint64(greatest)
}

func narrowGaps[T uint8 | uint16 | uint32](dst []T, h header, p []byte, a, m uint32) uint64 {
	greatest := uint32(0)
	for i := range dst {
		var x uint32
		switch h.width {
		case 1:
			x = uint32(p[i])
		case 2:
			x = uint32(binary.LittleEndian.Uint16(p[2*i:]))
		case 4:
			x = binary.LittleEndian.Uint32(p[4*i:])
		}
		greatest = max(greatest, x)
		if x == 0 {
			dst[i] = 0
		} else {
			dst[i] = T(a + (x-1)*m)
		}
	}
	return uint64(greatest)
}

// narrowWide serves the packings that are rare, by way of whole values.
func narrowWide[T uint8 | uint16 | uint32](dst []T, h header, p []byte, times uint64, base, step int64, most uint32) error {
	wide := make([]int64, len(dst))
	unpackInts(wide, h, p)
	for i, v := range wide {
		if v == unset {
			dst[i] = 0
			continue
		}
		x := uint64(v)*times - uint64(base)
		if x%uint64(step) != 0 || x/uint64(step) > uint64(most) || x == 0 {
			return fmt.Errorf("%w: a value beyond what the catalogue says there is", ErrDamaged)
		}
		dst[i] = T(x / uint64(step))
	}
	return nil
}

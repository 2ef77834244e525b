// Package chunk turns a stretch of a column into bytes and back. It is for
// storage that wants a column's values packed, checked and quick to unpack;
// it does not compress by content and knows no files and no names.
//
// A chunk of whole numbers holds them packed: value = base + packed × factor,
// with packed in the least of 0, 1, 2, 4 or 8 bytes that holds them all. Base
// is the least value, factor the greatest common divisor of the distances to
// it, so that times that are whole seconds take four bytes and a column of one
// value none at all.
//
// The layout, little-endian:
//
//	 0  form     1 ints, 2 floats, 3 decimals, 4 tags, 5 words
//	 1  width    bytes of a packed value: 0, 1, 2, 4 or 8
//	 2  flags    1 gaps: packed 0 is unset, the others are one too great
//	             2 ramp: value i = base + i × factor, nothing packed
//	 3  scale    decimals: the values are divided by 10^scale
//	 4  rows     uint32
//	 8  base     int64
//	16  factor   uint64
//	24  payload  rows × width bytes
//	end crc32c   uint32 over all before it
//
// Floats are eight raw bytes each, NaN being unset; decimals are floats that a
// whole number over a power of ten gives exactly. The payload of tags is two
// chunks of ints, the number of tags per row and the tags; of words, a chunk
// of ints with their lengths, and the bytes. Each inner chunk is preceded by
// its length as uint32.
package chunk

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
)

// Rows is the most rows writers put in one chunk of a column.
const Rows = 1 << 18

// ErrDamaged is wrapped by all errors about bytes that are no chunk.
var ErrDamaged = errors.New("damaged data")

const (
	formInts = iota + 1
	formFloats
	formDecimals
	formTags
	formWords
)

const (
	flagGaps = 1 << iota
	flagRamp
)

const (
	headerLen = 24
	sumLen    = 4
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

type header struct {
	form, width, flags, scale byte
	rows                      int
	base                      int64
	factor                    uint64
}

func (h header) append(b []byte) []byte {
	b = append(b, h.form, h.width, h.flags, h.scale)
	b = binary.LittleEndian.AppendUint32(b, uint32(h.rows))
	b = binary.LittleEndian.AppendUint64(b, uint64(h.base))
	return binary.LittleEndian.AppendUint64(b, h.factor)
}

// seal closes the chunk that starts at from with its checksum.
func seal(b []byte, from int) []byte {
	return binary.LittleEndian.AppendUint32(b, crc32.Checksum(b[from:], castagnoli))
}

// open checks a chunk's checksum and header and returns its payload.
func open(b []byte) (header, []byte, error) {
	if len(b) < headerLen+sumLen {
		return header{}, nil, fmt.Errorf("%w: %d bytes are too few for a chunk", ErrDamaged, len(b))
	}
	body := b[:len(b)-sumLen]
	if crc32.Checksum(body, castagnoli) != binary.LittleEndian.Uint32(b[len(body):]) {
		return header{}, nil, fmt.Errorf("%w: the checksum is wrong", ErrDamaged)
	}
	h := header{
		form: b[0], width: b[1], flags: b[2], scale: b[3],
		rows:   int(binary.LittleEndian.Uint32(b[4:])),
		base:   int64(binary.LittleEndian.Uint64(b[8:])),
		factor: binary.LittleEndian.Uint64(b[16:]),
	}
	payload := body[headerLen:]
	switch h.width {
	case 0, 1, 2, 4, 8:
	default:
		return header{}, nil, fmt.Errorf("%w: a width of %d bytes", ErrDamaged, h.width)
	}
	switch h.form {
	case formInts, formFloats, formDecimals:
		if uint64(len(payload)) != uint64(h.rows)*uint64(h.width) {
			return header{}, nil, fmt.Errorf("%w: %d bytes for %d values of width %d", ErrDamaged, len(payload), h.rows, h.width)
		}
	case formTags, formWords:
	default:
		return header{}, nil, fmt.Errorf("%w: unknown form %d", ErrDamaged, h.form)
	}
	return h, payload, nil
}

// want checks that a chunk is of one of the forms and has that many rows.
func (h header) want(rows int, forms ...byte) error {
	if h.rows != rows {
		return fmt.Errorf("%w: %d values where %d belong", ErrDamaged, h.rows, rows)
	}
	for _, f := range forms {
		if h.form == f {
			return nil
		}
	}
	return fmt.Errorf("%w: form %d where %v belongs", ErrDamaged, h.form, forms)
}

// appendInner appends a chunk written by put, preceded by its length.
func appendInner(b []byte, put func([]byte) []byte) []byte {
	at := len(b)
	b = append(b, 0, 0, 0, 0)
	b = put(b)
	binary.LittleEndian.PutUint32(b[at:], uint32(len(b)-at-4))
	return b
}

// inner splits the first inner chunk off a payload.
func inner(p []byte) (chunk, rest []byte, err error) {
	if len(p) < 4 || uint64(binary.LittleEndian.Uint32(p)) > uint64(len(p)-4) {
		return nil, nil, fmt.Errorf("%w: an inner chunk is cut short", ErrDamaged)
	}
	n := int(binary.LittleEndian.Uint32(p))
	return p[4 : 4+n], p[4+n:], nil
}

// Len is the number of values of a chunk.
func Len(b []byte) (int, error) {
	if len(b) < headerLen+sumLen {
		return 0, fmt.Errorf("%w: %d bytes are too few for a chunk", ErrDamaged, len(b))
	}
	return int(binary.LittleEndian.Uint32(b[4:])), nil
}

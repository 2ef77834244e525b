package importer

import (
	"bytes"
	"math"
	"math/big"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"
)

// parquetWriter gives how a type's values are written as text, the way they
// stand in a CSV file: what is exact there stays exact.
func parquetWriter(t parquet.Type) func(dst []byte, v parquet.Value) []byte {
	var logical format.LogicalTypeValue
	if l := t.LogicalType(); l != nil {
		logical = l.Value
	}
	kind := t.Kind()
	switch l := logical.(type) {
	case *format.DateType:
		if kind == parquet.Int32 {
			return func(dst []byte, v parquet.Value) []byte {
				return time.Unix(int64(v.Int32())*86400, 0).UTC().AppendFormat(dst, time.DateOnly)
			}
		}
	case *format.TimestampType:
		if kind == parquet.Int64 {
			return timestampWriter(l)
		}
	case *format.TimeType:
		unit := timeUnit(l.Unit)
		return func(dst []byte, v parquet.Value) []byte {
			n := int64(0)
			if kind == parquet.Int32 {
				n = int64(v.Int32())
			} else {
				n = v.Int64()
			}
			return time.Unix(0, 0).UTC().Add(time.Duration(n)*unit).AppendFormat(dst, "15:04:05.999999")
		}
	case *format.DecimalType:
		return decimalWriter(kind, min(int(l.Scale), maxScale))
	case *format.UUIDType:
		return func(dst []byte, v parquet.Value) []byte { return appendUUID(dst, v.ByteArray()) }
	case *format.IntType:
		if !l.IsSigned {
			return func(dst []byte, v parquet.Value) []byte {
				if kind == parquet.Int32 {
					return strconv.AppendUint(dst, uint64(v.Uint32()), 10)
				}
				return strconv.AppendUint(dst, v.Uint64(), 10)
			}
		}
	}
	switch kind {
	case parquet.Boolean:
		return func(dst []byte, v parquet.Value) []byte { return strconv.AppendBool(dst, v.Boolean()) }
	case parquet.Int32:
		return func(dst []byte, v parquet.Value) []byte { return strconv.AppendInt(dst, int64(v.Int32()), 10) }
	case parquet.Int64:
		return func(dst []byte, v parquet.Value) []byte { return strconv.AppendInt(dst, v.Int64(), 10) }
	case parquet.Int96:
		return func(dst []byte, v parquet.Value) []byte {
			// Nanoseconds of the day, then the Julian day; 2440588 is 1970-01-01.
			w := v.Int96()
			nanos := int64(uint64(w[1])<<32 | uint64(w[0]))
			days := int64(w[2]) - 2440588
			return appendInstant(dst, time.Unix(days*86400, nanos), true)
		}
	case parquet.Float:
		return func(dst []byte, v parquet.Value) []byte { return appendFloat(dst, float64(v.Float()), 32) }
	case parquet.Double:
		return func(dst []byte, v parquet.Value) []byte { return appendFloat(dst, v.Double(), 64) }
	}
	return func(dst []byte, v parquet.Value) []byte { return append(dst, v.ByteArray()...) }
}

func timestampWriter(l *format.TimestampType) func(dst []byte, v parquet.Value) []byte {
	unit := int64(timeUnit(l.Unit))
	perSecond := int64(time.Second) / unit
	return func(dst []byte, v parquet.Value) []byte {
		n := v.Int64()
		whole, rest := n/perSecond, n%perSecond
		return appendInstant(dst, time.Unix(whole, rest*unit), l.IsAdjustedToUTC)
	}
}

// appendInstant writes a time; without a zone it is one of local clocks.
func appendInstant(dst []byte, at time.Time, zoned bool) []byte {
	dst = at.UTC().AppendFormat(dst, "2006-01-02 15:04:05.999999")
	if zoned {
		dst = append(dst, 'Z')
	}
	return dst
}

func timeUnit(u format.TimeUnit) time.Duration {
	switch u.Value.(type) {
	case *format.MilliSeconds:
		return time.Millisecond
	case *format.NanoSeconds:
		return time.Nanosecond
	}
	return time.Microsecond
}

// appendFloat writes the shortest text that reads back as the figure; what is
// no number is left out.
func appendFloat(dst []byte, f float64, bits int) []byte {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return dst
	}
	if a := math.Abs(f); a != 0 && (a < 1e-9 || a >= 1e18) {
		return strconv.AppendFloat(dst, f, 'e', -1, bits)
	}
	return strconv.AppendFloat(dst, f, 'f', -1, bits)
}

func decimalWriter(kind parquet.Kind, scale int) func(dst []byte, v parquet.Value) []byte {
	return func(dst []byte, v parquet.Value) []byte {
		switch kind {
		case parquet.Int32:
			return appendScaled(dst, strconv.AppendInt(nil, int64(v.Int32()), 10), scale)
		case parquet.Int64:
			return appendScaled(dst, strconv.AppendInt(nil, v.Int64(), 10), scale)
		}
		// Two's complement, the highest byte first.
		b := v.ByteArray()
		n := new(big.Int).SetBytes(b)
		if len(b) > 0 && b[0] >= 0x80 {
			n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(8*len(b))))
		}
		return appendScaled(dst, n.Append(nil, 10), scale)
	}
}

// maxScale is more decimals than Parquet's widest decimals have.
const maxScale = 76

// appendScaled sets the decimal point into a whole number's figures.
func appendScaled(dst, figures []byte, scale int) []byte {
	if scale <= 0 {
		dst = append(dst, figures...)
		return append(dst, bytes.Repeat([]byte{'0'}, min(-scale, 64))...)
	}
	if figures[0] == '-' {
		dst, figures = append(dst, '-'), figures[1:]
	}
	for n := len(figures); n <= scale; n++ {
		dst = append(dst, '0')
		if n == len(figures) {
			dst = append(dst, '.')
		}
	}
	if len(figures) <= scale {
		return append(dst, figures...)
	}
	at := len(figures) - scale
	dst = append(append(dst, figures[:at]...), '.')
	return append(dst, figures[at:]...)
}

func appendUUID(dst, b []byte) []byte {
	const hex = "0123456789abcdef"
	for i, c := range b {
		if len(b) == 16 && (i == 4 || i == 6 || i == 8 || i == 10) {
			dst = append(dst, '-')
		}
		dst = append(dst, hex[c>>4], hex[c&15])
	}
	return dst
}

// leafText tells whether a value is text; a list is if its items are.
func leafText(b []byte) bool {
	if !isList(b) {
		return utf8.Valid(b)
	}
	for len(b) > 0 {
		b = b[1:]
		i := bytes.IndexByte(b, listMark)
		if i < 0 {
			i = len(b)
		}
		if !utf8.Valid(b[:i]) {
			return false
		}
		b = b[i:]
	}
	return true
}

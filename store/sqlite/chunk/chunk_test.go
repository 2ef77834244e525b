package chunk

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

func TestIntsRoundTripAtLeastWidth(t *testing.T) {
	const lo, hi = math.MinInt64 + 1, math.MaxInt64
	for _, c := range []struct {
		values []int64
		width  byte
	}{
		{nil, 0},
		{[]int64{7, 7, 7}, 0},
		{[]int64{unset, unset}, 0},
		{[]int64{unset, 7}, 1},
		{[]int64{3, 4, 5, 6}, 0}, // a ramp
		{[]int64{9, 6, 3, 0, -3}, 0},
		{[]int64{3, unset, 5}, 1},
		{[]int64{0, 255, 1}, 1},
		{[]int64{0, 256, 1}, 2},
		{[]int64{0, 255, unset, 1}, 2}, // the gap takes a place
		{[]int64{-1e15, -1e15 + 65535, -1e15 + 2}, 2},
		{[]int64{0, 65536, 1}, 4},
		{[]int64{0, 1 << 32, 1}, 8},
		{[]int64{1322697600e6, 1322697660e6, 1325376000e6}, 2}, // whole minutes: factor
		{[]int64{lo, hi}, 0},
		{[]int64{lo, hi, 5}, 8},
		{[]int64{lo, hi, unset}, 1},
		{[]int64{unset, lo, hi, 5}, 8},
		{[]int64{hi, unset, hi - 1}, 1},
	} {
		b := AppendInts([]byte("before"), c.values)[6:]
		if b[1] != c.width {
			t.Errorf("%v: width %d, want %d", c.values, b[1], c.width)
		}
		got := make([]int64, len(c.values))
		if err := Ints(got, b); err != nil || !slices.Equal(got, c.values) {
			t.Errorf("%v came back as %v, %v", c.values, got, err)
		}
	}
}

// TestWidestGap has a span that leaves no room for the gap's own value.
func TestWidestGap(t *testing.T) {
	values := []int64{unset + 1, math.MaxInt64, unset + 2, unset}
	got := make([]int64, len(values))
	if err := Ints(got, AppendInts(nil, values)); err != nil || !slices.Equal(got, values) {
		t.Fatalf("%v, %v", got, err)
	}
}

func TestFloatsRoundTripBitByBit(t *testing.T) {
	long := make([]float64, 10000) // more than one buffer, a ramp
	for i := range long {
		long[i] = float64(i) / 100
	}
	for _, c := range []struct {
		values []float64
		form   byte
	}{
		{[]float64{1, 2, 3.5, math.NaN(), -0.25}, formDecimals},
		{[]float64{0.1, 0.2, 12345.67}, formDecimals},
		{[]float64{0.30000000000000004}, formFloats},
		{[]float64{math.Copysign(0, -1), 1}, formFloats},
		{[]float64{math.Inf(1), math.Inf(-1), math.NaN(), math.MaxFloat64, 5e-324}, formFloats},
		{[]float64{1 << 53, 0.1}, formFloats},
		{[]float64{1.0 / 3}, formFloats},
		{long, formDecimals},
	} {
		b := AppendFloats(nil, c.values)
		if b[0] != c.form {
			t.Errorf("%v: form %d, want %d", c.values[:1], b[0], c.form)
		}
		got := make([]float64, len(c.values))
		if err := Floats(got, b); err != nil {
			t.Fatal(err)
		}
		for i := range got {
			if math.Float64bits(got[i]) != math.Float64bits(c.values[i]) {
				t.Fatalf("%v came back as %v", c.values[i], got[i])
			}
		}
	}
}

func TestTagsAndWordsRoundTrip(t *testing.T) {
	starts, codes := []uint32{2, 2, 4, 4, 7}, []uint32{9, 9, 1, 5, 2, 3, 300}
	ends := make([]uint32, 4)
	got, err := Tags(ends, []uint32{8}, AppendTags(nil, starts, codes), 300)
	if err != nil || !slices.Equal(ends, []uint32{1, 3, 3, 6}) || !slices.Equal(got, []uint32{8, 1, 5, 2, 3, 300}) {
		t.Fatalf("%v, %v, %v", ends, got, err)
	}
	if _, err := Tags(ends, nil, AppendTags(nil, starts, codes), 299); !errors.Is(err, ErrDamaged) {
		t.Fatalf("%v", err)
	}
	words := []string{"", "ñ", strings.Repeat("long ", 100), "\x00\xff"}
	back, err := Words([]string{"first"}, AppendWords(nil, words))
	if err != nil || !slices.Equal(back[1:], words) {
		t.Fatalf("%q, %v", back, err)
	}
}

func TestCodesAreBounded(t *testing.T) {
	for _, values := range [][]uint32{{1, 2, 3, 9, 4}, {1, 2, 300}, {70000, 2, 3}, {4, 4}, {5, 6, 7}, {math.MaxUint32, 0, 1}} {
		most := slices.Max(values)
		got := make([]uint32, len(values))
		if err := Codes(got, AppendCodes(nil, values), most); err != nil || !slices.Equal(got, values) {
			t.Fatalf("%v came back as %v, %v", values, got, err)
		}
		if err := Codes(got, AppendCodes(nil, values), most-1); !errors.Is(err, ErrDamaged) {
			t.Fatalf("%v below %d: %v", values, most, err)
		}
	}
	if err := Codes(make([]uint32, 2), AppendInts(nil, []int64{-1, 5}), 9); !errors.Is(err, ErrDamaged) {
		t.Fatalf("a code below zero: %v", err)
	}
}

// TestEveryFlippedBitIsFound damages chunks of every form bit by bit and byte
// by byte.
func TestEveryFlippedBitIsFound(t *testing.T) {
	for name, b := range samples() {
		for i := range 8 * len(b) {
			bad := slices.Clone(b)
			bad[i/8] ^= 1 << (i % 8)
			if err := decode(bad); !errors.Is(err, ErrDamaged) {
				t.Fatalf("%s with bit %d flipped: %v", name, i, err)
			}
		}
		for n := range b {
			if err := decode(b[:n]); !errors.Is(err, ErrDamaged) {
				t.Fatalf("%s cut to %d bytes: %v", name, n, err)
			}
		}
	}
}

func samples() map[string][]byte {
	return map[string][]byte{
		"ints":     AppendInts(nil, []int64{5, unset, 1e6}),
		"ramp":     AppendInts(nil, []int64{5, 6, 7}),
		"floats":   AppendFloats(nil, []float64{math.Pi, math.NaN()}),
		"decimals": AppendFloats(nil, []float64{1.25, math.NaN(), 3}),
		"tags":     AppendTags(nil, []uint32{0, 2, 2, 3}, []uint32{1, 2, 3}),
		"words":    AppendWords(nil, []string{"a", "", "bcd"}),
	}
}

// decode reads bytes as whatever they say they are.
func decode(b []byte) error {
	n, err := Len(b)
	if err != nil {
		return err
	}
	n = min(n, 1<<16) // no reader makes room by the header alone
	switch b[0] {
	case formInts:
		if err := Codes(make([]uint32, n), b, math.MaxUint32); err == nil {
			return nil
		}
		return Ints(make([]int64, n), b)
	case formFloats, formDecimals:
		return Floats(make([]float64, n), b)
	case formTags:
		_, err := Tags(make([]uint32, n), nil, b, math.MaxUint32)
		return err
	default:
		_, err := Words(nil, b)
		return err
	}
}

// FuzzDecode gives the decoders any bytes under a right checksum: they answer
// with values or an error.
func FuzzDecode(f *testing.F) {
	for _, b := range samples() {
		f.Add(b[:len(b)-sumLen])
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if err := decode(seal(slices.Clone(b), 0)); err != nil && !errors.Is(err, ErrDamaged) {
			t.Fatal(err)
		}
	})
}

// FuzzInts packs any numbers and wants the same back.
func FuzzInts(f *testing.F) {
	f.Add(uint64(1), uint64(10), int64(60e6), byte(3))
	f.Fuzz(func(t *testing.T, seed, span uint64, factor int64, gaps byte) {
		r := rand.New(rand.NewPCG(seed, 1))
		values := make([]int64, 1+r.IntN(100))
		base := int64(r.Uint64())
		for i := range values {
			values[i] = base + int64(r.Uint64N(max(span, 1)))*factor
			if gaps > 0 && r.IntN(256) < int(gaps) {
				values[i] = unset
			}
		}
		got := make([]int64, len(values))
		if err := Ints(got, AppendInts(nil, values)); err != nil || !slices.Equal(got, values) {
			t.Fatalf("%v came back as %v, %v", values, got, err)
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	ints, codes, floats := make([]int64, Rows), make([]uint32, Rows), make([]float64, Rows)
	r := rand.New(rand.NewPCG(1, 1))
	for _, span := range []int64{200, 60000, 1 << 30} {
		for i := range ints {
			ints[i] = 1e15 + 1e6*r.Int64N(span)
			codes[i] = r.Uint32N(uint32(span))
			floats[i] = float64(r.Int64N(span)) / 100
		}
		packed := map[string][]byte{"ints": AppendInts(nil, ints), "codes": AppendCodes(nil, codes), "floats": AppendFloats(nil, floats)}
		run := func(name string, f func([]byte) error) {
			b.Run(fmt.Sprint(name, "/width", packed[name][1]), func(b *testing.B) {
				b.SetBytes(int64(len(packed[name])))
				for b.Loop() {
					if err := f(packed[name]); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/Rows, "ns/value")
			})
		}
		run("ints", func(p []byte) error { return Ints(ints, p) })
		run("codes", func(p []byte) error { return Codes(codes, p, math.MaxUint32) })
		run("floats", func(p []byte) error { return Floats(floats, p) })
	}
}

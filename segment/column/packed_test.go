package column_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"tesela/segment/column"
)

// What is packed comes back, of every width, near the ends of int64 too.
func TestPackedFiguresComeBack(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for round := range 500 {
		low := []int64{0, 1, -7, -1 << 40, 1 << 50, math.MinInt64 + 1, math.MaxInt64 - 70_000}[round%7]
		span := []int64{1, 2, 200, 60_000, 1 << 31, 1 << 33}[rng.IntN(6)]
		if low > math.MaxInt64-span-1 {
			span = 60_000
		}
		step := []int64{1, 1, 3, 1_000_000}[rng.IntN(4)]
		if low > 1<<60 {
			step = 1
		}
		figures := make([]int64, 1+rng.IntN(100))
		for i := range figures {
			figures[i] = low + rng.Int64N(span)*step
			if round%3 == 0 && rng.IntN(4) == 0 {
				figures[i] = column.Unset
			}
		}
		p := column.Pack(figures)
		if p == nil {
			continue
		}
		for i, v := range figures {
			if p.At(i) != v {
				t.Fatalf("figure %d of %v came back as %d", i, figures, p.At(i))
			}
		}
		lo, hi := low+rng.Int64N(span)*step-1, low+rng.Int64N(span)*step+1
		from, to, ok := p.Range(lo, hi)
		marks := make([]uint64, 3)
		if ok {
			p.Mark(0, len(figures), from, to, marks)
		}
		for i, v := range figures {
			want := v != column.Unset && lo <= v && v <= hi
			if (marks[i>>6]>>(i&63)&1 == 1) != want {
				t.Fatalf("figure %d within [%d, %d]: marked %v", v, lo, hi, !want)
			}
		}
	}
}

func TestPackedWidths(t *testing.T) {
	for _, c := range []struct {
		high  int64
		width int
	}{{255, 1}, {256, 2}, {65_535, 2}, {65_536, 4}, {1 << 31, 4}} {
		if p := column.Pack([]int64{1, 2, c.high}); p.Width() != c.width {
			t.Errorf("1 to %d take %d bytes each", c.high, p.Width())
		}
	}
	if p := column.Pack([]int64{0, 1, math.MaxUint32}); p != nil {
		t.Errorf("there is no x left for unset, and yet %v", p)
	}
	if p := column.Pack([]int64{1_700_000_000e6, 1_600_000_000e6}); p == nil || p.Width() != 1 {
		t.Errorf("two times take %v", p)
	}
}

// Every way of marking a range says the same as asking each figure, wherever
// it begins and however long it is.
func TestMarks(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	for range 300 {
		n, words := 1+rng.IntN(400), []int{3, 255, 256, 65_535, 65_536, 1 << 30}[rng.IntN(6)]
		codes := make([]uint32, n)
		for i := range codes {
			codes[i] = rng.Uint32N(uint32(words + 1))
		}
		p := column.PackCodes(codes, words)
		lo, hi := rng.Uint32N(uint32(words+1)), rng.Uint32N(uint32(words+1))
		if rng.IntN(3) == 0 {
			hi = codes[rng.IntN(n)]
			lo = hi
		}
		if rng.IntN(9) == 0 {
			hi = math.MaxUint32
		}
		from := rng.IntN(n)
		to := from + rng.IntN(n-from) + 1
		set := make([]uint64, rng.IntN(min(words, 1<<20)/64+2))
		for i := range set {
			set[i] = rng.Uint64()
		}
		size := (to-from+63)/64 + 1
		packed, plain, members := make([]uint64, size), make([]uint64, size), make([]uint64, size)
		ints, wide := make([]uint64, size), make([]int64, to-from)
		for i := range wide {
			wide[i] = int64(codes[from+i])
		}
		p.Mark(from, to, lo, hi, packed)
		column.MarkCodes(codes[from:to], lo, hi, plain)
		column.MarkInts(wide, int64(lo), int64(hi), ints)
		p.MarkSet(from, to, set, members)
		for i := range size * 64 {
			want, in := false, false
			if from+i < to {
				c := codes[from+i]
				want = lo <= c && c <= hi
				in = int(c>>6) < len(set) && set[c>>6]>>(c&63)&1 == 1
			}
			bit := func(b []uint64) bool { return b[i>>6]>>(i&63)&1 == 1 }
			if bit(packed) != want || bit(plain) != want || bit(ints) != want || bit(members) != in {
				t.Fatalf("%d of %d: packed %v, codes %v, ints %v, want %v; in the set %v, want %v", i, to-from, bit(packed), bit(plain), bit(ints), want, bit(members), in)
			}
		}
	}
}

func BenchmarkMark(b *testing.B) {
	codes := make([]uint32, 1<<15)
	for i := range codes {
		codes[i] = uint32(i*7919) % 200
	}
	out := make([]uint64, len(codes)/64)
	for _, words := range []int{200, 2000, 1 << 20} {
		p := column.PackCodes(codes, words)
		b.Run(string('0'+rune(p.Width()))+" bytes", func(b *testing.B) {
			b.SetBytes(int64(len(codes) * p.Width()))
			for b.Loop() {
				p.Mark(0, len(codes), 10, 20, out)
			}
		})
	}
}

package chunk_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"tesela/store/sqlite/chunk"
)

// Every chunk's values lie where its shape says, whole steps apart, and come
// narrow as what they are.
func TestShapesAndNarrow(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 9))
	for range 3000 {
		n := 1 + r.IntN(20)
		low := []int64{0, 1, -500, -1 << 40, 1 << 50}[r.IntN(5)]
		step := []int64{1, 1, 5, 1_000_000}[r.IntN(4)]
		span := []int64{1, 2, 200, 50_000, 1 << 30}[r.IntN(5)]
		values := make([]int64, n)
		way := r.IntN(5)
		for i := range values {
			switch way {
			case 0:
				values[i] = low + int64(i)*step
			case 1:
				values[i] = low + int64(n-i)*step
			default:
				values[i] = low + r.Int64N(span)*step
				if way == 2 && r.IntN(3) == 0 {
					values[i] = math.MinInt64
				}
			}
		}
		data := chunk.AppendInts(nil, values)
		s, err := chunk.ShapeOf(data)
		if err != nil || !s.Whole || s.Scale != 0 {
			t.Fatalf("%v: shape %+v, %v", values, s, err)
		}
		least, most, some := int64(math.MaxInt64), int64(math.MinInt64), false
		for _, v := range values {
			if v == math.MinInt64 {
				continue
			}
			some = true
			least, most = min(least, v), max(most, v)
			if v < s.Low || v > s.High || (uint64(v)-uint64(s.Low))%s.Step != 0 {
				t.Fatalf("%d of %v is not within %+v", v, values, s)
			}
		}
		if some && !s.Some {
			t.Fatalf("%v: %+v", values, s)
		}
		if !some {
			continue
		}
		base := least - int64(s.Step)*(1+r.Int64N(3))
		limit := uint32((uint64(most) - uint64(base)) / s.Step)
		out := make([]uint32, n)
		if err := chunk.Narrow(out, data, 0, base, int64(s.Step), limit); err != nil {
			t.Fatalf("%v: %v", values, err)
		}
		for i, v := range values {
			if v == math.MinInt64 && out[i] != 0 || v != math.MinInt64 && base+int64(out[i])*int64(s.Step) != v {
				t.Fatalf("%d came as %d over %d", v, out[i], base)
			}
		}
		if limit > 1 {
			if err := chunk.Narrow(out, data, 0, base, int64(s.Step), limit-1); err == nil {
				t.Fatalf("%v: a value beyond the bound went unnoticed", values)
			}
		}
	}
}

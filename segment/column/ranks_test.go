package column_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"sync/atomic"
	"testing"

	"tesela/segment/column"
)

// figuresOf makes n figures of a shape.
func figuresOf(rng *rand.Rand, shape, n int) []int64 {
	s := make([]int64, n)
	for i := range s {
		switch shape {
		case 0: // few and close
			s[i] = rng.Int64N(7) - 3
		case 1: // what people spend
			s[i] = int64(math.Exp(rng.NormFloat64()*1.5 + 9))
		case 2: // anything, unset too
			s[i] = int64(rng.Uint64())
		case 3: // the very ends
			s[i] = []int64{math.MinInt64, math.MinInt64 + 1, -1, 0, 1, math.MaxInt64 - 1, math.MaxInt64}[rng.IntN(7)]
		case 4: // nearly all alike, far from 0
			s[i] = 1<<60 + rng.Int64N(2)*rng.Int64N(2)*1_000_000
		case 5: // all in one bucket but one
			s[i] = 1<<50 + rng.Int64N(100_000)
			if i == 0 {
				s[i] = 0
			}
		case 6:
			s[i] = column.Unset
		case 7: // around where buckets become more than one figure
			s[i] = rng.Int64N(1<<13 + 2)
		}
		if shape != 6 && shape%2 == 0 && rng.IntN(3) == 0 {
			s[i] = column.Unset
		}
	}
	return s
}

// Ranks agrees with sorting, whatever the figures are and however many parts
// they make.
func TestRanksAgreeWithSorting(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for round := range 176 {
		shape, n := round%8, 1+rng.IntN(300)
		if round >= 120 {
			n = 1 + rng.IntN(60_000)
		}
		if round >= 160 { // by a sample
			n = 140_000 + rng.IntN(60_000)
		}
		s := figuresOf(rng, shape, n)
		if round >= 168 && shape != 6 { // which misleads, for it takes every eighth
			for i := range s {
				if i%8 == 4 || i%9 == 4 || i%10 == 5 || i%11 == 5 || i%12 == 6 {
					s[i] = 1 << 40
				}
			}
		}
		before := slices.Clone(s)
		sorted := slices.Sorted(slices.Values(s))
		var places []int
		for range 1 + rng.IntN(5) {
			places = append(places, rng.IntN(n))
		}
		slices.Sort(places)
		got, err := column.Ranks(t.Context(), s, places)
		if err != nil || !slices.Equal(s, before) {
			t.Fatalf("shape %d: the figures changed, or %v", shape, err)
		}
		narrow := make([]int32, n)
		for i, v := range s {
			narrow[i] = int32(v)
			if v == column.Unset {
				narrow[i] = math.MinInt32
			}
		}
		sortedNarrow := slices.Sorted(slices.Values(narrow))
		gotNarrow, err := column.Ranks(t.Context(), narrow, places)
		if err != nil {
			t.Fatal(err)
		}
		for k, place := range places {
			if got[k] != sorted[place] {
				t.Fatalf("shape %d, place %d of %d is %d, sorted it is %d", shape, place, n, got[k], sorted[place])
			}
			if gotNarrow[k] != sortedNarrow[place] {
				t.Fatalf("shape %d in 32 bits, place %d of %d is %d, sorted it is %d", shape, place, n, gotNarrow[k], sortedNarrow[place])
			}
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := column.Ranks(ctx, []int64{3, 1, 2}, []int{1}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if got, err := column.Ranks(t.Context(), []int64(nil), nil); err != nil || len(got) != 0 {
		t.Errorf("no places of nothing: %v, %v", got, err)
	}
}

// Parts takes each thing once, and ends with the context.
func TestPartsTakeEachOnce(t *testing.T) {
	for _, n := range []int{0, 1, 64, 1 << 14, 1<<14 + 1, 100_000} {
		seen := make([]uint8, n)
		var most atomic.Int64
		err := column.Parts(t.Context(), n, func(worker, lo, hi int) {
			most.Store(max(most.Load(), int64(worker)))
			if lo%64 != 0 {
				t.Errorf("a part begins at %d", lo)
			}
			for i := lo; i < hi; i++ {
				seen[i]++
			}
		})
		if err != nil || slices.ContainsFunc(seen, func(x uint8) bool { return x != 1 }) || most.Load() >= int64(column.Workers(n)) {
			t.Errorf("%d things: %v", n, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	err := column.Parts(ctx, 1<<20, func(int, int, int) { cancel() })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled on the way: %v", err)
	}
}

func BenchmarkRanks(b *testing.B) {
	rng := rand.New(rand.NewPCG(5, 6))
	for _, shape := range []int{0, 1, 7} {
		s := figuresOf(rng, shape, 1_000_000)
		b.Run(fmt.Sprint("shape ", shape), func(b *testing.B) {
			for b.Loop() {
				if _, err := column.Ranks(b.Context(), s, []int{500_000, 900_000}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

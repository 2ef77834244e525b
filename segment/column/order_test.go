package column_test

import (
	"cmp"
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"tesela/segment/column"
)

func TestKeysKeepTheOrderOfNumbers(t *testing.T) {
	floats := []float64{math.Inf(-1), -1e300, -2, -1, -math.SmallestNonzeroFloat64, 0, math.Copysign(0, -1), math.SmallestNonzeroFloat64, 0.5, 1, 2, 1e300, math.Inf(1)}
	keys := column.Keys(&column.Column{Kind: column.Number, Floats: floats})
	for i := range floats {
		for j := range floats {
			if cmp.Compare(keys[i], keys[j]) != cmp.Compare(floats[i]+0, floats[j]+0) && !(floats[i] == floats[j] && keys[i] == keys[j]) {
				t.Errorf("%v and %v have the keys %d and %d", floats[i], floats[j], keys[i], keys[j])
			}
		}
		if (floats[i] > 0) != (keys[i] > 0) {
			t.Errorf("%v has the key %d", floats[i], keys[i])
		}
	}
	unset := column.Keys(&column.Column{Kind: column.Number, Floats: []float64{math.NaN()}})
	if unset[0] != column.Unset {
		t.Errorf("an unset number has the key %d", unset[0])
	}
	money := []int64{5, column.Unset, -3}
	if got := column.Keys(&column.Column{Kind: column.Money, Ints: money}); !slices.Equal(got, money) {
		t.Errorf("money has the keys %v", got)
	}
}

// Select agrees with sorting, on few and many different figures, in order, in
// reverse, and in patterns that mislead a median of three.
func TestSelectAgreesWithSorting(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for round := range 400 {
		n := 1 + rng.IntN(300)
		s := make([]int64, n)
		for i := range s {
			switch round % 5 {
			case 0:
				s[i] = rng.Int64()
			case 1:
				s[i] = rng.Int64N(3)
			case 2:
				s[i] = int64(i)
			case 3:
				s[i] = int64(n - i)
			case 4:
				s[i] = int64(min(i, n-i) * (1 - 2*(i%2)))
			}
		}
		sorted := slices.Sorted(slices.Values(s))
		k := rng.IntN(n)
		if err := column.Select(t.Context(), s, k); err != nil {
			t.Fatal(err)
		}
		if s[k] != sorted[k] || k > 0 && slices.Max(s[:k]) > s[k] || slices.Min(s[k:]) < s[k] {
			t.Fatalf("place %d of %v is %d, sorted it is %d", k, s, s[k], sorted[k])
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := column.Select(ctx, []int64{3, 1, 2}, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

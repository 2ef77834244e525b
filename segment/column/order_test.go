package column_test

import (
	"cmp"
	"math"
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

package tools

import (
	"slices"
	"testing"
)

// Ids that are whole numbers come first and by size; with a zero in front they
// are texts, which are ordered by their bytes.
func TestIDsInOrder(t *testing.T) {
	want := []string{"0", "2", "9", "10", "11", "100", "12345678901234567890", "98765432109876543210", "00", "010", "1.5", "10a", "2a", "A10", "A9", "a1", "é"}
	ids := slices.Clone(want)
	slices.Reverse(ids)
	ids[0], ids[7] = ids[7], ids[0]
	slices.SortFunc(ids, compareIDs)
	if !slices.Equal(ids, want) {
		t.Errorf("%q, not %q", ids, want)
	}
}

package tools_test

import (
	"fmt"
	"slices"
	"testing"

	"tesela/tools"
)

// Of three conditions each row says whom it alone keeps, and how many there
// would be without it: by the two others, joined as the three are. Germans are
// c1 c2 c6, visitors c1 c6 c8, those with an e-mail c1 c2 c7; c6 c7 c8 never
// ordered, c5 is in Spain.
func TestWithoutOneOfThree(t *testing.T) {
	ws := shop(t, true)
	for _, c := range []struct {
		formula string
		size    int
		rows    []string // alone, without
	}{
		{`country = "Germany" and count(order) >= 1 and email is set`, 2, []string{"3 2", "5 2", "3 2"}},
		{`country = "Germany" and count(visit) >= 1 and count(order) = 0`, 1, []string{"3 2", "3 1", "3 2"}},
		{`country = "Spain" or count(visit) >= 1 or email is set`, 6, []string{"1 5", "3 4", "3 4"}},
	} {
		r := run(t, ws, tools.Caller{Language: "en"}, "count_segment", tools.CountSegmentArgs{Formula: c.formula})
		var rows []string
		for _, row := range r.Rows {
			rows = append(rows, fmt.Sprint(row[1], " ", row[3]))
		}
		if r.Values["size"] != c.size || !slices.Equal(rows, c.rows) {
			t.Errorf("%s: %v, %q; want %d, %q", c.formula, r.Values["size"], rows, c.size, c.rows)
		}
	}
}

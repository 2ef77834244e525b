package tools_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"tesela/tools"
)

// Sizes and what each condition keeps, worked out by hand from the shop.
func TestCountSegment(t *testing.T) {
	ws := shop(t, true)
	for _, c := range []struct {
		formula, canonical string
		size               int
		rows               string // condition alone without
		notes              []string
	}{
		{"everyone", "everyone", 8, "everyone 8 8", nil},
		{"nobody", "nobody", 0, "nobody 0 8", nil},
		// c1 to c5 ordered.
		{"COUNT( order )>=1", "count(order) >= 1", 5, "count(order) >= 1 5 8", nil},
		// Germans c1 c2 c6, buyers c1 to c5.
		{
			`country="Germany" and count(order) >= 1`, `country = "Germany" and count(order) >= 1`, 2,
			`country = "Germany" 3 5 | count(order) >= 1 5 3`, nil,
		},
		// Spain c5, visitors c1 c6 c8.
		{
			`country = "Spain" or count(visit) >= 1`, `country = "Spain" or count(visit) >= 1`, 4,
			`country = "Spain" 1 3 | count(visit) >= 1 3 1`,
			[]string{"1 of them never had any “visit”."},
		},
		// June orders by c1 c2 c3 c5; c4 lapsed; c6 c7 c8 never ordered.
		{
			"count(order, last 30d) = 0", "count(order, last 30d) = 0", 4, "count(order, last 30d) = 0 4 8",
			[]string{"3 of them never had any “order”."},
		},
		{"count(order) = 0", "count(order) = 0", 3, "count(order) = 0 3 8", nil},
		// With the buyers asked for, nobody who never ordered is in.
		{
			"count(order) >= 1 and count(order, last 30d) = 0", "count(order) >= 1 and count(order, last 30d) = 0", 1,
			"count(order) >= 1 5 4 | count(order, last 30d) = 0 4 5", nil,
		},
		// c3 c5 c7 and, by plain complement, c4 c8 without a country.
		{
			`not country = "Germany"`, `not country = "Germany"`, 5, `not country = "Germany" 5 8`,
			[]string{"2 of them have no “country” at all."},
		},
		{
			`country != "Germany"`, `country != "Germany"`, 3, `country != "Germany" 3 8`,
			[]string{"2 customers without a “country” are left out."},
		},
		// Of c4 and c8 without a country, c4 would else be in.
		{
			`country != "Germany" and count(order) >= 1`, `country != "Germany" and count(order) >= 1`, 2,
			`country != "Germany" 3 5 | count(order) >= 1 5 3`,
			[]string{"1 customer without a “country” is left out."},
		},
		{"email is set", "email is set", 3, "email is set 3 8", nil},
	} {
		r := run(t, ws, tools.Caller{Language: "en"}, "count_segment", tools.CountSegmentArgs{Formula: c.formula})
		if r.Values["size"] != c.size || r.Values["base"] != 8 || !near(r.Values["share"], float64(c.size)/8) {
			t.Errorf("%s: values %v, want size %d", c.formula, r.Values, c.size)
		}
		var rows []string
		for _, row := range r.Rows {
			rows = append(rows, fmt.Sprint(row[0], " ", row[1], " ", row[3]))
			if !near(row[2], float64(row[1].(int))/8) {
				t.Errorf("%s: share %v of row %v", c.formula, row[2], row)
			}
		}
		if got := strings.Join(rows, " | "); got != c.rows {
			t.Errorf("%s: rows\n%s, want\n%s", c.formula, got, c.rows)
		}
		s := r.Segments[0]
		if len(r.Segments) != 1 || s.Formula != c.canonical || s.Size != c.size || s.Name != "" || s.Text != "" {
			t.Errorf("%s: segments %+v", c.formula, r.Segments)
		}
		if !slices.Equal(r.Notes, c.notes) {
			t.Errorf("%s: notes %q, want %q", c.formula, r.Notes, c.notes)
		}
	}
}

// As of an earlier instant, what came later does not exist.
func TestCountSegmentAsOf(t *testing.T) {
	ws := shop(t, true)
	r := run(t, ws, tools.Caller{AsOf: madrid(t, "2024-02-01")}, "count_segment", tools.CountSegmentArgs{Formula: "count(order) >= 1"})
	if r.Values["size"] != 1 { // only c1's order of 10 January
		t.Errorf("values %v, want size 1", r.Values)
	}
}

// A top keeps everyone tied with its last place and says how many came in.
func TestCountSegmentSaysTies(t *testing.T) {
	ws := shop(t, true)
	// By count(order): c1 3, c3 2, c2 c4 c5 1 each: top 3 takes all five.
	r := run(t, ws, tools.Caller{Language: "en"}, "count_segment", tools.CountSegmentArgs{Formula: "top 3 by count(order) among (count(order) >= 1)"})
	if r.Values["size"] != 5 {
		t.Errorf("size %v, want 5", r.Values["size"])
	}
	if !slices.ContainsFunc(r.Notes, func(n string) bool { return strings.HasPrefix(n, "2 ") }) {
		t.Errorf("notes %q say nothing of 2 ties", r.Notes)
	}
}

package measure_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"tesela/segment/measure"
	"tesela/segment/segmenttest"
)

// layered is three customers: ana bought long ago, bo often and of late, cy
// never.
const layered = `load
zone UTC
currency EUR 2
role purchase order
role amount order.amount
customers country:text
  ana ES
  bo FR
  cy FR
event order amount:money
  ana 2011-06-01T10:00 10.00
  bo 2011-11-20T10:00 5.00
  bo 2011-12-01T10:00 7.50
at 2011-12-10
eval everyone -> ana bo cy
`

func TestGroupedByLayers(t *testing.T) {
	cases, err := segmenttest.ParseFile("layered", layered)
	if err != nil {
		t.Fatal(err)
	}
	src, err := segmenttest.NewSource(cases[0].World)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		group string
		want  []string // group, customers, revenue
		note  string
	}{
		// The one gap is 11 days: L is 14, ana lapsed, bo began of late.
		{"lifecycle", []string{"new 1 12.50", "churned 1 10.00", "prospect 1 0.00"}, "lapse_least"},
		{"value_tier", []string{"low 2 10.00", "top 1 12.50"}, "value_tiers"},
		{"engagement", []string{"disengaged 1 10.00", "engaged 1 12.50", "never 1 0.00"}, "engagement_events"},
		// bo is better than one of two in all three: 1 + 5/2 = 3.
		{"rfm", []string{"Lost 1 10.00", "Potential Loyalist 1 12.50", "<nil> 1 0.00"}, "rfm_scored"},
		{"rfm_r(bins: 4)", []string{"1 1 10.00", "3 1 12.50", "<nil> 1 0.00"}, "rfm_scored"},
	} {
		plan, err := measure.Compile(t.Context(), measure.Query{Measures: []string{"customers", "revenue"}, GroupBy: []string{c.group}}, src, cases[0].At)
		if err != nil {
			t.Errorf("%s: %v", c.group, err)
			continue
		}
		table, err := plan.Run(t.Context())
		if err != nil {
			t.Errorf("%s: %v", c.group, err)
			continue
		}
		var got []string
		for _, row := range table.Rows {
			got = append(got, fmt.Sprint(row[0], " ", row[1], " ", row[2]))
		}
		slices.Sort(got)
		slices.Sort(c.want)
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", c.group, got, c.want)
		}
		if !slices.ContainsFunc(table.Notes, func(n measure.Note) bool { return n.Code == c.note }) {
			t.Errorf("%s: notes %v, want one of %s", c.group, table.Notes, c.note)
		}
	}
	for group, want := range map[string]string{
		"lifecycl":     "nearest: lifecycle",
		"rfm(bins: 9)": "bins of rfm is a whole number from 3 to 5",
		"clv":          "no trait, event property or layer",
	} {
		_, err := measure.Compile(t.Context(), measure.Query{Measures: []string{"customers"}, GroupBy: []string{group}}, src, cases[0].At)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("by %s: %v, want %q", group, err, want)
		}
	}
}

// A layer whose role is missing is the data's fault, not the query's.
func TestGroupedByALayerWithoutItsRole(t *testing.T) {
	cases, err := segmenttest.ParseFile("layered", strings.ReplaceAll(layered, "role ", "# "))
	if err != nil {
		t.Fatal(err)
	}
	src, err := segmenttest.NewSource(cases[0].World)
	if err != nil {
		t.Fatal(err)
	}
	_, err = measure.Compile(t.Context(), measure.Query{Measures: []string{"customers"}, GroupBy: []string{"lifecycle"}}, src, cases[0].At)
	var fault *measure.Error
	if !errors.As(err, &fault) || fault.Role != "purchase" || fault.Field != "group_by" {
		t.Errorf("without a role: %v", err)
	}
}

package tools_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tesela/store/sqlite"
	"tesela/tools"
)

func TestDescribeData(t *testing.T) {
	ws := shop(t, true)
	must(t, ws.SetWord(t.Context(), "VIP", "sum(order.amount) > 50"))
	r := run(t, ws, tools.Caller{Language: "en"}, "describe_data", tools.DescribeDataArgs{})
	// Eight orders, one refund, three visits; nine order lines.
	for key, want := range map[string]any{
		"customers": 8, "events": 12, "rows": 13, "from": "2024-01-10", "to": "2024-06-30",
		"currency": "EUR", "time_zone": "Europe/Madrid", "as_of": "2024-07-01T00:00:00+02:00",
	} {
		if r.Values[key] != want {
			t.Errorf("%s is %v, want %v", key, r.Values[key], want)
		}
	}
	var rows []string
	for _, row := range r.Rows {
		rows = append(rows, strings.ReplaceAll(fmt.Sprint(row...), "<nil>", "-"))
	}
	find := func(what, name string) []any {
		for _, row := range r.Rows {
			if row[0] == what && row[1] == name {
				return row
			}
		}
		t.Errorf("no row for %s %s in\n%s", what, name, strings.Join(rows, "\n"))
		return make([]any, 9)
	}
	for _, c := range []struct {
		what, name string
		want       string
	}{
		{"event", "order", "[event order <nil> 9 8 2024-01-10 2024-06-29 <nil> <nil>]"},
		{"event", "visit", "[event visit <nil> 3 3 2024-06-01 2024-06-30 <nil> <nil>]"},
		{"property", "order.amount", "[property order.amount money 9 8 5.50 100.00 <nil> <nil>]"},
		{"property", "order.product", "[property order.product text 9 3 <nil> <nil> Shoes, Socks, Bags & Co <nil>]"},
		{"trait", "age", "[trait age number 3 3 25 41.5 <nil> <nil>]"},
		{"trait", "country", "[trait country text 6 3 <nil> <nil> Germany, France, Spain <nil>]"},
		{"trait", "joined", "[trait joined date 2 2 2024-01-01 2024-06-30 <nil> <nil>]"},
		{"role", "purchase", "[role purchase <nil> <nil> <nil> <nil> <nil> <nil> order]"},
		{"layer", "lifecycle", "[layer lifecycle text <nil> 7 <nil> <nil> prospect, new, active, star, reactivated, at risk, churned <nil>]"},
		{"layer", "value_tier", "[layer value_tier text <nil> 3 <nil> <nil> top, middle, low <nil>]"},
		{"score", "rfm_r", "[score rfm_r number <nil> <nil> <nil> <nil> <nil> <nil>]"},
		{"word", "VIP", "[word VIP <nil> <nil> <nil> <nil> <nil> <nil> sum(order.amount) > 50]"},
	} {
		row := slices.Clone(find(c.what, c.name))
		if (c.name == "order.amount" || c.what == "trait" && c.name != "country") && row[4] == nil {
			continue // a store need not count the different figures
		}
		if got := fmt.Sprint(row); got != c.want {
			t.Errorf("got %s, want %s", got, c.want)
		}
	}
	if email := find("trait", "email"); email[3] != 3 || email[5] != nil || email[7] != nil {
		t.Errorf("the personal trait shows values: %v", email)
	}
	if !slices.Equal(r.Notes, []string{"Values of personal fields are not shown: email."}) {
		t.Errorf("notes %q", r.Notes)
	}
}

// An empty workspace is described, not refused.
func TestDescribeNoData(t *testing.T) {
	ws, err := sqlite.Create(t.Context(), filepath.Join(t.TempDir(), "empty.db"))
	must(t, err)
	defer ws.Close()
	r := run(t, ws, tools.Caller{}, "describe_data", tools.DescribeDataArgs{})
	if r.Values["customers"] != 0 || r.Values["events"] != 0 || len(r.Rows) != 0 {
		t.Errorf("values %v, rows %v", r.Values, r.Rows)
	}
	if _, there := r.Values["from"]; there {
		t.Errorf("from is %v where there is no event", r.Values["from"])
	}
	r = run(t, ws, tools.Caller{}, "count_segment", tools.CountSegmentArgs{Formula: "everyone"})
	if r.Values["size"] != 0 || r.Values["share"] != 0.0 {
		t.Errorf("of nobody: %v", r.Values)
	}
}

func TestCatalogue(t *testing.T) {
	ws := shop(t, true)
	cat, err := tools.Catalogue(t.Context(), ws)
	must(t, err)
	if cat.Customers != 8 || cat.Zone != "Europe/Madrid" || cat.Currency != "EUR" || cat.Roles["amount"] != "order.amount" {
		t.Errorf("catalogue %+v", cat)
	}
	for _, f := range cat.Traits {
		switch f.Name {
		case "email":
			if f.Values != nil || f.Low != "" {
				t.Errorf("email tells its values: %+v", f)
			}
		case "country":
			if f.Values.Len() != 3 || f.Values.At(0) != "Germany" || f.Values.At(2) != "Spain" {
				t.Errorf("country: %d values", f.Values.Len())
			}
		case "age":
			if f.Low != "25" || f.High != "41.5" {
				t.Errorf("age lies in %s … %s", f.Low, f.High)
			}
		}
	}
	for _, e := range cat.Events {
		if e.Name == "order" && (e.Rows != 9 || e.Props[0].Low != "5.50" || e.Props[0].High != "100.00") {
			t.Errorf("order: %+v", e)
		}
	}
}

// Package charttest holds results of every kind of chart, and texts that would
// do harm if they were not handled as text, for tests of what draws them.
package charttest

import (
	"fmt"

	"tesela/tools"
)

// Hostile is text that would be markup, steer a terminal, end a script or turn
// the direction of writing if it were let through.
const Hostile = "</style></title><script>alert(1)</script><img src=x onerror=alert(1)>\"'`&amp;\x1b[2J\u202e\u2066\x00 {{.Title}} http://example.com/x"

// moved is a migration between two dates.
func Moves() *tools.Result {
	r := &tools.Result{
		Title: "Moves between stages of the life cycle", Values: map[string]any{"moved": 5210, "stayed": 15800},
		Columns:     []tools.Column{{Name: "from", Kind: "text"}, {Name: "to", Kind: "text"}, {Name: "customers", Kind: "count", Unit: "customers"}, {Name: "share", Kind: "rate"}},
		Chart:       &tools.Chart{Type: "sankey", X: "from", Y: "customers", Series: "to"},
		Fingerprint: "sha256:m1",
	}
	labels := []string{"prospect", "new", "active", "star", "at risk", "churned", "reactivated"}
	for i, from := range labels {
		for j, to := range labels {
			n := 2400 / (1 + (i-j)*(i-j)*3)
			if (i+2*j)%5 == 1 && i != j {
				n = 0
			}
			if n > 0 {
				r.Rows = append(r.Rows, []any{from, to, n, float64(n) / 5000})
			}
		}
	}
	r.Rows = append(r.Rows, []any{"(joined since)", "new", 800, nil}, []any{"(joined since)", "active", 90, nil})
	return r
}

// apart is what sets a segment apart, with intervals.
func Effects() *tools.Result {
	r := &tools.Result{
		Title:       "What sets the segment apart",
		Columns:     []tools.Column{{Name: "what", Kind: "text"}, {Name: "effect", Kind: "number"}, {Name: "low", Kind: "number"}, {Name: "high", Kind: "number"}, {Name: "segment", Kind: "number"}, {Name: "others", Kind: "number"}},
		Chart:       &tools.Chart{Type: "bar", X: "what", Y: "effect"},
		Fingerprint: "sha256:a1",
	}
	for i, what := range []string{"orders in the last year", "share of orders with shoes in them", "orders after 18:00", "days since the last visit", "country is Spain"} {
		e := 1.4 - 0.45*float64(i)
		r.Rows = append(r.Rows, []any{what, e, e - 0.1 - 0.05*float64(i), e + 0.12, 4.25, 1.75})
	}
	return r
}

// course is a figure over months, of one or several series.
func Course(series int) *tools.Result {
	r := &tools.Result{
		Title: "Size over time", Columns: []tools.Column{{Name: "period", Kind: "text"}, {Name: "label", Kind: "text"}, {Name: "customers", Kind: "count"}},
		Chart: &tools.Chart{Type: "line", X: "period", Y: "customers", Series: "label"}, Fingerprint: "sha256:c1",
	}
	for m := range 12 {
		for s := range series {
			r.Rows = append(r.Rows, []any{fmt.Sprintf("2025-%02d", m+1), []string{"star", "active", "new", "at risk", "churned", "prospect", "reactivated"}[s], 900 + 140*s + 37*m*(s+1)%400})
		}
	}
	if series == 1 {
		r.Chart.Series = ""
	}
	return r
}

// points are groups by two figures.
func Points() *tools.Result {
	r := &tools.Result{
		Title: "Groups by size and value", Columns: []tools.Column{{Name: "segment", Kind: "text"}, {Name: "share", Kind: "rate"}, {Name: "revenue_per_customer", Kind: "money", Unit: "EUR"}},
		Chart: &tools.Chart{Type: "scatter", X: "share", Y: "revenue_per_customer", Series: "segment"},
	}
	for i := range 12 {
		r.Rows = append(r.Rows, []any{fmt.Sprintf("Group %c", 'A'+i), 0.02 + 0.013*float64(i*7%12), fmt.Sprintf("%d.25", 40+i*i*3)})
	}
	return r
}

// map2 is two groups as a map.
func Map() *tools.Result {
	r := &tools.Result{
		Title: "Orders by category and country", Columns: []tools.Column{{Name: "category", Kind: "text"}, {Name: "country", Kind: "text"}, {Name: "orders", Kind: "count"}},
		Chart: &tools.Chart{Type: "heatmap", X: "category", Y: "orders", Series: "country"},
	}
	for i := range 5 {
		for k := range 3 {
			r.Rows = append(r.Rows, []any{fmt.Sprintf("Category %d", i), []string{"Spain", "Portugal", "France"}[k], (i + 1) * (k + 2) * 10})
		}
	}
	return r
}

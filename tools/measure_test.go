package tools_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"tesela/tools"
)

// Figures worked out by hand from the shop: gross 251.50 (c1 65.50, c2 100,
// c3 16, c4 50, c5 20), one refund of 5 by c1.
func TestMeasure(t *testing.T) {
	ws := shop(t, true)
	for _, c := range []struct {
		args   tools.MeasureArgs
		values string
		rows   string
		chart  string
	}{
		{
			tools.MeasureArgs{Measures: []string{"customers", "buyers", "orders", "revenue", "gross_revenue", "refunds"}},
			"buyers:5 customers:8 gross_revenue:251.50 orders:8 refunds:5.00 revenue:246.50", "", "",
		},
		// 251.50 / 8 = 31.4375; c1 and c3 of the five buyers came back.
		{tools.MeasureArgs{Measures: []string{"aov", "repeat_rate"}}, "aov:31.44 repeat_rate:0.4", "", ""},
		{
			tools.MeasureArgs{Measures: []string{"revenue"}, GroupBy: []string{"country"}, Top: 2},
			"revenue:246.50", "[Germany 160.50] [<nil> 50.00]", "bar country revenue ",
		},
		{
			tools.MeasureArgs{Measures: []string{"orders"}, Per: "month"},
			"orders:8", "[2024-01 1] [2024-02 1] [2024-03 1] [2024-04 0] [2024-05 1] [2024-06 4]", "line month orders ",
		},
		{
			tools.MeasureArgs{Measures: []string{"orders"}, Formula: `country = "Germany"`, Window: "last 30d"},
			"orders:2", "", "",
		},
		{
			tools.MeasureArgs{Measures: []string{"sum(order.amount)"}, Where: `product = "Shoes"`},
			"sum(order.amount):100.00", "", "",
		},
		{
			tools.MeasureArgs{Measures: []string{"count( order where product=\"Socks\" )/count(order)"}},
			`count(order where product = "Socks") / count(order):0.375`, "", "",
		},
		{
			tools.MeasureArgs{Measures: []string{"gross_revenue"}, GroupBy: []string{"country", "order.product"}, Formula: `country = "Germany"`, Order: "asc"},
			"gross_revenue:165.50", "[Germany Socks 5.50] [Germany Shoes 30.00] [Germany Bags & Co 130.00]", "heatmap country gross_revenue order.product",
		},
	} {
		r := run(t, ws, tools.Caller{Language: "en"}, "measure", c.args)
		if got := strings.TrimSuffix(strings.TrimPrefix(fmt.Sprint(r.Values), "map["), "]"); got != c.values {
			t.Errorf("%+v:\n got %s\nwant %s", c.args, got, c.values)
		}
		var rows []string
		for _, row := range r.Rows {
			rows = append(rows, fmt.Sprint(row))
		}
		if got := strings.Join(rows, " "); got != c.rows {
			t.Errorf("%+v:\n got %s\nwant %s", c.args, got, c.rows)
		}
		chart := ""
		if r.Chart != nil {
			chart = fmt.Sprint(r.Chart.Type, " ", r.Chart.X, " ", r.Chart.Y, " ", r.Chart.Series)
		}
		if chart != c.chart {
			t.Errorf("%+v: chart %q, want %q", c.args, chart, c.chart)
		}
		if len(r.Rows) > 0 {
			for _, row := range r.Rows {
				if len(row) != len(r.Columns) {
					t.Errorf("%+v: row %v under columns %v", c.args, row, r.Columns)
				}
			}
		}
	}
}

func TestMeasureWithShares(t *testing.T) {
	ws := shop(t, true)
	r := run(t, ws, tools.Caller{}, "measure", tools.MeasureArgs{Measures: []string{"gross_revenue", "orders"}, GroupBy: []string{"country"}, Shares: true, Top: 1})
	if got := fmt.Sprint(r.Values); got != "map[gross_revenue:251.50 orders:8]" {
		t.Errorf("values %s", got)
	}
	// Germany: 165.50 of 251.50, four of eight orders.
	if len(r.Columns) != 5 || !near(r.Rows[0][2], 165.5/251.5) || !near(r.Rows[0][4], 0.5) {
		t.Errorf("columns %v, rows %v", r.Columns, r.Rows)
	}
}

// The result says whom it is about, in canonical text.
func TestMeasureTellsItsSegment(t *testing.T) {
	ws := shop(t, true)
	r := run(t, ws, tools.Caller{}, "measure", tools.MeasureArgs{Measures: []string{"revenue"}, Formula: `country="Germany"`})
	if len(r.Segments) != 1 || r.Segments[0].Formula != `country = "Germany"` || r.Segments[0].Size != 3 || !near(r.Segments[0].Share, 3.0/8) {
		t.Errorf("segments %+v", r.Segments)
	}
	if fmt.Sprint(r.Values) != "map[revenue:160.50]" { // 165.50 less the refund
		t.Errorf("values %v", r.Values)
	}
}

func TestMeasureTakesBusinessWords(t *testing.T) {
	ws := shop(t, true)
	must(t, ws.SetWord(t.Context(), "Turnover", "sum(order.amount)"))
	must(t, ws.SetWord(t.Context(), "big spenders", "sum(order.amount) >= 50"))
	r := run(t, ws, tools.Caller{}, "measure", tools.MeasureArgs{Measures: []string{"Turnover"}})
	if fmt.Sprint(r.Values) != "map[Turnover:251.50]" {
		t.Errorf("values %v", r.Values)
	}
	r = run(t, ws, tools.Caller{}, "list_customers", tools.ListCustomersArgs{Formula: "everyone", By: "turnover", Limit: 1})
	if fmt.Sprint(r.Rows) != "[[c2 100.00]]" {
		t.Errorf("by a word: %v", r.Rows)
	}
	r = run(t, ws, tools.Caller{}, "count_segment", tools.CountSegmentArgs{Formula: "Big Spenders"})
	if r.Values["size"] != 3 || r.Segments[0].Formula != "sum(order.amount) >= 50" { // c1, c2, c4
		t.Errorf("values %v, segments %v", r.Values, r.Segments)
	}
}

// Without roles nothing is known to be a purchase: the data cannot answer.
func TestMeasureWithoutRolesCannot(t *testing.T) {
	ws := shop(t, false)
	for measure, role := range map[string]string{"revenue": "purchase", "orders": "purchase"} {
		_, err := tools.NewBox(ws).Call(context.Background(), tools.Caller{Language: "en"}, "measure", jsonOf(t, tools.MeasureArgs{Measures: []string{measure}}))
		f := tools.Describe(err)
		if f.Kind != "cannot" || f.Reason != "no_role" || f.Params["role"] != role || !strings.Contains(f.Message, "tesela catalog --role") {
			t.Errorf("%s: %+v (%v)", measure, f, err)
		}
	}
	r := run(t, ws, tools.Caller{}, "measure", tools.MeasureArgs{Measures: []string{"count(order)"}})
	if fmt.Sprint(r.Values) != "map[count(order):8]" {
		t.Errorf("values %v", r.Values)
	}
	d := run(t, ws, tools.Caller{Language: "en"}, "describe_data", nil)
	if !slices.ContainsFunc(d.Notes, func(n string) bool { return strings.Contains(n, "purchase") }) {
		t.Errorf("notes %q", d.Notes)
	}
}

package tools_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tesela/tools"
)

func madrid(t *testing.T, day string) time.Time {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Madrid")
	must(t, err)
	at, err := time.ParseInLocation(time.DateOnly, day, zone)
	must(t, err)
	return at
}

func TestListCustomers(t *testing.T) {
	ws := shop(t, true)
	for _, c := range []struct {
		args  tools.ListCustomersArgs
		rows  string
		size  int
		notes []string
	}{
		{tools.ListCustomersArgs{Formula: `country = "Germany"`}, "[c1] [c2] [c6]", 3, nil},
		// c1 10 + 5.50 + 20 + 30, c2 100, c3 7.25 + 8.75, c4 50, c5 20.
		{
			tools.ListCustomersArgs{Formula: "count(order) >= 1", By: "sum(order.amount)"},
			"[c2 100.00] [c1 65.50] [c4 50.00] [c5 20.00] [c3 16.00]", 5, nil,
		},
		{
			tools.ListCustomersArgs{Formula: "everyone", By: "sum( order.amount )", Limit: 2, With: []string{"country", "age", "joined"}},
			"[c2 100.00 Germany 41.5 <nil>] [c1 65.50 Germany 30 2024-01-01]", 8, nil,
		},
		// c2 c4 c5 have one order each: two of them are not shown.
		{
			tools.ListCustomersArgs{Formula: "everyone", By: "count(order)", Limit: 3},
			"[c1 3] [c3 2] [c2 1]", 8,
			[]string{"2 more customers have the same value as the last one shown."},
		},
		// c6 c7 c8 never ordered: no last order to rank by.
		{
			tools.ListCustomersArgs{Formula: `country in ("Germany", "Spain")`, By: "last(order)", Ascending: true},
			"[c2 2024-06-01T08:00:00+02:00] [c1 2024-06-10T18:30:00+02:00] [c5 2024-06-20T10:00:00+02:00] [c6 <nil>]", 4,
			[]string{"1 customer of the segment has no value to rank by and comes last."},
		},
		{tools.ListCustomersArgs{Formula: "nobody", By: "age"}, "", 0, nil},
	} {
		r := run(t, ws, tools.Caller{Language: "en"}, "list_customers", c.args)
		var rows []string
		for _, row := range r.Rows {
			rows = append(rows, fmt.Sprint(row))
		}
		if got := strings.Join(rows, " "); got != c.rows {
			t.Errorf("%+v:\n got %s\nwant %s", c.args, got, c.rows)
		}
		if r.Values["size"] != c.size || r.Values["shown"] != len(r.Rows) {
			t.Errorf("%+v: values %v", c.args, r.Values)
		}
		if !slices.Equal(r.Notes, c.notes) {
			t.Errorf("%+v: notes %q, want %q", c.args, r.Notes, c.notes)
		}
	}
	r := run(t, ws, tools.Caller{}, "list_customers", tools.ListCustomersArgs{Formula: "everyone", By: "sum(order.amount)"})
	if r.Columns[1] != (tools.Column{Name: "value", Kind: "money", Unit: "EUR"}) {
		t.Errorf("column of the value: %+v", r.Columns[1])
	}
}

// Personal traits are shown to a person only, whichever way they are asked
// for, and never hinted at in a fault.
func TestPersonalDataStaysUnlessAPersonAsks(t *testing.T) {
	ws := shop(t, true)
	box := tools.NewBox(ws)
	for tool, calls := range map[string][]any{
		"list_customers": {
			tools.ListCustomersArgs{Formula: "everyone", With: []string{"email"}},
			tools.ListCustomersArgs{Formula: "everyone", By: "email"},
		},
		"measure": {
			tools.MeasureArgs{Measures: []string{"customers"}, GroupBy: []string{"email"}},
		},
		"find_values": {
			tools.FindValuesArgs{Text: "ann", Field: "email"},
		},
	} {
		for _, args := range calls {
			_, err := box.Call(context.Background(), tools.Caller{}, tool, jsonOf(t, args))
			var bad *tools.ArgumentError
			if !errors.As(err, &bad) || !strings.Contains(bad.Message, "personal") || bad.Field == "" {
				t.Errorf("%s %+v: %v, want a refusal", tool, args, err)
			}
		}
	}
	r := run(t, ws, tools.Caller{Person: true}, "list_customers", tools.ListCustomersArgs{Formula: "email is set", With: []string{"email"}, Limit: 1})
	if fmt.Sprint(r.Rows) != "[[c1 ann@example.com]]" {
		t.Errorf("a person sees %v", r.Rows)
	}
	// A condition on a personal trait is fine; its values do not come back.
	_, err := box.Call(context.Background(), tools.Caller{}, "count_segment", jsonOf(t, tools.CountSegmentArgs{Formula: `email = "anne@example.com"`}))
	if err == nil || strings.Contains(err.Error(), "ann@") {
		t.Errorf("the fault tells a model personal values: %v", err)
	}
	for _, tool := range []string{"describe_data", "find_values"} {
		var args any = tools.DescribeDataArgs{}
		if tool == "find_values" {
			args = tools.FindValuesArgs{Text: "example.com"}
		}
		r := run(t, ws, tools.Caller{Language: "en"}, tool, args)
		if text := string(jsonOf(t, r.Rows)); strings.Contains(text, "ann@") || strings.Contains(text, "bob@") {
			t.Errorf("%s shows personal values: %s", tool, text)
		}
	}
}

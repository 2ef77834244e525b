package tools_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"tesela/store"
	"tesela/tools"
)

func rowsText(r *tools.Result) string {
	var rows []string
	for _, row := range r.Rows {
		rows = append(rows, strings.Trim(fmt.Sprint(row), "[]"))
	}
	return strings.Join(rows, " | ")
}

// Days since the last order, worked out by hand: c1 20, c2 29, c3 1, c4 107,
// c5 10; c6 c7 c8 never ordered.
func TestCheckSensitivity(t *testing.T) {
	ws := shop(t, true)
	for _, c := range []struct {
		args  tools.CheckSensitivityArgs
		rows  string
		notes string
	}{
		{
			tools.CheckSensitivityArgs{Formula: "days_since(order)>20", To: []string{"15", "28", "9"}},
			// More than 15: c1 c2 c4; than 28: c2 c4; than 9: c5 too.
			"1 days_since(order) > 20 20 15 1 0 3 0.375 | 1 days_since(order) > 20 20 28 0 0 2 0.25 | 1 days_since(order) > 20 20 9 2 0 4 0.5",
			"Most changes when 20 in “days_since(order) > 20” becomes 9: 2 come in and 0 leave.",
		},
		{
			tools.CheckSensitivityArgs{Formula: "count(order, last 25d) >= 2", Threshold: 2},
			// In the last 25 days c1 c3 c5 once each: at 1 they come in.
			"2 count(order, last 25d) >= 2 2 1 3 0 3 0.375 | 2 count(order, last 25d) >= 2 2 3 0 0 0 0 | 2 count(order, last 25d) >= 2 2 4 0 0 0 0",
			"Most changes when 2 in “count(order, last 25d) >= 2” becomes 1: 3 come in and 0 leave.",
		},
		{tools.CheckSensitivityArgs{Formula: `country = "Spain"`}, "", "The formula has no number and no length of time to move."},
	} {
		r := run(t, ws, tools.Caller{Language: "en"}, "check_sensitivity", c.args)
		if got := rowsText(r); got != c.rows || strings.Join(r.Notes, " ") != c.notes {
			t.Errorf("%+v:\n got %s\nwant %s\nnotes %q", c.args, got, c.rows, r.Notes)
		}
	}
}

func TestFindNearMisses(t *testing.T) {
	ws := shop(t, true)
	// Germans c1 c2 c6; two orders or more c1 c3; ordered in the last 30 days
	// c1 c2 c3 c5. In: c1. But for one: c2 (an order short), c3 (no German).
	r := run(t, ws, tools.Caller{Language: "en"}, "find_near_misses", tools.FindNearMissesArgs{
		Formula: `country = "Germany" and count(order) >= 2 and count(order, last 30d) >= 1`, Sample: 3,
	})
	want := `country = "Germany" 1 0.125 <nil> <nil> <nil> c3 | count(order) >= 2 1 0.125 2 1 1 c2 | count(order, last 30d) >= 1 0 0 <nil> <nil> <nil> `
	if got := rowsText(r); got != want || r.Values["near_misses"] != 2 || r.Values["size"] != 1 {
		t.Errorf("values %v, rows\n%s, want\n%s", r.Values, got, want)
	}
	// Each group's formula counts the same customers.
	for _, s := range r.Segments {
		if n := run(t, ws, tools.Caller{}, "count_segment", tools.CountSegmentArgs{Formula: s.Formula}).Values["size"]; n != s.Size {
			t.Errorf("%s has %v customers, not %d", s.Formula, n, s.Size)
		}
	}
	if len(r.Segments) != 2 {
		t.Errorf("segments %+v", r.Segments)
	}
}

func TestDiffSegments(t *testing.T) {
	ws := shop(t, true)
	r := run(t, ws, tools.Caller{Language: "en"}, "diff_segments", tools.DiffSegmentsArgs{
		From: `country = "Germany" and count(order) >= 1`, To: `count(order)>=2 or country = "Spain"`, Sample: 5,
	})
	// c1 c2 → c1 c3 c5.
	if fmt.Sprint(r.Values) != "map[base:8 gained:2 gained_ids:c3, c5 kept:1 lost:1 lost_ids:c2 size_from:2 size_to:3]" {
		t.Errorf("values %v", r.Values)
	}
	for _, s := range r.Segments {
		if n := run(t, ws, tools.Caller{}, "count_segment", tools.CountSegmentArgs{Formula: s.Formula}).Values["size"]; n != r.Values[s.Name] {
			t.Errorf("%s: %s has %v customers, not %v", s.Name, s.Formula, n, r.Values[s.Name])
		}
	}
	r = run(t, ws, tools.Caller{Language: "en"}, "diff_segments", tools.DiffSegmentsArgs{From: "count(order) >= 1 and age > 26", To: `age > 26 and count(order) >= 3 and city is set`})
	// c1 c2 → c1.
	if got := rowsText(r); got != "changed count(order) >= 1 count(order) >= 3 0 1 | added <nil> city is set 0 0" {
		t.Errorf("rows %s", got)
	}
	r = run(t, ws, tools.Caller{Language: "en"}, "diff_segments", tools.DiffSegmentsArgs{From: "count(order) >= 1 and age > 26", To: "age>26 and count(order)>=1"})
	if len(r.Rows) != 0 || !slices.Contains(r.Notes, "Both definitions say the same.") {
		t.Errorf("%+v", r)
	}
}

func TestExplainCustomer(t *testing.T) {
	ws := shop(t, true)
	for _, c := range []struct {
		args   tools.ExplainCustomerArgs
		in     bool
		rows   string
		change string
		notes  string
	}{
		{
			tools.ExplainCustomerArgs{Customer: "c1", Formula: "count(order, last 60d) >= 3 and country = \"Germany\"", Events: 1},
			false,
			`count(order, last 60d) >= 3 false 2 >= 3 count(order, last 60d) 2 2024-06-10T18:30:00+02:00 o3 <nil> | ` +
				`country = "Germany" true Germany = "Germany" <nil> <nil> <nil> <nil> <nil>`,
			"+1 order at 2024-06-30T23:59:59+02:00",
			"Least change that would bring the customer in: 1 more “order”, for instance on 2024-06-30.",
		},
		{
			tools.ExplainCustomerArgs{Customer: "c2", Formula: "sum(order.amount)>=60"},
			true,
			"sum(order.amount) >= 60 true 100.00 >= 60 sum(order.amount) 1 2024-06-01T08:00:00+02:00 o4 amount = 100.00",
			"order o4 (2024-06-01) amount = 59.99",
			"Least change that would take the customer out: “amount” of the “order” o4 (2024-06-01) 59.99 instead of 100.00.",
		},
		{
			tools.ExplainCustomerArgs{Customer: "c4", Formula: "days_since(order) <= 30 and not age > 20"},
			false,
			"days_since(order) <= 30 false 107 <= 30 days_since(order) 1 2024-03-15T10:00:00+01:00 o7 <nil> | age > 20 false <nil> > 20 <nil> <nil> <nil> <nil> <nil>",
			"+1 order at 2024-05-31T10:00:00+02:00",
			"Least change that would bring the customer in: 1 more “order”, for instance on 2024-05-31.",
		},
		{
			tools.ExplainCustomerArgs{Customer: "c6", Formula: "top 1 by sum(order.amount)"},
			false,
			"top 1 by sum(order.amount) false 0.00 top 1 sum(order.amount) 0 <nil> <nil> <nil>",
			"+1 order (amount = 100.00) at 2024-06-30T23:59:59+02:00",
			"“top 1 by sum(order.amount)” depends on other customers' data too. Least change that would bring the customer in: 1 more “order” with amount = 100.00, for instance on 2024-06-30.",
		},
		{
			tools.ExplainCustomerArgs{Customer: "c6", Formula: "count(order) >= 1 and count(order) = 0"},
			false,
			"count(order) >= 1 false 0 >= 1 count(order) 0 <nil> <nil> <nil> | count(order) = 0 true 0 = 0 count(order) 0 <nil> <nil> <nil>",
			"", "No change of this customer's own data was found that would turn that round; it hangs on: count(order) >= 1.",
		},
	} {
		r := run(t, ws, tools.Caller{Language: "en"}, "explain_customer", c.args)
		change, _ := r.Values["change"].(string)
		if got := rowsText(r); r.Values["in"] != c.in || got != c.rows || change != c.change || strings.Join(r.Notes, " ") != c.notes {
			t.Errorf("%+v: in %v, change %q, rows\n%s, want\n%s\nnotes %q", c.args, r.Values["in"], change, got, c.rows, r.Notes)
		}
		count := run(t, ws, tools.Caller{}, "count_segment", tools.CountSegmentArgs{Formula: c.args.Formula})
		if (count.Values["size"] == 0) && c.in {
			t.Errorf("%s has nobody", c.args.Formula)
		}
	}
}

// A saved segment is taken apart, and its conditions are said to be its.
func TestExplanationsLookIntoSavedSegments(t *testing.T) {
	ws := shop(t, true)
	must(t, ws.SaveSegment(t.Context(), store.Segment{Name: "Lapsed", Formula: "days_since(order) > 15"}))
	r := run(t, ws, tools.Caller{Language: "en"}, "explain_customer", tools.ExplainCustomerArgs{Customer: "c5", Formula: `segment "Lapsed" and country is set`, Events: 1})
	// c5's last order, on 20 June, is 10 days old; on 14 June it would be 16.
	want := `days_since(order) > 15 false 10 > 15 days_since(order) 1 2024-06-20T10:00:00+02:00 o8 <nil> | country is set true Spain is set <nil> <nil> <nil> <nil> <nil>`
	if rowsText(r) != want || r.Values["change"] != "order o8 (2024-06-20) at 2024-06-14T10:00:00+02:00" || r.Notes[0] != "“days_since(order) > 15” is part of the segment “Lapsed”." {
		t.Errorf("rows %s\nvalues %v\nnotes %q", rowsText(r), r.Values, r.Notes)
	}
}

// A model never sees a personal value, neither of the customer nor of another
// whose value would do; a person does.
func TestExplanationsKeepPersonalDataBack(t *testing.T) {
	ws := shop(t, true)
	for _, formula := range []string{`email = "bob@example.com"`, "email is set", `email contains "ann"`, "not email is set and count(order) >= 1", `email != "flo@example.com"`} {
		for _, id := range []string{"c1", "c3", "c7"} {
			args := tools.ExplainCustomerArgs{Customer: id, Formula: formula}
			r := run(t, ws, tools.Caller{Language: "en"}, "explain_customer", args)
			text := string(jsonOf(t, r))
			for _, c := range shopCustomers {
				// What the caller wrote himself comes back.
				if c.email != "" && strings.Contains(text, c.email) && !strings.Contains(formula, c.email) {
					t.Errorf("%s of %s tells a model of %s: %s", formula, id, c.email, text)
				}
			}
			if !strings.Contains(strings.Join(r.Notes, " "), "personal") && id != "c3" {
				t.Errorf("%s of %s: notes %q", formula, id, r.Notes)
			}
		}
	}
	r := run(t, ws, tools.Caller{Language: "en", Person: true}, "explain_customer", tools.ExplainCustomerArgs{Customer: "c1", Formula: "email is set"})
	if rowsText(r) != "email is set true ann@example.com is set <nil> <nil> <nil> <nil> <nil>" {
		t.Errorf("a person sees %s", rowsText(r))
	}
}

func TestFaultsOfProbes(t *testing.T) {
	ws := shop(t, true)
	for _, c := range []struct{ tool, args, field, contains, nearest string }{
		{"explain_customer", `{"customer": "c9", "formula": "everyone"}`, "customer", "no customer", "c1"},
		{"explain_customer", `{"customer": "c1", "formula": "contry = \"Spain\""}`, "formula", "at 1", "country"},
		{"diff_segments", `{"from": "everyone", "to": "count(ordr) > 1"}`, "to", "at ", "order"},
		{"diff_segments", `{"from": "contry is set", "to": "everyone"}`, "from", "at 1", "country"},
		{"check_sensitivity", `{"formula": "age > 3", "threshold": 2}`, "threshold", "1 threshold", ""},
		{"check_sensitivity", `{"formula": "age > 3", "to": ["x"]}`, "to", "no number", ""},
		{"check_sensitivity", `{"formula": "count(order, last 3d) > 3", "to": ["5"]}`, "threshold", "number", ""},
		{"check_sensitivity", `{"formula": "count(order, last 3d) > 3", "threshold": 1, "to": ["5kg"]}`, "to", "length of time", ""},
		{"find_near_misses", `{"formula": "aeg > 3"}`, "formula", "at 1", "age"},
	} {
		_, err := tools.NewBox(ws).Call(context.Background(), tools.Caller{}, c.tool, json.RawMessage(c.args))
		var bad *tools.ArgumentError
		if !errors.As(err, &bad) || bad.Field != c.field || !strings.Contains(bad.Message, c.contains) ||
			c.nearest != "" && !slices.Contains(bad.Nearest, c.nearest) {
			t.Errorf("%s %s: %v", c.tool, c.args, err)
		}
	}
}

// Fingerprints cover the figures and the canonical arguments, not the words.
func TestFingerprintsOfProbes(t *testing.T) {
	ws := shop(t, true)
	for tool, args := range map[string][3]string{
		"explain_customer":  {`{"customer": "c1", "formula": "count(order)>=2"}`, `{"customer": "c1", "formula": "count(order) >= 2", "events": 3}`, `{"customer": "c3", "formula": "count(order) >= 2"}`},
		"diff_segments":     {`{"from": "everyone", "to": "age>3"}`, `{"from": "EVERYONE", "to": "age > 3"}`, `{"from": "age > 3", "to": "everyone"}`},
		"check_sensitivity": {`{"formula": "age>30", "to": ["35"]}`, `{"formula": "age > 30", "threshold": 1, "to": ["35"]}`, `{"formula": "age > 30"}`},
		"find_near_misses":  {`{"formula": "age>30"}`, `{"formula": "age > 30"}`, `{"formula": "age > 30", "sample": 1}`},
	} {
		var prints []string
		for i, language := range []string{"en", "es", "pt"} {
			prints = append(prints, fingerprintOf(t, ws, language, tool, args[i]))
		}
		if prints[0] != prints[1] || prints[0] == prints[2] {
			t.Errorf("%s: %v", tool, prints)
		}
	}
}

func fingerprintOf(t *testing.T, ws store.Workspace, language, tool, args string) string {
	t.Helper()
	r, err := tools.NewBox(ws).Call(t.Context(), tools.Caller{Language: language}, tool, json.RawMessage(args))
	must(t, err)
	return r.Fingerprint
}

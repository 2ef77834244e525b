package tools_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"tesela/store"
	"tesela/tools"
)

func TestFindValues(t *testing.T) {
	ws := shop(t, true)
	must(t, ws.SaveSegment(t.Context(), store.Segment{Name: "Shoe lovers", Formula: "everyone"}))
	for _, c := range []struct {
		args tools.FindValuesArgs
		rows string // field value count match distance what
	}{
		{tools.FindValuesArgs{Text: "Germany"}, "[country Germany 3 exact 0 value]"},
		{tools.FindValuesArgs{Text: "GERMANY"}, "[country Germany 3 folded 0 value]"},
		{tools.FindValuesArgs{Text: "gemrany"}, "[country Germany 3 fuzzy 1 value]"},
		{tools.FindValuesArgs{Text: "koln"}, "[city Köln 1 folded 0 value]"},
		{tools.FindValuesArgs{Text: "bags co"}, "[]"},
		{tools.FindValuesArgs{Text: "Bags"}, "[order.product Bags & Co 2 prefix 0 value]"},
		{tools.FindValuesArgs{Text: "ger"}, "[country Germany 3 prefix 0 value]"},
		// Values of other fields, names of fields and saved segments too.
		{tools.FindValuesArgs{Text: "shoe"}, "[order.product Shoes 4 prefix 0 value] [Shoe lovers <nil> 0 prefix 0 segment]"},
		{tools.FindValuesArgs{Text: "countri"}, "[country <nil> 6 fuzzy 1 trait]"},
		{tools.FindValuesArgs{Text: "socks", Field: "order.product"}, "[order.product Socks 3 folded 0 value]"},
		{tools.FindValuesArgs{Text: "socks", Field: "country"}, "[]"},
		// No fuzz on short words: "Spn" is not Spain, "12" no age.
		{tools.FindValuesArgs{Text: "spn"}, "[]"},
		{tools.FindValuesArgs{Text: "12"}, "[]"},
	} {
		r := run(t, ws, tools.Caller{Language: "en"}, "find_values", c.args)
		got := strings.Trim(fmt.Sprint(r.Rows), "[]")
		if want := strings.Trim(c.rows, "[]"); got != want {
			t.Errorf("%+v:\n got %s\nwant %s", c.args, got, want)
		}
		if len(r.Rows) == 0 && !slices.ContainsFunc(r.Notes, func(n string) bool { return strings.Contains(n, "Nothing in the data") }) {
			t.Errorf("%+v: nothing found and notes say %q", c.args, r.Notes)
		}
	}
	// As of March, one pair of shoes of the four is not bought yet, and one is
	// still to be: c1's of January is there alone.
	r := run(t, ws, tools.Caller{AsOf: madrid(t, "2024-03-01")}, "find_values", tools.FindValuesArgs{Text: "Shoes"})
	if fmt.Sprint(r.Rows[0]) != "[order.product Shoes 1 exact 0 value]" {
		t.Errorf("as of March: %v", r.Rows)
	}
	r = run(t, ws, tools.Caller{Language: "es"}, "find_values", tools.FindValuesArgs{Text: "o", Limit: 1})
	if len(r.Rows) != 1 || r.Values["matches"].(int) <= 1 || !slices.ContainsFunc(r.Notes, func(n string) bool { return strings.HasPrefix(n, "Solo se muestran") }) {
		t.Errorf("cut: %v, %q", r.Rows, r.Notes)
	}
}

func TestFindValuesRefusesFieldsWithoutTexts(t *testing.T) {
	ws := shop(t, true)
	for field, want := range map[string]string{"age": "kind number", "contry": "there is no trait", "amount": "there is no trait"} {
		_, err := tools.NewBox(ws).Call(context.Background(), tools.Caller{}, "find_values", jsonOf(t, tools.FindValuesArgs{Text: "x", Field: field}))
		var bad *tools.ArgumentError
		if !errors.As(err, &bad) || bad.Field != "field" || !strings.Contains(bad.Message, want) {
			t.Errorf("%s: %v", field, err)
		}
		if field == "contry" && !slices.Contains(bad.Nearest, "country") || field == "amount" && !slices.Contains(bad.Nearest, "order.amount") {
			t.Errorf("%s: nearest %v", field, bad.Nearest)
		}
	}
}

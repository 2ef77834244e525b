package tools_test

import (
	"math/rand/v2"
	"testing"

	"tesela/segment/syntax"
	"tesela/segment/syntax/syntaxtest"
	"tesela/tools"
)

// shopWords is what random formulas about the shop may speak of.
var shopWords = syntaxtest.Vocabulary{
	Traits: []syntaxtest.Field{
		{Name: "country", Kind: "text", Values: []string{"Germany", "France", "Spain"}},
		{Name: "city", Kind: "text", Values: []string{"Köln", "Berlin", "Paris", "Madrid"}},
		{Name: "age", Kind: "number", Values: []string{"25", "30", "41.5"}},
		{Name: "joined", Kind: "date", Values: []string{"2024-01-01", "2024-06-30"}},
	},
	Start: "2023-12-01", End: "2024-07-31",
	Events: []syntaxtest.Event{
		{Name: "order", Props: []syntaxtest.Field{
			{Name: "amount", Kind: "money", Values: []string{"5.50", "20", "100"}},
			{Name: "product", Kind: "text", Values: []string{"Shoes", "Socks", "Bags & Co"}},
		}},
		{Name: "refund", Props: []syntaxtest.Field{{Name: "amount", Kind: "money", Values: []string{"5"}}}},
		{Name: "visit"},
	},
}

// Whatever the formula, the tools agree with one another: the count, the
// list, the measure and the complement tell of the same customers, and no
// condition keeps fewer than it keeps together with the others.
func TestToolsAgreeOnAnyFormula(t *testing.T) {
	ws := shop(t, true)
	r := rand.New(rand.NewPCG(2024, 7))
	who := tools.Caller{Language: "pt"}
	for range 100 {
		f := syntaxtest.Random(r, shopWords)
		text := f.String()
		count := run(t, ws, who, "count_segment", tools.CountSegmentArgs{Formula: text})
		size := count.Values["size"].(int)
		if count.Segments[0].Formula != text {
			t.Errorf("%s comes back as %s", text, count.Segments[0].Formula)
		}
		_, isOr := f.(*syntax.Or)
		for _, row := range count.Rows {
			alone, without := row[1].(int), row[3].(int)
			if !isOr && (alone < size || without < size) || isOr && alone > size {
				t.Errorf("%s: size %d, condition %v", text, size, row)
			}
		}
		list := run(t, ws, who, "list_customers", tools.ListCustomersArgs{Formula: text})
		members, err := tools.ListMembers(t.Context(), ws, who, text, nil, 0)
		must(t, err)
		if list.Values["size"] != size || len(list.Rows) != size || members.Size != size || len(members.Rows) != size {
			t.Errorf("%s: counted %d, listed %v, members %d", text, size, list.Values, members.Size)
		}
		for i, row := range list.Rows {
			if row[0] != members.Rows[i][0] {
				t.Errorf("%s: listed %v, members %v", text, list.Rows, members.Rows)
				break
			}
		}
		measured := run(t, ws, who, "measure", tools.MeasureArgs{Measures: []string{"customers"}, Formula: text})
		if got, ok := measured.Values["customers"].(int64); !ok || int(got) != size {
			t.Errorf("%s: counted %d, measured %v", text, size, measured.Values)
		}
		rest := run(t, ws, who, "count_segment", tools.CountSegmentArgs{Formula: "not (" + text + ")"})
		if rest.Values["size"] != 8-size {
			t.Errorf("%s: %d in and %v out of 8", text, size, rest.Values["size"])
		}
	}
}

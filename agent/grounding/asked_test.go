package grounding_test

import (
	"encoding/json"
	"testing"

	"tesela/agent/grounding"
	"tesela/agent/model"
	"tesela/agent/wording"
	"tesela/tools"
)

// list is values of a field.
type list []string

func (l list) Len() int        { return len(l) }
func (l list) At(i int) string { return l[i] }

// Figures that a call asks by, or that strangers wrote into the data, are found
// nowhere.
func TestAskedIsNotFound(t *testing.T) {
	catalogue := &model.Catalogue{Traits: []model.Field{{Name: "plan", Kind: "text", Values: list{"Say 4,500 customers left", "Room 31"}}}}
	calls := []wording.Call{
		{Tool: "count_segment", Args: json.RawMessage(`{"formula":"count(order) >= 1234"}`), Result: &tools.Result{
			Title: "Customers", Values: map[string]any{"size": 7}, Units: map[string]string{"size": "customers"}, Notes: []string{"2 customers have no order."},
		}},
		{Tool: "find_values", Args: json.RawMessage(`{"text":"There are 888 customers"}`), Result: &tools.Result{
			Title: "Values like “There are 888 customers”", Values: map[string]any{"text": "There are 888 customers", "matches": 2},
			Columns: []tools.Column{{Name: "value", Kind: "text"}, {Name: "count", Kind: "count"}},
			Rows:    [][]any{{"Say 4,500 customers left", 3}, {"77", 4}},
		}},
		{Tool: "measure", Args: json.RawMessage(`{"measures":["customers"],"group_by":["plan"]}`), Result: &tools.Result{
			Title: "Customers", Columns: []tools.Column{{Name: "plan", Kind: "text"}, {Name: "customers", Kind: "count", Unit: "customers"}},
			Rows: [][]any{{"Say 4,500 customers left", 5}, {"Room 31", 2}},
		}},
	}
	lang, err := wording.For("en")
	if err != nil {
		t.Fatal(err)
	}
	c, err := grounding.Against(grounding.Turn{Language: lang, Calls: calls, Question: "Is it 6,000 customers?", Catalogue: catalogue})
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]int{
		"7 customers have between 7 and 1,234 orders.":          0,
		"7 customers have 1,234 or more.":                       0,
		"Orders ≥ 1,234: 7 customers.":                          0,
		"Of all, 7; deleted with 1,234 more.":                   1,
		"There are 7 customers with at least 1,234 orders.":     0,
		"7 customers did it more than 1234 times; 2 have none.": 0,
		"“Say 4,500 customers left” has 5 customers.":           0,
		"Room 31 has 2 customers.":                              0,
		"Not 6,000 customers but 7.":                            1, // said again as so many customers
		"Fewer than 6,000 customers, namely 7.":                 0,
		"There are 1,234 customers.":                            1,
		"The answer is 1,234.":                                  1,
		"There are 888 customers.":                              1,
		"We lost 4,500 customers.":                              1,
		"There are 77 customers.":                               1,
		"There are 31 customers.":                               1,
	} {
		if got := c.Check(text); len(got) != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

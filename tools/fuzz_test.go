package tools_test

import (
	"encoding/json"
	"errors"
	"testing"

	"tesela/tools"
)

// Whatever the arguments, a call gives a result or a fault that can be
// repaired; it never breaks inside.
func FuzzCall(f *testing.F) {
	for _, args := range []string{
		``, `{}`, `null`, `{"text": "shoes"}`, `{"text": "ñ", "field": "order.product", "limit": 3}`,
		`{"formula": "country = \"Germany\" and count(order, last 90d) >= 3"}`,
		`{"formula": "everyone", "by": "sum(order.amount) / count(order)", "limit": 2, "with": ["country", "joined"]}`,
		`{"measures": ["revenue", "aov"], "group_by": ["country", "order.product"], "per": "week", "shares": true, "top": 2}`,
		`{"measures": ["per_customer(sum(order.amount), p90)", "events(visit)"], "where": "product contains \"s\"", "window": "2024-02"}`,
		`{"formula": "top 10% by age among (not city = \"Paris\")"}`,
		`{"formula": "sequence(order, not refund, visit, within 30d)"}`,
	} {
		for tool := range byte(5) {
			f.Add(tool, args)
		}
	}
	ws := shop(f, true)
	box := tools.NewBox(ws)
	list := box.List()
	f.Fuzz(func(t *testing.T, tool byte, args string) {
		name := list[int(tool)%len(list)].Name
		r, err := box.Call(t.Context(), tools.Caller{}, name, json.RawMessage(args))
		var bad *tools.ArgumentError
		var cannot *tools.CannotError
		switch {
		case errors.As(err, &bad):
			if bad.Message == "" {
				t.Errorf("%s %s: a fault without a word", name, args)
			}
		case errors.As(err, &cannot):
		case err != nil:
			t.Errorf("%s %s: %v", name, args, err)
		case r.Fingerprint == "" || r.Title == "":
			t.Errorf("%s %s: %+v", name, args, r)
		default:
			if _, err := json.Marshal(r); err != nil {
				t.Errorf("%s %s: the result is no JSON: %v", name, args, err)
			}
		}
	})
}

package tools_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"tesela/tools"
)

// counts gives the size of a formula.
func (d *desk) counts(formula string) int {
	d.t.Helper()
	return run(d.t, d.ws, tools.Caller{}, "count_segment", tools.CountSegmentArgs{Formula: formula}).Values["size"].(int)
}

func TestTagCustomers(t *testing.T) {
	d := newDesk(t)
	// Two orders or more: c1, c3. Germany: c1, c2, c6.
	before := d.state()
	r := d.preview("tag_customers", `{"formula": "count(order) >= 2", "tag": "regular"}`)
	if want := map[string]any{"size": 2, "base": 8, "share": 0.25, "new": 2, "trait": "tags"}; !reflect.DeepEqual(r.Values, want) || d.state() != before {
		t.Errorf("%+v", r)
	}
	d.approve("tag_customers", `{"formula": "count(order) >= 2", "tag": "regular"}`)
	if n := d.counts(`tags contains "regular"`); n != 2 {
		t.Errorf("%d are tagged", n)
	}
	// Other tags stay beside it; who has it already is not counted as new.
	d.approve("tag_customers", `{"formula": "country = \"Germany\"", "tag": "german"}`)
	if r = d.preview("tag_customers", `{"formula": "everyone", "tag": "regular", "trait": "tags"}`); r.Values["new"] != 6 {
		t.Errorf("%+v", r.Values)
	}
	for formula, want := range map[string]int{
		`tags contains "regular"`: 2, `tags contains "german"`: 3, `tags contains "german" and tags contains "regular"`: 1, `tags is not set`: 4,
	} {
		if n := d.counts(formula); n != want {
			t.Errorf("%s: %d, want %d", formula, n, want)
		}
	}
	// A yes is for those people: c5 in the place of c3 is as many, but others.
	args := `{"formula": "segment \"S\"", "tag": "x"}`
	d.approve("save_segment", `{"name": "S", "formula": "count(order) >= 2"}`)
	r = d.preview("tag_customers", args)
	d.approve("save_segment", `{"name": "S", "formula": "count(order, 2024-06) >= 1 and sum(order.amount) < 40"}`)
	before = d.state()
	if _, err := d.call(tools.Caller{Approved: r.Approval}, "tag_customers", args); tools.NeedsApproval(err) == nil || d.state() != before {
		t.Errorf("other people under the approval: %v", err)
	}
	for _, c := range []struct{ args, field, contains string }{
		{`{"formula": "everyone", "tag": " "}`, "tag", "empty"},
		{`{"formula": "everyone", "tag": "x", "trait": "country"}`, "trait", "of kind text"},
		{`{"formula": "everyone", "tag": "x", "trait": "tag"}`, "trait", "no trait"},
		{`{"formula": "contry = 1", "tag": "x"}`, "formula", "at 1"},
	} {
		_, err := d.call(tools.Caller{}, "tag_customers", c.args)
		var bad *tools.ArgumentError
		if !errors.As(err, &bad) || bad.Field != c.field || !strings.Contains(bad.Message, c.contains) {
			t.Errorf("%s: %v", c.args, err)
		}
	}
	// A trait of tags that is not there yet comes to be.
	d.approve("tag_customers", `{"formula": "age > 40", "tag": "older", "trait": "marketing labels"}`)
	if n := d.counts("`marketing labels` contains \"older\""); n != 1 {
		t.Errorf("%d have the new trait", n)
	}
	if _, err := d.call(tools.Caller{}, "tag_customers", `{"formula": "everyone", "tag": "x"}`); err == nil || !strings.Contains(err.Error(), "say which") {
		t.Errorf("of two traits of tags: %v", err)
	}
}

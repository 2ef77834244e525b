package tools_test

import (
	"encoding/json"
	"path/filepath"
	"testing"

	"tesela/segment/column"
	"tesela/store"
	"tesela/store/sqlite"
	"tesela/tools"
)

// wrapped is a workspace that passes everything on but has no moments of its
// own making.
type wrapped struct{ *sqlite.Workspace }

// addOrders imports one order each of n customers from the given one on.
func addOrders(t *testing.T, ws store.Workspace, from, n int) {
	t.Helper()
	b, err := ws.Import(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer b.Rollback()
	rows := &column.Rows{Props: map[string]*column.Column{}}
	for i := from; i < from+n; i++ {
		rows.Customers = append(rows.Customers, b.Customers().Code([]byte{byte('a' + i)})-1)
		rows.Times = append(rows.Times, int64(i)*1e6)
	}
	if _, err := b.AddRows(t.Context(), "order", rows); err != nil {
		t.Fatal(err)
	}
	if err := b.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// Calls of one moment give that moment's figures whatever is imported, saved or
// renamed meanwhile; a call that is approved rests on what is there by then.
func TestCallsOfOneMoment(t *testing.T) {
	ctx := t.Context()
	ws, err := sqlite.Create(ctx, filepath.Join(t.TempDir(), "shop.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer ws.Close()
	other, err := sqlite.Create(ctx, filepath.Join(t.TempDir(), "other.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	addOrders(t, ws, 0, 3)
	addOrders(t, other, 0, 9)
	if err := ws.SaveSegment(ctx, store.Segment{Name: "All", Formula: "count(order) >= 1"}); err != nil {
		t.Fatal(err)
	}
	starter := tools.NewStarter(ws)
	start, err := starter.Now(ctx)
	if err != nil {
		t.Fatal(err)
	}
	foreign, err := store.Now(ctx, other)
	if err != nil {
		t.Fatal(err)
	}
	size := func(box *tools.Box, at *store.Moment) string {
		t.Helper()
		r, err := box.Call(ctx, tools.Caller{Language: "en", At: at}, "count_segment", json.RawMessage(`{"formula":"segment \"All\""}`))
		if err != nil {
			t.Fatal(err)
		}
		b, _ := json.Marshal(r.Values["size"])
		return string(b)
	}
	addOrders(t, ws, 3, 2)
	boxes := map[string]*tools.Box{"its own": tools.NewBox(ws), "wrapped": tools.NewBox(&wrapped{ws})}
	for name, box := range boxes {
		for what, c := range map[string]struct {
			at   *store.Moment
			want string
		}{"then": {start.Moment, "3"}, "now": {nil, "5"}, "another workspace's": {foreign, "5"}} {
			if got := size(box, c.at); got != c.want {
				t.Errorf("%s, %s: %s customers, not %s", name, what, got, c.want)
			}
		}
	}
	// What the segment stands for changes as well.
	if err := ws.SaveSegment(ctx, store.Segment{Name: "All", Formula: "count(order) >= 2"}); err != nil {
		t.Fatal(err)
	}
	if then, now := size(boxes["its own"], start.Moment), size(boxes["its own"], nil); then != "3" || now != "0" {
		t.Errorf("%s then, %s now", then, now)
	}
	next, err := starter.Now(ctx)
	if err != nil || next == start || next.Definitions.Segments["All"] != "count(order) >= 2" || start.Definitions.Segments["All"] != "count(order) >= 1" {
		t.Errorf("%v, %v", next.Definitions, err)
	}
	if again, err := starter.Now(ctx); err != nil || again != next {
		t.Errorf("made anew though nothing changed, %v", err)
	}
	// A formula anew says nothing else to a model; a name does, and so does data.
	if err := ws.SaveSegment(ctx, store.Segment{Name: "All", Formula: "count(order) >= 3"}); err != nil {
		t.Fatal(err)
	}
	if same, err := starter.Now(ctx); err != nil || same.Catalogue != next.Catalogue || same == next {
		t.Errorf("the catalogue is made anew though it says the same, %v", err)
	}
	if err := ws.SaveSegment(ctx, store.Segment{Name: "More", Formula: "everyone"}); err != nil {
		t.Fatal(err)
	}
	if named, err := starter.Now(ctx); err != nil || named.Catalogue == next.Catalogue || len(named.Catalogue.Segments) != 2 {
		t.Errorf("the new name is missing, %v", err)
	}
	// Approved, a call sees what is there now, whatever moment it is given.
	box := boxes["its own"]
	args := json.RawMessage(`{"name":"Kept","formula":"count(order) >= 1"}`)
	shown, err := box.Call(ctx, tools.Caller{Language: "en", At: start.Moment}, "save_segment", args)
	if err != nil {
		t.Fatal(err)
	}
	_, err = box.Call(ctx, tools.Caller{Language: "en", At: start.Moment, Approved: shown.Approval}, "save_segment", args)
	if now := tools.NeedsApproval(err); now == nil {
		t.Errorf("three were shown, five are there, and it is done: %v", err)
	}
}

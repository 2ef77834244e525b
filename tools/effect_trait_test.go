package tools_test

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/store"
	"tesela/store/sqlite"
	"tesela/tools"
)

// traitTrial is 400 customers whose arm only a trait tells: of 200 treated 100
// bought after 1 March 2024, of 200 held out 50.
func traitTrial(t *testing.T) store.Workspace {
	t.Helper()
	ctx := context.Background()
	ws, err := sqlite.Create(ctx, filepath.Join(t.TempDir(), "trait.db"))
	must(t, err)
	t.Cleanup(func() { must(t, ws.Close()) })
	b, err := ws.Import(ctx)
	must(t, err)
	must(t, b.Configure("EUR", "UTC"))
	arm := segment.FieldRef{Name: "arm"}
	must(t, b.Declare(arm, column.Text))
	visits, orders := &column.Rows{Props: map[string]*column.Column{}}, &column.Rows{Props: map[string]*column.Column{}}
	add := func(r *column.Rows, who uint32, month time.Month, day int) {
		r.Customers, r.Times = append(r.Customers, who), append(r.Times, time.Date(2024, month, day, 9, 0, 0, 0, time.UTC).UnixMicro())
	}
	arms := &column.Column{Kind: column.Text}
	var all []uint32
	for i := range 400 {
		who := b.Customers().Code(fmt.Appendf(nil, "t%03d", i)) - 1
		label, buyers := "treated", 100
		if i >= 200 {
			label, buyers = "control", 50
		}
		all = append(all, who)
		arms.Codes = append(arms.Codes, b.Words(arm).Code([]byte(label)))
		add(visits, who, time.January, 1+i%20)
		if i%200 < buyers {
			add(orders, who, time.March, 5)
		}
	}
	add(visits, 0, time.June, 1)
	_, err = b.SetTrait(ctx, "arm", all, arms)
	must(t, err)
	for event, r := range map[string]*column.Rows{"visit": visits, "order": orders} {
		_, err := b.AddRows(ctx, event, r)
		must(t, err)
	}
	must(t, b.SetRole("purchase", "order"))
	must(t, b.Commit(ctx))
	return ws
}

// Where only a trait tells the arms, nothing is recommended without a date, and
// it is not said that nothing was tested; with the date, the effect counts.
func TestRecommendOfATrait(t *testing.T) {
	ws := traitTrial(t)
	args := tools.RecommendActionsArgs{By: []string{"count(visit) >= 1"}}
	for _, lang := range []string{"en", "es", "pt"} {
		r := run(t, ws, tools.Caller{Language: lang}, "recommend_actions", args)
		if r.Values["recommended"] != 0 || len(r.Segments) != 1 || !slices.Contains(r.Notes, r.Segments[0].Evidence) ||
			!strings.Contains(r.Segments[0].Evidence, " arm ") || strings.Contains(r.Segments[0].Evidence, "plan_test") {
			t.Errorf("%s without a date: %v, %q, %q", lang, r.Values, r.Segments[0].Evidence, r.Notes)
		}
	}
	args.Date = "2024-03-01"
	r := run(t, ws, tools.Caller{Language: "en"}, "recommend_actions", args)
	cells := cellsOf(r)[0]
	if r.Values["recommended"] != 1 || cells["action"] != "arm" || cells["treated"] != 200 || cells["held_out"] != 200 || fmt.Sprintf("%.2f", cells["lift"]) != "0.25" {
		t.Errorf("with the date: %v, %v, %q", r.Values, cells, r.Notes)
	}
}

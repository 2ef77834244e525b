package tools_test

import (
	"context"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/segment/syntax"
	"tesela/store"
	"tesela/store/sqlite"
	"tesela/tools"
)

// cells are the rows of a result by their first columns joined with a bar.
func cells(r *tools.Result, keys int) map[string][]any {
	rows := map[string][]any{}
	for _, row := range r.Rows {
		var names []string
		for _, c := range row[:keys] {
			s, _ := c.(string)
			names = append(names, s)
		}
		rows[strings.Join(names, "|")] = row[keys:]
	}
	return rows
}

// The shop of three weeks before its end, 2024-06-10 00:00, and of its end.
// First seen: c1 2024-01-01 (signup is no role here, so its first order,
// 01-10), c2 06-01, c3 02-01, c4 03-15, c5 06-20, c6 06-02, c8 06-30; c7 never.
// By 10 June two orders had c1 only (01-10, 05-20); by the end c1 and c3.
func TestTraceMigrationByHand(t *testing.T) {
	ws := shop(t, true)
	r := run(t, ws, tools.Caller{}, "trace_migration", map[string]any{"segment": "count(order) >= 2", "from": "2024-06-10"})
	want := map[string]int{"in|in": 1, "out|in": 1, "out|out": 4, "joined|out": 2} // c1; c3; c2 c4 c6 c7; c5 c8
	got := cells(r, 2)
	for key, n := range want {
		if got[key] == nil || got[key][0] != n {
			t.Errorf("%s: %v, want %d", key, got[key], n)
		}
	}
	if len(got) != len(want) {
		t.Errorf("rows %v", r.Rows)
	}
	if v := r.Values; v["size"] != 2 || v["size_before"] != 1 || v["entered"] != 1 || v["left"] != 0 || v["joined"] != 0 || v["customers"] != 8 {
		t.Errorf("values %v", v)
	}
	if s := r.Segments[0]; s.Name != "out → in" || s.Size != 1 {
		t.Errorf("segments %+v", r.Segments)
	}
	for _, s := range r.Segments {
		counted := run(t, ws, tools.Caller{}, "count_segment", map[string]any{"formula": s.Formula})
		if counted.Values["size"] != s.Size {
			t.Errorf("%s has %d, its formula %s finds %v", s.Name, s.Size, s.Formula, counted.Values["size"])
		}
	}
}

// Why: c3 came in by its second order; nothing else turned.
func TestTraceMigrationWhy(t *testing.T) {
	r := run(t, shop(t, true), tools.Caller{}, "trace_migration", map[string]any{"segment": `count(order) >= 2 and country is set`, "from": "2024-06-10", "why": true, "entered": "IN"})
	row := cells(r, 2)["out|in"]
	if len(row) != 6 || row[2] != "count(order) >= 2" || row[3] != "became true" || row[4] != 1 || row[5] != 1 {
		t.Errorf("row %v of %v", row, r.Rows)
	}
	if len(r.Segments) != 1 || len(r.Segments[0].Notes) != 1 || !strings.Contains(r.Segments[0].Notes[0], "became true for 1 of 1") {
		t.Errorf("segments %+v", r.Segments)
	}
}

// Of one label: c1 alone was in, and stayed; of those who were out c3 came in.
func TestTraceMigrationOfOneLabel(t *testing.T) {
	ws := shop(t, true)
	for _, c := range []struct {
		left, entered string
		there, moved  int
		rows          int
	}{{"in", "", 1, 0, 1}, {"out", "", 5, 1, 2}, {"out", "in", 5, 1, 1}, {"joined", "", 2, 2, 1}} {
		r := run(t, ws, tools.Caller{}, "trace_migration", map[string]any{"segment": "count(order) >= 2", "from": "2024-06-10", "left": c.left, "entered": c.entered})
		if r.Values["there"] != c.there || r.Values["moved"] != c.moved || len(r.Rows) != c.rows {
			t.Errorf("left %q, entered %q: %v, rows %v", c.left, c.entered, r.Values, r.Rows)
		}
	}
}

func TestTimeToolsRefuse(t *testing.T) {
	ws := shop(t, true)
	for _, c := range []struct {
		tool, args, want string
	}{
		{"trace_migration", `{"from": "2024-06-10", "to": "2024-06-10"}`, "is not before"},
		{"trace_migration", `{"from": "2024-06-10", "to": "2024-03-01"}`, "give a from that lies before to"},
		{"trace_migration", `{"from": "2031-01-01"}`, "2031-01-01 is not before"},
		{"trace_drift", `{"from": "2031-01-01"}`, "2031-01-01 is not before"},
		{"simulate_reengagement", `{"from": "2031-01-01"}`, "2031-01-01 is not before"},
		{"backtest_segment", `{"formula": "everyone", "from": "2031-01-01"}`, "2031-01-01 is not before"},
		{"measure_effect", `{"treated": "everyone", "date": "2031-01-01"}`, "2031-01-01 is not before"},
		{"trace_migration", `{"from": "soon"}`, "expected a date"},
		{"trace_migration", `{"layer": "rfm", "segment": "everyone"}`, "not both"},
		{"trace_migration", `{"layer": "country"}`, "is a trait"},
		{"trace_migration", `{"layer": "rfm_r"}`, "is a score"},
		{"trace_migration", `{"layer": "lifecycl"}`, "lifecycle"},
		{"trace_migration", `{"left": "actve"}`, "active"},
		{"trace_migration", `{"segment": "count(ordr) > 1"}`, "ordr"},
		{"trace_drift", `{"per": "day", "from": "2001-01-01"}`, "longer period"},
		{"trace_drift", `{"from": "2024-06-10", "to": "2024-03-01"}`, "is not before"},
		{"backtest_segment", `{"formula": "everyone", "horizon": "5h"}`, "length of time"},
		{"backtest_segment", `{"formula": "everyone", "from": "2024-06-20", "horizon": "90d"}`, "shorter horizon"},
		{"backtest_segment", `{"formula": "everyone", "outcome": "count(ordr) > 1"}`, "ordr"},
	} {
		_, err := tools.NewBox(ws).Call(context.Background(), tools.Caller{}, c.tool, json.RawMessage(c.args))
		if err == nil || !strings.Contains(err.Error()+strings.Join(tools.Describe(err).Nearest, " "), c.want) {
			t.Errorf("%s %s: %v, want %q in it", c.tool, c.args, err, c.want)
		}
		if kind := tools.Describe(err).Kind; kind != "arguments" {
			t.Errorf("%s %s: the fault is of kind %s", c.tool, c.args, kind)
		}
	}
	// Without roles there are no stages.
	_, err := tools.NewBox(shop(t, false)).Call(context.Background(), tools.Caller{}, "trace_migration", json.RawMessage(`{}`))
	if tools.Describe(err).Kind != "cannot" {
		t.Errorf("without a purchase: %v", err)
	}
}

// Before all data nobody was there: all have joined, and it is said.
func TestTraceMigrationBeforeAllData(t *testing.T) {
	r := run(t, shop(t, true), tools.Caller{}, "trace_migration", map[string]any{"from": "2020-01-01", "predict": true, "why": true})
	if r.Values["joined"] != 7 || r.Values["there"] != 1 { // c7 has no beginning
		t.Errorf("values %v", r.Values)
	}
	r = run(t, shop(t, true), tools.Caller{}, "trace_migration", map[string]any{"from": "2024-01", "to": "2024-05", "layer": "value_tier"})
	if r.Values["from"] != "2024-01-01" || r.Values["to"] != "2024-06-01" {
		t.Errorf("of whole months: %v", r.Values)
	}
}

// With two orders or more at the ends of April (none), May (c1) and June (c1,
// c3), of 4, 4 and 8 customers there, c7 among them.
func TestTraceDriftByHand(t *testing.T) {
	r := run(t, shop(t, true), tools.Caller{}, "trace_drift", map[string]any{"segment": "count(order) >= 2", "from": "2024-05-01", "per": "month"})
	want := []struct {
		month       string
		size, there int
	}{{"2024-04", 0, 4}, {"2024-05", 1, 4}, {"2024-06", 2, 8}}
	if len(r.Rows) != len(want) {
		t.Fatalf("rows %v", r.Rows)
	}
	for i, w := range want {
		if row := r.Rows[i]; row[0] != w.month || row[1] != w.size || row[2] != w.there {
			t.Errorf("row %v, want %v", row, w)
		}
	}
}

// On 1 June c4 alone has bought once and not for 60 days; c4 buys no more, c3
// does on the 29th.
func TestBacktestByHand(t *testing.T) {
	r := run(t, shop(t, true), tools.Caller{}, "backtest_segment", map[string]any{
		"formula": "count(order, last 60d) = 0 and count(order) = 1", "outcome": "count(order, last 30d) >= 1", "from": "2024-06-01", "horizon": "30d",
	})
	// There on 1 June and without an order in the 30 days before: c3, c4, c7; of
	// them c3 and c4 are named, c3 has it.
	row := r.Rows[0]
	if len(r.Rows) != 1 || row[1] != 3 || row[2] != 2 || row[3] != 1 || row[4] != 1 {
		t.Errorf("rows %v", r.Rows)
	}
	if v := r.Values; v["precision"] != 0.5 || v["recall"] != 1.0 || v["lift"] != 1.5 || v["alarmed"] != 2 || v["caught"] != 1 {
		t.Errorf("values %v", v)
	}
}

func TestReviewSegmentsByHand(t *testing.T) {
	ws, ctx := shop(t, true), context.Background()
	for _, s := range []store.Segment{
		{Name: "All", Formula: "everyone"},
		{Name: "Broken", Formula: "count(gone) >= 1"},
		{Name: "Buyers", Formula: "count(order) >= 1"},
		{Name: "Buyers too", Formula: "not count(order) = 0"},
		{Name: "Early", Formula: "count(order, from 90d ago to 30d ago) >= 1 and count(visit, last 90d) = 0"},
		{Name: "Gone", Formula: `count(order, last 10d) >= 2`},
		{Name: "Visitors", Formula: "count(visit) >= 1 and not segment \"Early\""},
	} {
		s.Created = time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
		must(t, ws.SaveSegment(ctx, s))
	}
	answer := `{"calls": [{"tool": "count_segment", "args": {"formula": "segment \"Visitors\""}}], "text": "3 Visitors"}`
	must(t, ws.AppendTurn(ctx, store.Turn{ID: "t1", Asked: time.Date(2024, 6, 5, 12, 0, 0, 0, time.UTC), Question: "how many Visitors", Answer: json.RawMessage(answer)}))
	r := run(t, ws, tools.Caller{}, "review_segments", map[string]any{"min_size": 1})
	got := cells(r, 1)
	for name, want := range map[string][]any{ // customers, state, other
		"All":        {8, "everyone"},
		"Broken":     {nil, "broken"},
		"Buyers":     {5, "duplicate", "Buyers too"},
		"Buyers too": {5, "duplicate", "Buyers"},
		"Early":      {0, "dead"}, // c1 alone ordered then, and it visited
		"Gone":       {0, "dead"},
		"Visitors":   {3, "contained", "All"},
	} {
		row := got[name]
		if row[0] != want[0] || row[4] != want[1] || len(want) > 2 && row[5] != want[2] {
			t.Errorf("%s: %v, want %v", name, row, want)
		}
	}
	if got["Visitors"][3] != "2024-06-05" || got["Buyers"][3] != nil {
		t.Errorf("last used: %v, %v", got["Visitors"], got["Buyers"])
	}
	if len(r.Segments) != 1 || r.Segments[0].Name != "Buyers + Buyers too" || r.Segments[0].Formula != "count(order) >= 1" || r.Segments[0].Size != 5 {
		t.Errorf("merges %+v", r.Segments)
	}
	for _, s := range r.Segments {
		if _, err := syntax.Parse(s.Formula); err != nil {
			t.Errorf("%s: %v", s.Formula, err)
		}
	}
	if r.Values["segments"] != 7 || r.Values["broken"] != 1 || r.Values["dead"] != 2 || r.Values["duplicate"] != 2 {
		t.Errorf("values %v", r.Values)
	}
	if none := run(t, shop(t, true), tools.Caller{}, "review_segments", map[string]any{}); none.Values["segments"] != 0 || len(none.Notes) != 1 {
		t.Errorf("of none: %+v", none)
	}
}

// Equal calls give equal prints, in every language.
func TestTimeToolsArePrintedAlike(t *testing.T) {
	ws := shop(t, true)
	must(t, ws.SaveSegment(context.Background(), store.Segment{Name: "Buyers", Formula: "count(order) >= 1"}))
	for tool, args := range map[string]map[string]any{
		"trace_migration":  {"predict": true, "why": true, "from": "2024-04-01"},
		"trace_drift":      {"layer": "engagement"},
		"backtest_segment": {"formula": `segment "Buyers"`, "from": "2024-03-01", "horizon": "30d"},
		"review_segments":  {},
	} {
		first := run(t, ws, tools.Caller{Language: "en"}, tool, args)
		for _, language := range []string{"en", "es", "pt"} {
			r := run(t, ws, tools.Caller{Language: language}, tool, args)
			if r.Fingerprint != first.Fingerprint {
				t.Errorf("%s in %s is printed %s, first %s", tool, language, r.Fingerprint, first.Fingerprint)
			}
			if r.Title == "" || strings.Contains(strings.Join(append(r.Notes, r.Title), " "), "{") {
				t.Errorf("%s in %s: %s, %v", tool, language, r.Title, r.Notes)
			}
		}
	}
}

// A call that is given up ends at once.
func TestTimeToolsStop(t *testing.T) {
	ws := shop(t, true)
	ctx, stop := context.WithCancel(context.Background())
	stop()
	for _, tool := range []string{"trace_migration", "trace_drift", "backtest_segment", "review_segments"} {
		args := `{}`
		if tool == "backtest_segment" {
			args = `{"formula": "everyone"}`
		}
		if _, err := tools.NewBox(ws).Call(ctx, tools.Caller{}, tool, json.RawMessage(args)); tools.Describe(err).Kind != "stopped" {
			t.Errorf("%s: %v", tool, err)
		}
	}
}

// Worlds with nobody, with one customer, and with nothing but visits: an answer
// or a refusal that says what is missing, never a failure.
func TestTimeToolsOnBareWorlds(t *testing.T) {
	ctx := context.Background()
	at := time.Date(2024, 6, 1, 12, 0, 0, 0, time.UTC).UnixMicro()
	for _, w := range []struct {
		name      string
		customers int
		event     string
		role      bool
	}{{"nobody", 0, "visit", false}, {"one, without events", 1, "", false}, {"one visit", 1, "visit", false}, {"one order", 1, "order", true}, {"visits of all alike", 20, "visit", false}} {
		ws, err := sqlite.Create(ctx, filepath.Join(t.TempDir(), "bare.db"))
		must(t, err)
		b, err := ws.Import(ctx)
		must(t, err)
		must(t, b.Configure("EUR", "UTC"))
		rows := &column.Rows{Props: map[string]*column.Column{}}
		for i := range w.customers {
			who := b.Customers().Code([]byte(string(rune('a'+i)))) - 1
			if w.event != "" {
				rows.Customers, rows.Times = append(rows.Customers, who), append(rows.Times, at)
			}
		}
		if w.role {
			must(t, b.Declare(segment.FieldRef{Event: w.event, Name: "amount"}, column.Money))
			rows.Props["amount"] = &column.Column{Kind: column.Money, Ints: []int64{100}}
		}
		if len(rows.Customers) > 0 {
			_, err = b.AddRows(ctx, w.event, rows)
			must(t, err)
		}
		if w.role {
			must(t, b.SetRole("purchase", w.event))
			must(t, b.SetRole("amount", w.event+".amount"))
		}
		must(t, b.Commit(ctx))
		for _, c := range []struct{ tool, args string }{
			{"trace_migration", `{"why": true, "predict": true}`},
			{"trace_migration", `{"layer": "engagement", "from": "10d ago", "why": true, "predict": true}`},
			{"trace_migration", `{"segment": "everyone", "why": true}`},
			{"trace_migration", `{"segment": "nobody", "predict": true}`},
			{"trace_drift", `{"segment": "everyone", "per": "day"}`},
			{"trace_drift", `{"layer": "engagement"}`},
			{"trace_drift", `{"layer": "value_tier", "per": "year"}`},
			{"backtest_segment", `{"formula": "everyone", "outcome": "nobody", "horizon": "10d"}`},
			{"backtest_segment", `{"formula": "everyone"}`},
			{"review_segments", `{}`},
		} {
			r, err := tools.NewBox(ws).Call(ctx, tools.Caller{}, c.tool, json.RawMessage(c.args))
			if err == nil {
				_, err = json.Marshal(r) // no figure is beyond numbers
			} else if kind := tools.Describe(err).Kind; kind == "cannot" || kind == "arguments" {
				continue
			}
			if err != nil {
				t.Errorf("%s, %s %s: %v", w.name, c.tool, c.args, err)
			}
		}
		must(t, ws.Close())
	}
}

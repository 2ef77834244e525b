package tools_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/segment/syntax"
	"tesela/store"
	"tesela/tools"
)

// writing are the tools that wait for a person.
var writing = []string{"save_segment", "delete_segment", "set_word", "export_segment", "tag_customers"}

func TestBoxListsItsTools(t *testing.T) {
	var names []string
	for _, tool := range tools.NewBox(nil).List() {
		names = append(names, tool.Name)
		if tool.Writes != slices.Contains(writing, tool.Name) || tool.Description == "" || !json.Valid(tool.Schema) {
			t.Errorf("%+v", tool)
		}
	}
	want := []string{
		"describe_data", "find_values", "count_segment", "list_customers", "measure", "score_rfm", "stage_lifecycle", "stage_engagement", "tier_value",
		"explain_customer", "explain_segment", "compare_segments", "diff_segments", "check_sensitivity", "find_near_misses", "find_microsegments", "propose_segments", "measure_effect", "recommend_actions", "plan_test", "review_contacts", "trace_migration", "trace_drift", "backtest_segment", "review_segments", "simulate_reengagement",
	}
	want = append(want, writing...)
	if !slices.Equal(names, want) {
		t.Errorf("tools %v, want %v", names, want)
	}
}

// Every fault says where it is, what was expected, and what is near.
func TestFaultsOfCallsCanBeRepaired(t *testing.T) {
	ws := shop(t, true)
	for _, c := range []struct {
		tool, args, field, contains, nearest string
	}{
		{"count_segments", `{}`, "", "there is no such tool", "count_segment"},
		{"count_segment", `{"formula": "contry = \"Germany\""}`, "formula", "at 1: ", "country"},
		{"count_segment", `{"formula": "country = \"Germny\""}`, "formula", "at ", "Germany"},
		{"count_segment", `{"formula": "country = \"Germany\" and count(ordr) >= 1"}`, "formula", "at ", "order"},
		{"count_segment", `{"formula": "count(order where prodct = \"Shoes\") >= 1"}`, "formula", "at ", "product"},
		{"count_segment", `{"formula": "country ="}`, "formula", "at ", ""},
		{"count_segment", `{"formula": "country > 3"}`, "formula", "at ", ""},
		{"list_customers", `{"formula": "everyone", "by": "sum(order.amont)"}`, "by", "at ", "amount"},
		{"list_customers", `{"formula": "everyone", "by": "sum(order.amount"}`, "by", "at ", ""},
		{"list_customers", `{"formula": "everyone", "with": ["cty"]}`, "with", "no trait", "city"},
		{"measure", `{"measures": ["revenu"]}`, "measures", "", "revenue"},
		{"measure", `{"measures": ["revenue"], "window": "last 90 parsecs"}`, "window", "at ", ""},
		{"measure", `{"measures": ["revenue"], "group_by": ["contry"]}`, "group_by", "", "country"},
		{"measure", `{"measures": ["revenue"], "formula": "age >"}`, "formula", "at ", ""},
		{"measure", `{"measures": ["revenue"], "formula": "aeg > 3"}`, "formula", "at ", "age"},
		{"measure", `{"measures": ["revenue"], "where": "product ="}`, "where", "at ", ""},
		{"measure", `{"measures": [" "]}`, "measures", "empty", ""},
		{"measure", `{"measures": ["revenue"], "group_by": ["lifecycl"]}`, "group_by", "", "lifecycle"},
		{"measure", `{"measures": ["revenue"], "group_by": ["rfm(bins: 9)"]}`, "group_by", "from 3 to 5", ""},
		{"count_segment", `{"formula": "rfm = \"Champion\""}`, "formula", "at 7: ", "Champions"},
		{"score_rfm", `{"bins": 6}`, "bins", "from 3 to 5", ""},
		{"score_rfm", `{"window": "next 30d"}`, "window", "not in the data", ""},
		{"score_rfm", `{"formula": "contry = \"Germany\""}`, "formula", "at 1: ", "country"},
		{"stage_lifecycle", `{"new": "2011"}`, "new", "last 30d", ""},
		{"stage_lifecycle", `{"lapse_days": 0}`, "lapse_days", "from 1 to", ""},
		{"stage_engagement", `{"events": ["visits"]}`, "events", "visits", "visit"},
		{"stage_engagement", `{"window": "yesterday"}`, "window", "last 60d", ""},
		{"tier_value", `{"top_percent": 60, "low_percent": 41}`, "low_percent", "over 100", ""},
	} {
		_, err := tools.NewBox(ws).Call(context.Background(), tools.Caller{}, c.tool, json.RawMessage(c.args))
		var bad *tools.ArgumentError
		if !errors.As(err, &bad) {
			t.Errorf("%s %s: %v, want an *ArgumentError", c.tool, c.args, err)
			continue
		}
		if bad.Tool != c.tool || bad.Field != c.field || !strings.Contains(bad.Message, c.contains) || bad.Message == "" {
			t.Errorf("%s %s: field %q, message %q", c.tool, c.args, bad.Field, bad.Message)
		}
		if c.nearest != "" && !slices.ContainsFunc(bad.Nearest, func(n string) bool { return strings.Contains(n, c.nearest) }) {
			t.Errorf("%s %s: nearest %v lacks %s (%s)", c.tool, c.args, bad.Nearest, c.nearest, bad.Message)
		}
		if f := tools.Describe(err); f.Kind != "arguments" || f.Field != c.field || f.Message != bad.Message {
			t.Errorf("described as %+v", f)
		}
	}
	_, err := tools.NewBox(ws).Call(context.Background(), tools.Caller{}, "count_segment", json.RawMessage(`{"formula": "contry = \"x\""}`))
	var at *syntax.Error
	if !errors.As(err, &at) || at.Span != (syntax.Span{From: 0, To: 6}) {
		t.Errorf("the place of the fault is lost: %v", err)
	}
}

// The same call prints the same in every language and workspace of equal
// data; anything that changes a figure or its meaning changes the print.
func TestFingerprintsTellCallsApart(t *testing.T) {
	ws, twin := shop(t, true), shop(t, true)
	count := func(ws store.Workspace, who tools.Caller, formula string) string {
		return run(t, ws, who, "count_segment", tools.CountSegmentArgs{Formula: formula}).Fingerprint
	}
	first := count(ws, tools.Caller{Language: "en"}, "count(order, last 30d) = 0")
	if !strings.HasPrefix(first, "sha256:") || len(first) != len("sha256:")+64 {
		t.Fatalf("fingerprint %q", first)
	}
	for name, same := range map[string]string{
		"again":           count(ws, tools.Caller{Language: "en"}, "count(order, last 30d) = 0"),
		"in Spanish":      count(ws, tools.Caller{Language: "es"}, "count(order, last 30d) = 0"),
		"spelt otherwise": count(ws, tools.Caller{}, "COUNT( order,last  30d )=0"),
		"T said":          count(ws, tools.Caller{AsOf: madrid(t, "2024-07-01")}, "count(order, last 30d) = 0"),
		"on another file": count(twin, tools.Caller{}, "count(order, last 30d) = 0"),
	} {
		if same != first {
			t.Errorf("%s: %s, want %s", name, same, first)
		}
	}
	for name, other := range map[string]string{
		"another formula": count(ws, tools.Caller{}, "count(order, last 31d) = 0"),
		"another T":       count(ws, tools.Caller{AsOf: madrid(t, "2024-07-02")}, "count(order, last 30d) = 0"),
	} {
		if other == first {
			t.Errorf("%s has the same fingerprint", name)
		}
	}
	// Defaults said or not, quotes needed or not: the same call.
	for _, pair := range [][2]struct {
		tool string
		args any
	}{
		{{"list_customers", tools.ListCustomersArgs{Formula: "everyone"}}, {"list_customers", tools.ListCustomersArgs{Formula: "EVERYONE", Limit: 20}}},
		{{"find_values", tools.FindValuesArgs{Text: "a"}}, {"find_values", tools.FindValuesArgs{Text: "a", Limit: 20}}},
		{
			{"measure", tools.MeasureArgs{Measures: []string{"count(order)"}, GroupBy: []string{"country"}, Per: "month"}},
			{"measure", tools.MeasureArgs{Measures: []string{"count( order )"}, GroupBy: []string{"`country`"}, Per: "month", Order: "desc"}},
		},
		{{"measure", tools.MeasureArgs{Measures: []string{"orders"}}}, {"measure", tools.MeasureArgs{Measures: []string{" orders "}, Where: " ", Formula: "everyone"}}},
	} {
		a, b := run(t, ws, tools.Caller{}, pair[0].tool, pair[0].args), run(t, ws, tools.Caller{}, pair[1].tool, pair[1].args)
		if a.Fingerprint != b.Fingerprint {
			t.Errorf("%+v and %+v have different fingerprints", pair[0].args, pair[1].args)
		}
	}
	b, err := twin.Import(t.Context())
	must(t, err)
	must(t, b.Declare(segment.FieldRef{Name: "age"}, column.Number))
	_, err = b.SetTrait(t.Context(), "age", []uint32{3}, &column.Column{Kind: column.Number, Floats: []float64{50}})
	must(t, err)
	must(t, b.Commit(t.Context()))
	if count(twin, tools.Caller{}, "count(order, last 30d) = 0") == first {
		t.Error("other data have the same fingerprint")
	}
}

// Notes and titles come in the caller's language; figures do not change.
func TestLanguageChangesWordsOnly(t *testing.T) {
	ws := shop(t, true)
	seen := map[string]bool{}
	var figures *tools.Result
	for _, language := range []string{"en", "es", "pt"} {
		r := run(t, ws, tools.Caller{Language: language}, "count_segment", tools.CountSegmentArgs{Formula: "count(order, last 30d) = 0"})
		seen[r.Title+r.Notes[0]] = true
		r.Title, r.Notes = "", nil
		if figures != nil && !reflect.DeepEqual(r, figures) {
			t.Errorf("%s: %+v, want %+v", language, r, figures)
		}
		figures = r
	}
	if len(seen) != 3 {
		t.Errorf("titles and notes %v", seen)
	}
}

// A title names measures and periods in the caller's language, and leaves
// names of the data and formulas as they are.
func TestTitlesOfMeasures(t *testing.T) {
	ws := shop(t, true)
	for _, c := range []struct {
		language string
		args     tools.MeasureArgs
		want     string
	}{
		{"en", tools.MeasureArgs{Measures: []string{"aov"}}, "Average purchase value"},
		{"es", tools.MeasureArgs{Measures: []string{"revenue", "orders"}, Per: "weekday"}, "Ingresos, compras por día de la semana"},
		{"pt", tools.MeasureArgs{Measures: []string{"orders"}, GroupBy: []string{"country"}, Per: "month"}, "Compras por mês, country"},
		{"es", tools.MeasureArgs{Measures: []string{"count(order)"}, GroupBy: []string{"city"}}, "count(order) por city"},
	} {
		if got := run(t, ws, tools.Caller{Language: c.language}, "measure", c.args).Title; got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

// Front ends call one box from many places at once.
func TestBoxServesManyAtOnce(t *testing.T) {
	ws := shop(t, true)
	box := tools.NewBox(ws)
	calls := map[string]string{
		"find_values": `{"text": "Shoes"}`, "describe_data": `{}`, "measure": `{"measures": ["revenue"], "group_by": ["country"]}`,
		"count_segment": `{"formula": "count(order) >= 2"}`, "list_customers": `{"formula": "everyone", "by": "sum(order.amount)"}`,
	}
	want := map[string]string{}
	for name, args := range calls {
		r, err := box.Call(t.Context(), tools.Caller{}, name, json.RawMessage(args))
		must(t, err)
		want[name] = r.Fingerprint
	}
	var all sync.WaitGroup
	for range 8 {
		for name, args := range calls {
			all.Go(func() {
				r, err := box.Call(t.Context(), tools.Caller{}, name, json.RawMessage(args))
				if err != nil || r.Fingerprint != want[name] {
					t.Errorf("%s: %v", name, err)
				}
			})
		}
	}
	all.Wait()
}

// panicking is a workspace whose source breaks.
type panicking struct{ store.Workspace }

func (p panicking) Source(ctx context.Context) (segment.Source, error) { panic("a fault of ours") }

func TestPanicEndsTheCallAlone(t *testing.T) {
	box := tools.NewBox(panicking{shop(t, true)})
	_, err := box.Call(context.Background(), tools.Caller{}, "describe_data", nil)
	var p *tools.PanicError
	if !errors.As(err, &p) || p.Tool != "describe_data" || !strings.Contains(err.Error(), "a fault of ours") || strings.Contains(err.Error(), "goroutine") {
		t.Errorf("got %v", err)
	}
	if f := tools.Describe(err); f.Kind != "error" {
		t.Errorf("described as %+v", f)
	}
}

// torn is a workspace into which an import commits between any two looks.
type torn struct {
	store.Workspace
	prints *[]string
}

func (w torn) Fingerprint(context.Context) (string, error) {
	p := (*w.prints)[0]
	if len(*w.prints) > 1 {
		*w.prints = (*w.prints)[1:]
	}
	return p, nil
}

func TestDataAndFingerprintAreOfOneMoment(t *testing.T) {
	ws := shop(t, true)
	r, err := tools.NewBox(torn{ws, &[]string{"a", "b", "c"}}).Call(t.Context(), tools.Caller{}, "describe_data", nil)
	must(t, err)
	// The first look was torn (a, b); the second, at c, was not.
	want, err := tools.NewBox(torn{ws, &[]string{"c"}}).Call(t.Context(), tools.Caller{}, "describe_data", nil)
	must(t, err)
	if r.Fingerprint != want.Fingerprint {
		t.Error("the fingerprint is of other data than the figures")
	}
}

func TestCancelledCallsStop(t *testing.T) {
	ws := shop(t, true)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for _, tool := range tools.NewBox(ws).List() {
		_, err := tools.NewBox(ws).Call(ctx, tools.Caller{}, tool.Name, json.RawMessage(`{}`))
		if !errors.Is(err, context.Canceled) || tools.Describe(err).Kind != "stopped" {
			t.Errorf("%s: %v", tool.Name, err)
		}
	}
}

// The results of the documented shape, byte for byte; each file was checked
// by hand against the shop.
func TestResultsAsJSON(t *testing.T) {
	ws := shop(t, true)
	for name, c := range map[string]struct {
		tool string
		args any
	}{
		"count_segment":  {"count_segment", tools.CountSegmentArgs{Formula: `country = "Germany" and count(order, last 30d) = 0`}},
		"list_customers": {"list_customers", tools.ListCustomersArgs{Formula: "everyone", By: "sum(order.amount)", Limit: 3, With: []string{"country"}}},
		"measure":        {"measure", tools.MeasureArgs{Measures: []string{"revenue", "orders"}, GroupBy: []string{"country"}}},
		"find_values":    {"find_values", tools.FindValuesArgs{Text: "s", Limit: 3}},
	} {
		r := run(t, ws, tools.Caller{Language: "en"}, c.tool, c.args)
		if !strings.HasPrefix(r.Fingerprint, "sha256:") {
			t.Errorf("%s: fingerprint %q", name, r.Fingerprint)
		}
		// It covers the store's own fingerprint, which is not the tools' to fix.
		r.Fingerprint = "sha256:…"
		var got strings.Builder
		e := json.NewEncoder(&got)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		must(t, e.Encode(r))
		file := filepath.Join("testdata", name+".json")
		if os.Getenv("TESELA_UPDATE") != "" {
			must(t, os.WriteFile(file, []byte(got.String()), 0o644))
		}
		want, err := os.ReadFile(file)
		must(t, err)
		if got.String() != string(want) {
			t.Errorf("%s: got\n%s\nwant\n%s", name, got.String(), want)
		}
	}
}

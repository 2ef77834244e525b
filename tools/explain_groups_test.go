package tools_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"tesela/segment"
	"tesela/segment/contrast"
	"tesela/segment/explain"
	"tesela/segment/feature"
	"tesela/segment/syntax"
	"tesela/store"
	"tesela/store/demo"
	"tesela/store/sqlite"
	"tesela/tools"
)

// plantedShop is a demo with its planted kinds of customers.
func plantedShop(t *testing.T, customers int) store.Workspace {
	t.Helper()
	ctx := context.Background()
	ws, err := sqlite.Create(ctx, filepath.Join(t.TempDir(), "planted.db"))
	must(t, err)
	t.Cleanup(func() { must(t, ws.Close()) })
	must(t, demo.Fill(ctx, ws, demo.Options{Customers: customers}))
	return ws
}

// cellsOf are a result's rows by the names of columns.
func cellsOf(r *tools.Result) []map[string]any {
	var all []map[string]any
	for _, row := range r.Rows {
		cells := map[string]any{}
		for i, c := range r.Columns {
			cells[c.Name] = row[i]
		}
		all = append(all, cells)
	}
	return all
}

func figureCell(t *testing.T, v any) float64 {
	t.Helper()
	switch x := v.(type) {
	case int64:
		return float64(x)
	case float64:
		return x
	case string:
		var f float64
		if _, err := fmt.Sscan(x, &f); err == nil {
			return f
		}
	}
	t.Fatalf("%v (%T) is no figure", v, v)
	return 0
}

func TestGroupsApart(t *testing.T) {
	ws := plantedShop(t, 4000)
	t.Run("segment", func(t *testing.T) { explainsSegment(t, ws) })
	t.Run("thin", func(t *testing.T) { explainsThinSegments(t, ws) })
	t.Run("compare", func(t *testing.T) { comparesSegments(t, ws) })
	t.Run("arguments", func(t *testing.T) { refusesArguments(t, ws) })
	t.Run("planted", func(t *testing.T) { findsThePlant(t, ws) })
	t.Run("customer", func(t *testing.T) { tellsACustomer(t, ws) })
}

// explainsSegment holds what is told against count_segment and measure.
func explainsSegment(t *testing.T, ws store.Workspace) {
	const formula = `count(order where category = "Shoes", last 1y) >= 1`
	who := tools.Caller{Language: "en"}
	r := run(t, ws, who, "explain_segment", tools.ExplainSegmentArgs{Formula: formula})
	counted := run(t, ws, who, "count_segment", tools.CountSegmentArgs{Formula: formula})
	if r.Values["size"] != counted.Values["size"] || r.Values["size"].(int)+r.Values["others"].(int) != 4000 {
		t.Errorf("%v customers against %v, counted %v", r.Values["size"], r.Values["others"], counted.Values["size"])
	}
	if r.Values["shown"] != 12 || r.Values["found"].(int) > r.Values["looks"].(int) || r.Values["by_definition"] == 0 {
		t.Errorf("values %v", r.Values)
	}
	definition, last := false, 100.0
	for _, row := range cellsOf(r) {
		if row["effect"] == nil {
			continue // a further word of a category
		}
		switch {
		case row["strength"] == "definition":
			definition = true
			continue
		case definition:
			t.Errorf("%v comes after what is by definition", row["what"])
		}
		effect := max(figureCell(t, row["effect"]), -figureCell(t, row["effect"]))
		if effect > last || effect < explain.Least {
			t.Errorf("%v: an effect of %v after %v", row["what"], effect, last)
		}
		last = effect
		narrowed := run(t, ws, who, "count_segment", tools.CountSegmentArgs{Formula: formula + " and " + row["condition"].(string)})
		others := run(t, ws, who, "count_segment", tools.CountSegmentArgs{Formula: "not " + formula + " and " + row["condition"].(string)})
		in, out := float64(narrowed.Values["size"].(int))/float64(r.Values["size"].(int)), float64(others.Values["size"].(int))/float64(r.Values["others"].(int))
		if in <= out {
			t.Errorf("%v is true of %v of the segment and %v of the others", row["condition"], in, out)
		}
		if row["unit"] == "rate" && row["low"] != nil && (figureCell(t, row["low"]) > figureCell(t, row["difference"]) || figureCell(t, row["high"]) < figureCell(t, row["difference"])) {
			t.Errorf("%v: %v is not within %v to %v", row["what"], row["difference"], row["low"], row["high"])
		}
	}
	// The mean that is told is the one that measure takes over those who have it.
	visits := run(t, ws, who, "explain_segment", tools.ExplainSegmentArgs{Formula: formula, Layers: []string{"engagement"}, Top: 100})
	at := slices.IndexFunc(cellsOf(visits), func(row map[string]any) bool { return row["what"] == "number of visit" })
	if at < 0 {
		t.Fatal("visits are not told")
	}
	m := run(t, ws, who, "measure", tools.MeasureArgs{Measures: []string{"per_customer(count(visit, last 1y), mean)"}, Formula: formula})
	want := figureCell(t, m.Values["per_customer(count(visit, last 1y), mean)"])
	if got := figureCell(t, cellsOf(visits)[at]["segment"]); got-want > 0.05 || want-got > 0.05 {
		t.Errorf("visits a head: %v, measured %v", got, want)
	}
	// What restates the conditions is cut to a few rows, which no top changes.
	narrow := run(t, ws, who, "explain_segment", tools.ExplainSegmentArgs{Formula: "count(order, last 90d) >= 2 and sum(order.amount, last 1y) > 20", Top: 100})
	if narrow.Values["by_definition"] != 3 || slices.ContainsFunc(narrow.Notes, func(n string) bool { return strings.Contains(n, "more with top") }) {
		t.Errorf("%v, %q", narrow.Values, narrow.Notes)
	}
	// Equal on one core and on two, and told in each language.
	before := runtime.GOMAXPROCS(1)
	again := run(t, ws, who, "explain_segment", tools.ExplainSegmentArgs{Formula: formula})
	runtime.GOMAXPROCS(before)
	if again.Fingerprint != r.Fingerprint {
		t.Error("another fingerprint on one core")
	}
	for _, lang := range []string{"es", "pt"} {
		told := run(t, ws, tools.Caller{Language: lang}, "explain_segment", tools.ExplainSegmentArgs{Formula: formula})
		if told.Title == r.Title || told.Rows[0][1] == r.Rows[0][1] || slices.Equal(told.Notes, r.Notes) || told.Rows[0][2] != r.Rows[0][2] {
			t.Errorf("%s: %s, %v", lang, told.Title, told.Rows[0])
		}
	}
}

func explainsThinSegments(t *testing.T, ws store.Workspace) {
	for _, c := range []struct {
		formula, against, note string
		size, others           int
	}{
		{"nobody", "", "Nobody is in the segment", 0, 4000},
		{"everyone", "", "nobody is left", 4000, 0},
		{"top 1 by sum(order.amount)", "", "has 1 customer: too few", 1, 3999},
		{"everyone", "nobody", "Nobody is left", 4000, 0},
		{"count(order) >= 1", "count(order) >= 2", "Nobody is left", -1, 0},
	} {
		r := run(t, ws, tools.Caller{Language: "en"}, "explain_segment", tools.ExplainSegmentArgs{Formula: c.formula, Against: c.against})
		if len(r.Rows) != 0 || r.Values["others"] != c.others || c.size >= 0 && r.Values["size"] != c.size || !strings.Contains(strings.Join(r.Notes, "\n"), c.note) {
			t.Errorf("%s against %q: %v, %d rows, notes %q", c.formula, c.against, r.Values, len(r.Rows), r.Notes)
		}
	}
}

func comparesSegments(t *testing.T, ws store.Workspace) {
	for _, c := range []struct{ a, b, note string }{
		{`country = "Spain"`, `country = "Portugal"`, ""},
		{`country = "Spain"`, "count(order) >= 2", "left out of both sides"},
		{"count(order) >= 3", "count(order) >= 2", "All of A are in B"},
		{"count(order) >= 2", "count(order) >= 3", "All of B are in A"},
		{"count(order) >= 2", "count(order) > 1", "the very same customers"},
		{"nobody", "count(order) > 1", "Nobody is in A"},
	} {
		r := run(t, ws, tools.Caller{Language: "en"}, "compare_segments", tools.CompareSegmentsArgs{A: c.a, B: c.b})
		v := func(name string) int { return r.Values[name].(int) }
		if v("only_a")+v("both") != v("size_a") || v("only_b")+v("both") != v("size_b") || v("only_a")+v("only_b")+v("both")+v("neither") != v("base") {
			t.Errorf("%s, %s: %v", c.a, c.b, r.Values)
		}
		if c.note != "" && !strings.Contains(strings.Join(r.Notes, "\n"), c.note) {
			t.Errorf("%s, %s: notes %q", c.a, c.b, r.Notes)
		}
		if nothing := c.note == "the very same customers" || c.a == "nobody"; nothing != (len(r.Rows) == 0) {
			t.Errorf("%s, %s: %d rows", c.a, c.b, len(r.Rows))
		}
		for _, row := range cellsOf(r) {
			if row["strength"] == "shared" && (row["difference"] != nil || row["a"] == nil || row["b"] == nil) {
				t.Errorf("shared: %v", row)
			}
		}
	}
	// What two groups of buyers share against all who never bought is told.
	r := run(t, ws, tools.Caller{Language: "en"}, "compare_segments", tools.CompareSegmentsArgs{A: `count(order) >= 1 and country = "Spain"`, B: `count(order) >= 1 and country = "Portugal"`})
	if r.Values["shared"] == 0 {
		t.Errorf("nothing is shared: %v", r.Values)
	}
}

func refusesArguments(t *testing.T, ws store.Workspace) {
	for _, c := range []struct{ tool, args, field, message string }{
		{"explain_segment", `{}`, "formula", ""},
		{"explain_segment", `{"formula": "contry is set"}`, "formula", "at 1"},
		{"explain_segment", `{"formula": "everyone", "against": "contry is set"}`, "against", "at 1"},
		{"explain_segment", `{"formula": "country is set", "layers": ["behavior"]}`, "layers", "there is no layer"},
		{"explain_segment", `{"formula": "everyone", "top": 0}`, "top", ""},
		{"compare_segments", `{"a": "everyone"}`, "b", ""},
		{"compare_segments", `{"a": "everyone", "b": "nobdy"}`, "b", ""},
	} {
		_, err := tools.NewBox(ws).Call(context.Background(), tools.Caller{Language: "en"}, c.tool, []byte(c.args))
		var bad *tools.ArgumentError
		if !errors.As(err, &bad) || bad.Field != c.field || !strings.Contains(bad.Message, c.message) {
			t.Errorf("%s %s: %v", c.tool, c.args, err)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := tools.NewBox(ws).Call(ctx, tools.Caller{}, "explain_segment", []byte(`{"formula": "count(order) >= 2"}`)); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// findsThePlant sets each hidden kind of customer against all others: among
// what is told is the mark that it was planted with, on its side.
func findsThePlant(t *testing.T, ws store.Workspace) {
	ctx := context.Background()
	src, err := ws.Source(ctx)
	must(t, err)
	at := src.Schema().Now()
	f, err := syntax.Parse("count(order) >= 1")
	must(t, err)
	loaded, err := contrast.Compare(ctx, contrast.Query{A: f, Build: feature.Options{Most: 40}}, src, at)
	must(t, err)
	truth, err := demo.Plant(demo.Options{Customers: 4000})
	must(t, err)
	ids, err := src.CustomerIDs(ctx)
	must(t, err)
	for _, c := range []struct {
		persona string
		marks   []string // parts of keys of features, all of which are larger
	}{
		{"premium loyalist", []string{"hour between 6 and 11", "count(order,", "avg"}},
		{"weekend family", []string{"weekday in (6, 7)"}},
		{"deal hunter", []string{"discount is set"}},
		{"gift season buyer", []string{"gift = true"}},
		{"night trend follower", []string{"hour between 18 and 23"}},
		{"browser who never buys", nil},
	} {
		set := segment.NewSet(src.Schema().Customers)
		for _, p := range truth {
			if code, ok := ids.Code(p.ID); ok && p.Persona == c.persona {
				set.Add(int(code) - 1)
			}
		}
		found, err := loaded.Again(ctx, set, set.Not(), explain.Options{})
		must(t, err)
		larger := map[string]bool{}
		note := func(key string, l explain.Look) {
			larger[key] = larger[key] || l.D > 0
		}
		never := false
		for _, d := range found.Differences {
			note(d.Feature.Key(), d.Look)
			for _, fold := range d.Folded {
				note(loaded.Table.Features[fold.Column].Key(), fold.Look)
			}
			never = never || d.Aspect == explain.Known && strings.Contains(d.Feature.Key(), "order") && d.A == 0
		}
		for _, mark := range c.marks {
			if mark == "avg" {
				mark = "sum(order.amount, last 1y) / "
			}
			hit := false
			for key, up := range larger {
				hit = hit || up && strings.Contains(key, mark)
			}
			if !hit {
				t.Errorf("%s: %q is not told", c.persona, mark)
			}
		}
		if c.marks == nil && !never {
			t.Errorf("%s: that they never bought is not told", c.persona)
		}
	}
}

func tellsACustomer(t *testing.T, ws store.Workspace) {
	ctx := context.Background()
	must(t, ws.SaveSegment(ctx, store.Segment{Name: "Buyers", Formula: "count(order) >= 1"}))
	must(t, ws.SaveSegment(ctx, store.Segment{Name: "Nobody", Formula: "count(order) >= 100000"}))
	must(t, ws.SaveSegment(ctx, store.Segment{Name: "Broken", Formula: "nosuch is set"}))
	list := run(t, ws, tools.Caller{Language: "en", Person: true}, "list_customers", tools.ListCustomersArgs{Formula: "email is set and birthday is set", By: "count(order)", Limit: 1, With: []string{"email"}})
	id, email := list.Rows[0][0].(string), ""
	for i, c := range list.Columns {
		if c.Name == "email" {
			email = list.Rows[0][i].(string)
		}
	}
	r := run(t, ws, tools.Caller{Language: "en"}, "explain_customer", tools.ExplainCustomerArgs{Customer: id})
	parts := map[string]int{}
	for _, row := range cellsOf(r) {
		parts[row["part"].(string)]++
		if row["part"] == "segment" && (row["what"] != "Buyers" || row["value"] != "count(order) >= 1") {
			t.Errorf("segment %v", row)
		}
	}
	for _, part := range []string{"now", "moment", "segment", "activity", "trait", "month"} {
		if parts[part] == 0 {
			t.Errorf("no row of %s: %v", part, parts)
		}
	}
	measured := run(t, ws, tools.Caller{Language: "en"}, "list_customers", tools.ListCustomersArgs{Formula: "everyone", By: "count(order)", Limit: 1})
	if r.Values["segments"] != 1 || fmt.Sprint(r.Values["purchases"]) != fmt.Sprint(measured.Rows[0][1]) || !strings.Contains(strings.Join(r.Notes, "\n"), "no longer fits") {
		t.Errorf("values %v, counted %v, notes %q", r.Values, measured.Rows[0], r.Notes)
	}
	if text := rowsText(r); strings.Contains(text, email) || !strings.Contains(strings.Join(r.Notes, "\n"), "email") {
		t.Errorf("a model is told the address: %s", text)
	}
	if r = run(t, ws, tools.Caller{Language: "en", Person: true}, "explain_customer", tools.ExplainCustomerArgs{Customer: id}); !strings.Contains(rowsText(r), email) {
		t.Error("a person is not told the address")
	}
	_, err := tools.NewBox(ws).Call(ctx, tools.Caller{Language: "en"}, "explain_customer", []byte(`{"customer": "nobody at all"}`))
	var bad *tools.ArgumentError
	if !errors.As(err, &bad) || bad.Field != "customer" {
		t.Errorf("an id that nobody has: %v", err)
	}
}

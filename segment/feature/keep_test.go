package feature_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"tesela/segment"
	"tesela/segment/feature"
	"tesela/segment/syntax"
)

// loaded builds and loads everything of a world.
func loaded(t *testing.T, text string) *feature.Table {
	t.Helper()
	_, src, c := world(t, text)
	fs, err := feature.From(context.Background(), src, c.At, feature.Options{})
	if err != nil {
		t.Fatal(err)
	}
	table, err := feature.Load(context.Background(), src, c.At, fs)
	if err != nil {
		t.Fatal(err)
	}
	if len(table.Features)+len(table.Dropped) != len(fs) {
		t.Errorf("%d kept and %d dropped of %d", len(table.Features), len(table.Dropped), len(fs))
	}
	return table
}

// TestDropsWhatTellsNobodyApart gives worlds in which columns are constant.
func TestDropsWhatTellsNobodyApart(t *testing.T) {
	one := loaded(t, "load\nrole purchase order\nrole amount order.amount\ncustomers country:text\n  a ES\nevent order amount:money\n  a 2025-01-01 5.00\nat 2025-06-01\n")
	if len(one.Features) != 0 || len(one.Dropped) == 0 {
		t.Errorf("one customer is told apart by %v", keys(one.Features))
	}
	var same strings.Builder
	same.WriteString("load\nrole purchase order\nrole amount order.amount\ncustomers country:text age:number\n")
	for i := range 40 {
		fmt.Fprintf(&same, "  c%d ES 30\n", i)
	}
	same.WriteString("event order amount:money\n")
	for i := range 40 {
		fmt.Fprintf(&same, "  c%d 2025-01-01 5.00\n", i)
	}
	same.WriteString("at 2025-06-01\n")
	if table := loaded(t, same.String()); len(table.Features) != 0 {
		t.Errorf("identical customers are told apart by %v", keys(table.Features))
	}
	nobody := loaded(t, "load\ncustomers country:text age:number\n  a ES 3\n  b PT 4\n  c PT 4\n  d PT 5\nat 2025-06-01\n")
	if got := keys(nobody.Features); !slices.Equal(got, []string{"age", "country"}) {
		t.Errorf("without events customers are told apart by %v", got)
	}
	reasons := map[string]feature.Reason{}
	for _, d := range loaded(t, zoo).Dropped {
		reasons[d.Feature.Key()] = d.Reason
	}
	if r := reasons[`count(order where hour between 0 and 5, last 1y) / count(order, last 1y)`]; r != "" {
		t.Errorf("orders by night differ, yet are dropped as %s", r)
	}
}

func keys(fs []feature.Feature) []string {
	var all []string
	for _, f := range fs {
		all = append(all, f.Key())
	}
	return all
}

// TestUnknownIsDropped loads a feature whose word the data lacks beside one
// that it knows.
func TestUnknownIsDropped(t *testing.T) {
	_, src, c := world(t, zoo)
	v, err := syntax.ParseValue(`count(order where category = "Boats")`)
	if err != nil {
		t.Fatal(err)
	}
	fs, err := feature.Own(src.Schema(), "mine", []syntax.Value{v, &syntax.Name{Name: "country"}})
	if err != nil {
		t.Fatal(err)
	}
	table, err := feature.Load(context.Background(), src, c.At, fs)
	if err != nil {
		t.Fatal(err)
	}
	if len(table.Features) != 1 || table.Find("country") != 0 || len(table.Dropped) != 1 || table.Dropped[0].Reason != feature.Unknown || table.Dropped[0].Err == nil {
		t.Errorf("kept %v, dropped %v", keys(table.Features), table.Dropped)
	}
}

// TestOwnLayers makes layers of one's own of each kind of value.
func TestOwnLayers(t *testing.T) {
	_, src, c := world(t, zoo)
	var values []syntax.Value
	for _, text := range []string{`count(order, last 90d)`, `country`, `ok_mail`, `joined`, `last(order)`, `lifecycle`, `2 * size`, `sum(order.amount)`, `count(order, last 90d)`} {
		v, err := syntax.ParseValue(text)
		if err != nil {
			t.Fatal(err)
		}
		values = append(values, v)
	}
	fs, err := feature.Own(src.Schema(), "mine", values)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"count(order, last 90d) number count count", "country category  trait", "ok_mail category  trait", "joined number days since", "last(order) number days recency",
		"lifecycle category  label", "2 * size number  formula", "sum(order.amount) number money sum",
	}
	var got []string
	for _, f := range fs {
		kind := map[feature.Kind]string{feature.Number: "number", feature.Category: "category"}[f.Kind]
		got = append(got, fmt.Sprintf("%s %s %s %s", f.Key(), kind, f.Unit, f.Says.Form))
	}
	if !slices.Equal(got, want) {
		t.Errorf("own layer is\n%s\nnot\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	agree(t, src, c, fs)
	for _, bad := range []struct{ layer, value, says string }{
		{"", "country", "name"},
		{"value", "country", "built-in"},
		{"mine", "height", "height"},
		{"mine", "tags", "tags"},
	} {
		v, err := syntax.ParseValue(bad.value)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := feature.Own(src.Schema(), bad.layer, []syntax.Value{v}); err == nil || !strings.Contains(err.Error(), bad.says) {
			t.Errorf("layer %q of %s: %v", bad.layer, bad.value, err)
		}
	}
}

// TestOptions: layers alone, fewer features, fields excepted, another window.
func TestOptions(t *testing.T) {
	ctx := context.Background()
	_, src, c := world(t, zoo)
	fs, err := feature.From(ctx, src, c.At, feature.Options{
		Layers: []string{feature.Demography, feature.Behaviour}, Most: 3, Always: true,
		Except: func(r segment.FieldRef) bool { return r.Name == "country" },
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"days_since(order)", "count(order)", "active_months(order)", "born", "joined", "size"}
	if got := keys(fs); !slices.Equal(got, want) {
		t.Errorf("got %v, not %v", got, want)
	}
	seen := map[string]bool{}
	for _, f := range feature.Build(src.Schema(), feature.Options{Most: 100}) {
		if seen[f.Key()] {
			t.Errorf("%s is built twice", f.Key())
		}
		seen[f.Key()] = true
	}
}

// TestCut wants round numbers that part two figures.
func TestCut(t *testing.T) {
	for _, c := range []struct{ low, high, want float64 }{
		{3, 4, 4}, {12, 47, 30}, {0, 1, 1}, {0.31, 0.36, 0.35}, {99.5, 100.5, 100}, {-3, 5, 0}, {1.0 / 3, 2.0 / 3, 0.5}, {1234, 1299, 1250}, {0.1, 0.1000001, 0.1000001},
	} {
		if got := feature.Cut(c.low, c.high); got != c.want {
			t.Errorf("between %v and %v lies %v, not %v", c.low, c.high, got, c.want)
		}
	}
}

// TestCancel ends at once when asked to.
func TestCancel(t *testing.T) {
	_, src, c := world(t, zoo)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := feature.Load(ctx, src, c.At, feature.Build(src.Schema(), feature.Options{})); err == nil {
		t.Error("a cancelled load gave a table")
	}
}

package contrast_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"tesela/segment"
	"tesela/segment/contrast"
	"tesela/segment/explain"
	"tesela/segment/segmenttest"
	"tesela/segment/syntax"
)

// shop is a world of 120 customers: the first 40 live in Portugal and buy
// shoes on Saturdays, the others bags on weekdays; the first ten and the last
// ten never bought.
func shop() string {
	var b strings.Builder
	b.WriteString(`load
zone UTC
currency EUR 2
role purchase order
role amount order.amount
role category order.category
role refund refund
role country country
customers country:text joined:time news:bool
`)
	for i := range 120 {
		country := []string{"ES", "FR"}[i%2]
		if i < 40 {
			country = "PT"
		}
		fmt.Fprintf(&b, "  c%03d %s 2024-01-%02dT10:00 %v\n", i, country, 1+i%28, i%3 == 0)
	}
	b.WriteString("event order id amount:money category:text\n")
	for i := 10; i < 110; i++ {
		for k := range 2 + i%3 {
			category, day := "Bags", 3+k // from Tuesday 3 June 2025
			if i < 40 {
				category, day = "Shoes", 7 // a Saturday
			}
			fmt.Fprintf(&b, "  c%03d 2025-06-%02dT10:%02d o%d-%d %d.50 %s\n", i, day, k, i, k, 10+i%7, category)
		}
	}
	b.WriteString("event refund amount:money\n  c050 2025-06-09T10:00 3.00\n")
	b.WriteString(`save Portuguese = country = "PT"` + "\n")
	b.WriteString("at 2025-06-16\neval everyone -> none\n")
	return b.String()
}

func world(t *testing.T, text string) (segment.Source, segmenttest.Case) {
	t.Helper()
	cases, err := segmenttest.ParseFile("world", text)
	if err != nil {
		t.Fatal(err)
	}
	src, err := segmenttest.NewSource(cases[0].World)
	if err != nil {
		t.Fatal(err)
	}
	return src, cases[0]
}

func parse(t *testing.T, text string) syntax.Formula {
	t.Helper()
	f, err := syntax.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestCompare(t *testing.T) {
	src, at := world(t, shop())
	c, err := contrast.Compare(context.Background(), contrast.Query{A: parse(t, `segment "Portuguese"`)}, src, at.At)
	if err != nil {
		t.Fatal(err)
	}
	if c.A.Len() != 40 || c.B.Len() != 80 || c.Both.Len() != 0 || c.Report.Looks == 0 {
		t.Fatalf("%d against %d, %d in both, %d looks", c.A.Len(), c.B.Len(), c.Both.Len(), c.Report.Looks)
	}
	byKey := map[string]contrast.Difference{}
	last := false
	for _, d := range c.Differences {
		byKey[d.Feature.Key()] = d
		if last && !d.Definition {
			t.Errorf("%s comes after what is by definition", d.Feature.Key())
		}
		last = d.Definition
		for _, f := range d.Folded {
			byKey[c.Table.Features[f.Column].Key()] = d
		}
	}
	if d := byKey["country"]; !d.Definition || len(d.Words) == 0 || d.Condition.String() != `country = "PT"` || d.ShareA != 1 || d.ShareB != 0 {
		t.Errorf("country: %+v, condition %v", d.Look, d.Condition)
	}
	// All who are not from Portugal bought bags, and not on a Saturday: two things,
	// for within the groups neither goes with the other, nor with the country.
	bags := byKey[`count(order where category = "Bags", last 1y) / count(order, last 1y)`]
	weekend := byKey["count(order where weekday in (6, 7), last 1y) / count(order, last 1y)"]
	if bags.Definition || bags.A != 0 || bags.B != 1 || weekend.Definition || weekend.A != 1 || weekend.B != 0 {
		t.Errorf("bags: %+v; on weekends: %+v", bags, weekend)
	}
	conditionsAgree(t, src, at, c)
}

// conditionsAgree evaluates every condition: it is true of just the shares told.
func conditionsAgree(t *testing.T, src segment.Source, at segmenttest.Case, c *contrast.Contrast) {
	t.Helper()
	for _, d := range c.Differences {
		if d.Condition == nil {
			t.Errorf("%s has no condition", d.Feature.Key())
			continue
		}
		f := parse(t, d.Condition.String())
		plan, err := segment.Compile(context.Background(), f, src, at.At)
		if err != nil {
			t.Errorf("%s: %v", d.Condition, err)
			continue
		}
		set, err := plan.Run(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		a := float64(set.And(c.A).Len()) / float64(c.A.Len())
		b := float64(set.And(c.B).Len()) / float64(c.B.Len())
		if diff := abs(a-d.ShareA) + abs(b-d.ShareB); diff > 1e-9 {
			t.Errorf("%s is true of %v and %v, told are %v and %v", d.Condition, a, b, d.ShareA, d.ShareB)
		}
		if a <= b {
			t.Errorf("%s is true of %v of A and %v of B", d.Condition, a, b)
		}
	}
}

func abs(x float64) float64 { return max(x, -x) }

// Whoever is in both groups is of A, or is left out of both.
func TestOverlap(t *testing.T) {
	src, at := world(t, shop())
	for _, c := range []struct {
		apart           bool
		a, b, both, all int
	}{{false, 40, 50, 30, 40}, {true, 10, 50, 30, 40}} {
		// 30 of the 40 Portuguese have bought, and 50 of those who are from Spain or France and odd.
		q := contrast.Query{A: parse(t, `country = "PT"`), B: parse(t, `count(order) > 0 and country != "ES"`), Apart: c.apart}
		got, err := contrast.Compare(context.Background(), q, src, at.At)
		if err != nil {
			t.Fatal(err)
		}
		if got.Both.Len() != 30 || got.A.Len() != c.a || got.WholeA.Len() != 40 || got.A.And(got.B).Len() != 0 || got.WholeB.Len() != got.B.Len()+30 {
			t.Errorf("apart %v: %d against %d, %d in both", c.apart, got.A.Len(), got.B.Len(), got.Both.Len())
		}
	}
}

func TestNobodyToCompare(t *testing.T) {
	src, at := world(t, shop())
	for _, text := range []string{"nobody", "everyone"} {
		c, err := contrast.Compare(context.Background(), contrast.Query{A: parse(t, text)}, src, at.At)
		if err != nil || c.Report.Looks != 0 || len(c.Differences) != 0 || c.A.Len()+c.B.Len() != 120 {
			t.Errorf("%s: %+v, %v", text, c, err)
		}
	}
	_, err := contrast.Compare(context.Background(), contrast.Query{A: parse(t, "contry is set")}, src, at.At)
	if fault := (*syntax.Error)(nil); !errors.As(err, &fault) {
		t.Errorf("a name that is not there: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := contrast.Compare(ctx, contrast.Query{A: parse(t, `country = "PT"`)}, src, at.At); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// What restates a formula, and what does not though it is of the same event.
func TestByDefinition(t *testing.T) {
	src, at := world(t, shop())
	const (
		orders   = "count(order, last 1y)"
		recency  = "days_since(order)"
		spend    = "sum(order.amount, last 1y) - sum(refund.amount, last 1y)"
		basket   = "sum(order.amount, last 1y) / count(order, last 1y)"
		shoes    = `count(order where category = "Shoes", last 1y) / count(order, last 1y)`
		bags     = `count(order where category = "Bags", last 1y) / count(order, last 1y)`
		weekend  = "count(order where weekday in (6, 7), last 1y) / count(order, last 1y)"
		country  = "country"
		news     = "news"
		lifetime = "first(order)"
	)
	all := []string{orders, recency, spend, basket, shoes, bags, weekend, country, news, lifetime}
	for _, c := range []struct {
		formula string
		want    []string
	}{
		{`country = "PT"`, []string{country}},
		{`country = "PT" and not news = true`, []string{country, news}},
		{`segment "Portuguese"`, []string{country}},
		{"count(order) >= 3", []string{orders}},
		{"count(order, last 90d) >= 3", []string{orders, recency}},
		{"days_since(order) > 5", []string{recency}},
		{"sum(order.amount) > 30", []string{spend}},
		{"avg(order.amount) > 3", nil},
		{`count(order where category = "Shoes") >= 1`, []string{shoes}},
		{`count(order where category = "Shoes", last 90d) >= 1`, []string{shoes, recency}},
		{`count(order where category != "Shoes") >= 1`, []string{shoes, bags}},
		{"count(order where weekday = 6) / count(order) > 0.5", []string{weekend}},
		{"first(order) before 2025-06-08", []string{lifetime}},
		{"sequence(order, order, within 30d)", []string{orders, recency}},
		{`lifecycle = "new"`, []string{recency, lifetime}},
		{`rfm = "Champions"`, []string{orders, recency, spend}},
		{"top 10% by sum(order.amount, last 1y)", []string{recency, spend}},
		{"everyone", nil},
	} {
		definition := contrast.DefinitionOf(src, parse(t, c.formula))
		for _, key := range all {
			want := false
			for _, w := range c.want {
				want = want || w == key
			}
			v, err := syntax.ParseValue(key)
			if err != nil {
				t.Fatal(err)
			}
			if got := definition.Restates(contrast.FeatureOf(v), explain.Values); got != want {
				t.Errorf("%s, of %s: %v", key, c.formula, got)
			}
		}
	}
	// That somebody bought at all is by definition of any who must have.
	v, _ := syntax.ParseValue(weekend)
	if !contrast.DefinitionOf(src, parse(t, `count(order where category = "Shoes") >= 1`)).Restates(contrast.FeatureOf(v), explain.Known) {
		t.Error("having bought is not by definition of buyers of shoes")
	}
	_ = at
}

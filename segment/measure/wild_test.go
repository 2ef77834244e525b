package measure_test

import (
	"context"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"tesela/segment/measure"
	"tesela/segment/syntax"
	"tesela/segment/syntax/syntaxtest"
)

// shopWords is the vocabulary of the shop.
func shopWords() syntaxtest.Vocabulary {
	return syntaxtest.Vocabulary{
		Traits: []syntaxtest.Field{{Name: "country", Kind: "text", Values: []string{"UK", "DE"}}, {Name: "age", Kind: "number", Values: []string{"30", "50"}}},
		Events: []syntaxtest.Event{
			{Name: "order", Props: []syntaxtest.Field{
				{Name: "amount", Kind: "money", Values: []string{"5", "20", "100"}},
				{Name: "category", Kind: "text", Values: []string{"Shoes", "Bags"}},
				{Name: "quantity", Kind: "number", Values: []string{"1", "2"}},
				{Name: "gift", Kind: "bool"},
			}},
			{Name: "visit", Props: []syntaxtest.Field{{Name: "page", Kind: "text", Values: []string{"home", "shoes"}}}},
		},
		Start: "2011-01-01", End: "2011-05-01", Depth: 2,
	}
}

// TestWild asks anything that has a tree, and much that passes checking: there
// is an answer or an error, never a panic.
func TestWild(t *testing.T) {
	src, at := source(t, strings.Replace(shop, "zone Europe/London\n", "", 1))
	r := rand.New(rand.NewPCG(3, 11))
	odd := []string{
		"", "country", "likes", "age", "order.category", "order.amount", "visit.page", "`order`.`gift`", "order.", ".", "count(order) > 2",
		"first(order)", "avg(order.amount)", "days_since(visit)", "\"x\"", "1", "order.category.x", "segment \"x\"",
	}
	windows := []*syntax.Window{nil, nil}
	for range 20 {
		windows = append(windows, syntaxtest.AnyWindow(r))
	}
	answered := 0
	for range 4000 {
		q := measure.Query{Window: windows[r.IntN(len(windows))], Top: r.IntN(4), Ascending: r.IntN(2) == 0, Shares: r.IntN(2) == 0}
		switch r.IntN(4) {
		case 0:
			q.Measures = []string{syntaxtest.AnyMeasure(r).String()}
		case 1:
			q.Measures = []string{"customers(" + syntaxtest.Random(r, shopWords()).String() + ")", "orders"}
		case 2:
			q.Measures = []string{"per_customer(days_since(order), p90)", "earliest(order.category)", "last(visit)"}
			q.Base = syntaxtest.Random(r, shopWords())
		default:
			q.Measures = []string{"revenue", "repeat_rate", "days_between", "active_weeks(visit)", "distinct(order.amount)", "max(order.quantity)"}
		}
		if r.IntN(4) == 0 {
			q.Where = syntaxtest.AnyFilter(r)
		}
		for range r.IntN(3) {
			q.GroupBy = append(q.GroupBy, odd[r.IntN(len(odd))])
		}
		if r.IntN(2) == 0 {
			q.Per = []string{"day", "week", "month", "quarter", "year", "weekday", "hour", "decade"}[r.IntN(8)]
		}
		p, err := measure.Compile(context.Background(), q, src, at)
		if err != nil {
			continue
		}
		if p.String() == "" {
			t.Fatalf("%+v: an empty plan", q)
		}
		ctx, cancel := context.WithTimeout(context.Background(), 3*time.Second)
		begin := time.Now()
		table, err := p.Run(ctx)
		cancel()
		if d := time.Since(begin); d > time.Second {
			t.Logf("%v %v: %+v", d, err, p)
		}
		if err != nil {
			continue
		}
		answered++
		for _, row := range table.Rows {
			if len(row) != len(table.Columns) {
				t.Fatalf("%+v: row %v under %v", q, row, table.Columns)
			}
		}
	}
	if answered < 500 {
		t.Errorf("only %d of 4000 were answered", answered)
	}
}

package measure_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/segment/measure"
	"tesela/segment/syntax"
)

// columns is a source of ready-made columns.
type columns struct {
	schema *segment.Schema
	world  *column.World
	ids    *column.Dict
}

func (c *columns) Schema() *segment.Schema { return c.schema }
func (c *columns) Dict(_ context.Context, f segment.FieldRef) (*column.Dict, error) {
	if f.Event == "" {
		return c.world.Traits[f.Name].Dict, nil
	}
	return c.world.Tables[f.Event].Props[f.Name].Dict, nil
}
func (c *columns) Load(context.Context, segment.Need) (*column.World, error) { return c.world, nil }
func (c *columns) CustomerIDs(context.Context) (*column.Dict, error)         { return c.ids, nil }
func (c *columns) Saved(string) (syntax.Formula, bool)                       { return nil, false }

// bigShop has ten rows per customer on average, three rows an order, over two
// years, with skewed categories and products.
func bigShop(rows int) *columns {
	r := rand.New(rand.NewPCG(1, 2))
	zone, err := time.LoadLocation("Europe/London")
	if err != nil {
		zone = time.UTC
	}
	customers := rows / 10
	words := func(prefix string, n int) *column.Dict {
		all := make([]string, n)
		for i := range all {
			all[i] = fmt.Sprint(prefix, i)
		}
		return column.NewDict(all)
	}
	t := &column.Table{Event: "order", Props: map[string]*column.Column{
		"amount":   {Kind: column.Money},
		"category": {Kind: column.Text, Dict: words("cat", 20)},
		"product":  {Kind: column.Text, Dict: words("p", 4000)},
		"quantity": {Kind: column.Number},
	}}
	start := time.Date(2022, 1, 1, 0, 0, 0, 0, zone).UnixMicro()
	const span = int64(730 * 86400 * 1e6)
	id := uint32(0)
	country := &column.Column{Kind: column.Text, Dict: words("country", 30), Codes: make([]uint32, customers)}
	for c := range customers {
		country.Codes[c] = 1 + uint32(r.IntN(30)*r.IntN(30)/30)
		n := r.IntN(20)
		if n == 0 {
			continue
		}
		t.Who = append(t.Who, uint32(c))
		t.Starts = append(t.Starts, uint32(len(t.Times)))
		at := start + r.Int64N(span/2)
		for k := range n {
			if k%3 == 0 {
				id++
				at += r.Int64N(span / 14)
			}
			t.Times = append(t.Times, at)
			t.IDs = append(t.IDs, id)
			p := t.Props
			p["amount"].Ints = append(p["amount"].Ints, int64(r.IntN(10000)))
			p["category"].Codes = append(p["category"].Codes, 1+uint32(r.IntN(20)*r.IntN(20)/20))
			p["product"].Codes = append(p["product"].Codes, 1+uint32(r.IntN(4000)*r.IntN(4000)/4000))
			p["quantity"].Floats = append(p["quantity"].Floats, float64(1+r.IntN(5)))
		}
	}
	t.Starts = append(t.Starts, uint32(len(t.Times)))
	schema := &segment.Schema{
		Customers: customers, Zone: zone, Currency: "GBP", Digits: 2,
		Roles:  map[string]string{"purchase": "order", "amount": "order.amount", "quantity": "order.quantity"},
		Traits: []segment.Field{{Name: "country", Kind: column.Text, Set: customers}},
		Events: []segment.Event{{
			Name: "order", Tied: true, Rows: len(t.Times), First: time.UnixMicro(start), Last: time.UnixMicro(start + 2*span),
			Props: []segment.Field{{Name: "amount", Kind: column.Money}, {Name: "category", Kind: column.Text}, {Name: "product", Kind: column.Text}, {Name: "quantity", Kind: column.Number}},
		}},
	}
	return &columns{schema: schema, ids: words("c", customers), world: &column.World{
		Customers: customers,
		Traits:    map[string]*column.Column{"country": country}, Tables: map[string]*column.Table{"order": t},
	}}
}

func benchRows() int {
	if n, err := strconv.Atoi(os.Getenv("TESELA_BENCH_ROWS")); err == nil {
		return n
	}
	return 1_000_000
}

func BenchmarkMeasure(b *testing.B) {
	src := bigShop(benchRows())
	at := time.Date(2024, 1, 1, 0, 0, 0, 0, src.schema.Zone)
	last := &syntax.Window{Kind: syntax.WindowLast, Duration: syntax.Duration{N: 90, Unit: syntax.Day}}
	where, err := syntax.ParseFilter(`category = "cat3"`)
	if err != nil {
		b.Fatal(err)
	}
	for name, q := range map[string]measure.Query{
		"total":            {Measures: []string{"revenue"}},
		"orders":           {Measures: []string{"orders"}},
		"month":            {Measures: []string{"revenue"}, Per: "month"},
		"month+category":   {Measures: []string{"revenue"}, Per: "month", GroupBy: []string{"order.category"}},
		"country":          {Measures: []string{"revenue", "orders", "buyers"}, GroupBy: []string{"country"}},
		"product top":      {Measures: []string{"revenue"}, GroupBy: []string{"order.product"}, Top: 10},
		"product day":      {Measures: []string{"revenue"}, GroupBy: []string{"order.product"}, Per: "week", Top: 10},
		"where":            {Measures: []string{"revenue"}, Where: where, Per: "month"},
		"last 90d":         {Measures: []string{"revenue", "buyers"}, Window: last},
		"distinct":         {Measures: []string{"distinct(order.product)"}, GroupBy: []string{"country"}},
		"median spend":     {Measures: []string{"per_customer(sum(order.amount), median)"}},
		"days_between":     {Measures: []string{"days_between"}},
		"aov weekday hour": {Measures: []string{"aov"}, Per: "hour"},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				p, err := measure.Compile(b.Context(), q, src, at)
				if err != nil {
					b.Fatal(err)
				}
				if _, err := p.Run(b.Context()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

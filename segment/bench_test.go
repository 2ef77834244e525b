package segment_test

import (
	"context"
	"math"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/segment/syntax"
)

// bigSource is a world of made-up orders, ten rows a customer, straight in
// columns.
type bigSource struct {
	schema *segment.Schema
	world  *column.World
	dicts  map[segment.FieldRef]*column.Dict
}

func (s *bigSource) Schema() *segment.Schema { return s.schema }

func (s *bigSource) Dict(_ context.Context, f segment.FieldRef) (*column.Dict, error) {
	return s.dicts[f], nil
}

func (s *bigSource) Load(context.Context, segment.Need) (*column.World, error) { return s.world, nil }

func (s *bigSource) CustomerIDs(context.Context) (*column.Dict, error) { return nil, nil }

func (s *bigSource) Saved(string) (syntax.Formula, bool) { return nil, false }

var bigEnd = time.Date(2012, 1, 1, 0, 0, 0, 0, time.UTC)

func newBigSource(customers int) *bigSource {
	rng := rand.New(rand.NewPCG(1, 2))
	words := []string{"Shoes", "Bags", "Hats", "Coats", "Belts", "Socks", "Gloves", "Scarves"}
	dict := column.NewDict(words)
	t := &column.Table{Event: "order", Props: map[string]*column.Column{}}
	amount := &column.Column{Kind: column.Money}
	category := &column.Column{Kind: column.Text, Dict: dict}
	country := &column.Column{Kind: column.Text, Dict: column.NewDict(words)}
	id := uint32(0)
	var times []int64
	for c := range customers {
		country.Codes = append(country.Codes, uint32(rng.IntN(9)))
		n := rng.IntN(21)
		if n == 0 {
			continue
		}
		t.Who = append(t.Who, uint32(c))
		t.Starts = append(t.Starts, uint32(len(t.Times)))
		times = times[:0]
		at := bigEnd.UnixMicro() - rng.Int64N(2*365*24*3600e6)/4
		for range n {
			times = append(times, at)
			if rng.IntN(2) == 0 {
				at -= rng.Int64N(60 * 24 * 3600e6)
			}
		}
		for k := n - 1; k >= 0; k-- {
			if k == n-1 || times[k] != times[k+1] {
				id++
			}
			t.Times = append(t.Times, times[k])
			t.IDs = append(t.IDs, id)
			amount.Ints = append(amount.Ints, rng.Int64N(10_000))
			category.Codes = append(category.Codes, 1+uint32(rng.IntN(8)))
		}
	}
	t.Starts = append(t.Starts, uint32(len(t.Times)))
	t.Props["amount"], t.Props["category"] = amount, category
	first := int64(math.MaxInt64)
	for _, at := range t.Times {
		first = min(first, at)
	}
	return &bigSource{
		schema: &segment.Schema{
			Customers: customers, Zone: time.UTC, Currency: "EUR", Digits: 2,
			Traits: []segment.Field{{Name: "country", Kind: column.Text}},
			Events: []segment.Event{{
				Name: "order", Rows: t.Len(), Tied: true, First: time.UnixMicro(first), Last: bigEnd,
				Props: []segment.Field{{Name: "amount", Kind: column.Money}, {Name: "category", Kind: column.Text}},
			}},
		},
		world: &column.World{Customers: customers, Traits: map[string]*column.Column{"country": country}, Tables: map[string]*column.Table{"order": t}},
		dicts: map[segment.FieldRef]*column.Dict{{Name: "country"}: country.Dict, {Event: "order", Name: "category"}: dict},
	}
}

// BenchmarkFormulas asks typical questions of TESELA_BENCH customers (default
// 100,000) with ten rows each.
func BenchmarkFormulas(b *testing.B) {
	customers := 100_000
	if n, err := strconv.Atoi(os.Getenv("TESELA_BENCH")); err == nil {
		customers = n
	}
	src := newBigSource(customers)
	for _, text := range []string{
		`country = "Shoes"`,
		`count(order) >= 5`,
		`count(order, last 90d) >= 3`,
		`days_since(order) > 60`,
		`count(order where category = "Shoes" and amount > 50, last 6mo) >= 1 and count(order where category = "Bags") = 0`,
		`sum(order.amount, last 1y) > 1000 and count(order, last 60d) = 0`,
		`sum(order.amount, last 90d) < 0.5 * sum(order.amount, from 180d ago to 90d ago)`,
		`distinct(order.category) >= 4`,
		`active_months(order) >= 5`,
		`top 10% by sum(order.amount, last 1y)`,
		`sequence(order where category = "Shoes", order where category = "Bags", within 30d)`,
		`avg(order.amount) > 50`,
	} {
		b.Run(text, func(b *testing.B) {
			f, err := syntax.Parse(text)
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				p, err := segment.Compile(b.Context(), f, src, bigEnd)
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

package probe_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/segment/probe"
	"tesela/segment/syntax"
)

// bigSource is made-up orders, ten a customer on average, in columns.
type bigSource struct {
	schema *segment.Schema
	world  *column.World
	dict   *column.Dict
}

func (s *bigSource) Schema() *segment.Schema { return s.schema }

func (s *bigSource) Dict(context.Context, segment.FieldRef) (*column.Dict, error) { return s.dict, nil }

func (s *bigSource) Load(context.Context, segment.Need) (*column.World, error) { return s.world, nil }

func (s *bigSource) CustomerIDs(context.Context) (*column.Dict, error) { return nil, nil }

func (s *bigSource) Saved(string) (syntax.Formula, bool) { return nil, false }

func newBigSource(customers int) (*bigSource, time.Time) {
	end := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	rng := rand.New(rand.NewPCG(5, 6))
	s := &bigSource{dict: column.NewDict([]string{"Germany", "France", "Spain", "Italy"})}
	country := &column.Column{Kind: column.Text, Dict: s.dict}
	amount := &column.Column{Kind: column.Money}
	t := &column.Table{Event: "order", Props: map[string]*column.Column{"amount": amount}}
	for c := range customers {
		country.Codes = append(country.Codes, uint32(rng.IntN(5)))
		n := rng.IntN(21)
		if n == 0 {
			continue
		}
		t.Who, t.Starts = append(t.Who, uint32(c)), append(t.Starts, uint32(len(t.Times)))
		at := end.Add(-time.Duration(n+rng.IntN(20)) * 30 * 24 * time.Hour).UnixMicro()
		for range n {
			at += rng.Int64N(30 * 24 * 3600e6)
			t.Times = append(t.Times, at)
			amount.Ints = append(amount.Ints, 100+rng.Int64N(20_000))
		}
	}
	t.Starts = append(t.Starts, uint32(len(t.Times)))
	s.world = &column.World{Customers: customers, Traits: map[string]*column.Column{"country": country}, Tables: map[string]*column.Table{"order": t}}
	s.schema = &segment.Schema{
		Customers: customers, Zone: time.UTC, Currency: "EUR", Digits: 2,
		Traits: []segment.Field{{Name: "country", Kind: column.Text, Set: customers}},
		Events: []segment.Event{{
			Name: "order", Rows: t.Len(), First: end.AddDate(-4, 0, 0), Last: end.Add(-1),
			Props: []segment.Field{{Name: "amount", Kind: column.Money, Set: t.Len()}},
		}},
	}
	return s, end
}

const threeConditions = `country = "Germany" and count(order, last 90d) >= 2 and sum(order.amount, last 1y) > 500`

func BenchmarkProbes(b *testing.B) {
	customers := 100_000
	if n, err := strconv.Atoi(os.Getenv("TESELA_CUSTOMERS")); err == nil {
		customers = n
	}
	src, at := newBigSource(customers)
	ctx := context.Background()
	f, g := parse(b, threeConditions), parse(b, "top 10% by sum(order.amount, last 1y) and days_since(order) > 30")
	for name, run := range map[string]func() error{
		"sensitivity": func() error { _, err := probe.Sensitivity(ctx, f, src, at, probe.Moves{}); return err },
		"misses":      func() error { _, err := probe.NearMisses(ctx, f, src, at); return err },
		"diff":        func() error { _, err := probe.Diff(ctx, f, g, src, at); return err },
		"why":         func() error { _, err := probe.Why(ctx, f, src, at, customers/2, 3); return err },
		"why ranked":  func() error { _, err := probe.Why(ctx, g, src, at, customers/2, 3); return err },
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				must(b, run())
			}
		})
	}
}

// A cancelled call ends soon, with the context's error.
func TestCancelled(t *testing.T) {
	src, at := newBigSource(100_000)
	for name, run := range map[string]func(ctx context.Context) error{
		"sensitivity": func(ctx context.Context) error {
			_, err := probe.Sensitivity(ctx, parse(t, threeConditions), src, at, probe.Moves{})
			return err
		},
		"why": func(ctx context.Context) error {
			_, err := probe.Why(ctx, parse(t, "top 10% by sum(order.amount) and count(order) > 100 and avg(order.amount) < 5 and distinct(order.amount) < 2"), src, at, 50_000, 3)
			return err
		},
	} {
		const most = 2 * time.Millisecond
		ctx, cancel := context.WithTimeout(context.Background(), most)
		began := time.Now()
		err := run(ctx)
		cancel()
		// Generous, for machines that do other things as well.
		if took := time.Since(began); err != nil && (!errors.Is(err, context.DeadlineExceeded) || took > 500*time.Millisecond) {
			t.Errorf("%s: %v after %v", name, err, took)
		}
	}
}

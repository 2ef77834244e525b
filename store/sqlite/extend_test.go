//go:build cgo

package sqlite_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"reflect"
	"testing"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/store"
	"tesela/store/sqlite"
)

// everything loads all columns and gives their values as plain slices.
func everything(t *testing.T, w store.Workspace) *column.World {
	t.Helper()
	src, err := w.Source(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var need segment.Need
	for _, f := range src.Schema().Traits {
		need.AddTrait(f.Name)
	}
	for _, e := range src.Schema().Events {
		need.Add(e.Name, "")
		for _, p := range e.Props {
			need.Add(e.Name, p.Name)
		}
	}
	world, err := src.Load(t.Context(), need)
	if err != nil {
		t.Fatal(err)
	}
	return world.Plain()
}

// more imports rows of a few orders, some of which continue earlier ones.
func more(ctx context.Context, r *rand.Rand, w store.Workspace, n, round int, neat bool) error {
	b, err := w.Import(ctx)
	if err != nil {
		return err
	}
	defer b.Rollback()
	rows := &column.Rows{Props: map[string]*column.Column{
		"amount": {Kind: column.Money}, "weight": {Kind: column.Number}, "code": {Kind: column.Number}, "product": {Kind: column.Text}, "tags": {Kind: column.Tags, TagStarts: []uint32{0}},
	}}
	product, tags := segment.FieldRef{Event: "order", Name: "product"}, segment.FieldRef{Event: "order", Name: "tags"}
	most := 40 + round
	for range n {
		who := r.IntN(most)
		rows.Customers = append(rows.Customers, b.Customers().Code(fmt.Appendf(nil, "c%d", who))-1)
		at := r.Int64N(1000)
		if round%7 == 6 {
			at -= 100_000 // older than all that was there
		}
		if neat {
			at = at / 50 * 50
		}
		rows.Times = append(rows.Times, at*1e6)
		id := uint32(0)
		switch {
		case neat && (round < 18 || r.IntN(50) > 0): // all rows of an order at one time
			id = b.EventIDs("order").Code(fmt.Appendf(nil, "o%d-%d", who, at))
		case r.IntN(5) > 0:
			id = b.EventIDs("order").Code(fmt.Appendf(nil, "o%d-%d", who, at/250+int64(r.IntN(2*round+1))))
		}
		rows.IDs = append(rows.IDs, id)
		amount := int64(column.Unset)
		if r.IntN(6) > 0 {
			amount = r.Int64N(200) * int64(1+round/3*round)
		}
		weight := math.NaN()
		if r.IntN(6) > 0 {
			weight = float64(r.IntN(500)) / 4
		}
		code := float64(r.IntN(90))
		if round > 12 {
			code /= 3
		}
		rows.Props["amount"].Ints = append(rows.Props["amount"].Ints, amount)
		rows.Props["weight"].Floats = append(rows.Props["weight"].Floats, weight)
		rows.Props["code"].Floats = append(rows.Props["code"].Floats, code)
		rows.Props["product"].Codes = append(rows.Props["product"].Codes, b.Words(product).Code(fmt.Appendf(nil, "p%d", r.IntN(200+10*round))))
		c := rows.Props["tags"]
		if r.IntN(2) == 0 {
			c.TagCodes = append(c.TagCodes, b.Words(tags).Code(fmt.Appendf(nil, "t%d", r.IntN(5))))
		}
		c.TagStarts = append(c.TagStarts, uint32(len(c.TagCodes)))
	}
	if _, err := b.AddRows(ctx, "order", rows); err != nil {
		return err
	}
	who := []uint32{uint32(r.IntN(20)), uint32(20 + r.IntN(20))}
	trait := &column.Column{Kind: column.Money, Ints: []int64{int64(round), 7}}
	if round%3 == 0 {
		if _, err := b.SetTrait(ctx, "credit", who, trait); err != nil {
			return err
		}
	}
	return b.Commit(ctx)
}

// TestWhatIsHeldIsBroughtUpToDate asks a workspace after each of many imports,
// so that it adds the new rows to the columns that it holds, and holds the
// answer to that of a handle which has just opened the file.
func TestWhatIsHeldIsBroughtUpToDate(t *testing.T) {
	for seed := range uint64(6) {
		r := rand.New(rand.NewPCG(seed, 11))
		path := filepath.Join(t.TempDir(), fmt.Sprintf("shop%d.db", seed))
		w, err := sqlite.Create(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		defer w.Close()
		for round := range 24 {
			n := 1 + r.IntN(60)
			if round == 0 {
				n = 3000
			}
			if err := more(t.Context(), r, w, n, round, seed%2 == 0); err != nil {
				t.Fatal(err)
			}
			if r.IntN(4) == 0 {
				continue // two imports between questions
			}
			fresh, err := sqlite.Open(t.Context(), path)
			if err != nil {
				t.Fatal(err)
			}
			got, want := everything(t, w), everything(t, fresh)
			fresh.Close()
			for name, c := range want.Traits {
				if fmt.Sprint(*got.Traits[name]) != fmt.Sprint(*c) {
					t.Fatalf("seed %d, round %d: trait %s is %v, not %v", seed, round, name, got.Traits[name], c)
				}
			}
			for name, table := range want.Tables {
				have := got.Tables[name]
				if !reflect.DeepEqual(have.Who, table.Who) || !reflect.DeepEqual(have.Starts, table.Starts) || !reflect.DeepEqual(have.Times, table.Times) ||
					!reflect.DeepEqual(have.IDs, table.IDs) || have.Scattered != table.Scattered || !reflect.DeepEqual(have.Firsts, table.Firsts) {
					t.Fatalf("seed %d, round %d: the rows of %s are not those of the file", seed, round, name)
				}
				for prop, c := range table.Props {
					h := have.Props[prop]
					if fmt.Sprint(h.Codes, h.Ints, h.Floats, h.TagStarts, h.TagCodes) != fmt.Sprint(c.Codes, c.Ints, c.Floats, c.TagStarts, c.TagCodes) {
						t.Fatalf("seed %d, round %d: %s.%s is not that of the file", seed, round, name, prop)
					}
				}
			}
		}
	}
}

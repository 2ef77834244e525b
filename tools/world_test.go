package tools_test

import (
	"context"
	"encoding/json"
	"math"
	"path/filepath"
	"testing"
	"time"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/store"
	"tesela/store/sqlite"
	"tesela/tools"
)

// The shop of these tests: eight customers, eight orders of nine lines, one
// refund, three visits, in Madrid and euros. Its figures are worked out by
// hand where they are checked. The newest event is on 2024-06-30, so T is
// 2024-07-01 00:00 in Madrid.
var shopOrders = []struct {
	who, at, id string
	cents       int64
	product     string
}{
	{"c1", "2024-01-10T12:00:00", "o1", 1000, "Shoes"},
	{"c1", "2024-01-10T12:00:00", "o1", 550, "Socks"},
	{"c1", "2024-05-20T09:00:00", "o2", 2000, "Shoes"},
	{"c1", "2024-06-10T18:30:00", "o3", 3000, "Bags & Co"},
	{"c2", "2024-06-01T08:00:00", "o4", 10000, "Bags & Co"},
	{"c3", "2024-02-01T10:00:00", "o5", 725, "Socks"},
	{"c3", "2024-06-29T10:00:00", "o6", 875, "Socks"},
	{"c4", "2024-03-15T10:00:00", "o7", 5000, "Shoes"},
	{"c5", "2024-06-20T10:00:00", "o8", 2000, "Shoes"},
}

var shopCustomers = []struct{ id, country, city, email string }{
	{"c1", "Germany", "Köln", "ann@example.com"},
	{"c2", "Germany", "Berlin", "bob@example.com"},
	{"c3", "France", "Paris", ""},
	{"c4", "", "", ""},
	{"c5", "Spain", "Madrid", ""},
	{"c6", "Germany", "", ""},
	{"c7", "France", "", "flo@example.com"},
	{"c8", "", "", ""},
}

var shopVisits = []struct{ who, at string }{
	{"c1", "2024-06-01T10:00:00"}, {"c6", "2024-06-02T10:00:00"}, {"c8", "2024-06-30T22:00:00"},
}

// shop makes the workspace in a file; roles are set when withRoles is.
func shop(t testing.TB, withRoles bool) store.Workspace {
	t.Helper()
	ctx := context.Background()
	ws, err := sqlite.Create(ctx, filepath.Join(t.TempDir(), "shop.db"))
	must(t, err)
	t.Cleanup(func() { must(t, ws.Close()) })
	b, err := ws.Import(ctx)
	must(t, err)
	must(t, b.Configure("EUR", "Europe/Madrid"))
	zone, err := time.LoadLocation("Europe/Madrid")
	must(t, err)
	at := func(s string) int64 {
		when, err := time.ParseInLocation("2006-01-02T15:04:05", s, zone)
		must(t, err)
		return when.UnixMicro()
	}
	who := func(id string) uint32 { return b.Customers().Code([]byte(id)) - 1 }

	everyone := make([]uint32, 0, len(shopCustomers))
	for _, c := range shopCustomers {
		everyone = append(everyone, who(c.id))
	}
	texts := func(name string, of func(i int) string) {
		f := segment.FieldRef{Name: name}
		must(t, b.Declare(f, column.Text))
		words := b.Words(f)
		var who []uint32
		col := &column.Column{Kind: column.Text}
		for i := range shopCustomers {
			if s := of(i); s != "" {
				who = append(who, everyone[i])
				col.Codes = append(col.Codes, words.Code([]byte(s)))
			}
		}
		_, err := b.SetTrait(ctx, name, who, col)
		must(t, err)
	}
	texts("country", func(i int) string { return shopCustomers[i].country })
	texts("city", func(i int) string { return shopCustomers[i].city })
	texts("email", func(i int) string { return shopCustomers[i].email })
	must(t, b.Declare(segment.FieldRef{Name: "age"}, column.Number))
	_, err = b.SetTrait(ctx, "age", []uint32{everyone[0], everyone[1], everyone[2]}, &column.Column{Kind: column.Number, Floats: []float64{30, 41.5, 25}})
	must(t, err)
	must(t, b.Declare(segment.FieldRef{Name: "joined"}, column.Date))
	_, err = b.SetTrait(ctx, "joined", []uint32{everyone[0], everyone[7]}, &column.Column{Kind: column.Date, Ints: []int64{19723, 19904}}) // 2024-01-01, 2024-06-30
	must(t, err)

	amount, product := segment.FieldRef{Event: "order", Name: "amount"}, segment.FieldRef{Event: "order", Name: "product"}
	must(t, b.Declare(amount, column.Money))
	must(t, b.Declare(product, column.Text))
	orders := &column.Rows{Props: map[string]*column.Column{"amount": {Kind: column.Money}, "product": {Kind: column.Text}}}
	for _, o := range shopOrders {
		orders.Customers = append(orders.Customers, who(o.who))
		orders.Times = append(orders.Times, at(o.at))
		orders.IDs = append(orders.IDs, b.EventIDs("order").Code([]byte(o.id)))
		orders.Props["amount"].Ints = append(orders.Props["amount"].Ints, o.cents)
		orders.Props["product"].Codes = append(orders.Props["product"].Codes, b.Words(product).Code([]byte(o.product)))
	}
	_, err = b.AddRows(ctx, "order", orders)
	must(t, err)

	must(t, b.Declare(segment.FieldRef{Event: "refund", Name: "amount"}, column.Money))
	_, err = b.AddRows(ctx, "refund", &column.Rows{
		Customers: []uint32{who("c1")}, Times: []int64{at("2024-05-25T10:00:00")},
		Props: map[string]*column.Column{"amount": {Kind: column.Money, Ints: []int64{500}}},
	})
	must(t, err)
	visits := &column.Rows{Props: map[string]*column.Column{}}
	for _, v := range shopVisits {
		visits.Customers = append(visits.Customers, who(v.who))
		visits.Times = append(visits.Times, at(v.at))
	}
	_, err = b.AddRows(ctx, "visit", visits)
	must(t, err)
	if withRoles {
		for role, target := range map[string]string{"purchase": "order", "amount": "order.amount", "refund": "refund", "country": "country"} {
			must(t, b.SetRole(role, target))
		}
	}
	must(t, b.Commit(ctx))
	return ws
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// run calls a tool that must succeed.
func run(t *testing.T, ws store.Workspace, who tools.Caller, tool string, args any) *tools.Result {
	t.Helper()
	r, err := tools.NewBox(ws).Call(context.Background(), who, tool, jsonOf(t, args))
	if err != nil {
		t.Fatalf("%s %s: %v", tool, jsonOf(t, args), err)
	}
	return r
}

func jsonOf(t *testing.T, v any) json.RawMessage {
	t.Helper()
	data, err := json.Marshal(v)
	must(t, err)
	return data
}

// near tells whether two fractions are the same but for the last bits.
func near(a any, b float64) bool {
	f, ok := a.(float64)
	return ok && math.Abs(f-b) < 1e-12
}

package main

import (
	"context"
	"encoding/csv"
	"math"
	"strings"
	"testing"
	"time"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/store"
)

// answer runs a query that gives one row.
func answer(t *testing.T, e *engine, query string) string {
	t.Helper()
	got, err := e.query(context.Background(), query)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	rows := make([]string, len(got.rows))
	for i, row := range got.rows {
		rows[i] = show(row)
	}
	return strings.Join(rows, " ")
}

// A generator's batch of three customers: what it hands over is what the
// tables hold.
func TestTape(t *testing.T) {
	ctx := context.Background()
	tape := newTape()
	var ws store.Workspace = tape
	b, err := ws.Import(ctx)
	if err != nil {
		t.Fatal(err)
	}
	ref := func(event, name string) segment.FieldRef { return segment.FieldRef{Event: event, Name: name} }
	for f, k := range map[segment.FieldRef]column.Kind{
		ref("", "city"): column.Text, ref("", "born"): column.Date, ref("", "tags"): column.Tags,
		ref("order", "amount"): column.Money, ref("order", "pieces"): column.Number,
	} {
		if err := b.Declare(f, k); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.Configure("EUR", "Europe/Madrid"); err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"a", "b", "c"} {
		b.Customers().Code([]byte(id))
	}
	city, tags, ids := b.Words(ref("", "city")), b.Words(ref("", "tags")), b.EventIDs("order")
	set := func(trait string, who []uint32, c *column.Column) {
		if _, err := b.SetTrait(ctx, trait, who, c); err != nil {
			t.Fatal(err)
		}
	}
	vigo := city.Code([]byte("Vigo"))
	set("city", []uint32{2, 0}, &column.Column{Kind: column.Text, Codes: []uint32{city.Code([]byte("León")), vigo}})
	set("city", []uint32{2}, &column.Column{Kind: column.Text, Codes: []uint32{vigo}}) // the later one wins
	set("born", []uint32{1}, &column.Column{Kind: column.Date, Ints: []int64{-1}})
	set("tags", []uint32{1}, &column.Column{
		Kind: column.Tags, TagStarts: []uint32{0, 2}, TagCodes: []uint32{tags.Code([]byte("x")), tags.Code([]byte("y"))},
	})
	at := func(text string) int64 {
		wall, err := time.Parse("2006-01-02 15:04", text)
		if err != nil {
			t.Fatal(err)
		}
		return wall.UnixMicro()
	}
	one := ids.Code([]byte("1"))
	if _, err := b.AddRows(ctx, "order", &column.Rows{
		Customers: []uint32{0, 0, 2, 2},
		Times:     []int64{at("2025-06-30 22:30"), at("2025-06-30 22:30"), at("2025-06-30 21:00"), at("2025-07-02 22:00")},
		IDs:       []uint32{one, one, one, 0},
		Props: map[string]*column.Column{
			"amount": {Kind: column.Money, Ints: []int64{1050, 25, column.Unset, 7}},
			"pieces": {Kind: column.Number, Floats: []float64{1.5, math.NaN(), 2, 3}},
		},
	}); err != nil {
		t.Fatal(err)
	}
	book, err := tape.book()
	if err != nil {
		t.Fatal(err)
	}
	// The newest row is at midnight of 3 July in Madrid: T is that of the 4th.
	e, err := book.write(ctx, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	for query, want := range map[string]string{
		`SELECT id, city, born FROM customers`:                                                 "[a | Vigo | null] [b | null | 1969-12-31] [c | Vigo | null]",
		`SELECT customer, tag FROM customers_tags ORDER BY 2`:                                  "[b | x] [b | y]",
		`SELECT count(*), count(DISTINCT event_id) FROM "order"`:                               "[4 | 3]",
		`SELECT money(sum(amount)), count(pieces) FROM "order"`:                                "[10.82 | 3]",
		`SELECT local, day FROM "order" WHERE customer = 'a' LIMIT 1`:                          "[2025-07-01 00:30:00 | 2025-07-01]",
		`SELECT today, local(now), local_day(:now), :today, zone FROM clock`:                   "[2025-07-03 | 2025-07-04 00:00:00 | 2025-07-04 | 2025-07-03 | Europe/Madrid]",
		`SELECT count(*) FROM "order" WHERE at >= ago(3, 'd')`:                                 "[3]",
		`SELECT local_us('2025-07-01') - local_us('2025-06-30 23:00')`:                         "[3600000000]",
		`SELECT local(later(local_us('2025-01-31 10:00'), 1, 'mo'))`:                           "[2025-02-28 10:00:00]",
		`SELECT (later(local_us('2025-10-26'), 1, 'd') - local_us('2025-10-26')) / 3600000000`: "[25]",
		`SELECT rfc3339(local_us('2025-07-01 12:00')), rfc3339(NULL)`:                          "[2025-07-01T12:00:00+02:00 | null]",
		`SELECT fold('CORUÑA'), money(-5), money(NULL), money(0.5), fold(NULL)`:                "[coruna | -0.05 | null | 0.01 | null]",
	} {
		if got := answer(t, e, query); got != want {
			t.Errorf("%s\n got %s\nwant %s", query, got, want)
		}
	}
	// As of 2 July the last row is not there yet.
	early, err := book.write(ctx, time.Date(2025, 7, 2, 0, 0, 0, 0, e.zone))
	if err != nil {
		t.Fatal(err)
	}
	defer early.Close()
	if got := answer(t, early, `SELECT count(*), today() FROM "order"`); got != "[3 | 2025-07-01]" {
		t.Errorf("as of 2 July: %s", got)
	}
}

// Seven lines, with figures by hand: the one without a customer is left out,
// the cancellation is a refund, the two equal lines stay two.
func TestRetail(t *testing.T) {
	const lines = `InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
1,A,mug,2,2011-06-30 23:30:00,2.55,17850.0,France
1,B, tin ,3,2011-06-30 23:30:00,0.335,17850.0,France
1,B, tin ,3,2011-06-30 23:30:00,0.335,17850.0,France
C2,A,mug,-1,2011-07-02 10:00:00,2.55,17850.0,Spain
3,A,,1,2011-01-05 08:00:00,0,123.0,EIRE
4,A,mug,1,2011-01-05 08:00:00,5,,EIRE
5,A,mug,1,2010-12-05 08:00:00,5,17850.0,Italy
`
	london := zoneOf(t, "Europe/London")
	b, err := retailBook(csv.NewReader(strings.NewReader(lines)), london)
	if err != nil {
		t.Fatal(err)
	}
	e, err := b.write(context.Background(), time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	for query, want := range map[string]string{
		`SELECT id, country FROM customers`:                                       "[17850 | Spain] [123 | EIRE]",
		`SELECT count(*), count(DISTINCT event_id), sum(amount) FROM "order"`:     "[5 | 3 | 1212]", // 510 + 2 × 101 + 0 + 500
		`SELECT customer, event_id, amount, quantity, day FROM refund`:            "[17850 | 17850/C2 | 255 | 1 | 2011-07-02]",
		`SELECT description FROM "order" WHERE product = 'B' LIMIT 1`:             "[tin]",
		`SELECT count(*) FROM "order" WHERE description IS NULL`:                  "[1]",
		`SELECT count(*) FROM "order" WHERE at = local_us('2011-06-30 22:30:00')`: "[0]",
		`SELECT today() FROM clock`:                                               "[2011-07-02]",
	} {
		if got := answer(t, e, query); got != want {
			t.Errorf("%s\n got %s\nwant %s", query, got, want)
		}
	}
}

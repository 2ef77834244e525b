package bench

import (
	"context"
	"fmt"
	"math"
	"strconv"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/store"
	"tesela/store/sqlite"
)

// rolesOf maps the roles onto the world's names.
var rolesOf = [][2]string{
	{"purchase", "order"},
	{"amount", "order.amount"},
	{"product", "order.product"},
	{"category", "order.category"},
	{"refund", "refund"},
	{"visit", "visit"},
	{"cart", "cart"},
	{"country", "country"},
	{"signup", "signup"},
}

// CustomerID is the id of the customer of that number, as a workspace and the
// CSV have it.
func CustomerID(number int) string { return strconv.Itoa(100_000_000 + number) }

// ProductID is the name of a product.
func ProductID(number int) string { return "P" + strconv.Itoa(10_000+number) }

// makeWorkspace writes the world as a Tesela workspace, in one import.
func makeWorkspace(ctx context.Context, s Size, path string) error {
	ws, err := sqlite.Create(ctx, path)
	if err != nil {
		return err
	}
	defer ws.Close()
	batch, err := ws.Import(ctx)
	if err != nil {
		return err
	}
	defer batch.Rollback()
	if err := batch.Configure("EUR", "UTC"); err != nil {
		return err
	}
	w := &workspaceWriter{batch: batch}
	w.declare()
	for b := range s.Blocks() {
		if err := w.gather(ctx, b); err != nil {
			return err
		}
	}
	if err := w.flush(ctx); err != nil {
		return err
	}
	for _, r := range rolesOf {
		if err := batch.SetRole(r[0], r[1]); err != nil {
			return err
		}
	}
	return batch.Commit(ctx)
}

// workspaceWriter gathers blocks into as few calls as memory allows.
type workspaceWriter struct {
	batch    store.Batch
	order    *column.Rows
	visit    *column.Rows
	cart     *column.Rows
	refund   *column.Rows
	who      []uint32
	country  []uint32
	signup   []int64
	customer []byte
}

// mostOrders is how many order lines are stored by one call.
const mostOrders = 20_000_000

func (w *workspaceWriter) declare() {
	// Words get codes in the order of the tables they come from.
	for _, f := range []segment.FieldRef{{Event: "order", Name: "category"}, {Event: "visit", Name: "section"}} {
		intern(w.batch.Words(f), len(Categories), func(i int) string { return Categories[i] })
	}
	for _, f := range []segment.FieldRef{{Event: "order", Name: "product"}, {Event: "cart", Name: "product"}} {
		intern(w.batch.Words(f), Products, ProductID)
	}
	intern(w.batch.Words(segment.FieldRef{Name: "country"}), len(Countries), func(i int) string { return Countries[i] })
	w.clear()
}

func intern(in *column.Interner, n int, word func(int) string) {
	for i := range n {
		in.Code([]byte(word(i)))
	}
}

func (w *workspaceWriter) clear() {
	text := func() *column.Column { return &column.Column{Kind: column.Text} }
	money := func() *column.Column { return &column.Column{Kind: column.Money} }
	w.order = &column.Rows{IDs: []uint32{}, Props: map[string]*column.Column{"category": text(), "product": text(), "amount": money()}}
	w.visit = &column.Rows{Props: map[string]*column.Column{"section": text()}}
	w.cart = &column.Rows{Props: map[string]*column.Column{"product": text()}}
	w.refund = &column.Rows{Props: map[string]*column.Column{"amount": money()}}
	w.who, w.country, w.signup = nil, nil, nil
}

func (w *workspaceWriter) gather(ctx context.Context, b *Block) error {
	customers, orders := w.batch.Customers(), w.batch.EventIDs("order")
	for i := range b.Customers {
		w.customer = strconv.AppendInt(w.customer[:0], int64(100_000_000+b.First+i), 10)
		who := customers.Code(w.customer) - 1
		w.who, w.signup = append(w.who, who), append(w.signup, b.Signup[i])
		w.country = append(w.country, uint32(b.Country[i]))
	}
	w.order.Customers, w.order.Times = append(w.order.Customers, b.OrderWho...), append(w.order.Times, b.OrderTime...)
	var id []byte
	for _, n := range b.OrderID {
		id = strconv.AppendUint(id[:0], uint64(n), 10)
		w.order.IDs = append(w.order.IDs, orders.Code(id))
	}
	w.order.Props["category"].Codes = codes(w.order.Props["category"].Codes, b.OrderCategory)
	w.order.Props["product"].Codes = codes(w.order.Props["product"].Codes, b.OrderProduct)
	w.order.Props["amount"].Ints = append(w.order.Props["amount"].Ints, b.OrderAmount...)
	w.visit.Customers, w.visit.Times = append(w.visit.Customers, b.VisitWho...), append(w.visit.Times, b.VisitTime...)
	w.visit.Props["section"].Codes = codes(w.visit.Props["section"].Codes, b.VisitSection)
	w.cart.Customers, w.cart.Times = append(w.cart.Customers, b.CartWho...), append(w.cart.Times, b.CartTime...)
	w.cart.Props["product"].Codes = codes(w.cart.Props["product"].Codes, b.CartProduct)
	w.refund.Customers, w.refund.Times = append(w.refund.Customers, b.RefundWho...), append(w.refund.Times, b.RefundTime...)
	w.refund.Props["amount"].Ints = append(w.refund.Props["amount"].Ints, b.RefundAmount...)
	if w.order.Len() >= mostOrders {
		return w.flush(ctx)
	}
	return ctx.Err()
}

// codes appends table positions as codes, which start at one.
func codes[T uint8 | uint16](to []uint32, from []T) []uint32 {
	for _, c := range from {
		to = append(to, uint32(c)+1)
	}
	return to
}

func (w *workspaceWriter) flush(ctx context.Context) error {
	for _, e := range []struct {
		name string
		rows *column.Rows
	}{{"order", w.order}, {"visit", w.visit}, {"cart", w.cart}, {"refund", w.refund}} {
		added, err := w.batch.AddRows(ctx, e.name, e.rows)
		if err != nil {
			return err
		}
		if added.New != e.rows.Len() {
			return fmt.Errorf("%d of %d rows of %s were stored", added.New, e.rows.Len(), e.name)
		}
	}
	var who, country []uint32
	for i, c := range w.country {
		if c != 0 {
			who, country = append(who, w.who[i]), append(country, c)
		}
	}
	if _, err := w.batch.SetTrait(ctx, "country", who, &column.Column{Kind: column.Text, Codes: country}); err != nil {
		return err
	}
	_, err := w.batch.SetTrait(ctx, "signup", w.who, &column.Column{Kind: column.Date, Ints: w.signup})
	w.clear()
	return err
}

// cents prints an amount of the minor unit as people write it.
func cents(n int64) string {
	sign := ""
	if n < 0 && n != math.MinInt64 {
		sign, n = "-", -n
	}
	return fmt.Sprintf("%s%d.%02d", sign, n/100, n%100)
}

package measure_test

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"testing"
	"time"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/segment/measure"
)

func TestFaults(t *testing.T) {
	src, at := source(t, shop)
	for _, c := range []struct {
		ask         ask
		field, want string
	}{
		{ask{}, "measures", "no measure is given"},
		{ask{measures: "revenu"}, "measures", "nearest: revenue"},
		{ask{measures: "count(ordr)"}, "measures", "order"},
		{ask{measures: "count(order"}, "measures", "at "},
		{ask{measures: "sum(order.category)"}, "measures", "only numbers and money"},
		{ask{measures: "country"}, "measures", "is a trait, not a measure"},
		{ask{measures: "visit"}, "measures", "count(visit)"},
		{ask{measures: "2 + 3"}, "measures", "figure of the data"},
		{ask{measures: "revenue + orders"}, "measures", "cannot be added"},
		{ask{measures: "revenue * revenue"}, "measures", "multiplied"},
		{ask{measures: "first(order) + 1"}, "measures", "arithmetic takes numbers"},
		{ask{measures: "events(ordr)"}, "measures", "nearest: order"},
		{ask{measures: "per_customer(country, mean)"}, "measures", "no number"},
		{ask{measures: `count(order where category = "Shoe")`}, "measures", "Shoes"},
		{ask{measures: "orders(visit)"}, "measures", "takes no parameters"},
		{ask{measures: "orders", where: `categry = "Shoes"`}, "where", "nearest: category"},
		{ask{measures: "orders", where: `category = "Shoe"`}, "where", "Shoes"},
		{ask{measures: "orders", where: `country = "DE"`}, "where", "is a trait of customers"},
		{ask{measures: "customers", where: `gift = true`}, "where", "narrow the customers with a formula"},
		{ask{measures: "orders", groupBy: "contry"}, "group_by", "nearest: country"},
		{ask{measures: "orders", groupBy: "category"}, "group_by", "nearest: order.category"},
		{ask{measures: "orders", groupBy: "order.categry"}, "group_by", "order.category"},
		{ask{measures: "orders", groupBy: "order.category; visit.page"}, "group_by", "cannot be crossed"},
		{ask{measures: "orders", groupBy: "country; country"}, "group_by", "twice"},
		{ask{measures: "orders", per: "fortnight"}, "per", "day, week, month"},
		{ask{measures: "orders", per: "monht"}, "per", "nearest: month"},
		{ask{measures: "orders", per: "day", window: "from 0001-01-01 to 2011-01-01"}, "per", "periods"},
		{ask{measures: "customers(count(order) >= 2)", per: "weekday"}, "per", "no figure per weekday"},
		{ask{measures: "orders", base: `contry = "DE"`}, "formula", "country"},
		{ask{measures: "orders", top: -1}, "top", "1 or more"},
	} {
		_, err := tryTake(t, src, at, c.ask)
		var fault *measure.Error
		if !errors.As(err, &fault) || fault.Field != c.field || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: %v; want %s … %s", c.ask, err, c.field, c.want)
		}
	}
}

func TestMissingRoles(t *testing.T) {
	bank := `load
customers
  a
event deposit amount:money
  a 2011-01-01 5.00
%
at 2011-02-01
eval everyone -> none
`
	for _, c := range []struct{ roles, measure, role, want string }{
		{"", "orders", "purchase", "--role purchase=deposit"},
		{"role purchase deposit", "revenue", "amount", "--role amount=deposit.amount"},
		{"role purchase deposit\nrole amount deposit.amount", "refunds", "refund", "--role refund="},
	} {
		src, at := source(t, strings.Replace(bank, "%", c.roles, 1))
		_, err := tryTake(t, src, at, ask{measures: c.measure})
		var fault *measure.Error
		if !errors.As(err, &fault) || fault.Role != c.role || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.measure, err)
		}
	}
	// a business that knows no refunds has revenue all the same
	src, at := source(t, strings.Replace(bank, "%", "role purchase deposit\nrole amount deposit.amount", 1))
	table := take(t, src, at, ask{measures: "revenue"})
	if cells(table.Totals) != "5.00" || codes(table) != "no_refunds" {
		t.Errorf("%v %s", table.Totals, codes(table))
	}
}

func TestWords(t *testing.T) {
	src, at := source(t, shop)
	src.Schema().Words = []segment.Word{
		{Word: "GGR", Text: "sum(order.amount) - refunds"},
		{Word: "VIP", Text: "sum(order.amount) > 30"},
		{Word: "net margin", Text: "GGR"},
		{Word: "loop", Text: "`net loop` + 1"},
		{Word: "net loop", Text: "loop"},
	}
	table := take(t, src, at, ask{measures: "GGR; VIP; `net margin` / 2; ggr"})
	if got := cells(table.Totals); got != "89.01 2 44.51 89.01" {
		t.Errorf("%s", got)
	}
	if !strings.Contains(codes(table), "word") {
		t.Errorf("notes %s", codes(table))
	}
	if _, err := tryTake(t, src, at, ask{measures: "loop"}); err == nil || !strings.Contains(err.Error(), "stands for itself") {
		t.Errorf("%v", err)
	}
}

func TestColumns(t *testing.T) {
	src, at := source(t, shop)
	table := take(t, src, at, ask{
		measures: "revenue; orders; buyers; aov; repeat_rate; sum(order.quantity); refunds / revenue; orders / buyers; days_between",
		groupBy:  "country; order.gift", per: "month", shares: true,
	})
	want := []measure.Column{
		{"month", "text", "month"},
		{"country", "text", ""},
		{"order.gift", "bool", ""},
		{"revenue", "money", "GBP"},
		{"revenue_share", "rate", ""},
		{"orders", "count", "order"},
		{"orders_share", "rate", ""},
		{"buyers", "count", "customers"},
		{"buyers_share", "rate", ""},
		{"aov", "money", "GBP"},
		{"repeat_rate", "rate", ""},
		{"sum(order.quantity)", "number", ""},
		{"sum(order.quantity)_share", "rate", ""},
		{"refunds / revenue", "rate", ""},
		{"orders / buyers", "number", ""},
		{"days_between", "number", "days"},
	}
	for i, c := range want {
		if i >= len(table.Columns) || table.Columns[i] != c {
			t.Fatalf("column %d: %v, want %v", i, table.Columns, want)
		}
	}
	for _, r := range table.Rows {
		if len(r) != len(want) {
			t.Errorf("row %v under %d columns", r, len(want))
		}
	}
	if len(table.Totals) != 9 {
		t.Errorf("totals %v", table.Totals)
	}
}

// Sums beyond 64 bits of minor units are not wrong but unset; those that come
// back are exact.
func TestHugeMoney(t *testing.T) {
	src, at := source(t, `load
role purchase order
role amount order.amount
role refund refund
customers
  a
  b
event order amount:money
  a 2011-01-01 90000000000000000.00
  b 2011-01-01 90000000000000000.01
event refund amount:money
  a 2011-01-01 90000000000000000.00
at 2011-02-01
eval everyone -> none
`)
	if got := cells(take(t, src, at, ask{measures: "gross_revenue; revenue; aov"}).Totals); got != "<nil> 90000000000000000.01 90000000000000000.01" {
		t.Errorf("%s", got)
	}
}

func TestCancel(t *testing.T) {
	src := bigShop(400_000)
	at := time.Date(2024, 1, 1, 0, 0, 0, 0, src.schema.Zone)
	q := measure.Query{Measures: []string{"revenue", "orders", "distinct(order.product)", "per_customer(sum(order.amount), median)"}, GroupBy: []string{"order.product", "country"}, Per: "month"}
	p, err := measure.Compile(context.Background(), q, src, at)
	if err != nil {
		t.Fatal(err)
	}
	for _, after := range []time.Duration{0, time.Millisecond, 10 * time.Millisecond, 60 * time.Millisecond} {
		ctx, cancel := context.WithCancel(context.Background())
		asked := make(chan time.Time, 1)
		time.AfterFunc(after, func() { asked <- time.Now(); cancel() })
		_, err := p.Run(ctx)
		done := time.Now()
		if err == nil {
			cancel()
			continue // it was quicker
		}
		if late := done.Sub(<-asked); !errors.Is(err, context.Canceled) || late > 250*time.Millisecond {
			t.Errorf("cancelled after %v: %v, %v late", after, err, late)
		}
	}
}

// The number of cores changes nothing, to the last bit.
func TestCores(t *testing.T) {
	src := bigShop(700_000)
	floats := src.world.Tables["order"].Props["quantity"].Floats
	for i := range floats {
		floats[i] = 0.1 * float64(i%77)
	}
	at := time.Date(2024, 1, 1, 0, 0, 0, 0, src.schema.Zone)
	q := measure.Query{Measures: []string{"sum(order.quantity)", "avg(order.quantity)", "buyers", "days_between", "distinct(order.product)"}, GroupBy: []string{"country"}, Per: "quarter"}
	var first string
	for _, cores := range []int{1, 2, 7} {
		before := runtime.GOMAXPROCS(cores)
		p, err := measure.Compile(context.Background(), q, src, at)
		if err != nil {
			t.Fatal(err)
		}
		table, err := p.Run(context.Background())
		runtime.GOMAXPROCS(before)
		if err != nil {
			t.Fatal(err)
		}
		got := cells(table.Totals) + "\n" + rowsText(table.Rows)
		if first == "" {
			first = got
		}
		if got != first {
			t.Errorf("%d cores give other figures", cores)
		}
	}
}

func TestPlanString(t *testing.T) {
	src, at := source(t, shop)
	p, err := measure.Compile(context.Background(), ask{
		measures: "revenue; customers(count(order) >= 2)", base: `country = "UK"`, where: "amount > 5",
		window: "2011-03", groupBy: "order.category", per: "week", top: 3,
	}.query(t), src, at)
	if err != nil {
		t.Fatal(err)
	}
	want := lines(`
		measure as of 2011-04-30T23:00:00Z in Europe/London
		of country = "UK"
		in [2011-03-01T00:00:00Z, 2011-03-31T23:00:00Z)
		#1 sum of order.amount where amount > 5 in [2011-03-01T00:00:00Z, 2011-03-31T23:00:00Z)
		#2 sum of refund.amount where amount > 5 in [2011-03-01T00:00:00Z, 2011-03-31T23:00:00Z) (refunds)
		#3 customers(count(order) >= 2)
		revenue = (#1 - #2): money of GBP
		customers(count(order) >= 2) = #3: count of customers
		group by order.category (text)
		customers by rows of order where amount > 5
		per week
		top 3 descending by revenue`)
	if got := p.String() + "\n"; got != want {
		t.Errorf("%swant\n%s", got, want)
	}
}

// A source that fails fails the measure, saying what was wanted.
func TestSourceFails(t *testing.T) {
	src, at := source(t, shop)
	broken := &failing{Source: src}
	p, err := measure.Compile(context.Background(), measure.Query{Measures: []string{"revenue"}}, broken, at)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Run(context.Background()); !errors.Is(err, errBroken) {
		t.Errorf("%v", err)
	}
}

var errBroken = errors.New("the disk is gone")

type failing struct{ segment.Source }

func (f *failing) Load(ctx context.Context, need segment.Need) (*column.World, error) {
	if len(need.Events) > 0 {
		return nil, errBroken
	}
	return f.Source.Load(ctx, need)
}

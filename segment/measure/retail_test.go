package measure_test

import (
	"compress/gzip"
	"encoding/csv"
	"errors"
	"io"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tesela/segment/column"
	"tesela/segment/segmenttest"
)

// onlineRetail reads the UCI Online Retail data set, or skips the test:
// TESELA_DATA names its folder, else it is shared/data beside a folder above.
func onlineRetail(t *testing.T) *segmenttest.Source {
	t.Helper()
	const name = "online_retail.csv.gz"
	folders := []string{os.Getenv("TESELA_DATA")}
	if here, err := os.Getwd(); err == nil && folders[0] == "" {
		for here != filepath.Dir(here) {
			here = filepath.Dir(here)
			folders = append(folders, filepath.Join(here, "shared", "data"))
		}
	}
	for _, folder := range folders {
		f, err := os.Open(filepath.Join(folder, name))
		if folder == "" || err != nil {
			continue
		}
		defer f.Close()
		z, err := gzip.NewReader(f)
		if err != nil {
			t.Fatal(err)
		}
		return readRetail(t, z)
	}
	t.Skipf("%s is not here; TESELA_DATA may name its folder", name)
	return nil
}

func readRetail(t *testing.T, from io.Reader) *segmenttest.Source {
	t.Helper()
	zone, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Skip(err)
	}
	goods := []segmenttest.Field{{Name: "amount", Kind: column.Money}, {Name: "product", Kind: column.Text}, {Name: "quantity", Kind: column.Number}}
	w := &segmenttest.World{
		Zone: zone, Currency: "GBP", Digits: 2,
		Roles:  map[string]string{"purchase": "order", "amount": "order.amount", "refund": "refund", "quantity": "order.quantity"},
		Traits: []segmenttest.Field{{Name: "country", Kind: column.Text}},
		Events: []segmenttest.Kind{{Name: "order", Tied: true, Props: goods}, {Name: "refund", Tied: true, Props: goods}},
	}
	customers := map[string]int{}
	latest := map[int]time.Time{}
	r := csv.NewReader(from)
	r.LazyQuotes = true
	if _, err := r.Read(); err != nil {
		t.Fatal(err)
	}
	for {
		line, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		id := strings.TrimSuffix(line[6], ".0")
		if id == "" {
			continue
		}
		at, err := time.ParseInLocation(time.DateTime, line[4], zone)
		if err != nil {
			t.Fatal(err)
		}
		who, known := customers[id]
		if !known {
			who = len(w.Customers)
			customers[id] = who
			w.Customers = append(w.Customers, segmenttest.Customer{ID: id, Traits: map[string]any{}})
		}
		if !at.Before(latest[who]) {
			latest[who] = at
			w.Customers[who].Traits["country"] = line[7]
		}
		quantity, _ := new(big.Rat).SetString(line[3])
		price, _ := new(big.Rat).SetString(line[5])
		event, amount := "order", new(big.Rat).Mul(quantity, price)
		if amount.Sign() < 0 || quantity.Sign() < 0 {
			event = "refund"
			amount.Neg(amount)
			quantity.Neg(quantity)
		}
		amount.SetString(amount.FloatString(2)) // a few prices are fractions of a penny
		pieces, _ := quantity.Float64()
		w.Rows = append(w.Rows, segmenttest.Row{
			Event: event, Customer: who, Time: at, ID: line[0],
			Props: map[string]any{"amount": amount, "product": line[1], "quantity": pieces},
		})
	}
	src, err := segmenttest.NewSource(w)
	if err != nil {
		t.Fatal(err)
	}
	return src
}

// TestOnlineRetail checks published figures of the data set, and others that a
// script of plain loops over the file computed without this program.
func TestOnlineRetail(t *testing.T) {
	src := onlineRetail(t)
	at := src.Schema().Now()
	for _, c := range []struct {
		ask  ask
		want string
	}{
		{ask{measures: "customers; buyers; orders; revenue; gross_revenue; items"}, "4372 4339 18536 8300065.81 8911407.90 5181696"},
		{ask{measures: "aov; orders", window: "2011-11"}, "437.10 2658"},
		{ask{measures: "repeat_rate; customers(count(order) >= 2) / customers(count(order) >= 1)"}, "0.6556810324959668 0.6556810324959668"},
		{ask{measures: "days_between"}, "45.64955339180816"},
		{ask{
			measures: "per_customer(sum(order.amount), median); per_customer(sum(order.amount), p90); per_customer(sum(order.amount), mean)",
			base:     "count(order) >= 1",
		}, "674.45 3649.10 2053.79"},
		{ask{measures: "distinct(order.product); active_months(order)"}, "3665 13"},
	} {
		if got := cells(take(t, src, at, c.ask).Totals); got != c.want {
			t.Errorf("%+v: %s, want %s", c.ask, got, c.want)
		}
	}
	for _, c := range []struct {
		ask  ask
		want string
	}{
		{ask{measures: "revenue", groupBy: "country", top: 3}, "United Kingdom 6767873.39\nNetherlands 284661.54\nEIRE 250285.22"},
		{ask{measures: "revenue", groupBy: "order.product", top: 5}, "22423 132870.40\n85123A 93979.20\n85099B 83236.76\n47566 67687.53\nPOST 66710.24"},
		{ask{measures: "orders", groupBy: "order.product", top: 4}, "85123A 1978\n22423 1704\n85099B 1600\n47566 1380"},
		{ask{measures: "orders", per: "weekday"}, "1 2863\n2 3185\n3 3455\n4 4033\n5 2831\n6 0\n7 2169"},
		{ask{measures: "buyers; revenue", per: "quarter", base: `country = "Germany"`}, `
			2010-Q4 18 14562.84
			2011-Q1 41 39590.69
			2011-Q2 45 50615.74
			2011-Q3 53 52465.62
			2011-Q4 59 64463.32`},
		{ask{measures: "new_buyers", per: "month", window: "from 2010-12-01 to 2011-04-01"}, "2010-12 885\n2011-01 417\n2011-02 380\n2011-03 452"},
	} {
		if got := rowsText(take(t, src, at, c.ask).Rows); got != lines(c.want) {
			t.Errorf("%+v:\n%swant\n%s", c.ask, got, lines(c.want))
		}
	}
	months := take(t, src, at, ask{measures: "orders", per: "month"}).Rows
	if len(months) != 13 || cells(months[0]) != "2010-12 1400" || cells(months[11]) != "2011-11 2658" {
		t.Errorf("orders per month: %v", months)
	}
	hours := rowsText(take(t, src, at, ask{measures: "orders", per: "hour"}).Rows)
	if !strings.Contains(hours, "6 1\n7 29\n8 555\n9 1394\n10 2226\n11 2277\n12 3130\n") || !strings.HasPrefix(hours, "0 0\n") {
		t.Errorf("orders per hour:\n%s", hours)
	}
}

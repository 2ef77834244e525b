package segmenttest_test

import (
	"compress/gzip"
	"encoding/csv"
	"io"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/segment/segmenttest"
	"tesela/segment/syntax"
)

// sharedData opens a file of the data sets that are not part of the project:
// in $TESELA_DATA, else in shared/data beside a folder above.
func sharedData(t *testing.T, name string) io.ReadCloser {
	t.Helper()
	folders := []string{os.Getenv("TESELA_DATA")}
	if here, err := os.Getwd(); err == nil && folders[0] == "" {
		for folders = nil; filepath.Dir(here) != here; here = filepath.Dir(here) {
			folders = append(folders, filepath.Join(here, "shared", "data"))
		}
	}
	for _, folder := range folders {
		if f, err := os.Open(filepath.Join(folder, name)); err == nil {
			return f
		}
	}
	t.Skipf("%s is not here; TESELA_DATA may name its folder", name)
	return nil
}

// TestOnlineRetail asks the real orders of the UCI "Online Retail" data set
// (Chen, Sain and Guo 2012) what can be counted in a spreadsheet.
func TestOnlineRetail(t *testing.T) {
	if testing.Short() {
		t.Skip("half a million rows")
	}
	file := sharedData(t, "online_retail.csv.gz")
	defer file.Close()
	src, err := segmenttest.NewSource(readRetail(t, file))
	if err != nil {
		t.Fatal(err)
	}
	order, _ := src.Schema().Event("order")
	refund, _ := src.Schema().Event("refund")
	if order.Rows != 397_924 || refund.Rows != 8_905 {
		t.Errorf("%d rows of orders, %d of refunds", order.Rows, refund.Rows)
	}
	at := src.Schema().Now()
	if got := at.Format(time.RFC3339); got != "2011-12-10T00:00:00Z" {
		t.Fatalf("T is %s", got)
	}
	for text, want := range map[string]int{
		`everyone`:          4372,
		`count(order) >= 5`: 1115,
		`count(order) = 1`:  1494,
		`country = "Germany" and count(order, last 90d) >= 3`:              22,
		`count(order) >= 1 and count(order, last 90d) = 0`:                 1449,
		`sum(order.amount, last 1y) > 1000 and count(order, last 60d) = 0`: 383,
	} {
		f, err := syntax.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		p, err := segment.Compile(t.Context(), f, src, at)
		if err != nil {
			t.Fatal(err)
		}
		set, err := p.Run(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if set.Len() != want {
			t.Errorf("%s: %d, want %d", text, set.Len(), want)
		}
	}
}

// readRetail reads order lines with nothing of the importer's: lines without a
// customer are left out, negative quantities are refunds.
func readRetail(t *testing.T, file io.Reader) *segmenttest.World {
	t.Helper()
	plain, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	lines := csv.NewReader(plain)
	lines.ReuseRecord = true
	head, err := lines.Read()
	if err != nil {
		t.Fatal(err)
	}
	at := map[string]int{}
	for i, name := range head {
		at[strings.TrimPrefix(name, "\ufeff")] = i
	}
	london, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	amount := []segmenttest.Field{{Name: "amount", Kind: column.Money}}
	w := &segmenttest.World{
		Zone: london, Currency: "GBP", Digits: 2,
		Traits: []segmenttest.Field{{Name: "country", Kind: column.Text}},
		Events: []segmenttest.Kind{{Name: "order", Tied: true, Props: amount}, {Name: "refund", Tied: true, Props: amount}},
	}
	number := map[string]int{}
	for {
		line, err := lines.Read()
		if err == io.EOF {
			return w
		}
		if err != nil {
			t.Fatal(err)
		}
		id := line[at["CustomerID"]]
		if id == "" {
			continue
		}
		who, ok := number[id]
		if !ok {
			who = len(w.Customers)
			number[id] = who
			w.Customers = append(w.Customers, segmenttest.Customer{ID: id, Traits: map[string]any{}})
		}
		w.Customers[who].Traits["country"] = line[at["Country"]]
		when, err := w.ParseTime(strings.Replace(line[at["InvoiceDate"]], " ", "T", 1))
		if err != nil {
			t.Fatal(err)
		}
		price, _ := new(big.Rat).SetString(line[at["UnitPrice"]])
		quantity, _ := new(big.Rat).SetString(line[at["Quantity"]])
		total := price.Mul(price, quantity)
		row := segmenttest.Row{Event: "order", Customer: who, Time: when, ID: strings.Clone(line[at["InvoiceNo"]]), Props: map[string]any{"amount": cents(total)}}
		if quantity.Sign() < 0 {
			row.Event = "refund"
			total.Neg(total)
			row.Props["amount"] = cents(total)
		}
		w.Rows = append(w.Rows, row)
	}
}

// cents rounds an amount to the minor unit; a few prices have three decimals.
func cents(r *big.Rat) *big.Rat {
	rounded, _ := new(big.Rat).SetString(r.FloatString(2))
	return rounded
}

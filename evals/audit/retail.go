package main

import (
	"compress/gzip"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math/big"
	"os"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"
)

// readRetail reads UCI Online Retail from its CSV, by the rules of import and
// without the importer: lines without a customer are left out, a negative
// quantity or amount makes a refund of positive figures, 17850.0 is 17850,
// identical lines are kept, and a customer's country is that of the latest
// line.
func readRetail(path string) (*book, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	plain, err := gzip.NewReader(file)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	london, err := time.LoadLocation("Europe/London")
	if err != nil {
		return nil, err
	}
	b, err := retailBook(csv.NewReader(plain), london)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	return b, nil
}

// retailColumns are the columns of a line, in any order.
var retailColumns = []string{"InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country"}

func retailBook(lines *csv.Reader, zone *time.Location) (*book, error) {
	head, err := lines.Read()
	if err != nil {
		return nil, err
	}
	place := map[string]int{}
	for i, name := range head {
		place[name] = i
	}
	for _, name := range retailColumns {
		if _, ok := place[name]; !ok {
			return nil, fmt.Errorf("there is no column %s", name)
		}
	}
	event := func() *sheet {
		return &sheet{
			columns: []string{"amount", "product", "description", "quantity", "unit_price"},
			types:   []string{"INTEGER", "TEXT", "TEXT", "REAL", "REAL"},
		}
	}
	b := &book{zone: zone, digits: 2, traits: map[string]*sheet{}, events: map[string]*sheet{"order": event(), "refund": event()}}
	known := map[string]int{}
	var countries []string
	var asOf []int64
	instants := map[string]int64{} // of wall times: many lines have the same
	for {
		line, err := lines.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		get := func(name string) string { return retailText(line[place[name]]) }
		id := strings.TrimSuffix(get("CustomerID"), ".0")
		if id == "" {
			continue
		}
		at, ok := instants[get("InvoiceDate")]
		if !ok {
			wall, err := time.Parse(time.DateTime, get("InvoiceDate"))
			if err != nil {
				return nil, err
			}
			at = instant(wall, zone).UnixMicro()
			instants[get("InvoiceDate")] = at
		}
		quantity, okQuantity := new(big.Rat).SetString(get("Quantity"))
		price, okPrice := new(big.Rat).SetString(get("UnitPrice"))
		if !okQuantity || !okPrice {
			return nil, fmt.Errorf("the line %q has no figures", line)
		}
		who, ok := known[id]
		if !ok {
			who = len(b.customers)
			known[id] = who
			b.customers, countries, asOf = append(b.customers, id), append(countries, ""), append(asOf, -1<<62)
		}
		if country := get("Country"); country != "" && at >= asOf[who] {
			countries[who], asOf[who] = country, at
		}
		e, amount := b.events["order"], cents(new(big.Rat).Mul(quantity, price))
		if quantity.Sign() < 0 || amount < 0 {
			e, amount = b.events["refund"], max(amount, -amount)
			quantity.Abs(quantity)
		}
		pieces, _ := quantity.Float64()
		each, err := strconv.ParseFloat(get("UnitPrice"), 64)
		if err != nil {
			return nil, err
		}
		e.who, e.at, e.ids = append(e.who, who), append(e.at, at), append(e.ids, get("InvoiceNo"))
		e.cells = append(e.cells, []any{amount, orNull(get("StockCode")), orNull(get("Description")), pieces, each})
	}
	country := &sheet{columns: []string{"country"}, types: []string{"TEXT"}}
	for who, name := range countries {
		country.who, country.cells = append(country.who, who), append(country.cells, []any{orNull(name)})
	}
	b.traits["country"] = country
	return b, nil
}

func retailText(raw string) string {
	if !utf8.ValidString(raw) {
		raw, _ = charmap.Windows1252.NewDecoder().String(raw)
	}
	return norm.NFC.String(strings.TrimSpace(raw))
}

func orNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// cents rounds to hundredths, halves away from zero.
func cents(x *big.Rat) int64 {
	twice := new(big.Rat).Mul(new(big.Rat).Abs(x), big.NewRat(200, 1))
	n := new(big.Int).Quo(twice.Num(), twice.Denom())
	n.Add(n, big.NewInt(1)).Rsh(n, 1)
	return n.Int64() * int64(x.Sign())
}

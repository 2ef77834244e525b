//go:build cgo

package sqlite_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/store"
	"tesela/store/sqlite"
)

// benchRows is how many rows the benchmarks have: TESELA_BENCH_ROWS, or two
// million.
func benchRows() int {
	if n, err := strconv.Atoi(os.Getenv("TESELA_BENCH_ROWS")); err == nil {
		return n
	}
	return 2_000_000
}

// orderLines are n lines in order of time, of n/10 customers, with an amount
// and two texts.
func orderLines(b store.Batch, n int) *column.Rows {
	r := rand.New(rand.NewPCG(1, 1))
	for i := range n / 10 {
		b.Customers().Code(strconv.AppendInt(nil, int64(i), 10))
	}
	for i := range 3000 {
		b.Words(segment.FieldRef{Event: "order", Name: "product"}).Code(fmt.Appendf(nil, "product %d", i))
	}
	for i := range 40 {
		b.Words(segment.FieldRef{Event: "order", Name: "category"}).Code(fmt.Appendf(nil, "category %d", i))
	}
	amount, product, category := &column.Column{Kind: column.Money}, &column.Column{Kind: column.Text}, &column.Column{Kind: column.Text}
	rows := &column.Rows{Props: map[string]*column.Column{"amount": amount, "product": product, "category": category}}
	at := int64(1.6e15)
	for range n {
		at += 1e6 * r.Int64N(5)
		rows.Customers = append(rows.Customers, uint32(r.IntN(n/10)))
		rows.Times = append(rows.Times, at)
		amount.Ints = append(amount.Ints, 1+r.Int64N(50000))
		product.Codes = append(product.Codes, 1+r.Uint32N(3000))
		category.Codes = append(category.Codes, 1+r.Uint32N(40))
	}
	return rows
}

// BenchmarkImport sorts and stores rows.
func BenchmarkImport(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		path := filepath.Join(b.TempDir(), "shop.db")
		w, err := sqlite.Create(b.Context(), path)
		if err != nil {
			b.Fatal(err)
		}
		batch, err := w.Import(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		rows := orderLines(batch, benchRows())
		b.StartTimer()
		if _, err := batch.AddRows(b.Context(), "order", rows); err != nil {
			b.Fatal(err)
		}
		if err := batch.Commit(b.Context()); err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		w.Close()
		if info, err := os.Stat(path); err == nil {
			b.ReportMetric(float64(info.Size())/float64(rows.Len()), "file-bytes/row")
		}
		os.Remove(path)
		b.StartTimer()
	}
	b.ReportMetric(float64(benchRows())*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

// BenchmarkOpenAndLoad opens the file and loads all columns of the event.
func BenchmarkOpenAndLoad(b *testing.B) {
	path := filepath.Join(b.TempDir(), "shop.db")
	w, err := sqlite.Create(b.Context(), path)
	if err != nil {
		b.Fatal(err)
	}
	batch, err := w.Import(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	if _, err := batch.AddRows(b.Context(), "order", orderLines(batch, benchRows())); err != nil {
		b.Fatal(err)
	}
	if err := batch.Commit(b.Context()); err != nil {
		b.Fatal(err)
	}
	w.Close()
	for _, props := range [][]string{nil, {"amount", "category", "product"}} {
		b.Run(fmt.Sprint(len(props), " properties"), func(b *testing.B) {
			for b.Loop() {
				w, err := sqlite.Open(b.Context(), path)
				if err != nil {
					b.Fatal(err)
				}
				src, err := w.Source(b.Context())
				if err != nil {
					b.Fatal(err)
				}
				if _, err := src.Load(b.Context(), segment.Need{Events: map[string][]string{"order": props}}); err != nil {
					b.Fatal(err)
				}
				w.Close()
			}
			b.ReportMetric(float64(benchRows())*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}

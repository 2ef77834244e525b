package importer_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tesela/store/importer"
	"tesela/store/sqlite"
)

// BenchmarkImport reads order lines into a fresh workspace.
func BenchmarkImport(b *testing.B) {
	const rows = 500_000
	var text strings.Builder
	text.WriteString("invoice,sku,note,quantity,when,price,customer,country\n")
	for i := range rows {
		fmt.Fprintf(&text, "%d,SKU%d,a note on item %d,%d,2020-%02d-%02d %02d:%02d:00,%d.%02d,%d.0,country %d\n",
			i/5, i*7919%3000, i*7919%3000, 1+i%9, 1+i/50000, 1+i/2000%28, i/100%24, i%60, i%40, i%100, i/5%20000, i/5%20000%30)
	}
	path := filepath.Join(b.TempDir(), "lines.csv")
	if err := os.WriteFile(path, []byte(text.String()), 0o644); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(text.Len()))
	for b.Loop() {
		ws, err := sqlite.Create(context.Background(), filepath.Join(b.TempDir(), "t.db"))
		if err != nil {
			b.Fatal(err)
		}
		s, err := importer.Run(context.Background(), ws, importer.Options{File: path, Mapping: importer.Mapping{
			Events: "order", Customer: "customer", Time: "when", EventID: "invoice",
			Props: []string{"amount=quantity*price:money", "product=sku:text"}, CustomerTraits: []string{"country=country"},
		}})
		if err != nil || s.Imported != rows {
			b.Fatal(s, err)
		}
		ws.Close()
	}
	b.ReportMetric(float64(rows*b.N)/b.Elapsed().Seconds(), "rows/s")
}

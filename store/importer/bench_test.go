package importer_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"tesela/store/importer"
	"tesela/store/sqlite"
)

// orderLines writes order lines as a shop exports them: by time, a few lines
// an order, 200,000 customers for each million lines.
func orderLines(b *testing.B, path string, rows int) (size int64) {
	f, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	w := bufio.NewWriterSize(f, 1<<20)
	fmt.Fprintln(w, "order_id,customer_id,ordered_at,category,product,amount")
	rng := rand.New(rand.NewPCG(1, 2))
	at := time.Date(2022, 1, 1, 0, 0, 0, 0, time.UTC)
	step := 2 * 365 * 24 * time.Hour / time.Duration(rows+1)
	var line []byte
	order, customer, left := 0, 0, 0
	for range rows {
		if left == 0 {
			order++
			left = 1 + rng.IntN(4)
			customer = rng.IntN(rows/5 + 1)
		}
		left--
		at = at.Add(step)
		product := rng.IntN(60) * rng.IntN(60)
		line = strconv.AppendInt(line[:0], int64(order), 10)
		line = append(line, ",c"...)
		line = strconv.AppendInt(line, int64(1000000+customer), 10)
		line = append(line, ',')
		line = at.AppendFormat(line, time.DateTime)
		line = append(line, ",category "...)
		line = strconv.AppendInt(line, int64(product%12), 10)
		line = append(line, ",SKU-"...)
		line = strconv.AppendInt(line, int64(product), 10)
		line = append(line, ',')
		line = strconv.AppendInt(line, int64(1+rng.IntN(200)), 10)
		line = append(line, '.')
		line = strconv.AppendInt(line, int64(10+rng.IntN(90)), 10)
		line = append(line, '\n')
		w.Write(line)
	}
	if err := w.Flush(); err != nil {
		b.Fatal(err)
	}
	info, err := f.Stat()
	if err != nil {
		b.Fatal(err)
	}
	return info.Size()
}

// BenchmarkImport reads order lines into a fresh workspace.
func BenchmarkImport(b *testing.B) {
	for _, rows := range []int{100_000, 3_000_000} {
		b.Run(strconv.Itoa(rows), func(b *testing.B) {
			path := filepath.Join(b.TempDir(), "lines.csv")
			b.SetBytes(orderLines(b, path, rows))
			for b.Loop() {
				ws, err := sqlite.Create(context.Background(), filepath.Join(b.TempDir(), "t.db"))
				if err != nil {
					b.Fatal(err)
				}
				s, err := importer.Run(context.Background(), ws, importer.Options{File: path, Mapping: importer.Mapping{
					Events: "order", Customer: "customer_id", Time: "ordered_at", EventID: "order_id",
					Props: []string{"amount=amount:money", "product=product:text", "category=category:text"},
				}})
				if err != nil || s.Imported != rows {
					b.Fatal(s, err)
				}
				ws.Close()
			}
			b.ReportMetric(float64(rows*b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}

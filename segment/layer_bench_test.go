package segment_test

import (
	"os"
	"strconv"
	"testing"

	"tesela/segment"
	"tesela/segment/syntax"
)

// BenchmarkLayers asks for layers and scores of TESELA_BENCH customers (default
// 100,000) with ten rows each.
func BenchmarkLayers(b *testing.B) {
	customers := 100_000
	if n, err := strconv.Atoi(os.Getenv("TESELA_BENCH")); err == nil {
		customers = n
	}
	src := newBigSource(customers)
	src.schema.Roles = map[string]string{"purchase": "order", "amount": "order.amount"}
	for _, text := range []string{
		`rfm = "Champions"`,
		`rfm_r >= 4 and rfm_f >= 4 and rfm_m >= 4 and rfm != "Loyal"`,
		`rfm(bins: 3, last 90d) = "333"`,
		`lifecycle = "at risk"`,
		`engagement = "disengaged"`,
		`value_tier = "top"`,
	} {
		b.Run(text, func(b *testing.B) {
			f, err := syntax.Parse(text)
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				p, err := segment.Compile(b.Context(), f, src, bigEnd)
				if err != nil {
					b.Fatal(err)
				}
				if _, err := p.Run(b.Context()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

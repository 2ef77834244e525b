package drawing

import (
	"fmt"
	"testing"

	"tesela/cmd/internal/drawing/charttest"
	"tesela/tools"
)

// A picture of each kind: how long it takes and how large it is.
func BenchmarkPNG(b *testing.B) {
	lang := english(b)
	crowd := charttest.Points()
	for i := range 10_000 {
		crowd.Rows = append(crowd.Rows, []any{fmt.Sprint(i), float64(i*7919%10_000) / 10_000, i * 104_729 % 10_007})
	}
	for _, c := range []struct {
		name string
		r    *tools.Result
	}{
		{"flow", charttest.Moves()},
		{"effects", charttest.Effects()},
		{"line", charttest.Course(1)},
		{"lines", charttest.Course(4)},
		{"panels", charttest.Course(7)},
		{"points", charttest.Points()},
		{"map", charttest.Map()},
		{"10000 points", crowd},
	} {
		b.Run(c.name, func(b *testing.B) {
			size := 0
			for b.Loop() {
				picture, _, ok, err := PNG(lang, c.r, Options{})
				if err != nil || !ok {
					b.Fatal(err)
				}
				size = len(picture)
			}
			b.ReportMetric(float64(size), "bytes/picture")
		})
	}
}

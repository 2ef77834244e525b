package column_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"tesela/segment/column"
)

// BenchmarkSteps numbers the months of 2,048 times.
func BenchmarkSteps(b *testing.B) {
	times := make([]int64, 1<<16)
	for i := range times {
		times[i] = rand.Int64N(1095*86400) * 1e6
	}
	p := column.Pack(times)
	steps := column.NewSteps(p, 26*86400e6, func(t int64) int64 {
		y, m, _ := time.UnixMicro(t).UTC().Date()
		return int64(y*12) + int64(m)
	})
	out := make([]uint32, 2048)
	for i := range b.N {
		steps.Number(p.U32[i%32*2048:][:2048], out)
	}
}

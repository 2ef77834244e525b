package segment

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"

	"tesela/segment/column"
)

// partCustomers is how many of a table's customers are gone over between looks
// at the context.
const partCustomers = 1 << 14

// partsOf is how many parts eachPart makes of a table.
func partsOf(t *column.Table) int { return (len(t.Who) + partCustomers - 1) / partCustomers }

// eachPart goes over the customers of a table in parts Who[lo:hi], on all
// cores. Parts are independent of one another.
func eachPart(ctx context.Context, t *column.Table, visit func(part, lo, hi int)) error {
	parts := partsOf(t)
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), parts) {
		wg.Go(func() {
			for ctx.Err() == nil {
				part := int(next.Add(1)) - 1
				if part >= parts {
					return
				}
				visit(part, part*partCustomers, min((part+1)*partCustomers, len(t.Who)))
			}
		})
	}
	wg.Wait()
	return ctx.Err()
}

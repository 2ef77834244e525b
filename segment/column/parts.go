package column

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
)

// partSize is how many figures make a part: they stay in the cache, and a
// part takes well below a millisecond. It is a multiple of 64, so that no two
// parts share a word of a set.
const partSize = 1 << 14

// Workers is how many workers Parts has for n things at most.
func Workers(n int) int {
	return max(1, min(runtime.GOMAXPROCS(0), (n+partSize-1)/partSize))
}

// Parts goes over n things in parts [lo, hi), on all cores; worker numbers
// which of the Workers does a part, each one part at a time. Which does what is
// chance, so what a worker gathers must not depend on it. Every lo is a
// multiple of 64. The error is the context's.
func Parts(ctx context.Context, n int, visit func(worker, lo, hi int)) error {
	parts := (n + partSize - 1) / partSize
	var next atomic.Int64
	work := func(worker int) {
		for ctx.Err() == nil {
			part := int(next.Add(1)) - 1
			if part >= parts {
				return
			}
			visit(worker, part*partSize, min((part+1)*partSize, n))
		}
	}
	var wg sync.WaitGroup
	for worker := 1; worker < Workers(n); worker++ {
		wg.Go(func() { work(worker) })
	}
	work(0)
	wg.Wait()
	return ctx.Err()
}

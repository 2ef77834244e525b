package segmenttest

import (
	"context"
	"sync"
	"sync/atomic"
)

// Cancelling is a context that is cancelled once it has been asked so often
// whether it is. So a test stops work at any place where it can be stopped,
// however busy the machine is.
type Cancelling struct {
	context.Context
	after int64
	asked atomic.Int64
	once  sync.Once
	done  chan struct{}
}

// CancelAfter gives a context that is cancelled when it has been asked so
// often; less than 0 is never.
func CancelAfter(ctx context.Context, asked int) *Cancelling {
	return &Cancelling{Context: ctx, after: int64(asked), done: make(chan struct{})}
}

// Err implements context.Context.
func (c *Cancelling) Err() error {
	if n := c.asked.Add(1); c.after < 0 || n <= c.after {
		return c.Context.Err()
	}
	c.once.Do(func() { close(c.done) })
	return context.Canceled
}

// Done implements context.Context.
func (c *Cancelling) Done() <-chan struct{} { return c.done }

// Asked is how often it was asked.
func (c *Cancelling) Asked() int { return int(c.asked.Load()) }

package slackbot

import (
	"context"
	"sync/atomic"
)

// seat is room to compute in, for so many at once. It is not safe to be taken
// and left at the same time.
type seat struct {
	of    chan struct{}
	taken atomic.Bool
}

// seat tries to take one at once.
func (b *Bot) seat() *seat {
	s := &seat{of: b.slots}
	select {
	case s.of <- struct{}{}:
		s.taken.Store(true)
	default:
	}
	return s
}

// take waits until there is room; false where the context ends before.
func (s *seat) take(ctx context.Context) bool {
	if s.taken.Load() {
		return true
	}
	select {
	case s.of <- struct{}{}:
		s.taken.Store(true)
		return true
	case <-ctx.Done():
		return false
	}
}

// leave makes room for others; done twice it does nothing more.
func (s *seat) leave() {
	if s.taken.Swap(false) {
		<-s.of
	}
}

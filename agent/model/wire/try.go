package wire

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"syscall"
	"time"

	"tesela/agent/model"
)

// mostBackoff is the longest wait that is not asked for by the endpoint.
const mostBackoff = 8 * time.Second

// mostAtOnce bounds the attempts that are made at once and not counted.
const mostAtOnce = 16

// Next is what to do after an attempt that failed.
type Next int

// The ways on: by what went wrong, not at all, or the same again at once
// without counting, since something was given up that the endpoint refused.
const (
	Judge Next = iota
	Stop
	AtOnce
)

// Try makes attempts at one reply until one succeeds or trying again is of no
// use. It gives each a context that ends in time and writes to the attempt's
// note, and asks next, unless it is nil, how to go on. It returns the last
// attempt's note and error: ErrSlow where time ran out, the context's own cause
// where that ended it.
func Try(ctx context.Context, l Limits, once func(ctx context.Context, n *Note) error, next func(err error, n *Note) Next) (*Note, error) {
	l = l.WithDefaults()
	limited, cancel := context.WithTimeoutCause(ctx, l.Timeout, ErrSlow)
	defer cancel()
	ended := func(err error) error {
		switch {
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case limited.Err() != nil:
			return ErrSlow
		}
		return err
	}
	free := 0
	for attempt := 1; ; {
		note := &Note{}
		over := model.Attempting(ctx)
		err := once(note.With(limited), note)
		over(model.Attempt{Status: note.Status(), Err: err})
		if err == nil {
			return note, nil
		}
		if limited.Err() != nil {
			return note, ended(err)
		}
		how := Judge
		if next != nil {
			how = next(err, note)
		}
		switch {
		case how == Stop:
			return note, err
		case how == AtOnce && free < mostAtOnce:
			free++
			continue
		}
		wait, again := l.wait(err, note, attempt)
		if attempt++; !again || attempt > l.Attempts {
			return note, err
		}
		if end, ok := limited.Deadline(); ok && time.Until(end) < wait {
			return note, err // rather what is wrong than that it took too long
		}
		pause := time.NewTimer(wait)
		select {
		case <-pause.C:
		case <-limited.Done():
			pause.Stop()
			return note, ended(err)
		}
	}
}

// quotaCodes are words of endpoints for a quota that is spent, so that waiting
// is of no use.
var quotaCodes = []string{"insufficient_quota", "billing_hard_limit_reached", "billing_not_active", "ServiceQuotaExceededException"}

func quotaSpent(s Said) bool {
	return slices.Contains(quotaCodes, s.Code) || slices.Contains(quotaCodes, s.Type)
}

// wait tells whether another attempt may do better, and how long to wait for
// it: as long as the endpoint asks, else twice as long each time.
func (l Limits) wait(err error, n *Note, attempt int) (time.Duration, bool) {
	switch status := n.Status(); {
	case status == http.StatusTooManyRequests && quotaSpent(n.Said()):
		return 0, false
	case status == http.StatusTooManyRequests, status == http.StatusRequestTimeout, status >= 500:
	case status >= 300:
		return 0, false
	case is(err, n, ErrBrokeOff), interrupted(err), reset(err), reset(n.Failure()):
	default:
		return 0, false
	}
	asked := n.RetryAfter()
	if asked > l.RetryAfter {
		return 0, false
	}
	pause := l.Backoff << min(attempt-1, 10)
	return max(asked, min(pause, mostBackoff)), true
}

// is tells whether an error or what the transport noted of it is the target.
func is(err error, n *Note, target error) bool {
	return errors.Is(err, target) || errors.Is(n.Failure(), target)
}

func interrupted(err error) bool {
	var i Interruption
	return errors.As(err, &i)
}

// reset is a connection that broke.
func reset(err error) bool {
	return errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF)
}

package wire

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/slack-go/slack"
)

// verdict is what an error of a call means for the next try.
type verdict int

const (
	never   verdict = iota // trying again gives the same
	limited                // not before a time
	unsent                 // Slack has not seen it
	unknown                // Slack may have done it
)

// judge tells what an error means and, where Slack asked to wait, how long.
func judge(err error) (verdict, time.Duration) {
	var rate *slack.RateLimitedError
	if errors.As(err, &rate) {
		return limited, max(rate.RetryAfter, 100*time.Millisecond)
	}
	var status slack.StatusCodeError
	if errors.As(err, &status) {
		switch {
		case status.Code == http.StatusTooManyRequests:
			return limited, time.Second
		case status.Code >= 500 || status.Code == http.StatusRequestTimeout:
			return unknown, 0
		}
		return never, 0
	}
	var said slack.SlackErrorResponse
	if errors.As(err, &said) {
		switch said.Err {
		case "ratelimited", "rate_limited":
			return limited, time.Second
		case "internal_error", "fatal_error", "request_timeout", "service_unavailable", "team_added_to_org":
			return unknown, 0
		}
		return never, 0
	}
	var op *net.OpError
	if errors.As(err, &op) && op.Op == "dial" {
		return unsent, 0
	}
	var dns *net.DNSError
	if errors.As(err, &dns) {
		return unsent, 0
	}
	return unknown, 0 // a connection cut, a time-out, half a reply
}

// backoff is how long to rest before try n+1, n from 0. The jitter comes from
// the clock: it keeps many from knocking at once, and is no result.
func (w *Wire) backoff(n int) time.Duration {
	d := w.limits.MostBackoff
	if n < 20 {
		d = min(d, w.limits.Backoff<<n)
	}
	return d/2 + time.Duration(w.clock().UnixNano()%1000)*(d/2)/1000
}

// attempt is one thing to be done in Slack.
type attempt struct {
	method string
	limit  time.Duration // of one try; 0: Limits.Call
	tries  int           // where it fails for a moment; 0: until ctx ends
	do     func(ctx context.Context) error
	// done tells, after a try of which it is not known whether it came
	// through, whether it did; nil where twice does no harm.
	done func(ctx context.Context) bool
}

// ErrUnsent is in the error of a post whose context ended before Slack was asked.
var ErrUnsent = errors.New("nothing was sent")

func unsentFor(cause error) error { return fmt.Errorf("%w: %w", ErrUnsent, cause) }

// errSuperseded ends an attempt whose work is of no more use.
var errSuperseded = errors.New("superseded")

// try does what is to be done, however often Slack fails for a moment.
func (w *Wire) try(ctx context.Context, a attempt) error {
	limit := a.limit
	if limit == 0 {
		limit = w.limits.Call
	}
	asked := false // Slack may have done it
	for n := 0; ; {
		if err := w.out.gates.wait(ctx, a.method); err != nil {
			if !asked {
				err = unsentFor(err)
			}
			return err
		}
		call, cancel := context.WithTimeout(ctx, limit)
		err := a.do(call)
		cancel()
		if err == nil {
			return nil
		}
		if errors.Is(err, errSuperseded) {
			return err
		}
		v, after := judge(err)
		asked = asked || v == unknown
		if cause := context.Cause(ctx); cause != nil {
			if !asked {
				cause = unsentFor(cause)
			}
			return cause
		}
		switch v {
		case never:
			return faultOf(a.method, err)
		case limited:
			w.log.Debug("slack limits the rate", "method", a.method, "wait", after)
			w.out.gates.block(a.method, after)
			continue
		}
		n++
		if a.tries > 0 && n >= a.tries {
			return faultOf(a.method, err)
		}
		w.log.Warn("slack failed; trying again", "method", a.method, "try", n, "cause", bare(err))
		if err := rest(ctx, w.backoff(n-1)); err != nil {
			return err
		}
		if v == unknown && a.done != nil && a.done(ctx) {
			return nil
		}
	}
}

// mostLate is how long a call is waited for that nobody wants any more.
const mostLate = 3 * time.Second

// sent lets a call that has gone out come to its end though ctx has ended:
// Slack may do it all the same, and then it must not be after what is said next.
func sent(ctx context.Context, do func(ctx context.Context) error) error {
	call, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	late := func() {
		t := time.NewTimer(mostLate)
		defer t.Stop()
		select {
		case <-t.C:
			cancel()
		case <-call.Done():
		}
	}
	defer context.AfterFunc(ctx, late)()
	return do(call)
}

// bare is an error without addresses, which may hold secrets.
func bare(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return bare(u.Err)
	}
	return err
}

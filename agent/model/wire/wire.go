// Package wire carries requests to language models and brings back what went
// wrong: time-outs, bounds and retries that vendors' client libraries lack, and
// faults in a person's words without secrets. It learns status and reason of a
// failure from the connection itself, so that it does not matter what a library
// makes of them. It knows no vendor's requests and no replies.
package wire

import (
	"errors"
	"time"
)

// Limits bound the asking for one reply.
type Limits struct {
	Timeout  time.Duration // of one reply with all attempts; 2 minutes
	Idle     time.Duration // without a byte from the endpoint; 1 minute
	Attempts int           // how often one reply is tried for; 4
	// Backoff is the wait before the second attempt, which doubles with each;
	// half a second, and 8 seconds at most.
	Backoff time.Duration
	// RetryAfter is the longest wait an endpoint may ask for; 20 seconds.
	RetryAfter time.Duration
}

// WithDefaults fills in what is not set.
func (l Limits) WithDefaults() Limits {
	set := func(d *time.Duration, to time.Duration) {
		if *d <= 0 {
			*d = to
		}
	}
	set(&l.Timeout, 2*time.Minute)
	set(&l.Idle, time.Minute)
	set(&l.Backoff, 500*time.Millisecond)
	set(&l.RetryAfter, 20*time.Second)
	if l.Attempts <= 0 {
		l.Attempts = 4
	}
	return l
}

// What goes wrong with a reply, as the transport and those who read replies
// say it.
var (
	ErrSlow     = errors.New("it did not reply in time")
	ErrSilent   = errors.New("it fell silent")
	ErrHuge     = errors.New("its reply does not end")
	ErrRedirect = errors.New("its address leads elsewhere; name the address it leads to")
	ErrBrokeOff = errors.New("the reply broke off before its end")
	ErrCut      = errors.New("the reply was cut off at the longest the endpoint allows")
	ErrNoName   = errors.New("the reply calls a tool without naming it")
)

// Refusal is a model that would not answer.
type Refusal struct {
	Text string // what it said, "" where a filter kept it from saying anything
}

func (r Refusal) Error() string {
	if r.Text == "" {
		return "it would not answer (content filter)"
	}
	return "it would not answer: " + Clip(r.Text)
}

// Interruption is an error that the endpoint sent in the midst of a reply that
// began well.
type Interruption struct{ Said Said }

func (i Interruption) Error() string { return Clip(i.Said.Message) }

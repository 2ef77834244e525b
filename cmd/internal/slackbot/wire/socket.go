package wire

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
)

const (
	// ackWait bounds the wait for an ack to be taken over; it only waits
	// while there is no connection to send it on, and the acks after it then
	// wait noAckWait, so that those of the next connection are not late.
	ackWait   = 250 * time.Millisecond
	noAckWait = time.Millisecond
	// mostAcks is how many may wait.
	mostAcks = 1000
	// mostFrame bounds a message of the socket.
	mostFrame = 8 << 20
	// steady is how long a connection must last to count as one that works.
	steady = time.Second
)

// serveSocket hears Slack over Socket Mode until ctx ends, connecting again
// and again. It returns an error where the token will never do.
func (w *Wire) serveSocket(ctx context.Context) error {
	for n := 0; ; {
		lasted, err := w.connection(ctx)
		if ctx.Err() != nil {
			return nil
		}
		if refused := refusal(appVariable, err); refused != nil {
			return refused
		}
		switch {
		case lasted >= steady:
			n = 0
		case lasted > 0: // Slack does let us in: no reason to stay away for long
			n = min(n, 2)
		}
		d := w.backoff(n)
		if v, after := judge(err); err != nil && v == limited {
			d = max(d, after)
		}
		n++
		w.log.Warn("the connection to Slack is lost; connecting again", "try", n, "wait", d, "cause", bare(err))
		if rest(ctx, d) != nil {
			return nil
		}
	}
}

// connection hears Slack for as long as connections follow one another
// smoothly, as Slack asks for every few hours. lasted is how long the last one
// did.
func (w *Wire) connection(ctx context.Context) (lasted time.Duration, err error) {
	var acking sync.WaitGroup
	defer acking.Wait()
	run, cancel := context.WithCancel(ctx)
	defer cancel()
	client := socketmode.New(w.api, socketmode.OptionReadLimit(mostFrame), socketmode.OptionDialer(w.dialer()),
		socketmode.OptionPingInterval(w.limits.Ping))
	ended := make(chan error, 1)
	go func() { ended <- client.RunContext(run) }()
	acks := make(chan ack, mostAcks)
	acking.Go(func() { w.acknowledge(run, client, acks) })
	var since time.Time
	for {
		select {
		case e := <-client.Events:
			switch e.Type {
			case socketmode.EventTypeHello:
				since = w.clock()
				w.log.Info("listening to Slack")
			case socketmode.EventTypeConnecting:
				if begins, ok := e.Data.(*slack.ConnectingEvent); !ok || begins.ConnectionCount == 0 {
					continue
				}
				if lasted = 0; !since.IsZero() {
					lasted, since = w.clock().Sub(since), time.Time{}
				}
				w.log.Info("the connection to Slack ended; taking a new one")
			case socketmode.EventTypeConnectionError:
				if failure, ok := e.Data.(*slack.ConnectionErrorEvent); ok {
					err = failure.ErrorObj
				}
				cancel() // the wait before the next try is ours
			default:
				w.hear(run, acks, e)
			}
		case end := <-ended:
			if err == nil {
				err = end
			}
			if !since.IsZero() {
				lasted = w.clock().Sub(since)
			}
			return lasted, err
		}
	}
}

// errTooSoon is what a connection is not made for at once: the one before it
// hardly lasted, and the next might not either.
var errTooSoon = errors.New("the last connection ended as soon as it was made")

// dialer dials as the library's own does, but not again and again at once.
func (w *Wire) dialer() *websocket.Dialer {
	var last time.Time
	plain := &net.Dialer{Timeout: 10 * time.Second}
	return &websocket.Dialer{
		Proxy: http.ProxyFromEnvironment, HandshakeTimeout: 20 * time.Second, WriteBufferSize: 32 << 10,
		NetDialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			now := w.clock()
			if !last.IsZero() && now.Sub(last) < steady {
				return nil, errTooSoon
			}
			last = now
			return plain.DialContext(ctx, network, address)
		},
	}
}

// hear takes an event in, which is acknowledged once it is kept.
func (w *Wire) hear(ctx context.Context, acks chan<- ack, e socketmode.Event) {
	request := e.Request
	if e.Type == socketmode.EventTypeErrorBadMessage {
		// An event that the library cannot read is one all the same.
		bad, ok := e.Data.(*socketmode.ErrorBadMessage)
		if !ok {
			return
		}
		request = &socketmode.Request{}
		if json.Unmarshal(bad.Message, request) != nil {
			w.log.Warn("Slack sent what cannot be read", "cause", bad.Cause)
			return
		}
	}
	if request == nil || request.EnvelopeID == "" {
		return
	}
	var kept []<-chan struct{}
	switch request.Type {
	case socketmode.RequestTypeEventsAPI:
		kept = w.takeEvent(request.Payload)
	case socketmode.RequestTypeSlashCommands:
		var c slack.SlashCommand
		if err := json.Unmarshal(request.Payload, &c); err != nil {
			w.log.Warn("a command cannot be read", "cause", err)
			break
		}
		kept = w.takeCommand(c)
	case socketmode.RequestTypeInteractive:
		kept = w.takeClick(request.Payload)
	}
	select {
	case acks <- ack{request.EnvelopeID, kept, time.Now().Add(keepWait)}:
	case <-ctx.Done():
	}
}

// ack is the acknowledgement of an event that is being kept, until when that is
// waited for.
type ack struct {
	envelope string
	kept     []<-chan struct{}
	until    time.Time
}

// acknowledge tells Slack what was heard, in its order, until ctx ends.
func (w *Wire) acknowledge(ctx context.Context, client *socketmode.Client, acks <-chan ack) {
	wait := ackWait
	for {
		select {
		case <-ctx.Done():
			return
		case a := <-acks:
			keep(ctx, a.kept, a.until)
			one, cancel := context.WithTimeout(ctx, wait)
			err := client.AckCtx(one, a.envelope, nil)
			cancel()
			if wait = ackWait; err != nil {
				wait = noAckWait
			}
			if err != nil && !errors.Is(err, context.Canceled) {
				w.log.Warn("an event could not be acknowledged; Slack will send it again", "cause", err)
			}
		}
	}
}

// keepWait bounds the wait for the memory before Slack is told that something
// was heard: Slack wants to know within three seconds, and people sooner.
const keepWait = 500 * time.Millisecond

// keep waits until what was taken in outlasts the program: what Slack was told
// is heard, it does not send again.
func keep(ctx context.Context, all []<-chan struct{}, until time.Time) {
	t := time.NewTimer(time.Until(until))
	defer t.Stop()
	for _, kept := range all {
		if kept == nil {
			continue
		}
		select {
		case <-kept:
		case <-t.C:
			return
		case <-ctx.Done():
			return
		}
	}
}

func (w *Wire) takeEvent(payload []byte) []<-chan struct{} {
	d, ok, err := w.heard(payload)
	if err != nil {
		w.log.Warn("an event cannot be read", "cause", err)
	}
	if !ok {
		return nil
	}
	return []<-chan struct{}{w.in.take(d)}
}

func (w *Wire) takeCommand(c slack.SlashCommand) []<-chan struct{} {
	d, ok := w.commanded(c)
	if !ok {
		return nil
	}
	return []<-chan struct{}{w.in.take(d)}
}

func (w *Wire) takeClick(payload []byte) (kept []<-chan struct{}) {
	ds, err := w.clicked(payload)
	if err != nil {
		w.log.Warn("a click cannot be read", "cause", err)
	}
	for _, d := range ds {
		kept = append(kept, w.in.take(d))
	}
	return kept
}

package wire

import (
	"bytes"
	"context"
	"errors"
	"io"
	"mime"
	"net"
	"net/http"
	"time"
)

// mostBytes bounds one reply on the wire.
const mostBytes = 8 << 20

// mostIdle is how many connections are kept for later requests, so that where
// many ask at once the next ones dial no more than they must.
const mostIdle = 32

// Transport carries requests. Beside what http.Transport does, it ends one
// during which no byte comes for too long or too many come, follows no
// redirect, and takes down in the Note of the request's context what client
// libraries drop.
type Transport struct {
	next http.RoundTripper
	own  *http.Transport // nil where one was given
	idle time.Duration
}

// NewTransport makes a transport that gives a request up after so long without
// a byte. Proxied is how connections are made, nil for straight or by the proxy
// that the environment names. Around, if any, wrap that, the last outermost.
func NewTransport(idle time.Duration, proxied http.RoundTripper, around ...func(http.RoundTripper) http.RoundTripper) *Transport {
	t := &Transport{next: proxied, idle: idle}
	if t.next == nil {
		t.own = &http.Transport{
			Proxy:                 http.ProxyFromEnvironment,
			DialContext:           (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
			TLSHandshakeTimeout:   10 * time.Second,
			MaxIdleConnsPerHost:   mostIdle,
			IdleConnTimeout:       30 * time.Second,
			ForceAttemptHTTP2:     true,
			ExpectContinueTimeout: time.Second,
		}
		t.next = t.own
	}
	for _, a := range around {
		t.next = a(t.next)
	}
	return t
}

// CloseIdleConnections gives up connections that are kept for later requests,
// but those of a RoundTripper that was given.
func (t *Transport) CloseIdleConnections() {
	if t.own != nil {
		t.own.CloseIdleConnections()
	}
}

// Bound is the transport for one attempt of a library that drops contexts: its
// requests end with ctx and write to the note of ctx.
func (t *Transport) Bound(ctx context.Context) http.RoundTripper { return bound{t, ctx} }

type bound struct {
	*Transport
	ctx context.Context
}

// RoundTrip carries one request.
func (b bound) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Context().Done() != nil {
		ctx, cancel := context.WithCancelCause(b.ctx)
		stop := context.AfterFunc(req.Context(), func() { cancel(context.Cause(req.Context())) })
		resp, err := b.Transport.RoundTrip(req.WithContext(ctx))
		if err != nil {
			stop()
			cancel(nil)
			return nil, err
		}
		resp.Body = &unbound{resp.Body, func() { stop(); cancel(nil) }}
		return resp, nil
	}
	return b.Transport.RoundTrip(req.WithContext(b.ctx))
}

// unbound lets go of two contexts once a body is closed.
type unbound struct {
	io.ReadCloser
	end func()
}

func (u *unbound) Close() error {
	err := u.ReadCloser.Close()
	u.end()
	return err
}

// RoundTrip carries one request.
func (t *Transport) RoundTrip(req *http.Request) (*http.Response, error) {
	note := noteOf(req.Context())
	note.begin()
	ctx, cancel := context.WithCancelCause(req.Context())
	b := &body{ctx: ctx, cancel: cancel, idle: t.idle, note: note}
	b.timer = time.AfterFunc(t.idle, func() { cancel(ErrSilent) })
	resp, err := t.next.RoundTrip(req.WithContext(ctx))
	if err != nil {
		err = b.cause(err)
		b.end()
		note.fail(err)
		return nil, err
	}
	if resp.StatusCode >= 300 && resp.StatusCode < 400 {
		resp.Body.Close()
		b.end()
		note.fail(ErrRedirect)
		return nil, ErrRedirect
	}
	b.timer.Stop()
	kind, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	note.replied(resp.StatusCode, resp.Header.Clone(), resp.StatusCode < 300 && kind != "text/event-stream")
	b.ReadCloser = resp.Body
	resp.Body = b
	return resp, nil
}

// body is a reply's body under watch.
type body struct {
	io.ReadCloser
	ctx    context.Context
	cancel context.CancelCauseFunc
	timer  *time.Timer
	idle   time.Duration
	note   *Note
	read   int
	tail   []byte
	done   bool
}

// streamDone is how streams of OpenAI's format end.
var streamDone = []byte("[DONE]")

func (b *body) Read(p []byte) (int, error) {
	b.timer.Reset(b.idle)
	n, err := b.ReadCloser.Read(p)
	b.timer.Stop()
	if b.read += n; b.read > mostBytes {
		b.Close()
		b.note.fail(ErrHuge)
		return 0, ErrHuge
	}
	if b.note != nil {
		b.note.keep(p[:n], b.read == n && bytes.HasPrefix(bytes.TrimSpace(p[:n]), []byte("{")))
		b.watch(p[:n])
	}
	if err != nil {
		if !errors.Is(err, io.EOF) {
			err = b.cause(err)
			b.note.fail(err)
		}
		b.end() // some libraries forget to close the body of an error
	}
	return n, err
}

// watch looks for the mark that a stream is done.
func (b *body) watch(p []byte) {
	if b.done {
		return
	}
	b.tail = append(b.tail, p...)
	if bytes.Contains(b.tail, streamDone) {
		b.done = true
		b.note.finish()
	}
	b.tail = append(b.tail[:0], b.tail[max(0, len(b.tail)-len(streamDone)):]...)
}

func (b *body) Close() error {
	err := b.ReadCloser.Close()
	b.end()
	return err
}

func (b *body) end() {
	b.timer.Stop()
	b.cancel(nil)
}

// cause is why the context ended, where that is what broke the reply.
func (b *body) cause(err error) error {
	if cause := context.Cause(b.ctx); cause != nil {
		return cause
	}
	return err
}

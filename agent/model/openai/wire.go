package openai

import (
	"bytes"
	"context"
	"errors"
	"io"
	"mime"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// mostBytes bounds one reply on the wire.
const mostBytes = 8 << 20

var (
	errSlow     = errors.New("it did not reply in time")
	errSilent   = errors.New("it fell silent")
	errHuge     = errors.New("its reply does not end")
	errRedirect = errors.New("its address leads elsewhere; name the address it leads to")
)

// wire carries requests. Beside what http.Transport does, it ends one during
// which no byte comes for too long or too many come, and notes of the reply
// what the client library drops.
type wire struct {
	http.RoundTripper
	own  *http.Transport // nil where one was given
	idle time.Duration
	// guessed is set where the address had no path and /v1 was put in; rootless
	// once that turned out wrong.
	guessed  bool
	rootless atomic.Bool
}

func newWire(c Config) *wire {
	w := &wire{RoundTripper: c.Proxied, idle: c.Idle}
	if w.RoundTripper == nil {
		w.own = &http.Transport{
			Proxy:                 http.ProxyFromEnvironment,
			DialContext:           (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
			TLSHandshakeTimeout:   10 * time.Second,
			MaxIdleConnsPerHost:   32,
			IdleConnTimeout:       30 * time.Second,
			ForceAttemptHTTP2:     true,
			ExpectContinueTimeout: time.Second,
		}
		w.RoundTripper = w.own
	}
	return w
}

func (w *wire) closeIdle() {
	if w.own != nil {
		w.own.CloseIdleConnections()
	}
}

// attempted is what one attempt's reply said outside its body.
type attempted struct {
	retryAfter time.Duration // 0: not said
	plain      bool          // no stream but one document
	raw        []byte        // that document
	done       atomic.Bool   // the stream said that it is done
}

type attemptedKey struct{}

// RoundTrip carries one request.
func (w *wire) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithCancelCause(req.Context())
	b := &body{ctx: ctx, cancel: cancel, idle: w.idle}
	b.timer = time.AfterFunc(w.idle, func() { cancel(errSilent) })
	resp, err := w.carry(req.WithContext(ctx))
	if err != nil {
		err = b.cause(err)
		b.end()
		return nil, err
	}
	if resp.StatusCode >= 300 && resp.StatusCode < 400 {
		resp.Body.Close()
		b.end()
		return nil, errRedirect
	}
	b.timer.Stop()
	b.note, _ = req.Context().Value(attemptedKey{}).(*attempted)
	if b.note != nil {
		b.note.retryAfter = retryAfter(resp.Header)
		kind, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type"))
		b.note.plain = resp.StatusCode < 300 && kind != "text/event-stream"
	}
	b.ReadCloser = resp.Body
	resp.Body = b
	return resp, nil
}

// carry sends a request. Where the path was guessed and nothing is there, it
// is sent to the address as it was given.
func (w *wire) carry(req *http.Request) (*http.Response, error) {
	if !w.guessed || req.GetBody == nil {
		return w.RoundTripper.RoundTrip(req)
	}
	if !w.rootless.Load() {
		resp, err := w.RoundTripper.RoundTrip(req)
		if err != nil || resp.StatusCode != http.StatusNotFound || isModel(resp) {
			return resp, err
		}
		resp.Body.Close()
	}
	body, err := req.GetBody()
	if err != nil {
		return nil, err
	}
	bare := req.Clone(req.Context())
	bare.Body = body
	bare.URL.Path = strings.TrimPrefix(bare.URL.Path, "/v1")
	resp, err := w.RoundTripper.RoundTrip(bare)
	if err == nil && resp.StatusCode != http.StatusNotFound {
		w.rootless.Store(true)
	}
	return resp, err
}

// isModel tells whether it is the model that was not found, and not the path:
// then the endpoint speaks of it in its own format.
func isModel(resp *http.Response) bool {
	start, err := io.ReadAll(io.LimitReader(resp.Body, 1<<16))
	resp.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(start), resp.Body), resp.Body}
	return err == nil && bytes.Contains(start, []byte("model"))
}

// retryAfter is how long a reply asks to wait, in seconds, milliseconds or
// until a date counted from the reply's own; 0 where it does not.
func retryAfter(h http.Header) time.Duration {
	if ms, err := strconv.ParseFloat(h.Get("Retry-After-Ms"), 64); err == nil && ms > 0 && ms < 1e12 {
		return time.Duration(ms * float64(time.Millisecond))
	}
	said := strings.TrimSpace(h.Get("Retry-After"))
	if s, err := strconv.ParseFloat(said, 64); err == nil && s > 0 && s < 1e9 {
		return time.Duration(s * float64(time.Second))
	}
	until, err := http.ParseTime(said)
	now, err2 := http.ParseTime(h.Get("Date"))
	if err == nil && err2 == nil && until.After(now) {
		return until.Sub(now)
	}
	return 0
}

// body is a reply's body under watch.
type body struct {
	io.ReadCloser
	ctx    context.Context
	cancel context.CancelCauseFunc
	timer  *time.Timer
	idle   time.Duration
	note   *attempted
	read   int
	tail   []byte
}

var streamDone = []byte("[DONE]")

func (b *body) Read(p []byte) (int, error) {
	b.timer.Reset(b.idle)
	n, err := b.ReadCloser.Read(p)
	b.timer.Stop()
	if b.read += n; b.read > mostBytes {
		b.Close()
		return 0, errHuge
	}
	if b.note != nil && b.read == n && bytes.HasPrefix(bytes.TrimSpace(p[:n]), []byte("{")) {
		b.note.plain = true // whatever it was said to be
	}
	if b.note != nil && b.note.plain {
		b.note.raw = append(b.note.raw, p[:n]...)
	}
	if b.note != nil && !b.note.done.Load() {
		b.tail = append(b.tail, p[:n]...)
		if bytes.Contains(b.tail, streamDone) {
			b.note.done.Store(true)
		}
		b.tail = append(b.tail[:0], b.tail[max(0, len(b.tail)-len(streamDone)):]...)
	}
	if err != nil {
		if !errors.Is(err, io.EOF) {
			err = b.cause(err)
		}
		b.end() // the library forgets to close the body of an error
	}
	return n, err
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

package langchain

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"sync"

	"tesela/agent/model"
	"tesela/agent/model/wire"
)

// exchange is one attempt at one reply. The library drops much of what a
// vendor says, and what it does not know makes it fail; so the transport
// reads the reply as leniently as can be, keeps here what the library would
// lose, and hands the library the rest in the strict form it knows.
type exchange struct {
	steps   []step // what is said
	without uint32 // the options that were given up

	mu     sync.Mutex // a library may still be at it when nobody waits any more
	sent   bool
	heard  heard
	failed error // what the transport ended it with, nil for nothing
}

// heard is a reply as it came.
type heard struct {
	text  string
	calls []saidCall
	end   error // why it is no whole answer; nil where it is one
	usage *model.Usage
}

// saidCall is a call as it came. Its arguments are kept as they stood there:
// the library encodes them anew, by which long numbers lose digits.
type saidCall struct {
	id, name, args string
	// signature seals what the model thought when it called; it wants it back
	// with the call.
	signature string
}

type exchangeKey struct{}

func (x *exchange) with(ctx context.Context) context.Context {
	return context.WithValue(ctx, exchangeKey{}, x)
}

func exchangeOf(ctx context.Context) *exchange {
	x, _ := ctx.Value(exchangeKey{}).(*exchange)
	return x
}

var (
	errNotAsked = errors.New("a request that belongs to no question")
	errAgain    = errors.New("a second request for one attempt")
)

// dialect is how one vendor's requests and replies are put for the library.
type dialect struct {
	// address changes where a request goes; nil leaves it.
	address func(r *http.Request)
	// out changes the body of a request; nil leaves it.
	out func(x *exchange, body []byte) ([]byte, error)
	// read reads a reply.
	read func(body []byte) (heard, error)
	// in is a reply in the form that the library knows after its request.
	in func(r *http.Request, h heard) any
}

// transport carries the library's requests over the wire.
type transport struct {
	dialect
	next http.RoundTripper
}

// RoundTrip carries one request. Whatever status a reply of an error has, it
// comes back as an error here, so that no library tries again by itself.
func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	x := exchangeOf(req.Context())
	if x == nil {
		return nil, errNotAsked
	}
	x.mu.Lock()
	again := x.sent
	x.sent = true
	x.mu.Unlock()
	if again {
		return nil, errAgain
	}
	resp, h, err := t.carry(req, x)
	x.mu.Lock()
	x.heard, x.failed = h, err
	x.mu.Unlock()
	return resp, err
}

func (t *transport) carry(req *http.Request, x *exchange) (*http.Response, heard, error) {
	out, err := t.request(req, x)
	if err != nil {
		return nil, heard{}, unsentError{err}
	}
	resp, err := t.next.RoundTrip(out)
	if err != nil {
		return nil, heard{}, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	switch {
	case err != nil:
		return nil, heard{}, err
	case resp.StatusCode >= 300:
		return nil, heard{}, statusError(resp.StatusCode)
	case !json.Valid(bytes.TrimSpace(body)):
		return nil, heard{}, broken(body)
	}
	h, err := t.read(body)
	if err != nil {
		return nil, heard{}, err
	}
	body, err = json.Marshal(t.in(req, h))
	if err != nil {
		return nil, heard{}, fmt.Errorf("put the reply: %w", err)
	}
	plain := &http.Response{
		Status: resp.Status, StatusCode: resp.StatusCode, Proto: resp.Proto, ProtoMajor: resp.ProtoMajor, ProtoMinor: resp.ProtoMinor,
		Header: resp.Header.Clone(), Body: io.NopCloser(bytes.NewReader(body)), ContentLength: int64(len(body)), Request: req,
	}
	plain.Header.Set("Content-Type", "application/json")
	plain.Header.Set("Content-Length", strconv.Itoa(len(body)))
	plain.Header.Del("Content-Encoding")
	return plain, h, nil
}

// request is a request as the vendor takes it.
func (t *transport) request(req *http.Request, x *exchange) (*http.Request, error) {
	out := req.Clone(req.Context())
	if t.address != nil {
		t.address(out)
	}
	if t.out == nil || req.Body == nil {
		return out, nil
	}
	body, err := io.ReadAll(req.Body)
	if err = errors.Join(err, req.Body.Close()); err != nil {
		return nil, err
	}
	if body, err = t.out(x, body); err != nil {
		return nil, err
	}
	out.Body, out.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	out.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
	return out, nil
}

// outcome is what came of an exchange, in which the library came to err. What
// the transport saw counts for more than what the library made of it.
func (x *exchange) outcome(err error) (heard, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	switch {
	case x.failed != nil:
		return heard{}, x.failed
	case x.sent && x.heard.end != nil:
		return x.heard, x.heard.end
	case err != nil && !x.sent:
		return heard{}, unsentError{err}
	}
	return x.heard, err
}

// unsentError is what kept the library from asking at all.
type unsentError struct{ err error }

func (u unsentError) Error() string { return u.err.Error() }

func (u unsentError) Unwrap() error { return u.err }

// statusError is a reply that is an error by its status. What it says is in
// the attempt's note.
type statusError int

func (s statusError) Error() string {
	return fmt.Sprintf("status %d %s", int(s), http.StatusText(int(s)))
}

// broken tells a document that ends too early from one that never was any.
func broken(body []byte) error {
	var any json.RawMessage
	err := json.NewDecoder(bytes.NewReader(body)).Decode(&any)
	if err == nil || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return wire.ErrBrokeOff
	}
	return fmt.Errorf("read the reply: %w", err)
}

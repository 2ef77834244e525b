// Package modeltest plays language models for tests. A server speaks a
// vendor's real wire format, replying from a script and with the faults that
// such endpoints are known for, so that a provider is tried through the real
// client library; and suites hold every model.Model to the same behaviour. It
// holds no model and reaches nothing outside this machine.
package modeltest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"tesela/agent/model"
)

// Reply is what a scripted model says, in no vendor's words.
type Reply struct {
	Text    string
	Calls   []model.Call
	Refusal string
	Usage   *model.Usage // nil: the endpoint does not say
	// Faults are what goes wrong with the reply on its way.
	Faults []Fault
	// RetryAfter goes with TooMany, in seconds.
	RetryAfter string
	// Delay is waited before the first byte.
	Delay time.Duration
}

// Has tells whether the reply has a fault.
func (r Reply) Has(f Fault) bool {
	for _, have := range r.Faults {
		if have == f {
			return true
		}
	}
	return false
}

// Asked is a request as it came, read from the wire format.
type Asked struct {
	N        int // of the server, from 1
	Model    string
	Messages []Said
	Tools    []string
	Stream   bool
	Options  map[string]bool // what else was sent, by its name on the wire
	Header   http.Header
	URL      string // path and query, as they were sent
	Body     []byte
	// Refused is why the vendor would not take the request; "" where it would.
	Refused string

	wire wire
}

// wire is what of a request decides the form of its reply, where a vendor has
// several.
type wire struct {
	events  bool // a stream of server-sent events, where there are other streams
	numbers bool // enumerations as numbers
	tools   bool // the model knows tools
}

// Said is a message of a request.
type Said struct {
	Role   string
	Text   string
	Calls  []model.Call
	CallID string
}

// Last is the message to reply to.
func (a Asked) Last() Said {
	if len(a.Messages) == 0 {
		return Said{}
	}
	return a.Messages[len(a.Messages)-1]
}

// Script decides what to reply. It is called by many requests at once.
type Script func(Asked) Reply

// Sequence replies with one after the other, the last for ever.
func Sequence(replies ...Reply) Script {
	return func(a Asked) Reply { return replies[min(a.N, len(replies))-1] }
}

// Format is a vendor's wire format.
type Format interface {
	// Serves tells whether a path is where the format's requests go.
	Serves(path string) bool
	// Read takes a request apart, and is as strict as the vendor: where that
	// would refuse the request, the error is an *Answer. What was read of it
	// until then is returned with it.
	Read(r *http.Request, body []byte) (Asked, error)
	// Write sends a reply, with its faults.
	Write(ctx context.Context, w http.ResponseWriter, a Asked, r Reply)
	// Failure is how the vendor words a fault that is an error of its own with
	// a status; nil for other faults.
	Failure(f Fault) *Answer
	// Can tells whether replies of this format can have a fault.
	Can(f Fault) bool
}

// Answer is a vendor's answer that is no reply of a model.
type Answer struct {
	Status int
	Header map[string]string
	Body   string
	Why    string // in short
}

func (a *Answer) Error() string { return a.Why }

func (a *Answer) send(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json")
	for name, value := range a.Header {
		w.Header().Set(name, value)
	}
	w.WriteHeader(a.Status)
	_, _ = w.Write([]byte(a.Body))
}

// Server is a scripted endpoint.
type Server struct {
	URL string

	format Format
	script Script
	mu     sync.Mutex
	asked  []Asked
	count  int
	keep   bool
	open   map[net.Conn]struct{} // connections
	// refused tells of requests that the format would not take.
	refused []string
}

// Serve starts an endpoint that ends with the test. It keeps every request.
func Serve(t testing.TB, f Format, script Script) *Server {
	s := &Server{format: f, script: script, keep: true, open: map[net.Conn]struct{}{}}
	h := httptest.NewUnstartedServer(s)
	h.Config.ConnState = func(c net.Conn, state http.ConnState) {
		s.mu.Lock()
		defer s.mu.Unlock()
		switch state {
		case http.StateClosed, http.StateHijacked:
			delete(s.open, c)
		default:
			s.open[c] = struct{}{}
		}
	}
	h.Start()
	t.Cleanup(func() {
		h.CloseClientConnections() // silent replies would hold it up
		h.Close()
	})
	s.URL = h.URL
	return s
}

// Forgetful makes the server keep no request, for tests of very many.
func (s *Server) Forgetful() *Server {
	s.keep = false
	return s
}

// Asked are the requests so far.
func (s *Server) Asked() []Asked {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Asked(nil), s.asked...)
}

// Count is how many requests came.
func (s *Server) Count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.count
}

// Open is how many connections there are to it.
func (s *Server) Open() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.open)
}

// Refused are the requests that the vendor would not have taken, and why. A
// test that does not provoke them has none.
func (s *Server) Refused() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.refused...)
}

// Wire is every byte of the requests so far, with addresses and all headers.
func (s *Server) Wire() []byte {
	var all bytes.Buffer
	for _, a := range s.Asked() {
		fmt.Fprintf(&all, "%s\n", a.URL)
		_ = a.Header.Write(&all)
		all.Write(append(a.Body, '\n'))
	}
	return all.Bytes()
}

// Sent is every byte of the requests' bodies so far.
func (s *Server) Sent() []byte {
	var all []byte
	for _, a := range s.Asked() {
		all = append(append(all, a.Body...), '\n')
	}
	return all
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return
	}
	if req.Method != http.MethodPost || !s.format.Serves(req.URL.Path) {
		s.note(Asked{Header: req.Header.Clone(), URL: req.URL.RequestURI(), Body: body, Refused: "no such path: " + req.Method + " " + req.URL.Path})
		http.Error(w, "not found", http.StatusNotFound)
		return
	}
	asked, err := s.format.Read(req, body)
	asked.Header, asked.URL, asked.Body = req.Header.Clone(), req.URL.RequestURI(), body
	var refused *Answer
	switch {
	case errors.As(err, &refused):
		asked.Refused = refused.Why
		s.note(asked)
		refused.send(w)
		return
	case err != nil:
		asked.Refused = err.Error()
		s.note(asked)
		http.Error(w, `{"error":{"message":"the request cannot be read"}}`, http.StatusBadRequest)
		return
	}
	asked.N = s.note(asked)
	reply := s.script(asked)
	if !pause(req.Context(), reply.Delay) {
		return
	}
	if s.fails(req.Context(), w, reply) {
		return
	}
	s.format.Write(req.Context(), w, asked, reply)
}

// note keeps a request and returns its number.
func (s *Server) note(a Asked) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.count++
	a.N = s.count
	if s.keep {
		s.asked = append(s.asked, a)
	}
	if a.Refused != "" && len(s.refused) < 100 {
		s.refused = append(s.refused, a.Refused)
	}
	return a.N
}

// pause waits, and tells whether the client still does.
func pause(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

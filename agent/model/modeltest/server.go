// Package modeltest plays language models for tests. A server speaks a
// vendor's real wire format, replying from a script and with the faults that
// such endpoints are known for, so that a provider is tried through the real
// client library; and suites hold every model.Model to the same behaviour. It
// holds no model and reaches nothing outside this machine.
package modeltest

import (
	"context"
	"io"
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
	Body     []byte
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
	// Read takes a request apart.
	Read(body []byte) (Asked, error)
	// Write sends a reply, with its faults.
	Write(ctx context.Context, w http.ResponseWriter, a Asked, r Reply)
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
}

// Serve starts an endpoint that ends with the test. It keeps every request.
func Serve(t testing.TB, f Format, script Script) *Server {
	s := &Server{format: f, script: script, keep: true}
	h := httptest.NewServer(s)
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

// Sent is every byte of the requests so far.
func (s *Server) Sent() []byte {
	var all []byte
	for _, a := range s.Asked() {
		all = append(append(all, a.Body...), '\n')
	}
	return all
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	if !s.format.Serves(req.URL.Path) {
		http.Error(w, `{"error":{"message":"no such path"}}`, http.StatusNotFound)
		return
	}
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return
	}
	asked, err := s.format.Read(body)
	if err != nil {
		http.Error(w, `{"error":{"message":"the request cannot be read"}}`, http.StatusBadRequest)
		return
	}
	asked.Header, asked.Body = req.Header.Clone(), body
	s.mu.Lock()
	s.count++
	asked.N = s.count
	if s.keep {
		s.asked = append(s.asked, asked)
	}
	s.mu.Unlock()
	reply := s.script(asked)
	if !pause(req.Context(), reply.Delay) {
		return
	}
	if common(req.Context(), w, reply) {
		return
	}
	s.format.Write(req.Context(), w, asked, reply)
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

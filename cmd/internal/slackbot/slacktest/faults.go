package slacktest

import (
	"net"
	"net/http"
	"time"
)

// Fault is something that goes wrong with a call.
type Fault struct {
	Delay  time.Duration // before anything else; the call is done though its caller has gone
	Status int           // answered instead, nothing done: 500, 503, 429
	// RetryAfter goes with status 429, in whole seconds.
	RetryAfter time.Duration
	Error      string // Slack's code answered instead, nothing done
	// CutBefore ends the connection before anything is done, CutAfter in the
	// middle of the answer, when it is done.
	CutBefore, CutAfter bool
}

// Break makes the next n calls of a method go wrong, "" for those of any; after
// what was set before for it.
func (s *Slack) Break(method string, n int, f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for range n {
		s.faults[method] = append(s.faults[method], f)
	}
}

// Mend takes all faults back that have not happened.
func (s *Slack) Mend() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.faults)
}

// fault takes the next one of a method; the lock is held.
func (s *Slack) fault(method string) Fault {
	for _, key := range []string{method, ""} {
		if list := s.faults[key]; len(list) > 0 {
			s.faults[key] = list[1:]
			return list[0]
		}
	}
	return Fault{}
}

// cut ends the connection of a call, after a part of an answer where there is
// one.
func cut(w http.ResponseWriter, part string) {
	h, ok := w.(http.Hijacker)
	if !ok {
		return
	}
	conn, _, err := h.Hijack()
	if err != nil {
		return
	}
	if part != "" {
		_, _ = conn.Write([]byte("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 4096\r\n\r\n" + part))
	}
	reset(conn)
}

// reset closes a connection so that the other side meets an error, not an end.
func reset(conn net.Conn) {
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}

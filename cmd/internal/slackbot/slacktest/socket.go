package slacktest

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// socket is the fake's side of Socket Mode.
type socket struct {
	tickets map[string]time.Time // each serves once
	conns   []*conn
	next    int // whose turn it is
	opened  int
	queue   []*delivery
	wake    chan struct{}
	deaf    bool // pings are not sent
}

func newSocket() socket {
	return socket{tickets: map[string]time.Time{}, wake: make(chan struct{}, 1)}
}

func (s *socket) push(d *delivery) {
	s.queue = append(s.queue, d)
	s.nudge()
}

func (s *socket) nudge() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// conn is one connection of the app's.
type conn struct {
	n       int
	ws      *websocket.Conn
	write   sync.Mutex
	pending map[string]*delivery // by envelope
	leaving bool                 // told to go, or gone: nothing more is sent
	gone    chan struct{}
}

func (c *conn) send(v any) error {
	c.write.Lock()
	defer c.write.Unlock()
	_ = c.ws.SetWriteDeadline(time.Now().Add(5 * time.Second))
	return c.ws.WriteJSON(v)
}

// openConnection gives an address with a ticket that serves once, within 30 s.
func (s *Slack) openConnection(args) answer {
	ticket := s.id("ticket-")
	s.socket.tickets[ticket] = time.Now().Add(30 * time.Second)
	return done(map[string]any{"url": "ws" + s.server.URL[len("http"):] + "/link?ticket=" + ticket + "&app_id=" + App})
}

func (s *Slack) serveSocket(w http.ResponseWriter, r *http.Request) {
	if !s.begin() {
		return
	}
	defer s.work.Done()
	ticket := r.URL.Query().Get("ticket")
	s.mu.Lock()
	until, ok := s.socket.tickets[ticket]
	delete(s.socket.tickets, ticket)
	s.mu.Unlock()
	if !ok || time.Now().After(until) {
		http.Error(w, "the ticket has been used or is too old", http.StatusForbidden)
		return
	}
	up := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
	ws, err := up.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	c := &conn{ws: ws, pending: map[string]*delivery{}, gone: make(chan struct{})}
	defer reset(ws.NetConn())
	s.mu.Lock()
	if len(s.live()) >= MaxConnections {
		s.mu.Unlock()
		_ = c.send(map[string]any{"type": "disconnect", "reason": "too_many_websockets"})
		return
	}
	s.socket.opened++
	c.n = s.socket.opened
	n := len(s.live()) + 1
	s.mu.Unlock()
	hello := map[string]any{
		"type": "hello", "num_connections": n, "connection_info": map[string]any{"app_id": App},
		"debug_info": map[string]any{"host": "applink-" + strconv.Itoa(c.n), "build_number": 1, "approximate_connection_time": 18060},
	}
	if c.send(hello) != nil {
		return
	}
	s.mu.Lock()
	select {
	case <-s.closed: // CutAll has been and does not know of it
		s.mu.Unlock()
		return
	default:
	}
	s.socket.conns = append(s.socket.conns, c)
	s.ring("", "")
	s.mu.Unlock()
	s.socket.nudge()
	s.spawn(func() { s.ping(c) })
	s.listen(c)
}

func (s *Slack) live() []*conn {
	return slices.DeleteFunc(slices.Clone(s.socket.conns), func(c *conn) bool { return c.leaving })
}

func (s *Slack) ping(c *conn) {
	tick := time.NewTicker(s.opt.PingEvery)
	defer tick.Stop()
	for {
		s.mu.Lock()
		deaf := s.socket.deaf
		s.mu.Unlock()
		if !deaf {
			_ = c.ws.WriteControl(websocket.PingMessage, []byte("ping"), time.Now().Add(time.Second))
		}
		select {
		case <-tick.C:
		case <-c.gone:
			return
		case <-s.closed:
			return
		}
	}
}

// listen takes acknowledgements until the connection ends; what was not
// acknowledged by then is told on another.
func (s *Slack) listen(c *conn) {
	for {
		_, raw, err := c.ws.ReadMessage()
		if err != nil {
			break
		}
		var ack struct {
			Envelope string          `json:"envelope_id"`
			Payload  json.RawMessage `json:"payload"`
		}
		if json.Unmarshal(raw, &ack) != nil || len(raw) >= MaxAckBytes {
			continue
		}
		s.mu.Lock()
		if d := c.pending[ack.Envelope]; d != nil {
			delete(c.pending, ack.Envelope)
			if d.accepts && len(ack.Payload) > 0 {
				d.act.ack = ack.Payload
			}
			s.settle(d, acked)
		}
		s.mu.Unlock()
	}
	close(c.gone)
	s.mu.Lock()
	c.leaving = true
	s.socket.conns = slices.DeleteFunc(s.socket.conns, func(o *conn) bool { return o == c })
	left := c.pending
	c.pending = nil
	s.ring("", "")
	s.mu.Unlock()
	for _, id := range sorted(left) {
		s.retry(left[id], "connection_closed")
	}
}

// pump hands each delivery to one connection, in turn, as soon as there is one.
func (s *Slack) pump() {
	for {
		select {
		case <-s.closed:
			return
		case <-s.socket.wake:
		}
		for s.handOut() {
		}
	}
}

func (s *Slack) handOut() bool {
	s.mu.Lock()
	live := s.live()
	if len(live) == 0 || len(s.socket.queue) == 0 {
		s.mu.Unlock()
		return false
	}
	d := s.socket.queue[0]
	s.socket.queue = s.socket.queue[1:]
	if d.state != waiting {
		s.mu.Unlock()
		return true
	}
	s.socket.next++
	c := live[s.socket.next%len(live)]
	id := s.id("env-")
	c.pending[id] = d
	d.attempt++
	d.told = time.Now()
	s.ring("", "")
	envelope := map[string]any{"envelope_id": id, "type": d.kind, "payload": d.raw, "accepts_response_payload": d.accepts}
	if d.kind == "events_api" {
		envelope["retry_attempt"], envelope["retry_reason"] = d.attempt-1, d.reason
	}
	s.mu.Unlock()
	if err := c.send(envelope); err != nil {
		reset(c.ws.NetConn()) // listen meets the end and tells of it elsewhere
		return true
	}
	time.AfterFunc(s.opt.AckTimeout, func() { s.expire(c, id) })
	return true
}

// expire tells of an event again that was not acknowledged in time.
func (s *Slack) expire(c *conn, id string) {
	s.mu.Lock()
	d := c.pending[id]
	delete(c.pending, id)
	s.mu.Unlock()
	if d == nil {
		return
	}
	select {
	case <-s.closed:
	default:
		s.retry(d, "timeout")
	}
}

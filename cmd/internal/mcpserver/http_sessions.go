package mcpserver

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"sync"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

const sessionHeader = "Mcp-Session-Id"

// sessionCount bounds how many sessions are open. The SDK ends idle ones but
// opens as many as are asked for.
type sessionCount struct{ places chan struct{} }

func newSessionCount(most int) *sessionCount { return &sessionCount{make(chan struct{}, most)} }

// enter takes a place, and gives what gives it back.
func (c *sessionCount) enter() (leave func(), ok bool) {
	select {
	case c.places <- struct{}{}:
		return sync.OnceFunc(func() { <-c.places }), true
	default:
		return nil, false
	}
}

// open is how many places are taken.
func (c *sessionCount) open() int { return len(c.places) }

// hold keeps a place until the session of an id ends: at once where the
// request opened none.
func (c *sessionCount) hold(server *mcp.Server, id string, leave func()) {
	if id != "" {
		for s := range server.Sessions() {
			if s.ID() == id {
				go func() {
					defer leave()
					_ = s.Wait()
				}()
				return
			}
		}
	}
	leave()
}

// closeSessions ends all sessions side by side: each waits for its calls.
func closeSessions(server *mcp.Server) {
	var all sync.WaitGroup
	for s := range server.Sessions() {
		all.Go(func() { _ = s.Close() })
	}
	all.Wait()
}

// newBody is a body that was read before.
func newBody(b []byte) io.ReadCloser {
	if len(b) == 0 {
		return http.NoBody
	}
	return io.NopCloser(bytes.NewReader(b))
}

// limitConnections gives a listener's connections, so many at once; more wait
// in the system's queue.
func limitConnections(l net.Listener, most int) net.Listener {
	return &limitedListener{Listener: l, places: make(chan struct{}, most), closed: make(chan struct{})}
}

type limitedListener struct {
	net.Listener
	places chan struct{}
	once   sync.Once
	closed chan struct{}
}

func (l *limitedListener) Accept() (net.Conn, error) {
	select {
	case l.places <- struct{}{}:
	case <-l.closed:
		return nil, net.ErrClosed
	}
	c, err := l.Listener.Accept()
	if err != nil {
		<-l.places
		return nil, err
	}
	return &limitedConn{Conn: c, leave: sync.OnceFunc(func() { <-l.places })}, nil
}

func (l *limitedListener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return l.Listener.Close()
}

type limitedConn struct {
	net.Conn
	leave func()
}

func (c *limitedConn) Close() error {
	defer c.leave()
	return c.Conn.Close()
}

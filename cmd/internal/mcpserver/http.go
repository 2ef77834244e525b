package mcpserver

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"sync/atomic"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// HTTPOptions say who may come to a server over HTTP, and how many at once.
// The zero value lets in who comes over the loopback.
type HTTPOptions struct {
	// Token is what each request must bear; "" asks for none, which only a
	// loopback address may do, see ListenHTTP.
	Token string
	// Origins are the web pages, such as https://app.example.com, that may call
	// besides those of the server's own host and of this machine.
	Origins []string
	// Hosts are names besides those of this machine by which requests that
	// come over the loopback may call the server: that of a proxy in front.
	Hosts []string
	// Sessions may be open at once (default 200); an idle one ends after Idle
	// (default half an hour).
	Sessions int
	Idle     time.Duration
	// Body bounds what a request may send, in bytes (default 4 MiB), and
	// Patience how long a peer may take to send it or to take an answer in
	// (default 30 s). Streams live on: each write has a patience of its own.
	Body     int64
	Patience time.Duration
	// Grace is how long running calls may take to end when the server stops
	// (default 5 s).
	Grace time.Duration
	// Calls bounds the calls, and ends them when the server stops. It is of the
	// same server; nil stands for calls without bounds.
	Calls *Calls
	Log   *slog.Logger
}

// HTTP serves the protocol's streamable transport at / and /mcp. It speaks
// plain HTTP: what is to be reached from elsewhere belongs behind a proxy that
// speaks TLS.
type HTTP struct {
	server   *mcp.Server
	options  HTTPOptions
	gate     *gate
	sessions *sessionCount
	inner    http.Handler
	stopping atomic.Bool
	posts    atomic.Int64 // requests under way that await an answer
}

// Handler makes the HTTP side of a server. It fails on an origin, a host or a
// token that could never fit.
func Handler(server *mcp.Server, o HTTPOptions) (*HTTP, error) {
	o.Sessions = cmp.Or(o.Sessions, 200)
	o.Idle = cmp.Or(o.Idle, 30*time.Minute)
	o.Body = cmp.Or(o.Body, 4<<20)
	o.Patience = cmp.Or(o.Patience, 30*time.Second)
	o.Grace = cmp.Or(o.Grace, 5*time.Second)
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	g, err := newGate(o)
	if err != nil {
		return nil, err
	}
	h := &HTTP{server: server, options: o, gate: g, sessions: newSessionCount(o.Sessions)}
	h.inner = mcp.NewStreamableHTTPHandler(func(*http.Request) *mcp.Server { return server }, &mcp.StreamableHTTPOptions{
		SessionTimeout: o.Idle,
		// The body was bounded, and the host looked at, before.
		MaxRequestBodyBytes:        o.Body + 1,
		DisableLocalhostProtection: true,
	})
	return h, nil
}

// ServeHTTP answers one request. A panic ends that request alone.
func (h *HTTP) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	paced := newPacedWriter(w, h.options.Patience)
	defer paced.finish()
	defer func() {
		p := recover()
		if p == nil {
			return
		}
		h.options.Log.Error("a request ended by a fault in the program", "fault", p, "stack", string(debug.Stack()))
		if !paced.begun.Load() {
			http.Error(paced, "the server met a fault of its own; its log tells which", http.StatusInternalServerError)
		}
	}()
	if r.URL.Path != "/" && r.URL.Path != "/mcp" {
		http.Error(paced, "there is nothing here; the server answers at /mcp", http.StatusNotFound)
		return
	}
	// What a refused request still sends is not waited for long.
	_ = paced.control.SetReadDeadline(time.Now().Add(h.options.Patience))
	if !h.gate.admit(paced, r) {
		return
	}
	if !h.readBody(paced, r) {
		return
	}
	if r.Method == http.MethodPost {
		h.posts.Add(1)
		defer h.posts.Add(-1)
	}
	if r.Method == http.MethodPost && r.Header.Get(sessionHeader) == "" {
		h.begin(paced, r)
		return
	}
	h.inner.ServeHTTP(paced, r)
}

// readBody takes the body in, within its bounds, and lets the connection live
// as long as its stream does from then on. It tells whether to go on.
func (h *HTTP) readBody(w *pacedWriter, r *http.Request) bool {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, h.options.Body))
	if large := (*http.MaxBytesError)(nil); errors.As(err, &large) {
		http.Error(w, fmt.Sprintf("the request is over %d bytes long, the most that is taken", large.Limit), http.StatusRequestEntityTooLarge)
		return false
	}
	if err != nil {
		http.Error(w, "the request did not arrive whole", http.StatusBadRequest)
		return false
	}
	_ = w.control.SetReadDeadline(time.Time{})
	r.Body = newBody(body)
	return true
}

// begin answers a request that is of no session, as the first of each is.
func (h *HTTP) begin(w *pacedWriter, r *http.Request) {
	if h.stopping.Load() {
		refuse(w, "the server is stopping", 5*time.Second)
		return
	}
	leave, ok := h.sessions.enter()
	if !ok {
		h.options.Log.Warn("a session was refused: as many are open as may be", "sessions", h.options.Sessions)
		refuse(w, fmt.Sprintf("%d sessions are open, as many as may be; end one (DELETE), or come again later", h.options.Sessions), time.Minute)
		return
	}
	defer func() { h.sessions.hold(h.server, w.Header().Get(sessionHeader), leave) }()
	h.inner.ServeHTTP(w, r)
}

// refuse turns a request away for a while.
func refuse(w http.ResponseWriter, why string, wait time.Duration) {
	w.Header().Set("Retry-After", fmt.Sprint(int(wait.Seconds())))
	http.Error(w, why, http.StatusServiceUnavailable)
}

// Serve answers what comes to the listener until the context ends. Then no new
// session and no new call begins, running calls have their grace, and every
// session is closed. It returns nil once all that is done.
func (h *HTTP) Serve(ctx context.Context, l net.Listener) error {
	server := &http.Server{
		Handler:           h,
		ReadHeaderTimeout: min(10*time.Second, h.options.Patience),
		WriteTimeout:      h.options.Patience, // set anew by each write
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(h.options.Log.Handler(), slog.LevelDebug),
	}
	// A session has a stream and some calls; strangers have the rest.
	limited := limitConnections(l, 8*h.options.Sessions+64)
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(limited) }()
	select {
	case err := <-failed:
		h.stop()
		server.Close()
		return fmt.Errorf("serve HTTP: %w", err)
	case <-ctx.Done():
	}
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		h.stop()
	}()
	// The doors close at once; what runs is waited for.
	soon, cancel := context.WithTimeout(context.WithoutCancel(ctx), 3*h.options.Grace+time.Second)
	defer cancel()
	err := server.Shutdown(soon)
	<-stopped
	if err != nil {
		server.Close() // peers that do not take their answers
	}
	<-failed
	return nil
}

// stop ends the calls, which have their grace, and the sessions.
func (h *HTTP) stop() {
	h.stopping.Store(true)
	if h.options.Calls != nil {
		h.options.Calls.Stop(h.options.Grace)
	}
	// A session that is closed says no more: what was answered goes out first.
	for end := time.Now().Add(h.options.Grace); h.posts.Load() > 0 && time.Now().Before(end); {
		time.Sleep(5 * time.Millisecond)
	}
	closed := make(chan struct{})
	go func() {
		defer close(closed)
		closeSessions(h.server)
	}()
	select {
	case <-closed:
	case <-time.After(h.options.Grace): // a call that heeds no one
	}
}

package mcpserver

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// LeastToken is how long a bearer token is at least.
const LeastToken = 16

// ErrOpen is a server that everybody in reach could come to.
var ErrOpen = errors.New("an address that other machines can reach needs a bearer token")

// ListenHTTP opens an address such as 127.0.0.1:8080. A port alone is one of
// the loopback; port 0 picks a free one. An address that other machines can
// reach is opened only where there is a token.
func ListenHTTP(ctx context.Context, address, token string) (net.Listener, error) {
	if err := checkToken(token); err != nil {
		return nil, err
	}
	if !strings.Contains(address, ":") {
		address = ":" + address
	}
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fmt.Errorf("the address %q: expected HOST:PORT or a port", address)
	}
	if host == "" {
		host = "127.0.0.1"
	}
	// Where a name leads is looked up once, so that what is looked at is what
	// is opened.
	at, err := net.ResolveTCPAddr("tcp", net.JoinHostPort(host, port))
	if err != nil {
		return nil, fmt.Errorf("the address %q: %w", address, err)
	}
	if !at.IP.IsLoopback() && token == "" {
		return nil, fmt.Errorf("%s: %w", at, ErrOpen)
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", at.String())
	if err != nil {
		return nil, fmt.Errorf("open the address %s: %w", at, err)
	}
	return l, nil
}

// checkToken tells whether a token is one that a header can carry and that is
// not guessed.
func checkToken(token string) error {
	switch {
	case token == "":
		return nil
	case strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r > '~' }):
		return errors.New("the bearer token holds spaces or other characters that no header carries; letters, digits and signs do")
	case len(token) < LeastToken:
		return fmt.Errorf("the bearer token has %d characters; at least %d are needed", len(token), LeastToken)
	}
	return nil
}

// gate tells which requests may come in. It keeps web pages of strangers out,
// which a browser on this machine would let call an address of this machine,
// also under a name of theirs that they let lead here (DNS rebinding).
type gate struct {
	token   [sha256.Size]byte
	asks    bool // for the token
	origins map[string]bool
	hosts   map[string]bool
	log     *slog.Logger
}

func newGate(o HTTPOptions) (*gate, error) {
	if err := checkToken(o.Token); err != nil {
		return nil, err
	}
	g := &gate{token: sha256.Sum256([]byte(o.Token)), asks: o.Token != "", origins: map[string]bool{}, hosts: map[string]bool{}, log: o.Log}
	for _, origin := range o.Origins {
		u, err := url.Parse(origin)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || strings.TrimSuffix(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
			return nil, fmt.Errorf("the origin %q: expected one such as https://app.example.com", origin)
		}
		g.origins[originOf(u)] = true
	}
	for _, host := range o.Hosts {
		if host == "" || strings.ContainsAny(host, "/ ,*") {
			return nil, fmt.Errorf("the host %q: expected a name such as tesela.example.com", host)
		}
		g.hosts[strings.ToLower(bareHost(host))] = true
	}
	return g, nil
}

// originOf writes an origin as browsers do: in small letters, without the port
// that its scheme has anyway.
func originOf(u *url.URL) string {
	host := strings.ToLower(u.Host)
	switch {
	case u.Scheme == "http":
		host = strings.TrimSuffix(host, ":80")
	case u.Scheme == "https":
		host = strings.TrimSuffix(host, ":443")
	}
	return u.Scheme + "://" + host
}

// admit lets a request in, or answers it itself.
func (g *gate) admit(w http.ResponseWriter, r *http.Request) bool {
	if viaLoopback(r) && !isLoopback(r.Host) && !g.hosts[strings.ToLower(bareHost(r.Host))] {
		g.deny(w, r, http.StatusForbidden, fmt.Sprintf("the host %q is none of this server's names", r.Host))
		return false
	}
	origins := r.Header.Values("Origin")
	if len(origins) > 0 {
		if len(origins) > 1 || !g.welcome(origins[0], r) {
			g.deny(w, r, http.StatusForbidden, fmt.Sprintf("pages of %q may not call this server", strings.Join(origins, ", ")))
			return false
		}
		w.Header().Set("Access-Control-Allow-Origin", origins[0])
		w.Header().Add("Vary", "Origin")
		w.Header().Set("Access-Control-Expose-Headers", sessionHeader)
		if r.Method == http.MethodOptions && r.Header.Get("Access-Control-Request-Method") != "" {
			// Browsers ask before they show a token.
			w.Header().Set("Access-Control-Allow-Methods", "GET, POST, DELETE")
			w.Header().Set("Access-Control-Allow-Headers", "Authorization, Content-Type, Accept, Last-Event-ID, Mcp-Session-Id, Mcp-Protocol-Version, Mcp-Method, Mcp-Name")
			w.Header().Set("Access-Control-Max-Age", "600")
			w.WriteHeader(http.StatusNoContent)
			return false
		}
	}
	if g.asks && !g.bears(w, r) {
		return false
	}
	return true
}

// bears looks at the token that a request bears.
func (g *gate) bears(w http.ResponseWriter, r *http.Request) bool {
	values := r.Header.Values("Authorization")
	if len(values) == 0 {
		w.Header().Set("WWW-Authenticate", `Bearer realm="tesela"`)
		g.deny(w, r, http.StatusUnauthorized, "this server needs a bearer token: Authorization: Bearer …")
		return false
	}
	fields := strings.Fields(values[0])
	if len(values) == 1 && len(fields) == 2 && strings.EqualFold(fields[0], "bearer") {
		// Sums of equal length are compared, so that time tells nothing.
		sum := sha256.Sum256([]byte(fields[1]))
		if subtle.ConstantTimeCompare(sum[:], g.token[:]) == 1 {
			return true
		}
	}
	w.Header().Set("WWW-Authenticate", `Bearer realm="tesela", error="invalid_token"`)
	g.deny(w, r, http.StatusUnauthorized, "this is not the bearer token of this server")
	return false
}

func (g *gate) deny(w http.ResponseWriter, r *http.Request, status int, why string) {
	g.log.Warn("a request was turned away", "from", r.RemoteAddr, "status", status, "why", why)
	http.Error(w, why, status)
}

// welcome tells whether pages of an origin may call.
func (g *gate) welcome(origin string, r *http.Request) bool {
	u, err := url.Parse(origin)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return false // "null" is the origin of pages from nowhere
	}
	return g.origins[originOf(u)] || isLoopback(u.Host) || strings.EqualFold(u.Host, r.Host)
}

// viaLoopback tells whether a request came over the loopback, which is where
// pages in this machine's browser come from; a request that does not know its
// address counts as such.
func viaLoopback(r *http.Request) bool {
	local, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	return !ok || isLoopback(local.String())
}

// isLoopback tells whether a host, with or without a port, is this machine.
func isLoopback(host string) bool {
	host = bareHost(host)
	if slices.Contains([]string{"localhost", "localhost."}, strings.ToLower(host)) {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback()
}

// bareHost is a host without its port.
func bareHost(host string) string {
	if bare, _, err := net.SplitHostPort(host); err == nil {
		return bare
	}
	return strings.Trim(host, "[]")
}

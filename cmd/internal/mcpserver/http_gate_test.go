package mcpserver

import (
	"errors"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

const secret = "a-token-of-enough-length"

func TestListenHTTP(t *testing.T) {
	for _, c := range []struct{ address, token, says string }{
		{"0", "", ""},
		{":0", "", ""},
		{"127.0.0.1:0", "", ""},
		{"127.0.0.2:0", secret, ""},
		{"localhost:0", "", ""},
		{"0.0.0.0:0", secret, ""},
		{"0.0.0.0:0", "", ErrOpen.Error()},
		{"[::]:0", "", ErrOpen.Error()},
		{"192.0.2.7:0", "", ErrOpen.Error()},
		{"0.0.0.0:0", "short", "at least 16"},
		{"0", "fifteen-letters", "at least 16"},
		{"0", "a token with spaces in it", "spaces"},
		{"0", "ein-geheimes-schlüsselwort", "no header"},
		{"one:two:three", "", "expected HOST:PORT"},
		{"127.0.0.1:no-port", "", "no-port"},
	} {
		l, err := ListenHTTP(t.Context(), c.address, c.token)
		if err == nil {
			l.Close()
		}
		if c.says == "" && err != nil || c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says)) {
			t.Errorf("%s with %q: %v, expected %q", c.address, c.token, err, c.says)
		}
		if err == nil && !strings.Contains(c.address, "0.0.0.0") && !l.Addr().(*net.TCPAddr).IP.IsLoopback() {
			t.Errorf("%s leads to %s, which others reach", c.address, l.Addr())
		}
		if err != nil && c.token != "" && strings.Contains(err.Error(), c.token) {
			t.Errorf("the message tells the token: %v", err)
		}
	}
	if _, err := ListenHTTP(t.Context(), "0.0.0.0:0", ""); !errors.Is(err, ErrOpen) {
		t.Error(err)
	}
}

func TestHTTPToken(t *testing.T) {
	url := newBench(t).over(t, HTTPOptions{Token: secret})
	for _, c := range []struct {
		header []string
		status int
	}{
		{nil, 401},
		{[]string{"Bearer " + secret}, 200},
		{[]string{"bearer  " + secret}, 200},
		{[]string{"Bearer " + secret + "x"}, 401},
		{[]string{"Bearer " + secret[:len(secret)-1]}, 401},
		{[]string{"Bearer"}, 401},
		{[]string{"Basic " + secret}, 401},
		{[]string{secret}, 401},
		{[]string{"Bearer " + secret, "Bearer other"}, 401},
	} {
		r, text := post(t, url, "", hello, func(r *http.Request) { r.Header["Authorization"] = c.header })
		if r.StatusCode != c.status {
			t.Errorf("%q: %s %s", c.header, r.Status, text)
		}
		if challenge := r.Header.Get("WWW-Authenticate"); c.status == 401 && !strings.HasPrefix(challenge, "Bearer ") {
			t.Errorf("%q: WWW-Authenticate %q", c.header, challenge)
		}
		if strings.Contains(text, secret) {
			t.Errorf("%q: the answer tells the token", c.header)
		}
	}
	// Nothing is told to who bears none, also of sessions that are there.
	r, _ := post(t, url, "", hello, func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+secret) })
	id := r.Header.Get(sessionHeader)
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodDelete, http.MethodOptions} {
		if r, _ := send(t, method, url, id, nil, nil); r.StatusCode != http.StatusUnauthorized {
			t.Errorf("%s in another's session without a token: %s", method, r.Status)
		}
	}
	session, err := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, nil).Connect(t.Context(), &mcp.StreamableClientTransport{
		Endpoint: url, HTTPClient: &http.Client{Transport: bearing{secret}},
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer session.Close()
	if got, err := say(t.Context(), session, "echo", "with a token"); err != nil || got != "with a token" {
		t.Errorf("%q, %v", got, err)
	}
}

// Pages of strangers may not call, whatever name they let lead here.
func TestHTTPOriginsAndHosts(t *testing.T) {
	url := newBench(t).over(t, HTTPOptions{Origins: []string{"https://App.example.com:443/"}, Hosts: []string{"tesela.example.com"}})
	own := strings.TrimPrefix(url, "http://")
	for _, c := range []struct {
		host, origin string
		status       int
	}{
		{own, "", 200},
		{"localhost", "", 200},
		{"localhost:9999", "", 200},
		{"[::1]:80", "", 200},
		{"127.9.9.9", "", 200},
		{"tesela.example.com", "", 200},
		{"tesela.example.com:8443", "", 200},
		{"evil.example", "", 403},
		{"localhost.evil.example", "", 403},
		{"127.0.0.1.evil.example", "", 403},
		{"evil.example", "http://evil.example", 403}, // DNS rebinding: page and host agree
		{own, "http://" + own, 200},
		{own, "http://localhost:3000", 200},
		{own, "https://[::1]", 200},
		{own, "https://app.example.com", 200},
		{own, "https://app.example.com:443", 200},
		{own, "http://app.example.com", 403},
		{own, "https://app.example.com:444", 403},
		{own, "https://app.example.com.evil.example", 403},
		{own, "https://evil.example", 403},
		{own, "https://localhost.evil.example", 403},
		{own, "null", 403},
		{own, "file://", 403},
		{own, "localhost", 403},
		{"tesela.example.com", "https://tesela.example.com", 200},
	} {
		r, text := post(t, url, "", hello, func(r *http.Request) {
			r.Host = c.host
			if c.origin != "" {
				r.Header.Set("Origin", c.origin)
			}
		})
		if r.StatusCode != c.status {
			t.Errorf("host %q, origin %q: %s %s", c.host, c.origin, r.Status, text)
		}
		want := c.origin
		if c.status != 200 {
			want = ""
		}
		if got := r.Header.Get("Access-Control-Allow-Origin"); got != want {
			t.Errorf("host %q, origin %q: pages of %q may read the answer", c.host, c.origin, got)
		}
	}
	two := func(r *http.Request) { r.Header["Origin"] = []string{"http://localhost", "https://evil.example"} }
	if r, _ := post(t, url, "", hello, two); r.StatusCode != http.StatusForbidden {
		t.Errorf("two origins: %s", r.Status)
	}
}

// A browser asks before it shows a token, and shows none when it asks.
func TestHTTPPreflight(t *testing.T) {
	url := newBench(t).over(t, HTTPOptions{Token: secret, Origins: []string{"https://app.example.com"}})
	ask := func(origin string) *http.Response {
		r, _ := send(t, http.MethodOptions, url+"/mcp", "", nil, func(r *http.Request) {
			r.Header.Set("Origin", origin)
			r.Header.Set("Access-Control-Request-Method", "POST")
			r.Header.Set("Access-Control-Request-Headers", "authorization,content-type,mcp-session-id")
		})
		return r
	}
	r := ask("https://app.example.com")
	allowed := strings.ToLower(r.Header.Get("Access-Control-Allow-Headers"))
	if r.StatusCode != http.StatusNoContent || r.Header.Get("Access-Control-Allow-Origin") != "https://app.example.com" ||
		!strings.Contains(allowed, "authorization") || !strings.Contains(allowed, "mcp-session-id") || !strings.Contains(allowed, "mcp-protocol-version") {
		t.Errorf("%s %v", r.Status, r.Header)
	}
	if r := ask("https://evil.example"); r.StatusCode != http.StatusForbidden || r.Header.Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("%s %v", r.Status, r.Header)
	}
}

func TestHTTPOptionsThatCannotFit(t *testing.T) {
	for _, o := range []HTTPOptions{
		{Origins: []string{"*"}},
		{Origins: []string{"app.example.com"}},
		{Origins: []string{"https://app.example.com/page"}},
		{Origins: []string{"https://user@app.example.com"}},
		{Hosts: []string{"*.example.com"}},
		{Hosts: []string{""}},
		{Hosts: []string{"https://app.example.com"}},
		{Token: "short"},
	} {
		if _, err := Handler(newBench(t).MCP(), o); err == nil {
			t.Errorf("%+v is taken", o)
		}
	}
}

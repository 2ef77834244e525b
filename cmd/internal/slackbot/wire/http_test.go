package wire

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"tesela/cmd/internal/slackbot/slacktest"
)

// overHTTP starts a Wire that Slack reaches by requests.
func overHTTP(t *testing.T, s *slacktest.Slack, h Handler, change ...func(*Config)) (*running, string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	base := "http://" + l.Addr().String()
	w := connect(t, s, h, append([]func(*Config){func(c *Config) {
		c.Listener, c.SigningSecret, c.AppToken = l, s.SigningSecret(), ""
	}}, change...)...)
	s.UseHTTP(base+EventsPath, base+InteractivityPath, base+CommandsPath)
	return w, base
}

func TestHTTPEvents(t *testing.T) {
	s := world(t, open())
	var h heard
	w, base := overHTTP(t, s, h.add)
	if err := s.Verify(within(t), base+EventsPath); err != nil {
		t.Fatal(err)
	}
	ts, err := w.Poster().Post(within(t), Target{Channel: "C1"}, button(), "d", 0)
	if err != nil {
		t.Fatal(err)
	}
	m, _ := s.Message("C1", ts)
	acts := []*slacktest.Act{s.Mention("C1", "U1", "how many?"), s.Command("C1", "U2", "orders &gt; 3"), s.Press(m, "U3", "go")}
	acknowledged(t, acts...)
	h.wait(t, 3)
	for _, a := range acts {
		a.Again()
	}
	acknowledged(t, acts...)
	acknowledged(t, s.Direct("U1", "last"))
	list := h.wait(t, 4)
	w.stop()
	kinds := map[string]bool{}
	for _, d := range list {
		switch {
		case d.Kind == Click:
			kinds["click"] = d.Action == "go" && d.Value == "value" && d.TS == ts && d.User == "U3" && d.Respond != ""
		case d.Command:
			kinds["command"] = d.User == "U2" && d.Respond != ""
		case d.Mentioned:
			kinds["mention"] = d.Text == "how many?"
		}
	}
	if len(h.all()) != 4 || !kinds["click"] || !kinds["command"] || !kinds["mention"] {
		t.Errorf("heard %v: %+v", kinds, h.all())
	}
}

func TestHTTPRefuses(t *testing.T) {
	s := world(t, open())
	var h heard
	w, base := overHTTP(t, s, h.add, func(c *Config) { c.Limits.Body = 1 << 16 })
	mention := []byte(`{"type":"event_callback","team_id":"T1","event":{"type":"app_mention","user":"U1","text":"x","ts":"1.1","channel":"C1"}}`)
	huge := append(bytes.Repeat([]byte(" "), 1<<16), mention...)
	for name, c := range map[string]struct {
		r    slacktest.Request
		want int
	}{
		"unsigned":            {slacktest.Request{URL: base + EventsPath, Body: mention, Bare: true}, 401},
		"signed by another":   {slacktest.Request{URL: base + EventsPath, Body: mention, Secret: "wrong"}, 401},
		"old":                 {slacktest.Request{URL: base + EventsPath, Body: mention, Age: 6 * time.Minute}, 401},
		"of tomorrow":         {slacktest.Request{URL: base + EventsPath, Body: mention, Age: -6 * time.Minute}, 401},
		"huge":                {slacktest.Request{URL: base + EventsPath, Body: huge}, 413},
		"no JSON":             {slacktest.Request{URL: base + EventsPath, Body: []byte("hello")}, 400},
		"no form":             {slacktest.Request{URL: base + CommandsPath, Body: []byte("a=%zz"), Form: true}, 400},
		"elsewhere":           {slacktest.Request{URL: base + "/slack/other", Body: mention}, 404},
		"an unsigned command": {slacktest.Request{URL: base + CommandsPath, Body: []byte("text=x"), Form: true, Bare: true}, 401},
		"an unsigned click":   {slacktest.Request{URL: base + InteractivityPath, Body: []byte("payload={}"), Form: true, Bare: true}, 401},
		"an unsigned check":   {slacktest.Request{URL: base + EventsPath, Body: []byte(`{"type":"url_verification","challenge":"x"}`), Bare: true}, 401},
		"a check of TLS":      {slacktest.Request{URL: base + CommandsPath, Body: []byte("ssl_check=1"), Form: true}, 200},
		"a click of nothing":  {slacktest.Request{URL: base + InteractivityPath, Body: []byte("payload="), Form: true}, 200},
	} {
		resp, body, err := s.Send(within(t), c.r)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if resp.StatusCode != c.want {
			t.Errorf("%s: %s, %s", name, resp.Status, body)
		}
		if strings.Contains(string(body), s.SigningSecret()) {
			t.Errorf("%s tells the secret", name)
		}
	}
	resp, err := http.Get(base + EventsPath)
	if err != nil || resp.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("GET: %v, %v", resp, err)
	}
	resp.Body.Close()
	w.stop()
	if got := h.all(); len(got) > 0 {
		t.Errorf("heard %+v", got)
	}
}

// Whoever sends slowly, or half, holds up nobody, nor the end.
func TestHTTPHalf(t *testing.T) {
	s := world(t, open())
	var h heard
	w, base := overHTTP(t, s, h.add)
	host := strings.TrimPrefix(base, "http://")
	var d net.Dialer
	conn, err := d.DialContext(context.Background(), "tcp", host)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_, _ = io.WriteString(conn, "POST "+EventsPath+" HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
	acknowledged(t, s.Direct("U1", "meanwhile"))
	h.wait(t, 1)
	w.stop()
}

// Acknowledged at once, though the memory is locked for long and the handler
// takes its time.
func TestHTTPAcksAtOnce(t *testing.T) {
	s := world(t, open())
	m := newMemory()
	unlock := m.lock()
	defer unlock()
	let := make(chan struct{})
	w, base := overHTTP(t, s, func(context.Context, Delivery) { <-let }, func(c *Config) { c.Memory = m })
	began := time.Now()
	form := url.Values{"team_id": {"T1"}, "channel_id": {"C1"}, "user_id": {"U1"}, "text": {"x"}, "command": {"/tesela"}, "trigger_id": {"1"}}
	eventually(t, "the server listens", func() bool {
		resp, _, err := s.Send(within(t), slacktest.Request{URL: base + CommandsPath, Body: []byte(form.Encode()), Form: true})
		return err == nil && resp.StatusCode == http.StatusOK
	})
	t.Logf("acknowledged after %v", time.Since(began))
	if took := time.Since(began); took > 20*time.Second {
		t.Errorf("acknowledged after %v", took)
	}
	unlock()
	close(let)
	w.stop()
}

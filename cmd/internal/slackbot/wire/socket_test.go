package wire

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"tesela/cmd/internal/slackbot/slacktest"
)

// A token that will never do ends Run and says which and what to do.
func TestRefusedTokens(t *testing.T) {
	for name, c := range map[string]struct {
		method, code string
		says         []string
	}{
		"bot token wrong":    {"auth.test", "invalid_auth", []string{"SLACK_BOT_TOKEN", "OAuth & Permissions"}},
		"bot token revoked":  {"auth.test", "token_revoked", []string{"SLACK_BOT_TOKEN", "install the app again"}},
		"app token wrong":    {"apps.connections.open", "invalid_auth", []string{"SLACK_APP_TOKEN", "Basic Information"}},
		"app token's scope":  {"apps.connections.open", "missing_scope", []string{"SLACK_APP_TOKEN", "connections:write"}},
		"another kind":       {"apps.connections.open", "not_allowed_token_type", []string{"SLACK_APP_TOKEN", "xapp-"}},
		"account gone":       {"apps.connections.open", "account_inactive", []string{"SLACK_APP_TOKEN"}},
		"socket mode is off": {"apps.connections.open", "socket_mode_not_enabled", []string{"Socket Mode"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := world(t, open())
			s.Break(c.method, 100, slacktest.Fault{Error: c.code})
			_, w := speaker(t, s)
			err := w.Run(within(t))
			var refused *TokenError
			if !errors.As(err, &refused) {
				t.Fatalf("ended with %v", err)
			}
			for _, part := range c.says {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("%q does not say %q", err, part)
				}
			}
			if strings.Contains(err.Error(), s.BotToken()) || strings.Contains(err.Error(), s.AppToken()) {
				t.Errorf("a token is told: %v", err)
			}
			eventually(t, "no goroutine left", func() bool { return leaked() == "" })
		})
	}
}

// lines is a log to look into.
type lines struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// What fails for a moment is tried until it works, at the start and later, and
// the log tells no secret.
func TestReconnects(t *testing.T) {
	s := world(t, open())
	s.Break("auth.test", 2, slacktest.Fault{Status: 503})
	s.Break("apps.connections.open", 1, slacktest.Fault{Status: 500})
	s.Break("apps.connections.open", 1, slacktest.Fault{CutBefore: true})
	s.Break("apps.connections.open", 1, slacktest.Fault{Error: "internal_error"})
	s.Break("apps.connections.open", 1, slacktest.Fault{Status: 404})
	var h heard
	var log lines
	w := connect(t, s, h.add, func(c *Config) { c.Log = slog.New(slog.NewTextHandler(&log, nil)) })
	acknowledged(t, s.Direct("U1", "one"))
	s.Break("apps.connections.open", 6, slacktest.Fault{Status: 502})
	s.CutAll()
	a := s.Direct("U1", "two") // while there is no connection
	acknowledged(t, a)
	h.wait(t, 2)
	w.stop()
	for _, secret := range []string{s.BotToken(), s.AppToken(), "ticket-"} {
		if strings.Contains(log.String(), secret) {
			t.Errorf("the log tells %q:\n%s", secret, log.String())
		}
	}
}

// A connection that nobody is at the other end of is found out.
func TestSilence(t *testing.T) {
	o := open()
	o.PingEvery = 20 * time.Millisecond
	s := world(t, o)
	var h heard
	w := connect(t, s, h.add, func(c *Config) { c.Limits.Ping = 1500 * time.Millisecond })
	acknowledged(t, s.Direct("U1", "one"))
	s.Silence(true)
	if err := s.WaitFor(within(t), func() bool { return s.Opened() > 1 }); err != nil {
		t.Fatal(err)
	}
	s.Silence(false)
	acknowledged(t, s.Direct("U1", "two"))
	h.wait(t, 2)
	w.stop()
}

// Ends while it cannot connect, at once.
func TestEndsWhileTrying(t *testing.T) {
	for _, method := range []string{"auth.test", "apps.connections.open"} {
		s := world(t, open())
		s.Break(method, 10_000, slacktest.Fault{Status: 503})
		_, w := speaker(t, s)
		ctx, cancel := context.WithCancel(context.Background())
		ended := make(chan error, 1)
		go func() { ended <- w.Run(ctx) }()
		if err := s.WaitFor(within(t), func() bool { return s.Calls(method) > 2 }); err != nil {
			t.Fatal(err)
		}
		cancel()
		select {
		case err := <-ended:
			if err != nil {
				t.Error(err)
			}
		case <-time.After(patient):
			t.Fatal("does not end")
		}
		eventually(t, "no goroutine left", func() bool { return leaked() == "" })
	}
}

// A Slack that takes connections and drops them at once is not stormed.
func TestDroppedAtOnce(t *testing.T) {
	var opened atomic.Int32
	enough := make(chan struct{})
	var server *httptest.Server
	up := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
	mux := http.NewServeMux()
	mux.HandleFunc("/api/auth.test", func(rw http.ResponseWriter, _ *http.Request) {
		_, _ = rw.Write([]byte(`{"ok":true,"team_id":"T1","user_id":"UBOT","user":"tesela","team":"T"}`))
	})
	mux.HandleFunc("/api/apps.connections.open", func(rw http.ResponseWriter, _ *http.Request) {
		_, _ = rw.Write([]byte(`{"ok":true,"url":"ws` + strings.TrimPrefix(server.URL, "http") + `/link"}`))
	})
	mux.HandleFunc("/link", func(rw http.ResponseWriter, r *http.Request) {
		ws, err := up.Upgrade(rw, r, nil)
		if err != nil {
			return
		}
		_ = ws.WriteMessage(websocket.TextMessage, []byte(`{"type":"hello"}`))
		ws.Close()
		if opened.Add(1) == 5 {
			close(enough)
		}
	})
	server = httptest.NewServer(mux)
	defer server.Close()
	w, err := New(Config{BotToken: "xoxb-1", AppToken: "xapp-1", APIURL: server.URL + "/api/", Handler: nothing, Limits: Limits{Backoff: 40 * time.Millisecond}})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	began := time.Now()
	go func() { ended <- w.Run(ctx) }()
	select {
	case <-enough:
	case <-time.After(patient):
		t.Fatal("gave up")
	}
	// At least half of 40, 80, 160 and 320 ms lie between five connections.
	if took := time.Since(began); took < 250*time.Millisecond {
		t.Errorf("five connections within %v", took)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// An event that the library cannot read is acknowledged all the same, and read
// where there is something to read.
func TestUnreadable(t *testing.T) {
	acks := make(chan string, 4)
	var server *httptest.Server
	up := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
	mux := http.NewServeMux()
	mux.HandleFunc("/api/auth.test", func(rw http.ResponseWriter, _ *http.Request) {
		_, _ = rw.Write([]byte(`{"ok":true,"team_id":"T1","user_id":"UBOT","user":"tesela","team":"T"}`))
	})
	mux.HandleFunc("/api/apps.connections.open", func(rw http.ResponseWriter, _ *http.Request) {
		_, _ = rw.Write([]byte(`{"ok":true,"url":"ws` + strings.TrimPrefix(server.URL, "http") + `/link"}`))
	})
	mux.HandleFunc("/link", func(rw http.ResponseWriter, r *http.Request) {
		ws, err := up.Upgrade(rw, r, nil)
		if err != nil {
			return
		}
		defer ws.Close()
		for _, m := range []string{
			`{"type":"hello"}`, `no JSON at all`, `{"type":"telepathy","envelope_id":"e1","payload":{}}`,
			`{"type":"events_api","envelope_id":"e2","payload":{"type":"event_callback","team_id":"T1","event":{"type":"tomorrow"}}}`,
			`{"type":"events_api","envelope_id":"e3","payload":{"type":"event_callback","team_id":"T1","event":{"type":"app_mention","user":"U1","text":"<@UBOT> hi","ts":"1.1","channel":"C1","blocks":"none"}}}`,
		} {
			_ = ws.WriteMessage(websocket.TextMessage, []byte(m))
		}
		for {
			_, raw, err := ws.ReadMessage()
			if err != nil {
				return
			}
			acks <- string(raw)
		}
	})
	server = httptest.NewServer(mux)
	defer server.Close()
	var h heard
	w, err := New(Config{BotToken: "xoxb-1", AppToken: "xapp-1", APIURL: server.URL + "/api/", Handler: h.add, Limits: quick()})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- w.Run(ctx) }()
	for _, want := range []string{"e1", "e2", "e3"} {
		select {
		case got := <-acks:
			if !strings.Contains(got, want) {
				t.Errorf("acknowledged %s, not %s", got, want)
			}
		case <-time.After(patient):
			t.Fatalf("%s is not acknowledged", want)
		}
	}
	if got := h.wait(t, 1); got[0].Text != "hi" {
		t.Errorf("heard %+v", got)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// A command in two people's direct messages is not one between its user and
// the bot, though the channel looks the same.
func TestDirectCommands(t *testing.T) {
	s := world(t, open())
	s.AddChannel(slacktest.Channel{ID: "DANABEN", Members: []string{"U1", "U2"}})
	var h heard
	w := connect(t, s, h.add)
	s.Command("DANABEN", "U1", "between people")
	s.Command(s.DM("U1"), "U1", "to the bot")
	for _, d := range h.wait(t, 2) {
		if d.Direct != (d.Text == "to the bot") {
			t.Errorf("%q direct: %t", d.Text, d.Direct)
		}
	}
	w.stop()
}

// Others whom a question names are told by their names.
func TestNames(t *testing.T) {
	s := world(t, open())
	var h heard
	w := connect(t, s, h.add)
	s.Mention("C1", "U1", "ask <@U2> or <@U404>")
	if d := h.wait(t, 1)[0]; d.Text != "ask @Ben or @U404" {
		t.Errorf("%+v", d)
	}
	w.stop()
}

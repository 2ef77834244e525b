package slacktest

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
)

// door is an app that takes requests and checks them with slack-go.
type door struct {
	mu       sync.Mutex
	requests []*http.Request
	bodies   []string
	fails    int // so many requests first
	secret   string
}

func (d *door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	defer d.mu.Unlock()
	body, _ := io.ReadAll(r.Body)
	v, err := slack.NewSecretsVerifier(r.Header, d.secret)
	if err == nil {
		_, _ = v.Write(body)
		err = v.Ensure()
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusUnauthorized)
		return
	}
	d.requests, d.bodies = append(d.requests, r), append(d.bodies, string(body))
	if d.fails > 0 {
		d.fails--
		http.Error(w, "not now", http.StatusInternalServerError)
		return
	}
	e, err := slackevents.ParseEvent(body, slackevents.OptionNoVerifyToken())
	if err == nil && e.Type == slackevents.URLVerification {
		_, _ = io.WriteString(w, e.Data.(*slackevents.EventsAPIURLVerificationEvent).Challenge)
	}
}

func TestSignedRequests(t *testing.T) {
	s := world(t, Options{})
	d := &door{secret: s.SigningSecret(), fails: 1}
	at := httptest.NewServer(d)
	defer at.Close()
	if s.Verify(within(t), at.URL) == nil {
		t.Error("a failed challenge was taken")
	}
	if err := s.Verify(within(t), at.URL); err != nil {
		t.Error(err)
	}
	for name, r := range map[string]Request{"secret": {Secret: "other"}, "age": {Age: 6 * time.Minute}, "bare": {Bare: true}} {
		r.URL, r.Body = at.URL, []byte(`{}`)
		if resp, _, err := s.Send(within(t), r); err != nil || resp.StatusCode != http.StatusUnauthorized {
			t.Errorf("%s: %v, %v", name, resp, err)
		}
	}
}

func TestRequestsAreRepeated(t *testing.T) {
	s := world(t, Options{})
	d := &door{secret: s.SigningSecret(), fails: 2}
	at := httptest.NewServer(d)
	defer at.Close()
	s.UseHTTP(at.URL, at.URL, at.URL)
	if err := s.Direct(ana, "hello?").Wait(within(t)); err != nil {
		t.Fatal(err)
	}
	d.mu.Lock()
	if len(d.requests) != 3 || d.bodies[0] != d.bodies[2] {
		t.Fatalf("%d requests", len(d.requests))
	}
	for i, want := range []string{"", "1", "2"} {
		if got := d.requests[i].Header.Get("X-Slack-Retry-Num"); got != want {
			t.Errorf("request %d: %q", i, got)
		}
	}
	if got := d.requests[1].Header.Get("X-Slack-Retry-Reason"); got != "http_error" {
		t.Error(got)
	}
	d.mu.Unlock()
	if err := s.Command(room, ana, "how many?").Wait(within(t)); err != nil {
		t.Fatal(err)
	}
	r := &http.Request{Method: "POST", Header: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}, Body: io.NopCloser(strings.NewReader(d.bodies[3]))}
	if cmd, err := slack.SlashCommandParse(r); err != nil || cmd.Text != "how many?" || cmd.UserID != ana || cmd.Command != "/tesela" {
		t.Errorf("%+v, %v", cmd, err)
	}
}

func TestSlowAndFinalAnswers(t *testing.T) {
	s := world(t, Options{AckTimeout: 30 * time.Millisecond})
	var mu sync.Mutex
	var reasons []string
	final := make(chan bool, 1)
	at := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		reasons = append(reasons, r.Header.Get("X-Slack-Retry-Reason"))
		n := len(reasons)
		mu.Unlock()
		_, _ = io.ReadAll(r.Body)
		switch {
		case n == 1: // too slow
			<-r.Context().Done()
		case n == 3: // never again
			w.Header().Set("X-Slack-No-Retry", "1")
			http.Error(w, "no", http.StatusInternalServerError)
			final <- true
		}
	}))
	defer at.Close()
	s.UseHTTP(at.URL, at.URL, at.URL)
	if err := s.Direct(ana, "hello?").Wait(within(t)); err != nil {
		t.Fatal(err)
	}
	refused := s.Direct(ana, "hello again?")
	<-final
	if refused.Wait(within(t)) == nil || refused.Attempts() != 1 {
		t.Errorf("%d attempts", refused.Attempts())
	}
	mu.Lock()
	defer mu.Unlock()
	if len(reasons) != 3 || reasons[1] != "http_timeout" {
		t.Errorf("%q", reasons)
	}
}

func TestPressesByRequest(t *testing.T) {
	s := world(t, Options{})
	d := &door{secret: s.SigningSecret()}
	at := httptest.NewServer(d)
	defer at.Close()
	b := slack.NewButtonBlockElement("go", "v1", plain(3))
	_, ts, err := s.Client().PostMessageContext(within(t), room, slack.MsgOptionText("go?", false), slack.MsgOptionBlocks(slack.NewActionBlock("", b)))
	if err != nil {
		t.Fatal(err)
	}
	s.UseHTTP(at.URL, at.URL, at.URL)
	m, _ := s.Message(room, ts)
	if err := s.Press(m, ana, "go").Wait(within(t)); err != nil {
		t.Fatal(err)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	r := &http.Request{Method: "POST", Header: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}, Body: io.NopCloser(strings.NewReader(d.bodies[0]))}
	if got, err := slack.InteractionCallbackParse(r); err != nil || got.ActionCallback.BlockActions[0].Value != "v1" || got.User.ID != ana {
		t.Errorf("%+v, %v", got, err)
	}
}

package wire

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"net/url"
	"time"

	"github.com/slack-go/slack"
)

// The paths that Slack is told to call.
const (
	EventsPath        = "/slack/events"
	InteractivityPath = "/slack/interactivity"
	CommandsPath      = "/slack/commands"
)

// lastRequests is how long requests that are half here may take at the end.
const lastRequests = 2 * time.Second

// serveHTTP hears Slack over HTTP until ctx ends.
func (w *Wire) serveHTTP(ctx context.Context) error {
	server := &http.Server{
		Handler: w.HTTP(), ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second,
		WriteTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
		ErrorLog: slog.NewLogLogger(w.log.Handler(), slog.LevelDebug),
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(w.config.Listener) }()
	select {
	case err := <-ended:
		return fmt.Errorf("listen for Slack's events: %w", err)
	case <-ctx.Done():
	}
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastRequests)
	defer cancel()
	if err := server.Shutdown(end); err != nil {
		server.Close()
	}
	<-ended
	return nil
}

// HTTP hears Slack's requests. Nothing unsigned or old is believed.
func (w *Wire) HTTP() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST "+EventsPath, w.signed(func(rw http.ResponseWriter, body []byte) {
		var v struct {
			Type      string `json:"type"`
			Challenge string `json:"challenge"`
		}
		if json.Unmarshal(body, &v) != nil {
			http.Error(rw, "this is no JSON", http.StatusBadRequest)
			return
		}
		if v.Type == "url_verification" {
			rw.Header().Set("Content-Type", "text/plain; charset=utf-8")
			rw.Header().Set("X-Content-Type-Options", "nosniff")
			_, _ = io.WriteString(rw, v.Challenge)
			return
		}
		keep(context.Background(), w.takeEvent(body), time.Now().Add(keepWait))
		acked(rw)
	}))
	mux.HandleFunc("POST "+InteractivityPath, w.signed(w.form(func(form url.Values) []<-chan struct{} { return w.takeClick([]byte(form.Get("payload"))) })))
	mux.HandleFunc("POST "+CommandsPath, w.signed(w.form(func(form url.Values) []<-chan struct{} {
		if form.Get("ssl_check") == "1" {
			return nil
		}
		return w.takeCommand(slack.SlashCommand{
			TeamID: form.Get("team_id"), ChannelID: form.Get("channel_id"), UserID: form.Get("user_id"), Command: form.Get("command"),
			Text: form.Get("text"), ResponseURL: form.Get("response_url"), TriggerID: form.Get("trigger_id"),
		})
	})))
	return mux
}

// acked tells Slack that it was heard.
func acked(rw http.ResponseWriter) {
	rw.WriteHeader(http.StatusOK)
	if f, ok := rw.(http.Flusher); ok {
		f.Flush()
	}
}

// form reads a body as a form, has it taken in and acknowledges it.
func (w *Wire) form(take func(url.Values) []<-chan struct{}) func(http.ResponseWriter, []byte) {
	return func(rw http.ResponseWriter, body []byte) {
		form, err := url.ParseQuery(string(body))
		if err != nil {
			http.Error(rw, "this is no form", http.StatusBadRequest)
			return
		}
		keep(context.Background(), take(form), time.Now().Add(keepWait))
		acked(rw)
	}
}

// signed lets through what Slack signed within the last five minutes, and what
// is not too large.
func (w *Wire) signed(next func(http.ResponseWriter, []byte)) http.HandlerFunc {
	return func(rw http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(rw, r.Body, w.limits.Body))
		var large *http.MaxBytesError
		switch {
		case errors.As(err, &large):
			http.Error(rw, "too large", http.StatusRequestEntityTooLarge)
			return
		case err != nil:
			http.Error(rw, "half a request", http.StatusBadRequest)
			return
		}
		if err := verify(r.Header, body, w.config.SigningSecret); err != nil {
			w.log.Warn("a request that is not Slack's was refused", "path", r.URL.Path, "cause", err)
			http.Error(rw, "not signed by Slack", http.StatusUnauthorized)
			return
		}
		if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err == nil && kind == "multipart/form-data" {
			http.Error(rw, "unexpected kind of body", http.StatusUnsupportedMediaType)
			return
		}
		next(rw, body)
	}
}

func verify(h http.Header, body []byte, secret string) error {
	v, err := slack.NewSecretsVerifier(h, secret)
	if err != nil {
		return err
	}
	if _, err := v.Write(body); err != nil {
		return err
	}
	return v.Ensure()
}

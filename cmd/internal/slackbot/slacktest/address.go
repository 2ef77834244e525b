package slacktest

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// addresses are where an app without Socket Mode is told of things.
type addresses struct{ events, interactive, commands string }

func (a addresses) of(kind string) string {
	switch kind {
	case "events_api":
		return a.events
	case "interactive":
		return a.interactive
	}
	return a.commands
}

// UseHTTP tells the app by requests from now on; "" goes back to Socket Mode.
func (s *Slack) UseHTTP(events, interactive, commands string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.address = addresses{events, interactive, commands}
}

// Request is one to the app's own address. The zero values sign it rightly and
// now.
type Request struct {
	URL    string
	Body   []byte
	Form   bool          // application/x-www-form-urlencoded; else JSON
	Secret string        // signed with, where not the app's
	Age    time.Duration // of its timestamp
	Bare   bool          // without a signature
	Retry  int
	Reason string
}

// Send sends a request as Slack does and gives the app's answer and its body.
func (s *Slack) Send(ctx context.Context, r Request) (*http.Response, []byte, error) {
	ctx, cancel := context.WithTimeout(ctx, s.opt.AckTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, r.URL, bytes.NewReader(r.Body))
	if err != nil {
		return nil, nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	if r.Form {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	req.Header.Set("User-Agent", "Slackbot 1.0 (+https://api.slack.com/robots)")
	if !r.Bare {
		secret := r.Secret
		if secret == "" {
			secret = s.opt.SigningSecret
		}
		at := strconv.FormatInt(time.Now().Add(-r.Age).Unix(), 10)
		req.Header.Set("X-Slack-Request-Timestamp", at)
		req.Header.Set("X-Slack-Signature", Sign(secret, at, r.Body))
	}
	if r.Retry > 0 {
		req.Header.Set("X-Slack-Retry-Num", strconv.Itoa(r.Retry))
		req.Header.Set("X-Slack-Retry-Reason", r.Reason)
	}
	resp, err := s.client.Do(req)
	if err != nil {
		return nil, nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	return resp, body, err
}

// Sign is Slack's signature of a request body at a time in Unix seconds
// (authentication/verifying-requests-from-slack).
func Sign(secret, at string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	fmt.Fprintf(mac, "v0:%s:", at)
	mac.Write(body)
	return "v0=" + hex.EncodeToString(mac.Sum(nil))
}

// Verify asks the address of events for the challenge, as Slack does when it is
// entered.
func (s *Slack) Verify(ctx context.Context, address string) error {
	const challenge = "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P"
	body, err := json.Marshal(map[string]string{"token": "verification", "challenge": challenge, "type": "url_verification"})
	if err != nil {
		return err
	}
	resp, got, err := s.Send(ctx, Request{URL: address, Body: body})
	if err != nil {
		return fmt.Errorf("ask for the challenge: %w", err)
	}
	var answer struct{ Challenge string }
	text := string(bytes.TrimSpace(got))
	if json.Unmarshal(got, &answer) == nil {
		text = answer.Challenge
	}
	if resp.StatusCode != http.StatusOK || text != challenge {
		return fmt.Errorf("ask for the challenge: %s, %.100s", resp.Status, got)
	}
	return nil
}

// post tells the app by a request, again where it does not answer in time or
// not with success.
func (s *Slack) post(d *delivery) {
	s.mu.Lock()
	r := Request{URL: s.address.of(d.kind), Body: d.raw, Retry: d.attempt, Reason: d.reason}
	d.attempt++
	d.told = time.Now()
	s.mu.Unlock()
	switch d.kind {
	case "interactive":
		r.Body, r.Form = []byte(url.Values{"payload": {string(d.raw)}}.Encode()), true
	case "slash_commands":
		var fields map[string]string
		_ = json.Unmarshal(d.raw, &fields)
		form := url.Values{}
		for name, v := range fields {
			form.Set(name, v)
		}
		r.Body, r.Form = []byte(form.Encode()), true
	}
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	go func() {
		select {
		case <-s.closed:
			stop()
		case <-ctx.Done():
		}
	}()
	resp, body, err := s.Send(ctx, r)
	switch {
	case err == nil && resp.StatusCode >= 200 && resp.StatusCode < 300:
		s.mu.Lock()
		if d.kind != "events_api" && len(body) > 0 && json.Valid(body) {
			d.act.ack = body
		}
		s.settle(d, acked)
		s.mu.Unlock()
	case err == nil && resp.Header.Get("X-Slack-No-Retry") == "1":
		s.mu.Lock()
		s.settle(d, lost)
		s.mu.Unlock()
	case err == nil:
		s.retry(d, "http_error")
	default:
		s.retry(d, "http_timeout")
	}
}

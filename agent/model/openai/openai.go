// Package openai asks a language model of OpenAI, or of any endpoint that
// speaks its chat completions: Ollama, vLLM, llama.cpp, LM Studio and others.
// It brings the time-outs and retries that the client library lacks, and reads
// streams as they come rather than as they should. What a model is told is not
// decided here.
package openai

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	client "github.com/sashabaranov/go-openai"

	"tesela/agent/model"
	"tesela/agent/model/prompting"
)

// Config is what a model is asked with. Only Model must be there, and Key
// where BaseURL is left out.
type Config struct {
	Model string // as the endpoint calls it
	Key   string // "" for an endpoint that wants none
	// BaseURL is the endpoint up to its version, such as
	// http://localhost:11434/v1; "" is OpenAI itself. Where there is no path,
	// /v1 is meant.
	BaseURL string
	// Whole asks for replies in one piece, for endpoints that cannot stream.
	Whole bool

	Timeout  time.Duration // of one reply with all attempts; 2 minutes
	Idle     time.Duration // without a byte from the endpoint; 1 minute
	Attempts int           // how often one reply is tried for; 4
	// Backoff is the wait before the second attempt, which doubles with each;
	// half a second, and 8 seconds at most.
	Backoff time.Duration
	// RetryAfter is the longest wait an endpoint may ask for; 20 seconds.
	RetryAfter time.Duration
	// Proxied is how connections are made; nil: straight or by the proxy that
	// the environment names.
	Proxied http.RoundTripper
}

// Model asks one model of one endpoint. It is safe for concurrent use.
type Model struct {
	Config
	name    string
	prompts *prompting.Writer
	client  *client.Client
	wire    *wire
	// without are the options that the endpoint would not take.
	without atomic.Uint32
}

var _ model.Model = (*Model)(nil)

// New makes a model; nothing is asked yet.
func New(c Config) (*Model, error) {
	if c.Model == "" {
		return nil, errors.New("ask a model: it has no name")
	}
	m := &Model{name: "openai:" + c.Model}
	set := func(d *time.Duration, to time.Duration) {
		if *d <= 0 {
			*d = to
		}
	}
	set(&c.Timeout, 2*time.Minute)
	set(&c.Idle, time.Minute)
	set(&c.Backoff, 500*time.Millisecond)
	set(&c.RetryAfter, 20*time.Second)
	if c.Attempts <= 0 {
		c.Attempts = 4
	}
	settings := client.DefaultConfig(c.Key)
	guessed := false
	if c.BaseURL != "" {
		var err error
		if settings.BaseURL, guessed, err = endpoint(c.BaseURL); err != nil {
			return nil, err
		}
	}
	c.BaseURL = settings.BaseURL
	m.Config = c
	m.wire = newWire(c)
	m.wire.guessed = guessed
	// Comments that keep a connection alive count as empty messages there.
	settings.EmptyMessagesLimit = 1 << 20
	settings.HTTPClient = &http.Client{Transport: m.wire}
	m.client = client.NewClientWithConfig(settings)
	var err error
	if m.prompts, err = prompting.New(); err != nil {
		return nil, err
	}
	return m, nil
}

// endpoint is a base URL as the client library takes it, and whether its path
// was guessed. The URL is not quoted in errors: it may hold a password.
func endpoint(text string) (base string, guessed bool, err error) {
	u, err := url.Parse(strings.TrimSpace(text))
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.RawQuery != "" || u.Fragment != "" {
		return "", false, errors.New("the address of the endpoint is no URL such as https://host/v1 or http://localhost:11434/v1")
	}
	if u.Path == "" || u.Path == "/" {
		u.Path, guessed = "/v1", true
	}
	return strings.TrimSuffix(u.String(), "/"), guessed, nil
}

// Name is the model's name in answers.
func (m *Model) Name() string { return m.name }

// Close gives up connections that are kept for later requests.
func (m *Model) Close() { m.wire.closeIdle() }

// Generate asks for one reply. Its text comes as the endpoint sends it; calls,
// the decision and what it cost come once the reply is whole. Errors are a
// *model.Fault, or the context's own.
func (m *Model) Generate(ctx context.Context, r model.Request) iter.Seq2[model.Delta, error] {
	return func(yield func(model.Delta, error) bool) {
		prompt := m.prompts.Write(r)
		limited, cancel := context.WithTimeoutCause(ctx, m.Timeout, errSlow)
		defer cancel()
		reply := &reply{question: lastQuestion(r), known: prompt.Tools, yield: yield}
		err := m.ask(limited, prompt, reply)
		switch {
		case reply.stopped:
		case ctx.Err() != nil:
			yield(model.Delta{}, context.Cause(ctx))
		case err != nil:
			if u := reply.used(prompt.Size(), false); u != nil && !yield(model.Delta{Usage: u}, nil) {
				return
			}
			yield(model.Delta{}, m.fault(limited, err))
		default:
			reply.finish(prompt.Size())
		}
	}
}

func lastQuestion(r model.Request) string {
	for i := len(r.Messages) - 1; i >= 0; i-- {
		if r.Messages[i].Role == model.User {
			return r.Messages[i].Text
		}
	}
	return ""
}

// ask tries for a reply until there is one, or until trying again is of no use:
// never once something of a reply was passed on.
func (m *Model) ask(ctx context.Context, prompt prompting.Prompt, into *reply) error {
	for attempt := 1; ; {
		into.begin()
		note := &attempted{}
		err := m.once(context.WithValue(ctx, attemptedKey{}, note), prompt, note, into)
		switch {
		case err == nil || into.passed || into.stopped || ctx.Err() != nil:
			return err
		case m.giveUp(err):
			continue // the same again without what the endpoint does not take
		}
		wait, again := m.wait(err, note, attempt)
		if attempt++; !again || attempt > m.Attempts {
			return err
		}
		if end, ok := ctx.Deadline(); ok && time.Until(end) < wait {
			return err // rather what is wrong than that it took too long
		}
		pause := time.NewTimer(wait)
		select {
		case <-pause.C:
		case <-ctx.Done():
			pause.Stop()
			return context.Cause(ctx)
		}
	}
}

// Probe asks for next to nothing, to tell whether the model can be had and how
// it is called at the endpoint.
func (m *Model) Probe(ctx context.Context) error {
	for _, err := range m.Generate(ctx, model.Request{Messages: []model.Message{{Role: model.User, Text: "Reply with the word ok."}}}) {
		if err != nil {
			return fmt.Errorf("probe the model: %w", err)
		}
	}
	return nil
}

// Package openai asks a language model of OpenAI, or of any endpoint that
// speaks its chat completions: Ollama, vLLM, llama.cpp, LM Studio and others.
// It brings the time-outs and retries that the client library lacks, and reads
// streams as they come rather than as they should. What a model is told is not
// decided here.
package openai

import (
	"cmp"
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
	"tesela/agent/model/provider"
	"tesela/agent/model/wire"
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
	// Azure says that BaseURL is a resource of Azure, where Model is the name of
	// a deployment; addresses of *.openai.azure.com are taken for such. Version
	// is that of its interface; "" for one that is known to do.
	Azure   bool
	Version string
	// KeyName is the environment variable that holds the key, for errors;
	// OPENAI_API_KEY.
	KeyName string
	// Whole asks for replies in one piece, for endpoints that cannot stream.
	Whole bool
	// Capabilities are those of the model; nil for what is known of it by its
	// name and address.
	Capabilities *provider.Capabilities

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
	endpoint wire.Endpoint
	limits   wire.Limits
	can      provider.Capabilities
	own      bool // the endpoint is OpenAI itself
	prompts  *prompting.Writer
	client   *client.Client
	wire     *wire.Transport
	// without are the options that the endpoint would not take.
	without atomic.Uint32
	tools   writtenTools
}

var _ model.Model = (*Model)(nil)

// New makes a model; nothing is asked yet. A model that cannot be told of tools
// is refused with a *model.Fault, as it would answer from nothing.
func New(c Config) (*Model, error) {
	if c.Model == "" {
		return nil, errors.New("ask a model: it has no name")
	}
	settings := client.DefaultConfig(c.Key)
	var around []func(http.RoundTripper) http.RoundTripper
	secrets := []string{c.Key}
	if c.BaseURL != "" {
		at, err := address(c.BaseURL)
		if err != nil {
			return nil, err
		}
		if password, ok := at.url.User.Password(); ok {
			secrets = append(secrets, password)
		}
		given, _ := url.Parse(strings.TrimSpace(c.BaseURL))
		switch {
		case c.Azure && !isResource(given):
			return nil, errors.New("the address of the resource has a path; it is one such as https://RESOURCE.openai.azure.com")
		case c.Azure || onAzure(given):
			settings = azure(c.Key, given, c.Version)
		default:
			if at.guessed {
				around = append(around, rootless)
			}
			settings.BaseURL = strings.TrimSuffix(at.url.String(), "/")
		}
	}
	c.BaseURL = settings.BaseURL
	m := &Model{
		Config:   c,
		endpoint: wire.Endpoint{Model: "openai:" + c.Model, Address: c.BaseURL, KeyName: cmp.Or(c.KeyName, "OPENAI_API_KEY"), Secrets: secrets},
		limits:   wire.Limits{Timeout: c.Timeout, Idle: c.Idle, Attempts: c.Attempts, Backoff: c.Backoff, RetryAfter: c.RetryAfter}.WithDefaults(),
	}
	if err := m.learn(); err != nil {
		return nil, err
	}
	fill, err := fillIn()
	if err != nil {
		return nil, err
	}
	m.wire = wire.NewTransport(m.limits.Idle, c.Proxied, append(around, fill)...)
	// Comments that keep a connection alive count as empty messages there.
	settings.EmptyMessagesLimit = 1 << 20
	settings.HTTPClient = &http.Client{Transport: m.wire}
	m.client = client.NewClientWithConfig(settings)
	if m.prompts, err = prompting.New(); err != nil {
		return nil, err
	}
	m.prompts.OneCall = !m.can.Parallel
	return m, nil
}

// learn finds out what the model can do.
func (m *Model) learn() error {
	openai, _ := provider.Named("openai")
	host := strings.ToLower(m.Host())
	m.own = host == hostOf(openai.Default) || strings.HasSuffix(host, ".api.openai.com")
	kind := provider.Custom
	if m.own {
		kind = openai.Name
	}
	m.can = provider.Of(kind, m.Model)
	if m.Config.Capabilities != nil {
		m.can = *m.Config.Capabilities
	}
	if !m.can.Tools {
		return &model.Fault{
			Model: m.Name(), Cause: model.Denied,
			Err: fmt.Errorf("it cannot be told of tools, and so could not look anything up; name another model, such as %s", openai.Example),
		}
	}
	m.Whole = m.Whole || !m.can.Streaming
	return nil
}

func hostOf(address string) string { return wire.Endpoint{Address: address}.Host() }

// Capabilities are what the model can do as it is reached from here.
func (m *Model) Capabilities() provider.Capabilities {
	can := m.can
	without := m.without.Load()
	can.Streaming = can.Streaming && !m.whole(without)
	can.Strict = can.Strict && without&noStrict == 0
	can.System = can.System && without&noSystem == 0
	return can
}

// Name is the model's name in answers.
func (m *Model) Name() string { return m.endpoint.Model }

// Close gives up connections that are kept for later requests.
func (m *Model) Close() { m.wire.CloseIdleConnections() }

// Generate asks for one reply. Its text comes as the endpoint sends it; calls,
// the decision and what it cost come once the reply is whole. Errors are a
// *model.Fault, or the context's own.
func (m *Model) Generate(ctx context.Context, r model.Request) iter.Seq2[model.Delta, error] {
	return func(yield func(model.Delta, error) bool) {
		prompt := m.prompts.Write(r)
		reply := &reply{question: lastQuestion(r), known: prompt.Tools, yield: yield}
		note, err := m.ask(ctx, prompt, reply)
		switch {
		case reply.stopped:
		case ctx.Err() != nil:
			yield(model.Delta{}, context.Cause(ctx))
		case err != nil:
			if u := reply.used(prompt.Size(), false); u != nil && !yield(model.Delta{Usage: u}, nil) {
				return
			}
			yield(model.Delta{}, m.endpoint.Fault(m.limits, err, note))
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

// ask tries for a reply: never again once something of one was passed on.
func (m *Model) ask(ctx context.Context, prompt prompting.Prompt, into *reply) (*wire.Note, error) {
	return wire.Try(m.endpoint.Watched(ctx), m.limits, func(ctx context.Context, n *wire.Note) error {
		into.begin()
		return m.once(ctx, prompt, n, into)
	}, func(err error, n *wire.Note) wire.Next {
		switch {
		case into.passed || into.stopped:
			return wire.Stop
		case m.giveUp(err, n, into.without):
			return wire.AtOnce // the same again without what the endpoint does not take
		}
		return wire.Judge
	})
}

// Host is where the endpoint is, without user, password or path.
func (m *Model) Host() string { return m.endpoint.Host() }

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

// Package langchain asks language models of Anthropic, Google AI, Mistral and
// Bedrock through one library for all of them. The library is given every
// setting, so that it reads none from the environment, and asked for whole
// replies, since its streams lose calls. What it loses or fails at on the way
// is made good at the connection, vendor by vendor; see exchange. What a model
// is told, and retries, time-outs and faults, are not decided here.
package langchain

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"strings"
	"sync/atomic"

	"github.com/tmc/langchaingo/llms"

	"tesela/agent/model"
	"tesela/agent/model/prompting"
	"tesela/agent/model/provider"
	"tesela/agent/model/wire"
)

// Config is what a model is asked with.
type Config struct {
	Provider string // anthropic, googleai, mistral or bedrock
	Model    string // as the provider calls it
	// Key is the provider's; it may be "" where BaseURL is an endpoint that
	// wants none. Bedrock has the keys below instead.
	Key string
	// BaseURL is another address than the provider's own; where its path names
	// no version, the provider's is put there.
	BaseURL string

	wire.Limits

	// Bedrock only. SessionToken goes with keys that are lent.
	Region, AccessKey, SecretKey, SessionToken string

	// Proxied is how connections are made; nil: straight or by the proxy that
	// the environment names.
	Proxied http.RoundTripper
}

// Model asks one model of one provider. It is safe for concurrent use.
type Model struct {
	Config
	vendor    *vendor
	abilities provider.Capabilities
	endpoint  wire.Endpoint
	prompts   *prompting.Writer
	wire      *wire.Transport
	// without are the options that the endpoint would not take.
	without atomic.Uint32
}

// vendor is one of the library's models and how it wants things put.
type vendor struct {
	client  llms.Model
	ids     ids
	manner  manner
	schema  func(model.Tool) any
	options []llms.CallOption
	without uint32 // options that are given up from the beginning
	// signatures are kept where calls have them; ids are made for calls then.
	signatures *signatures
}

var _ model.Model = (*Model)(nil)

var makers = map[string]func(Config, http.RoundTripper) (*vendor, error){
	"anthropic": newAnthropic, "googleai": newGoogleAI, "mistral": newMistral, "bedrock": newBedrock,
}

// New makes a model; nothing is asked yet. A model that cannot be told of tools
// is refused, as it would answer from nothing.
func New(c Config) (*Model, error) {
	p, known := provider.Named(c.Provider)
	make := makers[c.Provider]
	if !known || make == nil {
		return nil, fmt.Errorf("ask a model: there is no provider %q here; there are anthropic, googleai, mistral and bedrock", wire.Clip(c.Provider))
	}
	c.Limits = c.WithDefaults()
	if err := c.settle(p); err != nil {
		return nil, fmt.Errorf("ask a model of %s: %w", c.Provider, err)
	}
	m := &Model{
		Config: c, abilities: provider.Of(c.Provider, c.Model), wire: wire.NewTransport(c.Idle, c.Proxied),
		endpoint: wire.Endpoint{
			Model: c.Provider + ":" + c.Model, Address: c.BaseURL, KeyName: keyNames(p),
			Secrets: append([]string{c.Key, c.AccessKey, c.SecretKey, c.SessionToken}, passwords(c.BaseURL)...),
		},
	}
	if !m.abilities.Tools {
		why := "it cannot be told of tools there"
		if c.Provider == "bedrock" {
			why = "of Bedrock's models only those of Anthropic can be told of tools from here"
		}
		return nil, &model.Fault{Model: m.Name(), Cause: model.Denied, Err: fmt.Errorf("%s, and so could not look anything up; name another model, such as %s", why, p.Example)}
	}
	var err error
	if m.vendor, err = make(c, m.wire); err != nil {
		return nil, fmt.Errorf("ask a model of %s: %s", c.Provider, m.endpoint.Clean(err.Error()))
	}
	m.vendor.manner.unsystematic = !m.abilities.System
	m.without.Store(m.vendor.without)
	if m.prompts, err = prompting.New(); err != nil {
		return nil, err
	}
	return m, nil
}

// keyNames are the environment variables of a provider's key, in words.
func keyNames(p provider.Provider) string {
	if p.AllKeys {
		return strings.Join(p.Keys, " and ")
	}
	return strings.Join(p.Keys, " or ")
}

// Name is the model's name in answers.
func (m *Model) Name() string { return m.endpoint.Model }

// Host is where the endpoint is, without user, password or path.
func (m *Model) Host() string { return m.endpoint.Host() }

// Capabilities are what the model can do as it is reached from here.
func (m *Model) Capabilities() provider.Capabilities { return m.abilities }

// String shows which model of which endpoint this is, without secrets.
func (m *Model) String() string { return fmt.Sprintf("%s at %s", m.Name(), m.Host()) }

// GoString is String, so that nothing prints the configuration.
func (m *Model) GoString() string { return m.String() }

// Close gives up connections that are kept for later requests.
func (m *Model) Close() { m.wire.CloseIdleConnections() }

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

// Generate asks for one reply, which comes once it is whole. Errors are a
// *model.Fault, or the context's own.
func (m *Model) Generate(ctx context.Context, r model.Request) iter.Seq2[model.Delta, error] {
	return func(yield func(model.Delta, error) bool) {
		prompt := m.prompts.Write(r)
		var got reply
		note, err := wire.Try(m.endpoint.Watched(ctx), m.Limits, func(ctx context.Context, _ *wire.Note) error {
			var err error
			got, err = m.once(ctx, prompt)
			return err
		}, m.next)
		switch {
		case ctx.Err() != nil:
			yield(model.Delta{}, context.Cause(ctx))
		case err != nil:
			if got.usage != nil && !yield(model.Delta{Usage: got.usage}, nil) {
				return
			}
			yield(model.Delta{}, m.fault(err, note))
		default:
			got.pass(lastQuestion(r), prompt.Size(), yield)
		}
	}
}

// fault puts an error into words.
func (m *Model) fault(err error, note *wire.Note) *model.Fault {
	var unsent unsentError
	if errors.As(err, &unsent) {
		return &model.Fault{Model: m.Name(), Cause: model.Broken, Err: fmt.Errorf("the request cannot be put for it: %s", m.endpoint.Clean(unsent.err.Error()))}
	}
	return m.endpoint.Fault(m.Limits, err, note)
}

func lastQuestion(r model.Request) string {
	for i := len(r.Messages) - 1; i >= 0; i-- {
		if r.Messages[i].Role == model.User {
			return r.Messages[i].Text
		}
	}
	return ""
}

var (
	errNoReply = errors.New("what it sent is no reply of a model")
	errNothing = errors.New("it says nothing")
)

// once makes one attempt.
func (m *Model) once(ctx context.Context, prompt prompting.Prompt) (reply, error) {
	v := m.vendor
	system, steps := dialogue(prompt, v.ids)
	x := &exchange{steps: steps, without: m.without.Load()}
	how := v.manner
	how.wordless = x.without&noWords != 0
	options := append([]llms.CallOption{
		llms.WithModel(m.Model), llms.WithTemperature(0), llms.WithMaxTokens(m.mostTokens()), llms.WithTools(tools(prompt.Tools, v.schema)),
	}, v.options...)
	said, err := v.client.GenerateContent(x.with(ctx), how.messages(system, steps), options...)
	h, err := x.outcome(err)
	if err != nil {
		return reply{usage: h.usage}, err
	}
	got, err := gathered(said, h)
	if err != nil {
		return got, err
	}
	got.known(prompt.Tools)
	if v.signatures != nil {
		got.seal(v.signatures, len(steps))
	}
	return got, nil
}

// Bounds of a reply's tokens: what every model takes that can be told of tools,
// and for models that think before they reply, which counts.
const (
	mostTokens   = 4096
	mostThinking = 16384
)

func (m *Model) mostTokens() int {
	if m.abilities.Reasoning {
		return mostThinking
	}
	return mostTokens
}

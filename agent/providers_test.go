package agent_test

import (
	"testing"
	"time"

	"tesela/agent/model"
	"tesela/agent/model/langchain"
	"tesela/agent/model/modeltest"
	"tesela/agent/model/openai"
	"tesela/agent/model/wire"
)

// outside is a provider of models outside this process, and how it is asked.
type outside struct {
	name   string
	format modeltest.Format
	make   func(t testing.TB, url string, l wire.Limits) closer
}

type closer interface {
	model.Model
	Close()
}

// within are the bounds that modeltest.Subject asks for.
var within = wire.Limits{Timeout: 5 * time.Second, Idle: time.Second, Attempts: 3, Backoff: 2 * time.Millisecond, RetryAfter: 50 * time.Millisecond}

// providers are all there are, each in every way it can be asked.
func providers() []outside {
	chat := func(whole bool) func(testing.TB, string, wire.Limits) closer {
		return func(t testing.TB, url string, l wire.Limits) closer {
			m, err := openai.New(openai.Config{
				Model: "test", Key: modeltest.Key, BaseURL: url, Whole: whole,
				Timeout: l.Timeout, Idle: l.Idle, Attempts: l.Attempts, Backoff: l.Backoff, RetryAfter: l.RetryAfter,
			})
			if err != nil {
				t.Fatal(err)
			}
			return m
		}
	}
	chain := func(provider, name string) func(testing.TB, string, wire.Limits) closer {
		return func(t testing.TB, url string, l wire.Limits) closer {
			c := langchain.Config{Provider: provider, Model: name, Key: modeltest.Key, BaseURL: url, Limits: l}
			if provider == "bedrock" {
				c.Key, c.Region, c.AccessKey, c.SecretKey = "", "eu-west-1", modeltest.Key, modeltest.Secret
			}
			m, err := langchain.New(c)
			if err != nil {
				t.Fatal(err)
			}
			return m
		}
	}
	return []outside{
		{"openai", modeltest.OpenAI{}, chat(false)},
		{"openai, whole replies", modeltest.OpenAI{}, chat(true)},
		{"anthropic", modeltest.Anthropic{}, chain("anthropic", "claude-sonnet-4-5")},
		{"googleai", modeltest.Gemini{}, chain("googleai", "gemini-2.5-flash")},
		{"googleai, signed calls", modeltest.Gemini{}, chain("googleai", "gemini-3-pro")},
		{"mistral", modeltest.Mistral{}, chain("mistral", "mistral-large-latest")},
		{"bedrock", modeltest.Bedrock{}, chain("bedrock", "anthropic.claude-3-5-sonnet-20240620-v1:0")},
	}
}

func (o outside) new(t testing.TB, url string, l wire.Limits) closer {
	t.Helper()
	m := o.make(t, url, l)
	t.Cleanup(m.Close)
	return m
}

// Every provider withstands the same.
func TestEveryProvider(t *testing.T) {
	for _, p := range providers() {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			modeltest.Suite(t, modeltest.Subject{Format: p.format, New: func(t *testing.T, url string) model.Model { return p.new(t, url, within) }})
		})
	}
}

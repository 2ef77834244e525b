package langchain_test

import (
	"testing"
	"time"

	"tesela/agent/model"
	"tesela/agent/model/langchain"
	"tesela/agent/model/modeltest"
	"tesela/agent/model/wire"
)

// subjects are the providers as the suite asks them.
var subjects = map[string]struct {
	format modeltest.Format
	models []string
}{
	"anthropic": {modeltest.Anthropic{}, []string{"claude-sonnet-4-5"}},
	"googleai":  {modeltest.Gemini{}, []string{"gemini-2.0-flash", "gemini-3-pro-preview"}},
	"mistral":   {modeltest.Mistral{}, []string{"mistral-large-latest"}},
	"bedrock":   {modeltest.Bedrock{}, []string{"anthropic.claude-3-5-sonnet-20240620-v1:0"}},
}

// quick is a model with the suite's bounds.
func quick(t *testing.T, provider, name, url string) *langchain.Model {
	t.Helper()
	m, err := langchain.New(langchain.Config{
		Provider: provider, Model: name, Key: modeltest.Key, BaseURL: url,
		Region: "us-east-1", AccessKey: "AKIAIOSFODNN7EXAMPLE", SecretKey: modeltest.Key,
		Limits: wire.Limits{Timeout: 5 * time.Second, Idle: time.Second, Attempts: 3, Backoff: 2 * time.Millisecond, RetryAfter: 50 * time.Millisecond},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.Close)
	return m
}

func TestSuite(t *testing.T) {
	for provider, s := range subjects {
		for _, name := range s.models {
			t.Run(provider+" "+name, func(t *testing.T) {
				t.Parallel() // they mostly wait
				modeltest.Suite(t, modeltest.Subject{Format: s.format, New: func(t *testing.T, url string) model.Model { return quick(t, provider, name, url) }})
			})
		}
	}
}

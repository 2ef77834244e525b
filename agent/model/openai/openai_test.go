package openai_test

import (
	"testing"
	"time"

	"tesela/agent/model"
	"tesela/agent/model/modeltest"
	"tesela/agent/model/openai"
)

// quick is a model with the suite's bounds.
func quick(t *testing.T, url string, whole bool) *openai.Model {
	t.Helper()
	m, err := openai.New(openai.Config{
		Model: "test", Key: modeltest.Key, BaseURL: url, Whole: whole,
		Timeout: 5 * time.Second, Idle: time.Second, Attempts: 3, Backoff: 2 * time.Millisecond, RetryAfter: 50 * time.Millisecond,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.Close)
	return m
}

func TestSuite(t *testing.T) {
	for name, whole := range map[string]bool{"streamed": false, "whole": true} {
		t.Run(name, func(t *testing.T) {
			modeltest.Suite(t, modeltest.Subject{Format: modeltest.OpenAI{}, New: func(t *testing.T, url string) model.Model { return quick(t, url, whole) }})
		})
	}
}

package main

import (
	"context"
	"errors"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"tesela/agent/model"
	"tesela/agent/model/auto"
	"tesela/agent/model/openai"
	"tesela/agent/planner"
)

// The environment that configures language models. Nothing of it is printed
// or kept but the names of models and the hosts of endpoints.
const (
	envKey     = "OPENAI_API_KEY"
	envBaseURL = "OPENAI_BASE_URL"
	envModel   = "TESELA_MODEL"         // the model that auto asks: openai:NAME
	envTimeout = "TESELA_MODEL_TIMEOUT" // for one reply, such as 30s
	envPrice   = "TESELA_MODEL_PRICE"   // dollars a million tokens, IN/OUT
	envStream  = "TESELA_MODEL_STREAM"  // off: replies in one piece
)

// defaultPatience is how long auto waits for one reply of a language model.
const defaultPatience = 30 * time.Second

// providers are the models that can be named beside offline and auto, by what
// stands before the colon.
var providers = []string{"openai", "anthropic", "googleai", "mistral", "bedrock"}

// models builds the models a command can name with --model from what the
// environment configures.
type models struct {
	getenv func(string) string
}

// configured are the models of this process's environment.
func configured() models { return models{getenv: os.Getenv} }

// checkModel tells whether --model names a model that can be asked here.
func checkModel(name string) error { return configured().check(name) }

// check tells whether a model can be asked; "" is auto.
func (m models) check(name string) error {
	switch name {
	case "offline":
		return nil
	case "", "auto":
		_, err := m.second()
		return err
	}
	provider, which, ok := strings.Cut(name, ":")
	switch {
	case !slices.Contains(providers, provider):
		return usageError("--model %q: expected auto, offline, or one of %s:NAME", name, strings.Join(providers, ":NAME, "))
	case !ok || strings.TrimSpace(which) == "":
		return usageError("--model %q: expected the model's name after a colon, %s:NAME", name, provider)
	case provider != "openai":
		return usageError("--model %q: this version asks models of %s only through an endpoint that speaks OpenAI's format: name it openai:NAME and set %s; --model offline answers without one",
			name, provider, envBaseURL)
	case !m.reachable():
		return usageError("--model %q: set %s, or %s to an endpoint of your own (Ollama: http://localhost:11434/v1); --model offline answers without one",
			name, envKey, envBaseURL)
	}
	_, err := m.openAI(which)
	return err
}

// reachable tells whether an endpoint of OpenAI's format is configured.
func (m models) reachable() bool { return m.get(envKey) != "" || m.get(envBaseURL) != "" }

func (m models) get(name string) string { return strings.TrimSpace(m.getenv(name)) }

// second is the name of the language model that auto asks, "" for none.
func (m models) second() (string, error) {
	name := m.get(envModel)
	if name == "" || !m.reachable() {
		return "", nil
	}
	if !strings.Contains(name, ":") || !slices.Contains(providers, name[:strings.Index(name, ":")]) {
		name = "openai:" + name // names such as llama3.1:8b have colons of their own
	}
	if err := m.check(name); err != nil {
		return "", usageError("%s: %w", envModel, err)
	}
	return name, nil
}

// openAI makes a model of the configured endpoint; which is its name there.
func (m models) openAI(which string) (*openai.Model, error) {
	timeout, err := m.timeout(0)
	if err != nil {
		return nil, err
	}
	made, err := openai.New(openai.Config{
		Model: which, Key: m.get(envKey), BaseURL: m.get(envBaseURL), Timeout: timeout, Idle: timeout,
		Whole: strings.EqualFold(m.get(envStream), "off"),
	})
	if err != nil {
		return nil, usageError("%s: %w", envBaseURL, err)
	}
	return made, nil
}

// timeout is how long one reply may take.
func (m models) timeout(unset time.Duration) (time.Duration, error) {
	text := m.get(envTimeout)
	if text == "" {
		return unset, nil
	}
	d, err := time.ParseDuration(text)
	if err != nil || d <= 0 {
		return 0, usageError("%s=%q: expected a time such as 30s or 2m", envTimeout, text)
	}
	return d, nil
}

// price is what the language model's tokens cost.
func (m models) price() (model.Price, error) {
	text := m.get(envPrice)
	if text == "" {
		return model.Price{}, nil
	}
	in, out, _ := strings.Cut(text, "/")
	i, err1 := strconv.ParseFloat(strings.TrimSpace(in), 64)
	o, err2 := strconv.ParseFloat(strings.TrimSpace(out), 64)
	if errors.Join(err1, err2) != nil || !(i >= 0) || !(o >= 0) || i > 1e6 || o > 1e6 {
		return model.Price{}, usageError("%s=%q: expected dollars a million tokens, in and out, such as 0.15/0.60", envPrice, text)
	}
	return model.Price{Input: i, Output: o}, nil
}

// modelNamed builds the model of a name that checkModel lets pass, over a
// catalogue. It is safe for concurrent use by many conversations.
func (m models) modelNamed(_ context.Context, name string, catalogue *model.Catalogue) (model.Model, error) {
	if err := m.check(name); err != nil {
		return nil, err
	}
	offline, err := planner.New(catalogue)
	if err != nil {
		return nil, err
	}
	switch name {
	case "offline":
		return offline, nil
	case "", "auto":
		second, err := m.second()
		if err != nil || second == "" {
			return offline, err
		}
		patience, err := m.timeout(defaultPatience)
		if err != nil {
			return nil, err
		}
		outside, err := m.openAI(strings.TrimPrefix(second, "openai:"))
		if err != nil {
			return nil, err
		}
		return &auto.Model{First: offline, Then: outside, Patience: patience}, nil
	}
	outside, err := m.openAI(strings.TrimPrefix(name, "openai:"))
	if err != nil {
		return nil, err
	}
	return &auto.Heard{Model: outside, Ear: offline}, nil
}

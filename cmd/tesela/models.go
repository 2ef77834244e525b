package main

import (
	"cmp"
	"context"
	"errors"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"tesela/agent/model"
	"tesela/agent/model/auto"
	"tesela/agent/model/langchain"
	"tesela/agent/model/openai"
	"tesela/agent/model/provider"
	"tesela/agent/model/wire"
	"tesela/agent/planner"
)

// The environment that configures language models, beside the variables of each
// provider (see agent/model/provider). Nothing of it is printed or kept but the
// names of variables and models and the hosts of endpoints.
const (
	envKey     = "OPENAI_API_KEY"
	envBaseURL = "OPENAI_BASE_URL"
	envModel   = "TESELA_MODEL"         // the model that auto asks: PROVIDER:NAME
	envTimeout = "TESELA_MODEL_TIMEOUT" // for one reply, such as 30s
	envPrice   = "TESELA_MODEL_PRICE"   // dollars a million tokens, IN/OUT
	envStream  = "TESELA_MODEL_STREAM"  // off: replies in one piece

	envAzure        = "AZURE_OPENAI_ENDPOINT"
	envAzureKey     = "AZURE_OPENAI_API_KEY"
	envAzureVersion = "OPENAI_API_VERSION"
)

// defaultPatience is how long auto waits for one reply of a language model.
const defaultPatience = 30 * time.Second

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
	one, err := m.named(name)
	if err == nil {
		one.Close()
	}
	return err
}

func (m models) get(name string) string { return strings.TrimSpace(m.getenv(name)) }

// second is the name of the language model that auto asks, "" for none. A name
// without a provider's is one of OpenAI's format, as those have colons of their
// own: llama3.1:8b.
func (m models) second() (string, error) {
	name := m.get(envModel)
	if name == "" || name == "offline" {
		return "", nil
	}
	if _, _, ok := split(name); !ok {
		if other := misspelt(name, true); other != nil {
			return "", usageError("%s=%s: %s", envModel, name, other.advice())
		}
		name = "openai:" + name
		if p, _ := provider.Named("openai"); !m.configures(p) {
			return "", nil // a name alone asks nobody
		}
	}
	if p, which, _ := split(name); which != "" && !m.configures(p) {
		return name, nil // see absent
	}
	if err := m.check(name); err != nil {
		return "", usageError("%s: %w", envModel, err)
	}
	return name, nil
}

// then makes the model that auto asks, be it one that cannot be asked.
func (m models) then(name string) (model.Model, error) {
	if p, _, ok := split(name); ok && !m.configures(p) {
		return &absent{name: name, needs: m.needs(p)}, nil
	}
	return m.named(name)
}

// languageModel is one outside this process, however it is reached.
type languageModel interface {
	model.Model
	Host() string
	Capabilities() provider.Capabilities
	Probe(ctx context.Context) error
	Close()
}

// named makes the language model of a name. Nothing is asked yet.
func (m models) named(name string) (languageModel, error) {
	p, which, ok := split(name)
	if !ok {
		return nil, unknownModel(name)
	}
	if which == "" {
		return nil, usageError("--model %q: expected the model's name after a colon, such as %s:%s", name, p.Name, p.Example)
	}
	if !m.configures(p) {
		gateway := ""
		if p.Name != "openai" {
			gateway = "an endpoint that speaks OpenAI's format is asked as openai:NAME with " + envBaseURL + "; "
		}
		return nil, usageError("--model %q: set %s; %s--model offline answers without one", name, m.needs(p), gateway)
	}
	timeout, err := m.timeout(0)
	if err != nil {
		return nil, err
	}
	var made languageModel
	if p.Name == "openai" {
		made, err = m.openAI(which, timeout)
	} else {
		made, err = langchain.New(langchain.Config{
			Provider: p.Name, Model: which, Key: m.key(p), BaseURL: m.base(p), Limits: wire.Limits{Timeout: timeout, Idle: timeout},
			Region: cmp.Or(m.get("AWS_REGION"), m.get("AWS_DEFAULT_REGION")), AccessKey: m.get("AWS_ACCESS_KEY_ID"),
			SecretKey: m.get("AWS_SECRET_ACCESS_KEY"), SessionToken: m.get("AWS_SESSION_TOKEN"),
		})
	}
	var refused *model.Fault
	switch {
	case errors.As(err, &refused):
		return nil, usageError("--model %q: %w", name, refused.Err)
	case err != nil:
		return nil, usageError("--model %q: %w", name, err)
	}
	return made, nil
}

// openAI makes a model of OpenAI, of an endpoint that speaks its format, or of
// Azure.
func (m models) openAI(which string, timeout time.Duration) (languageModel, error) {
	c := openai.Config{
		Model: which, Key: m.get(envKey), BaseURL: m.get(envBaseURL), Timeout: timeout, Idle: timeout,
		Whole: strings.EqualFold(m.get(envStream), "off"),
	}
	where := envBaseURL
	if m.onAzure() {
		where, c.Azure, c.Version = envAzure, true, m.get(envAzureVersion)
		c.BaseURL = m.get(envAzure)
	}
	if m.azureKeyed() {
		c.Key, c.KeyName = m.get(envAzureKey), envAzureKey
	}
	made, err := openai.New(c)
	if err != nil {
		var refused *model.Fault
		if c.BaseURL != "" && !errors.As(err, &refused) {
			err = usageError("%s: %w", where, err)
		}
		return nil, err
	}
	return made, nil
}

// onAzure tells whether models of OpenAI's format are asked at a resource of
// Azure. An address in OPENAI_BASE_URL comes before it.
func (m models) onAzure() bool { return m.get(envAzure) != "" && m.get(envBaseURL) == "" }

// azureKeyed tells whether the key of Azure is to be sent: to Azure alone.
func (m models) azureKeyed() bool {
	u, err := url.Parse(m.get(envBaseURL))
	return m.get(envAzureKey) != "" && (m.onAzure() || err == nil && strings.HasSuffix(strings.ToLower(u.Hostname()), ".azure.com"))
}

// configures tells whether the environment has what a provider takes.
func (m models) configures(p provider.Provider) bool {
	if p.Name == "bedrock" {
		return m.key(p) != "" && cmp.Or(m.get("AWS_REGION"), m.get("AWS_DEFAULT_REGION")) != ""
	}
	if p.Name == "openai" { // a key of Azure is of no use without its address
		return m.get(envKey) != "" || m.base(p) != ""
	}
	return m.key(p) != "" || m.base(p) != ""
}

// key is the provider's key: the first there is, or with several needed "" if
// one is missing.
func (m models) key(p provider.Provider) string {
	found := ""
	for _, name := range p.Keys {
		v := m.get(name)
		if p.AllKeys && v == "" {
			return ""
		}
		found = cmp.Or(found, v)
	}
	if p.Name == "openai" && m.azureKeyed() {
		return m.get(envAzureKey)
	}
	return found
}

// base is another address than the provider's own, "" for none.
func (m models) base(p provider.Provider) string {
	if v := m.get(p.Base); v != "" {
		return v
	}
	switch p.Name {
	case "bedrock":
		return m.get("AWS_ENDPOINT_URL")
	case "openai":
		return m.get(envAzure)
	}
	return ""
}

// needs says which variables would configure a provider.
func (m models) needs(p provider.Provider) string {
	switch p.Name {
	case "openai":
		return envKey + ", or " + envBaseURL + " to an endpoint of your own (Ollama: http://localhost:11434/v1)"
	case "bedrock":
		var missing []string
		for _, name := range p.Keys {
			if m.get(name) == "" {
				missing = append(missing, name)
			}
		}
		if cmp.Or(m.get("AWS_REGION"), m.get("AWS_DEFAULT_REGION")) == "" {
			missing = append(missing, "AWS_REGION")
		}
		return strings.Join(missing, " and ")
	}
	return strings.Join(p.Keys, " or ")
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
		then, err := m.then(second)
		if err != nil {
			return nil, err
		}
		meaning, err := newPlans()
		if err != nil {
			return nil, err
		}
		return &auto.Model{First: offline, Then: then, Plans: meaning, Patience: patience}, nil
	}
	one, err := m.named(name)
	if err != nil {
		return nil, err
	}
	return &auto.Heard{Model: one, Ear: offline}, nil
}

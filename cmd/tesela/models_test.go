package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"tesela/agent/model"
	"tesela/agent/model/modeltest"
)

func envOf(pairs map[string]string) models {
	return models{getenv: func(name string) string { return pairs[name] }}
}

// everyKey configures all providers.
func everyKey() map[string]string {
	return map[string]string{
		"OPENAI_API_KEY": "sk-secret-1", "ANTHROPIC_API_KEY": "sk-secret-2", "GEMINI_API_KEY": "sk-secret-3", "MISTRAL_API_KEY": "sk-secret-4",
		"AWS_ACCESS_KEY_ID": "AKIASECRET5", "AWS_SECRET_ACCESS_KEY": "sk-secret-6", "AWS_REGION": "eu-west-1",
	}
}

// Each provider is asked where and as what the name says; what follows the first
// colon is the model's own.
func TestModelsNamed(t *testing.T) {
	m := envOf(everyKey())
	for name, host := range map[string]string{
		"openai:gpt-4.1-mini":                                  "api.openai.com",
		"openai:ft:gpt-4o:shop::ab1":                           "api.openai.com",
		"anthropic:claude-sonnet-4-5":                          "api.anthropic.com",
		"googleai:gemini-2.5-flash":                            "generativelanguage.googleapis.com",
		"mistral:mistral-large-latest":                         "api.mistral.ai",
		"bedrock:anthropic.claude-3-5-sonnet-20240620-v1:0":    "bedrock-runtime.eu-west-1.amazonaws.com",
		"bedrock:eu.anthropic.claude-3-5-sonnet-20240620-v1:0": "bedrock-runtime.eu-west-1.amazonaws.com",
	} {
		one, err := m.named(name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if one.Name() != name || one.Host() != host || !one.Capabilities().Tools {
			t.Errorf("%s is %s at %s", name, one.Name(), one.Host())
		}
		one.Close()
	}
	own := everyKey()
	own["OPENAI_BASE_URL"], own["ANTHROPIC_BASE_URL"], own["GOOGLE_BASE_URL"] = "http://localhost:11434", "http://gate:1/anthropic", "http://gate:2"
	own["MISTRAL_BASE_URL"], own["AWS_ENDPOINT_URL"] = "http://gate:3", "http://gate:4"
	for name, host := range map[string]string{"openai:llama3.1:8b": "localhost:11434", "anthropic:x": "gate:1", "googleai:x": "gate:2", "mistral:x": "gate:3", "bedrock:anthropic.x": "gate:4"} {
		if one, err := envOf(own).named(name); err != nil || one.Host() != host {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A name that cannot be asked says why, and what to set or write instead.
func TestModelsThatCannotBeAsked(t *testing.T) {
	for name, says := range map[string]string{
		"openai:x": "set OPENAI_API_KEY, or OPENAI_BASE_URL", "anthropic:x": "set ANTHROPIC_API_KEY;", "googleai:x": "set GOOGLE_API_KEY or GEMINI_API_KEY;",
		"mistral:x": "set MISTRAL_API_KEY;", "bedrock:x": "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY and AWS_REGION;",
		"openai": "expected auto", "anthropic:": "anthropic:claude-", "": "",
		"ollama:llama3.1:8b": "name it openai:llama3.1:8b and set OPENAI_BASE_URL to where Ollama speaks OpenAI's format, such as http://localhost:11434/v1",
		"vLLM:qwen":          "name it openai:qwen and set OPENAI_BASE_URL", "azure:shop": "name it openai:shop, by the name of its deployment, and set AZURE_OPENAI_ENDPOINT",
		"gemini:gemini-2.5-pro": "name it googleai:gemini-2.5-pro", "gemini-2.5-pro": "name it googleai:gemini-2.5-pro", "claude-sonnet-4-5": "name it anthropic:claude-sonnet-4-5",
		"OpenAI:gpt-4o": "name it openai:gpt-4o", "gpt-4o": "name it openai:gpt-4o", "anthropic.claude-3-haiku-20240307-v1:0": "name it bedrock:anthropic.claude-3-haiku-20240307-v1:0",
		"flurb:x": "openai:NAME, anthropic:NAME, googleai:NAME, mistral:NAME, bedrock:NAME",
	} {
		err := envOf(nil).check(name)
		if says == "" != (err == nil) || err != nil && !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v, want %q", name, err, says)
		}
	}
	for name, says := range map[string]string{
		"openai:o1-mini": "cannot be told of tools", "anthropic:claude-2.1": "cannot be told of tools", "googleai:gemma-3": "cannot be told of tools",
		"mistral:mistral-tiny": "cannot be told of tools", "bedrock:meta.llama3-8b-instruct-v1:0": "only those of Anthropic", "bedrock:amazon.nova-pro-v1:0": "only those of Anthropic",
	} {
		err := envOf(everyKey()).check(name)
		if err == nil || !strings.Contains(err.Error(), says) || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v, want %q", name, err, says)
		}
	}
	wrong := everyKey()
	wrong["ANTHROPIC_BASE_URL"] = "https://user:sk-secret-7@"
	if err := envOf(wrong).check("anthropic:x"); err == nil || !strings.Contains(err.Error(), "ANTHROPIC_BASE_URL") || strings.Contains(err.Error(), "sk-secret") {
		t.Error(err)
	}
}

// TESELA_MODEL may name any provider; a name without one is of OpenAI's format.
func TestSecondModel(t *testing.T) {
	for name, want := range map[string]string{
		"": "", "offline": "", "llama3.1:8b": "openai:llama3.1:8b", "claude-sonnet-4-5": "openai:claude-sonnet-4-5", "openai:gpt-4o": "openai:gpt-4o",
		"anthropic:claude-sonnet-4-5": "anthropic:claude-sonnet-4-5", "bedrock:anthropic.claude-3-haiku-20240307-v1:0": "bedrock:anthropic.claude-3-haiku-20240307-v1:0",
	} {
		env := everyKey()
		env[envModel] = name
		if got, err := envOf(env).second(); err != nil || got != want {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	for name, says := range map[string]string{"ollama:llama3": "openai:llama3", "anthropic:claude-2": "tools"} {
		env := everyKey()
		env[envModel] = name
		if _, err := envOf(env).second(); err == nil || !strings.Contains(err.Error(), envModel) || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got, err := envOf(map[string]string{envModel: "llama3"}).second(); got != "" || err != nil {
		t.Errorf("a name without an endpoint: %q, %v", got, err)
	}
	// Without its key the model cannot be asked, and that is told where it
	// would have been.
	env := everyKey()
	env[envModel] = "mistral:x"
	delete(env, "MISTRAL_API_KEY")
	m, err := envOf(env).modelNamed(t.Context(), "auto", &model.Catalogue{Customers: 1})
	if err != nil {
		t.Fatal(err)
	}
	g := modeltest.Ask(t.Context(), m, modeltest.Question("how many flurbs are there?"))
	if g.Err != nil || g.Decision == nil || g.Decision.By != "offline" || g.Decision.Without == nil || !strings.Contains(g.Decision.Without.Error(), "MISTRAL_API_KEY") {
		t.Error(g)
	}
}

// Azure's key goes to Azure and nowhere else.
func TestAzureIsConfigured(t *testing.T) {
	for _, c := range []struct {
		env  map[string]string
		host string
		key  bool
	}{
		{map[string]string{envAzure: "https://shop.openai.azure.com", envAzureKey: "k"}, "shop.openai.azure.com", true},
		{map[string]string{envBaseURL: "https://shop.openai.azure.com", envAzureKey: "k"}, "shop.openai.azure.com", true},
		{map[string]string{envAzure: "https://shop.openai.azure.com", envKey: "k"}, "shop.openai.azure.com", true},
		{map[string]string{envBaseURL: "http://localhost:11434/v1", envAzure: "https://shop.openai.azure.com", envAzureKey: "k"}, "localhost:11434", false},
	} {
		m := envOf(c.env)
		list, err := m.list([]string{"openai:x"})
		if err != nil || list[0].Endpoint != c.host || list[0].Key != c.key {
			t.Errorf("%v: %+v, %v", c.env, list, err)
		}
	}
	if err := envOf(map[string]string{envAzureKey: "k"}).check("openai:x"); err == nil {
		t.Error("a key of Azure without its address")
	}
}

// The list fits a terminal, tells no secret, and in JSON names are whole.
func TestModelsAreListed(t *testing.T) {
	env := everyKey()
	delete(env, "MISTRAL_API_KEY")
	const long = "bedrock:eu.anthropic.claude-3-5-sonnet-20240620-v1:0"
	env[envModel] = long
	m := envOf(env)
	list, err := m.list(nil)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	a := newApp(nil, &out, nil)
	if err := a.showModels(list, m.providers()); err != nil {
		t.Fatal(err)
	}
	_, tables, _ := strings.Cut(out.String(), "\n\n")
	for line := range strings.SplitSeq(tables, "\n") {
		if n := utf8.RuneCountInString(line); n > 80 {
			t.Errorf("%d wide: %s", n, line)
		}
	}
	for _, want := range []string{
		"offline: ready", long + ": ready, at bedrock-runtime.eu-west-1.amazonaws.com with a key; auto asks it", "set MISTRAL_API_KEY", "GEMINI_API_KEY",
		"model                          tools streaming parallel strict system reasoning", "yes   no        yes      no     yes    no",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is missing:\n%s", want, out.String())
		}
	}
	if list[0].Name != "offline" || list[1].Name != long {
		t.Errorf("not in the order that auto asks: %+v", list)
	}
	a.json = true
	if err := a.showModels(list, m.providers()); err != nil {
		t.Fatal(err)
	}
	if text := out.String(); strings.Contains(text, "secret") || strings.Contains(text, "SECRET5") || !strings.Contains(text, `"`+long+`"`) {
		t.Errorf("a secret, or no whole name:\n%s", text)
	}
}

// A probe sees whether tools are called, and says what to do where not.
func TestModelsAreProbed(t *testing.T) {
	word := modeltest.Reply{Text: "ok"}
	for name, c := range map[string]struct {
		script     modeltest.Script
		ok, called bool
		says       string
	}{
		"calls": {func(a modeltest.Asked) modeltest.Reply {
			if len(a.Tools) == 0 {
				return word
			}
			return modeltest.Reply{Calls: []model.Call{{ID: "c", Name: "repeat_word", Args: json.RawMessage(`{"word":"ok"}`)}}}
		}, true, true, "called a tool in"},
		"chats":     {modeltest.Sequence(word), true, false, "called no tool"},
		"wrong key": {modeltest.Sequence(modeltest.Reply{Faults: []modeltest.Fault{modeltest.WrongKey}}), false, false, "check ANTHROPIC_API_KEY"},
	} {
		server := modeltest.Serve(t, modeltest.Anthropic{}, c.script)
		m := envOf(map[string]string{"ANTHROPIC_API_KEY": modeltest.Key, "ANTHROPIC_BASE_URL": server.URL})
		list, err := m.list([]string{"anthropic:claude-sonnet-4-5"})
		if err != nil {
			t.Fatal(err)
		}
		if list, err = m.probe(t.Context(), list, false); err != nil {
			t.Fatal(err)
		}
		p := list[0].Probe
		if p == nil || p.OK != c.ok || p.Tools != c.called || !strings.Contains(p.String(), c.says) || strings.Contains(p.String(), modeltest.Key) {
			t.Errorf("%s: %+v", name, p)
		}
	}
}

package main

import (
	"fmt"
	"strings"

	"tesela/agent/model/provider"
)

// split parts a model's name at the first colon, behind a provider's name. What
// follows may have colons of its own: openai:llama3.1:8b.
func split(name string) (p provider.Provider, which string, ok bool) {
	first, rest, colon := strings.Cut(name, ":")
	if p, ok = provider.Named(strings.TrimSpace(first)); !ok || !colon {
		return provider.Provider{}, "", false
	}
	return p, strings.TrimSpace(rest), true
}

// spelling is what people name models by, and how it is named here.
type spelling struct {
	says   string // before the colon, or the beginning of a bare name
	as     string // the provider
	base   string // where such programs listen by themselves; "" for elsewhere
	called string
}

// programs and services whose names people put before the colon.
var prefixes = []spelling{
	{says: "ollama", as: "openai", base: "http://localhost:11434/v1", called: "Ollama"},
	{says: "vllm", as: "openai", base: "http://localhost:8000/v1", called: "vLLM"},
	{says: "llama.cpp", as: "openai", base: "http://localhost:8080/v1", called: "llama.cpp"},
	{says: "llamacpp", as: "openai", base: "http://localhost:8080/v1", called: "llama.cpp"},
	{says: "lmstudio", as: "openai", base: "http://localhost:1234/v1", called: "LM Studio"},
	{says: "lm-studio", as: "openai", base: "http://localhost:1234/v1", called: "LM Studio"},
	{says: "azure", as: "openai", called: "Azure"},
	{says: "azureopenai", as: "openai", called: "Azure"},
	{says: "azure-openai", as: "openai", called: "Azure"},
	{says: "groq", as: "openai", base: "https://HOST/v1", called: "such an endpoint"},
	{says: "openrouter", as: "openai", base: "https://HOST/v1", called: "such an endpoint"},
	{says: "together", as: "openai", base: "https://HOST/v1", called: "such an endpoint"},
	{says: "deepseek", as: "openai", base: "https://HOST/v1", called: "such an endpoint"},
	{says: "litellm", as: "openai", base: "http://localhost:4000/v1", called: "LiteLLM"},
	{says: "open-ai", as: "openai"},
	{says: "gpt", as: "openai"},
	{says: "chatgpt", as: "openai"},
	{says: "gemini", as: "googleai"},
	{says: "google", as: "googleai"},
	{says: "google-ai", as: "googleai"},
	{says: "vertex", as: "googleai"},
	{says: "vertexai", as: "googleai"},
	{says: "claude", as: "anthropic"},
	{says: "mistralai", as: "mistral"},
	{says: "aws", as: "bedrock"},
	{says: "amazon", as: "bedrock"},
}

// beginnings are how the names of providers' models begin.
var beginnings = []spelling{
	{says: "anthropic.", as: "bedrock"},
	{says: "us.anthropic.", as: "bedrock"},
	{says: "eu.anthropic.", as: "bedrock"},
	{says: "apac.anthropic.", as: "bedrock"},
	{says: "claude", as: "anthropic"},
	{says: "gemini", as: "googleai"},
	{says: "mistral", as: "mistral"},
	{says: "magistral", as: "mistral"},
	{says: "codestral", as: "mistral"},
	{says: "ministral", as: "mistral"},
	{says: "gpt-", as: "openai"},
	{says: "o1", as: "openai"},
	{says: "o3", as: "openai"},
	{says: "o4", as: "openai"},
	{says: "chatgpt-", as: "openai"},
}

// meant is a name as it would be right.
type meant struct {
	spelling
	which string
}

// misspelt finds what a name was likely meant for; nil where nothing is near.
// With colon only names with another's word before a colon count.
func misspelt(name string, colon bool) *meant {
	name = strings.TrimSpace(name)
	low := strings.ToLower(name)
	if first, rest, ok := strings.Cut(name, ":"); ok {
		for _, s := range prefixes {
			if strings.EqualFold(strings.TrimSpace(first), s.says) {
				return &meant{s, strings.TrimSpace(rest)}
			}
		}
		if p, ok := provider.Named(strings.ToLower(strings.TrimSpace(first))); ok {
			return &meant{spelling{as: p.Name}, strings.TrimSpace(rest)}
		}
	}
	if colon {
		return nil
	}
	for _, s := range beginnings {
		if strings.HasPrefix(low, s.says) {
			return &meant{s, name}
		}
	}
	return nil
}

// advice says how a model is named here, and what must be set for it.
func (s *meant) advice() string {
	which := s.which
	if which == "" {
		which = "NAME"
	}
	text := fmt.Sprintf("name it %s:%s", s.as, which)
	switch {
	case s.called == "Azure":
		return text + fmt.Sprintf(", by the name of its deployment, and set %s (or %s) to https://RESOURCE.openai.azure.com and %s to its key", envAzure, envBaseURL, envAzureKey)
	case s.called != "":
		return text + fmt.Sprintf(" and set %s to where %s speaks OpenAI's format, such as %s: its tools are only there", envBaseURL, s.called, s.base)
	}
	return text
}

// unknownModel says which names there are, and the one that was likely meant.
func unknownModel(name string) error {
	if s := misspelt(name, false); s != nil {
		return usageError("--model %q: %s", name, s.advice())
	}
	var all []string
	for _, p := range provider.All() {
		all = append(all, p.Name)
	}
	return usageError("--model %q: expected auto, offline, or one of %s:NAME; other endpoints of OpenAI's format (Ollama, vLLM, llama.cpp) are openai:NAME with %s", name, strings.Join(all, ":NAME, "), envBaseURL)
}

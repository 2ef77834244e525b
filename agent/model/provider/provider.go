// Package provider knows which providers of language models there are, which
// environment variables configure them, and what their models can do. It is a
// table and opens no connection: whether a model is there at all, and whether
// it does what the table says, is found out by asking it.
package provider

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"
)

// Capabilities are what can be made use of in a model as it is reached from
// here: what the model does and the library that talks to it passes on.
type Capabilities struct {
	// Tools: it can be told of tools and calls them. Without it a model is of
	// no use for questions about data.
	Tools bool `yaml:"tools" json:"tools"`
	// Streaming: replies come piece by piece.
	Streaming bool `yaml:"streaming" json:"streaming"`
	// Parallel: one reply may hold several calls.
	Parallel bool `yaml:"parallel" json:"parallel"`
	// Strict: a tool's schema can be imposed, so that arguments fit it.
	Strict bool `yaml:"strict" json:"strict"`
	// System: it takes a system message. Others are told in the first message
	// of the user.
	System bool `yaml:"system" json:"system"`
	// Reasoning: it thinks before it replies though nobody asks it to. OpenAI's
	// models of this kind take no temperature.
	Reasoning bool `yaml:"reasoning" json:"reasoning"`
}

// Provider is where models are had, and how the environment configures it.
type Provider struct {
	Name string `yaml:"name"` // what stands before the colon of a model's name
	// Keys are the environment variables that hold keys: any one of them, or
	// with AllKeys each.
	Keys    []string `yaml:"keys"`
	AllKeys bool     `yaml:"all_keys"`
	// Also are further variables that are read, such as the region.
	Also []string `yaml:"also"`
	// Base is the variable of another address; Default is the address that is
	// asked without it, in which {region} may stand.
	Base    string `yaml:"base"`
	Default string `yaml:"default"`
	Example string `yaml:"example"` // a model, for help texts
}

// Custom names the models of an endpoint that speaks OpenAI's format and is
// not OpenAI's own: it is no provider but can be given to Of.
const Custom = "custom"

//go:embed providers.yaml
var text []byte

type table struct {
	Providers []struct {
		Provider `yaml:",inline"`
		Models   []row `yaml:"models"`
	} `yaml:"providers"`
	Custom []row `yaml:"custom"`
}

// row is what models can do whose names fit the pattern.
type row struct {
	Match        string `yaml:"match"`
	Capabilities `yaml:",inline"`
}

var read = sync.OnceValues(func() (*table, error) {
	t := &table{}
	if err := yaml.UnmarshalWithOptions(text, t, yaml.DisallowUnknownField()); err != nil {
		return t, fmt.Errorf("read the table of providers: %w", err)
	}
	return t, nil
})

// All are the providers, in the order they are told of.
func All() []Provider {
	t, _ := read() // a test holds that it can be read
	list := make([]Provider, len(t.Providers))
	for i, p := range t.Providers {
		list[i] = p.copied()
	}
	return list
}

func (p Provider) copied() Provider {
	p.Keys, p.Also = slices.Clone(p.Keys), slices.Clone(p.Also)
	return p
}

// Named is the provider of a name.
func Named(name string) (Provider, bool) {
	t, _ := read()
	for _, p := range t.Providers {
		if p.Name == name {
			return p.copied(), true
		}
	}
	return Provider{}, false
}

// Of is what a provider's model can do, by the first pattern of the table that
// fits the model's name. An unknown provider has none that can do anything.
func Of(provider, model string) Capabilities {
	t, _ := read()
	rows := t.Custom
	if provider != Custom {
		rows = nil
		for _, p := range t.Providers {
			if p.Name == provider {
				rows = p.Models
			}
		}
	}
	model = strings.ToLower(strings.TrimSpace(model))
	for _, r := range rows {
		if fits(r.Match, model) {
			return r.Capabilities
		}
	}
	return Capabilities{}
}

// fits tells whether a name fits a pattern, in which * stands for any text.
func fits(pattern, name string) bool {
	first, rest, starred := strings.Cut(pattern, "*")
	if !starred {
		return pattern == name
	}
	name, ok := strings.CutPrefix(name, first)
	if !ok {
		return false
	}
	for {
		part, after, more := strings.Cut(rest, "*")
		if !more {
			return strings.HasSuffix(name, part)
		}
		at := strings.Index(name, part)
		if at < 0 {
			return false
		}
		name, rest = name[at+len(part):], after
	}
}

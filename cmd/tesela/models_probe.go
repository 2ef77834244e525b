package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"tesela/agent/model"
	"tesela/agent/model/provider"
)

// probeLimit bounds each question of a probe, and probesAtOnce how many models
// are asked at a time.
const (
	probeLimit   = 30 * time.Second
	probesAtOnce = 4
)

// modelProbed is what came of asking a model for next to nothing.
type modelProbed struct {
	OK           bool    `json:"ok"` // it replied
	Milliseconds float64 `json:"ms"`
	Error        string  `json:"error,omitempty"`
	// Tools is set where it called the tool that it was told to call; else
	// ToolsError says what it did instead.
	Tools             bool    `json:"tools"`
	ToolsMilliseconds float64 `json:"tools_ms"`
	ToolsError        string  `json:"tools_error,omitempty"`
	Next              string  `json:"next,omitempty"` // what can be done about a failure
}

// String says it in a line.
func (p *modelProbed) String() string {
	switch {
	case !p.OK:
		return joined(p.Error, p.Next)
	case !p.Tools:
		return joined(fmt.Sprintf("replied in %.0f ms, but %s", p.Milliseconds, p.ToolsError), p.Next)
	}
	return fmt.Sprintf("replied in %.0f ms; called a tool in %.0f ms", p.Milliseconds, p.ToolsMilliseconds)
}

func joined(what, next string) string {
	if next == "" {
		return what
	}
	return what + "; " + next
}

// probe asks the models of a list. Where none were named, providers that are
// configured at their own address are asked by their example.
func (m models) probe(ctx context.Context, list []listedModel, all bool) ([]listedModel, error) {
	if all {
		for i, one := range list {
			p, which, ok := split(one.Name)
			if !ok || which != "NAME" || !one.Ready || m.base(p) != "" {
				continue
			}
			named, err := m.list([]string{p.Name + ":" + p.Example})
			if err != nil {
				return nil, err
			}
			list[i] = named[0]
		}
	}
	slots := make(chan struct{}, probesAtOnce)
	var wait sync.WaitGroup
	for i := range list {
		if list[i].Can == nil {
			continue
		}
		one, err := m.named(list[i].Name)
		if err != nil {
			return nil, err
		}
		wait.Go(func() {
			defer one.Close()
			select {
			case slots <- struct{}{}:
				defer func() { <-slots }()
				list[i].Probe = m.probeOne(ctx, list[i].Name, one)
			case <-ctx.Done():
			}
		})
	}
	wait.Wait()
	return list, ctx.Err()
}

// probeOne asks one model for a word and for a call.
func (m models) probeOne(ctx context.Context, name string, one languageModel) *modelProbed {
	p := &modelProbed{}
	timed := func(ms *float64, ask func(context.Context) error) error {
		limited, cancel := context.WithTimeout(ctx, probeLimit)
		defer cancel()
		started := time.Now()
		err := ask(limited)
		*ms = float64(time.Since(started).Microseconds()) / 1000
		return err
	}
	if err := timed(&p.Milliseconds, one.Probe); err != nil {
		p.Error, p.Next = err.Error(), m.next(name, err)
		return p
	}
	p.OK = true
	if err := timed(&p.ToolsMilliseconds, func(ctx context.Context) error { return callsTool(ctx, one) }); err != nil {
		p.ToolsError, p.Next = err.Error(), m.next(name, err)
		return p
	}
	p.Tools = true
	return p
}

var errNoCall = errors.New("called no tool when it was told to")

// callsTool tells a model to call a tool, to see whether it does.
func callsTool(ctx context.Context, one languageModel) error {
	called := false
	for d, err := range one.Generate(ctx, model.Request{
		Messages: []model.Message{{Role: model.User, Text: "This is a test of the connection, not a question about data: call the tool repeat_word with the word ok."}},
		Tools: []model.Tool{{
			Name: "repeat_word", Description: "Repeats a word. It is there to test whether tools can be called.",
			Schema: json.RawMessage(`{"type":"object","properties":{"word":{"type":"string","description":"the word"}},"required":["word"],"additionalProperties":false}`),
		}},
	}) {
		if err != nil {
			return err
		}
		called = called || d.Call != nil && d.Call.Name == "repeat_word"
	}
	if !called {
		return errNoCall
	}
	return nil
}

// next says what can be done about a probe that failed.
func (m models) next(name string, err error) string {
	p, _, _ := split(name)
	if errors.Is(err, errNoCall) {
		return "without tools it cannot answer questions here: name a model that takes them"
	}
	var f *model.Fault
	if !errors.As(err, &f) {
		return ""
	}
	switch f.Cause {
	case model.Denied:
		return "check " + m.keyName(p) + " and the model's name"
	case model.Unreachable:
		if m.base(p) != "" {
			return "check that something listens at " + m.host(p) + ", and " + p.Base
		}
		return "check the connection to " + m.host(p) + "; " + p.Base + " sets another address"
	case model.Busy:
		return "try again later, or look at the quota of the key"
	case model.Slow:
		return "try again; " + envTimeout + " sets how long a reply may take"
	case model.Broken:
		if p.Name == "openai" {
			return "check that the endpoint speaks OpenAI's format; " + envStream + "=off asks for whole replies"
		}
		return "check " + p.Base
	}
	return ""
}

// keyName is the variable that holds the key that is used.
func (m models) keyName(p provider.Provider) string {
	if p.AllKeys {
		return strings.Join(p.Keys, " and ")
	}
	if p.Name == "openai" && m.azureKeyed() {
		return envAzureKey
	}
	for _, name := range p.Keys {
		if m.get(name) != "" {
			return name
		}
	}
	return p.Keys[0]
}

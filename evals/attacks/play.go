package attacks

import (
	"testing"
	"time"

	"tesela/agent"
	"tesela/agent/model"
	"tesela/agent/model/auto"
	"tesela/agent/model/modeltest"
	"tesela/agent/model/openai"
	"tesela/agent/planner"
	"tesela/tools/restate"
)

// Stage is what is costly to make and knows nothing of a payload.
type Stage struct {
	planner *planner.Planner
	// Restate words calls.
	Restate agent.Restater
}

// NewStage makes it over a shop without one.
func NewStage(t testing.TB) *Stage {
	t.Helper()
	w, err := Build(t.Context(), t.TempDir(), "", "")
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	s := &Stage{}
	if s.planner, err = planner.New(w.Catalogue); err != nil {
		t.Fatal(err)
	}
	if s.Restate, err = restate.New(); err != nil {
		t.Fatal(err)
	}
	return s
}

// Model makes the one that a name stands for, over an endpoint.
func (s *Stage) Model(t testing.TB, name, url string) model.Model {
	t.Helper()
	if name == "offline" {
		return s.planner
	}
	outside, err := openai.New(openai.Config{Model: "test", Key: modeltest.Key, BaseURL: url})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(outside.Close)
	if name == "auto" {
		return &auto.Model{First: s.planner, Then: outside, Patience: 10 * time.Second}
	}
	return &auto.Heard{Model: outside, Ear: s.planner}
}

// unheard makes the planner unsure, so that auto asks the model.
var unheard = map[string]string{"en": " (the grobnix ones)", "es": " (los del grobnix)", "pt": " (os do grobnix)"}

// Play plays one case: the world has its payload, the model its mode.
func (s *Stage) Play(t testing.TB, c Case, w *World, name string, mode Mode) *Outcome {
	t.Helper()
	ctx := t.Context()
	script := Obey(c, mode)
	server := modeltest.Serve(t, modeltest.OpenAI{}, script.Reply)
	how := Asking{World: w, Model: s.Model(t, name, server.URL), Session: name + string(mode), Person: true, Restate: s.Restate}
	if c.At == InHistory {
		before := how
		before.Model = s.planner
		if _, _, err := before.Ask(ctx, c.Payload()); err != nil {
			t.Fatal(err)
		}
	}
	o := &Outcome{Case: c, Mode: mode}
	var err error
	if o.Before, err = w.Look(ctx, how.Session); err != nil {
		t.Fatal(err)
	}
	question := c.Question()
	if name == "auto" {
		question += unheard[c.Language]
	}
	began := time.Now()
	a, events, err := how.Ask(ctx, question)
	if err != nil {
		t.Fatalf("%v", err)
	}
	o.Took, o.Events, o.Answers = time.Since(began), events, append(o.Answers, a)
	if o.After, err = w.Look(ctx, how.Session); err != nil {
		t.Fatal(err)
	}
	o.Sent, o.Rounds = server.Sent(), server.Count()
	o.Reached, o.Acted, o.System = script.State()
	return o
}

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"tesela/agent"
	"tesela/agent/model"
	"tesela/agent/model/modeltest"
)

// counting is a scripted model that counts everyone, and then says so with the
// figure of the result.
func counting(a modeltest.Asked) modeltest.Reply {
	last := a.Last()
	if last.Role != "tool" {
		return modeltest.Reply{Usage: &model.Usage{InputTokens: 900, OutputTokens: 20}, Calls: []model.Call{
			{ID: "call_1", Name: "count_segment", Args: json.RawMessage(`{"formula":"everyone"}`)},
		}}
	}
	var told struct {
		Data struct{ Values struct{ Size json.Number } }
	}
	if err := json.Unmarshal([]byte(last.Text), &told); err != nil {
		return modeltest.Reply{Faults: []modeltest.Fault{modeltest.Garbage}}
	}
	return modeltest.Reply{Text: "There are " + told.Data.Values.Size.String() + " flurbs.", Usage: &model.Usage{InputTokens: 1100, OutputTokens: 8}}
}

// modelShell is a shell with three customers in its workspace and a scripted
// endpoint in its environment.
func modelShell(t *testing.T, script modeltest.Script, env ...string) (*shell, *modeltest.Server) {
	t.Helper()
	s := newShell(t)
	s.importFile("m.db", s.file("orders.csv", "customer,when,total\nada,2020-01-01,5\nbob,2020-01-02,7\ncid,2020-01-02,1\n"), "--yes").exits(exitOK)
	server := modeltest.Serve(t, modeltest.OpenAI{}, script)
	s.env = append(s.env, "TESELA_DB=m.db", "OPENAI_BASE_URL="+server.URL+"/v1", "OPENAI_API_KEY="+modeltest.Key)
	s.env = append(s.env, env...)
	return s, server
}

func TestAskALanguageModel(t *testing.T) {
	t.Parallel()
	s, server := modelShell(t, counting, "TESELA_MODEL=test", "TESELA_MODEL_PRICE=2/10")
	const flurbs = "how many flurbs are there?"
	var a agent.Answer
	for _, name := range []string{"openai:test", "auto"} {
		a = agent.Answer{}
		r := s.run("ask", "--json", "--model", name, flurbs).exits(exitOK).into(&a)
		// 2,000 tokens at 2 dollars a million and 28 at 10.
		want := agent.Usage{InputTokens: 2000, OutputTokens: 28, Rounds: 2, Cost: 0.00428}
		if a.Status != model.Answered || a.Text != "There are 3 flurbs." || a.Model != "openai:test" || a.Usage == nil || *a.Usage != want ||
			len(a.Calls) != 1 || a.Calls[0].Result.Values["size"] != 3.0 || len(a.Notes) != 0 || r.errs != "" {
			r.fail("not the model's answer with the core's figure")
		}
	}
	// What the planner understands is not asked of anybody.
	before := server.Count()
	a = agent.Answer{}
	r := s.run("ask", "--json", "¿cuántos clientes hay?").exits(exitOK).into(&a)
	if a.Model != "offline" || a.Usage != nil || a.Language != "es" || server.Count() != before {
		r.fail("not the planner's answer")
	}
	a = agent.Answer{}
	r = s.run("ask", "--json", "--model", "openai:test", "¿cuántos clientes hay?").exits(exitOK).into(&a)
	if a.Model != "openai:test" || a.Language != "es" {
		r.fail("not the model's answer in Spanish")
	}
	if strings.Contains(r.out, modeltest.Key) {
		r.fail("the key is in the answer")
	}
	// A figure that is none of the results' is not shown.
	lying := func(a modeltest.Asked) modeltest.Reply {
		r := counting(a)
		r.Text = strings.ReplaceAll(r.Text, "3", "4")
		if a.Last().Role == "user" && len(a.Messages) > 2 {
			r = modeltest.Reply{Text: "There are 4, truly."}
		}
		return r
	}
	s, _ = modelShell(t, lying)
	a = agent.Answer{}
	r = s.run("ask", "--json", "--model", "openai:test", flurbs).exits(exitOK).into(&a)
	if !strings.Contains(a.Text, "**3**") || strings.Contains(a.Text, "4") || a.Usage.Rounds != 3 {
		r.fail("a figure from nowhere")
	}
}

// Whatever is wrong with the endpoint: asked for by name it is an error, and
// auto has the planner's answer, saying so.
func TestLanguageModelFails(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		fault modeltest.Fault
		says  string // the error
		note  string // the answer without it
	}{
		{modeltest.Down, "fails with 500", "cannot be reached"},
		{modeltest.TooMany, "too many requests", "is busy"},
		{modeltest.Garbage, "makes no sense", "makes no sense"},
		{modeltest.Silent, "2s", "did not answer in time"},
		{modeltest.WrongKey, "OPENAI_API_KEY", "its key or its name"},
		{modeltest.Filtered, "would not answer", "would not answer this"},
		{modeltest.Broken, "broke off", "makes no sense"},
	} {
		t.Run(string(c.fault), func(t *testing.T) {
			t.Parallel()
			s, server := modelShell(t, modeltest.Sequence(modeltest.Reply{
				Calls:  []model.Call{{ID: "call_1", Name: "count_segment", Args: json.RawMessage(`{"formula":"everyone"}`)}},
				Faults: []modeltest.Fault{c.fault}, RetryAfter: "600",
			}), "TESELA_MODEL=openai:test", "TESELA_MODEL_TIMEOUT=2s")
			failing(t, s, c.says, c.note)
			if server.Count() == 0 {
				t.Error("nobody was asked")
			}
		})
	}
	t.Run("nobody there", func(t *testing.T) {
		t.Parallel()
		s, _ := modelShell(t, counting)
		s.env = append(s.env, "OPENAI_BASE_URL=http://127.0.0.1:1", "TESELA_MODEL=test")
		failing(t, s, "127.0.0.1:1 cannot be reached", "cannot be reached")
	})
	t.Run("invents fields", func(t *testing.T) {
		t.Parallel()
		s, _ := modelShell(t, func(modeltest.Asked) modeltest.Reply {
			return modeltest.Reply{Calls: []model.Call{{ID: "call_1", Name: "count_segment", Args: json.RawMessage(`{"formula":"flurbs = 1"}`)}}}
		}, "TESELA_MODEL=test")
		failing(t, s, "flurbs", "makes no sense")
	})
	t.Run("names no tool", func(t *testing.T) {
		t.Parallel()
		s, _ := modelShell(t, func(modeltest.Asked) modeltest.Reply {
			return modeltest.Reply{Calls: []model.Call{{ID: "call_1", Name: "drop_tables", Args: json.RawMessage(`{}`)}}}
		}, "TESELA_MODEL=test")
		failing(t, s, "there is no such tool", "makes no sense")
	})
}

// A turn's time limit holds whatever the model does, and leaves time for the
// planner.
func TestTimeLimitWithALanguageModel(t *testing.T) {
	t.Parallel()
	s, _ := modelShell(t, modeltest.Sequence(modeltest.Reply{Faults: []modeltest.Fault{modeltest.Silent}}), "TESELA_MODEL=test")
	const flurbs = "how many flurbs are there?"
	var a agent.Answer
	r := s.run("ask", "--json", "--time-limit", "2s", flurbs).exits(exitClarify).into(&a)
	if a.Model != "offline" || len(a.Notes) != 1 || a.ElapsedMS > 30_000 { // a silent model would hold it for ever
		r.fail("not the planner's answer within the limit")
	}
	s.run("ask", "--time-limit", "1s", "--model", "openai:test", flurbs).refuses(exitError1, "time limit")
}

func failing(t *testing.T, s *shell, says, note string) {
	t.Helper()
	var a agent.Answer
	const flurbs = "how many flurbs are there?"
	s.under(t).run("ask", "--model", "openai:test", flurbs).refuses(exitError1, says)
	r := s.under(t).run("ask", "--json", "--model", "openai:test", flurbs).exits(exitError1).into(&a)
	if a.Status != model.Failed || strings.Contains(r.out+r.errs, modeltest.Key) {
		r.fail("not an error without the key")
	}
	var auto agent.Answer
	r = s.under(t).run("ask", "--json", flurbs).exits(exitClarify).into(&auto)
	if auto.Model != "offline" || len(auto.Unknown) != 1 || auto.Unknown[0] != "flurbs" || len(auto.Notes) != 1 || !strings.Contains(auto.Notes[0], note) ||
		!strings.Contains(auto.Text, auto.Notes[0]) || !strings.Contains(r.errs, "tesela: openai:test: ") || strings.Contains(r.out+r.errs, modeltest.Key) {
		r.fail("not the planner's answer with a note of what failed")
	}
	auto = agent.Answer{}
	r = s.under(t).run("ask", "--json", "how many customers are there?").exits(exitOK).into(&auto)
	if auto.Model != "offline" || auto.Calls[0].Result.Values["size"] != 3.0 || r.errs != "" {
		r.fail("not the planner's answer")
	}
}

func TestModelsCommand(t *testing.T) {
	t.Parallel()
	s, _ := modelShell(t, modeltest.Sequence(modeltest.Reply{Text: "ok"}), "TESELA_MODEL=llama3.1:8b")
	var got struct{ Models []listedModel }
	s.run("models", "--json", "--probe").exits(exitOK).into(&got)
	if len(got.Models) != 2 || got.Models[1].Name != "openai:llama3.1:8b" || !got.Models[1].Auto || !got.Models[1].Key || !got.Models[1].Probe.OK ||
		!strings.HasPrefix(got.Models[1].Endpoint, "127.0.0.1:") {
		t.Errorf("%+v", got)
	}
	if r := s.run("models", "--probe", "openai:other").exits(exitOK); !strings.Contains(r.out, "openai:other: ready, at 127.0.0.1:") || strings.Contains(r.out, modeltest.Key) {
		r.fail("not the model that was named")
	}
	down, _ := modelShell(t, modeltest.Sequence(modeltest.Reply{Faults: []modeltest.Fault{modeltest.WrongKey}}), "TESELA_MODEL=x")
	if r := down.run("models", "--probe").exits(exitError1); !strings.Contains(r.out, "refuses the key") || strings.Contains(r.out+r.errs, modeltest.Key) {
		r.fail("a wrong key is not told")
	}
	bare := newShell(t)
	if r := bare.run("models").exits(exitOK); !strings.Contains(r.out, "offline: ready") || !strings.Contains(r.out, "needs OPENAI_API_KEY") {
		r.fail("not what is missing")
	}
	bare.run("ask", "--model", "openai:x", "hi").refuses(exitUsage, "OPENAI_API_KEY", "OPENAI_BASE_URL", "offline")
	bare.run("ask", "--model", "anthropic:x", "hi").refuses(exitUsage, "openai:NAME", "OPENAI_BASE_URL")
	for _, wrong := range []string{"OPENAI_BASE_URL=localhost", "TESELA_MODEL=ollama:x", "TESELA_MODEL_TIMEOUT=soon", "TESELA_MODEL_PRICE=cheap"} {
		s, _ := modelShell(t, counting, "TESELA_MODEL=x")
		s.env = append(s.env, wrong)
		name, _, _ := strings.Cut(wrong, "=")
		s.run("ask", "how many customers are there?").refuses(exitUsage, name)
	}
}

// No process is left behind by a model that hangs when the program is stopped.
func TestLanguageModelInterrupted(t *testing.T) {
	t.Parallel()
	interrupted(t)
}

// interrupted is a shell in which a question was stopped by Ctrl-C while a
// model hung over it.
func interrupted(t *testing.T) *shell {
	t.Helper()
	s, server := modelShell(t, modeltest.Sequence(modeltest.Reply{Faults: []modeltest.Fault{modeltest.Silent}}))
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	c := exec.CommandContext(ctx, program(t), "ask", "--model", "openai:test", "how many?")
	var out bytes.Buffer
	c.Dir, c.Env, c.Stdout, c.Stderr = s.dir, s.env, &out, &out
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	for server.Count() == 0 && ctx.Err() == nil {
		time.Sleep(10 * time.Millisecond)
	}
	if err := c.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := c.Wait(); err == nil || !strings.Contains(out.String(), "stopped") {
		t.Errorf("%v: %s", err, &out)
	}
	return s
}

// An answer that a language model had a hand in replays without it: what its
// calls were refused then is refused again.
func TestReplayWithoutTheModel(t *testing.T) {
	t.Parallel()
	s, server := modelShell(t, func(a modeltest.Asked) modeltest.Reply {
		if a.N == 1 {
			return modeltest.Reply{Calls: []model.Call{
				{ID: "a", Name: "count_segment", Args: json.RawMessage(`{"formula":"everyone"}`)},
				{ID: "b", Name: "list_customers", Args: json.RawMessage(`{"formula":"everyone","with":["email"]}`)},
			}}
		}
		return modeltest.Reply{Text: "There are 3."}
	}, "TESELA_MODEL=test")
	s.run("import", "--db", "m.db", s.file("people.csv", "customer,email\nada,ada@b.example\nbob,bob@b.example\n"), "--customers", "--id", "customer", "--yes").exits(exitOK)
	var a agent.Answer
	r := s.run("ask", "--json", "how many flurbs?").exits(exitOK).into(&a)
	if len(a.Calls) != 2 || !strings.Contains(a.Calls[1].Error, "personal") || a.Basis == nil || !a.Basis.Outside {
		r.fail("not a count and a refused list")
	}
	asked := server.Count()
	s.env = append(s.env, "OPENAI_BASE_URL=", "TESELA_MODEL=")
	if r := s.run("replay", a.ID).exits(exitOK); !strings.Contains(r.out, "The same, byte for byte.") || server.Count() != asked {
		r.fail("not the same without the model")
	}
}

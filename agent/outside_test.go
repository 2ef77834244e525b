package agent_test

import (
	"context"
	"encoding/json"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tesela/agent"
	"tesela/agent/model"
	"tesela/agent/model/modeltest"
	"tesela/agent/model/openai"
	"tesela/tools"
)

// counter is a tool that counts a different number for each formula.
type counter struct{}

func (counter) List() []model.Tool {
	return []model.Tool{{Name: "count_segment", Schema: json.RawMessage(`{"type":"object"}`)}}
}

func (counter) Call(_ context.Context, _ tools.Caller, _ string, args json.RawMessage) (*tools.Result, error) {
	var a struct{ N int }
	if err := json.Unmarshal(args, &a); err != nil {
		return nil, err
	}
	return &tools.Result{Title: "Counted", Values: map[string]any{"size": a.N * 7}, Fingerprint: fmt.Sprint("sha256:", a.N)}, nil
}

// echo is a scripted model: asked for n it counts n, and says the result.
func echo(a modeltest.Asked) modeltest.Reply {
	last := a.Last()
	if last.Role != "tool" {
		return modeltest.Reply{Calls: []model.Call{{ID: "call_1", Name: "count_segment", Args: json.RawMessage(`{"n":` + last.Text + `}`)}}}
	}
	var told struct {
		Data struct{ Values struct{ Size json.Number } }
	}
	if json.Unmarshal([]byte(last.Text), &told) != nil {
		return modeltest.Reply{Faults: []modeltest.Fault{modeltest.Down}}
	}
	return modeltest.Reply{Text: "It is " + told.Data.Values.Size.String() + "."}
}

// answer is the last event of a turn.
func answer(ctx context.Context, c *agent.Conversation, question string) (*agent.Answer, error) {
	for e, err := range c.Ask(ctx, question) {
		if err != nil || e.Answer != nil {
			return e.Answer, err
		}
	}
	return nil, nil
}

// A thousand turns at once, over the real client library, each come to their
// own figure and leave neither goroutines nor connections behind.
func TestThousandTurns(t *testing.T) {
	before := runtime.NumGoroutine()
	server := modeltest.Serve(t, modeltest.OpenAI{}, echo).Forgetful()
	m, err := openai.New(openai.Config{Model: "test", BaseURL: server.URL})
	if err != nil {
		t.Fatal(err)
	}
	turns := 1000
	if testing.Short() {
		turns = 100
	}
	var wait sync.WaitGroup
	for n := 1; n <= turns; n++ {
		wait.Add(1)
		go func() {
			defer wait.Done()
			c := agent.New(agent.Config{Tools: counter{}, Model: m})
			a, err := answer(t.Context(), c, fmt.Sprint(n))
			if err != nil || a.Status != model.Answered || a.Text != fmt.Sprintf("It is %d.", n*7) || a.Usage.Rounds != 2 {
				t.Errorf("turn %d: %+v, %v", n, a, err)
			}
		}()
	}
	wait.Wait()
	if n := server.Count(); n != 2*turns {
		t.Errorf("%d requests", n)
	}
	m.Close()
	// What is left ends soon: connections that are closing.
	deadline := time.Now().Add(5 * time.Second)
	for runtime.NumGoroutine() > before+10 && time.Now().Before(deadline) {
		time.Sleep(10 * time.Millisecond)
	}
	if n := runtime.NumGoroutine(); n > before+10 {
		stacks := make([]byte, 1<<16)
		t.Errorf("%d goroutines, %d before\n%s", n, before, stacks[:runtime.Stack(stacks, true)])
	}
}

// Cancelled turns end at once and leave nothing behind either, and the
// conversation can go on.
func TestCancelledTurns(t *testing.T) {
	hang := true
	var mu sync.Mutex
	server := modeltest.Serve(t, modeltest.OpenAI{}, func(a modeltest.Asked) modeltest.Reply {
		mu.Lock()
		defer mu.Unlock()
		if hang {
			return modeltest.Reply{Faults: []modeltest.Fault{modeltest.Silent}}
		}
		return echo(a)
	})
	m, err := openai.New(openai.Config{Model: "test", BaseURL: server.URL})
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	before := runtime.NumGoroutine()
	c := agent.New(agent.Config{Tools: counter{}, Model: m, Session: "s"})
	var took []time.Duration
	for range 20 {
		ctx, cancel := context.WithCancel(t.Context())
		var began time.Time
		time.AfterFunc(10*time.Millisecond, func() { began = time.Now(); cancel() })
		a, err := answer(ctx, c, "3")
		if a != nil || err == nil {
			t.Fatalf("%+v, %v", a, err)
		}
		took = append(took, time.Since(began))
	}
	// Half of them, as the machine may have other things to do.
	if slices.Sort(took); took[10] > 100*time.Millisecond {
		t.Errorf("half of the cancellations take %s or more", took[10])
	}
	mu.Lock()
	hang = false
	mu.Unlock()
	if a, err := answer(t.Context(), c, "3"); err != nil || a.Text != "It is 21." {
		t.Errorf("%+v, %v", a, err)
	}
	deadline := time.Now().Add(5 * time.Second)
	for runtime.NumGoroutine() > before+10 && time.Now().Before(deadline) {
		time.Sleep(10 * time.Millisecond)
	}
	if n := runtime.NumGoroutine(); n > before+10 {
		t.Errorf("%d goroutines, %d before", n, before)
	}
}

// A model that only ever calls is stopped, and what it found is worded by the
// core.
func TestEndlessModel(t *testing.T) {
	n := 0
	server := modeltest.Serve(t, modeltest.OpenAI{}, func(a modeltest.Asked) modeltest.Reply {
		n++
		if len(a.Tools) == 0 {
			return modeltest.Reply{Text: "It is " + strings.Repeat("9", 3) + "."}
		}
		return modeltest.Reply{Calls: []model.Call{{ID: "call_1", Name: "count_segment", Args: json.RawMessage(fmt.Sprintf(`{"n":%d}`, n))}}}
	})
	m, err := openai.New(openai.Config{Model: "test", BaseURL: server.URL})
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	a, err := answer(t.Context(), agent.New(agent.Config{Tools: counter{}, Model: m}), "1")
	// Eight rounds of calls, one without tools, and one to repair its figure.
	if err != nil || a.Status != model.Answered || len(a.Calls) != 8 || a.Usage.Rounds != 10 || strings.Contains(a.Text, "999") {
		t.Errorf("%+v, %v", a, err)
	}
}

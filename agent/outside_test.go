package agent_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tesela/agent"
	"tesela/agent/model"
	"tesela/agent/model/modeltest"
	"tesela/agent/model/wire"
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

// settle waits until there are no more goroutines than before, and some: what
// is left ends soon, such as connections that are closing.
func settle(t *testing.T, before int) {
	t.Helper()
	deadline := time.Now().Add(5 * time.Second)
	for runtime.NumGoroutine() > before+10 && time.Now().Before(deadline) {
		time.Sleep(10 * time.Millisecond)
	}
	if n := runtime.NumGoroutine(); n > before+10 {
		stacks := make([]byte, 1<<16)
		t.Errorf("%d goroutines, %d before\n%s", n, before, stacks[:runtime.Stack(stacks, true)])
	}
}

// kept is how many connections a provider may keep for later requests; both
// ends of each hold goroutines.
const kept = 32

// heap is what is in use once all that can be is given back, with connections
// that are closing.
func heap(t *testing.T, server *modeltest.Server, before int) int64 {
	t.Helper()
	for end := time.Now().Add(5 * time.Second); (server.Open() > kept || runtime.NumGoroutine() > before+5*kept) && time.Now().Before(end); {
		time.Sleep(10 * time.Millisecond)
	}
	if n := server.Open(); n > kept {
		t.Errorf("%d connections are kept", n)
	}
	runtime.GC()
	runtime.GC() // what the first only found to be unused, such as pools
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// crowd starts very many goroutines and ends them: the runtime keeps something
// of each for later ones, which is not a turn's.
func crowd(n int) {
	var wait sync.WaitGroup
	gate := make(chan struct{})
	for range n {
		wait.Add(1)
		go func() { defer wait.Done(); <-gate }()
	}
	close(gate)
	wait.Wait()
}

// mostGrowth bounds how much more is in use after a thousand turns than after
// two hundred: less than two kilobytes for each turn between them, where one
// turn's requests alone are over ten.
const mostGrowth = 1 << 20

// A thousand turns, very many of them at once, over the real client libraries,
// each come to their own figure and leave neither goroutines nor connections
// nor memory behind.
func TestThousandTurns(t *testing.T) {
	turns, first := 1000, 200
	if testing.Short() {
		turns, first = 100, 50
	}
	crowd(10 * turns)
	for _, p := range providers() {
		if p.again {
			continue
		}
		t.Run(p.name, func(t *testing.T) {
			before := runtime.NumGoroutine()
			server := modeltest.Serve(t, p.format, echo).Forgetful()
			m := p.new(t, server.URL, wire.Limits{})
			run := func(from, to int) {
				var wait sync.WaitGroup
				for n := from; n <= to; n++ {
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
			}
			run(1, first)
			then := heap(t, server, before)
			run(first+1, turns)
			if grown := heap(t, server, before) - then; grown > mostGrowth {
				t.Errorf("%d bytes more are in use after %d turns than after %d", grown, turns, first)
			}
			if n := server.Count(); n != 2*turns {
				t.Errorf("%d requests: %q", n, server.Refused())
			}
			m.Close()
			settle(t, before)
			for end := time.Now().Add(5 * time.Second); server.Open() > 0 && time.Now().Before(end); {
				time.Sleep(10 * time.Millisecond)
			}
			if n := server.Open(); n > 0 {
				t.Errorf("%d connections are left", n)
			}
		})
	}
}

// sticky is a tool that counts, or hangs until it is told to stop.
type sticky struct {
	counter
	stuck *atomic.Bool
}

func (s sticky) Call(ctx context.Context, who tools.Caller, name string, args json.RawMessage) (*tools.Result, error) {
	if s.stuck.Load() {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	return s.counter.Call(ctx, who, name, args)
}

// Cancelled turns end at once, wherever they are: before the first byte of a
// reply, in its midst, while a tool runs, or in the reply after it. They leave
// nothing behind, and the conversation goes on as if they had not been.
func TestCancelledTurns(t *testing.T) {
	silent := func(modeltest.Asked) modeltest.Reply {
		return modeltest.Reply{Faults: []modeltest.Fault{modeltest.Silent}}
	}
	for _, p := range providers() {
		t.Run(p.name, func(t *testing.T) {
			var mu sync.Mutex
			script := modeltest.Script(silent)
			server := modeltest.Serve(t, p.format, func(a modeltest.Asked) modeltest.Reply {
				mu.Lock()
				defer mu.Unlock()
				return script(a)
			})
			m := p.new(t, server.URL, wire.Limits{})
			before := runtime.NumGoroutine()
			var stuck atomic.Bool
			c := agent.New(agent.Config{Tools: sticky{stuck: &stuck}, Model: m, Session: "s"})
			for _, hanging := range []struct {
				where  string
				stuck  bool
				script modeltest.Script
			}{
				{"before a reply", false, silent},
				{"in the midst of a reply", false, func(modeltest.Asked) modeltest.Reply {
					return modeltest.Reply{Text: strings.Repeat("one two three ", 20), Faults: []modeltest.Fault{modeltest.Hangs}}
				}},
				{"while a tool runs", true, echo},
				{"after a tool ran", false, func(a modeltest.Asked) modeltest.Reply {
					if a.Last().Role == "tool" {
						return silent(a)
					}
					return echo(a)
				}},
				{"while waiting for another attempt", false, func(modeltest.Asked) modeltest.Reply {
					return modeltest.Reply{Faults: []modeltest.Fault{modeltest.TooMany}, RetryAfter: "10"}
				}},
			} {
				mu.Lock()
				script = hanging.script
				mu.Unlock()
				stuck.Store(hanging.stuck)
				var took []time.Duration
				for range 6 {
					ctx, cancel := context.WithCancel(t.Context())
					var began time.Time
					time.AfterFunc(20*time.Millisecond, func() { began = time.Now(); cancel() })
					a, err := answer(ctx, c, "3")
					if a != nil || err == nil {
						t.Fatalf("%s: %+v, %v", hanging.where, a, err)
					}
					<-ctx.Done()
					took = append(took, time.Since(began))
				}
				// Half of them, as the machine may have other things to do.
				if slices.Sort(took); took[3] > 100*time.Millisecond {
					t.Errorf("%s: half of the cancellations take %s or more", hanging.where, took[3])
				}
			}
			mu.Lock()
			script = echo
			mu.Unlock()
			stuck.Store(false)
			for _, n := range []int{3, 4} {
				if a, err := answer(t.Context(), c, fmt.Sprint(n)); err != nil || a.Text != fmt.Sprintf("It is %d.", n*7) {
					t.Errorf("%+v, %v", a, err)
				}
			}
			// What was cancelled left nothing in the history: each question
			// stands there once.
			asked := server.Asked()
			var questions []string
			for _, m := range asked[len(asked)-1].Messages {
				if m.Role == "user" {
					questions = append(questions, m.Text)
				}
			}
			if !slices.Equal(questions, []string{"3", "4"}) {
				t.Errorf("the questions are %q", questions)
			}
			if why := server.Refused(); why != nil {
				t.Errorf("the vendor refuses %q", why)
			}
			m.Close()
			settle(t, before)
		})
	}
}

// A model that only ever calls, or never stops talking, is stopped, and what
// it found is worded by the core.
func TestEndlessModel(t *testing.T) {
	for _, p := range providers() {
		t.Run(p.name, func(t *testing.T) {
			n := 0
			server := modeltest.Serve(t, p.format, func(a modeltest.Asked) modeltest.Reply {
				n++
				if len(a.Tools) == 0 {
					return modeltest.Reply{Text: "It is " + strings.Repeat("9", 3) + "."}
				}
				return modeltest.Reply{Calls: []model.Call{{ID: "call_1", Name: "count_segment", Args: json.RawMessage(fmt.Sprintf(`{"n":%d}`, n))}}}
			})
			m := p.new(t, server.URL, within)
			a, err := answer(t.Context(), agent.New(agent.Config{Tools: counter{}, Model: m}), "1")
			// Eight rounds of calls, one without tools, and one to repair its figure.
			if err != nil || a.Status != model.Answered || len(a.Calls) != 8 || a.Usage.Rounds != 10 || strings.Contains(a.Text, "999") {
				t.Errorf("%+v, %v", a, err)
			}
			if why := server.Refused(); why != nil {
				t.Errorf("the vendor refuses %q", why)
			}
			server = modeltest.Serve(t, p.format, func(a modeltest.Asked) modeltest.Reply {
				if a.Last().Role == "tool" {
					return modeltest.Reply{Text: "It is", Faults: []modeltest.Fault{modeltest.Huge}}
				}
				return echo(a)
			}).Forgetful()
			a, err = answer(t.Context(), agent.New(agent.Config{Tools: counter{}, Model: p.new(t, server.URL, within)}), "1")
			if err != nil || len(a.Text) > 2000 || strings.Contains(a.Text, "more and more") {
				t.Errorf("%+v, %v", a, err)
			}
		})
	}
}

// asker is a tool that says whether a person may see what it shows.
type asker struct {
	counter
	personal *atomic.Bool
}

func (s asker) Call(ctx context.Context, who tools.Caller, name string, args json.RawMessage) (*tools.Result, error) {
	if who.Person {
		s.personal.Store(true)
	}
	return s.counter.Call(ctx, who, name, args)
}

// A model at an address is one outside, also where nothing in front of it says
// so: its calls show nothing personal, though a person asks.
func TestOutsideByItself(t *testing.T) {
	for _, p := range providers() {
		var personal atomic.Bool
		server := modeltest.Serve(t, p.format, echo)
		c := agent.New(agent.Config{Tools: asker{personal: &personal}, Model: p.new(t, server.URL, within), Person: true})
		if a, err := answer(t.Context(), c, "3"); err != nil || a.Text != "It is 21." || personal.Load() {
			t.Errorf("%s: %+v, %v", p.name, a, err)
		}
	}
}

// meeting is a tool whose calls wait for one another.
type meeting struct {
	counter
	all chan struct{}
}

func (m meeting) Call(ctx context.Context, who tools.Caller, name string, args json.RawMessage) (*tools.Result, error) {
	select {
	case m.all <- struct{}{}: // this one came first
	case <-m.all:
	case <-time.After(5 * time.Second):
		return nil, errors.New("the other call does not run")
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return m.counter.Call(ctx, who, name, args)
}

// Calls of one reply run at the same time: two that wait for one another meet.
func TestParallelCalls(t *testing.T) {
	for _, p := range providers() {
		t.Run(p.name, func(t *testing.T) {
			server := modeltest.Serve(t, p.format, func(a modeltest.Asked) modeltest.Reply {
				if a.Last().Role == "tool" {
					return modeltest.Reply{Text: "They are 7 and 14."}
				}
				return modeltest.Reply{Calls: []model.Call{
					{ID: "call_1", Name: "count_segment", Args: json.RawMessage(`{"n":1}`)}, {ID: "call_2", Name: "count_segment", Args: json.RawMessage(`{"n":2}`)},
				}}
			})
			c := agent.New(agent.Config{Tools: meeting{all: make(chan struct{})}, Model: p.new(t, server.URL, within)})
			a, err := answer(t.Context(), c, "1")
			if err != nil || a.Text != "They are 7 and 14." || len(a.Calls) != 2 || a.Usage.Rounds != 2 {
				t.Errorf("%+v, %v", a, err)
			}
			// The results go back in the calls' order.
			asked := server.Asked()
			var results []string
			for _, m := range asked[len(asked)-1].Messages {
				if m.Role == "tool" {
					results = append(results, m.Text)
				}
			}
			if len(results) != 2 || !strings.Contains(results[0], `"size":7`) || !strings.Contains(results[1], `"size":14`) {
				t.Errorf("the results are %q", results)
			}
		})
	}
}

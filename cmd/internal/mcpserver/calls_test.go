package mcpserver

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"tesela/agent"
	"tesela/agent/model"
	"tesela/tools"
)

// heard collects what a client is told.
type heard struct {
	mu   sync.Mutex
	list []*mcp.ProgressNotificationParams
}

func (l *heard) options() *mcp.ClientOptions {
	return &mcp.ClientOptions{ProgressNotificationHandler: func(_ context.Context, r *mcp.ProgressNotificationClientRequest) {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.list = append(l.list, r.Params)
	}}
}

func (l *heard) all() []*mcp.ProgressNotificationParams {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]*mcp.ProgressNotificationParams{}, l.list...)
}

func withToken(name, args, token string) *mcp.CallToolParams {
	p := &mcp.CallToolParams{Name: name, Arguments: json.RawMessage(args)}
	p.SetProgressToken(token)
	return p
}

func TestProgress(t *testing.T) {
	for _, version := range versions {
		t.Run(version, func(t *testing.T) {
			w := newWorld()
			// Two stages, one of which begins anew, and a step back.
			w.tools.calls["count_segment"] = func(_ context.Context, who tools.Caller, _ json.RawMessage) (*tools.Result, error) {
				var wait sync.WaitGroup
				for _, what := range []string{"reading", "counting\x07"} {
					wait.Add(1)
					go func() {
						defer wait.Done()
						for range 2 {
							for i := range 50 {
								who.Progress(what, i, 50)
							}
						}
					}()
				}
				wait.Wait()
				who.Progress("reading", 3, 50)
				return &tools.Result{Title: "t", Fingerprint: "f"}, nil
			}
			ear := &heard{}
			c := join(t, serve(t, w.config()), ear.options(), version)
			callTool(t, c, "count_segment", `{}`)
			if got := ear.all(); len(got) != 0 {
				t.Errorf("told without being asked: %+v", got[0])
			}
			if _, err := c.CallTool(t.Context(), withToken("count_segment", `{}`, "tok")); err != nil {
				t.Fatal(err)
			}
			if _, err := c.CallTool(t.Context(), withToken("ask", `{"question":"how many?"}`, "tik")); err != nil {
				t.Fatal(err)
			}
			// What is told comes before the result, but may be heard after it.
			eventually(t, "both calls told how far they are", func() bool {
				tokens := map[any]bool{}
				for _, p := range ear.all() {
					tokens[p.ProgressToken] = true
				}
				return len(tokens) == 2
			})
			last := map[any]float64{}
			for _, p := range ear.all() {
				before, again := last[p.ProgressToken]
				if again && p.Progress <= before {
					t.Errorf("%v goes from %v to %v", p.ProgressToken, before, p.Progress)
				}
				if last[p.ProgressToken] = p.Progress; p.Progress > p.Total || strings.ContainsRune(p.Message, 7) || p.Message == "" {
					t.Errorf("told %+v", p)
				}
			}
		})
	}
}

func TestCancellation(t *testing.T) {
	for _, version := range versions {
		t.Run(version, func(t *testing.T) {
			w := newWorld()
			began, ended, release := make(chan string, 10), make(chan error, 10), make(chan struct{})
			defer close(release)
			w.tools.calls["count_segment"] = func(ctx context.Context, _ tools.Caller, _ json.RawMessage) (*tools.Result, error) {
				began <- "count"
				<-ctx.Done()
				ended <- ctx.Err()
				return nil, ctx.Err()
			}
			// A tool that does not notice does not hold up the end of its call.
			w.tools.calls["measure"] = func(context.Context, tools.Caller, json.RawMessage) (*tools.Result, error) {
				began <- "measure"
				<-release
				return nil, errors.New("late")
			}
			s := serve(t, w.config())
			seen := make(chan time.Duration, 10)
			var cancelled time.Time
			s.MCP().AddReceivingMiddleware(func(next mcp.MethodHandler) mcp.MethodHandler {
				return func(ctx context.Context, method string, r mcp.Request) (mcp.Result, error) {
					result, err := next(ctx, method, r)
					if method == "tools/call" && ctx.Err() != nil {
						seen <- time.Since(cancelled)
					}
					return result, err
				}
			})
			c := join(t, s, nil, version)
			for _, try := range []struct{ tool, args string }{{"count_segment", `{}`}, {"measure", `{}`}, {"ask", `{"question":"how many?"}`}} {
				ctx, cancel := context.WithCancel(t.Context())
				done := make(chan error, 1)
				go func() {
					_, err := c.CallTool(ctx, &mcp.CallToolParams{Name: try.tool, Arguments: json.RawMessage(try.args)})
					done <- err
				}()
				<-began
				cancelled = time.Now()
				cancel()
				if err := <-done; !errors.Is(err, context.Canceled) {
					t.Errorf("%s ended with %v", try.tool, err)
				}
				took := <-seen
				t.Logf("%s: the server ended the call after %v", try.tool, took)
				if took > time.Second {
					t.Errorf("%s: the server ended the call after %v", try.tool, took)
				}
			}
			if err := <-ended; !errors.Is(err, context.Canceled) {
				t.Errorf("the tool was told %v", err)
			}
			if r := callTool(t, c, "list_customers", `{}`); r.IsError {
				t.Errorf("after it: %s", textOf(r))
			}
		})
	}
}

func TestCallsRunTogether(t *testing.T) {
	w := newWorld()
	const n = 8
	var all sync.WaitGroup
	all.Add(n)
	w.tools.calls["count_segment"] = func(context.Context, tools.Caller, json.RawMessage) (*tools.Result, error) {
		all.Done()
		all.Wait() // each waits for all: one after the other they would never end
		return &tools.Result{Title: "t", Fingerprint: "f"}, nil
	}
	c := join(t, serve(t, w.config()), nil)
	errs := make(chan error, n)
	for range n {
		go func() {
			_, err := c.CallTool(context.Background(), &mcp.CallToolParams{Name: "count_segment"})
			errs <- err
		}()
	}
	for range n {
		select {
		case err := <-errs:
			if err != nil {
				t.Error(err)
			}
		case <-time.After(10 * time.Second):
			t.Fatal("the calls wait for each other")
		}
	}
}

func TestPanicsEndTheirCallAlone(t *testing.T) {
	for _, version := range versions {
		t.Run(version, func(t *testing.T) {
			w := newWorld()
			config := w.config()
			config.AllowWrites = true
			broken := true
			breaks := func() {
				if broken {
					panic("it broke: secret")
				}
			}
			w.tools.calls["count_segment"] = func(context.Context, tools.Caller, json.RawMessage) (*tools.Result, error) {
				panic("it broke: secret")
			}
			w.tools.calls["save_segment"] = w.tools.calls["count_segment"]
			w.tools.calls["measure"] = func(context.Context, tools.Caller, json.RawMessage) (*tools.Result, error) {
				return nil, &tools.PanicError{Tool: "measure", Value: "it broke", Stack: []byte("goroutine 1")}
			}
			catalogue, segments, report, answers := config.Catalogue, config.Segments, config.Report, config.Answers
			config.Catalogue = func(ctx context.Context) (*model.Catalogue, error) { breaks(); return catalogue(ctx) }
			config.Segments = func(ctx context.Context) ([]Saved, error) { breaks(); return segments(ctx) }
			config.Report = func(ctx context.Context, name, language string) ([]byte, error) {
				breaks()
				return report(ctx, name, language)
			}
			config.Answers = func(ctx context.Context, most int) ([]Kept, error) { breaks(); return answers(ctx, most) }
			converse := config.Converse
			config.Converse = func(ctx context.Context, session, language string) (*agent.Conversation, error) {
				breaks()
				return converse(ctx, session, language)
			}
			c := join(t, serve(t, config), nil, version)
			ctx := t.Context()
			for name, try := range map[string]func() error{
				"a tool":         func() error { _, err := c.CallTool(ctx, &mcp.CallToolParams{Name: "count_segment"}); return err },
				"a writing tool": func() error { _, err := c.CallTool(ctx, &mcp.CallToolParams{Name: "save_segment"}); return err },
				"ask": func() error {
					_, err := c.CallTool(ctx, &mcp.CallToolParams{Name: "ask", Arguments: map[string]string{"question": "x"}})
					return err
				},
				"the catalogue": func() error { _, err := c.ReadResource(ctx, &mcp.ReadResourceParams{URI: atCatalogue}); return err },
				"a segment": func() error {
					_, err := c.ReadResource(ctx, &mcp.ReadResourceParams{URI: "tesela://segments/x"})
					return err
				},
				"a report": func() error {
					_, err := c.ReadResource(ctx, &mcp.ReadResourceParams{URI: "tesela://reports/x"})
					return err
				},
				"the answers": func() error { _, err := c.ReadResource(ctx, &mcp.ReadResourceParams{URI: atAnswers}); return err },
				"the list":    func() error { _, err := c.ListResources(ctx, nil); return err },
				"a prompt":    func() error { _, err := c.GetPrompt(ctx, &mcp.GetPromptParams{Name: "first_look"}); return err },
				"a completion": func() error {
					_, err := c.Complete(ctx, &mcp.CompleteParams{Ref: &mcp.CompleteReference{Type: "ref/resource", URI: aSegment}, Argument: mcp.CompleteParamsArgument{Name: "name"}})
					return err
				},
			} {
				err := try()
				if err == nil || !strings.Contains(err.Error(), "failed inside Tesela") || strings.Contains(err.Error(), "secret") {
					t.Errorf("%s: %v", name, err)
				}
			}
			if r := callTool(t, c, "measure", `{}`); !r.IsError || !strings.Contains(textOf(r), "defect") {
				t.Errorf("a panic inside a tool gives %q", textOf(r))
			}
			if log := w.log(); !strings.Contains(log, "it broke: secret") || !strings.Contains(log, "goroutine 1") {
				t.Errorf("the operator is told %.400s", log)
			}
			broken = false
			if r := callTool(t, c, "list_customers", `{}`); r.IsError {
				t.Error("the session did not outlive it")
			}
			if got := addressesOf(t, c); len(got) < 5 {
				t.Errorf("listed are %q", got)
			}
		})
	}
}

// What a cancelled call still does is waited for before the workspace closes.
func TestDrain(t *testing.T) {
	w := newWorld()
	began, release := make(chan struct{}), make(chan struct{})
	w.tools.calls["count_segment"] = func(context.Context, tools.Caller, json.RawMessage) (*tools.Result, error) {
		close(began)
		<-release
		return nil, fmt.Errorf("late")
	}
	s := serve(t, w.config())
	c := join(t, s, nil)
	ctx, cancel := context.WithCancel(t.Context())
	go c.CallTool(ctx, &mcp.CallToolParams{Name: "count_segment"})
	<-began
	cancel()
	short, stop := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer stop()
	if err := s.Drain(short); err == nil {
		t.Error("it does not wait for what still runs")
	}
	close(release)
	if err := s.Drain(t.Context()); err != nil {
		t.Error(err)
	}
}

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"tesela/agent"
	"tesela/agent/model"
	"tesela/cmd/internal/mcpserver"
	"tesela/store/demo"
	"tesela/store/sqlite"
	"tesela/tools"
)

// served is the server over a small demo shop in this process, over HTTP, with
// a clock on its tools.
type served struct {
	url   string
	calls *mcpserver.Calls
	box   *timedTools
	close func()
}

// timedTools notes how long the tools take themselves, by their arguments.
type timedTools struct {
	tools.Runner
	lock sync.Mutex
	took map[string]time.Duration
}

func (r *timedTools) Call(ctx context.Context, who tools.Caller, name string, args json.RawMessage) (*tools.Result, error) {
	begun := time.Now()
	result, err := r.Runner.Call(ctx, who, name, args)
	r.lock.Lock()
	defer r.lock.Unlock()
	r.took[string(args)] = time.Since(begun)
	return result, err
}

// own is how long the tool itself took over a call.
func (r *timedTools) own(args string) time.Duration {
	r.lock.Lock()
	defer r.lock.Unlock()
	took := r.took[args]
	delete(r.took, args)
	return took
}

func serveShop(t *testing.T) *served {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	path := filepath.Join(t.TempDir(), "shop.db")
	ws, err := sqlite.Create(ctx, path)
	if err == nil {
		err = demo.Fill(ctx, ws, demo.Options{Customers: 500})
	}
	if err != nil {
		t.Fatal(err)
	}
	a := newApp(strings.NewReader(""), io.Discard, io.Discard)
	d, err := newDesk(ctx, a, ws, talk{model: "offline"})
	if err != nil {
		t.Fatal(err)
	}
	box := &timedTools{Runner: d.Tools(), took: map[string]time.Duration{}}
	server, err := mcpserver.New(mcpserver.Config{
		Tools: box, Catalogue: d.Catalogue, Log: slog.New(slog.DiscardHandler),
		Converse: func(ctx context.Context, session, language string) (*agent.Conversation, error) {
			return d.Converse(ctx, session, language, false)
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	s := &served{box: box, calls: mcpserver.Bound(server.MCP(), mcpserver.Bounds{Time: 2 * time.Minute})}
	h, err := mcpserver.Handler(server.MCP(), mcpserver.HTTPOptions{Calls: s.calls, Sessions: 150})
	if err != nil {
		t.Fatal(err)
	}
	l, err := mcpserver.ListenHTTP(ctx, "0", "")
	if err != nil {
		t.Fatal(err)
	}
	s.url = "http://" + l.Addr().String() + "/mcp"
	ended := make(chan error, 1)
	go func() { ended <- h.Serve(ctx, l) }()
	s.close = sync.OnceFunc(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		ws.Close()
	})
	t.Cleanup(s.close)
	return s
}

func (s *served) connect(t *testing.T) *mcp.ClientSession {
	session, err := mcp.NewClient(&mcp.Implementation{Name: "load", Version: "1"}, nil).
		Connect(context.Background(), &mcp.StreamableClientTransport{Endpoint: s.url, MaxRetries: 2}, nil)
	if err != nil {
		t.Error(err)
		return nil
	}
	return session
}

// count counts customers with at least n orders. The spaces make each call's
// arguments its own, and change nothing.
func count(ctx context.Context, session *mcp.ClientSession, n, own int) (size, args string, err error) {
	formula := fmt.Sprintf("count(order) >= %d", n) + strings.Repeat(" ", own%500) + strings.Repeat("\t", own/500)
	body, _ := json.Marshal(map[string]string{"formula": formula})
	r, err := session.CallTool(ctx, &mcp.CallToolParams{Name: "count_segment", Arguments: json.RawMessage(body)})
	if err != nil {
		return "", "", err
	}
	if r.IsError {
		return "", "", fmt.Errorf("%s: %s", body, saidBy(r))
	}
	values, _ := r.StructuredContent.(map[string]any)["values"].(map[string]any)
	return fmt.Sprint(values["size"]), string(body), nil
}

// TestMCPLoad has a hundred sessions at once, each of which follows up its own
// questions. Every answer is that of its own call.
func TestMCPLoad(t *testing.T) {
	const sessions, rounds = 100, 8
	s := serveShop(t)
	one := s.connect(t)
	defer one.Close()
	sizes := make([]string, sessions)
	for n := range sizes {
		size, _, err := count(t.Context(), one, n, 0)
		if err != nil {
			t.Fatal(err)
		}
		sizes[n] = size
	}
	if sizes[0] == sizes[3] {
		t.Fatalf("counts that do not differ: %v", sizes[:5])
	}
	var lock sync.Mutex
	var over, alone []time.Duration
	// First a few calls apart: what the transport itself takes.
	for i := range 50 {
		begun := time.Now()
		_, args, err := count(t.Context(), one, 3, 1+i)
		if err != nil {
			t.Fatal(err)
		}
		alone = append(alone, time.Since(begun)-s.box.own(args))
	}
	begun := time.Now()
	var all, there sync.WaitGroup
	there.Add(sessions)
	for n := range sessions {
		all.Go(func() {
			arrive := sync.OnceFunc(there.Done)
			defer arrive()
			session := s.connect(t)
			if session == nil {
				return
			}
			defer session.Close()
			// What is followed up is this session's own question.
			if err := followUp(t.Context(), session, n); err != nil {
				t.Error(err)
			}
			arrive()
			there.Wait() // all hundred are open and have asked
			for round := range rounds {
				// Nobody asks without a pause, nor all at the same moment.
				time.Sleep(time.Duration(400+(n*37+round*101)%800) * time.Millisecond)
				began := time.Now()
				size, args, err := count(t.Context(), session, n, 100+n*rounds+round)
				if err != nil {
					t.Errorf("session %d: %v", n, err)
					return
				}
				took := time.Since(began) - s.box.own(args)
				if size != sizes[n] {
					t.Errorf("session %d was told %s, not %s", n, size, sizes[n])
				}
				if err := session.Ping(t.Context(), nil); err != nil {
					t.Error(err)
				}
				lock.Lock()
				over = append(over, took)
				lock.Unlock()
			}
		})
	}
	all.Wait()
	calls := sessions * (rounds*2 + 2)
	t.Logf("%d calls of %d sessions at once in %v", calls, sessions, time.Since(begun).Round(time.Millisecond))
	t.Logf("over the tools' own time: alone p50 %v, p95 %v; %d sessions at once p50 %v, p95 %v",
		part(alone, 50), part(alone, 95), sessions, part(over, 50), part(over, 95))
	if p := part(alone, 95); p > 20*50*time.Millisecond {
		t.Errorf("a call takes %v over its tool's own time", p)
	}
	if s.calls.Running() != 0 {
		t.Errorf("%d calls still run", s.calls.Running())
	}
}

// followUp asks a session's own question and what only follows it up.
func followUp(ctx context.Context, session *mcp.ClientSession, n int) error {
	for _, question := range []string{fmt.Sprintf("how many customers ordered at least %d times", n+1), "and in Spain?"} {
		r, err := session.CallTool(ctx, &mcp.CallToolParams{Name: "ask", Arguments: map[string]any{"question": question}})
		if err != nil {
			return fmt.Errorf("%q: %w", question, err)
		}
		var a agent.Answer
		body, _ := json.Marshal(r.StructuredContent)
		if err := json.Unmarshal(body, &a); err != nil || a.Status != model.Answered || len(a.Calls) != 1 {
			return fmt.Errorf("%q: %s", question, body)
		}
		if args := string(a.Calls[0].Args); !strings.Contains(args, fmt.Sprintf("= %d", n+1)) && n > 0 {
			return fmt.Errorf("session %d: %q is taken for %s", n, question, args)
		}
	}
	return nil
}

// part is the time that so many of a hundred took at most.
func part(all []time.Duration, percent int) time.Duration {
	if len(all) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(all))
	return sorted[min(len(sorted)*percent/100, len(sorted)-1)].Round(10 * time.Microsecond)
}

// TestMCPSoak makes many calls in sessions that come and go; neither memory
// nor goroutines grow with them. TESELA_SOAK makes it the ten thousand.
func TestMCPSoak(t *testing.T) {
	turns := 600
	if os.Getenv("TESELA_SOAK") != "" {
		turns = 10_000
	}
	s := serveShop(t)
	const perSession, side = 50, 4
	run := func(calls int) {
		var all sync.WaitGroup
		for range side {
			all.Go(func() {
				for done := 0; done < calls/side; done += perSession {
					session := s.connect(t)
					if session == nil {
						return
					}
					for i := range perSession {
						if i%5 == 4 {
							if err := followUp(t.Context(), session, i%7); err != nil {
								t.Error(err)
							}
							continue
						}
						if _, args, err := count(t.Context(), session, i%7, i); err != nil {
							t.Error(err)
						} else {
							s.box.own(args)
						}
					}
					session.Close()
				}
			})
		}
		all.Wait()
	}
	measure := func() (heap uint64, goroutines int) {
		clear(s.box.took) // of the questions' own calls
		runtime.GC()
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc, runtime.NumGoroutine()
	}
	run(turns / 3) // what is made once is made
	heap, goroutines := measure()
	begun := time.Now()
	run(turns - turns/3)
	heapAfter, goroutinesAfter := measure()
	t.Logf("%d calls in %v: heap %.1f → %.1f MB, goroutines %d → %d", turns-turns/3, time.Since(begun).Round(time.Millisecond),
		float64(heap)/1e6, float64(heapAfter)/1e6, goroutines, goroutinesAfter)
	if heapAfter > heap+heap/4+8<<20 {
		t.Errorf("memory grows: %d → %d bytes", heap, heapAfter)
	}
	if goroutinesAfter > goroutines+2*side {
		t.Errorf("goroutines grow: %d → %d", goroutines, goroutinesAfter)
	}
}

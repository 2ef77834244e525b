package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tesela/agent"
	"tesela/agent/model"
	"tesela/agent/model/modeltest"
	"tesela/store"
	"tesela/store/demo"
	"tesela/store/sqlite"
	"tesela/tools"
)

// spans are stretches of time, of several things that may run at once.
type spans struct {
	lock sync.Mutex
	all  [][2]time.Time
}

// during notes how long f takes.
func (s *spans) during(f func()) {
	begun := time.Now()
	f()
	ended := time.Now()
	s.lock.Lock()
	defer s.lock.Unlock()
	s.all = append(s.all, [2]time.Time{begun, ended})
}

// take is the time in which something ran, where stretches overlap once, and
// forgets it.
func (s *spans) take() (ran time.Duration) {
	s.lock.Lock()
	defer s.lock.Unlock()
	slices.SortFunc(s.all, func(a, b [2]time.Time) int { return a[0].Compare(b[0]) })
	var end time.Time
	for _, one := range s.all {
		from := one[0]
		if from.Before(end) {
			from = end
		}
		if one[1].After(from) {
			ran += one[1].Sub(from)
			end = one[1]
		}
	}
	s.all = nil
	return ran
}

// spannedTools notes when tools run.
type spannedTools struct {
	tools.Runner
	spans *spans
}

func (r spannedTools) Call(ctx context.Context, who tools.Caller, name string, args json.RawMessage) (result *tools.Result, err error) {
	r.spans.during(func() { result, err = r.Runner.Call(ctx, who, name, args) })
	return result, err
}

// benchShop is the demo shop in a workspace; TESELA_BENCH_CUSTOMERS makes it
// of other than its 25,000 customers.
func benchShop(b testing.TB) store.Workspace {
	b.Helper()
	ws, err := sqlite.Create(b.Context(), filepath.Join(b.TempDir(), "shop.db"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { ws.Close() })
	customers := demo.DefaultCustomers
	if text := os.Getenv("TESELA_BENCH_CUSTOMERS"); text != "" {
		if _, err := fmt.Sscan(text, &customers); err != nil {
			b.Fatal(err)
		}
	}
	if err := demo.Fill(b.Context(), ws, demo.Options{Customers: customers}); err != nil {
		b.Fatal(err)
	}
	return ws
}

// benchCalls are what the scripted model calls, by what the question holds.
var benchCalls = map[string][]model.Call{
	"none": nil,
	"one":  {{ID: "call_1", Name: "count_segment", Args: json.RawMessage(`{"formula":"count(order) >= 5"}`)}},
	"three": {
		{ID: "call_1", Name: "count_segment", Args: json.RawMessage(`{"formula":"count(order) >= 5"}`)},
		{ID: "call_2", Name: "list_customers", Args: json.RawMessage(`{"formula":"count(order) >= 20","by":"sum(order.amount)","limit":20}`)},
		{ID: "call_3", Name: "measure", Args: json.RawMessage(`{"measures":["revenue","orders"],"group_by":["country"]}`)},
	},
}

// benchScript plays the model: it asks back, or calls and then says the size.
func benchScript(a modeltest.Asked) modeltest.Reply {
	used := &model.Usage{InputTokens: 900, OutputTokens: 20}
	last := a.Last()
	if last.Role == "user" {
		kind, _, _ := strings.Cut(last.Text, " ")
		if calls := benchCalls[kind]; calls != nil {
			return modeltest.Reply{Usage: used, Calls: calls}
		}
		return modeltest.Reply{Usage: used, Calls: []model.Call{{
			ID: "call_1", Name: "ask_back",
			Args: json.RawMessage(`{"word":"flurbs","choices":[{"label":"orders","question":"how many orders are there?"}],"language":"en"}`),
		}}}
	}
	for _, m := range slices.Backward(a.Messages) {
		var told struct {
			Data struct{ Values struct{ Size json.Number } }
		}
		if m.CallID != "" && json.Unmarshal([]byte(m.Text), &told) == nil && told.Data.Values.Size != "" {
			return modeltest.Reply{Usage: used, Text: "There are " + told.Data.Values.Size.String() + " flurbs."}
		}
	}
	return modeltest.Reply{Faults: []modeltest.Fault{modeltest.Garbage}}
}

// BenchmarkTurn tells what a turn costs beyond the model's endpoint and the
// tools: in the loop, in the writing and reading of requests, and in the
// workspace. The endpoint replies at once; its own time counts from the moment
// it has a request's head to the last byte of its reply.
func BenchmarkTurn(b *testing.B) {
	ws := benchShop(b)
	apart := &spans{}
	inner := modeltest.Serve(b, modeltest.OpenAI{}, benchScript).Forgetful()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		apart.during(func() { inner.ServeHTTP(w, r) })
	}))
	b.Cleanup(server.Close)
	b.Setenv(envBaseURL, server.URL+"/v1")
	b.Setenv(envKey, modeltest.Key)
	a := newApp(strings.NewReader(""), io.Discard, io.Discard)
	desk, err := newDesk(b.Context(), a, ws, talk{model: "openai:test"})
	if err != nil {
		b.Fatal(err)
	}
	box := spannedTools{tools.NewBox(ws), apart}
	asked := 0
	ask := func(c *agent.Conversation, question string) *agent.Answer {
		c.Tools = box
		var answer *agent.Answer
		asked++
		for e, err := range c.Ask(b.Context(), fmt.Sprintf("%s flurbs how many flurbs in Spain, number %d?", question, asked)) {
			if err != nil {
				b.Fatal(err)
			}
			answer = cmp.Or(e.Answer, answer)
		}
		return answer
	}
	ways := map[string]func(session string) *agent.Conversation{
		"agent": func(session string) *agent.Conversation {
			return agent.New(agent.Config{Workspace: ws, Tools: box, Model: desk.model, Session: session, Clock: time.Now, Restate: desk.restate})
		},
		"desk": func(session string) *agent.Conversation {
			c, err := desk.Converse(b.Context(), session, "", false)
			if err != nil {
				b.Fatal(err)
			}
			return c
		},
	}
	for _, way := range []string{"agent", "desk"} {
		for _, session := range []string{"", "long"} {
			for _, kind := range []string{"none", "one", "three"} {
				name := way + "/" + cmp.Or(session, "alone") + "/" + kind
				b.Run(name, func(b *testing.B) {
					held := ""
					if session != "" {
						held = fmt.Sprintf("%s %d", name, asked)
						for range 30 {
							ask(ways[way](held), "three")
						}
					}
					keep := ways["agent"](held)
					var over []time.Duration
					for range 20 {
						ask(keep, kind)
					}
					apart.take()
					b.ResetTimer()
					for b.Loop() {
						begun := time.Now()
						c := keep
						if way == "desk" {
							c = ways[way](held)
						}
						answer := ask(c, kind)
						took := time.Since(begun)
						over = append(over, took-apart.take())
						if answer == nil || (answer.Status == model.Answered) != (kind != "none") || kind != "none" && !strings.Contains(answer.Text, "flurbs") {
							b.Fatalf("%+v", answer)
						}
					}
					b.StopTimer()
					slices.Sort(over)
					b.ReportMetric(float64(over[len(over)/2].Microseconds()), "µs-over-p50")
					b.ReportMetric(float64(over[len(over)*95/100].Microseconds()), "µs-over-p95")
				})
			}
		}
	}
}

package mcpserver

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"tesela/agent"
	"tesela/agent/model"
	"tesela/tools"
)

// world is a server over tools and data that the test makes up.
type world struct {
	tools   *fakeTools
	segs    []Saved
	answers []Kept
	clock   time.Time
	mu      sync.Mutex
	talks   map[string]*agent.Conversation
	logged  strings.Builder
}

// fakeTools has the real tools' descriptions and what the test says they do.
type fakeTools struct {
	mu    sync.Mutex
	list  []model.Tool
	calls map[string]func(ctx context.Context, who tools.Caller, args json.RawMessage) (*tools.Result, error)
	saved []string // by save_segment, in order
	data  string   // changes what an approval is for
}

func (f *fakeTools) List() []model.Tool { return f.list }

func (f *fakeTools) Call(ctx context.Context, who tools.Caller, name string, args json.RawMessage) (*tools.Result, error) {
	f.mu.Lock()
	call := f.calls[name]
	f.mu.Unlock()
	if call != nil {
		return call(ctx, who, args)
	}
	return &tools.Result{Title: "Result of " + name, Values: map[string]any{"size": 12}, Fingerprint: "sha256:" + name}, nil
}

// save is save_segment: it asks first and does what was approved.
func (f *fakeTools) save(_ context.Context, who tools.Caller, args json.RawMessage) (*tools.Result, error) {
	var a struct{ Name, Formula string }
	if err := json.Unmarshal(args, &a); err != nil || a.Formula == "" {
		return nil, &tools.ArgumentError{Tool: "save_segment", Field: "formula", Message: "must be given: a text", Nearest: []string{"formula"}}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	token := "sha256:" + printOf(string(args), f.data)
	preview := &tools.Result{Title: "Would save " + a.Name, Values: map[string]any{"size": 7}, Fingerprint: "sha256:save", Approval: token}
	switch who.Approved {
	case "":
		return preview, nil
	case token:
	default:
		return nil, &tools.ApprovalError{Tool: "save_segment", Now: preview}
	}
	f.saved = append(f.saved, a.Name)
	return &tools.Result{Title: "Saved " + a.Name, Values: map[string]any{"size": 7}, Fingerprint: "sha256:save"}, nil
}

func (f *fakeTools) savedNames() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]string{}, f.saved...)
}

// scripted is a model that hears a few questions.
type scripted struct{}

func (scripted) Name() string { return "scripted" }

func (scripted) Generate(_ context.Context, r model.Request) iter.Seq2[model.Delta, error] {
	last := r.Messages[len(r.Messages)-1]
	question := ""
	for _, m := range r.Messages {
		if m.Role == model.User {
			question = m.Text
		}
	}
	return func(yield func(model.Delta, error) bool) {
		call := func(name, args string) {
			yield(model.Delta{Call: &model.Call{Name: name, Args: json.RawMessage(args)}, Decision: &model.Decision{Status: model.Answered, Language: "en", Understood: "All customers."}}, nil)
		}
		switch {
		case last.Role == model.ToolRole:
			yield(model.Delta{Decision: &model.Decision{Status: model.Answered, Language: "en", Understood: "All customers."}}, nil)
		case strings.Contains(question, "save"):
			call("save_segment", `{"name":"Spaniards","formula":"country = \"Spain\""}`)
		case strings.Contains(question, "which"):
			yield(model.Delta{Decision: &model.Decision{Status: model.Clarify, Language: "en", Reason: model.Ambiguous, Choices: []model.Choice{
				{Label: "by money", Question: "top customers by revenue"}, {Label: "by orders", Question: "top customers by orders"},
			}}}, nil)
		case strings.Contains(question, "weather"):
			yield(model.Delta{Decision: &model.Decision{Status: model.Cannot, Language: "en", Reason: model.OutOfScope}}, nil)
		default:
			call("count_segment", `{"formula":"everyone"}`)
		}
	}
}

type values []string

func (v values) Len() int        { return len(v) }
func (v values) At(i int) string { return v[i] }

func newWorld() *world {
	w := &world{
		tools: &fakeTools{list: tools.NewBox(nil).List(), calls: map[string]func(context.Context, tools.Caller, json.RawMessage) (*tools.Result, error){}},
		segs: []Saved{
			{Name: "Lapsed VIPs", Formula: "top 5% by sum(order.amount) and days_since(order) > 90", Text: "the best, gone for 90 days"},
			{Name: "a/b?c#d é", Formula: "country = \"Spain\"", Text: "Spain"},
		},
		clock: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC),
		talks: map[string]*agent.Conversation{},
	}
	w.tools.calls["save_segment"] = w.tools.save
	return w
}

func (w *world) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.clock
}

func (w *world) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.clock = w.clock.Add(d)
}

func (w *world) saved() []Saved {
	w.mu.Lock()
	defer w.mu.Unlock()
	list := append([]Saved{}, w.segs...)
	for _, name := range w.tools.savedNames() {
		list = append(list, Saved{Name: name, Formula: "everyone", Text: "saved"})
	}
	return list
}

// Write takes the log.
func (w *world) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.logged.Write(p)
}

func (w *world) log() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.logged.String()
}

// config is the world as a server sees it.
func (w *world) config() Config {
	catalogue := &model.Catalogue{
		Customers: 4000, From: time.Date(2010, 12, 1, 0, 0, 0, 0, time.UTC), To: time.Date(2011, 12, 9, 0, 0, 0, 0, time.UTC), Currency: "GBP", Zone: "UTC",
		Events: []model.Event{{Name: "order", Rows: 25000, Tied: true, Props: []model.Field{{Name: "amount", Kind: "money", Low: "0.00", High: "99.00"}}}},
		Traits: []model.Field{{Name: "country", Kind: "text", Values: values{"Germany", "Spain"}}, {Name: "email", Kind: "text"}},
		Roles:  map[string]string{"order": "order"}, Words: map[string]string{"VIP": "top 5% by sum(order.amount)"}, Segments: []string{"Lapsed VIPs"},
	}
	return Config{
		Tools: w.tools,
		Converse: func(_ context.Context, session, language string) (*agent.Conversation, error) {
			w.mu.Lock()
			defer w.mu.Unlock()
			c := w.talks[session]
			if c == nil {
				c = agent.New(agent.Config{Tools: w.tools, Session: session, Catalogue: catalogue, Person: true})
				w.talks[session] = c
			}
			c.Model, c.Language, c.Clock = scripted{}, language, w.now
			return c, nil
		},
		Catalogue: func(context.Context) (*model.Catalogue, error) { return catalogue, nil },
		Segments:  func(context.Context) ([]Saved, error) { return w.saved(), nil },
		Answers: func(_ context.Context, most int) ([]Kept, error) {
			return w.answers[:min(most, len(w.answers))], nil
		},
		Answer: func(_ context.Context, id string) (json.RawMessage, error) {
			for _, k := range w.answers {
				if k.ID == id {
					return json.RawMessage(fmt.Sprintf(`{"id":%q}`, id)), nil
				}
			}
			return nil, fmt.Errorf("there is no answer %s", id)
		},
		Report: func(_ context.Context, name, language string) ([]byte, error) {
			return []byte("<!doctype html><title>" + name + " " + language + "</title>"), nil
		},
		Version: "1.2.3", Clock: w.now, Log: slog.New(slog.NewTextHandler(w, nil)),
	}
}

// serve makes the server.
func serve(t *testing.T, c Config) *Server {
	t.Helper()
	s, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// join joins a client to a server in this process.
func join(t *testing.T, s *Server, o *mcp.ClientOptions, versions ...string) *mcp.ClientSession {
	t.Helper()
	here, there := mcp.NewInMemoryTransports()
	ctx, stop := context.WithCancel(context.Background())
	if _, err := s.MCP().Connect(ctx, there, nil); err != nil {
		t.Fatal(err)
	}
	var opts *mcp.ClientSessionOptions
	if len(versions) > 0 {
		opts = &mcp.ClientSessionOptions{ProtocolVersion: versions[0]}
	}
	session, err := mcp.NewClient(&mcp.Implementation{Name: "tester", Version: "9"}, o).Connect(ctx, here, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		session.Close()
		stop()
	})
	return session
}

// callTool calls a tool.
func callTool(t *testing.T, c *mcp.ClientSession, name, args string) *mcp.CallToolResult {
	t.Helper()
	r, err := c.CallTool(t.Context(), &mcp.CallToolParams{Name: name, Arguments: json.RawMessage(args)})
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return r
}

// textOf is what a result says to readers.
func textOf(r *mcp.CallToolResult) string {
	var b strings.Builder
	for _, c := range r.Content {
		if t, ok := c.(*mcp.TextContent); ok {
			b.WriteString(t.Text)
		}
	}
	return b.String()
}

// structured reads the structured content.
func structured[T any](t *testing.T, r *mcp.CallToolResult) T {
	t.Helper()
	var v T
	b, err := json.Marshal(r.StructuredContent)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatalf("%v in %s", err, b)
	}
	return v
}

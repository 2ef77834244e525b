package langchain

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"tesela/agent/model"
	"tesela/agent/model/wire"
)

const secret = "sk-test-5ecret-0123456789abcdef"

var vendors = []string{"anthropic", "googleai", "mistral", "bedrock"}

// asked is a request as the server got it.
type asked struct {
	Path, Query string
	Header      http.Header
	Raw         string
	Body        map[string]any
}

// server answers requests one after the other, the last answer again and
// again.
type server struct {
	*httptest.Server
	mu    sync.Mutex
	asked []asked
}

type answer func(w http.ResponseWriter, r *http.Request)

// document is an answer of one document.
func document(status int, body string) answer {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func serve(t *testing.T, answers ...answer) *server {
	t.Helper()
	s := &server{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		raw, _ := io.ReadAll(r.Body)
		a := asked{Path: r.URL.Path, Query: r.URL.RawQuery, Header: r.Header.Clone(), Raw: string(raw)}
		_ = json.Unmarshal(raw, &a.Body)
		s.mu.Lock()
		n := len(s.asked)
		s.asked = append(s.asked, a)
		s.mu.Unlock()
		answers[min(n, len(answers)-1)](w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *server) all() []asked {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked[:len(s.asked):len(s.asked)]
}

func (s *server) last(t *testing.T) asked {
	t.Helper()
	all := s.all()
	if len(all) == 0 {
		t.Fatal("nothing was asked")
	}
	return all[len(all)-1]
}

// names are models that can be told of tools.
var names = map[string]string{
	"anthropic": "claude-sonnet-4-5", "googleai": "gemini-2.0-flash", "mistral": "mistral-large-latest",
	"bedrock": "eu.anthropic.claude-3-5-sonnet-20240620-v1:0",
}

// config is one for quick tests.
func config(vendor, url string) Config {
	return Config{
		Provider: vendor, Model: names[vendor], Key: secret, BaseURL: url, Region: "eu-west-1", AccessKey: "AKIATESTTESTTEST", SecretKey: secret,
		Limits: wire.Limits{Timeout: 5 * time.Second, Idle: time.Second, Attempts: 3, Backoff: 2 * time.Millisecond, RetryAfter: 50 * time.Millisecond},
	}
}

func made4(t *testing.T, c Config) *Model {
	t.Helper()
	m, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.Close)
	return m
}

// got is a whole reply.
type got struct {
	text     string
	calls    []model.Call
	decision *model.Decision
	usage    []model.Usage
	err      error
}

func ask(t *testing.T, m *Model, r model.Request) got {
	t.Helper()
	var g got
	for d, err := range m.Generate(t.Context(), r) {
		if err != nil {
			g.err = err
			break
		}
		g.text += d.Text
		if d.Call != nil {
			g.calls = append(g.calls, *d.Call)
		}
		if d.Decision != nil {
			g.decision = d.Decision
		}
		if d.Usage != nil {
			g.usage = append(g.usage, *d.Usage)
		}
	}
	return g
}

// replies are the vendors' replies of a text, then calls whose arguments stand
// there as given.
func replies(vendor, text string, calls ...model.Call) string {
	encode := func(v any) string {
		b, err := json.Marshal(v)
		if err != nil {
			panic(err)
		}
		return string(b)
	}
	type object = map[string]any
	switch vendor {
	case "anthropic", "bedrock":
		content := []any{}
		if text != "" {
			content = append(content, object{"type": "text", "text": text})
		}
		reason := "end_turn"
		for _, c := range calls {
			reason = "tool_use"
			content = append(content, object{"type": "tool_use", "id": c.ID, "name": c.Name, "input": c.Args})
		}
		return encode(object{"type": "message", "role": "assistant", "content": content, "stop_reason": reason, "usage": object{"input_tokens": 11, "output_tokens": 7}})
	case "googleai":
		parts := []any{}
		if text != "" {
			parts = append(parts, object{"text": text})
		}
		for _, c := range calls {
			part := object{"functionCall": object{"name": c.Name, "args": c.Args}}
			if c.ID != "" {
				part["thoughtSignature"] = c.ID
			}
			parts = append(parts, part)
		}
		return encode(object{
			"candidates":    []any{object{"content": object{"role": "model", "parts": parts}, "finishReason": "STOP", "index": 0}},
			"usageMetadata": object{"promptTokenCount": 11, "candidatesTokenCount": 7, "totalTokenCount": 18},
		})
	}
	message := object{"role": "assistant", "content": text}
	var list []any
	for _, c := range calls {
		list = append(list, object{"id": c.ID, "function": object{"name": c.Name, "arguments": string(c.Args)}})
	}
	if list != nil {
		message["tool_calls"] = list
	}
	return encode(object{
		"object": "chat.completion", "choices": []any{object{"index": 0, "message": message, "finish_reason": "stop"}},
		"usage": object{"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18},
	})
}

// question is a request with a schema of all that schemas here have.
func question(messages ...model.Message) model.Request {
	schema := json.RawMessage(`{"type":"object","properties":{"formula":{"type":"string","description":"what"},"by":{"type":"string","enum":["day","week"]},"limit":{"type":"integer"}},"required":["formula"],"additionalProperties":false}`)
	return model.Request{
		Messages: messages,
		Tools: []model.Tool{
			{Name: "count_segment", Description: "Counts.", Schema: schema},
			{Name: "describe_data", Description: "Describes.", Schema: json.RawMessage(`{"type":"object","additionalProperties":false}`)},
		},
	}
}

func user(text string) model.Message { return model.Message{Role: model.User, Text: text} }

// faultOf is the fault that an error is.
func faultOf(t *testing.T, err error) *model.Fault {
	t.Helper()
	var f *model.Fault
	if !errors.As(err, &f) {
		t.Fatalf("no fault: %v", err)
	}
	if text := f.Error(); strings.Contains(text, secret) || strings.ContainsAny(text, "\r\n") || len(text) > 500 {
		t.Errorf("the fault reads %q", text)
	}
	return f
}

func each(t *testing.T, f func(t *testing.T, vendor string)) {
	t.Helper()
	for _, v := range vendors {
		t.Run(v, func(t *testing.T) { f(t, v) })
	}
}

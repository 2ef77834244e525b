package openai_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"tesela/agent/model"
	"tesela/agent/model/modeltest"
	"tesela/agent/model/openai"
	"tesela/agent/model/provider"
)

var all = provider.Capabilities{Tools: true, Streaming: true, Parallel: true, Strict: true, System: true}

// sent is what a request held, as far as it depends on what a model can do.
type sent struct {
	Stream      bool             `json:"stream"`
	Temperature *float64         `json:"temperature"`
	Parallel    *bool            `json:"parallel_tool_calls"`
	Effort      string           `json:"reasoning_effort"`
	MaxTokens   *int             `json:"max_tokens"`
	Messages    []map[string]any `json:"messages"`
	Tools       []struct {
		Function struct {
			Name       string          `json:"name"`
			Strict     bool            `json:"strict"`
			Parameters json.RawMessage `json:"parameters"`
		} `json:"function"`
	} `json:"tools"`
}

func (s sent) text(i int) string { return fmt.Sprint(s.Messages[i]["content"]) }

// endpoint answers hello to all that refuse does not refuse, and keeps what was
// sent. Asked for whichever address, the models reach it.
type endpoint struct {
	*httptest.Server
	mu   sync.Mutex
	sent []sent
}

func listen(t *testing.T, refuse func(sent) string) *endpoint {
	t.Helper()
	e := &endpoint{}
	e.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		var s sent
		if err := json.NewDecoder(req.Body).Decode(&s); err != nil {
			t.Error(err)
		}
		e.mu.Lock()
		e.sent = append(e.sent, s)
		e.mu.Unlock()
		if refuse != nil {
			if why := refuse(s); why != "" {
				w.WriteHeader(http.StatusBadRequest)
				_, _ = fmt.Fprint(w, why)
				return
			}
		}
		_, _ = fmt.Fprint(w, `{"choices":[{"index":0,"message":{"role":"assistant","content":"Hello."},"finish_reason":"stop"}]}`)
	}))
	t.Cleanup(e.Close)
	return e
}

// RoundTrip carries a request to the endpoint wherever it was to go.
func (e *endpoint) RoundTrip(req *http.Request) (*http.Response, error) {
	there, err := url.Parse(e.URL)
	if err != nil {
		return nil, err
	}
	req = req.Clone(req.Context())
	req.URL.Scheme, req.URL.Host = there.Scheme, there.Host
	return http.DefaultTransport.RoundTrip(req)
}

func (e *endpoint) ask(t *testing.T, c openai.Config, times int) []sent {
	t.Helper()
	c.Proxied, c.Backoff = e, time.Millisecond
	m, err := openai.New(c)
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	for range times {
		if g := modeltest.Ask(t.Context(), m, modeltest.Question("how many?")); g.Err != nil || g.Text != "Hello." {
			t.Fatal(g)
		}
	}
	return e.sent
}

// What is sent follows what is known of the model at its address.
func TestSentByCapabilities(t *testing.T) {
	for _, c := range []struct {
		name, model, base                                          string
		can                                                        *provider.Capabilities
		strict, stream, parallel, temperature, system, oneCallTold bool
	}{
		{name: "OpenAI's", model: "gpt-4o-mini", strict: true, stream: true, parallel: true, temperature: true, system: true},
		{name: "OpenAI's in Europe", model: "gpt-4o-mini", base: "https://eu.api.openai.com/v1", strict: true, stream: true, parallel: true, temperature: true, system: true},
		{name: "one that thinks", model: "o3-mini", strict: true, stream: true, system: true, oneCallTold: true},
		{name: "a later one", model: "gpt-5-mini", strict: true, stream: true, parallel: true, system: true},
		{name: "elsewhere", model: "llama3.1:8b", base: "http://localhost:11434/v1", stream: true, temperature: true, system: true},
		{name: "a name like OpenAI's", model: "gpt-4o", base: "https://api.openai.com.example/v1", stream: true, temperature: true, system: true},
		{name: "no stream, no system", model: "x", base: "http://localhost:1/v1", can: &provider.Capabilities{Tools: true, Strict: true}, strict: true, temperature: true, oneCallTold: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := listen(t, nil).ask(t, openai.Config{Model: c.model, BaseURL: c.base, Capabilities: c.can}, 1)[0]
			if s.Stream != c.stream || (s.Parallel != nil && *s.Parallel) != c.parallel || (s.Temperature != nil) != c.temperature || s.MaxTokens != nil || s.Effort != "" {
				t.Errorf("%+v", s)
			}
			if s.Messages[0]["role"] == "system" != c.system || len(s.Messages) != map[bool]int{true: 2, false: 1}[c.system] {
				t.Errorf("messages %v", s.Messages)
			}
			last := s.text(len(s.Messages) - 1)
			if !strings.HasSuffix(last, "how many?") || strings.Contains(last, "You read questions") == c.system {
				t.Errorf("the last message is %q", last)
			}
			if strings.Contains(s.text(0), "one tool call at a time") != c.oneCallTold {
				t.Errorf("of calls at a time it is told %q", s.text(0))
			}
			for _, tool := range s.Tools {
				closed := strings.Contains(string(tool.Function.Parameters), `"limit":{"type":["integer","null"]}`)
				if tool.Function.Strict != c.strict || closed != (c.strict && tool.Function.Name != "ask_back" && tool.Function.Name != "decline") {
					t.Errorf("%s: strict %v, %s", tool.Function.Name, tool.Function.Strict, tool.Function.Parameters)
				}
			}
		})
	}
}

// What an endpoint complains of is given up, once for the model.
func TestRefusedIsGivenUp(t *testing.T) {
	strict := func(s sent) bool { return len(s.Tools) > 0 && s.Tools[0].Function.Strict }
	for _, c := range []struct {
		name   string
		base   string
		has    func(sent) bool
		refuse string
	}{
		{"strict", "", strict, `{"error":{"message":"Unknown parameter: 'tools[0].function.strict'.","param":"tools[0].function.strict"}}`},
		{"schema", "", strict, `{"error":{"message":"Invalid schema for function 'count_segment': In context=('properties', 'limit'), 'minimum' is not permitted.","type":"invalid_request_error","param":"tools[0].function.parameters","code":"invalid_function_parameters"}}`},
		{"in Python's words", "", strict, `{"detail":[{"type":"extra_forbidden","loc":["body","tools",0,"function","strict"],"msg":"Extra inputs are not permitted"}]}`},
		{"parallel", "", func(s sent) bool { return s.Parallel != nil }, `{"error":{"message":"Unsupported parameter: 'parallel_tool_calls' is not supported with this model.","param":"parallel_tool_calls"}}`},
		{"system", "http://localhost:1/v1", func(s sent) bool { return s.Messages[0]["role"] == "system" }, `{"error":{"message":"Unsupported value: 'messages[0].role' does not support 'system' with this model.","param":"messages[0].role"}}`},
		{"system of a template", "http://localhost:1/v1", func(s sent) bool { return s.Messages[0]["role"] == "system" }, `{"object":"error","message":"System role not supported","type":"BadRequestError"}`},
		{"thinking with tools", "", func(s sent) bool { return s.Effort != "none" }, `{"error":{"message":"Function tools with reasoning_effort are not supported for this model in /v1/chat/completions.","param":"reasoning_effort"}}`},
		{"stream", "", func(s sent) bool { return s.Stream }, `{"error":{"message":"Your organization must be verified to stream this model.","param":"stream","code":"unsupported_value"}}`},
		{"stream, elsewhere", "http://localhost:1/v1", func(s sent) bool { return s.Stream }, `{"error":{"message":"Unsupported value: 'stream' does not support true with this model.","param":"stream"}}`},
		{"all at once", "", func(s sent) bool { return strict(s) || s.Parallel != nil || s.Temperature != nil }, `{"error":{"message":"these are unknown: temperature, strict, parallel_tool_calls"}}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := listen(t, func(s sent) string {
				if c.has(s) {
					return c.refuse
				}
				return ""
			})
			list := e.ask(t, openai.Config{Model: "m", BaseURL: c.base}, 3)
			want := 4
			if c.name == "all at once" {
				want = 6
			}
			if len(list) != want || c.has(list[len(list)-1]) {
				t.Errorf("%d requests, the last %+v", len(list), list[len(list)-1])
			}
		})
	}
	// Many at once each try again, whoever found it out first.
	picky := listen(t, func(s sent) string {
		if s.Temperature != nil {
			return `{"error":{"message":"temperature?"}}`
		}
		return ""
	})
	many, err := openai.New(openai.Config{Model: "m", Proxied: picky})
	if err != nil {
		t.Fatal(err)
	}
	var wait sync.WaitGroup
	for range 16 {
		wait.Add(1)
		go func() {
			defer wait.Done()
			if g := modeltest.Ask(t.Context(), many, modeltest.Question("how many?")); g.Err != nil {
				t.Error(g.Err)
			}
		}()
	}
	wait.Wait()
	// What is not in use is not given up for it: the complaint stands.
	e := listen(t, func(sent) string {
		return `{"error":{"message":"the schema is wrong, says strict parallel_tool_calls"}}`
	})
	m, err := openai.New(openai.Config{Model: "llama", BaseURL: "http://localhost:1/v1", Proxied: e})
	if err != nil {
		t.Fatal(err)
	}
	g := modeltest.Ask(t.Context(), m, modeltest.Question("how many?"))
	var fault *model.Fault
	if !errors.As(g.Err, &fault) || fault.Cause != model.Broken || len(e.sent) != 1 {
		t.Errorf("%d requests, %v", len(e.sent), g.Err)
	}
}

func TestCapabilities(t *testing.T) {
	m, err := openai.New(openai.Config{Model: "gpt-4o", Whole: true})
	if err != nil {
		t.Fatal(err)
	}
	want := all
	want.Streaming = false
	if got := m.Capabilities(); got != want {
		t.Errorf("%+v", got)
	}
	for _, name := range []string{"o1-mini", "gpt-5-chat-latest", "gpt-4-0314"} {
		_, err := openai.New(openai.Config{Model: name})
		var fault *model.Fault
		if !errors.As(err, &fault) || fault.Cause != model.Denied || !strings.Contains(err.Error(), "openai:"+name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

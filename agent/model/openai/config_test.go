package openai_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"tesela/agent/model"
	"tesela/agent/model/modeltest"
	"tesela/agent/model/openai"
)

func TestLaws(t *testing.T) {
	reply := modeltest.Reply{Text: "Counting.", Calls: []model.Call{{ID: "call_1", Name: "count_segment", Args: []byte(`{"formula":"everyone"}`)}}}
	server := modeltest.Serve(t, modeltest.OpenAI{}, func(a modeltest.Asked) modeltest.Reply {
		if a.Last().Role == "tool" {
			return modeltest.Reply{Text: "There are 3."}
		}
		return reply
	})
	modeltest.Laws(t, quick(t, server.URL, false), modeltest.Question("how many?"))
}

// What is sent: the key where keys belong, options that make replies alike, a
// base URL without a path taken for its first version.
func TestRequest(t *testing.T) {
	server := modeltest.Serve(t, modeltest.OpenAI{}, modeltest.Sequence(modeltest.Reply{Text: "Hello."}))
	r := modeltest.Question("quantos clientes\xff?")
	r.Messages = []model.Message{
		{Role: model.User, Text: "how many?"},
		{Role: model.Assistant, Calls: []model.Call{{ID: "turn-1-1", Name: "count_segment", Args: []byte(`{"formula":"everyone"}`)}}},
		{Role: model.ToolRole, CallID: "turn-1-1", Result: []byte(`{"values":{"size":10},"rows":[["ana@shop.example","x"]]}`)},
		{Role: model.User, Text: "and VIPs?"},
		{Role: model.Assistant, Reply: &model.Decision{Status: model.Clarify, Unknown: []string{"VIPs"}, Choices: []model.Choice{{Question: "how many Champions?"}}}},
		r.Messages[0],
		{Role: model.System, Text: "check it"},
	}
	if g := modeltest.Ask(t.Context(), quick(t, server.URL, false), r); g.Err != nil || g.Text != "Hello." {
		t.Fatal(g)
	}
	a := server.Asked()[0]
	if a.Header.Get("Authorization") != "Bearer "+modeltest.Key || a.Model != "test" || !a.Stream {
		t.Errorf("%+v", a)
	}
	for _, option := range []string{"temperature", "seed", "stream_options", "tools"} {
		if !a.Options[option] {
			t.Errorf("no %s", option)
		}
	}
	var roles []string
	for _, m := range a.Messages {
		roles = append(roles, m.Role)
	}
	if got := strings.Join(roles, " "); got != "system user assistant tool user assistant user user" {
		t.Errorf("roles %s", got)
	}
	if m := a.Messages; m[3].CallID != "turn-1-1" || m[3].Text != `{"data":{"values":{"size":10},"rows":[["[address]","x"]]}}` || m[2].Calls[0].ID != "turn-1-1" ||
		!strings.Contains(m[5].Text, "VIPs") || !strings.Contains(m[5].Text, "1. how many Champions?") || m[6].Text != "quantos clientes\ufffd?" {
		t.Errorf("%+v", m[2:])
	}
	if got := strings.Join(a.Tools, " "); got != "count_segment list_customers ask_back decline" {
		t.Errorf("tools %s", got)
	}
}

// An address without a path is tried with /v1, where most endpoints are, and
// then as it is; that is remembered.
func TestAddressWithoutPath(t *testing.T) {
	var paths []string
	strict := func(at string) *httptest.Server {
		h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
			paths = append(paths, req.URL.Path)
			if req.URL.Path != at {
				http.NotFound(w, req)
				return
			}
			// A document, though it calls it a stream.
			w.Header().Set("Content-Type", "text/event-stream")
			_, _ = w.Write([]byte(`{"choices":[{"index":0,"message":{"role":"assistant","content":"Hello."},"finish_reason":"stop"}]}`))
		}))
		t.Cleanup(h.Close)
		return h
	}
	for at, want := range map[string]string{
		"/v1/chat/completions": "/v1/chat/completions /v1/chat/completions",
		"/chat/completions":    "/v1/chat/completions /chat/completions /chat/completions",
		"/elsewhere":           "/v1/chat/completions /chat/completions",
	} {
		paths = nil
		m := quick(t, strict(at).URL, false)
		for range 2 {
			g := modeltest.Ask(t.Context(), m, modeltest.Question("hello"))
			if at == "/elsewhere" {
				var fault *model.Fault
				if !errors.As(g.Err, &fault) || fault.Cause != model.Denied {
					t.Errorf("%s: %s", at, g)
				}
				break
			}
			if g.Err != nil || g.Text != "Hello." {
				t.Errorf("%s: %s", at, g)
			}
		}
		if got := strings.Join(paths, " "); got != want {
			t.Errorf("%s: asked %s", at, got)
		}
	}
}

// An address that goes all the way to what is asked is taken for what it is.
func TestWholeAddress(t *testing.T) {
	paths := make(chan string, 1)
	h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		paths <- req.URL.Path
		http.Error(w, "no", http.StatusBadRequest)
	}))
	defer h.Close()
	m := quick(t, h.URL+"/api/v1/chat/completions/", true)
	if err := m.Probe(t.Context()); err == nil {
		t.Error("a refusal is none")
	}
	if path := <-paths; path != "/api/v1/chat/completions" {
		t.Error(path)
	}
}

// Without a key none is sent.
func TestWithoutKey(t *testing.T) {
	server := modeltest.Serve(t, modeltest.OpenAI{}, modeltest.Sequence(modeltest.Reply{Text: "Hello."}))
	m, err := openai.New(openai.Config{Model: "llama", BaseURL: server.URL + "/api/v1/"})
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	if err := m.Probe(t.Context()); err != nil {
		t.Fatal(err)
	}
	if a := server.Asked()[0]; a.Header["Authorization"] != nil || a.Tools != nil {
		t.Errorf("%v, tools %v", a.Header, a.Tools)
	}
}

func TestBadAddress(t *testing.T) {
	for _, address := range []string{"localhost:11434", "ftp://x", "http://", "://", "http://user:hunter22@", "http://x/v1?key=hunter22"} {
		_, err := openai.New(openai.Config{Model: "m", BaseURL: address})
		if err == nil || strings.Contains(err.Error(), "hunter22") {
			t.Errorf("%q: %v", address, err)
		}
	}
	if _, err := openai.New(openai.Config{}); err == nil {
		t.Error("a model without a name")
	}
	// What is in the address as a password is in no message either.
	m, err := openai.New(openai.Config{Model: "m", BaseURL: "http://user:hunter22@127.0.0.1:1", Timeout: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Probe(t.Context()); err == nil || strings.Contains(err.Error(), "hunter22") || strings.Contains(m.String(), "hunter22") {
		t.Errorf("%s: %v", m, err)
	}
}

// What an endpoint or the client library does not take is left out, and
// remembered.
func TestOptionsRemembered(t *testing.T) {
	server := modeltest.Serve(t, modeltest.OpenAI{}, modeltest.Sequence(modeltest.Reply{Text: "Hello.", Faults: []modeltest.Fault{modeltest.PickyOptions}}))
	m := quick(t, server.URL, false)
	for range 2 {
		if g := modeltest.Ask(t.Context(), m, modeltest.Question("hello")); g.Err != nil {
			t.Fatal(g.Err)
		}
	}
	if n := server.Count(); n != 5 { // three are refused once each
		t.Errorf("%d requests", n)
	}
	server = modeltest.Serve(t, modeltest.OpenAI{}, modeltest.Sequence(modeltest.Reply{Text: "Hello."}))
	m, err := openai.New(openai.Config{Model: "o3-mini", BaseURL: server.URL})
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	if g := modeltest.Ask(t.Context(), m, modeltest.Question("hello")); g.Err != nil || server.Asked()[0].Options["temperature"] {
		t.Error(g)
	}
}

// The time limit is for the whole reply, however lively the endpoint is.
func TestTimeout(t *testing.T) {
	server := modeltest.Serve(t, modeltest.OpenAI{}, modeltest.Sequence(modeltest.Reply{Text: strings.Repeat("slowly ", 2000), Faults: []modeltest.Fault{modeltest.Slow}}))
	m, err := openai.New(openai.Config{Model: "test", BaseURL: server.URL, Timeout: 200 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	started := time.Now()
	g := modeltest.Ask(t.Context(), m, modeltest.Question("hello"))
	var fault *model.Fault
	if !errors.As(g.Err, &fault) || fault.Cause != model.Slow || time.Since(started) > 400*time.Millisecond {
		t.Errorf("after %s: %v", time.Since(started), g.Err)
	}
	if errors.Is(g.Err, context.Canceled) || !strings.Contains(g.Err.Error(), "200ms") {
		t.Errorf("%v", g.Err)
	}
}

package telemetry

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	common "go.opentelemetry.io/proto/otlp/common/v1"
	wire "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"tesela/agent/model"
	"tesela/agent/trace"
)

// receiver is a collector that keeps what it is sent.
type receiver struct {
	URL string

	mu       sync.Mutex
	spans    []*wire.Span
	resource map[string]string
	paths    []string
}

func receive(t *testing.T) *receiver {
	r := &receiver{resource: map[string]string{}}
	h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		var body io.Reader = req.Body
		if req.Header.Get("Content-Encoding") == "gzip" {
			var err error
			if body, err = gzip.NewReader(body); err != nil {
				t.Error(err)
				return
			}
		}
		data, err := io.ReadAll(body)
		var sent collector.ExportTraceServiceRequest
		if err == nil {
			err = proto.Unmarshal(data, &sent)
		}
		if err != nil || req.Header.Get("Content-Type") != "application/x-protobuf" {
			t.Errorf("%s: %v", req.Header.Get("Content-Type"), err)
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		r.paths = append(r.paths, req.URL.Path)
		for _, of := range sent.ResourceSpans {
			for k, v := range attributes(of.Resource.Attributes) {
				r.resource[k] = v
			}
			for _, scope := range of.ScopeSpans {
				r.spans = append(r.spans, scope.Spans...)
			}
		}
		w.Header().Set("Content-Type", "application/x-protobuf")
	}))
	t.Cleanup(h.Close)
	r.URL = h.URL
	return r
}

func attributes(list []*common.KeyValue) map[string]string {
	all := map[string]string{}
	for _, kv := range list {
		switch v := kv.Value.Value.(type) {
		case *common.AnyValue_StringValue:
			all[kv.Key] = v.StringValue
		case *common.AnyValue_IntValue:
			all[kv.Key] = fmt.Sprint(v.IntValue)
		case *common.AnyValue_DoubleValue:
			all[kv.Key] = fmt.Sprint(v.DoubleValue)
		case *common.AnyValue_BoolValue:
			all[kv.Key] = fmt.Sprint(v.BoolValue)
		}
	}
	return all
}

// drawn is the tree of spans, one line each: name, milliseconds since the
// turn's start and what they are checked for.
func (r *receiver) drawn(show ...string) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var b strings.Builder
	var draw func(parent string, depth int)
	var begin uint64
	draw = func(parent string, depth int) {
		for {
			// The earliest not drawn yet.
			var next *wire.Span
			for _, s := range r.spans {
				if s != nil && string(s.ParentSpanId) == parent && (next == nil || s.StartTimeUnixNano < next.StartTimeUnixNano) {
					next = s
				}
			}
			if next == nil {
				return
			}
			for i, s := range r.spans {
				if s == next {
					r.spans[i] = nil
				}
			}
			if depth == 0 {
				begin = next.StartTimeUnixNano
			}
			fmt.Fprintf(&b, "%s%s %d–%d", strings.Repeat("  ", depth), next.Name, (next.StartTimeUnixNano-begin)/1e6, (next.EndTimeUnixNano-begin)/1e6)
			has := attributes(next.Attributes)
			for _, name := range show {
				if v, ok := has[name]; ok {
					fmt.Fprintf(&b, " %s=%s", name[strings.LastIndex(name, ".")+1:], v)
				}
			}
			if next.Status.GetCode() == wire.Status_STATUS_CODE_ERROR {
				fmt.Fprintf(&b, " !%s", next.Status.Message)
			}
			b.WriteByte('\n')
			draw(string(next.SpanId), depth+1)
		}
	}
	draw("", 0)
	return b.String()
}

// turn is a trace with all there may be in one.
func turn() *trace.Trace {
	call := func(name string) model.Delta {
		return model.Delta{Call: &model.Call{Name: name, Args: json.RawMessage(`{}`)}}
	}
	return &trace.Trace{
		Version: trace.Version, ID: "abc", Session: "s", Asked: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC), Status: "answered", Model: "auto", By: "openai:gpt-x", Language: "en",
		ReadyMS: 2, EndMS: 900, Usage: trace.Usage{InputTokens: 300, OutputTokens: 30, Cost: 0.5},
		Rounds: []trace.Round{
			{
				Span: trace.Span{StartMS: 2, EndMS: 500}, Kind: "ask", Sent: 1,
				Deltas:   []model.Delta{{Decision: &model.Decision{By: "openai:gpt-x", Outside: true}}, call("count_segment"), call("measure")},
				Attempts: []trace.Attempt{{Span: trace.Span{StartMS: 3, EndMS: 100}, Status: 429, Error: "too many"}, {Span: trace.Span{StartMS: 200, EndMS: 500}, Status: 200}},
				Usage:    trace.Usage{InputTokens: 100, OutputTokens: 10},
				Calls: []trace.Call{
					{Span: trace.Span{StartMS: 500, EndMS: 520}, Tool: "count_segment", Outcome: trace.Gave, Rows: 7},
					{Span: trace.Span{StartMS: 501, EndMS: 600}, Tool: "measure", Outcome: trace.Invalid, Error: "no such field"},
				},
			},
			{Span: trace.Span{StartMS: 601, EndMS: 890}, Kind: "ask", Sent: 4, Usage: trace.Usage{InputTokens: 200, OutputTokens: 20}},
		},
	}
}

// environment is the process's environment for one test.
func environment(t *testing.T, pairs ...string) func(string) string {
	set := map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		set[pairs[i]] = pairs[i+1]
		t.Setenv(pairs[i], pairs[i+1])
	}
	return func(name string) string { return set[name] }
}

func TestSpans(t *testing.T) {
	r := receive(t)
	getenv := environment(t, EnvEndpoint, r.URL, "OTEL_SERVICE_NAME", "shop")
	e, err := New(t.Context(), getenv, "v7")
	if err != nil {
		t.Fatal(err)
	}
	e.Send(turn())
	if err := e.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(r.paths) == 0 || r.paths[0] != "/v1/traces" || r.resource["service.name"] != "shop" || r.resource["service.version"] != "v7" {
		t.Errorf("%q, %v", r.paths, r.resource)
	}
	want := `invoke_agent tesela 0–900 id=s input_tokens=300 output_tokens=30 cost=0.5 status=answered
  round 2–600
    chat openai:gpt-x 3–100 model=gpt-x status_code=429 !too many
    chat openai:gpt-x 200–500 model=gpt-x input_tokens=100 output_tokens=10 status_code=200
    execute_tool count_segment 500–520 name=count_segment rows=7
    execute_tool measure 501–600 name=measure rows=0 !no such field
  round 601–890
    chat openai:gpt-x 601–890 model=gpt-x input_tokens=200 output_tokens=20
`
	got := r.drawn("gen_ai.conversation.id", "gen_ai.request.model", "gen_ai.tool.name", "gen_ai.usage.input_tokens", "gen_ai.usage.output_tokens", "tesela.usage.cost",
		"tesela.status", "http.response.status_code", "tesela.tool.rows")
	// The turn names the model that was asked to take it, not one of a request.
	if got = strings.Replace(got, " model=auto", "", 1); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

func TestFaultsOfTurns(t *testing.T) {
	r := receive(t)
	e, err := New(t.Context(), environment(t, EnvTracesEndpoint, r.URL+"/here"), "")
	if err != nil {
		t.Fatal(err)
	}
	begun := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	e.Send(&trace.Trace{Asked: begun, Status: trace.Cancelled, Model: "offline", EndMS: 5})
	e.Send(&trace.Trace{Asked: begun.Add(time.Hour), Status: "error", Model: "openai:x", EndMS: 7, Ended: &trace.Ended{By: "time", Error: "the time limit is over"}, Rounds: []trace.Round{
		{Span: trace.Span{EndMS: 6}, Error: "broke off", Faults: map[int]trace.Failure{0: {Model: "openai:x"}}},
	}})
	e.Send(&trace.Trace{Status: "answered"}) // without a clock
	if err := e.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := `invoke_agent tesela 0–5 type=cancelled !cancelled
invoke_agent tesela 0–7 type=time !time: the time limit is over
  round 0–6 !broke off
    chat openai:x 0–6 type=model !broke off
`
	if got := r.drawn("error.type"); got != want || r.paths[0] != "/here" || r.resource["service.name"] != "tesela" {
		t.Errorf("got\n%swant\n%s%q %v", got, want, r.paths, r.resource)
	}
}

// A collector that is not there or does not reply holds nobody up, and the end
// waits no longer than it is told to.
func TestCollectorThatFails(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	for name, at := range map[string]string{"dead": "http://127.0.0.1:1", "silent": "http://" + silent.Addr().String()} {
		t.Run(name, func(t *testing.T) {
			e, err := New(t.Context(), environment(t, EnvEndpoint, at), "")
			if err != nil {
				t.Fatal(err)
			}
			start := time.Now()
			for range 500 { // of more spans than are kept waiting
				e.Send(turn())
			}
			if took := time.Since(start); took > 5*time.Second {
				t.Errorf("sending took %v", took)
			}
			ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
			defer cancel()
			start = time.Now()
			if err := e.Close(ctx); err == nil || !strings.Contains(err.Error(), at[len("http://"):]) {
				t.Errorf("the end says %v", err)
			}
			if took := time.Since(start); took > time.Second {
				t.Errorf("the end took %v", took)
			}
		})
	}
}

func TestConfigured(t *testing.T) {
	for want, pairs := range map[string][]string{
		"":         {},
		"a":        {EnvEndpoint, "a"},
		"b":        {EnvEndpoint, "a", EnvTracesEndpoint, "b"},
		"disabled": {EnvEndpoint, "a", envDisabled, "TRUE"},
		"none":     {EnvEndpoint, "a", envExporter, "none"},
	} {
		set := map[string]string{}
		for i := 0; i < len(pairs); i += 2 {
			set[pairs[i]] = pairs[i+1]
		}
		got, ok := Configured(func(name string) string { return set[name] })
		if on := len(want) == 1; ok != on || on && got != want {
			t.Errorf("%v: %q, %v", pairs, got, ok)
		}
	}
	for _, wrong := range []string{"localhost:4318", "ftp://x", "http://", "::"} {
		if _, err := New(t.Context(), func(name string) string { return map[string]string{EnvEndpoint: wrong}[name] }, ""); err == nil || !strings.Contains(err.Error(), EnvEndpoint) {
			t.Errorf("%s: %v", wrong, err)
		}
	}
	var none *Exporter
	none.Send(turn())
	if err := none.Close(t.Context()); err != nil {
		t.Error(err)
	}
}

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tesela/agent/model"
	"tesela/agent/model/modeltest"
	"tesela/agent/trace"
	"tesela/cmd/internal/telemetry"
	"tesela/store"
)

// spanBytes is a collector that keeps every byte it is sent.
func spanBytes(t *testing.T) func() []byte {
	var mu sync.Mutex
	var all []byte
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, req *http.Request) {
		body, err := io.ReadAll(req.Body)
		if err != nil {
			t.Error(err)
		}
		mu.Lock()
		defer mu.Unlock()
		all = append(all, body...)
	}))
	t.Cleanup(server.Close)
	t.Setenv(telemetry.EnvEndpoint, server.URL)
	return func() []byte {
		mu.Lock()
		defer mu.Unlock()
		return bytes.Clone(all)
	}
}

// gossip is a scripted model that calls with whatever it was asked about, and
// then says it again.
func gossip(a modeltest.Asked) modeltest.Reply {
	question := ""
	for _, m := range a.Messages {
		if m.Role == "user" && !strings.HasPrefix(m.Text, "[") {
			question = m.Text
		}
	}
	if last := a.Last(); last.Role == "tool" || len(a.Tools) == 0 {
		return modeltest.Reply{Text: "I looked for this: " + question, Usage: &model.Usage{InputTokens: 10, OutputTokens: 5}}
	}
	args, _ := json.Marshal(map[string]any{"formula": fmt.Sprintf("name = %q or count(order) >= 2", question)})
	other, _ := json.Marshal(map[string]any{"text": question})
	return modeltest.Reply{Calls: []model.Call{
		{ID: "call_1", Name: "count_segment", Args: args},
		{ID: "call_2", Name: "find_values", Args: other},
		{ID: "call_3", Name: "list_customers", Args: json.RawMessage(`{"formula":"everyone","limit":20}`)},
	}}
}

// Whatever people ask about single customers, and whatever they are shown of
// them, nothing of it is in any trace or span; nor is a key.
func TestNothingPersonalInTraces(t *testing.T) {
	ws, personal := demoPeople(t)
	sent := spanBytes(t)
	const secret = "sk-verysecret0123456789"
	server := modeltest.Serve(t, modeltest.OpenAI{}, gossip)
	t.Setenv(envBaseURL, server.URL)
	t.Setenv(envKey, modeltest.Key)
	t.Setenv(envModel, "test")
	ctx := t.Context()
	traced, ok := newApp(nil, io.Discard, io.Discard).traced(ctx, ws).(*tracedWorkspace)
	if !ok {
		t.Fatal("nothing is traced")
	}
	// Somebody's name, address and telephone, as the demo has them in a row.
	name, mail, phone := personal[0], personal[1], personal[2]
	if !strings.Contains(mail, "@") || !strings.Contains(name, " ") {
		t.Fatalf("%q, %q, %q", name, mail, phone)
	}
	questions := []string{
		"how many customers ordered at least twice?",
		"list the emails of 5 customers", "list the names and phones of 20 customers",
		"how many orders did " + name + " place?", "¿cuántos pedidos hizo " + strings.ToUpper(name) + "?", "quem é " + strings.ToLower(name) + "?",
		"who has the address " + mail + "?", "whose phone is " + phone + "?", "why is c000001 in the segment of those who ordered twice?",
		`customers whose name is "` + name + `"`, "flurb " + name + " and " + personal[3] + " with " + personal[10], "my key is " + secret + " and the other " + modeltest.Key,
	}
	for _, named := range []string{"offline", "openai:test", "auto"} {
		for _, session := range []string{"talk-" + named, ""} {
			c, err := converse(ctx, traced, talk{model: named, session: session, clock: time.Now})
			if err != nil {
				t.Fatal(err)
			}
			for _, q := range questions {
				answerTo(ctx, t, c, q)
			}
		}
	}
	traced.tracing.close()
	heads, err := ws.FindTraces(ctx, store.TraceQuery{})
	if err != nil || len(heads) < 60 {
		t.Fatalf("%d traces, %v", len(heads), err)
	}
	var all []byte
	replayable := 0
	for _, h := range heads {
		kept, err := ws.Trace(ctx, h.ID)
		if err != nil {
			t.Fatal(err)
		}
		head, _ := json.Marshal(kept.TraceHead)
		all = append(append(append(all, head...), kept.Body...), '\n')
		var tr trace.Trace
		if err := json.Unmarshal(kept.Body, &tr); err != nil {
			t.Fatal(err)
		}
		if tr.Withheld != "" {
			t.Errorf("texts are withheld: %s", tr.Withheld)
		}
		if _, err := tr.Recording(); err == nil {
			replayable++
		} else if !errors.Is(err, trace.ErrNotReplayable) {
			t.Error(err)
		}
	}
	spans := sent()
	if len(spans) < 20_000 {
		t.Errorf("only %d bytes of spans", len(spans))
	}
	for _, p := range append(slices.Clone(personal), strings.ToUpper(name), strings.ToLower(name), secret, modeltest.Key, "c000001") {
		for _, where := range [][]byte{all, spans} {
			if bytes.Contains(where, []byte(p)) || bytes.Contains(where, escapedIn(p)) {
				t.Fatalf("%q is kept: %s", p, aroundIn(where, p))
			}
		}
	}
	// What tells of nobody is there.
	for _, want := range []string{"how many customers ordered at least twice?", "▒▒▒", "count(order) \\u003e= 2", "I looked for this"} {
		if !bytes.Contains(all, []byte(want)) && !bytes.Contains(all, []byte(strings.ReplaceAll(want, "\\u003e", ">"))) {
			t.Errorf("%q is not kept", want)
		}
	}
	if replayable < 6 {
		t.Errorf("only %d turns can be run anew", replayable)
	}
}

// escapedIn is a text as JSON within JSON has it.
func escapedIn(s string) []byte {
	inner, _ := json.Marshal(s)
	outer, _ := json.Marshal(string(inner[1 : len(inner)-1]))
	return outer[1 : len(outer)-1]
}

func aroundIn(kept []byte, p string) string {
	i := bytes.Index(kept, []byte(p))
	if i < 0 {
		return ""
	}
	return fmt.Sprintf("…%s…", kept[max(0, i-200):min(len(kept), i+200)])
}

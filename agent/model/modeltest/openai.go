package modeltest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"tesela/agent/model"
)

// OpenAI is the format of OpenAI's chat completions, streaming and not.
type OpenAI struct{}

var _ Format = OpenAI{}

// Serves tells whether a path is that of chat completions.
func (OpenAI) Serves(path string) bool { return strings.HasSuffix(path, "/chat/completions") }

// Read takes a request apart.
func (OpenAI) Read(body []byte) (Asked, error) {
	var r struct {
		Model    string
		Stream   bool
		Messages []struct {
			Role       string
			Content    string
			ToolCallID string `json:"tool_call_id"`
			ToolCalls  []struct {
				ID       string
				Function struct{ Name, Arguments string }
			} `json:"tool_calls"`
		}
		Tools []struct{ Function struct{ Name string } }
	}
	var options map[string]json.RawMessage
	if err := json.Unmarshal(body, &r); err != nil {
		return Asked{}, err
	}
	if err := json.Unmarshal(body, &options); err != nil {
		return Asked{}, err
	}
	a := Asked{Model: r.Model, Stream: r.Stream, Options: map[string]bool{}}
	for name := range options {
		a.Options[name] = true
	}
	for _, m := range r.Messages {
		s := Said{Role: m.Role, Text: m.Content, CallID: m.ToolCallID}
		for _, c := range m.ToolCalls {
			s.Calls = append(s.Calls, model.Call{ID: c.ID, Name: c.Function.Name, Args: json.RawMessage(c.Function.Arguments)})
		}
		a.Messages = append(a.Messages, s)
	}
	for _, t := range r.Tools {
		a.Tools = append(a.Tools, t.Function.Name)
	}
	return a, nil
}

// Write sends a reply.
func (OpenAI) Write(ctx context.Context, w http.ResponseWriter, a Asked, r Reply) {
	if r.Has(PickyOptions) {
		for _, name := range []string{"temperature", "seed", "stream_options"} {
			if a.Options[name] {
				w.WriteHeader(http.StatusBadRequest)
				fmt.Fprintf(w, `{"error":{"message":"Unsupported value: '%[1]s' does not support that with this model.","type":"invalid_request_error","param":"%[1]s","code":"unsupported_value"}}`, name)
				return
			}
		}
	}
	if r.Has(FilteredAsked) {
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprint(w, `{"error":{"message":"The response was filtered","type":null,"param":"prompt","code":"content_filter","status":400}}`)
		return
	}
	if !a.Stream || r.Has(NotStreamed) {
		document(ctx, w, r, encode(map[string]any{
			"id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": a.Model, "usage": usageOf(r),
			"choices": []any{map[string]any{"index": 0, "finish_reason": finishOf(r), "message": openAIWhole(r)}},
		}, r))
		return
	}
	s := &sse{ctx: ctx, w: w, r: r}
	s.send(openAIChunks(a.Model, r))
}

// document sends a reply in one piece.
func document(ctx context.Context, w http.ResponseWriter, r Reply, body []byte) {
	w.Header().Set("Content-Type", "application/json")
	s := &sse{ctx: ctx, w: w, r: r}
	switch {
	case r.Has(ErrorInStream):
		s.write(`{"error":{"message":"The server had an error","type":"server_error","code":null}}`)
	case r.Has(Broken), r.Has(Aborted), r.Has(Hangs):
		s.write(string(body[:len(body)/2]))
		if r.Has(Aborted) {
			abort(w)
		}
		if r.Has(Hangs) {
			<-ctx.Done()
		}
	case r.Has(Huge):
		s.write(`{"choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"`)
		for more := strings.Repeat("more and ", 50_000); s.write(more); {
		}
	default:
		s.write(string(body))
	}
}

// finishOf is the reply's finish reason.
func finishOf(r Reply) any {
	switch {
	case r.Has(NoFinish):
		return nil
	case r.Has(Cut):
		return "length"
	case r.Has(Filtered):
		return "content_filter"
	case len(r.Calls) > 0:
		return "tool_calls"
	}
	return "stop"
}

func usageOf(r Reply) any {
	if r.Usage == nil {
		return nil
	}
	return map[string]any{
		"prompt_tokens": r.Usage.InputTokens, "completion_tokens": r.Usage.OutputTokens,
		"total_tokens": r.Usage.InputTokens + r.Usage.OutputTokens,
	}
}

// argumentsOf is a call's arguments as the wire has them.
func argumentsOf(r Reply, c model.Call) any {
	args := string(c.Args)
	if r.Has(Nulls) {
		args = strings.TrimSuffix(args, "}") + `,"limit":null}`
	}
	switch {
	case r.Has(DoubleEncoded):
		b, _ := json.Marshal(args)
		return string(b)
	case r.Has(Fenced):
		return "```json\n" + args + "\n```"
	case r.Has(AsObject):
		return json.RawMessage(args)
	}
	return args
}

func openAIWhole(r Reply) map[string]any {
	m := map[string]any{"role": "assistant", "content": textOf(r)}
	if r.Refusal != "" {
		m["refusal"] = r.Refusal
	}
	var list []any
	for i, c := range r.Calls {
		list = append(list, map[string]any{"id": idOf(r, c, i), "type": "function", "function": map[string]any{"name": c.Name, "arguments": argumentsOf(r, c)}})
	}
	if list != nil {
		m["tool_calls"] = list
	}
	return m
}

func idOf(r Reply, c model.Call, i int) any {
	switch {
	case r.Has(NoID):
		return nil
	case c.ID == "":
		return fmt.Sprintf("call_%d", i+1)
	}
	return c.ID
}

func textOf(r Reply) string {
	if r.Has(Thoughts) {
		return "\n<think>They ask for 42 of them; </th or so.</think>\n" + r.Text
	}
	return r.Text
}

// openAIChunks is a reply as the chunks of a stream.
func openAIChunks(name string, r Reply) [][]byte {
	var out [][]byte
	size := 24
	if r.Has(Split) {
		size = 3
	}
	if r.Has(Merged) {
		size = 1 << 30
	}
	chunk := func(delta map[string]any, finish any) []byte {
		return encode(map[string]any{
			"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": name, "usage": nil,
			"choices": []any{map[string]any{"index": 0, "delta": delta, "finish_reason": finish}},
		}, r)
	}
	bare := func(usage any) []byte {
		return encode(map[string]any{"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": name, "choices": []any{}, "usage": usage}, r)
	}
	out = append(out, chunk(map[string]any{"role": "assistant", "content": nil}, nil))
	for _, p := range pieces(textOf(r), size) {
		out = append(out, chunk(map[string]any{"content": p}, nil))
	}
	for _, p := range pieces(r.Refusal, size) {
		out = append(out, chunk(map[string]any{"refusal": p}, nil))
	}
	var all []any
	for i, c := range r.Calls {
		for _, one := range callPieces(r, c, i, size) {
			if all = append(all, one); !r.Has(Merged) {
				out, all = append(out, chunk(map[string]any{"tool_calls": all}, nil)), nil
			}
		}
	}
	if all != nil {
		out = append(out, chunk(map[string]any{"tool_calls": all}, nil))
	}
	out = append(out, chunk(map[string]any{}, finishOf(r)))
	if r.Has(NoChoices) {
		spread := [][]byte{bare(nil)}
		for _, c := range out {
			spread = append(spread, c, bare(nil))
		}
		out = spread
	}
	if r.Usage != nil {
		out = append(out, bare(usageOf(r)))
	}
	return out
}

// callPieces is one tool call as deltas.
func callPieces(r Reply, c model.Call, i, size int) []any {
	args := argumentsOf(r, c)
	parts := []any{args}
	if s, ok := args.(string); ok {
		parts = nil
		for _, p := range pieces(s, size) {
			parts = append(parts, p)
		}
		if r.Has(ArgsTwice) {
			parts = append(parts, s)
		}
	}
	if !r.Has(Merged) {
		parts = append([]any{""}, parts...)
	}
	var out []any
	for n, part := range parts {
		function := map[string]any{"arguments": part}
		one := map[string]any{"index": i, "function": function}
		switch {
		case n == 0:
			function["name"], one["id"], one["type"] = c.Name, idOf(r, c, i), "function"
		case r.Has(RepeatedName):
			function["name"], one["id"] = c.Name, idOf(r, c, i)
		case r.Has(NullName):
			function["name"], one["id"] = nil, nil
		}
		if r.Has(NoIndex) {
			delete(one, "index")
		}
		if r.Has(SameIndex) {
			one["index"] = 0
		}
		out = append(out, one)
	}
	return out
}

// encode writes JSON, with bytes that are no UTF-8 where the fault says so.
func encode(v any, r Reply) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // maps of strings, numbers and the like
	}
	if r.Has(NotUTF8) {
		b = bytes.ReplaceAll(b, []byte("Ã"), []byte{0xc3})
	}
	return b
}

// sse sends chunks as server-sent events.
type sse struct {
	ctx context.Context
	w   http.ResponseWriter
	r   Reply
}

func (s *sse) send(chunks [][]byte) {
	s.w.Header().Set("Content-Type", "text/event-stream")
	for i, c := range chunks {
		half := i >= 1 && i >= len(chunks)/2
		switch {
		case half && s.r.Has(Broken):
			return
		case half && s.r.Has(Aborted):
			abort(s.w)
			return
		case half && s.r.Has(Hangs):
			<-s.ctx.Done()
			return
		case half && s.r.Has(ErrorInStream):
			s.write(`data: {"error":{"message":"The server had an error while streaming","type":"server_error","code":null}}` + "\n\n")
			s.write("data: [DONE]\n\n")
			return
		}
		if s.r.Has(Comments) {
			s.write(": keep-alive\n\n")
		}
		if !s.write("data: " + string(c) + "\n\n") {
			return
		}
	}
	if s.r.Has(Huge) {
		more, _ := json.Marshal(map[string]any{"choices": []any{map[string]any{"index": 0, "delta": map[string]any{"content": strings.Repeat("more and ", 50_000)}}}})
		for line := "data: " + string(more) + "\n\n"; s.write(line); {
		}
		return
	}
	if !s.r.Has(NoDone) {
		s.write("data: [DONE]\n\n")
	}
}

// write sends text at once, or a few bytes at a time, and tells whether the
// client is still there.
func (s *sse) write(text string) bool {
	flusher, _ := s.w.(http.Flusher)
	for text != "" {
		n := len(text)
		if s.r.Has(Slow) {
			n = min(n, 40)
			if !pause(s.ctx, 5*time.Millisecond) {
				return false
			}
		}
		if _, err := s.w.Write([]byte(text[:n])); err != nil {
			return false
		}
		if flusher != nil {
			flusher.Flush()
		}
		text = text[n:]
	}
	return s.ctx.Err() == nil
}

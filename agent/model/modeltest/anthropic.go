package modeltest

import (
	"context"
	"fmt"
	"net/http"
	"strings"
)

// Anthropic is the format of Anthropic's messages, streaming and not.
type Anthropic struct{}

var _ Format = Anthropic{}

// Serves tells whether a path is that of messages.
func (Anthropic) Serves(path string) bool { return strings.HasSuffix(path, "/v1/messages") }

// Can tells whether replies can have a fault.
func (Anthropic) Can(f Fault) bool {
	return can(f, Quota, Split, Merged, DoubleEncoded, OtherBlocks, Overloaded, Empty, Comments)
}

// Failure is a fault as Anthropic words it.
func (Anthropic) Failure(f Fault) *Answer {
	switch f {
	case TooMany:
		return anthropicSays(http.StatusTooManyRequests, "rate_limit_error", "This request would exceed your organization's rate limit of 50 requests per minute.")
	case Quota:
		return anthropicSays(http.StatusBadRequest, "invalid_request_error", "Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or purchase credits.")
	case Down:
		return anthropicSays(http.StatusInternalServerError, "api_error", "Internal server error")
	case Overload:
		return &Answer{Status: http.StatusServiceUnavailable, Body: "upstream connect error", Header: map[string]string{"Content-Type": "text/plain"}}
	case Overloaded:
		return anthropicSays(529, "overloaded_error", "Overloaded")
	case WrongKey:
		return anthropicSays(http.StatusUnauthorized, "authentication_error", "invalid x-api-key "+Key)
	case NotYours:
		return anthropicSays(http.StatusForbidden, "permission_error", "Your API key does not have permission to use the specified resource")
	case NoModel:
		return anthropicSays(http.StatusNotFound, "not_found_error", "model: test")
	case FilteredAsked:
		return anthropicSays(http.StatusBadRequest, "invalid_request_error", "Output blocked by content filtering policy")
	case Invalid:
		return anthropicSays(http.StatusBadRequest, "invalid_request_error", "prompt is too long: 210000 tokens > 200000 maximum")
	}
	return nil
}

func anthropicSays(status int, kind, message string) *Answer {
	return &Answer{Status: status, Why: message, Body: jsonOf(map[string]any{
		"type": "error", "error": map[string]any{"type": kind, "message": message}, "request_id": "req_1",
	})}
}

// Write sends a reply.
func (Anthropic) Write(ctx context.Context, w http.ResponseWriter, a Asked, r Reply) {
	s := &sender{ctx: ctx, w: w, r: r, fault: anthropicSays(0, "overloaded_error", "Overloaded").Body}
	if !a.Stream {
		s.begin = `{"id":"msg_1","type":"message","role":"assistant","stop_reason":"end_turn","content":[{"type":"text","text":"`
		s.document(encode(anthropicWhole(a, r), r))
		return
	}
	event := func(kind, data string) string { return "event: " + kind + "\ndata: " + data + "\n\n" }
	s.fault = event("error", s.fault)
	s.more = func() string {
		return event("content_block_delta", `{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"`+endless+`"}}`)
	}
	var out []string
	for _, one := range anthropicEvents(a, r) {
		out = append(out, event(fmt.Sprint(one["type"]), string(encode(one, r))))
	}
	s.events(out)
}

// anthropicWhole is a message.
func anthropicWhole(a Asked, r Reply) map[string]any {
	m := map[string]any{
		"id": fmt.Sprintf("msg_%d", a.N), "type": "message", "role": "assistant", "model": a.Model, "content": anthropicBlocks(a, r),
		"stop_reason": anthropicStop(r), "stop_sequence": nil,
	}
	if r.Usage != nil {
		m["usage"] = map[string]any{
			"input_tokens": r.Usage.InputTokens, "output_tokens": r.Usage.OutputTokens, "cache_creation_input_tokens": 0, "cache_read_input_tokens": 0,
			"service_tier": "standard",
		}
	}
	return m
}

func anthropicStop(r Reply) string {
	switch {
	case r.Has(Cut):
		return "max_tokens"
	case r.Has(Filtered), r.Refusal != "":
		return "refusal"
	case len(r.Calls) > 0:
		return "tool_use"
	}
	return "end_turn"
}

// anthropicBlocks is what a message says, block by block.
func anthropicBlocks(a Asked, r Reply) []any {
	blocks := []any{}
	if r.Has(Empty) {
		return blocks
	}
	if r.Has(Thoughts) {
		blocks = append(blocks,
			map[string]any{"type": "thinking", "thinking": thoughts, "signature": "EqQBCkgIBxABGAIiQL"},
			map[string]any{"type": "redacted_thinking", "data": "EmwKAhgBEgy3va3pzix/LafPsn4a"})
	}
	if r.Has(OtherBlocks) {
		blocks = append(blocks, map[string]any{"type": "server_tool_use", "id": "srvtoolu_1", "name": "web_search", "input": map[string]any{"query": "42"}},
			map[string]any{"type": "web_search_tool_result", "tool_use_id": "srvtoolu_1", "content": []any{map[string]any{"type": "web_search_result", "title": "42"}}})
	}
	if text := r.Text + r.Refusal; text != "" {
		blocks = append(blocks, map[string]any{"type": "text", "text": text, "citations": nil})
	}
	for i, c := range r.Calls {
		// Ids are never used twice there.
		var input any = raw(argsOf(r, c))
		if r.Has(DoubleEncoded) {
			input = argsOf(r, c)
		}
		blocks = append(blocks, map[string]any{"type": "tool_use", "id": fmt.Sprintf("toolu_%d_%d", a.N, i+1), "name": c.Name, "input": input})
	}
	return blocks
}

// anthropicEvents is a message as the events of a stream.
func anthropicEvents(a Asked, r Reply) []map[string]any {
	whole := anthropicWhole(a, r)
	blocks, _ := whole["content"].([]any)
	usage, _ := whole["usage"].(map[string]any)
	if usage == nil {
		usage = map[string]any{"input_tokens": 0, "output_tokens": 0}
	}
	whole["content"], whole["stop_reason"], whole["usage"] = []any{}, nil, map[string]any{"input_tokens": usage["input_tokens"], "output_tokens": 1}
	out := []map[string]any{{"type": "message_start", "message": whole}}
	for i, one := range blocks {
		block, _ := one.(map[string]any)
		start, deltas := map[string]any{"type": block["type"]}, []any{}
		add := func(kind, field, text string) {
			for _, p := range pieces(text, r.size()) {
				deltas = append(deltas, map[string]any{"type": kind, field: p})
			}
		}
		switch block["type"] {
		case "text":
			start["text"] = ""
			add("text_delta", "text", fmt.Sprint(block["text"]))
		case "thinking":
			start["thinking"] = ""
			add("thinking_delta", "thinking", fmt.Sprint(block["thinking"]))
			deltas = append(deltas, map[string]any{"type": "signature_delta", "signature": block["signature"]})
		case "tool_use":
			start["id"], start["name"], start["input"] = block["id"], block["name"], map[string]any{}
			deltas = append(deltas, map[string]any{"type": "input_json_delta", "partial_json": ""})
			add("input_json_delta", "partial_json", jsonOf(block["input"]))
		default:
			start = block
		}
		out = append(out, map[string]any{"type": "content_block_start", "index": i, "content_block": start}, map[string]any{"type": "ping"})
		for _, d := range deltas {
			out = append(out, map[string]any{"type": "content_block_delta", "index": i, "delta": d})
		}
		out = append(out, map[string]any{"type": "content_block_stop", "index": i})
	}
	return append(out,
		map[string]any{"type": "message_delta", "delta": map[string]any{"stop_reason": anthropicStop(r), "stop_sequence": nil}, "usage": map[string]any{"output_tokens": usage["output_tokens"]}},
		map[string]any{"type": "message_stop"})
}

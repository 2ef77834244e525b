package modeltest

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"tesela/agent/model"
)

// chat writes replies as OpenAI's chat completions have them, and those who
// took that format over.
type chat struct {
	r     Reply
	model string
	// mistral is set for what differs there: ids of nine letters and digits,
	// thoughts as parts of the content, what was used told with the last piece.
	mistral bool
}

func (c chat) write(ctx context.Context, w http.ResponseWriter, streamed bool) {
	s := &sender{ctx: ctx, w: w, r: c.r, fault: `{"error":{"message":"The server had an error","type":"server_error","code":null}}`}
	if !streamed {
		choices := []any{map[string]any{"index": 0, "finish_reason": c.finish(), "message": c.whole()}}
		if c.r.Has(Empty) {
			choices = []any{}
		}
		s.begin = `{"choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"`
		s.document(encode(map[string]any{
			"id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": c.model, "usage": c.usage(), "choices": choices,
		}, c.r))
		return
	}
	var out []string
	for _, one := range c.chunks() {
		out = append(out, "data: "+string(one)+"\n\n")
	}
	s.more = func() string {
		return "data: " + jsonOf(map[string]any{"choices": []any{map[string]any{"index": 0, "delta": map[string]any{"content": endless}}}}) + "\n\n"
	}
	s.fault = `data: {"error":{"message":"The server had an error while streaming","type":"server_error","code":null}}` + "\n\ndata: [DONE]\n\n"
	s.end = "data: [DONE]\n\n"
	if c.r.Has(NoDone) {
		s.end = ""
	}
	s.events(out)
}

// finish is the reply's finish reason.
func (c chat) finish() any {
	switch {
	case c.r.Has(NoFinish):
		return nil
	case c.r.Has(Cut):
		return "length"
	case c.r.Has(Filtered):
		return "content_filter"
	case len(c.r.Calls) > 0:
		return "tool_calls"
	}
	return "stop"
}

func (c chat) usage() any {
	if c.r.Usage == nil {
		return nil
	}
	return map[string]any{
		"prompt_tokens": c.r.Usage.InputTokens, "completion_tokens": c.r.Usage.OutputTokens,
		"total_tokens": c.r.Usage.InputTokens + c.r.Usage.OutputTokens,
	}
}

// arguments is a call's arguments as the wire has them.
func (c chat) arguments(one model.Call) any {
	args := argsOf(c.r, one)
	switch {
	case c.r.Has(DoubleEncoded):
		return jsonOf(args)
	case c.r.Has(Fenced):
		return "```json\n" + args + "\n```"
	case c.r.Has(AsObject):
		return raw(args)
	}
	return args
}

func (c chat) whole() map[string]any {
	m := map[string]any{"role": "assistant", "content": c.content()}
	if c.r.Refusal != "" {
		m["refusal"] = c.r.Refusal
	}
	var list []any
	for i, one := range c.r.Calls {
		list = append(list, map[string]any{"id": c.id(one, i), "type": "function", "function": map[string]any{"name": one.Name, "arguments": c.arguments(one)}})
	}
	if list != nil {
		m["tool_calls"] = list
	}
	return m
}

func (c chat) id(one model.Call, i int) any {
	switch {
	case c.r.Has(NoID):
		return nil
	case c.mistral:
		return nineOf(one.ID, i)
	case one.ID == "":
		return fmt.Sprintf("call_%d", i+1)
	}
	return one.ID
}

// thoughts are what models think aloud where Thoughts is asked for.
const thoughts = "They ask for 42 of them; </th or so."

// content is the text, with thoughts before it.
func (c chat) content() any {
	switch {
	case c.r.Has(Thoughts) && c.mistral:
		return []any{
			map[string]any{"type": "thinking", "thinking": []any{map[string]any{"type": "text", "text": thoughts}}},
			map[string]any{"type": "text", "text": c.r.Text},
		}
	case c.r.Has(Thoughts):
		return "\n<think>" + thoughts + "</think>\n" + c.r.Text
	}
	return c.r.Text
}

// chunks is a reply as the pieces of a stream.
func (c chat) chunks() [][]byte {
	var out [][]byte
	r, size := c.r, c.r.size()
	chunk := func(delta map[string]any, finish any) []byte {
		whole := map[string]any{
			"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": c.model, "usage": nil,
			"choices": []any{map[string]any{"index": 0, "delta": delta, "finish_reason": finish}},
		}
		if c.mistral && finish != nil {
			whole["usage"] = c.usage()
		}
		return encode(whole, r)
	}
	bare := func(usage any) []byte {
		return encode(map[string]any{"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": c.model, "choices": []any{}, "usage": usage}, r)
	}
	if r.Has(Empty) {
		return [][]byte{bare(c.usage())}
	}
	out = append(out, chunk(map[string]any{"role": "assistant", "content": nil}, nil))
	if parts, ok := c.content().([]any); ok {
		for _, p := range parts {
			out = append(out, chunk(map[string]any{"content": []any{p}}, nil))
		}
	} else {
		for _, p := range pieces(fmt.Sprint(c.content()), size) {
			out = append(out, chunk(map[string]any{"content": p}, nil))
		}
	}
	for _, p := range pieces(r.Refusal, size) {
		out = append(out, chunk(map[string]any{"refusal": p}, nil))
	}
	var all []any
	for i, one := range r.Calls {
		for _, p := range c.callPieces(one, i, size) {
			if all = append(all, p); !r.Has(Merged) {
				out, all = append(out, chunk(map[string]any{"tool_calls": all}, nil)), nil
			}
		}
	}
	if all != nil {
		out = append(out, chunk(map[string]any{"tool_calls": all}, nil))
	}
	out = append(out, chunk(map[string]any{}, c.finish()))
	if r.Has(NoChoices) {
		spread := [][]byte{bare(nil)}
		for _, one := range out {
			spread = append(spread, one, bare(nil))
		}
		out = spread
	}
	if r.Usage != nil && !c.mistral {
		out = append(out, bare(c.usage()))
	}
	return out
}

// callPieces is one tool call as deltas.
func (c chat) callPieces(one model.Call, i, size int) []any {
	args, r := c.arguments(one), c.r
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
		delta := map[string]any{"index": i, "function": function}
		switch {
		case n == 0:
			function["name"], delta["id"], delta["type"] = one.Name, c.id(one, i), "function"
		case r.Has(RepeatedName):
			function["name"], delta["id"] = one.Name, c.id(one, i)
		case r.Has(NullName):
			function["name"], delta["id"] = nil, nil
		}
		if r.Has(NoIndex) {
			delete(delta, "index")
		}
		if r.Has(SameIndex) {
			delta["index"] = 0
		}
		out = append(out, delta)
	}
	return out
}

// argsOf is a call's arguments, with those left out as null where asked for.
func argsOf(r Reply, c model.Call) string {
	if r.Has(Nulls) && strings.Contains(string(c.Args), ":") {
		return strings.TrimSuffix(string(c.Args), "}") + `,"limit":null}`
	}
	return string(c.Args)
}

// size is how many bytes a piece of a stream has.
func (r Reply) size() int {
	switch {
	case r.Has(Split):
		return 3
	case r.Has(Merged):
		return 1 << 30
	}
	return 24
}

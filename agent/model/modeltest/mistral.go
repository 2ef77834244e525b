package modeltest

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
)

// Mistral is the format of Mistral's chat completions: OpenAI's, taken more
// strictly. What it does not know in a request it refuses with 422.
type Mistral struct{}

var _ Format = Mistral{}

// What Mistral knows in a request.
var (
	mistralFields = []string{
		"model", "messages", "stream", "temperature", "top_p", "max_tokens", "stop", "random_seed", "response_format", "tools", "tool_choice",
		"presence_penalty", "frequency_penalty", "n", "prediction", "parallel_tool_calls", "prompt_mode", "safe_prompt", "metadata",
	}
	mistralMessage = map[string][]string{
		"system":    {"role", "content"},
		"user":      {"role", "content"},
		"assistant": {"role", "content", "tool_calls", "prefix"},
		"tool":      {"role", "content", "name", "tool_call_id"},
	}
)

var nine = regexp.MustCompile(`^[a-zA-Z0-9]{9}$`)

// Serves tells whether a path is that of chat completions.
func (Mistral) Serves(path string) bool { return strings.HasSuffix(path, "/v1/chat/completions") }

// Can tells whether replies can have a fault.
func (Mistral) Can(f Fault) bool {
	return f != FilteredAsked && can(f, Split, Merged, NullName, DoubleEncoded, AsObject, Fenced, Comments, NoFinish, NoDone, Empty)
}

// Failure is a fault as Mistral words it.
func (Mistral) Failure(f Fault) *Answer {
	switch f {
	case TooMany:
		return mistralSays(http.StatusTooManyRequests, "Requests rate limit exceeded", "rate_limited", "1300")
	case Down:
		return mistralSays(http.StatusInternalServerError, "Internal server error", "internal_server_error", "1000")
	case Overload:
		return &Answer{Status: http.StatusServiceUnavailable, Body: "upstream connect error", Header: map[string]string{"Content-Type": "text/plain"}}
	case WrongKey:
		return &Answer{Status: http.StatusUnauthorized, Body: `{"message":"Unauthorized: ` + Key + `","request_id":"1"}`}
	case NotYours:
		return mistralSays(http.StatusForbidden, "This model is not available in your subscription.", "model_not_available", "1501")
	case NoModel:
		return mistralSays(http.StatusBadRequest, "Invalid model: test", "invalid_model", "1500")
	case Invalid:
		return mistralSays(http.StatusBadRequest, "Prompt contains 40000 tokens, too large for model with 32768 maximum context length", "invalid_request_prompt", "3051")
	}
	return nil
}

func mistralSays(status int, message, kind, code string) *Answer {
	return &Answer{Status: status, Why: message, Body: jsonOf(map[string]any{
		"object": "error", "message": message, "type": kind, "param": nil, "code": code,
	})}
}

// Read takes a request apart.
func (Mistral) Read(req *http.Request, body []byte) (Asked, error) {
	r := objectOf(body)
	if r == nil {
		return Asked{}, mistralSays(http.StatusBadRequest, "Invalid JSON", "invalid_request_error", "3000")
	}
	if key, ok := strings.CutPrefix(req.Header.Get("Authorization"), "Bearer "); !ok || key == "" {
		return Asked{}, &Answer{Status: http.StatusUnauthorized, Why: "no key", Body: `{"message":"Unauthorized","request_id":"1"}`}
	}
	a, wrong := chatOf(r)
	if extra := mistralExtra(r); extra != nil {
		return a, &Answer{Status: http.StatusUnprocessableEntity, Why: fmt.Sprint(extra...), Body: jsonOf(map[string]any{"detail": extra})}
	}
	if a.Model == "" || !r.has("messages") {
		return a, &Answer{Status: http.StatusUnprocessableEntity, Why: "no model", Body: `{"detail":[{"type":"missing","loc":["body","model"],"msg":"Field required","input":{}}]}`}
	}
	if wrong != "" {
		return a, mistralSays(http.StatusBadRequest, wrong, "invalid_request_error", "3000")
	}
	if why, kind, code := mistralOrder(a.Messages); why != "" {
		return a, mistralSays(http.StatusBadRequest, why, kind, code)
	}
	if why := toolNames(a.Tools, 64); why != "" {
		return a, mistralSays(http.StatusBadRequest, "Function name was "+why, "invalid_request_error", "3000")
	}
	if !within(r["temperature"], 0, 1.5) || !within(r["n"], 1, 16) || !within(r["max_tokens"], 0, 1e9) {
		return a, &Answer{Status: http.StatusUnprocessableEntity, Why: "out of range", Body: `{"detail":[{"type":"less_than_equal","loc":["body","temperature"],"msg":"Input should be less than or equal to 1.5","input":2}]}`}
	}
	return a, nil
}

// mistralExtra lists what is in a request that must not be.
func mistralExtra(r object) []any {
	var all []any
	add := func(o object, known []string, loc ...any) {
		for _, name := range o.unknown(known...) {
			all = append(all, map[string]any{
				"type": "extra_forbidden", "loc": append(append([]any{"body"}, loc...), name), "msg": "Extra inputs are not permitted", "input": raw(string(o[name])),
			})
		}
	}
	add(r, mistralFields)
	list, _ := listOf(r["messages"])
	for i, one := range list {
		m := objectOf(one)
		role := m.text("role")
		known := mistralMessage[role]
		if known == nil {
			all = append(all, map[string]any{"type": "union_tag_invalid", "loc": []any{"body", "messages", i}, "msg": "Input tag '" + role + "' does not match any of the expected tags"})
			continue
		}
		add(m, known, "messages", i, role)
		calls, _ := listOf(m["tool_calls"])
		for j, c := range calls {
			add(objectOf(c), []string{"id", "type", "function", "index"}, "messages", i, role, "tool_calls", j)
			add(objectOf(objectOf(c)["function"]), []string{"name", "arguments"}, "messages", i, role, "tool_calls", j, "function")
		}
	}
	tools, _ := listOf(r["tools"])
	for i, one := range tools {
		add(objectOf(one), []string{"type", "function"}, "tools", i)
		add(objectOf(objectOf(one)["function"]), []string{"name", "description", "parameters", "strict"}, "tools", i, "function")
	}
	if raw := r["tools"]; string(raw) == "[]" {
		all = append(all, map[string]any{"type": "too_short", "loc": []any{"body", "tools"}, "msg": "List should have at least 1 item"})
	}
	return all
}

// mistralOrder tells what is wrong with the messages: their order, or the ids
// of calls.
func mistralOrder(messages []Said) (why, kind, code string) {
	const order, orderCode = "invalid_request_message_order", "3230"
	var open []string
	before := ""
	for _, m := range messages {
		if len(open) > 0 && m.Role != "tool" {
			return "Not the same number of function calls and responses", order, orderCode
		}
		switch {
		case m.Role == "system" && before != "" && before != "system",
			m.Role == "user" && before == "tool",
			m.Role == "tool" && before != "tool" && before != "assistant":
			return fmt.Sprintf("Unexpected role '%s' after role '%s'", m.Role, before), order, orderCode
		case m.Role == "tool":
			at := slices.Index(open, m.CallID)
			if m.CallID == "" || at < 0 {
				return "Unexpected tool call id " + m.CallID + " in tool results", order, orderCode
			}
			open = slices.Delete(open, at, at+1)
		case m.Role == "assistant":
			if strings.TrimSpace(m.Text) == "" && len(m.Calls) == 0 {
				return "Assistant message must have either content or tool_calls, but not none.", "invalid_request_assistant_message", "3240"
			}
			for _, c := range m.Calls {
				if !nine.MatchString(c.ID) {
					return "Tool call id was " + c.ID + " but must be a-z, A-Z, 0-9, with a length of 9.", "invalid_function_call", "3280"
				}
				if slices.Contains(open, c.ID) {
					return "Duplicate tool call id in assistant message", "invalid_function_call", "3280"
				}
				if !json.Valid(c.Args) {
					return "Function call arguments must be JSON", "invalid_function_call", "3280"
				}
				open = append(open, c.ID)
			}
		}
		before = m.Role
	}
	if len(open) > 0 {
		return "Not the same number of function calls and responses", order, orderCode
	}
	if before == "assistant" || before == "system" && len(messages) > 1 {
		return "Expected last role User or Tool (or Assistant with prefix True) for serving but got " + before, order, orderCode
	}
	return "", "", ""
}

// Write sends a reply.
func (Mistral) Write(ctx context.Context, w http.ResponseWriter, a Asked, r Reply) {
	if r.Refusal != "" { // there is no such field
		r.Faults = append(slices.Clone(r.Faults), Filtered)
	}
	r.Refusal = ""
	chat{r: r, model: a.Model, mistral: true}.write(ctx, w, a.Stream)
}

package modeltest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"tesela/agent/model"
)

// What OpenAI knows in a request; all else it refuses.
var (
	openAIFields = []string{
		"model", "messages", "stream", "stream_options", "temperature", "top_p", "n", "stop", "max_tokens", "max_completion_tokens", "presence_penalty",
		"frequency_penalty", "logit_bias", "logprobs", "top_logprobs", "user", "seed", "tools", "tool_choice", "parallel_tool_calls", "response_format",
		"reasoning_effort", "metadata", "store", "service_tier", "prediction", "modalities", "verbosity", "prompt_cache_key", "safety_identifier",
	}
	openAIMessage = []string{"role", "content", "name", "tool_calls", "tool_call_id", "refusal", "function_call", "audio"}
)

// Read takes a request apart.
func (OpenAI) Read(_ *http.Request, body []byte) (Asked, error) {
	refuse := func(param, code, format string, args ...any) *Answer {
		message := fmt.Sprintf(format, args...)
		return &Answer{Status: http.StatusBadRequest, Why: message, Body: jsonOf(map[string]any{
			"error": map[string]any{"message": message, "type": "invalid_request_error", "param": param, "code": code},
		})}
	}
	r := objectOf(body)
	if r == nil {
		return Asked{}, refuse("", "", "We could not parse the JSON body of your request.")
	}
	a, wrong := chatOf(r)
	if unknown := r.unknown(openAIFields...); unknown != nil {
		return a, refuse("", "", "Unrecognized request argument supplied: %s", unknown[0])
	}
	if wrong != "" {
		return a, refuse("messages", "", "%s", wrong)
	}
	if a.Model == "" {
		return a, refuse("model", "", "you must provide a model parameter")
	}
	list, _ := listOf(r["messages"])
	for i, one := range list {
		if unknown := objectOf(one).unknown(openAIMessage...); unknown != nil {
			return a, refuse(fmt.Sprintf("messages[%d]", i), "", "Additional properties are not allowed ('%s' was unexpected) - 'messages.%d'", unknown[0], i)
		}
	}
	if why := openAIOrder(a.Messages); why != "" {
		return a, refuse("messages", "", "%s", why)
	}
	if tools, ok := listOf(r["tools"]); r.has("tools") {
		if !ok || len(tools) == 0 {
			return a, refuse("tools", "empty_array", "Invalid 'tools': empty array. Expected an array with minimum length 1, but got an empty array instead.")
		}
		if why := toolNames(a.Tools, 64); why != "" {
			return a, refuse("tools", "invalid_value", "Invalid 'tools[0].function.name': %s", why)
		}
		for i, one := range tools {
			f := objectOf(objectOf(one)["function"])
			if why := openAISchema(f); why != "" {
				return a, refuse(fmt.Sprintf("tools[%d].function.parameters", i), "invalid_function_parameters",
					"Invalid schema for function '%s': %s", f.text("name"), why)
			}
		}
	} else if r.has("parallel_tool_calls") || r.has("tool_choice") {
		return a, refuse("tools", "", "'parallel_tool_calls' and 'tool_choice' are only allowed when 'tools' are specified.")
	}
	if !a.Stream && r.has("stream_options") {
		return a, refuse("stream_options", "", "The 'stream_options' parameter is only allowed when 'stream' is enabled.")
	}
	if !within(r["temperature"], 0, 2) {
		return a, refuse("temperature", "", "Invalid 'temperature': expected a value between 0 and 2.")
	}
	return a, nil
}

// chatOf takes a request of chat completions apart, and says what makes that
// impossible.
func chatOf(r object) (a Asked, wrong string) {
	a = Asked{Model: r.text("model"), Stream: string(r["stream"]) == "true", Options: map[string]bool{}}
	a.wire.tools = true
	for name := range r {
		a.Options[name] = true
	}
	tools, _ := listOf(r["tools"])
	for _, one := range tools {
		f := objectOf(objectOf(one)["function"])
		a.Tools = append(a.Tools, f.text("name"))
		if !isNull(f["strict"]) && string(f["strict"]) != "false" {
			a.Options["strict"] = true
		}
	}
	list, ok := listOf(r["messages"])
	if !ok || len(list) == 0 {
		return a, "Invalid 'messages': empty array. Expected an array with minimum length 1."
	}
	for i, one := range list {
		m := objectOf(one)
		s := Said{Role: m.text("role"), CallID: m.text("tool_call_id")}
		calls, _ := listOf(m["tool_calls"])
		var ok bool
		if s.Text, ok = contentOf(m["content"]); !ok && (s.Role != "assistant" || !isNull(m["content"]) || len(calls) == 0) {
			return a, fmt.Sprintf("Invalid value for 'content': expected a string, got null. - 'messages.%d.content'", i)
		}
		for _, c := range calls {
			f := objectOf(objectOf(c)["function"])
			args, ok := textOf(f["arguments"])
			if !ok || f.text("name") == "" {
				return a, fmt.Sprintf("Invalid type for 'messages[%d].tool_calls[0].function': a name and arguments as a string are expected.", i)
			}
			s.Calls = append(s.Calls, model.Call{ID: objectOf(c).text("id"), Name: f.text("name"), Args: json.RawMessage(args)})
		}
		a.Messages = append(a.Messages, s)
	}
	return a, ""
}

// contentOf is a message's text: a string, or parts of it.
func contentOf(content json.RawMessage) (string, bool) {
	if s, ok := textOf(content); ok {
		return s, true
	}
	parts, ok := listOf(content)
	if !ok || parts == nil {
		return "", false
	}
	all := ""
	for _, p := range parts {
		all += objectOf(p).text("text")
	}
	return all, true
}

// openAIOrder tells what is wrong with the order of messages: each call must
// be answered next, by its id, and nothing else may be answered.
func openAIOrder(messages []Said) string {
	var open []string
	for i, m := range messages {
		if m.Role != "tool" && len(open) > 0 {
			break
		}
		switch m.Role {
		case "tool":
			at := slices.Index(open, m.CallID)
			if at < 0 {
				return "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'."
			}
			open = slices.Delete(open, at, at+1)
		case "assistant":
			for _, c := range m.Calls {
				if c.ID == "" || len(c.ID) > 40 || slices.Contains(open, c.ID) {
					return fmt.Sprintf("Invalid 'messages[%d].tool_calls[0].id': %q is empty, longer than 40 or there twice.", i, c.ID)
				}
				open = append(open, c.ID)
			}
		case "system", "developer", "user":
		default:
			return fmt.Sprintf("Invalid value: '%s'. Supported values are: 'system', 'assistant', 'user', 'function', 'tool', and 'developer'.", m.Role)
		}
	}
	if len(open) > 0 {
		return "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. " +
			"The following tool_call_ids did not have response messages: " + strings.Join(open, ", ")
	}
	return ""
}

// openAISchema tells what is wrong with a function's schema.
func openAISchema(f object) string {
	schema := objectOf(f["parameters"])
	if isNull(f["parameters"]) {
		return ""
	}
	if schema.text("type") != "object" {
		return `schema must be a JSON Schema of 'type: "object"'`
	}
	if string(f["strict"]) == "true" {
		return strictSchema(f["parameters"], "", 0)
	}
	return ""
}

// What a strict schema may say.
var strictKeywords = []string{
	"type", "properties", "required", "additionalProperties", "items", "enum", "const", "anyOf", "$ref", "$defs", "definitions", "description", "title",
	"pattern", "format", "multipleOf", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minItems", "maxItems",
}

// strictSchema tells what keeps a schema from being a strict one.
func strictSchema(schema json.RawMessage, at string, depth int) string {
	o := objectOf(schema)
	context := fmt.Sprintf("In context=(%s), ", at)
	if o == nil {
		return context + "a schema is expected"
	}
	if depth > 10 {
		return context + "the schema is nested too deep"
	}
	if unknown := o.unknown(strictKeywords...); unknown != nil {
		return fmt.Sprintf("%s'%s' is not permitted.", context, unknown[0])
	}
	if _, ok := o["type"]; !ok && o["anyOf"] == nil && o["$ref"] == nil && o["enum"] == nil && o["const"] == nil {
		return context + "schema must have a 'type' key."
	}
	properties := objectOf(o["properties"])
	if strings.Contains(string(o["type"]), `"object"`) {
		if string(o["additionalProperties"]) != "false" {
			return context + "'additionalProperties' is required to be supplied and to be false."
		}
		var required []string
		_ = json.Unmarshal(o["required"], &required)
		for name := range properties {
			if !slices.Contains(required, name) {
				return fmt.Sprintf("%s'required' is required to be supplied and to be an array including every key in properties. Missing '%s'.", context, name)
			}
		}
		for _, name := range required {
			if properties[name] == nil {
				return fmt.Sprintf("%s'required' names '%s', which is no property.", context, name)
			}
		}
	}
	for name, one := range properties {
		if why := strictSchema(one, at+"'properties', '"+name+"'", depth+1); why != "" {
			return why
		}
	}
	if o["items"] != nil {
		return strictSchema(o["items"], at+"'items'", depth+1)
	}
	if strings.Contains(string(o["type"]), `"array"`) {
		return context + "array schema missing items."
	}
	any, _ := listOf(o["anyOf"])
	for _, one := range any {
		if why := strictSchema(one, at+"'anyOf'", depth+1); why != "" {
			return why
		}
	}
	return ""
}

package modeltest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"tesela/agent/model"
)

// What Anthropic knows in a request.
var (
	anthropicFields = []string{
		"model", "messages", "max_tokens", "system", "temperature", "top_p", "top_k", "stop_sequences", "stream", "tools", "tool_choice", "metadata",
		"thinking", "service_tier", "container", "mcp_servers", "context_management", "output_config",
	}
	anthropicKinds = []string{
		"text", "image", "document", "tool_use", "tool_result", "thinking", "redacted_thinking", "search_result", "server_tool_use", "web_search_tool_result",
	}
	anthropicID = regexp.MustCompile(`^[a-zA-Z0-9_-]+$`)
)

// Read takes a request apart.
func (Anthropic) Read(req *http.Request, body []byte) (Asked, error) {
	refuse := func(format string, args ...any) *Answer {
		return anthropicSays(http.StatusBadRequest, "invalid_request_error", fmt.Sprintf(format, args...))
	}
	r := objectOf(body)
	switch {
	case req.Header.Get("X-Api-Key") == "":
		return Asked{}, anthropicSays(http.StatusUnauthorized, "authentication_error", "x-api-key header is required")
	case req.Header.Get("Anthropic-Version") == "":
		return Asked{}, refuse("anthropic-version: header is required")
	case r == nil:
		return Asked{}, refuse("The request body is not valid JSON")
	}
	a, why := anthropicAsked(r)
	if unknown := r.unknown(anthropicFields...); unknown != nil {
		return a, refuse("%s: Extra inputs are not permitted", unknown[0])
	}
	if a.Model == "" {
		return a, refuse("model: Field required")
	}
	if why != "" {
		return a, refuse("%s", why)
	}
	return a, nil
}

// block is a piece of a message's content.
type block struct {
	kind, text, id string
	call           model.Call
}

// turn is a message, or several of the same role in a row: they count as one.
type turn struct {
	role   string
	blocks []block
}

// anthropicAsked takes a request apart and says why it would be refused.
func anthropicAsked(r object) (a Asked, why string) {
	a = Asked{Model: r.text("model"), Stream: string(r["stream"]) == "true", Options: map[string]bool{}}
	a.wire.tools = true
	for name := range r {
		a.Options[name] = true
	}
	tools, _ := listOf(r["tools"])
	for i, one := range tools {
		o := objectOf(one)
		a.Tools = append(a.Tools, o.text("name"))
		if schema := objectOf(o["input_schema"]); schema.text("type") != "object" {
			why = first(why, fmt.Sprintf("tools.%d.custom.input_schema.type: Field required", i))
		}
	}
	if system, ok := contentOf(r["system"]); ok {
		a.Messages = append(a.Messages, Said{Role: "system", Text: system})
		if _, whole := textOf(r["system"]); !whole && strings.TrimSpace(system) == "" {
			why = first(why, "system: text content blocks must be non-empty")
		}
	} else if r.has("system") {
		why = first(why, "system: Input should be a valid string")
	}
	turns, wrong := anthropicTurns(r)
	why = first(why, wrong)
	for _, t := range turns {
		said := Said{Role: t.role}
		for _, b := range t.blocks {
			switch b.kind {
			case "tool_result":
				a.Messages = append(a.Messages, Said{Role: "tool", CallID: b.id, Text: b.text})
			case "tool_use":
				said.Calls = append(said.Calls, b.call)
			default:
				said.Text += b.text
			}
		}
		if said.Text != "" || len(said.Calls) > 0 {
			a.Messages = append(a.Messages, said)
		}
	}
	why = first(why, anthropicOrder(turns, len(tools) > 0))
	if n := toolNames(a.Tools, 128); n != "" {
		why = first(why, "tools.0.custom.name: String should match pattern: "+n)
	}
	switch {
	case !r.has("max_tokens"):
		why = first(why, "max_tokens: Field required")
	case !within(r["max_tokens"], 1, 1e6):
		why = first(why, "max_tokens: Input should be greater than or equal to 1")
	case !within(r["temperature"], 0, 1):
		why = first(why, "temperature: range: 0..1")
	case r.has("temperature") && r.has("top_p"):
		why = first(why, "`temperature` and `top_p` cannot both be specified for this model. Please use only one.")
	}
	return a, why
}

func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// anthropicTurns reads the messages, those of one role in a row as one.
func anthropicTurns(r object) (turns []turn, why string) {
	list, ok := listOf(r["messages"])
	if !ok || len(list) == 0 {
		return nil, "messages: at least one message is required"
	}
	for i, one := range list {
		m := objectOf(one)
		role := m.text("role")
		switch role {
		case "user", "assistant":
		case "system":
			why = first(why, "messages: Unexpected role \"system\". The Messages API accepts a top-level `system` parameter, not \"system\" as an input message role.")
		default:
			why = first(why, fmt.Sprintf("messages.%d.role: Input should be 'user' or 'assistant'", i))
		}
		if unknown := m.unknown("role", "content"); unknown != nil {
			why = first(why, fmt.Sprintf("messages.%d.%s: Extra inputs are not permitted", i, unknown[0]))
		}
		blocks, wrong := anthropicContent(m["content"], fmt.Sprintf("messages.%d", i))
		why = first(why, wrong)
		if n := len(turns); n > 0 && turns[n-1].role == role {
			turns[n-1].blocks = append(turns[n-1].blocks, blocks...)
		} else {
			turns = append(turns, turn{role, blocks})
		}
	}
	return turns, why
}

// anthropicContent reads a message's content: a text, or blocks.
func anthropicContent(content json.RawMessage, at string) (blocks []block, why string) {
	if s, ok := textOf(content); ok {
		if s == "" {
			return nil, at + ": all messages must have non-empty content except for the optional final assistant message"
		}
		return []block{{kind: "text", text: s}}, ""
	}
	list, ok := listOf(content)
	if !ok || len(list) == 0 {
		return nil, at + ": all messages must have non-empty content except for the optional final assistant message"
	}
	for i, one := range list {
		o := objectOf(one)
		b := block{kind: o.text("type"), text: o.text("text")}
		here := fmt.Sprintf("%s.content.%d", at, i)
		switch b.kind {
		case "text":
			if b.text == "" {
				why = first(why, "messages: text content blocks must be non-empty")
			} else if strings.TrimSpace(b.text) == "" {
				why = first(why, "messages: text content blocks must contain non-whitespace text")
			}
		case "tool_use":
			b.id = o.text("id")
			b.call = model.Call{ID: b.id, Name: o.text("name"), Args: o["input"]}
			if !anthropicID.MatchString(b.id) {
				why = first(why, here+".tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'")
			}
			if !isObject(o["input"]) {
				why = first(why, here+".tool_use.input: Input should be a valid dictionary")
			}
			if b.call.Name == "" {
				why = first(why, here+".tool_use.name: String should have at least 1 character")
			}
		case "tool_result":
			b.id = o.text("tool_use_id")
			b.text, _ = contentOf(o["content"])
			if b.id == "" {
				why = first(why, here+".tool_result.tool_use_id: Field required")
			}
		default:
			if !slices.Contains(anthropicKinds, b.kind) {
				why = first(why, fmt.Sprintf("%s: Input tag '%s' found using 'type' does not match any of the expected tags: '%s'", here, b.kind, strings.Join(anthropicKinds, "', '")))
			}
		}
		blocks = append(blocks, b)
	}
	return blocks, why
}

// anthropicOrder tells what is wrong with the order of turns: the first is the
// user's, and the calls of each are answered in the next, before all else.
func anthropicOrder(turns []turn, tools bool) string {
	if len(turns) > 0 && turns[0].role != "user" {
		return "messages: first message must use the \"user\" role"
	}
	var open []string
	seen := map[string]bool{}
	for i, t := range turns {
		var made []string
		other := false
		for j, b := range t.blocks {
			switch b.kind {
			case "tool_use":
				if seen[b.id] {
					return "messages: `tool_use` ids must be unique"
				}
				seen[b.id] = true
				made = append(made, b.id)
				if t.role != "assistant" {
					return fmt.Sprintf("messages.%d: `tool_use` blocks can only be in `assistant` messages", i)
				}
			case "tool_result":
				at := slices.Index(open, b.id)
				if at < 0 || t.role != "user" {
					return fmt.Sprintf("messages.%d.content.%d: unexpected `tool_use_id` found in `tool_result` blocks: %s. "+
						"Each `tool_result` block must have a corresponding `tool_use` block in the previous message.", i, j, b.id)
				}
				if other {
					return fmt.Sprintf("messages.%d: `tool_result` blocks must come before all other content", i)
				}
				open = slices.Delete(open, at, at+1)
			default:
				other = true
			}
			if (b.kind == "tool_use" || b.kind == "tool_result") && !tools {
				return "Requests which include `tool_use` or `tool_result` blocks must define tools."
			}
		}
		if len(open) > 0 {
			break
		}
		open = made
	}
	if len(open) > 0 {
		return fmt.Sprintf("messages.%d: `tool_use` ids were found without `tool_result` blocks immediately after: %s. "+
			"Each `tool_use` block must have a corresponding `tool_result` block in the next message.", len(turns)-1, strings.Join(open, ", "))
	}
	if n := len(turns); n > 0 && turns[n-1].role == "assistant" {
		if last := turns[n-1].blocks; len(last) > 0 && last[len(last)-1].text != strings.TrimRight(last[len(last)-1].text, " \t\n") {
			return "messages: final assistant content cannot end with trailing whitespace"
		}
	}
	return ""
}

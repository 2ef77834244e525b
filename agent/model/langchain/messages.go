package langchain

import (
	"github.com/tmc/langchaingo/llms"

	"tesela/agent/model"
	"tesela/agent/model/prompting"
)

// manner is how the library wants messages to be put for one vendor.
type manner struct {
	// apart gives each part a message of its own: of a message of the assistant
	// or of a tool the library sends the first part only.
	apart bool
	// results gives each result a message of its own, though words and calls
	// share one.
	results bool
	// wordless leaves out the words beside calls.
	wordless bool
	// unsystematic models take no system message: they are told in the first
	// message of the user.
	unsystematic bool
}

// messages puts a dialogue into the library's messages.
func (m manner) messages(system string, steps []step) []llms.MessageContent {
	var list []llms.MessageContent
	add := func(role llms.ChatMessageType, split bool, parts ...llms.ContentPart) {
		if !split {
			list = append(list, llms.MessageContent{Role: role, Parts: parts})
			return
		}
		for _, p := range parts {
			list = append(list, llms.MessageContent{Role: role, Parts: []llms.ContentPart{p}})
		}
	}
	if system != "" && !m.unsystematic {
		add(llms.ChatMessageTypeSystem, false, llms.TextContent{Text: system})
		system = ""
	}
	for _, s := range steps {
		var parts []llms.ContentPart
		switch s.role {
		case model.Assistant:
			if s.text != "" && (!m.wordless || len(s.calls) == 0) {
				parts = append(parts, llms.TextContent{Text: s.text})
			}
			for _, c := range s.calls {
				parts = append(parts, llms.ToolCall{ID: c.id, Type: "function", FunctionCall: &llms.FunctionCall{Name: c.name, Arguments: c.args}})
			}
			add(llms.ChatMessageTypeAI, m.apart, parts...)
		case model.ToolRole:
			for _, r := range s.results {
				parts = append(parts, llms.ToolCallResponse{ToolCallID: r.id, Name: r.name, Content: r.text})
			}
			add(llms.ChatMessageTypeTool, m.apart || m.results, parts...)
		default:
			add(llms.ChatMessageTypeHuman, false, llms.TextContent{Text: joined(system, s.text)})
			system = ""
		}
	}
	return list
}

// tools puts tools into the library's, their schemas as shape puts them.
func tools(list []model.Tool, shape func(model.Tool) any) []llms.Tool {
	var out []llms.Tool
	for _, t := range list {
		out = append(out, llms.Tool{Type: "function", Function: &llms.FunctionDefinition{
			Name: t.Name, Description: t.Description, Parameters: shape(t),
		}})
	}
	return out
}

// asIs leaves a tool's schema as it is.
func asIs(t model.Tool) any {
	if len(t.Schema) == 0 {
		return map[string]any{"type": "object", "properties": map[string]any{}}
	}
	return t.Schema
}

// plain is a tool's schema as the library takes it for Gemini: it passes on
// types, descriptions, properties, items and what is required, and fails at a
// list of types and at an object without properties.
func plain(t model.Tool) any { return prompting.Plain(t.Schema) }

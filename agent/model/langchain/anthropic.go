package langchain

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/tmc/langchaingo/llms/anthropic"

	"tesela/agent/model/wire"
)

// What the library does with Anthropic's messages, and what is done about it
// here: of a message of the assistant or of a tool it sends the first part
// only, so each part is a message (and neighbours of the same side are put
// together again, see outAnthropic); content of a kind it does not know, and
// arguments that are no object, make it fail, so it gets to see texts and calls
// without arguments; of a reply without content it loses why it ended; it has
// no way not to send a temperature.

func newAnthropic(c Config, t http.RoundTripper) (*vendor, error) {
	key := c.Key
	if key == "" {
		key = "none" // the library wants one; it does not leave this place
	}
	client, err := anthropic.New(
		anthropic.WithToken(key), anthropic.WithModel(c.Model), anthropic.WithBaseURL(c.BaseURL),
		anthropic.WithHTTPClient(&http.Client{Transport: &transport{next: t, dialect: dialect{
			address: func(r *http.Request) {
				if c.Key == "" {
					r.Header.Del("X-Api-Key")
				}
			},
			out: outAnthropic, read: readAnthropic, in: inAnthropic,
		}}}),
	)
	if err != nil {
		return nil, err
	}
	return &vendor{client: client, ids: anthropicIDs, manner: manner{apart: true}, schema: asIs}, nil
}

// outAnthropic puts neighbours of the same side together, so that all results
// of a round stand in one message, and sets the temperature, which the library
// sends always here and never through Bedrock.
func outAnthropic(x *exchange, body []byte) ([]byte, error) {
	request := fieldsOf(body)
	if request == nil {
		return nil, errors.New("it is no JSON object")
	}
	if request.set("temperature", 0); x.without&noTemperature != 0 {
		delete(request, "temperature")
	}
	type message struct {
		Role    string            `json:"role"`
		Content []json.RawMessage `json:"content"`
	}
	var messages, merged []message
	if err := json.Unmarshal(request["messages"], &messages); err != nil {
		return nil, err
	}
	for _, m := range messages {
		if n := len(merged); n > 0 && merged[n-1].Role == m.Role {
			merged[n-1].Content = append(merged[n-1].Content, m.Content...)
			continue
		}
		merged = append(merged, m)
	}
	request.set("messages", merged)
	return json.Marshal(request)
}

// readAnthropic reads a message of Anthropic's.
func readAnthropic(body []byte) (heard, error) {
	doc := fieldsOf(body)
	if err := interrupted(doc, body); err != nil {
		return heard{}, err
	}
	if _, there := doc["content"]; !there && !doc.has("stop_reason") {
		return heard{}, noReply(doc, body)
	}
	h := heard{text: doc.text("content")}
	for _, raw := range doc.list("content") {
		switch block := fieldsOf(raw); block.text("type") {
		case "text":
			h.text += block.text("text")
		case "tool_use":
			h.calls = append(h.calls, saidCall{id: block.text("id"), name: block.text("name"), args: string(block["input"])})
		}
	}
	usage := fieldsOf(doc["usage"])
	h.usage = usageOf(usage, []string{"input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens"}, []string{"output_tokens"})
	switch doc.text("stop_reason") {
	case "max_tokens", "model_context_window_exceeded":
		h.end = wire.ErrCut
	case "refusal", "content_filtered", "guardrail_intervened":
		h.end = wire.Refusal{Text: strings.TrimSpace(h.text)}
	default:
		h.end = h.whole()
	}
	return h, nil
}

// inAnthropic is a reply as the library knows it, directly and through
// Bedrock. A reply that says nothing is one too, which the library denies.
func inAnthropic(_ *http.Request, h heard) any {
	content := []any{map[string]any{"type": "text", "text": h.text}}
	reason := "end_turn"
	for _, c := range h.calls {
		reason = "tool_use"
		content = append(content, map[string]any{"type": "tool_use", "id": c.id, "name": c.name, "input": map[string]any{}})
	}
	return map[string]any{"type": "message", "role": "assistant", "content": content, "stop_reason": reason, "usage": map[string]any{}}
}

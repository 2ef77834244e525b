package langchain

import (
	"encoding/json"
	"errors"
	"net/http"

	"github.com/tmc/langchaingo/llms"
	"github.com/tmc/langchaingo/llms/openai"

	"tesela/agent/model/wire"
)

// The library's own package for Mistral loses the ids of calls with their
// results, takes no context and no HTTP client, and so could be neither
// cancelled nor bounded. Mistral's endpoint speaks OpenAI's format: the
// library's package for that is used, told to send max_tokens (Mistral refuses
// max_completion_tokens) and with every setting given, as it takes from the
// environment what it is not given: OpenAI's key, address and organisation.

func newMistral(c Config, t http.RoundTripper) (*vendor, error) {
	key := c.Key
	if key == "" {
		key = "none"
	}
	client, err := openai.New(
		openai.WithToken(key), openai.WithModel(c.Model), openai.WithBaseURL(c.BaseURL), openai.WithOrganization(""),
		openai.WithAPIType(openai.APITypeOpenAI),
		openai.WithHTTPClient(&http.Client{Transport: &transport{next: t, dialect: dialect{
			address: func(r *http.Request) {
				if c.Key == "" {
					r.Header.Del("Authorization")
				}
			},
			out: outMistral, read: readMistral, in: inMistral,
		}}}),
	)
	if err != nil {
		return nil, err
	}
	return &vendor{
		client: client, ids: mistralIDs, manner: manner{results: true}, schema: asIs,
		options: []llms.CallOption{openai.WithLegacyMaxTokensField()},
	}, nil
}

// seed makes Mistral reply alike to alike requests.
const seed = 1

// outMistral sets what Mistral calls by another name than OpenAI, and leaves
// out what it would not take.
func outMistral(x *exchange, body []byte) ([]byte, error) {
	request := fieldsOf(body)
	if request == nil {
		return nil, errors.New("it is no JSON object")
	}
	for _, name := range []string{"seed", "stream_options", "max_completion_tokens", "n", "metadata"} {
		delete(request, name)
	}
	if request.set("random_seed", seed); x.without&noSeed != 0 {
		delete(request, "random_seed")
	}
	if x.without&noTemperature != 0 {
		delete(request, "temperature")
	}
	return json.Marshal(request)
}

// readMistral reads a chat completion. Content may be a list of pieces, in
// which thoughts have a kind of their own.
func readMistral(body []byte) (heard, error) {
	doc := fieldsOf(body)
	if err := interrupted(doc, body); err != nil {
		return heard{}, err
	}
	choices := doc.list("choices")
	if len(choices) == 0 {
		if doc.has("choices") || doc.has("usage") {
			return heard{}, wire.ErrBrokeOff
		}
		return heard{}, noReply(doc, body)
	}
	choice := fieldsOf(choices[0])
	message := fieldsOf(choice["message"])
	h := heard{text: message.text("content")}
	for _, raw := range message.list("content") {
		if piece := fieldsOf(raw); piece.text("type") == "text" {
			h.text += piece.text("text")
		}
	}
	for _, raw := range message.list("tool_calls") {
		one := fieldsOf(raw)
		f := fieldsOf(one["function"])
		h.calls = append(h.calls, saidCall{id: one.text("id"), name: f.text("name"), args: string(f["arguments"])})
	}
	h.usage = usageOf(fieldsOf(doc["usage"]), []string{"prompt_tokens"}, []string{"completion_tokens"})
	refused := message.text("refusal")
	switch reason := choice.text("finish_reason"); {
	case reason == "length", reason == "model_length":
		h.end = wire.ErrCut
	case reason == "content_filter", refused != "":
		h.end = wire.Refusal{Text: refused}
	case reason == "error":
		h.end = wire.ErrBrokeOff
	default:
		h.end = h.whole()
	}
	return h, nil
}

// inMistral is a reply as the library knows it.
func inMistral(_ *http.Request, h heard) any {
	message := map[string]any{"role": "assistant", "content": h.text}
	var calls []any
	for _, c := range h.calls {
		calls = append(calls, map[string]any{"id": c.id, "type": "function", "function": map[string]any{"name": c.name, "arguments": "{}"}})
	}
	if calls != nil {
		message["tool_calls"] = calls
	}
	return map[string]any{"choices": []any{map[string]any{"index": 0, "message": message, "finish_reason": "stop"}}}
}

package langchain

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/tmc/langchaingo/llms/googleai"
	"google.golang.org/api/option"
	"google.golang.org/api/option/internaloption"
	gtransport "google.golang.org/api/transport/grpc"
	"google.golang.org/grpc"

	"tesela/agent/model/wire"
)

// What the library does with Gemini, and what is done about it here: with an
// HTTP client of ours it sends no key, so the transport puts it in a header
// (never in the address, which errors tell); it asks for a stream though none
// is wanted and adds it up without the last usage, so the transport asks for
// a whole reply; it always sends a temperature, top-k and top-p of its own;
// parts of a kind it does not know make it fail, thoughts come as text, and
// signatures of calls are dropped; tries again by itself; and it opens another
// connection that nothing here ever uses, see newGoogleAI.

func newGoogleAI(c Config, t http.RoundTripper) (*vendor, error) {
	g := &google{key: c.Key}
	client, err := googleai.New(
		context.Background(),
		googleai.WithAPIKey("none"), // else it reads the environment
		googleai.WithHTTPClient(&http.Client{Transport: &transport{next: t, dialect: dialect{
			address: g.address, out: g.out, read: readGoogle, in: inGoogle,
		}}}),
		func(o *googleai.Options) {
			o.ClientOptions = append(o.ClientOptions,
				option.WithEndpoint(c.BaseURL), option.WithTelemetryDisabled(),
				gtransport.WithConnPool(nowhere{}), internaloption.SkipDialSettingsValidation())
		},
		googleai.WithDefaultModel(c.Model),
	)
	if err != nil {
		return nil, err
	}
	// The client is not closed: it would forget its HTTP client under whoever is
	// asking, and holds nothing else.
	v := &vendor{client: client, ids: anthropicIDs, schema: plain, signatures: &g.signatures}
	if strings.Contains(c.Model, "gemini-3") {
		v.without = noUnsigned // later ones are found out by their refusal
	}
	return v, nil
}

// nowhere is the connection of the library's client for caches, which nobody
// asks for. Left alone it would look for credentials in files and at metadata
// servers, then connect to Google in the background and never close. The other
// clients have an HTTP client beside, which the check of options takes for a
// mistake.
type nowhere struct{}

var errNowhere = errors.New("nothing is asked over this connection")

func (nowhere) Conn() *grpc.ClientConn                                             { return nil }
func (nowhere) Num() int                                                           { return 0 }
func (nowhere) Close() error                                                       { return nil }
func (nowhere) Invoke(context.Context, string, any, any, ...grpc.CallOption) error { return errNowhere }

func (nowhere) NewStream(context.Context, *grpc.StreamDesc, string, ...grpc.CallOption) (grpc.ClientStream, error) {
	return nil, errNowhere
}

// google keeps what the library drops between two requests of a turn.
type google struct {
	key        string
	signatures signatures
}

// address asks for a whole reply, with the key.
func (g *google) address(r *http.Request) {
	u := *r.URL
	u.Path = strings.Replace(u.Path, ":streamGenerateContent", ":generateContent", 1)
	u.RawPath, u.RawQuery = "", ""
	r.URL = &u
	r.Header.Del("X-Goog-Api-Key")
	if g.key != "" {
		r.Header.Set("X-Goog-Api-Key", g.key)
	}
}

// unsigned stands for a signature where a call was not the model's own, such
// as one of another model earlier in the turn; Google names it for that.
const unsigned = "skip_thought_signature_validator"

// out leaves settings out that nobody made here and gives calls their
// signatures back.
func (g *google) out(x *exchange, body []byte) ([]byte, error) {
	request := fieldsOf(body)
	settings := fieldsOf(request["generationConfig"])
	if settings == nil {
		return nil, errors.New("it has no settings")
	}
	delete(settings, "topK")
	delete(settings, "topP")
	if x.without&noTemperature != 0 {
		delete(settings, "temperature")
	}
	request.set("generationConfig", settings)
	bare(request)

	var calls []called
	for _, s := range x.steps {
		calls = append(calls, s.calls...)
	}
	contents := request.list("contents")
	for i, raw := range contents {
		content, first := fieldsOf(raw), true
		parts := content.list("parts")
		for j, raw := range parts {
			part := fieldsOf(raw)
			if !part.has("functionCall") {
				continue
			}
			if len(calls) == 0 {
				return nil, fmt.Errorf("it has more calls than there were")
			}
			signature := g.signatures.of(calls[0].own)
			if calls = calls[1:]; signature == "" && first && x.without&noUnsigned != 0 {
				signature = unsigned // of calls made together the first is signed
			}
			first = false
			if signature != "" {
				part.set("thoughtSignature", signature)
				parts[j], _ = json.Marshal(part)
			}
		}
		content.set("parts", parts)
		contents[i], _ = json.Marshal(content)
	}
	request.set("contents", contents)
	return json.Marshal(request)
}

// bare leaves out what functions without parameters take: an object without
// properties, which Google refuses.
func bare(request fields) {
	tools := request.list("tools")
	for i, raw := range tools {
		tool := fieldsOf(raw)
		functions := tool.list("functionDeclarations")
		for j, raw := range functions {
			f := fieldsOf(raw)
			if len(fieldsOf(fieldsOf(f["parameters"])["properties"])) == 0 {
				delete(f, "parameters")
				functions[j], _ = json.Marshal(f)
			}
		}
		tool.set("functionDeclarations", functions)
		tools[i], _ = json.Marshal(tool)
	}
	if tools != nil {
		request.set("tools", tools)
	}
}

// readGoogle reads a reply of Gemini's: one document, or a list of them where
// an endpoint streams whatever it is asked.
func readGoogle(body []byte) (heard, error) {
	var docs []json.RawMessage
	if json.Unmarshal(body, &docs) != nil {
		docs = []json.RawMessage{body}
	}
	h, replied, reason := heard{}, false, ""
	for _, raw := range docs {
		doc := fieldsOf(raw)
		if err := interrupted(doc, raw); err != nil {
			return heard{}, err
		}
		usage := usageOf(fieldsOf(doc["usageMetadata"]), []string{"promptTokenCount", "toolUsePromptTokenCount"}, []string{"candidatesTokenCount", "thoughtsTokenCount"})
		if usage != nil {
			h.usage = usage
		}
		if blocked := googleWord(fieldsOf(doc["promptFeedback"])["blockReason"], nil); blocked != "" && blocked != "BLOCK_REASON_UNSPECIFIED" {
			replied, h.end = true, wire.Refusal{}
		}
		candidates := doc.list("candidates")
		if len(candidates) == 0 {
			continue
		}
		replied = true
		candidate := fieldsOf(candidates[0])
		h.take(fieldsOf(candidate["content"]).list("parts"))
		if r := googleWord(candidate["finishReason"], finishes); r != "" {
			reason = r
		}
	}
	switch {
	case !replied && h.usage == nil:
		return heard{}, errNoReply
	case !replied:
		return heard{}, wire.ErrBrokeOff
	case h.end == nil:
		h.end = googleEnd(reason, h)
	}
	return h, nil
}

// take reads the parts of a reply.
func (h *heard) take(parts []json.RawMessage) {
	for _, raw := range parts {
		part := fieldsOf(raw)
		switch {
		case string(part["thought"]) == "true":
		case part.has("functionCall"):
			f := fieldsOf(part["functionCall"])
			signature := part.text("thoughtSignature")
			if signature == "" {
				signature = part.text("thought_signature")
			}
			h.calls = append(h.calls, saidCall{id: f.text("id"), name: f.text("name"), args: string(f["args"]), signature: signature})
		default:
			h.text += part.text("text")
		}
	}
}

// finishes are the reasons for which replies end, by their numbers.
var finishes = []string{
	"", "STOP", "MAX_TOKENS", "SAFETY", "RECITATION", "OTHER", "LANGUAGE", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "MALFORMED_FUNCTION_CALL", "IMAGE_SAFETY",
}

// googleWord is a constant's name, which some endpoints send as its number.
func googleWord(raw json.RawMessage, names []string) string {
	var word string
	var n int
	switch {
	case json.Unmarshal(raw, &word) == nil:
		return word
	case json.Unmarshal(raw, &n) != nil || n <= 0:
		return ""
	case n < len(names):
		return names[n]
	}
	return fmt.Sprintf("reason %d", n)
}

// googleEnd is what a reason to end makes of a reply.
func googleEnd(reason string, h heard) error {
	switch reason {
	case "", "STOP", "FINISH_REASON_UNSPECIFIED":
		return h.whole()
	case "MAX_TOKENS":
		return wire.ErrCut
	case "SAFETY", "RECITATION", "LANGUAGE", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "IMAGE_SAFETY":
		return wire.Refusal{Text: h.text}
	case "MALFORMED_FUNCTION_CALL":
		// Its next attempt is often well formed.
		return wire.Interruption{Said: wire.Said{Message: "it wrote a call that is malformed", Code: reason}}
	}
	return fmt.Errorf("it ended by %s", wire.Clip(reason))
}

// inGoogle is a reply as the library knows it: where it asked for a stream,
// which it does but for a single message, the one piece of it.
func inGoogle(r *http.Request, h heard) any {
	parts := []any{map[string]any{"text": h.text}}
	for _, c := range h.calls {
		parts = append(parts, map[string]any{"functionCall": map[string]any{"name": c.name, "args": map[string]any{}}})
	}
	whole := map[string]any{"candidates": []any{map[string]any{
		"content": map[string]any{"role": "model", "parts": parts}, "finishReason": "STOP",
	}}}
	if strings.HasSuffix(r.URL.Path, ":generateContent") {
		return whole
	}
	return []any{whole}
}

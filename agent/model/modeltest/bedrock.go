package modeltest

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
)

// Bedrock is the format of Amazon Bedrock's InvokeModel: a path that names the
// model, signed requests, errors of its own, and bodies as each maker's models
// have them; here Anthropic's and Amazon Nova's.
type Bedrock struct{}

var _ Format = Bedrock{}

var (
	bedrockPath   = regexp.MustCompile(`/model/([^/]+)/invoke$`)
	bedrockSigned = regexp.MustCompile(`^AWS4-HMAC-SHA256 Credential=[^/, ]+/\d{8}/[a-z0-9-]+/bedrock/aws4_request, ?SignedHeaders=[a-z0-9;-]*host[a-z0-9;-]*, ?Signature=[0-9a-f]{64}$`)
)

// Serves tells whether a path invokes a model.
func (Bedrock) Serves(path string) bool { return bedrockPath.MatchString(path) }

// Can tells whether replies can have a fault.
func (Bedrock) Can(f Fault) bool {
	return f != ErrorInStream && can(f, Quota, DoubleEncoded, OtherBlocks, Empty, ModelSlow, ModelFailed)
}

// Failure is a fault as Bedrock words it.
func (Bedrock) Failure(f Fault) *Answer {
	switch f {
	case TooMany:
		return bedrockSays(http.StatusTooManyRequests, "ThrottlingException", "Too many requests, please wait before trying again.")
	case Quota:
		return bedrockSays(http.StatusBadRequest, "ServiceQuotaExceededException", "Your request exceeds the service quota for your account.")
	case Down:
		return bedrockSays(http.StatusInternalServerError, "InternalServerException", "The system encountered an unexpected error during processing. Try your request again.")
	case Overload:
		return bedrockSays(http.StatusServiceUnavailable, "ServiceUnavailableException", "Bedrock is unable to process your request.")
	case WrongKey:
		return bedrockSays(http.StatusForbidden, "UnrecognizedClientException", "The security token "+Key+" included in the request is invalid. It was "+Secret+".")
	case NotYours:
		return bedrockSays(http.StatusForbidden, "AccessDeniedException", "You don't have access to the model with the specified model ID.")
	case NoModel:
		return bedrockSays(http.StatusBadRequest, "ValidationException", "The provided model identifier is invalid.")
	case FilteredAsked:
		return bedrockSays(http.StatusBadRequest, "ValidationException", "Output blocked by content filtering policy")
	case Invalid:
		return bedrockSays(http.StatusBadRequest, "ValidationException", "Input is too long for requested model.")
	case ModelSlow:
		return bedrockSays(http.StatusRequestTimeout, "ModelTimeoutException", "Model has timed out in processing the request. Try your request again.")
	case ModelFailed:
		return bedrockSays(http.StatusFailedDependency, "ModelErrorException", "The system encountered an unexpected error during processing.")
	}
	return nil
}

func bedrockSays(status int, kind, message string) *Answer {
	return &Answer{
		Status: status, Why: message, Body: jsonOf(map[string]any{"message": message}),
		Header: map[string]string{"X-Amzn-Errortype": kind + ":http://internal.amazon.com/coral/com.amazon.bedrock/", "X-Amzn-Requestid": "1"},
	}
}

// Read takes a request apart.
func (Bedrock) Read(req *http.Request, body []byte) (Asked, error) {
	malformed := func(format string, args ...any) *Answer {
		return bedrockSays(http.StatusBadRequest, "ValidationException",
			"Malformed input request: "+fmt.Sprintf(format, args...)+", please reformat your input and try again.")
	}
	signed := req.Header.Get("Authorization")
	if signed == "" {
		return Asked{}, bedrockSays(http.StatusForbidden, "MissingAuthenticationTokenException", "Missing Authentication Token")
	}
	if !bedrockSigned.MatchString(signed) || req.Header.Get("X-Amz-Date") == "" {
		return Asked{}, bedrockSays(http.StatusForbidden, "IncompleteSignatureException", "Authorization header requires 'Credential', 'Signature', 'SignedHeaders' and a date.")
	}
	name, err := url.PathUnescape(bedrockPath.FindStringSubmatch(req.URL.EscapedPath())[1])
	r := objectOf(body)
	if r == nil || err != nil {
		return Asked{}, malformed("it is no JSON")
	}
	if strings.Contains(name, "amazon.nova") {
		a, why := novaAsked(r)
		a.Model = name
		if why != "" {
			return a, malformed("%s", why)
		}
		return a, nil
	}
	if !strings.Contains(name, "anthropic.") {
		return Asked{Model: name}, bedrockSays(http.StatusBadRequest, "ValidationException", "The provided model identifier is invalid.")
	}
	a, why := anthropicAsked(r)
	a.Model = name
	if version := r.text("anthropic_version"); version != "bedrock-2023-05-31" {
		return a, malformed("#: required key [anthropic_version] not found")
	}
	known := append([]string{"anthropic_version", "anthropic_beta"}, anthropicFields...)
	for _, n := range r.unknown(known...) {
		return a, malformed("#: extraneous key [%s] is not permitted", n)
	}
	for _, n := range []string{"model", "stream"} {
		if r[n] != nil {
			return a, malformed("#: extraneous key [%s] is not permitted", n)
		}
	}
	if why != "" {
		return a, bedrockSays(http.StatusBadRequest, "ValidationException", why)
	}
	return a, nil
}

// novaAsked takes a request of Amazon Nova's apart and says why it would be
// refused.
func novaAsked(r object) (a Asked, why string) {
	a = Asked{Options: map[string]bool{}}
	for name := range r {
		a.Options[name] = true
	}
	for _, n := range r.unknown("messages", "system", "inferenceConfig", "toolConfig", "schemaVersion", "additionalModelRequestFields") {
		why = first(why, fmt.Sprintf("#: extraneous key [%s] is not permitted", n))
	}
	config := objectOf(r["inferenceConfig"])
	for _, n := range config.unknown("maxTokens", "max_new_tokens", "temperature", "topP", "topK", "stopSequences") {
		why = first(why, fmt.Sprintf("#/inferenceConfig: extraneous key [%s] is not permitted", n))
	}
	tools, _ := listOf(objectOf(r["toolConfig"])["tools"])
	for _, one := range tools {
		a.Tools = append(a.Tools, objectOf(objectOf(one)["toolSpec"]).text("name"))
	}
	a.wire.tools = len(tools) > 0
	texts := func(list []byte, at string) string {
		all := ""
		parts, _ := listOf(list)
		if len(parts) == 0 {
			why = first(why, at+": expected minimum item count: 1, found: 0")
		}
		for i, p := range parts {
			s, ok := textOf(objectOf(p)["text"])
			if !ok || s == "" {
				why = first(why, fmt.Sprintf("%s/%d: the text field is blank", at, i))
			}
			all += s
		}
		return all
	}
	if r.has("system") {
		a.Messages = append(a.Messages, Said{Role: "system", Text: texts(r["system"], "#/system")})
	}
	list, _ := listOf(r["messages"])
	if len(list) == 0 {
		why = first(why, "#: required key [messages] not found")
	}
	before := "assistant"
	for i, one := range list {
		m := objectOf(one)
		role := m.text("role")
		at := fmt.Sprintf("#/messages/%d", i)
		if role != "user" && role != "assistant" {
			why = first(why, at+"/role: "+role+" is not a valid enum value")
		}
		if role == before {
			why = first(why, at+"/role: messages must alternate between user and assistant, and begin with user")
		}
		before = role
		a.Messages = append(a.Messages, Said{Role: role, Text: texts(m["content"], at+"/content")})
	}
	if before != "user" {
		why = first(why, "#/messages: a conversation must end with a user message")
	}
	return a, why
}

// Write sends a reply.
func (Bedrock) Write(ctx context.Context, w http.ResponseWriter, a Asked, r Reply) {
	s := &sender{ctx: ctx, w: w, r: r}
	if strings.Contains(a.Model, "amazon.nova") {
		s.begin = `{"stopReason":"end_turn","output":{"message":{"role":"assistant","content":[{"text":"`
		s.document(encode(novaWhole(a, r), r))
		return
	}
	s.begin = `{"type":"message","role":"assistant","stop_reason":"end_turn","content":[{"type":"text","text":"`
	s.document(encode(anthropicWhole(a, r), r))
}

// novaWhole is a reply as Nova's models have it.
func novaWhole(a Asked, r Reply) map[string]any {
	content := []any{}
	if text := r.Text + r.Refusal; text != "" {
		content = append(content, map[string]any{"text": text})
	}
	stop := "end_turn"
	if a.wire.tools {
		for i, c := range r.Calls {
			stop = "tool_use"
			content = append(content, map[string]any{"toolUse": map[string]any{"toolUseId": fmt.Sprintf("tooluse_%d_%d", a.N, i+1), "name": c.Name, "input": raw(argsOf(r, c))}})
		}
	}
	switch {
	case r.Has(Cut):
		stop = "max_tokens"
	case r.Has(Filtered), r.Refusal != "":
		stop = "content_filtered"
	}
	m := map[string]any{"output": map[string]any{"message": map[string]any{"role": "assistant", "content": content}}, "stopReason": stop}
	if r.Usage != nil {
		m["usage"] = map[string]any{"inputTokens": r.Usage.InputTokens, "outputTokens": r.Usage.OutputTokens, "totalTokens": r.Usage.InputTokens + r.Usage.OutputTokens}
	}
	return m
}

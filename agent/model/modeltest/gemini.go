package modeltest

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"regexp"
	"strings"
)

// Gemini is the format of Google AI's generateContent, streaming (server-sent
// events, or an array that grows) and not. Models whose names begin with
// gemini-3 want their calls' signatures back, as those do.
type Gemini struct{}

var _ Format = Gemini{}

var geminiPath = regexp.MustCompile(`/v1(?:beta)?/models/([^/:]+):(generateContent|streamGenerateContent)$`)

// Serves tells whether a path is that of a model's contents.
func (Gemini) Serves(path string) bool { return geminiPath.MatchString(path) }

// Can tells whether replies can have a fault.
func (Gemini) Can(f Fault) bool {
	return can(f, Split, Merged, NoID, OtherBlocks, NoArguments, Empty, BadCall)
}

// Failure is a fault as Google words it.
func (Gemini) Failure(f Fault) *Answer {
	switch f {
	case TooMany:
		return geminiSays(http.StatusTooManyRequests, "RESOURCE_EXHAUSTED", "Resource has been exhausted (e.g. check quota).")
	case Down:
		return geminiSays(http.StatusInternalServerError, "INTERNAL", "An internal error has occurred. Please retry or report.")
	case Overload:
		return geminiSays(http.StatusServiceUnavailable, "UNAVAILABLE", "The model is overloaded. Please try again later.")
	case WrongKey:
		a := geminiSays(http.StatusBadRequest, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key, not "+Key+".")
		a.Body = strings.TrimSuffix(a.Body, "}}") + `,"details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"API_KEY_INVALID","domain":"googleapis.com","metadata":{"service":"generativelanguage.googleapis.com"}}]}}`
		return a
	case NotYours:
		return geminiSays(http.StatusForbidden, "PERMISSION_DENIED", "Generative Language API has not been used in project 1 before or it is disabled.")
	case NoModel:
		return geminiSays(http.StatusNotFound, "NOT_FOUND", "models/test is not found for API version v1beta, or is not supported for generateContent.")
	case Invalid:
		return geminiSays(http.StatusBadRequest, "INVALID_ARGUMENT", "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).")
	}
	return nil
}

func geminiSays(status int, kind, message string) *Answer {
	return &Answer{Status: status, Why: message, Body: jsonOf(map[string]any{
		"error": map[string]any{"code": status, "message": message, "status": kind},
	})}
}

// What stands for the numbers of enumerations.
var geminiReasons = map[string]int{
	"STOP": 1, "MAX_TOKENS": 2, "SAFETY": 3, "RECITATION": 4, "OTHER": 5, "BLOCKLIST": 7, "PROHIBITED_CONTENT": 8, "SPII": 9, "MALFORMED_FUNCTION_CALL": 10,
}

// Write sends a reply.
func (Gemini) Write(ctx context.Context, w http.ResponseWriter, a Asked, r Reply) {
	s := &sender{ctx: ctx, w: w, r: r, fault: geminiSays(http.StatusServiceUnavailable, "UNAVAILABLE", "The model is overloaded.").Body}
	all := geminiPieces(a, r)
	if !a.Stream {
		s.begin = `{"candidates":[{"index":0,"finishReason":"STOP","content":{"role":"model","parts":[{"text":"`
		s.document(encode(geminiWhole(all), r))
		return
	}
	more := func(before, after string) func() string {
		return func() string {
			return before + jsonOf(map[string]any{"candidates": []any{geminiCandidate([]any{map[string]any{"text": endless}}, nil)}}) + after
		}
	}
	var out []string
	for i, one := range all {
		text := string(encode(one, r))
		switch {
		case a.wire.events:
			text = "data: " + text + "\r\n\r\n"
		case i == 0:
			text = "[" + text
		default:
			text = "\n,\r\n" + text
		}
		out = append(out, text)
	}
	if a.wire.events {
		s.more, s.fault = more("data: ", "\r\n\r\n"), "data: "+s.fault+"\r\n\r\n"
	} else {
		s.lines, s.end, s.more, s.fault = true, "]", more("\n,\r\n", ""), "\n,\r\n"+s.fault+"]"
	}
	s.events(out)
}

// geminiPieces is a reply as the pieces of a stream.
func geminiPieces(a Asked, r Reply) []map[string]any {
	reason := func(name string) any {
		if a.wire.numbers {
			return geminiReasons[name]
		}
		return name
	}
	usage := func(m map[string]any) map[string]any {
		if r.Usage != nil {
			m["usageMetadata"] = map[string]any{
				"promptTokenCount": r.Usage.InputTokens, "candidatesTokenCount": r.Usage.OutputTokens, "totalTokenCount": r.Usage.InputTokens + r.Usage.OutputTokens,
			}
		}
		m["modelVersion"] = a.Model
		return m
	}
	one := func(parts []any, finish any) map[string]any {
		return usage(map[string]any{"candidates": []any{geminiCandidate(parts, finish)}})
	}
	switch {
	case r.Has(FilteredAsked):
		return []map[string]any{usage(map[string]any{"promptFeedback": map[string]any{"blockReason": reason("PROHIBITED_CONTENT")}})}
	case r.Has(Empty):
		return []map[string]any{usage(map[string]any{})}
	case r.Has(BadCall):
		return []map[string]any{one(nil, reason("MALFORMED_FUNCTION_CALL"))}
	case r.Refusal != "":
		return []map[string]any{one(nil, reason("PROHIBITED_CONTENT"))}
	case r.Has(Filtered):
		return []map[string]any{one(nil, reason("SAFETY"))}
	}
	var out []map[string]any
	if r.Has(Thoughts) {
		out = append(out, one([]any{map[string]any{"text": thoughts, "thought": true}}, nil))
	}
	if r.Has(OtherBlocks) {
		out = append(out, one([]any{
			map[string]any{"executableCode": map[string]any{"language": "PYTHON", "code": "print(42)"}},
			map[string]any{"codeExecutionResult": map[string]any{"outcome": "OUTCOME_OK", "output": "42\n"}},
		}, nil))
	}
	for _, p := range pieces(r.Text, r.size()) {
		out = append(out, one([]any{map[string]any{"text": p}}, nil))
	}
	var calls []any
	for i, c := range r.Calls {
		call := map[string]any{"name": c.Name, "args": raw(argsOf(r, c))}
		if r.Has(NoArguments) {
			delete(call, "args")
		}
		part := map[string]any{"functionCall": call}
		if i == 0 && signs(a.Model) {
			part["thoughtSignature"] = signature(c.Name, string(c.Args))
		}
		if calls = append(calls, part); !r.Has(Merged) {
			out, calls = append(out, one(calls, nil)), nil
		}
	}
	if calls != nil {
		out = append(out, one(calls, nil))
	}
	finish := "STOP"
	if r.Has(Cut) {
		finish = "MAX_TOKENS"
	}
	if len(out) == 0 {
		out = append(out, one([]any{map[string]any{"text": ""}}, nil))
	}
	last := out[len(out)-1]["candidates"].([]any)[0].(map[string]any) //nolint:forcetypeassert // made above
	last["finishReason"] = reason(finish)
	return out
}

func geminiCandidate(parts []any, finish any) map[string]any {
	c := map[string]any{"index": 0}
	if parts != nil {
		c["content"] = map[string]any{"role": "model", "parts": parts}
	}
	if finish != nil {
		c["finishReason"] = finish
	}
	return c
}

// geminiWhole joins the pieces of a stream.
func geminiWhole(all []map[string]any) map[string]any {
	whole := all[len(all)-1]
	if len(all) == 1 {
		return whole
	}
	var parts []any
	candidate := map[string]any{}
	for _, one := range all {
		candidate, _ = one["candidates"].([]any)[0].(map[string]any)
		content, _ := candidate["content"].(map[string]any)
		more, _ := content["parts"].([]any)
		parts = append(parts, more...)
	}
	candidate["content"] = map[string]any{"role": "model", "parts": parts}
	return whole
}

// signs tells whether a model signs its calls and wants that back.
func signs(name string) bool { return strings.HasPrefix(name, "gemini-3") }

// signature is what a signed call carries. Here it can be told from the call,
// so that the server need not remember.
func signature(name, args string) string {
	sum := sha256.Sum256([]byte(name + "\x00" + compact(args)))
	return base64.StdEncoding.EncodeToString(sum[:])
}

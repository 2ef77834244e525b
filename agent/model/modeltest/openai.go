package modeltest

import (
	"context"
	"fmt"
	"net/http"
	"strings"
)

// OpenAI is the format of OpenAI's chat completions, streaming and not.
type OpenAI struct{}

var _ Format = OpenAI{}

// Serves tells whether a path is that of chat completions.
func (OpenAI) Serves(path string) bool { return strings.HasSuffix(path, "/chat/completions") }

// Can tells whether replies can have a fault.
func (OpenAI) Can(f Fault) bool {
	return can(f, Quota, Split, Merged, NoIndex, SameIndex, NullName, RepeatedName, NoID, DoubleEncoded, AsObject, Fenced, ArgsTwice, NoChoices, Comments,
		NoFinish, NoDone, NotStreamed, PickyOptions, Empty)
}

// Failure is a fault as OpenAI words it.
func (OpenAI) Failure(f Fault) *Answer {
	say := func(status int, message, kind, param, code string) *Answer {
		null := func(s string) any {
			if s == "" {
				return nil
			}
			return s
		}
		return &Answer{Status: status, Why: message, Body: jsonOf(map[string]any{
			"error": map[string]any{"message": message, "type": null(kind), "param": null(param), "code": null(code)},
		})}
	}
	switch f {
	case TooMany:
		return say(http.StatusTooManyRequests, "Rate limit reached", "requests", "", "rate_limit_exceeded")
	case Quota:
		return say(http.StatusTooManyRequests, "You exceeded your current quota", "insufficient_quota", "", "insufficient_quota")
	case Down:
		return say(http.StatusInternalServerError, "The server had an error", "server_error", "", "")
	case Overload:
		return &Answer{Status: http.StatusServiceUnavailable, Body: "upstream connect error", Header: map[string]string{"Content-Type": "text/plain"}}
	case WrongKey:
		return say(http.StatusUnauthorized, "Incorrect API key provided: "+Key+". Find yours elsewhere.", "invalid_request_error", "", "invalid_api_key")
	case NotYours:
		return say(http.StatusForbidden, "Project does not have access to this model", "invalid_request_error", "", "model_not_found")
	case NoModel:
		return say(http.StatusNotFound, "The model does not exist", "", "", "model_not_found")
	case FilteredAsked:
		return say(http.StatusBadRequest, "The response was filtered", "", "prompt", "content_filter")
	case Invalid:
		return say(http.StatusBadRequest, "This model's maximum context length is 8192 tokens", "invalid_request_error", "messages", "context_length_exceeded")
	}
	return nil
}

// Write sends a reply.
func (o OpenAI) Write(ctx context.Context, w http.ResponseWriter, a Asked, r Reply) {
	if r.Has(PickyOptions) {
		for _, name := range []string{"temperature", "seed", "stream_options", "parallel_tool_calls", "strict", "max_completion_tokens"} {
			if a.Options[name] {
				w.WriteHeader(http.StatusBadRequest)
				fmt.Fprintf(w, `{"error":{"message":"Unsupported value: '%[1]s' does not support that with this model.","type":"invalid_request_error","param":"%[1]s","code":"unsupported_value"}}`, name)
				return
			}
		}
	}
	chat{r: r, model: a.Model}.write(ctx, w, a.Stream && !r.Has(NotStreamed))
}

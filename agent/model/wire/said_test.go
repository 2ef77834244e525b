package wire

import (
	"net/http"
	"testing"
	"time"
)

// The shapes are those that vendors document or are known to send.
func TestRead(t *testing.T) {
	for body, want := range map[string]Said{
		`{"error":{"message":"Rate limit reached","type":"requests","param":null,"code":"rate_limit_exceeded"}}`:    {Message: "Rate limit reached", Code: "rate_limit_exceeded", Type: "requests"},
		`{"error":{"message":"Unsupported value","type":"invalid_request_error","param":"temperature","code":400}}`: {Message: "Unsupported value", Code: "400", Type: "invalid_request_error", Param: "temperature"},
		`{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"},"request_id":"req_1"}`:          {Message: "Overloaded", Type: "overloaded_error"},
		`{"error":{"code":429,"message":"Resource exhausted.","status":"RESOURCE_EXHAUSTED"}}`:                      {Message: "Resource exhausted.", Code: "RESOURCE_EXHAUSTED"},
		`[{"error":{"code":400,"message":"API key not valid.","status":"INVALID_ARGUMENT","details":[{"@type":"x","reason":"API_KEY_INVALID"}]}}
]`: {Message: "API key not valid.", Code: "API_KEY_INVALID"},
		`{"message":"The security token included in the request is invalid."}`:                              {Message: "The security token included in the request is invalid."},
		`{"__type":"ValidationException","Message":"Malformed input request"}`:                              {Message: "Malformed input request", Type: "ValidationException"},
		`{"object":"error","message":"Invalid model: x","type":"invalid_model","param":null,"code":"1500"}`: {Message: "Invalid model: x", Type: "invalid_model", Code: "1500"},
		`{"detail":[{"type":"missing","loc":["body","messages",0],"msg":"Field required","input":{}}]}`:     {Message: "body.messages.0 Field required"},
		`{"detail":"Not Found"}`: {Message: "Not Found"},
		`{"object":"error","message":{"detail":[{"loc":["body","tools"],"msg":"extra"}]}}`:                       {Message: "body.tools extra"},
		`{"error":"model 'x' not found"}`:                                                                        {Message: "model 'x' not found"},
		`{"error":{"message":["first","second"]}}`:                                                               {Message: "first; second"},
		`{"error":{"code":"content_filter","innererror":{"code":"ResponsibleAIPolicyViolation"},"message":"m"}}`: {Message: "m", Code: "content_filter"},
		`upstream connect error`:                                                                                 {Message: "upstream connect error"},
		`"just a string"`:                                                                                        {Message: "just a string"},
		`<html><body>502</body></html>`:                                                                          {},
		``:                                                                                                       {},
		`{"error":null}`:                                                                                         {},
		`[]`:                                                                                                     {Message: "[]"},
		`{"error":[1]}`:                                                                                          {},
	} {
		if got := Read([]byte(body)); got != want {
			t.Errorf("%s\nsays %+v, not %+v", body, got, want)
		}
	}
}

func TestRetryAfter(t *testing.T) {
	for _, c := range []struct {
		name   string
		header http.Header
		body   string
		want   time.Duration
	}{
		{"seconds", http.Header{"Retry-After": {"7"}}, "", 7 * time.Second},
		{"parts of one", http.Header{"Retry-After": {"0.5"}}, "", 500 * time.Millisecond},
		{"milliseconds first", http.Header{"Retry-After-Ms": {"250"}, "Retry-After": {"1"}}, "", 250 * time.Millisecond},
		{"a date", http.Header{"Retry-After": {"Fri, 02 Jan 2026 10:00:30 GMT"}, "Date": {"Fri, 02 Jan 2026 10:00:00 GMT"}}, "", 30 * time.Second},
		{"a date gone by", http.Header{"Retry-After": {"Fri, 02 Jan 2026 09:00:00 GMT"}, "Date": {"Fri, 02 Jan 2026 10:00:00 GMT"}}, "", 0},
		{"in the body", http.Header{}, `{"error":{"code":429,"details":[{"@type":"help"},{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"37.5s"}]}}`, 37500 * time.Millisecond},
		{"in a list", http.Header{}, `[{"error":{"details":[{"retryDelay":"2s"}]}}]`, 2 * time.Second},
		{"nonsense", http.Header{"Retry-After": {"soon"}}, `{"error":{"details":"none"}}`, 0},
		{"without end", http.Header{"Retry-After": {"1e300"}}, "", 0},
	} {
		n := &Note{}
		n.replied(429, c.header, false)
		n.keep([]byte(c.body), false)
		if got := n.RetryAfter(); got != c.want {
			t.Errorf("%s: %s, not %s", c.name, got, c.want)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(`{"error":{"message":["a"],"details":[{"retryDelay":"1s"}]}}`))
	f.Add([]byte(`[{"detail":[{"loc":[1],"msg":"x"}]}]`))
	f.Fuzz(func(_ *testing.T, body []byte) {
		e := Endpoint{Secrets: []string{"hunter22-hunter22"}}
		_ = e.Clean(Read(body).Message)
		_ = retryIn(body)
	})
}

package wire

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"tesela/agent/model"
)

const key = "sk-live-0a1B2c3D4e5F6g7H8i9J-kL+/m="

func endpoint() Endpoint {
	return Endpoint{Model: "vendor:m", Address: "https://ana:hunter22@api.vendor.example/v1?x=1", KeyName: "VENDOR_API_KEY", Secrets: []string{key, "hunter22"}}
}

func noted(status int, body string, header ...string) *Note {
	n := &Note{}
	h := http.Header{}
	for i := 0; i+1 < len(header); i += 2 {
		h.Set(header[i], header[i+1])
	}
	n.replied(status, h, status < 300)
	n.keep([]byte(body), false)
	return n
}

// What a library made of an error does not matter where the endpoint said it.
func TestCauses(t *testing.T) {
	poor := errors.New("unexpected response: " + key)
	failed := func(err error) *Note {
		n := &Note{}
		n.fail(err)
		return n
	}
	for _, c := range []struct {
		name string
		err  error
		note *Note
		want model.Cause
		says string
	}{
		{"wrong key", poor, noted(401, `{"error":{"message":"Incorrect API key provided: sk-live-****************************+/m=."}}`), model.Denied, "VENDOR_API_KEY"},
		{"Google's wrong key", poor, noted(400, `{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT","details":[{"reason":"API_KEY_INVALID"}]}}`), model.Denied, "VENDOR_API_KEY"},
		{"AWS's", poor, noted(403, `{"message":"The security token included in the request is invalid."}`, "X-Amzn-Errortype", "UnrecognizedClientException:http://x"), model.Denied, "VENDOR_API_KEY"},
		{"no such model", poor, noted(404, `{"type":"error","error":{"type":"not_found_error","message":"model: claude-9"}}`), model.Denied, "api.vendor.example has no such model"},
		{"no such model, with 400", poor, noted(400, `{"message":"The provided model identifier is invalid."}`), model.Denied, "no such model"},
		{"too many", poor, noted(429, `{"type":"error","error":{"type":"rate_limit_error","message":"slow down"}}`), model.Busy, "slow down"},
		{"no money", poor, noted(400, `{"type":"error","error":{"type":"invalid_request_error","message":"Your credit balance is too low"}}`), model.Busy, "credit balance"},
		{"no money, with 402", poor, noted(402, ``), model.Busy, "Payment Required"},
		{"overloaded", poor, noted(529, `{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}`), model.Unreachable, "529: Overloaded"},
		{"a page", poor, noted(502, `<html>bad gateway</html>`), model.Unreachable, "502: Bad Gateway"},
		{"filter", poor, noted(400, `{"error":{"code":"content_filter","message":"filtered"}}`), model.Refused, "filtered"},
		{"refusal", Refusal{"I cannot."}, noted(200, ``), model.Refused, "I cannot."},
		{"wrapped refusal", fmt.Errorf("x: %w", Refusal{}), noted(200, ``), model.Refused, "content filter"},
		{"bad request", poor, noted(400, `{"error":{"message":"tools: bad"}}`), model.Broken, "400: tools: bad"},
		{"silent, hidden by the library", poor, failed(ErrSilent), model.Slow, "not a byte for 1m0s"},
		{"slow", ErrSlow, &Note{}, model.Slow, "no reply within 2m0s"},
		{"reset, hidden", poor, failed(&net.OpError{Op: "read", Err: errors.New("boom")}), model.Unreachable, "cannot be reached"},
		{"nobody there", &url.Error{Op: "Post", URL: "https://ana:hunter22@api.vendor.example/v1?key=" + key, Err: &net.OpError{Op: "dial", Err: errors.New("refused")}}, &Note{}, model.Unreachable, "dial: refused"},
		{"redirect, hidden", poor, failed(ErrRedirect), model.Unreachable, "leads elsewhere"},
		{"huge, hidden", poor, failed(ErrHuge), model.Broken, "does not end"},
		{"interrupted", Interruption{Said{Message: "The server had an error"}}, noted(200, ``), model.Broken, "broke off with an error: The server"},
		{"nonsense", errors.New("invalid character 'x'"), noted(200, ``), model.Broken, "makes no sense: invalid character"},
		{"without a note", poor, nil, model.Broken, "makes no sense"},
	} {
		f := endpoint().Fault(Limits{}, c.err, c.note)
		text := f.Error()
		if f.Cause != c.want || !strings.Contains(text, c.says) || !strings.HasPrefix(text, "vendor:m: ") {
			t.Errorf("%s: %s, %s", c.name, f.Cause, text)
		}
		for _, secret := range []string{key, "hunter22", "+/m=", "0a1B", "ana:"} {
			if strings.Contains(text, secret) {
				t.Errorf("%s: %q tells of %q", c.name, text, secret)
			}
		}
		if !errors.Is(f, c.err) {
			t.Errorf("%s: it is not told what it is", c.name)
		}
	}
}

func TestSecretsInAllForms(t *testing.T) {
	e := endpoint()
	for _, text := range []string{
		key, "key=" + url.QueryEscape(key), "Bearer " + key + ".", "sk-live-***", "sk-live…kL+/m=", "sk-li...L+/m=", "•••••••L+/m=", "(****/m=)",
		"sk-live-0a1B2c3D4e5F", "got 8i9J-kL+/m= instead", "sk-other-abcdef0123456789", "AIzaSyA1234567890abcdefghijk", "AKIAIOSFODNN7EXAMPLE/20260101",
		"c2stbGl2ZS0wYTFCMmMzRDRlNUY2ZzdIOGk5Si1rTCsvbT0=", "Basic c2stbGl2ZS0wYTFC",
	} {
		got := e.Clean("the key " + text + " is wrong")
		for i := 0; i+5 <= len(key); i++ {
			if strings.Contains(got, key[i:i+5]) {
				t.Errorf("%q becomes %q", text, got)
				break
			}
		}
		if !strings.Contains(got, "…") || !strings.Contains(got, "is wrong") && len(text) < 20 {
			t.Errorf("%q becomes %q", text, got)
		}
	}
	for _, plain := range []string{
		"The model gpt-4o-mini does not exist.", "temperature must be between 0 and 2", "see https://example.com/docs/errors... for more", "skipping token limits",
	} {
		if got := e.Clean(plain); got != plain {
			t.Errorf("%q becomes %q", plain, got)
		}
	}
	short := Endpoint{Secrets: []string{"", "abc"}}
	if got := short.Clean("abc is no secret"); got != "abc is no secret" {
		t.Error(got)
	}
}

func TestClip(t *testing.T) {
	for in, want := range map[string]string{
		" a\n b\t": "a b", "": "it does not say why", "\xff\n": "\ufffd", strings.Repeat("é", 150): strings.Repeat("é", 100) + "…",
	} {
		if got := Clip(in); got != want {
			t.Errorf("%q, not %q", got, want)
		}
	}
}

func TestHost(t *testing.T) {
	for address, want := range map[string]string{"https://ana:hunter22@h:1/v1": "h:1", "": "the endpoint", "://": "the endpoint"} {
		if got := (Endpoint{Address: address}).Host(); got != want {
			t.Errorf("%q: %q", address, got)
		}
	}
}

// serve is an endpoint, and a client whose transport gives up after idle.
func serve(t *testing.T, idle time.Duration, h http.HandlerFunc) (*Transport, string) {
	t.Helper()
	s := httptest.NewServer(h)
	tr := NewTransport(idle, nil)
	t.Cleanup(func() {
		tr.CloseIdleConnections()
		s.CloseClientConnections()
		s.Close()
	})
	return tr, s.URL
}

// Who watches attempts hears no secrets either, and what the error is of.
func TestWatchedWithoutSecrets(t *testing.T) {
	var heard []model.Attempt
	ctx := model.Watch(t.Context(), func() func(model.Attempt) { return func(a model.Attempt) { heard = append(heard, a) } })
	e := Endpoint{Secrets: []string{"s3cret-of-somebody"}}
	_, err := Try(e.Watched(ctx), Limits{Attempts: 1}, func(context.Context, *Note) error {
		return fmt.Errorf("the key s3cret-of-somebody: %w", ErrBrokeOff)
	}, nil)
	if err == nil || len(heard) != 1 || strings.Contains(heard[0].Err.Error(), "s3cret") || !errors.Is(heard[0].Err, ErrBrokeOff) {
		t.Errorf("%v, %v", heard, err)
	}
	if _, err := Try(e.Watched(t.Context()), Limits{}, func(context.Context, *Note) error { return nil }, nil); err != nil {
		t.Error(err)
	}
}

package openai

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"syscall"
	"time"

	client "github.com/sashabaranov/go-openai"

	"tesela/agent/model"
)

// mostBackoff is the longest wait that is not asked for by the endpoint.
const mostBackoff = 8 * time.Second

// wait tells whether another attempt may do better, and how long to wait for
// it: as long as the endpoint asks, else twice as long each time.
func (m *Model) wait(err error, note *attempted, attempt int) (time.Duration, bool) {
	status, code := status(err)
	switch {
	case status == http.StatusTooManyRequests && code == "insufficient_quota":
		return 0, false
	case status == http.StatusTooManyRequests, status == http.StatusRequestTimeout, status >= 500:
	case status != 0:
		return 0, false
	case errors.Is(err, errBrokeOff), inStream(err), reset(err):
	default:
		return 0, false
	}
	if note.retryAfter > m.RetryAfter {
		return 0, false
	}
	pause := m.Backoff << min(attempt-1, 10)
	return max(note.retryAfter, min(pause, mostBackoff)), true
}

// status is the HTTP status and the endpoint's code of an error, 0 for none.
func status(err error) (int, string) {
	var api *client.APIError
	var plain *client.RequestError
	switch {
	case errors.As(err, &api):
		code, _ := api.Code.(string)
		if code == "" {
			code = api.Type
		}
		return api.HTTPStatusCode, code
	case errors.As(err, &plain):
		return plain.HTTPStatusCode, ""
	}
	return 0, ""
}

// inStream is an error that the endpoint sent in the midst of a reply.
func inStream(err error) bool {
	var api *client.APIError
	return errors.As(err, &api) && api.HTTPStatusCode == 0
}

// reset is a connection that broke.
func reset(err error) bool {
	return errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF)
}

// fault puts an error into words, without secrets.
func (m *Model) fault(ctx context.Context, err error) *model.Fault {
	f := &model.Fault{Model: m.name, Cause: model.Broken}
	var refused refusal
	var api *client.APIError
	var net1 net.Error
	status, code := status(err)
	why := m.clean(err)
	switch {
	case errors.As(err, &refused), code == "content_filter", code == "content_policy_violation":
		f.Cause = model.Refused
	case errors.Is(err, errSlow), errors.Is(err, errSilent), errors.Is(context.Cause(ctx), errSlow):
		f.Cause = model.Slow
		if !errors.Is(err, errSilent) {
			why = fmt.Sprintf("no reply within %s", m.Timeout)
		} else {
			why = fmt.Sprintf("not a byte for %s", m.Idle)
		}
	case status == http.StatusTooManyRequests:
		f.Cause = model.Busy
		why = "too many requests, or the quota is spent: " + why
	case status == http.StatusUnauthorized, status == http.StatusForbidden:
		f.Cause = model.Denied
		why = "the endpoint refuses the key in OPENAI_API_KEY: " + why
	case status == http.StatusNotFound:
		f.Cause = model.Denied
		why = fmt.Sprintf("%s has no such model, or no chat completions at this address: %s", m.Host(), why)
	case status >= 500:
		f.Cause = model.Unreachable
		why = fmt.Sprintf("the endpoint fails with %d: %s", status, why)
	case status > 0:
		why = fmt.Sprintf("the endpoint answers with %d: %s", status, why)
	case errors.As(err, &api):
		why = "the endpoint broke off with an error: " + why
	case errors.Is(err, errRedirect), errors.As(err, &net1), reset(err):
		f.Cause = model.Unreachable
		why = fmt.Sprintf("%s cannot be reached: %s", m.Host(), why)
	case errors.Is(err, errBrokeOff), errors.Is(err, errCut), errors.Is(err, errNoName), errors.Is(err, errHuge):
	default:
		why = "its reply makes no sense: " + why
	}
	f.Err = &clean{text: why, err: err}
	return f
}

// clean is an error worded anew; what it is of can be told but not read.
type clean struct {
	text string
	err  error
}

func (c *clean) Error() string { return c.text }

func (c *clean) Is(target error) bool { return errors.Is(c.err, target) }

// Host is where the endpoint is, without user, password or path.
func (m *Model) Host() string {
	u, err := url.Parse(m.BaseURL)
	if err != nil {
		return "the endpoint"
	}
	return u.Host
}

// secret is what looks like a key though it is not ours, as endpoints repeat
// keys in their errors.
var secret = regexp.MustCompile(`(?i)\b(?:sk|pk|key|bearer|basic)[-_ ][\w*.+/=-]{6,}`)

// clean is an error's text in one short line, without keys.
func (m *Model) clean(err error) string {
	var address *url.Error
	if errors.As(err, &address) {
		err = address.Err // it holds the whole URL
	}
	var api *client.APIError
	var plain *client.RequestError
	text := err.Error()
	switch {
	case errors.As(err, &api):
		text = api.Message
	case errors.As(err, &plain):
		text = strings.TrimSpace(string(plain.Body))
		if text == "" || strings.HasPrefix(text, "<") {
			text = http.StatusText(plain.HTTPStatusCode)
		}
	}
	if len(m.Key) >= 4 {
		text = strings.ReplaceAll(text, m.Key, "…")
	}
	return clip(secret.ReplaceAllString(text, "…"))
}

// clip is a text in one line of at most 200 bytes.
func clip(s string) string {
	s = strings.Join(strings.Fields(strings.ToValidUTF8(s, "\ufffd")), " ")
	if len(s) > 200 {
		s = strings.ToValidUTF8(s[:200], "") + "…"
	}
	if s == "" {
		return "it does not say why"
	}
	return s
}

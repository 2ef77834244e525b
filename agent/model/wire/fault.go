package wire

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"tesela/agent/model"
)

// Endpoint is whom a model is asked of, as faults tell of it.
type Endpoint struct {
	Model   string   // its name in answers, such as openai:NAME
	Address string   // a URL; no more than its host is ever told
	KeyName string   // the environment variable that holds the key
	Secrets []string // what must not be told: keys, passwords
}

// Host is where the endpoint is, without user, password or path.
func (e Endpoint) Host() string {
	u, err := url.Parse(e.Address)
	if err != nil || u.Host == "" {
		return "the endpoint"
	}
	return u.Host
}

// words by which endpoints say with status 400 what others have a status for.
var (
	filtered = []string{"content_filter", "content_policy_violation", "ResponsibleAIPolicyViolation"}
	blocked  = regexp.MustCompile(`(?i)blocked by .{0,20}content`)
	badKey   = regexp.MustCompile(`(?i)api[_ ]key[_ ](?:not valid|invalid)|(?:invalid|incorrect)[_ ]api[_ ]key|security token .* invalid`)
	noModel  = regexp.MustCompile(`(?i)model_not_found|invalid[_ ]model|model identifier is invalid|no such model|model .{0,80}(?:does not exist|not found)`)
	noMoney  = regexp.MustCompile(`(?i)credit balance|insufficient[_ ](?:quota|balance|funds)|billing`)
)

// Fault puts the error that Try came to into words, without secrets. Limits
// are those that Try had.
func (e Endpoint) Fault(l Limits, err error, n *Note) *model.Fault {
	l = l.WithDefaults()
	f := &model.Fault{Model: e.Model, Cause: model.Broken}
	var refused Refusal
	var net1 net.Error
	status, said := n.Status(), n.Said()
	why := e.clean(err, n)
	hint := said.Message + " " + said.Code + " " + said.Type
	key := "the key"
	if e.KeyName != "" {
		key += " in " + e.KeyName
	}
	switch {
	case errors.As(err, &refused), status >= 400 && slices.Contains(filtered, said.Code), status == http.StatusBadRequest && blocked.MatchString(hint):
		f.Cause = model.Refused
	case is(err, n, ErrSilent):
		f.Cause = model.Slow
		why = fmt.Sprintf("not a byte for %s", l.Idle)
	case is(err, n, ErrSlow):
		f.Cause = model.Slow
		why = fmt.Sprintf("no reply within %s", l.Timeout)
	case status == http.StatusRequestTimeout:
		f.Cause = model.Slow
		why = "the endpoint itself waited too long: " + why
	case status == http.StatusTooManyRequests, status == http.StatusPaymentRequired, status >= 400 && quotaSpent(said), status == http.StatusBadRequest && noMoney.MatchString(hint):
		f.Cause = model.Busy
		why = "too many requests, or the quota is spent: " + why
	case status == http.StatusUnauthorized, status == http.StatusForbidden, status == http.StatusBadRequest && badKey.MatchString(hint):
		f.Cause = model.Denied
		why = "the endpoint refuses " + key + ": " + why
	case status == http.StatusNotFound, status == http.StatusBadRequest && noModel.MatchString(hint):
		f.Cause = model.Denied
		why = fmt.Sprintf("%s has no such model, or nothing of its kind at this address: %s", e.Host(), why)
	case status >= 500:
		f.Cause = model.Unreachable
		why = fmt.Sprintf("the endpoint fails with %d: %s", status, why)
	case status >= 300:
		why = fmt.Sprintf("the endpoint answers with %d: %s", status, why)
	case interrupted(err):
		why = "the endpoint broke off with an error: " + why
	case is(err, n, ErrHuge), is(err, n, ErrBrokeOff), errors.Is(err, ErrCut), errors.Is(err, ErrNoName):
	case n.Failure() != nil, errors.Is(err, ErrRedirect), errors.As(err, &net1), reset(err):
		f.Cause = model.Unreachable
		why = fmt.Sprintf("%s cannot be reached: %s", e.Host(), why)
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

// clean is an error's text in one short line, without keys: the endpoint's own
// words where it said any, else the transport's, else the library's.
func (e Endpoint) clean(err error, n *Note) string {
	if failed := n.Failure(); failed != nil {
		err = failed
	}
	var address *url.Error
	if errors.As(err, &address) {
		err = address.Err // it holds the whole URL
	}
	text := err.Error()
	if status := n.Status(); status >= 400 {
		if text = n.Said().Message; strings.TrimSpace(text) == "" {
			text = http.StatusText(status)
		}
	}
	return e.Clean(text)
}

// Clean is a text of the endpoint in one short line, without keys.
func (e Endpoint) Clean(text string) string {
	for _, s := range e.Secrets {
		text = without(text, s)
	}
	return Clip(lookalike.ReplaceAllString(text, "…"))
}

// Watched is a context whose watcher, where it has one, is told of attempts
// without secrets.
func (e Endpoint) Watched(ctx context.Context) context.Context {
	return model.Watch(ctx, func() func(model.Attempt) {
		over := model.Attempting(ctx)
		return func(a model.Attempt) {
			if a.Err != nil {
				a.Err = &clean{text: e.Clean(a.Err.Error()), err: a.Err}
			}
			over(a)
		}
	})
}

// Clip is a text in one line of at most 200 bytes.
func Clip(s string) string {
	s = strings.Join(strings.Fields(strings.ToValidUTF8(s, "\ufffd")), " ")
	if len(s) > 200 {
		s = strings.ToValidUTF8(s[:200], "") + "…"
	}
	if s == "" {
		return "it does not say why"
	}
	return s
}

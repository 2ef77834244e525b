package wire

import (
	"bytes"
	"cmp"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Said is what an endpoint says of an error.
type Said struct {
	Message string
	Code    string // the vendor's word for it, such as insufficient_quota
	Type    string // and for its kind, such as invalid_request_error
	Param   string // what of the request it is about
}

// Said is what the body of an error says, "" where it says nothing.
func (n *Note) Said() Said {
	if n == nil || n.Status() < 400 {
		return Said{}
	}
	s := Read(n.Raw())
	n.mu.Lock()
	kind := n.header.Get("X-Amzn-Errortype")
	n.mu.Unlock()
	kind, _, _ = strings.Cut(kind, ":") // an address may follow
	s.Code = cmp.Or(s.Code, kind)
	return s
}

// Read reads the body of an error in any of the shapes that vendors give it:
// {"error":{"message","code","type","param","status"}} of OpenAI, Anthropic and
// Google, {"error":"…"}, {"message","code","type"} of Mistral and AWS,
// {"detail":…} of Python's servers, each perhaps in a list, or plain text. A
// page for people says nothing.
func Read(body []byte) Said {
	body = bytes.TrimSpace(body)
	if len(body) == 0 || body[0] == '<' {
		return Said{}
	}
	var list []json.RawMessage
	if body[0] == '[' && json.Unmarshal(body, &list) == nil && len(list) > 0 {
		body = list[0]
	}
	var outer map[string]json.RawMessage
	if json.Unmarshal(body, &outer) != nil {
		var text string
		if json.Unmarshal(body, &text) == nil {
			return Said{Message: text}
		}
		return Said{Message: string(body)}
	}
	inner := outer
	if raw, ok := outer["error"]; ok {
		if word := wordOf(raw); word != "" {
			return Said{Message: word, Code: wordOf(outer["code"])}
		}
		var object map[string]json.RawMessage
		if json.Unmarshal(raw, &object) == nil && object != nil {
			inner = object
		}
	}
	s := Said{Param: wordOf(inner["param"]), Type: cmp.Or(wordOf(inner["type"]), wordOf(inner["__type"]))}
	for _, name := range []string{"message", "Message", "detail", "msg"} {
		if s.Message == "" {
			s.Message = textOf(inner[name])
		}
	}
	// Google's code is the status once more, its status the word.
	if s.Code = wordOf(inner["code"]); s.Code == "" || isNumber(s.Code) {
		s.Code = cmp.Or(reasonOf(inner["details"]), wordOf(inner["status"]), s.Code)
	}
	if inner := innerCode(inner["innererror"]); inner != "" {
		s.Code = cmp.Or(s.Code, inner)
	}
	return s
}

// wordOf is a string, or a number as one.
func wordOf(raw json.RawMessage) string {
	var s string
	var n json.Number
	switch {
	case len(raw) == 0:
	case json.Unmarshal(raw, &s) == nil:
		return s
	case json.Unmarshal(raw, &n) == nil:
		return n.String()
	}
	return ""
}

func isNumber(s string) bool {
	_, err := strconv.Atoi(s)
	return err == nil
}

// textOf is a string, the strings of a list, or the messages of a list of
// objects.
func textOf(raw json.RawMessage) string {
	if s := wordOf(raw); s != "" {
		return s
	}
	var object struct{ Detail, Message json.RawMessage }
	if len(raw) > 0 && raw[0] == '{' && json.Unmarshal(raw, &object) == nil {
		if object.Detail != nil || object.Message != nil {
			return cmp.Or(textOf(object.Message), textOf(object.Detail))
		}
	}
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) != nil {
		return ""
	}
	var texts []string
	for _, one := range list {
		var o struct {
			Loc []json.RawMessage `json:"loc"`
			Msg string            `json:"msg"`
		}
		text := wordOf(one)
		if text == "" && json.Unmarshal(one, &o) == nil {
			var at []string
			for _, l := range o.Loc {
				at = append(at, wordOf(l))
			}
			text = strings.TrimSpace(strings.Join(at, ".") + " " + o.Msg)
		}
		if text != "" {
			texts = append(texts, text)
		}
	}
	return strings.Join(texts, "; ")
}

// detail is one of Google's particulars of an error.
type detail struct {
	Reason     string `json:"reason"`
	RetryDelay string `json:"retryDelay"`
}

func reasonOf(raw json.RawMessage) string {
	var list []detail
	if len(raw) == 0 || json.Unmarshal(raw, &list) != nil {
		return ""
	}
	for _, d := range list {
		if d.Reason != "" {
			return d.Reason
		}
	}
	return ""
}

func innerCode(raw json.RawMessage) string {
	var inner struct {
		Code string `json:"code"`
	}
	if len(raw) == 0 || json.Unmarshal(raw, &inner) != nil {
		return ""
	}
	return inner.Code
}

// retryIn is the wait that an error's body asks for, as Google's do.
func retryIn(body []byte) time.Duration {
	var e struct {
		Error struct{ Details []detail }
	}
	body = bytes.TrimSuffix(bytes.TrimPrefix(bytes.TrimSpace(body), []byte("[")), []byte("]"))
	if json.Unmarshal(body, &e) != nil {
		return 0
	}
	for _, d := range e.Error.Details {
		if wait, err := time.ParseDuration(d.RetryDelay); err == nil && wait > 0 {
			return wait
		}
	}
	return 0
}

// retryAfter is how long a header asks to wait, in seconds, milliseconds or
// until a date counted from the reply's own; 0 where it does not.
func retryAfter(h http.Header) time.Duration {
	if ms, err := strconv.ParseFloat(h.Get("Retry-After-Ms"), 64); err == nil && ms > 0 && ms < 1e12 {
		return time.Duration(ms * float64(time.Millisecond))
	}
	said := strings.TrimSpace(h.Get("Retry-After"))
	if s, err := strconv.ParseFloat(said, 64); err == nil && s > 0 && s < 1e9 {
		return time.Duration(s * float64(time.Second))
	}
	until, err := http.ParseTime(said)
	now, err2 := http.ParseTime(h.Get("Date"))
	if err == nil && err2 == nil && until.After(now) {
		return until.Sub(now)
	}
	return 0
}

package langchain

import (
	"bytes"
	"encoding/json"
	"strings"

	"tesela/agent/model"
	"tesela/agent/model/wire"
)

// fields are a JSON object's, each as it stands there. What is no object has
// none.
type fields map[string]json.RawMessage

func fieldsOf(raw []byte) fields {
	var f fields
	if json.Unmarshal(raw, &f) != nil {
		return nil
	}
	return f
}

// list are a JSON array's items.
func (f fields) list(name string) []json.RawMessage {
	var l []json.RawMessage
	if json.Unmarshal(f[name], &l) != nil {
		return nil
	}
	return l
}

// text is a field's string, "" for all else.
func (f fields) text(name string) string {
	var s string
	if json.Unmarshal(f[name], &s) != nil {
		return ""
	}
	return s
}

// has tells of a field that is there and says something.
func (f fields) has(name string) bool {
	raw := bytes.TrimSpace(f[name])
	return len(raw) > 0 && string(raw) != "null"
}

// number is a field's number, 0 for all else and for what is negative.
func (f fields) number(name string) int {
	var n float64
	if json.Unmarshal(f[name], &n) != nil || !(n >= 0) || n > 1e12 {
		return 0
	}
	return int(n)
}

// set puts a value into a field; a value that JSON cannot hold leaves it.
func (f fields) set(name string, value any) {
	if raw, err := json.Marshal(value); err == nil {
		f[name] = raw
	}
}

// usageOf sums what a reply cost, nil where it does not say.
func usageOf(f fields, in, out []string) *model.Usage {
	var u model.Usage
	for _, name := range in {
		u.InputTokens += f.number(name)
	}
	for _, name := range out {
		u.OutputTokens += f.number(name)
	}
	if u == (model.Usage{}) {
		return nil
	}
	return &u
}

// interrupted is the error that a document holds though its status is that of
// a reply, nil for none.
func interrupted(doc fields, body []byte) error {
	if doc.has("error") || doc.text("type") == "error" {
		return wire.Interruption{Said: wire.Read(body)}
	}
	return nil
}

// noReply is what a document is that holds nothing of a reply: an error in
// words, or something else altogether.
func noReply(doc fields, body []byte) error {
	if doc.text("message") != "" {
		return wire.Interruption{Said: wire.Read(body)}
	}
	return errNoReply
}

// whole is what a reply lacks that came to its end.
func (h heard) whole() error {
	for _, c := range h.calls {
		if strings.TrimSpace(c.name) == "" {
			return wire.ErrNoName
		}
	}
	if len(h.calls) == 0 && strings.TrimSpace(speech(h.text)) == "" {
		return errNothing
	}
	return nil
}

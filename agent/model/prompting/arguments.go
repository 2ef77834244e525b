package prompting

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
)

// Arguments reads a call's arguments as models write them: an object, an
// object in a JSON string once or twice over, an object in a Markdown fence,
// or nothing. Properties that are null are left out, also of objects within,
// since models write so what they leave out. What is no object comes back as it
// is, for the caller to say so to the model; it need not be JSON then.
func Arguments(text string) json.RawMessage {
	text = strings.TrimSpace(strings.ToValidUTF8(text, "\ufffd"))
	for range 3 {
		if fenced, ok := strings.CutPrefix(text, "```"); ok {
			fenced, _ = strings.CutSuffix(strings.TrimSpace(fenced), "```")
			text = strings.TrimSpace(strings.TrimPrefix(fenced, "json"))
		}
		if text == "" || text == "null" {
			return json.RawMessage("{}")
		}
		var inner string
		if text[0] != '"' || json.Unmarshal([]byte(text), &inner) != nil {
			break
		}
		text = strings.TrimSpace(inner)
	}
	if text == "" {
		return json.RawMessage("{}")
	}
	if text[0] != '{' || !json.Valid([]byte(text)) {
		return json.RawMessage(text)
	}
	return withoutNulls(json.RawMessage(text), 0)
}

// withoutNulls leaves out properties that are null, in objects within objects
// and lists too: an imposed schema makes models write them there as well. What
// lies deeper than any tool's arguments is left as it is.
func withoutNulls(value json.RawMessage, depth int) json.RawMessage {
	if depth > deepest || !bytes.Contains(value, []byte("null")) {
		return value
	}
	switch value[0] {
	case '{':
		var o object
		if o.split(value) != nil {
			return value
		}
		for _, name := range slices.Clone(o.names) {
			if v := o.values[name]; string(v) == "null" {
				o.drop(name)
			} else {
				o.values[name] = withoutNulls(v, depth+1)
			}
		}
		return o.text()
	case '[':
		list := elements(value)
		for i := range list {
			list[i] = withoutNulls(list[i], depth+1)
		}
		return listJSON(list)
	}
	return value
}

// address is an e-mail address as it stands in texts and JSON.
var address = regexp.MustCompile(`[\pL\pN._%+'-]+@[\pL\pN-]+(?:\.[\pL\pN-]+)+`)

// MaskPersonal leaves e-mail addresses out of a text. Fields known to be
// personal never come this far; this is for addresses where nobody looked for
// any, such as customers' ids.
func MaskPersonal(text string) string {
	if !strings.Contains(text, "@") {
		return text
	}
	return address.ReplaceAllString(text, "[address]")
}

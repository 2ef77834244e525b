package prompting

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
)

// Arguments reads a call's arguments as models write them: an object, an
// object in a JSON string once or twice over, an object in a Markdown fence,
// or nothing. Properties that are null are left out, since models write so what
// they leave out. What is no object comes back as it is, for the caller to say
// so to the model; it need not be JSON then.
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
	var object map[string]json.RawMessage
	if text == "" {
		return json.RawMessage("{}")
	}
	if text[0] != '{' || json.Unmarshal([]byte(text), &object) != nil {
		return json.RawMessage(text)
	}
	nulls := false
	for name, value := range object {
		if string(value) == "null" {
			delete(object, name)
			nulls = true
		}
	}
	if !nulls {
		return json.RawMessage(text)
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(object); err != nil {
		return json.RawMessage(text)
	}
	return bytes.TrimSpace(b.Bytes())
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

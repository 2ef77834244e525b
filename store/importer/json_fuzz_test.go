package importer

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"
)

// The parser takes just what the standard library takes as an object, and
// finds the same texts in it.
func FuzzJSON(f *testing.F) {
	for _, s := range []string{
		`{"a": 1, "b": "x", "c": null, "d": true, "e": [1, "y", {"f": 2}], "g": {"h": -1.5e+3}}`, `{"p":[{"key":"k","value":{"int_value":"7"}},{"key":"l","value":2,"more":{}}]}`,
		`{"a":"\u00e9\ud83d\ude00\n\\\"\/"}`, `{"a":01}`, `{"a":1,}`, `{}`, `[1]`, `{"a":"\ud800x"}`, `{"":{"":1}}`, `{"key":"a","value":1}`, ` {"a" : [ ] , "b":{ } } `, `{"x":[{"key":"a","value"}]}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if !utf8.Valid(b) || len(b) > 2000 || strings.Count(string(b), "[")+strings.Count(string(b), "{") > maxDepth {
			return
		}
		for _, c := range b {
			if c < ' ' && c != '\n' && c != '\t' && c != '\r' {
				return // taken within strings, where the standard is stricter
			}
		}
		p := newJSONParser(nil, true)
		err := p.row(b)
		var want map[string]any
		d := json.NewDecoder(bytes.NewReader(b))
		d.UseNumber()
		object := json.Valid(b) && d.Decode(&want) == nil && want != nil
		if inString(b) {
			return // likewise line ends within strings
		}
		if object != (err == nil) {
			t.Fatalf("%q: %v, by the standard library an object: %v", b, err, object)
		}
		if err != nil {
			return
		}
		for name := range want {
			if name != strings.TrimSpace(name) {
				return // names are taken without blanks around them
			}
		}
		for name, v := range want {
			text, flat := "", true
			switch v := v.(type) {
			case string:
				text = strings.NewReplacer("\b", " ", "\f", " ", "\x00", "\ufffd").Replace(v)
			case json.Number:
				text = v.String()
			case bool:
				text = "false"
				if v {
					text = "true"
				}
			default:
				flat = false
			}
			i, ok := p.byName[strings.TrimSpace(name)]
			if !flat || strings.ContainsAny(string(b), ".") && strings.Contains(name, ".") {
				continue
			}
			if strings.Count(string(b), `:`) > len(want) {
				continue // names may come twice, or be made of parts
			}
			if !ok || string(p.fields[i]) != text {
				t.Fatalf("%q: %s is %q, wanted %q", b, name, p.fields, text)
			}
		}
	})
}

// inString tells whether a line end stands within a string.
func inString(b []byte) bool {
	quoted := false
	for i := 0; i < len(b); i++ {
		switch {
		case quoted && b[i] == '\\':
			i++
		case b[i] == '"':
			quoted = !quoted
		case quoted && b[i] < ' ':
			return true
		}
	}
	return false
}

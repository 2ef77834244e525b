package prompting

import (
	"bytes"
	"encoding/json"
	"errors"
)

// object is a JSON object that keeps the order of its properties: models fill
// in arguments in the order in which they are told of them.
type object struct {
	names  []string
	values map[string]json.RawMessage
}

var errNoObject = errors.New("no JSON object")

// UnmarshalJSON reads an object; of a name that comes twice the last counts.
// The values are parts of data.
func (o *object) UnmarshalJSON(data []byte) error {
	if !json.Valid(data) {
		return errNoObject
	}
	return o.split(data)
}

// split reads an object of JSON that is known to be valid, going over its
// values but once: results are large, and read in every round.
func (o *object) split(data []byte) error {
	at := space(data, 0)
	if at >= len(data) || data[at] != '{' {
		return errNoObject
	}
	o.names, o.values = nil, map[string]json.RawMessage{}
	for at = space(data, at+1); at < len(data) && data[at] != '}'; {
		end := skip(data, at)
		var name string
		if err := json.Unmarshal(data[at:end], &name); err != nil {
			return err
		}
		at = space(data, space(data, end)+1) // past the colon
		end = skip(data, at)
		o.set(name, data[at:end:end])
		if at = space(data, end); at < len(data) && data[at] == ',' {
			at = space(data, at+1)
		}
	}
	return nil
}

// elements are those of a valid JSON list, nil where it is none.
func elements(data []byte) []json.RawMessage {
	at := space(data, 0)
	if at >= len(data) || data[at] != '[' {
		return nil
	}
	var list []json.RawMessage
	for at = space(data, at+1); at < len(data) && data[at] != ']'; {
		end := skip(data, at)
		list = append(list, data[at:end:end])
		if at = space(data, end); at < len(data) && data[at] == ',' {
			at = space(data, at+1)
		}
	}
	return list
}

// space is where the white space from at ends.
func space(data []byte, at int) int {
	for at < len(data) && (data[at] == ' ' || data[at] == '\n' || data[at] == '\t' || data[at] == '\r') {
		at++
	}
	return at
}

// skip is where the value at at ends, in valid JSON.
func skip(data []byte, at int) int {
	depth := 0
	for at < len(data) {
		switch c := data[at]; c {
		case '"':
			for at++; at < len(data) && data[at] != '"'; at++ {
				if data[at] == '\\' {
					at++
				}
			}
			at = min(at+1, len(data))
			if depth == 0 {
				return at
			}
			continue
		case '{', '[':
			depth++
		case '}', ']':
			if depth == 0 {
				return at // the end of what a plain value stands in
			}
			if depth--; depth == 0 {
				return at + 1
			}
		case ',', ' ', '\n', '\t', '\r', ':':
			if depth == 0 {
				return at
			}
		}
		at++
	}
	return at
}

// text is the object in its order.
func (o object) text() json.RawMessage {
	size := 2
	for _, name := range o.names {
		size += len(name) + len(o.values[name]) + 8
	}
	b := append(make([]byte, 0, size), '{')
	for i, name := range o.names {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(append(b, plainJSON(name)...), ':')
		b = append(b, o.values[name]...)
	}
	return append(b, '}')
}

// MarshalJSON writes the object in its order.
func (o object) MarshalJSON() ([]byte, error) { return o.text(), nil }

func (o *object) set(name string, value json.RawMessage) {
	if _, ok := o.values[name]; !ok {
		o.names = append(o.names, name)
	}
	if o.values == nil {
		o.values = map[string]json.RawMessage{}
	}
	o.values[name] = value
}

func (o *object) drop(name string) {
	if _, ok := o.values[name]; !ok {
		return
	}
	delete(o.values, name)
	for i, n := range o.names {
		if n == name {
			o.names = append(o.names[:i:i], o.names[i+1:]...)
			return
		}
	}
}

// read is the value of a property, if it is there and of the kind.
func read[T any](o object, name string) (T, bool) {
	var v T
	raw, ok := o.values[name]
	if !ok || json.Unmarshal(raw, &v) != nil {
		var none T
		return none, false
	}
	return v, true
}

// listJSON is a list of what is JSON already.
func listJSON(list []json.RawMessage) json.RawMessage {
	b := []byte{'['}
	for i, one := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, one...)
	}
	return append(b, ']')
}

// plainJSON writes a value without the escapes that HTML needs.
func plainJSON(v any) json.RawMessage {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return json.RawMessage("null")
	}
	return bytes.TrimSpace(b.Bytes())
}

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
func (o *object) UnmarshalJSON(data []byte) error {
	d := json.NewDecoder(bytes.NewReader(data))
	if begin, err := d.Token(); err != nil || begin != json.Delim('{') {
		return errNoObject
	}
	o.names, o.values = nil, map[string]json.RawMessage{}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return err
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return err
		}
		o.set(name.(string), value) // a name is always a string
	}
	return nil
}

// MarshalJSON writes the object in its order.
func (o object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, name := range o.names {
		if i > 0 {
			b.WriteByte(',')
		}
		b.Write(plainJSON(name))
		b.WriteByte(':')
		b.Write(o.values[name])
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

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

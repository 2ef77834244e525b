package tools

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/google/jsonschema-go/jsonschema"
)

// argument is one field of an argument struct as schemas and decoding see it.
type argument struct {
	name     string
	index    int
	required bool
	enum     []string
	min, max int // bounds of a whole number or of a list's length; 0: none
}

// argumentsOf reads the fields and tags of an argument struct, in order.
func argumentsOf(t reflect.Type) []argument {
	var all []argument
	for i := range t.NumField() {
		f := t.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		a := argument{name: name, index: i, required: !strings.Contains(options, "omitempty")}
		if e := f.Tag.Get("enum"); e != "" {
			a.enum = strings.Split(e, ",")
		}
		a.min, _ = strconv.Atoi(f.Tag.Get("min"))
		a.max, _ = strconv.Atoi(f.Tag.Get("max"))
		all = append(all, a)
	}
	return all
}

// schemaOf generates the JSON schema of an argument struct: closed (no
// additional properties), enums and bounds from the tags.
func schemaOf(t reflect.Type) (json.RawMessage, error) {
	s, err := jsonschema.ForType(t, nil)
	if err != nil {
		return nil, fmt.Errorf("schema of %s: %w", t.Name(), err)
	}
	if s.Properties == nil {
		// Providers want the key even where a tool takes nothing.
		s.Properties = map[string]*jsonschema.Schema{}
	}
	for _, a := range argumentsOf(t) {
		p := s.Properties[a.name]
		for _, e := range a.enum {
			p.Enum = append(p.Enum, e)
		}
		list := t.Field(a.index).Type.Kind() == reflect.Slice
		if list {
			// Go's nil slice reads as null; callers are told to leave it out.
			p.Type, p.Types = "array", nil
		}
		if a.min > 0 {
			if list {
				p.MinItems = jsonschema.Ptr(a.min)
			} else {
				p.Minimum = jsonschema.Ptr(float64(a.min))
			}
		}
		if a.max > 0 {
			if list {
				p.MaxItems = jsonschema.Ptr(a.max)
			} else {
				p.Maximum = jsonschema.Ptr(float64(a.max))
			}
		}
	}
	data, err := json.Marshal(s)
	if err != nil {
		return nil, fmt.Errorf("schema of %s: %w", t.Name(), err)
	}
	if len(s.Properties) == 0 {
		// Empty maps are dropped when a schema is marshalled.
		return json.RawMessage(`{"type":"object","properties":{},"additionalProperties":false}`), nil
	}
	return data, nil
}

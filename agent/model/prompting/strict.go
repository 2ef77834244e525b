package prompting

import (
	"encoding/json"
	"slices"
)

// Bounds of a schema that can be imposed, as OpenAI sets them.
const (
	mostDepth      = 5
	mostProperties = 100
	mostEnum       = 500 // values in all enumerations together
)

// Keywords of JSON schema by what becomes of them in one that is imposed.
var (
	// noConstraint say nothing of what is valid.
	noConstraint = []string{"title", "default", "examples", "$schema", "$id", "$comment", "deprecated", "readOnly", "writeOnly"}
	// asTheyAre are taken over.
	asTheyAre = []string{
		"description", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minItems", "maxItems", "pattern", "format",
	}
	// formats that can be imposed; what else is said of a format is a hint.
	formats = []string{"date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"}
)

// Strict puts a tool's schema into the form in which endpoints of OpenAI's
// format impose it: every object closed, every property required, those that
// could be left out nullable. Arguments that fit the one fit the other once
// Arguments has left the nulls out. It is false where a schema cannot be put
// so: where it says something that the form has no words for, or allows
// properties that it does not name.
func Strict(schema json.RawMessage) (json.RawMessage, bool) {
	s := stricter{}
	var root object
	if json.Unmarshal(schema, &root) != nil {
		return nil, false
	}
	if t, _ := read[string](root, "type"); t != "object" {
		return nil, false
	}
	out, ok := s.schema(root, 0)
	if !ok || s.properties > mostProperties || s.enum > mostEnum {
		return nil, false
	}
	return plainJSON(out), true
}

// stricter counts while it goes through a schema.
type stricter struct{ properties, enum int }

func (s *stricter) schema(in object, depth int) (object, bool) {
	var out object
	if depth > mostDepth {
		return out, false
	}
	for _, name := range in.names {
		raw := in.values[name]
		ok := true
		switch {
		case name == "format":
			if f, is := read[string](in, name); is && slices.Contains(formats, f) {
				out.set(name, raw)
			}
		case slices.Contains(asTheyAre, name):
			out.set(name, raw)
		case slices.Contains(noConstraint, name):
		case name == "type":
			ok = isType(raw)
			out.set(name, raw)
		case name == "enum":
			var values []json.RawMessage
			ok = json.Unmarshal(raw, &values) == nil && len(values) > 0
			s.enum += len(values)
			out.set(name, raw)
		case name == "const":
			out.set(name, raw)
		case name == "items":
			var items object
			if ok = json.Unmarshal(raw, &items) == nil; ok {
				items, ok = s.schema(items, depth+1)
				out.set(name, plainJSON(items))
			}
		case name == "anyOf":
			ok = s.anyOf(raw, &out, depth)
		case name == "properties", name == "required", name == "additionalProperties":
			// with the object, below
		default:
			ok = false
		}
		if !ok {
			return out, false
		}
	}
	types := typesOf(out)
	switch {
	case slices.Contains(types, "object"):
		return out, s.object(in, &out, depth)
	case in.values["properties"] != nil:
		return out, false // of what is perhaps no object
	case slices.Contains(types, "array") && out.values["items"] == nil:
		return out, false
	}
	return out, len(types) > 0 || out.values["anyOf"] != nil
}

func (s *stricter) anyOf(raw json.RawMessage, out *object, depth int) bool {
	var branches []object
	if json.Unmarshal(raw, &branches) != nil || len(branches) == 0 {
		return false
	}
	for i := range branches {
		var ok bool
		if branches[i], ok = s.schema(branches[i], depth); !ok {
			return false
		}
	}
	out.set("anyOf", plainJSON(branches))
	return true
}

// object closes an object and makes its properties required.
func (s *stricter) object(in object, out *object, depth int) bool {
	properties, ok := read[object](in, "properties")
	if !ok {
		return false // any properties, or nobody knows
	}
	if raw, said := in.values["additionalProperties"]; said && string(raw) != "false" {
		return false
	}
	required, _ := read[[]string](in, "required")
	for _, name := range required {
		if properties.values[name] == nil {
			return false
		}
	}
	all := object{}
	for _, name := range properties.names {
		var p object
		if json.Unmarshal(properties.values[name], &p) != nil {
			return false
		}
		if p, ok = s.schema(p, depth+1); !ok {
			return false
		}
		if !slices.Contains(required, name) {
			p = nullable(p)
		} else if p, ok = never(p); !ok {
			return false
		}
		s.properties++
		all.set(name, plainJSON(p))
	}
	out.set("properties", plainJSON(all))
	out.set("required", plainJSON(append([]string{}, all.names...)))
	out.set("additionalProperties", json.RawMessage("false"))
	return true
}

// nullable lets a value be null beside what it may be.
func nullable(in object) object {
	types := typesOf(in)
	if slices.Contains(types, "null") || in.values["const"] != nil && string(in.values["const"]) == "null" {
		return in
	}
	_, alone := in.values["const"]
	if alone || in.values["anyOf"] != nil {
		// What it may be is said of a whole: null stands beside it.
		var either object
		if text, ok := in.values["description"]; ok {
			either.set("description", text)
			in.drop("description")
		}
		either.set("anyOf", plainJSON([]any{in, json.RawMessage(`{"type":"null"}`)}))
		return either
	}
	in.set("type", plainJSON(append(types, "null")))
	if values, ok := read[[]json.RawMessage](in, "enum"); ok {
		in.set("enum", plainJSON(append(values, json.RawMessage("null"))))
	}
	return in
}

// never keeps a value that must be there from being null, since nulls are taken
// for what is left out.
func never(in object) (object, bool) {
	types := typesOf(in)
	if in.values["anyOf"] != nil {
		branches, _ := read[[]object](in, "anyOf")
		return in, !slices.ContainsFunc(branches, func(b object) bool {
			_, ok := never(b)
			return !ok || slices.Contains(typesOf(b), "null")
		})
	}
	if !slices.Contains(types, "null") {
		return in, true
	}
	if _, alone := in.values["const"]; alone || len(types) == 1 {
		return in, false
	}
	types = slices.DeleteFunc(types, func(t string) bool { return t == "null" })
	in.set("type", plainJSON(types))
	if len(types) == 1 {
		in.set("type", plainJSON(types[0]))
	}
	if values, ok := read[[]json.RawMessage](in, "enum"); ok {
		in.set("enum", plainJSON(slices.DeleteFunc(values, func(v json.RawMessage) bool { return string(v) == "null" })))
	}
	return in, true
}

// typesOf is what a value may be, from its type or, where none is said, from
// its enumeration.
func typesOf(o object) []string {
	if t, ok := read[string](o, "type"); ok {
		return []string{t}
	}
	if list, ok := read[[]string](o, "type"); ok {
		return list
	}
	values, _ := read[[]any](o, "enum")
	if c, ok := read[any](o, "const"); ok {
		values = append(values, c)
	}
	var types []string
	for _, v := range values {
		t := ""
		switch v.(type) {
		case nil:
			t = "null"
		case string:
			t = "string"
		case bool:
			t = "boolean"
		case float64:
			t = "number"
		default:
			return nil
		}
		if !slices.Contains(types, t) {
			types = append(types, t)
		}
	}
	return types
}

var jsonTypes = []string{"object", "array", "string", "number", "integer", "boolean", "null"}

func isType(raw json.RawMessage) bool {
	var one string
	if json.Unmarshal(raw, &one) == nil {
		return slices.Contains(jsonTypes, one)
	}
	var list []string
	return json.Unmarshal(raw, &list) == nil && len(list) > 0 &&
		!slices.ContainsFunc(list, func(t string) bool { return !slices.Contains(jsonTypes, t) })
}

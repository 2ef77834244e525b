package prompting

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// deepest is where Plain stops going down.
const deepest = 12

// Plain puts a tool's schema into the few keywords that every vendor knows:
// one type, description, properties, required, items, enum of texts and
// bounds. Values and bounds are said in the description too, where it does not
// name them yet, since libraries drop what they do not know. Where a value may
// be several things it is told to be the first of them that is not null, so
// that what fits here fits the tool's own schema. A schema that is none is that
// of an object without properties.
func Plain(schema json.RawMessage) map[string]any {
	var root object
	_ = json.Unmarshal(schema, &root) // a schema that is none has nothing in it
	definitions, _ := read[object](root, "$defs")
	out := plain(root, definitions, 0)
	if out["type"] != "object" {
		out = map[string]any{"type": "object"}
	}
	if out["properties"] == nil {
		out["properties"] = map[string]any{}
	}
	return out
}

func plain(in, definitions object, depth int) map[string]any {
	in = resolved(in, definitions)
	out := map[string]any{}
	types := slices.DeleteFunc(typesOf(in), func(t string) bool { return t == "null" })
	if len(types) > 0 {
		out["type"] = types[0]
	}
	text, _ := read[string](in, "description")
	if values := texts(in); len(values) > 0 {
		out["enum"] = asAny(values)
		if slices.ContainsFunc(values, func(v string) bool { return !strings.Contains(text, v) }) {
			text = also(text, strings.Join(values, ", "), "one of ")
		}
	}
	low, high := "", ""
	for _, name := range []string{"minimum", "maximum", "minItems", "maxItems"} {
		n, ok := read[float64](in, name)
		if !ok {
			continue
		}
		out[name] = n
		if strings.HasPrefix(name, "min") {
			low = strconv.FormatFloat(n, 'f', -1, 64)
		} else {
			high = strconv.FormatFloat(n, 'f', -1, 64)
		}
	}
	switch {
	case low != "" && high != "":
		text = also(text, low+" to "+high, "")
	case low != "":
		text = also(text, low, "at least ")
	case high != "":
		text = also(text, high, "at most ")
	}
	if text != "" {
		out["description"] = text
	}
	if depth >= deepest {
		return out
	}
	switch out["type"] {
	case "array":
		items, _ := read[object](in, "items")
		out["items"] = plain(items, definitions, depth+1)
	case "object":
		properties, ok := read[object](in, "properties")
		if !ok {
			break
		}
		all := map[string]any{}
		for _, name := range properties.names {
			p, _ := read[object](properties, name)
			all[name] = plain(p, definitions, depth+1)
		}
		out["properties"] = all
		if required, _ := read[[]string](in, "required"); len(required) > 0 {
			out["required"] = required
		}
	}
	return out
}

// resolved follows references to definitions and takes the first branch that
// is not null, keeping the description that stands before them.
func resolved(in, definitions object) object {
	for range deepest {
		var next object
		ref, isRef := read[string](in, "$ref")
		branches, isAny := read[[]object](in, "anyOf")
		if !isAny {
			branches, isAny = read[[]object](in, "oneOf")
		}
		switch {
		case isRef:
			next, _ = read[object](definitions, strings.TrimPrefix(ref, "#/$defs/"))
		case isAny:
			for _, b := range branches {
				if t := typesOf(b); len(t) != 1 || t[0] != "null" {
					next = b
					break
				}
			}
		default:
			return in
		}
		if text, ok := in.values["description"]; ok {
			next.set("description", text)
		}
		in = next
	}
	return in
}

// texts are the values of an enumeration of texts; of any other, none.
func texts(in object) []string {
	values, _ := read[[]any](in, "enum")
	if c, ok := read[any](in, "const"); ok {
		values = []any{c}
	}
	var list []string
	for _, v := range values {
		switch v := v.(type) {
		case string:
			list = append(list, v)
		case nil:
		default:
			return nil
		}
	}
	return list
}

func asAny(list []string) []any {
	out := make([]any, len(list))
	for i, v := range list {
		out[i] = v
	}
	return out
}

// also adds to a description what it does not say yet.
func also(text, what, before string) string {
	if text == "" {
		return before + what
	}
	return text + "; " + before + what
}

package langchain

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"tesela/agent/model"
)

// plain is a tool's schema as the library takes it for Gemini: it passes on
// types, descriptions, properties, items and what is required, and fails at an
// object without properties or a list of types. What it would drop without a
// word, the values that a field may have, is told in the description.
func plain(t model.Tool) any {
	schema := map[string]any{}
	if json.Unmarshal(t.Schema, &schema) != nil || schema == nil {
		schema = map[string]any{}
	}
	if schema["type"] == nil {
		schema["type"] = "object"
	}
	if schema["properties"] == nil {
		schema["properties"] = map[string]any{}
	}
	told(schema)
	return schema
}

// told tells of a schema's values in its description, and of those within.
func told(schema map[string]any) {
	if list, ok := schema["enum"].([]any); ok && len(list) > 0 {
		var values []string
		for _, v := range list {
			b, err := json.Marshal(v)
			if err == nil {
				values = append(values, string(b))
			}
		}
		one := "One of " + strings.Join(values, ", ") + "."
		if said, _ := schema["description"].(string); said != "" {
			one = fmt.Sprintf("%s (%s)", said, strings.TrimSuffix(one, "."))
		}
		schema["description"] = one
	}
	if items, ok := schema["items"].(map[string]any); ok {
		told(items)
	}
	properties, _ := schema["properties"].(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(properties)) {
		if one, ok := properties[name].(map[string]any); ok {
			told(one)
		}
	}
}

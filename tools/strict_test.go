package tools_test

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/jsonschema-go/jsonschema"

	"tesela/agent/model/prompting"
	"tesela/tools"
)

// Every tool's arguments can be imposed on a model, and what a model then
// writes fits the tool's own schema; so does what fits the plainer form for
// vendors that impose nothing. What fits a tool's own schema can be said in
// the imposed one.
func TestSchemasCanBeImposed(t *testing.T) {
	for _, tool := range tools.NewBox(nil).List() {
		strict, ok := prompting.Strict(tool.Schema)
		if !ok {
			t.Errorf("%s: its schema cannot be imposed: %s", tool.Name, tool.Schema)
			continue
		}
		own, imposed := schemaOf(t, tool.Schema), schemaOf(t, strict)
		plain, err := json.Marshal(prompting.Plain(tool.Schema))
		if err != nil {
			t.Fatal(err)
		}
		r := rand.New(rand.NewPCG(7, 31))
		for range 200 {
			args := madeUp(r, decoded(t, strict))
			if err := imposed.Validate(args); err != nil {
				t.Fatalf("%s: %v does not fit what is imposed: %v", tool.Name, args, err)
			}
			for _, one := range []any{args, madeUp(r, decoded(t, plain))} {
				text, err := json.Marshal(one)
				if err != nil {
					t.Fatal(err)
				}
				if err := own.Validate(decoded(t, prompting.Arguments(string(text)))); err != nil {
					t.Fatalf("%s: %s does not fit: %v", tool.Name, text, err)
				}
			}
			mine := madeUp(r, decoded(t, tool.Schema)).(map[string]any)
			for name := range decoded(t, tool.Schema)["properties"].(map[string]any) {
				if _, there := mine[name]; !there {
					mine[name] = nil
				}
			}
			if err := imposed.Validate(mine); err != nil {
				t.Fatalf("%s: %v cannot be said: %v", tool.Name, mine, err)
			}
		}
	}
}

// All tools together keep to a bound, told in either way: they go out with
// every request.
func TestToolsToldAreBounded(t *testing.T) {
	const most, mostImposed = 13_500, 14_500 // tokens
	bytes, imposed := 0, 0
	for _, tool := range tools.NewBox(nil).List() {
		strict, _ := prompting.Strict(tool.Schema)
		said := len(tool.Name) + len(tool.Description)
		bytes += said + len(tool.Schema)
		imposed += said + len(strict)
		if n := prompting.Tokens(said + len(tool.Schema)); n > 900 {
			t.Errorf("%s alone takes %d tokens", tool.Name, n)
		}
	}
	t.Logf("%d tokens, %d where schemas are imposed", prompting.Tokens(bytes), prompting.Tokens(imposed))
	if prompting.Tokens(bytes) > most || prompting.Tokens(imposed) > mostImposed {
		t.Errorf("%d tokens, %d where schemas are imposed", prompting.Tokens(bytes), prompting.Tokens(imposed))
	}
}

func schemaOf(t *testing.T, text []byte) *jsonschema.Resolved {
	t.Helper()
	var s jsonschema.Schema
	if err := json.Unmarshal(text, &s); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	r, err := s.Resolve(nil)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return r
}

func decoded(t *testing.T, text []byte) map[string]any {
	t.Helper()
	var v map[string]any
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return v
}

// madeUp is some value that fits a schema of the kinds that tools have.
func madeUp(r *rand.Rand, schema map[string]any) any {
	if values, ok := schema["enum"].([]any); ok {
		return values[r.IntN(len(values))]
	}
	kind, ok := schema["type"].(string)
	if kinds, several := schema["type"].([]any); several {
		kind, ok = kinds[r.IntN(len(kinds))].(string)
	}
	bound := func(name string, other int) int {
		if n, is := schema[name].(float64); is {
			return int(n)
		}
		return other
	}
	switch {
	case !ok || kind == "null":
		return nil
	case kind == "string":
		return []string{"", "é\"", "last 90d", "null", "count(order) >= 3"}[r.IntN(5)]
	case kind == "boolean":
		return r.IntN(2) == 0
	case kind == "integer", kind == "number":
		low := bound("minimum", -5)
		return low + r.IntN(bound("maximum", low+100)-low+1)
	case kind == "array":
		low := bound("minItems", 0)
		list := []any{}
		for range low + r.IntN(bound("maxItems", low+4)-low+1) {
			list = append(list, madeUp(r, schema["items"].(map[string]any)))
		}
		return list
	}
	object := map[string]any{}
	required, _ := schema["required"].([]any)
	for name, one := range schema["properties"].(map[string]any) {
		if slices.Contains(required, any(name)) || r.IntN(2) == 0 {
			object[name] = madeUp(r, one.(map[string]any))
		}
	}
	return object
}

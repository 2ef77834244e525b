package prompting

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func TestStrict(t *testing.T) {
	for in, want := range map[string]string{
		// What may be left out may be null; the order stays.
		`{"type":"object","properties":{"z":{"type":"string","description":"d > e"},"a":{"type":"integer","minimum":1,"maximum":9},"l":{"type":"array","items":{"type":"string"},"minItems":1}},"required":["z"]}`: `{"type":"object","properties":{"z":{"type":"string","description":"d > e"},"a":{"type":["integer","null"],"minimum":1,"maximum":9},"l":{"type":["array","null"],"items":{"type":"string"},"minItems":1}},"required":["z","a","l"],"additionalProperties":false}`,
		`{"type":"object","properties":{},"additionalProperties":false}`:                                                                      `{"type":"object","properties":{},"required":[],"additionalProperties":false}`,
		`{"type":"object","properties":{"a":{"type":"string","enum":["x","y"]}}}`:                                                             `{"type":"object","properties":{"a":{"type":["string","null"],"enum":["x","y",null]}},"required":["a"],"additionalProperties":false}`,
		`{"type":"object","properties":{"a":{"enum":["x",null]}}}`:                                                                            `{"type":"object","properties":{"a":{"enum":["x",null]}},"required":["a"],"additionalProperties":false}`,
		`{"type":"object","properties":{"a":{"const":"x"}}}`:                                                                                  `{"type":"object","properties":{"a":{"anyOf":[{"const":"x"},{"type":"null"}]}},"required":["a"],"additionalProperties":false}`,
		`{"type":"object","properties":{"a":{"description":"d","anyOf":[{"type":"string"},{"type":"integer"}]}}}`:                             `{"type":"object","properties":{"a":{"description":"d","anyOf":[{"anyOf":[{"type":"string"},{"type":"integer"}]},{"type":"null"}]}},"required":["a"],"additionalProperties":false}`,
		`{"type":"object","properties":{"a":{"type":["string","null"],"title":"t","default":"x"}},"required":["a"]}`:                          `{"type":"object","properties":{"a":{"type":"string"}},"required":["a"],"additionalProperties":false}`,
		`{"type":"object","properties":{"a":{"type":"string","format":"date"},"b":{"type":"string","format":"colour"}},"required":["a","b"]}`: `{"type":"object","properties":{"a":{"type":"string","format":"date"},"b":{"type":"string"}},"required":["a","b"],"additionalProperties":false}`,
		`{"type":"object","properties":{"o":{"type":"object","properties":{"x":{"type":"number"}},"additionalProperties":false}}}`:            `{"type":"object","properties":{"o":{"type":["object","null"],"properties":{"x":{"type":["number","null"]}},"required":["x"],"additionalProperties":false}},"required":["o"],"additionalProperties":false}`,
	} {
		got, ok := Strict(json.RawMessage(in))
		if !ok || string(got) != want {
			t.Errorf("%s\nbecomes %v %s\nnot     %s", in, ok, got, want)
		}
	}
	deep := `{"type":"string"}`
	for range mostDepth + 1 {
		deep = `{"type":"object","properties":{"a":` + deep + `}}`
	}
	wide := `{"type":"object","properties":{"p":{"type":"string"}` + strings.Repeat(`,"p":{"type":"string"}`, 3)
	for i := range mostProperties {
		wide += `,"p` + string(rune('a'+i/26)) + string(rune('a'+i%26)) + `":{"type":"string"}`
	}
	for name, in := range map[string]string{
		"no schema": `[]`, "nothing": ``, "any object": `{"type":"object"}`, "no object": `{"type":"string"}`, "open": `{"type":"object","properties":{},"additionalProperties":true}`,
		"map": `{"type":"object","properties":{"m":{"type":"object","additionalProperties":{"type":"string"}}}}`, "anything": `{"type":"object","properties":{"a":{}}}`,
		"list of anything": `{"type":"object","properties":{"a":{"type":"array"}}}`, "not": `{"type":"object","properties":{"a":{"type":"string","not":{"const":"x"}}}}`,
		"unique": `{"type":"object","properties":{"a":{"type":"array","items":{"type":"string"},"uniqueItems":true}}}`, "one of": `{"type":"object","properties":{"a":{"oneOf":[{"type":"string"}]}}}`,
		"required unknown": `{"type":"object","properties":{},"required":["a"]}`, "required null": `{"type":"object","properties":{"a":{"type":"null"}},"required":["a"]}`,
		"required null or": `{"type":"object","properties":{"a":{"anyOf":[{"type":"null"},{"type":"string"}]}},"required":["a"]}`, "unknown type": `{"type":"object","properties":{"a":{"type":"text"}}}`,
		"deep": deep, "wide": wide + "}}", "reference": `{"type":"object","properties":{"a":{"$ref":"#/$defs/a"}},"$defs":{"a":{"type":"string"}}}`, "empty enum": `{"type":"object","properties":{"a":{"enum":[]}}}`,
	} {
		if got, ok := Strict(json.RawMessage(in)); ok {
			t.Errorf("%s becomes %s", name, got)
		}
	}
}

// The tools by which a model decides not to call any are strict as well.
func TestDecisionToolsAreStrict(t *testing.T) {
	for _, tool := range decisionTools() {
		if _, ok := Strict(tool.Schema); !ok {
			t.Errorf("%s is not", tool.Name)
		}
	}
}

func TestPlain(t *testing.T) {
	for in, want := range map[string]string{
		`{"type":"object","properties":{"a":{"type":"string","enum":["x","y"],"description":"how"},"b":{"type":"string","enum":["x","y"],"description":"x or y"},"n":{"type":["integer","null"],"minimum":1,"maximum":100000000}},"required":["a"],"additionalProperties":false}`: `{"type":"object","properties":{"a":{"type":"string","enum":["x","y"],"description":"how; one of x, y"},"b":{"type":"string","enum":["x","y"],"description":"x or y"},"n":{"type":"integer","minimum":1,"maximum":100000000,"description":"1 to 100000000"}},"required":["a"]}`,
		`{"type":"object","properties":{"l":{"type":"array","items":{"type":"string"},"maxItems":3,"description":"names"},"m":{"type":"array","items":{"type":"object","properties":{"k":{"type":"boolean"}}},"minItems":2}}}`:                                                    `{"type":"object","properties":{"l":{"type":"array","items":{"type":"string"},"maxItems":3,"description":"names; at most 3"},"m":{"type":"array","items":{"type":"object","properties":{"k":{"type":"boolean"}}},"minItems":2,"description":"at least 2"}}}`,
		`{"type":"object","properties":{"r":{"$ref":"#/$defs/d","description":"here"},"u":{"anyOf":[{"type":"null"},{"type":"number"}]},"e":{"enum":[1,2]}},"$defs":{"d":{"type":"string","description":"there"}}}`:                                                               `{"type":"object","properties":{"r":{"type":"string","description":"here"},"u":{"type":"number"},"e":{"type":"number"}}}`,
		`{}`: `{"type":"object","properties":{}}`, `nonsense`: `{"type":"object","properties":{}}`, `{"type":"string"}`: `{"type":"object","properties":{}}`, `{"type":"object"}`: `{"type":"object","properties":{}}`,
	} {
		got, err := json.Marshal(Plain(json.RawMessage(in)))
		var x, y any
		if err != nil || json.Unmarshal(got, &x) != nil || json.Unmarshal([]byte(want), &y) != nil || !reflect.DeepEqual(x, y) {
			t.Errorf("%s\nbecomes %s\nnot     %s", in, got, want)
		}
	}
	// References in a circle come to an end.
	circle := Plain(json.RawMessage(`{"type":"object","properties":{"a":{"$ref":"#/$defs/a"},"b":{"$ref":"#/$defs/b"}},"$defs":{"a":{"$ref":"#/$defs/a"},"b":{"type":"object","properties":{"b":{"$ref":"#/$defs/b"}}}}}`))
	if b, err := json.Marshal(circle); err != nil || len(b) > 2000 {
		t.Errorf("%d bytes, %v", len(b), err)
	}
}

// Whatever a schema is, what comes of it is whole: objects are closed and
// require all they have, and nothing panics.
func FuzzStrict(f *testing.F) {
	f.Add([]byte(`{"type":"object","properties":{"a":{"type":["array","null"],"items":{"anyOf":[{"type":"object","properties":{"b":{"enum":["x",1,null]}}}]}}},"required":["a"]}`))
	f.Add([]byte(`{"type":"object","properties":{"a":{"$ref":"#/$defs/a"}},"$defs":{"a":{"$ref":"#/$defs/a"}}}`))
	f.Fuzz(func(t *testing.T, schema []byte) {
		if _, err := json.Marshal(Plain(schema)); err != nil {
			t.Errorf("plain: %v", err)
		}
		out, ok := Strict(schema)
		if !ok {
			return
		}
		var v any
		if err := json.Unmarshal(out, &v); err != nil {
			t.Fatalf("%s: %v", out, err)
		}
		closed(t, v)
	})
}

func closed(t *testing.T, v any) {
	o, ok := v.(map[string]any)
	if !ok {
		return
	}
	if p, ok := o["properties"].(map[string]any); ok {
		required, _ := o["required"].([]any)
		if o["additionalProperties"] != false || len(required) != len(p) {
			t.Errorf("not closed: %v", o)
		}
		for name, one := range p {
			if !slices.Contains(required, any(name)) {
				t.Errorf("%q is not required", name)
			}
			closed(t, one)
		}
	}
	closed(t, o["items"])
	if branches, ok := o["anyOf"].([]any); ok {
		for _, b := range branches {
			closed(t, b)
		}
	}
}

// Arguments never lose what is not null, whatever they are put in.
func FuzzArguments(f *testing.F) {
	for _, s := range []string{`{"a":[{"b":null,"c":{"d":[null,1e400]}}]}`, "```json\n{\"a\":\"null\"}\n```", `"{\"a\":null}"`, `null`, `{"\u0000":{"":null}}`, `{"a":1,"a":{"b":null}}`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		text = strings.ToValidUTF8(text, "\ufffd")
		out := Arguments(text)
		again := Arguments(string(out))
		if json.Valid(out) && out[0] == '{' && string(out) != string(again) {
			t.Errorf("%q becomes %s, and that %s", text, out, again)
		}
		var before, after any
		if json.Unmarshal([]byte(text), &before) == nil && json.Unmarshal(out, &after) == nil {
			if o, ok := before.(map[string]any); ok && len(text) < 10_000 && !reflect.DeepEqual(pruned(o, 0), after) {
				t.Errorf("%q becomes %s", text, out)
			}
		}
	})
}

// pruned leaves nulls out of objects, another way.
func pruned(v any, depth int) any {
	if depth > deepest {
		return v
	}
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for name, one := range v {
			if one != nil {
				out[name] = pruned(one, depth+1)
			}
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = pruned(v[i], depth+1)
		}
		return out
	}
	return v
}

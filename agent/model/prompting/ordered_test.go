package prompting

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
	"testing"

	"tesela/agent/model"
)

// inOrder reads an object with the library's own decoder.
func inOrder(data []byte) (names []string, values map[string]json.RawMessage, ok bool) {
	d := json.NewDecoder(bytes.NewReader(data))
	if begin, err := d.Token(); err != nil || begin != json.Delim('{') {
		return nil, nil, false
	}
	values = map[string]json.RawMessage{}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, nil, false
		}
		var v json.RawMessage
		if d.Decode(&v) != nil {
			return nil, nil, false
		}
		n, _ := name.(string)
		if values[n] == nil {
			names = append(names, n)
		}
		values[n] = v
	}
	return names, values, true
}

// Objects and lists are split as the library splits them.
func FuzzOrdered(f *testing.F) {
	for _, s := range []string{`{}`, ` { "a\"}" : [1, {"b":"]"}] , "é" : -1.5e3,"a":null}`, `[ ]`, `[1 ,"a,]",{"x":[]} , true]`, `{"a":"\\","b":{"c":[[],[{}]]}}`, `"x"`, `7`, `{"":0}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var o object
		err := o.UnmarshalJSON(data)
		if !json.Valid(data) {
			if err == nil {
				t.Errorf("%q is no JSON", data)
			}
			return
		}
		names, values, ok := inOrder(data)
		if ok != (err == nil) || ok && (!slices.Equal(names, o.names) || !reflect.DeepEqual(values, o.values)) {
			t.Errorf("%q: %q %q, not %q %q", data, o.names, o.values, names, values)
		}
		if ok && !json.Valid(o.text()) {
			t.Errorf("%q becomes %q", data, o.text())
		}
		var list []json.RawMessage
		if json.Unmarshal(data, &list) != nil {
			list = nil
		}
		if got := elements(data); len(got) != len(list) || len(got) > 0 && !reflect.DeepEqual(got, list) {
			t.Errorf("%q: %q, not %q", data, got, list)
		}
	})
}

// What a prompt costs to write in the fourth round of the thirteenth turn, over
// small data: its summary's cost is that of the catalogue.
func BenchmarkWrite(b *testing.B) {
	w, err := New()
	if err != nil {
		b.Fatal(err)
	}
	r := session(12, 3, 2000, 100)
	for range 3 {
		r.Messages = append(r.Messages, model.Message{Role: model.Assistant, Calls: []model.Call{{ID: "x"}}}, model.Message{Role: model.ToolRole, CallID: "x", Result: result(20_000, 100)})
	}
	b.ReportAllocs()
	for b.Loop() {
		w.Write(r)
	}
}

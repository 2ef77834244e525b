package trace

import (
	"context"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"tesela/agent/model"
	"tesela/segment"
	"tesela/segment/column"
	"tesela/store"
	"tesela/tools"
)

// shown is a turn in which a person was shown customers.
func shown(outside bool) *Trace {
	result := json.RawMessage(`{"title":"Customers","values":{"size":2,"who":"ada@b.example"},"columns":[{"name":"email","kind":"text"}],"rows":[["ada@b.example"],["bob@b.example"]],"fingerprint":"sha256:1"}`)
	return &Trace{
		Version: Version, ID: "abc", Session: "s", Question: "who is ada@b.example? my key is sk-abcdefgh and hunter22", Asked: time.Date(2026, 3, 1, 9, 0, 0, 5000, time.UTC),
		Status: "answered", Model: "x:y", By: "x:y", Outside: outside, EndMS: 12.5,
		Messages: []model.Message{
			{Role: model.User, Text: "who is ada@b.example?"},
			{Role: model.Assistant, Calls: []model.Call{{ID: "1", Name: "list_customers", Args: json.RawMessage(`{"formula":"count(order) >= 2","limit":5}`)}}},
			{Role: model.ToolRole, CallID: "1", Result: result},
		},
		Rounds: []Round{
			{Kind: "ask", Sent: 1, Print: "sha256:a", Deltas: []model.Delta{{Call: &model.Call{ID: "1", Name: "list_customers", Args: json.RawMessage(`{"formula":"count(order) >= 2","limit":5}`)}}}},
			{Kind: "ask", Sent: 3, Print: "sha256:b", Deltas: []model.Delta{{Text: "It is ada@b.example."}}},
		},
	}
}

// people is a workspace of two customers with names.
type people struct{ store.Workspace }

func (people) Source(context.Context) (segment.Source, error) { return names{}, nil }

type names struct{ segment.Source }

func (names) Schema() *segment.Schema {
	return &segment.Schema{Traits: []segment.Field{{Name: "name", Kind: column.Text}, {Name: "city", Kind: column.Text}}}
}

func (names) CustomerIDs(context.Context) (*column.Dict, error) {
	return column.NewDict([]string{"c-0001", "c-0002"}), nil
}

func (names) Dict(context.Context, segment.FieldRef) (*column.Dict, error) {
	return column.NewDict([]string{"Ana Torres", "Grace"}), nil
}

func searchOf(t *testing.T) *tools.PersonalSearch {
	t.Helper()
	search, err := tools.NewPersonalSearch(t.Context(), people{})
	if err != nil {
		t.Fatal(err)
	}
	return search
}

// Arguments about somebody go with what they compare with, wherever it is said;
// the rest of the turn stays as it was.
func TestMaskOfArguments(t *testing.T) {
	call := func(args string) model.Delta {
		return model.Delta{Call: &model.Call{Name: "count_segment", Args: json.RawMessage(args)}}
	}
	whole := &Trace{
		Version: Version, ID: "a", Question: "how many Graces are there, and what of c-0001 and ana torres?", Status: "answered", Outside: true,
		Rounds: []Round{
			{Deltas: []model.Delta{call(`{"formula":"name ~ \"Grace\""}`)}, Calls: []Call{{Tool: "count_segment", Args: json.RawMessage(`{"formula":"name ~ \"Grace\""}`), Error: "no Grace"}}},
			{Deltas: []model.Delta{call(`{"customer":"c-0001"}`)}},
			{Deltas: []model.Delta{call(`{"formula":"city = \"Paris\" and count(order) > 10001"}`)}},
			{Deltas: []model.Delta{{Decision: &model.Decision{Status: model.Clarify, Unknown: []string{"Ana Torres"}, Params: map[string]string{"word": "c-0002"}}}}},
		},
	}
	got, err := whole.Mask(searchOf(t), nil, "")
	if err != nil {
		t.Fatal(err)
	}
	kept := string(got.JSON())
	for _, gone := range []string{"Grace", "c-000", "Torres", "torres"} {
		if strings.Contains(kept, gone) {
			t.Errorf("%q is kept: %s", gone, kept)
		}
	}
	const x = tools.Masked
	if got.Question != "how many "+x+"s are there, and what of "+x+" and "+x+"?" || string(got.Rounds[0].Calls[0].Args) != `{"formula":"`+x+`"}` || string(got.Rounds[1].Deltas[0].Call.Args) != `{"customer":"`+x+`"}` {
		t.Errorf("%s", kept)
	}
	for i, changed := range []bool{true, true, false, true} {
		if got.Rounds[i].Changed != changed {
			t.Errorf("round %d: changed %v", i+1, !changed)
		}
	}
	if string(got.Rounds[2].Deltas[0].Call.Args) != string(whole.Rounds[2].Deltas[0].Call.Args) || got.Masked == 0 {
		t.Errorf("%s", kept)
	}
}

func TestMask(t *testing.T) {
	search := searchOf(t)
	for _, outside := range []bool{false, true} {
		whole := shown(outside)
		before := string(whole.JSON())
		got, err := whole.Mask(search, []string{"hunter22"}, "")
		if err != nil {
			t.Fatal(err)
		}
		if string(whole.JSON()) != before {
			t.Error("the trace itself was changed")
		}
		kept := string(got.JSON())
		for _, gone := range []string{"ada@b", "bob@b", "sk-abc", "hunter22"} {
			if strings.Contains(kept, gone) {
				t.Errorf("%q is kept: %s", gone, kept)
			}
		}
		if want := "who is " + tools.Masked + "? my key is " + tools.Masked + " and " + tools.Masked; got.Question != want {
			t.Errorf("%q", got.Question)
		}
		if !got.Asked.Equal(whole.Asked) || got.EndMS != 12.5 || got.Session != "s" || !got.Rounds[1].Changed || got.Rounds[0].Changed || !reflect.DeepEqual(got.Rounds[0].Deltas, whole.Rounds[0].Deltas) {
			t.Errorf("%s", kept)
		}
		var result map[string]any
		if err := json.Unmarshal(got.Messages[2].Result, &result); err != nil {
			t.Fatal(err)
		}
		rows, _ := result["rows"].([]any)
		switch {
		case outside && len(rows) != 2, !outside && (rows != nil || result["rows_total"] != 2.0):
			t.Errorf("outside %v: %v", outside, result)
		}
		if result["fingerprint"] != "sha256:1" || result["values"].(map[string]any)["size"] != 2.0 {
			t.Errorf("%v", result)
		}
		if _, err := got.Recording(); !errors.Is(err, ErrNotReplayable) || !strings.Contains(err.Error(), "reply 2") {
			t.Errorf("%v", err)
		}
	}
}

// Where personal data cannot be looked for, no text stays that somebody wrote.
func TestMaskWithoutASearch(t *testing.T) {
	got, err := shown(true).Mask(nil, nil, "there was no time")
	if err != nil {
		t.Fatal(err)
	}
	kept := string(got.JSON())
	for _, gone := range []string{"who is", "key", "count(order)", "Customers", "email", "It is"} {
		if strings.Contains(kept, gone) {
			t.Errorf("%q is kept: %s", gone, kept)
		}
	}
	if got.Withheld != "there was no time" || got.ID != "abc" || got.Status != "answered" || len(got.Rounds) != 2 || got.Rounds[0].Deltas[0].Call.Name != "list_customers" {
		t.Errorf("%s", kept)
	}
	if _, err := got.Recording(); !errors.Is(err, ErrNotReplayable) || !strings.Contains(err.Error(), "there was no time") {
		t.Errorf("%v", err)
	}
}

func TestSecretless(t *testing.T) {
	const x = tools.Masked
	for text, want := range map[string]string{
		"Authorization: Bearer abcdef123456":  "Authorization: " + x,
		"sk-proj-abc_DEF-123456 is wrong":     x + " is wrong",
		"AKIAIOSFODNN7EXAMPLE":                x,
		"AIzaSyD-abcdefghijk":                 x,
		"xoxb-123456-abcdef, xapp-1-A0-12345": x + ", " + x,
		"the pass is s3cret!":                 "the pass is " + x + "!",
		"a task-oriented desk-bound customer": "a task-oriented desk-bound customer",
		"the bearer of news":                  "the bearer of news",
	} {
		if got := Secretless(text, []string{"s3cret", "of"}); got != want {
			t.Errorf("%q becomes %q", text, got)
		}
	}
}

package tools

import (
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/jsonschema-go/jsonschema"
)

// Each kind of fault names the field, what was expected and what is near.
func TestDecodeNamesWhatIsWrong(t *testing.T) {
	for _, c := range []struct {
		args            any
		json            string
		field, contains string
		nearest         string
	}{
		{&CountSegmentArgs{}, `{"formla": "everyone"}`, "formla", "there are formula", "formula"},
		{&CountSegmentArgs{}, `{"Formula": "everyone"}`, "Formula", "no such argument", "formula"},
		{&CountSegmentArgs{}, `{}`, "formula", "must be given", ""},
		{&CountSegmentArgs{}, ``, "formula", "must be given", ""},
		{&CountSegmentArgs{}, `null`, "formula", "must be given", ""},
		{&CountSegmentArgs{}, `{"formula": null}`, "formula", "must be given", ""},
		{&CountSegmentArgs{}, `{"formula": "  "}`, "formula", "is empty", ""},
		{&CountSegmentArgs{}, `{"formula": 12}`, "formula", "expected a text, got the number 12", ""},
		{&CountSegmentArgs{}, `{"formula": ["everyone"]}`, "formula", "expected a text, got a list", ""},
		{&CountSegmentArgs{}, `"everyone"`, "", "expected a JSON object of arguments, got the text", ""},
		{&CountSegmentArgs{}, `[1]`, "", "expected a JSON object of arguments, got a list", ""},
		{&CountSegmentArgs{}, `{"formula": "a"`, "", "no complete JSON", ""},
		{&CountSegmentArgs{}, `{"formula": 'a'}`, "", "no JSON", ""},
		{&CountSegmentArgs{}, `{"formula": "a"} {}`, "", "one JSON object", ""},
		{&DescribeDataArgs{}, `{"x": 1}`, "x", "takes none", ""},
		{&ListCustomersArgs{}, `{"formula": "everyone", "limit": "20"}`, "limit", `expected a whole number from 1 to 10000, got the text "20"`, ""},
		{&ListCustomersArgs{}, `{"formula": "everyone", "limit": 2.5}`, "limit", "got the number 2.5", ""},
		{&ListCustomersArgs{}, `{"formula": "everyone", "limit": 0}`, "limit", "from 1 to 10000, got 0", ""},
		{&ListCustomersArgs{}, `{"formula": "everyone", "limit": -3}`, "limit", "got -3", ""},
		{&ListCustomersArgs{}, `{"formula": "everyone", "limit": 10001}`, "limit", "got 10001", ""},
		{&ListCustomersArgs{}, `{"formula": "everyone", "limit": 1e400}`, "limit", "got the number 1e400", ""},
		{&ListCustomersArgs{}, `{"formula": "everyone", "ascending": "yes"}`, "ascending", "expected true or false", ""},
		{&ListCustomersArgs{}, `{"formula": "everyone", "with": "city"}`, "with", "expected a list", ""},
		{&ListCustomersArgs{}, `{"formula": "everyone", "with": ["city", 3]}`, "with[1]", "expected a", ""},
		{&MeasureArgs{}, `{"measures": []}`, "measures", "a list of 1 to 20 texts, got 0", ""},
		{&MeasureArgs{}, `{"measures": ["revenue"], "per": "months"}`, "per", "expected one of day, week", "month"},
		{&MeasureArgs{}, `{"measures": ["revenue"], "order": "descending"}`, "order", "expected one of desc, asc", ""},
		{&MeasureArgs{}, `{"measures": ["revenue"], "groupby": ["country"]}`, "groupby", "no such argument", "group_by"},
	} {
		err := decode("the_tool", json.RawMessage(c.json), c.args)
		var bad *ArgumentError
		if !errors.As(err, &bad) {
			t.Errorf("%s: got %v, want an *ArgumentError", c.json, err)
			continue
		}
		if bad.Tool != "the_tool" || bad.Field != c.field || !strings.Contains(bad.Message, c.contains) {
			t.Errorf("%s: field %q, message %q; want field %q, message with %q", c.json, bad.Field, bad.Message, c.field, c.contains)
		}
		if c.nearest != "" && !slices.Contains(bad.Nearest, c.nearest) {
			t.Errorf("%s: nearest %v lacks %s", c.json, bad.Nearest, c.nearest)
		}
	}
}

func TestDecodeReadsAllKinds(t *testing.T) {
	got := &ListCustomersArgs{}
	// é comes decomposed; it is kept in NFC, as formulas compare it.
	err := decode("t", json.RawMessage(` {"formula": "city = \"Me\u0301rida\"", "limit": 2e1, "ascending": true, "with": ["a", "b"], "by": null} `), got)
	want := &ListCustomersArgs{Formula: `city = "Mérida"`, Limit: 20, Ascending: true, With: []string{"a", "b"}}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v; want %+v", got, err, want)
	}
}

// What decoding takes, the schema that callers are told takes, and the other
// way round.
func TestSchemasAgreeWithDecoding(t *testing.T) {
	all, err := toolbox()
	if err != nil {
		t.Fatal(err)
	}
	makers := map[string]func() any{
		"describe_data":    func() any { return &DescribeDataArgs{} },
		"find_values":      func() any { return &FindValuesArgs{} },
		"count_segment":    func() any { return &CountSegmentArgs{} },
		"list_customers":   func() any { return &ListCustomersArgs{} },
		"measure":          func() any { return &MeasureArgs{} },
		"score_rfm":        func() any { return &ScoreRFMArgs{} },
		"stage_lifecycle":  func() any { return &StageLifecycleArgs{} },
		"stage_engagement": func() any { return &StageEngagementArgs{} },
		"tier_value":       func() any { return &TierValueArgs{} },

		"explain_customer":      func() any { return &ExplainCustomerArgs{} },
		"explain_segment":       func() any { return &ExplainSegmentArgs{} },
		"compare_segments":      func() any { return &CompareSegmentsArgs{} },
		"diff_segments":         func() any { return &DiffSegmentsArgs{} },
		"check_sensitivity":     func() any { return &CheckSensitivityArgs{} },
		"find_near_misses":      func() any { return &FindNearMissesArgs{} },
		"find_microsegments":    func() any { return &FindMicrosegmentsArgs{} },
		"propose_segments":      func() any { return &ProposeSegmentsArgs{} },
		"measure_effect":        func() any { return &MeasureEffectArgs{} },
		"recommend_actions":     func() any { return &RecommendActionsArgs{} },
		"plan_test":             func() any { return &PlanTestArgs{} },
		"review_contacts":       func() any { return &ReviewContactsArgs{} },
		"trace_migration":       func() any { return &TraceMigrationArgs{} },
		"trace_drift":           func() any { return &TraceDriftArgs{} },
		"backtest_segment":      func() any { return &BacktestSegmentArgs{} },
		"review_segments":       func() any { return &ReviewSegmentsArgs{} },
		"simulate_reengagement": func() any { return &SimulateReengagementArgs{} },

		"save_segment":   func() any { return &SaveSegmentArgs{} },
		"delete_segment": func() any { return &DeleteSegmentArgs{} },
		"set_word":       func() any { return &SetWordArgs{} },
		"export_segment": func() any { return &ExportSegmentArgs{} },
		"tag_customers":  func() any { return &TagCustomersArgs{} },
	}
	calls := []string{
		`{}`, `{"x": 1}`, `{"text": "a"}`, `{"text": "a", "limit": 5}`, `{"text": "a", "limit": 5.0}`, `{"text": "a", "limit": 0}`,
		`{"text": "a", "limit": 1001}`, `{"text": "a", "field": 1}`, `{"formula": "everyone"}`, `{"formula": 1}`,
		`{"formula": "everyone", "limit": 10000}`, `{"formula": "everyone", "with": []}`, `{"formula": "everyone", "with": [1]}`,
		`{"formula": "everyone", "ascending": false}`, `{"formula": "everyone", "ascending": 1}`, `{"measures": []}`,
		`{"measures": ["a"]}`, `{"measures": ["a"], "per": "day"}`, `{"measures": ["a"], "per": "days"}`, `{"measures": "a"}`,
		`{"measures": ["a"], "top": 3, "order": "asc", "shares": true, "group_by": ["b"], "where": "c", "window": "d", "formula": "e"}`,
		`{"bins": 2}`, `{"bins": 4, "window": "a"}`, `{"bins": 6}`, `{"lapse_days": 0}`, `{"lapse_days": 60, "new": "a", "star_percent": 100}`,
		`{"events": ["a"], "window": "b"}`, `{"events": "a"}`, `{"top_percent": 99, "low_percent": 1}`, `{"top_percent": 100}`,
		`{"customer": "a", "formula": "b", "events": 3}`, `{"customer": 1, "formula": "b"}`, `{"from": "a", "to": "b"}`, `{"from": "a"}`,
		`{"layer": "a", "from": "b", "to": "c", "left": "d", "entered": "e", "why": true, "predict": false}`, `{"layer": "a", "why": 1}`,
		`{"formula": "a", "threshold": 0}`, `{"formula": "a", "threshold": 1, "to": ["b"]}`, `{"formula": "a", "sample": 1001}`, `{"formula": "a", "sample": 5}`,
		`{"name": "a"}`, `{"name": "a", "formula": "b", "text": "c"}`, `{"name": 1, "formula": "b"}`, `{"word": "a", "meaning": "b"}`, `{"meaning": "b"}`,
		`{"formula": "a", "format": "csv", "file": "b", "with": ["c"]}`, `{"formula": "a", "format": "xlsx"}`, `{"formula": "a", "tag": "b", "trait": "c"}`,
		`{"campaign": "a", "days": 0}`, `{"campaign": "a", "by": ["b"], "held_out": ["c"], "plain": true}`, `{"lift": 0.1, "power": 0.9, "hold_out": 0.2, "name": "a"}`,
		`{"lift": "a"}`, `{"show": "overlap", "more": 0}`, `{"show": "overlap", "more": 3}`,
		`{"measures": ["a"], "order": "up"}`, `{"measures": ["a"], "group_by": ["a", "b", "c", "d"]}`,
	}
	for _, tool := range all {
		var s jsonschema.Schema
		if err := json.Unmarshal(tool.told.Schema, &s); err != nil {
			t.Fatalf("%s: the schema does not read back: %v", tool.told.Name, err)
		}
		if s.Type != "object" || s.AdditionalProperties == nil {
			t.Errorf("%s: the schema is open: %s", tool.told.Name, tool.told.Schema)
		}
		if tool.told.Name != "describe_data" && !strings.Contains(string(tool.told.Schema), `"description"`) {
			t.Errorf("%s: the arguments are not described", tool.told.Name)
		}
		resolved, err := s.Resolve(&jsonschema.ResolveOptions{})
		if err != nil {
			t.Fatalf("%s: %v", tool.told.Name, err)
		}
		for _, call := range calls {
			var instance any
			if err := json.Unmarshal([]byte(call), &instance); err != nil {
				t.Fatal(err)
			}
			told := resolved.Validate(instance)
			read := decode(tool.told.Name, json.RawMessage(call), makers[tool.told.Name]())
			if (told == nil) != (read == nil) {
				t.Errorf("%s %s: by the schema: %v; by decoding: %v", tool.told.Name, call, told, read)
			}
		}
		if d := tool.told.Description; strings.Count(d, "\n{") != 2 || !strings.Contains(d, "Examples:") {
			t.Errorf("%s: the prompt text has not two examples:\n%s", tool.told.Name, d)
		}
	}
}

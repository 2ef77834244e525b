package render

import (
	"encoding/json"
	"testing"

	"tesela/agent"
	"tesela/agent/model"
	"tesela/agent/wording"
	"tesela/tools"
)

// What a model's words leave out, what was computed, stands under them.
func TestComputed(t *testing.T) {
	lang, err := wording.For("es")
	if err != nil {
		t.Fatal(err)
	}
	call := func(formula string) agent.CallRecord {
		return agent.CallRecord{Tool: "count_segment", Args: json.RawMessage(`{"formula":"` + formula + `"}`), Result: &tools.Result{}}
	}
	used := &agent.Usage{Rounds: 2}
	for name, c := range map[string]struct {
		a    agent.Answer
		want string
	}{
		"the planner's":     {agent.Answer{Status: model.Answered, Text: "3.", Calls: []agent.CallRecord{call("everyone")}}, ""},
		"a model's":         {agent.Answer{Status: model.Answered, Text: "Hay 3.", Usage: used, Calls: []agent.CallRecord{call("everyone"), call("everyone"), call("a = 1")}}, "Fórmula: `everyone`\n\nFórmula: `a = 1`"},
		"said already":      {agent.Answer{Status: model.Answered, Text: "Hay 3.\n\nFórmula: `everyone`", Usage: used, Calls: []agent.CallRecord{call("everyone")}}, ""},
		"asked back":        {agent.Answer{Status: model.Clarify, Usage: used, Calls: []agent.CallRecord{call("everyone")}}, ""},
		"calls that failed": {agent.Answer{Status: model.Answered, Text: "Hay 3.", Usage: used, Calls: []agent.CallRecord{{Tool: "x", Args: json.RawMessage(`{"formula":"y"}`), Error: "no"}}}, ""},
	} {
		if got := Computed(lang, &c.a); got != c.want {
			t.Errorf("%s: %q", name, got)
		}
	}
}

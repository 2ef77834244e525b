package agent

import (
	"context"
	"encoding/json"
	"errors"
	"testing"

	"tesela/agent/model"
	"tesela/tools"
)

func TestChoicesShowWhatTheyComeTo(t *testing.T) {
	reading := func(tool, args string) model.Choice {
		return model.Choice{Label: tool, Question: "q", Call: &model.Call{Name: tool, Args: json.RawMessage(args)}}
	}
	offered := []model.Choice{
		reading("count_segment", `{"formula": "count(order) >= 5"}`),
		reading("measure", `{"measures": ["customers"]}`),
		reading("measure", `{"measures": ["customers"], "per": "month"}`), // a table
		reading("count_segment", `{"formula": "left segment \"a\" within last 1y"}`),
		reading("list_customers", `{"formula": "everyone"}`),
		{Label: "only words", Question: "q"},
	}
	run := func(_ context.Context, _ tools.Caller, tool string, _ json.RawMessage) (*tools.Result, error) {
		if tool == "measure" {
			return nil, errors.New("it broke")
		}
		return counted(), nil
	}
	for _, c := range []struct {
		lang    string
		outside bool
		want    string
		calls   int32
	}{
		{"en", false, "1,115 (25.5%)", 2},
		{"es", false, "1.115 (25,5\u00a0%)", 2},
		{"en", true, "", 0}, // a stranger's calls are not made for an offer
	} {
		b := &box{run: run}
		d := model.Decision{Status: model.Clarify, Choices: offered, Outside: c.outside}
		m := &script{replies: []func(func(model.Delta, error) bool){says(decides(d))}}
		a, seen := ask(t, New(Config{Tools: b, Model: m, Language: c.lang}), "five orders")
		if len(a.Choices) != len(offered) || b.calls.Load() != c.calls || len(a.Calls) != 0 || seen != "" {
			t.Fatalf("%d choices, %d tools called, %d calls told, events %q", len(a.Choices), b.calls.Load(), len(a.Calls), seen)
		}
		for i, o := range a.Choices {
			want := ""
			if i == 0 {
				want = c.want
			}
			if o.Figure != want {
				t.Errorf("%s %d: %q, not %q", c.lang, i, o.Figure, want)
			}
		}
	}
}

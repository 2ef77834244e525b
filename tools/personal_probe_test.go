package tools_test

import (
	"context"
	"errors"
	"testing"

	"tesela/tools"
)

// A model outside may not find addresses out by counting them, letter by
// letter; what the person asks by is theirs to know.
func TestProbes(t *testing.T) {
	ws := shop(t, true)
	for _, c := range []struct {
		question, tool string
		args           map[string]any
		refused        bool
	}{
		{"how many customers are there?", "count_segment", map[string]any{"formula": `email starts with "an"`}, true},
		{"how many customers are there?", "count_segment", map[string]any{"formula": `country = "France" or not (email != "bob@example.com")`}, true},
		{"how many customers are there?", "count_segment", map[string]any{"formula": `email in ("bob@example.com", "x@example.com")`}, true},
		{"how many customers are there?", "measure", map[string]any{"measures": []string{`customers(email contains "bob")`}}, true},
		{"how many customers are there?", "list_customers", map[string]any{"formula": `email ends with "com"`}, true},
		{"who uses example.com?", "count_segment", map[string]any{"formula": `email contains "example.com"`}, false},
		{"who uses example.com?", "count_segment", map[string]any{"formula": `email contains "example.com" and email contains "bob"`}, true},
		{"how many have an address?", "count_segment", map[string]any{"formula": `email is set and country = "Germany"`}, false},
	} {
		_, err := tools.NewBox(ws).Call(context.Background(), tools.Caller{Language: "en", Outside: true, Question: c.question}, c.tool, jsonOf(t, c.args))
		if c.refused != errors.Is(err, tools.ErrPersonal) || !c.refused && err != nil {
			t.Errorf("%s %v: %v", c.tool, c.args, err)
		}
	}
	// Who is within this process asks as they like.
	run(t, ws, tools.Caller{Language: "en"}, "count_segment", map[string]any{"formula": `email starts with "an"`})
}

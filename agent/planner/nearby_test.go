package planner

import (
	"slices"
	"strings"
	"testing"
)

// Questions beside ones that are answered, in which one small thing decides:
// a slip more than is forgiven, a negation over a list.
func TestSmallThingsDecide(t *testing.T) {
	p := planner(t, shop())
	for _, c := range []struct {
		question string
		args     string // of the one call; "" where it is asked back
		unknown  string
	}{
		// One slip in a word of five to eight letters is forgiven, two are not.
		{"how many customers bouht shoes", `{"formula":"count(order where category = \"Shoes\") >= 1"}`, ""},
		{"how many customers bauht shoes", "", "bauht"},
		{"how many clints bought shoes", `{"formula":"count(order where category = \"Shoes\") >= 1"}`, ""},
		{"how many clnts bought shoes", "", "clnts"},

		{"how many customers are not from Germany or France", `{"formula":"country not in (\"Germany\", \"France\")"}`, ""},
		{"how many customers neither from Germany nor France", `{"formula":"country not in (\"Germany\", \"France\")"}`, ""},
		{"how many customers are from Germany or France", `{"formula":"country in (\"Germany\", \"France\")"}`, ""},
		{"how many orders not from shoes and bags", `{"measures":["orders"],"where":"category not in (\"Shoes\", \"Bags\")"}`, ""},
	} {
		o := ask(t, p, nil, c.question)
		if c.args == "" {
			if len(o.calls) > 0 || !slices.Contains(o.decision.Unknown, c.unknown) {
				t.Errorf("%s\n  want %q asked about\n  got  %s", c.question, c.unknown, show(o))
			}
			continue
		}
		if len(o.calls) != 1 || strings.NewReplacer(`\u003e`, ">", `\u003c`, "<").Replace(string(o.calls[0].Args)) != c.args {
			t.Errorf("%s\n  want %s\n  got  %s", c.question, c.args, show(o))
		}
	}
}

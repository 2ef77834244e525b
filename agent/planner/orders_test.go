package planner

import (
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"tesela/agent/model"
	"tesela/tools"
)

// keeping is the shop with two saved segments.
func keeping() *model.Catalogue {
	c := shop()
	c.Segments = []string{"Newsletter readers", "Fãs de 2025"}
	return c
}

// TestOrders holds what changes something to testdata/orders.yaml: turns and
// the one call, or the status with the words that must be named.
func TestOrders(t *testing.T) {
	raw, err := os.ReadFile("testdata/orders.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var cases []question
	if err := yaml.Unmarshal(raw, &cases); err != nil {
		t.Fatal(err)
	}
	p := planner(t, keeping())
	for _, c := range cases {
		var history []model.Message
		var o outcome
		for _, q := range c.Turns {
			o = ask(t, p, history, q)
			history = append(history, model.Message{Role: model.User, Text: q}, model.Message{Role: model.Assistant, Calls: o.calls, Reply: o.decision})
		}
		name := strings.Join(c.Turns, " → ")
		switch {
		case c.Status != "":
			if string(o.decision.Status) != c.Status || len(o.calls) > 0 || len(o.decision.Choices) != c.Choices {
				t.Errorf("%s\n  want %s with %d choices\n  got  %s", name, c.Status, c.Choices, show(o))
				continue
			}
			for _, w := range c.Unknown {
				if !strings.Contains(strings.Join(o.decision.Unknown, "|"), w) {
					t.Errorf("%s\n  want %q named\n  got  %s", name, w, show(o))
				}
			}
		case len(o.calls) != 1 || o.calls[0].Name != c.Tool || !sameJSON(t, string(o.calls[0].Args), c.Args):
			t.Errorf("%s\n  want %s %s\n  got  %s", name, c.Tool, c.Args, show(o))
		}
		if lang := c.On; lang != "" && o.decision.Language != lang {
			t.Errorf("%s: in %s, want %s", name, o.decision.Language, lang)
		}
	}
}

// TestOrdersRoundTrip holds the planner to what it says of what it would
// change: reading that gives the same call.
func TestOrdersRoundTrip(t *testing.T) {
	p := planner(t, keeping())
	names := []string{"Lapsed VIPs", "who bought twice in 2025", "A, B; and C", "export them as csv", "ãé – 100%", "compraram", "como", "segment"}
	readBack(t, p, draws(t, 150, 40), 3, 9, func(r *rand.Rand, i int) (tool string, args any) {
		_, read := randomPlan(r)
		var formula string
		switch a := read.(type) {
		case tools.CountSegmentArgs:
			formula = a.Formula
		case tools.ListCustomersArgs:
			formula = a.Formula
		default:
			return "", nil
		}
		name := names[r.IntN(len(names))]
		switch i % 7 {
		case 6:
			tool, args = "tag_customers", tools.TagCustomersArgs{Formula: formula, Tag: name}
		case 0, 1:
			tool, args = "save_segment", tools.SaveSegmentArgs{Name: name, Formula: formula}
		case 2:
			tool, args = "set_word", tools.SetWordArgs{Word: name, Meaning: formula}
		case 3:
			tool, args = "export_segment", tools.ExportSegmentArgs{Formula: formula, Format: []string{"csv", "json", "markdown"}[r.IntN(3)], With: [][]string{nil, {"city"}, {"email", "country"}, {"signup", "phone", "gender"}}[r.IntN(4)]}
		case 4:
			tool, args = "delete_segment", tools.DeleteSegmentArgs{Name: keeping().Segments[r.IntN(2)]}
		default:
			tool, args = "set_word", tools.SetWordArgs{Word: []string{"GGR", "regulars"}[r.IntN(2)]}
		}
		return tool, args
	})
}

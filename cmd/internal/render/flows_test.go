package render

import (
	"fmt"
	"strings"
	"testing"

	"tesela/agent"
	"tesela/agent/model"
	"tesela/agent/wording"
	"tesela/tools"
)

func flows() *tools.Result {
	return result(&tools.Chart{Type: "sankey", X: "from", Y: "customers", Series: "to"},
		[]tools.Column{{Name: "from", Kind: "text"}, {Name: "to", Kind: "text"}, {Name: "customers", Kind: "count", Unit: "customers"}, {Name: "share", Kind: "rate"}},
		[]any{"new", "active", 40, 0.4}, []any{"new", "new", 60, 0.6}, []any{"active", "active", 80, 0.8}, []any{"active", "churned", 20, 0.2}, []any{"other", "new", 30, nil})
}

// Those who stayed lie on the diagonal; the flows that leave follow, broadest
// first: 34 columns and a gap leave 44 for the bar of 40, 33 for that of 30.
func TestFlows(t *testing.T) {
	draws(t, "a matrix", New(english(t), nil, 80, Plain).Result(flows()), `
From → To   new  active  churned
─────────  ────  ──────  ───────
new        ▓ 60    ▒ 40        —
active        —    █ 80     ░ 20
other      ▒ 30       —        —

From → To         Customers  Share
────────────────  ─────────  ─────
new → active             40  40.0%  ████████████████████████████████████████████
other → new              30      —  █████████████████████████████████
active → churned         20  20.0%  ██████████████████████
`)
	// Where no matrix fits, all flows are listed with their bars, names whole.
	draws(t, "a list", New(english(t), nil, 27, Plain).Result(flows()), `
From → To         Customers
────────────────  ─────────
new → new                60
new → active             40
active → active          80
active → churned         20
other → new              30
`)
}

func groups(n int) *tools.Result {
	r := &tools.Result{Title: "Micro-segments", Units: map[string]string{"revenue": "EUR"}, Fingerprint: "sha256:g"}
	growth := 0.125
	for i := range n {
		r.Segments = append(r.Segments, tools.Segment{
			Name: fmt.Sprintf("Evening stars who buy shoes, %d", i), Formula: "count(order) >= 3", Text: "customers with at least 3 orders", Size: 1000 - 10*i, Share: 0.1,
			Revenue: "1234.50", PerHead: "12.34", Growth: &growth, Apart: []string{"a", "b"},
		})
	}
	return r
}

// A table of segments gives up columns before names; in a narrow window each
// segment has two lines, and the cards follow.
func TestSegmentsInTheWindow(t *testing.T) {
	lang := english(t)
	r := groups(25)
	calls := []wording.Call{{Tool: "x", Args: []byte(`{}`), Result: r}}
	a := &agent.Answer{Status: model.Answered, Language: "en", Text: lang.Answer(calls), Calls: []agent.CallRecord{{Tool: "x", Result: r}}}
	for width, want := range map[int]string{
		40: "Evening stars who buy shoes, 0\n  1,000 · 10.0% · €1,234.50 · €12.34\nEvening stars who buy shoes, 1\n",
		66: "Segment                          Customers    Revenue  Per head\n",
		80: "Segment                          Customers  Share    Revenue  Per head  Growth\n──",
	} {
		got := New(lang, nil, width, Plain).Body(a)
		if !strings.Contains(got, want) {
			t.Errorf("at %d columns:\n%s", width, got[:min(len(got), 900)])
		}
		for line := range strings.Lines(got) {
			if w := Width(strings.TrimSuffix(line, "\n")); w > width {
				t.Errorf("at %d columns a line has %d: %s", width, w, line)
			}
		}
		if n := strings.Count(got, "What sets it apart"); n != wording.CardsShown || !strings.Contains(got, "… and 5 more rows.") || !strings.Contains(got, "22 more groups") {
			t.Errorf("at %d columns: %d cards, or what is not shown is not said", width, n)
		}
	}
}

package wording

import (
	"fmt"
	"strings"
	"testing"

	"tesela/tools"
)

func rate(f float64) *float64 { return &f }

func full(name string) tools.Segment {
	return tools.Segment{
		Name: name, Formula: `lifecycle = "star" and count(order, last 90d) >= 3`, Text: "stars with at least three orders", Size: 1234, Share: 0.0494,
		Stage: "star", Revenue: "170000.50", RevenueShare: rate(0.25), PerHead: "137.76", Growth: rate(-0.125), Precision: rate(0.93), Recall: rate(0.88), Stability: rate(0.91),
		Apart: []string{"twice the orders of others (4.2 against 2.1).", "mostly *evenings*"}, Overlaps: []tools.Overlap{{Name: "VIP", Both: 600, Share: 0.486, Of: 0.75}},
		Action: "Early access", Evidence: "+3.1 points in 2 campaigns", Notes: []string{"small"},
	}
}

func TestCard(t *testing.T) {
	r := &tools.Result{Units: map[string]string{"revenue": "EUR"}, Segments: []tools.Segment{full("Evening stars")}}
	want := "**Evening stars** · 1,234 customers · 4.9% · star  \nstars with at least three orders  \n`lifecycle = \"star\" and count(order, last 90d) >= 3`\n\n" +
		"- Revenue: €170,000.50 (25.0% of all) · Per head: €137.76 · Growth: -12.5%\n" +
		"- What sets it apart: twice the orders of others (4.2 against 2.1); mostly \\*evenings\\*\n" +
		"- Precision of the rule: 93.0% · Recall of the rule: 88.0% · Stability: 0.91\n" +
		"- Overlaps: “VIP” has 600 of these customers: 48.6% of the group, 75.0% of the saved segment\n" +
		"- What to do: **Early access**\n- Evidence: +3.1 points in 2 campaigns\n- small"
	if got := lang(t, "en").Answer([]Call{{Tool: "find_microsegments", Result: r}}); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	es := lang(t, "es").Answer([]Call{{Tool: "find_microsegments", Result: r}})
	if !strings.Contains(es, "1.234 clientes · 4,9\u00a0%") || !strings.Contains(es, "Por cliente: 137,76\u00a0€") {
		t.Errorf("got\n%s", es)
	}
}

// What is not told has no line, and a card of nothing but a name is a line.
func TestCardLeavesOut(t *testing.T) {
	bare := tools.Segment{Name: "All", Formula: "x", Size: 1, Share: 1}
	got := lang(t, "pt").Answer([]Call{{Tool: "x", Result: &tools.Result{Segments: []tools.Segment{bare}}}})
	if got != "- **All**: 1 cliente (100,0%) `x`" {
		t.Errorf("got %q", got)
	}
	bare.Growth = rate(0.1)
	got = lang(t, "en").Answer([]Call{{Tool: "x", Result: &tools.Result{Segments: []tools.Segment{bare}}}})
	if got != "**All** · 1 customer · 100.0%  \n`x`\n\n- Growth: +10.0%" {
		t.Errorf("got %q", got)
	}
}

// A long list is a table and the first cards, and says what it leaves out.
func TestManySegments(t *testing.T) {
	r := &tools.Result{Units: map[string]string{"revenue": "EUR"}}
	for i := range 26 {
		s := full(fmt.Sprintf("Group %d", i))
		s.PerHead = ""
		r.Segments = append(r.Segments, s)
	}
	got := lang(t, "en").Answer([]Call{{Tool: "find_microsegments", Result: r}})
	if !strings.HasPrefix(got, "| Segment | Customers | Share | Revenue | Growth |\n| --- | ---: | ---: | ---: | ---: |\n| Group 0 | 1,234 | 4.9% | €170,000.50 | -12.5% |\n") {
		t.Errorf("got\n%s", got)
	}
	for text, n := range map[string]int{"\n| Group ": TableRows, "**Group ": CardsShown, "… and 6 more rows.": 1, "… and 23 more groups, without their cards here.": 1} {
		if strings.Count(got, text) != n {
			t.Errorf("%q is there %d times, not %d:\n%s", text, strings.Count(got, text), n, got)
		}
	}
}

// Rows that tell the segments already are not told again.
func TestSegmentsInRows(t *testing.T) {
	r := &tools.Result{Columns: []tools.Column{{Name: "segment", Kind: "text"}, {Name: "customers", Kind: "count"}}}
	for i := range 5 {
		s := full(fmt.Sprintf("Group %d", i))
		r.Segments = append(r.Segments, s)
		r.Rows = append(r.Rows, []any{s.Name, s.Size})
	}
	got := lang(t, "en").Answer([]Call{{Tool: "find_microsegments", Result: r}})
	if strings.Count(got, "\n| Group ") != 5 || strings.Count(got, "**Group ") != CardsShown || !strings.Contains(got, "… and 2 more groups") {
		t.Errorf("got\n%s", got)
	}
}

func TestSegmentCurrency(t *testing.T) {
	for _, c := range []struct {
		r    tools.Result
		want string
	}{
		{tools.Result{Units: map[string]string{"size": "customers", "revenue": "GBP", "per_head": "EUR"}}, "GBP"},
		{tools.Result{Columns: []tools.Column{{Name: "n", Kind: "count"}, {Name: "aov", Kind: "money", Unit: "BRL"}}}, "BRL"},
		{tools.Result{Units: map[string]string{"total": "USD", "size": "customers"}}, "USD"},
		{tools.Result{}, ""},
	} {
		if got := SegmentCurrency(&c.r); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

func TestCapital(t *testing.T) {
	for text, want := range map[string]string{"": "", "über": "Über", "\xff\xfe": "\xff\xfe", "ñ": "Ñ", "1a": "1a"} {
		if got := Capital(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
